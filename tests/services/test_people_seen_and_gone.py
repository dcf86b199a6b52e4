"""What is seen of a person, and what stays when they go: a name that is gone from everywhere."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from progressions.errors import NotAllowedError
from progressions.people import Access, Principal
from progressions.ratings import RatingDraft
from progressions.record import Action
from progressions.services import networks, people, ratings, sign_in
from progressions.services.people import Invitation
from progressions.store import Store
from tests.factories import NOW, a_key
from tests.plain_sql import PlainSql
from tests.services.teams import joins

pytestmark = pytest.mark.usefixtures("quick_hashes")
LATER = NOW + timedelta(hours=1)


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
    zoltan = joins(sqlite_store, staff, name, Access.FACILITATOR, "ash", "zoltan.quux@ash.example")
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
    gone = joins(sqlite_store, team["staff"], "Gus", Access.MEMBER, "ash")
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
