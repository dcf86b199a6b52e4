"""How a team agrees, on a projector and a phone: a dot a voter, everything fits, and all of it can be read aloud."""

import re
from pathlib import Path
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from progressions.services.example_votes import read_votes
from tests.browser.rest import expect
from tests.browser.server import RunningApp
from tests.browser.steps import open_screen, press, settled, sign_in

pytestmark = pytest.mark.browser

OWN = "/movement?partnership=alder-valley&rubric=partnership&view=agreement"
PARTS = {
    "votes": "voted: Partnership, Summer 2026",
    "first": "first votes and the level agreed",
    "sides": "How far apart the two sides",
    "room": "Who was in the room",
}
DOTS = "[data-testid=stVegaLiteChart] .mark-symbol path"


def _drawn(page: Page, app: RunningApp, part: str) -> None:
    open_screen(page, app, f"{OWN}&part={part}", "Movement")
    expect(page.get_by_role("heading", name=PARTS[part])).to_be_visible()
    expect(page.get_by_test_id("stVegaLiteChart").locator("canvas, svg").first).to_be_visible()
    settled(page)


@pytest.mark.parametrize(("width", "height", "scheme"), [(1280, 720, "light"), (390, 844, "dark")])
@pytest.mark.parametrize("part", PARTS)
def test_every_part_fits_and_passes_axe(
    page: Page, app: RunningApp, pictures: Path, part: str, width: int, height: int, scheme: Literal["light", "dark"]
) -> None:
    sign_in(page, app)
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": height})
    _drawn(page, app, part)
    page.screenshot(path=pictures / f"agreement-{part}-{width}-{scheme}.png", full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
    found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa"]}).response["violations"]
    assert not [(each["id"], [node["html"] for node in each["nodes"]]) for each in found]


def test_there_is_a_dot_for_every_vote(page: Page, app: RunningApp) -> None:
    sign_in(page, app)
    _drawn(page, app, "votes")
    latest = read_votes()[-1]
    votes = sum(len(levels) for said in latest.rounds for key, levels in said.items() if key.rubric == "partnership")
    legend = 4
    expect(page.locator(DOTS)).to_have_count(votes + legend)


def test_a_part_is_chosen_by_keyboard_and_the_address_keeps_it(page: Page, app: RunningApp) -> None:
    sign_in(page, app)
    _drawn(page, app, "votes")
    page.get_by_role("radio", name="In the room").or_(page.get_by_role("button", name="In the room")).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=PARTS["room"])).to_be_visible()
    expect(page).to_have_url(re.compile("part=room"))
    settled(page)
    page.reload()
    expect(page.get_by_role("heading", name=PARTS["room"])).to_be_visible()
    press(page.get_by_text("The same numbers as a table"))
    expect(page.get_by_role("table")).to_contain_text("4 of 8 (50%)")
