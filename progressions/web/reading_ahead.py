"""What lies behind views of peers in a large network, read before it is asked for: only for speed.

It is the costliest thing that a process reads, and once: everybody's saves at every convening. Somebody who comes to
see their own partnership first is shown it while it is read; whoever looks at peers before it is done waits no longer
than without it.
"""

from threading import Event, Lock, Thread
from time import perf_counter

from progressions.people import PeerView, Principal
from progressions.permissions import can_see_peers
from progressions.services import networks, peers
from progressions.store import Store
from progressions.web import caches, installation, peer_caches

WORTH_IT = 50_000
"""Saves from which on it takes long enough to be noticed; a thousand ratings take some ten milliseconds."""

_lock, _ended = Lock(), Event()
_looked_at: set[tuple[Store, int, PeerView]] = set()
_readers: list[Thread] = []


def begin(principal: Principal) -> None:
    """Begins it for all who see peers as this person does, where it pays, and nobody has begun it yet."""
    if not can_see_peers(principal):
        return
    store = installation.store()
    of = store, principal.network.id, peers.view_of(principal)
    with _lock:
        if of in _looked_at or _ended.is_set():
            return
        _looked_at.add(of)
        if peers.marks(store, principal).change >= WORTH_IT:
            _readers.append(Thread(target=_read, args=(principal,), name="reading ahead", daemon=True))
            _readers[-1].start()


def end() -> None:
    """Ends it for good, and waits for what is being read: the store closes after it."""
    _ended.set()
    for thread in _readers:
        thread.join()


def _read(principal: Principal) -> None:
    """Every rubric at every convening, the latest first: with pauses, so that the pages' runs have their turns."""
    past = peer_caches.pasts(principal)
    days = [c.held_on for c in reversed(networks.convenings(installation.store(), principal))]
    for version in caches.latest(principal):
        for day in days:
            began = perf_counter()
            past(version.rubric.code, day)
            if _ended.wait(perf_counter() - began):
                return
