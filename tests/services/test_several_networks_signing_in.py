"""A person of several networks: where a link, a code and an account lead, and what each network's record says of it."""

from collections.abc import Callable

import pytest

from progressions import codes
from progressions.errors import NotAllowedError
from progressions.people import Access, Network, Principal
from progressions.services import identities, networks, people, sign_in, start
from progressions.services.identities import Claims
from progressions.services.people import Invitation
from progressions.services.sign_in import Arrival
from progressions.store import Store
from progressions.throttle import Door
from tests import factories
from tests.factories import NOW
from tests.plain_sql import PlainSql

DAYS = 30
DESK = "browser 192.0.2.7"


@pytest.fixture(autouse=True)
def _quick_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """The slow hash has its own tests."""
    monkeypatch.setattr(codes, "SCRYPT", (2, 8, 1))


@pytest.fixture
def south(sqlite_store: Store, north: Network) -> Network:
    """The second network, whose title comes later in the alphabet."""
    assert north
    return factories.a_network(sqlite_store, "south", "Network South")


@pytest.fixture
def ana(sqlite_store: Store, north: Network, south: Network) -> Principal:
    """Staff of both networks; in North as she is seen there."""
    with sqlite_store.write_directory() as directory:
        person = directory.add_person("Ana", NOW)
        for network in (north, south):
            directory.grant(person, network.id, Access.STAFF, None)
            directory.grant(directory.add_person("Somebody else", NOW), network.id, Access.STAFF, None)
    return Principal(person, "Ana", north, Access.STAFF)


@pytest.fixture
def lines(sqlite_store: Store) -> Callable[[Network], list[tuple[str, ...]]]:
    """What a network's record says of coming and going, by SQL."""
    sql = PlainSql(str(sqlite_store.url))
    query = (
        "SELECT who, came_from, action, about FROM record "
        "WHERE network_id = {} AND action IN ('signed in', 'signed out', 'name removed') ORDER BY id"
    )
    return lambda network: sql.rows(query.format(network.id))


def _where(store: Store, session: str | None) -> str:
    assert session is not None
    principal = sign_in.principal_of(store, session, NOW, DESK)
    assert principal is not None
    return principal.network.code


def _in(principal: Principal, network: Network) -> Principal:
    return Principal(principal.person_id, principal.name, network, principal.access, came_from=DESK)


@pytest.mark.parametrize("code", ["north", "south"])
def test_a_link_greets_and_signs_in_for_the_network_that_made_it(
    sqlite_store: Store, ana: Principal, north: Network, south: Network, code: str
) -> None:
    place = {"north": north, "south": south}[code]
    for who in (_in(ana, place), start.system_principal(place)):
        token = people.new_link(sqlite_store, who, ana.person_id, NOW)
        greeted = sign_in.link_is_for(sqlite_store, token, NOW)
        assert greeted is not None
        assert (greeted.name, greeted.network.code) == ("Ana", code)
        assert _where(sqlite_store, sign_in.use_link(sqlite_store, token, DAYS, NOW)) == code


def test_a_link_of_before_that_names_no_network_still_works(
    sqlite_store: Store, ana: Principal, north: Network
) -> None:
    token = people.new_link(sqlite_store, _in(ana, north), ana.person_id, NOW)
    PlainSql(str(sqlite_store.url)).run("UPDATE sign_in_links SET network_id = NULL")
    assert _where(sqlite_store, sign_in.use_link(sqlite_store, token, DAYS, NOW)) == "north"


def test_a_link_into_a_network_that_is_shut_by_now_leads_into_no_other(
    sqlite_store: Store, ana: Principal, south: Network
) -> None:
    token = people.new_link(sqlite_store, _in(ana, south), ana.person_id, NOW)
    people.revoke(sqlite_store, start.system_principal(south), ana.person_id, NOW)
    assert sign_in.link_is_for(sqlite_store, token, NOW) is None
    assert sign_in.use_link(sqlite_store, token, DAYS, NOW) is None


def test_a_code_and_an_account_lead_to_the_network_that_was_looked_at_last(
    sqlite_store: Store, ana: Principal, north: Network, south: Network
) -> None:
    text = people.new_code(sqlite_store, ana, ana.person_id, NOW)
    claims = Claims("https://school.example", "ana-1")
    PlainSql(str(sqlite_store.url)).run(
        f"INSERT INTO identities VALUES ('{claims.issuer}', '{claims.subject}', {ana.person_id}, '2026-01-01 00:00')"
    )

    def come() -> tuple[str | None, str | None]:
        by_code = sign_in.with_code(sqlite_store, text, DAYS, NOW, DESK, door=Door())
        return by_code, identities.sign_in(sqlite_store, claims, Arrival(NOW, DAYS, DESK))

    first = come()
    assert [_where(sqlite_store, session) for session in first] == ["north", "north"]
    sign_in.look_at(sqlite_store, first[0] or "", _in(ana, north), south, NOW)
    assert [_where(sqlite_store, session) for session in come()] == ["south", "south"]
    people.revoke(sqlite_store, start.system_principal(south), ana.person_id, NOW)
    assert [_where(sqlite_store, session) for session in come()] == ["north", "north"]


def test_turning_to_another_network_stands_in_both_records_and_in_neither_which_the_other_is(
    sqlite_store: Store, ana: Principal, north: Network, south: Network, lines: Callable[[Network], list[object]]
) -> None:
    token = people.new_link(sqlite_store, ana, ana.person_id, NOW)
    session = sign_in.use_link(sqlite_store, token, DAYS, NOW, DESK)
    assert session is not None
    for _ in range(2):  # the second time changes nothing
        sign_in.look_at(sqlite_store, session, _in(ana, north), south, NOW)
    who = f"#{ana.person_id}"
    assert lines(north) == [(who, DESK, "signed in", "by link"), (who, DESK, "signed out", "to another network")]
    assert lines(south) == [(who, DESK, "signed in", "from another network")]


def test_nobody_turns_the_session_of_somebody_else(
    sqlite_store: Store, ana: Principal, north: Network, south: Network, lines: Callable[[Network], list[object]]
) -> None:
    session = sign_in.use_link(sqlite_store, people.new_link(sqlite_store, ana, ana.person_id, NOW), DAYS, NOW)
    with sqlite_store.write_directory() as directory:
        eve = directory.add_person("Eve", NOW)
        for network in (north, south):
            directory.grant(eve, network.id, Access.STAFF, None)
    with pytest.raises(NotAllowedError):
        sign_in.look_at(sqlite_store, session or "", Principal(eve, "Eve", north, Access.STAFF), south, NOW)
    assert _where(sqlite_store, session) == "north"
    assert lines(south) == []


def test_signing_out_everywhere_stands_in_the_record_of_every_network_where_a_session_ended(
    sqlite_store: Store, ana: Principal, north: Network, south: Network, lines: Callable[[Network], list[object]]
) -> None:
    west = factories.a_network(sqlite_store, "west", "Network West")
    with sqlite_store.write_directory() as directory:
        directory.grant(ana.person_id, west.id, Access.STAFF, None)
    for place in (north, south):
        token = people.new_link(sqlite_store, _in(ana, place), ana.person_id, NOW)
        assert sign_in.use_link(sqlite_store, token, DAYS, NOW, DESK)
    sign_in.sign_out_everywhere(sqlite_store, _in(ana, north), NOW)
    who = f"#{ana.person_id}"
    for place in (north, south):
        assert lines(place) == [(who, DESK, "signed in", "by link"), (who, DESK, "signed out", "everywhere")]
    assert lines(west) == []


def test_a_name_that_goes_is_noted_by_each_network_that_knew_it_without_naming_the_others_people(
    sqlite_store: Store, ana: Principal, north: Network, south: Network, lines: Callable[[Network], list[object]]
) -> None:
    for place in (south, north):
        people.revoke(sqlite_store, start.system_principal(place), ana.person_id, NOW)
    west = factories.a_network(sqlite_store, "west", "Network West")
    with sqlite_store.write_directory() as directory:
        sam = Principal(1, "Sam", north, Access.STAFF, came_from=DESK)
        directory.grant(1, north.id, Access.STAFF, None)
    people.remove_name(sqlite_store, sam, ana.person_id, NOW)
    assert lines(north) == [("#1", DESK, "name removed", f"#{ana.person_id}")]
    assert lines(south) == [("Staff of another network", "", "name removed", f"#{ana.person_id}")]
    assert lines(west) == []


# What was made for less does not open more.


@pytest.fixture
def typed(sqlite_store: Store, north: Network) -> tuple[Principal, Claims]:
    """Staff of North, and an account that was linked to her by the address that another one typed."""
    command = start.system_principal(north)
    sue = people.invite(sqlite_store, command, Invitation("Sue", Access.STAFF, email="sue@north.example"), NOW)
    claims = Claims("https://school.example", "17", "sue@north.example", email_verified=True)
    assert identities.person_for(sqlite_store, claims, NOW) == sue.person_id
    return Principal(sue.person_id, "Sue", north, Access.STAFF), claims


def test_an_account_that_was_linked_for_one_network_does_not_open_the_next_nor_links_again(
    sqlite_store: Store, typed: tuple[Principal, Claims]
) -> None:
    sue, claims = typed
    account = identities.sign_in(sqlite_store, claims, Arrival(NOW, DAYS))
    networks.start_network(sqlite_store, sue, "Sue's network", NOW)
    assert sign_in.principal_of(sqlite_store, account or "", NOW) is None
    assert identities.sign_in(sqlite_store, claims, Arrival(NOW, DAYS)) is None


def test_an_account_that_was_linked_for_staff_is_not_an_admins(
    sqlite_store: Store, typed: tuple[Principal, Claims], north: Network
) -> None:
    sue, claims = typed
    people.change_access(sqlite_store, start.system_principal(north), sue.person_id, Access.ADMIN, "", NOW)
    assert identities.sign_in(sqlite_store, claims, Arrival(NOW, DAYS)) is None


def test_another_access_in_the_same_network_keeps_the_account(
    sqlite_store: Store, typed: tuple[Principal, Claims], north: Network
) -> None:
    sue, claims = typed
    other = people.invite(sqlite_store, start.system_principal(north), Invitation("Stu", Access.STAFF), NOW)
    assert other
    people.change_access(sqlite_store, start.system_principal(north), sue.person_id, Access.MEMBER, "ash", NOW)
    assert identities.person_for(sqlite_store, claims, NOW) == sue.person_id


def test_who_loses_one_of_two_networks_is_led_to_the_other_without_signing_in_again(
    sqlite_store: Store,
    ana: Principal,
    north: Network,
    south: Network,
    lines: Callable[[Network], list[tuple[str, ...]]],
) -> None:
    token = sign_in.use_link(sqlite_store, people.new_link(sqlite_store, ana, ana.person_id, NOW), DAYS, NOW)
    other = sign_in.use_link(sqlite_store, people.new_link(sqlite_store, ana, ana.person_id, NOW), DAYS, NOW)
    assert _where(sqlite_store, token) == "north"
    people.revoke(sqlite_store, start.system_principal(north), ana.person_id, NOW)
    assert [_where(sqlite_store, session) for session in (token, token, other)] == ["south"] * 3
    mark = f"#{ana.person_id}"
    assert [line for line in lines(south) if line[0] == mark] == [(mark, "", "signed in", "from another network")]
    people.revoke(sqlite_store, start.system_principal(south), ana.person_id, NOW)
    assert sign_in.principal_of(sqlite_store, token or "", NOW) is None
    assert (
        PlainSql(str(sqlite_store.url)).value(f"SELECT count(*) FROM sign_in_sessions WHERE person_id = {mark[1:]}")
        == 0
    )


def test_an_admin_who_is_lowered_elsewhere_looks_at_what_is_left(
    sqlite_store: Store, north: Network, south: Network
) -> None:
    with sqlite_store.write_directory() as directory:
        for network in (north, south):
            directory.grant(directory.add_person("Staff", NOW), network.id, Access.STAFF, None)
    ada = people.invite(sqlite_store, start.system_principal(south), Invitation("Ada", Access.ADMIN), NOW)
    token = sign_in.use_link(sqlite_store, ada.link_token, DAYS, NOW)
    assert _where(sqlite_store, token) == "south"
    people.change_access(sqlite_store, start.system_principal(north), ada.person_id, Access.MEMBER, "ash", NOW)
    assert _where(sqlite_store, token) == "north"
    found = sign_in.principal_of(sqlite_store, token or "", NOW)
    assert found is not None
    assert (found.access, found.partnership) == (Access.MEMBER, "ash")
