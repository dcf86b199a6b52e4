"""Inviting one and many, and whom a command means."""

import time

import pytest

from progressions import codes
from progressions.errors import ChangedMeanwhileError, NotAllowedError, UserError
from progressions.people import Access, Principal
from progressions.services import people
from progressions.services.people import Invitation
from progressions.store import Store
from tests.factories import NOW
from tests.plain_sql import PlainSql
from tests.services.teams import joins

pytestmark = pytest.mark.usefixtures("quick_hashes")


def test_a_pasted_list_comes_in_whole_or_not_at_all(
    sqlite_store: Store, team: dict[str, Principal], plain_sql: PlainSql
) -> None:
    staff = team["staff"]
    good = [Invitation(f"Person {n}", Access.MEMBER, "ash") for n in range(12)]
    before = plain_sql.value("SELECT count(*) FROM people")
    for bad in (
        Invitation("", Access.MEMBER, "ash"),
        Invitation("x" * 121, Access.MEMBER, "ash"),
        Invitation("\u200b\u2060", Access.MEMBER, "ash"),
        Invitation("Eve", Access.MEMBER, "ash", f"eve@{'a' * 250}.org"),
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
    first = joins(sqlite_store, staff, "Eve", Access.MEMBER, "ash", " Eve@Ash.example ")
    assert people.find(sqlite_store, staff, "eve@ash.example").id == first.person_id
    with pytest.raises(ChangedMeanwhileError):
        people.invite(sqlite_store, staff, Invitation("Ivo", Access.MEMBER, "ash", "EVE@ash.example"), NOW)
    people.revoke(sqlite_store, staff, first.person_id, NOW)
    assert joins(sqlite_store, staff, "Eve", Access.MEMBER, "ash", "eve@ash.example") != first


def test_whether_an_address_is_somebodys_here_or_in_another_network_sounds_the_same(
    sqlite_store: Store, team: dict[str, Principal], stranger: Principal
) -> None:
    people.invite(sqlite_store, team["staff"], Invitation("Eve", Access.STAFF, email="eve@ash.example"), NOW)
    said = []
    for who in (team["staff"], stranger):
        for invite in (
            lambda who, one: people.invite(sqlite_store, who, one, NOW),
            lambda who, one: people.invite_all(sqlite_store, who, [one], NOW),
        ):
            with pytest.raises(UserError) as refused:
                invite(who, Invitation("Ivo", Access.STAFF, email="Eve@ash.example"))
            said.append(str(refused.value))
    assert set(said) == {
        "The address eve@ash.example cannot be used for another invitation here. "
        "Invite without it, or ask whoever runs Progressions."
    }
    assert "Ivo" not in {row.name for who in (team["staff"], stranger) for row in people.people(sqlite_store, who)}


def test_of_two_who_paste_one_list_at_one_moment_the_second_is_told(
    sqlite_store: Store, team: dict[str, Principal], monkeypatch: pytest.MonkeyPatch
) -> None:
    pasted = [Invitation("Eve", Access.MEMBER, "ash"), Invitation("Ivo", Access.MEMBER, "ash")]
    hashed, others = codes.hashed, iter([team["other staff"]])

    def slowly(secret: str) -> str:
        for other in others:  # while the first one's secrets are hashed, the other one's list comes in
            people.invite_all(sqlite_store, other, pasted, NOW)
        return hashed(secret)

    monkeypatch.setattr(codes, "hashed", slowly)
    with pytest.raises(UserError, match="Here already, or twice in the list: Eve, Ivo"):
        people.invite_all(sqlite_store, team["staff"], pasted, NOW)
    assert [row.name for row in people.people(sqlite_store, team["staff"])].count("Eve") == 1


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


@pytest.mark.parametrize("line", ["a" * 100_000, f"a@{'.' * 100_000}", f"{'a' * 100_000}@ash.example"])
def test_a_line_that_is_no_persons_is_refused_at_once(
    sqlite_store: Store, team: dict[str, Principal], line: str
) -> None:
    began = time.monotonic()  # searched for an address it would take minutes, in which nobody else is served
    asked = [Invitation(name, Access.MEMBER, "ash", email) for name, email in people.listed(line)]
    for invitation in (*asked, Invitation("Eve", Access.MEMBER, "ash", line)):
        with pytest.raises(UserError, match="at most"):
            people.invite(sqlite_store, team["staff"], invitation, NOW)
    assert time.monotonic() - began < 10


def test_no_name_paints_a_terminal(sqlite_store: Store, team: dict[str, Principal]) -> None:
    invited = joins(sqlite_store, team["staff"], "\x1b[2JEve\x07  Ash\n", Access.MEMBER, "ash")
    assert [row.name for row in people.people(sqlite_store, team["staff"]) if row.id == invited.person_id] == [
        "[2JEve Ash"
    ]


def test_a_person_is_found_by_number_name_or_address_and_two_of_one_name_are_asked_about(
    sqlite_store: Store, team: dict[str, Principal]
) -> None:
    staff, mia = team["staff"], team["member"].person_id
    assert people.find(sqlite_store, staff, " mia ").id == people.find(sqlite_store, staff, str(mia)).id == mia
    for nobody in ("", "Nobody", "0"):
        with pytest.raises(NotAllowedError):
            people.find(sqlite_store, staff, nobody)
    joins(sqlite_store, staff, "Mia", Access.MEMBER, "ash")
    with pytest.raises(UserError, match="by number"):
        people.find(sqlite_store, staff, "Mia")


def test_digits_are_a_number_and_who_is_called_so_is_named_by_their_own(
    sqlite_store: Store, team: dict[str, Principal]
) -> None:
    staff, mia = team["staff"], team["member"].person_id
    double = people.invite(sqlite_store, staff, Invitation(str(mia), Access.MEMBER, "ash", "m@ash.example"), NOW)
    lone = people.invite(sqlite_store, staff, Invitation("8812", Access.MEMBER, "ash"), NOW)
    assert people.find(sqlite_store, staff, str(mia)).id == mia
    assert people.find(sqlite_store, staff, "m@ash.example").id == double.person_id
    assert people.find(sqlite_store, staff, str(lone.person_id)).id == lone.person_id
    with pytest.raises(NotAllowedError, match="Digits always mean a person's number"):
        people.find(sqlite_store, staff, "8812")
