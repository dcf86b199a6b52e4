"""Reasons, promises and hindsights against plain walks along each domain's ratings."""

from datetime import date, timedelta
from itertools import pairwise

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from progressions.measures.findings import WHYS
from progressions.measures.frame import tidy, told_frame
from progressions.measures.movement import movement_counts
from progressions.measures.told import hindsight_points, overdue, promises, reason_counts, reasons_between, why
from progressions.ratings import Hindsight, NextStep, Reason, StepState, Told
from tests.measures.facts import DAYS, LEVELS, any_facts, fact, some_facts

NOTHING = NextStep()


def told(day, *, domain="D1", wording=1, reason=None, step=NOTHING, hindsight=None):
    return Told("P1", day, "PART", domain, wording, reason, step, hindsight)


def some_told():
    """Anything told at four days of three partnerships, two rubrics and two domains."""
    key = st.tuples(
        st.sampled_from(["P1", "P2", "P3"]),
        st.sampled_from(DAYS[:4]),
        st.sampled_from(["IHE", "PART"]),
        st.sampled_from(["D1", "D2"]),
    )
    step = st.builds(
        NextStep,
        st.sampled_from(["", "", "walk", "talk"]),
        st.sampled_from(["", "Ana"]),
        st.sampled_from([None, date(2027, 1, 1), date.max]),
        st.sampled_from(list(StepState)),
    )
    looks = st.none() | st.builds(Hindsight, st.sampled_from(DAYS[:4]), st.sampled_from(LEVELS))
    said = st.tuples(st.sampled_from([1, 1, 2]), st.none() | st.sampled_from(list(Reason)), step, looks)
    return st.dictionaries(key, said, max_size=40).map(lambda found: [Told(*at, *what) for at, what in found.items()])


def by_pair(facts):
    """Ratings by partnership, rubric and domain, each oldest first."""
    found = {}
    for each in sorted(facts, key=lambda f: f.held_on):
        found.setdefault((each.partnership, each.rubric, each.domain), []).append(each)
    return found


def plain(value):
    if pd.isna(value):
        return None
    return value.date() if isinstance(value, pd.Timestamp) else value


def records(frame, columns):
    return [tuple(plain(row[name]) for name in columns) for row in frame.to_dict("records")]


@any_facts
@given(some_facts(), some_told())
def test_a_hindsight_stands_beside_the_rating_that_the_latest_look_back_was_at(facts, said):
    points = hindsight_points(tidy(facts), told_frame(said))
    expected = {}
    for each in sorted(said, key=lambda t: t.held_on):
        if each.hindsight is None or each.hindsight.held_on >= each.held_on:
            continue
        for rating in facts:
            if rating[:4] == (each.partnership, each.hindsight.held_on, each.rubric, each.domain):
                same = rating.wording == each.wording
                expected[rating[:4]] = (rating.level, each.hindsight.level, each.held_on, same)
    columns = ("partnership", "held_on", "rubric", "domain", "level", "hindsight", "told_on", "same_words")
    assert {row[:4]: row[4:] for row in records(points, columns)} == expected


def movement_by_hand(promise, then, now):
    if now is None:
        return "not_rated"
    if then is None:
        return "first"
    if promise.wording != now.wording:
        return "not_comparable"
    return "up" if now.level > then.level else "down" if now.level < then.level else "same"


@any_facts
@given(some_facts(), some_told())
def test_a_promise_is_told_from_the_level_beside_it_to_the_latest_rating_since(facts, said):
    made = promises(tidy(facts), told_frame(said))
    ratings, expected = by_pair(facts), []
    for each in said:
        if not each.next_step.text:
            continue
        own = ratings.get((each.partnership, each.rubric, each.domain), [])
        then = next((f for f in own if f.held_on == each.held_on), None)
        since = [f for f in own if f.held_on > each.held_on]
        now = ([f for f in since if f.wording == each.wording] or since or [None])[-1]
        levels = (then and then.level, now and now.held_on, now and now.level, movement_by_hand(each, then, now))
        step = each.next_step
        key = (each.partnership, each.rubric, each.domain, each.held_on)
        expected.append((*key, *levels, step.text, step.owner, step.due, step.state.value))
    columns = (
        "partnership", "rubric", "domain", "held_then", "level_then", "held_now", "level_now", "movement",
        "step", "owner", "due", "step_state",
    )  # fmt: skip
    assert sorted(records(made, columns), key=str) == sorted(expected, key=str)
    days = list(made["held_then"])
    assert days == sorted(days, reverse=True)


@any_facts
@given(some_facts(), some_told(), st.sampled_from([*DAYS, date(2027, 1, 1), date(2027, 1, 2)]))
def test_a_promise_is_overdue_after_its_day_while_it_is_open_and_its_domain_has_not_moved_up(facts, said, today):
    found = overdue(promises(tidy(facts), told_frame(said)), today)
    ratings, expected = by_pair(facts), {}
    for each in said:
        step = each.next_step
        if not step.text:
            continue
        own = ratings.get((each.partnership, each.rubric, each.domain), [])
        then = [f.level for f in own if f.held_on == each.held_on]
        since = [f for f in own if f.held_on > each.held_on]
        comparable = [f for f in since if f.wording == each.wording]
        rose = bool(then and comparable and comparable[-1].level > then[0])
        expected[each[:4]] = step.due is not None and step.due < today and step.state == "open" and not rose
    keys = ("partnership", "held_then", "rubric", "domain")
    assert dict(zip(records(found, keys), found["overdue"], strict=True)) == expected


def test_a_promise_is_not_overdue_on_its_day_and_is_on_the_next():
    step = NextStep("walk", "Ana", DAYS[2])
    made = promises(tidy([fact(DAYS[0], 2)]), told_frame([told(DAYS[0], step=step)]))
    assert [overdue(made, day)["overdue"].to_list() for day in (DAYS[2], DAYS[2] + timedelta(days=1))] == [
        [False],
        [True],
    ]


@any_facts
@given(some_facts(), some_told())
def test_the_reasons_of_a_movement_are_those_of_its_steps_that_went_its_way(facts, said):
    then, now = DAYS[0], DAYS[3]
    found = reasons_between(tidy(facts), told_frame(said), then, now)
    reasons = {t[:4]: t.reason for t in said if t.reason}
    expected = {}
    for pair, own in by_pair(facts).items():
        at = {f.held_on: f for f in own}
        if then not in at or now not in at or at[then].wording != at[now].wording or at[then].level == at[now].level:
            continue
        way, given_for = (1 if at[now].level > at[then].level else -1), []
        for before, after in pairwise(own):
            moved = after.level - before.level if after.wording == before.wording else 0
            reason = reasons.get(after[:4])
            if then < after.held_on <= now and moved * way > 0 and reason and reason.value not in given_for:
                given_for.append(reason.value)
        expected[pair] = ("up" if way > 0 else "down", tuple(given_for))
    keys = found[["partnership", "rubric", "domain"]].itertuples(index=False, name=None)
    assert dict(zip(keys, zip(found["movement"], found["reasons_given"], strict=True), strict=True)) == expected


@any_facts
@given(some_facts(), some_told())
def test_counts_of_reasons_hold_every_movement_once(facts, said):
    moved = reasons_between(tidy(facts), told_frame(said), DAYS[0], DAYS[3])
    counts = reason_counts(moved)
    for way, kinds in counts.items():
        assert list(kinds) == list(WHYS)
        assert sum(kinds.values()) == sum(1 for each in moved["movement"] if each == way.value)


def test_a_rise_in_two_steps_for_two_reasons_is_counted_once_under_several():
    facts = [fact(DAYS[0], 1), fact(DAYS[1], 2), fact(DAYS[2], 3)]
    said = [told(DAYS[1], reason=Reason.PRACTICE), told(DAYS[2], reason=Reason.PEOPLE)]
    moved = reasons_between(tidy(facts), told_frame(said), DAYS[0], DAYS[2])
    assert moved["reasons_given"].to_list() == [("practice", "people")]
    assert {kind: n for kind, n in reason_counts(moved)["up"].items() if n} == {"several": 1}
    last = reasons_between(tidy(facts), told_frame(said), DAYS[1], DAYS[2])
    assert [why(each) for each in last["reasons_given"]] == ["people"]


def test_the_reason_of_a_fall_on_the_way_is_no_reason_of_the_rise():
    facts = [fact(DAYS[0], 2), fact(DAYS[1], 1), fact(DAYS[2], 4)]
    said = [told(DAYS[1], reason=Reason.UNDERSTANDING)]
    moved = reasons_between(tidy(facts), told_frame(said), DAYS[0], DAYS[2])
    assert moved["reasons_given"].to_list() == [()]


def test_a_promise_made_without_a_level_and_one_that_nothing_followed_are_told_apart():
    facts = [fact(DAYS[1], 2), fact(DAYS[0], 2, domain="D2")]
    step = NextStep("walk", "Ana", DAYS[2])
    said = [told(DAYS[0], step=step), told(DAYS[0], domain="D2", step=step), told(DAYS[0], domain="D3", step=step)]
    made = promises(tidy(facts), told_frame(said))
    assert made["movement"].to_list() == ["first", "not_rated", "not_rated"]
    counts = movement_counts(made)
    assert (counts.first, counts.not_rated, counts.compared) == (1, 2, 0)


def test_a_domain_that_moved_before_it_was_reworded_has_moved_after_its_promise():
    facts = [fact(DAYS[0], 1), fact(DAYS[1], 2), fact(DAYS[2], 1, wording=2)]
    made = promises(
        tidy(facts), told_frame([told(DAYS[0], step=NextStep("walk")), told(DAYS[1], step=NextStep("talk"))])
    )
    assert made["movement"].to_list() == ["not_comparable", "up"]


def test_nothing_told_is_nothing_measured():
    frame, nothing = tidy([fact(DAYS[0], 1), fact(DAYS[1], 2)]), told_frame([])
    assert hindsight_points(frame, nothing).empty
    assert overdue(promises(frame, nothing), DAYS[2]).empty
    assert reasons_between(frame, nothing, DAYS[0], DAYS[1])["reasons_given"].to_list() == [()]
