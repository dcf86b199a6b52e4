from datetime import date

import pytest

from progressions.measures import findings
from progressions.measures.findings import RatedOnce
from progressions.measures.kinds import Movement, MovementCounts

SMALL = RatedOnce("2 Small change implementation", "Jan 2025")
CORE = RatedOnce("3 Integrating improvement science / NICs into core work", "Oct 2026")


@pytest.mark.parametrize(
    ("counts", "sentence"),
    [
        (
            MovementCounts(up=5, same=17, down=2),
            "Of 24 domains, 5 moved up, 17 stayed, 2 moved down since Summer 2026",
        ),
        (MovementCounts(up=1), "Of 1 domain, 1 moved up, 0 stayed, 0 moved down since Summer 2026"),
        (
            MovementCounts(same=2, first=3, not_comparable=1, not_rated=4),
            "Of 2 domains, 0 moved up, 2 stayed, 0 moved down since Summer 2026; 3 rated for the first time; "
            "1 not comparable: the wording changed; 4 not rated at one of the two",
        ),
        (MovementCounts(first=8), "No domain can be compared since Summer 2026; 8 rated for the first time"),
    ],
)
def test_movement_is_told_with_its_denominator_and_what_lies_outside_it(counts, sentence):
    assert findings.movement_sentence(counts, "Summer 2026") == sentence


@pytest.mark.parametrize(
    ("first", "latest", "reworded", "sentence"),
    [
        (
            SMALL,
            CORE,
            False,
            "Shared aim: from 2 Small change implementation (Jan 2025) to "
            "3 Integrating improvement science / NICs into core work (Oct 2026)",
        ),
        (SMALL, SMALL, False, "Shared aim: 2 Small change implementation (Jan 2025), rated once"),
        (None, None, False, "Shared aim: not rated yet"),
        (
            SMALL,
            RatedOnce(SMALL.level, "Oct 2026"),
            False,
            "Shared aim: 2 Small change implementation, in Jan 2025 and in Oct 2026",
        ),
        (
            SMALL,
            RatedOnce(SMALL.level, "Oct 2026"),
            True,
            "Shared aim: 2 Small change implementation (Jan 2025), then new wording, "
            "now 2 Small change implementation (Oct 2026); the two cannot be compared",
        ),
    ],
)
def test_a_line_is_told_from_its_first_to_its_latest_rating(first, latest, reworded, sentence):
    assert findings.line_sentence("Shared aim", first, latest, reworded) == sentence


def test_standing_is_told_level_by_level_without_the_empty_ones():
    told = findings.standing_sentence({"Exploring": 0, "Small change": 3, "Integrating": 4}, 1)
    assert told == "Of 8 domains: Small change 3; Integrating 4; not rated 1"


def test_nothing_rated_is_said_plainly():
    assert findings.standing_sentence({"Exploring": 0}, 8) == "None of 8 domains is rated yet"


def test_a_spread_gives_counts_first_and_percent_second():
    told = findings.spread_sentence("At level 3 or above", ("Winter 2025", 1, 8), ("Fall 2026", 6, 11))
    assert told == "At level 3 or above: 6 of 11 ratings (55%) in Fall 2026; 1 of 8 (13%) in Winter 2025"


def test_a_spread_of_one_convening_is_told_once():
    told = findings.spread_sentence("At level 3 or above", ("Fall 2026", 1, 1), ("Fall 2026", 1, 1))
    assert told == "At level 3 or above: 1 of 1 rating (100%) in Fall 2026"


def test_of_no_ratings_there_is_no_percent():
    told = findings.spread_sentence("At level 3 or above", ("Winter 2025", 0, 0), ("Fall 2026", 1, 2))
    assert told.endswith("; 0 of 0 in Winter 2025")


def test_coverage_counts_partnerships():
    told = findings.coverage_sentence("Fall 2026", (9, 1, 1), 24)
    assert told == "Fall 2026: 9 of 11 partnerships rated all 24 domains, 1 started, 1 not yet"


@pytest.mark.parametrize(
    ("left_out", "words"),
    [
        (2, "the same 9 partnerships at both dates; 2 left out"),
        (0, "the same 9 partnerships at both dates; none left out"),
    ],
)
def test_the_screen_can_say_how_many_were_left_out(left_out, words):
    assert findings.left_out_words(9, left_out) == words
    assert findings.left_out_words(1, 3) == "1 partnership, the same at both dates; 3 left out"


@pytest.mark.parametrize(
    ("states", "told"),
    [((1, 0, 0), "rated all 24 domains"), ((0, 1, 0), "has started"), ((0, 0, 1), "has not rated yet")],
)
def test_a_single_partnership_is_not_counted(states, told):
    assert findings.coverage_sentence("Fall 2026", states, 24) == f"Fall 2026: the one partnership {told}"


@pytest.mark.parametrize(
    ("counts", "sentence"),
    [
        (MovementCounts(first=8), "8 domains rated once so far: nothing to compare yet"),
        (MovementCounts(first=1), "1 domain rated once so far: nothing to compare yet"),
        (
            MovementCounts(same=1, first=1),
            "Of 1 domain, 0 moved up, 1 stayed, 0 moved down since first rated; 1 rated once",
        ),
    ],
)
def test_domains_that_are_all_rated_once_are_not_said_to_be_incomparable(counts, sentence):
    assert findings.since_first_sentence(counts) == sentence


def test_a_month_is_short_and_numbers_are_grouped():
    assert findings.month(date(2026, 10, 15)) == "Oct 2026"
    assert findings.counted(1204, findings.RATINGS) == "1,204 ratings"


@pytest.mark.parametrize(
    ("sizes", "words"),
    [([8, 8], "8 voters each"), ([1], "1 voter each"), ([3, 1, 2], "1 to 3 voters each")],
)
def test_voters_are_counted_in_words(sizes, words):
    assert findings.voters_each(sizes) == words


def test_promises_are_told_by_what_the_domain_did_afterwards_and_what_became_of_them():
    after = MovementCounts(up=5, same=3, first=1, not_comparable=1, not_rated=2)
    states = {"open": 4, "done": 8, "dropped": 0}
    assert findings.promises_sentence(after, states, MovementCounts()) == (
        "After 5 of 12 promises the domain moved up, after 3 it stayed, after none it moved down; 2 not rated since; "
        "1 not rated when promised; 1 reworded since. 4 open, 8 done"
    )
    overdue = MovementCounts(same=2, down=1, not_rated=1)
    assert findings.promises_sentence(after, states, overdue).endswith(
        "4 open, 8 done. Overdue 4: 2 stayed, 1 moved down, 1 not rated since"
    )
    assert findings.promises_sentence(MovementCounts(), {"open": 0}, MovementCounts()) == (
        "Nothing has been promised yet"
    )


def test_an_overdue_promise_is_told_by_what_the_ratings_say_of_its_domain():
    assert findings.overdue_words("3 Mar 2026", Movement.SAME) == (
        "due 3 Mar 2026, still open; the domain has not moved since"
    )
    assert set(findings.STILL_OPEN) == set(Movement) - {Movement.UP}


def test_reasons_are_told_for_rises_and_falls_apart():
    none = dict.fromkeys(findings.WHYS, 0)
    up, down = none | {"practice": 3, "several": 1, "": 1}, none | {"understanding": 2}
    assert findings.reasons_sentence({Movement.UP: up, Movement.DOWN: down}) == (
        "Of 5 that moved up: our practice changed 3, several reasons 1, no reason given 1. "
        "Of 2 that moved down: we understand the rubric better 2"
    )
    assert findings.reasons_sentence({Movement.UP: none, Movement.DOWN: none}) == "Nothing moved"
