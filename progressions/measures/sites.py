"""The sites of a network beside one another, for its staff. Never a rank, never a total, never an average.

The unit is the rating of one domain by one partnership at one convening. *Not rated* is NA, and is counted nowhere.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from enum import StrEnum

import pandas as pd

from progressions.measures.columns import (
    COUNT,
    DAY_DTYPE,
    DOMAIN,
    HELD_ON,
    LEVEL,
    LEVEL_NOW,
    LEVEL_OR_GAP,
    LEVEL_THEN,
    MOVEMENT,
    N_RATINGS,
    PARTNERSHIP,
    RUBRIC,
    WORDING,
)
from progressions.measures.frame import of_rubric
from progressions.measures.kinds import Movement
from progressions.measures.lines import heat_tables
from progressions.measures.movement import movement_between
from progressions.measures.numbers import combined, counted_at, counts_at
from progressions.measures.peers import HIGHER, LOWER, SAME

N_REST = "n_rest"
"""int64: partnerships of the rest that are rated on the same wording, the denominator of lower, same and higher."""
COMPARABLE = (Movement.UP.value, Movement.SAME.value, Movement.DOWN.value)
_SITE = [PARTNERSHIP, DOMAIN, LEVEL, LEVEL_THEN, MOVEMENT]
_MOVED = (Movement.UP.value, Movement.DOWN.value)


class SitesBy(StrEnum):
    """What the sites of a table are sorted by. There is none by a total: that would be a rank."""

    TITLE = "title"
    MOVED = "moved"
    """Those that moved in any domain first."""
    LEVEL = "level"
    """By the level of one domain, the highest first."""


def site_levels(frame: pd.DataFrame, rubric: str, now: date, then: date | None = None) -> pd.DataFrame:
    """Where each site stands in each domain of a rubric at one convening, and how it moved there since another.

    Out: ``partnership``, ``domain``, ``level`` (Int8, NA: not rated now), ``level_then`` (Int8), ``movement`` (of
    ``Movement``; "" without ``then``). Levels of later and earlier versions are told as they were rated.

    Measure: The sites side by side
    Tells: where each partnership stands in each domain at one convening, and how it moved there since another
    Population: every domain of a rubric and partnership that was rated at the one convening or the other
    Denominator: none: each level is shown as it was rated
    Not rated: an empty cell, and no movement
    Unit: one domain of one partnership at one convening
    Source: counting; side by side and never a rank (Goldstein & Spiegelhalter 1996)
    """
    own = of_rubric(frame, rubric)
    if then is None:
        rows = own.loc[own[HELD_ON] == pd.Timestamp(now), [PARTNERSHIP, DOMAIN, LEVEL]]
        gap = pd.array([pd.NA] * len(rows), dtype=LEVEL_OR_GAP)
        told = rows.assign(**{LEVEL: rows[LEVEL].astype(LEVEL_OR_GAP), LEVEL_THEN: gap, MOVEMENT: ""})
    else:
        told = movement_between(own, then, now).rename(columns={LEVEL_NOW: LEVEL})
    return told[_SITE].astype({MOVEMENT: "str"}).reset_index(drop=True)


def site_order(
    sites: pd.DataFrame, titles: Mapping[str, str], by: SitesBy = SitesBy.TITLE, domain: str = ""
) -> list[str]:
    """The codes of ``titles`` (code to title) in the reader's order; where two are alike, by title.

    By level: the highest level of ``domain`` first, not rated last. In: ``site_levels``. Sites without a row stay.
    """
    by_title = sorted(titles, key=lambda code: (titles[code].casefold(), code))
    if by is SitesBy.MOVED:
        moved = set(sites.loc[sites[MOVEMENT].isin(_MOVED), PARTNERSHIP])
        return sorted(by_title, key=lambda code: code not in moved)
    if by is SitesBy.LEVEL:
        rated = sites[(sites[DOMAIN] == domain) & sites[LEVEL].notna()]
        levels = dict(zip(rated[PARTNERSHIP], rated[LEVEL].astype("int64"), strict=True))
        return sorted(by_title, key=lambda code: -levels.get(code, 0))
    return by_title


def levels_by_domain(sites: pd.DataFrame, domains: Sequence[str], levels: Sequence[int]) -> pd.DataFrame:
    """How many sites stand at each level of each domain: one row per domain × level, none as 0.

    In: ``site_levels``. Out: ``domain``, ``level``, ``count``, ``n_ratings`` (the denominator).

    Measure: How many sites stand at each level
    Tells: for each domain: how many partnerships stand at each level
    Population: the partnerships of "The sites side by side"
    Denominator: those rated in the domain at one of the rubric's levels
    Not rated: not counted, at no level
    Unit: one partnership in one domain at one convening
    Source: counting at each level, because levels are ordered steps and no amounts (Liddell & Kruschke 2018)
    """
    return counted_at(sites, {DOMAIN: list(domains), LEVEL: list(levels)}, whole=N_RATINGS)


def moves_by_domain(sites: pd.DataFrame, domains: Sequence[str]) -> pd.DataFrame:
    """How many sites moved which way in each domain: one row per domain, one int64 column for each ``Movement``.

    In: ``site_levels`` with a ``then``.

    Measure: How many sites moved which way
    Tells: for each domain: how many partnerships moved up, stayed, moved down, and how many cannot be compared
    Population: the partnerships rated in the domain at either of the two convenings
    Denominator: those rated at both on the same wording; the others have columns of their own
    Not rated: counted apart, and never among those that stayed
    Unit: one partnership in one domain
    Source: counting
    """
    kinds = [kind.value for kind in Movement]
    counts = counts_at(sites, {DOMAIN: list(domains), MOVEMENT: kinds})
    return pd.DataFrame({DOMAIN: pd.array(list(domains), dtype="str"), **dict(zip(kinds, counts.T, strict=True))})


def movers(moved: pd.DataFrame, then: int, now: int) -> pd.DataFrame:
    """Who stands behind one cell of the transition matrix: one row per partnership, rubric and domain.

    In: ``movement_between``, whose columns come out.

    Measure: Who moved from one level to another
    Tells: the partnerships and domains behind one cell of "From which level to which"
    Population: the domains of partnerships that can be compared: rated at both convenings on the same wording
    Denominator: none: each is named
    Not rated: rated at one of the two only: in no cell
    Unit: one domain of one partnership
    Source: counting
    """
    kept = moved[MOVEMENT].isin(COMPARABLE) & (moved[LEVEL_THEN] == then) & (moved[LEVEL_NOW] == now)
    return moved[kept.fillna(False).astype(bool)].reset_index(drop=True)


def sites_over_time(frame: pd.DataFrame, rubric: str, chosen: Sequence[str], days: Sequence[date]) -> pd.DataFrame:
    """The heat tables of a few partnerships, one below the other in the order given.

    Out: ``partnership`` and the columns of ``heat_table``; a partnership has rows from its first rating of the
    rubric to its last.

    Measure: A few sites over time
    Tells: the level of every domain at every convening, for the partnerships that were chosen, one below the other
    Population: the domains of a rubric that each of them ever rated × the convenings from its first rating of the
        rubric to its latest
    Denominator: none: each level is shown as it was rated
    Not rated: an empty cell, never a low level
    Unit: the level of one domain of one partnership at one convening
    Source: counting; side by side and never a rank (Goldstein & Spiegelhalter 1996)
    """
    return heat_tables(frame, rubric, chosen, days)


def rest_over_time(
    frame: pd.DataFrame, rubric: str, chosen: Collection[str], days: Sequence[date], levels: Sequence[int]
) -> pd.DataFrame:
    """How the other partnerships stand: one row per domain × convening × level with any, ``count`` of partnerships.

    Out also: ``domain``, ``held_on``, ``level``, ``n_ratings`` (the denominator of ``count``). A domain that nobody of
    them rated at a convening has no row.

    Measure: The rest of the network over time
    Tells: how many of the other partnerships stood at each level, domain by domain and convening by convening
    Population: every partnership that is not among those chosen
    Denominator: those of them that rated the domain at that convening at one of the rubric's levels
    Not rated: not counted, at no level; where none of them rated, nothing is shown
    Unit: one partnership in one domain at one convening
    Source: counting at each level, because levels are ordered steps and no amounts (Liddell & Kruschke 2018)
    """
    own = of_rubric(frame, rubric)
    axes = {
        DOMAIN: sorted(own[DOMAIN].unique()),
        HELD_ON: pd.DatetimeIndex(sorted(set(days)), dtype=DAY_DTYPE),
        LEVEL: sorted(levels),
    }
    counts = counts_at(own, axes) - counts_at(own[own[PARTNERSHIP].isin(list(chosen))], axes)
    found = combined(counts, axes, whole=N_RATINGS)
    return found[found[COUNT] > 0].reset_index(drop=True)


def last_together(frame: pd.DataFrame, rubric: str, chosen: Sequence[str], days: Sequence[date]) -> date | None:
    """The latest of some days on which two of the chosen partnerships rated one domain on the same wording, if any."""
    is_theirs = frame[PARTNERSHIP].isin(list(chosen)) & (frame[RUBRIC] == rubric)
    rows = frame.loc[is_theirs, [HELD_ON, DOMAIN, WORDING]]
    together = set(rows.loc[rows.duplicated(), HELD_ON])
    return max((day for day in days if pd.Timestamp(day) in together), default=None)


def beside_rest(frame: pd.DataFrame, rubric: str, chosen: Sequence[str], on: date) -> pd.DataFrame:
    """How many of the rest stand lower, the same and higher than each chosen partnership, domain by domain.

    One row per chosen partnership and domain that it rated; out: ``partnership``, ``domain``, ``wording``, ``level``,
    ``lower``, ``same``, ``higher``, ``n_rest`` (the denominator of the three).

    Measure: Each chosen site beside the rest
    Tells: for each domain of a chosen partnership: how many of the others stand lower, at its level and higher
    Population: the partnerships that are not among those chosen and rated the domain at the convening on the same
        wording
    Denominator: all of these, which are the three counts together
    Not rated: one of the others without a rating is not counted; a domain that the chosen one did not rate has no row
    Unit: one partnership in one domain at one convening
    Source: counting; side by side and never a rank (Goldstein & Spiegelhalter 1996)
    """
    wanted = (frame[HELD_ON] == pd.Timestamp(on)) & (frame[RUBRIC] == rubric)
    rows = frame.loc[wanted, [PARTNERSHIP, DOMAIN, WORDING, LEVEL]]
    is_chosen = rows[PARTNERSHIP].isin(list(chosen))
    rest: dict[tuple[str, int], list[tuple[int, int]]] = {}
    for (domain, wording, level), count in rows[~is_chosen].groupby([DOMAIN, WORDING, LEVEL]).size().items():
        rest.setdefault((domain, wording), []).append((level, count))
    mine = rows[is_chosen].sort_values([PARTNERSHIP, DOMAIN], ignore_index=True)
    told = [  # counted by hand: the chosen are few, and each step of pandas takes its time
        _beside(level, rest.get((domain, wording), []))
        for domain, wording, level in mine[[DOMAIN, WORDING, LEVEL]].itertuples(index=False, name=None)
    ]
    counts = pd.DataFrame(told, columns=[LOWER, SAME, HIGHER], dtype="int64")
    return pd.concat([mine, counts], axis=1).assign(**{N_REST: counts.sum(axis=1)})


def _beside(own: int, levels: Sequence[tuple[int, int]]) -> tuple[int, int, int]:
    """How many stand lower, at one's own level and higher, of counts by level."""
    lower, higher = (sum(n for level, n in levels if (level - own) * way > 0) for way in (-1, 1))
    return lower, sum(n for _, n in levels) - lower - higher, higher
