"""How the levels of a population are spread, convening by convening: bars of 100 %, levels in fixed order."""

from collections.abc import Mapping, Sequence
from datetime import date

import altair as alt
import pandas as pd

from progressions.charts.axes import convening_columns, ink_colour, level_colour, tooltips
from progressions.charts.colours import text_on
from progressions.charts.figure import Figure, Words, finished, inline
from progressions.charts.labels import by_key, day_key, day_label
from progressions.charts.theme import TEXT_SIZE, Inks, Mode, colours_of, inks
from progressions.measures.columns import (
    COUNT,
    HELD_ON,
    LEFT_OUT,
    LEFT_OUT_IN_ALL,
    LEVEL,
    N_PARTNERSHIPS,
    N_RATINGS,
)
from progressions.measures.findings import (
    PARTNERSHIPS,
    RATINGS,
    counted,
    left_out_words,
    share,
    spread_sentence,
)
from progressions.measures.kinds import Population
from progressions.rubric import Level

HEIGHT = 340
THINNEST_TOLD = (TEXT_SIZE + 2) / HEIGHT
"""The least share of a bar that has room for its count; thinner ones are told by tooltip and table."""
_LOW, _HIGH, _INK, _NAME, _WHEN, _TELL, _SHARE, _ABOVE = (
    "low",
    "high",
    "ink",
    "name",
    "when",
    "tell",
    "share",
    "above",
)


def stacked_levels(
    spread: pd.DataFrame,
    levels: Sequence[Level],
    labels: Mapping[date, str],
    *,
    what: str = "All rubrics",
    population: Population | str = Population.ALL,
    mode: Mode = Mode.LIGHT,
) -> Figure:
    """Level 1 at the bottom, the highest on top, counts in the segments, n above each bar.

    In: ``levels_over_time``, its population named again; ``what`` says of what in the title, for example
    "Partnership relationships". A convening without ratings has no bar.
    """
    bars = _bars(spread, levels, labels)
    words = Words(
        title=f"{what}: how the ratings are spread over the levels",
        finding=_finding(bars, levels),
        n=_n(spread, Population(population)),
    )
    days = by_key(list(spread[HELD_ON]), labels)
    layers = _layers(bars, levels, days, inks(mode))
    return finished(layers, words, _twin(bars, levels, days), HEIGHT, mode)


def _bars(spread: pd.DataFrame, levels: Sequence[Level], labels: Mapping[date, str]) -> pd.DataFrame:
    """One row per convening × level with the ends of its segment as shares of the bar."""
    rows = spread.sort_values([HELD_ON, LEVEL], ignore_index=True)
    high = rows.groupby(HELD_ON)[COUNT].cumsum()
    fills = dict(zip([level.position for level in levels], colours_of(len(levels)), strict=True))
    names = {level.position: level.label for level in levels}
    whole = rows[N_RATINGS].where(rows[N_RATINGS] > 0)
    return rows.assign(
        **{
            _HIGH: high / whole,
            _LOW: (high - rows[COUNT]) / whole,
            _TELL: rows[COUNT] / whole >= THINNEST_TOLD,
            _INK: [text_on(fills[at]) for at in rows[LEVEL]],
            _NAME: [names[at] for at in rows[LEVEL]],
            _WHEN: [day_label(day, labels) for day in rows[HELD_ON]],
            _SHARE: [share(*pair) for pair in zip(rows[COUNT], rows[N_RATINGS], strict=True)],
            _ABOVE: [f"n\n{n}" for n in rows[N_RATINGS]],
            HELD_ON: [day_key(day) for day in rows[HELD_ON]],
        }
    )


def _finding(bars: pd.DataFrame, levels: Sequence[Level]) -> str:
    """How many are in the upper half of the levels, at the last convening and at the first."""
    if bars.empty:
        return "No ratings at these convenings"
    aim = levels[len(levels) // 2]
    keys = bars[HELD_ON].to_list()
    ends = [bars[bars[HELD_ON] == key] for key in (keys[0], keys[-1])]
    told = [
        (
            str(end[_WHEN].iloc[0]),
            int(end.loc[end[LEVEL] >= aim.position, COUNT].sum()),
            int(end[COUNT].sum()),
        )
        for end in ends
    ]
    above = " or above" if aim.position < levels[-1].position else ""
    return spread_sentence(f"At level {aim.position}{above}", *told)


def _n(spread: pd.DataFrame, population: Population) -> str:
    if spread.empty:
        return "0 partnerships"
    last = spread.sort_values(HELD_ON).iloc[-1]
    partnerships = int(last[N_PARTNERSHIPS])
    if population is Population.SAME:
        words = left_out_words(partnerships, int(last[LEFT_OUT_IN_ALL]))
        return words[0].upper() + words[1:]
    hidden = int(spread.drop_duplicates(HELD_ON)[LEFT_OUT].sum())
    earlier = f"; {counted(hidden, RATINGS)} at levels of an earlier version not shown" if hidden else ""
    return f"All who rated: {counted(partnerships, PARTNERSHIPS)} at the last convening{earlier}"


def _layers(bars: pd.DataFrame, levels: Sequence[Level], days: Mapping[str, str], ink: Inks) -> list[alt.Chart]:
    rated = alt.Chart(inline(bars)).transform_filter(f"datum.{N_RATINGS} > 0")
    base = rated.encode(
        x=convening_columns(days), tooltip=tooltips({_WHEN: "Convening", _NAME: "Level", _SHARE: "Ratings"})
    )
    percent = alt.Axis(format="%", values=[0, 0.5, 1], grid=False)
    ends = alt.Y(f"{_LOW}:Q", title=None, scale=alt.Scale(domain=[0, 1], nice=False), axis=percent)
    middle = f"(datum.{_LOW} + datum.{_HIGH}) / 2"
    return [
        base.transform_filter(f"datum.{COUNT} > 0")
        .mark_bar(stroke=ink.outline, strokeWidth=1)
        .encode(y=ends, y2=f"{_HIGH}:Q", color=level_colour(levels)),
        base.transform_filter(f"datum.{_TELL}")
        .transform_calculate(middle=middle)
        .mark_text(fontSize=TEXT_SIZE, fontWeight=600)
        .encode(y=alt.Y("middle:Q"), text=f"{COUNT}:Q", color=ink_colour(_INK)),
        base.transform_filter(f"datum.{LEVEL} == {levels[0].position}")
        .mark_text(fontSize=TEXT_SIZE, color=ink.quiet, lineBreak="\n", baseline="bottom", dy=-20)
        .encode(y=alt.value(0), text=f"{_ABOVE}:N"),
    ]


def _twin(bars: pd.DataFrame, levels: Sequence[Level], days: Mapping[str, str]) -> pd.DataFrame:
    """One row a convening: a count for each level, level 1 first, and how many in all."""
    wide = bars.pivot(index=HELD_ON, columns=LEVEL, values=COUNT)
    wide = wide.reindex(index=list(days), columns=[level.position for level in levels])
    sizes = bars.drop_duplicates(HELD_ON).set_index(HELD_ON).reindex(list(days))
    wide.columns = [level.label for level in levels]
    wide.insert(0, "Convening", list(days.values()))
    wide = wide.assign(Ratings=sizes[N_RATINGS], Partnerships=sizes[N_PARTNERSHIPS])
    return wide.reset_index(drop=True)
