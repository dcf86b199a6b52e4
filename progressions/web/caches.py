"""The caches, in one module. Only for speed: anybody may clear them at any time.

Each is keyed by what the person may see and by the data's revision, so that nobody meets another's cut, and nothing
is older than the last save.
"""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from threading import Condition, Lock
from typing import TYPE_CHECKING, Generic, TypeAlias, TypeVar

import streamlit as st
from cachetools import LRUCache, cached

from progressions.charts.figure import Figure
from progressions.charts.started import Group
from progressions.charts.theme import Mode
from progressions.measures.frame import Tidied, rows_of
from progressions.measures.pasts import Past
from progressions.people import PeerView, Principal
from progressions.permissions import (
    can_see_network,
    check_can_read_rubrics,
    check_can_see_network,
    check_can_see_partnership,
    check_can_see_peers,
    check_can_vote,
)
from progressions.ratings import Convening
from progressions.rubric import RubricVersion
from progressions.services import (
    agreement,
    movement,
    networks,
    peers,
    peers_over_time,
    reveals,
    rubrics,
    shared_notes,
    stuck_and_moved,
    voting,
)
from progressions.services.pictures import Asked
from progressions.store import Store
from progressions.team_session import Room, TeamSession
from progressions.web import installation
from progressions.web.drawn import Drawn, drawn

if TYPE_CHECKING:
    import pandas as pd

MOST_AGREEMENTS = 200  # counts of some hundred domains and convenings each
MOST_ATTENDANCES = 60  # who rated when: some 4 MB of a thousand partnerships
MOST_CALENDARS = 2_000  # a partnership's convenings are a handful of dates
MOST_TOLD = 500  # a row a promise or reason: some hundreds a partnership
MOST_PEERS = 500  # a cut is a row a domain and level; a thousand partnerships with their names take 100 KB
MOST_PASTS = 130  # a rubric at a convening: of a thousand partnerships some 3 MB
MOST_SESSIONS = 200  # the sessions of a few halls; each reveal makes another revision, and the oldest go
MOST_VERSIONS = 60  # three rubrics a network, a version or two of each
MOST_FRAMES = 24  # one a network: a frame of 480,000 ratings takes some 30 MB
MOST_OWN_FRAMES = 2_000  # one a partnership whose members look: some hundreds of ratings
MOST_FIGURES = 600  # a figure with its rows and its table: 20 to 300 KB

T = TypeVar("T")

Sight: TypeAlias = tuple[str, str, PeerView, int]
"""All of a person that decides what they see of their network: access, own partnership, view of peers, how many."""


@dataclass(frozen=True, slots=True)
class Moment:
    """How far everything is that figures are made of: the network, the votes of one partnership, the rubric's words."""

    revision: tuple[int, ...]
    version: int


def moment(principal: Principal, version: RubricVersion) -> Moment:
    """Now. To be asked before anything is read for a figure: what a save changes later is of another moment then."""
    return Moment((networks.revision(installation.store(), principal),), version.id)


def moment_of_votes(principal: Principal, version: RubricVersion, partnership: str) -> Moment:
    """The same for what votes decide too: each vote of the partnership makes another moment."""
    return Moment(agreement.revision(installation.store(), principal, partnership), version.id)


def figure(
    principal: Principal, asked: Asked, at: Moment, look: tuple[Mode, date], make: Callable[[], Figure]
) -> Drawn:
    """A finished figure as this person sees it; ``look`` is the mode and the day on which it is looked at.

    ``make`` may use what was read since the moment, and nothing that was read before.
    """
    if partnership := asked.of.get("partnership", ""):
        check_can_see_partnership(principal, partnership)
    else:
        check_can_see_network(principal)
    key = (_sight(principal), asked.name, frozenset(asked.of.items()), look, at)
    return _figure(installation.store(), principal.network.id, key, _asked=asked, _make=make)


def of_network(principal: Principal, what: str, at: Moment, make: Callable[[], T]) -> T:
    """A number or a sentence of the whole network for its staff, by its name; ``make`` as in ``figure``."""
    check_can_see_network(principal)
    found: T = _of_network_at(installation.store(), principal.network.id, (what, at), _make=make)
    return found


def of_partnership(principal: Principal, partnership: str, what: Hashable, make: Callable[[], T]) -> T:
    """The same of one partnership, for whoever may see it; ``make`` of what was told until now."""
    check_can_see_partnership(principal, partnership)
    store = installation.store()
    key = (partnership, what, networks.revision(store, principal))
    found: T = _of_network_at(store, principal.network.id, key, _make=make)
    return found


def _sight(principal: Principal) -> Sight:
    return principal.access.value, principal.partnership or "", peers.view_of(principal), peers.least_of(principal)


def frame(principal: Principal) -> "pd.DataFrame":
    """The ratings that this person may see, as they are now. Shared between runs: measures return new frames."""
    return _seen(principal).frame


def of_rubric(principal: Principal, rubric: str) -> "pd.DataFrame":
    """The network's ratings of one rubric, for its staff, as they are now."""
    check_can_see_network(principal)
    store = installation.store()
    held = _of_rubric(store, principal.network.id, rubric)
    return held.at(networks.revision(store, principal), lambda _: movement.of_rubric(frame(principal), rubric))


def own(principal: Principal, partnership: str) -> "pd.DataFrame":
    """The ratings of one partnership, for somebody who may see it, as they are now."""
    check_can_see_partnership(principal, partnership)
    return rows_of(_seen(principal), partnership)


def _seen(principal: Principal) -> Tidied:
    scope = None if can_see_network(principal) else principal.partnership
    if scope is not None:
        check_can_see_partnership(principal, scope)  # a rater of the partnership sees none of it
    store = installation.store()
    held = _of_network(store, principal.network.id) if scope is None else _own(store, principal.network.id, scope)
    now = held.at(networks.revision(store, principal), lambda before: movement.seen(store, principal, before))
    return now.ratings


def latest(principal: Principal) -> tuple[RubricVersion, ...]:
    """The latest version of each of the network's rubrics, in the order of first publishing."""
    check_can_read_rubrics(principal)
    store = installation.store()
    return _latest(store, principal.network.id, networks.revision(store, principal), _principal=principal)


def moves_up(principal: Principal, partnership: str, rubric: str) -> Mapping[str, Sequence[shared_notes.Move]]:
    """By domain the moves that others would read of, for somebody who may see the partnership."""
    check_can_see_partnership(principal, partnership)
    store = installation.store()
    of = (partnership, rubric)
    return _moves_up(store, principal.network.id, of, networks.revision(store, principal), _principal=principal)


def told(principal: Principal, partnership: str) -> "pd.DataFrame":
    """What a partnership told beside its levels, for somebody who may see it."""
    check_can_see_partnership(principal, partnership)
    return _told(
        principal.network.id, partnership, networks.revision(installation.store(), principal), _principal=principal
    )


def agreement_of(principal: Principal, partnership: str) -> agreement.Agreement:
    """How a partnership's team agrees: the same for everybody who may see the partnership."""
    check_can_see_partnership(principal, partnership)
    revision = agreement.revision(installation.store(), principal, partnership)
    return _agreement(principal.network.id, partnership, revision, _principal=principal)


def convenings(principal: Principal, partnership: str) -> tuple[Convening, ...]:
    """The convenings of a partnership's charts, for somebody who may see the partnership."""
    check_can_see_partnership(principal, partnership)
    store, scope = installation.store(), "" if can_see_network(principal) else partnership
    revision = networks.revision(store, principal)
    return _convenings(store, principal.network.id, scope, partnership, revision, _principal=principal)


def peers_of(principal: Principal, partnership: str, rubric: str, held_on: date, peer_set: int = 0) -> peers.Peers:
    """The peers of a partnership at one convening, as this person sees them."""
    of = (partnership, rubric, held_on, peer_set)
    return peers.beside(installation.store(), principal, *of, pasts=_pasts(principal))


def peers_over_time_of(
    principal: Principal, partnership: str, rubric: str, held_on: Sequence[date], domain: str, peer_set: int = 0
) -> dict[date, peers.Peers]:
    """The same of one domain at several convenings."""
    of = (partnership, rubric, held_on, domain, peer_set)
    return peers.over_time(installation.store(), principal, *of, pasts=_pasts(principal))


def started_of(principal: Principal, partnership: str, rubric: str, then: date | None) -> tuple[Group, ...]:
    """The peers that started where a partnership started, as this person sees them: keyed by all that decides that."""
    check_can_see_peers(principal)
    check_can_see_partnership(principal, partnership)
    store = installation.store()
    key = (_sight(principal), partnership, rubric, then, networks.revision(store, principal))
    return _started(store, principal.network.id, key, _principal=principal, _of=(partnership, rubric, then))


def stuck_of(principal: Principal, partnership: str, rubric: str) -> tuple[stuck_and_moved.Stuck, ...]:
    """Where a partnership is stuck, and who moved on, as this person sees it; staff see more than names."""
    check_can_see_peers(principal)
    check_can_see_partnership(principal, partnership)
    store = installation.store()
    key = (_sight(principal), partnership, rubric, networks.revision(store, principal))
    return _stuck(store, principal.network.id, key, _principal=principal, _of=(partnership, rubric))


def _pasts(principal: Principal) -> peers.Kept:
    """What lies behind all that is told of peers: kept for everybody who sees them in the same way."""
    store, network_id = installation.store(), principal.network.id
    revision = networks.revision(store, principal)
    marks = _marks(store, network_id).at(revision, lambda before: peers.marks(store, principal, before))
    by_name = peers.view_of(principal) is PeerView.NAMES

    def past(rubric: str, held_on: date) -> Past:
        mark = marks.of(rubric, held_on)
        return _past(store, network_id, by_name, rubric, held_on, mark, _principal=principal)

    return past


def team_session(principal: Principal, room: Room) -> TeamSession:
    """The session that the holder of a seat takes part in, as it is at the room's revision."""
    return _team_session(installation.store(), room.session_id, room.revision, _principal=principal, _room=room)


def words(principal: Principal, rubric: str, version: int) -> RubricVersion:
    """A published version of one of the network's rubrics: it never changes."""
    return _words(installation.store(), principal.network.id, rubric, version, _principal=principal)


def revealed(principal: Principal, session: TeamSession) -> tuple[reveals.Revealed, ...]:
    """What everybody in the session may see of its votes: the same for each seat of it."""
    check_can_vote(principal)
    return _revealed(installation.store(), session.id, session.revision, _principal=principal, _session=session)


def _of_what(*of: Hashable, **_only_to_make_it: object) -> Hashable:
    """The key of what a hall asks for at every run: the positional arguments, as they are.

    Where ``st.cache_resource`` makes a digest of them each time, which takes longer than all else that a phone's run
    asks for.
    """
    return of


@cached(LRUCache(MOST_FIGURES), key=_of_what, condition=Condition())
def _of_network_at(store: Store, network_id: int, key: Hashable, *, _make: Callable[[], T]) -> T:  # noqa: ARG001
    return _make()


@cached(LRUCache(MOST_FIGURES), key=_of_what, condition=Condition())
def _figure(
    store: Store,  # noqa: ARG001
    network_id: int,  # noqa: ARG001
    key: Hashable,  # noqa: ARG001
    *,
    _asked: Asked,
    _make: Callable[[], Figure],
) -> Drawn:
    return drawn(_make(), _asked)


@cached(LRUCache(MOST_SESSIONS), key=_of_what, condition=Condition())
def _team_session(
    store: Store,
    session_id: int,  # noqa: ARG001
    revision: int,  # noqa: ARG001
    *,
    _principal: Principal,
    _room: Room,
) -> TeamSession:
    return voting.team_session(store, _principal, _room)


@cached(LRUCache(MOST_VERSIONS), key=_of_what, condition=Condition())
def _words(
    store: Store,
    network_id: int,  # noqa: ARG001
    rubric: str,
    version: int,
    *,
    _principal: Principal,
) -> RubricVersion:
    found = rubrics.version(store, _principal, rubric, version)
    assert found is not None  # a session names only versions that were published
    return found


@cached(LRUCache(MOST_FRAMES), key=_of_what, condition=Condition())
def _latest(
    store: Store,
    network_id: int,  # noqa: ARG001
    revision: int,  # noqa: ARG001
    *,
    _principal: Principal,
) -> tuple[RubricVersion, ...]:
    return rubrics.latest(store, _principal)


@cached(LRUCache(MOST_TOLD), key=_of_what, condition=Condition())
def _moves_up(
    store: Store,
    network_id: int,  # noqa: ARG001
    of: tuple[str, str],
    revision: int,  # noqa: ARG001
    *,
    _principal: Principal,
) -> Mapping[str, Sequence[shared_notes.Move]]:
    return shared_notes.moves(store, _principal, *of)


@cached(LRUCache(MOST_SESSIONS), key=_of_what, condition=Condition())
def _revealed(
    store: Store,
    session_id: int,  # noqa: ARG001
    revision: int,  # noqa: ARG001
    *,
    _principal: Principal,
    _session: TeamSession,
) -> tuple[reveals.Revealed, ...]:
    return reveals.revealed(store, _principal, _session)


class _Held(Generic[T]):
    """Something as it was looked at last: the next look reads what was saved since."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._revision = -1
        self._seen: T | None = None

    def at(self, revision: int, look: Callable[[T | None], T]) -> T:
        """As it is at the revision, or later."""
        with self._lock:
            if self._seen is None or revision > self._revision:
                self._seen, self._revision = look(self._seen), revision
            return self._seen


@cached(LRUCache(MOST_FRAMES), key=_of_what, condition=Condition())
def _of_network(store: Store, network_id: int) -> _Held[movement.Seen]:  # noqa: ARG001
    return _Held()


@cached(LRUCache(MOST_FRAMES), key=_of_what, condition=Condition())
def _of_rubric(store: Store, network_id: int, rubric: str) -> "_Held[pd.DataFrame]":  # noqa: ARG001
    return _Held()


@cached(LRUCache(MOST_OWN_FRAMES), key=_of_what, condition=Condition())
def _own(store: Store, network_id: int, partnership: str) -> _Held[movement.Seen]:  # noqa: ARG001
    return _Held()


@st.cache_resource(max_entries=MOST_TOLD, show_spinner=False)
def _told(network_id: int, partnership: str, revision: int, *, _principal: Principal) -> "pd.DataFrame":  # noqa: ARG001
    return movement.told_of(installation.store(), _principal, partnership)


@st.cache_resource(max_entries=MOST_AGREEMENTS, show_spinner=False)
def _agreement(
    network_id: int,  # noqa: ARG001
    partnership: str,
    revision: tuple[int, int],  # noqa: ARG001
    *,
    _principal: Principal,
) -> agreement.Agreement:
    return agreement.agreement(installation.store(), _principal, partnership)


@cached(LRUCache(MOST_ATTENDANCES), key=_of_what, condition=Condition())
def _attendance(store: Store, network_id: int, scope: str) -> _Held[movement.Attended]:  # noqa: ARG001
    return _Held()


@cached(LRUCache(MOST_CALENDARS), key=_of_what, condition=Condition())
def _convenings(
    store: Store,
    network_id: int,
    scope: str,
    partnership: str,
    revision: int,
    *,
    _principal: Principal,
) -> tuple[Convening, ...]:
    held = _attendance(store, network_id, scope)
    attended = held.at(revision, lambda before: movement.attendance_of(store, _principal, before))
    return movement.expected_convenings(store, _principal, partnership, attended.frame)


@cached(LRUCache(MOST_FRAMES), key=_of_what, condition=Condition())
def _marks(store: Store, network_id: int) -> _Held[peers.Marks]:  # noqa: ARG001
    return _Held()


@cached(LRUCache(MOST_PASTS), key=_of_what, condition=Condition())
def _past(
    store: Store,
    network_id: int,  # noqa: ARG001
    by_name: bool,  # noqa: ARG001
    rubric: str,
    held_on: date,
    mark: int,  # noqa: ARG001
    *,
    _principal: Principal,
) -> Past:
    return peers.past(store, _principal, rubric, held_on)


@cached(LRUCache(MOST_PEERS), key=_of_what, condition=Condition())
def _started(
    store: Store,
    network_id: int,  # noqa: ARG001
    key: Hashable,  # noqa: ARG001
    *,
    _principal: Principal,
    _of: tuple[str, str, date | None],
) -> tuple[Group, ...]:
    return peers_over_time.started(store, _principal, *_of, pasts=_pasts(_principal))


@cached(LRUCache(MOST_PEERS), key=_of_what, condition=Condition())
def _stuck(
    store: Store,
    network_id: int,  # noqa: ARG001
    key: Hashable,  # noqa: ARG001
    *,
    _principal: Principal,
    _of: tuple[str, str],
) -> tuple[stuck_and_moved.Stuck, ...]:
    partnership, rubric = _of
    seen = of_rubric(_principal, rubric) if can_see_network(_principal) else own(_principal, partnership)
    return stuck_and_moved.stuck_and_moved(store, _principal, *_of, pasts=_pasts(_principal), frame=seen)
