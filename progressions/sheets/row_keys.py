"""Whose and when: partnership and convening of each row, and whether the rows agree with one another."""

from dataclasses import dataclass
from datetime import date

from progressions.issues import Issues, Kind
from progressions.sheets import kinds
from progressions.sheets.cells import Cell
from progressions.sheets.dates import dates_in_name, read_date
from progressions.sheets.fitting import Fitted
from progressions.sheets.mapping import RatingsMapping
from progressions.sheets.naming import code_of, shown
from progressions.text import folded


@dataclass(frozen=True, slots=True)
class RowKey:
    """Partnership and convening of a row; ``problem`` is the code of the issue where they cannot be told."""

    code: str
    title: str
    held_on: date | None
    convening: str
    problem: str


class RowKeys:
    """Reads the key cells of rows. The first spelling of a code, and its first title, are kept for all."""

    def __init__(self, fitted: Fitted, mapping: RatingsMapping, issues: Issues) -> None:
        self._fitted = fitted
        self._mapping = mapping
        self._issues = issues
        self._codes: dict[str, str] = {}
        self._titles: dict[str, str] = {}
        self._code_of_title: dict[str, str] = {}
        self._convenings: dict[date, str] = {}
        self._days: dict[tuple[type, object], date | None] = {}
        self._columns = (
            fitted.partnership,
            fitted.partnership_code,
            fitted.convening,
            fitted.convening_title,
        )
        self._known: dict[tuple[object, ...], RowKey] = {}
        self._reported = 0

    def of(self, row: int, *, holds_ratings: bool) -> RowKey:
        """The key of a row; what is missing is an error only where the row holds ratings.

        Rows with equal key cells have equal keys: a long sheet has many. Only those without an issue are kept,
        because an issue names each of its cells.
        """
        values = [self._cell(row, column).value for column in self._columns]
        cells = (*values, *map(type, values))
        if cells in self._known:
            return self._known[cells]
        before = self._reported
        key = self._read(row, holds_ratings)
        if self._reported == before and not key.problem:
            self._known[cells] = key
        return key

    def _read(self, row: int, holds_ratings: bool) -> RowKey:
        code, title, partnership_problem = self._partnership(row)
        held_on, day_problem = self._convening_day(row)
        if partnership_problem or day_problem:
            self._report(row, (partnership_problem, day_problem), holds_ratings)
        convening = self._convening_title(row, held_on)
        problem = partnership_problem or day_problem
        return RowKey(code, title, held_on, convening, problem.code if problem else "")

    def _cell(self, row: int, column: int) -> Cell:
        return self._fitted.sheet.cell(row, column)

    def _add(self, kind: Kind, cell: Cell, **details: object) -> None:
        self._reported += 1
        self._issues.add(kind, sheet=self._fitted.sheet.name, cells=(cell.address,), **details)

    def _partnership(self, row: int) -> tuple[str, str, Kind | None]:
        title_cell = self._cell(row, self._fitted.partnership)
        has_codes = self._mapping.partnership_code is not None
        cell = self._cell(row, self._fitted.partnership_code) if has_codes else title_cell
        if not cell.text:
            return "", title_cell.text, kinds.NO_PARTNERSHIP
        stated = cell.text if has_codes else code_of(cell.text)
        code = self._codes.setdefault(folded(stated), stated)
        title = self._agreed_title(code, title_cell.text or stated, title_cell)
        return code, title, None

    def _agreed_title(self, code: str, title: str, cell: Cell) -> str:
        first = self._titles.setdefault(code, title)
        if folded(first) != folded(title) and cell.text:
            self._add(kinds.TWO_TITLES, cell, code=shown(code), first=shown(first), other=shown(title))
        earlier = self._code_of_title.setdefault(folded(title), code)
        if earlier != code:
            details = {"title": shown(title), "first": shown(earlier), "other": shown(code)}
            self._add(kinds.TWO_CODES, cell, **details)
        return first

    def _convening_day(self, row: int) -> tuple[date | None, Kind | None]:
        source = self._mapping.convening
        if source.held_on:
            return source.held_on, None
        if source.from_file_name:
            return self._file_day(), None
        cell = self._cell(row, self._fitted.convening)
        if not cell.text:
            return None, kinds.NO_DATE
        key = (type(cell.value), cell.value)
        if key not in self._days:
            self._days[key] = read_date(cell.value, self._mapping.day_first)
        day = self._days[key]
        return (day, None) if day else (None, kinds.NOT_A_DATE)

    def _file_day(self) -> date:
        return dates_in_name(self._fitted.file_name, self._mapping.day_first)[0]

    def _convening_title(self, row: int, held_on: date | None) -> str:
        cell = self._cell(row, self._fitted.convening_title)
        if held_on is None or not cell.text:
            return cell.text if held_on is None else self._convenings.get(held_on, "")
        first = self._convenings.setdefault(held_on, cell.text)
        if folded(first) != folded(cell.text):
            details = {"date": held_on, "first": shown(first), "other": shown(cell.text)}
            self._add(kinds.TWO_CONVENING_TITLES, cell, **details)
        return first

    def _report(self, row: int, problems: tuple[Kind | None, Kind | None], holds_ratings: bool) -> None:
        who = self._mapping.partnership_code or self._mapping.partnership
        no_partnership, no_day = problems
        column = self._fitted.partnership if self._mapping.partnership_code is None else self._fitted.partnership_code
        who_cell, day_cell = self._cell(row, column), self._cell(row, self._fitted.convening)
        if not holds_ratings:
            self._add(kinds.ROW_WITHOUT_RATINGS, who_cell if no_partnership else day_cell)
            return
        if no_partnership:
            self._add(no_partnership, who_cell, heading=shown(who))
        if no_day:
            self._add(no_day, day_cell, **self._day_details(day_cell))

    def _day_details(self, cell: Cell) -> dict[str, object]:
        day_first = self._mapping.day_first
        return {
            "heading": shown(self._mapping.convening.column),
            "text": shown(cell.text),
            "example": "31/10/2024" if day_first else "10/31/2024",
            "order": "the day first" if day_first else "the month first",
        }
