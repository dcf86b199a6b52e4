"""The list of what is missing, beside a plain walk through what is there."""

import pytest

from progressions.charts.listing import missing_ratings
from progressions.measures.frame import tidy
from progressions.measures.network import missing
from tests.factories import make_rubric
from tests.measures.facts import DAYS, fact

RUBRICS = [make_rubric(), make_rubric(domains=2, code="ihe")]
TITLES = {"P1": "Alder", "P2": "Birch"}
ALDER = [fact(DAYS[0], 2, rubric=r.code, domain=d.code) for r in RUBRICS for d in r.domains]
RATED = [*ALDER, *(fact(day, 3, partnership="P2", rubric="lea", domain="lea-1") for day in DAYS[:2])]


def gaps_at(day):
    return missing(tidy(RATED), list(TITLES), day, {r.code: [d.code for d in r.domains] for r in RUBRICS})


@pytest.mark.parametrize(("day", "done", "n"), [(DAYS[0], 1, 4), (DAYS[1], 0, 9)])
def test_each_missing_rating_has_a_row_and_the_sentences_count_them(day, done, n):
    listing = missing_ratings(gaps_at(day), RUBRICS, TITLES, "Spring")
    there = {(TITLES[f.partnership], f.rubric, f.domain) for f in RATED if f.held_on == day}
    wanted = [
        (title, rubric.title, domain.title)
        for title in TITLES.values()
        for rubric in RUBRICS
        for domain in rubric.domains
        if (title, rubric.code, domain.code) not in there
    ]
    assert list(listing.table.itertuples(index=False, name=None)) == wanted
    assert len(wanted) == n
    assert listing.title == "What is not rated: Spring"
    assert listing.finding.startswith(f"{done} of 2 partnerships")
    assert listing.n == f"{n} of 10 ratings missing; one row for each"


def test_where_nothing_is_missing_the_list_is_empty_and_says_so():
    nothing = gaps_at(DAYS[0]).iloc[:0]
    listing = missing_ratings(nothing, RUBRICS, TITLES, "Spring")
    assert listing.table.empty
    assert listing.finding.startswith("2 of 2 partnerships (100%)")
