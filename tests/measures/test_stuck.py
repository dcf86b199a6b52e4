"""Standing still and moving on, against loops over plain facts."""

from collections.abc import Iterable, Sequence
from datetime import date

from hypothesis import given

from progressions.measures.frame import tidy
from progressions.measures.stuck import moved_from, moved_on, stuck
from progressions.ratings import RatingFact
from tests.measures.facts import DAYS, any_facts, fact, some_facts


def lines(facts: Iterable[RatingFact]) -> dict[tuple[str, str, str], list[RatingFact]]:
    found: dict[tuple[str, str, str], list[RatingFact]] = {}
    for each in sorted(facts, key=lambda f: f.held_on):
        found.setdefault((each.partnership, each.rubric, each.domain), []).append(each)
    return found


def standing_still(line: Sequence[RatingFact]) -> tuple[int, date, int] | None:
    """Level, since when, how often: by going backwards from the latest rating."""
    times, last = 0, line[-1]
    for each in reversed(line):
        if (each.level, each.wording) != (last.level, last.wording):
            break
        times, since = times + 1, each.held_on
    return (last.level, since, times) if times >= 2 else None


def moves_of(line: Sequence[RatingFact]) -> set[tuple[date, int, date, int]]:
    """For each level the last rating at it and the one that follows, where that and the latest are higher."""
    found = set()
    for wording in {each.wording for each in line}:
        same = [each for each in line if each.wording == wording]
        for level in range(1, 5):
            places = [place for place, each in enumerate(same) if each.level == level]
            if places and places[-1] + 1 < len(same):
                here, after = same[places[-1]], same[places[-1] + 1]
                if after.level > level and same[-1].level > level:
                    found.add((here.held_on, level, after.held_on, after.level))
    return found


@any_facts
@given(some_facts())
def test_stuck_is_what_going_backwards_finds(facts: list[RatingFact]) -> None:
    for partnership in ("P1", "P2"):
        told = {
            row["domain"]: (row["level"], row["since"].date(), row["times"])
            for row in stuck(tidy(facts), partnership, "PART").to_dict("records")
        }
        expected = {
            domain: still
            for (who, rubric, domain), line in lines(facts).items()
            if (who, rubric) == (partnership, "PART") and (still := standing_still(line))
        }
        assert told == expected


@any_facts
@given(some_facts())
def test_moves_are_what_looking_level_by_level_finds(facts: list[RatingFact]) -> None:
    moved = moved_on(tidy(facts))
    told = {
        (row["partnership"], row["rubric"], row["domain"], row["held_then"].date(), int(row["level_then"]),
         row["held_now"].date(), int(row["level_now"]))
        for row in moved.to_dict("records")
    }  # fmt: skip
    assert told == {(*key, *move) for key, line in lines(facts).items() for move in moves_of(line)}
    assert moved["held_now"].is_monotonic_decreasing


def test_a_new_wording_is_a_new_beginning() -> None:
    facts = [fact(DAYS[0], 2), fact(DAYS[1], 2), fact(DAYS[2], 2, wording=2)]
    assert stuck(tidy(facts), "P1", "PART").empty
    again = [*facts, fact(DAYS[3], 2, wording=2)]
    (row,) = stuck(tidy(again), "P1", "PART").to_dict("records")
    assert (row["since"].date(), row["wording"], row["times"]) == (DAYS[2], 2, 2)


def test_a_gap_neither_ends_standing_still_nor_counts() -> None:
    (row,) = stuck(tidy([fact(DAYS[0], 2), fact(DAYS[3], 2)]), "P1", "PART").to_dict("records")
    assert (row["level"], row["times"]) == (2, 2)


def test_whoever_fell_back_has_not_moved_on() -> None:
    assert moved_on(tidy([fact(DAYS[0], 2), fact(DAYS[1], 3), fact(DAYS[2], 1)])).empty
    (row,) = moved_on(tidy([fact(DAYS[0], 2), fact(DAYS[1], 4), fact(DAYS[2], 3)])).to_dict("records")
    assert (row["level_then"], row["level_now"]) == (2, 4)


def test_the_moves_from_where_one_is_stuck() -> None:
    facts = [
        fact(DAYS[at], level, partnership=who)
        for who, levels in {"P1": (1, 2, 3), "P2": (2, 2, 4), "P3": (3, 3, 4)}.items()
        for at, level in enumerate(levels)
    ]
    found = moved_from(moved_on(tidy(facts)), "D1", 2, 1)
    assert found["partnership"].tolist() == ["P1", "P2"]
    assert moved_from(moved_on(tidy(facts)), "D1", 2, 2).empty


def test_without_ratings_nobody_is_stuck_or_moves() -> None:
    assert stuck(tidy([]), "P1", "PART").empty
    assert moved_on(tidy([])).empty
