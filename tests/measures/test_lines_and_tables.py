from collections import Counter
from fractions import Fraction

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from progressions.measures.frame import tidy
from progressions.measures.kinds import MovementCounts
from progressions.measures.lines import convenings_of, first_to_latest, heat_table, line_of
from tests.measures.facts import DAYS, any_facts, fact, some_facts


def levels(line):
    return [None if pd.isna(level) else int(level) for level in line["level"]]


def segments(line):
    return [None if pd.isna(number) else int(number) for number in line["segment"]]


def line_by_hand(facts, days):
    """(level, new wording here, segment) per convening, by one plain walk along the days."""
    own = {f.held_on: f for f in facts if (f.partnership, f.rubric, f.domain) == ("P1", "PART", "D1")}
    walked, number, last, unbroken = [], 0, None, False
    for day in days:
        said = own.get(day)
        if said is None:
            walked.append((None, False, None))
            unbroken = False
            continue
        reworded = last is not None and last.wording != said.wording
        number += 0 if unbroken and not reworded else 1
        walked.append((said.level, reworded, number))
        last, unbroken = said, True
    return walked


@any_facts
@given(some_facts())
def test_a_line_has_its_gaps_and_cuts_where_a_walk_along_the_convenings_finds_them(facts):
    frame = tidy(facts)
    days = convenings_of(frame, "P1")
    line = line_of(frame, "P1", "PART", "D1")
    assert [day.date() for day in line["held_on"]] == list(days)
    told = list(zip(levels(line), line["wording_begins"], segments(line), strict=True))
    assert told == line_by_hand(facts, days)


def test_a_gap_stays_a_gap_and_begins_a_new_segment():
    facts = [fact(DAYS[0], 2), fact(DAYS[2], 3), fact(DAYS[1], 1, domain="D2")]
    line = line_of(tidy(facts), "P1", "PART", "D1")
    assert levels(line) == [2, None, 3]
    assert segments(line) == [1, None, 2]


def test_a_change_of_wording_cuts_the_line_even_across_a_gap():
    facts = [fact(DAYS[0], 2), fact(DAYS[2], 3, wording=2), fact(DAYS[1], 1, domain="D2")]
    line = line_of(tidy(facts), "P1", "PART", "D1")
    assert line["wording_begins"].to_list() == [False, False, True]


def test_a_line_begins_with_the_partnership_and_not_with_the_network():
    facts = [fact(day, 1, partnership="P2") for day in DAYS] + [fact(day, 1) for day in DAYS[3:5]]
    line = line_of(tidy(facts), "P1", "PART", "D1", DAYS)
    assert [day.date() for day in line["held_on"]] == list(DAYS[3:5])


def test_a_convening_that_most_others_rated_is_a_gap_of_the_one_that_did_not():
    others = [fact(day, 1, partnership=code) for day in DAYS[:3] for code in ("P2", "P3", "P4")]
    frame = tidy([*others, fact(DAYS[0], 1), fact(DAYS[2], 2)])
    assert convenings_of(frame, "P1") == DAYS[:3]
    assert levels(line_of(frame, "P1", "PART", "D1")) == [1, None, 2]


def test_a_day_on_which_few_others_rated_is_no_gap():
    others = [fact(day, 1, partnership=code) for day in (DAYS[0], DAYS[4]) for code in ("P2", "P3")]
    frame = tidy([*others, fact(DAYS[2], 1, partnership="P2"), fact(DAYS[0], 1), fact(DAYS[4], 2)])
    assert convenings_of(frame, "P1") == (DAYS[0], DAYS[4])
    assert segments(line_of(frame, "P1", "PART", "D1")) == [1, 1]


def test_a_convening_that_just_half_rated_is_no_gap_of_the_other_half():
    other = [fact(day, 1, partnership="P2") for day in DAYS[:3]]
    assert convenings_of(tidy([*other, fact(DAYS[0], 1), fact(DAYS[2], 2)]), "P1") == (DAYS[0], DAYS[2])


@any_facts
@given(st.lists(st.sets(st.sampled_from(range(6))), min_size=3, max_size=9))
def test_a_partnership_was_expected_where_it_rated_and_in_between_where_most_of_those_there_did(rated):
    frame = tidy([fact(DAYS[at], 1, partnership=f"P{site}") for site, places in enumerate(rated) for at in places])
    for site, own in enumerate(rated):
        expected = set(own)
        for at in range(min(own, default=0), max(own, default=-1)):
            there = [at in places for places in rated if any(p <= at for p in places) and any(p >= at for p in places)]
            if Fraction(there.count(True), len(there)) > Fraction(1, 2):
                expected.add(at)
        assert convenings_of(frame, f"P{site}") == tuple(DAYS[at] for at in sorted(expected))


def test_a_partnership_without_ratings_has_an_empty_line_and_an_empty_table():
    frame = tidy([fact(DAYS[0], 1)])
    assert convenings_of(frame, "P9") == ()
    assert line_of(frame, "P9", "PART", "D1").empty
    assert heat_table(frame, "P9", "PART").empty


@any_facts
@given(some_facts())
def test_every_cell_of_the_heat_table_is_the_rating_or_a_gap(facts):
    frame = tidy(facts)
    table = heat_table(frame, "P1", "PART", DAYS)
    said = {(f.domain, f.held_on): f.level for f in facts if (f.partnership, f.rubric) == ("P1", "PART")}
    own_days = [f.held_on for f in facts if f.partnership == "P1"]
    days = [day for day in DAYS if own_days and min(own_days) <= day <= max(own_days)]
    expected = {(domain, day): said.get((domain, day)) for domain, _ in said for day in days}
    found = {
        (row["domain"], row["held_on"].date()): None if pd.isna(row["level"]) else row["level"]
        for row in table.to_dict("records")
    }
    assert found == expected


def test_from_first_to_latest_counts_each_domain_once():
    facts = [
        *(fact(day, level, domain="UP") for day, level in zip(DAYS, (1, 3, 2), strict=False)),
        *(fact(day, level, domain="SAME") for day, level in zip(DAYS, (2, 3, 2), strict=False)),
        *(fact(day, level, domain="DOWN") for day, level in zip(DAYS, (2, 1), strict=False)),
        fact(DAYS[1], 4, domain="ONCE"),
        *(fact(day, 2, domain="NEW", wording=wording) for day, wording in ((DAYS[0], 1), (DAYS[1], 2))),
    ]
    counts = first_to_latest(heat_table(tidy(facts), "P1", "PART"))
    assert counts == MovementCounts(up=1, same=1, down=1, first=1, not_comparable=1)


def way_of(line):
    """From the first to the last of (wording, level), oldest first."""
    (then, first), (now, latest) = line[0], line[-1]
    if len(line) == 1:
        return "first"
    return "not_comparable" if then != now else "same" if first == latest else "up" if latest > first else "down"


@any_facts
@given(some_facts())
def test_from_first_to_latest_is_what_the_ends_of_each_line_say(facts):
    for partnership in ("P1", "P2", "P3"):
        lines = {}
        for each in sorted(facts, key=lambda f: f.held_on):
            if (each.partnership, each.rubric) == (partnership, "PART"):
                lines.setdefault(each.domain, []).append((each.wording, each.level))
        counts = first_to_latest(heat_table(tidy(facts), partnership, "PART"))
        assert counts == MovementCounts(**Counter(map(way_of, lines.values())))
