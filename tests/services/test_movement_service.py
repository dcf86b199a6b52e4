"""From the store to figures: whose ratings, and where a gap is a gap."""

from dataclasses import replace
from datetime import date

import pytest

from progressions.charts.theme import Mode
from progressions.errors import NotAllowedError
from progressions.people import Principal
from progressions.ratings import RatingDraft
from progressions.services import movement, networks, ratings, rubrics
from progressions.services.ratings import Pen
from progressions.store import Store
from tests import factories
from tests.factories import AUTUMN, NOW, SPRING, a_key, make_rubric, reworded

WINTER = date(2026, 12, 3)


@pytest.fixture
def rated(sqlite_store: Store, staff: Principal) -> Store:
    """Ash rated in spring and winter, Birch and Cedar at all three convenings."""
    networks.add_convening(sqlite_store, staff, WINTER, "Winter", NOW)
    networks.add_partnership(sqlite_store, staff, "Cedar", NOW)
    for partnership, days in {"ash": (SPRING, WINTER), "birch": (SPRING, AUTUMN, WINTER), "cedar": (AUTUMN,)}.items():
        for day in days:
            level = 3 if day == WINTER else 2
            _rate(sqlite_store, staff, RatingDraft(level), a_key("lea-1", partnership, day))
    return sqlite_store


def _rate(store: Store, who: Principal, draft: RatingDraft, key: object) -> None:
    ratings.save_rating(store, who, key, draft, base=0, pen=Pen("", 0), now=NOW)  # type: ignore[arg-type]


def test_a_members_frame_holds_their_own_partnership_only(rated: Store, member: Principal, staff: Principal) -> None:
    assert set(movement.frame_of(rated, member)["partnership"]) == {"ash"}
    assert set(movement.frame_of(rated, staff)["partnership"]) == {"ash", "birch", "cedar"}


def test_a_missed_convening_is_a_gap_for_members_and_staff_alike(
    rated: Store, member: Principal, staff: Principal
) -> None:
    for who in (member, staff):
        assert [c.held_on for c in movement.expected_convenings(rated, who, "ash")] == [SPRING, AUTUMN, WINTER]


def test_the_convenings_of_another_partnership_are_not_told(rated: Store, member: Principal) -> None:
    with pytest.raises(NotAllowedError):
        movement.expected_convenings(rated, member, "birch")


def test_what_moved_last_names_the_levels(rated: Store, member: Principal) -> None:
    versions = rubrics.latest(rated, member)
    when, moves = movement.last_moves(movement.frame_of(rated, member), "ash", versions)
    assert when == WINTER
    assert [(m.domain, m.then, m.now, m.held_then, m.up) for m in moves] == [
        ("Domain 1", "2 Trying", "3 Integrating", SPRING, True)
    ]


def test_a_rating_on_other_words_has_not_moved(rated: Store, staff: Principal) -> None:
    factories.a_published_rubric(rated, staff.network, reworded(make_rubric(), "lea-1"))
    networks.add_convening(rated, staff, date(2027, 3, 4), "Spring 2027", NOW)
    _rate(rated, staff, RatingDraft(4), a_key("lea-1", "ash", date(2027, 3, 4)))
    _, moves = movement.last_moves(movement.frame_of(rated, staff), "ash", rubrics.latest(rated, staff))
    assert moves == ()


def test_what_moved_last_bears_a_level_that_the_rubric_has_no_more(rated: Store, staff: Principal) -> None:
    shorter = make_rubric(levels=2)
    factories.a_published_rubric(rated, staff.network, shorter)
    _, moves = movement.last_moves(movement.frame_of(rated, staff), "ash", rubrics.latest(rated, staff))
    assert [m.now for m in moves] == ["level 3 of an earlier version"]


def test_a_domain_that_is_gone_leaves_the_screen_and_stays_in_the_store(rated: Store, staff: Principal) -> None:
    rubric = make_rubric()
    factories.a_published_rubric(rated, staff.network, replace(rubric, domains=rubric.domains[1:]))
    frame = movement.frame_of(rated, staff)
    _, moves = movement.last_moves(frame, "ash", rubrics.latest(rated, staff))
    assert moves == ()
    assert set(frame["domain"]) == {"lea-1"}


def test_the_step_line_of_a_partnership_breaks_where_it_missed_a_convening(rated: Store, member: Principal) -> None:
    frame = movement.frame_of(rated, member)
    who = networks.partnerships(rated, member)[0]
    version = rubrics.latest(rated, member)[0]
    convenings = movement.expected_convenings(rated, member, who.code)
    figure = movement.one_domain(frame, who, version, "lea-1", convenings, Mode.LIGHT)
    assert figure.table.iloc[:, 0].tolist() == ["Spring", "Autumn", "Winter"]
    assert "not rated" in figure.table.to_string()
