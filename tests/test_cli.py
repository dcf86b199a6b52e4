"""The command line as machines use it: JSON, and exit codes 0 done, 1 problems, 2 usage."""

import contextlib
import datetime
import io
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

import openpyxl
import pytest

from progressions.cli import main
from progressions.services import mappings, start
from progressions.sheets.mapping import read_mapping
from progressions.store import open_store
from tests import ofsted
from tests.factories import NOW
from tests.needs import PROJECT, shared

RATINGS = "partnership code,partnership,convening date,lea-1\nash,Ash County,2025-03-04,{}\n"


@dataclass(frozen=True)
class Done:
    """What a command answered."""

    returncode: int
    stdout: str
    stderr: str


def _code_of(arguments: Sequence[str]) -> int:
    try:
        return main(arguments)
    except SystemExit as ended:  # a command that is used wrongly, or asked for help
        return ended.code if isinstance(ended.code, int) else 1


class Machine:
    """A fresh installation in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    def url(self) -> str:
        """The address of its database."""
        return f"sqlite:///{self.folder / 'data.sqlite3'}"

    def run(self, *arguments: str) -> Done:
        """One command, without the two seconds that a program of its own takes to begin: ``run_as_program`` is that."""
        out, err = io.StringIO(), io.StringIO()
        own = mock.patch.dict(os.environ, {"PROGRESSIONS_DATABASE_URL": self.url})
        with own, contextlib.chdir(PROJECT), contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = _code_of(arguments)
        if (self.folder / "data.sqlite3").is_file():
            open_store(self.url).close()  # as at the end of a program
        return Done(code, out.getvalue(), err.getvalue())

    def run_as_program(self, *arguments: str) -> Done:
        """The same as a stranger runs it."""
        done = subprocess.run(
            [sys.executable, "-m", "progressions", *arguments],
            cwd=PROJECT,
            env={**os.environ, "PROGRESSIONS_DATABASE_URL": self.url},
            capture_output=True,
            text=True,
            check=False,
        )
        return Done(done.returncode, done.stdout, done.stderr)

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


def test_a_guess_is_a_mapping_that_the_import_takes(shipped: Machine) -> None:
    answer = shipped.json(0, "ratings", "guess", "data/example-past-ratings.xlsx")
    assert answer["ok"] is True
    mapping = shipped.file("guessed.json", json.dumps(answer["mapping"]))
    done = shipped.json(0, "ratings", "import", "data/example-past-ratings.xlsx", "--mapping", mapping)
    assert done["cells"]["new"] == 1707  # type: ignore[index]


def test_a_guess_can_be_sent_into_a_file_and_used(shipped: Machine) -> None:
    printed = shipped.run("ratings", "guess", "data/example-past-ratings.xlsx").stdout
    mapping = shipped.file("guessed.json", printed)
    shipped.json(0, "ratings", "import", "data/example-past-ratings.xlsx", "--mapping", mapping)


def test_a_guess_leaves_out_what_is_not_sure_and_says_so(shipped: Machine) -> None:
    rows = "Site,Visit date,Faculty development and promotion\nAsh County,03/04/2024,2\nBirch Valley,03/04/2024,3\n"
    answer = shipped.json(1, "ratings", "guess", shipped.file("days.csv", rows), "--rubric", "ihe")
    assert "day_first" not in answer["mapping"]  # type: ignore[operator]
    assert any("days or months come first" in finding["message"] for finding in answer["unsure"])  # type: ignore[attr-defined]


def test_an_import_is_listed_undone_and_listed_as_undone(shipped: Machine) -> None:
    file = shipped.file("past.csv", RATINGS.format(2))
    shipped.json(0, "ratings", "import", file)
    listed = shipped.json(0, "ratings", "imports")["imports"]
    assert isinstance(listed, list)
    assert [(row["batch"], row["file"], row["cells"]["new"], row["undone_at"]) for row in listed] == [
        (1, "past.csv", 1, None)
    ]
    assert len(listed[0]["sha256"]) == 64
    undone = shipped.json(0, "ratings", "undo", "1")
    assert (undone["restored"], undone["removed"], undone["kept"]) == (0, 1, [])
    shipped.json(1, "ratings", "undo", "1")
    shipped.json(1, "ratings", "undo", "99")
    assert shipped.json(0, "ratings", "import", file)["cells"]["new"] == 1  # type: ignore[index]


def test_a_template_is_read_without_a_mapping(shipped: Machine) -> None:
    shipped.json(0, "ratings", "import", shipped.file("past.csv", RATINGS.format(2)))
    out = shipped.folder / "template.xlsx"
    shipped.json(0, "ratings", "template", "--out", str(out))
    book = openpyxl.load_workbook(out)
    sheet = next(s for s in book if any(c.value == "Ash County" for row in s.iter_rows() for c in row))
    row = next(r for r in sheet.iter_rows() if any(c.value == "Ash County" for c in r))
    headings = next(r for r in sheet.iter_rows() if any(str(c.value).casefold() == "partnership" for c in r))
    columns = {str(cell.value): cell.column for cell in headings}
    day = next(column for name, column in columns.items() if "date" in name.casefold())
    domain = next(column for name, column in columns.items() if "Faculty development" in name)
    sheet.cell(row[0].row, day).value = datetime.date(2027, 1, 20)
    sheet.cell(row[0].row, domain).value = "2 Small change implementation"
    book.save(out)
    assert shipped.json(0, "ratings", "import", str(out))["cells"]["new"] == 1  # type: ignore[index]


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_a_wide_export_imports_as_all_unchanged(shipped: Machine, form: str) -> None:
    shipped.json(0, "ratings", "import", "data/example-past-ratings.xlsx")
    out = shipped.folder / f"wide.{form}"
    shipped.json(0, "ratings", "export", "--format", form, "--layout", "wide", "--out", str(out))
    cells = shipped.json(0, "ratings", "import", str(out))["cells"]
    assert isinstance(cells, dict)
    assert (cells["unchanged"], cells["new"], cells["changed"], cells["rejected"]) == (1707, 0, 0, 0)


def test_a_difference_shows_the_words_that_changed(machine: Machine) -> None:
    header = "code,domain,1 Low,2 High\n"
    before = machine.file(
        "a.csv", header + "x-1,Trust,People meet now and then.,People meet every week.\nx-2,Gone,a,b\n"
    )
    after = machine.file(
        "b.csv", header + "x-1,Trust,People meet now and then.,People meet every month.\nx-3,New,a,c\n"
    )
    rubrics = machine.json(0, "rubric", "diff", before, after)["rubrics"]
    assert isinstance(rubrics, dict)
    (changes,) = rubrics.values()
    assert [(change["code"], change["kind"]) for change in changes] == [
        ("x-1", "reworded"),
        ("x-3", "new"),
        ("x-2", "gone"),
    ]
    assert [run for run in changes[0]["descriptors"][1] if run[0] != "same"] == [
        ["removed", "week."],
        ["added", "month."],
    ]


def test_a_rubric_that_is_gone_is_told_with_its_domains_and_a_title_with_its_words(machine: Machine) -> None:
    header = "rubric,code,domain,1 Low,2 High\n"
    kept, gone = "One,x-1,{},a,b\n", "Two,y-1,Time,c,d\nTwo,y-2,Money,e,f\n"
    before = machine.file("a.csv", header + kept.format("Trust") + gone)
    after = machine.file("b.csv", header + kept.format("Trust and care") + "Three,z-1,Other,g,h\n")
    said = machine.run("rubric", "diff", before, after).stdout
    assert "title: Trust {+and care+}" in said
    assert "two: the whole rubric is gone, with its 2 domains" in said
    assert "two y-1: gone" in said
    assert "two y-2: gone" in said


def test_an_import_that_never_was_cannot_be_undone(shipped: Machine) -> None:
    done = shipped.run("ratings", "undo", "99")
    assert (done.returncode, done.stderr.splitlines()[-1]) == (1, "There is no import 99.")


@pytest.mark.parametrize("port", ["99999", "0", "-1", "x", "99999999"])
@pytest.mark.parametrize("command", ["serve", "link"])
def test_a_port_that_is_none_is_wrong_use_and_costs_no_link(machine: Machine, command: str, port: str) -> None:
    run = machine.run_as_program if port == "x" else machine.run
    done = run(command, f"--port={port}")
    assert done.returncode == 2
    assert "no port" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (machine.folder / "data.sqlite3").exists()


def test_a_file_without_a_name_is_wrong_use(machine: Machine) -> None:
    done = machine.run("rubric", "check", "")
    assert done.returncode == 2
    assert "the name of the file is empty" in done.stderr


def test_an_export_is_what_its_name_says(shipped: Machine) -> None:
    out = shipped.folder / "e.xlsx"
    done = shipped.run("ratings", "export", "--format", "csv", "--out", str(out))
    assert done.returncode == 2
    assert "say the same in both" in done.stderr
    assert not out.exists()


def test_a_rubric_template_is_a_workbook_without_domains_yet(machine: Machine) -> None:
    out = machine.folder / "rubric.xlsx"
    machine.json(0, "rubric", "template", "--out", str(out))
    answer = machine.json(1, "rubric", "check", str(out))
    assert [issue["code"] for issue in answer["issues"] if issue["severity"] == "error"] == ["no_domains"]  # type: ignore[attr-defined]


def test_a_link_needs_a_known_network(shipped: Machine) -> None:
    shipped.json(1, "link", "--network", "nowhere")


def test_a_bad_setting_is_a_sentence(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROGRESSIONS_SESSION_DAYS", "abc")
    answer = machine.json(1, "rubric", "check", "rubrics/developmental-progressions.xlsx")
    assert "PROGRESSIONS_SESSION_DAYS" in answer["issues"][0]["message"]  # type: ignore[index]


RUBRIC = "code,domain,1 Low,2 High\n{}-1,Trust,People meet now and then.,People meet {} week.\nx-2,Time,a b c,d e f\n"


def test_a_new_code_of_a_known_domain_is_asked_about_and_said(machine: Machine) -> None:
    machine.json(0, "rubric", "publish", machine.file("own.csv", RUBRIC.format("x", "every")))
    file = machine.file("own.csv", RUBRIC.format("y", "each"))
    asked = machine.json(1, "rubric", "publish", file)
    issues = asked["issues"]
    assert isinstance(issues, list)
    assert {issue["code"] for issue in issues} == {"to_confirm"}
    assert "“y-1”" in issues[1]["message"]
    assert "--came-from NEW=OLD" in issues[-1]["message"]
    machine.json(1, "rubric", "publish", file, "--came-from", "y-9=x-1")
    answer = machine.json(0, "rubric", "publish", file, "--came-from", "y-1=x-1")
    published = {"code": "own", "outcome": "new version", "version": 2, "came_from": {"y-1": "x-1"}}
    assert answer["published"] == [published]
    again = machine.json(0, "rubric", "publish", file)
    assert again["published"] == [{**published, "outcome": "unchanged", "came_from": {}}]


def test_a_file_that_replaces_a_whole_rubric_needs_a_yes(machine: Machine) -> None:
    machine.json(0, "rubric", "publish", machine.file("own.csv", RUBRIC.format("x", "every")))
    other = machine.file("own.csv", "code,domain,1 Low,2 High\nz-1,Parking,none,plenty\n")
    asked = machine.json(1, "rubric", "publish", other)
    assert "2 would be gone" in asked["issues"][0]["message"]  # type: ignore[index]
    answer = machine.json(0, "rubric", "publish", other, "--yes")
    assert answer["published"][0]["version"] == 2  # type: ignore[index]


def test_kept_mappings_are_listed_used_again_and_forgotten(shipped: Machine) -> None:
    store = open_store(f"sqlite:///{shipped.folder / 'data.sqlite3'}")
    who = start.system_principal(start.own_network(store, None, NOW, create=False))
    content = {
        "layout": "wide", "partnership": "Who", "convening": {"column": "When"}, "day_first": True,
        "domains": {"Q7": "lea/lea-1"}, "levels": {"red": 1, "amber": 2},
    }  # fmt: skip
    mappings.save_mapping(store, who, "Survey", read_mapping(json.dumps(content)), NOW)
    store.close()
    listed = shipped.json(0, "ratings", "mappings")["mappings"]
    assert isinstance(listed, list)
    assert [(row["title"], row["mapping"]["domains"]) for row in listed] == [("Survey", {"Q7": "lea/lea-1"})]

    file = shipped.file("answers.csv", "Q7,When,Who\namber,05/03/2026,Ash County\n")
    assert shipped.json(0, "ratings", "guess", file)["kept_mapping"] == "Survey"
    assert "kept mapping “Survey”" in shipped.run("ratings", "guess", file).stderr
    assert "kept mapping “Survey”" in shipped.run("ratings", "import", file, "--dry-run").stdout
    done = shipped.json(0, "ratings", "import", file)
    assert (done["kept_mapping"], done["cells"]["new"]) == ("Survey", 1)  # type: ignore[index]

    assert shipped.json(1, "ratings", "mappings", "--forget", "Census")["issues"] != []
    assert shipped.json(0, "ratings", "mappings", "--forget", "Survey")["mappings"] == []
    assert shipped.run("ratings", "mappings").stdout == "No mappings are kept.\n"
    assert "kept_mapping" not in shipped.json(1, "ratings", "guess", file)
