"""What may be told of peers: frozen snapshots against differencing in time, and thirds of halves on bands.

The unit is the partnership: one rating of one domain at one convening. *Not rated* is never counted, and never a level.

*Peer sets* are frozen too: whom a set holds never changes, and one that was shown to members once counts for ever,
after it was taken away as well. A snapshot is told of sets where it may be told in parts, one for each cell of all
these sets together (``cells`` has the reasoning). *On bands* sets change nothing of the argument: let everybody but the
reader stand at other levels of the same halves. Which snapshots are told, and in which parts, hangs on who stands where
they stood, which is the same; and so are the shares of the upper half in each part. So no level can be determined, in a
set of whatever size. *One's own level* beside the bands changes nothing of it either: it is the reader's, who knows it
anyhow, it is counted in no band, and nothing is drawn or counted from the two together. Whether it is on the wording of
the peers hangs on wordings alone, which are the same for these others. A group that is chosen by a level (``started``)
would break it: that is never told on bands.

*Names.* Who agreed to be named can be subtracted from any count. So from then on they count among no five, and whoever
agrees when that would leave too few of what was told already is not named (``telling``). They count among no five on
bands either: a network may come to show counts. But on bands nobody is named with a level: whether that leaves enough
of those who started alike hangs on the levels of these.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import cached_property, partial
from itertools import pairwise
from typing import TypeAlias, TypeVar

import numpy as np
import pandas as pd

from progressions.measures.columns import DOMAIN, LEVEL, LEVEL_OR_GAP, PARTNERSHIP, WORDING
from progressions.measures.telling import Sites, Snapshot, Telling
from progressions.people import PeerSet
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

FEWEST_LEVELS = 4
"""On bands each half of the levels must hold two, so that no half gives a level away."""

Change: TypeAlias = tuple[int, datetime, str, str, int | None, int]
"""Step, moment, partnership, domain, level (None: not rated from then on), wording."""
_WORDING = 8  # more than there are levels
Place = TypeVar("Place", int, Sites)


Consent: TypeAlias = tuple[datetime, str]
"""When a partnership agreed for the first time to be named in a domain, and which."""


@dataclass(frozen=True, slots=True)
class Beside:
    """What else members could ever read: the peer sets that were shown to them, in the order of making, and by domain
    who agreed to be named.
    """

    sets: tuple[PeerSet, ...] = ()
    consents: Mapping[str, tuple[Consent, ...]] = field(default_factory=dict)

    def of(self, domain: str) -> tuple[tuple[PeerSet, ...], tuple[Consent, ...]]:
        """Of one domain."""
        return self.sets, self.consents.get(domain, ())


NOTHING = Beside()


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
    return states_now(stories(history))


def released(history: pd.DataFrame, beside: Beside = NOTHING) -> pd.DataFrame:
    """The snapshot that members see of each domain: one row a rating in it, own ones too.

    In: ``history_frame``, whole, from the first save on, and what else members could read. Out: ``domain``,
    ``partnership``, ``level``, ``wording``, ``is_counted``, ``as_of``. A domain without a snapshot has no row.

    A snapshot moves on when at least five partnerships stand elsewhere than in it, and then to a state in which at
    least five stand where *no* snapshot ever released told them, and which differs by at least five from each, or to
    one of those again: against the last alone, a turn there and back would lay open what changed in between, and four
    snapshots whose differences overlap would lay open what does not. The first holds six partnerships at least. A
    snapshot goes when those rated have become fewer than that. What is not counted (an older wording) never makes a
    difference. Counting what would be told against what has been told follows the thresholds against differencing of
    official statistics (Hundepool et al., Statistical Disclosure Control, 2012).
    """
    return states_released(stories(history), beside)


def released_in_sets(history: pd.DataFrame, beside: Beside) -> pd.DataFrame:
    """The snapshot that members see of each domain where they look at peer sets: one row a rating in it.

    In: as ``released``. Out: as ``released``, and ``sets``, ``sets_told``. It is the latest one of ``released`` that
    might be told in parts, which may be an earlier one than everybody's. A domain of which no set is told has no row.
    """
    return states_in_sets(stories(history), beside)


Standing: TypeAlias = Mapping[str, int]
"""Where those counted stand, by partnership: one number, the same where level and wording are."""
Releases: TypeAlias = Sequence[tuple[datetime, Standing]]
"""Since when, and where those counted stand."""


def releases(history: pd.DataFrame, beside: Beside = NOTHING) -> Mapping[str, Releases]:
    """How what members see of each domain became another thing: since when, and where those counted stand.

    Nobody stands anywhere while nothing is shown.
    """
    told = {domain: story.told(*beside.of(domain)).releases for domain, story in stories(history).items()}
    return {domain: found for domain, found in told.items() if found}


def level_at(place: Place) -> Place:
    """The level of a place of ``releases``, or of each of many."""
    return place % _WORDING


def wording_at(place: Place) -> Place:
    """The wording of a place of ``releases``, or of each of many."""
    return place // _WORDING


class Story:
    """How one domain was rated at one convening, save by save, and what follows from it, each worked out once.

    Whoever was saved first has the first of ``names``; ``steps``, ``at``, ``whose`` (a place in ``names``) and ``said``
    have a value a save, in their order.
    """

    def __init__(self, names: list[str], steps: Sites, at: pd.DatetimeIndex, whose: Sites, said: Sites) -> None:
        self.names = names
        self._steps, self._at, self._whose, self._said = steps, at, whose, said
        self._told: tuple[tuple[tuple[PeerSet, ...], tuple[Consent, ...]], Told] | None = None

    @cached_property
    def now(self) -> Snapshot:
        """As if all had been saved at once."""
        return self._after(np.zeros(len(self.names), dtype=np.int64), 0, len(self._steps))

    def told(self, sets: tuple[PeerSet, ...] = (), consents: tuple[Consent, ...] = ()) -> "Told":
        """What members were told of it, beside what else they could read; kept for the next who asks the same."""
        of = (sets, consents)
        if self._told is None or self._told[0] != of:
            self._told = of, Told(self, self._tell(*of))
        return self._told[1]

    def _tell(self, sets: Sequence[PeerSet], consents: Sequence[Consent]) -> Telling:
        """A set that was made after a save finds the snapshots that were told until then, and so does a consent."""
        telling, places = Telling(len(self.names)), {name: place for place, name in enumerate(self.names)}
        waiting: list[tuple[datetime, Callable[[], None]]] = [
            (each.made_at, partial(telling.adds, np.isin(self.names, list(each.partnerships)), 1 << number))
            for number, each in enumerate(sets)
        ]
        waiting += [(at, partial(telling.agrees, places[name])) for at, name in consents if name in places]
        waiting.sort(key=lambda event: event[0])
        for moment in self.moments():
            while waiting and waiting[0][0] <= moment.at:
                waiting.pop(0)[1]()
            telling.comes(moment)
        for _, happens in waiting:
            happens()
        return telling

    def moments(self) -> Iterator[Snapshot]:
        """How everybody stands after each step; a later one changes nothing of an earlier one."""
        rated = np.zeros(len(self.names), dtype=np.int64)
        ends = [*(np.flatnonzero(np.diff(self._steps)) + 1).tolist(), len(self._steps)]
        for start, end in pairwise([0, *ends]):
            yield self._after(rated, start, end)

    def _after(self, rated: Sites, start: int, end: int) -> Snapshot:
        """How everybody stands after these saves, which are taken into ``rated``."""
        whose, last = np.unique(self._whose[start:end][::-1], return_index=True)
        rated[whose] = self._said[start:end][::-1][last]
        newest = rated.max() // _WORDING
        counted = np.where(rated // _WORDING == newest, rated, 0)
        return Snapshot(rated.copy(), counted, self._at[end - 1], int(np.count_nonzero(counted)))

    @cached_property
    def standing(self) -> Standing:
        """Where those stand who are counted now."""
        return self.standing_in(self.now)

    def standing_in(self, at: Snapshot | None) -> Standing:
        """Where those stand who are counted in a snapshot; nobody where there is none."""
        if at is None:
            return {}
        return {name: place for name, place in zip(self.names, at.counted.tolist(), strict=True) if place}


class Told:
    """What members were told of a domain at one convening."""

    def __init__(self, story: Story, telling: Telling) -> None:
        self._story, self.telling = story, telling

    @cached_property
    def releases(self) -> Releases:
        """What they saw since when."""
        return [(at, self._story.standing_in(shown)) for at, shown in self.telling.turns]

    @cached_property
    def named(self) -> frozenset[str]:
        """Who agreed to be named, and may be, as far as this convening goes."""
        return frozenset(self._story.names[place] for place in np.flatnonzero(self.telling.known).tolist())


Stories: TypeAlias = Mapping[str, Story]
"""By domain."""


def stories(history: pd.DataFrame) -> dict[str, Story]:
    """The stories of all domains, in the order of their codes. In: ``history_frame``."""
    codes, domains = pd.factorize(history[DOMAIN], sort=True)
    steps, levels = history[STEP].to_numpy(), history[LEVEL].to_numpy(np.int64, na_value=0)
    said = np.where(levels, history[WORDING].to_numpy(np.int64) * _WORDING + levels, 0)
    at = pd.DatetimeIndex(history[AT])
    who, everybody = pd.factorize(history[PARTNERSHIP])
    called = everybody.tolist()
    order = np.lexsort((steps, codes))
    bounds = np.searchsorted(codes[order], np.arange(len(domains) + 1))
    found: dict[str, Story] = {}
    for number, (start, end) in enumerate(pairwise(bounds.tolist())):
        rows = order[start:end]
        whose, first = pd.factorize(who[rows])
        names = [called[place] for place in first.tolist()]
        found[str(domains[number])] = Story(names, steps[rows], at.take(rows), whose, said[rows])
    return found


def states_now(of: Stories) -> pd.DataFrame:
    """``current``, of these stories."""
    return _table([(domain, story, story.now, {}) for domain, story in of.items()], _STATES)


def states_of(of: Stories, partnership: str) -> pd.DataFrame:
    """The rows of one partnership in ``states_now``."""
    whose = [
        (domain, story.now, story.names.index(partnership))
        for domain, story in of.items()
        if partnership in story.names
    ]
    rows = [
        (domain, partnership, said % _WORDING, said // _WORDING, bool(now.counted[place]), now.at)
        for domain, now, place in whose
        if (said := int(now.rated[place]))
    ]
    return pd.DataFrame(rows, columns=list(_STATES)).astype(_STATES)


def states_released(of: Stories, beside: Beside = NOTHING) -> pd.DataFrame:
    """``released``, of these stories."""
    shown = [(domain, story, story.told(*beside.of(domain)).telling.shown) for domain, story in of.items()]
    return _table([(domain, story, snapshot, {}) for domain, story, snapshot in shown if snapshot], _STATES)


def states_in_sets(of: Stories, beside: Beside) -> pd.DataFrame:
    """``released_in_sets``, of these stories."""
    told = [(domain, story, story.told(*beside.of(domain)).telling) for domain, story in of.items()]
    last = [(domain, story, each.in_parts[-1]) for domain, story, each in told if each.shown and each.in_parts]
    rows: list[_Told] = [
        (domain, story, at.snapshot, {SETS: at.parts.cells, SETS_TOLD: at.sets}) for domain, story, at in last
    ]
    return _table(rows, _IN_SETS)


_Told: TypeAlias = tuple[str, Story, Snapshot, Mapping[str, "Sites | int"]]
"""A domain, a snapshot of its story, and columns more: one value a partnership, or the same for all."""


def _table(told: Sequence[_Told], dtypes: Mapping[str, str]) -> pd.DataFrame:
    """One row a partnership that is rated in a snapshot. All at once: each piece of a frame takes its time."""
    if not told:
        return pd.DataFrame(columns=list(dtypes)).astype(dtypes)
    places = [np.flatnonzero(snapshot.rated) for _, _, snapshot, _ in told]
    of = np.repeat(np.arange(len(told)), [len(each) for each in places])
    names = [story.names[at] for (_, story, _, _), place in zip(told, places, strict=True) for at in place.tolist()]
    said = np.concatenate([s.rated[place] for (_, _, s, _), place in zip(told, places, strict=True)])
    counted = np.concatenate([s.counted[place] for (_, _, s, _), place in zip(told, places, strict=True)])
    columns: dict[str, object] = {
        DOMAIN: pd.Index([domain for domain, _, _, _ in told], dtype="str").take(of),
        PARTNERSHIP: pd.array(names, dtype="str"),
        LEVEL: said % _WORDING,
        WORDING: said // _WORDING,
        IS_COUNTED: counted > 0,
        AS_OF: pd.DatetimeIndex([s.at for _, _, s, _ in told]).take(of),
    }
    for name in dtypes.keys() - columns.keys():
        each_of = [np.broadcast_to(more[name], s.rated.shape) for _, _, s, more in told]
        columns[name] = np.concatenate([each[place] for each, place in zip(each_of, places, strict=True)])
    return pd.DataFrame(columns)[list(dtypes)].astype(dtypes)
