"""Two to six partnerships side by side: domain by domain over the convenings, under how the rest stand."""

from collections.abc import Mapping, Sequence
from datetime import date

import pandas as pd

from progressions.charts.axes import rows_on_phone
from progressions.charts.figure import Figure, Words, finished
from progressions.charts.labels import by_key, day_key, day_label, shown_levels
from progressions.charts.side_by_side_marks import layers_of
from progressions.charts.side_by_side_rows import (
    KEY,
    KIND,
    OF,
    REST,
    SITE,
    bar_rows,
    every_cell,
    key_of,
    row_titles,
    site_rows,
)
from progressions.charts.site_axes import row_height
from progressions.charts.theme import CUT_TOLD, Mode, inks
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
from progressions.measures.findings import CONVENINGS, DOMAINS, PARTNERSHIPS, counted
from progressions.measures.sites import N_REST
from progressions.ratings import at_convening
from progressions.rubric import Rubric


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
    known = every_cell(shown_levels(sites, rubric)[0], held, rubric, titles)
    days, then = by_key(list(held), labels), pd.Timestamp(on)
    when = day_label(then, labels)
    drawn = [site_rows(known, beside, rubric, titles, labels, then), bar_rows(rest, held, rubric, labels)]
    rows = pd.concat(drawn, ignore_index=True).astype({COUNT: "Int64"})
    cut = CUT_TOLD if known[WORDING_BEGINS].eq(True).any() else ""
    words = Words(
        title=f"{rubric.title}: {_listed(list(titles.values()))} side by side",
        finding=_finding(beside, rubric, titles, when, is_last=then == held[-1]),
        n=_n(rest, len(titles), held, rubric, cut) + left_out,
    )
    keys = row_titles(rubric.domains, titles)
    row, table = row_height(keys), _twin(rows, rubric, titles, days, then)
    layers, on_phone = layers_of(rows, rubric, keys, days, inks(mode)), rows_on_phone(list(keys.values()), row)
    return finished(layers, words, table, row * len(keys), mode, on_phone)


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


def _n(rest: pd.DataFrame, chosen: int, days: pd.DatetimeIndex, rubric: Rubric, cut: str) -> str:
    last = rest[rest[HELD_ON] == days[-1]]
    rated = dict(zip(last[DOMAIN], last[N_RATINGS], strict=True))
    counts = [int(rated.get(domain.code, 0)) for domain in rubric.domains]  # no row: none of the rest rated it
    few, many = min(counts), max(counts)
    sizes = f"{few:,}" if few == many else f"{few:,} to {many:,}, by domain,"
    return (
        f"{counted(chosen, PARTNERSHIPS)}, {len(rubric.domains)} domains, {counted(len(days), CONVENINGS)}{cut}. "
        f"Thin bars, the rest: all others who rated, {sizes} at the last; the numbers in them or under them are "
        "partnerships at each level, level 1 first, and where bars are too narrow those of the first and the last "
        "alone, each at a tick: the others are in the table"
    )


def _twin(
    rows: pd.DataFrame, rubric: Rubric, titles: Mapping[str, str], days: Mapping[str, str], then: pd.Timestamp
) -> pd.DataFrame:
    """One row per domain × who, the rest first; one column a convening: levels, and counts of the rest by level.

    And how the rest stand beside each ``then``.
    """
    told_at = day_key(then)
    at: dict[tuple[str, str], tuple[int | None, str]] = {}
    counts: dict[tuple[str, str], list[str]] = {}
    for kind, key, day, level, count, of in rows[[KIND, KEY, HELD_ON, LEVEL, COUNT, OF]].itertuples(index=False):
        if kind == SITE:
            at[key, day] = (level, of)
        else:
            counts.setdefault((key, day), []).append(f"{int(count)} at {int(level)}")
    told: list[tuple[str, ...]] = []
    for domain in rubric.domains:
        rest = [", ".join(counts.get((key_of(domain.code), day), [])) for day in days]
        told.append((domain.title, REST, *rest, ""))
        for code, title in titles.items():
            cells = [at[key_of(domain.code, code), day] for day in days]
            levels = [f"{level:.0f}" if pd.notna(level) else "" for level, _ in cells]
            told.append((domain.title, title, *levels, at.get((key_of(domain.code, code), told_at), (None, ""))[1]))
    heads = ["Domain", "Partnership", *days.values(), f"Of the rest {at_convening(days.get(told_at, ''))}".strip()]
    return pd.DataFrame(told, columns=heads, dtype="str")
