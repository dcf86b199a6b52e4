"""What may be told of peers: frozen snapshots against differencing in time, and thirds of halves on bands.

The unit is the partnership: one rating of one domain at one convening. *Not rated* is never counted, and never a level.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import groupby
from operator import itemgetter
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd

from progressions.measures.columns import DOMAIN, LEVEL, LEVEL_OR_GAP, PARTNERSHIP, WORDING
from progressions.people import LEAST_OTHERS

STEP = "step"
"""int64: number of the save; an import is one, and so is its undo."""
AT = "at"
"""datetime64, UTC: the moment of the save."""
AS_OF = "as_of"
"""datetime64, UTC: the moment of the save with which a snapshot was released."""
IS_COUNTED = "is_counted"
"""bool: rated under the newest wording of the snapshot; the others are not comparable with these."""

_MOMENT = "datetime64[us, UTC]"
_HISTORY = {STEP: "int64", AT: _MOMENT, PARTNERSHIP: "str", DOMAIN: "str", LEVEL: LEVEL_OR_GAP, WORDING: "int16"}
_STATES = {DOMAIN: "str", PARTNERSHIP: "str", LEVEL: "int8", WORDING: "int16", IS_COUNTED: "bool", AS_OF: _MOMENT}

FEWEST_CHANGED = LEAST_OTHERS
"""Any two snapshots of one domain at one convening differ in so many partnerships at least, or not at all."""
FEWEST_RATED = LEAST_OTHERS + 1
"""A snapshot holds so many partnerships at least: whoever is in it has five others.

Both are the same whatever a network has set: a snapshot that depended on a setting could be differenced by changing it.
"""
FEWEST_LEVELS = 4
"""On bands each half of the levels must hold two, so that no half gives a level away."""

Change: TypeAlias = tuple[int, datetime, str, str, int | None, int]
"""Step, moment, partnership, domain, level (None: not rated from then on), wording."""
_Save: TypeAlias = tuple[int, datetime, str, str, int, int]
"""A change with 0 for not rated, within this module only."""
_Sites: TypeAlias = npt.NDArray[np.int64]
"""One number a partnership: wording and level in one, 0 where not rated."""
_WORDING = 8  # more than there are levels


class Band(StrEnum):
    """Which share of the peers stands in the upper half of the levels."""

    FEW = "few"
    """Fewer than a third."""
    MIDDLE = "middle"
    """A third to two thirds, both ends included."""
    MOST = "most"
    """More than two thirds."""


def band(upper: int, peers: int) -> Band:
    """The third in which ``upper`` of ``peers`` lies. ValueError where there are no peers."""
    if peers < 1 or not 0 <= upper <= peers:
        raise ValueError(f"{upper} of {peers} peers have no share")
    if 3 * upper < peers:
        return Band.FEW
    return Band.MOST if 3 * upper > 2 * peers else Band.MIDDLE


def upper_half(levels: int) -> int | None:
    """The lowest level of the upper half; None where a half would be a single level, which it would give away."""
    return levels // 2 + 1 if levels >= FEWEST_LEVELS else None


def history_frame(changes: Iterable[Change]) -> pd.DataFrame:
    """Every save of one rubric's ratings at one convening, in their order: one row a save and domain."""
    return pd.DataFrame(list(changes), columns=list(_HISTORY)).astype(_HISTORY)


def current(history: pd.DataFrame) -> pd.DataFrame:
    """What is rated now: one row a rating, columns as ``released``; ``as_of`` is the domain's last save.

    For those who see names: whoever sees who stands where needs no protection from differencing.
    """
    return _states(history, _latest)


def released(history: pd.DataFrame) -> pd.DataFrame:
    """The snapshot that members see of each domain: one row a rating in it, own ones too.

    In: ``history_frame``, whole, from the first save on. Out: ``domain``, ``partnership``, ``level``, ``wording``,
    ``is_counted``, ``as_of``. A domain without a snapshot has no row.

    A snapshot moves on when at least five partnerships stand elsewhere than in it, and then to a state that differs by
    at least five from *every* snapshot that was ever released, or to one of those again: against the last alone, a
    turn there and back would lay open what changed in between. The first holds six partnerships at least. A snapshot
    goes when those rated have become fewer than that. What is not counted (an older wording) never makes a difference.
    Counting what would be told against what has been told follows the thresholds against differencing of official
    statistics (Hundepool et al., Statistical Disclosure Control, 2012).
    """
    return _states(history, _released)


@dataclass(frozen=True, slots=True)
class _Snapshot:
    """All who were rated at a moment, and those of them who are counted (the others are 0 there), ``size`` many."""

    rated: _Sites
    counted: _Sites
    at: datetime
    size: int


_Choice: TypeAlias = Callable[[Iterator[_Snapshot]], _Snapshot | None]


def _states(history: pd.DataFrame, choose: _Choice) -> pd.DataFrame:
    rows = history.sort_values([DOMAIN, STEP], kind="stable").fillna({LEVEL: 0})
    columns = [rows[name].tolist() for name in _HISTORY]
    found = [
        state
        for domain, saves in groupby(zip(*columns, strict=True), key=itemgetter(3))
        for state in _states_of(domain, list(saves), choose)
    ]
    return pd.DataFrame(found, columns=list(_STATES)).astype(_STATES)


def _states_of(domain: str, saves: list[_Save], choose: _Choice) -> Iterator[tuple[object, ...]]:
    names = list(dict.fromkeys(save[2] for save in saves))
    snapshot = choose(_moments(saves, {name: place for place, name in enumerate(names)}))
    if snapshot is None:
        return
    for name, said, counted in zip(names, snapshot.rated.tolist(), snapshot.counted.tolist(), strict=True):
        if said:
            yield domain, name, said % _WORDING, said // _WORDING, counted > 0, snapshot.at


def _moments(saves: list[_Save], places: dict[str, int]) -> Iterator[_Snapshot]:
    """How everybody stands after each step; a later one changes nothing of an earlier one."""
    rated = np.zeros(len(places), dtype=np.int64)
    for _, step in groupby(saves, key=itemgetter(0)):
        together = list(step)
        for _, _, name, _, level, wording in together:
            rated[places[name]] = wording * _WORDING + level if level else 0
        newest = rated.max() // _WORDING
        counted = np.where(rated // _WORDING == newest, rated, 0)
        yield _Snapshot(rated.copy(), counted, together[-1][1], int(np.count_nonzero(counted)))


def _latest(moments: Iterator[_Snapshot]) -> _Snapshot | None:
    last = None
    for moment in moments:
        last = moment
    return last


def _released(moments: Iterator[_Snapshot]) -> _Snapshot | None:
    told: list[_Snapshot] = []
    shown: _Snapshot | None = None
    for moment in moments:
        if shown is None or not _is_near(moment, shown):
            shown = _next(moment, shown, told)
    return shown


def _next(moment: _Snapshot, shown: _Snapshot | None, told: list[_Snapshot]) -> _Snapshot | None:
    """What is shown after a moment that has left what was shown until then; a new snapshot joins those told."""
    for before in told:
        if _is_near(moment, before):
            return before
    if moment.size >= FEWEST_RATED:
        told.append(moment)
        return moment
    # A new wording that few have rated yet takes nothing away; ratings that have been withdrawn do.
    return shown if np.count_nonzero(moment.rated) >= FEWEST_RATED else None


def _is_near(one: _Snapshot, other: _Snapshot) -> bool:
    if abs(one.size - other.size) >= FEWEST_CHANGED:  # spares the look at each partnership while a network joins
        return False
    return int(np.count_nonzero(one.counted != other.counted)) < FEWEST_CHANGED
