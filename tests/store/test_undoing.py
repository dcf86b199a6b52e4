from datetime import date, timedelta

import pytest

from progressions.errors import NotAllowedError, UserError
from progressions.people import Network
from progressions.ratings import LevelWrite, NextStep, RatingDraft, RatingKey, UndoResult
from progressions.rubric import RubricVersion
from progressions.store import Store, bulk, levels, undoing
from tests.factories import AUTUMN, NOW, SPRING, a_key, a_network, make_rubric, published, reworded, staff_of
from tests.plain_sql import PlainSql

LATER = NOW + timedelta(hours=3)
FULL = RatingDraft(2, "seen", NextStep("visit", "Ann", date(2026, 9, 1)))


def bring_in(store: Store, network: Network, rows: list[LevelWrite], new: tuple[tuple[str, str], ...] = ()) -> int:
    with store.write(staff_of(network)) as repository:
        batch = repository.add_batch(file_name="past.csv", sha256="aa", mapping="{}", counts="{}", by="Ana", now=NOW)
        for code, title in new:
            repository.add_partnership(code, title, batch)
        repository.save_levels(rows, batch_id=batch, by="Ana", now=NOW)
    return batch


def undo(store: Store, network: Network, batch: int) -> UndoResult:
    with store.write(staff_of(network)) as repository:
        return repository.undo_batch(batch, by="Sam", now=LATER)


def by_hand(store: Store, network: Network, version: RubricVersion, draft: RatingDraft, base: int) -> None:
    with store.write(staff_of(network)) as repository:
        repository.save_rating(a_key(), draft, base=base, version=version, by="Ben", now=LATER)


def test_an_undo_adds_to_the_history_and_takes_nothing_from_it(
    store: Store, network: Network, version: RubricVersion, sql: PlainSql
) -> None:
    by_hand(store, network, version, FULL, 0)
    batch = bring_in(store, network, [LevelWrite(a_key(), 4, 1), LevelWrite(a_key("lea-2"), 3, 0)])
    before = sql.rows("SELECT * FROM rating_changes ORDER BY id")
    undo(store, network, batch)
    changes = sql.rows("SELECT * FROM rating_changes ORDER BY id")
    assert changes[: len(before)] == before
    assert sql.rows(
        "SELECT c.row_version, c.old_level, c.new_level, c.changed_by FROM rating_changes c "
        f"JOIN ratings r ON r.id = c.rating_id WHERE c.id > {before[-1][0]} ORDER BY r.id"
    ) == [(3, 4, 2, "Sam"), (2, 3, None, "Sam")]
    with store.read(staff_of(network)) as repository:
        first = repository.rating(a_key())
        assert first is not None
        assert (first.draft, first.row_version, first.saved_by, first.saved_at) == (FULL, 3, "Sam", LATER)
        assert [(c.old, c.new, c.batch_id) for c in repository.changes(a_key("lea-2"))] == [
            (RatingDraft(3), RatingDraft(), batch),
            (None, RatingDraft(3), batch),
        ]


def test_a_removed_rating_is_empty_and_counts_nowhere(
    store: Store, network: Network, version: RubricVersion, sql: PlainSql
) -> None:
    assert version.number == 1
    done = undo(store, network, bring_in(store, network, [LevelWrite(a_key(), 4, 0)]))
    assert (done.restored, done.removed) == (0, 1)
    assert sql.rows("SELECT level, evidence, next_step, row_version, batch_id FROM ratings") == [
        (None, "", "", 2, None)
    ]
    with store.read(staff_of(network)) as repository:
        assert repository.facts() == []
        assert repository.attendance() == ()
        assert repository.stored_levels() == {a_key(): (None, 2)}


def test_a_rating_goes_back_to_the_words_that_it_was_agreed_on(
    store: Store, network: Network, version: RubricVersion, sql: PlainSql
) -> None:
    by_hand(store, network, version, RatingDraft(1), 0)
    with store.write(staff_of(network)) as repository:
        second = published(repository, reworded(version.rubric, "lea-1"))
    batch = bring_in(store, network, [LevelWrite(a_key(), 4, 1)])
    number = "SELECT v.number FROM ratings r JOIN rubric_versions v ON v.id = r.version_id"
    assert sql.value(number) == second.number == 2
    undo(store, network, batch)
    assert sql.value(number) == 1


def test_partnerships_that_a_batch_brought_go_and_come_back_with_their_rows(
    store: Store, network: Network, version: RubricVersion, sql: PlainSql
) -> None:
    key = RatingKey("elm", SPRING, version.rubric.code, "lea-1")
    batch = bring_in(store, network, [LevelWrite(key, 1, 0)], (("elm", "Elm Town"),))
    assert undo(store, network, batch).partnerships == 1
    with store.read(staff_of(network)) as repository:
        assert [p.code for p in repository.partnerships()] == ["ash", "birch"]
        assert repository.partnership("elm") is None
    with store.write(staff_of(network)) as repository, pytest.raises(NotAllowedError):
        repository.save_levels([LevelWrite(key, 2, 2)], batch_id=batch, by="Ana", now=NOW)
    with store.write(staff_of(network)) as repository:
        again = repository.add_partnership("elm", "Elm City")
    assert sql.value("SELECT count(*) FROM partnerships WHERE code = 'elm'") == 1
    with store.read(staff_of(network)) as repository:
        assert repository.partnership("elm") == again
        assert again.title == "Elm City"


def test_what_somebody_added_by_hand_stays(store: Store, network: Network, version: RubricVersion) -> None:
    assert version.number == 1
    undo(store, network, bring_in(store, network, [LevelWrite(a_key(held_on=AUTUMN), 4, 0)]))
    with store.read(staff_of(network)) as repository:
        assert [c.held_on for c in repository.convenings()] == [SPRING, AUTUMN]
        assert len(repository.partnerships()) == 2


def test_an_undo_in_portions_is_the_undo_at_once(
    store: Store, network: Network, version: RubricVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (undoing, levels, bulk):
        monkeypatch.setattr(module, "AT_ONCE", 2)
    rows = [LevelWrite(a_key(d.code, p), 2, 0) for d in version.rubric.domains for p in ("ash", "birch")]
    batch = bring_in(store, network, rows)
    by_hand(store, network, version, RatingDraft(1), 1)
    done = undo(store, network, batch)
    assert (done.removed, [k.key for k in done.kept]) == (5, [a_key()])


def test_an_undo_stays_in_its_network_and_happens_once(store: Store, network: Network, version: RubricVersion) -> None:
    assert version.number == 1
    batch = bring_in(store, network, [LevelWrite(a_key(), 4, 0)])
    other = a_network(store, "south", "South")
    with pytest.raises(NotAllowedError):
        undo(store, other, batch)
    undo(store, network, batch)
    with pytest.raises(UserError, match="undone already, by Sam"):
        undo(store, network, batch)
    with store.read(staff_of(network)) as repository:
        (kept,) = repository.batches()
        assert (kept.undone_at, kept.undone_by) == (LATER, "Sam")


def test_an_undo_that_breaks_off_has_done_nothing(
    store: Store, network: Network, version: RubricVersion, sql: PlainSql
) -> None:
    assert version.number == 1
    batch = bring_in(store, network, [LevelWrite(a_key(), 4, 0)])
    with pytest.raises(ZeroDivisionError), store.write(staff_of(network)) as repository:
        assert repository.undo_batch(batch, by="Sam", now=LATER).removed / 0
    assert sql.rows("SELECT level FROM ratings") == [(4,)]
    assert sql.value("SELECT count(*) FROM undos") == 0


def test_a_kept_mapping_is_replaced_under_its_title_and_stays_in_its_network(store: Store, network: Network) -> None:
    other = a_network(store, "south", "South")
    with store.write(staff_of(network)) as repository:
        repository.save_mapping("Old sheets", '{"a": 1}', "[]", by="Ana", now=NOW)
        repository.save_mapping("New sheets", '{"b": 1}', "[]", by="Ana", now=NOW)
        repository.save_mapping("Old sheets", '{"a": 2}', "[]", by="Ben", now=LATER)
    with store.read(staff_of(network)) as repository:
        found = [(m.title, m.mapping, m.saved_by, m.saved_at) for m in repository.saved_mappings()]
    assert found == [("Old sheets", '{"a": 2}', "Ben", LATER), ("New sheets", '{"b": 1}', "Ana", NOW)]
    with store.write(staff_of(other)) as repository:
        assert repository.saved_mappings() == ()
        assert not repository.forget_mapping("Old sheets")
    with store.write(staff_of(network)) as repository:
        assert repository.forget_mapping("Old sheets")
        assert [m.title for m in repository.saved_mappings()] == ["New sheets"]


def test_a_rubric_with_other_levels_is_restored_at_its_own_number(store: Store, network: Network) -> None:
    with store.write(staff_of(network)) as repository:
        version = published(repository, make_rubric(levels=5))
        repository.add_partnership("ash", "Ash County")
        repository.add_convening(SPRING, "Spring")
    by_hand(store, network, version, RatingDraft(5), 0)
    with store.write(staff_of(network)) as repository:
        published(repository, make_rubric(levels=3))
    undo(store, network, bring_in(store, network, [LevelWrite(a_key(), 2, 1)]))
    with store.read(staff_of(network)) as repository:
        assert [fact.level for fact in repository.facts()] == [5]
