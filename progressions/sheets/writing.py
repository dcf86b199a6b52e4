"""Cells to bytes: the one place where a file for a spreadsheet program is written. No export holds a formula.

In .xlsx every text is stored as text. In .csv, which has no types, a text that a spreadsheet program would
take for a formula gets an apostrophe in front. Numbers and dates stay what they are.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import chain, islice
from typing import Any

from openpyxl import Workbook as Book
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from progressions.rubric import Rubric
from progressions.sheets.cells import Area
from progressions.sheets.formulas import STARTS, harmless
from progressions.sheets.naming import code_of
from progressions.sheets.rubric_sheets import ABOUT

PlainValue = str | int | float | bool | date | datetime | time | timedelta | None

_READ_AS_ERROR = "#"
"""A text such as #N/A would be stored as an error, not as a text."""
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""Characters that XML 1.0 does not have: with one of them a workbook does not open."""
_ILLEGAL_IN_TITLE = re.compile(r"[\[\]:*?/\\]")
_LONGEST_TITLE = 31
_WIDEST, _NARROWEST = 60, 8
_SAMPLE = 200
"""Rows that decide the width of columns."""


_MARK = PatternFill("solid", fgColor="FFE699")


@dataclass(frozen=True, slots=True)
class Marked:
    """A value that a workbook shows on a coloured ground; a csv has no colours."""

    value: PlainValue


CellValue = PlainValue | Marked


@dataclass(frozen=True, slots=True)
class TableSheet:
    """One sheet to be written: ``rows_above`` and ``notes_above``, then the header, then the rows."""

    name: str
    header: Sequence[CellValue]
    rows: Iterable[Sequence[CellValue]]
    notes_above: tuple[str, ...] = ()
    rows_above: tuple[tuple[CellValue, ...], ...] = ()
    wrap: bool = False
    merged: tuple[Area, ...] = ()

    @property
    def above(self) -> tuple[tuple[CellValue, ...], ...]:
        """Every row above the header."""
        return self.rows_above + tuple((note,) for note in self.notes_above)


@dataclass(frozen=True, slots=True)
class ExportRow:
    """One rating as it is exported. ``domain`` is the domain's title.

    ``level`` is the level's number, or its name where numbers are ambiguous (see ``LevelCells``); None for *not rated*.
    """

    partnership_code: str
    partnership: str
    held_on: date
    convening: str
    rubric: str
    domain_code: str
    domain: str
    level: int | str | None
    level_name: str = ""
    evidence: str = ""
    next_step: str = ""
    owner: str = ""
    due: date | None = None
    reason: str = ""
    rubric_version: int | None = None
    saved_at: datetime | None = None
    saved_by: str = ""


RATINGS_HEADER = (
    "partnership code",
    "partnership",
    "convening date",
    "convening",
    "rubric",
    "domain code",
    "domain",
    "level",
    "level name",
    "evidence",
    "next step",
    "owner",
    "due",
    "why it moved",
    "rubric version",
    "saved at (UTC)",
    "saved by",
)
"""The headings of an export of ratings, one for each field of ``ExportRow``; they are read without a mapping."""


def write_csv(
    header: Sequence[CellValue], rows: Iterable[Sequence[CellValue]], notes_above: Sequence[str] = ()
) -> bytes:
    """UTF-8 with a byte order mark, so that Excel reads it as such; days as 2024-10-31."""
    target = io.StringIO(newline="")
    writer = csv.writer(target)
    above = [(note,) for note in notes_above]
    writer.writerows([_csv_value(value) for value in row] for row in chain(above, (header,), rows))
    return target.getvalue().encode("utf-8-sig")


def sheet_csv(sheet: TableSheet) -> bytes:
    """A sheet as ``write_csv`` writes it."""
    return write_csv(sheet.header, sheet.rows, sheet.notes_above)


def _csv_value(value: CellValue) -> str | int | float:
    value = value.value if isinstance(value, Marked) else value
    if value is None:
        return ""
    if isinstance(value, datetime):
        return _naive(value).isoformat(sep=" ", timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    return value if isinstance(value, int | float) else _csv_text(str(value))


def storable(text: str) -> str:
    """The text without the signs that no spreadsheet file can hold: a single one of them makes it unreadable."""
    return _ILLEGAL.sub("", text)


def _csv_text(text: str) -> str:
    return harmless(storable(text))


def _naive(moment: datetime) -> datetime:
    """The moment in UTC without saying so: spreadsheets know no time zones."""
    return moment if moment.tzinfo is None else moment.astimezone(UTC).replace(tzinfo=None)


def write_xlsx(sheets: Sequence[TableSheet]) -> bytes:
    """A workbook with a bold, frozen header in each sheet; every text is text, whatever it begins with."""
    book = Book(write_only=True)
    book.properties.creator = "Progressions"
    titles: set[str] = set()
    for sheet in sheets:
        title = _legal_title(sheet.name, titles)
        titles.add(title.casefold())
        _write_sheet(book.create_sheet(title), sheet)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def _legal_title(name: str, taken: set[str]) -> str:
    clean = storable(_ILLEGAL_IN_TITLE.sub(" ", name))
    # Excel keeps "History" for itself.
    base = " ".join(clean.split()).strip("'")[:_LONGEST_TITLE].strip("' ") or "Sheet"
    base = f"{base} 1" if base.casefold() == "history" else base
    title, number = base, 1
    while title.casefold() in taken:
        number += 1
        title = f"{base[: _LONGEST_TITLE - 1 - len(str(number))]} {number}"
    return title


def _write_sheet(target: Any, sheet: TableSheet) -> None:
    rows = iter(sheet.rows)
    sample = list(islice(rows, _SAMPLE))
    if sheet.header:
        target.freeze_panes = f"A{len(sheet.above) + 2}"
    for column, width in enumerate(_widths([sheet.header, *sample]), start=1):
        target.column_dimensions[get_column_letter(column)].width = width
    for above in sheet.above:
        target.append([_cell(target, value) for value in above])
    if sheet.header:
        target.append([_styled(target, text, bold=True, wrap=sheet.wrap) for text in sheet.header])
    for top, left, bottom, right in sheet.merged:
        target.merged_cells.add(f"{get_column_letter(left + 1)}{top}:{get_column_letter(right + 1)}{bottom}")
    for row in chain(sample, rows):
        target.append([_styled(target, v, wrap=True) if sheet.wrap else _cell(target, v) for v in row])


def _widths(rows: Sequence[Sequence[CellValue]]) -> Iterator[int]:
    columns = max((len(row) for row in rows), default=0)
    for column in range(columns):
        longest = max(len(_shown(row[column])) for row in rows if column < len(row))
        yield min(_WIDEST, max(_NARROWEST, longest + 2))


def _shown(value: CellValue) -> str:
    return str((value.value if isinstance(value, Marked) else value) or "")


def _cell(target: Any, value: CellValue) -> Any:
    """The value where openpyxl stores it as it is; a cell of its own where it would make more of it."""
    if isinstance(value, Marked):
        return _marked(target, value)
    if isinstance(value, datetime):
        return _naive(value)
    if not isinstance(value, str):
        return value
    text = storable(value)
    return _text_cell(target, text) if text.startswith((*STARTS, _READ_AS_ERROR)) else text


def set_text(cell: Any, text: str) -> None:
    """Makes a text of a cell, whatever it begins with; characters that a workbook cannot hold are left out."""
    cell.value = storable(text)
    cell.data_type = "s"
    # With the mark the text stays a text also when somebody edits the cell in Excel.
    if text.startswith(STARTS):
        cell.quotePrefix = True


def _text_cell(target: Any, text: str) -> Any:
    cell = WriteOnlyCell(target)
    set_text(cell, text)
    return cell


def _marked(target: Any, marked: Marked) -> Any:
    inner = _cell(target, marked.value)
    cell = inner if isinstance(inner, Cell) else WriteOnlyCell(target, inner)
    cell.fill = _MARK
    return cell


def _styled(target: Any, value: CellValue, *, bold: bool = False, wrap: bool = False) -> Any:
    if isinstance(value, str):
        cell = _text_cell(target, storable(value))
    else:
        cell = WriteOnlyCell(target, _cell(target, value))
    cell.font = Font(bold=bold)
    cell.alignment = Alignment(wrap_text=wrap, vertical="top")
    return cell


def rubric_workbook(rubrics: Sequence[Rubric], about: str) -> bytes:
    """The rubrics in the sheet format of ``rubrics/README.md``; reading it gives equal rubrics.

    Each sheet is named by its rubric's code.
    """
    sheets = [_rubric_sheet(rubric) for rubric in rubrics]
    lines = [(line,) for line in about.splitlines()]
    about_sheet = [TableSheet(ABOUT.capitalize(), (), lines, wrap=True)] if lines else []
    return write_xlsx([*sheets, *about_sheet])


def _rubric_sheet(rubric: Rubric) -> TableSheet:
    return TableSheet(
        rubric.code,
        ("code", "area", "domain", *(level.label for level in rubric.levels)),
        [(d.code, d.area, d.title, *d.descriptors) for d in rubric.domains],
        rows_above=_rubric_head(rubric),
        wrap=True,
    )


def _rubric_head(rubric: Rubric) -> tuple[tuple[CellValue, ...], ...]:
    """Title, and the code where the sheet's name cannot hold it."""
    titled: tuple[CellValue, ...] = ("Rubric title", rubric.title)
    is_named = len(rubric.code) <= _LONGEST_TITLE and code_of(rubric.code) == rubric.code
    return (titled, ()) if is_named else (titled, ("Rubric code", rubric.code), ())


def long_table(rows: Iterable[ExportRow]) -> TableSheet:
    """The ratings as a long sheet, which can be imported again as it is."""
    return TableSheet("Ratings", RATINGS_HEADER, map(_values, rows))


def _values(row: ExportRow) -> tuple[CellValue, ...]:
    return tuple(getattr(row, name) for name in ExportRow.__dataclass_fields__)
