"""What a partnership told beside its levels: why they moved, what it promised, what it would say of an earlier one."""

from collections import Counter
from collections.abc import Mapping
from datetime import date

import numpy as np
import pandas as pd

from progressions.measures.columns import (
    CHANGE,
    DOMAIN,
    DUE,
    HELD_NOW,
    HELD_ON,
    HELD_THEN,
    HINDSIGHT,
    HINDSIGHT_ON,
    LEVEL,
    LEVEL_NOW,
    LEVEL_OR_GAP,
    LEVEL_THEN,
    MOVEMENT,
    OVERDUE,
    OWNER,
    PAIR,
    PARTNERSHIP,
    REASON,
    REASONS_GIVEN,
    RUBRIC,
    SAME_WORDS,
    STEP,
    STEP_STATE,
    TOLD_ON,
    WORDING,
    WORDING_NOW,
    WORDING_OR_GAP,
    WORDING_THEN,
)
from progressions.measures.findings import WHYS
from progressions.measures.kinds import NO_REASON, SEVERAL_REASONS, Movement
from progressions.measures.movement import movement_between, named_movement
from progressions.measures.numbers import Numbers, numbered_alike
from progressions.ratings import StepState

_KEY = [*PAIR, HELD_ON]
_MOVED = (Movement.UP.value, Movement.DOWN.value)
_POINT = [*_KEY, LEVEL, HINDSIGHT, TOLD_ON, SAME_WORDS]
_PROMISE = [STEP, OWNER, DUE, STEP_STATE]
_AFTERWARDS = [LEVEL_THEN, HELD_NOW, LEVEL_NOW, CHANGE, MOVEMENT]


def hindsight_points(frame: pd.DataFrame, told: pd.DataFrame) -> pd.DataFrame:
    """The levels that earlier ratings would have, "knowing what we know now"; they never take a rating's place.

    Out: the key of the rating, ``level`` as stored, ``hindsight``, ``told_on``, ``same_words``.

    Measure: What we would say of it now
    Tells: the level that a partnership would give an earlier convening, "knowing what we know now"; it stands beside
        the rating and never takes its place
    Population: the ratings that a later convening looked back at; where several did, the latest counts
    Denominator: none: each is shown by itself
    Not rated: what looks back at a convening without a rating has nothing to stand beside, and is left out
    Unit: one rating, with the level told later
    Source: the hindsight saved with the later rating; people rate themselves lower as they understand more (Drennan &
        Hyde 2008)
    """
    looked = told[told[HINDSIGHT].notna() & (told[HINDSIGHT_ON] < told[HELD_ON])]
    looked = looked.sort_values(HELD_ON).groupby([*PAIR, HINDSIGHT_ON]).tail(1)
    looked = looked.rename(columns={HELD_ON: TOLD_ON, HINDSIGHT_ON: HELD_ON, WORDING: WORDING_NOW})
    points = looked[[*_KEY, HINDSIGHT, TOLD_ON, WORDING_NOW]].merge(frame, on=_KEY)
    points[SAME_WORDS] = points[WORDING_NOW] == points[WORDING]
    return points.astype({LEVEL: LEVEL_OR_GAP}).sort_values(_KEY, ignore_index=True)[_POINT]


def promises(frame: pd.DataFrame, told: pd.DataFrame) -> pd.DataFrame:
    """Every next step, where it was promised, and whether its domain moved afterwards: from the level that stood
    beside it to the latest rating since on the same words.

    Out, the newest first: the pair, ``held_then`` (promised), ``level_then``, ``held_now`` (the latest rating since),
    ``level_now``, ``change``, ``movement``, and the promise itself. In ``movement`` no level since is *not rated*, a
    level since and none beside the promise is *first*; ratings since on other words alone are *not comparable*.

    Measure: What was promised, and what the domain did afterwards
    Tells: every next step, where it was promised, and whether its domain moved since; nothing of it says that the
        promise was the cause
    Population: all promises told, at any convening
    Denominator: all promises; those that cannot be compared, because the domain was rated since on other words alone or
        is not rated at one of the two, are told beside, with the reason
    Not rated: no rating since is "not rated since"; a rating since and none beside the promise is "not rated when
        promised"
    Unit: one promise; a domain may have several
    Source: the next steps saved with ratings, and counting
    """
    made = told.loc[told[STEP] != "", [*_KEY, WORDING, *_PROMISE]]
    levels, words = frame[LEVEL].astype(LEVEL_OR_GAP).array, frame[WORDING].astype(WORDING_OR_GAP).array
    then, since = _then_and_since(frame, made)
    pairs = made.rename(columns={WORDING: WORDING_THEN, HELD_ON: HELD_THEN}).assign(
        **{
            LEVEL_THEN: levels.take(then, allow_fill=True),
            HELD_NOW: frame[HELD_ON].array.take(since, allow_fill=True),
            LEVEL_NOW: levels.take(since, allow_fill=True),
            WORDING_NOW: words.take(since, allow_fill=True),
        }
    )
    named = named_movement(pairs, pd.Series(False, index=pairs.index))
    by = [HELD_THEN, PARTNERSHIP, RUBRIC, DOMAIN]
    return named.sort_values(by, ascending=[False, True, True, True], ignore_index=True)[
        [*PAIR, HELD_THEN, *_AFTERWARDS, *_PROMISE]
    ]


def _then_and_since(frame: pd.DataFrame, made: pd.DataFrame) -> tuple[Numbers, Numbers]:
    """For each promise the place of the rating beside it; and of the latest since on the same words, else of the
    latest since. -1 where there is none.
    """
    pairs = numbered_alike(frame, made, PAIR)
    then, on_words = (_latest(*numbered_alike(frame, made, [name], pairs)) for name in (HELD_ON, WORDING))
    on_any = _latest(*pairs)
    days, promised = frame[HELD_ON].array, made[HELD_ON].array
    is_later, is_any = (days.take(places, allow_fill=True) > promised for places in (on_words, on_any))
    return then, np.where(is_later, on_words, np.where(is_any, on_any, -1))


def _latest(mine: Numbers, theirs: Numbers) -> Numbers:
    """For each of their numbers the last place that has it in mine, -1 where there is none."""
    (last,) = np.nonzero(~pd.Index(mine).duplicated(keep="last"))
    places: Numbers = np.append(last, -1)[pd.Index(mine[last]).get_indexer(pd.Index(theirs))]
    return places


def overdue(made: pd.DataFrame, today: date) -> pd.DataFrame:
    """Which promises are overdue on a day. In: ``promises``; out: its columns and ``overdue``.

    On the day itself a promise is not overdue yet.

    Measure: Promises that are overdue
    Tells: which promises are still open after the day they were due, while their domain has not moved up since; beside
        each, whether the domain was rated since at all
    Population: all promises told that name a day
    Denominator: none: each is marked by itself, and counted by what its domain did since
    Not rated: a domain without a rating since, or without one when it was promised, has not moved up, and is told as
        "not rated since" or "not rated when promised"
    Unit: one promise; a domain may have several
    Source: the days and states saved with next steps, and counting; it tells of the domain, not of what was done
    """
    is_late = made[DUE] < pd.Timestamp(today)
    return made.assign(
        **{OVERDUE: is_late & (made[STEP_STATE] == StepState.OPEN.value) & (made[MOVEMENT] != Movement.UP.value)}
    )


def told_line(line: pd.DataFrame, points: pd.DataFrame, made: pd.DataFrame) -> pd.DataFrame:
    """The line of one domain with what was told of its convenings.

    In: ``line_of``, and the rows of ``hindsight_points`` and ``overdue``, of which those of other domains must be
    left out before. Out: the line's columns, ``hindsight``, ``told_on``, ``same_words``, the promise, ``overdue``, and
    of what became of the domain afterwards ``movement``, ``held_now``, ``level_now``; each NA where nothing was told.
    """
    looks = points[[HELD_ON, HINDSIGHT, TOLD_ON, SAME_WORDS]]
    steps = made.rename(columns={HELD_THEN: HELD_ON})[[HELD_ON, *_PROMISE, OVERDUE, MOVEMENT, HELD_NOW, LEVEL_NOW]]
    return line.merge(looks, on=HELD_ON, how="left").merge(steps, on=HELD_ON, how="left")


def reasons_between(frame: pd.DataFrame, told: pd.DataFrame, then: date, now: date) -> pd.DataFrame:
    """What moved between two convenings, with the reasons given for it.

    Out: one row a pair, columns as ``movement_between`` and ``reasons_given``: the different reasons told with those of
    its steps in between (each against the rating before it, on the same words) that went the way the whole went; empty
    where none was told. ValueError unless ``then`` is before ``now``.

    Measure: What moved, and the reasons given
    Tells: which domains moved up or down between two convenings, with the reasons that the partnership gave
    Population: the domains of partnerships that moved up or down between the two, rated at both on the same wording;
        the others have nothing to give a reason for
    Denominator: none: each movement is told with its reasons, or with none
    Not rated: rated at one of the two only: it has not moved, and is left out
    Unit: one domain of one partnership
    Source: the reasons saved with the later rating of each step, where it went the way the whole went
    """
    between = movement_between(frame, then, now)
    moved = between[between[MOVEMENT].isin(_MOVED)]
    steps = _steps(frame, then, now).merge(told[[*_KEY, REASON]], on=_KEY)
    given = steps[steps[REASON] != NO_REASON].merge(moved[[*PAIR, MOVEMENT]], on=[*PAIR, MOVEMENT])
    given = given.sort_values(HELD_ON).drop_duplicates([*PAIR, REASON])
    reasons = given.groupby(PAIR)[REASON].agg(tuple).rename(REASONS_GIVEN).reset_index()
    whole = moved.merge(reasons, on=PAIR, how="left")
    whole[REASONS_GIVEN] = [each if isinstance(each, tuple) else () for each in whole[REASONS_GIVEN]]
    return whole


def why(reasons: tuple[str, ...]) -> str:
    """The kind of ``WHYS`` that a movement with these different reasons is counted under."""
    if len(reasons) > 1:
        return SEVERAL_REASONS
    return reasons[0] if reasons else NO_REASON


def reason_counts(moved: pd.DataFrame) -> Mapping[Movement, Mapping[str, int]]:
    """How many pairs of ``reasons_between`` moved up, and how many down, for each kind of ``WHYS``.

    Measure: Why it moved, in counts
    Tells: of what moved up, and of what moved down, how many for each kind of reason: practice, understanding, people,
        rubric, several, none given
    Population: the domains of partnerships that moved up or down between two convenings, rated at both on the same
        wording
    Denominator: those that moved that way, each counted once
    Not rated: without both ratings nothing has moved, and it is left out
    Unit: one domain of one partnership
    Source: counting the reasons saved with ratings; a fall asks for its reason, because people rate themselves lower as
        they understand more (Drennan & Hyde 2008)
    """
    given = moved[REASONS_GIVEN].to_numpy()
    found: dict[Movement, Counter[str]] = {Movement.UP: Counter(), Movement.DOWN: Counter()}
    for way, counts in found.items():
        for reasons, n in Counter(given[moved[MOVEMENT] == way.value]).items():
            counts[why(reasons)] += n
    return {way: {kind: counts[kind] for kind in WHYS} for way, counts in found.items()}


def _steps(frame: pd.DataFrame, then: date, now: date) -> pd.DataFrame:
    """The ratings after ``then`` up to ``now`` that moved against the pair's rating before, on the same words.

    Of the tidy frame, which has each pair's ratings one after another, oldest first.
    """
    before = frame.groupby(PAIR)[[LEVEL, WORDING]].shift()
    change = (frame[LEVEL] - before[LEVEL]).where(frame[WORDING] == before[WORDING], 0)
    moved = (frame[HELD_ON] > pd.Timestamp(then)) & (frame[HELD_ON] <= pd.Timestamp(now)) & (change != 0)
    return frame[moved].assign(**{MOVEMENT: np.where(change[moved] > 0, Movement.UP.value, Movement.DOWN.value)})
