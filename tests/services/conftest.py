"""A furnished network and the people in it."""

from collections.abc import Iterator

import pytest

from progressions import codes
from progressions.people import Access, Network, Principal
from progressions.services import start
from progressions.store import Store, open_store
from tests import factories
from tests.plain_sql import PlainSql
from tests.services.eleven import Eleven
from tests.services.noted import World
from tests.services.teams import someone


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """The example network as a first start loads it; to be read only."""
    store = open_store(f"sqlite:///{tmp_path_factory.mktemp('example') / 'store.sqlite3'}")
    start.load_example(store, factories.NOW)
    yield store
    store.close()


@pytest.fixture(scope="module")
def eleven(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Eleven]:
    """Eleven sites at eight convenings; to be read only."""
    made = Eleven(f"sqlite:///{tmp_path_factory.mktemp('eleven') / 'store.sqlite3'}")
    yield made
    made.store.close()


@pytest.fixture
def north(sqlite_store: Store) -> Network:
    """A network with the rubric "lea", partnerships "ash" and "birch", and two convenings."""
    network = factories.a_network(sqlite_store)
    factories.a_furnished_network(sqlite_store, network)
    with sqlite_store.write_directory() as directory:
        for name, number in (("Sam", 1), ("Fay", 2), ("Max", 3)):
            assert directory.add_person(name, factories.NOW) == number
    return network


@pytest.fixture
def staff(north: Network) -> Principal:
    return Principal(1, "Sam", north, Access.STAFF)


@pytest.fixture
def facilitator(north: Network) -> Principal:
    return Principal(2, "Fay", north, Access.FACILITATOR, "ash")


@pytest.fixture
def member(north: Network) -> Principal:
    return Principal(3, "Max", north, Access.MEMBER, "ash")


@pytest.fixture
def quick_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """The slow hash has its own tests."""
    monkeypatch.setattr(codes, "SCRYPT", (2, 8, 1))


@pytest.fixture
def plain_sql(sqlite_store: Store) -> PlainSql:
    return PlainSql(str(sqlite_store.url))


@pytest.fixture
def command(north: Network) -> Principal:
    return start.system_principal(north)


@pytest.fixture
def team(sqlite_store: Store, north: Network) -> dict[str, Principal]:
    """One of each in the network North, a second member of staff, and a third one whom nobody touches."""
    with sqlite_store.write_directory() as directory:
        found = {
            "admin": someone(directory, north, "Ada", Access.ADMIN),
            "staff": someone(directory, north, "Stu", Access.STAFF),
            "other staff": someone(directory, north, "Sue", Access.STAFF),
            "facilitator": someone(directory, north, "Flo", Access.FACILITATOR, "ash"),
            "member": someone(directory, north, "Mia", Access.MEMBER, "birch"),
        }
        someone(directory, north, "Third", Access.STAFF)
    return found


@pytest.fixture
def stranger(sqlite_store: Store, team: dict[str, Principal]) -> Principal:
    """Staff of another network, who have nothing to do with North."""
    assert team
    south = factories.a_network(sqlite_store, "south", "Network South")
    with sqlite_store.write_directory() as directory:
        return someone(directory, south, "Stan", Access.STAFF)


@pytest.fixture
def world(sqlite_store: Store, staff: Principal, facilitator: Principal, member: Principal) -> World:
    with sqlite_store.write_directory() as directory:
        directory.grant(1, staff.network.id, Access.STAFF, None)
        directory.grant(2, staff.network.id, Access.FACILITATOR, "ash")
        directory.grant(3, staff.network.id, Access.MEMBER, "ash")
    return World(sqlite_store, staff, facilitator, member)
