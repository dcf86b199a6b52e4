"""When what members see of one domain moves on: snapshots against differencing. ``disclosure`` has the rules."""

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


@dataclass(frozen=True, slots=True)
class Snapshot:
    """All who were rated at a moment, and those of them who are counted (the others are 0 there), ``size`` many."""

    rated: Sites
    counted: Sites
    at: datetime
    size: int


class Telling:
    """What has been told of one domain, moment by moment: ``shown`` is what is told now."""

    def __init__(self) -> None:
        self.told: list[Snapshot] = []
        self.shown: Snapshot | None = None

    def comes(self, moment: Snapshot) -> None:
        """Takes in how everybody stands after a save."""
        if self.shown is None or not _is_near(moment, self.shown):
            self.shown = self._next(moment)

    def _next(self, moment: Snapshot) -> Snapshot | None:
        """What is shown after a moment that has left what was shown until then; a new snapshot joins those told."""
        for before in self.told:
            if _is_near(moment, before):
                return before
        if moment.size >= FEWEST_RATED and self._news_in(moment) >= FEWEST_CHANGED:
            self.told.append(moment)
            return moment
        # A new wording that few have rated yet takes nothing away; ratings that have been withdrawn do.
        return self.shown if np.count_nonzero(moment.rated) >= FEWEST_RATED else None

    def _news_in(self, moment: Snapshot) -> int:
        """How many stand where no snapshot has told them yet."""
        new = moment.counted > 0
        for before in self.told:
            new &= moment.counted != before.counted
        return int(np.count_nonzero(new))


class TellingInSets(Telling):
    """The same, and the snapshot that is told of sets, in parts: one for each cell of the sets there are by then."""

    def __init__(self, size: int) -> None:
        super().__init__()
        self.cells: Sites = np.zeros(size, dtype=np.int64)
        self.sets = 0
        self.in_parts: list[tuple[Snapshot, Parts, int]] = []

    def comes(self, moment: Snapshot) -> None:
        """Takes in how everybody stands after a save."""
        before = self.shown
        super().comes(moment)
        if self.shown is not before:
            self._divide()

    def adds(self, members: npt.NDArray[np.bool_], bit: int) -> None:
        """Takes in that a set was made."""
        self.cells = self.cells | np.where(members, bit, 0)
        self.sets |= bit
        self._divide()

    def _divide(self) -> None:
        if self.shown is None or not self.sets:
            return
        parts = Parts(self.shown.counted, self.cells)
        before = [each for _, each, _ in self.in_parts]
        if may_be_told(parts, [each.counted for each in self.told], before, FEWEST_CHANGED):
            self.in_parts.append((self.shown, parts, self.sets))


def _is_near(one: Snapshot, other: Snapshot) -> bool:
    if abs(one.size - other.size) >= FEWEST_CHANGED:  # spares the look at each partnership while a network joins
        return False
    return int(np.count_nonzero(one.counted != other.counted)) < FEWEST_CHANGED
