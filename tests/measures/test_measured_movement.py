from collections import Counter

import pandas as pd
import pytest
from hypothesis import given

from progressions.measures.frame import tidy
from progressions.measures.kinds import Movement, MovementCounts
from progressions.measures.movement import (
    last_movement,
    movement_between,
    movement_counts,
    on_balance,
    standing,
    transitions,
)
from tests.measures.facts import DAYS, LEVELS, any_facts, fact, network, some_facts

THEN, NOW = DAYS[0], DAYS[3]


def plainly(value):
    return None if pd.isna(value) else value


def moved(facts, then=THEN, now=NOW):
    """Pair to (level then, level now, change, movement), as the measure says."""
    rows = movement_between(tidy(facts), then, now).to_dict("records")
    return {
        (row["partnership"], row["rubric"], row["domain"]): tuple(
            plainly(row[name]) for name in ("level_then", "level_now", "change", "movement")
        )
        for row in rows
    }


def moved_by_hand(facts, then=THEN, now=NOW):
    """The same by plain loops over the facts."""
    said = {}
    for pair in {(f.partnership, f.rubric, f.domain) for f in facts}:
        own = {f.held_on: f for f in facts if (f.partnership, f.rubric, f.domain) == pair}
        old, new = own.get(then), own.get(now)
        if old is None and new is None:
            continue
        kind, change = kind_by_hand(old, new, rated_before=any(day < now for day in own))
        said[pair] = (old and old.level, new and new.level, change, kind)
    return said


def kind_by_hand(old, new, *, rated_before):
    if new is None or (old is None and rated_before):
        return "not_rated", None
    if old is None:
        return "first", None
    if old.wording != new.wording:
        return "not_comparable", None
    change = new.level - old.level
    return ("up" if change > 0 else "down" if change < 0 else "same"), change


@any_facts
@given(some_facts())
def test_movement_is_what_plain_loops_over_the_facts_find(facts):
    assert moved(facts) == moved_by_hand(facts)


@pytest.mark.parametrize(
    ("then", "now", "kind", "change"),
    [
        (fact(THEN, 1), fact(NOW, 3), "up", 2),
        (fact(THEN, 2), fact(NOW, 2), "same", 0),
        (fact(THEN, 4), fact(NOW, 3), "down", -1),
        (None, fact(NOW, 1), "first", None),
        (fact(THEN, 1, wording=1), fact(NOW, 3, wording=2), "not_comparable", None),
        (fact(THEN, 2, wording=1), fact(NOW, 2, wording=2), "not_comparable", None),
        (fact(THEN, 4), None, "not_rated", None),
    ],
)
def test_each_movement_has_its_name(then, now, kind, change):
    told = moved([said for said in (then, now) if said])
    assert told == {
        ("P1", "PART", "D1"): (then and then.level, now and now.level, change, kind),
    }


def test_a_rating_after_a_gap_is_not_called_the_first():
    told = moved([fact(DAYS[1], 2), fact(NOW, 3)])
    assert told["P1", "PART", "D1"][3] == "not_rated"


def test_movement_needs_an_earlier_and_a_later_day():
    with pytest.raises(ValueError, match="earlier"):
        movement_between(tidy([]), NOW, THEN)


@any_facts
@given(some_facts())
def test_counts_and_transitions_add_up_to_the_pairs(facts):
    frame = movement_between(tidy(facts), THEN, NOW)
    by_hand = moved_by_hand(facts)
    kinds = Counter(kind for *_, kind in by_hand.values())
    assert movement_counts(frame) == MovementCounts(**{kind.value: kinds[kind.value] for kind in Movement})
    pairs = Counter((old, new) for old, new, change, _ in by_hand.values() if change is not None)
    table = transitions(frame, LEVELS)
    assert {(old, new): table.loc[old, new] for old in LEVELS for new in LEVELS} == {
        (old, new): pairs[old, new] for old in LEVELS for new in LEVELS
    }


def test_those_above_the_diagonal_are_those_that_moved_up():
    frame = movement_between(tidy(network()), DAYS[2], DAYS[7])
    table = transitions(frame, LEVELS)
    above = sum(int(table.loc[old, new]) for old in LEVELS for new in LEVELS if new > old)
    assert above == movement_counts(frame).up > 0


@any_facts
@given(some_facts())
def test_what_moved_last_compares_the_two_latest_ratings_of_a_domain(facts):
    told = last_movement(tidy(facts), "P1")
    expected = {}
    for pair in {(f.rubric, f.domain) for f in facts if f.partnership == "P1"}:
        own = sorted(f for f in facts if f.partnership == "P1" and (f.rubric, f.domain) == pair)
        new, old = own[-1], own[-2] if len(own) > 1 else None
        kind, change = kind_by_hand(old, new, rated_before=old is not None)
        expected[pair] = (old and old.held_on, old and old.level, new.held_on, new.level, change, kind)
    names = ("held_then", "level_then", "held_now", "level_now", "change", "movement")
    found = {
        (row["rubric"], row["domain"]): tuple(
            plainly(row[name].date() if isinstance(row[name], pd.Timestamp) else row[name]) for name in names
        )
        for row in told.to_dict("records")
    }
    assert found == expected


def test_what_moved_last_comes_newest_first():
    told = last_movement(tidy([fact(DAYS[0], 1, domain="D1"), fact(DAYS[2], 1, domain="D2")]), "P1")
    assert told["domain"].to_list() == ["D2", "D1"]


@any_facts
@given(some_facts())
def test_standing_is_the_latest_rating_up_to_the_day(facts):
    told = standing(tidy(facts), "P2", DAYS[2])
    expected = {}
    for said in sorted(facts, key=lambda f: f.held_on):
        if said.partnership == "P2" and said.held_on <= DAYS[2]:
            expected[said.rubric, said.domain] = (said.held_on, said.level)
    found = {(row["rubric"], row["domain"]): (row["held_on"].date(), row["level"]) for row in told.to_dict("records")}
    assert found == expected


def test_without_a_day_standing_takes_the_last_rating_there_is():
    told = standing(tidy([fact(DAYS[0], 1), fact(DAYS[7], 4)]), "P1")
    assert told["level"].to_list() == [4]


@given(some_facts())
def test_a_partnership_counts_once_by_the_balance_of_its_moves(facts):
    balance = Counter()
    for (partnership, _, _), (_, _, _, kind) in moved_by_hand(facts).items():
        balance[partnership] += {"up": 1, "down": -1}.get(kind, 0)
    rose = sum(1 for net in balance.values() if net > 0)
    fell = sum(1 for net in balance.values() if net < 0)
    assert on_balance(movement_between(tidy(facts), THEN, NOW)) == (rose, fell)
