"""What follows from a past is the same however it is asked for."""

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from progressions.measures.disclosure import (
    Beside,
    current,
    history_frame,
    level_at,
    released,
    released_in_sets,
    releases,
)
from progressions.measures.pasts import past_of, side_by_side
from progressions.people import PeerSet
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
    past = past_of(history_frame(told))
    for domain in ("D1", "D2", "D3"):
        alone = history_frame([each for each in told if each[3] == domain])
        rated = current(alone)
        counted = rated[rated["is_counted"]]
        assert past.standing(domain).keys() == set(counted["partnership"])
        assert {who: level_at(at) for who, at in past.standing(domain).items()} == dict(
            zip(counted["partnership"], counted["level"], strict=True)
        )
        assert past.releases(domain) == releases(alone).get(domain, [])
    for who in ("P1", "P8", "nobody"):
        expected = current(history_frame(told))
        pd.testing.assert_frame_equal(past.own(who), expected[expected["partnership"] == who].reset_index(drop=True))


@any_facts
@given(st.lists(CHANGES, min_size=1, max_size=3), st.data())
def test_convenings_side_by_side_say_what_each_says_alone(
    convenings: list[list[tuple[int, str, str]]], data: st.DataObject
) -> None:
    large = PeerSet(1, "Large", frozenset({"P1", "P2", "P3", "P4", "P5", "P6"}), NOW, is_shown=True)
    beside = Beside((large,), {"D1": ((NOW, "P2"), (NOW, "P7")), "D2": ((NOW, "P1"),)})
    histories = {}
    for number, rows in enumerate(convenings):
        levels = data.draw(st.lists(st.integers(1, 4), min_size=len(rows), max_size=len(rows)))
        told = sorted((step, NOW, who, of, level, 1) for (step, who, of), level in zip(rows, levels, strict=True))
        histories[f"day {number}"] = history_frame(told)
    together = side_by_side("D1", {key: past_of(history) for key, history in histories.items()}, beside)
    for key, history in histories.items():
        alone = history[history["domain"] == "D1"]
        for name, found, expected in (
            ("current", together.current, current(alone)),
            ("released", together.released, released(alone, beside)),
            ("in sets", together.in_sets, released_in_sets(alone, beside)),
        ):
            of_this = found[found["domain"] == key].assign(domain="D1").astype({"domain": "str"})
            pd.testing.assert_frame_equal(of_this.reset_index(drop=True), expected, obj=name)
