"""What is kept of peers. Keyed by all that decides what the person may see of them, and by the data's revision."""

from collections.abc import Hashable, Sequence
from datetime import date
from threading import Condition
from typing import TYPE_CHECKING

from cachetools import LRUCache, cached

from progressions.charts.started import Group
from progressions.measures.pasts import Past
from progressions.measures.stuck import moved_on
from progressions.people import PeerView, Principal
from progressions.permissions import can_see_network, check_can_see_partnership, check_can_see_peers
from progressions.services import networks, peers, peers_over_time, stuck_and_moved
from progressions.store import Store
from progressions.web import caches, installation
from progressions.web.keeping import Held, of_what

if TYPE_CHECKING:
    import pandas as pd

MOST_PEERS = 500  # a cut is a row a domain and level; a thousand partnerships with their names take 100 KB
MOST_PASTS = 130  # a rubric at a convening: of a thousand partnerships some 3 MB
MOST_NETWORKS = 24  # of each the marks of some hundred convenings


def peers_of(principal: Principal, partnership: str, rubric: str, held_on: date, peer_set: int = 0) -> peers.Peers:
    """The peers of a partnership at one convening, as this person sees them."""
    of = (partnership, rubric, held_on, peer_set)
    return peers.beside(installation.store(), principal, *of, pasts=pasts(principal))


def peers_over_time_of(
    principal: Principal, partnership: str, rubric: str, held_on: Sequence[date], domain: str, peer_set: int = 0
) -> dict[date, peers.Peers]:
    """The same of one domain at several convenings."""
    of = (partnership, rubric, held_on, domain, peer_set)
    return peers.over_time(installation.store(), principal, *of, pasts=pasts(principal))


def started_of(principal: Principal, partnership: str, rubric: str, then: date | None) -> tuple[Group, ...]:
    """The peers that started where a partnership started, as this person sees them: keyed by all that decides that."""
    check_can_see_peers(principal)
    check_can_see_partnership(principal, partnership)
    store = installation.store()
    key = (caches.sight(principal), partnership, rubric, then, networks.revision(store, principal))
    return _started(store, principal.network.id, key, _principal=principal, _of=(partnership, rubric, then))


def stuck_of(principal: Principal, partnership: str, rubric: str) -> tuple[stuck_and_moved.Stuck, ...]:
    """Where a partnership is stuck, and who moved on, as this person sees it; staff see more than names."""
    check_can_see_peers(principal)
    check_can_see_partnership(principal, partnership)
    store = installation.store()
    key = (caches.sight(principal), partnership, rubric, networks.revision(store, principal))
    return _stuck(store, principal.network.id, key, _principal=principal, _of=(partnership, rubric))


def pasts(principal: Principal) -> peers.Kept:
    """What lies behind all that is told of peers, to be told nobody as it is: kept for everybody who sees them in the
    same way.
    """
    check_can_see_peers(principal)
    store, network_id = installation.store(), principal.network.id
    revision = networks.revision(store, principal)
    marks = _marks(store, network_id).at(revision, lambda before: peers.marks(store, principal, before))
    by_name = peers.view_of(principal) is PeerView.NAMES

    def past(rubric: str, held_on: date) -> Past:
        held = _past(store, network_id, by_name, rubric, held_on)
        return held.at(marks.of(rubric, held_on), lambda _: peers.past(store, principal, rubric, held_on))

    return past


@cached(LRUCache(MOST_NETWORKS), key=of_what, condition=Condition())
def _marks(store: Store, network_id: int) -> Held[peers.Marks]:  # noqa: ARG001
    return Held()


@cached(LRUCache(MOST_PASTS), key=of_what, condition=Condition())
def _past(store: Store, network_id: int, by_name: bool, rubric: str, held_on: date) -> Held[Past]:  # noqa: ARG001
    return Held()


@cached(LRUCache(MOST_PEERS), key=of_what, condition=Condition())
def _started(
    store: Store,
    network_id: int,  # noqa: ARG001
    key: Hashable,  # noqa: ARG001
    *,
    _principal: Principal,
    _of: tuple[str, str, date | None],
) -> tuple[Group, ...]:
    return peers_over_time.started(store, _principal, *_of, pasts=pasts(_principal))


@cached(LRUCache(MOST_PEERS), key=of_what, condition=Condition())
def _stuck(
    store: Store,
    network_id: int,  # noqa: ARG001
    key: Hashable,  # noqa: ARG001
    *,
    _principal: Principal,
    _of: tuple[str, str],
) -> tuple[stuck_and_moved.Stuck, ...]:
    partnership, rubric = _of
    own, past = caches.own(_principal, partnership), pasts(_principal)
    moves = _moves(_principal, rubric) if can_see_network(_principal) else None
    return stuck_and_moved.stuck_and_moved(store, _principal, *_of, pasts=past, frame=own, moves=moves)


def _moves(principal: Principal, rubric: str) -> "pd.DataFrame":
    """Who moved on in the whole network: from one partnership to the next it is the same."""
    at = networks.revision(installation.store(), principal)
    held = _moves_of(installation.store(), principal.network.id, rubric)
    return held.at(at, lambda _: moved_on(caches.of_rubric(principal, rubric)))


@cached(LRUCache(MOST_NETWORKS), key=of_what, condition=Condition())
def _moves_of(store: Store, network_id: int, rubric: str) -> "Held[pd.DataFrame]":  # noqa: ARG001
    return Held()
