"""When what members see of one domain moves on: snapshots against differencing. ``disclosure`` has the rules."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from progressions.measures.cells import Parts, may_be_told
from progressions.people import LEAST_OTHERS

FEWEST_CHANGED = LEAST_OTHERS
"""Any sum of what is told of one domain at one convening is of so many partnerships at least, or of none."""
FEWEST_RATED = LEAST_OTHERS + 1
"""A snapshot holds so many partnerships at least: whoever is in it has five others.

Both are the same whatever a network has set: a snapshot that depended on a setting could be differenced by changing it.
"""

Sites: TypeAlias = npt.NDArray[np.int64]
"""One number a partnership: wording and level in one, 0 where not rated."""
Some: TypeAlias = npt.NDArray[np.bool_]
"""Which partnerships."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """All who were rated at a moment, and those of them who are counted (the others are 0 there), ``size`` many."""

    rated: Sites
    counted: Sites
    at: datetime
    size: int


@dataclass(frozen=True, slots=True)
class InParts:
    """A snapshot as it was told of sets: ``sets`` in bits, and how many snapshots had been told by then, it too."""

    snapshot: Snapshot
    parts: Parts
    sets: int
    snapshots: int


class Telling:
    """What has been told of one domain at one convening, event by event: of everybody, and in parts for peer sets.

    ``shown`` is what is told now, ``turns`` since when it was what, ``in_parts`` what is told of sets: a part for each
    cell of the sets there were by then. ``known`` are those who may be named: nobody hides behind them, so that they
    count among no five. Whoever agrees to be named when what was told already would be of too few others then is not:
    it is not told who they are, or where they stood.
    """

    def __init__(self, size: int) -> None:
        self.told: list[Snapshot] = []
        self.shown: Snapshot | None = None
        self.turns: list[tuple[datetime, Snapshot | None]] = []
        self.in_parts: list[InParts] = []
        self.known: Some = np.zeros(size, dtype=np.bool_)
        self._cells: Sites = np.zeros(size, dtype=np.int64)
        self._sets = 0

    def comes(self, moment: Snapshot) -> None:
        """Takes in how everybody stands after a save."""
        if self.shown is not None and self._is_near(moment, self.shown):
            return
        before, self.shown = self.shown, self._next(moment)
        if self.shown is not before:
            self.turns.append((moment.at, self.shown))
            self._divide()

    def adds(self, members: Some, bit: int) -> None:
        """Takes in that a set was made."""
        self._cells = self._cells | np.where(members, bit, 0)
        self._sets |= bit
        self._divide()

    def agrees(self, place: int) -> None:
        """Takes in that a partnership agreed to be named."""
        known = self.known.copy()
        known[place] = True
        if self._hides(known, place):
            self.known = known

    def _next(self, moment: Snapshot) -> Snapshot | None:
        """What is shown after a moment that has left what was shown until then; a new snapshot joins those told."""
        for before in self.told:
            if self._is_near(moment, before):
                return before
        if _may_follow(moment, self.told, self.known):
            self.told.append(moment)
            return moment
        # A new wording that few have rated yet takes nothing away; ratings that have been withdrawn do.
        return self.shown if _count(moment.rated > 0, self.known) >= FEWEST_RATED else None

    def _is_near(self, one: Snapshot, other: Snapshot) -> bool:
        if abs(one.size - other.size) >= FEWEST_CHANGED + np.count_nonzero(self.known):
            return False  # spares the look at each partnership while a network joins
        return _count(one.counted != other.counted, self.known) < FEWEST_CHANGED

    def _divide(self) -> None:
        if self.shown is None or not self._sets:
            return
        parts = Parts(self.shown.counted, self._cells)
        if _may_be_divided(parts, self.told, [each.parts for each in self.in_parts], self.known):
            self.in_parts.append(InParts(self.shown, parts, self._sets, len(self.told)))

    def _hides(self, known: Some, one: int) -> bool:
        """Whether all that was told is of enough others still where these are known, of whom one is new."""
        return all(_may_follow(each, self.told[:place], known) for place, each in enumerate(self.told)) and all(
            _may_be_divided(
                each.parts, self.told[: each.snapshots], [part.parts for part in self.in_parts[:place]], known
            )
            and _has_room(each.parts, known, one)
            for place, each in enumerate(self.in_parts)
        )


def _count(those: Some, known: Some) -> int:
    """How many of them are not known."""
    return int(np.count_nonzero(those & ~known))


def _may_follow(moment: Snapshot, told: Sequence[Snapshot], known: Some) -> bool:
    """Whether it holds enough, and enough who stand where no snapshot before has told them."""
    new = moment.counted > 0
    if _count(new, known) < FEWEST_RATED:
        return False
    for before in told:
        new = new & (moment.counted != before.counted)
    return _count(new, known) >= FEWEST_CHANGED


def _may_be_divided(parts: Parts, told: Sequence[Snapshot], before: Sequence[Parts], known: Some) -> bool:
    hidden = [_without(each, known) for each in before]
    return may_be_told(_without(parts, known), [each.counted for each in told], hidden, FEWEST_CHANGED)


def _without(parts: Parts, known: Some) -> Parts:
    return Parts(np.where(known, 0, parts.stands), parts.cells)


def _has_room(parts: Parts, known: Some, one: int) -> bool:
    """Whether everybody in the cell of one who agreed keeps five others. One of fewer than five was told to nobody."""
    mates = (parts.cells == parts.cells[one]) & (parts.stands > 0)
    return not parts.stands[one] or int(mates.sum()) < FEWEST_CHANGED or _count(mates, known) >= FEWEST_RATED
