import json
from collections.abc import Sequence
from datetime import date, timedelta

import pytest

from progressions.errors import ChangedMeanwhileError, NotAllowedError
from progressions.people import Network
from progressions.ratings import LevelWrite, NextStep, RatingDraft, RatingKey
from progressions.rubric import RubricVersion
from progressions.store import Repository, Store
from tests.factories import (
    AUTUMN,
    NOW,
    SPRING,
    a_furnished_network,
    a_key,
    a_network,
    a_published_rubric,
    make_rubric,
    reworded,
    staff_of,
)
from tests.plain_sql import PlainSql


def a_batch(repository: Repository) -> int:
    return repository.add_batch(file_name="past.xlsx", sha256="aa", mapping="{}", counts="{}", by="Ana", now=NOW)


def bring_in(store: Store, network: Network, rows: Sequence[LevelWrite]) -> int:
    with store.write(staff_of(network)) as repository:
        batch = a_batch(repository)
        repository.save_levels(rows, batch_id=batch, by="Ana", now=NOW)
    return batch


def by_hand(store: Store, network: Network, version: RubricVersion, draft: RatingDraft, base: int = 0) -> None:
    with store.write(staff_of(network)) as repository:
        repository.save_rating(a_key(), draft, base=base, version=version, by="Ben", now=NOW, pen="open-page")


def test_levels_of_an_import_are_stored_with_their_batch_and_history(
    store: Store, network: Network, version: RubricVersion, sql: PlainSql
) -> None:
    rows = [
        LevelWrite(a_key("lea-1"), 2, 0),
        LevelWrite(a_key("lea-2", "birch"), None, 0),
        LevelWrite(a_key("lea-3", held_on=AUTUMN), 4, 0),
    ]
    batch = bring_in(store, network, rows)
    assert version.number == 1
    with store.read(staff_of(network)) as repository:
        assert repository.stored_levels() == {row.key: (row.level, 1) for row in rows}
    assert sql.rows(
        "SELECT r.level, c.old_level, c.new_level, c.old_json, c.row_version, c.batch_id "
        "FROM ratings r JOIN rating_changes c ON c.rating_id = r.id WHERE r.batch_id = c.batch_id ORDER BY r.id"
    ) == [(2, None, 2, None, 1, batch), (None, None, None, None, 1, batch), (4, None, 4, None, 1, batch)]
    texts = [json.loads(text) for (text,) in sql.rows("SELECT new_json FROM rating_changes ORDER BY rating_id")]
    assert [text["level"] for text in texts] == [2, None, 4]


def test_an_import_keeps_evidence_and_next_step(store: Store, network: Network, version: RubricVersion) -> None:
    draft = RatingDraft(2, "seen in June", NextStep("Share it", "Ana", date(2026, 9, 1)))
    by_hand(store, network, version, draft)
    batch = bring_in(store, network, [LevelWrite(a_key(), 3, 1)])
    with store.read(staff_of(network)) as repository:
        found = repository.rating(a_key())
        (change, _) = repository.changes(a_key())
    assert found is not None
    assert found.draft == RatingDraft(3, "seen in June", NextStep("Share it", "Ana", date(2026, 9, 1)))
    assert (found.row_version, found.saved_by, found.pen) == (2, "Ana", "")
    assert (change.old, change.new, change.batch_id) == (draft, found.draft, batch)


def test_a_level_that_is_stored_already_is_left_alone(
    store: Store, network: Network, version: RubricVersion, sql: PlainSql
) -> None:
    by_hand(store, network, version, RatingDraft(2))
    a_published_rubric(store, network, reworded(version.rubric, "lea-1"))
    bring_in(store, network, [LevelWrite(a_key(), 2, 1)])
    assert sql.rows("SELECT row_version, saved_by, batch_id FROM ratings") == [(1, "Ben", None)]
    assert sql.value("SELECT count(*) FROM rating_changes") == 1


@pytest.mark.parametrize("base", [0, 1, 3])
def test_one_stale_base_keeps_the_whole_import_out(
    store: Store, network: Network, version: RubricVersion, sql: PlainSql, base: int
) -> None:
    by_hand(store, network, version, RatingDraft(2))
    by_hand(store, network, version, RatingDraft(3), base=1)
    rows = [LevelWrite(a_key("lea-2"), 1, 0), LevelWrite(a_key(), 4, base), LevelWrite(a_key("lea-3"), 1, 0)]
    with pytest.raises(ChangedMeanwhileError, match="Nothing was imported"):
        bring_in(store, network, rows)
    assert sql.rows("SELECT level, row_version FROM ratings") == [(3, 2)]
    assert sql.value("SELECT count(*) FROM batches") == 0


def test_a_base_without_a_row_keeps_the_whole_import_out(
    store: Store, network: Network, version: RubricVersion, sql: PlainSql
) -> None:
    with pytest.raises(ChangedMeanwhileError):
        bring_in(store, network, [LevelWrite(a_key("lea-2"), 1, 0), LevelWrite(a_key(), 4, 1)])
    assert sql.value("SELECT count(*) FROM ratings") == 0
    assert version.number == 1


def test_after_a_refused_import_the_same_transaction_can_go_on(
    store: Store, network: Network, version: RubricVersion, sql: PlainSql
) -> None:
    by_hand(store, network, version, RatingDraft(2))
    twice = [LevelWrite(a_key("lea-2"), 1, 0), LevelWrite(a_key("lea-3"), 1, 0), LevelWrite(a_key(), 3, 1)]
    with store.write(staff_of(network)) as repository:
        batch = a_batch(repository)
        with pytest.raises(ChangedMeanwhileError):  # found only after the first rows were written
            repository.save_levels([*twice, twice[-1]], batch_id=batch, by="Ana", now=NOW)
        repository.save_levels([LevelWrite(a_key("lea-2"), 4, 0)], batch_id=batch, by="Ana", now=NOW)
    assert sql.rows("SELECT level, row_version FROM ratings ORDER BY id") == [(2, 1), (4, 1)]
    assert sql.value("SELECT count(*) FROM rating_changes") == 2


@pytest.mark.parametrize(
    "key",
    [a_key(partnership="oak"), a_key(held_on=date(2020, 1, 1)), a_key(domain="lea-9"), a_key(rubric="ihe")],
)
def test_an_import_of_what_does_not_exist_is_refused(
    store: Store, network: Network, version: RubricVersion, key: RatingKey, sql: PlainSql
) -> None:
    with pytest.raises(NotAllowedError):
        bring_in(store, network, [LevelWrite(a_key(), 1, 0), LevelWrite(key, 1, 0)])
    assert sql.value("SELECT count(*) FROM ratings") == 0
    assert version.number == 1


def test_an_import_of_a_level_that_the_rubric_lacks_is_refused(
    store: Store, network: Network, version: RubricVersion, sql: PlainSql
) -> None:
    with pytest.raises(KeyError):
        bring_in(store, network, [LevelWrite(a_key(), 1, 0), LevelWrite(a_key("lea-2"), 5, 0)])
    assert sql.value("SELECT count(*) FROM ratings") == 0
    assert version.number == 1


def test_a_batch_of_another_network_cannot_be_used(store: Store, network: Network, version: RubricVersion) -> None:
    south = a_network(store, "south", "Network South")
    a_furnished_network(store, south)
    with store.write(staff_of(south)) as repository:
        theirs = a_batch(repository)
    with pytest.raises(NotAllowedError), store.write(staff_of(network)) as repository:
        repository.save_levels([LevelWrite(a_key(), 1, 0)], batch_id=theirs, by="Ana", now=NOW)
    assert version.number == 1


def test_an_import_without_rows_changes_nothing(store: Store, network: Network, sql: PlainSql) -> None:
    bring_in(store, network, [])
    assert sql.value("SELECT count(*) FROM ratings") == 0


def test_a_large_import_arrives_to_the_last_level(store: Store, network: Network, sql: PlainSql) -> None:
    a_published_rubric(store, network, make_rubric(domains=20))
    days = [SPRING + timedelta(days=day) for day in range(10)]
    with store.write(staff_of(network)) as repository:
        for number in range(50):
            repository.add_partnership(f"p{number}", f"Partnership {number}")
        for day in days:
            repository.add_convening(day, "")
    rows = [
        LevelWrite(RatingKey(f"p{number}", day, "lea", f"lea-{domain}"), 1 + (number * domain) % 4, 0)
        for number in range(50)
        for day in days
        for domain in range(1, 21)
    ]
    bring_in(store, network, rows)
    expected = {level: sum(row.level == level for row in rows) for level in range(1, 5)}
    assert dict(sql.rows("SELECT level, count(*) FROM ratings GROUP BY level")) == expected
    assert sql.value("SELECT count(*) FROM rating_changes WHERE new_level IS NOT NULL") == len(rows) == 10_000
    raised = [LevelWrite(row.key, (row.level or 0) % 4 + 1, 1) for row in rows]
    bring_in(store, network, raised)
    assert sql.rows("SELECT DISTINCT row_version FROM ratings") == [(2,)]
    with store.read(staff_of(network)) as repository:
        assert repository.stored_levels() == {row.key: (row.level, 2) for row in raised}
