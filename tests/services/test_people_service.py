"""Who may do what to whom, codes and links that open no second network, and a name that is gone from everywhere."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from progressions import codes
from progressions.errors import ChangedMeanwhileError, NotAllowedError, UserError
from progressions.people import Access, Network, Principal
from progressions.ratings import RatingDraft
from progressions.record import Action
from progressions.services import networks, people, ratings, sign_in, start
from progressions.services.people import Invitation, Invited
from progressions.store import Directory, Store
from tests import factories
from tests.factories import NOW, a_key
from tests.plain_sql import PlainSql

LATER = NOW + timedelta(hours=1)


@pytest.fixture(autouse=True)
def _quick_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """The slow hash has its own tests."""
    monkeypatch.setattr(codes, "SCRYPT", (2, 8, 1))


@pytest.fixture
def plain_sql(sqlite_store: Store) -> PlainSql:
    return PlainSql(str(sqlite_store.url))


@pytest.fixture
def command(north: Network) -> Principal:
    return start.system_principal(north)


def _joins(store: Store, who: Principal, name: str, access: Access, own: str = "", email: str = "") -> Principal:
    """Somebody new, as they are once they have come in."""
    invited = people.invite(store, who, Invitation(name, access, own, email), NOW)
    return _signed_in(store, invited)


def _signed_in(store: Store, invited: Invited) -> Principal:
    session = sign_in.use_link(store, invited.link_token, 30, NOW)
    assert session is not None
    principal = sign_in.principal_of(store, session, NOW)
    assert principal is not None
    return principal


@pytest.fixture
def team(sqlite_store: Store, north: Network) -> dict[str, Principal]:
    """One of each in the network North, a second member of staff, and a third one whom nobody touches."""
    with sqlite_store.write_directory() as directory:
        found = {
            "admin": _someone(directory, north, "Ada", Access.ADMIN),
            "staff": _someone(directory, north, "Stu", Access.STAFF),
            "other staff": _someone(directory, north, "Sue", Access.STAFF),
            "facilitator": _someone(directory, north, "Flo", Access.FACILITATOR, "ash"),
            "member": _someone(directory, north, "Mia", Access.MEMBER, "birch"),
        }
        _someone(directory, north, "Third", Access.STAFF)
    return found


@pytest.fixture
def stranger(sqlite_store: Store, team: dict[str, Principal]) -> Principal:
    """Staff of another network, who have nothing to do with North."""
    assert team
    south = factories.a_network(sqlite_store, "south", "Network South")
    with sqlite_store.write_directory() as directory:
        return _someone(directory, south, "Stan", Access.STAFF)


def _someone(directory: Directory, network: Network, name: str, access: Access, own: str = "") -> Principal:
    person_id = directory.add_person(name, NOW)
    directory.grant(person_id, network.id, access, own or None)
    return Principal(person_id, name, network, access, own)


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
    only = _joins(sqlite_store, command, "Stu", Access.STAFF)
    for who in (only, command):
        for act in ("change", "revoke", "remove"):
            with pytest.raises(NotAllowedError, match="Nobody else is staff"):
                ACTS[act](sqlite_store, who, only.person_id)
    assert [row.access for row in people.people(sqlite_store, command)] == [Access.STAFF]
    second = _joins(sqlite_store, command, "Sue", Access.STAFF)
    people.revoke(sqlite_store, only, only.person_id, NOW)
    with pytest.raises(NotAllowedError, match="Nobody else is staff"):
        people.revoke(sqlite_store, second, second.person_id, NOW)


# Two networks with one person in both.


@pytest.fixture
def shared(sqlite_store: Store, team: dict[str, Principal]) -> Principal:
    """The other member of staff, who has started a network of her own."""
    networks.start_network(sqlite_store, team["other staff"], "Sue's network", NOW)
    return team["other staff"]


@pytest.mark.parametrize("act", ["code", "link", "remove"])
def test_staff_of_one_network_make_nothing_that_opens_another(
    sqlite_store: Store, team: dict[str, Principal], shared: Principal, act: str
) -> None:
    with pytest.raises(NotAllowedError, match="also in another network"):
        ACTS[act](sqlite_store, team["staff"], shared.person_id)


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
    second = _joins(sqlite_store, command, "Abe", Access.ADMIN)
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
    admin = _joins(sqlite_store, command, "Ada", Access.ADMIN)
    start.staff_link(sqlite_store, NOW)
    (row,) = people.people(sqlite_store, command)
    assert (row.id, row.access) == (admin.person_id, Access.ADMIN)


# Inviting.


def test_a_pasted_list_comes_in_whole_or_not_at_all(
    sqlite_store: Store, team: dict[str, Principal], plain_sql: PlainSql
) -> None:
    staff = team["staff"]
    good = [Invitation(f"Person {n}", Access.MEMBER, "ash") for n in range(12)]
    before = plain_sql.value("SELECT count(*) FROM people")
    for bad in (
        Invitation("", Access.MEMBER, "ash"),
        Invitation("x" * 121, Access.MEMBER, "ash"),
        Invitation("Eve", Access.MEMBER, "elm"),
        Invitation("Eve", Access.MEMBER),
        Invitation("Eve", Access.MEMBER, "ash", "no address"),
        Invitation("Eve", Access.ADMIN),
        Invitation("Eve", Access.RATER, "ash"),
        Invitation("person 3", Access.FACILITATOR, "ash"),
    ):
        with pytest.raises(UserError):
            people.invite_all(sqlite_store, staff, [*good, bad], NOW)
    assert plain_sql.value("SELECT count(*) FROM people") == before
    invited = people.invite_all(sqlite_store, staff, good, NOW)
    assert [one.name for one in invited] == [one.name for one in good]
    assert len({one.code_text for one in invited} | {one.link_token for one in invited}) == 24
    with pytest.raises(UserError, match="Here already"):
        people.invite_all(sqlite_store, staff, good[:1], NOW)


def test_too_many_at_once_and_nobody_at_all_are_refused(sqlite_store: Store, team: dict[str, Principal]) -> None:
    crowd = [Invitation(f"Person {n}", Access.MEMBER, "ash") for n in range(people.MOST_AT_ONCE + 1)]
    for invitations in (crowd, []):
        with pytest.raises(UserError):
            people.invite_all(sqlite_store, team["staff"], invitations, NOW)


def test_an_address_belongs_to_one_person_and_is_free_again_when_they_have_left(
    sqlite_store: Store, team: dict[str, Principal]
) -> None:
    staff = team["staff"]
    first = _joins(sqlite_store, staff, "Eve", Access.MEMBER, "ash", " Eve@Ash.example ")
    assert people.find(sqlite_store, staff, "eve@ash.example").id == first.person_id
    with pytest.raises(ChangedMeanwhileError):
        people.invite(sqlite_store, staff, Invitation("Ivo", Access.MEMBER, "ash", "EVE@ash.example"), NOW)
    people.revoke(sqlite_store, staff, first.person_id, NOW)
    assert _joins(sqlite_store, staff, "Eve", Access.MEMBER, "ash", "eve@ash.example") != first


def test_a_code_under_a_selector_that_is_taken_gets_another(
    sqlite_store: Store, team: dict[str, Principal], monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = iter([codes.Code("AAAA", "0" * 12), codes.Code("AAAA", "1" * 12), codes.Code("BBBB", "2" * 12)])
    monkeypatch.setattr(codes, "new_code", lambda: next(drawn))
    staff = team["staff"]
    assert people.new_code(sqlite_store, staff, team["member"].person_id, NOW).startswith("AAAA")
    assert people.new_code(sqlite_store, staff, team["facilitator"].person_id, NOW) == "BBBB-1111-1111-1111"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Ana Cruz", (("Ana Cruz", ""),)),
        ("Ana Cruz, ana@ash.example\r\n\n  Ben   Okoye\t", (("Ana Cruz", "ana@ash.example"), ("Ben Okoye", ""))),
        ("Ana Cruz <ana@ash.example>; ", (("Ana Cruz", "ana@ash.example"),)),
        ("ana@ash.example\tAna Cruz", (("Ana Cruz", "ana@ash.example"),)),
        ("Cruz, Ana", (("Cruz, Ana", ""),)),
        ("ana@ash.example", (("", "ana@ash.example"),)),
        (" \n ", ()),
    ],
)
def test_a_list_is_read_a_person_a_line(text: str, found: tuple[tuple[str, str], ...]) -> None:
    assert people.listed(text) == found


def test_a_person_is_found_by_number_name_or_address_and_two_of_one_name_are_asked_about(
    sqlite_store: Store, team: dict[str, Principal]
) -> None:
    staff, mia = team["staff"], team["member"].person_id
    assert people.find(sqlite_store, staff, " mia ").id == people.find(sqlite_store, staff, str(mia)).id == mia
    for nobody in ("", "Nobody", "0"):
        with pytest.raises(NotAllowedError):
            people.find(sqlite_store, staff, nobody)
    _joins(sqlite_store, staff, "Mia", Access.MEMBER, "ash")
    with pytest.raises(UserError, match="by number"):
        people.find(sqlite_store, staff, "Mia")


# What is seen of a person, and what stays when they go.


def test_the_list_says_how_somebody_comes_in_and_when_they_were_last_here(
    sqlite_store: Store, team: dict[str, Principal]
) -> None:
    staff = team["staff"]
    invited = people.invite(sqlite_store, staff, Invitation("Eve", Access.MEMBER, "ash"), NOW)
    row = _row(sqlite_store, staff, invited.person_id)
    assert (row.selector, row.last_seen) == (invited.code_text[:4], None)
    assert row.link_until == NOW + timedelta(days=14)
    session = sign_in.use_link(sqlite_store, invited.link_token, 30, LATER)
    assert session is not None
    row = _row(sqlite_store, staff, invited.person_id)
    assert (row.link_until, row.last_seen) == (None, LATER)
    came = Principal(invited.person_id, "Eve", staff.network, Access.MEMBER, "ash")
    sign_in.sign_out(sqlite_store, came, session, LATER + timedelta(minutes=5))
    assert _row(sqlite_store, staff, invited.person_id).last_seen == LATER + timedelta(minutes=5)


def _row(store: Store, who: Principal, person_id: int) -> people.PersonRow:
    return next(row for row in people.people(store, who) if row.id == person_id)


def test_who_is_revoked_has_no_way_in_left(
    sqlite_store: Store, team: dict[str, Principal], plain_sql: PlainSql
) -> None:
    staff = team["staff"]
    invited = people.invite(sqlite_store, staff, Invitation("Eve", Access.MEMBER, "ash"), NOW)
    session = sign_in.use_link(sqlite_store, invited.link_token, 30, NOW)
    assert session is not None
    unused = people.new_link(sqlite_store, staff, invited.person_id, NOW)
    plain_sql.run(f"INSERT INTO identities VALUES ('https://id.example', 'x', {invited.person_id}, '2026-01-01 00:00')")
    people.revoke(sqlite_store, staff, invited.person_id, NOW)
    assert sign_in.principal_of(sqlite_store, session, NOW) is None
    assert sign_in.use_link(sqlite_store, unused, 30, NOW) is None
    for table in ("person_codes", "sign_in_links", "identities", "sign_in_sessions", "accesses"):
        assert plain_sql.value(f"SELECT count(*) FROM {table} WHERE person_id = {invited.person_id}") == 0, table
    assert "Eve" in {person.name for person in people.people_gone(sqlite_store, staff)}


def test_another_access_holds_at_the_next_question(sqlite_store: Store, team: dict[str, Principal]) -> None:
    invited = people.invite(sqlite_store, team["staff"], Invitation("Eve", Access.FACILITATOR, "ash"), NOW)
    session = sign_in.use_link(sqlite_store, invited.link_token, 30, NOW)
    assert session is not None
    people.change_access(sqlite_store, team["staff"], invited.person_id, Access.MEMBER, "birch", NOW)
    now_is = sign_in.principal_of(sqlite_store, session, NOW)
    assert now_is is not None
    assert (now_is.access, now_is.partnership) == (Access.MEMBER, "birch")


def _everywhere(plain_sql: PlainSql, text: str) -> list[str]:
    """Every column of every table that holds the text, whatever the case."""
    tables = [name for (name,) in plain_sql.rows("SELECT name FROM sqlite_master WHERE type = 'table'")]
    columns = [(table, row[1]) for table in tables for row in plain_sql.rows(f'PRAGMA table_info("{table}")')]
    assert len(columns) > 100
    return [
        f"{table}.{column}"
        for table, column in columns
        if plain_sql.value(f"""SELECT count(*) FROM "{table}" WHERE instr(lower("{column}"), lower('{text}'))""")
    ]


@pytest.mark.parametrize("has_left", [False, True])
def test_a_name_that_is_removed_stands_nowhere_and_the_counts_stay(
    sqlite_store: Store, team: dict[str, Principal], plain_sql: PlainSql, has_left: bool
) -> None:
    staff, name = team["staff"], "Zoltan Quux"
    zoltan = _joins(sqlite_store, staff, name, Access.FACILITATOR, "ash", "zoltan.quux@ash.example")
    for base, level in enumerate((2, 3)):
        draft, pen = RatingDraft(level, evidence="seen"), ratings.Pen(f"pen-{base}", 0)
        ratings.save_rating(sqlite_store, zoltan, a_key(), draft, base=base, pen=pen, now=LATER)
    people.change_access(sqlite_store, staff, zoltan.person_id, Access.STAFF, "", LATER)
    people.new_code(sqlite_store, replace(zoltan, access=Access.STAFF, partnership=""), zoltan.person_id, LATER)
    assert _everywhere(plain_sql, name) == ["people.name"]
    assert _everywhere(plain_sql, "zoltan.quux") == ["people.email"]
    counted = _counts(plain_sql)
    if has_left:
        people.revoke(sqlite_store, staff, zoltan.person_id, LATER)
    people.remove_name(sqlite_store, staff, zoltan.person_id, LATER)
    assert _everywhere(plain_sql, "zoltan") == _everywhere(plain_sql, "quux") == []
    assert _counts(plain_sql) == counted == (1, 2)
    former = f"Former member {zoltan.person_id}"
    with sqlite_store.read(staff) as repository:
        found = repository.rating(a_key())
        lines = list(repository.entries())
    assert found is not None
    assert found.saved_by == former
    assert {entry.about for entry in lines if entry.action is Action.NAME_REMOVED} == {former}
    assert {entry.who for entry in lines if entry.action is Action.RATED} == {former}
    assert former not in {row.name for row in people.people(sqlite_store, staff)}
    assert zoltan.person_id not in {person.id for person in people.people_gone(sqlite_store, staff)}
    with pytest.raises(NotAllowedError):
        people.remove_name(sqlite_store, staff, zoltan.person_id, LATER)


def _counts(plain_sql: PlainSql) -> tuple[int, int]:
    return plain_sql.value("SELECT count(*) FROM ratings"), plain_sql.value("SELECT count(*) FROM rating_changes")


def test_who_left_another_network_is_nobodys_business_here(
    sqlite_store: Store, team: dict[str, Principal], stranger: Principal
) -> None:
    gone = _joins(sqlite_store, team["staff"], "Gus", Access.MEMBER, "ash")
    people.revoke(sqlite_store, team["staff"], gone.person_id, NOW)
    # A title that reads like the mark of a person is a title.
    networks.add_partnership(sqlite_store, stranger, f"#{gone.person_id}", NOW)
    assert people.people_gone(sqlite_store, stranger) == ()
    with pytest.raises(NotAllowedError):
        people.remove_name(sqlite_store, stranger, gone.person_id, NOW)


def test_every_act_is_in_the_record_once_and_no_secret_is(
    sqlite_store: Store, team: dict[str, Principal], plain_sql: PlainSql
) -> None:
    staff = replace(team["staff"], came_from="browser 192.0.2.7")
    before = plain_sql.value("SELECT coalesce(max(id), 0) FROM record")
    invited = people.invite(sqlite_store, staff, Invitation("Eve", Access.MEMBER, "ash"), NOW)
    secrets = [invited.code_text, invited.link_token]
    secrets.append(people.new_code(sqlite_store, staff, invited.person_id, NOW))
    secrets.append(people.new_link(sqlite_store, staff, invited.person_id, NOW))
    for _ in range(2):  # the second time changes nothing
        people.change_access(sqlite_store, staff, invited.person_id, Access.FACILITATOR, "birch", NOW)
    people.revoke(sqlite_store, staff, invited.person_id, NOW)
    people.remove_name(sqlite_store, staff, invited.person_id, NOW)
    query = f"SELECT who, came_from, action, about, old, new FROM record WHERE id > {before} ORDER BY id"
    lines = plain_sql.rows(query)
    mark, signed = f"#{invited.person_id}", (f"#{staff.person_id}", "browser 192.0.2.7")
    assert lines == [
        (*signed, "invited", mark, "", "member of ash"),
        (*signed, "code made", mark, "", ""),
        (*signed, "link made", mark, "", ""),
        (*signed, "access changed", mark, "member of ash", "facilitator of birch"),
        (*signed, "access revoked", mark, "facilitator of birch", ""),
        (*signed, "name removed", mark, "", ""),
    ]
    written = " ".join(map(str, plain_sql.rows("SELECT * FROM record")))
    assert not [secret for secret in secrets if secret in written or re.sub("-", "", secret)[4:] in written]
    assert invited.code_text not in repr(invited)
    assert invited.link_token not in repr(invited)
