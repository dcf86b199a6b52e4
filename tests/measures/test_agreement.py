"""How a team agrees, against plain loops over single votes."""

from datetime import date
from itertools import pairwise

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from progressions.measures.agreement import (
    AGREEMENT_DTYPES,
    AgreedCounts,
    Closing,
    DomainVotes,
    agreed_counts,
    agreed_sentence,
    agreement_frame,
    closing,
    closing_sentence,
    gap_table,
    steps,
    voters_sentence,
)
from progressions.measures.votes import spread
from progressions.team_session import DomainKey, Role, ShownVote, Side, Voters

DAYS = tuple(date(2025 + number // 4, 1 + 3 * (number % 4), 15) for number in range(6))
JANUARY, OCTOBER = date(2026, 1, 28), date(2026, 10, 21)
ANSWERS = st.lists(st.sampled_from([1, 2, 3, 4, None]), max_size=7)
Answers = list[int | None]


def said(
    district: Answers,
    university: Answers,
    agreed: int | None = None,
    *,
    on: date = JANUARY,
    domain: str = "aim",
    wording: int = 1,
    second: tuple[Answers, Answers] | None = None,
) -> DomainVotes:
    rounds = [(district, university), *([second] if second else [])]
    return DomainVotes(on, "PART", domain, wording, tuple(_spread(*each) for each in rounds), agreed)


def _spread(district, university):
    key = DomainKey("PART", "aim")
    votes = [
        ShownVote(key, 1, side, Role.OTHER, answer, answer is None)
        for side, answers in ((Side.LEA, district), (Side.IHE, university))
        for answer in answers
    ]
    return spread(votes, (), 4)


def row(each):
    (only,) = agreement_frame([each]).to_dict("records")
    return only


def halves(answers):
    """Twice the place on which as many voters lie below as above, by taking the outermost away two at a time."""
    left = sorted(answer for answer in answers if answer is not None)
    while len(left) > 2:
        left = left[1:-1]
    return left[0] + left[-1] if left else None


@pytest.mark.parametrize(("agreed", "beside"), [(1, "below"), (2, "at"), (3, "at"), (4, "above"), (None, "")], ids=str)
def test_a_level_agreed_at_either_end_of_a_middle_between_two_levels_is_at_it(agreed, beside):
    found = row(said([2, 2, 2], [3, 3, 3], agreed))
    assert (found["first_low"], found["first_high"]) == (2, 3)
    assert found["beside_first"] == beside


@given(ANSWERS, ANSWERS, st.sampled_from([1, 2, 3, 4, None]))
def test_agreed_stands_above_where_more_than_half_voted_lower(district, university, agreed):
    levels = [answer for answer in district + university if answer is not None]
    found = row(said(district, university, agreed))
    assert found["n_voters"] == len(district + university)
    if agreed is None or not levels:
        assert found["beside_first"] == ""
        return
    lower, higher = sum(level < agreed for level in levels), sum(level > agreed for level in levels)
    expected = "above" if 2 * lower > len(levels) else "below" if 2 * higher > len(levels) else "at"
    assert found["beside_first"] == expected


@given(ANSWERS, ANSWERS)
def test_the_sides_are_as_many_half_steps_apart_as_their_middles_and_hidden_below_three_voters(district, university):
    found = row(said(district, university))
    middles = halves(district), halves(university)
    if min(len(district), len(university)) < 3 or None in middles:
        assert pd.isna(found["apart"])
    else:
        assert found["apart"] == middles[1] - middles[0]
    if min(len(district), len(university)) < 3:
        assert all(pd.isna(found[f"{side}_{end}"]) for side in ("district", "university") for end in ("low", "high"))


@given(ANSWERS, ANSWERS, ANSWERS, ANSWERS)
def test_a_second_vote_changes_nothing(district, university, later, other):
    again = said(district, university, 3, second=(later, other))
    pd.testing.assert_frame_equal(agreement_frame([again]), agreement_frame([said(district, university, 3)]))


@given(ANSWERS, ANSWERS)
def test_levels_read_from_the_other_end_turn_the_distance_around_and_leave_its_size(district, university):
    turned = [[None if answer is None else 5 - answer for answer in side] for side in (district, university)]
    here, there = row(said(district, university)), row(said(*turned))
    assert pd.isna(here["apart"]) if pd.isna(there["apart"]) else here["apart"] == -there["apart"]


def test_a_frame_has_its_columns_and_order_even_when_it_is_empty():
    assert dict(agreement_frame([]).dtypes.astype(str)) == AGREEMENT_DTYPES
    rows = [said([1], [2], on=day, domain=domain) for day in DAYS[:2][::-1] for domain in ("b", "a")]
    frame = agreement_frame(rows)
    assert dict(frame.dtypes.astype(str)) == AGREEMENT_DTYPES
    assert list(zip(frame["domain"], frame["held_on"].dt.date, strict=True)) == [
        (domain, day) for domain in ("a", "b") for day in DAYS[:2]
    ]


def test_a_domain_twice_at_one_convening_and_one_without_a_vote_are_refused():
    with pytest.raises(ValueError, match="once"):
        agreement_frame([said([1], []), said([2], [])])
    with pytest.raises(ValueError, match="without a vote"):
        agreement_frame([DomainVotes(JANUARY, "PART", "aim", 1, ())])


@given(st.lists(st.tuples(ANSWERS, ANSWERS, st.sampled_from([1, 2, 3, 4, None])), max_size=9))
def test_every_domain_is_above_at_below_or_unknown(rows):
    frame = agreement_frame(said(*each, domain=f"D{number}") for number, each in enumerate(rows))
    found = agreed_counts(frame)
    assert found.compared + found.unknown == len(rows)
    judged = [(d + u, a) for d, u, a in rows if a is not None and any(level is not None for level in d + u)]
    assert found.compared == len(judged)
    counted = [sum(level < a for level in levels if level is not None) for levels, a in judged]
    sizes = [sum(level is not None for level in levels) for levels, _ in judged]
    assert found.above == sum(2 * lower > size for lower, size in zip(counted, sizes, strict=True))


def test_above_at_and_below_are_told_with_their_denominator():
    told = "Agreed above the middle of the first votes in 6 of 9 domains, at it in 2, below it in 1"
    chance = "6 above against 1 below: this could be chance"
    assert agreed_sentence(AgreedCounts(6, 2, 1)) == f"{told}. {chance}"
    assert agreed_sentence(AgreedCounts(6, 2, 1, 3)) == f"{told}; 3 without a level or a vote for one. {chance}"
    assert agreed_sentence(AgreedCounts(8, 0, 1)).endswith("below it in 1")  # two-sided p = 0.04
    assert agreed_sentence(AgreedCounts(1, 6, 1)).endswith("below it in 1")
    assert agreed_sentence(AgreedCounts(0, 1, 0)).startswith("Agreed above the middle of the first votes in none of 1 ")
    assert agreed_sentence(AgreedCounts(unknown=4)) == "No domain has both first votes and a level agreed on them"


@pytest.mark.parametrize(("half_steps", "words"), [(0, "0"), (1, "½"), (-1, "½"), (2, "1"), (-3, "1½"), (6, "3")])
def test_half_steps_are_printed_as_halves(half_steps, words):
    assert steps(half_steps) == words


SIDES = st.tuples(st.lists(st.integers(1, 4), min_size=3, max_size=6), st.lists(st.integers(1, 4), max_size=6))
HISTORY = st.dictionaries(
    st.tuples(st.integers(0, 5), st.sampled_from("abcd")), st.tuples(SIDES, st.integers(1, 2)), max_size=20
)


def plain_closing(history):
    """By hand: which earlier convening shares most domains with the latest, and what became of each of them."""
    gaps = {
        (day, domain, wording): abs(halves(university) - halves(district))
        for (day, domain), ((district, university), wording) in history.items()
        if len(university) >= 3
    }
    if not gaps:
        return None
    last = max(day for day, _, _ in gaps)
    best: list[tuple[int, int]] = []
    first = 0
    for day in range(last):
        both = [(gaps[at], gaps[(last, *at[1:])]) for at in gaps if at[0] == day and (last, *at[1:]) in gaps]
        if len(both) > len(best):
            best, first = both, day
    if not best:
        return None
    at_either = {domain for day, domain, _ in gaps if day in (first, last)}
    return (
        (DAYS[first], DAYS[last], len(best)),
        (sum(then >= 2 for then, _ in best), sum(now >= 2 for _, now in best)),
        (sum(now < then for then, now in best), sum(now > then for then, now in best)),
        len(at_either) - len(best),
    )


@given(HISTORY)
def test_the_gap_is_told_of_the_same_domains_at_both_convenings_as_a_loop_finds_them(history):
    frame = agreement_frame(
        said(*sides, on=DAYS[day], domain=domain, wording=wording)
        for (day, domain), (sides, wording) in history.items()
    )
    found, expected = closing(frame), plain_closing(history)
    if expected is None:
        assert found is None
        return
    assert found is not None
    assert expected == (
        (found.then, found.now, found.domains),
        (found.apart_then, found.apart_now),
        (found.closer, found.wider),
        found.left_out,
    )
    assert found.same == found.domains - expected[2][0] - expected[2][1] >= 0


@given(HISTORY)
def test_the_table_of_gaps_has_a_row_wherever_both_sides_can_be_seen_and_says_where_words_changed(history):
    frame = agreement_frame(
        said(*sides, on=DAYS[day], domain=domain, wording=wording)
        for (day, domain), (sides, wording) in history.items()
    )
    table = gap_table(frame)
    expected = sorted(
        (domain, day, halves(sides[1]) - halves(sides[0]), wording)
        for (day, domain), (sides, wording) in history.items()
        if len(sides[1]) >= 3
    )
    assert list(zip(table["domain"], table["held_on"].dt.date, table["apart"], strict=True)) == [
        (domain, DAYS[day], apart) for domain, day, apart, _ in expected
    ]
    cuts = [b[3] != a[3] and b[0] == a[0] for a, b in pairwise(expected)]
    assert table["wording_begins"].to_list() == ([False, *cuts] if expected else [])


def test_the_gap_is_told_with_both_denominators():
    found = Closing(JANUARY, OCTOBER, 8, 5, 2, 4, 1)
    told = "The sides differed by a level or more in 5 of 8 domains in January, in 2 of 8 in October; closer in 4"
    assert closing_sentence(found, "January", "October") == (
        f"{told}, wider apart in 1, as before in 3. 4 closer against 1 wider: this could be chance"
    )
    assert "chance" not in closing_sentence(Closing(JANUARY, OCTOBER, 8, 5, 2, 8, 0), "January", "October")


def test_the_gap_is_told_with_those_left_out_and_why():
    found = Closing(JANUARY, OCTOBER, 2, 1, 1, 0, 0, left_out=3)
    assert closing_sentence(found, "January", "October") == (
        "The sides differed by a level or more in 1 of 2 domains in January, in 1 of 2 in October; closer in 0, wider "
        "apart in 0, as before in 2; 3 left out: both sides told at one of the two alone, or on other words"
    )


def test_without_two_convenings_that_share_a_domain_there_is_no_change_to_tell():
    both = [2, 2, 2], [3, 3, 3]
    assert closing(agreement_frame([])) is None
    assert closing(agreement_frame([said(*both)])) is None
    assert closing(agreement_frame([said(*both), said(*both, on=OCTOBER, domain="other")])) is None
    assert closing(agreement_frame([said(*both), said(*both, on=OCTOBER, wording=2)])) is None
    assert closing(agreement_frame([said([2, 2], [3, 3, 3]), said(*both, on=OCTOBER)])) is None


def voters(district, university, again=None, paper=0):
    return Voters({Side.LEA: district, Side.IHE: university}, {Side.LEA: paper}, again)


def test_who_was_in_the_room_is_told_in_counts():
    told = "5 of the district and 4 of the university voted"
    assert voters_sentence(voters(5, 4), "") == told
    assert voters_sentence(voters(5, 4, 2), "May") == f"{told}; mostly different people: 2 of 9 voted in May too"
    assert voters_sentence(voters(5, 4, 5), "May") == f"{told}; 5 of 9 voted in May too"
    assert voters_sentence(voters(5, 4, 0), "May").endswith("mostly different people: 0 of 9 voted in May too")
    assert voters_sentence(voters(4, 4, 4), "May").endswith("; 4 of 8 voted in May too")
    assert voters_sentence(voters(5, 4), "May") == f"{told}; how many of them voted in May too is not known"
    assert voters_sentence(voters(2, 4, paper=3), "") == told
