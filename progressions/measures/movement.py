"""How the ratings of partnerships moved. *Not rated* is NA throughout: never 0, never level 1."""

from collections.abc import Collection, Sequence
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

__all__ = [
    "Movement",
    "MovementCounts",
    "last_movement",
    "movement_between",
    "movement_counts",
    "on_balance",
    "same_sites",
    "standing",
    "transitions",
]

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
    """
    if then >= now:
        raise ValueError(f"movement needs an earlier and a later day, not {then} and {now}")
    old = _rated_on(frame, then).rename(columns=_THEN)
    new = _rated_on(frame, now).rename(columns=_NOW)
    both = old.merge(new, on=PAIR, how="outer")
    earlier = frame.loc[frame[HELD_ON] < pd.Timestamp(now), PAIR].drop_duplicates()
    known = both[PAIR].merge(earlier, on=PAIR, how="left", indicator="seen")["seen"] == "both"
    return _with_movement(both, known)


def last_movement(frame: pd.DataFrame, partnership: str) -> pd.DataFrame:
    """Per domain that the partnership has rated: its latest rating and the one before it, whenever that was.

    Columns as ``movement_between``; here *first* means that there is only one rating, and *not rated* cannot
    occur. Newest first.
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
    """
    own = frame[frame[PARTNERSHIP] == partnership]
    if on is not None:
        own = own[own[HELD_ON] <= pd.Timestamp(on)]
    return own.sort_values([RUBRIC, DOMAIN, HELD_ON]).groupby(PAIR).tail(1).reset_index(drop=True)


def same_sites(frame: pd.DataFrame, then: date, now: date, rubric: str | None = None) -> pd.DataFrame:
    """The partnerships that rated a domain at both convenings: one row per partnership, rubric and domain.

    Includes pairs whose wording differs: they are the same sites, even where their levels cannot be compared.
    """
    chosen = frame if rubric is None else frame[frame[RUBRIC] == rubric]
    return _rated_on(chosen, then)[PAIR].merge(_rated_on(chosen, now)[PAIR], on=PAIR)


def movement_counts(movement: pd.DataFrame) -> MovementCounts:
    """How many rows of a movement frame went which way."""
    found = movement[MOVEMENT].value_counts()
    return MovementCounts(**{kind.value: int(found.get(kind.value, 0)) for kind in Movement})


def on_balance(movement: pd.DataFrame) -> tuple[int, int]:
    """How many partnerships moved up in more domains than down, and how many the other way round.

    The unit is the partnership: its domains are rated by the same people on the same day, so they are no independent
    witnesses, and a test of chance over single ratings would claim too much.
    """
    steps = movement[MOVEMENT].map({Movement.UP.value: 1, Movement.DOWN.value: -1}).fillna(0)
    net = steps.groupby(movement[PARTNERSHIP]).sum()
    return int((net > 0).sum()), int((net < 0).sum())


def transitions(movement: pd.DataFrame, levels: Sequence[int]) -> pd.DataFrame:
    """Level then (rows) × level now (columns), counts of pairs; every level has its row and column.

    Only comparable pairs are counted. With levels ascending, those above the diagonal moved up.
    """
    rows = _only(movement, _COMPARED)
    counts = rows.groupby([LEVEL_THEN, LEVEL_NOW]).size()
    everywhere = pd.MultiIndex.from_product([levels, levels], names=[LEVEL_THEN, LEVEL_NOW])
    return counts.reindex(everywhere, fill_value=0).unstack(LEVEL_NOW).astype("int64")


def _only(movement: pd.DataFrame, kinds: Collection[Movement]) -> pd.DataFrame:
    return movement[movement[MOVEMENT].isin([kind.value for kind in kinds])]


def _own(frame: pd.DataFrame, partnership: str) -> pd.DataFrame:
    """The partnership's ratings by day, in dtypes that can hold a gap."""
    return frame[frame[PARTNERSHIP] == partnership].astype(_GAPS).sort_values(HELD_ON, ignore_index=True)


def _rated_on(frame: pd.DataFrame, day: date) -> pd.DataFrame:
    return frame[frame[HELD_ON] == pd.Timestamp(day)].astype(_GAPS)


def _with_movement(pairs: pd.DataFrame, rated_before: pd.Series) -> pd.DataFrame:
    """Names the movement of each row, first rule that fits, and blanks the change that cannot be told."""
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
    tests = [rule.fillna(False).to_numpy(dtype=bool) for rule, _ in rules]
    names = np.select(tests, [kind.value for _, kind in rules], default=Movement.SAME.value)
    told = pairs.assign(**{CHANGE: change, MOVEMENT: pd.Series(names, index=pairs.index, dtype="str")})
    told[CHANGE] = change.where(told[MOVEMENT].isin([kind.value for kind in _COMPARED]))
    return told.sort_values(PAIR, ignore_index=True)[_MOVED]
