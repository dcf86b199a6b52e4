"""One partnership is told of as itself: no network of one, and no chance over a single witness."""

import pytest

from progressions.charts.site_axes import moved_words
from progressions.measures.findings import PARTNERSHIPS, RATINGS
from progressions.measures.frame import tidy
from progressions.measures.movement import movement_between
from progressions.people import Partnership
from progressions.ratings import Convening, RatingFact
from progressions.rubric import RubricVersion
from progressions.services import compare
from progressions.services.compare import Between, Order
from tests.charts.test_site_findings import AUTUMN, CODES, RUBRIC, SPRING
from tests.factories import NOW
from tests.measures.facts import fact

BETWEEN = Between(Convening(2, AUTUMN, "Autumn 2026"), Convening(1, SPRING, "Spring 2026"))
ASH, BIRCH = Partnership(1, "ash", "Ash Schools & Elm"), Partnership(2, "birch", "Birch")
VERSION = RubricVersion(1, 1, NOW, "Sam", "", RUBRIC, {}, dict.fromkeys(CODES, 1))


def facts(site: str, then: tuple[int, ...], now: tuple[int, ...]) -> list[RatingFact]:
    return [
        fact(day, level, partnership=site, domain=code)
        for day, levels in ((SPRING, then), (AUTUMN, now))
        for code, level in zip(CODES, levels, strict=False)
    ]


OWN = facts("ash", (1, 2, 2), (2, 2, 1))
OTHERS = facts("birch", (1, 1, 1, 1), (2, 2, 2, 2))


def alone(between: Between, rated: list[RatingFact]):
    return compare.one_site(tidy(rated), ASH, VERSION, between, compare.Mode.LIGHT)


def test_the_site_that_was_found_is_told_of_by_name_and_by_its_domains() -> None:
    figure = alone(BETWEEN, OWN + OTHERS)
    assert figure.title == "Ash Schools & Elm: Partnership rubric, Autumn 2026"
    assert figure.finding == "Of 3 domains, 1 moved up, 1 stayed, 1 moved down since Spring 2026"
    assert figure.n.startswith("3 of 4 domains rated in Autumn 2026; a triangle")
    assert figure.n.endswith("Domains: 1\xa0Domain D0, 2\xa0Domain D1, 3\xa0Domain D2, 4\xa0Domain D3")
    assert "artnerships" not in figure.alt
    assert "chance" not in figure.alt


def test_the_site_that_was_found_at_its_first_convening_and_where_it_did_not_rate() -> None:
    now = Between(BETWEEN.now)
    assert alone(now, OWN).finding == "Of 4 domains: 1 Step 1 1; 2 Step 2 2; not rated 1"
    assert alone(now, OTHERS).finding == "Not rated in Autumn 2026"
    assert alone(now, OTHERS).n.startswith("0 of 4 domains rated in Autumn 2026. Domains:")
    assert alone(BETWEEN, OTHERS).finding == "No domain can be compared since Spring 2026"


@pytest.mark.parametrize("unit", [RATINGS, PARTNERSHIPS])
def test_over_a_single_partnership_no_chance_is_told(unit: tuple[str, str]) -> None:
    own = OWN if unit == RATINGS else OWN[:1] + OWN[3:4]
    for rated in (own, own + facts("birch", (1,), ())):  # the other one cannot be compared
        told = moved_words(movement_between(tidy(rated), SPRING, AUTUMN), "Spring 2026", unit)
        assert told.startswith(f"Of {'3 ratings' if unit == RATINGS else '1 partnership'}, 1 moved up")
        assert "chance" not in told
        assert "artnership, on balance" not in told
        assert "each partnership" not in told


def test_a_network_of_one_is_told_no_chance_on_home_nor_among_its_sites() -> None:
    frame = tidy(facts("ash", (1, 2, 2), (2, 3, 3)))
    moved = "Of 3 ratings, 3 moved up, 0 stayed, 0 moved down since Spring 2026"
    assert BETWEEN.then is not None
    assert compare.network_moves(frame, VERSION, (BETWEEN.then, BETWEEN.now)) == f"{moved}."
    assert compare.sites(frame, [ASH], VERSION, BETWEEN, Order(), compare.Mode.LIGHT).finding == moved
    found = compare.moved(frame, VERSION, BETWEEN, "")
    assert compare.who_moved(found, VERSION, BETWEEN, "", compare.Mode.LIGHT).finding == moved
    both = compare.sites(tidy(OWN + OTHERS), [ASH, BIRCH], VERSION, BETWEEN, Order(), compare.Mode.LIGHT)
    assert both.finding.endswith("By partnership, on balance: 1 rose, none fell: this could be chance")
