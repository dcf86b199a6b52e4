import sqlite3
from datetime import date, timedelta

import psycopg
import pytest

from progressions.people import Network
from progressions.ratings import NextStep, RatingChange, RatingDraft, Reason
from progressions.rubric import RubricVersion
from progressions.store import Store
from tests.factories import NOW, a_key, staff_of
from tests.plain_sql import PlainSql

FIRST = RatingDraft(2, "first", NextStep("Begin", "Ana", date(2026, 9, 1)))
SECOND = RatingDraft(None, "we no longer know", reason=Reason.PEOPLE)
REFUSALS = (sqlite3.IntegrityError, psycopg.errors.RestrictViolation)


@pytest.fixture
def saved_twice(store: Store, network: Network, version: RubricVersion) -> None:
    for minute, (base, draft, by) in enumerate([(0, FIRST, "Ana"), (1, SECOND, "Ben")]):
        with store.write(staff_of(network)) as repository:
            now = NOW + timedelta(minutes=minute)
            repository.save_rating(a_key(), draft, base=base, version=version, by=by, now=now)


@pytest.mark.usefixtures("saved_twice")
def test_every_save_is_remembered_with_what_was_there_before(store: Store, network: Network) -> None:
    with store.read(staff_of(network)) as repository:
        assert repository.changes(a_key()) == (
            RatingChange(a_key(), 2, NOW + timedelta(minutes=1), "Ben", FIRST, SECOND, 1),
            RatingChange(a_key(), 1, NOW, "Ana", None, FIRST, 1),
        )
        assert repository.changes(a_key("lea-2")) == ()


@pytest.mark.usefixtures("saved_twice")
def test_levels_stand_beside_the_whole_drafts(sql: PlainSql) -> None:
    query = "SELECT row_version, old_level, new_level FROM rating_changes ORDER BY row_version"
    assert sql.rows(query) == [(1, None, 2), (2, 2, None)]


@pytest.mark.usefixtures("saved_twice")
@pytest.mark.parametrize("statement", ["UPDATE rating_changes SET new_level = 4", "DELETE FROM rating_changes"])
def test_the_database_refuses_to_change_the_history(sql: PlainSql, statement: str) -> None:
    before = sql.rows("SELECT * FROM rating_changes ORDER BY id")
    with pytest.raises(REFUSALS, match="never change"):
        sql.run(statement)
    assert sql.rows("SELECT * FROM rating_changes ORDER BY id") == before
    assert len(before) == 2


@pytest.mark.usefixtures("saved_twice")
def test_a_rating_with_a_history_cannot_be_deleted(sql: PlainSql) -> None:
    with pytest.raises(Exception, match=r"(?i)foreign key"):
        sql.run("DELETE FROM ratings")
