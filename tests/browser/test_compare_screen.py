"""Sites beside one another in a real browser: a click on a cell, the same by keyboard, and the way back."""

import re
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page

from tests.browser.rest import expect
from tests.browser.server import RunningApp
from tests.browser.steps import open_screen, opened_list, press, settled, sign_in

pytestmark = pytest.mark.browser

SECOND = "Brindle Bay Public Schools & Quillfield State University"
VIEWS = ("sites", "side", "over", "moved", "coverage")


def click(page: Page, *words: str) -> None:
    """Clicks into the first mark of a chart whose description has all these words."""
    described = "".join(f"[aria-label*='{each}']" for each in words)
    mark = page.locator(f"[data-testid=stVegaLiteChart] path{described}").first
    expect(mark).to_be_visible()
    settled(page)
    mark.evaluate("mark => mark.scrollIntoView({block: 'center'})")  # not under the bar at the top of the page
    mark.click(force=True)  # its middle, where its number stands


def test_a_click_on_a_cell_opens_that_line_and_the_way_back_keeps_the_order(page: Page, app: RunningApp) -> None:
    sign_in(page, app)
    open_screen(page, app, "/compare?rubric=partnership&order=level:partnership-2", "Compare")
    click(page, "Partnership: Brindle Bay")
    expect(page.get_by_role("heading", name="Movement", level=1)).to_be_visible()
    expect(page).to_have_url(re.compile("partnership=brindle-bay"))
    expect(page).to_have_url(re.compile("domain=partnership-"))
    page.go_back()
    expect(page.get_by_role("heading", name="Compare", level=1)).to_be_visible()
    settled(page)
    expect(page.get_by_role("combobox", name="Order")).to_have_value(re.compile("By level"))


def test_the_way_back_from_a_cell_leads_to_what_was_chosen_before_the_click(page: Page, app: RunningApp) -> None:
    sign_in(page, app)
    for before in ("rubric=partnership", "rubric=partnership&convening=2026-07-15&order=level:partnership-2"):
        open_screen(page, app, f"/compare?{before}", "Compare")
        chosen = {box: page.get_by_role("combobox", name=box).input_value() for box in ("Convening", "Order")}
        click(page, "Partnership: Brindle Bay")
        expect(page.get_by_role("heading", name="Movement", level=1)).to_be_visible()
        settled(page)
        steps = page.evaluate("history.length")
        page.go_back()
        for _ in range(2):  # and once more, from the other side
            expect(page.get_by_role("heading", name="Compare", level=1)).to_be_visible()
            settled(page)
            assert parse_qs(urlsplit(page.url).query) == parse_qs(before)
            assert chosen == {box: page.get_by_role("combobox", name=box).input_value() for box in chosen}
            expect(page.get_by_role("radio", name="Sites")).to_be_checked()
            page.go_forward()
            expect(page.get_by_role("heading", name="Movement", level=1)).to_be_visible()
            settled(page)
            assert page.evaluate("history.length") == steps
            page.go_back()
        settled(page)
        press(page.get_by_role("radio", name="Who moved"))
        expect(page.get_by_role("combobox", name="Domain")).to_have_value("All domains")


def test_the_keyboard_alone_finds_a_site_and_its_movement(page: Page, app: RunningApp) -> None:
    sign_in(page, app)
    open_screen(page, app, "/compare?rubric=partnership", "Compare")
    page.get_by_role("combobox", name="Find a partnership").focus()
    page.keyboard.type("Brindle")
    expect(page.get_by_role("option")).to_have_count(1)
    page.keyboard.press("Enter")
    link = page.get_by_role("link", name=f"The movement of {SECOND}")
    expect(link).to_be_visible()
    settled(page)
    link.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Movement", level=1)).to_be_visible()
    expect(page.get_by_role("combobox", name="Partnership")).to_have_value(SECOND)


def test_a_click_on_the_matrix_names_who_is_in_the_cell_and_the_picker_does_too(page: Page, app: RunningApp) -> None:
    sign_in(page, app)
    open_screen(page, app, "/compare?rubric=partnership&view=moved", "Compare")
    click(page, "Then: 2 Small", "Now: 2 Small")
    expect(page).to_have_url(re.compile("cell=2-2"))
    settled(page)
    expect(page.get_by_role("columnheader", name="Partnership")).to_be_visible()
    opened_list(page, "Who went from")
    page.get_by_role("option").last.click()
    expect(page).not_to_have_url(re.compile("cell=2-2"))
    click(page, "Then: 2 Small", "Now: 2 Small")
    expect(page).to_have_url(re.compile("cell=2-2"))


def test_how_the_views_look(page: Page, app: RunningApp, pictures: Path) -> None:
    sign_in(page, app)
    for width, height in ((1280, 720), (390, 844)):
        page.set_viewport_size({"width": width, "height": height})
        for view in VIEWS:
            open_screen(page, app, f"/compare?rubric=partnership&view={view}", "Compare")
            expect(page.locator("[data-testid=stVegaLiteChart] svg").first).to_be_visible()
            settled(page)
            wide = page.evaluate("() => document.querySelector('[data-testid=stMain]').scrollWidth")
            assert wide <= width, (view, width)
            page.screenshot(path=pictures / f"compare-{view}-{width}.png")


def test_a_chart_offers_no_picture_without_its_source(page: Page, app: RunningApp) -> None:
    sign_in(page, app)
    open_screen(page, app, "/compare?rubric=partnership&view=moved", "Compare")
    chart = page.get_by_test_id("stVegaLiteChart").first
    expect(chart.locator("svg")).to_be_visible()
    settled(page)
    chart.hover()
    larger = page.get_by_role("button", name="Fullscreen")
    expect(larger).to_be_visible()
    expect(page.locator("[data-testid=stElementToolbar] button").filter(visible=True)).to_have_count(1)
    press(larger)
    expect(page.get_by_role("button", name="Close fullscreen")).to_be_visible()
    expect(page.locator("[data-testid=stElementToolbar] button").filter(visible=True)).to_have_count(1)
