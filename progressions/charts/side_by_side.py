"""Two to six partnerships side by side: domain by domain over the convenings, under how the rest stand."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import altair as alt
import pandas as pd

from progressions.charts.axes import convening_columns, ink_colour, level_colour, rows_on_phone, titled_rows, tooltips
from progressions.charts.colours import text_on
from progressions.charts.figure import Figure, Words, finished
from progressions.charts.gaps import not_rated
from progressions.charts.labels import by_key, day_key, day_label, level_name, shown_levels
from progressions.charts.layers import inline
from progressions.charts.site_axes import row_height
from progressions.charts.theme import CELL_TEXT_SIZE, TEXT_SIZE, Inks, Mode, colours_of, inks
from progressions.measures.columns import (
    COUNT,
    DAY_DTYPE,
    DOMAIN,
    HELD_ON,
    LEVEL,
    N_RATINGS,
    PARTNERSHIP,
    WORDING,
    WORDING_BEGINS,
)
from progressions.measures.findings import CONVENINGS, DOMAINS, PARTNERSHIPS, beside_sentence, counted, share
from progressions.measures.peers import HIGHER, LOWER, SAME
from progressions.measures.sites import N_REST
from progressions.ratings import at_convening
from progressions.rubric import Domain, Rubric

REST = "The rest"
_BETWEEN = 0.08
"""The part of a convening's column that is left free before the next, as ``convening_columns`` has it."""
_FIGURE, _EDGES = 8, 3
"""Pixels of a figure, and what a number needs beside its figures."""
_SMALL, _SMALL_FIGURE, _SMALL_POINT = 12, 6.7, 3.6
"""Pixels of a figure and of a point in the line under a bar, where a column has no room for it otherwise."""
_LIFT, _DROP = 6, 4
"""Pixels that a bar stands above the middle of its row, for the line under it, and below it where there is none."""
_KEY, _KIND, _INK, _NAME, _TITLE, _WHO, _WHEN = "key", "kind", "ink", "name", "title", "who", "when"
_LOW, _HIGH, _OF, _NEEDS, _ALL, _BACK = "low", "high", "of", "needs", "all", "back"
_SITE, _BAR = "site", "bar"


def side_by_side(
    sites: pd.DataFrame,
    rest: pd.DataFrame,
    beside: pd.DataFrame,
    rubric: Rubric,
    titles: Mapping[str, str],
    labels: Mapping[date, str],
    left_out: str = "",
    *,
    columns: Sequence[date],
    on: date,
    mode: Mode = Mode.LIGHT,
) -> Figure:
    """For each domain a bar of the rest per convening, level 1 at its left, and under it one row a partnership.

    In: ``sites_over_time``, ``rest_over_time``, and ``beside_rest`` of the convening ``on``, for the partnerships of
    ``titles`` (code to title, in order). ``columns`` are the convenings that are shown, at least one: each has its
    column, whoever rated there. ``labels`` names convenings; ``left_out`` says what is not shown of all of them, at
    levels or of domains that are no more.
    """
    held = pd.DatetimeIndex(sorted(set(columns)), dtype=DAY_DTYPE)
    known = _every_cell(shown_levels(sites, rubric)[0], held, rubric, titles)
    days, then = by_key(list(held), labels), pd.Timestamp(on)
    when = day_label(then, labels)
    drawn = [_cells(known, beside, rubric, titles, labels, then), _bars(rest, held, rubric, labels)]
    rows = pd.concat(drawn, ignore_index=True).astype({COUNT: "Int64"})
    words = Words(
        title=f"{rubric.title}: {_listed(list(titles.values()))} side by side",
        finding=_finding(beside, rubric, titles, when, is_last=then == held[-1]),
        n=_n(rest, len(titles), held, rubric) + left_out,
    )
    keys = _row_titles(rubric.domains, titles)
    row, table = row_height(keys), _twin(rows, rubric, titles, days, then)
    layers, on_phone = _layers(rows, rubric, keys, days, inks(mode)), rows_on_phone(list(keys.values()), row)
    return finished(layers, words, table, row * len(keys), mode, on_phone)


def _every_cell(sites: pd.DataFrame, days: pd.DatetimeIndex, rubric: Rubric, titles: Mapping[str, str]) -> pd.DataFrame:
    """A row for each partnership × domain of the rubric × convening, so that what is not rated is seen not to be."""
    cell = [PARTNERSHIP, DOMAIN, HELD_ON]
    domains = pd.array([domain.code for domain in rubric.domains], dtype="str")
    every = pd.MultiIndex.from_product([pd.array(list(titles), dtype="str"), domains, days], names=cell)
    return sites.set_index(cell).reindex(every).reset_index()


def _listed(titles: Sequence[str]) -> str:
    return " and ".join(titles) if 0 < len(titles) <= 2 else counted(len(titles), PARTNERSHIPS)


def _finding(beside: pd.DataFrame, rubric: Rubric, titles: Mapping[str, str], when: str, *, is_last: bool) -> str:
    """In how many domains they stand at one level, and in which furthest apart: about domains, never about a place.

    In: ``beside_rest``. Two levels on other words are not compared. ``is_last`` tells whether ``when`` is the last
    convening of all, which goes without saying.
    """
    known = beside[beside[DOMAIN].isin([d.code for d in rubric.domains]) & (beside[LEVEL] <= len(rubric.levels))]
    gone = [title for code, title in titles.items() if code not in set(beside[PARTNERSHIP])]
    aside = [f"not rated then: {', '.join(gone)}"] if gone else []
    if len(beside) and not beside[N_REST].any():
        aside.append("nobody of the rest rated these domains then on the same words")
    at = when if is_last else f"{when}, the last that two of them rated"
    return "; ".join([f"{at}: {_apart(known, rubric)}", *aside])


def _apart(known: pd.DataFrame, rubric: Rubric) -> str:
    """For example "of 8 domains that two or more of them rated, they stand at one level in 3; furthest apart …"."""
    alike: dict[tuple[str, int], list[int]] = {}
    for domain, wording, level in known[[DOMAIN, WORDING, LEVEL]].itertuples(index=False, name=None):
        alike.setdefault((domain, wording), []).append(level)
    shared: dict[str, tuple[int, int]] = {}
    for (domain, _), levels in sorted(alike.items()):
        if len(levels) > 1:
            shared.setdefault(domain, (min(levels), max(levels)))
    if not shared:
        return "no domain was rated by two of them on the same words"
    steps = {domain: high - low for domain, (low, high) in shared.items()}
    told = f"of {counted(len(shared), DOMAINS)} that two or more of them rated, they stand at one level in "
    told = f"{told}{sum(not apart for apart in steps.values()) or 'none'}"
    most = max(steps.values())
    if not most:
        return told
    furthest = [domain for domain in rubric.domains if steps.get(domain.code) == most]
    (low, high), others = shared[furthest[0].code], len(furthest) - 1
    also = f" (as far in {others} other{'s' if others > 1 else ''})" if others else ""
    return f"{told}; furthest apart in {furthest[0].title}, at levels {low} to {high}{also}"


def _n(rest: pd.DataFrame, chosen: int, days: pd.DatetimeIndex, rubric: Rubric) -> str:
    last = rest[rest[HELD_ON] == days[-1]]
    rated = dict(zip(last[DOMAIN], last[N_RATINGS], strict=True))
    counts = [int(rated.get(domain.code, 0)) for domain in rubric.domains]  # no row: none of the rest rated it
    few, many = min(counts), max(counts)
    sizes = f"{few:,}" if few == many else f"{few:,} to {many:,}, by domain,"
    return (
        f"{counted(chosen, PARTNERSHIPS)}, {len(rubric.domains)} domains, {counted(len(days), CONVENINGS)}. "
        f"Thin bars, the rest: all others who rated, {sizes} at the last; the numbers in them are partnerships at each "
        "level, and where a bar is too narrow they stand under it, level 1 first, or in the table"
    )


def _row_titles(domains: Sequence[Domain], titles: Mapping[str, str]) -> dict[str, str]:
    """The rows by key, from top to bottom: a heading for each domain, which has the bar of the rest, and the sites."""
    keys: dict[str, str] = {}
    for domain in domains:
        keys[_key(domain.code)] = domain.title
        keys.update({_key(domain.code, code): title for code, title in titles.items()})
    return keys


def _key(domain: str, partnership: str = "") -> str:
    """No code begins or ends with a space, so that no two rows have one key."""
    return f"{domain} | {partnership}"


def _cells(
    sites: pd.DataFrame,
    beside: pd.DataFrame,
    rubric: Rubric,
    titles: Mapping[str, str],
    labels: Mapping[date, str],
    then: pd.Timestamp,
) -> pd.DataFrame:
    """One row per partnership × domain × convening; ``then`` with how the rest stand beside it."""
    beside_at = {
        (row[PARTNERSHIP], row[DOMAIN], then): _beside(row[LOWER], row[SAME], row[HIGHER])
        for row in beside.to_dict("records")
    }
    inked = [text_on(fill) for fill in colours_of(len(rubric.levels))]
    levels = [None if pd.isna(at) else int(at) for at in sites[LEVEL]]
    cells = list(zip(sites[PARTNERSHIP], sites[DOMAIN], sites[HELD_ON], strict=True))
    days = _Days.of(sites[HELD_ON], labels)
    told = {
        _KIND: _SITE,
        _KEY: [_key(domain, code) for code, domain, _ in cells],
        _TITLE: [rubric.domain(domain).title for _, domain, _ in cells],
        _WHO: [titles[code] for code, _, _ in cells],
        _WHEN: sites[HELD_ON].map(days.labels),
        _NAME: [level_name(rubric, at) for at in levels],
        _INK: [inked[at - 1] if at else None for at in levels],
        _OF: [beside_at.get(cell, "") if at else "" for at, cell in zip(levels, cells, strict=True)],
        HELD_ON: sites[HELD_ON].map(days.keys),
    }
    return sites.assign(**told)


def _beside(lower: int, same: int, higher: int) -> str:
    """As ``beside_sentence``, where there is anybody of whom to say it."""
    return beside_sentence(lower, same, higher) if lower + same + higher else "nobody on the same words"


@dataclass(frozen=True, slots=True)
class _Days:
    """The days of a column in words and as places on the axis, each made once."""

    labels: Mapping[pd.Timestamp, str]
    keys: Mapping[pd.Timestamp, str]

    @classmethod
    def of(cls, column: pd.Series, labels: Mapping[date, str]) -> "_Days":
        days = list(column.unique())
        return cls({day: day_label(day, labels) for day in days}, {day: day_key(day) for day in days})


def _bars(rest: pd.DataFrame, columns: pd.DatetimeIndex, rubric: Rubric, labels: Mapping[date, str]) -> pd.DataFrame:
    """One row per domain × convening × level that any of the rest holds, with the ends of its segment.

    ``needs`` is how wide the whole bar must be for all its numbers; ``all`` are these numbers, on the first segment.
    Places are rounded far below a pixel: long fractions were a tenth of all that a phone is sent.
    """
    known = rest[rest[DOMAIN].isin([domain.code for domain in rubric.domains])]
    rows = known.sort_values([DOMAIN, HELD_ON, LEVEL], ignore_index=True)
    of = list(zip(rows[DOMAIN], rows[HELD_ON], strict=True))
    counts: dict[tuple[str, pd.Timestamp], dict[int, int]] = {}
    for bar, level, count in zip(of, rows[LEVEL], rows[COUNT], strict=True):
        counts.setdefault(bar, {})[level] = count
    numbers = {bar: "·".join(f"{n.get(step.position, 0):,}" for step in rubric.levels) for bar, n in counts.items()}
    needs = {
        bar: round(max(_needs(n, sum(levels.values())) for n in levels.values()), 1) for bar, levels in counts.items()
    }
    back = {day: place for place, day in enumerate(columns[::-1])}
    high = rows.groupby([DOMAIN, HELD_ON])[COUNT].cumsum()
    days, inked = _Days.of(rows[HELD_ON], labels), [text_on(fill) for fill in colours_of(len(rubric.levels))]
    told = {
        _KIND: _BAR,
        _KEY: [_key(code) for code in rows[DOMAIN]],
        _TITLE: [rubric.domain(code).title for code in rows[DOMAIN]],
        _WHO: REST,
        _WHEN: rows[HELD_ON].map(days.labels),
        _NAME: [rubric.level(at).label for at in rows[LEVEL]],
        _INK: [inked[at - 1] for at in rows[LEVEL]],
        _LOW: ((high - rows[COUNT]) / rows[N_RATINGS]).round(6),
        _HIGH: (high / rows[N_RATINGS]).round(6),
        _OF: [share(*pair) for pair in zip(rows[COUNT], rows[N_RATINGS], strict=True)],
        _BACK: rows[HELD_ON].map(back),
        _NEEDS: [needs[bar] for bar in of],
        _ALL: [numbers.pop(bar, None) for bar in of],  # on the first segment alone
        HELD_ON: rows[HELD_ON].map(days.keys),
    }
    return rows.assign(**told)


def _needs(count: int, whole: int) -> float:
    """How wide a bar must be for this count to fit into its segment."""
    return (len(f"{count:,}") * _FIGURE + _EDGES) * whole / count


def _layers(
    rows: pd.DataFrame, rubric: Rubric, titles: Mapping[str, str], days: Mapping[str, str], ink: Inks
) -> list[alt.Chart]:
    """Only those with something to draw: an empty group of marks is read aloud as a picture without a name."""
    headings = [_key(domain.code) for domain in rubric.domains]
    told = {_TITLE: "Domain", _WHO: "Who", _WHEN: "Convening", _NAME: "Level", _OF: "Of the rest"}
    base = alt.Chart(inline(rows)).encode(
        x=convening_columns(days, on_top=True),
        y=titled_rows(_KEY, titles, headings=headings, over=row_height(titles)),
        tooltip=tooltips(told),
    )
    sites = base.transform_filter(f"datum.{_KIND} == '{_SITE}'")
    columns, height = _Columns.of(rows), row_height(titles)
    drawn = {
        "gaps": not_rated(sites.transform_filter(f"datum.{LEVEL} == null"), ink),
        "levels": _levels(sites.transform_filter(f"datum.{LEVEL} != null"), rubric, columns.room, ink),
        "cuts": [
            sites.transform_filter(f"datum.{WORDING_BEGINS}")
            .mark_tick(orient="vertical", thickness=4, size=height - 8, color=ink.text, opacity=1)
            .encode(x=convening_columns(days, on_top=True).bandPosition(0))
        ],
        "bars": _segments(base.transform_filter(f"datum.{_KIND} == '{_BAR}'"), rubric, columns, height, ink),
    }
    is_site = rows[_KIND] == _SITE
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
        number.encode(text=alt.Text(f"{LEVEL}:N"), color=ink_colour(_INK)),
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
        told = rows[_ALL].dropna() if _ALL in rows else []
        needs = rows[_NEEDS].max() if _NEEDS in rows else 0.0
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
    def every(self) -> str:
        """A line under a bar may be wider than its column: the latest is told, and back from it every so many."""
        return f"ceil({self.longest + _EDGES:.1f} / (width / {self.count}))"

    @property
    def is_told(self) -> str:
        """Whether the line under a bar is written: those before the first bar that has room for it are not."""
        return f"datum.{_BACK} % {self.every} == 0 && datum.{_BACK} + {self.every} <= {self.count}"


def _pixels(line: str) -> float:
    """What a line under a bar takes in small figures."""
    points = sum(sign in "·," for sign in line)
    return (len(line) - points) * _SMALL_FIGURE + points * _SMALL_POINT


def _segments(base: alt.Chart, rubric: Rubric, columns: _Columns, height: int, ink: Inks) -> list[alt.Chart]:
    """The rest of one convening as a bar within its column; counts in it, or under it where it has no room for all."""
    column = columns.room
    middle = alt.ExprRef(f"{column} * ((datum.{_LOW} + datum.{_HIGH}) / 2 - 0.5)")
    is_narrow = f"{column} < datum.{_NEEDS}"
    thin = alt.ExprRef(f"{column} < 24 ? 0 : 0.75")
    bars = base.mark_rect(
        width=alt.ExprRef(f"{column} * (datum.{_HIGH} - datum.{_LOW})"),
        xOffset=middle,
        yOffset=alt.ExprRef(columns.lift),
        height=height // 2,
        stroke=ink.outline,
        strokeWidth=thin,
    )
    numbers = base.mark_text(fontSize=TEXT_SIZE, xOffset=middle, yOffset=alt.ExprRef(columns.lift))
    under = base.transform_filter(f"datum.{_ALL} != null").mark_text(
        fontSize=alt.ExprRef(f"{column} < {columns.longest * TEXT_SIZE / _SMALL:.1f} ? {_SMALL} : {TEXT_SIZE}"),
        color=ink.text,
        align=alt.ExprRef(f"{columns.every} > 1 ? 'right' : 'center'"),
        xOffset=alt.ExprRef(f"{columns.every} > 1 ? {column} / 2 : 0"),
        yOffset=height // 4 + 2,
    )
    # No text, not one that is not seen: it would still take its room, and the chart would have the less.
    inside = f"{is_narrow} ? '' : format(datum.{COUNT}, ',')"
    below = f"{is_narrow} && {columns.is_told} ? datum.{_ALL} : ''"
    return [
        bars.encode(color=level_colour(rubric.levels)),
        numbers.encode(text=alt.TextValue(alt.ExprRef(inside)), color=ink_colour(_INK)),
        under.encode(
            text=alt.TextValue(alt.ExprRef(below)),
            tooltip=tooltips({_TITLE: "Domain", _WHO: "Who", _WHEN: "Convening", _ALL: "At each level"}),
        ),
    ]


def _twin(
    rows: pd.DataFrame, rubric: Rubric, titles: Mapping[str, str], days: Mapping[str, str], then: pd.Timestamp
) -> pd.DataFrame:
    """One row per domain × who, the rest first; one column a convening: levels, and counts of the rest by level.

    And how the rest stand beside each ``then``.
    """
    told_at = day_key(then)
    at: dict[tuple[str, str], tuple[int | None, str]] = {}
    counts: dict[tuple[str, str], list[str]] = {}
    for kind, key, day, level, count, of in rows[[_KIND, _KEY, HELD_ON, LEVEL, COUNT, _OF]].itertuples(index=False):
        if kind == _SITE:
            at[key, day] = (level, of)
        else:
            counts.setdefault((key, day), []).append(f"{int(count)} at {int(level)}")
    told: list[tuple[str, ...]] = []
    for domain in rubric.domains:
        rest = [", ".join(counts.get((_key(domain.code), day), [])) for day in days]
        told.append((domain.title, REST, *rest, ""))
        for code, title in titles.items():
            cells = [at[_key(domain.code, code), day] for day in days]
            levels = [f"{level:.0f}" if pd.notna(level) else "" for level, _ in cells]
            told.append((domain.title, title, *levels, at.get((_key(domain.code, code), told_at), (None, ""))[1]))
    heads = ["Domain", "Partnership", *days.values(), f"Of the rest {at_convening(days.get(told_at, ''))}".strip()]
    return pd.DataFrame(told, columns=heads, dtype="str")
