"""Links and sessions, from the side of the person."""

from datetime import timedelta

import pytest

from progressions.errors import NotAllowedError
from progressions.people import Access, Network
from progressions.services import sign_in
from progressions.store import Store
from tests import factories
from tests.factories import NOW


def _session(store: Store, network: Network) -> str:
    token = sign_in.invite(store, network, "Fay", Access.FACILITATOR, "ash", NOW)
    session = sign_in.use_link(store, token, 30, NOW)
    assert session is not None
    return session


def test_a_link_works_once(sqlite_store: Store, north: Network) -> None:
    token = sign_in.invite(sqlite_store, north, "Fay", Access.FACILITATOR, "ash", NOW)
    assert sign_in.use_link(sqlite_store, token, 30, NOW) is not None
    assert sign_in.use_link(sqlite_store, token, 30, NOW) is None


def test_a_link_ends_after_its_day(sqlite_store: Store, north: Network) -> None:
    token = sign_in.invite(sqlite_store, north, "Fay", Access.MEMBER, "ash", NOW)
    late = NOW + timedelta(hours=sign_in.LINK_HOURS)
    assert sign_in.use_link(sqlite_store, token, 30, late) is None


def test_a_session_ends_after_its_days(sqlite_store: Store, north: Network) -> None:
    session = _session(sqlite_store, north)
    assert sign_in.principal_of(sqlite_store, session, NOW + timedelta(days=29)) is not None
    assert sign_in.principal_of(sqlite_store, session, NOW + timedelta(days=30)) is None


def test_a_session_knows_the_persons_partnership_and_access(sqlite_store: Store, north: Network) -> None:
    principal = sign_in.principal_of(sqlite_store, _session(sqlite_store, north), NOW)
    assert principal is not None
    assert (principal.name, principal.access, principal.partnership) == ("Fay", Access.FACILITATOR, "ash")


@pytest.mark.parametrize("token", ["", "no-such-token", "' OR 1=1 --"])
def test_a_made_up_session_is_nobody(sqlite_store: Store, north: Network, token: str) -> None:
    _session(sqlite_store, north)
    assert sign_in.principal_of(sqlite_store, token, NOW) is None


def test_nobody_is_invited_to_a_partnership_that_does_not_exist(sqlite_store: Store, north: Network) -> None:
    with pytest.raises(NotAllowedError):
        sign_in.invite(sqlite_store, north, "Fay", Access.FACILITATOR, "elm", NOW)


def test_a_person_cannot_look_at_a_network_without_access_to_it(sqlite_store: Store, north: Network) -> None:
    south = factories.a_network(sqlite_store, "south", "Network South")
    session = _session(sqlite_store, north)
    principal = sign_in.principal_of(sqlite_store, session, NOW)
    assert principal is not None
    with pytest.raises(NotAllowedError):
        sign_in.look_at(sqlite_store, session, principal, south)
