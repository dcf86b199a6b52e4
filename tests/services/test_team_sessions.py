"""Opening a session, leading it, and keeping order in it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from progressions.errors import ChangedMeanwhileError, NotAllowedError, UserError
from progressions.people import Access, Network, Principal
from progressions.ratings import NextStep, RatingDraft, StepState
from progressions.services import ratings, team_sessions, voting
from progressions.services.hall import LONGEST_COUNTDOWN
from progressions.services.team_sessions import Wish
from progressions.store import Store
from progressions.team_session import DomainKey, Naming, Role, Seat, Side
from tests import factories
from tests.factories import AUTUMN, NOW, SPRING, a_key, make_rubric, reworded
from tests.services.rooms import FIRST, KEYS, SECOND, THIRD, all_voted, colleague, joined, opened, rated, voted


@pytest.fixture
def gus(sqlite_store: Store, north: Network) -> Principal:
    """A second facilitator of the same partnership."""
    with sqlite_store.write_directory() as directory:
        person = directory.add_person("Gus", NOW)
        directory.grant(person, north.id, Access.FACILITATOR, "ash")
        directory.grant(2, north.id, Access.FACILITATOR, "ash")
        directory.grant(1, north.id, Access.STAFF, None)
    assert person == 4
    return colleague(north)


def test_a_session_is_opened_on_the_words_of_today_in_the_order_of_the_rubric(
    sqlite_store: Store, north: Network, facilitator: Principal
) -> None:
    factories.a_published_rubric(sqlite_store, north, reworded(make_rubric(), "lea-2"))
    team = opened(sqlite_store, facilitator, keys=(THIRD, FIRST))
    assert [(each.key, each.version, each.round) for each in team.domains] == [(FIRST, 2, 1), (THIRD, 2, 1)]
    assert (team.opened_by, team.led_by, team.is_open) == ("Fay", "Fay", True)
    assert team_sessions.session_of(sqlite_store, facilitator, "ash", AUTUMN) == team
    assert team_sessions.session_of(sqlite_store, facilitator, "ash", SPRING) is None


def test_a_session_needs_a_domain_and_only_domains_that_there_are(sqlite_store: Store, facilitator: Principal) -> None:
    with pytest.raises(UserError, match="at least one domain"):
        opened(sqlite_store, facilitator, keys=())
    with pytest.raises(NotAllowedError):
        opened(sqlite_store, facilitator, keys=(FIRST, DomainKey("lea", "lea-9")))
    assert team_sessions.session_of(sqlite_store, facilitator, "ash", AUTUMN) is None


def test_of_two_who_open_a_session_at_one_moment_the_second_is_told(
    sqlite_store: Store, facilitator: Principal, gus: Principal
) -> None:
    first = opened(sqlite_store, facilitator, naming=Naming.NAMED)
    with pytest.raises(ChangedMeanwhileError, match="opened meanwhile"):
        opened(sqlite_store, gus, naming=Naming.ANONYMOUS)
    assert team_sessions.session_of(sqlite_store, gus, "ash", AUTUMN) == first


def test_neither_a_member_nor_another_partnership_opens_or_watches(
    sqlite_store: Store, north: Network, facilitator: Principal, member: Principal
) -> None:
    other = Principal(2, "Fay", north, Access.FACILITATOR, "birch")
    for who in (member, other):
        with pytest.raises(NotAllowedError):
            opened(sqlite_store, who)
    opened(sqlite_store, facilitator)
    for who in (member, other):
        with pytest.raises(NotAllowedError):
            team_sessions.watch(sqlite_store, who, "ash", AUTUMN)


def test_only_whoever_leads_keeps_order_until_somebody_takes_over(
    sqlite_store: Store, facilitator: Principal, gus: Principal
) -> None:
    team = opened(sqlite_store, facilitator)
    for act in (team_sessions.close, team_sessions.new_room_code, team_sessions.void_room_code):
        with pytest.raises(UserError, match=r"Fay leads this session\. Take over first\."):
            act(sqlite_store, gus, team, NOW)
    taken = team_sessions.take_over(sqlite_store, gus, team, NOW)
    assert taken.led_by == "Gus"
    assert not team_sessions.close(sqlite_store, gus, taken, NOW).is_open
    with pytest.raises(UserError, match="Gus leads"):
        team_sessions.reopen(sqlite_store, facilitator, taken, NOW)


def test_a_session_is_handed_to_colleagues_and_staff_and_to_nobody_else(
    sqlite_store: Store, facilitator: Principal, gus: Principal
) -> None:
    team = opened(sqlite_store, facilitator)
    assert team_sessions.may_lead(sqlite_store, facilitator, team) == {4: "Gus", 1: "Sam"}
    with pytest.raises(NotAllowedError):
        team_sessions.hand_over(sqlite_store, facilitator, team, 3, NOW)
    handed = team_sessions.hand_over(sqlite_store, facilitator, team, 4, NOW)
    assert (handed.led_by, handed.leader) == ("Gus", gus.signature)
    assert team_sessions.may_lead(sqlite_store, facilitator, handed) == {2: "Fay", 1: "Sam"}


def test_a_button_on_a_screen_that_is_out_of_date_changes_nothing(sqlite_store: Store, facilitator: Principal) -> None:
    seen = opened(sqlite_store, facilitator)
    newer = team_sessions.new_room_code(sqlite_store, facilitator, seen, NOW)
    with pytest.raises(ChangedMeanwhileError):
        team_sessions.void_room_code(sqlite_store, facilitator, seen, NOW)
    assert team_sessions.session_of(sqlite_store, facilitator, "ash", AUTUMN) == newer


def test_a_timer_ends_after_its_minutes_and_with_the_session(sqlite_store: Store, facilitator: Principal) -> None:
    team = team_sessions.set_timer(sqlite_store, facilitator, opened(sqlite_store, facilitator), 5, NOW)
    assert team.timer_ends_at == NOW + timedelta(minutes=5)
    assert team_sessions.set_timer(sqlite_store, facilitator, team, 0, NOW).timer_ends_at is None
    again = team_sessions.session_of(sqlite_store, facilitator, "ash", AUTUMN)
    assert again is not None
    running = team_sessions.set_timer(sqlite_store, facilitator, again, 1, NOW)
    assert team_sessions.close(sqlite_store, facilitator, running, NOW).timer_ends_at is None


def test_more_domains_come_at_the_end_and_those_that_are_there_stay(
    sqlite_store: Store, facilitator: Principal
) -> None:
    team = opened(sqlite_store, facilitator, keys=(SECOND,))
    grown = team_sessions.add_domains(sqlite_store, facilitator, team, (FIRST, SECOND), NOW)
    assert [each.key for each in grown.domains] == [SECOND, FIRST]


def test_the_watch_counts_who_has_finished_and_tells_nobodys_vote(sqlite_store: Store, facilitator: Principal) -> None:
    team = opened(sqlite_store, facilitator)
    tokens = joined(sqlite_store, team, Side.LEA, Side.LEA, Side.IHE)
    all_voted(sqlite_store, tokens, FIRST, (4, 3, None))
    voted(sqlite_store, tokens[0], SECOND, 2)
    voted(sqlite_store, tokens[0], THIRD, 2)
    watch = team_sessions.watch(sqlite_store, facilitator, "ash", AUTUMN)
    assert watch is not None
    finished = watch.finished
    assert (finished.people, finished.begun, finished.done) == (3, 3, 1)
    assert finished.by_domain == {FIRST: 3, SECOND: 1, THIRD: 1}
    assert [(seat.name, seat.side) for seat in watch.seats] == [
        ("Person 1", Side.LEA),
        ("Person 2", Side.LEA),
        ("Person 3", Side.IHE),
    ]


def test_somebody_removed_is_out_at_once_and_comes_back_with_what_they_voted(
    sqlite_store: Store, facilitator: Principal
) -> None:
    team = opened(sqlite_store, facilitator)
    token, _ = joined(sqlite_store, team, Side.LEA, Side.IHE)
    voted(sqlite_store, token, FIRST, 2)
    seat = _seats(sqlite_store, facilitator)[0]
    team_sessions.remove(sqlite_store, facilitator, team, seat, NOW)
    assert voting.ballot(sqlite_store, token, NOW) is None
    watch = team_sessions.watch(sqlite_store, facilitator, "ash", AUTUMN)
    assert watch is not None
    assert (watch.finished.people, watch.finished.by_domain) == (1, {})
    team_sessions.bring_back(sqlite_store, facilitator, watch.session, seat, NOW)
    ballot = voting.ballot(sqlite_store, token, NOW)
    assert ballot is not None
    assert ballot.vote(FIRST).answer.level == 2


def test_a_name_that_is_taken_away_is_gone_and_its_count_stays(sqlite_store: Store, facilitator: Principal) -> None:
    team = opened(sqlite_store, facilitator, naming=Naming.NAMED)
    (token,) = joined(sqlite_store, team, Side.LEA)
    voted(sqlite_store, token, FIRST, 2)
    team_sessions.remove_name(sqlite_store, facilitator, team, _seats(sqlite_store, facilitator)[0], NOW)
    assert [seat.name for seat in _seats(sqlite_store, facilitator)] == [""]
    watch = team_sessions.watch(sqlite_store, facilitator, "ash", AUTUMN)
    assert watch is not None
    assert watch.finished.by_domain == {FIRST: 1}


def test_a_promise_that_is_kept_says_so_where_it_was_made(sqlite_store: Store, facilitator: Principal) -> None:
    """What became of a promise is saved on the rating that made it, over the version that was read."""
    made = rated(sqlite_store, facilitator, a_key(), RatingDraft(2, next_step=NextStep("ask", "Dana")))
    opened(sqlite_store, facilitator)
    (promise,) = ratings.promises(sqlite_store, facilitator, "ash")
    assert promise.draft.next_step.is_open
    done = replace(promise.draft, next_step=replace(promise.draft.next_step, state=StepState.DONE))
    rated(sqlite_store, facilitator, promise.key, done, promise.row_version)
    (kept,) = ratings.promises(sqlite_store, facilitator, "ash")
    assert (kept.draft.next_step.state, kept.draft.level) == (StepState.DONE, made.draft.level)
    with pytest.raises(ChangedMeanwhileError):
        rated(sqlite_store, facilitator, promise.key, promise.draft, promise.row_version)


def test_what_is_agreed_is_told_to_everybody_in_the_session(sqlite_store: Store, facilitator: Principal) -> None:
    team = opened(sqlite_store, facilitator)
    rated(sqlite_store, facilitator, a_key(held_on=AUTUMN), RatingDraft(2))
    after = team_sessions.session_of(sqlite_store, facilitator, "ash", AUTUMN)
    assert after is not None
    assert after.revision == team.revision + 1
    rated(sqlite_store, facilitator, a_key("lea-2"), RatingDraft(2))  # of another convening
    assert team_sessions.session_of(sqlite_store, facilitator, "ash", AUTUMN) == after


def test_staff_run_a_session_on_a_partnerships_behalf(sqlite_store: Store, staff: Principal) -> None:
    wish = Wish("birch", AUTUMN, Naming.ANONYMOUS, has_votes=False, domains=KEYS)
    team = team_sessions.open_session(sqlite_store, staff, wish, NOW)
    assert (team.partnership_title, team.led_by, team.has_votes) == ("Birch Valley", "Sam", False)


def test_whoever_came_lately_is_removed_at_once_and_the_others_stay(
    sqlite_store: Store, facilitator: Principal
) -> None:
    team = opened(sqlite_store, facilitator)
    joined(sqlite_store, team, Side.LEA, Side.IHE)
    for number in range(3):
        newcomer = voting.Newcomer(f"Flood {number}", Side.LEA, Role.OTHER)
        voting.join(sqlite_store, team.room_code, newcomer, NOW + timedelta(minutes=5), "")
    since, now = NOW + timedelta(minutes=4), NOW + timedelta(minutes=6)
    gone = team_sessions.remove_newcomers(sqlite_store, facilitator, team, since, now)
    assert [seat.name for seat in gone] == ["Flood 0", "Flood 1", "Flood 2"]
    assert [seat.name for seat in _seats(sqlite_store, facilitator) if seat.is_here] == ["Person 1", "Person 2"]
    assert team_sessions.remove_newcomers(sqlite_store, facilitator, team, since, now) == ()


def test_nobody_is_brought_back_who_is_here(sqlite_store: Store, facilitator: Principal) -> None:
    team = opened(sqlite_store, facilitator)
    joined(sqlite_store, team, Side.LEA)
    with pytest.raises(UserError, match="takes part again already"):
        team_sessions.bring_back(sqlite_store, facilitator, team, _seats(sqlite_store, facilitator)[0], NOW)


def test_a_closed_session_gets_no_more_domains_and_no_countdown(sqlite_store: Store, facilitator: Principal) -> None:
    closed = team_sessions.close(sqlite_store, facilitator, opened(sqlite_store, facilitator, keys=(FIRST,)), NOW)
    with pytest.raises(UserError, match="Open it again first"):
        team_sessions.add_domains(sqlite_store, facilitator, closed, (SECOND,), NOW)
    with pytest.raises(UserError, match="Open it again first"):
        team_sessions.set_timer(sqlite_store, facilitator, closed, 5, NOW)
    assert team_sessions.session_of(sqlite_store, facilitator, "ash", AUTUMN) == closed


@pytest.mark.parametrize("minutes", [-5, LONGEST_COUNTDOWN + 1, 10**9])
def test_a_countdown_is_of_minutes_that_somebody_waits_for(
    sqlite_store: Store, facilitator: Principal, minutes: int
) -> None:
    team = opened(sqlite_store, facilitator)
    with pytest.raises(UserError, match="1 to 240 minutes"):
        team_sessions.set_timer(sqlite_store, facilitator, team, minutes, NOW)


def test_nothing_is_added_where_no_domain_was_chosen(sqlite_store: Store, facilitator: Principal) -> None:
    team = opened(sqlite_store, facilitator)
    with pytest.raises(UserError, match="at least one domain"):
        team_sessions.add_domains(sqlite_store, facilitator, team, (), NOW)
    assert team_sessions.session_of(sqlite_store, facilitator, "ash", AUTUMN) == team


def _seats(store: Store, who: Principal) -> tuple[Seat, ...]:
    watch = team_sessions.watch(store, who, "ash", AUTUMN)
    assert watch is not None
    return watch.seats
