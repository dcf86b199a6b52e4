"""The commands about people, as machines use them."""

import re
import sqlite3
from pathlib import Path

import pytest

from tests.test_cli import Machine


@pytest.fixture
def network(tmp_path: Path) -> Machine:
    machine = Machine(tmp_path)
    machine.json(0, "demo")
    return machine


@pytest.fixture(scope="module")
def untouched(tmp_path_factory: pytest.TempPathFactory) -> Machine:
    """One for all that is refused: nothing of it may change anything."""
    machine = Machine(tmp_path_factory.mktemp("untouched"))
    machine.json(0, "demo")
    return machine


def _people(machine: Machine) -> list[dict[str, object]]:
    listed = machine.json(0, "people")["people"]
    assert isinstance(listed, list)
    return listed


def test_a_person_is_invited_listed_given_a_code_revoked_and_forgotten_by_name(network: Machine) -> None:
    member = ("--access", "member", "--partnership", "alder-valley")
    invited = network.json(0, "invite", "Ana Cruz", *member, "--email", "Ana@Alder.example")
    assert set(invited) == {"ok", "person", "name", "link", "code"}
    assert re.fullmatch(r"http://localhost:8501/signin\?link=[\w-]{43}", str(invited["link"]))
    network.json(0, "invite", "Sam", "--access", "staff")
    ana = next(row for row in _people(network) if row["name"] == "Ana Cruz")
    assert (ana["access"], ana["partnership"], ana["email"]) == ("member", "alder-valley", "ana@alder.example")
    assert (ana["selector"], ana["last_seen"]) == (str(invited["code"])[:4], None)
    renewed = network.json(0, "code", "ana@alder.example")["code"]
    assert renewed != invited["code"]
    network.json(0, "revoke", "Ana Cruz")
    assert [row["name"] for row in _people(network)] == ["Sam"]
    network.json(2, "remove-name", "Ana Cruz")
    network.json(0, "remove-name", "Ana Cruz", "--yes")
    with sqlite3.connect(network.folder / "data.sqlite3") as database:
        names = [name for (name,) in database.execute("SELECT name FROM people ORDER BY id")]
    assert names == [f"Former member {invited['person']}", "Sam"]


def test_the_list_for_people_says_who_may_do_what(network: Machine) -> None:
    assert "Nobody has access to Example network yet." in network.run("people").stdout
    network.json(0, "invite", "Ana Cruz", "--access", "facilitator", "--partnership", "alder-valley")
    assert "1: Ana Cruz, facilitator of alder-valley, not here yet" in network.run("people").stdout


@pytest.mark.parametrize(
    ("code", "arguments"),
    [
        (2, ("invite", "Ana", "--access", "member")),
        (2, ("remove-name", "Ana")),
        (1, ("invite", "Ana", "--access", "member", "--partnership", "nobody")),
        (1, ("invite", " ", "--access", "staff")),
        (1, ("invite", "Ana", "--access", "staff", "--email", "none")),
        (1, ("revoke", "Nobody")),
        (1, ("code", "17")),
        (1, ("people", "--network", "nowhere")),
    ],
)
def test_what_cannot_be_done_says_why(untouched: Machine, code: int, arguments: tuple[str, ...]) -> None:
    answer = untouched.json(code, *arguments)
    assert answer["ok"] is False
    assert answer["issues"][0]["message"]  # type: ignore[index]
    assert _people(untouched) == []


def test_a_rater_has_no_lasting_access(untouched: Machine) -> None:
    assert untouched.run("invite", "Ros", "--access", "rater", "--partnership", "alder-valley").returncode == 2
    assert untouched.run("link", "--access", "rater", "--partnership", "alder-valley").returncode == 2


def test_the_last_member_of_staff_stays_and_an_admin_is_made_here(network: Machine) -> None:
    network.json(0, "invite", "Sam", "--access", "staff")
    network.json(1, "revoke", "Sam")
    network.json(0, "invite", "Ada", "--access", "admin")
    network.json(0, "revoke", "Sam")
    network.json(0, "rubric", "publish", "rubrics/developmental-progressions.xlsx")
    assert [row["name"] for row in _people_in(network, "network")] == ["Ada"]


def _people_in(machine: Machine, code: str) -> list[dict[str, object]]:
    listed = machine.json(0, "people", "--network", code)["people"]
    assert isinstance(listed, list)
    return listed
