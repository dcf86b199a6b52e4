"""Many sites in counts: per domain a bar of 100 %, how many stand at each level, and how many moved."""

from collections.abc import Mapping, Sequence
from fractions import Fraction

import altair as alt
import pandas as pd

from progressions.charts.axes import domain_rows, domains_on_phone, ink_colour, level_colour, tooltips
from progressions.charts.colours import text_on
from progressions.charts.figure import Figure, Words, finished
from progressions.charts.labels import in_upper_half
from progressions.charts.layers import inline
from progressions.charts.places import x_at
from progressions.charts.site_axes import Occasion
from progressions.charts.theme import TEXT_SIZE, Inks, Mode, colours_of, inks
from progressions.measures.columns import COUNT, DOMAIN, LEVEL, N_RATINGS
from progressions.measures.findings import PARTNERSHIPS, counted, share
from progressions.measures.kinds import Movement
from progressions.ratings import at_convening
from progressions.rubric import Domain, Rubric, upper_half_from

ROW = 62
"""Pixels of a domain: a line of text over its bar."""
_BAR = 26
_LETTER = 8
"""Pixels of a figure, at most: a count that has no room in its segment is told by tooltip and table."""
_LOW, _HIGH, _INK, _NAME, _TITLE, _SHARE, _OVER = "low", "high", "ink", "name", "title", "share", "over"
_FIGURES = "figures"


def domain_spread(
    counts: pd.DataFrame,
    moves: pd.DataFrame | None,
    rubric: Rubric,
    at: Occasion,
    partnerships: int,
    left_out: str = "",
    *,
    mode: Mode = Mode.LIGHT,
) -> Figure:
    """One bar a domain in the rubric's order, level 1 at the left, the highest at the right, counts in the segments.

    In: ``levels_by_domain``, and ``moves_by_domain`` where there is a ``then``. ``partnerships`` is how many there
    are in the network: those that did not rate a domain are no part of its bar. ``left_out`` says what is not shown.
    """
    ways = {} if moves is None else {str(row[DOMAIN]): row for row in moves.to_dict("records")}
    rows = _rows(counts, ways, rubric, at)
    words = Words(
        title=f"{rubric.title}, all sites: {at.now}",
        finding=_finding(counts, rubric),
        n=f"{counted(partnerships, PARTNERSHIPS)}; n says how many of them rated the domain {at_convening(at.now)}"
        + (f", and how many of these moved up or down since {at.then}" if at.then else "")
        + left_out,
    )
    layers, table = _layers(rows, rubric, inks(mode)), _twin(counts, ways, rubric)
    return finished(layers, words, table, ROW * len(table), mode, domains_on_phone(rubric.domains, ROW))


def _finding(counts: pd.DataFrame, rubric: Rubric) -> str:
    """The domains with the most and the fewest sites in the upper half of the levels: domains, never sites."""
    upper = counts[counts[LEVEL] >= upper_half_from(len(rubric.levels))].groupby(DOMAIN)[COUNT].sum()
    sizes = counts.groupby(DOMAIN)[N_RATINGS].first()
    rated = [d for d in rubric.domains if d.code in sizes.index and sizes[d.code]]
    if not rated:
        return "Nobody has rated at this convening"
    shares = {d.code: Fraction(int(upper[d.code]), int(sizes[d.code])) for d in rated}
    most, fewest = ([d for d in rated if shares[d.code] == end] for end in (max(shares.values()), min(shares.values())))
    told = [_told(equal, int(upper[equal[0].code]), int(sizes[equal[0].code])) for equal in (most, fewest)]
    ends = f"most, {told[0]}; fewest, {told[1]}" if most != fewest else told[0]
    return f"At {in_upper_half(rubric.levels)}: {ends}"


def _told(equal: Sequence[Domain], upper: int, size: int) -> str:
    """For example "6 of 11 (55%) in Shared aim (the same share in 2 others)": the first of them, and how many more."""
    told, more = f"{share(upper, size)} in {equal[0].title}", len(equal) - 1
    return f"{told} (the same share in {more} other{'s' if more > 1 else ''})" if more else told


def _over(n: int, moved: Mapping[str, int] | None, at: Occasion) -> str:
    """For example "n 950: 120 up, 31 down": short, because a phone has 200 pixels for it."""
    if not n:
        return "not rated"
    if moved is None or not at.then:
        return f"n {n:,}"
    return f"n {n:,}: {moved[Movement.UP.value]:,} up, {moved[Movement.DOWN.value]:,} down"


def _rows(counts: pd.DataFrame, ways: Mapping[str, Mapping[str, int]], rubric: Rubric, at: Occasion) -> pd.DataFrame:
    """One row per domain × level with the ends of its segment as shares of the bar."""
    rows = counts.sort_values([DOMAIN, LEVEL], ignore_index=True)
    whole = rows[N_RATINGS].where(rows[N_RATINGS] > 0)
    high = rows.groupby(DOMAIN)[COUNT].cumsum()
    inked = [text_on(fill) for fill in colours_of(len(rubric.levels))]
    return rows.assign(
        **{
            _HIGH: high / whole,
            _LOW: (high - rows[COUNT]) / whole,
            _FIGURES: [len(f"{n:,}") for n in rows[COUNT]],
            _INK: [inked[at - 1] for at in rows[LEVEL]],
            _NAME: [rubric.level(at).label for at in rows[LEVEL]],
            _TITLE: [rubric.domain(code).title for code in rows[DOMAIN]],
            _SHARE: [share(*pair) for pair in zip(rows[COUNT], rows[N_RATINGS], strict=True)],
            _OVER: [_over(n, ways.get(code), at) for code, n in zip(rows[DOMAIN], rows[N_RATINGS], strict=True)],
        }
    )


def _layers(rows: pd.DataFrame, rubric: Rubric, ink: Inks) -> list[alt.Chart]:
    """Only those with something to draw: an empty group of marks is read aloud as a picture without a name."""
    base = alt.Chart(inline(rows)).encode(
        y=domain_rows(rubric.domains, row=ROW),
        tooltip=tooltips({_TITLE: "Domain", _NAME: "Level", _SHARE: "Partnerships", _OVER: "All of them"}),
    )
    percent = alt.Axis(format="%", values=[0, 0.5, 1], grid=False)
    ends = alt.X(f"{_LOW}:Q", title=None, scale=alt.Scale(domain=[0, 1], nice=False), axis=percent)
    rated = base.transform_filter(f"datum.{COUNT} > 0")
    bars = rated.mark_bar(stroke=ink.outline, strokeWidth=1, height=_BAR, yOffset=10)
    numbers = rated.transform_calculate(middle=f"(datum.{_LOW} + datum.{_HIGH}) / 2").mark_text(
        fontSize=TEXT_SIZE,
        fontWeight=600,
        yOffset=10,
        opacity=alt.ExprRef(f"(datum.{_HIGH} - datum.{_LOW}) * width < datum.{_FIGURES} * {_LETTER} + 6 ? 0 : 1"),
    )
    over = base.transform_filter(f"datum.{LEVEL} == {rubric.levels[0].position}").mark_text(
        fontSize=TEXT_SIZE, color=ink.text, align="left", yOffset=-15
    )
    drawn = [
        bars.encode(x=ends, x2=alt.X2(f"{_HIGH}:Q"), color=level_colour(rubric.levels)),
        numbers.encode(x=alt.X("middle:Q"), text=alt.Text(f"{COUNT}:Q", format=","), color=ink_colour(_INK)),
    ]
    told = tooltips({_TITLE: "Domain", _OVER: "All of them"})
    text = over.encode(x=x_at(0), text=alt.Text(f"{_OVER}:N"), tooltip=told)
    return [*drawn, text] if (rows[COUNT] > 0).any() else [text]


def _twin(counts: pd.DataFrame, ways: Mapping[str, Mapping[str, int]], rubric: Rubric) -> pd.DataFrame:
    """One row a domain: a count for each level, level 1 first, how many in all, how many moved which way."""
    wide = counts.pivot(index=DOMAIN, columns=LEVEL, values=COUNT)
    wide = wide.reindex(index=[d.code for d in rubric.domains], columns=[step.position for step in rubric.levels])
    sizes = counts.groupby(DOMAIN)[N_RATINGS].first()
    wide.columns = [step.label for step in rubric.levels]
    wide.insert(0, "Domain", [d.title for d in rubric.domains])
    wide["Partnerships"] = sizes.reindex(wide.index)
    if ways:
        for kind, head in _WAYS.items():
            wide[head] = [int(ways[code][kind.value]) for code in wide.index]
    return wide.reset_index(drop=True)


_WAYS = {
    Movement.UP: "Moved up",
    Movement.SAME: "Stayed",
    Movement.DOWN: "Moved down",
    Movement.FIRST: "Rated for the first time",
    Movement.NOT_COMPARABLE: "New wording",
    Movement.NOT_RATED: "Not rated at one of the two",
}
