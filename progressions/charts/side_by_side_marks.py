"""How partnerships side by side are laid out: their cells, and bars of the rest with counts in or under them."""

from collections.abc import Mapping
from dataclasses import dataclass

import altair as alt
import pandas as pd

from progressions.charts.axes import convening_columns, ink_colour, level_colour, titled_rows, tooltips
from progressions.charts.gaps import not_rated
from progressions.charts.layers import inline
from progressions.charts.side_by_side_rows import (
    ALL,
    BACK,
    BAR,
    EDGES,
    HIGH,
    INK,
    KEY,
    KIND,
    LOW,
    NAME,
    NEEDS,
    OF,
    SITE,
    TITLE,
    WHEN,
    WHO,
    key_of,
)
from progressions.charts.site_axes import row_height
from progressions.charts.theme import CELL_TEXT_SIZE, TEXT_SIZE, Inks
from progressions.measures.columns import COUNT, HELD_ON, LEVEL, WORDING_BEGINS
from progressions.rubric import Rubric

_BETWEEN = 0.08
"""The part of a convening's column that is left free before the next, as ``convening_columns`` has it."""
_SMALL, _SMALL_FIGURE, _SMALL_POINT = 12, 6.7, 3.6
"""Pixels of a figure and of a point in the line under a bar, where a column has no room for it otherwise."""
_HELD, _APART = 5, 12
"""Pixels from a bar's outer edge to the line that is held there, and between two lines of one row."""
_LIFT, _DROP = 6, 4
"""Pixels that a bar stands above the middle of its row, for the line under it, and below it where there is none."""


def layers_of(
    rows: pd.DataFrame, rubric: Rubric, titles: Mapping[str, str], days: Mapping[str, str], ink: Inks
) -> list[alt.Chart]:
    """Only those with something to draw: an empty group of marks is read aloud as a picture without a name."""
    headings = [key_of(domain.code) for domain in rubric.domains]
    told = {TITLE: "Domain", WHO: "Who", WHEN: "Convening", NAME: "Level", OF: "Of the rest"}
    base = alt.Chart(inline(rows)).encode(
        x=convening_columns(days, on_top=True),
        y=titled_rows(KEY, titles, headings=headings, over=row_height(titles)),
        tooltip=tooltips(told),
    )
    sites = base.transform_filter(f"datum.{KIND} == '{SITE}'")
    columns, height = _Columns.of(rows), row_height(titles)
    drawn = {
        "gaps": not_rated(sites.transform_filter(f"datum.{LEVEL} == null"), ink),
        "levels": _levels(sites.transform_filter(f"datum.{LEVEL} != null"), rubric, columns.room, ink),
        "cuts": [
            sites.transform_filter(f"datum.{WORDING_BEGINS}")
            .mark_tick(orient="vertical", thickness=4, size=height - 8, color=ink.text, opacity=1)
            .encode(x=convening_columns(days, on_top=True).bandPosition(0))
        ],
        "bars": _segments(base.transform_filter(f"datum.{KIND} == '{BAR}'"), rubric, columns, height, ink),
    }
    is_site = rows[KIND] == SITE
    there = {
        "gaps": bool((is_site & rows[LEVEL].isna()).any()),
        "levels": bool((is_site & rows[LEVEL].notna()).any()),
        "cuts": bool(rows.get(WORDING_BEGINS, pd.Series(dtype=bool)).eq(True).any()),
        "bars": bool((~is_site).any()),
    }
    return [layer for name, layers in drawn.items() if there[name] for layer in layers] or drawn["gaps"]


def _levels(base: alt.Chart, rubric: Rubric, column: str, ink: Inks) -> list[alt.Chart]:
    size = alt.ExprRef(f"{column} < 15 ? 12 : {CELL_TEXT_SIZE}")
    cells = base.mark_rect(stroke=ink.outline, strokeWidth=1, cornerRadius=3)
    number = base.mark_text(fontSize=size, fontWeight=600)
    return [
        cells.encode(color=level_colour(rubric.levels)),
        number.encode(text=alt.Text(f"{LEVEL}:N"), color=ink_colour(INK)),
    ]


@dataclass(frozen=True, slots=True)
class _Columns:
    """The columns of convenings: how many, the pixels of the longest line under a bar in small figures, and how wide
    a bar must be for all numbers of every bar.
    """

    count: int
    longest: float
    needs: float

    @classmethod
    def of(cls, rows: pd.DataFrame) -> "_Columns":
        told = rows[ALL].dropna() if ALL in rows else []
        needs = rows[NEEDS].max() if NEEDS in rows else 0.0
        return cls(
            max(1, rows[HELD_ON].nunique()), max(map(_pixels, told), default=0), 0.0 if pd.isna(needs) else needs
        )

    @property
    def room(self) -> str:
        """The pixels of a cell, and of a bar: of what there is between the outer edges of the first and the last."""
        return f"(width * {1 - _BETWEEN} / {self.count - _BETWEEN:.2f})"

    @property
    def lift(self) -> str:
        """How far a bar stands from the middle of its row: up where numbers stand under some, otherwise towards the
        partnerships that it belongs to.
        """
        return f"({self.room} < {self.needs:.1f} ? {-_LIFT} : {_DROP})"

    @property
    def is_tight(self) -> str:
        """Whether a line under a bar is wider than its column: it would stand under several."""
        return f"({self.longest + EDGES:.1f} > width / {self.count})"

    @property
    def is_held(self) -> str:
        """Whether a line is then written all the same, held by a tick at the outer edge of its bar: that of the last,
        and that of the first where both have room. Between them a reader could not tell whose it is.
        """
        both = 2 * (self.longest + _HELD) + _APART
        return f"{self.is_tight} && (datum.{BACK} == 0 || datum.{BACK} == {self.count - 1} && width >= {both:.1f})"

    def inwards(self, pixels: int) -> str:
        """The place so many pixels from the outer edge of the last bar or the first."""
        return f"(datum.{BACK} == 0 ? 1 : -1) * ({self.room} / 2 - {pixels})"


def _pixels(line: str) -> float:
    """What a line under a bar takes in small figures."""
    points = sum(sign in "·," for sign in line)
    return (len(line) - points) * _SMALL_FIGURE + points * _SMALL_POINT


def _segments(base: alt.Chart, rubric: Rubric, columns: _Columns, height: int, ink: Inks) -> list[alt.Chart]:
    """The rest of one convening as a bar within its column; counts in it, or under it where it has no room for all."""
    column = columns.room
    middle = alt.ExprRef(f"{column} * ((datum.{LOW} + datum.{HIGH}) / 2 - 0.5)")
    is_narrow = f"{column} < datum.{NEEDS}"
    thin = alt.ExprRef(f"{column} < 24 ? 0 : 0.75")
    bars = base.mark_rect(
        width=alt.ExprRef(f"{column} * (datum.{HIGH} - datum.{LOW})"),
        xOffset=middle,
        yOffset=alt.ExprRef(columns.lift),
        height=height // 2,
        stroke=ink.outline,
        strokeWidth=thin,
    )
    numbers = base.mark_text(fontSize=TEXT_SIZE, xOffset=middle, yOffset=alt.ExprRef(columns.lift))
    lines = base.transform_filter(f"datum.{ALL} != null").encode(
        tooltip=tooltips({TITLE: "Domain", WHO: "Who", WHEN: "Convening", ALL: "At each level"})
    )
    held = lines.transform_filter(f"datum.{BACK} == 0 || datum.{BACK} == {columns.count - 1}").mark_tick(
        orient="vertical",
        thickness=2,
        size=_LIFT + 8,
        color=ink.text,
        opacity=alt.ExprRef(f"{is_narrow} && {columns.is_held} ? 1 : 0"),
        xOffset=alt.ExprRef(columns.inwards(1)),
        yOffset=height // 4 + 1,
    )
    under = lines.mark_text(
        fontSize=alt.ExprRef(f"{column} < {columns.longest * TEXT_SIZE / _SMALL:.1f} ? {_SMALL} : {TEXT_SIZE}"),
        color=ink.text,
        align=alt.ExprRef(f"{columns.is_tight} ? (datum.{BACK} == 0 ? 'right' : 'left') : 'center'"),
        xOffset=alt.ExprRef(f"{columns.is_tight} ? {columns.inwards(_HELD)} : 0"),
        yOffset=height // 4 + 2,
    )
    # No text, not one that is not seen: it would still take its room, and the chart would have the less.
    inside = f"{is_narrow} ? '' : format(datum.{COUNT}, ',')"
    below = f"{is_narrow} && (!{columns.is_tight} || {columns.is_held}) ? datum.{ALL} : ''"
    return [
        bars.encode(color=level_colour(rubric.levels)),
        numbers.encode(text=alt.TextValue(alt.ExprRef(inside)), color=ink_colour(INK)),
        held,
        under.encode(text=alt.TextValue(alt.ExprRef(below))),
    ]
