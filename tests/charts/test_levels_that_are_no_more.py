"""Where a version has fewer levels or domains than the one before: what was rated on those that are no more is never
movement, and it is said how many they are."""

import pytest

from progressions.charts.dumbbells import then_now
from progressions.charts.heat import heat
from progressions.charts.line import domain_line
from progressions.charts.promises import promises_kept
from progressions.charts.reasons import reasons_given
from progressions.charts.strip import level_strips
from progressions.measures.frame import tidy, told_frame
from progressions.measures.lines import heat_table, line_of
from progressions.measures.movement import movement_between, standing
from progressions.measures.told import overdue, promises, reasons_between
from progressions.ratings import NextStep, Told
from progressions.rubric import Domain, Level, Rubric
from tests.charts.scene import scene_of
from tests.measures.facts import DAYS, fact

FOUR = Rubric(
    "PART",
    "Short",
    tuple(Level(position, f"Step {position}") for position in range(1, 5)),
    (Domain("D1", "Shared aim", "", ("",) * 4),),
)
LABELS = dict(zip(DAYS, ("Winter", "Spring", "Summer"), strict=False))
FIVE_THEN_FOUR = tidy([fact(DAYS[0], 5, wording=2), fact(DAYS[1], 3, wording=3), fact(DAYS[2], 4, wording=3)])


def test_the_heat_table_calls_a_domain_reworded_whose_first_rating_is_at_a_level_that_is_no_more() -> None:
    figure = heat(heat_table(FIVE_THEN_FOUR, "P1", "PART"), FOUR, LABELS)
    assert figure.finding == ("No domain can be compared since first rated; 1 not comparable: the wording changed")
    assert figure.table.iloc[0, 1:].isna().tolist() == [True, False, False]


def test_the_line_begins_at_the_first_rating_even_where_its_level_is_no_more() -> None:
    figure = domain_line(line_of(FIVE_THEN_FOUR, "P1", "PART", "D1"), FOUR, "D1", LABELS)
    assert figure.finding == (
        "Shared aim: level 5 of an earlier version (Winter), then new wording, now 4 Step 4 (Summer); "
        "the two cannot be compared"
    )
    assert figure.n == "Rated at 3 of 3 convenings; not shown: 1 rating at levels of an earlier version"


@pytest.mark.parametrize("rated", [[5], [5, 5]])
def test_a_line_whose_every_level_is_no_more_is_not_called_not_rated(rated: list[int]) -> None:
    frame = tidy([fact(day, level, wording=2) for day, level in zip(DAYS, rated, strict=False)])
    figure = domain_line(line_of(frame, "P1", "PART", "D1"), FOUR, "D1", LABELS)
    assert figure.finding.startswith("Shared aim: level 5 of an earlier version")


GONE = tidy(
    [
        *(fact(day, level, wording=3) for day, level in zip(DAYS, (2, 3), strict=False)),
        *(fact(day, 1, domain="D8", wording=3) for day in DAYS[:3]),
        fact(DAYS[0], 5, domain="D9"),
    ]
)
"""Rated thrice in a domain that the rubric no longer has, and once in another, at a level that is gone too."""


def test_the_heat_table_says_how_many_ratings_of_domains_that_are_no_more_it_leaves_out() -> None:
    figure = heat(heat_table(GONE, "P1", "PART"), FOUR, LABELS)
    assert figure.n == (
        "2 ratings of 1 domain at 3 convenings; not shown: 4 ratings of domains that the rubric no longer has"
    )
    assert figure.table.iloc[0, 1:].dropna().tolist() == [2, 3]


def test_the_heat_table_tells_levels_and_domains_that_are_no_more_apart() -> None:
    both = tidy([fact(DAYS[0], 5, wording=2), fact(DAYS[1], 4, wording=3), fact(DAYS[1], 3, domain="D9")])
    assert heat(heat_table(both, "P1", "PART"), FOUR, LABELS).n.endswith(
        "; not shown: 1 rating at levels of an earlier version; "
        "not shown: 1 rating of domains that the rubric no longer has"
    )


def test_then_and_now_tells_a_level_that_is_no_more_where_it_cannot_draw_it() -> None:
    figure = then_now(movement_between(FIVE_THEN_FOUR, *DAYS[:2]), FOUR, "Winter", "Spring")
    told = {dict(mark.told)["Winter"] for mark in scene_of(figure).marks if mark.told}
    assert told == {"5"}
    assert figure.table["Winter"].tolist() == ["level 5 of an earlier version"]


def test_then_and_now_says_how_many_ratings_of_its_two_convenings_it_leaves_out() -> None:
    figure = then_now(movement_between(GONE, *DAYS[:2]), FOUR, "Winter", "Spring")
    assert figure.n == (
        "1 of 1 domain can be compared; "
        "not shown: 3 ratings at these two convenings of domains that the rubric no longer has"
    )
    older = then_now(movement_between(FIVE_THEN_FOUR, *DAYS[:2]), FOUR, "Winter", "Spring")
    assert (
        older.n
        == "0 of 1 domain can be compared; not shown: 1 rating at these two convenings at levels of an earlier version"
    )


def test_domains_of_other_areas_are_not_gone() -> None:
    figure = heat(heat_table(GONE, "P1", "PART"), FOUR, LABELS, elsewhere=["D8"])
    assert figure.n.endswith("; not shown: 1 rating of domains that the rubric no longer has")
    figure = then_now(movement_between(GONE, *DAYS[:2]), FOUR, "Winter", "Spring", elsewhere=["D8", "D9"])
    assert figure.n == "1 of 1 domain can be compared"


def test_one_rating_and_one_domain_are_told_as_one() -> None:
    once = tidy([fact(DAYS[0], 2, wording=3)])
    assert heat(heat_table(once, "P1", "PART"), FOUR, LABELS).n == "1 rating of 1 domain at 1 convening"
    assert level_strips(standing(once, "P1"), FOUR).n.startswith("1 of 1 domain rated")


def test_where_one_stands_says_how_many_latest_ratings_it_leaves_out() -> None:
    assert level_strips(standing(GONE, "P1"), FOUR).n.endswith(
        "; not shown: 2 latest ratings of domains that the rubric no longer has"
    )
    both = tidy([fact(DAYS[0], 5, wording=2), fact(DAYS[1], 5, domain="D9")])
    assert level_strips(standing(both, "P1"), FOUR).n == (
        "0 of 1 domain rated; not shown: 1 latest rating at levels of an earlier version; "
        "not shown: 1 latest rating of domains that the rubric no longer has"
    )


def test_reasons_say_how_many_movements_of_domains_that_are_no_more_they_leave_out() -> None:
    facts = [
        fact(day, level, domain=code) for code in ("D1", "D8", "D9") for day, level in ((DAYS[0], 1), (DAYS[1], 2))
    ]
    moved = reasons_between(
        tidy([*facts, fact(DAYS[0], 1, rubric="LEA"), fact(DAYS[1], 2, rubric="LEA")]), SAID, *DAYS[:2]
    )
    said = "1 domain moved; a square is a domain"
    figure = reasons_given(moved, FOUR, "Winter", "Spring")
    assert figure.n == f"{said}; not shown: 2 movements of domains that the rubric no longer has"
    assert figure.table["Moved up"].sum() == 1
    assert "".join(figure.table["Moved up: which"]) == "Shared aim (1 Step 1 to 2 Step 2)"
    figure = reasons_given(moved, FOUR, "Winter", "Spring", elsewhere=["D8"])
    assert figure.n == f"{said}; not shown: 1 movement of domains that the rubric no longer has"
    assert reasons_given(moved, FOUR, "Winter", "Spring", elsewhere=["D8", "D9"]).n == said


SAID = told_frame(Told("P1", DAYS[0], "PART", code, 1, None, NextStep("Walk"), None) for code in ("D1", "D8", "D9"))


def test_promises_say_how_many_they_leave_out_and_which_levels_are_not_drawn() -> None:
    told = "1 promised at 1 convening; a move afterwards need not come of the promise"

    def n(**elsewhere: list[str]) -> str:
        made = overdue(promises(tidy([fact(day, 5) for day in DAYS[:2]]), SAID), DAYS[2])
        figure = promises_kept(made, FOUR, LABELS, **elsewhere)
        assert figure.table["Domain"].tolist() == ["Shared aim"]
        return figure.n

    told += "; not shown: 2 ratings at levels of an earlier version"
    assert n() == f"{told}; not shown: 2 promises of domains that the rubric no longer has"
    assert n(elsewhere=["D8"]) == f"{told}; not shown: 1 promise of domains that the rubric no longer has"
    assert n(elsewhere=["D8", "D9"]) == told


def test_two_promises_beside_one_rating_at_a_level_that_is_no_more_count_it_once() -> None:
    said = told_frame(Told("P1", day, "PART", "D1", 1, None, NextStep("Walk"), None) for day in DAYS[:2])
    rated = tidy([fact(DAYS[0], 4), fact(DAYS[1], 4), fact(DAYS[2], 5)])
    figure = promises_kept(overdue(promises(rated, said), DAYS[2]), FOUR, LABELS)
    assert figure.n.endswith("promise; not shown: 1 rating at levels of an earlier version")
