"""A seat that is held on several devices: on SQLite and PostgreSQL alike."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import Engine, event

from progressions.errors import ChangedMeanwhileError
from progressions.people import Network, Principal
from progressions.rubric import RubricVersion
from progressions.services import devices
from progressions.services.sign_in import hash_of
from progressions.store import Store
from progressions.store.team_sessions import Opening
from progressions.team_session import Answer, DomainKey, Naming, Role, Side, TeamSession
from tests.factories import NOW, SPRING, staff_of
from tests.plain_sql import PlainSql
from tests.store.test_at_one_moment import WRITERS, all_at_once

KEY = DomainKey("lea", "lea-1")
SOON = NOW + timedelta(minutes=10)
PENDING = "SELECT link_hash FROM seat_devices WHERE token_hash IS NULL ORDER BY link_hash"


@pytest.fixture
def session(store: Store, network: Network, version: RubricVersion) -> TeamSession:
    with store.write(staff_of(network)) as repository:
        opening = Opening("ash", SPRING, Naming.ALIAS, True, "ABCD2345", ((KEY, version.id),))
        return repository.open_session(opening, NOW)


@pytest.fixture
def bo(store: Store, session: TeamSession) -> Principal:
    return _joins(store, session, "Bo")


def _joins(store: Store, session: TeamSession, name: str) -> Principal:
    with store.write_directory() as directory:
        room = directory.room(session.room_code)
        assert room is not None
        directory.take_seat(room, f"phone of {name}", name, Side.LEA, Role.TEACHER, NOW)
        found = directory.seated(f"phone of {name}", NOW)
    assert found is not None
    return found[0]


def _offers(store: Store, who: Principal, way: str) -> None:
    assert who.seat is not None
    with store.write_directory() as directory:
        directory.offer_device(who.seat, f"link {way}", f"code {way}", NOW, SOON)


@contextmanager
def _statements() -> Iterator[list[str]]:
    """What is asked of the database meanwhile."""
    asked: list[str] = []

    def heard(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        asked.append(statement)

    event.listen(Engine, "before_cursor_execute", heard)
    yield asked
    event.remove(Engine, "before_cursor_execute", heard)


def test_both_devices_ask_one_question_for_the_same_ballot(store: Store, session: TeamSession, bo: Principal) -> None:
    _joins(store, session, "Cy")
    _offers(store, bo, "1")
    with store.write(bo) as repository:
        vote = repository.save_vote(KEY, Answer(3), base=0, now=NOW)
    with store.write_directory() as directory:
        assert directory.take_device("link 1", "laptop", NOW)
    found = []
    for token in ("phone of Bo", "laptop"):
        with store.read_directory() as directory, _statements() as asked:
            found.append(directory.ballot(token, NOW))
        assert len(asked) == 1
    assert found[0] == found[1]
    assert found[0] is not None
    assert (found[0][0], found[0][1].name, found[0][3]) == (bo, "Bo", (vote,))
    with store.read_directory() as directory:
        assert directory.was_taken("phone of Bo")
        assert directory.was_taken("laptop")
        assert not directory.was_taken("link 1")


@pytest.mark.parametrize("way", ["link 1", "code 1"])
def test_a_way_lets_one_device_in_and_then_nobody(store: Store, bo: Principal, way: str) -> None:
    _offers(store, bo, "1")
    with store.write_directory() as directory:
        found = directory.offered(way, NOW)
        assert found is not None
        assert found[1].name == "Bo"
        assert directory.take_device(way, "laptop", NOW)
    with store.write_directory() as directory:
        for other in ("link 1", "code 1"):
            assert directory.offered(other, NOW) is None
            assert not directory.take_device(other, "thief", NOW)
        assert directory.seated("thief", NOW) is None
        assert directory.seated("laptop", NOW) is not None


def test_a_way_opens_nothing_at_its_end_and_is_forgotten_later(
    store: Store, session: TeamSession, bo: Principal, sql: PlainSql
) -> None:
    _offers(store, bo, "1")
    with store.write_directory() as directory:
        assert directory.offered("link 1", SOON - timedelta(seconds=1)) is not None
        assert directory.offered("link 1", SOON) is None
        assert not directory.take_device("link 1", "laptop", SOON)
    other = _joins(store, session, "Cy")
    assert other.seat is not None
    with store.write_directory() as directory:
        directory.offer_device(other.seat, "link 2", "code 2", SOON, SOON + timedelta(minutes=10))
    assert sql.rows(PENDING) == [("link 2",)]


def test_a_new_way_takes_the_place_of_an_older_one_and_leaves_other_peoples_and_devices(
    store: Store, session: TeamSession, bo: Principal, sql: PlainSql
) -> None:
    other = _joins(store, session, "Cy")
    _offers(store, other, "of Cy")
    _offers(store, bo, "1")
    with store.write_directory() as directory:
        assert directory.take_device("link 1", "laptop", NOW)
    _offers(store, bo, "2")
    _offers(store, bo, "3")
    assert sql.rows(PENDING) == [("link 3",), ("link of Cy",)]
    assert bo.seat is not None
    with store.read_directory() as directory:
        assert directory.seated("laptop", NOW) is not None
        assert directory.devices(bo.seat) == 1


@pytest.mark.parametrize("change", ["seats SET removed_at", "team_sessions SET closed_at"])
def test_who_is_out_and_a_session_that_is_closed_are_offered_nowhere(
    store: Store, bo: Principal, sql: PlainSql, change: str
) -> None:
    _offers(store, bo, "1")
    sql.run(f"UPDATE {change} = '2026-01-01 00:00:00'")
    with store.read_directory() as directory:
        assert directory.offered("link 1", NOW) is None
        assert directory.offered("code 1", NOW) is None


def test_of_several_who_use_a_link_at_one_moment_one_is_let_in(store: Store, bo: Principal, sql: PlainSql) -> None:
    assert bo.seat is not None
    with store.write_directory() as directory:
        directory.offer_device(bo.seat, hash_of("a link"), hash_of("a code"), NOW, SOON)

    def takes(number: int) -> None:
        if devices.take(store, "a link", NOW, "", page=f"{number:043}") is None:
            raise ChangedMeanwhileError

    assert all_at_once(takes) == {"saved": 1, "told": WRITERS - 1}
    assert sql.value("SELECT count(*) FROM seat_devices WHERE token_hash IS NOT NULL") == 1
    assert sql.value("SELECT count(*) FROM record WHERE action = 'went on on another device'") == 1
