"""Numbers that stand for codes: equal for what is equal, and for nothing else."""

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from progressions.measures.numbers import numbered, numbered_alike
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
