"""A furnished network and the people in it."""

import pytest

from progressions.people import Access, Network, Principal
from progressions.store import Store
from tests import factories


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
