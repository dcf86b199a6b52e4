"""A workbook to fill in with ratings: a row for each partnership, drop-downs of levels, and no mapping needed."""

import io
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from openpyxl import Workbook as Book
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill, Protection
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.worksheet.datavalidation import DataValidation

from progressions.rubric import Domain, Rubric
from progressions.sheets.domain_headings import KEY_HEADINGS, domain_headings
from progressions.sheets.level_cells import LevelCells
from progressions.sheets.writing import set_text, storable

RATINGS, INSTRUCTIONS, LEVELS = "Ratings", "How to fill in", "Levels"
SPARE_ROWS = 200
"""Rows below the last partnership that have drop-downs too: for partnerships that are new, and for earlier dates."""
_LONGEST_DESCRIPTOR = 300
"""Characters of a descriptor in a comment: with six levels the comment still fits on a screen."""
_DAY_FORMAT = "yyyy-mm-dd"
_COMMENT_SIZE = (340, 260)  # points: height, width
_HEADER = PatternFill("solid", fgColor="1F3A5F")
_LINES = (
    "Each row of the sheet “Ratings” is one partnership at one convening. Each column after “convening” is one domain.",
    "Choose the level from the list in the cell. A cell that is left empty is not rated, and erases nothing.",
    "Hold the pointer over a heading to read what each level means in that domain.",
    "For another convening or partnership, go on in the empty rows. Write each date like 2024-10-31 or as a date cell.",
    "Then upload the file as it is on the page “Import”: what would change is shown before anything is stored.",
)

Row = tuple[str, str, date | None, str]
"""Code and title of a partnership, and day and title of the convening."""


def ratings_template(rubrics: Sequence[Rubric], rows: Sequence[Row], notes: Sequence[str] = ()) -> bytes:
    """An .xlsx whose headings cannot be changed by accident: the sheets are protected, without a password."""
    book = Book()
    sheet = book.worksheets[0]
    sheet.title = RATINGS
    headings = domain_headings(rubrics)
    _write_rows(sheet, (*KEY_HEADINGS, *headings.values()), rows)
    _write_help(book.create_sheet(INSTRUCTIONS), (*notes, *_LINES))
    areas = _write_levels(book.create_sheet(LEVELS), rubrics)
    for column, (rubric, domain) in enumerate(_domains(rubrics), start=len(KEY_HEADINGS) + 1):
        _comment(sheet.cell(1, column), rubric, domain)
    last = len(rows) + SPARE_ROWS + 1
    for code, area in areas.items():
        columns = [n for n, ref in enumerate(headings, start=len(KEY_HEADINGS) + 1) if ref.rubric == code]
        _add_list(sheet, area, [f"{get_column_letter(n)}2:{get_column_letter(n)}{last}" for n in columns])
    _add_days(sheet, f"C2:C{last}")
    for each in book.worksheets:
        each.protection.sheet = True
        each.protection.formatColumns = each.protection.formatRows = False
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def _domains(rubrics: Sequence[Rubric]) -> Iterator[tuple[Rubric, Domain]]:
    return ((rubric, domain) for rubric in rubrics for domain in rubric.domains)


def _write_rows(sheet: Any, headings: Sequence[str], rows: Sequence[Row]) -> None:
    for column, heading in enumerate(headings, start=1):
        cell = sheet.cell(1, column)
        set_text(cell, heading)
        cell.font, cell.fill = Font(bold=True, color="FFFFFF"), _HEADER
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        sheet.column_dimensions[get_column_letter(column)].width = 16 if column != 2 else 36
    for row, values in enumerate([*rows, *[(None,) * len(KEY_HEADINGS)] * SPARE_ROWS], start=2):
        for column, value in enumerate(values, start=1):
            if isinstance(value, str):
                set_text(sheet.cell(row, column), value)
            elif value is not None:
                sheet.cell(row, column, value)
        for column in range(1, len(headings) + 1):
            sheet.cell(row, column).protection = Protection(locked=False)
        sheet.cell(row, 3).number_format = _DAY_FORMAT
    sheet.freeze_panes = "C2"


def _write_help(sheet: Any, lines: Sequence[str]) -> None:
    sheet.column_dimensions["A"].width = 110
    for row, line in enumerate(lines, start=1):
        set_text(sheet.cell(row, 1), line)
        sheet.cell(row, 1).alignment = Alignment(wrap_text=True, vertical="top")


def _write_levels(sheet: Any, rubrics: Sequence[Rubric]) -> dict[str, str]:
    """The levels of each rubric, one below the other; returns by rubric the cells that its lists are made of."""
    sheet.column_dimensions["A"].width = 60
    areas, row = {}, 1
    for rubric in rubrics:
        set_text(sheet.cell(row, 1), f"Levels of {rubric.title}")
        sheet.cell(row, 1).font = Font(bold=True)
        cells = LevelCells(rubric)
        for place, level in enumerate(rubric.levels, start=row + 1):
            set_text(sheet.cell(place, 1), cells.choice(level))
        last = row + len(rubric.levels)
        areas[rubric.code] = f"{quote_sheetname(LEVELS)}!$A${row + 1}:$A${last}"
        row = last + 2
    return areas


def _comment(cell: Any, rubric: Rubric, domain: Domain) -> None:
    cells = LevelCells(rubric)
    told = [
        f"{cells.choice(level)}: {_short(text)}" if text else cells.choice(level)
        for level, text in zip(rubric.levels, domain.descriptors, strict=True)
    ]
    cell.comment = Comment(storable("\n\n".join([domain.title, *told])), storable(rubric.title), *_COMMENT_SIZE)


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST_DESCRIPTOR else f"{text[: _LONGEST_DESCRIPTOR - 1]}…"


def _add_list(sheet: Any, area: str, cells: Sequence[str]) -> None:
    rule = DataValidation("list", formula1=area, allow_blank=True, showErrorMessage=True)
    rule.errorTitle, rule.error = "Not a level", "Choose a level from the list, or leave the cell empty."
    for each in cells:
        rule.add(each)
    sheet.add_data_validation(rule)


def _add_days(sheet: Any, cells: str) -> None:
    rule = DataValidation("date", operator="greaterThan", formula1="1", allow_blank=True, showErrorMessage=True)
    rule.errorTitle, rule.error = "Not a date", "Write the day of the convening, such as 2024-10-31."
    rule.add(cells)
    sheet.add_data_validation(rule)
