"""A whole convening in real browsers: from the code on the projector to eight agreed levels and the movement of them.

Nine people at one server: a facilitator, and eight raters of whom two hold phones. On the way one phone sleeps longer
than its session lives, the server is killed, somebody taps twice, somebody changes sides, two facilitators collide.
"""

import itertools
import re
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pytest
import segno
from playwright.sync_api import Browser, BrowserContext, Page

from progressions.clock import utc_now
from progressions.people import Access
from progressions.services import networks, people, start
from progressions.services.people import Invitation
from progressions.store import open_store
from tests.browser.rest import expect
from tests.browser.server import RunningApp
from tests.browser.steps import card, level, open_link, press, settled, stored

pytestmark = pytest.mark.browser

OWN, DAY = "alder-valley", date(2026, 11, 20)
PHONE, LAPTOP = {"width": 390, "height": 844}, {"width": 1100, "height": 760}
DOMAINS = 8
CONNECTED = "[data-test-connection-state=CONNECTED]"
SOCKETS = """
window.sockets = [];
window.WebSocket = class extends WebSocket { constructor(...how) { super(...how); window.sockets.push(this); } };
"""
LIFE = 2  # seconds for which the server remembers a page that has gone
LATEST = "(SELECT max(id) FROM team_sessions)"  # the example has sessions of earlier convenings
VOTES = f"""
SELECT seats.name, domains.code, votes.level, votes.side FROM votes JOIN seats ON seats.id = votes.seat_id
JOIN domains ON domains.id = votes.domain_id WHERE votes.session_id = {LATEST}
"""
CHAIN = """
SELECT old_level, new_level FROM rating_changes JOIN ratings ON ratings.id = rating_changes.rating_id
JOIN domains ON domains.id = ratings.domain_id JOIN convenings ON convenings.id = ratings.convening_id
WHERE convenings.held_on = ? AND domains.code = ? ORDER BY rating_changes.row_version
"""


@pytest.fixture
def short_lived(fresh_app: RunningApp, monkeypatch: pytest.MonkeyPatch) -> RunningApp:
    """A server that forgets a page that has gone after two seconds, as a real one does after an hour."""
    monkeypatch.setenv("STREAMLIT_SERVER_DISCONNECTED_SESSION_TTL", str(LIFE))
    fresh_app.stop()
    fresh_app.start()
    return fresh_app


@dataclass
class Hall:
    """The people, each with a browser of their own, and what their screens have acknowledged."""

    app: RunningApp
    browser: Browser
    open: ExitStack
    raters: list[Page] = field(default_factory=list)
    acknowledged: dict[tuple[str, str], int] = field(default_factory=dict)

    def page(self, viewport: dict[str, int], *, is_phone: bool = False) -> Page:
        context: BrowserContext = self.browser.new_context(
            viewport=viewport,  # type: ignore[arg-type]
            has_touch=is_phone,
            is_mobile=is_phone,
            timezone_id="America/Chicago",
        )
        self.open.callback(context.close)
        context.add_init_script(SOCKETS)
        return context.new_page()

    def facilitator(self, name: str, address: str) -> Page:
        store = open_store(self.app.database_url)
        with store.read_directory() as directory:
            network = directory.network(start.EXAMPLE_CODE)
        assert network is not None
        who = Invitation(name, Access.FACILITATOR, OWN)
        invited = people.invite(store, start.system_principal(network), who, utc_now())
        page = self.page({"width": 1280, "height": 720})
        open_link(page, f"{self.app.url}/signin?link={invited.link_token}")
        page.goto(f"{self.app.url}{address}")
        expect(page.get_by_role("heading", name="Session", level=1)).to_be_visible()
        settled(page)
        return page

    def sleeps(self, page: Page) -> None:
        """A phone in a pocket: its connection ends, and it cannot make another."""
        page.context.set_offline(True)
        page.evaluate("sockets.forEach(each => each.close())")  # a browser that is offline keeps those that it has
        expect(page.locator(CONNECTED)).to_have_count(0)

    def wakes(self, page: Page) -> None:
        page.context.set_offline(False)
        expect(page.locator(CONNECTED)).to_have_count(1)

    def joins(self, link: str, number: int) -> None:
        """The first two on phones; the first four from the district."""
        is_phone = number < 2
        page = self.page(PHONE if is_phone else LAPTOP, is_phone=is_phone)
        page.goto(link)
        page.get_by_label("An alias").fill(f"Rater {number}")
        page.get_by_text("District" if number < 4 else "University", exact=True).click()
        page.get_by_label("Your role").select_option("other")
        page.get_by_role("button", name="Join").click()
        expect(page.get_by_text("One tap saves")).to_be_visible()
        self.raters.append(page)

    def votes(self, number: int, place: int, *, twice: bool = False, beside: int = 0) -> None:
        """One domain on one screen; remembered only once the screen says that it is saved."""
        page, said = self.raters[number], 1 + (number + place + beside) % 4
        self.at(page, place)
        if twice:
            card(page, said).dblclick()
        else:
            press(card(page, said))
        expect(level(page, said)).to_be_checked()
        expect(page.get_by_text(re.compile(rf"Saved \d\d:\d\d: level {said}"))).to_be_visible()
        self.acknowledged[f"Rater {number}", self.code(page)] = said

    def at(self, page: Page, place: int) -> None:
        """Goes to a domain by its number."""
        pill = page.get_by_role("radiogroup", name="Domain").get_by_role("radio").nth(place)
        settled(page)
        if pill.get_attribute("aria-checked") != "true":
            press(pill)
            expect(pill).to_have_attribute("aria-checked", "true")
        settled(page)

    def code(self, page: Page) -> str:
        found = re.search(r"domain=[^.&]+\.([^&]+)", page.url)
        assert found is not None, page.url
        return found.group(1)


@pytest.fixture
def hall(short_lived: RunningApp, browser: Browser) -> Iterator[Hall]:
    store = open_store(short_lived.database_url)
    with store.read_directory() as directory:
        network = directory.network(start.EXAMPLE_CODE)
    assert network is not None
    networks.add_convening(store, start.system_principal(network), DAY, "Fall 2026", utc_now())
    with ExitStack() as opened:
        yield Hall(short_lived, browser, opened)
    store.close()


def test_from_the_code_on_the_projector_to_eight_agreed_levels(hall: Hall, pictures: Path) -> None:
    fay = hall.facilitator("Fay Hart", f"/session?convening={DAY}&rubric=ihe")
    link = _opened(fay)
    for number in range(8):
        hall.joins(link, number)
    expect(fay.get_by_text("8 people are here")).to_be_visible()
    fay.screenshot(path=pictures / "convening-lobby.png")
    _vote(hall, link)
    press(fay.get_by_role("radio", name="Vote"))
    expect(fay.get_by_text("8 of 8 people have finished every domain")).to_be_visible()
    fay.screenshot(path=pictures / "convening-watch.png")
    _check_votes(hall)
    press(fay.get_by_role("button", name="Reveal all"))
    for number, page in enumerate(hall.raters):
        expect(page.get_by_text("Your own vote").first).to_be_visible()
        page.screenshot(path=pictures / f"convening-revealed-{number}.png", full_page=True)
    _agree(hall, fay)
    _moved(fay, pictures)


def _opened(fay: Page) -> str:
    press(fay.get_by_role("button", name="Open the session"))
    expect(fay.get_by_role("img", name=re.compile("QR code"))).to_be_visible()
    link = f"http://{fay.locator('.session-join p').first.inner_text()}"
    drawn = segno.make(link, error="m", micro=False).svg_data_uri(border=4, light="#fff", omitsize=True)
    expect(fay.get_by_role("img", name=re.compile("QR code"))).to_have_attribute("src", drawn)
    return link


def _vote(hall: Hall, link: str) -> None:
    """Half of it, then everything goes wrong, then the rest."""
    for place in range(3):
        for number in range(8):
            hall.votes(number, place, twice=(number, place) == (2, 1))
    _sleeps_too_long(hall)
    _changes_sides(hall, 7, link)
    hall.sleeps(hall.raters[1])
    hall.app.kill()
    hall.app.start()
    hall.wakes(hall.raters[1])
    for page in hall.raters:
        expect(page.locator(CONNECTED)).to_have_count(1)
    for place in range(3, DOMAINS):
        for number in range(8):
            hall.votes(number, place)


def _sleeps_too_long(hall: Hall) -> None:
    """The server knows nothing of the phone when it wakes; its first tap, on what it had answered, is saved."""
    asleep = hall.raters[0]
    hall.sleeps(asleep)
    asleep.wait_for_timeout(1000 * 2 * LIFE)
    hall.wakes(asleep)
    hall.votes(0, 2, beside=1)


def _changes_sides(hall: Hall, number: int, link: str) -> None:
    page = hall.raters[number]
    page.goto(f"{link}?anew=1")
    expect(page.get_by_label("An alias")).to_have_value(f"Rater {number}")
    page.get_by_text("District", exact=True).click()
    page.get_by_role("button", name="Join").click()
    expect(page.get_by_text(f"Rater {number}, District")).to_be_visible()


def _check_votes(hall: Hall) -> None:
    """Everything that a screen acknowledged is in the database, once, on the side that the person is on."""
    rows = stored(hall.app.database, VOTES)
    assert {(name, code): said for name, code, said, _ in rows} == hall.acknowledged
    assert len(rows) == 8 * DOMAINS
    sides = {name: side for name, _, _, side in rows}
    assert sides == {f"Rater {n}": "lea" if n < 4 or n == 7 else "ihe" for n in range(8)}
    assert stored(hall.app.database, f"SELECT count(*) FROM seats WHERE session_id = {LATEST}") == [(8,)]


def _agree(hall: Hall, fay: Page) -> None:
    """Eight levels; on the first of them a second facilitator has the same screen open."""
    expect(fay.get_by_role("radiogroup", name="Level of")).to_be_visible()
    settled(fay)
    address = fay.url.removeprefix(hall.app.url)
    gus = hall.facilitator("Gus Olsen", re.sub(r"&?pen=[^&]*", "", address))
    expect(gus.get_by_role("radiogroup", name="Level of")).to_be_visible()
    first = hall.code(fay)
    card(fay, 2).click(no_wait_after=True)
    card(gus, 3).click(no_wait_after=True)
    for page in (fay, gus):
        settled(page)
    chain = stored(hall.app.database, CHAIN, DAY.isoformat(), first)
    assert all(before == after for (_, before), (after, _) in itertools.pairwise(chain)), chain
    shown = chain[-1][1]
    for page in (fay, gus):  # both see what stands, whoever was first
        expect(level(page, int(str(shown)))).to_be_checked()
    for place in range(DOMAINS):
        hall.at(fay, place)
        said = 3 if place % 2 else 2
        press(card(fay, said))
        expect(level(fay, said)).to_be_checked()
        settled(fay)
        expect(fay.get_by_text(re.compile(r"Saved \d\d:\d\d"))).to_be_visible()
    agreed = stored(
        hall.app.database,
        "SELECT count(*) FROM ratings JOIN convenings ON convenings.id = ratings.convening_id "
        "WHERE held_on = ? AND level IN (2, 3)",
        DAY.isoformat(),
    )
    assert agreed == [(DOMAINS,)]
    for page in hall.raters:
        expect(page.get_by_text("Agreed at").first).to_be_visible()


def _moved(fay: Page, pictures: Path) -> None:
    press(fay.get_by_role("radio", name="Finish"))
    expect(fay.get_by_text("8 of 8 domains agreed")).to_be_visible()
    press(fay.get_by_role("link", name="See how you have moved"))
    expect(fay.get_by_role("heading", name="Movement", level=1)).to_be_visible()
    settled(fay)
    fay.screenshot(path=pictures / "convening-movement.png")
    expect(fay.get_by_text("of 8 domains at 9 convenings")).to_be_visible()
    press(fay.get_by_text("The same numbers as a table"))
    expect(fay.get_by_role("columnheader", name="Fall 2026 · 20 Nov 2026")).to_be_visible()
