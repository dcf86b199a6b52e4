"""The network as a whole: counts per level, who has rated, never an average. *Not rated* is never counted."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date

import pandas as pd

from progressions.measures.columns import (
    COUNT,
    DAY_DTYPE,
    DOMAIN,
    HELD_ON,
    LEFT_OUT,
    LEFT_OUT_IN_ALL,
    LEFT_OUT_PARTNERSHIPS,
    LEVEL,
    N_PARTNERSHIPS,
    N_RATINGS,
    PAIR,
    PARTNERSHIP,
    RATED,
    RUBRIC,
    STATE,
    TOTAL,
    YEAR,
)
from progressions.measures.kinds import Coverage, Population
from progressions.measures.movement import movement_counts, same_sites, transitions

__all__ = [
    "Coverage",
    "Population",
    "coverage",
    "levels_by_year",
    "levels_over_time",
    "movement_counts",
    "transitions",
]


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
    ``n_partnerships``, ``left_out`` and ``left_out_partnerships`` (of the date, repeated on its rows), and
    ``left_out_in_all`` (of all dates).
    *Same* keeps pairs of partnership and domain rated at the first and the last of ``dates``. A rating at a level
    that is not among ``levels`` (an earlier version may have had more) is among those left out.
    """
    days = sorted(set(dates))
    everyone = _chosen(frame, rubric, domain, days)
    kept = everyone[everyone[LEVEL].isin(list(levels))]
    if Population(population) is Population.SAME:
        kept = _same_pairs(kept, days)
    counts = _counted(kept, {HELD_ON: pd.DatetimeIndex(days, dtype=DAY_DTYPE), LEVEL: list(levels)})
    in_all = everyone[PARTNERSHIP].nunique() - kept[PARTNERSHIP].nunique()
    return counts.merge(_sizes(everyone, kept, days), on=HELD_ON).assign(**{LEFT_OUT_IN_ALL: in_all})


def levels_by_year(frame: pd.DataFrame, rubric: str, levels: Sequence[int], domain: str | None = None) -> pd.DataFrame:
    """Counts of every rating in a calendar year: one row per domain × year × level, ``count`` 0 included.

    Years run from the first to the last with a rating. A partnership that rated twice in a year counts twice.
    ValueError for a rating at a level that is not among ``levels``.
    """
    rows = _chosen(frame, rubric, domain)
    _check_levels(rows, levels)
    rows = rows.assign(**{YEAR: rows[HELD_ON].dt.year.astype("int16")})
    years = range(int(rows[YEAR].min()), int(rows[YEAR].max()) + 1) if len(rows) else range(0)
    axes = {DOMAIN: sorted(rows[DOMAIN].unique()), YEAR: list(years), LEVEL: list(levels)}
    return _counted(rows, axes).astype({YEAR: "int16"})


def coverage(
    frame: pd.DataFrame,
    partnerships: Sequence[str],
    convenings: Sequence[date],
    domains_per_rubric: Mapping[str, Collection[str]],
) -> pd.DataFrame:
    """Who has rated: one row per partnership × convening, in the order given.

    ``domains_per_rubric`` gives the codes of the domains to be rated; ratings of others do not count. Out:
    ``partnership``, ``held_on``, ``rated``, ``total``, ``state``.
    """
    wanted = {(rubric, code) for rubric, codes in domains_per_rubric.items() for code in codes}
    mine = pd.MultiIndex.from_frame(frame[[RUBRIC, DOMAIN]]).isin(list(wanted))
    days = pd.DatetimeIndex(list(convenings), dtype=DAY_DTYPE)
    grid = _counted(frame[mine], {PARTNERSHIP: list(partnerships), HELD_ON: days})
    grid = grid.rename(columns={COUNT: RATED}).assign(**{TOTAL: len(wanted)})
    states = [_state(rated, len(wanted)).value for rated in grid[RATED]]
    return grid.assign(**{STATE: pd.Series(states, dtype="str")})


def _state(rated: int, total: int) -> Coverage:
    if rated == 0:
        return Coverage.NONE
    return Coverage.DONE if rated >= total else Coverage.STARTED


def _chosen(
    frame: pd.DataFrame, rubric: str | None, domain: str | None, days: Sequence[date] | None = None
) -> pd.DataFrame:
    keep = pd.Series(True, index=frame.index)
    if rubric is not None:
        keep &= frame[RUBRIC] == rubric
    if domain is not None:
        keep &= frame[DOMAIN] == domain
    if days is not None:
        keep &= frame[HELD_ON].isin([pd.Timestamp(day) for day in days])
    return frame[keep]


def _same_pairs(rows: pd.DataFrame, days: Sequence[date]) -> pd.DataFrame:
    if not days:
        return rows
    return rows.merge(same_sites(rows, days[0], days[-1]), on=PAIR)


def _check_levels(rows: pd.DataFrame, levels: Sequence[int]) -> None:
    stray = sorted(set(rows[LEVEL].unique()) - set(levels))
    if stray:
        raise ValueError(f"ratings at levels {stray}, which are not among {list(levels)}")


def _counted(rows: pd.DataFrame, axes: Mapping[str, Collection[object]]) -> pd.DataFrame:
    """Row counts over the full product of the axes, zero where there is no row."""
    everywhere = pd.MultiIndex.from_product(list(axes.values()), names=list(axes))
    found = pd.MultiIndex.from_frame(rows[list(axes)])
    counts = pd.Series(1, index=found, dtype="int64").groupby(level=list(axes)).sum()
    return counts.reindex(everywhere, fill_value=0).rename(COUNT).reset_index()


def _sizes(everyone: pd.DataFrame, kept: pd.DataFrame, days: Sequence[date]) -> pd.DataFrame:
    """Per date: how many ratings and partnerships are counted, and how many were left out."""
    index = pd.DatetimeIndex(days, dtype=DAY_DTYPE, name=HELD_ON)
    total, ours = everyone.groupby(HELD_ON)[PARTNERSHIP], kept.groupby(HELD_ON)[PARTNERSHIP]
    sizes = pd.DataFrame(
        {
            N_RATINGS: ours.size().reindex(index, fill_value=0),
            N_PARTNERSHIPS: ours.nunique().reindex(index, fill_value=0),
            LEFT_OUT: total.size().reindex(index, fill_value=0),
            LEFT_OUT_PARTNERSHIPS: total.nunique().reindex(index, fill_value=0),
        }
    )
    sizes[LEFT_OUT] -= sizes[N_RATINGS]
    sizes[LEFT_OUT_PARTNERSHIPS] -= sizes[N_PARTNERSHIPS]
    return sizes.astype("int64").reset_index()
