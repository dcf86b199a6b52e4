"""What the columns of a sheet hold: distinct values with their counts, and what they look like."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from progressions.ratings_read import CellKind
from progressions.rubric import Rubric
from progressions.sheets.cells import Cell, Sheet, Value
from progressions.sheets.dates import month_start, read_date
from progressions.sheets.day_rules import DayRules, YearDay
from progressions.sheets.guess_words import ALSO_NOT_RATED, NOT_RATED_TEXTS, looks_not_rated
from progressions.sheets.headings import headings
from progressions.sheets.levels import LevelReader
from progressions.text import folded

NEW_YEAR = YearDay(1, 1)
"""The day that is proposed where only years are known; the mapping says it, and so does a note."""
MOSTLY = 0.8
"""Share of its filled cells that make a column one of days: a few may be slips of the keyboard."""
HALF = 0.5
"""Share of its filled cells that a column of levels must have understood; the others may be texts of the hub's own."""
ENOUGH_CELLS = 3
"""One or two cells that are no levels prove nothing against a domain's own heading: they are rejected one by one."""
_SHORTEST_BEGINNING = 4
"""Letters that the beginning of a level's name must have: shorter ones are too often other abbreviations."""
_MOST_TEXTS = 5_000
"""Distinct values that are looked at in one column; one with more holds no levels, days or names of domains."""


@dataclass(frozen=True)
class Column:
    """One column under its heading: each distinct filled value with the number of its cells."""

    index: int
    heading: str
    values: Counter[Value]
    cells: int

    @cached_property
    def filled(self) -> int:
        """How many cells are filled."""
        return self.values.total()

    @cached_property
    def texts(self) -> Counter[str]:
        """Distinct texts with the number of their cells."""
        texts: Counter[str] = Counter()
        for value, count in list(self.values.items())[:_MOST_TEXTS]:
            texts[Cell(value, 1, 0).text] += count
        return texts

    def share(self, fits: Iterable[Value]) -> float:
        """The share of the filled cells that have one of these values."""
        return sum(self.values[value] for value in fits) / self.filled if self.filled else 0.0

    @cached_property
    def share_of_days(self) -> float:
        """The share of cells that are days, in one order of days and months or the other."""
        return self.share(v for v in self._looked_at if read_date(v, True) or read_date(v, False))

    @cached_property
    def share_of_years(self) -> float:
        """The share of cells that are bare years or school years."""
        rules = DayRules(None, NEW_YEAR)
        return self.share(v for v in self._looked_at if (found := rules.of(v)) and found.year)

    @cached_property
    def share_of_months(self) -> float:
        """The share of cells that are months of a year."""
        return self.share(v for v in self._looked_at if isinstance(v, str) and month_start(v))

    @property
    def _looked_at(self) -> list[Value]:
        return list(self.values)[:_MOST_TEXTS]


def columns_of(sheet: Sheet, header_row: int, header_rows: int) -> tuple[Column, ...]:
    """The columns that have a heading."""
    rows = sheet.rows[header_row:]
    texts = headings(sheet, header_row, header_rows)
    return tuple(_column(at, text, [row[at] for row in rows]) for at, text in enumerate(texts) if text)


def _column(index: int, heading: str, cells: Sequence[Value]) -> Column:
    values = Counter(cells)
    for value in [v for v in values if v is None or (isinstance(v, str) and not v.strip())]:
        del values[value]
    return Column(index, heading, values, len(cells))


class Readers:
    """The level readers of all rubrics, with every usual text for *not rated*."""

    def __init__(self, rubrics: Sequence[Rubric]) -> None:
        self.rubrics: Mapping[str, Rubric] = {rubric.code: rubric for rubric in rubrics}
        names = {folded(level.name) for rubric in rubrics for level in rubric.levels}
        self.not_rated = tuple(text for text in NOT_RATED_TEXTS if text not in names)
        self.also_not_rated = ALSO_NOT_RATED - names - set(NOT_RATED_TEXTS)
        usual = (*self.not_rated, *self.also_not_rated)
        self._readers = {rubric.code: LevelReader(rubric, {}, usual) for rubric in rubrics}

    def understood(self, column: Column, rubric: str) -> float:
        """The share of levels of the rubric among cells that do not look like *not rated*."""
        few = self._few(column)
        levels = sum(column.values[v] for v in few if self._is_level(v, rubric))
        others = sum(column.values[v] for v in few if self._kind(v, rubric) is CellKind.REJECTED and not _is_not(v))
        others -= sum(column.values[v] for v in few if self._begins(v, rubric))
        return levels / (levels + others) if levels + others else float(len(few) > 0)

    def _is_level(self, value: Value, rubric: str) -> bool:
        return self._kind(value, rubric) is CellKind.LEVEL or self._begins(value, rubric)

    def _begins(self, value: Value, rubric: str) -> bool:
        if not isinstance(value, str) or self._kind(value, rubric) is not CellKind.REJECTED:
            return False
        return level_by_beginning(value, self.rubrics[rubric]) > 0

    def levels(self, column: Column) -> float:
        """The share of the column's cells that are levels of one of the rubrics, of that which fits best."""
        few = self._few(column)
        shares = (column.share(v for v in few if self._is_level(v, code)) for code in self._readers)
        return max(shares, default=0.0)

    def rejected(self, column: Column, rubric: str) -> list[Value]:
        """The distinct values that the rubric's reader does not understand, the most frequent first."""
        return [v for v, _ in column.values.most_common() if self._kind(v, rubric) is CellKind.REJECTED]

    def _kind(self, value: Value, rubric: str) -> CellKind:
        return self._readers[rubric].meaning(value).kind

    def _few(self, column: Column) -> list[Value]:
        return list(column.values)[:_MOST_TEXTS]


def _is_not(value: Value) -> bool:
    return isinstance(value, str) and looks_not_rated(value)


def level_by_beginning(text: str, rubric: Rubric) -> int:
    """The level whose name, alone among all, begins with these words; 0 where there is none."""
    key = folded(text).rstrip(" .…")
    if len(key) < _SHORTEST_BEGINNING or any(letter.isdigit() for letter in key):
        return 0
    found = [level.position for level in rubric.levels if folded(level.name).startswith(f"{key} ")]
    return found[0] if len(found) == 1 else 0
