"""One partnership's movement on a projector and a phone: a click or a key opens a domain's line."""

import re
import sqlite3
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.rest import expect
from tests.browser.server import RunningApp
from tests.browser.steps import open_screen, settled, sign_in

pytestmark = pytest.mark.browser

OWN = "/movement?partnership=alder-valley&rubric=partnership"
TITLE = "Shared aim and theory of improvement"
VIEWS = {
    "all": "convening by convening",
    "one": f"{TITLE}, rating by rating",
    "two": "Summer 2026 and",
    "promises": "promised",
}


@pytest.fixture
def told(app: RunningApp) -> RunningApp:
    """In the last two convenings: promises, a look back at each one's convening before, and reasons."""
    with sqlite3.connect(app.database) as connection:
        days = [day for (day,) in connection.execute("SELECT DISTINCT held_on FROM convenings ORDER BY held_on")]
        for before, day in ((days[-4], days[-3]), (days[-2], days[-1])):
            connection.execute(
                "UPDATE ratings SET reason = 'practice', next_step = 'Walk the schools', next_step_owner = 'Ana', "
                "hindsight_on = ?, hindsight_level = 1 WHERE convening_id IN "
                "(SELECT id FROM convenings WHERE held_on = ?) AND partnership_id IN "
                "(SELECT id FROM partnerships WHERE code = 'alder-valley')",
                (before, day),
            )
        connection.execute("UPDATE networks SET revision = revision + 1")
    connection.close()
    return app


def _charted(page: Page) -> None:
    expect(page.get_by_test_id("stVegaLiteChart").first.locator("canvas, svg").first).to_be_visible()
    settled(page)


def test_a_click_on_a_domain_opens_its_line_and_back_leads_to_the_table(page: Page, told: RunningApp) -> None:
    sign_in(page, told)
    open_screen(page, told, f"{OWN}&view=all", "Movement")
    _charted(page)
    table = page.get_by_role("heading", name=re.compile("convening by convening"))
    for _ in range(2):  # the second time too: what was picked before is no longer picked
        chart = page.get_by_test_id("stVegaLiteChart").bounding_box()
        assert chart is not None
        page.mouse.click(chart["x"] + chart["width"] / 2, chart["y"] + 48 * 3.5)
        expect(page.get_by_role("heading", name=f"{TITLE}, rating by rating")).to_be_visible()
        expect(page).to_have_url(re.compile("view=one.*domain=partnership-3"))
        page.go_back()
        expect(table).to_be_visible()
        _charted(page)
        expect(table).to_be_visible()


def test_a_domain_is_opened_by_keyboard_alone(page: Page, told: RunningApp) -> None:
    sign_in(page, told)
    open_screen(page, told, f"{OWN}&view=all", "Movement")
    page.get_by_label("Open a domain as a line").focus()
    page.keyboard.type("Shared aim")
    expect(page.get_by_role("option")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=f"{TITLE}, rating by rating")).to_be_visible()
    expect(page).to_have_url(re.compile("domain=partnership-3"))


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("view", VIEWS)
def test_every_view_of_ones_own_movement_fits_and_passes_axe(
    page: Page, told: RunningApp, pictures: Path, scheme: str, view: str
) -> None:
    sign_in(page, told)
    page.emulate_media(color_scheme=scheme)
    for width, height in ((1280, 720), (390, 844)):
        page.set_viewport_size({"width": width, "height": height})
        open_screen(page, told, f"{OWN}&view={view}&domain=partnership-3", "Movement")
        expect(page.get_by_role("heading", name=re.compile(VIEWS[view]))).to_be_visible()
        _charted(page)
        page.screenshot(path=pictures / f"movement-{view}-{width}-{scheme}.png", full_page=True)
        expect(page.get_by_text("Something went wrong")).to_have_count(0)
        wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wider <= 0
        found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa"]}).response["violations"]
        assert not [(each["id"], [node["html"] for node in each["nodes"]]) for each in found]


def test_a_phone_that_is_turned_has_titles_beside_the_rows_and_turned_back_over_them(
    page: Page, told: RunningApp
) -> None:
    sign_in(page, told)
    page.set_viewport_size({"width": 390, "height": 844})
    open_screen(page, told, f"{OWN}&view=all", "Movement")
    _charted(page)
    plot = page.locator("[data-testid=stVegaLiteChart] svg path.background").first
    upright, turned = re.compile(r"^M0,0h3[3-6]\d"), re.compile(r"^M0,0h6\d\d")
    for width, height, drawn in ((390, 844, upright), (844, 390, turned), (390, 844, upright)):
        page.set_viewport_size({"width": width, "height": height})
        expect(plot).to_have_attribute("d", drawn)
