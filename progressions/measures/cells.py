"""Whether a snapshot may be told in parts, beside all that was told before: nothing adds up to fewer than five.

A *part* is what of a snapshot lies in one *cell*: in the same peer sets, and in no others. Whoever reads sets may add
and subtract everything that was ever told, of everybody and of sets, at whatever moments. What counts is what is left
when all else cancels: of how many partnerships is it?

Each number told counts pairs of a partnership and where it stood. Take any sum of such numbers, each times whatever:

1. *Snapshots.* Each is told only with at least five pairs that are in none before it. In a sum the latest one that
   takes part leaves these at least.
2. *Parts.* Two pairs of a new snapshot have the same *trace* where they were told in the same snapshots and parts
   before: no sum can treat them differently but by their cells. Where two cells are weighed differently, of each trace
   the pairs of one cell at most can cancel, so that at least the smaller number of the two is left. Two cells are
   *linked* where these smaller numbers add up to five. If all cells that are told anew hang together by links, a sum
   that weighs any two of them differently leaves five; one that weighs all alike is a sum of whole snapshots.

So by induction every sum is of five partnerships at least or of none at all. Whoever may be named is left out of all of
it: what is told of them alone can be subtracted, and five must be left of the others. Levels do not come into it: only
whether somebody stands where they stood, so that the argument for bands (``disclosure``) holds for sets too.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Places: TypeAlias = npt.NDArray[np.int64]
"""One number a partnership."""


@dataclass(frozen=True, slots=True)
class Parts:
    """A snapshot as it was told in parts: where each partnership stands (0: not counted) and the cell it is in."""

    stands: Places
    cells: Places


def may_be_told(parts: Parts, snapshots: Sequence[Places], before: Sequence[Parts], fewest: int) -> bool:
    """Whether the parts of a snapshot may be told after all these; ``snapshots`` holds its whole too.

    ``fewest`` is how many partnerships anything that is told must be of.
    """
    counted = parts.stands > 0
    anew = [cell for cell in np.unique(parts.cells[counted]) if not any(_holds(b, parts, cell) for b in before)]
    if len(anew) < 2:
        return True
    traces = _traces(parts, snapshots, before)[counted]
    cells = parts.cells[counted]
    sizes = np.array([np.bincount(traces[cells == cell], minlength=traces.max() + 1) for cell in anew])
    linked = np.minimum(sizes[:, None, :], sizes[None, :, :]).sum(axis=2) >= fewest
    return _hangs_together(linked)


def _holds(before: Parts, parts: Parts, cell: np.int64) -> bool:
    """Whether this part was told before as it is now."""
    now = np.where(parts.cells == cell, parts.stands, 0)
    (at,) = np.nonzero(now)
    then = np.where(before.cells == before.cells[at[0]], before.stands, 0)
    return bool((now == then).all())


def _traces(parts: Parts, snapshots: Sequence[Places], before: Sequence[Parts]) -> Places:
    """A number for each partnership: the same where its pair was told in the same snapshots and parts."""
    whole = [(stands == parts.stands).astype(np.int64) for stands in snapshots]
    in_parts = [np.where(b.stands == parts.stands, b.cells + 1, 0) for b in before]
    told = np.column_stack([*whole, *in_parts])
    return np.unique(told, axis=0, return_inverse=True)[1].reshape(-1)


def _hangs_together(linked: npt.NDArray[np.bool_]) -> bool:
    reached = np.zeros(len(linked), dtype=np.bool_)
    reached[0] = True
    while True:
        further = reached | linked[reached].any(axis=0)
        if (further == reached).all():
            return bool(reached.all())
        reached = further
