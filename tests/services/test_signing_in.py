"""Links, codes and sessions, from the side of the person."""

import sqlite3
from collections.abc import Callable
from datetime import timedelta

import pytest

from progressions import codes
from progressions.errors import NotAllowedError, StoreUnavailableError
from progressions.people import Access, Network, Principal
from progressions.services import people, sign_in
from progressions.services.people import Invitation, Invited
from progressions.store import Directory, Store
from progressions.throttle import Door, TooManyTriesError
from tests import factories
from tests.factories import NOW

DAYS = 30
DESK = "browser 192.0.2.7"
MINUTE = timedelta(minutes=1)


@pytest.fixture
def fay(sqlite_store: Store, north: Network, staff: Principal) -> Invited:
    """A facilitator of "ash" who was invited now."""
    with sqlite_store.write_directory() as directory:
        directory.grant(staff.person_id, north.id, Access.STAFF, None)
    return people.invite(sqlite_store, staff, Invitation("Fay Ash", Access.FACILITATOR, "ash"), NOW)


@pytest.fixture
def by_code(sqlite_store: Store) -> Callable[[str], str | None]:
    """Tries a typed text; a door of its own, so that no other test has failed before it."""
    door = Door()
    return lambda text: sign_in.with_code(sqlite_store, text, DAYS, NOW, DESK, door=door)


def _session(store: Store, invited: Invited) -> str:
    session = sign_in.use_link(store, invited.link_token, DAYS, NOW)
    assert session is not None
    return session


def _asked(store: Store, question: str) -> list[tuple[object, ...]]:
    assert store.url.database is not None
    with sqlite3.connect(store.url.database) as connection:
        return connection.execute(question).fetchall()


def test_a_link_works_once(sqlite_store: Store, fay: Invited) -> None:
    assert sign_in.use_link(sqlite_store, fay.link_token, DAYS, NOW) is not None
    assert sign_in.use_link(sqlite_store, fay.link_token, DAYS, NOW) is None


def test_a_link_says_whom_it_is_for_as_long_as_it_works(sqlite_store: Store, fay: Invited) -> None:
    for _ in range(3):
        found = sign_in.link_is_for(sqlite_store, fay.link_token, NOW)
        assert found is not None
        assert (found.name, found.network.title) == ("Fay Ash", "Network North")
    _session(sqlite_store, fay)
    assert sign_in.link_is_for(sqlite_store, fay.link_token, NOW) is None
    assert sign_in.link_is_for(sqlite_store, "no-such-token", NOW) is None


@pytest.mark.parametrize("hours", [sign_in.LINK_HOURS, sign_in.INVITATION_HOURS, 2])
def test_a_link_works_for_its_hours(sqlite_store: Store, fay: Invited, hours: int) -> None:
    end = NOW + timedelta(hours=hours)
    for when, works in ((end - MINUTE, True), (end, False)):
        with sqlite_store.write_directory() as directory:
            token = sign_in.make_link(directory, fay.person_id, NOW, hours)
        assert (sign_in.link_is_for(sqlite_store, token, when) is not None) is works
        assert (sign_in.use_link(sqlite_store, token, DAYS, when) is not None) is works


def test_a_session_ends_after_its_days(sqlite_store: Store, fay: Invited) -> None:
    session = _session(sqlite_store, fay)
    assert sign_in.principal_of(sqlite_store, session, NOW + timedelta(days=DAYS) - MINUTE) is not None
    assert sign_in.principal_of(sqlite_store, session, NOW + timedelta(days=DAYS)) is None


def test_a_session_knows_the_persons_partnership_and_access_and_where_they_sit(
    sqlite_store: Store, fay: Invited
) -> None:
    principal = sign_in.principal_of(sqlite_store, _session(sqlite_store, fay), NOW, DESK)
    assert principal is not None
    assert (principal.name, principal.access, principal.partnership) == ("Fay Ash", Access.FACILITATOR, "ash")
    assert principal.came_from == DESK


@pytest.mark.parametrize("token", ["", "no-such-token", "' OR 1=1 --"])
def test_a_made_up_session_is_nobody(sqlite_store: Store, fay: Invited, token: str) -> None:
    _session(sqlite_store, fay)
    assert sign_in.principal_of(sqlite_store, token, NOW) is None


def test_a_person_cannot_look_at_a_network_without_access_to_it(sqlite_store: Store, fay: Invited) -> None:
    south = factories.a_network(sqlite_store, "south", "Network South")
    session = _session(sqlite_store, fay)
    principal = sign_in.principal_of(sqlite_store, session, NOW)
    assert principal is not None
    with pytest.raises(NotAllowedError):
        sign_in.look_at(sqlite_store, session, principal, south, NOW)


def test_a_code_signs_its_person_in_again_and_again_under_new_tokens(
    sqlite_store: Store, fay: Invited, by_code: Callable[[str], str | None]
) -> None:
    sessions = [by_code(fay.code_text) for _ in range(3)]
    assert len(set(sessions)) == 3
    for session in sessions:
        assert session is not None
        principal = sign_in.principal_of(sqlite_store, session, NOW)
        assert principal is not None
        assert principal.person_id == fay.person_id


def test_of_a_code_and_of_a_session_only_hashes_are_stored(
    sqlite_store: Store, fay: Invited, by_code: Callable[[str], str | None]
) -> None:
    session, code = by_code(fay.code_text), codes.parse(fay.code_text)
    assert session is not None
    assert code is not None
    assert sqlite_store.url.database is not None
    with sqlite3.connect(sqlite_store.url.database) as connection:
        dump = "\n".join(connection.iterdump())
    assert code.selector in dump
    for secret in (session, code.secret, fay.code_text, fay.link_token):
        assert secret not in dump


def test_whatever_is_wrong_with_a_code_the_answer_is_none(
    sqlite_store: Store, fay: Invited, staff: Principal, by_code: Callable[[str], str | None]
) -> None:
    code = codes.parse(fay.code_text)
    assert code is not None
    unknown = codes.Code("ZZZZ" if code.selector != "ZZZZ" else "YYYY", code.secret)
    wrong = codes.Code(code.selector, codes.new_code().secret)
    for text in ("", "hello", unknown.text, wrong.text):
        assert by_code(text) is None
    assert by_code(fay.code_text) is not None
    people.new_code(sqlite_store, staff, fay.person_id, NOW)
    assert by_code(fay.code_text) is None


def test_a_person_without_access_is_not_signed_in_by_code_nor_by_link(
    sqlite_store: Store, fay: Invited, north: Network, by_code: Callable[[str], str | None]
) -> None:
    with sqlite_store.write_directory() as directory:
        directory.revoke(fay.person_id, north.id)  # only the access: code and link are still there
    assert by_code(fay.code_text) is None
    assert sign_in.link_is_for(sqlite_store, fay.link_token, NOW) is None
    assert sign_in.use_link(sqlite_store, fay.link_token, DAYS, NOW) is None
    assert _asked(sqlite_store, "SELECT count(*) FROM sign_in_sessions") == [(0,)]


def test_a_code_that_is_withdrawn_while_it_is_checked_signs_nobody_in(sqlite_store: Store, fay: Invited) -> None:
    def slowly(secret: str, stored: str) -> bool:
        with sqlite_store.write_directory() as directory:
            directory.drop_code(fay.person_id)
        return codes.matches(secret, stored)

    assert sign_in.with_code(sqlite_store, fay.code_text, DAYS, NOW, DESK, door=Door(matches=slowly)) is None


def test_unknown_selectors_and_wrong_secrets_are_checked_with_the_same_work(sqlite_store: Store, fay: Invited) -> None:
    work: list[list[str]] = []

    def check(_secret: str, stored: str) -> bool:
        work.append(stored.split("$")[:4])
        return False

    door, code = Door(matches=check), codes.parse(fay.code_text)
    assert code is not None
    for tried in (codes.Code(code.selector, codes.new_code().secret), codes.Code("ZZZZ", code.secret)):
        assert sign_in.with_code(sqlite_store, tried.text, DAYS, NOW, DESK, door=door) is None
    assert work == [["scrypt", "16384", "8", "1"]] * 2


def test_after_five_wrong_tries_even_the_right_code_waits(fay: Invited, by_code: Callable[[str], str | None]) -> None:
    code = codes.parse(fay.code_text)
    assert code is not None
    for _ in range(5):
        assert by_code(codes.Code(code.selector, codes.new_code().secret).text) is None
    with pytest.raises(TooManyTriesError):
        by_code(fay.code_text)


def test_signing_in_again_ends_the_session_that_the_browser_held(sqlite_store: Store, fay: Invited) -> None:
    first = _session(sqlite_store, fay)
    other_device = sign_in.with_code(sqlite_store, fay.code_text, DAYS, NOW, DESK, door=Door())
    second = sign_in.with_code(sqlite_store, fay.code_text, DAYS, NOW, DESK, older=first, door=Door())
    assert other_device is not None
    assert second is not None
    assert sign_in.principal_of(sqlite_store, first, NOW) is None
    assert sign_in.principal_of(sqlite_store, second, NOW) is not None
    assert sign_in.principal_of(sqlite_store, other_device, NOW) is not None


def test_signing_out_ends_this_session_and_everywhere_ends_them_all_and_nobody_elses(
    sqlite_store: Store, fay: Invited, staff: Principal
) -> None:
    ben = people.invite(sqlite_store, staff, Invitation("Ben", Access.MEMBER, "ash"), NOW)
    bens = _session(sqlite_store, ben)
    door = Door()
    first, second, third = (
        sign_in.with_code(sqlite_store, fay.code_text, DAYS, NOW, DESK, door=door) or "" for _ in range(3)
    )
    principal = sign_in.principal_of(sqlite_store, first, NOW, DESK)
    assert principal is not None
    sign_in.sign_out(sqlite_store, principal, first, NOW)
    assert [sign_in.principal_of(sqlite_store, s, NOW) is None for s in (first, second, third)] == [True, False, False]
    sign_in.sign_out_everywhere(sqlite_store, principal, NOW)
    assert [sign_in.principal_of(sqlite_store, s, NOW) is None for s in (first, second, third)] == [True] * 3
    assert sign_in.principal_of(sqlite_store, bens, NOW) is not None


def test_signing_in_and_out_is_in_the_record_with_where_from(sqlite_store: Store, fay: Invited) -> None:
    session = sign_in.use_link(sqlite_store, fay.link_token, DAYS, NOW, DESK)
    assert session is not None
    again = sign_in.with_code(sqlite_store, fay.code_text, DAYS, NOW, "browser 2001:db8::9", door=Door())
    assert again is not None
    principal = sign_in.principal_of(sqlite_store, session, NOW, DESK)
    assert principal is not None
    sign_in.sign_out(sqlite_store, principal, session, NOW)
    sign_in.sign_out_everywhere(sqlite_store, principal, NOW)
    lines = "SELECT who, came_from, action, about FROM record WHERE action LIKE 'signed %' ORDER BY id"
    who = f"#{fay.person_id}"
    assert _asked(sqlite_store, lines) == [
        (who, DESK, "signed in", "by link"),
        (who, "browser 2001:db8::9", "signed in", "by code"),
        (who, DESK, "signed out", "here"),
        (who, DESK, "signed out", "everywhere"),
    ]


def test_when_a_session_was_last_seen_is_noted_once_an_hour(sqlite_store: Store, fay: Invited) -> None:
    session, seen = _session(sqlite_store, fay), "SELECT last_seen_at FROM sign_in_sessions"
    noted = []
    for minutes in (0, 59, 60, 90, 119, 120):
        assert sign_in.principal_of(sqlite_store, session, NOW + minutes * MINUTE) is not None
        noted.append(str(_asked(sqlite_store, seen)[0][0])[11:16])
    assert noted == ["10:32", "10:32", "11:32", "11:32", "11:32", "12:32"]


def test_a_database_that_cannot_be_written_still_knows_who_is_here(
    sqlite_store: Store, fay: Invited, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = _session(sqlite_store, fay)

    def full(*_anything: object) -> None:
        raise StoreUnavailableError("The disk is full.")

    monkeypatch.setattr(Directory, "session_seen", full)
    assert sign_in.principal_of(sqlite_store, session, NOW + timedelta(hours=5)) is not None


def test_signing_in_forgets_what_has_expired(sqlite_store: Store, fay: Invited) -> None:
    _session(sqlite_store, fay)
    later = NOW + timedelta(days=DAYS)
    assert sign_in.with_code(sqlite_store, fay.code_text, DAYS, later, DESK, door=Door()) is not None
    assert _asked(sqlite_store, "SELECT count(*) FROM sign_in_sessions") == [(1,)]
