from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from progressions.measures.frame import tidy
from progressions.measures.kinds import Population
from progressions.measures.network import coverage, has_same_sites, levels_over_time
from tests.measures.facts import DAYS, LEVELS, any_facts, fact, network, some_facts

ASKED = st.lists(st.sampled_from(["D1", "D2", "D3"]), unique=True)


def counted(spread):
    return {(row["held_on"].date(), row["level"]): row["count"] for row in spread.to_dict("records")}


@any_facts
@given(some_facts())
def test_counts_per_convening_and_level_are_those_of_a_plain_count_with_every_level_there(facts):
    spread = levels_over_time(tidy(facts), "PART", None, DAYS[:4], LEVELS)
    plain = Counter((f.held_on, f.level) for f in facts if f.rubric == "PART")
    assert counted(spread) == {(day, level): plain[day, level] for day in DAYS[:4] for level in LEVELS}
    sizes = Counter(f.held_on for f in facts if f.rubric == "PART")
    rated = {day: {f.partnership for f in facts if f.rubric == "PART" and f.held_on == day} for day in DAYS[:4]}
    for row in spread.to_dict("records"):
        day = row["held_on"].date()
        assert (row["n_ratings"], row["n_partnerships"]) == (sizes[day], len(rated[day]))
        assert (row["left_out"], row["left_out_partnerships"]) == (0, 0)


@any_facts
@given(some_facts())
def test_the_same_sites_leave_out_exactly_the_pairs_missing_or_reworded_at_either_end(facts):
    spread = levels_over_time(tidy(facts), None, "D1", DAYS[:4], LEVELS, "same")
    mine = [f for f in facts if f.domain == "D1"]
    ends = [[f for f in mine if f.held_on == day] for day in (DAYS[0], DAYS[3])]
    pairs = [{(f.partnership, f.rubric, f.wording) for f in end} for end in ends]
    kept = [f for f in mine if (f.partnership, f.rubric, f.wording) in pairs[0] & pairs[1]]
    whatever = [{(f.partnership, f.rubric) for f in end} for end in ends]
    reworded = whatever[0] & whatever[1] - {pair[:2] for pair in pairs[0] & pairs[1]}
    plain = Counter((f.held_on, f.level) for f in kept)
    assert counted(spread) == {(day, level): plain[day, level] for day in DAYS[:4] for level in LEVELS}
    for row in spread.to_dict("records"):
        at, all_at = ([f for f in some if f.held_on == row["held_on"].date()] for some in (kept, mine))
        assert (row["n_ratings"], row["left_out"]) == (len(at), len(all_at) - len(at))
        if row["held_on"].date() in (DAYS[0], DAYS[3]):
            assert row["left_out_words"] == sum((f.partnership, f.rubric) in reworded for f in all_at)
        sites, all_sites = ({f.partnership for f in some} for some in (at, all_at))
        assert (row["n_partnerships"], row["left_out_partnerships"]) == (len(sites), len(all_sites - sites))


@any_facts
@given(some_facts())
def test_there_are_same_sites_where_one_was_rated_on_the_same_words_at_both_ends(facts):
    for days in ([], DAYS[1:2], DAYS[:2], DAYS[:4]):
        ends = [{f[:1] + f[2:4] + f[5:] for f in facts if f.held_on == day and f.level < 4} for day in days]
        assert has_same_sites(tidy(facts), days, LEVELS[:3]) is bool(ends and ends[0] & ends[-1])


def test_late_joiners_at_level_one_do_not_look_like_a_decline_of_the_same_sites():
    stayed = [fact(day, 3) for day in DAYS[:2]]
    joined = [fact(DAYS[1], 1, partnership=code) for code in ("P2", "P3")]
    spread = levels_over_time(tidy(stayed + joined), None, None, DAYS[:2], LEVELS, Population.SAME)
    last = spread[spread["held_on"] == str(DAYS[1])].set_index("level")
    assert last["count"].to_dict() == {1: 0, 2: 0, 3: 1, 4: 0}
    assert last["left_out_partnerships"].to_list() == [2] * 4


def test_a_rating_at_a_level_that_is_no_more_is_counted_as_left_out():
    spread = levels_over_time(tidy([fact(DAYS[0], 5), fact(DAYS[0], 2, domain="D2")]), None, None, DAYS, LEVELS)
    first = spread[spread["held_on"] == str(DAYS[0])]
    assert (first["count"].sum(), set(first["n_ratings"]), set(first["left_out"])) == (1, {1}, {1})


def test_those_left_out_in_all_are_counted_once_each_whenever_they_came_or_went():
    stayed = [fact(day, 3) for day in DAYS[:3]]
    others = [fact(DAYS[0], 2, partnership="LEFT"), fact(DAYS[2], 1, partnership="JOINED")]
    spread = levels_over_time(tidy(stayed + others), None, None, DAYS[:3], LEVELS, "same")
    assert set(spread["left_out_in_all"]) == {2}
    assert set(spread["left_out_partnerships"]) == {0, 1}


@any_facts
@given(some_facts())
def test_new_words_begin_where_a_domain_has_some_that_it_had_at_no_day_before(facts):
    spread = levels_over_time(tidy(facts), None, None, DAYS[:4], LEVELS).drop_duplicates("held_on")
    had = {}
    for day, begins in zip(DAYS[:4], spread["wording_begins"], strict=True):
        now = [((f.rubric, f.domain), f.wording) for f in facts if f.held_on == day]
        assert begins == any(domain in had and wording not in had[domain] for domain, wording in now)
        for domain, wording in now:
            had.setdefault(domain, set()).add(wording)


@any_facts
@given(some_facts())
def test_a_domain_is_reworded_between_where_its_words_at_the_ends_are_not_the_same(facts):
    spread = levels_over_time(tidy(facts), None, None, DAYS[:4], LEVELS)
    days = sorted({f.held_on for f in facts}) or [DAYS[0]]
    ends = [{} for _ in range(2)]
    for place, day in enumerate((days[0], days[-1])):
        for f in facts:
            if f.held_on == day:
                ends[place].setdefault((f.rubric, f.domain), set()).add(f.wording)
    other = [domain for domain in ends[0] if domain in ends[1] and ends[0][domain] != ends[1][domain]]
    assert set(spread["reworded"]) == {len(other)}


@any_facts
@given(some_facts(), st.sampled_from(["all", "same"]))
def test_domains_alone_at_one_end_are_those_without_any_rating_at_the_other(facts, population):
    spread = levels_over_time(tidy(facts), None, None, DAYS[:4], LEVELS[:3], population).drop_duplicates("held_on")
    days = [day.date() for day, n in zip(spread["held_on"], spread["n_ratings"], strict=True) if n]
    of = {day: {(f.rubric, f.domain) for f in facts if f.held_on == day} for day in DAYS[:4]}
    for row in spread.to_dict("records"):
        day, alone = row["held_on"].date(), []
        if days and day in (days[0], days[-1]) and population == "all":
            other = days[-1] if day == days[0] else days[0]
            those = of[day] - of[other]
            alone = [f for f in facts if f.held_on == day and f.level < 4 and (f.rubric, f.domain) in those]
        assert row["alone_ratings"] == len(alone)
        assert row["alone_domains"] == len({(f.rubric, f.domain) for f in alone})


def test_an_unknown_population_is_refused():
    with pytest.raises(ValueError, match="everybody"):
        levels_over_time(tidy([]), None, None, DAYS, LEVELS, "everybody")


def test_coverage_tells_done_started_and_none_and_keeps_the_order_given():
    facts = [fact(DAYS[0], 1, domain=code) for code in ("D1", "D2")]
    facts += [fact(DAYS[1], 1, domain="D1"), fact(DAYS[0], 1, partnership="P0", domain="OLD")]
    grid = coverage(tidy(facts), ["P1", "P0"], {day: {"PART": ["D1", "D2"]} for day in DAYS[:2]})
    told = [(row["partnership"], row["rated"], row["total"], row["state"]) for row in grid.to_dict("records")]
    assert told == [("P1", 2, 2, "done"), ("P1", 1, 2, "started"), ("P0", 0, 2, "none"), ("P0", 0, 2, "none")]


def test_coverage_counts_the_ratings_that_a_plain_count_finds():
    facts = network()
    wanted = [f"D{number}" for number in range(8)]
    grid = coverage(tidy(facts), [f"P{number}" for number in range(11)], {day: {"PART": wanted} for day in DAYS})
    plain = Counter((f.partnership, f.held_on) for f in facts)
    found = {(row["partnership"], row["held_on"].date()): row["rated"] for row in grid.to_dict("records")}
    assert {key: n for key, n in found.items() if n} == plain
    assert len(found) == 11 * 8


@any_facts
@given(some_facts(), st.lists(st.tuples(ASKED, ASKED), min_size=1, max_size=4), st.booleans())
def test_coverage_counts_what_was_asked_and_rated_partnership_by_partnership(facts, of_days, is_backwards):
    days = DAYS[: len(of_days)][:: -1 if is_backwards else 1]
    asked = {day: {"PART": part, "IHE": ihe} for day, (part, ihe) in zip(days, of_days, strict=True)}
    sites = ["P3", "P9", "P1"]
    expected = []
    for site in sites:
        for day, wanted in asked.items():
            total = sum(len(codes) for codes in wanted.values())
            rated = sum(f.domain in wanted[f.rubric] for f in facts if (f.partnership, f.held_on) == (site, day))
            state = "none" if not rated else "started" if rated < total else "done"
            expected.append((site, day, rated, total, state))
    grid = coverage(tidy(facts), sites, asked)
    names = ("partnership", "held_on", "rated", "total", "state")
    assert [(site, day.date(), *rest) for site, day, *rest in zip(*(grid[name] for name in names), strict=True)] == (
        expected
    )


def test_each_convening_asks_for_the_domains_of_its_time():
    facts = [fact(DAYS[0], 1, domain=code) for code in ("D1", "OLD")]
    facts += [fact(DAYS[1], 1, domain=code) for code in ("D1", "OLD")]
    asked = {DAYS[0]: {"PART": ["D1", "OLD"]}, DAYS[1]: {"PART": ["D1", "NEW", "D2"]}}
    grid = coverage(tidy(facts), ["P1", "P0"], asked)
    told = [(row["partnership"], row["rated"], row["total"], row["state"]) for row in grid.to_dict("records")]
    assert told == [("P1", 2, 2, "done"), ("P1", 1, 3, "started"), ("P0", 0, 2, "none"), ("P0", 0, 3, "none")]
