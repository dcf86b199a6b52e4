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
from itertools import pairwise
from typing import TypeAlias

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
    return _states(history.assign(**{STEP: 0}), lambda moments: next(moments, None))  # all of it as if saved at once


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
    told = (_in_sets(each, sets) for each in _domains_of(history))
    return _table([each for each in told if each is not None], _IN_SETS)


Releases: TypeAlias = Sequence[tuple[datetime, Mapping[str, int]]]
"""Since when, and where those counted stand."""


def releases(history: pd.DataFrame) -> Mapping[str, Releases]:
    """How what members see of each domain became another thing: since when, and where those counted stand.

    A place is one number, the same where level and wording are. Nobody stands anywhere while nothing is shown.
    """
    found = {each.domain: list(_releases_of(each.names, each.moments())) for each in _domains_of(history)}
    return {domain: told for domain, told in found.items() if told}


def _releases_of(names: list[str], moments: Iterator["_Snapshot"]) -> Iterator[tuple[datetime, Mapping[str, int]]]:
    telling = _Telling()
    for moment in moments:
        before = telling.shown
        telling.comes(moment)
        if telling.shown is not before:
            counted = telling.shown.counted.tolist() if telling.shown else [0] * len(names)
            yield moment.at, {name: at for name, at in zip(names, counted, strict=True) if at}


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


@dataclass(frozen=True, slots=True)
class _Domain:
    """The saves of one domain, in their order: step, moment, whose (a place in ``names``), and what was said then."""

    domain: str
    names: list[str]
    steps: _Sites
    at: pd.DatetimeIndex
    whose: _Sites
    said: _Sites

    def moments(self) -> Iterator[_Snapshot]:
        """How everybody stands after each step; a later one changes nothing of an earlier one."""
        rated = np.zeros(len(self.names), dtype=np.int64)
        ends = [*(np.flatnonzero(np.diff(self.steps)) + 1).tolist(), len(self.steps)]
        for start, end in pairwise([0, *ends]):
            whose, last = np.unique(self.whose[start:end][::-1], return_index=True)
            rated[whose] = self.said[start:end][::-1][last]
            newest = rated.max() // _WORDING
            counted = np.where(rated // _WORDING == newest, rated, 0)
            yield _Snapshot(rated.copy(), counted, self.at[end - 1], int(np.count_nonzero(counted)))


def _domains_of(history: pd.DataFrame) -> Iterator[_Domain]:
    """By code. Whoever was saved first stands first."""
    codes, domains = pd.factorize(history[DOMAIN], sort=True)
    steps, levels = history[STEP].to_numpy(), history[LEVEL].to_numpy(np.int64, na_value=0)
    said = np.where(levels, history[WORDING].to_numpy(np.int64) * _WORDING + levels, 0)
    at = pd.DatetimeIndex(history[AT])
    who, everybody = pd.factorize(history[PARTNERSHIP])
    called = everybody.tolist()
    order = np.lexsort((steps, codes))
    bounds = np.searchsorted(codes[order], np.arange(len(domains) + 1))
    for number, (start, end) in enumerate(pairwise(bounds.tolist())):
        rows = order[start:end]
        whose, first = pd.factorize(who[rows])
        names = [called[place] for place in first.tolist()]
        yield _Domain(str(domains[number]), names, steps[rows], at.take(rows), whose, said[rows])


def _states(history: pd.DataFrame, choose: _Choice) -> pd.DataFrame:
    chosen = ((each, choose(each.moments())) for each in _domains_of(history))
    return _table([(each, snapshot, {}) for each, snapshot in chosen if snapshot], _STATES)


_Told: TypeAlias = tuple[_Domain, _Snapshot, Mapping[str, "_Sites | int"]]
"""A snapshot of a domain, and columns more: one value a partnership, or the same for all."""


def _table(told: Sequence[_Told], dtypes: Mapping[str, str]) -> pd.DataFrame:
    """One row a partnership that is rated in a snapshot. All at once: each piece of a frame takes its time."""
    if not told:
        return pd.DataFrame(columns=list(dtypes)).astype(dtypes)
    places = [np.flatnonzero(snapshot.rated) for _, snapshot, _ in told]
    of = np.repeat(np.arange(len(told)), [len(each) for each in places])
    names = [each.names[at] for (each, _, _), place in zip(told, places, strict=True) for at in place.tolist()]
    said = np.concatenate([s.rated[place] for (_, s, _), place in zip(told, places, strict=True)])
    counted = np.concatenate([s.counted[place] for (_, s, _), place in zip(told, places, strict=True)])
    columns: dict[str, object] = {
        DOMAIN: pd.Index([each.domain for each, _, _ in told], dtype="str").take(of),
        PARTNERSHIP: pd.array(names, dtype="str"),
        LEVEL: said % _WORDING,
        WORDING: said // _WORDING,
        IS_COUNTED: counted > 0,
        AS_OF: pd.DatetimeIndex([s.at for _, s, _ in told]).take(of),
    }
    for name in dtypes.keys() - columns.keys():
        each_of = [np.broadcast_to(more[name], s.rated.shape) for _, s, more in told]
        columns[name] = np.concatenate([each[place] for each, place in zip(each_of, places, strict=True)])
    return pd.DataFrame(columns)[list(dtypes)].astype(dtypes)


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


def _in_sets(of: _Domain, sets: Sequence[PeerSet]) -> _Told | None:
    """A set that was made after a save finds the snapshots that were told until then."""
    telling, waiting, names = _TellingInSets(len(of.names)), list(enumerate(sets)), of.names
    for moment in of.moments():
        while waiting and waiting[0][1].made_at <= moment.at:
            _add(telling, names, *waiting.pop(0))
        telling.comes(moment)
    for number, each in waiting:
        _add(telling, names, number, each)
    if telling.shown is None or not telling.in_parts:
        return None
    snapshot, parts, told = telling.in_parts[-1]
    return of, snapshot, {SETS: parts.cells, SETS_TOLD: told}


def _add(telling: _TellingInSets, names: list[str], number: int, added: PeerSet) -> None:
    telling.adds(np.isin(names, list(added.partnerships)), 1 << number)


def _is_near(one: _Snapshot, other: _Snapshot) -> bool:
    if abs(one.size - other.size) >= FEWEST_CHANGED:  # spares the look at each partnership while a network joins
        return False
    return int(np.count_nonzero(one.counted != other.counted)) < FEWEST_CHANGED
