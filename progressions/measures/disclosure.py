"""What may be told of peers: frozen snapshots against differencing in time, and thirds of halves on bands.

The unit is the partnership: one rating of one domain at one convening. *Not rated* is never counted, and never a level.

*Peer sets* are frozen too: whom a set holds never changes, and one that was shown to members once counts for ever,
after it was taken away as well. A snapshot is told of sets where it may be told in parts, one for each cell of all
these sets together (``cells`` has the reasoning). *On bands* sets change nothing of the argument: let everybody but
the reader stand at other levels of the same halves. Which snapshots are told, and in which parts, hangs on who stands
where they stood, which is the same; and so are the shares of the upper half in each part. So no level can be
determined, in a set of whatever size. A group that is chosen by a level (``started``) would break it: that is never
told on bands.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import groupby
from operator import itemgetter
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd

from progressions.measures.cells import Parts, may_be_told
from progressions.measures.columns import DOMAIN, LEVEL, LEVEL_OR_GAP, PARTNERSHIP, WORDING
from progressions.people import LEAST_OTHERS, PeerSet
from progressions.rubric import upper_half_from

STEP = "step"
"""int64: number of the save; an import is one, and so is its undo."""
AT = "at"
"""datetime64, UTC: the moment of the save."""
AS_OF = "as_of"
"""datetime64, UTC: the moment of the save with which a snapshot was released."""
IS_COUNTED = "is_counted"
"""bool: rated under the newest wording of the snapshot; the others are not comparable with these."""

SETS = "sets"
"""int64: the sets that the partnership is in, one bit each in the order of making; the same bits are one cell."""
SETS_TOLD = "sets_told"
"""int64: the sets that are told of this domain, in the same bits."""

_MOMENT = "datetime64[us, UTC]"
_HISTORY = {STEP: "int64", AT: _MOMENT, PARTNERSHIP: "str", DOMAIN: "str", LEVEL: LEVEL_OR_GAP, WORDING: "int16"}
_STATES = {DOMAIN: "str", PARTNERSHIP: "str", LEVEL: "int8", WORDING: "int16", IS_COUNTED: "bool", AS_OF: _MOMENT}
_IN_SETS = {**_STATES, SETS: "int64", SETS_TOLD: "int64"}

FEWEST_CHANGED = LEAST_OTHERS
"""Any sum of what is told of one domain at one convening is of so many partnerships at least, or of none."""
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
    return upper_half_from(levels) if levels >= FEWEST_LEVELS else None


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

    A snapshot moves on when at least five partnerships stand elsewhere than in it, and then to a state in which at
    least five stand where *no* snapshot ever released told them, and which differs by at least five from each, or to
    one of those again: against the last alone, a turn there and back would lay open what changed in between, and four
    snapshots whose differences overlap would lay open what does not. The first holds six partnerships at least. A
    snapshot goes when those rated have become fewer than that. What is not counted (an older wording) never makes a
    difference. Counting what would be told against what has been told follows the thresholds against differencing of
    official statistics (Hundepool et al., Statistical Disclosure Control, 2012).
    """
    return _states(history, _released)


def released_in_sets(history: pd.DataFrame, sets: Sequence[PeerSet]) -> pd.DataFrame:
    """The snapshot that members see of each domain where they look at peer sets: one row a rating in it.

    In: as ``released``, and every set that was ever shown to members, in the order of making. Out: as ``released``, and
    ``sets``, ``sets_told``. It is the latest one of ``released`` that might be told in parts, which may be an earlier
    one than everybody's. A domain of which no set is told has no row.
    """
    rows = _rows_of(history, lambda names, moments: _in_sets(names, moments, sets))
    return pd.DataFrame(rows, columns=list(_IN_SETS)).astype(_IN_SETS)


Releases: TypeAlias = Sequence[tuple[datetime, Mapping[str, int]]]
"""Since when, and where those counted stand."""


def releases(history: pd.DataFrame) -> Mapping[str, Releases]:
    """How what members see of each domain became another thing: since when, and where those counted stand.

    A place is one number, the same where level and wording are. Nobody stands anywhere while nothing is shown.
    """
    found: dict[str, list[tuple[datetime, Mapping[str, int]]]] = {}

    def tell(names: list[str], moments: Iterator[_Snapshot]) -> Iterator[_Row]:
        telling = _Telling()
        for moment in moments:
            before = telling.shown
            telling.comes(moment)
            if telling.shown is not before:
                counted = telling.shown.counted.tolist() if telling.shown else [0] * len(names)
                yield moment.at, {name: at for name, at in zip(names, counted, strict=True) if at}

    for domain, at, standing in _rows_of(history, tell):
        found.setdefault(domain, []).append((at, standing))
    return found


def level_at(place: int) -> int:
    """The level of a place of ``releases``."""
    return place % _WORDING


def wording_at(place: int) -> int:
    """The wording of a place of ``releases``."""
    return place // _WORDING


@dataclass(frozen=True, slots=True)
class _Snapshot:
    """All who were rated at a moment, and those of them who are counted (the others are 0 there), ``size`` many."""

    rated: _Sites
    counted: _Sites
    at: datetime
    size: int


_Choice: TypeAlias = Callable[[Iterator[_Snapshot]], _Snapshot | None]
_Row: TypeAlias = tuple[Any, ...]
_Tell: TypeAlias = Callable[[list[str], Iterator[_Snapshot]], Iterator[_Row]]
"""From the names of the partnerships and all moments of a domain to the rows that are told, without the domain."""


def _states(history: pd.DataFrame, choose: _Choice) -> pd.DataFrame:
    rows = _rows_of(history, lambda names, moments: _standing(names, choose(moments)))
    return pd.DataFrame(rows, columns=list(_STATES)).astype(_STATES)


def _rows_of(history: pd.DataFrame, tell: _Tell) -> list[_Row]:
    rows = history.sort_values([DOMAIN, STEP], kind="stable").fillna({LEVEL: 0})
    moments, kept = pd.factorize(rows[AT])  # of a whole import there is one, and each row's would be made anew
    at = kept.tolist()
    columns = [[at[place] for place in moments.tolist()] if name == AT else rows[name].tolist() for name in _HISTORY]
    return [
        (domain, *row)
        for domain, grouped in groupby(zip(*columns, strict=True), key=itemgetter(3))
        for saves in (list(grouped),)
        for names in (list(dict.fromkeys(save[2] for save in saves)),)
        for row in tell(names, _moments(saves, {name: place for place, name in enumerate(names)}))
    ]


def _standing(names: list[str], snapshot: _Snapshot | None) -> Iterator[_Row]:
    if snapshot is None:
        return
    for name, said, counted in zip(names, snapshot.rated.tolist(), snapshot.counted.tolist(), strict=True):
        if said:
            yield name, said % _WORDING, said // _WORDING, counted > 0, snapshot.at


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
    telling = _Telling()
    for moment in moments:
        telling.comes(moment)
    return telling.shown


class _Telling:
    """What has been told of one domain, moment by moment: ``shown`` is what is told now."""

    def __init__(self) -> None:
        self.told: list[_Snapshot] = []
        self.shown: _Snapshot | None = None

    def comes(self, moment: _Snapshot) -> None:
        """Takes in how everybody stands after a save."""
        if self.shown is None or not _is_near(moment, self.shown):
            self.shown = self._next(moment)

    def _next(self, moment: _Snapshot) -> _Snapshot | None:
        """What is shown after a moment that has left what was shown until then; a new snapshot joins those told."""
        for before in self.told:
            if _is_near(moment, before):
                return before
        if moment.size >= FEWEST_RATED and self._news_in(moment) >= FEWEST_CHANGED:
            self.told.append(moment)
            return moment
        # A new wording that few have rated yet takes nothing away; ratings that have been withdrawn do.
        return self.shown if np.count_nonzero(moment.rated) >= FEWEST_RATED else None

    def _news_in(self, moment: _Snapshot) -> int:
        """How many stand where no snapshot has told them yet."""
        new = moment.counted > 0
        for before in self.told:
            new &= moment.counted != before.counted
        return int(np.count_nonzero(new))


class _TellingInSets(_Telling):
    """The same, and the snapshot that is told of sets, in parts: one for each cell of the sets there are by then."""

    def __init__(self, size: int) -> None:
        super().__init__()
        self.cells: _Sites = np.zeros(size, dtype=np.int64)
        self.sets = 0
        self.in_parts: list[tuple[_Snapshot, Parts, int]] = []

    def comes(self, moment: _Snapshot) -> None:
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


def _in_sets(names: list[str], moments: Iterator[_Snapshot], sets: Sequence[PeerSet]) -> Iterator[_Row]:
    """A set that was made after a save finds the snapshots that were told until then."""
    telling, waiting = _TellingInSets(len(names)), list(enumerate(sets))
    for moment in moments:
        while waiting and waiting[0][1].made_at <= moment.at:
            _add(telling, names, *waiting.pop(0))
        telling.comes(moment)
    for number, each in waiting:
        _add(telling, names, number, each)
    if telling.shown is None or not telling.in_parts:
        return
    snapshot, parts, told = telling.in_parts[-1]
    cells = dict(zip(names, parts.cells.tolist(), strict=True))
    for row in _standing(names, snapshot):
        yield *row, cells[str(row[0])], told


def _add(telling: _TellingInSets, names: list[str], number: int, added: PeerSet) -> None:
    telling.adds(np.isin(names, list(added.partnerships)), 1 << number)


def _is_near(one: _Snapshot, other: _Snapshot) -> bool:
    if abs(one.size - other.size) >= FEWEST_CHANGED:  # spares the look at each partnership while a network joins
        return False
    return int(np.count_nonzero(one.counted != other.counted)) < FEWEST_CHANGED
