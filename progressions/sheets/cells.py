"""A workbook as cells with their addresses: what every reader gives and every parser takes. Standard library only."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from progressions.text import without_turns

Area = tuple[int, int, int, int]
"""Merged cells: first row, first column, last row, last column; rows count from 1, columns from 0."""
Value = bool | int | float | str | date | datetime | time | timedelta | None


def column_letters(index: int) -> str:
    """The column's letters as Excel shows them; ``index`` counts from 0, so 0 is "A" and 26 is "AA"."""
    letters = ""
    number = index + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: its value as the file has it (None where empty), and where it stands. ``row`` counts from 1."""

    value: Value
    row: int
    column: int

    @property
    def address(self) -> str:
        """The address as Excel shows it, for example "C7"."""
        return f"{column_letters(self.column)}{self.row}"

    @property
    def text(self) -> str:
        """The value as a person reads it: trimmed, "" where empty, 3 for 3.0; without what turns text round."""
        if self.value is None:
            return ""
        if isinstance(self.value, float) and self.value.is_integer():
            return str(int(self.value))
        if isinstance(self.value, datetime) and self.value.time() == time():
            return self.value.date().isoformat()
        return " ".join(without_turns(str(self.value)).split())


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: its rows from the first of the file on, each as long as the widest.

    ``merged`` are the areas of merged cells: the value stands in the first cell of an area, and its other cells are
    empty.
    """

    name: str
    rows: tuple[tuple[Value, ...], ...]
    merged: tuple[Area, ...] = ()

    def cell(self, row: int, column: int) -> Cell:
        """The cell at ``row`` (from 1) and ``column`` (from 0); an empty one outside the filled area."""
        inside = 0 < row <= len(self.rows) and 0 <= column < len(self.rows[row - 1])
        return Cell(self.rows[row - 1][column] if inside else None, row, column)

    @property
    def width(self) -> int:
        """How many columns the widest row has."""
        return max((len(row) for row in self.rows), default=0)


@dataclass(frozen=True, slots=True)
class Workbook:
    """A file as it was read. ``notes`` are sentences on how it was read, for example an assumed encoding."""

    file_name: str
    sha256: str
    sheets: tuple[Sheet, ...]
    notes: tuple[str, ...] = ()

    def sheet(self, name: str) -> Sheet:
        """The sheet of this name, whatever the case; KeyError where there is none."""
        for sheet in self.sheets:
            if sheet.name.casefold().strip() == name.casefold().strip():
                return sheet
        raise KeyError(name)
