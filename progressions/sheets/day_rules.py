"""Which day a text of a file means, by a mapping: a whole day, a text that the mapping names, or only a year."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from progressions.sheets.cells import Value
from progressions.sheets.dates import EARLIEST_YEAR, LATEST_YEAR, dates_in_name, read_date, without_dates
from progressions.text import folded

SCHOOL_YEAR_BEGINS = 7
"""A school year such as 2023-24 runs from July to June: a day from July on lies in its first year."""

_PREFIX = r"(?:[fsa]y|year)?[ _-]?"
_SCHOOL_YEAR = rf"(?<!\d){_PREFIX}((?:19|20|21)\d\d)[ _]?[-–/_][ _]?((?:19|20|21)?\d\d)(?![-–/_.]?\d)"
_YEAR = rf"(?<!\d){_PREFIX}((?:19|20|21)\d\d)(?!\d)"
_ONE_SCHOOL_YEAR, _ONE_YEAR = re.compile(_SCHOOL_YEAR), re.compile(_YEAR)
_MONTH_DAY = re.compile(r"(\d{2})-(\d{2})")


class FoundDay(NamedTuple):
    """A day; ``year`` is the text that names only its year, "" where the whole day was given."""

    day: date
    year: str = ""


class YearDay(NamedTuple):
    """The day of a year at which a convening is put of which only the year is known."""

    month: int
    day: int

    def __str__(self) -> str:
        return f"{self.month:02}-{self.day:02}"


def read_year_day(text: str) -> YearDay | None:
    """The day of every year that "07-01" names; None where there is no such day, or not in every year."""
    found = _MONTH_DAY.fullmatch(text.strip())
    if found is None:
        return None
    try:
        date(2023, int(found[1]), int(found[2]))
    except ValueError:
        return None
    return YearDay(int(found[1]), int(found[2]))


@dataclass(frozen=True, slots=True)
class DayRules:
    """How days are read. ``texts`` gives days for folded texts that are none; they go first."""

    day_first: bool | None = None
    year_day: YearDay | None = None
    texts: Mapping[str, date] = field(default_factory=dict)

    def of(self, value: Value) -> FoundDay | None:
        """The day that a whole cell means; a bare year only where there is a ``year_day``."""
        text = folded(_text(value))
        if text in self.texts:
            return FoundDay(self.texts[text])
        day = read_date(value, self.day_first)
        if day is not None:
            return FoundDay(day)
        return self._of_year(text)

    def within(self, text: str) -> tuple[FoundDay, ...]:
        """Every different day that a name, a title or a heading holds; years only where it holds no whole day."""
        named = self.texts.get(folded(text))
        if named is not None:
            return (FoundDay(named),)
        days = dates_in_name(text, self.day_first)
        if days or self.year_day is None:
            return tuple(map(FoundDay, days))
        return tuple({year.day: year for year in self._years(folded(text))}.values())

    def _of_year(self, text: str) -> FoundDay | None:
        if self.year_day is None:
            return None
        years = self._years(text)
        return years[0] if len(years) == 1 and years[0].year == text else None

    def _years(self, text: str) -> list[FoundDay]:
        assert self.year_day is not None
        found = [(m[0], _in_school_year(m, self.year_day)) for m in _ONE_SCHOOL_YEAR.finditer(text)]
        spans = [(name, year) for name, year in found if year]
        for name, _ in spans:
            text = text.replace(name, " ")
        plain = [(m[0], int(m[1])) for m in _ONE_YEAR.finditer(text)]
        return [
            FoundDay(date(year, self.year_day.month, self.year_day.day), name.strip(" _-"))
            for name, year in (*spans, *plain)
            if EARLIEST_YEAR <= year <= LATEST_YEAR
        ]


def _text(value: Value) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None or isinstance(value, bool) else str(value)


def _in_school_year(found: re.Match[str], day: YearDay) -> int:
    """The calendar year in which the day of this school year lies; 0 where the two years do not follow."""
    first = int(found[1])
    if int(found[2]) % 100 != (first + 1) % 100 or (len(found[2]) == 4 and int(found[2]) != first + 1):
        return 0
    return first if day.month >= SCHOOL_YEAR_BEGINS else first + 1


def without_days(text: str) -> str:
    """A heading without the days and years that it holds: what is left says what was rated."""
    rest = without_dates(text)
    for pattern in (_SCHOOL_YEAR, _YEAR):
        rest = re.sub(pattern, " ", rest, flags=re.IGNORECASE)
    return " ".join(rest.split()).strip(" -–—:()[]_|/,")
