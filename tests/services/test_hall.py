"""The hall as network staff see it: how far every partnership is, and never what anybody said."""

from dataclasses import fields
from datetime import timedelta

import pytest

from progressions.errors import NotAllowedError, UserError
from progressions.people import Access, Principal
from progressions.ratings import RatingDraft, RatingKey
from progressions.services import hall, networks, reveals, team_sessions, voting
from progressions.services.hall import Hall, Place
from progressions.store import Store
from progressions.team_session import Finished, Naming, Outcomes, Role, Side
from tests.factories import AUTUMN, NOW, SPRING
from tests.plain_sql import PlainSql
from tests.services.halls import met, now_is, revealed, said
from tests.services.rooms import FIRST, KEYS, SECOND, THIRD, rated, voted


def place(found: Hall, code: str) -> Place:
    return next(each for each in found.places if each.partnership.code == code)


def test_every_partnership_stands_in_the_hall_by_title_with_or_without_a_session(
    sqlite_store: Store, staff: Principal
) -> None:
    networks.add_partnership(sqlite_store, staff, "aardvark", NOW)
    met(sqlite_store, staff, "birch")
    found = hall.watch(sqlite_store, staff, AUTUMN, NOW)
    assert [each.partnership.title for each in found.places] == ["aardvark", "Ash County", "Birch Valley"]
    assert [each.session is not None for each in found.places] == [False, False, True]
    assert [each.title for each in found.not_begun] == ["aardvark", "Ash County", "Birch Valley"]


def test_the_hall_counts_who_is_here_has_begun_and_has_finished(sqlite_store: Store, staff: Principal) -> None:
    ash, birch = met(sqlite_store, staff, "ash"), met(sqlite_store, staff, "birch")
    tokens = said(sqlite_store, ash, Role.TEACHER, [1, None, 4])
    for key in (SECOND, THIRD):
        voted(sqlite_store, tokens[0], key, 2)
    voting.join(sqlite_store, birch.room_code, voting.Newcomer("Cy", Side.LEA, Role.DEAN), NOW, "")
    found = hall.watch(sqlite_store, staff, AUTUMN, NOW)
    assert place(found, "ash").finished == Finished(3, 3, 1, {FIRST: 3, SECOND: 1, THIRD: 1})
    assert place(found, "birch").finished == Finished(1)
    assert [each.code for each in found.not_begun] == ["birch"]
    for each in found.places:
        assert each.session is not None
        watched = team_sessions.watch(sqlite_store, staff, each.partnership.code, AUTUMN)
        assert watched is not None
        assert each.finished == watched.finished


def test_a_second_vote_starts_to_count_from_nobody(sqlite_store: Store, staff: Principal) -> None:
    ash = met(sqlite_store, staff, "ash", keys=(FIRST,))
    said(sqlite_store, ash, Role.TEACHER, [1, 2])
    shown = revealed(sqlite_store, staff, ash)
    assert place(hall.watch(sqlite_store, staff, AUTUMN, NOW), "ash").finished == Finished(2, 2, 2, {FIRST: 2})
    reveals.second_vote(sqlite_store, staff, shown, FIRST, NOW)
    again = place(hall.watch(sqlite_store, staff, AUTUMN, NOW), "ash")
    assert again.finished == Finished(2)
    assert again.has_begun


def test_the_hall_knows_what_is_revealed_and_what_is_agreed(sqlite_store: Store, staff: Principal) -> None:
    ash = met(sqlite_store, staff, "ash", keys=(FIRST, SECOND))
    revealed(sqlite_store, staff, ash)
    for key, draft in ((FIRST, RatingDraft(3)), (SECOND, RatingDraft(None, comes_back=True)), (THIRD, RatingDraft(1))):
        rated(sqlite_store, staff, RatingKey("ash", AUTUMN, "lea", key.domain), draft)
    rated(sqlite_store, staff, RatingKey("birch", AUTUMN, "lea", THIRD.domain), RatingDraft(None, "only seen"))
    rated(sqlite_store, staff, RatingKey("birch", SPRING, "lea", FIRST.domain), RatingDraft(2))
    found = hall.watch(sqlite_store, staff, AUTUMN, NOW)
    assert place(found, "ash").revealed == 1
    assert place(found, "ash").said == Outcomes(frozenset({FIRST}), frozenset({SECOND}))
    assert place(found, "birch").said == Outcomes()
    assert [each.code for each in found.not_begun] == ["birch"]


def test_a_team_that_rated_without_a_session_has_begun(sqlite_store: Store, staff: Principal) -> None:
    rated(sqlite_store, staff, RatingKey("birch", AUTUMN, "lea", FIRST.domain), RatingDraft(2))
    found = hall.watch(sqlite_store, staff, AUTUMN, NOW)
    assert [each.code for each in found.not_begun] == ["ash"]
    assert place(found, "birch").session is None


def test_nothing_that_the_hall_hands_out_depends_on_what_was_voted(sqlite_store: Store, staff: Principal) -> None:
    """Two halls that differ in every level and in who cannot judge are the same to those who watch them."""
    ash = met(sqlite_store, staff, "ash")
    tokens = said(sqlite_store, ash, Role.TEACHER, [1, 1, None])
    before = hall.watch(sqlite_store, staff, AUTUMN, NOW)
    for token, level in zip(tokens, [4, None, 2], strict=True):
        voted(sqlite_store, token, FIRST, level)
    after = hall.watch(sqlite_store, staff, AUTUMN, NOW)
    assert [p.finished for p in after.places] == [p.finished for p in before.places]
    assert after.revision > before.revision
    assert {field.name for field in fields(Place)} == {"partnership", "session", "finished", "said"}


def test_the_page_and_those_who_wake_it_have_the_same_number(sqlite_store: Store, staff: Principal) -> None:
    ash, birch = met(sqlite_store, staff, "ash"), met(sqlite_store, staff, "birch")
    said(sqlite_store, ash, Role.TEACHER, [1, 2])
    topic = f"hall-{ash.convening_id}"
    numbers = []
    for step in (
        lambda: None,
        lambda: said(sqlite_store, birch, Role.DEAN, [3]),
        lambda: revealed(sqlite_store, staff, ash),
        lambda: team_sessions.close(sqlite_store, staff, now_is(sqlite_store, staff, birch), NOW),
    ):
        step()
        for later in (timedelta(0), voting.SEEN_AFTER_CLOSING):
            seen = hall.watch(sqlite_store, staff, AUTUMN, NOW + later).revision
            assert seen == voting.revisions(sqlite_store, NOW + later)[topic]
        numbers.append(hall.watch(sqlite_store, staff, AUTUMN, NOW).revision)
    assert numbers == sorted(set(numbers))


def test_a_countdown_runs_in_every_open_session_of_this_convening_and_in_no_other(
    sqlite_store: Store, staff: Principal, plain_sql: PlainSql
) -> None:
    ash, birch = met(sqlite_store, staff, "ash"), met(sqlite_store, staff, "birch")
    elsewhere = team_sessions.Wish("ash", SPRING, Naming.ALIAS, True, KEYS)
    team_sessions.open_session(sqlite_store, staff, elsewhere, NOW)
    team_sessions.close(sqlite_store, staff, birch, NOW)
    hall.set_countdown(sqlite_store, staff, AUTUMN, 12, NOW)
    found = hall.watch(sqlite_store, staff, AUTUMN, NOW)
    assert found.timed is not None
    assert found.timed.timer_ends_at == NOW + timedelta(minutes=12)
    assert plain_sql.value("SELECT count(*) FROM team_sessions WHERE timer_ends_at IS NOT NULL") == 1
    assert now_is(sqlite_store, staff, ash).revision == ash.revision + 1
    hall.set_countdown(sqlite_store, staff, AUTUMN, 0, NOW)
    assert hall.watch(sqlite_store, staff, AUTUMN, NOW).timed is None
    assert plain_sql.value("SELECT count(*) FROM team_sessions WHERE timer_ends_at IS NOT NULL") == 0


def test_one_room_with_a_timer_of_its_own_is_not_the_halls_countdown(sqlite_store: Store, staff: Principal) -> None:
    ash, birch = met(sqlite_store, staff, "ash"), met(sqlite_store, staff, "birch")
    cedar = met(sqlite_store, staff, "cedar")
    team_sessions.set_timer(sqlite_store, staff, birch, 2, NOW)
    assert hall.watch(sqlite_store, staff, AUTUMN, NOW).timed is None
    hall.set_countdown(sqlite_store, staff, AUTUMN, 10, NOW)
    for each, minutes in ((ash, 30), (birch, 0)):
        shared = hall.watch(sqlite_store, staff, AUTUMN, NOW).timed
        assert shared is not None
        assert shared.timer_ends_at == NOW + timedelta(minutes=10)
        team_sessions.set_timer(sqlite_store, staff, now_is(sqlite_store, staff, each), minutes, NOW)
    assert hall.watch(sqlite_store, staff, AUTUMN, NOW).timed is None
    for each in (birch, cedar):
        team_sessions.close(sqlite_store, staff, now_is(sqlite_store, staff, each), NOW)
    only = hall.watch(sqlite_store, staff, AUTUMN, NOW).timed
    assert only is not None
    assert only.partnership == "ash"


def test_a_countdown_needs_an_open_session_and_a_number_of_minutes(sqlite_store: Store, staff: Principal) -> None:
    with pytest.raises(UserError, match="No session is open"):
        hall.set_countdown(sqlite_store, staff, AUTUMN, 5, NOW)
    met(sqlite_store, staff, "ash")
    for minutes in (-1, hall.LONGEST_COUNTDOWN + 1):
        with pytest.raises(UserError, match="minutes"):
            hall.set_countdown(sqlite_store, staff, AUTUMN, minutes, NOW)
    assert hall.watch(sqlite_store, staff, AUTUMN, NOW).timed is None


@pytest.mark.parametrize("access", [Access.FACILITATOR, Access.MEMBER, Access.RATER])
def test_the_hall_is_for_network_staff_alone(sqlite_store: Store, staff: Principal, access: Access) -> None:
    met(sqlite_store, staff, "ash")
    other = Principal(2, "Fay", staff.network, access, "ash", seat=1 if access is Access.RATER else 0)
    with pytest.raises(NotAllowedError):
        hall.watch(sqlite_store, other, AUTUMN, NOW)
    with pytest.raises(NotAllowedError):
        hall.set_countdown(sqlite_store, other, AUTUMN, 5, NOW)
    with sqlite_store.read(other) as repository, pytest.raises(NotAllowedError):
        repository.finished_in(())
