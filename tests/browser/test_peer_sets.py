"""Peer sets, peers over time, and what one shares of one's way: from the one who says it to the one who reads it."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page

from progressions.people import Access
from tests.browser.rest import expect
from tests.browser.server import RunningApp
from tests.browser.steps import choose, come_as, open_screen, opened_list, press, settled, sign_in

pytestmark = pytest.mark.browser

MOVEMENT = "/movement?rubric=partnership"
SIX = ("Alder Valley", "Brindle Bay", "Cindermill", "Dovewater", "Elmsgate", "Foxglove")


def photograph(page: Page, pictures: Path, name: str) -> None:
    for width, height in ((1280, 1400), (390, 1600)):
        page.set_viewport_size({"width": width, "height": height})
        settled(page)
        page.screenshot(path=pictures / f"{name}-{width}.png")


def test_a_set_that_staff_make_is_offered_to_those_who_may_look_at_it(
    page: Page, app: RunningApp, pictures: Path
) -> None:
    sign_in(page, app)
    open_screen(page, app, "/network", "Network")
    page.get_by_label("Name of a new set").fill("Large urban")
    for name in SIX:
        chosen = opened_list(page, "Its partnerships")
        chosen.fill(name)
        page.get_by_role("option", name=re.compile(name)).first.click()  # waits until the list has narrowed
        chosen.press("Escape")
        settled(page)
    photograph(page, pictures, "peer-sets")
    press(page.get_by_role("button", name="Make the set"))
    expect(page.get_by_text("Saved: “Large urban”")).to_be_visible()
    open_screen(page, app, f"{MOVEMENT}&partnership=brindle-bay&view=peers&peers=time", "Movement")
    choose(page, "Which peers", "Large urban")
    expect(page.get_by_role("heading", name=re.compile("its peers in “Large urban” over time"))).to_be_visible()
    photograph(page, pictures, "peers-over-time")
    press(page.get_by_text("The same numbers as a table"))
    told = page.request.get(f"{app.url}{page.get_by_role('link', name='CSV').get_attribute('href')}")
    assert told.ok
    assert "Large urban" in told.text()


def test_what_one_partnership_shares_knowingly_another_that_stands_still_reads(
    page: Page, app: RunningApp, pictures: Path
) -> None:
    come_as(page, app, Access.FACILITATOR, "elmsgate")
    open_screen(page, app, f"{MOVEMENT}&view=stuck", "Movement")
    choose(page, "A domain that moved up", "Shared data and evidence")
    expect(page.get_by_text("Shared data and evidence: moved from").first).to_be_visible()  # the chosen one's own form
    expect(page.get_by_label("What helped us move")).to_have_count(1)  # and no longer that of another domain
    settled(page)
    expect(page.get_by_text("If you agree, the members of every partnership")).to_be_visible()
    page.get_by_label("What helped us move").fill("We read one another's plans every Monday.")
    page.get_by_label("How others may ask us").fill("Ana Ruiz")
    press(page.get_by_text("We agree to be asked"))
    settled(page)
    photograph(page, pictures, "sharing")
    press(page.get_by_role("button", name="Save what we share"))
    expect(page.get_by_text("Members of stuck partnerships read it now")).to_be_visible()
    page.context.clear_cookies()
    come_as(page, app, Access.MEMBER, "brindle-bay")
    open_screen(page, app, f"{MOVEMENT}&view=stuck", "Movement")
    expect(page.get_by_text("Elmsgate City Schools")).to_be_visible()
    expect(page.get_by_text("We read one another's plans every Monday.")).to_be_visible()
    expect(page.get_by_text("To ask them: Ana Ruiz")).to_be_visible()
    assert "Kestrel Ridge" not in page.content()
    photograph(page, pictures, "stuck")
