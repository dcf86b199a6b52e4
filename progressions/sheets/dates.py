"""Days as people write them, read without guessing. Standard library only."""

import re
from datetime import date, datetime

from progressions.sheets.cells import Value

EARLIEST_YEAR = 1900
LATEST_YEAR = 2199
"""A year outside of these is a slip of the keyboard, not a convening."""
LAST_SHORT_YEAR_OF_2000S = 68
"""Two-digit years: 00 to 68 are 2000 to 2068, 69 to 99 are 1969 to 1999, as in POSIX and Python's %y."""

_ISO = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?:[t ]\d{2}:\d{2}.*)?")
_NUMERIC = re.compile(r"(\d{1,2})([-/. ])(\d{1,2})\2(\d{4}|\d{2})(?:[t ]\d{1,2}:\d{2}.*)?")
_DAY_MONTH = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?[- .]+([a-z]{3,9})[- .,]+(\d{4}|\d{2})")
_MONTH_DAY = re.compile(r"([a-z]{3,9})[- .]+(\d{1,2})(?:st|nd|rd|th)?[- .,]+(\d{4}|\d{2})")
_DAY_MONTH_IN = re.compile(r"(?<![\w.-])\d{1,2}(?:st|nd|rd|th)?[- .]+[a-z]{3,9}[- .,]+\d{4}(?!\d)")
_MONTH_DAY_IN = re.compile(r"(?<![a-z])[a-z]{3,9}[- .]+\d{1,2}(?:st|nd|rd|th)?[- .,]+\d{4}(?!\d)")
_MONTH_YEAR = re.compile(r"([a-z]{3,9})[- .,/]+(\d{4}|\d{2})")
_YEAR_MONTH = re.compile(r"(\d{4})[-/.](\d{1,2})")
_WEEKDAY = re.compile(r"^(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?[ ,.]+")
_MONTHS = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)
_IN_NAME = re.compile(r"(?<!\d)(\d{4})([-_. ]?)(\d{2})\2(\d{2})(?!\d)")
_IN_NAME_NUMERIC = re.compile(r"(?<!\d)(\d{1,2})([-_. ])(\d{1,2})\2(\d{4}|\d{2})(?!\d)")


def read_date(value: Value, day_first: bool | None) -> date | None:
    """The day of a cell, None where it is no date.

    A number is no date: nobody knows what it counts from. Two numbers before a year are read by
    ``day_first``, and where that is None they are no date either.
    """
    if isinstance(value, datetime):
        value = value.date()
    if isinstance(value, date):
        return value if EARLIEST_YEAR <= value.year <= LATEST_YEAR else None
    if not isinstance(value, str):
        return None
    text = _WEEKDAY.sub("", " ".join(value.split()).casefold(), count=1)
    return _in_figures(text, day_first) or _in_words(text)


def _in_figures(text: str, day_first: bool | None) -> date | None:
    if found := _ISO.fullmatch(text):
        return _day(int(found[1]), int(found[3]), int(found[4]))
    found = _NUMERIC.fullmatch(text)
    if found is None or day_first is None:
        return None
    first, second = int(found[1]), int(found[3])
    day, month = (first, second) if day_first else (second, first)
    return _day(_full_year(found[4]), month, day)


def _in_words(text: str) -> date | None:
    if found := _DAY_MONTH.fullmatch(text):
        return _day(_full_year(found[3]), _month(found[2]), int(found[1]))
    if found := _MONTH_DAY.fullmatch(text):
        return _day(_full_year(found[3]), _month(found[1]), int(found[2]))
    return None


def _month(word: str) -> int:
    """The month's number; 0, which is no month, for any other word. "Sept" is as good as "Sep"."""
    places = (place for place, month in enumerate(_MONTHS, start=1) if month.startswith(word))
    return next(places, 0)


def _full_year(text: str) -> int:
    year = int(text)
    if len(text) == 4:
        return year
    return year + (2000 if year <= LAST_SHORT_YEAR_OF_2000S else 1900)


def _day(year: int, month: int, day: int) -> date | None:
    if not EARLIEST_YEAR <= year <= LATEST_YEAR:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


def dates_in_name(text: str, day_first: bool | None) -> tuple[date, ...]:
    """Every different day that a name or a heading holds, such as "ratings 2024-10-31.xlsx"."""
    found = [_day(int(m[1]), int(m[3]), int(m[4])) for m in _IN_NAME.finditer(text)]
    rest = _IN_NAME.sub("", text)
    numeric = (f"{m[1]}/{m[3]}/{m[4]}" for m in _IN_NAME_NUMERIC.finditer(rest))
    found += [read_date(figures, day_first) for figures in numeric]
    words = rest.replace("_", " ").casefold()
    found += [_in_words(m[0]) for pattern in (_DAY_MONTH_IN, _MONTH_DAY_IN) for m in pattern.finditer(words)]
    return tuple(sorted({day for day in found if day is not None}))


def without_dates(text: str) -> str:
    """The text of a name or a heading without the days that it holds."""
    for pattern in (_IN_NAME, _IN_NAME_NUMERIC):
        text = pattern.sub(" ", text)
    words = text.casefold()
    for pattern in (_DAY_MONTH_IN, _MONTH_DAY_IN):
        for found in reversed(list(pattern.finditer(words))):
            if _in_words(found[0]):
                text, words = _cut(text, found.span()), _cut(words, found.span())
    return " ".join(text.split())


def _cut(text: str, span: tuple[int, int]) -> str:
    return f"{text[: span[0]]} {text[span[1] :]}"


def month_start(text: str) -> date | None:
    """The first day of a month such as "October 2024", "Oct-24" or "2024-10"; None for any other text."""
    words = " ".join(text.split()).casefold()
    if found := _MONTH_YEAR.fullmatch(words):
        return _day(_full_year(found[2]), _month(found[1]), 1)
    if found := _YEAR_MONTH.fullmatch(words):
        return _day(int(found[1]), int(found[2]), 1)
    return None
