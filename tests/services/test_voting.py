"""Joining by a room code and voting, as a rater does it who has no account."""

from dataclasses import replace
from datetime import timedelta

import pytest

from progressions.errors import NotAllowedError, UserError
from progressions.people import Access, Principal
from progressions.services import reveals, team_sessions, voting
from progressions.services.ratings import LONGEST_TEXT, Pen
from progressions.services.team_sessions import Wish
from progressions.services.voting import Ballot, Newcomer
from progressions.store import Store
from progressions.team_session import Answer, DomainKey, Naming, Role, Side, TeamSession
from progressions.throttle import Allowance
from tests.factories import NOW, SPRING
from tests.plain_sql import PlainSql

KEY = DomainKey("lea", "lea-1")
BO = Newcomer("Bo", Side.LEA, Role.TEACHER)
CY = Newcomer("Cy", Side.IHE, Role.DEAN)
PEN = Pen("pen", 0)


def opened(store: Store, who: Principal, naming: Naming = Naming.ALIAS, *, has_votes: bool = True) -> TeamSession:
    keys = (KEY, DomainKey("lea", "lea-2"))
    return team_sessions.open_session(store, who, Wish("ash", SPRING, naming, has_votes, keys), NOW)


def joined(store: Store, session: TeamSession, newcomer: Newcomer = BO, *, token: str = "") -> str:
    found = voting.join(store, session.room_code, newcomer, NOW, "browser 192.0.2.7", token=token)
    assert found is not None
    return found


def ballot(store: Store, token: str) -> Ballot:
    found = voting.ballot(store, token, NOW)
    assert found is not None
    return found


def test_a_room_code_is_read_as_people_type_it(sqlite_store: Store, facilitator: Principal) -> None:
    session = opened(sqlite_store, facilitator)
    code = session.room_code
    for typed in (code, code.lower(), f"{code[:4]}-{code[4:]}", f" {code[:4]} {code[4:]} ", code.replace("0", "o")):
        room = voting.room(sqlite_store, typed)
        assert room is not None
        assert room.session_id == session.id


@pytest.mark.parametrize("typed", ["", "ABCD", "ABCD-EFGH-JKMN", "'; DROP TABLE votes", "é" * 8, "x" * 10_000])
def test_any_other_text_opens_nothing(sqlite_store: Store, facilitator: Principal, typed: str) -> None:
    opened(sqlite_store, facilitator)
    assert voting.room(sqlite_store, typed) is None
    assert voting.join(sqlite_store, typed, BO, NOW, "") is None


def test_a_voided_code_and_a_closed_session_let_nobody_join(sqlite_store: Store, facilitator: Principal) -> None:
    session = opened(sqlite_store, facilitator)
    held = joined(sqlite_store, session)
    voided = team_sessions.void_room_code(sqlite_store, facilitator, session, NOW)
    assert voting.join(sqlite_store, session.room_code, BO, NOW, "") is None
    assert voting.ballot(sqlite_store, held, NOW) is not None
    closed = team_sessions.close(sqlite_store, facilitator, voided, NOW)
    again = team_sessions.reopen(sqlite_store, facilitator, closed, NOW)
    assert again.room_code not in ("", session.room_code)
    assert voting.join(sqlite_store, again.room_code, CY, NOW, "") is not None


def test_another_code_in_place_of_a_leaked_one(sqlite_store: Store, facilitator: Principal) -> None:
    session = opened(sqlite_store, facilitator)
    other = team_sessions.new_room_code(sqlite_store, facilitator, session, NOW)
    assert voting.room(sqlite_store, session.room_code) is None
    assert voting.room(sqlite_store, other.room_code) is not None


def test_the_same_phone_keeps_its_seat_and_may_change_sides(sqlite_store: Store, facilitator: Principal) -> None:
    session = opened(sqlite_store, facilitator)
    token = joined(sqlite_store, session)
    first = ballot(sqlite_store, token)
    voting.save_vote(sqlite_store, first.principal, KEY, Answer(2), base=0, pen=PEN, now=NOW)
    assert joined(sqlite_store, session, Newcomer("Bo B.", Side.IHE, Role.DEAN), token=token) == token
    second = ballot(sqlite_store, token)
    assert (second.seat.id, second.seat.name, second.seat.side) == (first.seat.id, "Bo B.", Side.IHE)
    assert second.vote(KEY).answer == Answer(2)
    watched = team_sessions.watch(sqlite_store, facilitator, "ash", SPRING)
    assert watched is not None
    assert len(watched.seats) == 1


def test_another_phone_takes_another_seat(sqlite_store: Store, facilitator: Principal) -> None:
    session = opened(sqlite_store, facilitator)
    seats = {ballot(sqlite_store, joined(sqlite_store, session, who)).seat.id for who in (BO, CY)}
    assert len(seats) == 2


@pytest.mark.parametrize("naming", [Naming.NAMED, Naming.ALIAS])
def test_two_people_of_one_name_are_told_apart_and_nobody_stands_in_their_own_way(
    sqlite_store: Store, facilitator: Principal, naming: Naming
) -> None:
    session = opened(sqlite_store, facilitator, naming)
    token = joined(sqlite_store, session)
    with pytest.raises(UserError, match="Somebody here is called bo already: add an initial"):
        joined(sqlite_store, session, replace(BO, name=" bo "))
    assert joined(sqlite_store, session, replace(BO, side=Side.IHE), token=token) == token
    other = joined(sqlite_store, session, CY)
    with pytest.raises(UserError, match="Somebody here is called Bo already"):
        joined(sqlite_store, session, BO, token=other)
    assert ballot(sqlite_store, other).seat.name == "Cy"
    team_sessions.remove(sqlite_store, facilitator, session, ballot(sqlite_store, token).seat, NOW)
    assert joined(sqlite_store, session) not in ("", token)


def test_in_an_anonymous_session_nobody_is_in_anybodys_way(sqlite_store: Store, facilitator: Principal) -> None:
    session = opened(sqlite_store, facilitator, Naming.ANONYMOUS)
    assert joined(sqlite_store, session) != joined(sqlite_store, session)


def test_a_session_is_full_some_time_and_has_room_again_for_whoever_comes_after_somebody_was_removed(
    sqlite_store: Store, facilitator: Principal, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert 27 < voting.MOST_PEOPLE < 150
    monkeypatch.setattr(voting, "MOST_PEOPLE", 3)
    session = opened(sqlite_store, facilitator, Naming.ANONYMOUS)
    first, *_others = [joined(sqlite_store, session) for _ in range(3)]
    with pytest.raises(UserError, match="full: tell your facilitator"):
        joined(sqlite_store, session)
    assert joined(sqlite_store, session, token=first) == first  # whoever is in stays in
    assert len(PlainSql(str(sqlite_store.url)).rows("SELECT id FROM seats")) == 3
    team_sessions.remove(sqlite_store, facilitator, session, ballot(sqlite_store, first).seat, NOW)
    joined(sqlite_store, session)


def test_a_flood_of_joins_is_slowed_down_where_it_is_and_a_hall_behind_one_address_gets_in() -> None:
    flooded = voting.Pace(voting.JOINS)
    for room in range(11):
        assert not any(flooded.count("browser 192.0.2.7", f"room {room}") for _ in range(27))
    assert any(flooded.count("browser 192.0.2.7", "room 0") for _ in range(200))
    assert flooded.count("browser 192.0.2.7", "room 1") == 0
    assert flooded.count("browser 192.0.2.8", "room 0") == 0


def test_a_flood_of_joins_takes_no_seat(
    sqlite_store: Store, facilitator: Principal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(voting, "JOINING", voting.Pace(Allowance(most=2, seconds=600.0, kept=10)))
    session = opened(sqlite_store, facilitator, Naming.ANONYMOUS)
    for _ in range(2):
        joined(sqlite_store, session)
    with pytest.raises(UserError, match="Wait a moment"):
        joined(sqlite_store, session)
    assert len(PlainSql(str(sqlite_store.url)).rows("SELECT id FROM seats")) == 2


def test_an_anonymous_session_keeps_no_name_whatever_is_sent(sqlite_store: Store, facilitator: Principal) -> None:
    session = opened(sqlite_store, facilitator, Naming.ANONYMOUS)
    assert ballot(sqlite_store, joined(sqlite_store, session)).seat.name == ""


@pytest.mark.parametrize("naming", [Naming.NAMED, Naming.ALIAS])
def test_where_a_name_is_wanted_one_has_to_be_given(
    sqlite_store: Store, facilitator: Principal, naming: Naming
) -> None:
    session = opened(sqlite_store, facilitator, naming)
    with pytest.raises(UserError):
        joined(sqlite_store, session, Newcomer("  ", Side.LEA, Role.TEACHER))


def test_a_token_that_was_guessed_or_taken_away_opens_nothing(sqlite_store: Store, facilitator: Principal) -> None:
    session = opened(sqlite_store, facilitator)
    token = joined(sqlite_store, session)
    seat = ballot(sqlite_store, token).seat
    team_sessions.remove(sqlite_store, facilitator, session, seat, NOW)
    for tried in (token, "", "x", token + "x", f"{seat.id}"):
        assert voting.ballot(sqlite_store, tried, NOW) is None


def test_a_session_can_be_looked_at_on_the_way_home_and_no_longer(sqlite_store: Store, facilitator: Principal) -> None:
    session = opened(sqlite_store, facilitator)
    token = joined(sqlite_store, session)
    team_sessions.close(sqlite_store, facilitator, session, NOW)
    assert voting.ballot(sqlite_store, token, NOW + timedelta(hours=20)) is not None
    assert voting.ballot(sqlite_store, token, NOW + timedelta(hours=25)) is None


def test_only_a_seat_votes(sqlite_store: Store, staff: Principal, facilitator: Principal, member: Principal) -> None:
    opened(sqlite_store, facilitator)
    seatless = Principal(0, "Bo", staff.network, Access.RATER, "ash")
    for who in (staff, facilitator, member, seatless):
        with pytest.raises(NotAllowedError):
            voting.save_vote(sqlite_store, who, KEY, Answer(2), base=0, pen=PEN, now=NOW)


def test_a_note_longer_than_can_be_kept_is_refused(sqlite_store: Store, facilitator: Principal) -> None:
    who = ballot(sqlite_store, joined(sqlite_store, opened(sqlite_store, facilitator))).principal
    answer = Answer(2, note="x" * (LONGEST_TEXT + 1))
    with pytest.raises(UserError, match="can be kept"):
        voting.save_vote(sqlite_store, who, KEY, answer, base=0, pen=PEN, now=NOW)


def test_a_session_without_votes_takes_none(sqlite_store: Store, facilitator: Principal) -> None:
    session = opened(sqlite_store, facilitator, has_votes=False)
    who = ballot(sqlite_store, joined(sqlite_store, session)).principal
    with pytest.raises(NotAllowedError):
        voting.save_vote(sqlite_store, who, KEY, Answer(2), base=0, pen=PEN, now=NOW)


def test_progress_counts_a_cannot_judge_and_not_a_mere_note(sqlite_store: Store, facilitator: Principal) -> None:
    session = opened(sqlite_store, facilitator)
    token = joined(sqlite_store, session)
    who = ballot(sqlite_store, token).principal
    voting.save_vote(sqlite_store, who, KEY, Answer(cannot_judge=True), base=0, pen=PEN, now=NOW)
    noted = Answer(note="ask Fay")
    voting.save_vote(sqlite_store, who, DomainKey("lea", "lea-2"), noted, base=0, pen=PEN, now=NOW)
    assert ballot(sqlite_store, token).finished == 1


def test_what_open_pages_follow_grows_with_what_concerns_them(sqlite_store: Store, facilitator: Principal) -> None:
    session = opened(sqlite_store, facilitator)
    before = voting.revisions(sqlite_store, NOW)
    who = ballot(sqlite_store, joined(sqlite_store, session)).principal
    voting.save_vote(sqlite_store, who, KEY, Answer(2), base=0, pen=PEN, now=NOW)
    voted = voting.revisions(sqlite_store, NOW)
    own, progress, hall = f"session-{session.id}", f"progress-{session.id}", f"hall-{session.convening_id}"
    assert voted[own] == before[own]  # the phones are left alone while people vote
    assert voted[progress] == before[progress] + 2
    assert voted[hall] == before[hall] + 2
    reveals.reveal(sqlite_store, facilitator, session, [KEY], NOW)
    assert voting.revisions(sqlite_store, NOW)[own] == before[own] + 1


def test_no_room_code_and_no_token_stands_in_the_record(sqlite_store: Store, facilitator: Principal) -> None:
    session = opened(sqlite_store, facilitator)
    other = team_sessions.new_room_code(sqlite_store, facilitator, session, NOW)
    token = joined(sqlite_store, other)
    sql = PlainSql(str(sqlite_store.url))
    told = str(sql.rows("SELECT * FROM record"))
    assert "joined" in told
    assert not any(secret in told for secret in (session.room_code, other.room_code, token))
    assert token not in str(sql.rows("SELECT * FROM seats"))
