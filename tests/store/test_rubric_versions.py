import sqlite3
from datetime import timedelta

import psycopg
import pytest

from progressions.people import Network
from progressions.rubric import Origin, RubricVersion
from progressions.store import Store
from tests.factories import (
    NOW,
    a_furnished_network,
    a_network,
    a_published_rubric,
    make_rubric,
    published,
    reworded,
    staff_of,
)
from tests.plain_sql import PlainSql
from tests.postgres import Server

REFUSALS = (sqlite3.IntegrityError, psycopg.errors.RestrictViolation)


def test_a_published_rubric_is_read_back_word_for_word(store: Store, network: Network) -> None:
    rubric = make_rubric(domains=8, levels=4)
    version = a_published_rubric(store, network, rubric)
    with store.read(staff_of(network)) as repository:
        found = repository.rubric_version("lea")
    assert found == version
    assert found.rubric == rubric
    assert found.rubric.fingerprint == rubric.fingerprint
    assert (found.number, found.published_at, found.published_by) == (1, NOW, "Ana")
    assert set(found.origins.values()) == {Origin.NEW}
    assert set(found.wordings.values()) == {1}


@pytest.mark.parametrize("levels", [2, 6])
def test_a_rubric_may_have_two_to_six_levels(store: Store, network: Network, levels: int) -> None:
    version = a_published_rubric(store, network, make_rubric(levels=levels))
    assert [level.position for level in version.rubric.levels] == list(range(1, levels + 1))
    assert all(len(domain.descriptors) == levels for domain in version.rubric.domains)


def test_a_new_version_says_what_each_domain_came_from(store: Store, network: Network) -> None:
    first = make_rubric(domains=3)
    a_published_rubric(store, network, first)
    second = a_published_rubric(store, network, reworded(first, "lea-2"))
    assert second.number == 2
    assert second.origins == {"lea-1": Origin.SAME, "lea-2": Origin.REWORDED, "lea-3": Origin.SAME}
    assert second.wordings == {"lea-1": 1, "lea-2": 2, "lea-3": 1}


def test_older_versions_stay_as_they_were(store: Store, network: Network) -> None:
    first = make_rubric(domains=3)
    a_published_rubric(store, network, first)
    a_published_rubric(store, network, make_rubric(domains=2, levels=5))
    with store.read(staff_of(network)) as repository:
        assert [version.number for version in repository.versions("lea")] == [1, 2]
        oldest = repository.rubric_version("lea", 1)
        assert oldest is not None
        assert oldest.rubric == first
        assert repository.rubric_version("lea", 3) is None
        assert repository.rubric_version("ihe") is None
        assert repository.versions("ihe") == ()


def test_the_latest_rubrics_come_in_the_order_of_first_publishing(store: Store, network: Network) -> None:
    for code in ("partnership", "ihe", "lea"):
        a_published_rubric(store, network, make_rubric(code=code))
    a_published_rubric(store, network, make_rubric(code="partnership", wording="otherwise"))
    with store.read(staff_of(network)) as repository:
        assert repository.rubric_codes() == ("partnership", "ihe", "lea")
        found = [(version.rubric.code, version.number) for version in repository.latest_rubrics()]
    assert found == [("partnership", 2), ("ihe", 1), ("lea", 1)]


def test_a_domain_keeps_its_identity_over_versions(store: Store, network: Network, sql: PlainSql) -> None:
    a_published_rubric(store, network, make_rubric(domains=3))
    a_published_rubric(store, network, make_rubric(domains=4, wording="otherwise"))
    assert sql.value("SELECT count(*) FROM domains") == 4
    assert sql.value("SELECT count(*) FROM domain_texts") == 7


def test_the_number_follows_the_last_one_even_within_one_transaction(store: Store, network: Network) -> None:
    with store.write(staff_of(network)) as repository:
        for hour, wording in enumerate(("a", "b", "c")):
            published(repository, make_rubric(wording=wording), NOW + timedelta(hours=hour))
        assert [version.number for version in repository.versions("lea")] == [1, 2, 3]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE rubric_versions SET title = 'other'",
        "UPDATE levels SET name = 'other'",
        "UPDATE domain_texts SET title = 'other'",
        "UPDATE descriptors SET text = 'other'",
        "DELETE FROM descriptors",
        "DELETE FROM domain_texts",
        "DELETE FROM levels",
        "DELETE FROM rubric_versions",
    ],
)
def test_the_database_refuses_to_change_a_published_version(
    sql: PlainSql, version: RubricVersion, statement: str
) -> None:
    table = statement.split()[1] if statement.startswith("UPDATE") else statement.split()[2]
    before = sql.rows(f"SELECT * FROM {table}")
    with pytest.raises(REFUSALS, match="never change"):
        sql.run(statement)
    assert sql.rows(f"SELECT * FROM {table}") == before != []
    assert version.number == 1


@pytest.mark.postgres
def test_postgresql_refuses_to_empty_a_table_that_never_changes(
    postgres_server: Server, postgres_database: str
) -> None:
    with pytest.raises(psycopg.errors.RestrictViolation, match="never change"):
        PlainSql(postgres_server.url(postgres_database)).run("TRUNCATE rubric_versions CASCADE")


def test_a_rubric_of_the_same_code_in_another_network_is_another_rubric(store: Store, network: Network) -> None:
    south = a_network(store, "south", "Network South")
    a_furnished_network(store, network)
    theirs = a_published_rubric(store, south, make_rubric(wording="in the south"))
    assert theirs.number == 1
    with store.read(staff_of(network)) as repository:
        mine = repository.rubric_version("lea")
    assert mine is not None
    assert mine.rubric == make_rubric()
