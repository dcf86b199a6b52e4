"""The hall in a real browser: live without a touch, one countdown on every screen, readable from the last row."""

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from progressions.clock import utc_now
from progressions.people import Principal
from progressions.services import networks, reveals, role_alike, start, team_sessions, voting
from progressions.services.ratings import Pen
from progressions.services.team_sessions import Wish
from progressions.services.voting import Newcomer
from progressions.store import Store, open_store
from progressions.team_session import Answer, DomainKey, Naming, Role, Side, TeamSession
from tests.browser.rest import expect
from tests.browser.server import RunningApp
from tests.browser.steps import open_screen, press, settled, sign_in

pytestmark = pytest.mark.browser

DAY = date(2030, 5, 1)
KEYS = tuple(DomainKey("partnership", f"partnership-{number}") for number in (1, 2))
SIZES = ((1280, 720), (1920, 1080), (320, 640))
LEFT = re.compile(r"^[5-9]:[0-5]\d$")  # of ten minutes, even where starting a server takes one or two of them
PAGE = f"/hall?convening={DAY}"


class Hall:
    """The sessions of a convening, beside the server."""

    def __init__(self, store: Store) -> None:
        self.store = store
        with store.read_directory() as directory:
            network = directory.network(start.EXAMPLE_CODE)
        assert network is not None
        self.staff: Principal = start.system_principal(network)
        networks.add_convening(store, self.staff, DAY, "May", utc_now())
        self.codes = [each.code for each in networks.partnerships(store, self.staff)]

    def open(self, code: str) -> TeamSession:
        wish = Wish(code, DAY, Naming.ALIAS, has_votes=True, domains=KEYS)
        return team_sessions.open_session(self.store, self.staff, wish, utc_now())

    def vote(self, team: TeamSession, *levels: int) -> None:
        for number, level in enumerate(levels):
            newcomer = Newcomer(f"Dean {number}", Side.IHE, Role.DEAN)
            token = voting.join(self.store, team.room_code, newcomer, utc_now(), "")
            ballot = voting.ballot(self.store, token or "", utc_now())
            assert ballot is not None
            for key in KEYS:
                pen, now = Pen("", 0), utc_now()
                voting.save_vote(self.store, ballot.principal, key, Answer(level), base=0, pen=pen, now=now)

    def reveal(self, team: TeamSession) -> None:
        found = team_sessions.session_of(self.store, self.staff, team.partnership, DAY)
        assert found is not None
        reveals.reveal(self.store, self.staff, found, KEYS, utc_now())


@pytest.fixture(scope="module")
def hall(app: RunningApp) -> Iterator[Hall]:
    store = open_store(app.database_url)
    yield Hall(store)
    store.close()


def test_the_stage_is_live_and_two_screens_show_one_countdown_through_a_killed_server(
    hall: Hall, page: Page, app: RunningApp
) -> None:
    sign_in(page, app)
    open_screen(page, app, PAGE, "Hall")
    stage = page.context.new_page()
    open_screen(stage, app, f"{PAGE}&view=stage", "Hall")
    tile = stage.locator(".hall-tiles li").first
    expect(tile).to_contain_text("Not begun")
    first = hall.open(hall.codes[0])
    expect(tile).to_contain_text("Open")  # nobody touched the screen
    hall.vote(first, 1, 3)
    expect(tile).to_contain_text("2 of 2 finished")
    expect(page.locator(".hall-cards section").first).to_contain_text("2 here · 2 begun · 2 finished all")
    hall.reveal(first)
    expect(tile).to_contain_text("0 of 2 agreed")
    for code in hall.codes[1:3]:
        second = hall.open(code)
        hall.vote(second, 2, 4)
        hall.reveal(second)

    press(page.get_by_role("button", name="Countdown"))
    press(page.get_by_role("button", name="Start for all"))
    for screen in (stage, page):
        expect(screen.get_by_role("timer")).to_have_text(LEFT)
    app.kill()
    app.start()
    stage.reload()
    expect(stage.get_by_role("timer")).to_have_text(LEFT)
    before = stage.get_by_role("timer").inner_text()
    expect(stage.get_by_role("timer")).not_to_have_text(before)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_view_fits_its_screen_and_passes_axe(
    hall: Hall, browser: Browser, app: RunningApp, pictures: Path, scheme: str
) -> None:
    role_alike.show(hall.store, hall.staff, DAY, Role.DEAN, KEYS, utc_now())
    context = browser.new_context(bypass_csp=True, color_scheme=scheme)  # type: ignore[arg-type]
    page = context.new_page()
    sign_in(page, app)
    for view in ("desk", "stage", "roles"):
        open_screen(page, app, f"{PAGE}&view={view}&rubric=partnership&role=dean", "Hall")
        expect(page.locator(".vote-dots" if view == "roles" else ".hall-together").first).to_be_visible()
        for width, height in SIZES:
            page.set_viewport_size({"width": width, "height": height})
            settled(page)
            page.screenshot(path=pictures / f"hall-{view}-{width}-{scheme}.png")
            main = page.get_by_test_id("stMain")
            assert main.evaluate("main => main.scrollWidth") <= width, (view, width)
            if view == "stage" and width > 1000:  # a stage is not scrolled
                assert main.evaluate("main => main.scrollHeight") <= height, width
            found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]})
            assert found.violations_count == 0, (view, width, found.generate_report())
    context.close()


@pytest.mark.parametrize(("width", "height"), SIZES[:2])
def test_a_stage_of_sixty_sessions_shows_every_tile_whole(
    fresh_app: RunningApp, browser: Browser, pictures: Path, width: int, height: int
) -> None:
    store = open_store(fresh_app.database_url)
    hall = Hall(store)
    beginning = "The Greater Northmoor and Alder Valley Consolidated Schools Partnership with the University of"
    for number in range(len(hall.codes), 60):
        networks.add_partnership(store, hall.staff, f"{beginning} Town {number}", utc_now())
    hall.vote(hall.open(hall.codes[0]), 2, 3)
    page = browser.new_context(viewport={"width": width, "height": height}).new_page()
    sign_in(page, fresh_app)
    open_screen(page, fresh_app, f"{PAGE}&view=stage", "Hall")
    press(page.get_by_role("button", name="Countdown"))
    press(page.get_by_role("button", name="Start for all"))
    expect(page.get_by_role("timer")).to_be_visible()
    page.keyboard.press("Escape")
    settled(page)
    page.screenshot(path=pictures / f"hall-sixty-{width}.png")
    expect(page.locator(".hall-tiles li")).to_have_count(60)
    assert page.get_by_test_id("stMain").evaluate("main => main.scrollHeight") <= height
    cut = page.evaluate(
        "() => [...document.querySelectorAll('.hall-tiles :is(h3, p)')].filter(each => {"
        " const own = each.getBoundingClientRect(), tile = each.closest('li').getBoundingClientRect();"
        " return each.scrollHeight > each.clientHeight + 2 || own.bottom > tile.bottom || own.right > tile.right"
        " }).map(each => each.textContent)"
    )
    assert cut == []
    texts = page.locator(".hall-tiles h3").all_inner_texts()
    assert len(set(texts)) == 60, "Titles that differ at their ends look alike."
    notice = page.locator(".st-key-example-notice").bounding_box()
    last = page.locator(".hall-tiles li").last.bounding_box()
    assert notice is not None
    assert last is not None
    assert last["y"] + last["height"] <= notice["y"], "The notice lies over the tiles."
    page.context.close()
    store.close()
