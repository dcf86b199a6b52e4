"""A frame that is brought up to date is the frame that would be read anew."""

from itertools import pairwise

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from progressions.measures.columns import RATING_DTYPES
from progressions.measures.frame import Tidied, brought_up_to_date, tidied, tidy
from progressions.ratings import RatingFact, RatingKey
from tests.measures.facts import DAYS, any_facts, fact, some_facts


def keyed(facts: list[RatingFact]) -> dict[RatingKey, RatingFact]:
    return {RatingKey(*each[:4]): each for each in facts}


def after(before: Tidied, facts: list[RatingFact], wanted: list[RatingFact]) -> Tidied:
    """What was ``facts`` brought to what is wanted, by the differences alone."""
    were, are = keyed(facts), keyed(wanted)
    changed = [each for key, each in are.items() if were.get(key) != each]
    return brought_up_to_date(before, changed, [key for key in were if key not in are])


@any_facts
@given(st.lists(some_facts(), min_size=2, max_size=5))
def test_whatever_is_saved_and_taken_back_the_frame_is_that_of_all_facts(moments):
    now = tidied(moments[0])
    for were, are in pairwise(moments):
        now = after(now, were, are)
        assert_frame_equal(now.frame, tidy(are))
        assert sum(now.sizes.values()) == len(are)


def test_a_save_that_comes_twice_changes_nothing():
    facts = [fact(DAYS[0], 2), fact(DAYS[1], 3)]
    again = brought_up_to_date(tidied(facts), [facts[1]], [])
    assert_frame_equal(again.frame, tidy(facts))


def test_after_many_saves_the_columns_lie_in_one_piece_again():
    facts = [fact(DAYS[0], 1, partnership=f"P{number}") for number in range(5)]
    now, most = tidied(facts), 0
    for number in range(200):
        facts[number % 5] = fact(DAYS[0], number % 4 + 1, partnership=f"P{number % 5}")
        now = brought_up_to_date(now, [facts[number % 5]], [])
        most = max(most, now.pieces)
    assert_frame_equal(now.frame, tidy(facts))
    assert most < 50
    assert {name: str(kind) for name, kind in now.frame.dtypes.items()} == RATING_DTYPES
    assert isinstance(now.frame.index, pd.RangeIndex)
