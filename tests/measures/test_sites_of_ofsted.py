"""The network's measures on real ratings: the public judgements of English local authorities, beside plain loops."""

import csv
from collections import Counter
from datetime import date

import pytest

from progressions.measures.frame import tidy
from progressions.measures.network import levels_over_time
from progressions.measures.sites import levels_by_domain, rest_over_time, site_levels
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
