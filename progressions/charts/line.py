"""How one domain moved: a step line on an axis of level names, with its gaps and its cuts."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Literal

import altair as alt
import pandas as pd

from progressions.charts.axes import convening_columns, ink_colour, level_colour, level_rows, tooltips
from progressions.charts.colours import text_on
from progressions.charts.figure import Figure, Words, finished, inline
from progressions.charts.labels import by_key, day_key, day_label, shown_levels
from progressions.charts.theme import NOT_RATED, TEXT_SIZE, Inks, Mode, colours_of, inks
from progressions.measures.columns import HELD_ON, LEVEL, SEGMENT, WORDING, WORDING_BEGINS
from progressions.measures.findings import CONVENINGS, RatedOnce, counted, line_sentence
from progressions.rubric import Rubric

MOST_NAMED = 12
"""Up to so many convenings each has its own label; beyond, the axis is a calendar."""
LEVEL_HEIGHT = 84
"""Pixels a level: four lines of its name."""
_INK, _NAME, _WHEN, _SIDE = "ink", "name", "when", "side"
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

    In: ``line_of``; ``domain`` is a code of the rubric, ``labels`` names convenings (a day without a name
    shows its day). KeyError for a domain that the rubric does not have.
    """
    title = rubric.domain(domain).title
    line, hidden = shown_levels(line, rubric)
    rated = int(line[LEVEL].notna().sum())
    words = Words(
        title=f"How {title} moved{f' at {who}' if who else ''}",
        finding=_finding(title, line, rubric, labels),
        n=f"Rated at {rated} of {counted(len(line), CONVENINGS)}{hidden}",
    )
    layers = _layers(_points(line, rubric, labels), rubric, by_key(list(line[HELD_ON]), labels), inks(mode))
    return finished(layers, words, _table(line, rubric, labels), LEVEL_HEIGHT * len(rubric.levels), mode)


def _finding(title: str, line: pd.DataFrame, rubric: Rubric, labels: Mapping[date, str]) -> str:
    rated = line[line[LEVEL].notna()]
    if rated.empty:
        return line_sentence(title, None, None)
    told = [RatedOnce(rubric.level(int(at)).label, day_label(day, labels)) for day, at in _ends(rated)]
    return line_sentence(title, told[0], told[-1], reworded=rated[WORDING].nunique() > 1)


def _ends(rated: pd.DataFrame) -> list[tuple[pd.Timestamp, int]]:
    ends = rated.iloc[[0, -1]]
    return list(zip(ends[HELD_ON], ends[LEVEL], strict=True))


def _points(line: pd.DataFrame, rubric: Rubric, labels: Mapping[date, str]) -> pd.DataFrame:
    """The line with what a mark needs; the convening stays a day on the calendar axis, else it is a key."""
    fills = colours_of(len(rubric.levels))
    named = len(line) <= MOST_NAMED
    return line.assign(
        **{
            HELD_ON: [day_key(day) for day in line[HELD_ON]] if named else line[HELD_ON],
            _SIDE: ["left" if place < len(line) / 2 else "right" for place in range(len(line))],
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
    dots = rated.mark_point(filled=True, opacity=1, size=440 if named else 120, stroke=ink.outline)
    numbers = rated.mark_text(fontSize=TEXT_SIZE, fontWeight=600)
    return [
        *_cuts(base, len(points), ink),
        rated.mark_line(interpolate="step-after", strokeWidth=3, color=ink.accent).encode(detail=f"{SEGMENT}:N"),
        dots.encode(color=level_colour(rubric.levels, legend=False)),
        *([numbers.encode(text=f"{LEVEL}:N", color=ink_colour(_INK))] if named else []),
    ]


def _cuts(base: alt.Chart, convenings: int, ink: Inks) -> list[alt.Chart]:
    """A rule where the wording of the domain changed, and what it means."""
    cut = base.transform_filter(f"datum.{WORDING_BEGINS}")
    before = f"-width / {2 * max(1, convenings)}"
    words: dict[str, Any] = {"baseline": "top", "fontSize": TEXT_SIZE, "color": ink.quiet, "dy": 2}
    return [
        cut.mark_rule(strokeDash=[5, 4], strokeWidth=2, color=ink.quiet, xOffset=alt.ExprRef(before)),
        *(
            cut.transform_filter(f"datum.{_SIDE} == '{side}'")
            .mark_text(**words, align=side, dx=alt.ExprRef(f"{before} + {gap}"))
            .encode(y=alt.value(0), text=alt.value("new wording"))
            for side, gap in _SIDES.items()
        ),
    ]


def _calendar() -> alt.X:
    return alt.X(
        f"{HELD_ON}:T",
        title=None,
        scale=alt.Scale(padding=16),
        axis=alt.Axis(format="%b %Y", labelOverlap="greedy", labelSeparation=12, labelFlush=True),
    )


def _table(line: pd.DataFrame, rubric: Rubric, labels: Mapping[date, str]) -> pd.DataFrame:
    names = [NOT_RATED if pd.isna(at) else rubric.level(int(at)).name for at in line[LEVEL]]
    return pd.DataFrame(
        {
            "Convening": [day_label(day, labels) for day in line[HELD_ON]],
            "Level": line[LEVEL].to_numpy(),
            "Level name": pd.Series(names, dtype="str").to_numpy(),
            "Wording": ["new wording" if begins else "" for begins in line[WORDING_BEGINS]],
        }
    ).astype({"Level": "Int8"})
