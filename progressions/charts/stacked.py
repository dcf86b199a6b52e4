"""How the levels of a population are spread, convening by convening: bars of 100 %, levels in fixed order."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import altair as alt
import pandas as pd

from progressions.charts.axes import convening_columns, ink_colour, level_colour, tooltips
from progressions.charts.colours import text_on
from progressions.charts.figure import Figure, Words, finished
from progressions.charts.labels import by_key, day_key, day_label, earlier_not_shown, in_upper_half, not_shown
from progressions.charts.layers import inline
from progressions.charts.line import NEW_WORDING
from progressions.charts.places import y2_at, y_at
from progressions.charts.theme import LINE_HEIGHT, TEXT_SIZE, Inks, Mode, colours_of, inks
from progressions.measures.chance import fitting_words
from progressions.measures.columns import (
    ALONE_DOMAINS,
    ALONE_RATINGS,
    COUNT,
    HELD_ON,
    LEFT_OUT,
    LEFT_OUT_IN_ALL,
    LEFT_OUT_LEVELS,
    LEFT_OUT_WORDS,
    LEVEL,
    N_PARTNERSHIPS,
    N_RATINGS,
    REWORDED,
    WORDING_BEGINS,
)
from progressions.measures.findings import (
    DOMAINS,
    PARTNERSHIPS,
    RATINGS,
    counted,
    left_out_words,
    share,
    spread_sentence,
)
from progressions.measures.kinds import Population
from progressions.ratings import at_convening
from progressions.rubric import Level, upper_half_from

HEIGHT = 340
THINNEST_TOLD = (TEXT_SIZE + 2) / HEIGHT
"""The least share of a bar that has room for its count; thinner ones are told by tooltip and table."""
_SMALL, _SMALL_FIGURE = 12, 6.7
FIGURE = 8
"""Pixels of a figure of ``TEXT_SIZE``, at most."""
_OVER_THE_BARS = 42
"""Pixels from the top of the bars to the words over their n."""
_LOW, _HIGH, _INK, _NAME, _WHEN, _TELL = "low", "high", "ink", "name", "when", "tell"
_SHARE, _ABOVE, _SIDE, _BACK = "share", "above", "side", "back"


def stacked_levels(
    spread: pd.DataFrame,
    levels: Sequence[Level],
    labels: Mapping[date, str],
    *,
    what: str = "All rubrics",
    population: Population | str = Population.ALL,
    unit: tuple[str, str] = RATINGS,
    gone: int = 0,
    earlier: int = 0,
    mode: Mode = Mode.LIGHT,
) -> Figure:
    """Level 1 at the bottom, the highest on top, counts in the segments, n above each bar.

    In: ``levels_over_time``, its population named again; ``what`` says of what in the title, for example
    "Partnership relationships". A convening without ratings has no bar; a rule stands before one at which words of
    domains begin. ``unit`` is ``PARTNERSHIPS`` where the spread
    is of one domain: each rating is a partnership then, and with few of them the finding says what else would fit.
    ``gone`` is how many ratings of these convenings are of domains that are no more, and no part of the spread;
    ``earlier`` is how many convenings came before these.
    """
    bars = _bars(spread, levels, labels)
    words = Words(
        title=f"{what}: how the {unit[1]} are spread over the levels",
        finding=_finding(bars, levels, unit, Population(population)),
        n=_n(bars, Population(population), gone) + earlier_not_shown(earlier),
    )
    days = by_key(list(spread[HELD_ON]), labels)
    layers = _layers(bars, levels, days, unit, inks(mode))
    return finished(layers, words, _twin(bars, levels, days, unit), HEIGHT, mode)


def _bars(spread: pd.DataFrame, levels: Sequence[Level], labels: Mapping[date, str]) -> pd.DataFrame:
    """One row per convening × level with the ends of its segment as shares of the bar."""
    rows = spread.sort_values([HELD_ON, LEVEL], ignore_index=True)
    high = rows.groupby(HELD_ON)[COUNT].cumsum()
    fills = dict(zip([level.position for level in levels], colours_of(len(levels)), strict=True))
    names = {level.position: level.label for level in levels}
    whole = rows[N_RATINGS].where(rows[N_RATINGS] > 0)
    back = {day: place for place, day in enumerate(reversed(rows[HELD_ON].unique()))}
    return rows.assign(
        **{
            _HIGH: high / whole,
            _LOW: (high - rows[COUNT]) / whole,
            _TELL: rows[COUNT] / whole >= THINNEST_TOLD,
            _INK: [text_on(fills[at]) for at in rows[LEVEL]],
            _NAME: [names[at] for at in rows[LEVEL]],
            _WHEN: [day_label(day, labels) for day in rows[HELD_ON]],
            _SHARE: [share(*pair) for pair in zip(rows[COUNT], rows[N_RATINGS], strict=True)],
            _ABOVE: [f"n\n{n:,}" for n in rows[N_RATINGS]],
            _BACK: [back[day] for day in rows[HELD_ON]],
            _SIDE: ["left" if place < len(rows) / 2 else "right" for place in range(len(rows))],
            HELD_ON: [day_key(day) for day in rows[HELD_ON]],
        }
    )


def _finding(bars: pd.DataFrame, levels: Sequence[Level], unit: tuple[str, str], population: Population) -> str:
    """How many are in the upper half of the levels, at the last convening with ratings and at the first."""
    rated = bars[bars[N_RATINGS] > 0]
    if rated.empty:
        is_same = population is Population.SAME and bars[HELD_ON].nunique() > 1
        why = " can be compared: none was rated at both dates on the same words" if is_same else " at these convenings"
        return f"No {unit[1]}{why}"
    first, latest = (_upper(rated, end, levels) for end in (rated[HELD_ON].iloc[0], rated[HELD_ON].iloc[-1]))
    told = [spread_sentence(f"At {in_upper_half(levels)}", first, latest, unit)]
    told += [*_alone(rated), *_reworded(rated, unit), *_not_rated(bars)]
    fitting = fitting_words(*latest[1:]) if unit == PARTNERSHIPS else ""
    return "; ".join([*told, *([f"{at_convening(latest[0])}, {fitting}"] if fitting else [])])


def _upper(rated: pd.DataFrame, key: str, levels: Sequence[Level]) -> tuple[str, int, int]:
    end = rated[rated[HELD_ON] == key]
    upper = end[end[LEVEL] >= upper_half_from(len(levels))]
    return str(end[_WHEN].iloc[0]), int(upper[COUNT].sum()), int(end[COUNT].sum())


def _alone(rated: pd.DataFrame) -> list[str]:
    """How many of the ratings just told, the later first, are of domains that nobody rated at the other convening."""
    ends = rated.drop_duplicates(HELD_ON).iloc[[-1, 0]].to_dict("records")
    return [
        f"{end[ALONE_RATINGS]:,} of the {end[N_RATINGS]:,} {at_convening(end[_WHEN])} "
        f"{'is' if end[ALONE_RATINGS] == 1 else 'are'} of {counted(end[ALONE_DOMAINS], DOMAINS)} that nobody rated "
        f"{at_convening(other[_WHEN])}"
        for end, other in zip(ends, reversed(ends), strict=True)
        if end[ALONE_RATINGS]
    ]


def _reworded(rated: pd.DataFrame, unit: tuple[str, str]) -> list[str]:
    n = int(rated[REWORDED].iloc[0])
    if not n:
        return []
    told = "the domain was" if unit == PARTNERSHIPS else f"{counted(n, DOMAINS)} {'was' if n == 1 else 'were'}"
    return [f"{told} reworded between and cannot be compared"]


def _not_rated(bars: pd.DataFrame) -> list[str]:
    """The first and the last convening, where they have no rating."""
    ends = bars.iloc[[0, -1]]
    return [f"not rated {at_convening(when)}" for when, n in zip(ends[_WHEN], ends[N_RATINGS], strict=True) if not n]


def _n(bars: pd.DataFrame, population: Population, gone: int) -> str:
    if bars.empty:
        return "0 partnerships"
    days = bars.drop_duplicates(HELD_ON)
    partnerships = counted(int(days[N_PARTNERSHIPS].iloc[-1]), PARTNERSHIPS)
    hidden = not_shown(int(days[LEFT_OUT_LEVELS].sum()), gone)
    if population is Population.ALL:
        return f"All who rated: {partnerships} at the last convening{hidden}"
    if len(days) == 1:
        return f"{partnerships} {at_convening(days[_WHEN].iloc[0])}, the only convening{hidden}"
    words = left_out_words(int(days[N_PARTNERSHIPS].iloc[-1]), int(days[LEFT_OUT_IN_ALL].iloc[-1]))
    return f"{words[0].upper()}{words[1:]}{_left_out(days.iloc[[0, -1]])}{hidden}"


def _left_out(ends: pd.DataFrame) -> str:
    """The ratings at the two dates that are not among the same, and why; those at levels that are no more apart."""
    out = ends[LEFT_OUT] - ends[LEFT_OUT_LEVELS]
    if not out.sum():
        return ""
    told = zip(out, ends[N_RATINGS] + ends[LEFT_OUT], ends[_WHEN], strict=True)
    parts = " and ".join(f"{n:,} of {whole:,} {at_convening(when)}" for n, whole, when in told if whole)
    words = int(ends[LEFT_OUT_WORDS].sum())
    these = " at these levels" if ends[LEFT_OUT_LEVELS].any() else ""
    whys = {f"rated{these} at one of the two alone": int(out.sum()) - words, "on other words": words}
    return f". Of the ratings, {parts} are left out: " + ", ".join(f"{n:,} {why}" for why, n in whys.items() if n)


def _layers(
    bars: pd.DataFrame, levels: Sequence[Level], days: Mapping[str, str], unit: tuple[str, str], ink: Inks
) -> list[alt.Chart]:
    rated = alt.Chart(inline(bars)).transform_filter(f"datum.{N_RATINGS} > 0")
    base = rated.encode(
        x=convening_columns(days), tooltip=tooltips({_WHEN: "Convening", _NAME: "Level", _SHARE: unit[1].capitalize()})
    )
    percent = alt.Axis(format="%", values=[0, 0.5, 1], grid=False)
    ends = alt.Y(f"{_LOW}:Q", title=None, scale=alt.Scale(domain=[0, 1], nice=False), axis=percent)
    middle = f"(datum.{_LOW} + datum.{_HIGH}) / 2"
    whole = [*tooltips({_WHEN: "Convening"}), alt.Tooltip(f"{N_RATINGS}:Q", format=",", title=unit[1].capitalize())]
    over = base.transform_filter(f"datum.{LEVEL} == {levels[0].position}").encode(tooltip=whole)
    return [
        base.transform_filter(f"datum.{COUNT} > 0")
        .mark_bar(stroke=ink.outline, strokeWidth=1)
        .encode(y=ends, y2=alt.Y2(f"{_HIGH}:Q"), color=level_colour(levels)),
        base.transform_filter(f"datum.{_TELL}")
        .transform_calculate(middle=middle)
        .mark_text(
            fontWeight=600, **number_in(f"datum.{COUNT}", len(days), f"{HEIGHT} * (datum.{_HIGH} - datum.{_LOW})")
        )
        .encode(y=alt.Y("middle:Q"), text=alt.Text(f"{COUNT}:Q", format=","), color=ink_colour(_INK)),
        over.mark_text(**_upright(len(days)), color=ink.quiet, lineBreak="\n", yOffset=-4).encode(
            y=y_at(0), text=alt.TextValue(alt.ExprRef(_over(len(days))))
        ),
        *_cuts(over, bars, len(days), ink),
    ]


def _over(bars: int) -> str:
    """How many, over each bar; where two lie closer than a line of text, over the last and back from it."""
    every = f"ceil({_SMALL + 1} / (width / {max(1, bars)}))"
    some = f"(datum.{_BACK} % {every} == 0 ? 'n ' + format(datum.{N_RATINGS}, ',') : '')"
    return f"{_is_tight(bars)} ? {some} : datum.{_ABOVE}"


def _upright(bars: int) -> dict[str, Any]:
    """Text over a bar: from its foot upwards where the bar is narrower than the number."""
    tight = _is_tight(bars)
    return {
        "angle": alt.ExprRef(f"{tight} ? 270 : 0"),
        "align": alt.ExprRef(f"{tight} ? 'left' : 'center'"),
        "baseline": alt.ExprRef(f"{tight} ? 'middle' : 'bottom'"),
        "dy": alt.ExprRef(f"{tight} ? 0 : {-LINE_HEIGHT}"),
        "fontSize": alt.ExprRef(f"{tight} ? {_SMALL} : {TEXT_SIZE}"),
    }


def _is_tight(bars: int) -> str:
    return f"(width / {max(1, bars)} < length(format(datum.{N_RATINGS}, ',')) * {FIGURE} + 4)"


def _cuts(base: alt.Chart, bars: pd.DataFrame, days: int, ink: Inks) -> list[alt.Chart]:
    """A rule before the bar at which words of domains begin, and what it means over the bars.

    Nothing where none do: an empty group of marks is read aloud as a picture without a name.
    """
    begins = bars[bars[WORDING_BEGINS]]
    if begins.empty:
        return []
    cut, before = base.transform_filter(f"datum.{WORDING_BEGINS}"), f"-width / {2 * days}"
    words: dict[str, Any] = {"fontSize": TEXT_SIZE, "color": ink.quiet, "baseline": "bottom", "dy": -_OVER_THE_BARS}
    rule = cut.mark_rule(strokeDash=[5, 4], strokeWidth=2, color=ink.text, xOffset=alt.ExprRef(before))
    return [
        rule.encode(y=y_at(-_OVER_THE_BARS), y2=y2_at(HEIGHT)),
        *(
            cut.transform_filter(f"datum.{_SIDE} == '{side}'")
            .mark_text(**words, align=side, dx=alt.ExprRef(before))
            .encode(y=y_at(0), text=alt.TextValue(NEW_WORDING))
            for side in ("left", "right")
            if side in set(begins[_SIDE])
        ),
    ]


def number_in(number: str, bars: int, tall: str) -> dict[str, Any]:
    """How a number is written in its bar of ``tall`` pixels: lying, smaller, or upright, as there is room.

    It is not seen where there is none: tooltip and table tell it. The symbols of the legend take all of it too: they
    have no number.
    """
    step, figures = f"(width / {max(1, bars)})", f"(isValid({number}) ? length(format({number}, ',')) : 0)"
    is_large = f"{step} >= {figures} * {FIGURE} + 4"
    is_lying = f"{step} >= {figures} * {_SMALL_FIGURE} + 1"
    is_upright = f"{step} >= {_SMALL - 1} && {tall} >= {figures} * {_SMALL_FIGURE} + 4"
    return {
        "fontSize": alt.ExprRef(f"{is_large} ? {TEXT_SIZE} : {_SMALL}"),
        "angle": alt.ExprRef(f"{is_lying} ? 0 : 270"),
        "opacity": alt.ExprRef(f"{is_lying} || {is_upright} ? 1 : 0"),
    }


def _twin(bars: pd.DataFrame, levels: Sequence[Level], days: Mapping[str, str], unit: tuple[str, str]) -> pd.DataFrame:
    """One row a convening: a count for each level, level 1 first, and how many in all."""
    wide = bars.pivot(index=HELD_ON, columns=LEVEL, values=COUNT)
    wide = wide.reindex(index=list(days), columns=[level.position for level in levels])
    sizes = bars.drop_duplicates(HELD_ON).set_index(HELD_ON).reindex(list(days))
    wide.columns = [level.label for level in levels]
    wide.insert(0, "Convening", list(days.values()))
    if unit != PARTNERSHIPS:
        wide[unit[1].capitalize()] = sizes[N_RATINGS]
    if bars[WORDING_BEGINS].any():
        wide["Wording"] = [NEW_WORDING if begins else "" for begins in sizes[WORDING_BEGINS]]
    return wide.assign(Partnerships=sizes[N_PARTNERSHIPS]).reset_index(drop=True)
