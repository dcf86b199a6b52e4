"""What follows from a past is the same however it is asked for."""

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from progressions.measures.disclosure import current, history_frame, releases
from progressions.measures.pasts import Past
from tests.factories import NOW
from tests.measures.facts import any_facts

CHANGES = st.lists(
    st.tuples(st.integers(1, 9), st.sampled_from([f"P{n}" for n in range(9)]), st.sampled_from(["D1", "D2"]))
)


@any_facts
@given(CHANGES, st.data())
def test_one_domain_of_all_is_as_one_domain_alone(rows: list[tuple[int, str, str]], data: st.DataObject) -> None:
    levels = data.draw(st.lists(st.integers(1, 4), min_size=len(rows), max_size=len(rows)))
    told = sorted((step, NOW, who, of, level, 1) for (step, who, of), level in zip(rows, levels, strict=True))
    past = Past(history_frame(told))
    for domain in ("D1", "D2", "D3"):
        alone = history_frame([each for each in told if each[3] == domain])
        pd.testing.assert_frame_equal(past.current_of(domain), current(alone))
        assert past.releases(domain) == releases(alone).get(domain, [])
