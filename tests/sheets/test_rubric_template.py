"""The workbook to fill in: empty it holds no domain, filled in it is a rubric without any question."""

import io

import openpyxl

from progressions.settings import ReadLimits
from progressions.sheets.reading import read_workbook
from progressions.sheets.rubric_sheets import RubricsRead, read_rubrics
from progressions.sheets.templates import HEADINGS, SHEET, rubric_template


def read(content: bytes) -> RubricsRead:
    return read_rubrics(read_workbook(content, "template.xlsx", ReadLimits()))


def test_an_empty_template_has_no_domains_and_no_other_problem():
    found = read(rubric_template())
    assert [issue.code for issue in found.issues] == ["no_domains"]
    assert [rubric.domains for rubric in found.rubrics] == [()]


def test_a_template_that_is_filled_in_is_read_as_it_was_meant():
    book = openpyxl.load_workbook(io.BytesIO(rubric_template()))
    sheet = book[SHEET]
    header = next(row[0].row for row in sheet.iter_rows() if row[0].value == HEADINGS[0])
    sheet["B1"], sheet["B2"] = "How our team works", "team"
    for column, value in enumerate(("team-1", "Meetings", "Agendas", "a", "b", "c", "d"), start=1):
        sheet.cell(header + 1, column, value)
    target = io.BytesIO()
    book.save(target)
    found = read(target.getvalue())
    assert found.issues == ()
    (rubric,) = found.rubrics
    assert (rubric.code, rubric.title) == ("team", "How our team works")
    assert [level.label for level in rubric.levels] == list(HEADINGS[3:])
    (domain,) = rubric.domains
    assert (domain.code, domain.area, domain.title, *domain.descriptors) == (
        "team-1", "Meetings", "Agendas", "a", "b", "c", "d",
    )  # fmt: skip


def test_the_headings_stay_in_sight_and_the_examples_are_grey():
    sheet = openpyxl.load_workbook(io.BytesIO(rubric_template()))[SHEET]
    header = next(row[0].row for row in sheet.iter_rows() if row[0].value == HEADINGS[0])
    assert sheet.freeze_panes == f"A{header + 1}"
    assert {sheet.cell(row, 1).font.color.rgb for row in range(3, header)} == {"00757575"}
