"""Peers that started where a partnership started, and where they stand now. Never told on bands (see ``disclosure``).

The unit is the partnership. Population: the *other* partnerships counted at both convenings, on one wording of the
domain. Group: those of them who stood at one level then. Not rated at one of the two is not counted.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from itertools import repeat
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from progressions.measures.disclosure import Consent, Releases, Standing, level_at, wording_at
from progressions.measures.telling import FEWEST_CHANGED, FEWEST_RATED, Sites, Some
from progressions.people import PeerSet

Joint = Mapping[str, tuple[int, int]]
"""By partnership the level then and the level now."""


@dataclass(frozen=True, slots=True)
class Together:
    """Two convenings by their places in a row of them, the wording on which their levels stand, and the levels.

    ``missing`` is how many of a group are not counted at the later one; 0 for those who see counts. ``levels`` are
    those whose group may be told, None for all.
    """

    then: int
    now: int
    wording: int
    joint: Joint
    missing: int = 0
    levels: frozenset[int] | None = None


@dataclass(frozen=True, slots=True)
class ToldTogether:
    """What may be told of two convenings together, if anything; who of those that agreed may be named beside it; and
    which sets, by their numbers, may be told beside it.
    """

    latest: Together | None
    named: frozenset[str]
    sets: frozenset[int]


@dataclass(frozen=True, slots=True)
class Started:
    """Of the peers that stood at ``level`` then, how many stand lower, at it and higher now."""

    level: int
    lower: int
    same: int
    higher: int

    @property
    def peers(self) -> int:
        """How many stood there then, and are counted now."""
        return self.lower + self.same + self.higher


def joined(standing_at: Callable[[int], Standing], count: int, own: str, level: int, least: int) -> Together | None:
    """The first of some convenings and a later one that is told with it, of all who are counted at both, as rated now.

    For those who see names. In: what gives ``Past.standing`` of one domain at each of ``count`` convenings by its
    place, the oldest at 0, and is asked for few of them; the rest as ``started_at``, which tells something of what
    comes out. The later one is the latest at which more than half of the others that stood at the level are counted on
    the same wording, so that a convening that has only begun does not take the place of a whole one; where there is
    none, the latest at which any is.
    """
    stood = standing_at(0)
    group = {name for name, at in stood.items() if name != own and level_at(at) == level}
    some: Together | None = None
    for now in range(count - 1 if group else 0, 0, -1):
        found = _rated_at_both(stood, standing_at(now), group, now)
        if not started_at(found.joint, own, level, least):
            continue
        if 2 * found.missing < len(group):
            return found
        some = some or found
    return some


def _rated_at_both(stood: Standing, standing: Standing, group: Collection[str], now: int) -> Together:
    joint = {
        name: (level_at(then), level_at(at))
        for name, then in stood.items()
        if (at := standing.get(name)) is not None and wording_at(at) == wording_at(then)
    }
    wording = wording_at(stood[next(iter(joint))]) if joint else 0
    return Together(0, now, wording, joint, sum(name not in joint for name in group))


def told_together(
    releases_of: Sequence[Releases],
    sets: Sequence[PeerSet] = (),
    consents: Sequence[Consent] = (),
    gone: Collection[int] = (),
) -> ToldTogether:
    """What may be told of the convening that was told first and the latest later one that may be told with it.

    For those who see counts. In: ``releases`` of one domain, one for each convening of the network, the oldest first:
    where a partnership started is no choice, because choices could be differenced. Of convenings told at one moment, as
    an import brings them, it is the oldest; whatever is told of an older one afterwards changes nothing. ``sets`` and
    ``consents`` are what else members could ever read of it, as ``disclosure.Beside`` has them. Convenings that are
    ``gone``, by their places, begin nothing; what was told of them counts.

    What two convenings say together says more than each of them does. Those counted at one of the two only are none
    or at least five. Those counted at the first convening and not at the later one are a part of the first one's
    snapshot: no sum of what was told of the first convening, of all and of such parts, is of one to four (``cells``,
    whose argument this follows; whoever stands elsewhere than before keeps a trace of their own). That is decided
    first, and by who is there: that nothing is told says nothing of where anybody stood.

    Against everything that was told of any convening together with the first, the group of each level differs by none
    or at least five, and so do those of it who stand elsewhere now. A group that is none of those told of its convening
    before has five in it who stand where none of these told them. Where there are sets, the group takes none or at
    least five of each of their cells, and leaves as many, and so do those counted at one of the two only. Those who may
    be named count among no five. Whoever agrees to be named, and whatever set is made, when what was told already would
    not stand beside it, is not told.
    """
    began = [(found[0][0], place) for place, found in enumerate(releases_of) if found and place not in gone]
    first = min(began)[1] if began else len(releases_of)
    told = _Telling(
        _names(standing for found in releases_of[first:] for _, standing in found), len(releases_of) - first
    )
    events: list[tuple[datetime, int, Callable[[], None]]] = [
        (at, place, partial(told.comes, place, standing))
        for place, found in enumerate(releases_of[first:])
        for at, standing in found
    ]
    events += [(each.made_at, -1, partial(told.adds, number, each)) for number, each in enumerate(sets)]
    events += [(at, -1, partial(told.agrees, name)) for at, name in consents]
    for _, _, happens in sorted(events, key=lambda event: event[:2]):
        happens()
    return ToldTogether(told.latest(first), frozenset(told.named), frozenset(told.sets))


def started_at(joint: Joint, own: str, level: int, least: int, known: Collection[str] = frozenset()) -> Started | None:
    """The group of one level; None where it, or what is left beside it, is fewer than ``least`` others.

    Those who are ``known`` by name do not count towards it: they could be subtracted. Beside the group there may be
    groups that others are told. So those of all levels that are too small for it are ``least`` together, or none. With
    ``least`` 1, for those who see names, there is nothing to hide.

    Measure: Peers that started where we started
    Tells: of the peers that stood at our level at the first convening, how many stand lower, at it and higher now
    Population: the other partnerships counted at two convenings, the one that was told first and the latest that may be
        told with it, on one wording of the domain; who sees names looks from one's own first rating, or a convening of
        choice, to the latest at which more than half of the group rated
    Denominator: those of them who stood at that level then; members are told where these, and those who stood
        elsewhere, are five at least that are not named anywhere, or more where the network says so
    Not rated: rated at one of the two only: not counted
    Unit: one other partnership in one domain
    Source: counting; what may be shown follows thresholds against differencing (Hundepool et al. 2012)
    """
    group = [now - then for name, (then, now) in joint.items() if name != own and then == level]
    unknown = [then for name, (then, _) in joint.items() if name != own and name not in known]
    if unknown.count(level) < least or (least > 1 and not _is_hidden_among(unknown, level, least)):
        return None
    return Started(level, sum(way < 0 for way in group), group.count(0), sum(way > 0 for way in group))


def _is_hidden_among(others: Sequence[int], level: int, least: int) -> bool:
    """In: the level then of each."""
    sizes = [others.count(each) for each in set(others)]
    small = sum(size for size in sizes if size < least)
    rest = len(others) - others.count(level)
    return rest >= least and (small == 0 or small >= least)


_Levels: TypeAlias = npt.NDArray[np.int8]
"""One level a partnership: very many of them are compared several times as fast in single bytes."""


@dataclass(frozen=True, slots=True)
class _Pair:
    """The first convening and a later one, told together at a moment.

    By partnership the level then and the level now, 0 for those who are not counted at both; ``group``, which is the
    level then of those whose group is told, 0 for the others; and who is counted at one of the two only.
    """

    now: int
    wording: int
    level_then: _Levels
    level_now: _Levels
    group: _Levels
    then_only: Some
    now_only: Some
    traces: Sites | None = None
    """Where those of the first convening are parted anew: the same number for those who were together in all before."""


class _Telling:
    """What was told of the first convening together with each later one, event by event."""

    def __init__(self, names: list[str], convenings: int) -> None:
        self.named: set[str] = set()
        self.sets: set[int] = set()
        self._names, self._places = names, {name: place for place, name in enumerate(names)}
        self._stands: list[Sites] = [np.zeros(len(names), dtype=np.int64) for _ in range(convenings)]
        self._told: list[_Pair] = []
        self._shown: dict[int, _Pair] = {}
        self._known: Some = np.zeros(len(names), dtype=np.bool_)
        self._cells: Sites = np.zeros(len(names), dtype=np.int64)
        self._traces: Sites = np.zeros(len(names), dtype=np.int64)

    def comes(self, place: int, standing: Standing) -> None:
        """Takes in that one of the snapshots became another."""
        before, self._stands[place] = self._stands[place], _in_order(standing, self._names)
        if place == 0:
            self._traces = _finer(self._traces, before != self._stands[0])
        for now in range(1, len(self._stands)) if place == 0 else (place,):
            pair = _pair(now, self._stands[0], self._stands[now])
            if pair is None:
                self._shown.pop(now, None)
                continue
            told = _with_groups(self._parted(pair), self._known, self._cells)
            if told is not None and _is_apart(told, self._told, self._known):
                self._told.append(told)
                self._shown[now] = told
                self._traces = _finer(self._traces, told.level_then > 0)

    def _parted(self, pair: _Pair) -> _Pair:
        """With the traces, unless the very part was told before: then this parts nobody."""
        if any(((each.level_then == pair.level_then) | self._known).all() for each in self._told):
            return pair
        return replace(pair, traces=self._traces)

    def adds(self, number: int, made: PeerSet) -> None:
        """Takes in that a set was made: it may be told where it cuts no group that was told."""
        members = np.array([name in made.partnerships for name in self._names], dtype=np.bool_)
        cells = self._cells | np.where(members, 1 << (number + 1), 1)
        if all(
            _is_cut_well(pair, self._known, cells) and _are_well_cut(self._since(pair), self._known, cells)
            for pair in self._told
        ):
            self._cells = cells
            self.sets.add(number)

    def agrees(self, name: str) -> None:
        """Takes in that somebody agreed to be named."""
        known = self._known.copy()
        if name in self._places:  # of others nothing is told of two convenings together
            known[self._places[name]] = True
            if not self._hides(known, self._places[name]):
                return
        self._known = known
        self.named.add(name)

    def latest(self, first: int) -> Together | None:
        """What is told now. The places of convenings begin at ``first``."""
        if not self._shown:
            return None
        latest = self._shown[max(self._shown)]
        pairs = zip(self._names, latest.level_then.tolist(), latest.level_now.tolist(), strict=True)
        joint = {name: (then, now) for name, then, now in pairs if then}
        levels = frozenset(np.unique(latest.group[latest.group > 0]).tolist())
        return Together(first, first + latest.now, latest.wording, joint, levels=levels)

    def _hides(self, known: Some, one: int) -> bool:
        """Whether all that was told is of enough others still where these are known, of whom one is new."""
        return all(
            _has_room(pair, known, one)
            and _is_cut_well(pair, known, self._cells, one)
            and _is_apart(pair, self._told[:place], known, one)
            for place, pair in enumerate(self._told)
        )

    def _since(self, pair: _Pair) -> Some:
        """Who stands elsewhere in what is told now than when this was told: parts of sets are of what is told now."""
        then, now = (level_at(self._stands[place]) for place in (0, pair.now))
        since: Some = (pair.level_then > 0) & ((then != pair.level_then) | (now != pair.level_now))
        return since


def _names(standings: Iterable[Standing]) -> list[str]:
    """Everybody who is counted in any."""
    found: dict[str, int] = {}
    for standing in standings:
        if found.keys() != standing.keys():
            found |= standing
    return list(found)


def _in_order(standing: Standing, names: list[str]) -> Sites:
    """Where each of these stands; 0 for those who are not counted. Mostly they are the same, in the same order."""
    places = standing.values() if list(standing) == names else map(standing.get, names, repeat(0))
    return np.fromiter(places, dtype=np.int64, count=len(names))


def _pair(now: int, then_at: Sites, now_at: Sites) -> _Pair | None:
    """Both levels of those counted at both, all of them in groups; None where one of the two is not told."""
    if not then_at.any() or not now_at.any():
        return None
    is_at_both = (then_at > 0) & (now_at > 0) & (wording_at(then_at) == wording_at(now_at))
    level_then, level_now = (np.where(is_at_both, level_at(at), 0).astype(np.int8) for at in (then_at, now_at))
    only = [(at > 0) & ~is_at_both for at in (then_at, now_at)]
    return _Pair(now, int(wording_at(then_at.max())), level_then, level_now, level_then, *only)


def _with_groups(pair: _Pair, known: Some, cells: Sites) -> _Pair | None:
    """With the groups that may be told; None where those counted at one of the two only are one to four."""
    there = (pair.level_then > 0) & ~known
    if not there.any() or not _may_be_parted(pair, known):
        return None
    sizes = np.bincount(pair.level_then[there], minlength=int(pair.level_then.max()) + 1)
    may = (sizes >= FEWEST_CHANGED) & [
        _cuts_well(pair.level_then == level, pair, known, cells) for level in range(len(sizes))
    ]
    return replace(pair, group=np.where(may[pair.level_then], pair.level_then, np.int8(0)))


def _may_be_parted(pair: _Pair, known: Some) -> bool:
    """Whether those counted at one of the two only may be told apart from the others, whoever stands where."""
    only = np.array([np.count_nonzero(those & ~known) for those in (pair.then_only, pair.now_only)])
    return _are_nobody_or_enough(only) and _leaves_enough(pair, known)


def _leaves_enough(pair: _Pair, known: Some) -> bool:
    """Whether any sum that weighs those at both convenings and those at the first alone differently leaves enough: of
    those with one trace, the smaller of these two parts cannot cancel.
    """
    if pair.traces is None:
        return True
    parts = [pair.traces[those & ~known] for those in (pair.level_then > 0, pair.then_only)]
    sizes = [np.bincount(each, minlength=len(known) + 1) for each in parts]
    return not all(map(len, parts)) or int(np.minimum(*sizes).sum()) >= FEWEST_CHANGED


def _finer(traces: Sites, cut: Some) -> Sites:
    """Told apart by this, too; small numbers."""
    found: Sites = np.unique(2 * traces + cut, return_inverse=True)[1].reshape(-1)
    return found


def _has_room(pair: _Pair, known: Some, one: int) -> bool:
    """Whether everybody in the group of one who agreed has five others in it, and five beside those groups that it is
    not in, where there were as many. Of those whose groups are not told, five are left, all together. To one who is not
    counted at both nothing of that is owed.
    """
    there, mine = pair.level_then > 0, int(pair.group[one])
    if not there[one]:
        return _may_be_parted(pair, known)
    told = np.unique(pair.group[pair.group > 0]).tolist()
    beside = [there & (pair.group != level) for level in told if level != mine]
    beside += [there & (pair.group == 0)] if not mine else []
    hidden = all(
        np.count_nonzero(those & ~known) >= FEWEST_CHANGED
        for those in beside
        if np.count_nonzero(those) >= FEWEST_CHANGED
    )
    room = not mine or np.count_nonzero((pair.group == mine) & ~known) >= FEWEST_RATED
    return hidden and bool(room) and _may_be_parted(pair, known)


def _is_cut_well(pair: _Pair, known: Some, cells: Sites, only: int | None = None) -> bool:
    """Whether each group that was told takes nobody or enough of each cell, and leaves as many; ``only`` spares the
    looks at cells in which a partnership is not.
    """
    told = np.unique(pair.group[pair.group > 0])
    return all(_cuts_well(pair.group == level, pair, known, cells, only) for level in told)


def _cuts_well(group: Some, pair: _Pair, known: Some, cells: Sites, only: int | None = None) -> bool:
    """The same of one group. Without sets there are no cells, and all may be cut."""
    if not cells.any():
        return True
    there = pair.level_then > 0
    those = (there & group, there & ~group, pair.then_only, pair.now_only)
    if only is None:
        return all(_are_well_cut(each, known, cells) for each in those)
    here = (cells == cells[only]) & ~known
    return _are_nobody_or_enough(np.array([np.count_nonzero(each & here) for each in those]))


def _are_well_cut(those: Some, known: Some, cells: Sites) -> bool:
    """Whether each cell holds nobody of them or enough."""
    return _are_nobody_or_enough(np.unique(cells[those & ~known], return_counts=True)[1])


def _is_apart(one: _Pair, told: Sequence[_Pair], known: Some, only: int | None = None) -> bool:
    """Whether the group of each level differs by nobody or by enough from that of every pair that was told, and where
    it is none of those of its convening, enough of it stand where none of these has told them.

    ``only`` spares the looks in which a partnership makes no difference.
    """
    if only is not None:
        told = [each for each in told if _differs_at(one, each, only)]
    if not told:
        return True
    groups, now = np.stack([each.group for each in told]), np.stack([each.level_now for each in told])
    is_same_now = np.array([each.now == one.now for each in told])
    for level in range(1, max(int(groups.max()), int(one.group.max())) + 1):
        mine, theirs = (one.group == level) & ~known, (groups == level) & ~known
        apart, elsewhere = mine ^ theirs, (mine & theirs & (one.level_now != now))[is_same_now]
        if not _are_nobody_or_enough(np.append(apart.sum(axis=1), elsewhere.sum(axis=1))):
            return False
        differ = apart[is_same_now] | elsewhere
        is_another = len(differ) > 0 and bool(differ.any(axis=1).all())
        if is_another and np.count_nonzero(mine & differ.all(axis=0)) < FEWEST_CHANGED:
            return False
    return True


def _differs_at(one: _Pair, other: _Pair, place: int) -> bool:
    is_elsewhere = one.now == other.now and one.level_now[place] != other.level_now[place]
    return bool(one.group[place] != other.group[place]) or bool(is_elsewhere)


def _are_nobody_or_enough(counts: Sites) -> bool:
    return bool(((counts == 0) | (counts >= FEWEST_CHANGED)).all())
