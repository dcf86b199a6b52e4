"""The commands about people, as machines use them."""

import hashlib
import re
import shutil
import sqlite3
from pathlib import Path

import pytest

from tests.test_cli import Machine


@pytest.fixture(scope="module")
def untouched(tmp_path_factory: pytest.TempPathFactory) -> Machine:
    """One for all that is refused: nothing of it may change anything."""
    machine = Machine(tmp_path_factory.mktemp("untouched"))
    machine.json(0, "demo")
    return machine


@pytest.fixture
def network(untouched: Machine, tmp_path: Path) -> Machine:
    shutil.copy(untouched.folder / "data.sqlite3", tmp_path)
    return Machine(tmp_path)


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
    assert network.json(0, "people")["left"] == [{"person": invited["person"], "name": "Ana Cruz"}]
    assert f"{invited['person']}: Ana Cruz, has left" in network.run("people").stdout
    network.json(2, "remove-name", "Ana Cruz")
    network.json(0, "remove-name", str(invited["person"]), "--yes")
    assert network.json(0, "people")["left"] == []
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
        (2, ("invite", "Ana", "--access", "staff", "--partnership", "alder-valley")),
        (2, ("invite", "Ana", "--access", "admin", "--partnership", "alder-valley")),
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


def _whose(machine: Machine, link: object) -> tuple[str, str]:
    """Name of the person whom a link lets in, and the network that it names, by SQL."""
    token = str(link).rpartition("=")[2]
    hashed = hashlib.sha256(token.encode()).hexdigest()
    with sqlite3.connect(machine.folder / "data.sqlite3") as database:
        ((name, code),) = database.execute(
            "SELECT people.name, coalesce(networks.code, '') FROM sign_in_links JOIN people ON people.id = person_id "
            "LEFT JOIN networks ON networks.id = network_id WHERE token_hash = ? AND used_at IS NULL",
            [hashed],
        )
    return name, code


def test_a_link_gets_staff_in_again_and_makes_a_person_only_where_there_is_no_staff(network: Machine) -> None:
    assert _whose(network, network.json(0, "link")["link"]) == ("Network staff", "")
    assert _whose(network, network.json(0, "link")["link"]) == ("Network staff", "")
    assert [row["name"] for row in _people(network)] == ["Network staff"]
    network.json(0, "invite", "Sam Ito", "--access", "staff", "--email", "sam@hub.example")
    network.json(0, "invite", "Ana Cruz", "--access", "member", "--partnership", "alder-valley")
    told = network.json(1, "link")["issues"][0]["message"]  # type: ignore[index]
    assert "1 Network staff; 2 Sam Ito (sam@hub.example)" in told
    for asked in ("2", "sam ito", "sam@hub.example"):
        assert _whose(network, network.json(0, "link", asked)["link"]) == ("Sam Ito", "")
    assert _whose(network, network.json(0, "link", "2", "--network", "example")["link"]) == ("Sam Ito", "example")
    for nobody in ("Ana Cruz", "3", "17", "Nobody"):
        network.json(1, "link", nobody)
    assert len(_people(network)) == 3


def test_a_link_says_whom_it_signs_in_and_leaves_an_invitation_alone(network: Machine) -> None:
    network.json(0, "link")
    invited = network.json(0, "invite", "Bob Lee", "--access", "staff")
    network.json(0, "revoke", "1")
    assert "This link signs in Bob Lee. It works once" in network.run("link").stdout
    again = network.json(0, "link")
    assert again["name"] == "Bob Lee"
    assert _whose(network, again["link"]) == ("Bob Lee", "")
    into = network.json(0, "link", "Bob Lee", "--network", "example")
    assert _whose(network, into["link"]) == ("Bob Lee", "example")
    assert _whose(network, invited["link"]) == ("Bob Lee", "example"), "the invitation is on its way"


def test_a_newer_link_of_the_terminal_withdraws_the_older_one(network: Machine) -> None:
    older = network.json(0, "link")["link"]
    network.json(0, "link")
    with pytest.raises(ValueError, match="unpack"):
        _whose(network, older)


def test_what_is_exported_of_people_and_partnerships_is_of_the_example_where_that_is_all(network: Machine) -> None:
    out = network.folder / "out.xlsx"
    network.json(0, "record", "export", "--format", "xlsx", "--out", str(out))
    network.json(0, "partnership", "export", "alder-valley", "--out", str(out))
    network.json(0, "rubric", "publish", "rubrics/developmental-progressions.xlsx")
    network.json(1, "partnership", "export", "alder-valley", "--out", str(out))  # the own network has none such


def test_the_help_of_invite_says_what_is_meant(untouched: Machine) -> None:
    told = " ".join(untouched.run("invite", "--help").stdout.split())
    for said in ("what the person is called", "member reads one partnership", "staff runs the network"):
        assert said in told


def test_a_command_says_its_own_answer_and_nothing_of_the_machine(network: Machine) -> None:
    assert network.run("people").stderr == ""


def test_a_link_into_a_network_that_nobody_runs_says_how_to_invite(network: Machine) -> None:
    network.json(0, "invite", "Sam", "--access", "staff")
    network.json(0, "rubric", "publish", "rubrics/developmental-progressions.xlsx")
    network.json(0, "invite", "Una", "--access", "staff", "--network", "network")
    network.json(0, "revoke", "Sam", "--network", "network")
    assert _whose(network, network.json(0, "link", "--network", "network")["link"]) == ("Una", "network")
    with sqlite3.connect(network.folder / "data.sqlite3") as database:
        database.execute("DELETE FROM sign_in_links")
        database.execute("DELETE FROM accesses WHERE person_id = (SELECT id FROM people WHERE name = 'Una')")
    told = network.json(1, "link", "--network", "network")["issues"][0]["message"]  # type: ignore[index]
    assert "invite NAME --access staff" in told


def test_a_link_makes_nobody_of_another_name(untouched: Machine) -> None:
    for wrong in ("--name", "--access", "--partnership"):
        assert untouched.run("link", wrong, "member").returncode == 2
    assert _people(untouched) == []
