"""A sheet of past ratings to read cells, by a mapping: every cell counts, and nothing is guessed."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from progressions.issues import Issues, Kind
from progressions.ratings_read import CellKind, RatingsRead, ReadCell
from progressions.rubric import Rubric
from progressions.sheets import kinds
from progressions.sheets.cells import Cell, Workbook
from progressions.sheets.fitting import Fitted, fit
from progressions.sheets.levels import LevelReader, Meaning
from progressions.sheets.mapping import DomainRef, RatingsMapping
from progressions.sheets.naming import listed, shown
from progressions.sheets.row_keys import RowKey, RowKeys
from progressions.text import folded


def read_ratings(workbook: Workbook, mapping: RatingsMapping, rubrics: Sequence[Rubric]) -> RatingsRead:
    """Every cell of the sheet's filled rows that may hold a level, as one ``ReadCell`` each.

    ``MappingError`` where the mapping names a sheet, heading, rubric, domain or level that does not exist;
    every other problem is an issue with the addresses of its cells.
    """
    issues = Issues()
    for note in workbook.notes:
        issues.add(kinds.READ_SO, note=note)
    fitted = fit(workbook, mapping, rubrics)
    reader = _Reader(fitted, mapping, rubrics, issues)
    rows = [row for row in range(mapping.header_row + 1, len(fitted.sheet.rows) + 1) if _is_filled(fitted, row)]
    cells = [cell for row in rows for cell in reader.row(row)]
    settled = _settled(cells, {rubric.code: rubric for rubric in rubrics}, issues)
    return RatingsRead(tuple(settled), issues.found, len(rows))


def _is_filled(fitted: Fitted, row: int) -> bool:
    return any(value is not None and str(value).strip() for value in fitted.sheet.rows[row - 1])


@dataclass(frozen=True, slots=True)
class _Place:
    """What a cell is of; ``problem`` is the code of the issue where that cannot be told."""

    ref: DomainRef
    problem: str = ""


class _Reader:
    """Reads rows one after another; what later rows have to agree with is kept by ``RowKeys``."""

    def __init__(self, fitted: Fitted, mapping: RatingsMapping, rubrics: Sequence[Rubric], issues: Issues) -> None:
        self._fitted = fitted
        self._issues = issues
        self._rubrics = {rubric.code: rubric for rubric in rubrics}
        self._levels = {r.code: LevelReader(r, mapping.levels, mapping.not_rated) for r in rubrics}
        self._by_name = _rubrics_by_name(rubrics)
        self._domains = {rubric.code: _domains_by_name(rubric) for rubric in rubrics}
        self._keys = RowKeys(fitted, mapping, issues)
        self._places: dict[tuple[str, str], _Place] = {}

    def row(self, row: int) -> Iterator[ReadCell]:
        """The read cells of one filled row."""
        found = [(self._place(row), self._cell(row, self._fitted.level))] if self._fitted.long else self._wide(row)
        key = self._keys.of(row, holds_ratings=any(cell.text for _, cell in found))
        for place, cell in found:
            yield self._read(key, place, cell)

    def _wide(self, row: int) -> list[tuple[_Place, Cell]]:
        columns = self._fitted.domains
        return [(_Place(ref), self._cell(row, column)) for column, ref in columns]

    def _cell(self, row: int, column: int) -> Cell:
        return self._fitted.sheet.cell(row, column)

    def _read(self, key: RowKey, place: _Place, cell: Cell) -> ReadCell:
        meaning, problem = self._judged(key, place, cell)
        return ReadCell(
            self._fitted.sheet.name,
            cell.address,
            cell.row,
            key.code,
            key.title,
            key.held_on,
            key.convening,
            place.ref.rubric,
            place.ref.domain,
            meaning.kind,
            meaning.level,
            cell.text,
            problem,
        )

    def _judged(self, key: RowKey, place: _Place, cell: Cell) -> tuple[Meaning, str]:
        if not cell.text:
            return Meaning(CellKind.BLANK), ""
        if key.problem or place.problem:
            return Meaning(CellKind.REJECTED), key.problem or place.problem
        meaning = self._levels[place.ref.rubric].meaning(cell)
        if meaning.kind is not CellKind.REJECTED:
            return meaning, ""
        rubric = self._rubrics[place.ref.rubric]
        levels = ", ".join(level.label for level in rubric.levels)
        self._add(kinds.NOT_A_LEVEL, cell, text=shown(cell.text), rubric=rubric.title, levels=levels)
        return meaning, kinds.NOT_A_LEVEL.code

    def _add(self, kind: Kind, cell: Cell, **details: object) -> None:
        self._issues.add(kind, sheet=self._fitted.sheet.name, cells=(cell.address,), **details)

    def _place(self, row: int) -> _Place:
        """The domain of a long row. A row without a level needs none, and gives no issue."""
        rubric, domain = self._cell(row, self._fitted.rubric), self._cell(row, self._fitted.domain)
        named = (rubric.text, domain.text)
        if named not in self._places:
            self._places[named] = self._found(*map(folded, named))
        place = self._places[named]
        if place.problem and self._cell(row, self._fitted.level).text:
            self._report(place, rubric, domain)
        return place

    def _found(self, rubric: str, domain: str) -> _Place:
        by_text = self._fitted.domain_texts.get(domain)
        if by_text:
            return _Place(by_text)
        code = self._fitted.rubric_is or self._by_name.get(rubric)
        if code is None:
            return _Place(DomainRef("", ""), kinds.UNKNOWN_RUBRIC.code)
        if domain not in self._domains[code]:
            return _Place(DomainRef(code, ""), kinds.UNKNOWN_DOMAIN.code)
        return _Place(DomainRef(code, self._domains[code][domain]))

    def _report(self, place: _Place, rubric: Cell, domain: Cell) -> None:
        if place.problem == kinds.UNKNOWN_RUBRIC.code:
            titles = listed([known.title for known in self._rubrics.values()])
            self._add(kinds.UNKNOWN_RUBRIC, rubric, text=shown(rubric.text), rubrics=titles)
        else:
            title = self._rubrics[place.ref.rubric].title
            self._add(kinds.UNKNOWN_DOMAIN, domain, text=shown(domain.text), rubric=title)


def _rubrics_by_name(rubrics: Sequence[Rubric]) -> dict[str, str]:
    """Codes by title and by code; where one rubric's title is another's code, the code counts."""
    names = {folded(rubric.title): rubric.code for rubric in rubrics}
    return names | {folded(rubric.code): rubric.code for rubric in rubrics}


def _domains_by_name(rubric: Rubric) -> dict[str, str]:
    """Domain codes by title, where only one domain has it, and by code."""
    titles = [folded(domain.title) for domain in rubric.domains]
    names = {folded(d.title): d.code for d in rubric.domains if titles.count(folded(d.title)) == 1}
    return names | {folded(domain.code): domain.code for domain in rubric.domains}


def _settled(cells: list[ReadCell], rubrics: dict[str, Rubric], issues: Issues) -> list[ReadCell]:
    """The cells, with those that say the same twice noted, and those that contradict one another rejected."""
    places: defaultdict[tuple[str, date | None, str, str], list[int]] = defaultdict(list)
    for index, cell in enumerate(cells):
        if cell.kind is CellKind.LEVEL:
            places[cell.partnership_code, cell.held_on, cell.rubric, cell.domain].append(index)
    settled = list(cells)
    for indexes in places.values():
        if len(indexes) > 1:
            _settle(settled, indexes, rubrics, issues)
    return settled


def _settle(cells: list[ReadCell], indexes: list[int], rubrics: dict[str, Rubric], issues: Issues) -> None:
    same = [cells[index] for index in indexes]
    addresses = [cell.address for cell in same]
    first = same[0]
    levels = sorted({cell.level for cell in same if cell.level is not None})
    if len(levels) == 1:
        issues.add(kinds.REPEATED, sheet=first.sheet, cells=addresses)
        for index in indexes[1:]:
            cells[index] = replace(cells[index], problem=kinds.REPEATED.code)
        return
    issues.add(
        kinds.CONTRADICTS,
        sheet=first.sheet,
        cells=addresses,
        domain=shown(rubrics[first.rubric].domain(first.domain).title),
        partnership=shown(first.partnership_title),
        date=first.held_on,
        levels=", ".join(map(str, levels)),
    )
    for index in indexes:
        cells[index] = replace(cells[index], kind=CellKind.REJECTED, level=None, problem=kinds.CONTRADICTS.code)
