"""Going on on another device, asked as a phone and a laptop without a script ask."""

import re
from collections.abc import Iterator
from html import escape

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from progressions.clock import utc_now
from progressions.people import Access, Network, Principal
from progressions.services import devices, team_sessions, voting
from progressions.services.team_sessions import Wish
from progressions.store import Store
from progressions.team_session import DomainKey, Naming, TeamSession
from progressions.web.cookie import SEAT
from progressions.web.device_routes import DEVICE_ROUTES
from progressions.web.join_routes import JOIN_ROUTES
from tests import factories

LINK, CODE = re.compile(r'href="http://testserver(/device/[\w-]+)"'), re.compile(r'class="shown">([\w-]+)<')


@pytest.fixture
def session(installed: Store, network: Network, monkeypatch: pytest.MonkeyPatch) -> TeamSession:
    monkeypatch.setattr(voting, "WRONG", voting.WrongRooms())
    with installed.read(factories.staff_of(network)) as repository:
        partnership, held_on = next(
            (partnership.code, convening.held_on)
            for partnership in repository.partnerships()
            for convening in repository.convenings()
            if repository.team_session(partnership.code, convening.held_on) is None
        )
        rubric = repository.latest_rubrics()[0].rubric
    keys = tuple(DomainKey(rubric.code, domain.code) for domain in rubric.domains)
    who = Principal(1, "Sam", network, Access.STAFF)
    return team_sessions.open_session(installed, who, Wish(partnership, held_on, Naming.ALIAS, True, keys), utc_now())


@pytest.fixture
def phone(session: TeamSession) -> Iterator[TestClient]:
    """A browser that has joined as Ann."""
    with _browser() as made:
        form = {"code": session.room_code, "name": "Ann <i>", "side": "lea", "role": "teacher"}
        assert made.post("/join", data=form).headers["location"] == "/vote"
        yield made


@pytest.fixture
def laptop() -> Iterator[TestClient]:
    with _browser() as made:
        yield made


def _browser() -> TestClient:
    return TestClient(Starlette(routes=[*JOIN_ROUTES, *DEVICE_ROUTES]), follow_redirects=False)


def _offer(phone: TestClient) -> tuple[str, str]:
    """The address of a link, and the code beside it."""
    text = phone.post("/device").text
    link, code = LINK.search(text), CODE.search(text)
    assert link
    assert code
    return link[1], code[1]


def _button(text: str) -> dict[str, str]:
    """What the button of a page sends."""
    return dict(re.findall(r'type="hidden" name="(\w+)" value="([\w-]+)"', text))


def _seat(store: Store, browser: TestClient) -> int | None:
    held = voting.seated(store, browser.cookies.get(SEAT, ""), utc_now())
    return held[0].id if held else None


def test_a_link_leads_another_device_into_the_same_seat(
    phone: TestClient, laptop: TestClient, installed: Store, session: TeamSession
) -> None:
    link, _code = _offer(phone)
    page = laptop.get(link)
    assert page.status_code == 200
    assert all(escape(word) in page.text for word in ("You go on as Ann <i>", session.partnership_title))
    assert "<script" not in page.text
    assert "set-cookie" not in page.headers  # looking takes nothing
    assert _seat(installed, laptop) is None
    answer = laptop.post("/device/take", data=_button(page.text))
    assert (answer.status_code, answer.headers["location"]) == (303, "/vote")
    kept = answer.headers["set-cookie"].lower()
    assert all(word in kept for word in (SEAT, "httponly", "samesite=lax", "path=/"))
    assert _seat(installed, laptop) == _seat(installed, phone) is not None
    assert laptop.cookies[SEAT] != phone.cookies[SEAT]


def test_a_typed_code_leads_there_too(phone: TestClient, laptop: TestClient, installed: Store) -> None:
    _link, code = _offer(phone)
    page = laptop.post("/join", data={"code": code.lower()})
    assert page.status_code == 200
    assert laptop.post("/device/take", data=_button(page.text)).headers["location"] == "/vote"
    assert _seat(installed, laptop) == _seat(installed, phone) is not None


def test_the_page_shows_a_picture_a_code_and_the_link_and_nobody_keeps_it(phone: TestClient) -> None:
    before = phone.get("/device")
    assert "Show the link and the code" in before.text
    assert not LINK.search(before.text)
    page = phone.post("/device")
    assert 'src="data:image/svg+xml' in page.text
    assert "testserver/join" in page.text
    assert "<script" not in page.text
    assert (page.headers["cache-control"], page.headers["referrer-policy"]) == ("no-store", "strict-origin")


def test_whoever_holds_no_seat_is_shown_no_link(laptop: TestClient, session: TeamSession) -> None:
    assert session.is_open
    for answer in (laptop.get("/device"), laptop.post("/device")):
        assert answer.status_code == 403
        assert not LINK.search(answer.text)
        assert "data:image" not in answer.text


def test_a_link_that_was_used_opens_nothing_to_anybody_else(
    phone: TestClient, laptop: TestClient, installed: Store
) -> None:
    link, code = _offer(phone)
    mine = _button(laptop.get(link).text)
    with _browser() as thief:
        theirs = _button(thief.get(link).text)  # both have the page before them
        assert laptop.post("/device/take", data=mine).status_code == 303
        for answer in (
            thief.post("/device/take", data=theirs),
            thief.post("/device/take", data={"way": code}),
            thief.get(link),
            thief.post("/join", data={"code": code}),
        ):
            assert answer.status_code == 403
            assert "set-cookie" not in answer.headers
            assert "Ann" not in answer.text
        assert _seat(installed, thief) is None


def test_a_button_that_is_pressed_twice_brings_the_same_cookie(phone: TestClient, laptop: TestClient) -> None:
    link, _code = _offer(phone)
    form = _button(laptop.get(link).text)
    first = laptop.post("/device/take", data=form).headers["set-cookie"]
    laptop.cookies.clear()  # the answer was lost on its way
    assert laptop.post("/device/take", data=form).headers["set-cookie"].split(";")[0] == first.split(";")[0]
    told = laptop.get(link)  # by the back button
    assert told.status_code == 403
    assert "Back to the vote" in told.text


def test_the_device_itself_does_not_use_its_own_link_up(
    phone: TestClient, laptop: TestClient, installed: Store
) -> None:
    link, _code = _offer(phone)
    page = phone.get(link)
    assert "on the other one" in page.text
    assert "<form" not in page.text
    laptop.post("/device/take", data=_button(laptop.get(link).text))
    assert _seat(installed, laptop) == _seat(installed, phone)


def test_a_device_that_has_joined_as_somebody_else_is_told_what_becomes_of_them(
    phone: TestClient, laptop: TestClient, installed: Store, session: TeamSession
) -> None:
    form = {"code": session.room_code, "name": "Ann 2", "side": "lea", "role": "teacher"}
    laptop.post("/join", data=form)
    assert _seat(installed, laptop) != _seat(installed, phone)
    link, _code = _offer(phone)
    page = laptop.get(link).text
    assert "This device has joined as Ann 2. Those votes stay, until the facilitator takes Ann 2 out." in page
    laptop.post("/device/take", data=_button(page))
    assert _seat(installed, laptop) == _seat(installed, phone)


def test_guessing_codes_is_slowed_down_and_after_too_many_not_even_a_right_one_is_heard(
    phone: TestClient, laptop: TestClient
) -> None:
    link, code = _offer(phone)
    statuses = [laptop.post("/device/take", data={"way": f"AAAA{n:04}"}).status_code for n in range(350)]
    statuses += [laptop.post("/join", data={"code": f"BBBB{n:04}"}).status_code for n in range(350)]
    assert set(statuses[:590]) == {403}
    assert 429 in statuses[590:]
    for answer in (
        laptop.post("/device/take", data={"way": code}),
        laptop.post("/join", data={"code": code}),
    ):
        assert answer.status_code == 429
        assert answer.headers["retry-after"]
        assert "set-cookie" not in answer.headers
    assert laptop.get(f"/device/{code}").status_code == 403  # an address is for links alone
    assert laptop.post("/device/take", data=_button(laptop.get(link).text)).status_code == 303


def test_a_form_of_another_site_makes_and_takes_nothing(
    phone: TestClient, laptop: TestClient, installed: Store
) -> None:
    link, _code = _offer(phone)
    form = _button(laptop.get(link).text)
    headers = {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}
    assert phone.post("/device", headers=headers).status_code == 403
    assert laptop.post("/device/take", data=form, headers=headers).status_code == 403
    assert _seat(installed, laptop) is None
    assert devices.offered(installed, form["way"], utc_now()) is not None


def test_a_closed_session_offers_nothing_more(
    phone: TestClient, laptop: TestClient, installed: Store, session: TeamSession, network: Network
) -> None:
    link, _code = _offer(phone)
    team_sessions.close(installed, Principal(1, "Sam", network, Access.STAFF), session, utc_now())
    told = phone.post("/device")
    assert told.status_code == 403
    assert "This session is closed" in told.text
    assert laptop.get(link).status_code == 403
