"""Which person an identity at a provider belongs to, and what their session is."""

from dataclasses import replace

import pytest

from progressions.people import Access, Network, Principal
from progressions.services import identities, people, sign_in
from progressions.services.identities import Claims
from progressions.services.people import Invitation
from progressions.services.sign_in import Arrival
from progressions.store import Store
from tests.factories import NOW
from tests.plain_sql import PlainSql

ANA = Claims("https://school.example", "ana-1", "Ana@Example.org", True, "Ana")


@pytest.fixture
def sql(sqlite_store: Store) -> PlainSql:
    """The same file, asked without the application."""
    return PlainSql(str(sqlite_store.url))


@pytest.fixture
def ana(sqlite_store: Store, staff: Principal) -> int:
    """Id of an invited person."""
    with sqlite_store.write_directory() as directory:
        directory.grant(staff.person_id, staff.network.id, Access.STAFF, None)
    return people.invite(sqlite_store, staff, Invitation("Ana", Access.MEMBER, "ash", "ana@example.org"), NOW).person_id


def test_a_confirmed_address_that_is_invited_links_whatever_its_case(sqlite_store: Store, ana: int) -> None:
    assert identities.person_for(sqlite_store, ANA, NOW) == ana


def test_case_is_folded_beyond_the_english_alphabet(sqlite_store: Store, north: Network) -> None:
    with sqlite_store.write_directory() as directory:
        person = directory.add_person("Jörg", NOW, "JÖRG.STRASSE@example.org")
        directory.grant(person, north.id, Access.MEMBER, "ash")
    claims = replace(ANA, email="jörg.straße@example.org")
    assert identities.person_for(sqlite_store, claims, NOW) == person


@pytest.mark.parametrize(
    "claims",
    [
        replace(ANA, email_verified=False),
        replace(ANA, email=""),
        replace(ANA, email="   "),
        replace(ANA, email="ana@example.org.evil.example"),
        replace(ANA, email="%"),
        replace(ANA, issuer=""),
        replace(ANA, subject=""),
        replace(ANA, subject="ana\x001"),
        replace(ANA, subject="a" * 2_000),
    ],
    ids=["unverified", "missing", "blank", "longer", "wildcard", "no issuer", "no subject", "zero character", "huge"],
)
def test_nobody_else_is_let_in_and_nothing_is_created(
    sqlite_store: Store, ana: int, sql: PlainSql, claims: Claims
) -> None:
    before = sql.rows("SELECT * FROM people")
    assert identities.person_for(sqlite_store, claims, NOW) is None
    assert sql.rows("SELECT * FROM people") == before
    assert sql.value("SELECT count(*) FROM identities") == 0
    assert ana


def test_a_linked_identity_keeps_its_person_whatever_its_address_becomes(
    sqlite_store: Store, ana: int, staff: Principal
) -> None:
    other = people.invite(sqlite_store, staff, Invitation("Bo", Access.MEMBER, "birch", "bo@example.org"), NOW)
    identities.person_for(sqlite_store, ANA, NOW)
    for claims in (replace(ANA, email="bo@example.org"), replace(ANA, email="", email_verified=False)):
        assert identities.person_for(sqlite_store, claims, NOW) == ana != other.person_id


@pytest.mark.parametrize("second", [{"subject": "ana-2"}, {"issuer": "https://elsewhere.example"}])
def test_an_address_links_once_however_well_it_is_confirmed_later(
    sqlite_store: Store, ana: int, sql: PlainSql, second: dict[str, str]
) -> None:
    identities.person_for(sqlite_store, ANA, NOW)
    assert identities.person_for(sqlite_store, replace(ANA, **second), NOW) is None
    assert sql.rows("SELECT issuer, subject, person_id FROM identities") == [(ANA.issuer, ANA.subject, ana)]


def test_invited_anew_a_person_links_another_identity(sqlite_store: Store, ana: int, staff: Principal) -> None:
    identities.person_for(sqlite_store, ANA, NOW)
    people.revoke(sqlite_store, staff, ana, NOW)
    again = people.invite(sqlite_store, staff, Invitation("Ana", Access.MEMBER, "ash", "ana@example.org"), NOW)
    assert identities.person_for(sqlite_store, replace(ANA, subject="ana-2"), NOW) == again.person_id != ana


def test_two_people_whose_addresses_differ_in_case_alone_are_nobody(sqlite_store: Store, north: Network) -> None:
    with sqlite_store.write_directory() as directory:
        for email in ("ana@example.org", "ANA@example.org"):
            directory.grant(directory.add_person("Ana", NOW, email), north.id, Access.MEMBER, "ash")
    assert identities.person_for(sqlite_store, ANA, NOW) is None


def test_the_session_is_like_any_other_and_the_record_says_how_it_began(
    sqlite_store: Store, ana: int, sql: PlainSql
) -> None:
    token = identities.sign_in(sqlite_store, ANA, Arrival(NOW, 30, "browser 10.0.0.7"))
    assert token is not None
    principal = sign_in.principal_of(sqlite_store, token, NOW)
    assert principal is not None
    assert (principal.person_id, principal.access, principal.partnership) == (ana, Access.MEMBER, "ash")
    lines = sql.rows("SELECT who, came_from, about FROM record WHERE action = 'signed in'")
    assert lines == [(f"#{ana}", "browser 10.0.0.7", "by identity provider")]


def test_the_session_that_the_browser_had_before_ends(sqlite_store: Store, ana: int) -> None:
    older = identities.sign_in(sqlite_store, ANA, Arrival(NOW, 30))
    assert older is not None
    assert identities.sign_in(sqlite_store, ANA, Arrival(NOW, 30, older=older)) is not None
    assert sign_in.principal_of(sqlite_store, older, NOW) is None
    assert ana


def test_a_revoked_person_is_out_at_once_and_their_identity_opens_nothing(
    sqlite_store: Store, ana: int, staff: Principal
) -> None:
    token = identities.sign_in(sqlite_store, ANA, Arrival(NOW, 30))
    assert token is not None
    people.revoke(sqlite_store, staff, ana, NOW)
    assert sign_in.principal_of(sqlite_store, token, NOW) is None
    assert identities.sign_in(sqlite_store, ANA, Arrival(NOW, 30)) is None


def test_no_claim_is_kept_but_issuer_and_subject(sqlite_store: Store, ana: int, sql: PlainSql) -> None:
    claims = replace(ANA, name="A name of the provider’s")
    identities.sign_in(sqlite_store, claims, Arrival(NOW, 30))
    assert sql.rows("SELECT name, email FROM people WHERE id = " + str(ana)) == [("Ana", "ana@example.org")]
