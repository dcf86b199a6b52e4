"""One person on several devices: one seat, one vote, and a link or code that opens it once."""

from datetime import timedelta

import pytest

from progressions import codes
from progressions.errors import ChangedMeanwhileError, UserError
from progressions.people import Principal
from progressions.services import devices, team_sessions, voting
from progressions.services.devices import GOOD_FOR, Offer
from progressions.services.ratings import Pen
from progressions.services.sign_in import hash_of, new_token
from progressions.services.voting import Ballot, Newcomer
from progressions.store import Store
from progressions.team_session import Answer, Naming, Role, Side, TeamSession
from progressions.throttle import Allowance
from tests.factories import NOW, SPRING
from tests.plain_sql import PlainSql
from tests.services.session_acts import BO, KEYS, opened

LAPTOP = "browser 192.0.2.8"


@pytest.fixture
def session(sqlite_store: Store, facilitator: Principal, monkeypatch: pytest.MonkeyPatch) -> TeamSession:
    monkeypatch.setattr(devices, "ASKING", voting.Pace(Allowance(most=20, seconds=10.0, kept=10)))
    return opened(sqlite_store, facilitator)


@pytest.fixture
def phone(sqlite_store: Store, session: TeamSession) -> str:
    """The token of somebody who has joined."""
    found = voting.join(sqlite_store, session.room_code, BO, NOW, "browser 192.0.2.7")
    assert found is not None
    return found


def offered(store: Store, token: str) -> Offer:
    found = devices.offer(store, token, NOW)
    assert found is not None
    return found


def gone_on(store: Store, token: str) -> str:
    """The token of another device of the same person."""
    found = devices.take(store, offered(store, token).link, NOW, LAPTOP)
    assert found is not None
    return found


def ballot(store: Store, token: str) -> Ballot:
    found = voting.ballot(store, token, NOW)
    assert found is not None
    return found


def test_two_devices_are_one_person_with_one_vote(
    sqlite_store: Store, facilitator: Principal, phone: str, plain_sql: PlainSql
) -> None:
    laptop = gone_on(sqlite_store, phone)
    assert laptop != phone
    first, second = ballot(sqlite_store, phone), ballot(sqlite_store, laptop)
    assert first == second
    voting.save_vote(sqlite_store, second.principal, KEYS[0], Answer(3), base=0, pen=Pen("laptop", 0), now=NOW)
    assert ballot(sqlite_store, phone).vote(KEYS[0]).answer == Answer(3)
    with pytest.raises(ChangedMeanwhileError):  # on a screen that does not know of it
        voting.save_vote(sqlite_store, first.principal, KEYS[0], Answer(1), base=0, pen=Pen("phone", 0), now=NOW)
    assert plain_sql.rows("SELECT level FROM votes") == [(3,)]
    assert plain_sql.rows("SELECT count(*) FROM seats") == [(1,)]
    watched = team_sessions.watch(sqlite_store, facilitator, "ash", SPRING)
    assert watched is not None
    assert len(watched.seats) == 1


def test_what_is_changed_on_one_device_is_changed_on_both(
    sqlite_store: Store, session: TeamSession, phone: str
) -> None:
    laptop = gone_on(sqlite_store, phone)
    newcomer = Newcomer("Bo B.", Side.IHE, Role.DEAN)
    assert voting.join(sqlite_store, session.room_code, newcomer, NOW, LAPTOP, token=laptop) == laptop
    for token in (phone, laptop):
        seat = ballot(sqlite_store, token).seat
        assert (seat.name, seat.side, seat.role) == ("Bo B.", Side.IHE, Role.DEAN)


def test_whoever_is_taken_out_is_out_on_both_and_comes_back_on_both(
    sqlite_store: Store, facilitator: Principal, session: TeamSession, phone: str
) -> None:
    laptop, waiting = gone_on(sqlite_store, phone), offered(sqlite_store, phone)
    seat = ballot(sqlite_store, phone).seat
    team_sessions.remove(sqlite_store, facilitator, session, seat, NOW)
    assert [voting.ballot(sqlite_store, token, NOW) for token in (phone, laptop)] == [None, None]
    assert devices.take(sqlite_store, waiting.link, NOW, LAPTOP) is None
    assert devices.offer(sqlite_store, laptop, NOW) is None
    team_sessions.bring_back(sqlite_store, facilitator, session, seat, NOW)
    assert ballot(sqlite_store, phone) == ballot(sqlite_store, laptop)


def test_a_voided_room_code_keeps_devices_and_a_closed_session_lets_no_other_in(
    sqlite_store: Store, facilitator: Principal, session: TeamSession, phone: str
) -> None:
    laptop = gone_on(sqlite_store, phone)
    voided = team_sessions.void_room_code(sqlite_store, facilitator, session, NOW)
    tablet = gone_on(sqlite_store, laptop)  # from any of them
    waiting = offered(sqlite_store, tablet)
    team_sessions.close(sqlite_store, facilitator, voided, NOW)
    assert devices.offered(sqlite_store, waiting.code, NOW) is None
    assert devices.take(sqlite_store, waiting.code, NOW, LAPTOP) is None
    assert devices.offer(sqlite_store, phone, NOW + timedelta(seconds=1)) is None
    assert len({ballot(sqlite_store, token).seat.id for token in (phone, laptop, tablet)}) == 1


@pytest.mark.parametrize("by", ["link", "code"])
def test_a_button_pressed_twice_gives_the_same_and_nobody_else_anything(
    sqlite_store: Store, phone: str, plain_sql: PlainSql, by: str
) -> None:
    offer = offered(sqlite_store, phone)
    way, page = getattr(offer, by), new_token()
    first = devices.take(sqlite_store, way, NOW, LAPTOP, page=page)
    assert first is not None
    assert devices.take(sqlite_store, way, NOW + timedelta(hours=1), LAPTOP, page=page) == first
    for late in (offer.link, offer.code):
        assert devices.offered(sqlite_store, late, NOW) is None
        for theirs in (new_token(), "", "page"):
            assert devices.take(sqlite_store, late, NOW, "browser 203.0.113.9", page=theirs) is None
    assert plain_sql.rows("SELECT came_from FROM record WHERE action = 'went on on another device'") == [(LAPTOP,)]


def test_after_its_minutes_a_link_opens_nothing(sqlite_store: Store, phone: str) -> None:
    offer = offered(sqlite_store, phone)
    for way in (offer.link, offer.code):
        assert devices.offered(sqlite_store, way, NOW + GOOD_FOR - timedelta(seconds=1)) is not None
        assert devices.offered(sqlite_store, way, NOW + GOOD_FOR) is None
        assert devices.take(sqlite_store, way, NOW + GOOD_FOR, LAPTOP, page=new_token()) is None


def test_the_newest_link_alone_works(sqlite_store: Store, phone: str) -> None:
    older, newest = offered(sqlite_store, phone), offered(sqlite_store, phone)
    assert devices.take(sqlite_store, older.link, NOW, LAPTOP) is None
    assert devices.take(sqlite_store, newest.link, NOW, LAPTOP) is not None


def test_a_code_is_read_as_people_type_it(sqlite_store: Store, phone: str) -> None:
    code = offered(sqlite_store, phone).code
    for typed in (code, code.lower(), codes.room_text(code), f" {code[:4]} {code[4:]} ", code.replace("0", "o")):
        found = devices.offered(sqlite_store, typed, NOW)
        assert found is not None
        assert found[0].name == "Bo"


@pytest.mark.parametrize("token", ["", "nobody's"])
def test_whoever_holds_no_seat_is_offered_nothing(sqlite_store: Store, phone: str, token: str) -> None:
    assert devices.offer(sqlite_store, token, NOW) is None
    assert devices.offer(sqlite_store, hash_of(phone), NOW) is None
    for way in (token, hash_of(offered(sqlite_store, phone).link), "x" * 10_000):
        assert devices.take(sqlite_store, way, NOW, LAPTOP) is None


def test_a_seat_is_held_on_a_few_devices_and_asks_for_links_at_a_pace(
    sqlite_store: Store, phone: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(devices, "ASKING", voting.Pace(Allowance(most=7, seconds=600.0, kept=10)))
    for _ in range(devices.MOST_DEVICES):
        gone_on(sqlite_store, phone)
    with pytest.raises(UserError, match="4 other devices already"):
        devices.offer(sqlite_store, phone, NOW)
    for _ in range(2):
        with pytest.raises(UserError):
            devices.offer(sqlite_store, phone, NOW)
    with pytest.raises(UserError, match="very many links"):
        devices.offer(sqlite_store, phone, NOW)


def test_only_hashes_are_stored(sqlite_store: Store, phone: str, plain_sql: PlainSql) -> None:
    laptop, offer = gone_on(sqlite_store, phone), offered(sqlite_store, phone)
    stored = str(plain_sql.rows("SELECT * FROM seat_devices") + plain_sql.rows("SELECT * FROM record"))
    assert hash_of(laptop) in stored
    assert not any(secret in stored for secret in (laptop, offer.link, offer.code, codes.room_text(offer.code)))


def test_in_an_anonymous_session_a_device_more_is_no_person_more(sqlite_store: Store, facilitator: Principal) -> None:
    session = opened(sqlite_store, facilitator, Naming.ANONYMOUS)
    token = voting.join(sqlite_store, session.room_code, Newcomer("", Side.LEA, Role.TEACHER), NOW, "") or ""
    assert ballot(sqlite_store, gone_on(sqlite_store, token)).seat == ballot(sqlite_store, token).seat


def test_whoever_finds_their_own_name_taken_is_told_of_the_other_way(
    sqlite_store: Store, session: TeamSession, phone: str
) -> None:
    assert phone
    with pytest.raises(UserError, match="Or is that you"):
        voting.join(sqlite_store, session.room_code, BO, NOW, LAPTOP)
