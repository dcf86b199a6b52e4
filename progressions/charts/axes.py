"""The axes and scales that charts share: every level always, the same order everywhere."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt

from progressions.charts.labels import (
    BLANK_LINE,
    FLAT_WORD,
    LEGEND_LABEL,
    LEGEND_LABEL_LEAST,
    LEGEND_LABEL_NARROW,
    domain_titles,
    level_heads,
    level_lines,
    lines_over,
    lookup,
    row_lines,
    title_over,
    wrapped,
)
from progressions.charts.places import x_at
from progressions.charts.theme import (
    LINE_HEIGHT,
    ON_PHONE,
    PLOT,
    ROOM,
    ROW_HEIGHT,
    TEXT_SIZE,
    TITLE_OVER,
    Inks,
    colours_of,
)
from progressions.measures.columns import DOMAIN, HELD_ON, LEVEL
from progressions.rubric import Domain, Level

FLAT_LABEL = 62
"""Pixels that a convening's label needs to lie flat; below that it is turned."""
TURNED_LABEL = TEXT_SIZE + 4
"""Pixels that a turned label needs; below that every second one is left out, back from the last."""
NAMED_LEVEL = 140
"""Pixels that a level needs to show its name over its column; below that it shows its number."""


_INNER, _OUTER = 0.16, 0.05
"""The parts of a row that are left free between two, and before the first and after the last."""
NARROW = 640
"""Pixels of the plot below which a legend has one column and short lines."""
DOT = 14
"""Pixels that the dot of a line stands over the line of its level."""
LEAST = 260
"""Pixels of the plot below which these lines are as short as can be."""
_AT = "at"


def domain_rows(domains: Sequence[Domain], order: Sequence[str] | None = None, row: int = ROW_HEIGHT) -> alt.Y:
    """One row a domain, in the rubric's order unless another is given; on a phone under its title."""
    return titled_rows(DOMAIN, domain_titles(domains), order, over=row)


def titled_rows(
    field: str,
    titles: Mapping[str, str],
    order: Sequence[str] | None = None,
    headings: Sequence[str] = (),
    over: int = 0,
    *,
    bare: bool = False,
) -> alt.Y:
    """One row a key of ``titles``, from top to bottom in their order unless another is given; ``headings`` are bold.

    ``bare``: the rows of headings have no marks. ``over``: the pixels of a row, whose title stands over it on a phone;
    the figure is as tall there as ``rows_on_phone`` says.
    """
    if over:
        narrow = lines_over(titles, headings if bare else ())
        return _rows_under_titles(field, titles, narrow, order, headings, over)
    lines = row_lines(titles)
    several = [key for key, label in lines.items() if len(label) > 1]
    return alt.Y(
        f"{field}:N",
        title=None,
        scale=alt.Scale(domain=list(order or titles), paddingInner=_INNER, paddingOuter=_OUTER),
        # Vega hangs a label from its first line: those with several are raised to the middle of the row.
        axis=alt.Axis(
            labelExpr=lookup(lines),
            labelBaseline=_where(several, "bottom", "middle"),
            labelFontWeight=_where(headings, "bold", "normal"),
            labelOffset=alt.ExprRef(_raised(lines)),
        ),
    )


def _raised(lines: Mapping[str, Sequence[str]]) -> str:
    """How far a label of more than two lines is raised besides, so that its middle stands in that of its row."""
    more = {key: (2 - len(label)) * LINE_HEIGHT / 2 for key, label in lines.items() if len(label) > 2}
    return f"({json.dumps(more)}[datum.value] || 0)" if more else "0"


def rows_on_phone(titles: Sequence[str], row: int = ROW_HEIGHT) -> int:
    """The pixels of so many rows with their titles over them."""
    return len(titles) * (row + title_over(titles))


def domains_on_phone(domains: Sequence[Domain], row: int = ROW_HEIGHT) -> int:
    """The same of domains."""
    return rows_on_phone([domain.title for domain in domains], row)


def _rows_under_titles(
    field: str,
    titles: Mapping[str, str],
    narrow: Mapping[str, Sequence[str]],
    order: Sequence[str] | None,
    headings: Sequence[str],
    row: int,
) -> alt.Y:
    """Beside its row a title has several lines, over it one or two from edge to edge, cut where it is longer."""
    lines = row_lines(titles)
    several = [key for key, label in lines.items() if len(label) > 1]
    raised = f"{ON_PHONE} || indexof({json.dumps(several)}, datum.value) < 0"
    over = title_over(list(titles.values()))
    tall = row + over
    first_line = -row * (1 - _INNER) / 2 - over + TITLE_OVER / 2
    return alt.Y(
        f"{field}:N",
        title=None,
        scale=alt.Scale(
            domain=list(order or titles),
            paddingInner=alt.ExprRef(f"{ON_PHONE} ? {(_INNER * row + over) / tall} : {_INNER}"),
            # All of it above the first row: there stands its title.
            paddingOuter=alt.ExprRef(f"{ON_PHONE} ? {(_OUTER * row + over / 2) / tall} : {_OUTER}"),
            align=alt.ExprRef(f"{ON_PHONE} ? 1 : 0.5"),
        ),
        axis=alt.Axis(
            labelExpr=f"{ON_PHONE} ? {lookup(narrow)} : {lookup(lines)}",
            labelBaseline={"condition": {"test": raised, "value": "middle"}, "value": "bottom"},
            labelFontWeight=_where(headings, "bold", "normal"),
            labelAlign=alt.ExprRef(f"{ON_PHONE} ? 'left' : 'right'"),
            labelPadding=alt.ExprRef(f"{ON_PHONE} ? 0 : 8"),
            labelLimit=alt.ExprRef(f"{ON_PHONE} ? {ROOM} - 12 : 0"),
            labelOffset=alt.ExprRef(f"{ON_PHONE} ? {first_line} : {_raised(lines)}"),
        ),
    )


def _where(keys: Sequence[str], value: str, otherwise: str) -> dict[str, Any]:
    test = f"indexof({json.dumps(list(keys))}, datum.value) >= 0"
    return {"condition": {"test": test, "value": value}, "value": otherwise}


def level_columns(
    field: str, levels: Sequence[Level], beside: Mapping[str, str] | None = None, grid: bool = False
) -> alt.X:
    """One column a level, the highest at the right; ``beside`` adds columns after it, value to heading."""
    extra = dict(beside or {})
    heads = level_heads(levels)
    narrow = f"{PLOT} / {len(levels) + len(extra)} < {NAMED_LEVEL}"
    tallest = len(next(iter(heads.values())))
    last_line = {key: [BLANK_LINE] * (tallest - 1) + [text] for key, text in extra.items()}
    numbers = {key: key for key in heads}
    return alt.X(
        f"{field}:O",
        title=None,
        scale=alt.Scale(type="band", domain=[*heads, *extra], paddingInner=0.04, paddingOuter=0),
        axis=alt.Axis(
            orient="top",
            grid=grid,
            gridOpacity={
                "condition": {"test": f"indexof({json.dumps(list(extra))}, datum.value) >= 0", "value": 0},
                "value": 1,
            },
            labelAngle=0,
            labelExpr=f"{narrow} ? {lookup(numbers | extra)} : {lookup(heads | last_line)}",
            labelPadding=alt.ExprRef(f"{narrow} ? 8 : {8 + (tallest - 1) * LINE_HEIGHT}"),
        ),
    )


def level_rows(levels: Sequence[Level], field: str = LEVEL) -> alt.Y:
    """An axis of level names, the highest on top; never a measured scale, because steps are not distances.

    On a phone they are written by ``level_names``.
    """
    return alt.Y(
        f"{field}:O",
        title=None,
        scale=alt.Scale(domain=descending(levels), type="point", padding=0.5),
        axis=alt.Axis(
            grid=True,
            labelExpr=f"{ON_PHONE} ? '' : {level_lines(levels)}",
            labelPadding=alt.ExprRef(f"{ON_PHONE} ? 0 : 8"),
        ),
    )


def level_names(levels: Sequence[Level], ink: Inks, over: int = DOT) -> list[alt.Chart]:
    """On a phone, the names over the lines of ``level_rows``, above ``over`` pixels that are left to the marks.

    To be drawn over lines that cross them, which end at their halo. Of levels alone: rows there may be none.
    """
    lines = lines_over({str(level.position): level.label for level in levels})
    names = {position: "\n".join(name) for position, name in lines.items()}
    first_line = TITLE_OVER / 2 - over - title_over([level.label for level in levels])
    told = alt.Chart(alt.sequence(1, len(levels) + 1, as_=_AT)).encode(
        x=x_at(0),
        y=level_rows(levels, _AT),
        text=alt.TextValue(alt.ExprRef(f"{ON_PHONE} ? {json.dumps(names)}[datum.{_AT}] : ''")),
    )
    words: dict[str, Any] = {
        "fontSize": TEXT_SIZE,
        "align": "left",
        "baseline": "middle",
        "lineBreak": "\n",
        "lineHeight": LINE_HEIGHT,
        "dy": first_line,
        "limit": alt.ExprRef(f"{ROOM} - 12"),
        "aria": False,  # as any axis, whose levels are read already
    }
    halo = told.mark_text(**words, stroke=ink.paper, strokeWidth=5, strokeJoin="round")
    return [halo, told.mark_text(**words, color=ink.text)]


def convening_columns(labels: Mapping[str, str], band: bool = True, *, on_top: bool = False) -> alt.X:
    """One column a convening, oldest at the left; ``labels`` maps its value to its text. ``on_top`` of a tall chart."""
    scale = (
        alt.Scale(domain=list(labels), type="band", paddingInner=0.08, paddingOuter=0)
        if band
        else alt.Scale(domain=list(labels), type="point", padding=0.5)
    )
    return alt.X(f"{HELD_ON}:O", title=None, scale=scale, axis=convening_axis(labels, on_top=on_top))


def convening_axis(labels: Mapping[str, str], *, on_top: bool = False) -> alt.Axis:
    """Labels flat on two lines where there is room, otherwise upright on one."""
    step = f"({PLOT} / {max(1, len(labels))})"
    tight = f"{step} < {FLAT_LABEL}"
    lines = {key: wrapped(text, FLAT_WORD) for key, text in labels.items()}
    tallest = max((len(each) for each in lines.values()), default=1)
    above = {key: [BLANK_LINE] * (tallest - len(each)) + each for key, each in lines.items()}
    flat = lookup(above if on_top else lines)
    every = f"ceil({TURNED_LABEL} / {step})"
    back = f"indexof({json.dumps(list(labels)[::-1])}, datum.value)"  # the newest is always named
    turned = f"({back} % {every} == 0 ? {lookup(labels)} : '')"
    align, baseline = ("left", "bottom") if on_top else ("right", "top")
    return alt.Axis(
        orient="top" if on_top else "bottom",
        labelExpr=f"{tight} ? {turned} : {flat}",
        labelAngle=alt.ExprRef(f"{tight} ? -90 : 0"),
        labelAlign=alt.ExprRef(f"{tight} ? '{align}' : 'center'"),
        labelBaseline=alt.ExprRef(f"{tight} ? 'middle' : '{baseline}'"),
        labelPadding=alt.ExprRef(f"{tight} ? 8 : {8 + (tallest - 1) * LINE_HEIGHT}") if on_top else 8,
        labelOverlap=False,
    )


def level_colour(levels: Sequence[Level], legend: bool = True) -> alt.Color:
    """Fill by level, with every level in the legend by number and name, the highest first."""
    colours = colours_of(len(levels))
    return alt.Color(
        f"{LEVEL}:O",
        scale=alt.Scale(domain=descending(levels), range=colours[::-1]),
        legend=level_legend(levels) if legend else None,
    )


def level_legend(levels: Sequence[Level]) -> alt.Legend:
    """Levels by number and name, in two columns where there is room."""
    narrow = f"{PLOT} < {NARROW}"
    least, short, long = (level_lines(levels, at) for at in (LEGEND_LABEL_LEAST, LEGEND_LABEL_NARROW, LEGEND_LABEL))
    return alt.Legend(
        title=None,
        values=descending(levels),
        labelExpr=f"{PLOT} < {LEAST} ? {least} : {narrow} ? {short} : {long}",
        columns=alt.ExprRef(f"{narrow} ? 1 : 2"),
    )


def names_under(field: str, levels: Sequence[Level], columns: int) -> alt.Shape:
    """Circles at levels, and where ``level_columns`` has room for numbers alone, a legend of their names.

    Elsewhere it has one entry without a word: Vega cannot place one without entries.
    """
    order = descending(levels)
    legend = alt.Legend(
        title=None,
        values=alt.ExprRef(f"{PLOT} / {columns} < {NAMED_LEVEL} ? {json.dumps([str(at) for at in order])} : ['']"),
        labelExpr=level_lines(levels, LEGEND_LABEL_NARROW),
        columns=1,
        symbolSize=0,
        symbolStrokeWidth=0,
    )
    scale = alt.Scale(domain=[str(at) for at in order], range=["circle"] * len(order))
    return alt.Shape(f"{field}:N", scale=scale, legend=legend)


def ink_colour(field: str) -> alt.Color:
    """Text in the colour that its row names."""
    return alt.Color(f"{field}:N", scale=None)


def tooltips(titles: Mapping[str, str]) -> list[alt.Tooltip]:
    """Fields told in words, with their titles for people."""
    return [alt.Tooltip(f"{field}:N", title=title) for field, title in titles.items()]


def descending(levels: Sequence[Level]) -> list[int]:
    """Positions from the highest level to level 1: from top to bottom."""
    return [level.position for level in reversed(levels)]
