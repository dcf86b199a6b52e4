"""Cells without a value to read, in the formats whose reader is silent about them: .xls, .xlsb and .ods.

The same words for .xlsx stand in ``test_reading_formats``.
"""

import struct

import pytest
from hypothesis import given, settings

from progressions.settings import ReadLimits
from progressions.sheets.binary_sheets import BinaryScan
from progressions.sheets.cells import Workbook
from progressions.sheets.looking import NOT_CALCULATED, NOT_LOOKED_THROUGH, notes_on_old_workbook
from progressions.sheets.reading import read_workbook
from tests.sheets import binary_books as made
from tests.sheets.test_reading_formats import ODS_CELL, PLACES, broken, is_read_or_refused, ods

BARE = "In the sheet “Grades”, formulas without a stored result were read as empty cells: {}. Open the file in Excel"
ERRORS = "In the sheet “Grades”, cells with an error such as #N/A were read as empty cells: {}."


def read(content: bytes, name: str = "past.xls") -> Workbook:
    return read_workbook(content, name, ReadLimits())


def xls(*cells: bytes) -> Workbook:
    return read(made.xls(("About", [made.number(0, 0, 1.0)]), ("Grades", cells)))


def xlsb(*records: bytes, calculates_on_opening: bool = False) -> Workbook:
    about = ("About", [made.row(0), made.cell(5, 0, struct.pack("<d", 1.0))])
    return read(made.xlsb(about, ("Grades", records), calculates_on_opening=calculates_on_opening), "past.xlsb")


def test_errors_of_an_old_workbook_are_named_cell_by_cell():
    workbook = xls(made.error(0, 1), made.truth(0, 2), made.formula(2, 27, made.AN_ERROR), made.number(3, 0, 2.0))
    assert workbook.notes == (ERRORS.format("B1, AB3"),)
    assert workbook.sheets[1].rows[0][:3] == (None, None, True)


def test_a_formula_of_an_old_workbook_that_was_never_calculated_is_named():
    workbook = xls(made.number(0, 0, 1.0), made.formula(0, 1, made.AN_EMPTY_TEXT), made.formula(4, 0, made.A_TEXT))
    assert workbook.notes[0].startswith(BARE.format("A5, B1"))


def test_an_empty_text_among_formulas_that_were_calculated_is_a_result():
    cells = (made.formula(0, 0, 3.0), made.formula(0, 1, made.AN_EMPTY_TEXT))
    assert xls(*cells).notes == ()
    assert xls(made.formula(0, 0, made.A_TEXT), made.text_result("Small"), *cells[1:]).notes == ()


def test_a_promised_text_that_does_not_follow_is_no_result_though_others_were_calculated():
    workbook = xls(made.formula(0, 0, 3.0), made.formula(0, 1, made.A_TEXT), made.number(1, 0, 1.0))
    assert workbook.notes[0].startswith(BARE.format("B1"))


def test_an_old_workbook_that_was_saved_before_it_was_calculated_says_so():
    assert xls(made.UNCALCULATED, made.formula(0, 0, 0.0)).notes == (NOT_CALCULATED,)
    assert xls(made.UNCALCULATED, made.number(0, 0, 0.0)).notes == ()


def test_an_old_workbook_that_cannot_be_looked_through_says_so():
    sound = made.xls(("Grades", [made.error(0, 0)]))
    assert notes_on_old_workbook(sound, ["Grades"]) == [ERRORS.format("A1")]
    assert notes_on_old_workbook(sound, []) == [ERRORS.format("A1").replace("the sheet “Grades”", "the file")]
    circle = sound[: 512 + 8] + struct.pack("<I", 2) + sound[512 + 12 :]
    assert notes_on_old_workbook(circle, ["Grades"]) == [NOT_LOOKED_THROUGH]
    assert notes_on_old_workbook(sound[:600], ["Grades"]) == [NOT_LOOKED_THROUGH]


def test_errors_of_a_binary_workbook_are_named_cell_by_cell():
    workbook = xlsb(
        made.row(1),
        made.cell(5, 0, struct.pack("<d", 2.0)),
        made.cell(3, 1, b"\x2a"),
        made.row(6),
        made.cell(11, 2, b"\x17" + made.FORMULA),
    )
    assert workbook.notes == (ERRORS.format("B2, C7"),)
    assert workbook.sheets[1].rows[1][0] == 2.0


def test_a_formula_of_a_binary_workbook_that_was_never_calculated_is_named():
    empty = made.cell(8, 1, made.wide("") + made.FORMULA)
    text = made.cell(8, 2, made.wide("Small") + made.FORMULA)
    value = made.cell(5, 0, struct.pack("<d", 2.0))
    assert xlsb(made.row(0), value, empty).notes[0].startswith(BARE.format("B1"))
    assert xlsb(made.row(0), value, empty, text).notes == ()


def test_a_binary_workbook_that_is_to_be_calculated_on_opening_says_so():
    formula = made.cell(9, 0, struct.pack("<d", 0.0) + made.FORMULA)
    assert xlsb(made.row(0), formula, calculates_on_opening=True).notes == (NOT_CALCULATED,)
    assert xlsb(made.row(0), formula).notes == ()


def test_merged_cells_of_a_binary_workbook_come_with_their_rows_and_columns():
    values = [made.cell(5, column, struct.pack("<d", 1.0)) for column in (0, 2)]
    workbook = xlsb(made.row(0), *values, made.row(2), *values, made.merged(0, 2, 0, 0), made.merged(7, 9, 5, 6))
    assert workbook.sheets[1].merged == ((1, 0, 3, 0),)


@pytest.mark.parametrize("size", [1, 2, 7, 64])
def test_a_binary_sheet_says_the_same_in_pieces_of_any_size(size: int):
    long = made.part(500, b"\x03\x09" * 700_000)
    cells = made.row(3) + made.cell(7, 0, bytes(4)) + made.cell(3, 1, b"\x2a") + made.merged(0, 1, 2, 3)
    scan = BinaryScan()
    for content in (cells, long, cells.replace(made.row(3), made.row(8))):
        step = size if content is not long else 100_000
        for place in range(0, len(content), step):
            scan.look_at(content[place : place + step])
    assert (list(scan.errors), scan.merged) == (["B4", "B9"], [(1, 2, 2, 3)] * 2)


CALC = 'xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'
ODS_ERROR = (
    f'<table:table-cell {CALC} table:formula="of:=NA()" office:value-type="string" office:string-value="" '
    'calcext:value-type="error"><text:p>#N/A</text:p></table:table-cell>'
)


def test_errors_and_formulas_without_a_result_of_an_open_document_are_named_cell_by_cell():
    skipped = '<table:table-cell table:number-columns-repeated="25"/>'
    workbook = read(ods(ODS_CELL.format("x"), skipped, ODS_ERROR, '<table:table-cell table:formula="of:=1"/>'))
    assert [note[:80] for note in workbook.notes] == [BARE.format("AB1")[:80], ERRORS.format("AA1")[:80]]
    assert "cells: AA1." in workbook.notes[1]


def test_rows_of_an_open_document_that_stand_for_many_are_counted():
    rows = '</table:table-row><table:table-row table:number-rows-repeated="7"><table:table-cell/></table:table-row>'
    workbook = read(ods(ODS_CELL.format("x"), rows, "<table:table-row>", ODS_ERROR))
    assert workbook.notes == (ERRORS.format("A9"),)


def test_merged_cells_of_an_open_document_come_with_their_rows_and_columns():
    wide = '<table:table-cell table:number-columns-spanned="2" office:value-type="string"><text:p>W</text:p>'
    tall = '<table:table-cell table:number-rows-spanned="2" office:value-type="string"><text:p>T</text:p>'
    single = '<table:table-cell table:number-columns-spanned="1" table:number-rows-spanned="1"/>'
    covered = "</table:table-cell><table:covered-table-cell/>"
    second = "</table:table-row><table:table-row><table:covered-table-cell/>" + ODS_CELL.format("a") * 3
    workbook = read(ods(tall, "</table:table-cell>", wide, covered, single, second))
    assert workbook.sheets[0].rows == (("T", "W", None, None), (None, "a", "a", "a"))
    assert workbook.sheets[0].merged == ((1, 0, 2, 0), (1, 1, 1, 2))


def test_a_table_within_a_cell_of_an_open_document_is_none_of_the_sheet_s():
    inner = f"<table:table><table:table-row>{ODS_ERROR * 3}</table:table-row></table:table>"
    workbook = read(ods(ODS_CELL.format("x"), f"<table:table-cell>{inner}</table:table-cell>", ODS_ERROR))
    assert workbook.notes == (ERRORS.format("C1"),)


SOUND = {
    "xls": made.xls(("Grades", [made.number(0, 0, 1.0), made.error(0, 1), made.formula(1, 0, made.A_TEXT)])),
    "xlsb": made.xlsb(("Grades", [made.row(0), made.cell(3, 1, b"\x2a"), made.merged(0, 1, 0, 0)])),
}


@pytest.mark.parametrize("form", SOUND)
@given(places=PLACES)
@settings(max_examples=20, deadline=None)
def test_a_sound_workbook_with_broken_bytes_is_read_or_refused(form: str, places: list[tuple[int, int]]):
    assert is_read_or_refused(broken(SOUND[form], places))
