"""Sheets of past ratings to read cells, by a mapping: every cell counts, and nothing is guessed."""

from collections.abc import Iterable, Sequence
from datetime import date

from progressions.issues import Issues, Kind
from progressions.ratings_read import CellKind, RatingsRead, ReadCell
from progressions.rubric import Rubric
from progressions.sheets import kinds
from progressions.sheets.cells import Cell, Value, Workbook, column_letters
from progressions.sheets.fitting import NOWHERE, Fitted, LevelColumn, fit
from progressions.sheets.levels import Meaning
from progressions.sheets.mapping import DomainRef, RatingsMapping
from progressions.sheets.naming import listed, shown
from progressions.sheets.places import Place, Places
from progressions.sheets.row_keys import Agreement, RowKey, RowKeys
from progressions.sheets.scales import Scales
from progressions.sheets.settling import settle

_BLANK = Meaning(CellKind.BLANK)
_NO_PLACE = Place(DomainRef("", ""))
"""Of a column in a sheet whose rows name the domain."""


def read_ratings(workbook: Workbook, mapping: RatingsMapping, rubrics: Sequence[Rubric]) -> RatingsRead:
    """Every cell of the filled rows of the mapping's sheets that may hold a level, as one ``ReadCell`` each.

    ``MappingError`` where the mapping names a sheet, heading, rubric, domain or level that does not exist;
    every other problem is an issue with the addresses of its cells.
    """
    issues = Issues()
    for note in workbook.notes:
        issues.add(kinds.READ_SO, note=note)
    found = fit(workbook, mapping, rubrics)
    for name, reason in found.skipped:
        issues.add(kinds.SHEET_NOT_READ, sheet=name, note=reason)
    agreed, scales = Agreement(), Scales(mapping, rubrics)
    cells: list[ReadCell] = []
    rows = 0
    for table in found.tables:
        reader = _Reader(table, mapping, rubrics, scales, RowKeys(table, mapping, agreed, issues), issues)
        reader.note_headings()
        rows += reader.read_rows(cells)
    settle(cells, {rubric.code: rubric for rubric in rubrics}, issues)
    unread = tuple((table.sheet.name, heading) for table in found.tables for heading in table.unread)
    return RatingsRead(tuple(cells), issues.found, rows, unread, mapping.partnership_code is None)


def _is_filled(values: Iterable[Value]) -> bool:
    return any(value is not None and (not isinstance(value, str) or value.strip()) for value in values)


def _of_column(column: LevelColumn, scales: Scales) -> tuple[int, date | None, Place]:
    """Where a column stands, its day, and its domain where it has one."""
    place = Place(column.ref, scales.reader(column.ref, column.heading)) if column.ref else _NO_PLACE
    return column.column, column.day.day if column.day else None, place


def _without_place(value: Value) -> Meaning:
    """A cell of a row that does not say what it is of."""
    text = Cell(value, 1, 0).text
    return Meaning(CellKind.REJECTED, None, text) if text else _BLANK


class _Reader:
    """Reads the rows of one sheet, one after another."""

    def __init__(
        self,
        table: Fitted,
        mapping: RatingsMapping,
        rubrics: Sequence[Rubric],
        scales: Scales,
        keys: RowKeys,
        issues: Issues,
    ) -> None:
        self._table = table
        self._issues = issues
        self._rubrics = {rubric.code: rubric for rubric in rubrics}
        self._sheet = table.sheet.name
        self._keys = keys
        self._places = Places(table, mapping, rubrics, scales)
        self._rows_name_domains = table.domain != NOWHERE
        self._columns = [_of_column(column, scales) for column in table.columns]
        self._letters = {column.column: column_letters(column.column) for column in table.columns}
        self._expected: dict[tuple[str, str], dict[str, object]] = {}

    def note_headings(self) -> None:
        """Says which columns the sheet lacks, and which days are only years."""
        sheet = self._table.sheet.name
        if self._table.missing:
            self._issues.add(kinds.MISSING_COLUMNS, sheet=sheet, headings=listed(self._table.missing))
        days = (self._table.day, *(column.day for column in self._table.columns))
        for day in days:
            if day and day.year:
                self._issues.add(kinds.YEAR_ONLY, sheet=sheet, text=shown(day.year), date=day.day)

    def read_rows(self, cells: list[ReadCell]) -> int:
        """Adds the read cells of every filled row, and says how many rows those are."""
        first, known, cells_of = self._table.first_row, self._keys.known, self._keys.cells_of
        known_are_filled = self._table.partnership != NOWHERE
        rows = 0
        for row, values in enumerate(self._table.sheet.rows[first - 1 :], start=first):
            key = known.get(cells_of(values))
            if not (key and known_are_filled) and not _is_filled(values):
                continue
            rows += 1
            key = key or self._keys.read(row, values, holds_ratings=self._holds_ratings(values))
            place = self._row_place(row, values) if self._rows_name_domains else None
            for at, day, of_column in self._columns:
                cells.append(self._read(row, values[at], at, day, key, place or of_column))
        return rows

    def _row_place(self, row: int, values: tuple[Value, ...]) -> Place:
        """The domain that a row names. A row without a level needs none, and gives no issue."""
        place = self._places.of(values)
        if place.problem and self._holds_ratings(values):
            self._report(row, place)
        return place

    def _holds_ratings(self, values: tuple[Value, ...]) -> bool:
        return _is_filled(values[column.column] for column in self._table.columns)

    def _read(self, row: int, value: Value, column: int, day: date | None, key: RowKey, place: Place) -> ReadCell:
        code, title, held_on, convening, problem = key
        letters = self._letters[column]
        problem = problem or place.problem
        if value is None:
            kind, level, text = _BLANK
        elif problem or place.reader is None:
            kind, level, text = _without_place(value)
        else:
            kind, level, text = place.reader.meaning(value)
            if kind is CellKind.REJECTED:
                problem = kinds.NOT_A_LEVEL.code
                self._add(kinds.NOT_A_LEVEL, f"{letters}{row}", **self._not_a_level(text, place.ref.rubric))
        rubric, domain = place.ref
        if kind is CellKind.BLANK:
            problem = ""
        held = day or held_on
        return ReadCell(
            self._sheet, letters, row, code, title, held, convening, rubric, domain, kind, level, text, problem
        )

    def _not_a_level(self, text: str, code: str) -> dict[str, object]:
        if (text, code) not in self._expected:
            rubric = self._rubrics[code]
            levels = ", ".join(level.label for level in rubric.levels)
            self._expected[text, code] = {"text": shown(text), "rubric": rubric.title, "levels": levels}
        return self._expected[text, code]

    def _add(self, kind: Kind, address: str, **details: object) -> None:
        self._issues.add(kind, sheet=self._sheet, cells=(address,), **details)

    def _report(self, row: int, place: Place) -> None:
        rubric = self._table.sheet.cell(row, self._table.rubric)
        domain = self._table.sheet.cell(row, self._table.domain)
        if place.problem == kinds.UNKNOWN_RUBRIC.code:
            titles = listed([known.title for known in self._rubrics.values()])
            self._add(kinds.UNKNOWN_RUBRIC, rubric.address, text=shown(rubric.text), rubrics=titles)
        elif place.problem == kinds.OPEN_DOMAIN.code:
            self._add(kinds.OPEN_DOMAIN, domain.address, text=shown(domain.text))
        else:
            title = self._rubrics[place.ref.rubric].title
            self._add(kinds.UNKNOWN_DOMAIN, domain.address, text=shown(domain.text), rubric=title)
