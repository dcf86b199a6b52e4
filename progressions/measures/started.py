"""Peers that started where a partnership started, and where they stand now. Never told on bands (see ``disclosure``).

The unit is the partnership. Population: the *other* partnerships counted at both convenings, on one wording of the
domain. Group: those of them who stood at one level then. Not rated at one of the two is not counted.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import pandas as pd

from progressions.measures.columns import LEVEL, PARTNERSHIP, WORDING
from progressions.measures.disclosure import FEWEST_CHANGED, IS_COUNTED, Releases, level_at, wording_at

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


def joined(state_at: Callable[[int], pd.DataFrame], count: int, own: str, level: int, least: int) -> Together | None:
    """The first of some convenings and a later one that is told with it, of all who are counted at both, as rated now.

    For those who see names. In: what gives ``disclosure.current`` of one domain at each of ``count`` convenings by its
    place, the oldest at 0, and is asked for few of them; the rest as ``started_at``, which tells something of what
    comes out. The later one is the latest at which more than half of the others that stood at the level are counted on
    the same wording, so that a convening that has only begun does not take the place of a whole one; where there is
    none, the latest at which any is.
    """
    stood = _counted(state_at(0))
    group = set(stood.loc[(stood[PARTNERSHIP] != own) & (stood[LEVEL] == level), PARTNERSHIP])
    some: Together | None = None
    for now in range(count - 1 if group else 0, 0, -1):
        found = _rated_at_both(stood, state_at(now), group, now)
        if not started_at(found.joint, own, level, least):
            continue
        if 2 * found.missing < len(group):
            return found
        some = some or found
    return some


def _rated_at_both(stood: pd.DataFrame, state: pd.DataFrame, group: Collection[str], now: int) -> Together:
    both = stood.merge(_counted(state), on=[PARTNERSHIP, WORDING])
    levels = zip(both[f"{LEVEL}_x"].tolist(), both[f"{LEVEL}_y"].tolist(), strict=True)
    joint = dict(zip(both[PARTNERSHIP], levels, strict=True))
    wording = int(both[WORDING].iloc[0]) if len(both) else 0
    return Together(0, now, wording, joint, len(set(group) - set(joint)))


def _counted(states: pd.DataFrame) -> pd.DataFrame:
    return states.loc[states[IS_COUNTED], [PARTNERSHIP, WORDING, LEVEL]]


def told_together(releases_of: Sequence[Releases]) -> Together | None:
    """What may be told of the first convening that is told at all and the latest one that may be told with it.

    For those who see counts. In: ``releases`` of one domain, one for each convening of the network, the oldest first:
    where a partnership started is no choice, because choices could be differenced.

    What two convenings say together says more than each of them does. Those counted at one of the two only are none
    or at least five. Against everything that was told of any convening together with the first, the group of each
    level differs by none or at least five, and so do those of it who stand elsewhere now.
    """
    first = next((place for place, found in enumerate(releases_of) if found), len(releases_of))
    told: list[tuple[Together, _Groups]] = []
    shown: dict[int, Together] = {}
    for now, together in _moments(releases_of[first:], first):
        if together is None:
            shown.pop(now, None)
            continue
        groups = _groups(together.joint)
        if all(_is_apart(together, other, groups, others) for other, others in told):
            told.append((together, groups))
            shown[now] = together
    return shown[max(shown)] if shown else None


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


def _moments(releases_of: Sequence[Releases], first: int) -> Iterator[tuple[int, Together | None]]:
    """Each time one of the two snapshots of a pair became another: the place of the later one, and both together."""
    changes = [(at, place, standing) for place, found in enumerate(releases_of) for at, standing in found]
    stands: list[Mapping[str, int]] = [{} for _ in releases_of]
    for _, place, standing in sorted(changes, key=lambda change: change[:2]):
        stands[place] = standing
        for now in range(1, len(releases_of)) if place == 0 else (place,):
            if not stands[0] or not stands[now]:
                yield first + now, None
            elif (joint := _joint(stands[0], stands[now])) is not None:
                wording = wording_at(next(iter(stands[0].values())))
                yield first + now, Together(first, first + now, wording, joint)


@lru_cache(maxsize=4096)  # of very many partnerships most stand at the same few places
def _levels(then: int, now: int) -> tuple[int, int] | None:
    """The levels of two places (0: not counted); None where they are on two wordings, or one is none."""
    is_comparable = now and wording_at(then) == wording_at(now)
    return (level_at(then), level_at(now)) if is_comparable else None


def _joint(then: Mapping[str, int], now: Mapping[str, int]) -> Joint | None:
    """Both levels of those counted at both; None where those counted at one of them only are one to four."""
    both = {name: levels for name, at in then.items() if (levels := _levels(at, now.get(name, 0)))}
    apart = (len(then) - len(both), len(now) - len(both))
    return both if both and all(_is_nobody_or_enough(count) for count in apart) else None


_Groups = Mapping[int, frozenset[str]]
"""By level those who stood at it then, where they are enough to be told."""


def _groups(joint: Joint) -> _Groups:
    found: dict[int, list[str]] = {}
    for name, (then, _) in joint.items():
        found.setdefault(then, []).append(name)
    return {level: frozenset(names) for level, names in found.items() if len(names) >= FEWEST_CHANGED}


def _is_apart(one: Together, other: Together, mine: _Groups, theirs: _Groups) -> bool:
    nobody: frozenset[str] = frozenset()
    pairs = ((mine.get(level, nobody), theirs.get(level, nobody)) for level in {*mine, *theirs})
    return all(
        _is_nobody_or_enough(len(ours ^ others))
        and (one.now != other.now or _is_nobody_or_enough(_elsewhere(one, other, ours & others)))
        for ours, others in pairs
    )


def _elsewhere(one: Together, other: Together, names: frozenset[str]) -> int:
    return sum(one.joint[name] != other.joint[name] for name in names)


def _is_nobody_or_enough(count: int) -> bool:
    return count == 0 or count >= FEWEST_CHANGED
