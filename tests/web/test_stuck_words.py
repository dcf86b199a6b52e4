"""How long a domain has stood still, in words that no gap makes untrue."""

from datetime import date

import pytest

from progressions.services.stuck_and_moved import Stuck
from progressions.web.stuck_view import stood

DAYS = [date(2025, 1, 29), date(2025, 4, 24), date(2025, 7, 16), date(2025, 10, 22), date(2026, 1, 28)]


@pytest.mark.parametrize(
    ("since", "until", "times", "words"),
    [
        (0, 4, 5, "at 5 convenings, from 29 Jan 2025 to 28 Jan 2026"),
        (0, 4, 3, "at 3 convenings, from 29 Jan 2025 to 28 Jan 2026; not rated at 2 between"),
        (0, 3, 4, "at 4 convenings, from 29 Jan 2025 to 22 Oct 2025; not rated at 1 convening since"),
        (1, 2, 2, "at 2 convenings, from 24 Apr 2025 to 16 Jul 2025; not rated at 2 convenings since"),
    ],
)
def test_how_long_it_stood_names_the_convenings_without_a_rating(
    since: int, until: int, times: int, words: str
) -> None:
    stuck = Stuck("lea-1", 2, DAYS[since], DAYS[until], times, (), 0, None)
    assert stood(stuck, DAYS) == words
