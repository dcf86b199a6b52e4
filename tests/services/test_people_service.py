"""Who may do what to whom, and codes and links that open no second network."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from progressions.errors import NotAllowedError
from progressions.people import Access, Principal
from progressions.services import networks, people, sign_in, start
from progressions.services.people import Invitation
from progressions.store import Store
from tests import factories
from tests.factories import NOW
from tests.plain_sql import PlainSql
from tests.services.teams import joins

pytestmark = pytest.mark.usefixtures("quick_hashes")
LATER = NOW + timedelta(hours=1)

Act = Callable[[Store, Principal, int], object]
ACTS: dict[str, Act] = {
    "code": lambda store, who, whom: people.new_code(store, who, whom, LATER),
    "link": lambda store, who, whom: people.new_link(store, who, whom, LATER),
    "change": lambda store, who, whom: people.change_access(store, who, whom, Access.MEMBER, "ash", LATER),
    "revoke": lambda store, who, whom: people.revoke(store, who, whom, LATER),
    "remove": lambda store, who, whom: people.remove_name(store, who, whom, LATER),
}
ALLOWED = {
    "staff": {"staff", "other staff", "facilitator", "member"},
    "admin": {"admin", "staff", "other staff", "facilitator", "member"},
    "facilitator": set[str](),
    "member": set[str](),
    "stranger": set[str](),
}
ADMIN_IS_ELSEWHERE = ("remove", "admin", "admin")


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("who", ALLOWED)
def test_who_may_do_what_to_whom(
    sqlite_store: Store, team: dict[str, Principal], stranger: Principal, act: str, who: str
) -> None:
    asking = stranger if who == "stranger" else team[who]
    ids = {name: principal.person_id for name, principal in team.items()} | {"nobody": 9_999}
    allowed = {whom for whom in ALLOWED[who] if (act, who, whom) != ADMIN_IS_ELSEWHERE}
    for whom in set(ids) - allowed:
        with pytest.raises(NotAllowedError):
            ACTS[act](sqlite_store, asking, ids[whom])
    for whom in allowed:
        ACTS[act](sqlite_store, asking, ids[whom])


@pytest.mark.parametrize("act", ACTS)
def test_somebody_of_another_network_and_nobody_at_all_look_the_same(
    sqlite_store: Store, team: dict[str, Principal], stranger: Principal, act: str
) -> None:
    said = []
    for whom in (stranger.person_id, 9_999):
        with pytest.raises(NotAllowedError) as refused:
            ACTS[act](sqlite_store, team["staff"], whom)
        said.append(str(refused.value))
    assert said[0] == said[1]


def test_a_list_of_people_is_for_staff_and_of_one_network(
    sqlite_store: Store, team: dict[str, Principal], stranger: Principal
) -> None:
    rows = people.people(sqlite_store, team["staff"])
    assert [(row.name, row.access.value, row.partnership, row.is_you) for row in rows] == [
        ("Ada", "admin", "", False),
        ("Flo", "facilitator", "ash", False),
        ("Mia", "member", "birch", False),
        ("Stu", "staff", "", True),
        ("Sue", "staff", "", False),
        ("Third", "staff", "", False),
    ]
    assert [row.name for row in people.people(sqlite_store, stranger)] == ["Ada", "Stan"]
    for who in ("facilitator", "member"):
        with pytest.raises(NotAllowedError):
            people.people(sqlite_store, team[who])


@pytest.mark.parametrize("who", ["staff", "facilitator", "member"])
def test_nobody_below_admin_makes_an_admin(sqlite_store: Store, team: dict[str, Principal], who: str) -> None:
    with pytest.raises(NotAllowedError):
        people.invite(sqlite_store, team[who], Invitation("Eve", Access.ADMIN), NOW)
    with pytest.raises(NotAllowedError):
        people.change_access(sqlite_store, team[who], team["member"].person_id, Access.ADMIN, "", NOW)


def test_the_last_member_of_staff_stays(sqlite_store: Store, command: Principal) -> None:
    only = joins(sqlite_store, command, "Stu", Access.STAFF)
    for who in (only, command):
        for act in ("change", "revoke", "remove"):
            with pytest.raises(NotAllowedError, match="Nobody else is staff"):
                ACTS[act](sqlite_store, who, only.person_id)
    assert [row.access for row in people.people(sqlite_store, command)] == [Access.STAFF]
    second = joins(sqlite_store, command, "Sue", Access.STAFF)
    people.revoke(sqlite_store, only, only.person_id, NOW)
    with pytest.raises(NotAllowedError, match="Nobody else is staff"):
        people.revoke(sqlite_store, second, second.person_id, NOW)


# Two networks with one person in both.


@pytest.fixture
def shared(sqlite_store: Store, team: dict[str, Principal]) -> Principal:
    """The other member of staff, who has started a network of her own."""
    networks.start_network(sqlite_store, team["other staff"], "Sue's network", NOW)
    return team["other staff"]


@pytest.mark.parametrize(
    ("act", "said"),
    [("code", "make one for themselves"), ("link", "make one for themselves"), ("remove", "cannot be removed")],
)
def test_staff_of_one_network_make_nothing_that_opens_another_and_are_not_told_that_there_is_one(
    sqlite_store: Store, team: dict[str, Principal], shared: Principal, act: str, said: str
) -> None:
    with pytest.raises(NotAllowedError, match=said) as refused:
        ACTS[act](sqlite_store, team["staff"], shared.person_id)
    assert "another network" not in str(refused.value)
    assert "Sue's network" not in str(refused.value)


def test_a_person_in_two_networks_makes_her_own_code_and_an_admin_makes_it_too(
    sqlite_store: Store, team: dict[str, Principal], shared: Principal
) -> None:
    mine = people.new_code(sqlite_store, shared, shared.person_id, NOW)
    theirs = people.new_code(sqlite_store, team["admin"], shared.person_id, NOW)
    assert mine != theirs


def test_a_code_that_staff_of_one_network_know_does_not_open_the_next_one(
    sqlite_store: Store, team: dict[str, Principal], plain_sql: PlainSql
) -> None:
    sue = team["other staff"]
    people.new_code(sqlite_store, team["staff"], sue.person_id, NOW)
    token = people.new_link(sqlite_store, team["staff"], sue.person_id, NOW)
    networks.start_network(sqlite_store, sue, "Sue's network", NOW)
    assert plain_sql.value(f"SELECT count(*) FROM person_codes WHERE person_id = {sue.person_id}") == 0
    assert sign_in.use_link(sqlite_store, token, 30, NOW) is None


def test_who_leaves_one_of_two_networks_keeps_the_other(
    sqlite_store: Store, team: dict[str, Principal], shared: Principal
) -> None:
    code = people.new_code(sqlite_store, shared, shared.person_id, NOW)
    people.revoke(sqlite_store, team["staff"], shared.person_id, NOW)
    assert [n.title for n in sign_in.networks_of(sqlite_store, shared)] == ["Sue's network"]
    assert code[:4] in {row.selector for row in _people_of(sqlite_store, "sue-s-network")}


def _people_of(store: Store, code: str) -> tuple[people.PersonRow, ...]:
    with store.read_directory() as directory:
        network = directory.network(code)
    assert network is not None
    return people.people(store, start.system_principal(network))


# An admin is one of the whole installation.


def test_an_admin_is_one_in_every_network_and_in_those_to_come(
    sqlite_store: Store, team: dict[str, Principal], stranger: Principal
) -> None:
    networks.start_network(sqlite_store, stranger, "The third", NOW)
    codes_of_networks = [n.code for n in sign_in.networks_of(sqlite_store, team["admin"])]
    assert sorted(codes_of_networks) == ["north", "south", "the-third"]


def test_an_admin_who_is_revoked_or_lowered_in_one_network_is_none_anywhere(
    sqlite_store: Store, team: dict[str, Principal], stranger: Principal, command: Principal
) -> None:
    assert stranger
    second = joins(sqlite_store, command, "Abe", Access.ADMIN)
    people.revoke(sqlite_store, team["admin"], second.person_id, NOW)
    assert sign_in.networks_of(sqlite_store, second) == ()
    people.change_access(sqlite_store, command, team["admin"].person_id, Access.FACILITATOR, "ash", NOW)
    assert [n.code for n in sign_in.networks_of(sqlite_store, team["admin"])] == ["north"]


def test_an_admin_is_not_lowered_where_a_network_would_be_without_staff(
    sqlite_store: Store, team: dict[str, Principal], command: Principal
) -> None:
    factories.a_network(sqlite_store, "bare", "Network Bare")
    with pytest.raises(NotAllowedError, match="Nobody else is staff of Network Bare"):
        people.change_access(sqlite_store, command, team["admin"].person_id, Access.STAFF, "", NOW)
    assert len(sign_in.networks_of(sqlite_store, team["admin"])) == 2


def test_a_new_link_for_staff_leaves_an_admin_one(sqlite_store: Store, command: Principal) -> None:
    admin = joins(sqlite_store, command, "Ada", Access.ADMIN)
    start.link_again(sqlite_store, "", None, NOW)
    (row,) = people.people(sqlite_store, command)
    assert (row.id, row.access) == (admin.person_id, Access.ADMIN)
