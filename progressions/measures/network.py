"""The network as a whole: counts per level, who has rated, never an average. *Not rated* is never counted."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date

import numpy as np
import numpy.typing as npt
import pandas as pd

from progressions.measures.columns import (
    ALONE_DOMAINS,
    ALONE_RATINGS,
    COUNT,
    DAY_DTYPE,
    DOMAIN,
    HELD_ON,
    LEFT_OUT,
    LEFT_OUT_IN_ALL,
    LEFT_OUT_LEVELS,
    LEFT_OUT_PARTNERSHIPS,
    LEFT_OUT_WORDS,
    LEVEL,
    N_PARTNERSHIPS,
    N_RATINGS,
    PAIR,
    PARTNERSHIP,
    RATED,
    REWORDED,
    RUBRIC,
    STATE,
    TOTAL,
    WORDING,
    WORDING_BEGINS,
)
from progressions.measures.frame import where
from progressions.measures.kinds import Coverage, Population
from progressions.measures.numbers import counted_at, counts_at, numbered, places_among

_PAIR = [PARTNERSHIP, DOMAIN]
Asked = Mapping[str, Collection[str]]
"""Codes of the domains to be rated, by code of their rubric."""


def levels_over_time(
    frame: pd.DataFrame,
    rubric: str | None,
    domain: str | None,
    dates: Sequence[date],
    levels: Sequence[int],
    population: Population | str = Population.ALL,
) -> pd.DataFrame:
    """How many ratings stand at each level at each date: one row per date × level, empty levels as 0.

    ``rubric`` and ``domain`` None mean all of them. Out: ``held_on``, ``level``, ``count``, ``n_ratings``,
    ``n_partnerships``, ``left_out``, ``left_out_levels``, ``left_out_words``, ``left_out_partnerships``,
    ``alone_domains``, ``alone_ratings`` and ``wording_begins`` (of the date, repeated on its rows: a domain has words
    that it had at none of the dates before), and ``left_out_in_all`` and ``reworded`` (of all dates).
    *Same* keeps pairs of partnership and domain rated at the first and the last of ``dates`` on the same wording, and
    of these the ratings on that wording. A
    rating at a level that is not among ``levels`` (an earlier version may have had more) is among those left out.

    Measure: The levels of a network over time
    Tells: how many ratings stand at each level at each convening
    Population: all who rated at each convening, or the same sites: domains of partnerships that were rated at the first
        and at the last date on the same wording, and in between what was rated on it
    Denominator: the ratings counted at that convening, which are those at one of the rubric's levels
    Not rated: not counted, at no level; how many ratings and partnerships are left out is said, where new words begin,
        and how many ratings at the first and the last date are of domains that nobody rated at the other
    Unit: one rating: one domain of one partnership at one convening
    Source: counting at each level, because levels are ordered steps and no amounts (Liddell & Kruschke 2018)
    """
    days = sorted(set(dates))
    everyone = _in_numbers(frame, rubric, domain, days)
    known = everyone[LEVEL].isin(list(levels))
    is_same = Population(population) is Population.SAME
    is_kept = known & _is_at_both_ends(everyone, known, days, [*_PAIR, WORDING]) if is_same else known
    kept = everyone[is_kept]
    sizes = _sizes(everyone, kept, days).assign(
        **_why_left_out(everyone, known, is_kept, days), **_alone(everyone, kept, days), **_words(kept, days)
    )
    counts = counted_at(kept, {HELD_ON: range(len(days)), LEVEL: list(levels)})
    told = counts.merge(sizes, left_on=HELD_ON, right_index=True)
    return told.assign(**{HELD_ON: pd.DatetimeIndex(days, dtype=DAY_DTYPE).take(told[HELD_ON])})


def has_same_sites(frame: pd.DataFrame, dates: Sequence[date], levels: Sequence[int]) -> bool:
    """Whether ``levels_over_time`` of the *same* sites would count anything: who rated in between makes nobody the
    same.
    """
    if not dates:
        return False
    ends = sorted({min(dates), max(dates)})
    rows = _in_numbers(frame, None, None, ends)
    return bool(_is_at_both_ends(rows, rows[LEVEL].isin(list(levels)), ends, [*_PAIR, WORDING]).any())


def coverage(frame: pd.DataFrame, partnerships: Sequence[str], asked: Mapping[date, Asked]) -> pd.DataFrame:
    """Who has rated: one row per partnership × convening, in the order given.

    ``asked`` gives for each convening the codes of the domains to be rated there, by rubric; ratings of others do not
    count. Out: ``partnership``, ``held_on``, ``rated``, ``total`` (domains asked), ``state``.

    Measure: Who has rated
    Tells: for each partnership and convening: whether it rated everything, has started, or has not yet
    Population: the partnerships and convenings that are asked for
    Denominator: the domains that were to be rated at that convening; ratings of other domains do not count
    Not rated: this is what is shown: a domain without a level is one still to be rated
    Unit: domains rated, by one partnership at one convening
    Source: counting
    """
    wanted = {day: {(rubric, code) for rubric, codes in of.items() for code in codes} for day, of in asked.items()}
    days = pd.DatetimeIndex(list(asked), dtype=DAY_DTYPE)
    grid = counted_at(_asked_for(frame, wanted), {PARTNERSHIP: list(partnerships), HELD_ON: days})
    totals = [len(pairs) for pairs in wanted.values()] * len(partnerships)
    grid = grid.rename(columns={COUNT: RATED}).assign(**{TOTAL: np.array(totals, dtype="int64")})
    tests = [grid[RATED] == 0, grid[RATED] >= grid[TOTAL]]
    states = np.select(tests, [Coverage.NONE.value, Coverage.DONE.value], default=Coverage.STARTED.value)
    return grid.assign(**{STATE: pd.Series(states, index=grid.index, dtype="str")})


def coverage_counts(grid: pd.DataFrame) -> pd.DataFrame:
    """How many partnerships are done, have started, have none: one row per convening × state, none as 0.

    In: ``coverage``. Out: ``held_on``,
    ``state``, ``count``, ``total``.

    Measure: How many have rated
    Tells: at each convening, how many partnerships rated everything, have started, have not yet
    Population: the partnerships of "Who has rated"
    Denominator: all of these, at every convening
    Not rated: a partnership without any rating is counted as not yet
    Unit: one partnership at one convening
    Source: counting
    """
    days = pd.DatetimeIndex(sorted(grid[HELD_ON].unique()), dtype=DAY_DTYPE)
    return counted_at(grid, {HELD_ON: days, STATE: [state.value for state in Coverage]}, whole=TOTAL)


def missing(frame: pd.DataFrame, partnerships: Sequence[str], convening: date, asked: Asked) -> pd.DataFrame:
    """What is not rated at one convening: one row per partnership, rubric and domain, in the order given.

    ``asked`` gives the codes of the domains to be rated there, by rubric. Out: ``partnership``, ``rubric``, ``domain``.

    Measure: What is still to be rated
    Tells: which domains a partnership has not rated at one convening
    Population: the partnerships that are asked for × the domains that were to be rated at that convening
    Denominator: none: each missing rating is named
    Not rated: this is what is listed
    Unit: one domain of one partnership at one convening
    Source: counting
    """
    wanted = [(rubric, code) for rubric, codes in asked.items() for code in codes]
    every = pd.DataFrame({PARTNERSHIP: list(partnerships)}, dtype="str").merge(
        pd.DataFrame(wanted, columns=[RUBRIC, DOMAIN], dtype="str"), how="cross"
    )
    rated = frame.loc[frame[HELD_ON] == pd.Timestamp(convening), PAIR]
    found = every.merge(rated, on=PAIR, how="left", indicator="there")
    return found.loc[found["there"] == "left_only", PAIR].reset_index(drop=True)


def _asked_for(frame: pd.DataFrame, wanted: Mapping[date, set[tuple[str, str]]]) -> pd.DataFrame:
    """The rows that were asked for on their day."""
    pairs = list(wanted.values())
    if all(each == pairs[0] for each in pairs):
        return where(frame, _is_of(frame, pairs[0])) if pairs else frame.iloc[:0]
    days = {day: frame[frame[HELD_ON] == pd.Timestamp(day)] for day in wanted}
    return pd.concat([rows[_is_of(rows, wanted[day])] for day, rows in days.items()])


def _is_of(frame: pd.DataFrame, wanted: set[tuple[str, str]]) -> npt.NDArray[np.bool_]:
    """Which rows are of these pairs of rubric and domain: each different pair is looked up once."""
    (rubric, rubrics), (domain, domains) = (pd.factorize(frame[name]) for name in (RUBRIC, DOMAIN))
    known = np.array([[(of, code) in wanted for code in domains] for of in rubrics], dtype=np.bool_)
    mine: npt.NDArray[np.bool_] = known.reshape(len(rubrics), len(domains))[rubric, domain]
    return mine


def _in_numbers(frame: pd.DataFrame, rubric: str | None, domain: str | None, days: Sequence[date]) -> pd.DataFrame:
    """The rows chosen, with numbers for the codes, of which nothing comes out, and for each day its place among them.

    Counting by numbers takes a part of the time. ``DOMAIN`` is a number for rubric and domain together.
    """
    places = places_among(frame[HELD_ON], pd.DatetimeIndex(days, dtype=DAY_DTYPE))
    is_chosen = places >= 0
    for name, code in ((RUBRIC, rubric), (DOMAIN, domain)):
        if code is not None:
            is_chosen &= (frame[name] == code).to_numpy(dtype=bool)
    rows = frame.loc[is_chosen, [*PAIR, LEVEL, WORDING]]
    of_domain = [DOMAIN] if rubric is not None else [RUBRIC, DOMAIN]
    numbers = {PARTNERSHIP: numbered(rows, [PARTNERSHIP]), DOMAIN: numbered(rows, of_domain)}
    return rows[[LEVEL, WORDING]].reset_index(drop=True).assign(**numbers, **{HELD_ON: places[is_chosen]})


def _is_at_both_ends(rows: pd.DataFrame, among: pd.Series, days: Sequence[date], keys: Sequence[str]) -> pd.Series:
    """Which rows are of what is rated at the first and at the last day, among some of them: of what, ``keys`` say."""
    pairs = numbered(rows, keys)
    ends = [pairs[among & (rows[HELD_ON] == place)] for place in (0, len(days) - 1)]
    return pd.Series(np.isin(pairs, np.intersect1d(*ends)), index=rows.index)


def _why_left_out(
    everyone: pd.DataFrame, known: pd.Series, is_kept: pd.Series, days: Sequence[date]
) -> dict[str, npt.NDArray[np.int64]]:
    """Per day how many are at levels that are not counted, and how many of the others only have other words there."""
    others = known & ~is_kept
    if others.any():
        others &= _is_at_both_ends(everyone, others, days, _PAIR)
    return {LEFT_OUT_LEVELS: _a_day(everyone[~known], days), LEFT_OUT_WORDS: _a_day(everyone[others], days)}


def _a_day(rows: pd.DataFrame, days: Sequence[date]) -> npt.NDArray[np.int64]:
    """How many rows each day has."""
    return np.bincount(rows[HELD_ON], minlength=len(days))


def _alone(everyone: pd.DataFrame, kept: pd.DataFrame, days: Sequence[date]) -> dict[str, npt.NDArray[np.int64]]:
    """Per day how many domains are counted at this end alone, and how many ratings of these: two ends that differ in
    what was rated are no comparison of the same.
    """
    domains, ratings = np.zeros((2, len(days)), dtype=np.int64)
    rated = np.flatnonzero(_a_day(kept, days))
    for at, other in ((rated[0], rated[-1]), (rated[-1], rated[0])) if len(rated) else ():
        there = kept.loc[kept[HELD_ON] == at, DOMAIN]
        alone = there[~there.isin(everyone.loc[everyone[HELD_ON] == other, DOMAIN].unique())]
        domains[at], ratings[at] = alone.nunique(), len(alone)
    return {ALONE_DOMAINS: domains, ALONE_RATINGS: ratings}


def _words(rows: pd.DataFrame, days: Sequence[date]) -> dict[str, object]:
    """For each day whether a domain has words that it had on none before, and how many differ between the ends."""
    axes = {HELD_ON: range(len(days)), DOMAIN: rows[DOMAIN].unique(), WORDING: rows[WORDING].unique()}
    different = np.argwhere(counts_at(rows, axes)).tolist()
    ends = (different[0][0], different[-1][0]) if different else ()
    seen: dict[int, dict[int, int]] = {}
    at: tuple[dict[int, set[int]], ...] = ({}, {})
    for day, domain, wording in different:
        seen.setdefault(domain, {}).setdefault(wording, day)
        for end, found in zip(ends, at, strict=True):
            if day == end:
                found.setdefault(domain, set()).add(wording)
    begins = {day for words in seen.values() for day in words.values() if day > min(words.values())}
    first, last = at
    reworded = sum(words != last[domain] for domain, words in first.items() if domain in last)
    return {WORDING_BEGINS: np.array([day in begins for day in range(len(days))], dtype=bool), REWORDED: reworded}


def _sizes(everyone: pd.DataFrame, kept: pd.DataFrame, days: Sequence[date]) -> pd.DataFrame:
    """Per date: how many ratings and partnerships are counted, and how many were left out."""
    sites = range(everyone[PARTNERSHIP].max() + 1 if len(everyone) else 0)
    every, counted = (counts_at(rows, {HELD_ON: range(len(days)), PARTNERSHIP: sites}) for rows in (everyone, kept))
    return pd.DataFrame(
        {
            N_RATINGS: counted.sum(axis=1),
            N_PARTNERSHIPS: (counted > 0).sum(axis=1),
            LEFT_OUT: (every - counted).sum(axis=1),
            LEFT_OUT_PARTNERSHIPS: (every > 0).sum(axis=1) - (counted > 0).sum(axis=1),
            LEFT_OUT_IN_ALL: len(sites) - int(counted.any(axis=0).sum()),
        }
    )
