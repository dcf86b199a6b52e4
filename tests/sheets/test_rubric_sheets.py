"""Rubric workbooks: the format of rubrics/README.md, and every problem with its cell."""

import pytest

from progressions.issues import Severity
from progressions.rubric import Level
from progressions.settings import ReadLimits
from progressions.sheets import kinds
from progressions.sheets.reading import read_workbook
from progressions.sheets.rubric_sheets import RubricsRead, level_of_heading, read_rubrics
from progressions.sheets.writing import rubric_workbook
from tests import ofsted
from tests.sheets.books import a_rubric, a_sheet, a_workbook

HEADER = ("code", "area", "domain", "1 Exploring", "2 Small change")
ROW = ("ihe-1", "People", "Faculty", "first", "second")


def rubrics(*rows: tuple[object, ...], name: str = "IHE") -> RubricsRead:
    return read_rubrics(a_workbook(a_sheet(rows, name)))


def found(read: RubricsRead) -> dict[str, tuple[str, ...]]:
    return {issue.code: issue.cells for issue in read.issues}


def test_a_sheet_is_a_rubric_with_its_domains_and_levels():
    read = rubrics(HEADER, ROW)
    assert read.issues == ()
    (rubric,) = read.rubrics
    assert (rubric.code, rubric.title, rubric.about) == ("ihe", "IHE", "")
    assert rubric.levels == (Level(1, "Exploring"), Level(2, "Small change"))
    (domain,) = rubric.domains
    assert (domain.code, domain.area, domain.title) == ROW[:3]
    assert domain.descriptors == ("first", "second")


def test_titles_longer_than_drawings_show_are_named_with_their_cells():
    longest = "Our shared aim " * 26 + "is this one."
    longer = ("ihe-2", "People", f"{longest}!", "first", "second")
    short = rubrics(HEADER, ("ihe-1", "People", longest[:400], "first", "second"))
    assert (len(longest), short.issues) == (402, ())
    read = rubrics(HEADER, ROW, longer, ("ihe-3", "People", longest, "first", "second"))
    assert found(read) == {"long_title": ("C3", "C4")}
    assert [domain.title for domain in read.rubrics[0].domains] == ["Faculty", f"{longest}!", longest]
    assert [issue.severity for issue in read.issues] == [Severity.WARNING]


def test_a_title_above_the_headings_is_the_rubric_s():
    read = rubrics(("Rubric title", "University (IHE)"), ("Working text",), HEADER, ROW)
    assert [(rubric.code, rubric.title) for rubric in read.rubrics] == [("ihe", "University (IHE)")]


def test_the_about_sheet_is_text_of_every_rubric():
    about = a_sheet([("First line.",), (None, "Second."), ("Third\nline.",)], "ABOUT")
    read = read_rubrics(a_workbook(a_sheet([HEADER, ROW], "IHE"), about, a_sheet([HEADER, ROW], "LEA")))
    assert {rubric.about for rubric in read.rubrics} == {"First line.\nSecond.\nThird\nline."}
    assert [rubric.code for rubric in read.rubrics] == ["ihe", "lea"]


@pytest.mark.parametrize(
    "heading",
    [
        "3 Good work",
        "3 – Good work",
        "3. Good work",
        "3) Good work",
        "3: Good work",
        "Level 3: Good work",
        "Level 3 – Good work",
        "Good work (3)",
    ],
)
def test_the_shapes_of_a_level_s_heading(heading: str):
    assert level_of_heading(heading) == Level(3, "Good work")


def test_a_level_s_heading_may_be_a_number_only():
    assert level_of_heading("3") == Level(3, "Level 3")
    assert level_of_heading("Stage 3") == Level(3, "Stage 3")


@pytest.mark.parametrize("heading", ["", "domain", "Notes", "Year 2024", "2024", "2024-10-01", "3.5", "3a"])
def test_other_headings_are_no_levels(heading: str):
    assert level_of_heading(heading) is None


def test_columns_may_stand_in_any_order_and_the_best_level_first():
    read = rubrics(("2 Small change", "domain", "1 Exploring", "code"), ("second", "Faculty", "first", "ihe-1"))
    assert read.rubrics[0].domains[0].descriptors == ("first", "second")
    assert [level.position for level in read.rubrics[0].levels] == [1, 2]


def test_line_breaks_of_a_descriptor_stay():
    read = rubrics(HEADER, ("ihe-1", None, "Faculty", " one \n  two  words ", "second"))
    assert read.rubrics[0].domains[0].descriptors[0] == "one\ntwo words"


@pytest.mark.parametrize(
    "numbers",
    [(1, 3), (0, 2), (2, 3), (1, 1), (1, 2, 2), (1, 2, 3, 4, 5, 6, 7)],
    ids=lambda n: "-".join(map(str, n)),
)
def test_levels_that_are_not_numbered_from_one_on_are_an_error(numbers: tuple[int, ...]):
    read = rubrics(("domain", *(f"{n} name {n}" for n in numbers)), ("Faculty", *map(str, numbers)))
    assert read.rubrics == ()
    assert len(found(read)["wrong_levels"]) == len(numbers)


@pytest.mark.parametrize("count", [2, 6])
def test_two_to_six_levels_are_right(count: int):
    read = rubrics(("domain", "code", *(f"{n} n{n}" for n in range(1, count + 1))), ("F", "c", *"abcdef"[:count]))
    assert len(read.rubrics[0].levels) == count
    assert read.issues == ()


@pytest.mark.parametrize(
    ("rows", "issue", "cells"),
    [
        ((("code", "domain", "1 only"), ("a", "b", "c")), "no_levels", ("A1",)),
        ((HEADER, ("ihe-1", None, None, "x", "y")), "missing_title", ("C2",)),
        ((HEADER, ROW, (), ("IHE-1", "", "Other", "x", "y")), "duplicate_domain", ("A2", "A4")),
        ((HEADER, ("ihe-1", None, "Faculty", None, "y")), "empty_descriptor", ("D2",)),
        ((HEADER,), "no_domains", ("A1",)),
        ((("domain", "1 Same", "2 Same"), ("F", "a", "b")), "same_level_name", ("B1", "C1")),
        ((("domain", "Domain", "1 a", "2 b"), ("F", "G", "a", "b")), "duplicate_heading", ("B1",)),
        ((("rubric", *HEADER), (None, *ROW), ("IHE", *ROW)), "missing_rubric", ("A2",)),
        ((("nothing", "here"),), "not_a_rubric_sheet", ()),
        ((("nothing", "here"),), "no_rubric", ()),
    ],
)
def test_a_problem_is_reported_with_its_cells(rows: tuple[tuple[object, ...], ...], issue: str, cells: tuple[str, ...]):
    assert found(rubrics(*rows))[issue] == cells


def test_the_same_problem_in_many_cells_is_one_issue():
    read = rubrics(HEADER, ("a", None, "A", None, None), ("b", None, "B", None, "y"))
    assert [(issue.code, issue.cells) for issue in read.issues] == [("empty_descriptor", ("D2", "E2", "D3"))]


def test_a_missing_code_is_made_of_the_title_and_said():
    read = rubrics(("domain", "1 a", "2 b"), ("Faculty & staff", "x", "y"), ("Größe", "x", "y"))
    assert [d.code for d in read.rubrics[0].domains] == ["ihe-faculty-staff", "ihe-grosse"]
    assert [(i.severity, i.cells) for i in read.issues] == [(Severity.NOTE, ("A2", "A3"))]


def test_titles_in_another_script_do_not_become_one_code():
    read = rubrics(("domain", "1 a", "2 b"), ("Школа", "x", "y"), ("Город", "x", "y"))
    assert len({d.code for d in read.rubrics[0].domains}) == 2


def test_two_sheets_of_one_name_are_an_error():
    read = read_rubrics(a_workbook(a_sheet([HEADER, ROW], "IHE"), a_sheet([HEADER, ROW], "ihe!")))
    assert [issue.code for issue in read.issues] == ["duplicate_rubric"]


def test_a_text_table_may_hold_several_rubrics():
    content = "rubric,code,domain,1 a,2 b\nIHE,i-1,Faculty,x,y\nLEA,l-1,Leaders,x,y\nIHE,i-2,Courses,x,y\n"
    read = read_rubrics(read_workbook(content.encode(), "all.csv", ReadLimits()))
    assert [(r.code, r.title, [d.code for d in r.domains]) for r in read.rubrics] == [
        ("ihe", "IHE", ["i-1", "i-2"]),
        ("lea", "LEA", ["l-1"]),
    ]
    assert read.issues == ()


def test_a_text_table_of_one_rubric_is_named_by_its_file():
    read = read_rubrics(read_workbook(ofsted.RUBRIC_CSV.encode(), ofsted.RUBRIC_FILE, ReadLimits()))
    assert [(r.code, len(r.domains), len(r.levels)) for r in read.rubrics] == [("ofsted", 5, 4)]
    assert read.issues == ()


def test_an_empty_sheet_beside_a_rubric_is_nothing():
    assert read_rubrics(a_workbook(a_sheet([HEADER, ROW], "IHE"), a_sheet([], "Sheet2"))).issues == ()


def test_a_rubric_that_is_written_is_read_back_equal():
    made = (
        a_rubric("ihe", domains=8),
        a_rubric("lea", domains=3, levels=6 - 2),
        a_rubric("x" * 40, levels=2),
    )
    content = rubric_workbook(made, "")
    read = read_rubrics(read_workbook(content, "rubrics.xlsx", ReadLimits()))
    assert read.rubrics == made
    assert read.issues == ()


def test_every_kind_has_a_code_of_its_own_and_a_sentence():
    codes = [kind.code for kind in kinds.ALL]
    assert len(codes) == len(set(codes)) >= 25
    assert all(kind.template.endswith((".", "{note}")) for kind in kinds.ALL)
