"""Numbers that stand for codes: equal for what is equal, and for nothing else."""

from collections import Counter
from itertools import product

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from progressions.measures.numbers import counted_at, counts_at, numbered, numbered_alike, places_among
from tests.measures.facts import any_facts

rows_of = st.lists(st.tuples(st.sampled_from(["a", "b", "ab", ""]), st.sampled_from(["a", "b", "ba"])), max_size=12)


def frame(rows: list[tuple[str, str]]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["one", "two"], dtype="str")


@any_facts
@given(rows_of, rows_of)
def test_two_rows_have_one_number_where_all_their_values_are_equal(here, there):
    mine, theirs = numbered_alike(frame(here), frame(there), ["one", "two"])
    for row, number in zip(here, mine, strict=True):
        assert [other == row for other in here] == [each == number for each in mine]
        assert [other == row for other in there] == [each == number for each in theirs]
    known = [{row[place] for row in here} for place in (0, 1)]
    assert [number >= 0 for number in theirs] == [row[0] in known[0] and row[1] in known[1] for row in there]
    assert numbered(frame(here), ["one", "two"]).tolist() == mine.tolist()


@any_facts
@given(rows_of, rows_of)
def test_numbers_within_others_are_those_of_all_columns_together(here, there):
    first = numbered_alike(frame(here), frame(there), ["one"])
    mine, theirs = numbered_alike(frame(here), frame(there), ["two"], first)
    whole = numbered_alike(frame(here), frame(there), ["one", "two"])
    assert (mine.tolist(), theirs.tolist()) == tuple(each.tolist() for each in whole)


@any_facts
@given(st.lists(st.tuples(st.sampled_from(["a", "b", "c"]), st.sampled_from([1, 2, 3, None])), max_size=12))
def test_what_is_counted_at_each_combination_is_a_plain_count_in_the_order_given(rows):
    held = pd.DataFrame(
        {"one": pd.array([row[0] for row in rows], "str"), "two": pd.array([row[1] for row in rows], "Int8")}
    )
    axes = {"one": ["c", "a"], "two": [2, 1, 4]}
    plain = Counter(rows)
    told = counted_at(held, axes)
    assert list(told.columns) == ["one", "two", "count"]
    assert [tuple(row) for row in told.to_numpy().tolist()] == [(*at, plain[at]) for at in product(*axes.values())]
    assert counts_at(held, axes).tolist() == [[plain[one, two] for two in (2, 1, 4)] for one in ("c", "a")]
    assert counts_at(held, {"one": ["c"], "two": []}).shape == (1, 0)


def test_a_gap_and_a_value_that_is_not_asked_for_have_no_place():
    assert places_among(pd.Series([3, None, 2, 3], dtype="Int8"), [2, 3]).tolist() == [1, -1, 0, 1]
    assert places_among(pd.Series(["a"], dtype="str"), []).tolist() == [-1]
