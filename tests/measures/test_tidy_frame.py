import pytest
from hypothesis import given

from progressions.measures.columns import RATING_DTYPES
from progressions.measures.frame import tidy
from tests.measures.facts import DAYS, any_facts, fact, some_facts


@any_facts
@given(some_facts())
def test_every_fact_is_one_row_and_nothing_else_is(facts):
    rows = [tuple(row) for row in tidy(facts).itertuples(index=False)]
    expected = [(f.partnership, f.held_on, f.rubric, f.domain, f.level, f.wording) for f in facts]
    assert sorted((p, day.date(), *rest) for p, day, *rest in rows) == sorted(expected)


@pytest.mark.parametrize("facts", [[], [fact(DAYS[0], 2)]])
def test_the_frame_has_the_same_columns_and_dtypes_with_and_without_ratings(facts):
    assert {name: str(kind) for name, kind in tidy(facts).dtypes.items()} == RATING_DTYPES


def test_a_domain_rated_twice_at_one_convening_is_refused():
    with pytest.raises(ValueError, match="rated twice"):
        tidy([fact(DAYS[0], 2), fact(DAYS[0], 3)])
