"""One partnership over its convenings: the line of a domain, the table of a rubric. A gap stays a gap."""

from collections.abc import Sequence
from datetime import date

import pandas as pd

from progressions.measures.columns import (
    DAY_DTYPE,
    DOMAIN,
    HELD_ON,
    LEVEL,
    LEVEL_OR_GAP,
    PARTNERSHIP,
    RUBRIC,
    SEGMENT,
    WORDING,
    WORDING_BEGINS,
    WORDING_OR_GAP,
)
from progressions.measures.kinds import MovementCounts

_GAPS = {LEVEL: LEVEL_OR_GAP, WORDING: WORDING_OR_GAP}
_CELL = [DOMAIN, HELD_ON]


def convenings_of(frame: pd.DataFrame, partnership: str) -> tuple[date, ...]:
    """The convenings at which a partnership was expected, oldest first: the columns of its charts.

    Those at which it rated anything; and, between its first and its last, those at which more than half of
    the partnerships then in the network rated, because missing such a convening is a gap. A date that
    concerned only a few others (in a network whose sites are rated each on its own day) is no gap of this
    partnership.
    """
    spans = frame.groupby(PARTNERSHIP)[HELD_ON].agg(["min", "max"])
    if partnership not in spans.index:
        return ()
    present = frame.groupby(HELD_ON)[PARTNERSHIP].nunique()
    own = set(frame.loc[frame[PARTNERSHIP] == partnership, HELD_ON])
    first, last = spans.loc[partnership]
    shared = {day for day in present.loc[first:last].index if _most_rated(day, int(present[day]), spans)}
    return tuple(day.date() for day in sorted(own | shared))


def line_of(
    frame: pd.DataFrame, partnership: str, rubric: str, domain: str, convenings: Sequence[date] | None = None
) -> pd.DataFrame:
    """One row per convening from the partnership's first to its last, oldest first.

    ``convenings`` None means ``convenings_of``; given ones outside the partnership's range are left out. Out:
    ``held_on``, ``level`` (NA: not rated), ``wording``, ``wording_begins``, ``segment``. A new segment begins
    after a gap and where the wording changed: a line is drawn within segments only.
    """
    table = heat_table(frame, partnership, rubric, convenings)
    days = _days_in_range(frame, partnership, convenings)
    line = days.to_frame().merge(table[table[DOMAIN] == domain], on=HELD_ON, how="left")
    line[WORDING_BEGINS] = line[WORDING_BEGINS].eq(True)
    return line.assign(**{SEGMENT: _segments(line)})[[HELD_ON, LEVEL, WORDING, WORDING_BEGINS, SEGMENT]]


def heat_table(
    frame: pd.DataFrame, partnership: str, rubric: str, convenings: Sequence[date] | None = None
) -> pd.DataFrame:
    """Every domain that the partnership ever rated × every convening in its range, domains in order of code.

    ``convenings`` as in ``line_of``. Out: ``domain``, ``held_on``, ``level`` (NA: not rated), ``wording``,
    ``wording_begins`` (against the rating before, however long ago).
    """
    own = frame[(frame[PARTNERSHIP] == partnership) & (frame[RUBRIC] == rubric)]
    days = _days_in_range(frame, partnership, convenings)
    cells = own[[DOMAIN]].drop_duplicates().merge(days.to_frame(), how="cross")
    full = cells.merge(own[[*_CELL, LEVEL, WORDING]], on=_CELL, how="left").astype(_GAPS)
    full = full.sort_values(_CELL, ignore_index=True)
    before = full.groupby(DOMAIN)[WORDING].transform(lambda wording: wording.ffill().shift())
    return full.assign(**{WORDING_BEGINS: (full[WORDING] != before).fillna(False).astype(bool)})


def first_to_latest(table: pd.DataFrame) -> MovementCounts:
    """How the domains of a heat table moved from their first rating to their latest.

    A domain rated once is *first*; one whose wording changed in between is not comparable.
    """
    rated = table[table[LEVEL].notna()]
    kinds = [_kind_of(rows) for _, rows in rated.groupby(DOMAIN)]
    return MovementCounts(**{kind: kinds.count(kind) for kind in set(kinds)})


def _kind_of(rated: pd.DataFrame) -> str:
    """The field of ``MovementCounts`` for one domain's ratings, oldest first."""
    if len(rated) == 1:
        return "first"
    if rated[WORDING].iloc[0] != rated[WORDING].iloc[-1]:
        return "not_comparable"
    change = int(rated[LEVEL].iloc[-1]) - int(rated[LEVEL].iloc[0])
    return "same" if change == 0 else "up" if change > 0 else "down"


def _most_rated(day: pd.Timestamp, present: int, spans: pd.DataFrame) -> bool:
    active = int(((spans["min"] <= day) & (spans["max"] >= day)).sum())
    return present * 2 > active


def _days_in_range(frame: pd.DataFrame, partnership: str, convenings: Sequence[date] | None) -> pd.Series:
    """The days of the partnership's charts, as a Series named ``held_on``."""
    own = frame.loc[frame[PARTNERSHIP] == partnership, HELD_ON]
    given = convenings_of(frame, partnership) if convenings is None else convenings
    days = pd.Series(sorted(set(given)), dtype=DAY_DTYPE, name=HELD_ON)
    return days[days.between(own.min(), own.max())].reset_index(drop=True)


def _segments(line: pd.DataFrame) -> pd.Series:
    rated = line[LEVEL].notna()
    begins = rated & (~rated.shift(fill_value=False) | line[WORDING_BEGINS])
    return begins.cumsum().astype("Int16").where(rated)
