"""From facts to the tidy frame that every measure takes."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
import pandas as pd

from progressions.measures.columns import DOMAIN, HELD_ON, PARTNERSHIP, RATING_DTYPES, RUBRIC, TOLD_DTYPES
from progressions.ratings import RatingFact, RatingKey, Told

_KEY = [PARTNERSHIP, RUBRIC, DOMAIN, HELD_ON]
_MOST_PIECES = 40
"""Pieces that a column may lie in: each makes all measures a little slower, and putting them together takes time."""


@dataclass(frozen=True, slots=True)
class Tidied:
    """The tidy frame, how many rows each partnership has in it, and in how many pieces its columns may lie."""

    frame: pd.DataFrame
    sizes: Mapping[str, int]
    pieces: int = 1


def tidy(facts: Iterable[RatingFact]) -> pd.DataFrame:
    """One row a rating, columns of ``RATING_DTYPES``, ordered by partnership, rubric, domain and day.

    *Not rated* has no row. No facts give an empty frame with the same dtypes. ValueError where two facts rate
    the same domain of the same partnership at the same convening: counting one of them twice would mislead
    silently.
    """
    frame = pd.DataFrame(list(facts), columns=list(RATING_DTYPES)).astype(RATING_DTYPES)
    twice = frame.duplicated(_KEY)
    if twice.any():
        raise ValueError(f"rated twice: {frame.loc[twice, _KEY].iloc[0].to_dict()}")
    return frame.sort_values(_KEY, ignore_index=True)


def tidied(facts: Iterable[RatingFact]) -> Tidied:
    """``tidy``, and what it takes to bring it up to date."""
    frame = tidy(facts)
    return Tidied(frame, _sizes(frame))


def brought_up_to_date(before: Tidied, facts: Sequence[RatingFact], gone: Iterable[RatingKey]) -> Tidied:
    """The frame with these ratings as they are now, and without those that are not rated any more.

    The same as ``tidy`` of all facts as they are now. Of partnerships in which nothing changed no text is copied.
    """
    taken = {RatingKey(*fact[:4]) for fact in facts} | set(gone)
    if not taken:
        return before
    now = {code: _now(before, code, taken, facts) for code in sorted({key.partnership for key in taken})}
    sizes = {**before.sizes, **{code: len(rows) for code, rows in now.items()}}
    frame = pd.concat(list(_pieces(before, now)), ignore_index=True)
    pieces = before.pieces + 2 * len(now)
    if pieces > _MOST_PIECES:
        frame, pieces = frame.take(np.arange(len(frame))), 1
    return Tidied(frame, {code: sizes[code] for code in sorted(sizes)}, pieces)


def _now(before: Tidied, code: str, taken: set[RatingKey], facts: Iterable[RatingFact]) -> pd.DataFrame:
    """The rows of one partnership as they are now."""
    start, end = _place(before, code)
    rows = before.frame.iloc[start:end].itertuples(index=False, name=None)
    were = [RatingFact(partnership, day.date(), *rest) for partnership, day, *rest in rows]
    kept = [fact for fact in were if RatingKey(*fact[:4]) not in taken]
    return tidy([*kept, *(fact for fact in facts if fact.partnership == code)])


def rows_of(before: Tidied, partnership: str) -> pd.DataFrame:
    """The rows of one partnership, found without looking at those of the others."""
    start, end = _place(before, partnership)
    return before.frame.iloc[start:end].reset_index(drop=True)


def _pieces(before: Tidied, now: Mapping[str, pd.DataFrame]) -> Iterator[pd.DataFrame]:
    """The rows as they were between the partnerships that changed, and theirs as they are now."""
    done = 0
    for code, rows in now.items():
        start, end = _place(before, code)
        yield before.frame.iloc[done:start]
        yield rows
        done = end
    yield before.frame.iloc[done:]


def _place(before: Tidied, code: str) -> tuple[int, int]:
    """Where the rows of a partnership begin and end, or would."""
    start = sum(size for other, size in before.sizes.items() if other < code)
    return start, start + before.sizes.get(code, 0)


def _sizes(frame: pd.DataFrame) -> dict[str, int]:
    return {str(code): int(count) for code, count in frame.groupby(PARTNERSHIP).size().items()}


def on_days(frame: pd.DataFrame, days: Iterable[date]) -> pd.DataFrame:
    """The rows of these convenings."""
    return where(frame, frame[HELD_ON].isin([pd.Timestamp(day) for day in days]))


def of_rubric(frame: pd.DataFrame, rubric: str) -> pd.DataFrame:
    """The rows of one rubric alone."""
    return where(frame, frame[RUBRIC] == rubric)


def of_domains(frame: pd.DataFrame, domains: Iterable[str]) -> pd.DataFrame:
    """The rows of these domains, by their codes."""
    return where(frame, frame[DOMAIN].isin(list(domains)))


def where(frame: pd.DataFrame, wanted: "pd.Series[bool] | npt.NDArray[np.bool_]") -> pd.DataFrame:
    """The rows for which it holds; where it does for all, the very frame: a large one takes its time to be copied."""
    return frame if wanted.all() else frame[wanted]


def attendance_frame(pairs: Iterable[tuple[str, date]]) -> pd.DataFrame:
    """Who rated when, one row a pair: ``partnership`` and ``held_on``, enough for ``convenings_of``."""
    frame = pd.DataFrame(list(pairs), columns=[PARTNERSHIP, HELD_ON])
    return frame.astype({name: RATING_DTYPES[name] for name in (PARTNERSHIP, HELD_ON)})


def told_frame(told: Iterable[Told]) -> pd.DataFrame:
    """What was told beside levels, one row a rating that tells any, columns of ``TOLD_DTYPES``, in the order given.

    Nothing told gives an empty frame with the same dtypes.
    """
    return pd.DataFrame([_told_row(each) for each in told], columns=list(TOLD_DTYPES)).astype(TOLD_DTYPES)


def _told_row(told: Told) -> tuple[object, ...]:
    step, hindsight = told.next_step, told.hindsight
    return (
        told.partnership,
        told.held_on,
        told.rubric,
        told.domain,
        told.wording,
        told.reason.value if told.reason else "",
        hindsight.level if hindsight else None,
        hindsight.held_on if hindsight else None,
        step.text,
        step.owner,
        step.due,
        step.state.value,
    )
