"""How a sheet's cells make a rubric: the layout that is proposed, corrected by a person, and read. Standard library."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from progressions.sheets.cells import Cell, Sheet
from progressions.sheets.rubric_headings import LevelOrder, Step, is_numbered, step_of
from progressions.text import folded

_LARGEST_MERGED = 10_000
"""Cells of a merged area that are filled: a larger one is decoration, and no heading or text for each of its cells."""


class Orientation(StrEnum):
    """Where the levels stand."""

    LEVEL_COLUMNS = "levels as columns"
    LEVEL_ROWS = "levels as rows"
    DOMAIN_COLUMNS = "domains as columns"


@dataclass(frozen=True, slots=True)
class RubricLayout:
    """Where in a sheet the rubric stands. Rows count from 1, columns from 0; None where there is no such column.

    ``texts`` are the columns of descriptors: one for each level (LEVEL_COLUMNS), one alone (LEVEL_ROWS), or one for
    each domain (DOMAIN_COLUMNS). ``level`` is the column that names the level of a row, ``domain`` the one that titles
    the domain. With ``fill_down``, an empty area is that of the row above; merged cells are always filled.
    ``given`` are the levels of the steps in the order of ``steps_of``, where a person gave them (LevelOrder.GIVEN).
    """

    sheet: str
    header_rows: tuple[int, ...]
    orientation: Orientation
    level_order: LevelOrder
    texts: tuple[int, ...]
    domain: int | None = None
    code: int | None = None
    area: int | None = None
    rubric: int | None = None
    level: int | None = None
    fill_down: bool = True
    given: tuple[int, ...] = ()

    @property
    def columns(self) -> tuple[int, ...]:
        """Every column that is read, from left to right."""
        named = (self.domain, self.code, self.area, self.rubric, self.level)
        return tuple(sorted({*self.texts, *(column for column in named if column is not None)}))


class Grid:
    """A sheet whose merged cells all hold the value of their first cell."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self._origins: dict[tuple[int, int], tuple[int, int]] = {}
        for top, left, bottom, right in sheet.merged:
            if (bottom - top + 1) * (right - left + 1) <= _LARGEST_MERGED:
                places = [(row, column) for row in range(top, bottom + 1) for column in range(left, right + 1)]
                self._origins.update((place, (top, left)) for place in places)

    def cell(self, row: int, column: int) -> Cell:
        """The cell, with its own address and the value of the merged area that it belongs to."""
        own = self.sheet.cell(row, column)
        origin = self._origins.get((row, column))
        return own if origin is None else Cell(self.sheet.cell(*origin).value, row, column)

    def text(self, row: int, column: int | None) -> str:
        """The text of a cell; "" where there is no such column."""
        return "" if column is None else self.cell(row, column).text

    def continues(self, row: int, column: int) -> bool:
        """Whether the cell is merged with the one above it."""
        origin = self._origins.get((row, column))
        return origin is not None and origin == self._origins.get((row - 1, column))

    def spans(self, row: int, column: int) -> int:
        """Over how many columns the cell is merged; 1 where it is not."""
        origin = self._origins.get((row, column))
        return 1 if origin is None else sum(self._origins.get((row, c)) == origin for c in range(self.sheet.width))

    def below(self, row: int) -> range:
        """The numbers of the rows after this one."""
        return range(row + 1, len(self.sheet.rows) + 1)

    def headings(self, rows: tuple[int, ...], column: int) -> tuple[str, ...]:
        """The texts of a column's heading, the upper row first."""
        return tuple(self.text(row, column) for row in rows)


def prose(cell: Cell) -> str:
    """The text with its line breaks; white space within a line as one."""
    if not isinstance(cell.value, str):
        return cell.text
    lines = (" ".join(line.split()) for line in cell.value.strip().splitlines())
    return "\n".join(lines)


def steps_of(grid: Grid, layout: RubricLayout) -> dict[str, Step]:
    """The steps of a layout in the order in which they stand, by their keys: the column, or the label's ``step_key``.

    In LEVEL_ROWS and DOMAIN_COLUMNS only rows that hold a text count: others are footnotes.
    """
    if layout.orientation is Orientation.LEVEL_COLUMNS:
        return {str(column): step_of(grid.headings(layout.header_rows, column)) for column in layout.texts}
    printed: dict[str, Counter[str]] = {}
    for label in _labels(grid, layout):
        printed.setdefault(step_key(label), Counter())[label] += 1
    return {key: step_of((labels.most_common(1)[0][0],)) for key, labels in printed.items()}


def names_of_steps(grid: Grid, layout: RubricLayout) -> dict[str, tuple[str, ...]]:
    """How each step in rows is named, the commonest first, where one number comes with several names."""
    names: dict[str, Counter[str]] = {}
    if layout.orientation is not Orientation.LEVEL_COLUMNS:
        for label in _labels(grid, layout):
            names.setdefault(step_key(label), Counter())[step_of((label,)).name] += 1
    return {key: tuple(n for n, _ in found.most_common()) for key, found in names.items() if len(found) > 1}


def step_key(label: str) -> str:
    """What tells the step of a row from others: its number, else its folded name."""
    step = step_of((label,))
    return str(step.number) if is_numbered(step) else folded(label)


def _labels(grid: Grid, layout: RubricLayout) -> Iterator[str]:
    for row in grid.below(layout.header_rows[-1]):
        label = grid.text(row, layout.level)
        if label and any(grid.text(row, column) for column in layout.texts):
            yield label
