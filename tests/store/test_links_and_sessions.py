import threading
from datetime import timedelta

import pytest

from progressions.errors import NotAllowedError
from progressions.people import Access, Network, Principal
from progressions.record import Action
from progressions.store import Store
from progressions.store.sign_in import Meant, Session
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
        assert directory.use_link("hash", NOW) == Meant(ana)
    with store.write_directory() as directory:
        assert directory.use_link("hash", NOW) is None


@pytest.mark.parametrize(("wait", "works"), [(-MOMENT, True), (0 * MOMENT, False), (MOMENT, False)])
def test_a_link_works_until_it_expires(store: Store, ana: int, wait: timedelta, works: bool) -> None:
    with store.write_directory() as directory:
        directory.add_link("hash", ana, LATER)
        assert directory.use_link("hash", LATER + wait) == (Meant(ana) if works else None)


def test_of_many_who_use_one_link_at_once_one_gets_in(store: Store, ana: int) -> None:
    with store.write_directory() as directory:
        directory.add_link("hash", ana, LATER)
    results: list[Meant | None] = []
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
    assert sorted(results, key=str) == [Meant(ana), None, None, None, None, None]


def test_withdrawn_links_no_longer_work_and_used_ones_stay_on_record(store: Store, ana: int, sql: PlainSql) -> None:
    with store.write_directory() as directory:
        directory.add_link("used", ana, LATER)
        directory.use_link("used", NOW)
        directory.add_link("open", ana, LATER)
        directory.withdraw_links(ana)
        assert directory.use_link("open", NOW) is None
    assert sql.rows("SELECT token_hash FROM sign_in_links") == [("used",)]


def test_an_invitation_may_be_spared(store: Store, network: Network, ana: int) -> None:
    with store.write_directory() as directory:
        directory.add_link("invitation", ana, LATER, network.id)
        directory.add_link("terminal", ana, LATER)
        directory.withdraw_links(ana, spares_invitations=True)
        assert directory.link_is_for("invitation", NOW) is not None
        assert directory.link_is_for("terminal", NOW) is None
        directory.withdraw_links(ana)
        assert directory.link_is_for("invitation", NOW) is None


def test_a_session_says_who_looks_at_which_network_until_it_expires(store: Store, network: Network, ana: int) -> None:
    with store.write_directory() as directory:
        directory.add_session("hash", ana, network.id, NOW, LATER)
    with store.read_directory() as directory:
        assert directory.session("hash", LATER - MOMENT) == Session(ana, network.id, NOW, NOW)
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
        assert directory.move_session("hash", south.id) == Session(ana, network.id, NOW, NOW)
        for token, place in (("hash", west), ("unknown", south)):
            with pytest.raises(NotAllowedError):
                directory.move_session(token, place.id)
        with pytest.raises(NotAllowedError):
            directory.add_session("second", ana, west.id, NOW, LATER)
        assert directory.session("hash", NOW) == Session(ana, south.id, NOW, NOW)


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


def test_whom_a_link_is_for_is_said_without_using_it(store: Store, ana: int) -> None:
    with store.write_directory() as directory:
        directory.add_link("hash", ana, LATER)
    with store.read_directory() as directory:
        assert directory.link_is_for("hash", NOW) == Meant(ana)
        assert directory.link_is_for("hash", LATER) is None
        assert directory.link_is_for("other", NOW) is None
    with store.write_directory() as directory:
        assert directory.use_link("hash", NOW) == Meant(ana)
        assert directory.link_is_for("hash", NOW) is None


def test_a_person_has_one_code_and_a_new_one_takes_the_place_of_the_old(store: Store, ana: int, sql: PlainSql) -> None:
    with store.write_directory() as directory:
        assert directory.set_code(ana, "AAAA", "hash 1", NOW)
        directory.code_used("AAAA", LATER)
        assert directory.set_code(ana, "BBBB", "hash 2", NOW)
        assert directory.set_code(ana, "BBBB", "hash 3", NOW)
        assert directory.code("AAAA") is None
        assert directory.code("BBBB") == (ana, "hash 3")
    assert sql.rows("SELECT selector, used_at FROM person_codes") == [("BBBB", None)]


def test_a_selector_that_is_taken_is_refused_and_both_codes_stay(store: Store, ana: int) -> None:
    with store.write_directory() as directory:
        ben = directory.add_person("Ben", NOW)
        assert directory.set_code(ana, "AAAA", "ana's", NOW)
        assert directory.set_code(ben, "BBBB", "ben's", NOW)
        assert not directory.set_code(ben, "AAAA", "another", NOW)
        assert (directory.code("AAAA"), directory.code("BBBB")) == ((ana, "ana's"), (ben, "ben's"))
        directory.drop_code(ana)
        directory.drop_code(ana)
        assert (directory.code("AAAA"), directory.code("BBBB")) == (None, (ben, "ben's"))


def test_sessions_end_everywhere_and_only_the_persons_own(store: Store, network: Network, ana: int) -> None:
    south, west = a_network(store, "south", "South"), a_network(store, "west", "West")
    with store.write_directory() as directory:
        ben = directory.add_person("Ben", NOW)
        for person, place in ((ana, south), (ana, west), (ben, network)):
            directory.grant(person, place.id, Access.STAFF, None)
        for token, person, place in (("1", ana, network), ("2", ana, south), ("3", ana, south), ("4", ben, network)):
            directory.add_session(token, person, place.id, NOW, LATER)
        assert directory.end_sessions(ana) == {network.id, south.id}
        assert [directory.session(token, NOW) is None for token in "1234"] == [True, True, True, False]
        assert directory.end_sessions(ana) == frozenset()


def test_a_link_names_the_network_that_it_invites_to_and_goes_when_that_one_is_shut(
    store: Store, network: Network, ana: int
) -> None:
    south = a_network(store, "south", "South")
    with store.write_directory() as directory:
        directory.grant(ana, south.id, Access.STAFF, None)
        directory.add_link("north", ana, LATER, network.id)
        directory.add_link("south", ana, LATER, south.id)
        assert directory.link_is_for("south", NOW) == Meant(ana, south.id)
        directory.revoke(ana, south.id)
        assert directory.link_is_for("south", NOW) is directory.use_link("south", NOW) is None
        assert directory.use_link("north", NOW) == Meant(ana, network.id)


def test_a_waiting_link_is_listed_in_its_own_network_alone(store: Store, network: Network, ana: int) -> None:
    south = a_network(store, "south", "South")
    with store.write_directory() as directory:
        directory.grant(ana, south.id, Access.STAFF, None)
        directory.add_link("south", ana, LATER, south.id)
        assert [row.link_until for row in directory.people_here(network.id)] == [None]
        assert [row.link_until for row in directory.people_here(south.id)] == [LATER]


def test_which_network_a_person_came_into_last_is_known_of_each_by_themselves(
    store: Store, network: Network, ana: int
) -> None:
    south = a_network(store, "south", "South")
    with store.write_directory() as directory:
        ben = directory.add_person("Ben", NOW)
        assert directory.last_entered(ana) is None
        for person, place, action in (
            (ana, south, Action.SIGNED_IN),
            (ana, network, Action.SIGNED_OUT),
            (ben, network, Action.SIGNED_IN),
        ):
            directory.note(Principal(person, "", place, Access.STAFF), action, "", now=NOW)
        assert (directory.last_entered(ana), directory.last_entered(ben)) == (south.id, network.id)
