"""How rows and layers become one chart.

Altair does the same in many times the time: it copies each layer several times, and writes it down once more for a
name made of its contents.
"""

from collections.abc import Iterable, Sequence
from typing import Any, Self

import altair as alt
import pandas as pd

_ROWS = "rows"
"""Begins the names of lists of rows in a specification."""


def inline(frame: pd.DataFrame) -> alt.InlineData:
    """The rows as values inside the specification: NA as null, days as local midnight.

    Inline, because Altair's limit on rows is a global switch, and these frames are aggregated already. A day
    without a time would be read as UTC and shown as the day before in America.
    """
    columns = {str(name): _plain(frame[name]) for name in frame}
    values = [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
    return _Rows(name=_ROWS, values=values)


def layered(layers: Sequence[alt.Chart], params: Sequence[alt.VariableParameter], **properties: Any) -> alt.LayerChart:
    """One chart of layers, over the rows of the first of them that has any of ``inline``; the others keep theirs.

    A selection in a layer becomes one of the whole, as Vega-Lite wants it. ``properties`` are those of the whole.
    """
    data = next((layer.data for layer in layers if isinstance(layer.data, _Rows)), alt.Undefined)
    picks = [pick for place, layer in enumerate(layers) for pick in _selections(layer, place)]
    bare = [_bare(layer, place, data) for place, layer in enumerate(layers)]
    chart = _Layers.__new__(_Layers)
    alt.TopLevelLayerSpec.__init__(chart, data=data, layer=bare, params=[*params, *picks], **properties)
    return chart


def _selections(layer: alt.Chart, place: int) -> list[alt.TopLevelSelectionParameter]:
    params = [] if layer.params is alt.Undefined else layer.params
    return [alt.TopLevelSelectionParameter(**each.to_dict(), views=[_view(place)]) for each in params]


def _view(place: int) -> str:
    return f"view{place}"


def _bare(layer: alt.Chart, place: int, data: Any) -> alt.Chart:
    """The layer without what stands above it."""
    same: alt.Chart = _same(layer)
    if layer.data is data:
        same.data = alt.Undefined
    if layer.params is not alt.Undefined:
        same.params, same.name = alt.Undefined, _view(place)
    return same


def _same(chart: Any) -> Any:
    """Another chart of the same parts."""
    kind: Any = type(chart)
    same = kind.__new__(kind)
    object.__setattr__(same, "_args", chart._args)
    object.__setattr__(same, "_kwds", dict(chart._kwds))
    return same


class _Layers(alt.LayerChart):
    """Altair copies a chart before it writes it down, so that it may set its data to a name: each layer would be gone
    through once more as if it were new.
    """

    def copy(self, deep: bool | Iterable[Any] = True, ignore: list[str] | None = None) -> Self:
        return super().copy(deep, ignore) if deep is not False else _same(self)

    def to_dict(self, *args: Any, **kwds: Any) -> dict[str, Any]:
        return _with_datasets(super().to_dict(*args, **kwds))


class _Rows(alt.InlineData):
    """Rows of plain values. Altair would copy, convert and check each one again for every mark of a chart, which takes
    longer than all the rest together. They have a name, so that it makes none of all their values.
    """

    def __deepcopy__(self, _memo: object = None) -> "_Rows":
        return self

    def to_dict(self, *_args: Any, **_kwds: Any) -> dict[str, Any]:
        return {"name": self._kwds["name"], "values": self._kwds["values"]}


def _with_datasets(spec: dict[str, Any]) -> dict[str, Any]:
    """The specification with its lists of rows under ``datasets``, each once, where Altair has those that it named."""
    found: dict[str, list[dict[str, Any]]] = {}

    def named(part: dict[str, Any]) -> dict[str, Any]:
        if "values" not in part.get("data", ()):
            return part
        values = part["data"]["values"]
        name = next((name for name, known in found.items() if known is values), f"{_ROWS}{len(found)}")
        found[name] = values
        return {**part, "data": {"name": name}}

    whole = named(spec)
    layers = [named(layer) for layer in spec["layer"]]
    return {**whole, "layer": layers, "datasets": {**spec.get("datasets", {}), **found}}


def _plain(column: pd.Series) -> list[Any]:
    """The values as JSON has them."""
    values = column.tolist()
    missing = column.isna()
    if pd.api.types.is_object_dtype(column.dtype) or pd.api.types.is_datetime64_any_dtype(column.dtype):
        values = [_moment(value) for value in values]
    return [None if gone else value for gone, value in zip(missing, values, strict=True)] if missing.any() else values


def _moment(value: Any) -> Any:
    return value.strftime("%Y-%m-%dT%H:%M:%S") if isinstance(value, pd.Timestamp) else value
