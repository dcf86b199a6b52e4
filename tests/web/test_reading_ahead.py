"""What lies behind views of peers is read before it is asked for, and only where that pays and may be."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from threading import Event

import pytest

from progressions.measures.pasts import Past
from progressions.people import Access, Network, PeerView, Principal
from progressions.services import movement, networks, peers, rubrics
from progressions.store import Store
from progressions.web import peer_caches, reading_ahead
from tests.web.conftest import OWN

PATIENCE = 60.0
Read = list[tuple[str, date]]


@pytest.fixture(autouse=True)
def _afresh(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Nothing is kept, nothing has begun, and any network is large enough."""
    peer_caches._past.cache_clear()
    monkeypatch.setattr(reading_ahead, "_looked_at", set())
    monkeypatch.setattr(reading_ahead, "_readers", [])
    monkeypatch.setattr(reading_ahead, "_ended", Event())
    monkeypatch.setattr(reading_ahead, "WORTH_IT", 0)
    yield
    reading_ahead.end()
    peer_caches._past.cache_clear()


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> Read:
    """What was read of the store, in its order."""
    real, found = peers.past, Read()

    def past(store: Store, principal: Principal, rubric: str, held_on: date) -> Past:
        found.append((rubric, held_on))
        return real(store, principal, rubric, held_on)

    monkeypatch.setattr(peers, "past", past)
    return found


@pytest.fixture
def member(network: Network) -> Principal:
    return Principal(7, "Mia", network, Access.MEMBER, OWN)


def waited() -> int:
    """How many have begun, after all of them have ended."""
    for thread in reading_ahead._readers:
        thread.join(PATIENCE)
        assert not thread.is_alive()
    return len(reading_ahead._readers)


def test_whoever_looks_at_peers_afterwards_reads_nothing_more(installed: Store, member: Principal, read: Read) -> None:
    reading_ahead.begin(member)
    assert waited() == 1
    versions, days = rubrics.latest(installed, member), [c.held_on for c in networks.convenings(installed, member)]
    assert sorted(read) == sorted((version.rubric.code, day) for version in versions for day in days)
    read.clear()
    seen = [c.held_on for c in movement.expected_convenings(installed, member, OWN)]
    for version in versions:
        peer_caches.peers_over_time_of(member, OWN, version.rubric.code, seen, version.rubric.domains[0].code)
        peer_caches.started_of(member, OWN, version.rubric.code, None)
    assert read == []


@pytest.mark.usefixtures("installed")
def test_it_begins_once_for_all_who_see_peers_in_one_way(member: Principal, read: Read) -> None:
    for who in (member, replace(member, person_id=8, partnership="birch-river"), member):
        reading_ahead.begin(who)
    assert waited() == 1
    assert len(read) == len(set(read))
    reading_ahead.begin(replace(member, access=Access.STAFF, partnership=""))
    assert waited() == 2


@pytest.mark.usefixtures("installed")
def test_nothing_is_read_for_people_who_see_no_peers(member: Principal, read: Read) -> None:
    reading_ahead.begin(replace(member, network=replace(member.network, peer_view=PeerView.NOTHING)))
    reading_ahead.begin(replace(member, access=Access.RATER))
    assert (waited(), read) == (0, [])


@pytest.mark.usefixtures("installed")
def test_a_small_network_is_read_when_it_is_looked_at(
    member: Principal, read: Read, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading_ahead, "WORTH_IT", 50_000)
    reading_ahead.begin(member)
    assert (waited(), read) == (0, [])


@pytest.mark.usefixtures("installed")
def test_it_ends_with_the_process_whatever_is_left_to_read(
    member: Principal, read: Read, monkeypatch: pytest.MonkeyPatch
) -> None:
    known, go_on = Event(), Event()
    whole = peers.past

    def slowly(store: Store, principal: Principal, rubric: str, held_on: date) -> Past:
        known.set()
        assert go_on.wait(PATIENCE)
        return whole(store, principal, rubric, held_on)

    monkeypatch.setattr(peers, "past", slowly)
    reading_ahead.begin(member)
    assert known.wait(PATIENCE)
    reading_ahead._ended.set()
    go_on.set()
    reading_ahead.end()
    assert len(read) == 1
    reading_ahead.begin(replace(member, access=Access.STAFF, partnership=""))
    assert waited() == 1
