"""Exports: text stays text, and what is exported is read back as it was."""

import csv
import io
import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from progressions.imports import plan_import
from progressions.ratings import RatingKey
from progressions.settings import ReadLimits
from progressions.sheets.guessing import guess
from progressions.sheets.ratings_sheets import read_ratings
from progressions.sheets.reading import read_workbook
from progressions.sheets.writing import (
    RATINGS_HEADER,
    ExportRow,
    TableSheet,
    long_table,
    rubric_workbook,
    sheet_csv,
    write_csv,
    write_xlsx,
)
from tests.sheets.books import OCTOBER, a_rubric

HOSTILE = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", '=HYPERLINK("http://x","y")', "#N/A", "=", "--"]
ANY_TEXT = st.text(max_size=12) | st.sampled_from(HOSTILE)


def table(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def cells(content: bytes) -> list[list[object]]:
    return [
        [cell.value for cell in row] for row in openpyxl.load_workbook(io.BytesIO(content)).worksheets[0].iter_rows()
    ]


@given(st.lists(ANY_TEXT, min_size=1, max_size=5))
@settings(max_examples=60, deadline=None)
def test_no_cell_of_a_workbook_is_a_formula(texts: list[str]):
    content = write_xlsx([TableSheet("A", ["text"], [texts], notes_above=tuple(texts), wrap=len(texts) > 2)])
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert b"<f" not in archive.read("xl/worksheets/sheet1.xml").replace(b"<font", b"")
    book = openpyxl.load_workbook(io.BytesIO(content))
    kinds = {cell.data_type for row in book.worksheets[0].iter_rows() for cell in row if cell.value is not None}
    assert kinds <= {"s", "inlineStr"}


@given(st.lists(ANY_TEXT, min_size=2, max_size=5))
def test_no_text_of_a_csv_begins_like_a_formula(texts: list[str]):
    for field in [field for row in table(write_csv(["a"], [texts], notes_above=texts)) for field in row]:
        assert not field.startswith(("=", "+", "-", "@", "\t", "\r"))


def test_hostile_texts_are_kept_to_the_letter_in_a_workbook():
    texts = [text for text in HOSTILE if not text.startswith("\r")]
    assert cells(write_xlsx([TableSheet("A", ["text"], [[text] for text in texts])]))[1:] == [[t] for t in texts]


def test_a_csv_has_a_byte_order_mark_and_an_apostrophe_before_what_looks_like_a_formula():
    content = write_csv(["a", "b"], [["=1+1", -3], ["Genève", 2.5], [None, date(2024, 10, 1)]])
    assert content.startswith(b"\xef\xbb\xbf")
    assert table(content) == [["a", "b"], ["'=1+1", "-3"], ["Genève", "2.5"], ["", "2024-10-01"]]


def test_numbers_and_days_stay_what_they_are_in_a_workbook():
    row = [3, -2.5, True, datetime(2024, 10, 1), None, "x"]
    assert cells(write_xlsx([TableSheet("A", ["h"] * 6, [row])]))[1] == row


def test_moments_are_written_in_utc():
    moment = datetime(2024, 10, 1, 12, 0, tzinfo=timezone(timedelta(hours=-5)))
    assert cells(write_xlsx([TableSheet("A", ["at"], [[moment]])]))[1] == [datetime(2024, 10, 1, 17, 0)]
    assert table(write_csv(["at"], [[moment.astimezone(UTC)]]))[1] == ["2024-10-01 17:00:00"]


def test_characters_that_a_workbook_cannot_hold_are_left_out():
    assert cells(write_xlsx([TableSheet("A", ["h"], [["a\x00b\x0bc\ud800d\uffff"]])]))[1] == ["abcd"]


def test_titles_of_sheets_are_legal_and_different():
    names = ["a/b:c*?[x]\\", "A b c x", "'quoted'", "", "History", "n" * 40, "n" * 40, "a b c x"]
    content = write_xlsx([TableSheet(name, ["h"], []) for name in names])
    titles = openpyxl.load_workbook(io.BytesIO(content)).sheetnames
    assert titles[:5] == ["a b c x", "A b c x 2", "quoted", "Sheet", "History 1"]
    assert len({title.casefold() for title in titles}) == len(names)
    assert max(map(len, titles)) <= 31


def test_the_header_is_bold_and_stays_in_sight_below_the_notes():
    content = write_xlsx([TableSheet("A", ["one", "two"], [["x" * 200, 1]], notes_above=("Invented example",))])
    sheet = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
    assert sheet.freeze_panes == "A3"
    assert [cell.font.bold for cell in sheet[2]] == [True, True]
    assert sheet["A1"].value == "Invented example"
    assert (sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width) == (60, 8)


def test_the_about_text_goes_with_a_rubric():
    book = read_workbook(rubric_workbook([a_rubric()], "One.\nTwo."), "r.xlsx", ReadLimits())
    assert [sheet.name for sheet in book.sheets] == ["ihe", "About"]
    assert book.sheets[1].rows == (("One.",), ("Two.",))


RUBRIC = a_rubric()
ROWS = [
    ExportRow("alder", "Alder", OCTOBER, "Fall 2024", "ihe", "ihe-1", "ihe domain 1", 2, "Small", evidence="=1"),
    ExportRow("alder", "Alder", date(2025, 1, 15), "", "ihe", "ihe-2", "ihe domain 2", 4, due=OCTOBER),
    ExportRow("birch", "Birch & Co", OCTOBER, "Fall 2024", "ihe", "ihe-2", "ihe domain 2", None, next_step="-x"),
]


def test_an_export_has_a_heading_for_each_field():
    assert len(RATINGS_HEADER) == len(ExportRow.__dataclass_fields__)


@pytest.mark.parametrize("notes", [(), ("Invented example", "Network: Example")])
@pytest.mark.parametrize(("write", "name"), [(sheet_csv, "export.csv"), (lambda s: write_xlsx([s]), "export.xlsx")])
def test_an_export_is_imported_again_as_all_unchanged(write: object, name: str, notes: tuple[str, ...]):
    content = write(replace(long_table(ROWS), notes_above=notes))  # type: ignore[operator]
    workbook = read_workbook(content, name, ReadLimits())
    proposed = guess(workbook, [RUBRIC])
    assert proposed.mapping is not None, proposed.unsure
    read = read_ratings(workbook, proposed.mapping, [RUBRIC])
    assert read.issues == ()
    stored = {RatingKey(r.partnership_code, r.held_on, r.rubric, r.domain_code): (r.level, 1) for r in ROWS}
    plan = plan_import(read, stored, {"alder": "Alder", "birch": "Birch & Co"}, {})
    assert (plan.counts.read, plan.counts.unchanged, plan.counts.blank) == (3, 2, 1)
    assert plan.nothing_to_do
    assert plan.issues == ()
