"""One partnership over its convenings: the line of a domain, the table of a rubric. A gap stays a gap."""

from collections.abc import Iterator, Sequence
from datetime import date

import numpy as np
import numpy.typing as npt
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

    Measure: The convenings at which a partnership was expected
    Tells: which convenings stand in a partnership's charts, and so where a gap says that it missed one
    Population: the convenings of the network from the partnership's first rating to its latest
    Denominator: the partnerships then between their own first and latest rating; where more than half of them rated,
        all of them were expected
    Not rated: a convening that was expected and missed stays, as a gap; one at which half of the others or fewer rated
        is left out where the partnership did not rate either
    Unit: one convening, by its day
    Source: counting
    """
    spans = frame.groupby(PARTNERSHIP)[HELD_ON].agg(["min", "max"])
    if partnership not in spans.index:
        return ()
    present = frame.groupby(HELD_ON)[PARTNERSHIP].nunique()
    own = set(frame.loc[frame[PARTNERSHIP] == partnership, HELD_ON])
    first, last = spans.loc[partnership]
    shared = set(present[_most_rated(present, spans)].loc[first:last].index)
    return tuple(day.date() for day in sorted(own | shared))


def line_of(
    frame: pd.DataFrame, partnership: str, rubric: str, domain: str, convenings: Sequence[date] | None = None
) -> pd.DataFrame:
    """One row per convening from the partnership's first to its last, oldest first.

    ``convenings`` None means ``convenings_of``; given ones outside the partnership's range are left out. Out:
    ``held_on``, ``level`` (NA: not rated), ``wording``, ``wording_begins``, ``segment``. A new segment begins
    after a gap and where the wording changed: a line is drawn within segments only.

    Measure: One domain over the convenings
    Tells: the level of one domain of one partnership at each convening, as a line of steps
    Population: the ratings of this domain, at the convenings from the partnership's first rating of any domain to its
        latest
    Denominator: none: each level is shown as it was rated
    Not rated: a gap, which cuts the line and is never bridged; new wording cuts it too
    Unit: the level at one convening
    Source: counting; nothing is smoothed and nothing lies between two levels
    """
    own = frame[frame[PARTNERSHIP] == partnership]
    days = _days_in_range(own, convenings_of(frame, partnership) if convenings is None else convenings)
    cells = days.to_frame().assign(**{PARTNERSHIP: partnership, DOMAIN: domain})
    line = _filled(cells, own[(own[RUBRIC] == rubric) & (own[DOMAIN] == domain)])
    return line.assign(**{SEGMENT: _segments(line)})[[HELD_ON, LEVEL, WORDING, WORDING_BEGINS, SEGMENT]]


def heat_table(
    frame: pd.DataFrame, partnership: str, rubric: str, convenings: Sequence[date] | None = None
) -> pd.DataFrame:
    """Every domain that the partnership ever rated × every convening in its range, domains in order of code.

    ``convenings`` as in ``line_of``. Out: ``domain``, ``held_on``, ``level`` (NA: not rated), ``wording``,
    ``wording_begins`` (against the rating before, however long ago).

    Measure: All domains over the convenings
    Tells: the level of every domain of a rubric at every convening, side by side in one table
    Population: the domains of the rubric that the partnership ever rated × the convenings from its first rating of any
        domain to its latest
    Denominator: none: each level is shown as it was rated
    Not rated: an empty cell, never a low level
    Unit: the level of one domain at one convening
    Source: counting
    """
    own = frame[frame[PARTNERSHIP] == partnership]
    days = _days_in_range(own, convenings_of(frame, partnership) if convenings is None else convenings)
    return _table(own[own[RUBRIC] == rubric], days)


def _table(own: pd.DataFrame, days: pd.Series) -> pd.DataFrame:
    """Each domain of these rows × each of the days. In: one partnership's ratings of one rubric."""
    cells = own[[PARTNERSHIP, DOMAIN]].drop_duplicates().merge(days.to_frame(), how="cross")
    return _filled(cells, own).drop(columns=PARTNERSHIP)


def heat_tables(frame: pd.DataFrame, rubric: str, chosen: Sequence[str], convenings: Sequence[date]) -> pd.DataFrame:
    """``heat_table`` of several partnerships, one below the other in the order given, with a column ``partnership``.

    Each has the days from its first rating of the rubric to its latest.
    """
    own = frame[(frame[RUBRIC] == rubric) & frame[PARTNERSHIP].isin(list(chosen))]
    days = pd.DataFrame({HELD_ON: pd.Series(sorted(set(convenings)), dtype=DAY_DTYPE)})
    spans = own.groupby(PARTNERSHIP)[HELD_ON].agg(["min", "max"]).reset_index()
    cells = own[[PARTNERSHIP, DOMAIN]].drop_duplicates().merge(spans, on=PARTNERSHIP).merge(days, how="cross")
    cells = cells.loc[cells[HELD_ON].between(cells["min"], cells["max"]), [PARTNERSHIP, *_CELL]]
    full = _filled(cells, own)
    places = full[PARTNERSHIP].map({code: place for place, code in enumerate(chosen)})
    return full.iloc[places.argsort(kind="stable")].reset_index(drop=True)


def _filled(cells: pd.DataFrame, own: pd.DataFrame) -> pd.DataFrame:
    """The levels of the cells, NA where there is none, in order; and where a wording begins.

    Row by row: they are few, and each step of pandas takes its time.
    """
    full = cells.sort_values([PARTNERSHIP, *_CELL], ignore_index=True)
    rated = dict(zip(_places(own), zip(own[LEVEL].tolist(), own[WORDING].tolist(), strict=True), strict=True))
    found = [rated.get(place, (None, None)) for place in _places(full)]
    words: dict[tuple[str, str], int] = {}
    begins = []
    for (partnership, domain, _), (_, wording) in zip(_places(full), found, strict=True):
        before = words.get((partnership, domain), wording)
        begins.append(wording is not None and wording != before)
        if wording is not None:
            words[partnership, domain] = wording
    told = {name: pd.array([of[at] for of in found], dtype=dtype) for at, (name, dtype) in enumerate(_GAPS.items())}
    return full.assign(**told, **{WORDING_BEGINS: np.array(begins, dtype=bool)})


def _places(rows: pd.DataFrame) -> Iterator[tuple[str, str, int]]:
    days = rows[HELD_ON].astype(DAY_DTYPE).astype("int64").tolist()
    return zip(rows[PARTNERSHIP].tolist(), rows[DOMAIN].tolist(), days, strict=True)


def first_to_latest(table: pd.DataFrame) -> MovementCounts:
    """How the domains of a heat table moved from their first rating to their latest.

    A domain rated once is *first*; one whose wording changed in between is not comparable.

    Measure: From the first rating to the latest
    Tells: how many domains stand higher than when they were first rated, how many as then, how many lower
    Population: the domains of one partnership that have a rating in the table
    Denominator: those rated twice or more, the first and the latest time on the same wording; the others are told
        beside, with the reason
    Not rated: gaps between the first and the latest rating are passed over; a domain without any rating is not counted
    Unit: one domain of one partnership
    Source: counting
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


def _most_rated(present: pd.Series, spans: pd.DataFrame) -> npt.NDArray[np.bool_]:
    """At which days more than half of those rated who had begun by then and not yet ended."""
    begun = np.searchsorted(np.sort(spans["min"].to_numpy()), present.index.to_numpy(), side="right")
    ended = np.searchsorted(np.sort(spans["max"].to_numpy()), present.index.to_numpy(), side="left")
    most: npt.NDArray[np.bool_] = present.to_numpy() * 2 > begun - ended
    return most


def _days_in_range(own: pd.DataFrame, convenings: Sequence[date]) -> pd.Series:
    """The days of a partnership's charts, from its first rating to its latest, as a Series named ``held_on``."""
    days = pd.Series(sorted(set(convenings)), dtype=DAY_DTYPE, name=HELD_ON)
    return days[days.between(own[HELD_ON].min(), own[HELD_ON].max())].reset_index(drop=True)


def _segments(line: pd.DataFrame) -> pd.Series:
    rated = line[LEVEL].notna()
    begins = rated & (~rated.shift(fill_value=False) | line[WORDING_BEGINS])
    return begins.cumsum().astype("Int16").where(rated)
