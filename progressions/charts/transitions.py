"""Who moved: level then × level now, a count in each cell. Above the diagonal moved up."""

import altair as alt
import pandas as pd

from progressions.charts.axes import descending, ink_colour, level_columns, rows_on_phone, titled_rows, tooltips
from progressions.charts.colours import mixed, text_on
from progressions.charts.figure import Figure, Words, finished
from progressions.charts.heat import PICKED
from progressions.charts.layers import inline
from progressions.charts.site_axes import Occasion
from progressions.charts.theme import ON_PHONE, TEXT_SIZE, Inks, Mode, inks
from progressions.measures.columns import COUNT, LEVEL_NOW, LEVEL_THEN
from progressions.measures.findings import counted
from progressions.rubric import Rubric

HEIGHT = 380
NUMBER_SIZE = 22
CELL = "cell"
"""The field that names a cell: "2-3" for those that went from level 2 to level 3."""
_FILL, _INK, _WAY, _THEN, _NOW, _OF = "fill", "ink", "way", "then", "now", "of"


def transition_matrix(
    matrix: pd.DataFrame,
    rubric: Rubric,
    what: str,
    at: Occasion,
    finding: str,
    unit: tuple[str, str],
    left_out: str = "",
    *,
    mode: Mode = Mode.LIGHT,
) -> Figure:
    """Columns are the level then, rows the level now, the highest at the right and at the top.

    In: ``transitions`` of the rubric's levels. ``what`` is the title of the rubric or the domain, ``unit`` what is
    counted, one and many; ``left_out`` says what is not shown. The selection ``PICKED`` is the cell that was
    clicked.
    """
    ink = inks(mode)
    rows = _rows(matrix, rubric, ink)
    total = int(matrix.to_numpy().sum())
    words = Words(
        title=f"{what}: who moved, {at.then} to {at.now}",
        finding=finding,
        n=f"{counted(total, unit)} at both{left_out}; above the diagonal moved up, on it stayed, below it moved down",
    )
    layers, table = _layers(rows, rubric, at, ink), _twin(matrix, rubric, at)
    on_phone = rows_on_phone(list(_titles(rubric).values()), _row(rubric))
    return finished(layers, words, table, HEIGHT, mode, on_phone)


def _row(rubric: Rubric) -> int:
    return HEIGHT // len(rubric.levels)


def cell_of(then: int, now: int) -> str:
    """The name of a cell."""
    return f"{then}-{now}"


def _rows(matrix: pd.DataFrame, rubric: Rubric, ink: Inks) -> pd.DataFrame:
    """The fullest cell has the colour of all there are; those with fewer are nearer to the paper."""
    most, total = max(1, int(matrix.to_numpy().max(initial=0))), int(matrix.to_numpy().sum())
    rows = []
    for then in rubric.levels:
        for now in rubric.levels:
            count = int(matrix.loc[then.position, now.position])
            fill = mixed(ink.paper, ink.full, (count / most) ** 0.5) if count else ""
            way = "stayed" if then == now else "up" if now.position > then.position else "down"
            rows.append(
                {
                    CELL: cell_of(then.position, now.position),
                    LEVEL_THEN: str(then.position),
                    LEVEL_NOW: str(now.position),
                    COUNT: count,
                    _FILL: fill or None,
                    _INK: text_on(fill) if fill else None,
                    _WAY: way,
                    _THEN: then.label,
                    _NOW: now.label,
                    _OF: f"{count:,} of {total:,}",
                }
            )
    return pd.DataFrame(rows)


def _layers(rows: pd.DataFrame, rubric: Rubric, at: Occasion, ink: Inks) -> list[alt.Chart]:
    across = level_columns(LEVEL_THEN, rubric.levels)
    across["axis"]["title"] = f"Then: {at.then}"
    down = titled_rows(LEVEL_NOW, _titles(rubric), over=_row(rubric))
    down["axis"]["title"] = f"Now: {at.now}"
    down["axis"]["titlePadding"] = alt.ExprRef(f"{ON_PHONE} ? 4 : 12")
    base = alt.Chart(inline(rows)).encode(
        x=across, y=down, tooltip=tooltips({_THEN: "Then", _NOW: "Now", _OF: "How many"})
    )
    some, none = (base.transform_filter(f"datum.{COUNT} {sign} 0") for sign in (">", "=="))
    cells = {
        "none": [
            none.mark_rect(filled=False, stroke=ink.outline, strokeOpacity=0.5, cornerRadius=3),
            none.mark_text(fontSize=TEXT_SIZE, color=ink.quiet).encode(text=alt.Text(f"{COUNT}:Q", format=",")),
        ],
        "some": [
            some.mark_rect(stroke=ink.outline, cornerRadius=3, cursor="pointer").encode(
                fill=alt.Fill(f"{_FILL}:N", scale=None),
                strokeWidth=alt.StrokeWidthValue(1, condition={"test": f"datum.{_WAY} == 'stayed'", "value": 3}),
            ),
            some.mark_text(fontSize=NUMBER_SIZE, fontWeight=600, dy=-8).encode(
                text=alt.Text(f"{COUNT}:Q", format=","), color=ink_colour(_INK)
            ),
            some.mark_text(fontSize=TEXT_SIZE, dy=14).encode(text=alt.Text(f"{_WAY}:N"), color=ink_colour(_INK)),
        ],
    }
    there = {"none": bool((rows[COUNT] == 0).any()), "some": bool((rows[COUNT] > 0).any())}
    ground, *above = [layer for name, layers in cells.items() if there[name] for layer in layers]
    return [ground.add_params(alt.selection_point(PICKED, fields=[CELL])), *above]


def _titles(rubric: Rubric) -> dict[str, str]:
    """A row a level, the highest on top."""
    return {str(step.position): step.label for step in reversed(rubric.levels)}


def _twin(matrix: pd.DataFrame, rubric: Rubric, at: Occasion) -> pd.DataFrame:
    """One row a level now, the highest first; one column a level then."""
    wide = matrix.T.loc[descending(rubric.levels), [step.position for step in rubric.levels]]
    wide.columns = [f"{step.label}, then" for step in rubric.levels]
    wide.insert(0, f"Now: {at.now}", [rubric.level(place).label for place in descending(rubric.levels)])
    return wide.reset_index(drop=True)
