"""The facilitator's screens in a real browser: live, through a killed server, with two facilitators, for all eyes."""

import re
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from progressions.clock import utc_now
from progressions.people import Access, Network, Principal
from progressions.services import networks, people, reveals, start, team_sessions, voting
from progressions.services.people import Invitation
from progressions.services.ratings import Pen
from progressions.services.team_sessions import Wish
from progressions.services.voting import Newcomer
from progressions.store import Store, open_store
from progressions.team_session import Answer, DomainKey, Naming, Role, Side, TeamSession
from tests.browser.rest import expect
from tests.browser.server import RunningApp
from tests.browser.steps import card, level, open_link, opened_list, press, settled, stored

pytestmark = pytest.mark.browser

OWN = "alder-valley"
DAY, LATER = date(2026, 10, 21), date(2026, 12, 9)  # the example knows nothing of the latter
ALONE = date(2026, 1, 28)  # nor of a session then
SAVED = re.compile(r"Saved \d\d:\d\d")
AGREED = """
SELECT ratings.level FROM ratings JOIN domains ON domains.id = ratings.domain_id
JOIN convenings ON convenings.id = ratings.convening_id
JOIN partnerships ON partnerships.id = ratings.partnership_id
WHERE partnerships.code = ? AND convenings.held_on = ? AND domains.code = ?
"""


class Hall:
    """The server, and somebody beside it who joins and votes."""

    def __init__(self, app: RunningApp, store: Store) -> None:
        self.app = app
        self.store = store
        with store.read_directory() as directory:
            found = directory.network(start.EXAMPLE_CODE)
        assert found is not None
        self.network: Network = found
        self.staff: Principal = start.system_principal(found)

    def link(self, name: str) -> str:
        """A one-time link of another facilitator."""
        invitation = Invitation(name, Access.FACILITATOR, OWN)
        invited = people.invite(self.store, self.staff, invitation, utc_now())
        return f"{self.app.url}/signin?link={invited.link_token}"

    def team(self, day: date) -> TeamSession:
        found = team_sessions.session_of(self.store, self.staff, OWN, day)
        assert found is not None
        return found

    def join(self, day: date, name: str, side: Side) -> str:
        newcomer = Newcomer(name, side, Role.OTHER)
        token = voting.join(self.store, self.team(day).room_code, newcomer, utc_now(), "")
        assert token is not None
        return token

    def vote(self, token: str, key: DomainKey, said: int) -> None:
        ballot = voting.ballot(self.store, token, utc_now())
        assert ballot is not None
        base = ballot.vote(key).row_version
        voting.save_vote(self.store, ballot.principal, key, Answer(said), base=base, pen=Pen("", 0), now=utc_now())

    def agreed(self, day: date, domain: str) -> object:
        """The level that the database holds."""
        ((level,),) = stored(self.app.database, AGREED, OWN, day.isoformat(), domain)
        return level


@pytest.fixture(scope="module")
def hall(app: RunningApp) -> Iterator[Hall]:
    store = open_store(app.database_url)
    yield Hall(app, store)
    store.close()


Facilitator = Callable[..., Page]


@pytest.fixture
def facilitator(browser: Browser, hall: Hall) -> Iterator[Facilitator]:
    """Opens the session's screen for another facilitator each time."""
    contexts = []

    def opened(address: str = "", name: str = "Fay Hart", **context: object) -> Page:
        size = {"width": 1280, "height": 720}
        contexts.append(browser.new_context(viewport=size, bypass_csp=True, **context))  # type: ignore[arg-type]
        page = contexts[-1].new_page()
        open_link(page, hall.link(name))
        page.goto(f"{hall.app.url}/session{address}")
        expect(page.get_by_role("heading", name="Session", level=1)).to_be_visible()
        settled(page)
        return page

    yield opened
    for context in contexts:
        context.close()


def test_from_the_open_session_to_an_agreed_level_through_a_killed_server(hall: Hall, facilitator: Facilitator) -> None:
    fay = facilitator(f"?convening={DAY}&rubric=partnership")
    press(fay.get_by_role("button", name="Open the session"))
    expect(fay.get_by_role("img", name="QR code that opens localhost")).to_be_visible()
    expect(fay.get_by_text("Phones cannot open this address")).to_be_visible()
    keys = [each.key for each in hall.team(DAY).domains]
    tokens = [hall.join(DAY, f"Person {number}", side) for number, side in enumerate([*Side, *Side, *Side])]
    expect(fay.get_by_text("6 people are here")).to_be_visible()  # nobody touched the screen
    expect(fay.get_by_text("Person 5")).to_be_visible()

    press(fay.get_by_role("radio", name="Vote"))
    expect(fay.get_by_text("0 of 6 people have finished every domain")).to_be_visible()
    for number, token in enumerate(tokens):
        hall.vote(token, keys[0], 1 if number % 2 else 3)
    expect(fay.get_by_role("row", name=re.compile("6 of 6"))).to_have_count(1)
    press(fay.get_by_role("button", name="Reveal all"))
    press(fay.get_by_role("button", name="Reveal anyway"))
    expect(fay.get_by_text("District members said").or_(fay.get_by_text("All 3 district members said"))).to_be_visible()

    settled(fay)
    press(card(fay, 2))
    expect(level(fay, 2)).to_be_checked()
    settled(fay)
    assert hall.agreed(DAY, keys[0].domain) == 2
    hall.app.kill()
    hall.app.start()
    expect(fay.locator("[data-test-connection-state=CONNECTED]")).to_have_count(1)
    settled(fay)
    press(card(fay, 3))
    expect(level(fay, 3)).to_be_checked()
    settled(fay)
    assert hall.agreed(DAY, keys[0].domain) == 3
    fay.reload()
    expect(level(fay, 3)).to_be_checked()  # the address knows the step and the domain

    gus = facilitator(fay.url.removeprefix(f"{hall.app.url}/session").partition("&pen")[0], "Gus Olsen")
    expect(gus.get_by_text("Fay Hart leads this session.")).to_be_visible()
    press(card(gus, 4))
    expect(fay.get_by_text("Gus Olsen changed this at")).to_be_visible()
    expect(level(fay, 4)).to_be_checked()
    press(gus.get_by_role("button", name="Take over"))
    expect(fay.get_by_text("Gus Olsen leads this session.")).to_be_visible()


def _prepared(hall: Hall) -> None:
    """An open session of another convening with two domains revealed, of which one is voted on again."""
    if any(each.held_on == LATER for each in networks.convenings(hall.store, hall.staff)):
        return
    networks.add_convening(hall.store, hall.staff, LATER, "Winter 2027", utc_now())
    keys = tuple(DomainKey("partnership", f"partnership-{number}") for number in range(1, 9))
    wish = Wish(OWN, LATER, Naming.NAMED, has_votes=True, domains=keys)
    team = team_sessions.open_session(hall.store, hall.staff, wish, utc_now())
    tokens = [hall.join(LATER, f"Somebody {number}", side) for number, side in enumerate([*Side, *Side, *Side])]
    for token in tokens:
        hall.vote(token, keys[0], 2)
    team = reveals.reveal(hall.store, hall.staff, hall.team(LATER), keys[:2], utc_now())
    team = reveals.second_vote(hall.store, hall.staff, team, keys[1], utc_now())
    team_sessions.set_timer(hall.store, hall.staff, team, 10, utc_now())


def _without_votes(hall: Hall) -> None:
    """A session of one laptop."""
    if team_sessions.session_of(hall.store, hall.staff, OWN, ALONE) is None:
        keys = tuple(DomainKey("partnership", f"partnership-{number}") for number in (1, 2))
        wish = Wish(OWN, ALONE, Naming.ANONYMOUS, has_votes=False, domains=keys)
        team_sessions.open_session(hall.store, hall.staff, wish, utc_now())


def test_somebody_is_removed_and_brought_back_with_a_press_each(hall: Hall, facilitator: Facilitator) -> None:
    _prepared(hall)
    page = facilitator(f"?convening={LATER}&step=join", "Eli Orr")
    press(page.get_by_role("button", name="Take over"))
    settled(page)
    press(page.get_by_text("Manage this session"))
    opened_list(page, "Somebody in the session")
    page.keyboard.type("Somebody 3")
    page.get_by_role("option", name="Somebody 3").click()  # waits until the list has narrowed
    settled(page)
    here = page.locator(".session-here")
    press(page.get_by_role("button", name="Remove", exact=True))
    expect(here.get_by_text("Somebody 3")).to_have_count(0)
    press(page.get_by_role("button", name="Bring back"))
    expect(here.get_by_text("Somebody 3")).to_be_visible()
    press(page.get_by_role("button", name="Take the name away"))
    expect(here.get_by_text("Somebody 3")).to_have_count(0)
    press(page.get_by_role("button", name="Remove", exact=True))
    expect(here.get_by_text("5 people are here")).to_be_visible()
    press(page.get_by_role("button", name="Bring back"))
    expect(here.get_by_text("6 people are here")).to_be_visible()


def test_what_became_of_a_press_is_in_sight_on_a_projector(hall: Hall, facilitator: Facilitator) -> None:
    _prepared(hall)
    second = hall.team(LATER).domains[1].key
    fay = facilitator(f"?convening={LATER}&step=agree&domain={second.rubric}.{second.domain}", "Fil Orr")
    press(fay.get_by_role("button", name="Take over"))
    settled(fay)
    press(fay.get_by_role("button", name="Reveal this vote"))
    expect(fay.get_by_role("button", name="Reveal anyway")).to_be_in_viewport(ratio=1)  # nobody has scrolled
    press(fay.get_by_role("button", name="Wait"))
    press(card(fay, 2))
    expect(fay.get_by_text(SAVED)).to_be_in_viewport(ratio=1)
    settled(fay)
    first = hall.team(LATER).domains[0].key
    gus = facilitator(f"?convening={LATER}&step=agree&domain={first.rubric}.{first.domain}", "Gil Orr")
    fay.goto(gus.url.partition("&pen")[0])
    expect(level(fay, 1)).to_be_visible()
    settled(fay)
    card(fay, 2).scroll_into_view_if_needed()
    press(card(gus, 3))
    expect(fay.get_by_text("Gil Orr changed this at")).to_be_in_viewport(ratio=1)
    fay.goto(f"{hall.app.url}/session?convening=2025-01-29")
    settled(fay)
    press(fay.get_by_role("button", name="University (IHE)", exact=True))  # none is chosen then
    settled(fay)
    press(fay.get_by_role("button", name="Open the session"))
    expect(fay.get_by_text("Choose at least one domain")).to_be_in_viewport(ratio=1)


def test_a_connection_that_has_gone_is_told_in_words_for_raters(hall: Hall, facilitator: Facilitator) -> None:
    fay = facilitator(f"?convening={DAY}", "Gia Orr")
    app = fay.locator(".stApp")
    told = "element => getComputedStyle(element, '::after').content"
    assert "No connection" not in app.evaluate(told)
    hall.app.kill()
    expect(fay.locator("[data-test-connection-state=CONNECTED]")).to_have_count(0)
    assert "No connection. Nothing is saved until it is back." in app.evaluate(told)
    dialog = fay.get_by_role("dialog")
    expect(dialog).to_be_visible()
    assert "treamlit" not in dialog.inner_text()
    within = dialog.locator("> div").evaluate(
        "element => getComputedStyle(element, '::before').getPropertyValue('content')"
    )
    assert "This page tries again by itself." in within
    hall.app.start()
    expect(fay.locator("[data-test-connection-state=CONNECTED]")).to_have_count(1)
    expect(dialog).to_have_count(0)
    assert "No connection" not in app.evaluate(told)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_state_fits_and_passes_axe(hall: Hall, facilitator: Facilitator, pictures: Path, scheme: str) -> None:
    _prepared(hall)
    page = facilitator(f"?convening={LATER}", f"Eva {scheme}", color_scheme=scheme)
    press(page.get_by_role("button", name="Take over"))
    settled(page)
    team = hall.team(LATER)
    second = f"&domain={team.domains[1].key.rubric}.{team.domains[1].key.domain}"
    _without_votes(hall)
    states = {
        "open": "?convening=2025-01-29",
        "alone": f"?convening={ALONE}",
        "join": f"?convening={LATER}&step=join",
        "vote": f"?convening={LATER}&step=vote",
        "agree": f"?convening={LATER}&step=agree",
        "again": f"?convening={LATER}&step=agree{second}",
        "finish": f"?convening={LATER}&step=finish",
    }
    for state, address in states.items():
        page.goto(f"{hall.app.url}/session{address}")
        expect(page.get_by_role("heading", name="Session", level=1)).to_be_visible()
        expect(page.get_by_test_id("stSkeleton")).to_have_count(0)
        settled(page)
        if state == "vote":  # the question before a reveal
            press(page.get_by_role("button", name="Reveal all"))
            expect(page.get_by_role("button", name="Reveal anyway")).to_be_visible()
            settled(page)
        for folded in page.get_by_text(re.compile("^(Manage this session|Paper sheets)$")).all():
            press(folded)
            settled(page)
        for width, height in ((1280, 720), (320, 640)):
            page.set_viewport_size({"width": width, "height": height})
            settled(page)
            page.screenshot(path=pictures / f"session-{state}-{width}-{scheme}.png")
            assert page.get_by_test_id("stMain").evaluate("main => main.scrollWidth") <= width, (state, width)
            found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]})
            assert found.violations_count == 0, (state, width, found.generate_report())
