"""Identities in both databases, and two that come for one person at one moment."""

from threading import Thread

import pytest

from progressions.people import Access, Network
from progressions.store import Store
from tests.factories import NOW
from tests.plain_sql import PlainSql


@pytest.fixture
def ana(store: Store, network: Network) -> int:
    """Id of an invited person."""
    with store.write_directory() as directory:
        person = directory.add_person("Ana", NOW, "ana@example.org")
        directory.grant(person, network.id, Access.STAFF, None)
    return person


def test_an_identity_is_its_issuer_and_its_subject_together(store: Store, ana: int) -> None:
    with store.write_directory() as directory:
        assert directory.link_identity("one", "1", ana, NOW)
        assert directory.identity("one", "1") == ana
        assert directory.identity("two", "1") is None
        assert directory.identity("one", "2") is None


def test_who_has_an_identity_awaits_none(store: Store, ana: int) -> None:
    with store.write_directory() as directory:
        assert directory.awaiting("ANA@example.org") == ana
        assert directory.link_identity("one", "1", ana, NOW)
        assert directory.awaiting("ana@example.org") is None
        assert not directory.link_identity("one", "2", ana, NOW)


def test_an_identity_of_somebody_else_is_not_taken_over(store: Store, network: Network, ana: int) -> None:
    with store.write_directory() as directory:
        bo = directory.add_person("Bo", NOW, "bo@example.org")
        directory.grant(bo, network.id, Access.STAFF, None)
        assert directory.link_identity("one", "1", ana, NOW)
        assert not directory.link_identity("one", "1", bo, NOW)
        assert directory.identity("one", "1") == ana


def test_who_is_let_in_nowhere_awaits_no_identity(store: Store, network: Network, ana: int) -> None:
    with store.write_directory() as directory:
        directory.revoke(ana, network.id)
        assert directory.awaiting("ana@example.org") is None
        assert not directory.link_identity("one", "1", ana, NOW)


def test_of_two_identities_that_come_for_one_person_at_one_moment_one_links(
    store: Store, ana: int, sql: PlainSql
) -> None:
    linked: dict[str, bool] = {}

    def link(subject: str) -> None:
        with store.write_directory() as directory:
            linked[subject] = directory.link_identity("one", subject, ana, NOW)

    second = Thread(target=link, args=("2",))
    with store.write_directory() as directory:
        assert directory.link_identity("one", "1", ana, NOW)
        second.start()
        second.join(timeout=1)  # it must not come to its end meanwhile: what it would read is not so any more
        assert linked == {}
    second.join()
    assert linked == {"2": False}
    assert sql.rows("SELECT subject FROM identities") == [("1",)]
