"""The rows of a table gathered into domains, for each orientation. Standard library only."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from progressions.issues import Issues, Kind
from progressions.sheets import kinds, rubric_kinds
from progressions.sheets.cells import Cell
from progressions.sheets.naming import code_of, shown
from progressions.sheets.rubric_layout import Grid, Orientation, RubricLayout, prose, step_key, steps_of
from progressions.text import folded

_FOOTNOTE = re.compile(r"[*†‡§¹²³©]|\(?\d\)\s|(?:notes?|source|sources|adapted|copyright|legend|key)\b", re.IGNORECASE)
_LONGEST_TITLE = 120
"""Characters: a longer text without descriptors below a table is a remark, not a domain."""


@dataclass
class Gathered:
    """One domain as its cells say it. ``texts`` are the paragraphs for each step, by the step's key."""

    rubric: str
    title: Cell
    code: str
    code_at: Cell
    area: str
    texts: dict[str, list[str]] = field(default_factory=dict)
    addresses: dict[str, str] = field(default_factory=dict)

    def add(self, step: str, cell: Cell) -> bool:
        """Adds a paragraph, and says whether there was one before."""
        text = prose(cell)
        self.addresses.setdefault(step, cell.address)
        paragraphs = self.texts.setdefault(step, [])
        is_another = bool(paragraphs) and bool(text)
        if text:
            paragraphs.append(text)
        return is_another


def gather(grid: Grid, layout: RubricLayout, name: str, issues: Issues) -> list[Gathered]:
    """The domains in the order of the sheet; ``name`` is the rubric's where no column says it."""
    if layout.orientation is Orientation.DOMAIN_COLUMNS:
        return _domain_columns(grid, layout, name, issues)
    rows = _Rows(grid, layout, name, issues)
    for row in grid.below(layout.header_rows[-1]):
        if any(grid.text(row, column) for column in layout.columns):
            rows.take(row)
    return rows.without_wrong_codes()


class _Rows:
    """Goes down the rows of a table whose domains stand in rows."""

    def __init__(self, grid: Grid, layout: RubricLayout, name: str, issues: Issues) -> None:
        self.found: list[Gathered] = []
        self._grid, self._layout, self._name, self._issues = grid, layout, name, issues
        self._steps = steps_of(grid, layout)
        self._last_described = max(filter(self._is_described, grid.below(layout.header_rows[-1])), default=0)
        self._by_key: dict[tuple[str, str], Gathered] = {}
        self._area = ""
        self._area_of_rows = ""
        self._last_row_area = ""
        self._last: Gathered | None = None
        self._current_step = ""
        self.codes_differ = False

    def take(self, row: int) -> None:
        layout = self._layout
        if layout.orientation is Orientation.LEVEL_ROWS:
            self._take_level(row)
        elif self._repeats_headings(row):
            self._note(rubric_kinds.REPEATED_HEADINGS, row)
        elif self._is_footnote(row):
            self._note(rubric_kinds.FOOTNOTES, row)
        elif self._is_area_row(row):
            self._area_of_rows = self._grid.text(row, layout.domain)
            self._note(rubric_kinds.AREA_ROWS, row)
        elif self._is_continued(row):
            self._continue(row)
        else:
            self._begin(row)

    def _note(self, kind: Kind, row: int) -> None:
        filled = [cell for column in self._layout.columns if (cell := self._grid.cell(row, column)).text]
        self._issues.add(kind, sheet=self._layout.sheet, cells=(filled[0].address,))

    def _is_described(self, row: int) -> bool:
        return any(self._grid.text(row, column) for column in self._layout.texts)

    def _repeats_headings(self, row: int) -> bool:
        head = self._layout.header_rows[-1]
        columns = self._layout.columns
        return all(self._grid.text(row, c) == self._grid.text(head, c) for c in columns)

    def _has_code(self, row: int) -> bool:
        return bool(self._grid.text(row, self._layout.code))

    def _is_footnote(self, row: int) -> bool:
        """A remark below the table: no descriptors in it and after it, no code, and apart, marked, or long."""
        if row <= self._last_described or self._is_described(row) or self._has_code(row) or not self._last_described:
            return False
        text = next(t for column in self._layout.columns if (t := self._grid.text(row, column)))
        is_apart = not any(self._grid.text(row - 1, column) for column in self._layout.columns)
        after_footnote = not self.found or self.found[-1].title.row < self._last_described < row - 1
        return is_apart or bool(_FOOTNOTE.match(text)) or len(text) > _LONGEST_TITLE or after_footnote

    def _is_area_row(self, row: int) -> bool:
        """A title alone in its row, above domains that have descriptors, where no column holds areas or codes."""
        alone = not self._is_described(row) and not self._has_code(row) and bool(self._title(row).text)
        return alone and self._layout.area is None and self._layout.code is None and row < self._last_described

    def _title(self, row: int) -> Cell:
        assert self._layout.domain is not None
        return self._grid.sheet.cell(row, self._layout.domain)

    def _is_continued(self, row: int) -> bool:
        """Another row of the domain above: merged with it, or with nothing but descriptors."""
        layout = self._layout
        if not self.found or layout.domain is None:
            return False
        if self._grid.continues(row, layout.domain):
            return True
        own = (layout.domain, layout.code, layout.area, layout.rubric)
        return self._is_described(row) and not any(c is not None and self._grid.sheet.cell(row, c).text for c in own)

    def _continue(self, row: int) -> None:
        for column in self._layout.texts:
            if not self._grid.continues(row, column):
                self._add(self.found[-1], str(column), self._grid.cell(row, column))

    def _add(self, gathered: Gathered, step: str, cell: Cell) -> None:
        if gathered.add(step, cell):
            self._issues.add(rubric_kinds.JOINED_ROWS, sheet=self._layout.sheet, cells=(cell.address,))

    def _begin(self, row: int) -> None:
        rubric, title = self._rubric(row), self._title(row)
        if rubric is None:
            return
        if not title.text:
            self._issues.add(kinds.MISSING_TITLE, sheet=self._layout.sheet, cells=(title.address,))
            return
        gathered = self._new(row, rubric, title, self._area_at(row))
        self.found.append(gathered)
        for column in self._layout.texts:
            gathered.add(str(column), self._grid.cell(row, column))

    def _new(self, row: int, rubric: str, title: Cell, area: str) -> Gathered:
        code = self._layout.code
        code_at = self._grid.sheet.cell(row, title.column if code is None else code)
        return Gathered(rubric, title, self._grid.text(row, code), code_at, area)

    def _rubric(self, row: int) -> str | None:
        """The name of the rubric that the row belongs to; None where the column leaves it out."""
        column = self._layout.rubric
        if column is None:
            return self._name
        cell = self._grid.cell(row, column)
        if cell.text:
            return cell.text
        if self._layout.fill_down and self.found:
            return self.found[-1].rubric
        heading = self._grid.text(self._layout.header_rows[-1], column)
        self._issues.add(kinds.MISSING_RUBRIC, sheet=self._layout.sheet, cells=(cell.address,), heading=heading)
        return None

    def _area_at(self, row: int) -> str:
        if self._layout.area is None:
            return self._area_of_rows
        own = self._grid.text(row, self._layout.area)
        self._area = own or (self._area if self._layout.fill_down else "")
        return self._area

    def _take_level(self, row: int) -> None:
        label = self._grid.cell(row, self._layout.level or 0)
        text = self._grid.cell(row, self._layout.texts[0])
        if not text.text and (not label.text or not self._title(row).text):
            self._note(rubric_kinds.FOOTNOTES, row)
            return
        step = step_key(label.text) if label.text else self._current_step
        if step not in self._steps:
            self._note(rubric_kinds.FOOTNOTES, row)
            return
        gathered = self._domain_of(row)
        if gathered:
            self._current_step = step
            self._add(gathered, step, text)

    def _domain_of(self, row: int) -> Gathered | None:
        own_area = self._grid.text(row, self._layout.area)
        area, title = self._area_at(row), self._grid.cell(row, self._layout.domain or 0)
        other_area = bool(own_area) and folded(own_area) != folded(self._last_row_area)
        self._last_row_area = own_area or self._last_row_area
        rubric = self._rubric(row)
        if rubric is None:
            return None
        if not title.text and other_area:
            self._note(rubric_kinds.TITLED_BY_AREA, row)
            title = Cell(own_area, row, title.column)
        elif not title.text:
            return self._last
        key = (code_of(rubric), f"{folded(area)}\n{folded(title.text)}")
        if key not in self._by_key:
            self._by_key[key] = self._new(row, rubric, title, area)
            self.found.append(self._by_key[key])
        self._last = self._by_key[key]
        self._check_code(row, self._last)
        return self._last

    def _check_code(self, row: int, gathered: Gathered) -> None:
        """A column that gives each row a code of its own names rows, not domains."""
        code = self._grid.text(row, self._layout.code)
        if code and gathered.code and folded(code) != folded(gathered.code):
            self.codes_differ = True

    def without_wrong_codes(self) -> list[Gathered]:
        """The domains; without their codes where the column of codes contradicts itself."""
        if self.codes_differ and self._layout.code is not None:
            head = self._grid.cell(self._layout.header_rows[-1], self._layout.code)
            self._issues.add(
                rubric_kinds.WRONG_CODES, sheet=self._layout.sheet, cells=(head.address,), heading=shown(head.text)
            )
            for gathered in self.found:
                gathered.code, gathered.code_at = "", gathered.title
        return self.found


def _domain_columns(grid: Grid, layout: RubricLayout, name: str, issues: Issues) -> list[Gathered]:
    steps = steps_of(grid, layout)
    areas = list(_areas_above(grid, layout))
    found: list[Gathered] = []
    for column, area in zip(layout.texts, areas, strict=True):
        title = grid.cell(layout.header_rows[-1], column)
        gathered = Gathered(name, title, "", title, area)
        found.append(gathered)
        for step, cell in _down(grid, layout, column, steps):
            if gathered.add(step, cell):
                issues.add(rubric_kinds.JOINED_ROWS, sheet=layout.sheet, cells=(cell.address,))
    return found


def _areas_above(grid: Grid, layout: RubricLayout) -> Iterator[str]:
    area = ""
    for column in layout.texts:
        if len(layout.header_rows) > 1:
            area = grid.text(layout.header_rows[0], column) or area
        yield area


def _down(grid: Grid, layout: RubricLayout, column: int, steps: Iterable[str]) -> Iterator[tuple[str, Cell]]:
    """The cells of a column with their steps; a row without a label goes on with the level above it."""
    known: Sequence[str] = tuple(steps)
    step = ""
    for row in grid.below(layout.header_rows[-1]):
        label = grid.text(row, layout.level)
        if label:
            step = key if (key := step_key(label)) in known else ""
        if step:
            yield step, grid.cell(row, column)
