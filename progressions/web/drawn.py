"""A finished figure as a page sends it: everything that drawing it again would need, and nothing that it would not."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

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
    rows = {name: convert_anything_to_arrow_bytes(each) for name, each in spec.get("datasets", {}).items()}
    return Drawn(asked, figure.title, figure.finding, figure.n, figure.table, {**spec, "datasets": rows})
