import threading
from datetime import timedelta

import pytest

from progressions.errors import NotAllowedError
from progressions.people import Access, Network
from progressions.store import Store
from tests.factories import NOW, a_furnished_network, a_network
from tests.plain_sql import PlainSql

LATER = NOW + timedelta(hours=1)
MOMENT = timedelta(seconds=1)


@pytest.fixture
def ana(store: Store, network: Network) -> int:
    """A member of staff of the network."""
    with store.write_directory() as directory:
        person_id = directory.add_person("Ana", NOW)
        directory.grant(person_id, network.id, Access.STAFF, None)
    return person_id


def test_a_link_lets_its_person_in_once(store: Store, ana: int) -> None:
    with store.write_directory() as directory:
        directory.add_link("hash", ana, LATER)
    with store.write_directory() as directory:
        assert directory.use_link("other", NOW) is None
        assert directory.use_link("hash", NOW) == ana
    with store.write_directory() as directory:
        assert directory.use_link("hash", NOW) is None


@pytest.mark.parametrize(("wait", "works"), [(-MOMENT, True), (0 * MOMENT, False), (MOMENT, False)])
def test_a_link_works_until_it_expires(store: Store, ana: int, wait: timedelta, works: bool) -> None:
    with store.write_directory() as directory:
        directory.add_link("hash", ana, LATER)
        assert directory.use_link("hash", LATER + wait) == (ana if works else None)


def test_of_many_who_use_one_link_at_once_one_gets_in(store: Store, ana: int) -> None:
    with store.write_directory() as directory:
        directory.add_link("hash", ana, LATER)
    results: list[int | None] = []
    ready = threading.Barrier(6)

    def use() -> None:
        ready.wait()
        with store.write_directory() as directory:
            results.append(directory.use_link("hash", NOW))

    threads = [threading.Thread(target=use) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results, key=str) == [ana, None, None, None, None, None]


def test_withdrawn_links_no_longer_work_and_used_ones_stay_on_record(store: Store, ana: int, sql: PlainSql) -> None:
    with store.write_directory() as directory:
        directory.add_link("used", ana, LATER)
        directory.use_link("used", NOW)
        directory.add_link("open", ana, LATER)
        directory.withdraw_links(ana)
        assert directory.use_link("open", NOW) is None
    assert sql.rows("SELECT token_hash FROM sign_in_links") == [("used",)]


def test_a_session_says_who_looks_at_which_network_until_it_expires(store: Store, network: Network, ana: int) -> None:
    with store.write_directory() as directory:
        directory.add_session("hash", ana, network.id, NOW, LATER)
    with store.read_directory() as directory:
        assert directory.session("hash", LATER - MOMENT) == (ana, network.id)
        assert directory.session("hash", LATER) is None
        assert directory.session("other", NOW) is None
    with store.write_directory() as directory:
        directory.end_session("hash")
        directory.end_session("hash")
        assert directory.session("hash", NOW) is None


def test_a_session_moves_only_to_a_network_that_is_open_to_its_person(store: Store, network: Network, ana: int) -> None:
    south, west = a_network(store, "south", "South"), a_network(store, "west", "West")
    with store.write_directory() as directory:
        directory.grant(ana, south.id, Access.STAFF, None)
        directory.add_session("hash", ana, network.id, NOW, LATER)
        directory.move_session("hash", south.id)
        for token, place in (("hash", west), ("unknown", south)):
            with pytest.raises(NotAllowedError):
                directory.move_session(token, place.id)
        with pytest.raises(NotAllowedError):
            directory.add_session("second", ana, west.id, NOW, LATER)
        assert directory.session("hash", NOW) == (ana, south.id)


def test_staff_who_are_signed_in_are_told_from_members(store: Store, network: Network, ana: int) -> None:
    a_furnished_network(store, network)
    with store.write_directory() as directory:
        ben = directory.add_person("Ben", NOW)
        directory.grant(ben, network.id, Access.MEMBER, "ash")
        directory.add_session("ben", ben, network.id, NOW, LATER)
        assert not directory.has_live_staff_session(NOW)
        assert directory.has_live_session([ana, ben], NOW)
        assert not directory.has_live_session([ana], NOW)
        assert not directory.has_live_session([], NOW)
        directory.add_session("ana", ana, network.id, NOW, LATER)
        assert directory.has_live_staff_session(LATER - MOMENT)
        assert not directory.has_live_staff_session(LATER)


def test_what_has_expired_is_forgotten(store: Store, network: Network, ana: int, sql: PlainSql) -> None:
    with store.write_directory() as directory:
        directory.add_link("old", ana, NOW)
        directory.add_link("new", ana, LATER)
        directory.add_session("old", ana, network.id, NOW - MOMENT, NOW)
        directory.add_session("new", ana, network.id, NOW, LATER)
        directory.session_seen("new", NOW + MOMENT)
        directory.forget_expired(NOW)
    assert sql.rows("SELECT token_hash FROM sign_in_links") == [("new",)]
    assert sql.rows("SELECT token_hash FROM sign_in_sessions WHERE last_seen_at > created_at") == [("new",)]
