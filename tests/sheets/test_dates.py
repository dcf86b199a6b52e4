"""Days are read as they are written, or not at all."""

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from progressions.sheets.dates import dates_in_name, read_date

OCTOBER_31 = date(2024, 10, 31)


@pytest.mark.parametrize(
    "value",
    [
        OCTOBER_31,
        datetime(2024, 10, 31, 9, 30),
        "2024-10-31",
        " 2024/10/31 ",
        "2024-10-31T09:30:00",
        "31/10/24",
        "31/10/2024",
        "31.10.2024",
        "31-10-24",
        "31 October 2024",
        "31st Oct 24",
        "31-Oct-24",
        "October 31, 2024",
        "Thursday, October 31, 2024",
        "Thu 31 Oct 2024",
    ],
)
def test_a_day_is_read_in_the_ways_in_which_people_write_it(value: object):
    assert read_date(value, day_first=True) == OCTOBER_31


def test_the_order_of_day_and_month_is_the_mapping_s():
    assert read_date("03/04/2024", day_first=True) == date(2024, 4, 3)
    assert read_date("03/04/2024", day_first=False) == date(2024, 3, 4)
    assert read_date("03/04/2024", day_first=None) is None


@pytest.mark.parametrize(
    "value",
    [
        "31/02/2024",
        "10/31/2024",
        "2024-13-01",
        "soon",
        "",
        None,
        45596,
        45596.5,
        True,
        "31/10",
        "2024",
        "0024-10-31",
    ],
)
def test_what_is_no_day_is_not_read(value: object):
    assert read_date(value, day_first=True) is None


@pytest.mark.parametrize(("text", "year"), [("00", 2000), ("68", 2068), ("69", 1969), ("99", 1999)])
def test_years_of_two_digits_turn_at_69(text: str, year: int):
    assert read_date(f"01/02/{text}", day_first=True) == date(year, 2, 1)


@given(st.dates(date(1970, 1, 1), date(2060, 12, 31)), st.booleans())
def test_every_day_that_is_written_in_figures_is_read_back(day: date, day_first: bool):
    pattern = "%d/%m/%y" if day_first else "%m/%d/%y"
    assert read_date(day.strftime(pattern), day_first) == day


def test_the_day_in_a_file_s_name_is_found():
    assert dates_in_name("ratings 2024-10-31 final.xlsx", True) == (OCTOBER_31,)
    assert dates_in_name("ratings_20241031.csv", True) == (OCTOBER_31,)
    assert dates_in_name("31.10.2024 ratings.csv", True) == (OCTOBER_31,)
    assert dates_in_name("ratings.csv", True) == ()
    assert len(dates_in_name("2024-10-31 to 2025-01-15.csv", True)) == 2
