"""Each measure of sites beside one another, against plain loops over the facts."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from progressions.measures.frame import tidy
from progressions.measures.movement import movement_between, transitions
from progressions.measures.network import coverage, coverage_counts, missing
from progressions.measures.sites import (
    SitesBy,
    beside_rest,
    levels_by_domain,
    movers,
    moves_by_domain,
    rest_over_time,
    site_levels,
    site_order,
    sites_over_time,
)
from tests.measures.facts import DAYS, LEVELS, any_facts, fact, network, some_facts

SITES = ["P1", "P2", "P3"]
THEN, NOW = DAYS[0], DAYS[2]


def plain(value):
    return None if value != value or value is None or str(value) == "<NA>" else int(value)


def of(facts, day, rubric="PART"):
    return {(f.partnership, f.domain): f for f in facts if f.held_on == day and f.rubric == rubric}


def way(old, new, facts):
    """The movement of one domain, told from the two facts and what came before."""
    if new is None:
        return "not_rated"
    if old is None:
        same = [f for f in facts if f[0] == new[0] and f.rubric == new.rubric and f.domain == new.domain]
        return "not_rated" if any(f.held_on < new.held_on for f in same) else "first"
    if old.wording != new.wording:
        return "not_comparable"
    return "same" if old.level == new.level else "up" if new.level > old.level else "down"


@any_facts
@given(some_facts())
def test_a_site_stands_where_it_was_rated_and_moved_as_the_two_ratings_say(facts):
    told = site_levels(tidy(facts), "PART", NOW, THEN)
    old, new = of(facts, THEN), of(facts, NOW)
    expected = {
        at: (
            new[at].level if at in new else None,
            old[at].level if at in old else None,
            way(old.get(at), new.get(at), facts),
        )
        for at in {*old, *new}
    }
    found = {
        (row["partnership"], row["domain"]): (plain(row["level"]), plain(row["level_then"]), row["movement"])
        for row in told.to_dict("records")
    }
    assert found == expected
    assert len(told) == len(expected)


@any_facts
@given(some_facts())
def test_without_an_earlier_convening_there_is_a_level_and_no_movement(facts):
    told = site_levels(tidy(facts), "PART", NOW)
    found = {(row["partnership"], row["domain"]): plain(row["level"]) for row in told.to_dict("records")}
    assert found == {at: f.level for at, f in of(facts, NOW).items()}
    assert set(told["movement"]) <= {""}
    assert told["level_then"].isna().all()


@any_facts
@given(some_facts(), st.permutations(SITES))
def test_sites_are_sorted_by_one_domain_or_by_whether_they_moved_and_otherwise_by_title(facts, named):
    titles = dict(zip(SITES, (f"Site {name}" for name in named), strict=True))
    sites = site_levels(tidy(facts), "PART", NOW, THEN)
    new, old = of(facts, NOW), of(facts, THEN)
    by_title = sorted(SITES, key=titles.__getitem__)
    assert site_order(sites, titles) == by_title
    levels = {code: new[code, "D1"].level if (code, "D1") in new else 0 for code in SITES}
    wanted = [code for level in (4, 3, 2, 1, 0) for code in by_title if levels[code] == level]
    assert site_order(sites, titles, SitesBy.LEVEL, "D1") == wanted
    moved = {at[0] for at in {*old, *new} if way(old.get(at), new.get(at), facts) in ("up", "down")}
    wanted = [c for c in by_title if c in moved] + [c for c in by_title if c not in moved]
    assert site_order(sites, titles, SitesBy.MOVED) == wanted


def test_there_is_no_order_by_how_much_a_site_has_in_all():
    assert {by.value for by in SitesBy} == {"title", "moved", "level"}


@any_facts
@given(some_facts())
def test_sites_at_each_level_of_a_domain_are_those_that_a_plain_count_finds(facts):
    sites = site_levels(tidy(facts), "PART", NOW, THEN)
    told = levels_by_domain(sites, ["D2", "D1"], (1, 2, 3))
    plainly = Counter((f.domain, f.level) for f in of(facts, NOW).values() if f.level <= 3)
    found = {(row["domain"], row["level"]): row["count"] for row in told.to_dict("records")}
    assert found == {(domain, level): plainly[domain, level] for domain in ("D2", "D1") for level in (1, 2, 3)}
    for row in told.to_dict("records"):
        assert row["n_ratings"] == sum(n for (domain, _), n in plainly.items() if domain == row["domain"])
    assert list(told["domain"].unique()) == ["D2", "D1"]


@any_facts
@given(some_facts())
def test_moves_per_domain_count_each_site_once(facts):
    old, new = of(facts, THEN), of(facts, NOW)
    told = moves_by_domain(site_levels(tidy(facts), "PART", NOW, THEN), ["D1", "D2", "D9"])
    plainly = Counter((at[1], way(old.get(at), new.get(at), facts)) for at in {*old, *new})
    for row in told.to_dict("records"):
        domain = row.pop("domain")
        assert row == {kind: plainly[domain, kind] for kind in row}
    assert list(told["domain"]) == ["D1", "D2", "D9"]


@any_facts
@given(some_facts())
def test_the_cells_of_the_matrix_hold_just_those_that_it_counts(facts):
    moved = movement_between(tidy(facts), THEN, NOW)
    matrix = transitions(moved, LEVELS)
    old = {(f.partnership, f.rubric, f.domain): f for f in facts if f.held_on == THEN}
    new = {(f.partnership, f.rubric, f.domain): f for f in facts if f.held_on == NOW}
    for then in LEVELS:
        for now in LEVELS:
            cell = movers(moved, then, now)
            found = set(zip(cell["partnership"], cell["rubric"], cell["domain"], strict=True))
            assert found == {
                at
                for at in {*old} & {*new}
                if (old[at].level, new[at].level) == (then, now) and old[at].wording == new[at].wording
            }
            assert len(cell) == matrix.loc[then, now]


@any_facts
@given(some_facts())
def test_the_rest_are_all_but_the_chosen_convening_by_convening(facts):
    told = rest_over_time(tidy(facts), "PART", ["P2"], DAYS[:3], (1, 2, 3))
    kept = [f for f in facts if f.partnership != "P2" and f.rubric == "PART" and f.held_on in DAYS[:3] and f.level < 4]
    plainly = Counter((f.domain, f.held_on, f.level) for f in kept)
    found = {(row["domain"], row["held_on"].date(), row["level"]): row["count"] for row in told.to_dict("records")}
    assert found == plainly
    for row in told.to_dict("records"):
        assert row["n_ratings"] == sum(
            n for (domain, day, _), n in plainly.items() if (domain, day) == (row["domain"], row["held_on"].date())
        )


@any_facts
@given(some_facts())
def test_a_chosen_site_stands_beside_those_of_the_rest_on_its_own_wording(facts):
    told = beside_rest(tidy(facts), "PART", ["P3", "P1"], NOW)
    rated = of(facts, NOW)
    found = {
        (row["partnership"], row["domain"]): tuple(row[name] for name in ("level", "lower", "same", "higher", "n_rest"))
        for row in told.to_dict("records")
    }
    expected = {}
    for (site, domain), mine in rated.items():
        if site == "P2":
            continue
        rest = [f.level for (who, which), f in rated.items() if (who, which) == ("P2", domain)]
        rest = rest if rated.get(("P2", domain), mine).wording == mine.wording else []
        ways = [sum(level < mine.level for level in rest), rest.count(mine.level)]
        expected[site, domain] = (mine.level, *ways, len(rest) - sum(ways), len(rest))
    assert found == expected


def test_the_tables_of_several_sites_are_those_of_each_of_them():
    facts = network()
    told = sites_over_time(tidy(facts), "PART", ["P5", "P1"], DAYS)
    assert list(told["partnership"].unique()) == ["P5", "P1"]
    found = {
        (row["partnership"], row["domain"], row["held_on"].date()): plain(row["level"])
        for row in told.to_dict("records")
    }
    rated = {(f.partnership, f.domain, f.held_on): f.level for f in facts if f.partnership in ("P1", "P5")}
    assert {at: level for at, level in found.items() if level} == rated


@any_facts
@given(some_facts(), st.permutations(["P1", "P2", "P3", "P9"]), st.integers(0, 4))
def test_a_few_sites_over_time_are_their_ratings_and_their_gaps_in_the_order_given(facts, sites, count):
    chosen, days = sites[:count], DAYS[1:4]
    expected = []
    for site in chosen:
        own = [f for f in facts if (f.partnership, f.rubric) == (site, "PART")]
        for domain in sorted({f.domain for f in own}):
            words = None
            for day in days:
                if not min(f.held_on for f in own) <= day <= max(f.held_on for f in own):
                    continue
                said = next((f for f in own if (f.domain, f.held_on) == (domain, day)), None)
                begins = said is not None and words not in (None, said.wording)
                words = said.wording if said else words
                cell = (said.level, said.wording) if said else (None, None)
                expected.append((site, domain, day, *cell, begins))
    told = sites_over_time(tidy(facts), "PART", chosen, days)
    found = [
        (
            r["partnership"],
            r["domain"],
            r["held_on"].date(),
            plain(r["level"]),
            plain(r["wording"]),
            r["wording_begins"],
        )
        for r in told.to_dict("records")
    ]
    assert found == expected


def test_no_chosen_site_gives_an_empty_table():
    assert sites_over_time(tidy(network()), "PART", [], DAYS).empty


@any_facts
@given(some_facts())
def test_what_is_missing_and_what_is_rated_are_everything_together(facts):
    asked = {"PART": ["D1", "D2"], "IHE": ["D2"]}
    sites = ["P3", "P9", "P1"]
    told = missing(tidy(facts), sites, NOW, asked)
    rated = {(f.partnership, f.rubric, f.domain) for f in facts if f.held_on == NOW}
    every = [(site, rubric, code) for site in sites for rubric, codes in asked.items() for code in codes]
    assert [tuple(row) for row in told.itertuples(index=False)] == [at for at in every if at not in rated]


@any_facts
@given(some_facts())
def test_the_states_of_a_convening_add_up_to_everybody(facts):
    grid = coverage(tidy(facts), SITES, {day: {"PART": ["D1", "D2"]} for day in DAYS[:4]})
    told = coverage_counts(grid)
    sizes = Counter((f.partnership, f.held_on) for f in facts if f.rubric == "PART")
    names = {0: "none", 1: "started", 2: "done"}
    plainly = Counter((day, names[sizes[site, day]]) for site in SITES for day in DAYS[:4])
    found = {(row["held_on"].date(), row["state"]): row["count"] for row in told.to_dict("records")}
    assert {at: n for at, n in found.items() if n} == plainly
    assert set(told["total"]) == {3}
    assert len(found) == 4 * 3


@pytest.mark.parametrize("then", [None, THEN])
def test_a_rubric_that_nobody_rated_has_no_sites(then):
    assert site_levels(tidy([fact(NOW, 2)]), "LEA", NOW, then).empty
