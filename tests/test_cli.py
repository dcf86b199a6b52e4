"""The command line as machines use it: JSON, and exit codes 0 done, 1 problems, 2 usage."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests import ofsted
from tests.needs import PROJECT, shared

RATINGS = "partnership code,partnership,convening date,lea-1\nash,Ash County,2025-03-04,{}\n"


class Machine:
    """A fresh installation in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        url = f"sqlite:///{self.folder / 'data.sqlite3'}"
        return subprocess.run(
            [sys.executable, "-m", "progressions", *arguments],
            cwd=PROJECT,
            env={**os.environ, "PROGRESSIONS_DATABASE_URL": url},
            capture_output=True,
            text=True,
            check=False,
        )

    def json(self, code: int, *arguments: str) -> dict[str, object]:
        done = self.run(*arguments, "--json")
        assert done.returncode == code, done.stdout + done.stderr
        answer: dict[str, object] = json.loads(done.stdout)
        return answer

    def file(self, name: str, text: str) -> str:
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        return str(path)


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


@pytest.fixture
def shipped(machine: Machine) -> Machine:
    machine.json(0, "rubric", "publish", "rubrics/developmental-progressions.xlsx")
    return machine


def test_checking_the_shipped_workbook(machine: Machine) -> None:
    answer = machine.json(0, "rubric", "check", "rubrics/developmental-progressions.xlsx")
    assert answer["ok"] is True
    rubrics = answer["rubrics"]
    assert isinstance(rubrics, list)
    assert [(r["code"], r["domains"], len(r["levels"])) for r in rubrics] == [
        ("ihe", 8, 4),
        ("lea", 8, 4),
        ("partnership", 8, 4),
    ]
    assert set(rubrics[0]) == {"code", "title", "levels", "domains"}


def test_a_rubric_with_problems_is_1_and_lists_them(machine: Machine) -> None:
    file = machine.file("r.csv", "code,domain,1 Low,2 High\na,First,x,y\na,Again,x,y\n")
    for command in ("check", "publish"):
        answer = machine.json(1, "rubric", command, file)
        assert answer["ok"] is False
        issues = answer["issues"]
        assert isinstance(issues, list)
        assert set(issues[0]) == {"code", "severity", "sheet", "cells", "message"}
        assert issues[0]["severity"] == "error"


def test_a_file_that_cannot_be_read_is_1_with_a_sentence(machine: Machine) -> None:
    for file in (machine.file("page.xlsx", "<html><body>no</body></html>"), str(machine.folder / "missing.xlsx")):
        answer = machine.json(1, "rubric", "check", file)
        assert answer["ok"] is False


@pytest.mark.parametrize("arguments", [(), ("rubric",), ("ratings", "export"), ("nonsense",)])
def test_a_wrong_command_is_2(machine: Machine, arguments: tuple[str, ...]) -> None:
    assert machine.run(*arguments).returncode == 2


def test_publishing_twice_makes_one_version(machine: Machine) -> None:
    first = machine.json(0, "rubric", "publish", "rubrics/developmental-progressions.xlsx")
    again = machine.json(0, "rubric", "publish", "rubrics/developmental-progressions.xlsx")
    assert [p["outcome"] for p in first["published"]] == ["first version"] * 3  # type: ignore[attr-defined]
    assert [(p["outcome"], p["version"]) for p in again["published"]] == [("unchanged", 1)] * 3  # type: ignore[attr-defined]


def test_a_dry_run_writes_nothing_and_says_what_would_be(shipped: Machine) -> None:
    file = shipped.file("past.csv", RATINGS.format(2))
    dry = shipped.json(0, "ratings", "import", file, "--dry-run")
    real = shipped.json(0, "ratings", "import", file)
    again = shipped.json(0, "ratings", "import", file)
    assert dry["cells"] == real["cells"]
    assert (dry["batch"], real["batch"], again["batch"]) == (None, 1, None)
    assert again["cells"] == {**real["cells"], "new": 0, "unchanged": 1}  # type: ignore[dict-item]
    assert set(real) == {"ok", "cells", "partnerships", "convenings", "domains", "batch", "issues"}


def test_a_rejected_cell_is_1_and_the_rest_is_in(shipped: Machine) -> None:
    answer = shipped.json(1, "ratings", "import", shipped.file("past.csv", RATINGS.format(67)))
    assert answer["ok"] is False
    assert answer["cells"]["rejected"] == 1  # type: ignore[index]


def test_a_broken_mapping_is_1_and_says_what_is_wrong(shipped: Machine) -> None:
    file = shipped.file("past.csv", RATINGS.format(2))
    answer = shipped.json(1, "ratings", "import", file, "--mapping", shipped.file("m.json", '{"layuot": "wide"}'))
    assert "layuot" in answer["issues"][0]["message"]  # type: ignore[index]


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_an_export_imports_as_all_unchanged(shipped: Machine, form: str) -> None:
    shipped.json(0, "ratings", "import", shipped.file("past.csv", RATINGS.format(2)))
    out = shipped.folder / f"all.{form}"
    shipped.json(0, "ratings", "export", "--format", form, "--out", str(out))
    answer = shipped.json(0, "ratings", "import", str(out))
    assert answer["cells"]["unchanged"] == answer["cells"]["read"] == 1  # type: ignore[index]


def test_demo_loads_the_example_beside_ones_own_network(shipped: Machine) -> None:
    shipped.json(0, "demo")
    shipped.json(0, "demo")
    shipped.json(0, "ratings", "import", shipped.file("past.csv", RATINGS.format(2)))
    mine = shipped.json(0, "ratings", "import", shipped.file("again.csv", RATINGS.format(2)))
    assert mine["partnerships"] == 1
    example = shipped.json(
        0, "ratings", "import", "data/example-past-ratings.xlsx", "--mapping", "data/example-mapping.json",
        "--network", "example",
    )  # fmt: skip
    assert example["cells"]["new"] == 0  # type: ignore[index]


def test_an_unknown_network_is_1_and_names_those_there_are(shipped: Machine) -> None:
    answer = shipped.json(1, "rubric", "publish", "rubrics/developmental-progressions.xlsx", "--network", "nowhere")
    assert "network" in answer["issues"][0]["message"]  # type: ignore[index]


@pytest.mark.shared
def test_the_public_ratings_by_rubric_and_mapping_files(machine: Machine) -> None:
    history = shared("real", "ofsted_ilacs", "ofsted_csc_ilacs_history.csv")
    machine.json(0, "rubric", "publish", machine.file("ofsted.csv", ofsted.RUBRIC_CSV))
    mapping = machine.file("mapping.json", ofsted.MAPPING_JSON)
    answer = machine.json(1, "ratings", "import", str(history), "--mapping", mapping)
    cells = answer["cells"]
    assert isinstance(cells, dict)
    assert cells["rejected"] == 2
    assert cells["read"] == sum(n for name, n in cells.items() if name != "read")
    assert (answer["partnerships"], answer["domains"], answer["batch"]) == (153, 5, 1)
    again = machine.json(1, "ratings", "import", str(history), "--mapping", mapping)
    assert again["cells"] == {**cells, "new": 0, "unchanged": cells["new"]}
