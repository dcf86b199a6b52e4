"""The sentences over sites in counts and side by side: at ties, and where there is nobody to compare with."""

from collections.abc import Mapping
from datetime import date

import pytest
from hypothesis import given

from progressions.charts.domain_spread import domain_spread
from progressions.charts.figure import Figure
from progressions.charts.side_by_side import side_by_side
from progressions.charts.site_axes import Occasion, moved_words
from progressions.charts.sites_heat import sites_heat
from progressions.measures.findings import PARTNERSHIPS
from progressions.measures.frame import tidy
from progressions.measures.movement import movement_between
from progressions.measures.sites import (
    beside_rest,
    last_together,
    levels_by_domain,
    rest_over_time,
    site_levels,
    sites_over_time,
)
from progressions.ratings import RatingFact
from progressions.rubric import Domain, Level, Rubric
from tests.charts.drawings import rows
from tests.measures.facts import LEVELS, any_facts, fact, some_facts

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


def side(facts: list[RatingFact], chosen: Mapping[str, str], on: date = AUTUMN) -> Figure:
    frame, codes = tidy(facts), list(chosen)
    return side_by_side(
        sites_over_time(frame, "PART", codes, list(NAMES)),
        rest_over_time(frame, "PART", codes, list(NAMES), list(LEVELS)),
        beside_rest(frame, "PART", codes, on),
        RUBRIC,
        chosen,
        NAMES,
        columns=list(NAMES),
        on=on,
    )


def beside(facts: list[RatingFact], chosen: Mapping[str, str], on: date = AUTUMN) -> str:
    return side(facts, chosen, on).finding


def test_side_by_side_tells_of_domains_where_they_stand_alike_and_where_furthest_apart() -> None:
    ash = [fact(AUTUMN, level, partnership="ash", domain=code) for code, level in zip(CODES, (2, 1, 4, 3), strict=True)]
    birch = [fact(AUTUMN, 2, partnership="birch", domain=code) for code in CODES]
    rest = [fact(AUTUMN, 2, partnership="cedar")]
    assert beside(ash + birch + rest, {"ash": "Ash", "birch": "Birch"}) == (
        "Autumn 2026: of 4 domains that two or more of them rated, they stand at one level in 1; furthest apart in "
        "Domain D2, at levels 2 to 4"
    )
    equal = [*ash[:2], fact(AUTUMN, 1, partnership="ash", domain="D2")]
    assert beside(equal + birch + rest, {"ash": "Ash", "birch": "Birch"}) == (
        "Autumn 2026: of 3 domains that two or more of them rated, they stand at one level in 1; furthest apart in "
        "Domain D1, at levels 1 to 2 (as far in 1 other)"
    )


def test_side_by_side_where_all_stand_alike_nothing_is_furthest_apart() -> None:
    own = [fact(AUTUMN, 2, partnership=site, domain="D0") for site in ("ash", "birch", "cedar")]
    assert beside(own, {"ash": "Ash", "birch": "Birch"}) == (
        "Autumn 2026: of 1 domain that two or more of them rated, they stand at one level in 1"
    )


def test_side_by_side_does_not_compare_levels_on_other_words_and_says_who_is_not_rated_then() -> None:
    own = [fact(AUTUMN, 2, partnership="ash"), fact(AUTUMN, 3, partnership="birch", wording=2)]
    told = "Autumn 2026: no domain was rated by two of them on the same words"
    rest = [fact(AUTUMN, 1, partnership="cedar")]
    assert beside(own + rest, {"ash": "Ash", "birch": "Birch"}) == told
    before = [fact(SPRING, 2, partnership="dale")]
    assert beside(own + rest + before, {"ash": "Ash", "birch": "Birch", "dale": "Dale"}) == (
        f"{told}; not rated then: Dale"
    )


def test_side_by_side_of_all_there_are_has_no_rest() -> None:
    own = [fact(AUTUMN, 2, partnership=site, domain=code) for site in ("ash", "birch") for code in CODES]
    assert beside(own, {"ash": "Ash", "birch": "Birch"}) == (
        "Autumn 2026: of 4 domains that two or more of them rated, they stand at one level in 4; "
        "nobody of the rest rated these domains then on the same words"
    )


def test_side_by_side_tells_which_convening_it_is_of_where_that_is_not_the_last() -> None:
    both = [fact(SPRING, level, partnership=site) for site, level in (("ash", 2), ("birch", 4))]
    facts = [*both, fact(SPRING, 1, partnership="cedar"), fact(AUTUMN, 3, partnership="ash")]
    assert last_together(tidy(facts), "PART", ["ash", "birch"], list(NAMES)) == SPRING
    assert beside(facts, {"ash": "Ash", "birch": "Birch"}, SPRING) == (
        "Spring 2026, the last that two of them rated: of 1 domain that two or more of them rated, they stand at one "
        "level in none; furthest apart in Domain D1, at levels 2 to 4"
    )


TWO = {"ash": "Ash", "birch": "Birch"}
FIVE = (*TWO, "cedar", "dale", "elm")


def rest_of(facts: list[RatingFact]) -> str:
    """What is said of how many the rest are."""
    return side(facts, TWO).n.partition("the rest: ")[2].partition("; ")[0]


def test_where_only_the_chosen_rated_at_the_last_convening_the_rest_are_none_at_it() -> None:
    before = [fact(SPRING, 2, partnership=site, domain=code) for site in FIVE for code in CODES]
    assert rest_of(before + [fact(AUTUMN, 3, partnership=site, domain="D1") for site in TWO]) == (
        "all others who rated, 0 at the last"
    )


def test_a_domain_that_none_of_the_rest_rated_at_the_last_convening_is_among_the_fewest() -> None:
    before = [fact(SPRING, 2, partnership=site, domain=code) for site in FIVE for code in CODES]
    some = [fact(AUTUMN, 3, partnership=site, domain="D1") for site in FIVE]
    assert rest_of(before + some) == "all others who rated, 0 to 3, by domain, at the last"
    gone = [fact(AUTUMN, 3, partnership=site, domain="GONE") for site in FIVE]
    every = [fact(AUTUMN, 3, partnership=site, domain=code) for site in FIVE[:4] for code in CODES]
    assert rest_of(before + every + gone) == "all others who rated, 2 at the last"


def test_a_last_convening_with_nothing_but_levels_that_are_no_more_keeps_its_column() -> None:
    before = [fact(SPRING, 2, partnership=site) for site in FIVE]
    figure = side([*before, fact(AUTUMN, 5, partnership="elm")], TWO, SPRING)
    assert figure.finding.startswith("Spring 2026, the last that two of them rated: of 1 domain")
    assert list(figure.table) == ["Domain", "Partnership", "Spring 2026", "Autumn 2026", "Of the rest in Spring 2026"]
    assert set(figure.table["Autumn 2026"]) == {""}
    assert figure.n.startswith(
        "2 partnerships, 4 domains, 2 convenings. Thin bars, the rest: all others who rated, 0 at the last;"
    )


def test_the_line_under_a_bar_counts_its_column_from_the_last_there_is() -> None:
    facts = [fact(SPRING, 2, partnership=site) for site in FIVE] + [fact(AUTUMN, 3, partnership=site) for site in TWO]
    assert [row["back"] for row in rows(side(facts, TWO)) if row["kind"] == "bar"] == [1]


def test_how_the_rest_stand_is_told_in_three_counts() -> None:
    rest = [fact(AUTUMN, level, partnership=f"P{n}") for n, level in enumerate((1, 2, 2, 3, 3, 3, 3, 3, 4, 4))]
    own = [fact(AUTUMN, level, partnership=site) for site, level in (("ash", 3), ("birch", 1))]
    told = side(own + rest, TWO).table.set_index(["Domain", "Partnership"])["Of the rest in Autumn 2026"]
    assert told["Domain D1", "Ash"] == "3 lower, 5 the same, 2 higher"
    assert told["Domain D1", "Birch"] == "0 lower, 1 the same, 9 higher"


@any_facts
@given(some_facts())
def test_the_last_convening_of_two_of_the_chosen(facts: list[RatingFact]) -> None:
    chosen, days = ["P1", "P3"], sorted({f.held_on for f in facts})
    told = [(f.held_on, f.domain, f.wording) for f in facts if f.partnership in chosen and f.rubric == "PART"]
    shared = [day for day, *_ in (cell for cell in told if told.count(cell) > 1)]
    assert last_together(tidy(facts), "PART", chosen, days) == max(shared, default=None)
    assert last_together(tidy(facts), "PART", chosen, []) is None


def test_no_finding_side_by_side_counts_who_stands_higher() -> None:
    facts = [fact(AUTUMN, level, partnership=site) for site, level in (("ash", 2), ("birch", 3), ("cedar", 4))]
    told = beside(facts, {"ash": "Ash", "birch": "Birch"})
    assert not any(word in told for word in ("higher", "lower", "Ash", "Birch"))


def moved(changes: Mapping[str, int]) -> str:
    """Three sites whose ratings changed so, by "site domain"."""
    facts = [fact(SPRING, 2, partnership=site, domain=domain) for site, domain in map(str.split, changes)]
    facts += [
        fact(AUTUMN, 2 + change, partnership=site, domain=domain)
        for (site, domain), change in zip(map(str.split, changes), changes.values(), strict=True)
    ]
    return moved_words(movement_between(tidy(facts), SPRING, AUTUMN), "Spring 2026")


def test_where_ups_and_downs_are_even_in_each_partnership_nobody_is_said_not_to_have_moved() -> None:
    even = moved({"ash D0": 1, "ash D1": -1, "birch D0": 0})
    assert even == (
        "Of 3 ratings, 1 moved up, 1 stayed, 1 moved down since Spring 2026. "
        "In each partnership that moved, as many moved up as down"
    )
    assert moved({"ash D0": 0}) == "Of 1 rating, 0 moved up, 1 stayed, 0 moved down since Spring 2026"
    assert moved({"ash D0": 1, "birch D0": 0}).endswith(
        ". By partnership, on balance: 1 rose, none fell: this could be chance"
    )


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ((1, 1, 0, -1), "2 moved up, 1 stayed, 1 moved down. That more moved up than down could be chance"),
        (
            (-1,) * 6,
            "0 moved up, 0 stayed, 6 moved down. That more moved down than up is hard to explain by chance",
        ),
        ((1, -1), "1 moved up, 0 stayed, 1 moved down"),
        ((0, 0), "0 moved up, 2 stayed, 0 moved down"),
    ],
)
def test_of_one_domain_no_count_is_told_twice(changes: tuple[int, ...], told: str) -> None:
    facts = [fact(SPRING, 2, partnership=f"P{site}") for site in range(len(changes))]
    facts += [fact(AUTUMN, 2 + change, partnership=f"P{site}") for site, change in enumerate(changes)]
    found = movement_between(tidy(facts), SPRING, AUTUMN)
    assert moved_words(found, "", PARTNERSHIPS) == f"Of {len(changes)} partnerships, {told}"


def test_the_words_over_the_sites_are_those_over_who_moved() -> None:
    facts = [*rated({"D0": 1, "D1": 3}), fact(SPRING, 1, partnership="P0", domain="D0")]
    sites = site_levels(tidy(facts), "PART", AUTUMN, SPRING)
    heat = sites_heat(sites, RUBRIC, {"P0": "Ash"}, Occasion("Autumn 2026", "Spring 2026"))
    of_ash = [each for each in facts if each.partnership == "P0"]
    assert heat.finding == moved_words(movement_between(tidy(of_ash), SPRING, AUTUMN), "Spring 2026")
