"""Rubrics that other projects keep in spreadsheets, read as a person reads them."""

import csv
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from progressions.issues import has_errors
from progressions.rubric import Rubric
from progressions.settings import ReadLimits
from progressions.sheets.cells import Workbook
from progressions.sheets.reading import read_workbook
from progressions.sheets.rubric_guessing import understand
from progressions.sheets.rubric_layout import Orientation
from progressions.sheets.rubric_sheets import RubricsRead, read_rubrics
from tests.needs import SHARED

CASES = SHARED / "cases" / "rubrics"
OFSTED = SHARED / "real" / "ofsted_ilacs"
EAM, LEARNCO = CASES / "eam_maturity", CASES / "learnco_content"
HSS = CASES / "repo_assessment_hss" / "rubric.xlsx"
pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not CASES.exists(), reason="the collected rubrics are not at ../shared/cases/rubrics"),
]

MATURITY = ("Initial", "Managed", "Defined", "Quantitatively Managed", "Optimizing")
FROM_0 = ("0 – Non-existent", *(f"{n} – {name}" for n, name in enumerate(MATURITY, start=1)))
REQUIREMENTS = "Architecture Requirements Management"


@cache
def book(path: Path) -> Workbook:
    return read_workbook(path.read_bytes(), path.name, ReadLimits())


def read(path: Path) -> RubricsRead:
    return read_rubrics(book(path))


def only(path: Path) -> Rubric:
    found = read(path)
    assert not has_errors(found.issues), found.issues
    assert understand(book(path)).sure
    (rubric,) = found.rubrics
    return rubric


def cells(found: RubricsRead, kind: str) -> tuple[str, ...]:
    return next(issue.cells for issue in found.issues if issue.code == kind)


def rows(path: Path) -> list[dict[str, str]]:
    """The file as the standard library reads it: another way to the same words."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        text = file.read()
    return list(csv.DictReader(text.splitlines(keepends=True), delimiter=max(";,", key=text.split("\n")[0].count)))


def expected(path: Path, text: str) -> dict[tuple[str, str], str]:
    """Descriptors by domain and level, several rows joined; an empty phase is the dimension's."""
    found: dict[tuple[str, str], list[str]] = {}
    for row in rows(path):
        words = "\n".join(" ".join(line.split()) for line in row[text].strip().splitlines())
        key = (row["ADM-Phases"].strip() or row["Dimension"].strip(), row["Maturity Level"].strip())
        found.setdefault(key, []).append(words)
    return {key: "\n".join(texts) for key, texts in found.items()}


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("reifegradmodell_en.csv", "Description"),
        ("reifegradmodell_de.csv", "Description"),
        ("alba.csv", "Description_EN"),
    ],
)
def test_a_maturity_model_with_a_row_a_statement_is_six_levels_from_0(name: str, text: str):
    rubric = only(EAM / name)
    assert tuple(level.name for level in rubric.levels) == FROM_0
    assert len(rubric.domains) == 8
    words = expected(EAM / name, text)
    for domain in rubric.domains:
        assert domain.descriptors == tuple(words.get((domain.title, level.name), "") for level in rubric.levels)


def test_in_a_maturity_model_a_dimension_without_phases_is_a_domain_itself():
    found = read(EAM / "reifegradmodell_en.csv")
    domains = {domain.title: domain.area for domain in found.rubrics[0].domains}
    assert domains["Preliminary"] == "Architecture Capability"
    assert domains["H – Architecture Change Management"] == "Architecture Governance"
    assert REQUIREMENTS in domains
    assert cells(found, "titled_by_area")[0] == "A9"
    assert "from_zero" in {issue.code for issue in found.issues}


def test_a_second_language_is_named_as_not_read():
    found = read(EAM / "alba.csv")
    (ignored,) = (issue for issue in found.issues if issue.code == "ignored_columns")
    assert "Description_DE" in ignored.message


def test_mistyped_level_names_do_not_make_more_levels():
    found = read(EAM / "mehrwert.csv")
    labels = Counter(row["Maturity Level"] for row in rows(EAM / "mehrwert.csv"))
    assert labels["2 – Initial"] == 2, "the file says so itself"
    (rubric,) = found.rubrics
    assert tuple(level.name for level in rubric.levels) == MATURITY
    assert len(rubric.domains) == 8
    assert sum(issue.code == "several_names" for issue in found.issues) == 3
    assert not has_errors(found.issues)


@pytest.mark.parametrize(("name", "domains"), [("rubric.csv", 6), ("Untitled spreadsheet - Sheet1.csv", 2)])
def test_a_course_rubric_with_points_above_the_names_is_four_levels_the_best_first(name: str, domains: int):
    rubric = only(LEARNCO / name)
    assert [level.name for level in rubric.levels] == ["No Attempt", "Attempted", "Met Expectations", "Excelled"]
    assert len(rubric.domains) == domains
    table = list(csv.reader((LEARNCO / name).read_text(encoding="utf-8-sig").splitlines()))
    assert [(d.title, *d.descriptors[::-1]) for d in rubric.domains] == [tuple(row) for row in table[2:]]


@pytest.mark.parametrize("name", ["Capstone-Project-Final-Evaluation.xlsx", "Capstone-Project-Final-Evaluation_5.xlsx"])
def test_a_mark_sheet_without_descriptors_is_refused_for_that(name: str):
    found = read(CASES / "mha_capstone" / name)
    assert found.rubrics == ()
    assert "no_rubric" in {issue.code for issue in found.issues}
    reasons = {issue.sheet: (issue.code, issue.message) for issue in found.issues if issue.sheet}
    assert reasons["Report and Presentation"][0] == "levels_without_text"
    assert "“Score 1”, “Score 2”, “Score 3”" in reasons["Report and Presentation"][1]
    assert {reasons[sheet][0] for sheet in ("OVERALL GRADE", "Chair Evaluation", "Mentor Evaluation")} == {
        "not_a_rubric_sheet"
    }


def test_a_worksheet_with_scores_0_to_3_is_read_and_its_repeated_domain_reported():
    found = read(HSS)
    (rubric,) = found.rubrics
    assert understand(book(HSS)).best[0].orientation is Orientation.LEVEL_COLUMNS
    assert [level.name for level in rubric.levels] == ["Score 0", "Score 1", "Score 2", "Score 3"]
    assert len(rubric.domains) == 25
    assert rubric.domains[0].title.startswith("In-house developed software")
    assert rubric.domains[0].area == "Maintaining the Repository's Technical Infrastructure"
    assert rubric.domains[7].descriptors[:2] == ("No preservation", "Preservation is done in an ad-hoc way (backups)")
    assert cells(found, "same_title") == ("E25", "E26")
    assert "I2" in cells(found, "empty_descriptor")
    assert cells(found, "ignored_columns") == ("B1", "C1", "D1", "J1", "K1", "L1")


@pytest.mark.parametrize("name", ["ofsted_csc_ilacs_history.csv", "ofsted_csc_ilacs_overview.xlsx"])
def test_past_ratings_are_no_rubric(name: str):
    if not (OFSTED / name).exists():
        pytest.skip("the public ratings are not at ../shared/real")
    assert read(OFSTED / name).rubrics == ()
