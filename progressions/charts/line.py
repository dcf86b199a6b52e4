"""How one domain moved: a step line on an axis of level names, with its gaps and its cuts."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any, Literal

import altair as alt
import pandas as pd

from progressions.charts import line_told
from progressions.charts.axes import convening_columns, ink_colour, level_colour, level_names, level_rows, tooltips
from progressions.charts.colours import text_on
from progressions.charts.figure import Figure, Words, finished
from progressions.charts.labels import by_key, day_key, day_label, level_name, shown_levels
from progressions.charts.layers import inline
from progressions.charts.places import y_at
from progressions.charts.theme import NOT_RATED, ON_PHONE, TEXT_SIZE, Inks, Mode, colours_of, inks
from progressions.measures.columns import HELD_ON, LEVEL, SEGMENT, WORDING, WORDING_BEGINS
from progressions.measures.findings import CONVENINGS, RatedOnce, counted, line_sentence
from progressions.rubric import Rubric

MOST_NAMED = 12
"""Up to so many convenings each has its own label; beyond, the axis is a calendar."""
_NUMBERED = 26
"""Pixels from one dot to the next with which each has room for the number of its level."""
_EDGE = 16
"""Pixels of a calendar before its first day and after its last."""
LEVEL_HEIGHT = 84
"""Pixels a level: four lines of its name."""
_ON_PHONE = 100
"""Pixels of a level with two lines of its name over it."""
_UNDER_HIGHEST = _ON_PHONE // 2 + 16
"""Pixels from the top of a phone's chart to what is written under the line of the highest level."""
_INK, _NAME, _WHEN = "ink", "name", "when"
SIDE = "side"
NEW_WORDING = "new wording"
_SIDES: Mapping[Literal["left", "right"], int] = {"left": 5, "right": -5}
"""How the words at a cut are aligned, and their distance in pixels from its rule."""


def domain_line(
    line: pd.DataFrame,
    rubric: Rubric,
    domain: str,
    labels: Mapping[date, str],
    *,
    who: str = "",
    mode: Mode = Mode.LIGHT,
) -> Figure:
    """All levels are on the axis, the highest on top; a dot a convening, nothing where not rated.

    In: ``line_of``, or ``told_line`` with what was told of its convenings: a level "knowing what we know now" is a
    hollow dot beside the stored one, a promise a flag where it was made. ``domain`` is a code of the rubric,
    ``labels`` names convenings (a day without a name shows its day). KeyError for a domain that the rubric lacks.
    """
    title = rubric.domain(domain).title
    whole = line_told.whole(line)
    line, hidden = shown_levels(whole, rubric)
    rated = int(whole[LEVEL].notna().sum())
    words = Words(
        title=f"{f'{who}: ' if who else ''}{title}, rating by rating",
        finding=_finding(title, whole, rubric, labels) + line_told.finding(line),
        n=f"Rated at {rated} of {counted(len(line), CONVENINGS)}{hidden}{line_told.key(line, rubric)}",
    )
    layers = _layers(_points(line, rubric, labels), rubric, by_key(list(line[HELD_ON]), labels), inks(mode))
    table = _table(line, rubric, labels).assign(**line_told.columns_of(line, rubric, labels))
    return finished(layers, words, table, LEVEL_HEIGHT * len(rubric.levels), mode, _ON_PHONE * len(rubric.levels))


def _finding(title: str, line: pd.DataFrame, rubric: Rubric, labels: Mapping[date, str]) -> str:
    """Of every rating, drawn or not: a level that is no more was rated on other words, and nothing moved from it."""
    rated = line[line[LEVEL].notna()]
    if rated.empty:
        return line_sentence(title, None, None)
    told = [RatedOnce(level_name(rubric, int(at)), day_label(day, labels)) for day, at in _ends(rated)]
    return line_sentence(title, told[0], told[-1], reworded=rated[WORDING].nunique() > 1)


def _ends(rated: pd.DataFrame) -> list[tuple[pd.Timestamp, int]]:
    ends = rated.iloc[[0, -1]]
    return list(zip(ends[HELD_ON], ends[LEVEL], strict=True))


def _points(line: pd.DataFrame, rubric: Rubric, labels: Mapping[date, str]) -> pd.DataFrame:
    """The line with what a mark needs; the convening stays a day on the calendar axis, else it is a key."""
    fills = colours_of(len(rubric.levels))
    named = len(line) <= MOST_NAMED
    return line_told.marks(line, rubric, labels).assign(
        **{
            HELD_ON: [day_key(day) for day in line[HELD_ON]] if named else line[HELD_ON],
            SIDE: sides(len(line)),
            _WHEN: [day_label(day, labels) for day in line[HELD_ON]],
            _NAME: [NOT_RATED if pd.isna(at) else rubric.level(int(at)).label for at in line[LEVEL]],
            _INK: [None if pd.isna(at) else text_on(fills[int(at) - 1]) for at in line[LEVEL]],
        }
    )


def _layers(points: pd.DataFrame, rubric: Rubric, keys: Mapping[str, str], ink: Inks) -> list[alt.Chart]:
    named = len(points) <= MOST_NAMED
    across = convening_columns(keys, band=False) if named else _calendar()
    base = alt.Chart(inline(points)).encode(x=across)
    tips = tooltips({_WHEN: "Convening", _NAME: "Level"})
    rated = base.transform_filter(f"datum.{LEVEL} != null").encode(y=level_rows(rubric.levels), tooltip=tips)
    has_room = _has_room(points[HELD_ON]) if not named else "true"
    dots = rated.mark_point(filled=True, opacity=1, size=alt.ExprRef(f"{has_room} ? 440 : 120"), stroke=ink.outline)
    numbers = rated.mark_text(fontSize=TEXT_SIZE, fontWeight=600)
    number = alt.TextValue(alt.ExprRef(f"{has_room} ? datum.{LEVEL} : ''"))
    return [
        *cuts(base, set(points.loc[points[WORDING_BEGINS], SIDE]), len(points), ink),
        rated.mark_line(interpolate="step-after", strokeWidth=3, color=ink.accent).encode(
            detail=alt.Detail(f"{SEGMENT}:N")
        ),
        *line_told.looks(base, points, rubric.levels, ink, named=named),
        *level_names(rubric.levels, ink),
        dots.encode(color=level_colour(rubric.levels, legend=False)),
        numbers.encode(text=number, color=ink_colour(_INK)),
        *line_told.flags(base, points, ink, named=named),
    ]


def _has_room(days: "pd.Series[pd.Timestamp]") -> str:
    """Whether the two convenings that lie closest together on a calendar leave their dots room for a number."""
    closest, whole = days.sort_values().diff().min(), days.max() - days.min()
    return f"(width - {2 * _EDGE}) * {closest / whole:.4f} >= {_NUMBERED}"


def sides(columns: int) -> list[str]:
    """For each convening on which side of a cut there is room for its words."""
    return ["left" if place < columns / 2 else "right" for place in range(columns)]


def cuts(
    base: alt.Chart, beside: Collection[str], columns: int, ink: Inks, *, at_foot: bool = False
) -> list[alt.Chart]:
    """A rule where the wording of the domain changed, and what it means: rows with ``wording_begins`` and ``SIDE``.

    ``beside`` has the sides that occur. Nothing where the wording never changed: an empty group of marks is read aloud
    as a picture without a name.
    """
    if not beside:
        return []
    cut = base.transform_filter(f"datum.{WORDING_BEGINS}")
    before, place = f"-width / {2 * columns}", y_at("height" if at_foot else 0)
    top = alt.ExprRef(f"{ON_PHONE} ? {_UNDER_HIGHEST} : 2")  # over it stands its name
    ends: dict[str, Any] = {"baseline": "bottom", "dy": -2} if at_foot else {"baseline": "top", "dy": top}
    words: dict[str, Any] = {**ends, "fontSize": TEXT_SIZE, "color": ink.quiet}
    return [
        cut.mark_rule(strokeDash=[5, 4], strokeWidth=2, color=ink.quiet, xOffset=alt.ExprRef(before)),
        *(
            cut.transform_filter(f"datum.{SIDE} == '{side}'")
            .mark_text(**words, align=side, dx=alt.ExprRef(f"{before} + {gap}"))
            .encode(y=place, text=alt.TextValue(NEW_WORDING))
            for side, gap in _SIDES.items()
            if side in beside
        ),
    ]


def _calendar() -> alt.X:
    return alt.X(
        f"{HELD_ON}:T",
        title=None,
        scale=alt.Scale(padding=_EDGE),
        axis=alt.Axis(format="%b %Y", labelOverlap="greedy", labelSeparation=12, labelFlush=True),
    )


def _table(line: pd.DataFrame, rubric: Rubric, labels: Mapping[date, str]) -> pd.DataFrame:
    names = [NOT_RATED if pd.isna(at) else rubric.level(int(at)).name for at in line[LEVEL]]
    return pd.DataFrame(
        {
            "Convening": [day_label(day, labels) for day in line[HELD_ON]],
            "Level": line[LEVEL].to_numpy(),
            "Level name": pd.Series(names, dtype="str").to_numpy(),
            "Wording": [NEW_WORDING if begins else "" for begins in line[WORDING_BEGINS]],
        }
    ).astype({"Level": "Int8"})
