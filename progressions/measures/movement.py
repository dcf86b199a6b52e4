"""How the ratings of partnerships moved. *Not rated* is NA throughout: never 0, never level 1."""

from collections.abc import Sequence
from datetime import date

import numpy as np
import pandas as pd

from progressions.measures.columns import (
    CHANGE,
    DOMAIN,
    HELD_NOW,
    HELD_ON,
    HELD_THEN,
    LEVEL,
    LEVEL_NOW,
    LEVEL_OR_GAP,
    LEVEL_THEN,
    MOVEMENT,
    PAIR,
    PARTNERSHIP,
    RUBRIC,
    WORDING,
    WORDING_NOW,
    WORDING_OR_GAP,
    WORDING_THEN,
)
from progressions.measures.kinds import Movement, MovementCounts
from progressions.measures.numbers import counts_at

_GAPS = {LEVEL: LEVEL_OR_GAP, WORDING: WORDING_OR_GAP}
_THEN = {LEVEL: LEVEL_THEN, WORDING: WORDING_THEN, HELD_ON: HELD_THEN}
_NOW = {LEVEL: LEVEL_NOW, WORDING: WORDING_NOW, HELD_ON: HELD_NOW}
_MOVED = [*PAIR, HELD_THEN, LEVEL_THEN, HELD_NOW, LEVEL_NOW, CHANGE, MOVEMENT]
_COMPARED = (Movement.UP, Movement.SAME, Movement.DOWN)


def movement_between(frame: pd.DataFrame, then: date, now: date) -> pd.DataFrame:
    """One row per partnership, rubric and domain rated at either convening.

    In: the tidy frame, whole, because only a rating that has none before it is a *first* one. Out: the pair,
    ``held_then``, ``level_then``, ``held_now``, ``level_now``, ``change``, ``movement``. ``change`` is NA
    unless the two are comparable. ValueError unless ``then`` is before ``now``.

    Measure: Movement between two convenings
    Tells: for each domain: up, the same, down, rated for the first time, or not to be compared, and why not
    Population: every domain of every partnership that was rated at either of the two convenings
    Denominator: those rated at both on the same wording
    Not rated: rated at one of the two only: it has no movement, and is "first" where it was never rated before
    Unit: one domain of one partnership; the change in levels
    Source: counting
    """
    if then >= now:
        raise ValueError(f"movement needs an earlier and a later day, not {then} and {now}")
    old = _rated_on(frame, then).rename(columns=_THEN)
    new = _rated_on(frame, now).rename(columns=_NOW)
    both = old.merge(new, on=PAIR, how="outer")
    return _with_movement(both, _rated_before(frame, both, now))


def last_movement(frame: pd.DataFrame, partnership: str) -> pd.DataFrame:
    """Per domain that the partnership has rated: its latest rating and the one before it, whenever that was.

    Columns as ``movement_between``; here *first* means that there is only one rating, and *not rated* cannot
    occur. Newest first.

    Measure: The last movement of each domain
    Tells: for each domain: its latest rating beside the one before, whenever that was
    Population: the domains that one partnership has rated
    Denominator: those rated twice or more, the last two times on the same wording
    Not rated: convenings without a rating are passed over; one rating alone is "first"
    Unit: one domain of one partnership; the change in levels
    Source: counting
    """
    own = _own(frame, partnership).rename(columns=_NOW)
    before = own.groupby(PAIR)[[HELD_NOW, LEVEL_NOW, WORDING_NOW]].shift()
    before.columns = [HELD_THEN, LEVEL_THEN, WORDING_THEN]
    latest = pd.concat([own, before], axis=1).groupby(PAIR).tail(1)
    moved = _with_movement(latest, latest[LEVEL_THEN].notna())
    return moved.sort_values([HELD_NOW, RUBRIC, DOMAIN], ascending=[False, True, True], ignore_index=True)


def standing(frame: pd.DataFrame, partnership: str, on: date | None = None) -> pd.DataFrame:
    """The latest rating of each domain up to and including a day (None: up to the last one there is).

    Out: the columns of the tidy frame, one row per domain ever rated until then, with the day it was rated.

    Measure: Where a partnership stands
    Tells: for each domain: the latest level that was agreed, and when
    Population: the domains that one partnership has rated up to the day asked for
    Denominator: none: each level is shown as it was rated
    Not rated: the rating before stays the latest, with its day; a domain never rated has no row
    Unit: one domain of one partnership
    Source: counting
    """
    own = frame[frame[PARTNERSHIP] == partnership]
    if on is not None:
        own = own[own[HELD_ON] <= pd.Timestamp(on)]
    return own.sort_values([RUBRIC, DOMAIN, HELD_ON]).groupby(PAIR).tail(1).reset_index(drop=True)


def movement_counts(movement: pd.DataFrame) -> MovementCounts:
    """How many rows of a movement frame went which way.

    In: ``movement_between``, ``last_movement``, ``promises`` or ``site_levels``.

    Measure: How many moved which way
    Tells: how many moved up, stayed and moved down, and beside them how many cannot be compared, each with its reason
    Population: the domains or promises whose movement was told, as they are given
    Denominator: those that can be compared: rated both times, on the same wording; of promises, rated when promised and
        since
    Not rated: told beside, and never among those that stayed
    Unit: what is given: one domain of one partnership, or one promise
    Source: counting
    """
    found = movement[MOVEMENT].value_counts()
    return MovementCounts(**{kind.value: int(found.get(kind.value, 0)) for kind in Movement})


def on_balance(movement: pd.DataFrame) -> tuple[int, int]:
    """How many partnerships moved up in more domains than down, and how many the other way round.

    In: ``movement_between`` or ``site_levels``. A partnership counts once: its domains are rated by the same people
    on the same day, so they are no independent witnesses, and a test of chance over single ratings would claim too
    much.

    Measure: Partnerships that rose, partnerships that fell
    Tells: how many partnerships moved up in more domains than down, and how many the other way round
    Population: the partnerships whose movement was told; those with as many up as down are in neither number
    Denominator: the two numbers together, for the test of chance
    Not rated: it counts for neither way, and no more do first ratings and changed wordings
    Unit: one partnership
    Source: counting, as the exact sign test takes it
    """
    rose, fell = (movement.loc[movement[MOVEMENT] == way.value, PARTNERSHIP] for way in (Movement.UP, Movement.DOWN))
    net = rose.value_counts().sub(fell.value_counts(), fill_value=0)
    return int((net > 0).sum()), int((net < 0).sum())


def transitions(movement: pd.DataFrame, levels: Sequence[int]) -> pd.DataFrame:
    """Level then (rows) × level now (columns), counts of pairs; every level has its row and column.

    In: ``movement_between``. With levels ascending, those above the diagonal moved up.

    Measure: From which level to which
    Tells: how many stood at each level then and at each level now; those above the diagonal moved up
    Population: the domains of partnerships that can be compared, at one of the rubric's levels both times
    Denominator: all of these together, over the whole table
    Not rated: rated at one of the two only: in no cell
    Unit: one domain of one partnership
    Source: counting at each level, because levels are ordered steps and no amounts (Liddell & Kruschke 2018)
    """
    rows = movement.loc[movement[CHANGE].notna(), [LEVEL_THEN, LEVEL_NOW]]
    counts = counts_at(rows, {LEVEL_THEN: levels, LEVEL_NOW: levels})
    return pd.DataFrame(counts, pd.Index(levels, name=LEVEL_THEN), pd.Index(levels, name=LEVEL_NOW))


def _own(frame: pd.DataFrame, partnership: str) -> pd.DataFrame:
    """The partnership's ratings by day, in dtypes that can hold a gap."""
    return frame[frame[PARTNERSHIP] == partnership].astype(_GAPS).sort_values(HELD_ON, ignore_index=True)


def _rated_on(frame: pd.DataFrame, day: date) -> pd.DataFrame:
    return frame[frame[HELD_ON] == pd.Timestamp(day)].astype(_GAPS)


def _rated_before(frame: pd.DataFrame, both: pd.DataFrame, now: date) -> pd.Series:
    """Whether a pair without a rating at the earlier convening was rated at any before ``now``; False of the others."""
    unrated = both[both[LEVEL_THEN].isna()]
    if unrated.empty:
        return pd.Series(False, index=both.index)
    theirs = frame[(frame[HELD_ON] < pd.Timestamp(now)) & frame[PARTNERSHIP].isin(unrated[PARTNERSHIP].unique())]
    seen = unrated[PAIR].reset_index().merge(theirs[PAIR].drop_duplicates(), on=PAIR)["index"]
    return pd.Series(both.index.isin(seen), index=both.index)


def _with_movement(pairs: pd.DataFrame, rated_before: pd.Series) -> pd.DataFrame:
    return named_movement(pairs, rated_before).sort_values(PAIR, ignore_index=True)[_MOVED]


def named_movement(pairs: pd.DataFrame, rated_before: pd.Series) -> pd.DataFrame:
    """Names the movement of each row, first rule that fits, and blanks the change that cannot be told.

    In: rows with ``level_then``, ``level_now``, ``wording_then``, ``wording_now``, each NA where not rated, and
    whether the pair had been rated before ``now``. Out: the same rows with ``change`` and ``movement``.
    """
    then, now = pairs[LEVEL_THEN], pairs[LEVEL_NOW]
    change = now - then
    rules = [
        (now.isna(), Movement.NOT_RATED),
        (then.isna() & rated_before, Movement.NOT_RATED),
        (then.isna(), Movement.FIRST),
        (pairs[WORDING_THEN] != pairs[WORDING_NOW], Movement.NOT_COMPARABLE),
        (change > 0, Movement.UP),
        (change < 0, Movement.DOWN),
    ]
    tests = [np.asarray(rule.to_numpy(dtype=bool, na_value=False)) for rule, _ in rules]
    kinds = [*(kind for _, kind in rules), Movement.SAME]
    at = np.select(tests, list(range(len(rules))), default=len(rules))
    names = pd.array([kind.value for kind in kinds], dtype="str").take(at)
    is_compared = np.isin(at, [place for place, kind in enumerate(kinds) if kind in _COMPARED])
    return pairs.assign(**{CHANGE: change.where(is_compared), MOVEMENT: names})
