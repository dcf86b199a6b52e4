"""Domains in which a partnership has stood still, and who has moved on from there. Pure.

The unit is one domain of one partnership. Not rated is passed over: it neither ends standing still nor counts for it.
"""

import pandas as pd

from progressions.measures.columns import (
    DOMAIN,
    HELD_NOW,
    HELD_ON,
    HELD_THEN,
    LEVEL,
    LEVEL_NOW,
    LEVEL_THEN,
    PAIR,
    PARTNERSHIP,
    RUBRIC,
    WORDING,
)
from progressions.measures.numbers import numbered

SINCE = "since"
"""datetime64: the first convening of an unbroken row of ratings at one level."""
TIMES = "times"
"""int64: the convenings of that row at which the domain was rated."""

FEWEST_TIMES = 2
"""A domain is stuck from so many ratings in a row at one level on."""
_RUN = "run"
_LATEST = "latest"
_NUMBER = "number"


def stuck(frame: pd.DataFrame, partnership: str, rubric: str) -> pd.DataFrame:
    """The domains of a rubric whose latest ratings, two or more in a row, are at one level on one wording.

    In: the tidy frame. Out: ``domain``, ``level``, ``wording``, ``since``, ``held_now`` (the latest), ``times``; the
    longest first.

    Measure: Domains that have stood still
    Tells: which domains have been rated at the same level two or more times in a row, and since when
    Population: the domains of a rubric that one partnership has rated
    Denominator: none: each is named, with the number of convenings in the row
    Not rated: passed over: it neither ends the standing still nor counts for it; new wording ends it
    Unit: one domain of one partnership; ratings in a row
    Source: counting
    """
    own = frame[(frame[PARTNERSHIP] == partnership) & (frame[RUBRIC] == rubric)].sort_values([DOMAIN, HELD_ON])
    stands = own[[DOMAIN, LEVEL, WORDING]]
    own = own.assign(**{_RUN: (stands != stands.shift()).any(axis=1).cumsum()})
    last = own.groupby(DOMAIN)[_RUN].transform("max")
    rows = own[own[_RUN] == last]
    first, latest = (rows.drop_duplicates(DOMAIN, keep=end) for end in ("first", "last"))
    found = latest[[DOMAIN, LEVEL, WORDING]].assign(
        **{SINCE: first[HELD_ON].array, HELD_NOW: latest[HELD_ON], TIMES: rows.groupby(DOMAIN).size().to_numpy()}
    )
    return found[found[TIMES] >= FEWEST_TIMES].sort_values([SINCE, DOMAIN], ignore_index=True)


def moved_on(frame: pd.DataFrame) -> pd.DataFrame:
    """Every move upwards from one rating to the next on the same wording, of those who still stand above it.

    In: the tidy frame, in its order. Out: ``partnership``, ``rubric``, ``domain``, ``wording``, ``held_then``,
    ``level_then``, ``held_now``, ``level_now``; the most recent first. Only the last time that a level was left
    counts: it must have been upwards.

    Measure: Who has moved on from a level
    Tells: which partnerships rose from a level and still stand above it, the most recent first
    Population: every domain of every partnership that was rated twice or more on one wording; where it stands now is
        its latest rating on that wording
    Denominator: none: staff see all of them, everybody else at most those who agreed to be asked
    Not rated: passed over: a rise goes from one rating to the next, however long between
    Unit: one rise of one partnership in one domain; it is the last time that it left the level that counts
    Source: counting
    """
    rows = frame.reset_index(drop=True).rename(columns={HELD_ON: HELD_THEN, LEVEL: LEVEL_THEN})
    rows[_NUMBER] = numbered(rows, [*PAIR, WORDING])
    grouped = rows.groupby(_NUMBER)
    rows[HELD_NOW], rows[LEVEL_NOW] = grouped[HELD_THEN].shift(-1), grouped[LEVEL_THEN].shift(-1)
    rows[_LATEST] = grouped[LEVEL_THEN].transform("last")
    left = rows.drop_duplicates([_NUMBER, LEVEL_THEN], keep="last")
    up = left[(left[LEVEL_NOW] > left[LEVEL_THEN]) & (left[_LATEST] > left[LEVEL_THEN])]
    columns = [*PAIR, WORDING, HELD_THEN, LEVEL_THEN, HELD_NOW, LEVEL_NOW]
    told = up[columns].astype({LEVEL_NOW: "int8"})
    return told.sort_values([HELD_NOW, PARTNERSHIP, DOMAIN], ascending=[False, True, True], ignore_index=True)


def moved_from(moves: pd.DataFrame, domain: str, level: int, wording: int) -> pd.DataFrame:
    """The moves in one domain from one level on one wording; columns and order as ``moved_on``."""
    is_from = (moves[DOMAIN] == domain) & (moves[LEVEL_THEN] == level) & (moves[WORDING] == wording)
    return moves[is_from].reset_index(drop=True)
