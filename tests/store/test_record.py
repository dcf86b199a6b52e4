"""The record: lines are only ever added, the newest come first, and names are those of today."""

import re
import sqlite3
from datetime import timedelta

import psycopg
import pytest

from progressions.errors import NotAllowedError
from progressions.people import Access, Network, Principal
from progressions.ratings import LevelWrite, RatingDraft
from progressions.record import Action, Entry, Wanted
from progressions.rubric import RubricVersion
from progressions.store import Store
from tests.factories import NOW, a_key, a_network, staff_of
from tests.plain_sql import PlainSql

REFUSALS = (sqlite3.IntegrityError, psycopg.errors.RestrictViolation)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def sam(store: Store, network: Network) -> Principal:
    with store.write_directory() as directory:
        person = directory.add_person("Sam", NOW)
    return Principal(person, "Sam", network, Access.STAFF, came_from="browser 10.0.0.1")


@pytest.fixture
def filled(store: Store, sam: Principal, version: RubricVersion) -> None:
    """A setting, a save by hand, an import of two levels, an export; a minute lies between each."""
    with store.write(sam) as repository:
        repository.note(Action.SETTING_CHANGED, "the name", old="Nord", new="North", now=NOW)
    with store.write(sam) as repository:
        draft = RatingDraft(2, "seen")
        repository.save_rating(a_key(), draft, base=0, version=version, by=sam.signature, now=NOW + MINUTE)
    with store.write(sam) as repository:
        later = NOW + 2 * MINUTE
        batch = repository.add_batch(
            file_name="past.csv", sha256="aa", mapping="{}", counts="{}", by=sam.signature, now=later
        )
        rows = [LevelWrite(a_key(), 3, 1), LevelWrite(a_key("lea-2"), 1, 0)]
        repository.save_levels(rows, batch_id=batch, by=sam.signature, now=later)
        repository.note(Action.IMPORTED, "import 1: past.csv", new="new 1, changed 1", now=later)
    with store.write(Principal(0, "Command line", sam.network, Access.ADMIN, came_from="command line")) as repository:
        repository.note(Action.EXPORTED, "all ratings", now=NOW + 3 * MINUTE)


def lines(store: Store, who: Principal, wanted: Wanted | None = None, most: int | None = None) -> list[Entry]:
    with store.read(who) as repository:
        return list(repository.entries(wanted or Wanted(), most))


@pytest.mark.usefixtures("filled")
@pytest.mark.parametrize(
    "statement", ["UPDATE record SET about = ''", "UPDATE record SET who = 'x'", "DELETE FROM record"]
)
def test_the_database_refuses_to_change_the_record(sql: PlainSql, statement: str) -> None:
    before = sql.rows("SELECT * FROM record ORDER BY id")
    with pytest.raises(REFUSALS, match="never change"):
        sql.run(statement)
    assert sql.rows("SELECT * FROM record ORDER BY id") == before
    assert len(before) == 3


@pytest.mark.usefixtures("filled")
def test_the_record_cannot_be_emptied_at_once_either(sql: PlainSql) -> None:
    if sql.is_sqlite:
        pytest.skip("SQLite has no TRUNCATE")
    with pytest.raises(REFUSALS, match="never change"):
        sql.run("TRUNCATE record")
    assert sql.value("SELECT count(*) FROM record") == 3


@pytest.mark.usefixtures("filled")
def test_lines_and_saves_come_together_the_newest_first(store: Store, sam: Principal) -> None:
    found = lines(store, sam)
    assert [(entry.at, entry.action) for entry in found] == [
        (NOW + 3 * MINUTE, Action.EXPORTED),
        (NOW + 2 * MINUTE, Action.IMPORTED),
        (NOW + 2 * MINUTE, Action.RATED),
        (NOW + 2 * MINUTE, Action.RATED),
        (NOW + MINUTE, Action.RATED),
        (NOW, Action.SETTING_CHANGED),
    ]
    assert {(entry.who, entry.came_from) for entry in found} == {
        ("Sam", "browser 10.0.0.1"),
        ("Command line", "command line"),
    }
    assert (found[4].about, found[4].old, found[4].new) == (
        "Ash County, 2026-03-05, lea-1", "", "level 2; evidence: seen"
    )  # fmt: skip
    about = {re.sub(r"import \d+", "import N", entry.about): (entry.old, entry.new) for entry in found[2:4]}
    assert about == {
        "Ash County, 2026-03-05, lea-1 (import N)": ("level 2; evidence: seen", "level 3; evidence: seen"),
        "Ash County, 2026-03-05, lea-2 (import N)": ("", "level 1"),
    }
    assert (found[5].old, found[5].new) == ("Nord", "North")


@pytest.mark.usefixtures("filled")
def test_the_record_can_be_narrowed(store: Store, sam: Principal) -> None:
    def actions(**wanted: object) -> list[str]:
        return [entry.action.value for entry in lines(store, sam, Wanted(**wanted))]  # type: ignore[arg-type]

    assert actions(imported_ratings=False) == ["exported", "imported", "rated", "setting changed"]
    assert actions(action=Action.RATED) == ["rated", "rated", "rated"]
    assert actions(action=Action.RATED, imported_ratings=False) == ["rated"]
    assert actions(action=Action.EXPORTED) == ["exported"]
    assert actions(who="Command line") == ["exported"]
    assert actions(who=sam.signature, imported_ratings=False) == ["imported", "rated", "setting changed"]
    assert actions(since=NOW + MINUTE, until=NOW + 2 * MINUTE) == ["rated"]
    assert actions(until=NOW) == []


@pytest.mark.usefixtures("filled")
def test_the_newest_can_be_had_without_the_rest(store: Store, sam: Principal) -> None:
    everything = lines(store, sam)
    for most in range(1, len(everything)):
        assert lines(store, sam, most=most)[:most] == everything[:most]


@pytest.mark.usefixtures("filled")
def test_another_network_has_another_record(store: Store, sam: Principal) -> None:
    south = staff_of(a_network(store, "south", "South"))
    assert lines(store, south) == []
    with store.read(south) as repository:
        assert repository.signers() == {}
    with store.read(sam) as repository:
        assert repository.signers() == {"Command line": "Command line", sam.signature: "Sam"}


@pytest.mark.usefixtures("filled")
def test_whoever_imported_is_among_those_who_did_something_and_not_twice(store: Store, sam: Principal) -> None:
    with store.write(sam) as repository:
        batch = repository.add_batch(file_name="", sha256="bb", mapping="{}", counts="{}", by="Ana", now=NOW)
        repository.save_levels([LevelWrite(a_key("lea-3"), 1, 0)], batch_id=batch, by="Ana", now=NOW)
    with store.read(sam) as repository:
        assert repository.signers() == {"Ana": "Ana", "Command line": "Command line", sam.signature: "Sam"}
    with store.read(staff_of(a_network(store, "south", "South"))) as repository:
        assert repository.signers() == {}


@pytest.mark.usefixtures("filled")
def test_a_name_that_is_taken_away_is_gone_from_the_record_too(store: Store, sam: Principal, sql: PlainSql) -> None:
    with store.write(sam) as repository:
        repository.note(Action.INVITED, sam.signature, new="member of Ash County", now=NOW + 4 * MINUTE)
    assert lines(store, sam)[0].about == "Sam"
    before = len(lines(store, sam))
    sql.run(f"UPDATE people SET name = 'Former member {sam.person_id}' WHERE id = {sam.person_id}")
    found = lines(store, sam)
    assert len(found) == before
    assert found[0].about == f"Former member {sam.person_id}"
    assert {entry.who for entry in found} == {"Command line", f"Former member {sam.person_id}"}
    assert "Sam" not in str(found)
    with store.read(sam) as repository:
        history = repository.changes(a_key())
    assert {change.changed_by for change in history} == {f"Former member {sam.person_id}"}


@pytest.mark.usefixtures("filled")
def test_a_title_that_looks_like_the_mark_of_a_person_stays_a_title(store: Store, sam: Principal) -> None:
    with store.write(sam) as repository:
        repository.note(Action.PARTNERSHIP_ADDED, sam.signature, now=NOW + 4 * MINUTE)
    assert lines(store, sam)[0].about == sam.signature


@pytest.mark.parametrize("access", [Access.RATER, Access.MEMBER, Access.FACILITATOR])
def test_the_record_opens_for_staff_alone(store: Store, network: Network, access: Access) -> None:
    with store.read(Principal(9, "Max", network, access, "ash")) as repository:
        for ask in (repository.entries, repository.signers):
            with pytest.raises(NotAllowedError):
                ask()


def test_a_repository_for_reading_notes_nothing(store: Store, network: Network) -> None:
    with store.read(staff_of(network)) as repository, pytest.raises(RuntimeError):
        repository.note(Action.EXPORTED, "x", now=NOW)


@pytest.mark.usefixtures("filled")
def test_every_save_of_a_partnership_comes_with_the_file_it_came_from(store: Store, sam: Principal) -> None:
    with store.read(Principal(9, "Max", sam.network, Access.MEMBER, "ash")) as repository:
        changes = repository.changes_of("ash")
        assert (changes[0].key.domain, changes[0].new.level, changes[0].batch_id) == ("lea-1", 2, None)
        assert len(changes) == 3
        assert set(repository.files_of(changes).values()) == {"past.csv"}
        with pytest.raises(NotAllowedError):
            repository.changes_of("birch")
