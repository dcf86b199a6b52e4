"""Which day a text means: a whole day, a text that the mapping names, or only a year."""

from datetime import date

import pytest

from progressions.sheets.dates import month_start
from progressions.sheets.day_rules import DayRules, YearDay, read_year_day, without_days
from progressions.sheets.headings import address_parts

FIRST = DayRules(None, YearDay(1, 1))


@pytest.mark.parametrize(
    ("text", "expected"),
    [("07-01", YearDay(7, 1)), ("12-31", YearDay(12, 31)), ("02-29", None), ("7-1", None), ("13-01", None), ("", None)],
)
def test_the_day_of_a_year_is_one_of_every_year(text: str, expected: YearDay | None):
    assert read_year_day(text) == expected
    assert expected is None or str(expected) == text


@pytest.mark.parametrize(
    ("value", "year"),
    [(2023, 2023), ("2023", 2023), (2023.0, 2023), ("FY2023", 2023), ("2022-23", 2023), ("SY 2022–2023", 2023)],
)
def test_a_year_is_a_day_only_where_the_mapping_says_which(value: object, year: int):
    found = FIRST.of(value)  # type: ignore[arg-type]
    assert found is not None
    assert (found.day, bool(found.year)) == (date(year, 1, 1), True)
    assert DayRules(True).of(value) is None  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "value", [23, 1776, 45596, "in 2023", "2022-25", "Fall 2023", True, None, "12345", "2023 2024"]
)
def test_what_is_no_year_is_no_day(value: object):
    assert FIRST.of(value) is None  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("Leadership 2023", ["2023-01-01"]),
        ("2023 and 2024", ["2023-01-01", "2024-01-01"]),
        ("2022-23 ratings", ["2023-01-01"]),
        ("ratings_2024-10-31_v2 of 2023", ["2024-10-31"]),
        ("of 31 October 2024 (final)", ["2024-10-31"]),
        ("October 31, 2024", ["2024-10-31"]),
        ("Room 2023b, 12025", ["2023-01-01"]),
        ("nothing", []),
    ],
)
def test_days_are_found_within_names_and_years_only_where_there_is_no_day(text: str, days: list[str]):
    assert [str(found.day) for found in FIRST.within(text)] == days


def test_a_text_that_the_mapping_names_goes_first():
    rules = DayRules(True, None, {"fall 2024": date(2024, 10, 1)})
    found = [rules.of(" FALL  2024"), *rules.within("Fall 2024")]
    assert [day and day.day for day in found] == [date(2024, 10, 1)] * 2


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("2023 Leadership", "Leadership"),
        ("Leadership (2023)", "Leadership"),
        ("Leadership – 2022-23", "Leadership"),
        ("Leadership 2024-10-31", "Leadership"),
        ("31 October 2024: Leadership", "Leadership"),
        ("Leadership", "Leadership"),
        ("2023", ""),
    ],
)
def test_a_heading_without_its_days_says_what_was_rated(text: str, rest: str):
    assert without_days(text) == rest


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("October 2024", "2024-10-01"),
        ("oct-24", "2024-10-01"),
        ("2024-10", "2024-10-01"),
        ("Fall 2024", None),
        ("2024-13", None),
    ],
)
def test_a_month_begins_on_its_first_day(text: str, expected: str | None):
    found = month_start(text)
    assert (str(found) if found else None) == expected


@pytest.mark.parametrize(
    ("text", "expected"), [("A1", (1, 0)), ("aa10", (10, 26)), ("$C$7", (7, 2)), ("7C", None), ("A0", None), ("", None)]
)
def test_an_address_is_a_row_and_a_column(text: str, expected: tuple[int, int] | None):
    assert address_parts(text) == expected
