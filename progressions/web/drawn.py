"""A finished figure as a page sends it: everything that drawing it again would need, and nothing that it would not."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import pyarrow as pa
from streamlit.dataframe_util import convert_anything_to_arrow_bytes

from progressions.charts.figure import Figure
from progressions.services.pictures import Asked

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True)
class Drawn:
    """``spec`` is the specification with its rows in the bytes in which Streamlit sends them; nobody changes it."""

    asked: Asked
    title: str
    finding: str
    n: str
    table: "pd.DataFrame"
    spec: dict[str, Any]


def drawn(figure: Figure, asked: Asked) -> Drawn:
    """The figure to be kept: a chart's own objects take many times the memory."""
    spec = figure.specification()
    sent = {name: _sent(rows) for name, rows in spec["datasets"].items()}
    names = {name: f"{name}-{sha256(rows).hexdigest()[:16]}" for name, rows in sent.items()}
    layers = [_renamed(layer, names) for layer in spec["layer"]]
    datasets = {names[name]: rows for name, rows in sent.items()}
    whole = {**_renamed(spec, names), "layer": layers, "datasets": datasets}
    return Drawn(asked, figure.title, figure.finding, figure.n, figure.table, whole)


def _sent(rows: Sequence[Mapping[str, Any]]) -> bytes:
    """Streamlit would go by way of a frame, which takes four times as long."""
    return convert_anything_to_arrow_bytes(pa.Table.from_pylist(rows))


def _renamed(part: dict[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    """Rows are named by what they hold: a browser that has a chart with rows of that name need not draw it anew."""
    name = part.get("data", {}).get("name")
    return {**part, "data": {"name": names[name]}} if name in names else part
