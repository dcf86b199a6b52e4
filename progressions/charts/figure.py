"""What every chart comes with: title, finding, alternative text, n, and a table with the same numbers."""

import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Self

import altair as alt
import pandas as pd
from altair import LayerChart
from altair.utils import schemapi

from progressions.charts.labels import cut
from progressions.charts.shared_labels import shared
from progressions.charts.theme import ON_PHONE, ROOM, TEXT_SIZE, TITLE_SIZE, Mode, config

# Altair holds every part of a chart against its schema while it is put together, and the whole again at its end: that
# takes longer than all the rest. The tests of the charts hold every finished specification against it.
schemapi.disable_debug_mode()

PROJECTOR = 1280
"""Pixels of room where nothing says how many there are."""
CHARACTER_WIDTH = 0.54
"""Width of a usual letter as a part of the font size, for breaking lines before anything is drawn."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A finished chart.

    ``chart`` is as wide as its container and carries no title: the page prints ``title`` and ``finding``
    above it as text, which wraps on a phone and is read aloud. Exports print them into the picture. ``table``
    is the table twin with column names for people; ``n`` says how many, and of whom.
    """

    title: str
    finding: str
    alt: str
    n: str
    chart: LayerChart
    table: pd.DataFrame

    def specification(self) -> dict[str, Any]:
        """For Vega-Lite, as wide as its container; the rows stand under ``datasets``, each list of them once, and so
        do the titles that all layers share, under ``params``.
        """
        return shared(self.chart.to_dict(validate=False))

    def sized(self, width: int) -> dict[str, Any]:
        """The same at a width in pixels, with title, finding and n on it."""
        spec = self.specification()
        spec["width"] = width
        spec["params"] = [_room(width) if each["name"] == ROOM else each for each in spec["params"]]
        spec["title"] = {
            "text": _lines(self.title, width, TITLE_SIZE),
            "subtitle": _lines(self.finding, width, TEXT_SIZE + 1) + _lines(self.n, width, TEXT_SIZE + 1),
        }
        return spec


@dataclass(frozen=True, slots=True)
class Words:
    """The sentences of a figure: what is shown, what was found, how many."""

    title: str
    finding: str
    n: str


def finished(
    layers: Sequence[alt.Chart], words: Words, table: pd.DataFrame, height: int, mode: Mode, on_phone: int = 0
) -> Figure:
    """A figure from its bare layers: size, look and alternative text are the same for all of them.

    ``height`` in pixels, ``on_phone`` where that is another one.
    """
    told = f"{words.title}. {words.finding}. {words.n}."
    tall: list[dict[str, Any]] = [{"name": "height", "expr": f"{ON_PHONE} ? {on_phone} : {height}"}] if on_phone else []
    chart = _Layers(  # all at once: each later property would copy every layer
        params=[alt.VariableParameter(**each) for each in (_ROOM, *tall)],
        layer=list(layers),
        width="container",
        height=height,
        description=told,
        autosize=alt.AutoSizeParams(type="fit-x", contains="padding", resize=True),
        config=alt.Config(**config(mode)),
    )
    return Figure(words.title, words.finding, told, words.n, chart, table)


class _Layers(alt.LayerChart):
    """Altair copies a chart before it writes it down, so that it may set its data to a name: each layer would be gone
    through once more as if it were new, which takes as long as all else.
    """

    def copy(self, deep: bool | Iterable[Any] = True, ignore: list[str] | None = None) -> Self:
        if deep is not False:
            return super().copy(deep, ignore)
        same = type(self).__new__(type(self))
        object.__setattr__(same, "_args", self._args)
        object.__setattr__(same, "_kwds", dict(self._kwds))
        return same


_ROOM: dict[str, Any] = {"name": ROOM, "expr": f"width > 0 ? containerSize()[0] || {PROJECTOR} : {PROJECTOR}"}
"""Looked up anew whenever the width changes, as when a phone is turned; where nothing contains the chart, as a picture
has it, ``sized`` says it."""


def _room(width: int) -> dict[str, Any]:
    return {"name": ROOM, "value": width}


def inline(frame: pd.DataFrame) -> alt.InlineData:
    """The rows as values inside the specification: NA as null, days as local midnight.

    Inline, because Altair's limit on rows is a global switch, and these frames are aggregated already. A day
    without a time would be read as UTC and shown as the day before in America.
    """
    records = [{str(key): _plain(value) for key, value in row.items()} for row in frame.to_dict("records")]
    return _Rows(values=records)


class _Rows(alt.InlineData):
    """Rows of plain values. Altair would copy, convert and check each one again for every mark of a chart, which takes
    longer than all the rest together.
    """

    def __deepcopy__(self, _memo: object = None) -> "_Rows":
        return self

    def to_dict(self, *_args: Any, **_kwds: Any) -> dict[str, Any]:
        return {"values": self._kwds["values"]}


def _plain(value: Any) -> Any:
    if pd.api.types.is_scalar(value) and pd.isna(value):
        return None
    if isinstance(value, pd.Timestamp):
        return value.strftime("%Y-%m-%dT%H:%M:%S")
    return value


def _lines(text: str, width: int, size: int) -> list[str]:
    return textwrap.wrap(cut(text), max(20, int(width / (size * CHARACTER_WIDTH)))) if text else []
