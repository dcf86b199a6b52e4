"""A session of one network, asked for by staff of another who know its numbers: nothing is given, nothing is done."""

from collections.abc import Callable

import pytest

from progressions.errors import NotAllowedError
from progressions.people import Network
from progressions.rubric import RubricVersion
from progressions.store import Repository, Store
from progressions.store.team_sessions import Opening
from progressions.team_session import DomainKey, Naming, Role, Side, TeamSession
from tests.factories import NOW, SPRING, a_furnished_network, a_network, staff_of
from tests.plain_sql import PlainSql

KEY = DomainKey("lea", "lea-1")
CODE = "ABCD2345"
TABLES = ("team_sessions", "session_domains", "seats", "votes", "paper_counts", "revealed_rounds")
ASKED: dict[str, Callable[[Repository, TeamSession], object]] = {
    "session": lambda r, s: r.team_session_by_id(s.id),
    "changed": lambda r, s: r.change_session(s.id, s.revision, {"closed_at": NOW}),
    "more domains": lambda r, s: r.add_session_domains(s.id, s.revision, ()),
    "revealed": lambda r, s: r.reveal(s.id, s.revision, [KEY], NOW),
    "second vote": lambda r, s: r.begin_round(s.id, s.revision, KEY),
    "seats": lambda r, s: r.seats(s.id),
    "removed": lambda r, s: r.remove_seat(s.id, 1, NOW),
    "brought back": lambda r, s: r.bring_back_seat(s.id, 1),
    "name": lambda r, s: r.remove_seat_name(s.id, 1, NOW),
    "finished": lambda r, s: r.finished(s),
    "votes": lambda r, s: r.shown_votes(s),
    "ratings": lambda r, s: r.ratings_of_revealed(s),
    "paper": lambda r, s: r.paper_counts(s),
    "counted": lambda r, s: r.put_paper_counts(s, KEY, Side.LEA, {1: 2}, NOW),
}


@pytest.fixture
def session(store: Store, network: Network, version: RubricVersion) -> TeamSession:
    with store.write(staff_of(network)) as repository:
        opening = Opening("ash", SPRING, Naming.ALIAS, True, CODE, ((KEY, version.id),))
        opened = repository.open_session(opening, NOW)
    with store.write_directory() as directory:
        room = directory.room(CODE)
        assert room is not None
        directory.take_seat(room, "hash", "Bo", Side.LEA, Role.TEACHER, NOW)
    return opened


@pytest.fixture
def south(store: Store) -> Network:
    """Another network with the same codes of everything."""
    network = a_network(store, "south", "Network South")
    a_furnished_network(store, network)
    return network


@pytest.mark.parametrize("what", ASKED)
def test_a_session_of_another_network_is_not_there(
    store: Store, session: TeamSession, south: Network, sql: PlainSql, what: str
) -> None:
    before = [sql.rows(f"SELECT * FROM {table}") for table in TABLES]
    with pytest.raises(NotAllowedError), store.write(staff_of(south)) as repository:
        ASKED[what](repository, session)
    assert [sql.rows(f"SELECT * FROM {table}") for table in TABLES] == before
