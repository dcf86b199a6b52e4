"""Peer sets and shared notes in the store: frozen members, one network, and consent that can be taken back."""

import sqlite3
from dataclasses import replace
from datetime import timedelta

import psycopg
import pytest

from progressions.errors import ChangedMeanwhileError, NotAllowedError
from progressions.people import Access, Network, PeerView, Principal
from progressions.ratings import RatingDraft
from progressions.rubric import RubricVersion
from progressions.sharing import SharedNote
from progressions.store import Store
from tests.factories import NOW, a_furnished_network, a_key, a_network, staff_of
from tests.plain_sql import PlainSql

LATER = NOW + timedelta(hours=1)
REFUSALS = (sqlite3.IntegrityError, psycopg.errors.RestrictViolation)


def member_of(network: Network, partnership: str = "ash", view: PeerView = PeerView.COUNTS) -> Principal:
    return Principal(3, "Max", replace(network, peer_view=view), Access.MEMBER, partnership)


def a_set(store: Store, network: Network, *, is_shown: bool = True) -> int:
    with store.write(staff_of(network)) as repository:
        return repository.add_peer_set("Large urban", ["ash", "birch"], is_shown=is_shown, by="#1", now=NOW).id


def a_note(store: Store, who: Principal, partnership: str = "ash", *, asked: bool = True, base: int = 0) -> SharedNote:
    note = SharedNote(partnership, "lea", "lea-1", "Walk-throughs", "Ana, ana@example.org", NOW if asked else None)
    with store.write(who) as repository:
        return repository.save_shared_note(replace(note, row_version=base), by="#1", now=NOW)


# Sets.


def test_a_set_is_read_back_as_it_was_made(store: Store, network: Network, version: RubricVersion) -> None:
    made = a_set(store, network)
    with store.read(staff_of(network)) as repository:
        (found,) = repository.peer_sets()
    assert (found.id, found.title, found.partnerships) == (made, "Large urban", frozenset({"ash", "birch"}))
    assert (found.made_at, found.is_shown, found.removed_at) == (NOW, True, None)
    assert version.rubric.code == "lea"


def test_members_read_of_a_set_without_the_names_of_others(
    store: Store, network: Network, version: RubricVersion
) -> None:
    a_set(store, network)
    a_set(store, network, is_shown=False)
    with store.read(member_of(network)) as repository:
        (found,) = repository.peer_sets()
        names = {change[2] for change in repository.peer_changes("lea", version.published_at.date())}
        own = repository.peer_name("ash")
    assert own in found.partnerships
    assert all(name.startswith("#") for name in found.partnerships)
    assert len(found.partnerships) == 2
    assert names == set()
    with store.read(member_of(network, view=PeerView.NAMES)) as repository:
        assert repository.peer_sets()[0].partnerships == frozenset({"ash", "birch"})


@pytest.mark.parametrize("view", [PeerView.NOTHING, None])
def test_whoever_sees_no_peers_reads_no_set_and_no_note(
    store: Store, network: Network, version: RubricVersion, view: PeerView | None
) -> None:
    a_set(store, network)
    who = member_of(network, view=view) if view else replace(member_of(network), access=Access.RATER)
    with store.read(who) as repository:
        for read in (
            repository.peer_sets,
            lambda: repository.notes_to_read("lea"),
            lambda: repository.sharers("lea"),
            lambda: repository.facts_of_sharers("lea"),
        ):
            with pytest.raises(NotAllowedError):
                read()
    assert version.number == 1


def test_the_members_of_a_set_never_change(
    store: Store, network: Network, version: RubricVersion, sql: PlainSql
) -> None:
    made = a_set(store, network)
    for statement in (
        f"DELETE FROM peer_set_members WHERE set_id = {made}",
        f"UPDATE peer_set_members SET partnership_id = partnership_id WHERE set_id = {made}",
    ):
        with pytest.raises(REFUSALS, match="never change"):
            sql.run(statement)
    assert sql.value("SELECT count(*) FROM peer_set_members") == 2
    assert version.number == 1


def test_a_set_that_was_taken_away_keeps_its_row_and_goes_once(
    store: Store, network: Network, version: RubricVersion, sql: PlainSql
) -> None:
    made = a_set(store, network)
    with store.write(staff_of(network)) as repository:
        repository.remove_peer_set(made, by="#1", now=LATER)
        with pytest.raises(NotAllowedError):
            repository.remove_peer_set(made, by="#1", now=LATER)
    with store.read(member_of(network)) as repository:
        assert repository.peer_sets()[0].removed_at == LATER
    assert sql.value("SELECT count(*) FROM peer_sets") == version.number


def test_sets_are_the_staffs_and_hold_partnerships_that_are_there(
    store: Store, network: Network, version: RubricVersion
) -> None:
    with store.write(staff_of(network)) as repository, pytest.raises(NotAllowedError):
        repository.add_peer_set("Some", ["ash", "nobody"], is_shown=False, by="#1", now=NOW)
    with store.write(member_of(network)) as repository:
        with pytest.raises(NotAllowedError):
            repository.add_peer_set("Some", ["ash"], is_shown=False, by="#1", now=NOW)
        with pytest.raises(NotAllowedError):
            repository.remove_peer_set(1, by="#1", now=NOW)
    assert version.number == 1


def test_no_set_and_no_note_joins_two_networks(
    store: Store, network: Network, version: RubricVersion, sql: PlainSql
) -> None:
    south = a_network(store, "south", "Network South")
    a_furnished_network(store, south)
    made = a_set(store, network)
    a_note(store, staff_of(network))
    with store.read(staff_of(south)) as repository:
        assert repository.peer_sets() == ()
        assert repository.notes_to_read("lea") == ()
        assert repository.sharers("lea") == ()
        assert repository.facts_of_sharers("lea") == []
        assert repository.shared_notes_of("ash") == ()
    with store.write(staff_of(south)) as repository, pytest.raises(NotAllowedError):
        repository.remove_peer_set(made, by="#1", now=NOW)
    theirs = sql.value(f"SELECT min(id) FROM partnerships WHERE network_id = {south.id}")
    with pytest.raises((sqlite3.IntegrityError, psycopg.errors.ForeignKeyViolation)):
        sql.run(f"INSERT INTO peer_set_members VALUES ({made}, {theirs}, {network.id})")
    assert version.number == 1


# Notes.


def test_a_note_without_consent_is_read_by_its_partnership_and_by_staff_alone(
    store: Store, network: Network, version: RubricVersion
) -> None:
    a_note(store, staff_of(network), "birch", asked=False)
    with store.read(member_of(network)) as repository:
        assert repository.notes_to_read("lea") == ()
        assert repository.sharers("lea") == ()
        with pytest.raises(NotAllowedError):
            repository.shared_note("birch", "lea", "lea-1")
        with pytest.raises(NotAllowedError):
            repository.shared_notes_of("birch")
    with store.read(staff_of(network)) as repository:
        ((note, title),) = repository.notes_to_read("lea")
    assert (note.note, title, note.may_be_asked) == ("Walk-throughs", "Birch Valley", False)
    with store.read(member_of(network, "birch")) as repository:
        assert repository.shared_note("birch", "lea", "lea-1").note == "Walk-throughs"
    assert version.number == 1


def test_with_consent_members_read_the_note_and_the_ratings_of_that_domain_and_no_more(
    store: Store, network: Network, version: RubricVersion
) -> None:
    with store.write(staff_of(network)) as repository:
        for domain, level in (("lea-1", 3), ("lea-2", 4)):
            key = a_key(domain, "birch")
            repository.save_rating(key, RatingDraft(level, "secret"), base=0, version=version, by="Ana", now=NOW)
    a_note(store, staff_of(network), "birch")
    with store.read(member_of(network)) as repository:
        ((note, title),) = repository.notes_to_read("lea")
        facts = repository.facts_of_sharers("lea")
        (sharer,) = repository.sharers("lea")
        assert repository.facts_of_sharers("other") == []
    assert (note.contact, title) == ("Ana, ana@example.org", "Birch Valley")
    assert [(each.partnership, each.domain, each.level) for each in facts] == [("birch", "lea-1", 3)]
    assert sharer.name.startswith("#")
    assert (sharer.code, sharer.domain, sharer.first_asked_at) == ("birch", "lea-1", NOW)
    with store.read(member_of(network, "birch")) as repository:
        assert repository.notes_to_read("lea") == ()  # one's own is read where it is written
        assert [each.name for each in repository.sharers("lea")] == [sharer.name], "the same for all who look"


def test_consent_is_taken_back_at_once_and_that_it_was_given_is_remembered(
    store: Store, network: Network, version: RubricVersion
) -> None:
    a_note(store, staff_of(network), "birch")
    saved = a_note(store, staff_of(network), "birch", asked=False, base=1)
    assert (saved.may_be_asked, saved.first_asked_at, saved.row_version) == (False, NOW, 2)
    with store.read(member_of(network)) as repository:
        assert repository.notes_to_read("lea") == ()
        assert repository.facts_of_sharers("lea") == []
        assert [each.code for each in repository.sharers("lea")] == [""]
    assert version.number == 1


@pytest.mark.parametrize("base", [0, 2])
def test_whoever_saves_second_overwrites_nothing(
    store: Store, network: Network, version: RubricVersion, base: int
) -> None:
    a_note(store, staff_of(network))
    with pytest.raises(ChangedMeanwhileError):
        a_note(store, member_of(network), asked=False, base=base)
    with store.read(staff_of(network)) as repository:
        assert repository.shared_note("ash", "lea", "lea-1").may_be_asked
    assert version.number == 1


def test_a_note_is_of_ones_own_partnership_and_of_a_domain_that_there_is(
    store: Store, network: Network, version: RubricVersion
) -> None:
    with pytest.raises(NotAllowedError):
        a_note(store, member_of(network), "birch")
    for partnership, domain in (("nobody", "lea-1"), ("ash", "no-such")):
        with store.write(staff_of(network)) as repository, pytest.raises(NotAllowedError):
            repository.save_shared_note(SharedNote(partnership, "lea", domain, "x"), by="#1", now=NOW)
    assert version.number == 1
