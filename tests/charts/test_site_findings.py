"""The sentences over sites in counts and side by side: at ties, and where there is nobody to compare with."""

from collections.abc import Mapping
from datetime import date

import pytest

from progressions.charts.domain_spread import domain_spread
from progressions.charts.side_by_side import side_by_side
from progressions.charts.site_axes import Occasion
from progressions.measures.frame import tidy
from progressions.measures.sites import beside_rest, levels_by_domain, rest_over_time, site_levels, sites_over_time
from progressions.ratings import RatingFact
from progressions.rubric import Domain, Level, Rubric
from tests.measures.facts import LEVELS, fact

SPRING, AUTUMN = date(2026, 4, 15), date(2026, 10, 15)
NAMES = {SPRING: "Spring 2026", AUTUMN: "Autumn 2026"}
CODES = ("D0", "D1", "D2", "D3")
RUBRIC = Rubric(
    "PART",
    "Partnership rubric",
    tuple(Level(position, f"Step {position}") for position in LEVELS),
    tuple(Domain(code, f"Domain {code}", "", ("",) * 4) for code in CODES),
)


def rated(high: Mapping[str, int], of: int = 4) -> list[RatingFact]:
    """So many sites of these at level 4, the others at level 1."""
    return [
        fact(AUTUMN, 4 if site < upper else 1, partnership=f"P{site}", domain=domain)
        for domain, upper in high.items()
        for site in range(of)
    ]


@pytest.mark.parametrize(
    ("high", "ends"),
    [
        ({"D0": 1, "D1": 3, "D2": 2, "D3": 2}, "most, 3 of 4 (75%) in Domain D1; fewest, 1 of 4 (25%) in Domain D0"),
        (
            {"D0": 3, "D1": 3, "D2": 1, "D3": 3},
            "most, 3 of 4 (75%) in Domain D0 (the same share in 2 others); fewest, 1 of 4 (25%) in Domain D2",
        ),
        (
            {"D0": 3, "D1": 1, "D2": 1},
            "most, 3 of 4 (75%) in Domain D0; fewest, 1 of 4 (25%) in Domain D1 (the same share in 1 other)",
        ),
        (dict.fromkeys(CODES, 2), "2 of 4 (50%) in Domain D0 (the same share in 3 others)"),
        ({"D2": 2}, "2 of 4 (50%) in Domain D2"),
    ],
)
def test_the_domains_at_the_ends_are_told_with_those_that_are_equal(high: dict[str, int], ends: str) -> None:
    counts = levels_by_domain(site_levels(tidy(rated(high)), "PART", AUTUMN, None), list(CODES), list(LEVELS))
    figure = domain_spread(counts, None, RUBRIC, Occasion("Autumn 2026", ""), 4)
    assert figure.finding == f"At level 3 or above: {ends}"


def beside(facts: list[RatingFact], chosen: Mapping[str, str], on: date = AUTUMN) -> str:
    frame, codes = tidy(facts), list(chosen)
    return side_by_side(
        sites_over_time(frame, "PART", codes, list(NAMES)),
        rest_over_time(frame, "PART", codes, list(NAMES), list(LEVELS)),
        beside_rest(frame, "PART", codes, on),
        RUBRIC,
        chosen,
        NAMES,
    ).finding


def test_side_by_side_says_at_which_convening_and_counts_what_somebody_of_the_rest_rated() -> None:
    own = [fact(AUTUMN, 2, partnership=site, domain=code) for site in ("ash", "birch") for code in CODES]
    rest = [fact(AUTUMN, level, partnership="cedar", domain=code) for code, level in (("D0", 3), ("D1", 1), ("D2", 2))]
    others = [fact(AUTUMN, 2, partnership="cedar", domain="D3", wording=2)]
    told = "Domains in which more of the rest stand higher, and lower, in Autumn 2026: "
    for facts in (own + rest + others, own + rest):
        assert beside(facts, {"ash": "Ash", "birch": "Birch"}) == (
            f"{told}Ash 1 and 1 of 3; Birch 1 and 1 of 3; "
            "1 domain not counted, because nobody of the rest rated it on the same words"
        )


def test_side_by_side_with_a_rest_that_rated_everything_leaves_nothing_out() -> None:
    facts = [fact(AUTUMN, level, partnership=site) for site, level in (("ash", 2), ("cedar", 3))]
    assert beside(facts, {"ash": "Ash", "birch": "Birch"}) == (
        "Domains in which more of the rest stand higher, and lower, in Autumn 2026: Ash 1 and 0 of 1; Birch not rated"
    )


def test_a_partnership_whose_domains_nobody_of_the_rest_rated_is_told_apart_from_one_that_is_not_rated() -> None:
    facts = [fact(AUTUMN, 2, partnership="ash"), fact(AUTUMN, 3, partnership="cedar")]
    facts += [fact(AUTUMN, 2, partnership="birch", domain=code) for code in ("D2", "D3")]
    assert beside(facts, {"ash": "Ash", "birch": "Birch", "dale": "Dale"}) == (
        "Domains in which more of the rest stand higher, and lower, in Autumn 2026: Ash 1 and 0 of 1; "
        "Birch none to compare; Dale not rated; "
        "2 domains not counted, because nobody of the rest rated them on the same words"
    )


def test_side_by_side_of_all_there_are_has_no_rest() -> None:
    own = [fact(AUTUMN, 2, partnership=site, domain=code) for site in ("ash", "birch") for code in CODES]
    assert beside(own, {"ash": "Ash", "birch": "Birch"}) == (
        "Nobody of the rest rated any of these domains in Autumn 2026 on the same words"
    )
