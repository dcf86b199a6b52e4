"""The cell of what is not rated: empty and dashed, never a step of the levels, and named under the chart."""

from typing import Any

import altair as alt

from progressions.charts.places import x2_at, x_at
from progressions.charts.theme import CELL_TEXT_SIZE, NOT_RATED, TEXT_SIZE, Inks

DASHED: dict[str, Any] = {"strokeDash": [4, 4], "strokeOpacity": 0.85}
"""An edge that is still seen, three to one, on light and on dark paper."""
_STATE = "state"


def not_rated(base: alt.Chart, ink: Inks, **mark: Any) -> list[alt.Chart]:
    """A dashed outline with a dot for each row; ``mark`` is what else its outline has. The legend names it."""
    rows = base.transform_calculate(**{_STATE: f"'{NOT_RATED}'"})
    edge = alt.Stroke(
        f"{_STATE}:N",
        scale=alt.Scale(domain=[NOT_RATED], range=[ink.outline]),
        legend=alt.Legend(title=None, symbolFillColor="transparent", symbolDash=[3, 3]),
    )
    return [
        rows.mark_rect(filled=False, cornerRadius=3, **DASHED, **mark).encode(stroke=edge),
        base.mark_text(color=ink.quiet, fontSize=CELL_TEXT_SIZE).encode(text=alt.TextValue("·")),
    ]


def told_across(
    rows: alt.Chart, columns: alt.X, words: str, ink: Inks, fill: alt.Color | None = None
) -> list[alt.Chart]:
    """A dashed box over all columns for each row, which says why nothing is in them; the columns keep their heads.

    ``fill`` is what other rows of the figure are filled by: where there are none, its legend is here.
    """
    box = rows.mark_rect(filled=fill is not None, stroke=ink.outline, cornerRadius=4, **DASHED)
    box = box.encode(x=x_at(0), x2=x2_at("width"))
    if fill is not None:
        filled: Any = fill.to_dict()
        box = box.encode(color=alt.ColorValue("transparent", condition={"test": "false", **filled}))
    text = rows.mark_text(fontSize=TEXT_SIZE, fontStyle="italic", color=ink.quiet, align="left", xOffset=10)
    return [box, text.encode(x=columns.bandPosition(0), text=alt.TextValue(words))]
