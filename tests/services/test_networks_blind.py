"""Staff of one network get into another only where somebody there lets them: not by a start, not by an old session."""

from pathlib import Path

import pytest

from progressions.errors import NotAllowedError
from progressions.people import Access, Network, Principal
from progressions.services import networks, people, sign_in, start
from progressions.services.people import Invitation
from progressions.settings import Settings
from progressions.store import Store
from tests.factories import NOW, a_network


def _staff(store: Store, network: Network, name: str) -> int:
    with store.write_directory() as directory:
        person = directory.add_person(name, NOW)
        directory.grant(person, network.id, Access.STAFF, None)
    return person


def _settings(tmp_path: Path) -> Settings:
    """Of the database of ``sqlite_store``."""
    return Settings(database_url=f"sqlite:///{tmp_path / 'store.sqlite3'}")


def _opened(store: Store, person: int) -> set[str]:
    with store.read_directory() as directory:
        return {access.network.code for access in directory.accesses_of(person)}


def _session(store: Store, person: int) -> str:
    with store.write_directory() as directory:
        link = sign_in.make_link(directory, person, NOW)
    token = sign_in.use_link(store, link, 30, NOW)
    assert token
    return token


def test_a_start_opens_no_network_that_somebody_runs(sqlite_store: Store, tmp_path: Path) -> None:
    north, south = a_network(sqlite_store, "north", "North"), a_network(sqlite_store, "south", "South")
    first, second = _staff(sqlite_store, north, "Ana"), _staff(sqlite_store, south, "Ben")
    token = start.prepare(_settings(tmp_path), NOW).link_token
    assert sign_in.use_link(sqlite_store, token, 30, NOW)
    assert (_opened(sqlite_store, first), _opened(sqlite_store, second)) == ({"north"}, {"south"})


def test_a_network_that_nobody_runs_is_opened_to_the_first_of_staff_and_noted(
    sqlite_store: Store, tmp_path: Path
) -> None:
    north, orphan = a_network(sqlite_store, "north", "North"), a_network(sqlite_store, "orphan", "Orphan")
    first = _staff(sqlite_store, north, "Ana")
    start.prepare(_settings(tmp_path), NOW)
    assert _opened(sqlite_store, first) == {"north", "orphan"}
    with sqlite_store.read(start.system_principal(orphan)) as repository:
        assert [entry.action.value for entry in repository.entries()] == ["link made", "access changed"]


def test_a_session_that_came_by_somebody_elses_link_does_not_open_a_network_started_later(sqlite_store: Store) -> None:
    north = a_network(sqlite_store, "north", "North")
    ana = _staff(sqlite_store, north, "Ana")
    ben = Principal(_staff(sqlite_store, north, "Ben"), "Ben", north, Access.STAFF)
    taken = sign_in.use_link(sqlite_store, people.new_link(sqlite_store, ben, ana, NOW), 30, NOW)
    assert taken
    own = _session(sqlite_store, ana)
    asks = sign_in.principal_of(sqlite_store, own, NOW)
    assert asks is not None
    networks.start_network(sqlite_store, asks, "South", NOW, own)
    assert sign_in.principal_of(sqlite_store, taken, NOW) is None
    assert sign_in.principal_of(sqlite_store, own, NOW) is not None, "who started it goes on"


def test_an_invitation_that_fails_leaves_nobody_behind(sqlite_store: Store) -> None:
    north = a_network(sqlite_store, "north", "North")
    ben = Principal(_staff(sqlite_store, north, "Ben"), "Ben", north, Access.STAFF)
    good, bad = Invitation("Cy", Access.STAFF), Invitation("Di", Access.MEMBER, "nowhere")
    with pytest.raises(NotAllowedError, match="nowhere"):
        people.invite_all(sqlite_store, ben, [good, bad], NOW)
    assert [row.name for row in people.people(sqlite_store, ben)] == ["Ben"]
