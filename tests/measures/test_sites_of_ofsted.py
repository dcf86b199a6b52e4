"""The network's measures on real ratings: the public judgements of English local authorities, beside plain loops."""

import csv
from collections import Counter
from datetime import date
from itertools import combinations, groupby, pairwise

import pandas as pd
import pytest

from progressions.measures.frame import tidy
from progressions.measures.lines import convenings_of, first_to_latest, heat_table, line_of
from progressions.measures.movement import movement_between, on_balance, transitions
from progressions.measures.network import coverage, levels_over_time
from progressions.measures.sites import levels_by_domain, rest_over_time, site_levels
from progressions.measures.stuck import moved_on, stuck
from progressions.ratings import RatingFact
from tests.ofsted import COLUMNS, HISTORY, LEVELS, MISSING

pytestmark = [pytest.mark.shared, pytest.mark.skipif(not HISTORY.exists(), reason=MISSING)]


@pytest.fixture(scope="module")
def facts() -> list[RatingFact]:
    """One convening a calendar year: the latest judgement of each authority in it."""
    found: dict[tuple[str, int, str], tuple[date, int]] = {}
    with HISTORY.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            day, month, year = (int(part) for part in row["publication_date"].split("/"))
            year += 2000
            when = date(year, month, day)
            for column, code in COLUMNS.items():
                level = LEVELS.get(row[column])
                key = (row["urn"], year, code)
                if level and (key not in found or found[key][0] < when):
                    found[key] = (when, level)
    return [
        RatingFact(urn, date(year, 12, 31), "ofsted", code, level, 1) for (urn, year, code), (_, level) in found.items()
    ]


Lines = dict[tuple[str, str], dict[date, int]]


@pytest.fixture(scope="module")
def frame(facts: list[RatingFact]) -> pd.DataFrame:
    return tidy(facts)


@pytest.fixture(scope="module")
def lines(facts: list[RatingFact]) -> Lines:
    """By authority and domain its levels by year, the oldest first."""
    found: Lines = {}
    for each in sorted(facts, key=lambda f: f.held_on):
        found.setdefault((each.partnership, each.domain), {})[each.held_on] = each.level
    return found


def sign(step: int) -> int:
    return (step > 0) - (step < 0)


def test_the_real_levels_of_a_year_are_those_of_a_plain_count(facts: list[RatingFact]) -> None:
    year = max(Counter(f.held_on for f in facts).items(), key=lambda pair: pair[1])[0]
    told = levels_by_domain(site_levels(tidy(facts), "ofsted", year), list(COLUMNS.values()), (1, 2, 3, 4))
    plainly = Counter((f.domain, f.level) for f in facts if f.held_on == year)
    found = {(row["domain"], row["level"]): row["count"] for row in told.to_dict("records")}
    assert {at: n for at, n in found.items() if n} == plainly
    assert sum(plainly.values()) > 50


def test_the_real_rest_is_everybody_but_the_chosen(facts: list[RatingFact]) -> None:
    days = sorted({f.held_on for f in facts})
    chosen = sorted({f.partnership for f in facts})[:3]
    told = rest_over_time(tidy(facts), "ofsted", chosen, days, (1, 2, 3, 4))
    plainly = Counter((f.domain, f.held_on, f.level) for f in facts if f.partnership not in chosen)
    assert {(r["domain"], r["held_on"].date(), r["level"]): r["count"] for r in told.to_dict("records")} == plainly


def test_the_same_real_sites_are_those_judged_in_both_years(facts: list[RatingFact]) -> None:
    days = sorted({f.held_on for f in facts})
    ends = (days[len(days) // 3], days[-1])
    told = levels_over_time(tidy(facts), "ofsted", "overall", ends, (1, 2, 3, 4), "same")
    at = [{f.partnership: f.level for f in facts if f.held_on == day and f.domain == "overall"} for day in ends]
    both = set(at[0]) & set(at[1])
    plainly = Counter((day, at[place][site]) for place, day in enumerate(ends) for site in both)
    found = {(row["held_on"].date(), row["level"]): row["count"] for row in told.to_dict("records")}
    assert {key: n for key, n in found.items() if n} == plainly


def test_between_any_two_real_years_the_moves_are_those_of_a_plain_count(frame: pd.DataFrame, lines: Lines) -> None:
    years = sorted({day for line in lines.values() for day in line})
    compared = 0
    for then, now in combinations(years, 2):
        moved = movement_between(frame, then, now)
        both = {at: (line[then], line[now]) for at, line in lines.items() if then in line and now in line}
        table = transitions(moved, (1, 2, 3, 4))
        cells = Counter(both.values())
        found = {(old, new): table.loc[old, new] for old in (1, 2, 3, 4) for new in (1, 2, 3, 4)}
        assert {at: n for at, n in found.items() if n} == cells
        net: Counter[str] = Counter()
        for (site, _), (old, new) in both.items():
            net[site] += sign(new - old)
        ways = Counter(map(sign, net.values()))
        assert on_balance(moved) == (ways[1], ways[-1])
        compared += len(both)
    assert compared > 500


def test_the_real_authorities_that_moved_on_are_those_whose_lines_say_so(frame: pd.DataFrame, lines: Lines) -> None:
    expected = set()
    for (site, domain), line in lines.items():
        days, levels = list(line), list(line.values())
        for at, (old, new) in enumerate(pairwise(levels)):
            if new > old and levels[-1] > old and old not in levels[at + 1 :]:
                expected.add((site, domain, days[at], old, days[at + 1], new))
    told = {
        (r["partnership"], r["domain"], r["held_then"].date(), r["level_then"], r["held_now"].date(), r["level_now"])
        for r in moved_on(frame).to_dict("records")
    }
    assert told == expected
    assert len(told) > 100


def test_the_real_domains_that_have_stood_still_are_those_whose_lines_end_flat(
    frame: pd.DataFrame, lines: Lines
) -> None:
    found = 0
    for who in sorted({site for site, _ in lines})[:40]:
        expected = {}
        for (site, domain), line in lines.items():
            still = [list(days) for _, days in groupby(line, key=line.__getitem__)][-1]
            if site == who and len(still) > 1:
                expected[domain] = (line[still[0]], still[0], still[-1], len(still))
        told = {
            r["domain"]: (r["level"], r["since"].date(), r["held_now"].date(), r["times"])
            for r in stuck(frame, who, "ofsted").to_dict("records")
        }
        assert told == expected
        found += len(told)
    assert found > 20


def test_the_table_and_the_lines_of_a_real_authority_are_its_judgements(frame: pd.DataFrame, lines: Lines) -> None:
    for who in sorted({site for site, _ in lines})[:20]:
        days = convenings_of(frame, who)
        own = {domain: line for (site, domain), line in lines.items() if site == who}
        table = heat_table(frame, who, "ofsted")
        cells = {(r["domain"], r["held_on"].date()): r["level"] for r in table.to_dict("records")}
        assert {at: level for at, level in cells.items() if pd.notna(level)} == {
            (domain, day): level for domain, line in own.items() for day, level in line.items()
        }
        assert cells.keys() == {(domain, day) for domain in own for day in days}
        ends = Counter(
            sign(list(line.values())[-1] - next(iter(line.values()))) for line in own.values() if len(line) > 1
        )
        counts = first_to_latest(table)
        assert (counts.up, counts.same, counts.down) == (ends[1], ends[0], ends[-1])
        assert counts.first == sum(len(line) == 1 for line in own.values())
        for domain, line in own.items():
            drawn = line_of(frame, who, "ofsted", domain)
            assert [day.date() for day in drawn["held_on"]] == list(days)
            rated = drawn[drawn["level"].notna()]
            assert dict(zip((day.date() for day in rated["held_on"]), rated["level"], strict=True)) == line


def test_who_was_judged_in_a_real_year_and_in_how_much(frame: pd.DataFrame, lines: Lines) -> None:
    years = sorted({day for line in lines.values() for day in line})
    sites = sorted({site for site, _ in lines})
    asked = {day: {"ofsted": list(COLUMNS.values())[: 3 + place % 3]} for place, day in enumerate(years)}
    grid = coverage(frame, sites, asked)
    told = {(r["partnership"], r["held_on"].date()): (r["rated"], r["total"]) for r in grid.to_dict("records")}
    assert told == {
        (site, day): (sum(day in lines.get((site, domain), ()) for domain in of["ofsted"]), len(of["ofsted"]))
        for site in sites
        for day, of in asked.items()
    }
    assert set(grid["state"]) == {"none", "started", "done"}
