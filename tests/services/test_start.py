"""The first start, the later ones, and one that was interrupted."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from progressions.errors import UserError
from progressions.people import Access
from progressions.services import people, sign_in, start
from progressions.services.people import Invitation
from progressions.settings import Settings
from progressions.store import open_store
from tests.factories import NOW


@pytest.fixture
def settings(tmp_path: Path) -> Iterator[Settings]:
    chosen = Settings(database_url=f"sqlite:///{tmp_path / 'new' / 'progressions.sqlite3'}")
    yield chosen
    open_store(chosen.database_url).close()


def _counts(settings: Settings) -> dict[str, int]:
    file = settings.database_url.removeprefix("sqlite:///")
    tables = ("networks", "partnerships", "convenings", "rubric_versions", "ratings", "batches", "people")
    with sqlite3.connect(file) as connection:
        return {table: connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in tables}


def test_the_first_start_publishes_the_rubrics_and_loads_the_example(settings: Settings) -> None:
    started = start.prepare(settings, NOW)
    assert started.loaded_example
    counts = _counts(settings)
    assert counts["ratings"] > 1_000
    expected = {"networks": 1, "partnerships": 11, "convenings": 8, "rubric_versions": 3, "batches": 1, "people": 1}
    assert {name: counts[name] for name in expected} == expected


def test_a_second_start_changes_nothing(settings: Settings) -> None:
    start.prepare(settings, NOW)
    before = _counts(settings)
    again = start.prepare(settings, NOW)
    assert not again.loaded_example
    assert _counts(settings) == before


def test_a_first_start_that_was_interrupted_is_finished_by_the_next(settings: Settings) -> None:
    with open_store(settings.database_url).write_directory() as directory:
        directory.add_network(start.EXAMPLE_CODE, start.EXAMPLE_TITLE, is_example=True, now=NOW)
    assert start.prepare(settings, NOW).loaded_example
    assert _counts(settings)["ratings"] > 1_000


def test_an_installation_with_a_network_of_its_own_gets_no_example(settings: Settings) -> None:
    start.own_network(open_store(settings.database_url), None, NOW, create=True)
    assert not start.prepare(settings, NOW).loaded_example
    assert _counts(settings)["networks"] == 1


def test_the_printed_link_signs_in_as_staff_and_no_link_is_printed_while_staff_are_signed_in(
    settings: Settings,
) -> None:
    started = start.prepare(settings, NOW)
    session = sign_in.use_link(started.store, started.link_token, 30, NOW)
    assert session is not None
    principal = sign_in.principal_of(started.store, session, NOW)
    assert principal is not None
    assert principal.is_staff
    assert principal.network.is_example
    assert start.prepare(settings, NOW).link_token == ""
    sign_in.sign_out(started.store, principal, session, NOW)
    assert start.prepare(settings, NOW).link_token != ""


def test_the_start_says_whom_its_link_signs_in_and_leaves_an_invitation_alone(settings: Settings) -> None:
    first = start.prepare(settings, NOW)
    assert first.link_name == "Network staff"
    command = start.system_principal(start.network_of_link(first.store, None, NOW))
    bob = people.invite(first.store, command, Invitation("Bob Lee", Access.STAFF), NOW)
    people.revoke(first.store, command, 1, NOW)
    again = start.prepare(settings, NOW)
    assert again.link_name == "Bob Lee"
    for token in (again.link_token, bob.link_token):
        session = sign_in.use_link(first.store, token, 30, NOW)
        found = sign_in.principal_of(first.store, session or "", NOW)
        assert found is not None
        assert found.name == "Bob Lee"
    assert start.prepare(settings, NOW).link_name == ""
    assert again.link_token not in repr(start.link_again(first.store, "", None, NOW))


def test_a_newer_link_makes_the_older_one_useless(settings: Settings) -> None:
    first = start.prepare(settings, NOW)
    second = start.prepare(settings, NOW)
    assert sign_in.use_link(first.store, first.link_token, 30, NOW) is None
    assert sign_in.use_link(second.store, second.link_token, 30, NOW) is not None


def test_a_command_that_needs_a_network_of_ones_own_makes_none(settings: Settings) -> None:
    with pytest.raises(UserError, match="Publish a rubric first"):
        start.own_network(open_store(settings.database_url), None, NOW)
    assert start.prepare(settings, NOW).loaded_example
