"""Peers that started where a partnership started, and where they stand now. Never told on bands (see ``disclosure``).

The unit is the partnership. Population: the *other* partnerships counted at both convenings, on one wording of the
domain. Group: those of them who stood at one level then. Not rated at one of the two is not counted.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import repeat
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from progressions.measures.disclosure import Releases, Standing, level_at, wording_at
from progressions.measures.telling import FEWEST_CHANGED, Sites

Joint = Mapping[str, tuple[int, int]]
"""By partnership the level then and the level now."""


@dataclass(frozen=True, slots=True)
class Together:
    """Two convenings by their places in a row of them, the wording on which their levels stand, and the levels.

    ``missing`` is how many of a group are not counted at the later one; 0 for those who see counts.
    """

    then: int
    now: int
    wording: int
    joint: Joint
    missing: int = 0


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


def told_together(releases_of: Sequence[Releases]) -> Together | None:
    """What may be told of the first convening that is told at all and the latest one that may be told with it.

    For those who see counts. In: ``releases`` of one domain, one for each convening of the network, the oldest first:
    where a partnership started is no choice, because choices could be differenced.

    What two convenings say together says more than each of them does. Those counted at one of the two only are none
    or at least five. Against everything that was told of any convening together with the first, the group of each
    level differs by none or at least five, and so do those of it who stand elsewhere now.
    """
    first = next((place for place, found in enumerate(releases_of) if found), len(releases_of))
    names = _names(standing for found in releases_of[first:] for _, standing in found)
    told: list[_Pair] = []
    shown: dict[int, _Pair] = {}
    for now, pair in _moments(releases_of[first:], names):
        if pair is None:
            shown.pop(now, None)
        elif _is_apart(pair, told):
            told.append(pair)
            shown[now] = pair
    if not shown:
        return None
    latest = shown[max(shown)]
    levels = zip(names, latest.level_then.tolist(), latest.level_now.tolist(), strict=True)
    joint = {name: (then, now) for name, then, now in levels if then}
    return Together(first, first + latest.now, latest.wording, joint)


def started_at(joint: Joint, own: str, level: int, least: int) -> Started | None:
    """The group of one level; None where it, or what is left beside it, is fewer than ``least`` others.

    Beside the group there may be groups that others are told. So those of all levels that are too small for it are
    ``least`` together, or none. With ``least`` 1, for those who see names, there is nothing to hide.

    Measure: Peers that started where we started
    Tells: of the peers that stood at our level at the first convening, how many stand lower, at it and higher now
    Population: the other partnerships counted at two convenings, the first and the latest that may be told with it, on
        one wording of the domain
    Denominator: those of them who stood at that level then; members are told where these, and those who stood
        elsewhere, are five at least, or more where the network says so
    Not rated: rated at one of the two only: not counted
    Unit: one other partnership in one domain
    Source: counting; what may be shown follows thresholds against differencing (Hundepool et al. 2012)
    """
    others = [pair for name, pair in joint.items() if name != own]
    group = [now - then for then, now in others if then == level]
    if len(group) < least or (least > 1 and not _is_hidden_among(others, level, least)):
        return None
    return Started(level, sum(way < 0 for way in group), group.count(0), sum(way > 0 for way in group))


def _is_hidden_among(others: Sequence[tuple[int, int]], level: int, least: int) -> bool:
    sizes = [sum(then == each for then, _ in others) for each in {then for then, _ in others}]
    small = sum(size for size in sizes if size < least)
    rest = sum(then != level for then, _ in others)
    return rest >= least and (small == 0 or small >= least)


_Levels: TypeAlias = npt.NDArray[np.int8]
"""One level a partnership: very many of them are compared several times as fast in single bytes."""


@dataclass(frozen=True, slots=True)
class _Pair:
    """The first convening and a later one, told together at a moment.

    By partnership the level then and the level now, 0 for those who are not counted at both; and ``group``, which is
    the level then of those whose group is enough to be told, 0 for the others.
    """

    now: int
    wording: int
    level_then: _Levels
    level_now: _Levels
    group: _Levels


def _moments(releases_of: Sequence[Releases], names: list[str]) -> Iterator[tuple[int, _Pair | None]]:
    """Each time one of the two snapshots of a pair became another: the place of the later one, and both together."""
    changes = [(at, place, standing) for place, found in enumerate(releases_of) for at, standing in found]
    stands: list[Sites] = [np.zeros(len(names), dtype=np.int64) for _ in releases_of]
    for _, place, standing in sorted(changes, key=lambda change: change[:2]):
        stands[place] = _in_order(standing, names)
        for now in range(1, len(releases_of)) if place == 0 else (place,):
            if not stands[0].any() or not stands[now].any():
                yield now, None
            elif (pair := _pair(now, stands[0], stands[now])) is not None:
                yield now, pair


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
    """Both levels of those counted at both; None where those counted at one of them only are one to four."""
    is_at_both = (then_at > 0) & (now_at > 0) & (wording_at(then_at) == wording_at(now_at))
    both = np.count_nonzero(is_at_both)
    apart = np.array([np.count_nonzero(then_at) - both, np.count_nonzero(now_at) - both])
    if not both or not _are_nobody_or_enough(apart):
        return None
    level_then, level_now = (np.where(is_at_both, level_at(at), 0).astype(np.int8) for at in (then_at, now_at))
    is_small = np.bincount(level_then) < FEWEST_CHANGED
    return _Pair(
        now,
        int(wording_at(then_at.max())),
        level_then,
        level_now,
        np.where(is_small[level_then], np.int8(0), level_then),
    )


def _is_apart(one: _Pair, told: Sequence[_Pair]) -> bool:
    """Whether the group of each level differs by nobody or by enough from that of every pair that was told."""
    if not told:
        return True
    groups, now = np.stack([each.group for each in told]), np.stack([each.level_now for each in told])
    is_same_now = np.array([each.now == one.now for each in told])
    for level in range(1, max(int(groups.max()), int(one.group.max())) + 1):
        mine, theirs = one.group == level, groups == level
        elsewhere = (mine & theirs & (one.level_now != now)).sum(axis=1)[is_same_now]
        if not _are_nobody_or_enough(np.append((mine ^ theirs).sum(axis=1), elsewhere)):
            return False
    return True


def _are_nobody_or_enough(counts: Sites) -> bool:
    return bool(((counts == 0) | (counts >= FEWEST_CHANGED)).all())
