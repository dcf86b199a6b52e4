"""What the bars of a network's levels say beside them: who is left out, and where the words are others."""

from datetime import date

import pytest

from progressions.charts.figure import Figure
from progressions.charts.stacked import stacked_levels
from progressions.measures.findings import PARTNERSHIPS, RATINGS
from progressions.measures.frame import tidy
from progressions.measures.network import levels_over_time
from progressions.ratings import RatingFact
from progressions.rubric import Level
from tests.charts.drawings import spec_of
from tests.measures.facts import LEVELS, fact

SPRING, SUMMER, AUTUMN = date(2026, 4, 15), date(2026, 7, 15), date(2026, 10, 15)
NAMES = {SPRING: "Spring 2026", SUMMER: "Summer 2026", AUTUMN: "Autumn 2026"}
STEPS = tuple(Level(position, f"Step {position}") for position in LEVELS)


def rated(day: date, level: int, *, sites: int = 11, domains: int = 3, wording: int = 1) -> list[RatingFact]:
    return [
        fact(day, level, partnership=f"P{site}", domain=f"D{domain}", wording=wording)
        for site in range(sites)
        for domain in range(domains)
    ]


def drawn(
    facts: list[RatingFact], population: str, days: tuple[date, ...] = (SPRING, AUTUMN), *, one_domain: bool = False
) -> Figure:
    spread = levels_over_time(tidy(facts), "PART", "D0" if one_domain else None, days, LEVELS, population)
    unit = PARTNERSHIPS if one_domain else RATINGS
    return stacked_levels(spread, STEPS, NAMES, population=population, unit=unit)


def test_the_same_sites_say_how_many_of_their_ratings_are_left_out():
    assert drawn(rated(SPRING, 2) + rated(AUTUMN, 3, domains=1), "same").n == (
        "The same 11 partnerships at both dates; none left out. Of the ratings, 22 of 33 in Spring 2026 and 0 of 11 in "
        "Autumn 2026 are left out: 22 rated at one of the two alone"
    )


def test_domains_that_came_or_went_between_are_told_with_their_ratings():
    came = [fact(AUTUMN, 4, partnership=f"P{site}", domain="NEW") for site in range(10)]
    figure = drawn(rated(SPRING, 2) + rated(SUMMER, 2, domains=2) + rated(AUTUMN, 3) + came, "all")
    assert figure.finding == (
        "At level 3 or above: 43 of 43 ratings (100%) in Autumn 2026; 0 of 33 (0%) in Spring 2026; "
        "10 of the 43 in Autumn 2026 are of 1 domain that nobody rated in Spring 2026"
    )
    went = [fact(SPRING, 1, partnership="P0", domain=code) for code in ("OLD", "OLDER")]
    figure = drawn([*went, *rated(SPRING, 2), *rated(AUTUMN, 3), came[0]], "all")
    assert figure.finding.endswith(
        "; 1 of the 34 in Autumn 2026 is of 1 domain that nobody rated in Spring 2026"
        "; 2 of the 35 in Spring 2026 are of 2 domains that nobody rated in Autumn 2026"
    )
    assert "nobody" not in drawn([*went, *rated(SPRING, 2), *rated(AUTUMN, 3), came[0]], "same").finding


def test_a_domain_rated_only_at_a_level_that_is_no_more_is_not_called_rated_by_nobody():
    older = [fact(SPRING, 5, partnership="P0", domain="NEW"), fact(AUTUMN, 4, partnership="P0", domain="NEW")]
    figure = drawn(rated(SPRING, 2) + rated(AUTUMN, 3) + older, "all")
    assert "nobody" not in figure.finding
    assert figure.n.endswith("; not shown: 1 rating at levels of an earlier version")


def test_nothing_is_added_where_no_rating_is_left_out():
    assert drawn(rated(SPRING, 2) + rated(AUTUMN, 3), "same").n == (
        "The same 11 partnerships at both dates; none left out"
    )


def test_where_nobody_rated_at_the_last_nothing_of_it_is_left_out():
    assert drawn(rated(SPRING, 2, sites=4), "same", one_domain=True).n == (
        "The same 0 partnerships at both dates; 4 left out. Of the ratings, 4 of 4 in Spring 2026 are left out: "
        "4 rated at one of the two alone"
    )


def test_one_convening_is_not_told_as_two_dates():
    figure = drawn(rated(SPRING, 2), "same", (SPRING,))
    assert figure.n == "11 partnerships in Spring 2026, the only convening"
    assert figure.finding == "At level 3 or above: 0 of 33 ratings (0%) in Spring 2026"


def test_ratings_at_levels_that_are_no_more_are_told_of_the_same_sites_too():
    facts = [*rated(SPRING, 2, domains=1), fact(AUTUMN, 5, partnership="P0", domain="D0")]
    facts += [each for each in rated(AUTUMN, 3, domains=1) if each.partnership != "P0"]
    assert drawn(facts, "same").n == (
        "The same 10 partnerships at both dates; 1 left out. Of the ratings, 1 of 11 in Spring 2026 and 0 of 11 in "
        "Autumn 2026 are left out: 1 rated at these levels at one of the two alone; "
        "not shown: 1 rating at levels of an earlier version"
    )


def test_ratings_on_other_words_are_no_change_of_the_same_sites():
    figure = drawn(rated(SPRING, 4) + rated(AUTUMN, 2, wording=2), "same")
    assert figure.finding == "No ratings can be compared: none was rated at both dates on the same words"
    assert figure.n == (
        "The same 0 partnerships at both dates; 11 left out. Of the ratings, 33 of 33 in Spring 2026 and 33 of 33 in "
        "Autumn 2026 are left out: 66 on other words"
    )


def test_of_a_rubric_of_which_one_domain_is_reworded_the_others_are_compared():
    kept = [rated(SPRING, 4, domains=2), rated(AUTUMN, 4, domains=2)]
    new = [each for wording, day in ((1, SPRING), (2, AUTUMN)) for each in rated(day, 1, wording=wording)]
    facts = kept[0] + kept[1] + [each for each in new if each.domain == "D2"]
    figure = drawn(facts, "same")
    assert (
        figure.finding == "At level 3 or above: 22 of 22 ratings (100%) in Autumn 2026; 22 of 22 (100%) in Spring 2026"
    )
    assert figure.n.endswith(": 22 on other words")
    assert "new wording" not in str(spec_of(figure))


@pytest.mark.parametrize(
    ("one_domain", "finding"),
    [
        (
            False,
            "At level 3 or above: 0 of 33 ratings (0%) in Autumn 2026; 33 of 33 (100%) in Spring 2026; "
            "3 domains were reworded between and cannot be compared",
        ),
        (
            True,
            "At level 3 or above: 0 of 11 partnerships (0%) in Autumn 2026; 11 of 11 (100%) in Spring 2026; "
            "the domain was reworded between and cannot be compared",
        ),
    ],
)
def test_a_drop_over_new_words_is_no_finding_and_is_marked_where_the_words_begin(one_domain: bool, finding: str):
    facts = rated(SPRING, 4) + rated(SUMMER, 2, wording=2) + rated(AUTUMN, 2, wording=2)
    figure = drawn(facts, "all", (SPRING, SUMMER, AUTUMN), one_domain=one_domain)
    assert figure.finding.split("; in Autumn")[0] == finding
    assert list(figure.table["Wording"]) == ["", "new wording", ""]
    assert "new wording" in str(spec_of(figure)["layer"])


def test_a_chart_without_new_words_has_no_mark_for_them():
    figure = drawn(rated(SPRING, 4) + rated(AUTUMN, 2), "all")
    assert "new wording" not in str(spec_of(figure))
    assert "Wording" not in figure.table


def test_an_end_at_which_nobody_rated_the_domain_is_said_in_words():
    figure = drawn(rated(SPRING, 1, sites=4), "all", (SPRING, SUMMER, AUTUMN), one_domain=True)
    assert figure.finding.startswith("At level 3 or above: 0 of 4 partnerships (0%) in Spring 2026")
    assert "; not rated in Autumn 2026; " in figure.finding
    assert "0 of 0" not in figure.finding


def test_a_beginning_at_which_nobody_rated_the_domain_is_said_in_words():
    figure = drawn(rated(SUMMER, 1) + rated(AUTUMN, 3), "all", (SPRING, SUMMER, AUTUMN))
    assert figure.finding == (
        "At level 3 or above: 33 of 33 ratings (100%) in Autumn 2026; 0 of 33 (0%) in Summer 2026; "
        "not rated in Spring 2026"
    )


def test_of_one_domain_what_would_fit_by_chance_is_told_last():
    figure = drawn(rated(SPRING, 1) + rated(AUTUMN, 3), "same", one_domain=True)
    assert figure.finding.startswith("At level 3 or above: 11 of 11 partnerships (100%) in Autumn 2026; 0 of 11 (0%)")
    assert "; in Autumn 2026, with so few partnerships, read this as a share between" in figure.finding
