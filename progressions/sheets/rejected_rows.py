"""Rows with a rejected cell as a workbook to mend: the same sheets and columns, and what is wrong with each row."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from progressions.errors import UserError
from progressions.issues import Severity
from progressions.ratings_read import CellKind, RatingsRead
from progressions.sheets.cells import Sheet, Value, Workbook, column_letters
from progressions.sheets.naming import PROBLEM
from progressions.sheets.writing import Marked, TableSheet, write_xlsx
from progressions.text import folded

_ADDRESS = re.compile(r"([A-Z]+)(\d+)")


@dataclass
class _Wrong:
    """What is wrong with one row: sentences with their cells, and those cells' columns."""

    sentences: dict[str, list[str]] = field(default_factory=dict)
    columns: set[str] = field(default_factory=set)

    def add(self, message: str, address: str) -> None:
        self.sentences.setdefault(message, []).append(address)
        self.columns.add(_parts(address)[0])

    @property
    def text(self) -> str:
        """Every sentence with the columns that it is about."""
        return " ".join(f"{self._columns(cells)}: {message}" for message, cells in self.sentences.items())

    def _columns(self, cells: Iterable[str]) -> str:
        return ", ".join(dict.fromkeys(_parts(cell)[0] for cell in cells))


def rejected_rows(workbook: Workbook, read: RatingsRead) -> bytes:
    """An .xlsx with all rows above the data, then only the rows that hold a rejected cell.

    Sheets and columns keep their names and places, so that the mended file is read by the same mapping; the column
    *Problem* stands after the last one. Dates stay dates, texts stay texts. UserError where no cell was rejected.
    """
    rows = {(cell.sheet, cell.row) for cell in read.cells if cell.kind is CellKind.REJECTED}
    if not rows:
        raise UserError("No cell of this file was rejected: there is nothing to mend.")
    wrong = _wrong(read, rows)
    first: dict[str, int] = {}
    for cell in read.cells:
        first[cell.sheet] = min(cell.row, first.get(cell.sheet, cell.row))
    return write_xlsx([_sheet(s, first[s.name], wrong) for s in workbook.sheets if s.name in first])


def _wrong(read: RatingsRead, rows: set[tuple[str, int]]) -> dict[tuple[str, int], _Wrong]:
    """By sheet and row: each error that names a cell of the row, and each rejected cell."""
    wrong: defaultdict[tuple[str, int], _Wrong] = defaultdict(_Wrong)
    for issue in read.issues:
        for address in issue.cells if issue.severity is Severity.ERROR else ():
            place = (issue.sheet, _parts(address)[1])
            if place in rows:
                wrong[place].add(issue.message, address)
    for cell in read.cells:
        if cell.kind is CellKind.REJECTED:
            wrong[cell.sheet, cell.row].columns.add(_parts(cell.address)[0])
    return wrong


def _parts(address: str) -> tuple[str, int]:
    found = _ADDRESS.fullmatch(address)
    assert found is not None  # addresses are made by Cell.address alone
    return found[1], int(found[2])


def _sheet(sheet: Sheet, first: int, wrong: Mapping[tuple[str, int], _Wrong]) -> TableSheet:
    above = sheet.rows[: first - 1]
    header = max((row for row, values in enumerate(above, start=1) if any(values)), default=0)
    place = _problem_column(sheet, header)
    filled = _merged_values(sheet)
    rows = []
    for (name, row), found in sorted(wrong.items()):
        if name == sheet.name:
            values = [filled.get((row, column), value) for column, value in enumerate(sheet.rows[row - 1][:place])]
            rows.append([*_marked(values, found.columns), found.text])
    return TableSheet(
        sheet.name,
        (*sheet.rows[header - 1][:place], PROBLEM) if header else (),
        rows,
        rows_above=above[: max(header - 1, 0)],
        merged=tuple(area for area in sheet.merged if area[2] <= header),
    )


def _problem_column(sheet: Sheet, header: int) -> int:
    """After the last column; where the file was mended before, the column that says so already."""
    last = sheet.rows[header - 1][-1] if header else None
    return sheet.width - 1 if isinstance(last, str) and folded(last) == folded(PROBLEM) else sheet.width


def _merged_values(sheet: Sheet) -> dict[tuple[int, int], Value]:
    """What merged cells say, in each of them: rows that are taken out of a merged area keep its value."""
    return {
        (row, column): sheet.cell(top, left).value
        for top, left, bottom, right in sheet.merged
        for row in range(top, bottom + 1)
        for column in range(left, right + 1)
    }


def _marked(values: Sequence[Value], columns: set[str]) -> list[Value | Marked]:
    return [Marked(value) if column_letters(place) in columns else value for place, value in enumerate(values)]
