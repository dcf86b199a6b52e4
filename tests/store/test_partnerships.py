from datetime import date

import pytest

from progressions.errors import ChangedMeanwhileError, UserError
from progressions.people import Network, Partnership
from progressions.ratings import Convening
from progressions.store import Repository, Store
from tests.factories import AUTUMN, NOW, SPRING, staff_of
from tests.plain_sql import PlainSql


def test_partnerships_are_sorted_by_title_whatever_the_case(store: Store, network: Network) -> None:
    with store.write(staff_of(network)) as repository:
        for code, title in (("c", "cedar"), ("b", "Birch"), ("a", "ash"), ("e", "École")):
            repository.add_partnership(code, title)
    with store.read(staff_of(network)) as repository:
        assert [p.title for p in repository.partnerships()] == ["ash", "Birch", "cedar", "École"]


def test_a_partnership_is_found_by_its_code(store: Store, network: Network, sql: PlainSql) -> None:
    with store.write(staff_of(network)) as repository:
        added = repository.add_partnership("ash", "Ash “County” – 灰")
    with store.read(staff_of(network)) as repository:
        assert repository.partnership("ash") == added == Partnership(added.id, "ash", "Ash “County” – 灰")
        assert repository.partnership("oak") is None
    assert sql.rows("SELECT id, network_id, code, title FROM partnerships") == [
        (added.id, network.id, "ash", "Ash “County” – 灰")
    ]


def test_a_second_partnership_of_one_code_is_refused_and_the_transaction_goes_on(
    store: Store, network: Network, sql: PlainSql
) -> None:
    with store.write(staff_of(network)) as repository:
        repository.add_partnership("ash", "Ash County")
        with pytest.raises(ChangedMeanwhileError, match="“ash” already"):
            repository.add_partnership("ash", "Another Ash")
        repository.add_partnership("birch", "Birch Valley")
    assert sql.rows("SELECT code, title FROM partnerships ORDER BY code") == [
        ("ash", "Ash County"),
        ("birch", "Birch Valley"),
    ]


def test_convenings_come_by_date(store: Store, network: Network) -> None:
    with store.write(staff_of(network)) as repository:
        repository.add_convening(AUTUMN, "Autumn")
        spring = repository.add_convening(SPRING, "")
    with store.read(staff_of(network)) as repository:
        assert [convening.held_on for convening in repository.convenings()] == [SPRING, AUTUMN]
        assert repository.convening_on(SPRING) == spring == Convening(spring.id, SPRING, "")
        assert repository.convening_on(date(2026, 3, 6)) is None


def test_a_network_has_one_convening_on_a_date(store: Store, network: Network, sql: PlainSql) -> None:
    with store.write(staff_of(network)) as repository:
        repository.add_convening(SPRING, "Spring")
        with pytest.raises(ChangedMeanwhileError, match="2026-03-05"):
            repository.add_convening(SPRING, "Spring again")
    assert sql.rows("SELECT title FROM convenings") == [("Spring",)]


@pytest.mark.parametrize("text", ["zero \x00 character", "half a pair \ud800"])
def test_a_text_that_no_database_can_hold_is_refused_with_a_sentence(
    store: Store, network: Network, text: str, sql: PlainSql
) -> None:
    with (
        pytest.raises(UserError, match="character that cannot be stored"),
        store.write(staff_of(network)) as repository,
    ):
        repository.add_partnership("ash", text)
    assert sql.value("SELECT count(*) FROM partnerships") == 0


def test_batches_keep_the_file_and_what_it_brought(store: Store, network: Network) -> None:
    with store.write(staff_of(network)) as repository:
        ids = [_add_batch(repository, sha256) for sha256 in ("aa", "bb", "aa")]
    with store.read(staff_of(network)) as repository:
        assert [batch.id for batch in repository.batches()] == ids[::-1]
        latest, *_ = repository.batches()
        assert (latest.id, latest.file_name, latest.counts) == (ids[2], "past.xlsx", '{"new": 3}')
        assert (latest.imported_at, latest.imported_by) == (NOW, "Ana")


def _add_batch(repository: Repository, sha256: str) -> int:
    return repository.add_batch(
        file_name="past.xlsx", sha256=sha256, mapping="{}", counts='{"new": 3}', by="Ana", now=NOW
    )


def test_the_revision_grows_once_for_each_transaction_that_writes(store: Store, network: Network) -> None:
    def revision() -> int:
        with store.read(staff_of(network)) as repository:
            return repository.revision()

    first = revision()
    assert revision() == first
    with store.write(staff_of(network)) as repository:
        repository.partnerships()
    assert revision() == first
    with store.write(staff_of(network)) as repository:
        repository.add_partnership("ash", "Ash County")
        repository.add_convening(SPRING, "Spring")
    assert revision() == first + 1
    with pytest.raises(ChangedMeanwhileError), store.write(staff_of(network)) as repository:
        repository.add_partnership("ash", "Ash County again")
    assert revision() == first + 1
