"""Joining over HTTP, asked as a phone without a script asks."""

import re
from collections.abc import Iterator
from html import escape

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from progressions.clock import utc_now
from progressions.people import Access, Network, Principal
from progressions.services import sign_in, team_sessions, voting
from progressions.services.team_sessions import Wish
from progressions.services.voting import Newcomer
from progressions.store import Store
from progressions.team_session import DomainKey, Naming, Role, Seat, Side, TeamSession
from progressions.web.cookie import SEAT
from progressions.web.join_routes import JOIN_ROUTES
from tests import factories

FORM = {"name": "Bo", "side": "lea", "role": "teacher"}


@pytest.fixture
def client(installed: Store) -> Iterator[TestClient]:
    assert installed
    with TestClient(Starlette(routes=JOIN_ROUTES), follow_redirects=False) as made:
        yield made


@pytest.fixture
def session(installed: Store, network: Network, monkeypatch: pytest.MonkeyPatch) -> TeamSession:
    monkeypatch.setattr(voting, "WRONG", voting.WrongRooms())
    return opened(installed, network)


def opened(store: Store, network: Network, naming: Naming = Naming.ALIAS, *, has_votes: bool = True) -> TeamSession:
    """A session at a place where no test of this file has opened one: they share one example network."""
    with store.read(factories.staff_of(network)) as repository:
        free = (
            (partnership.code, convening.held_on)
            for partnership in repository.partnerships()
            for convening in repository.convenings()
            if repository.team_session(partnership.code, convening.held_on) is None
        )
        partnership, held_on = next(free)
        rubric = repository.latest_rubrics()[0].rubric
    keys = tuple(DomainKey(rubric.code, domain.code) for domain in rubric.domains)
    who = Principal(1, "Sam", network, Access.STAFF)
    return team_sessions.open_session(store, who, Wish(partnership, held_on, naming, has_votes, keys), utc_now())


def test_a_link_asks_for_alias_side_and_role_and_leads_to_the_vote(client: TestClient, session: TeamSession) -> None:
    page = client.get(f"/join/{session.room_code}")
    assert page.status_code == 200
    assert all(
        word in page.text for word in ('name="name"', 'name="side"', 'name="role"', escape(session.partnership_title))
    )
    assert "<script" not in page.text
    answer = client.post("/join", data={"code": session.room_code, **FORM})
    assert (answer.status_code, answer.headers["location"]) == (303, "/vote")
    kept = answer.headers["set-cookie"].lower()
    assert SEAT in kept
    assert all(word in kept for word in ("httponly", "samesite=lax", "path=/"))


@pytest.mark.parametrize("naming", list(Naming))
def test_a_button_that_is_pressed_twice_takes_one_seat(
    client: TestClient, installed: Store, network: Network, naming: Naming
) -> None:
    session = opened(installed, network, naming)

    def page() -> str:
        found = re.search(r'name="page" value="([\w-]+)"', client.get(f"/join/{session.room_code}").text)
        assert found
        return found[1]

    def press(of: str) -> str:
        answer = client.post("/join", data={"code": session.room_code, **FORM, "page": of})
        client.cookies.clear()  # the answer was lost on its way, and its cookie with it
        assert (answer.status_code, answer.headers["location"]) == (303, "/vote")
        return answer.headers["set-cookie"].split(";")[0]

    mine, theirs = page(), page()
    assert press(mine) == press(mine)
    assert len(_seats(installed, session)) == 1
    if naming is Naming.ANONYMOUS:  # elsewhere the name is taken
        assert press(theirs) != press(mine)
        assert len(_seats(installed, session)) == 2


def _seats(store: Store, session: TeamSession) -> tuple[Seat, ...]:
    with store.write_directory() as directory:
        room = directory.room(session.room_code)
        assert room is not None
        return directory.people_in(room)


def test_whoever_was_removed_and_presses_once_more_joins_under_a_new_token(
    client: TestClient, installed: Store, network: Network, session: TeamSession
) -> None:
    form = {"code": session.room_code, **FORM, "page": sign_in.new_token()}
    first = client.post("/join", data=form).headers["set-cookie"]
    (seat,) = _seats(installed, session)
    who = Principal(1, "Sam", network, Access.STAFF)
    team_sessions.remove(installed, who, session, seat, utc_now())
    client.cookies.clear()
    again = client.post("/join", data=form)
    assert again.status_code == 303
    assert again.headers["set-cookie"] != first
    assert len(_seats(installed, session)) == 1


def test_the_same_phone_comes_back_without_being_asked(client: TestClient, session: TeamSession) -> None:
    client.post("/join", data={"code": session.room_code, **FORM})
    again = client.get(f"/join/{session.room_code}")
    assert (again.status_code, again.headers["location"]) == (303, "/vote")
    anew = client.get(f"/join/{session.room_code}?anew=1")
    assert anew.status_code == 200
    assert 'value="Bo"' in anew.text


def test_a_typed_code_leads_to_the_same_page(client: TestClient, session: TeamSession) -> None:
    typed = f"{session.room_code[:4]} {session.room_code[4:]}".lower()
    answer = client.post("/join", data={"code": typed})
    assert answer.headers["location"] == f"/join/{session.room_code}"


def test_an_anonymous_session_asks_for_no_name(client: TestClient, installed: Store, network: Network) -> None:
    session = opened(installed, network, Naming.ANONYMOUS)
    assert 'name="name"' not in client.get(f"/join/{session.room_code}").text
    assert client.post("/join", data={"code": session.room_code, "side": "ihe", "role": "dean"}).status_code == 303


@pytest.mark.parametrize("naming", list(Naming))
def test_whoever_finds_a_full_session_is_told_whom_to_ask(
    client: TestClient, installed: Store, network: Network, monkeypatch: pytest.MonkeyPatch, naming: Naming
) -> None:
    session = opened(installed, network, naming)
    monkeypatch.setattr(voting, "MOST_PEOPLE", 0)
    answer = client.post("/join", data={"code": session.room_code, **FORM})
    assert voting.FULL in answer.text
    assert "set-cookie" not in answer.headers


def test_a_session_without_votes_says_where_to_look(client: TestClient, installed: Store, network: Network) -> None:
    session = opened(installed, network, has_votes=False)
    page = client.get(f"/join/{session.room_code}")
    assert "without votes" in page.text
    assert "<form" not in page.text


@pytest.mark.parametrize("missing", ["name", "side", "role"])
def test_what_is_missing_is_asked_for_again(client: TestClient, session: TeamSession, missing: str) -> None:
    fields = {name: value for name, value in FORM.items() if name != missing}
    answer = client.post("/join", data={"code": session.room_code, **fields})
    assert "set-cookie" not in answer.headers
    if missing == "side":  # a form without a side is the one that asks for the code alone
        assert answer.status_code == 303
        assert answer.headers["location"].startswith("/join/")
    else:
        assert answer.status_code == 200
        assert 'class="problem"' in answer.text


def test_whoever_is_refused_finds_what_they_had_said_in_the_form(
    client: TestClient, session: TeamSession, installed: Store
) -> None:
    assert voting.join(installed, session.room_code, Newcomer("Ann", Side.IHE, Role.DEAN), utc_now(), "")
    answer = client.post("/join", data={"code": session.room_code, "name": "ann", "side": "lea", "role": "teacher"})
    assert "Somebody here is called ann already: add an initial." in answer.text
    assert 'value="ann"' in answer.text
    assert 'value="lea" required checked' in answer.text
    assert 'value="teacher" selected' in answer.text
    assert answer.text.count("checked>") == answer.text.count(" selected>") == 1


@pytest.mark.usefixtures("session")
def test_a_wrong_code_stays_to_be_mended(client: TestClient) -> None:
    answer = client.post("/join", data={"code": '2222-222"'})
    assert answer.status_code == 403
    assert 'value="2222-222&quot;"' in answer.text
    assert len(client.post("/join", data={"code": "A" * 3000}).text) < 6000


@pytest.mark.parametrize("text", ["nonsense", "ABCDEFGH", "%3Cscript%3E", "..%2F..%2Fsignin"])
def test_a_wrong_code_says_where_to_look_for_the_right_one(client: TestClient, session: TeamSession, text: str) -> None:
    page = client.get(f"/join/{text}")
    assert page.status_code in (403, 404)
    assert "<script" not in page.text
    assert escape(session.partnership_title) not in page.text


def test_guessing_room_codes_is_slowed_down_and_a_right_one_still_opens(
    client: TestClient, session: TeamSession
) -> None:
    statuses = [client.get("/join/AAAA0000").status_code for _ in range(700)]
    assert set(statuses[:590]) == {403}
    assert 429 in statuses[590:]
    assert client.get(f"/join/{session.room_code}").status_code == 200


def test_a_form_of_another_site_joins_nobody(client: TestClient, session: TeamSession) -> None:
    headers = {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}
    answer = client.post("/join", data={"code": session.room_code, **FORM}, headers=headers)
    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers


def test_hostile_names_are_shown_as_they_are_typed(client: TestClient, session: TeamSession, installed: Store) -> None:
    name = '"><img src=x onerror=alert(1)>'
    client.post("/join", data={"code": session.room_code, **FORM, "name": name})
    page = client.get(f"/join/{session.room_code}?anew=1").text
    assert "<img" not in page
    token = client.cookies[SEAT]
    held = voting.seated(installed, token, utc_now())
    assert held is not None
    assert (held[0].name, held[0].side, held[0].role) == (name, Side.LEA, Role.TEACHER)
