"""Rejected rows come back as a workbook: what is mended there is imported by the same mapping."""

import io
from datetime import date, datetime

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from progressions.errors import UserError
from progressions.people import Principal
from progressions.services import imports
from progressions.services.imports import Preview
from progressions.settings import ReadLimits
from progressions.sheets.mapping import write_mapping
from progressions.store import Store
from tests.factories import NOW

HEADINGS = ["partnership code", "partnership", "convening date", "lea-1", "lea-2", "remarks"]
DAY = date(2025, 3, 4)


def preview(store: Store, who: Principal, book: openpyxl.Workbook | bytes, mapping: str | None = None) -> Preview:
    if not isinstance(book, bytes):
        target = io.BytesIO()
        book.save(target)
        book = target.getvalue()
    shown = imports.preview(store, who, book, "past.xlsx", mapping, ReadLimits())
    assert isinstance(shown, Preview), shown.unsure
    return shown


def a_book(*rows: list[object], above: int = 0, name: str = "Past ratings") -> openpyxl.Workbook:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = name
    for row in [["Ratings of our hub"]] * above + [HEADINGS, *rows]:
        sheet.append(row)
    return book


def given_back(store: Store, who: Principal, shown: Preview) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(imports.rejected_workbook(store, who, shown, NOW)))


def values(sheet: Worksheet) -> list[list[object]]:
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def coloured(sheet: Worksheet) -> set[str]:
    return {c.coordinate for row in sheet.iter_rows() for c in row if c.fill.fill_type == "solid"}


ASH = ["ash", "Ash County", DAY, 1, 2, "fine"]
ELM = ["elm", "Elm Town", DAY, 67, 2.5, "@SUM(A1)"]
FIR = ["fir", "Fir Hill", "sometime", 3, None, None]
OAK = ["oak", "Oak Hill", DAY, 3, 4, None]


def test_only_rows_with_a_rejected_cell_come_back_with_their_problem(sqlite_store: Store, staff: Principal) -> None:
    shown = preview(sqlite_store, staff, a_book(ASH, ELM, OAK, FIR, [*ASH[:3], 1, 2, None], above=2))
    book = given_back(sqlite_store, staff, shown)
    sheet = book["Past ratings"]
    rows = values(sheet)
    assert rows[0][0] == rows[1][0] == "Ratings of our hub"
    assert rows[2] == [*HEADINGS, "Problem"]
    assert rows[3][:5] == ["elm", "Elm Town", datetime(2025, 3, 4), 67, 2.5]
    assert rows[4][:4] == ["fir", "Fir Hill", "sometime", 3]
    assert len(rows) == 5
    assert "D: “67” is not a level" in str(rows[3][6])
    assert "E: “2.5” is not a level" in str(rows[3][6])
    assert "C: “sometime”" in str(rows[4][6])
    assert coloured(sheet) == {"D4", "E4", "C5", "D5"}
    assert sheet["C4"].is_date
    assert (sheet["F4"].value, sheet["F4"].data_type) == ("@SUM(A1)", "s")


def test_mended_rows_are_imported_by_the_same_mapping(sqlite_store: Store, staff: Principal) -> None:
    shown = preview(sqlite_store, staff, a_book(ASH, ELM, OAK))
    imports.confirm(sqlite_store, staff, shown, NOW)
    book = given_back(sqlite_store, staff, shown)
    sheet = book["Past ratings"]
    sheet["D2"], sheet["E2"] = 3, 4
    for mapping in (write_mapping(shown.mapping), None):
        again = preview(sqlite_store, staff, book, mapping)
        assert (again.plan.counts.new, again.plan.counts.rejected, again.plan.counts.read) == (2, 0, 2)
    imports.confirm(sqlite_store, staff, again, NOW)
    with sqlite_store.read(staff) as repository:
        levels = {(f.partnership, f.domain): f.level for f in repository.facts()}
    assert levels == {
        ("ash", "lea-1"): 1, ("ash", "lea-2"): 2, ("elm", "lea-1"): 3,
        ("elm", "lea-2"): 4, ("oak", "lea-1"): 3, ("oak", "lea-2"): 4,
    }  # fmt: skip


def test_what_is_still_wrong_comes_back_again_with_one_problem_column(sqlite_store: Store, staff: Principal) -> None:
    book = given_back(sqlite_store, staff, preview(sqlite_store, staff, a_book(ASH, ELM, OAK)))
    book.worksheets[0]["D2"] = 1
    again = values(given_back(sqlite_store, staff, preview(sqlite_store, staff, book)).worksheets[0])
    assert again[0] == [*HEADINGS, "Problem"]
    assert "67" not in str(again[1][6])
    assert "2.5" in str(again[1][6])


def test_cells_that_contradict_one_another_come_back_together(sqlite_store: Store, staff: Principal) -> None:
    shown = preview(sqlite_store, staff, a_book(ASH, OAK, ["ash", "Ash County", DAY, 4, 2, None]))
    rows = values(given_back(sqlite_store, staff, shown).worksheets[0])
    assert [row[:5] for row in rows[1:]] == [
        ["ash", "Ash County", datetime(2025, 3, 4), 1, 2],
        ["ash", "Ash County", datetime(2025, 3, 4), 4, 2],
    ]


def test_texts_of_a_csv_stay_texts(sqlite_store: Store, staff: Principal) -> None:
    rows = "partnership code,partnership,convening date,lea-1,lea-2\n007,Ash,2025-03-04,67,1\n008,Elm,2025-03-04,1,2\n"
    shown = imports.preview(
        sqlite_store, staff, rows.encode(), "a very long name of a file of past ratings.csv", None, ReadLimits()
    )
    assert isinstance(shown, Preview)
    book = given_back(sqlite_store, staff, shown)
    assert [cell.value for cell in book.worksheets[0][2]][:5] == ["007", "Ash", "2025-03-04", "67", "1"]
    book.worksheets[0]["D2"] = "4"
    assert preview(sqlite_store, staff, book, write_mapping(shown.mapping)).plan.counts.rejected == 0


def test_without_a_rejected_cell_there_is_nothing_to_mend(sqlite_store: Store, staff: Principal) -> None:
    with pytest.raises(UserError, match="nothing to mend"):
        imports.rejected_workbook(sqlite_store, staff, preview(sqlite_store, staff, a_book(ASH)), NOW)
