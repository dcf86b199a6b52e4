"""Whose and when: partnership and convening of each row, and whether the rows of a file agree with one another."""

from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from progressions.issues import Issues, Kind
from progressions.sheets import kinds
from progressions.sheets.cells import Cell, Value
from progressions.sheets.day_rules import DayRules, FoundDay
from progressions.sheets.fitting import NOWHERE, Fitted, cells_in, is_like_another
from progressions.sheets.key_damage import is_shortened, is_summary, may_lack_zeros, zeros_example
from progressions.sheets.mapping import RatingsMapping
from progressions.sheets.naming import code_of, shown
from progressions.text import folded


class RowKey(NamedTuple):
    """Partnership and convening of a row; ``problem`` is the code of the issue where they cannot be told.

    ``held_on`` is None too where the columns of levels have the days.
    """

    code: str
    title: str
    held_on: date | None
    convening: str
    problem: str


@dataclass
class Agreement:
    """What all rows of a file have to agree with: the first spelling of a code and its first title are kept."""

    codes: dict[str, str] = field(default_factory=dict)
    titles: dict[str, str] = field(default_factory=dict)
    code_of_title: dict[str, str] = field(default_factory=dict)
    convenings: dict[date, str] = field(default_factory=dict)


class RowKeys:
    """Reads the key cells of the rows of one sheet.

    ``known`` holds by their key cells, which ``cells_of`` gives, the keys of rows that came before: a long sheet has
    many with equal ones.
    """

    def __init__(self, fitted: Fitted, mapping: RatingsMapping, agreed: Agreement, issues: Issues) -> None:
        self._fitted = fitted
        self._mapping = mapping
        self._rules: DayRules = mapping.days
        self._agreed = agreed
        self._issues = issues
        self._has_codes = mapping.partnership_code is not None
        columns = (fitted.partnership, fitted.partnership_code, fitted.convening, fitted.convening_title)
        self.cells_of = cells_in(columns)
        self.known: dict[object, RowKey] = {}
        self._days: dict[tuple[type, Value], FoundDay | None] = {}
        self._reported = 0
        self._zeros = zeros_example(self._all_codes()) if self._has_codes else ""

    def _all_codes(self) -> list[str]:
        column = self._fitted.partnership_code
        values = {row[column] for row in self._fitted.sheet.rows[self._fitted.first_row - 1 :]}
        return [Cell(value, 1, column).text for value in values]

    def read(self, row: int, values: tuple[Value, ...], *, holds_ratings: bool) -> RowKey:
        """The key of a row; what is missing is an error only where the row holds ratings.

        Only keys without an issue are kept in ``known``, because an issue names each of its cells.
        """
        before = self._reported
        key = self._read(row, holds_ratings)
        cells = self.cells_of(values)
        if self._reported == before and not key.problem and not is_like_another(cells):
            self.known[cells] = key
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
        if self._fitted.partnership_is:
            return self._named(self._fitted.partnership_is)
        title_cell = self._cell(row, self._fitted.partnership)
        cell = self._cell(row, self._fitted.partnership_code) if self._has_codes else title_cell
        if is_summary(title_cell.text) or (is_summary(cell.text) and not title_cell.text):
            return "", title_cell.text, kinds.SUMMARY_ROW
        if not cell.text:
            return "", title_cell.text, kinds.NO_PARTNERSHIP
        if self._has_codes and is_shortened(cell.text):
            return "", title_cell.text, kinds.DAMAGED_KEY
        stated = cell.text if self._has_codes else code_of(cell.text)
        code = self._agreed.codes.setdefault(folded(stated), stated)
        if may_lack_zeros(stated, self._zeros):
            self._add(kinds.LOST_ZEROS, cell, text=shown(stated), example=shown(self._zeros))
        return code, self._agreed_title(code, title_cell.text or stated, title_cell), None

    def _named(self, title: str) -> tuple[str, str, Kind | None]:
        """The partnership of a whole sheet."""
        stated = code_of(title)
        code = self._agreed.codes.setdefault(folded(stated), stated)
        return code, self._agreed.titles.setdefault(code, title.strip()), None

    def _agreed_title(self, code: str, title: str, cell: Cell) -> str:
        first = self._agreed.titles.setdefault(code, title)
        if folded(first) != folded(title) and cell.text:
            self._add(kinds.TWO_TITLES, cell, code=shown(code), first=shown(first), other=shown(title))
        earlier = self._agreed.code_of_title.setdefault(folded(title), code)
        if earlier != code:
            details = {"title": shown(title), "first": shown(earlier), "other": shown(code)}
            self._add(kinds.TWO_CODES, cell, **details)
        return first

    def _convening_day(self, row: int) -> tuple[date | None, Kind | None]:
        if self._fitted.day is not None:
            return self._fitted.day.day, None
        if self._fitted.convening == NOWHERE:
            return None, None
        cell = self._cell(row, self._fitted.convening)
        if not cell.text:
            return None, kinds.NO_DATE
        key = (type(cell.value), cell.value)
        if key not in self._days:
            self._days[key] = self._rules.of(cell.value)
        found = self._days[key]
        if found is None:
            return None, kinds.NOT_A_DATE
        if found.year:
            self._issues.add(kinds.YEAR_ONLY, sheet=self._fitted.sheet.name, text=shown(cell.text), date=found.day)
        return found.day, None

    def _convening_title(self, row: int, held_on: date | None) -> str:
        cell = self._cell(row, self._fitted.convening_title)
        if held_on is None or not cell.text:
            return cell.text if held_on is None else self._agreed.convenings.get(held_on, "")
        first = self._agreed.convenings.setdefault(held_on, cell.text)
        if folded(first) != folded(cell.text):
            details = {"date": held_on, "first": shown(first), "other": shown(cell.text)}
            self._add(kinds.TWO_CONVENING_TITLES, cell, **details)
        return first

    def _report(self, row: int, problems: tuple[Kind | None, Kind | None], holds_ratings: bool) -> None:
        who = self._mapping.partnership_code or self._mapping.partnership
        no_partnership, no_day = problems
        who_cell = self._cell(row, self._fitted.partnership_code if self._has_codes else self._fitted.partnership)
        day_cell = self._cell(row, self._fitted.convening)
        if no_partnership is kinds.SUMMARY_ROW:
            summed = self._cell(row, self._fitted.partnership)
            cell = summed if summed.text else who_cell
            self._add(no_partnership, cell, text=shown(cell.text))
            return
        if not holds_ratings:
            self._add(kinds.ROW_WITHOUT_RATINGS, who_cell if no_partnership else day_cell)
            return
        if no_partnership:
            self._add(no_partnership, who_cell, heading=shown(who), text=shown(who_cell.text))
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
