"""Inviting in a real browser, coming in by what was handed out, and being out at the next click."""

import re

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.rest import expect
from tests.browser.server import RunningApp
from tests.browser.steps import EXAMPLE, choose, open_link, open_screen, press, settled, sign_in, stored

pytestmark = pytest.mark.browser


def _invite(page: Page, names: str) -> None:
    press(page.get_by_text("Invite people"))
    page.get_by_label("Names, one a line").fill(names)
    page.get_by_label("Names, one a line").blur()
    settled(page)  # leaving the field runs the page, which would close a list that is open by then
    choose(page, "May do", "Records", exact=True)
    choose(page, "Partnership (not for network staff)", EXAMPLE, exact=True)
    press(page.get_by_role("button", name="Invite", exact=True))
    expect(page.get_by_text("shown now, and never again")).to_be_visible()
    settled(page)


def test_a_revoked_person_is_out_at_the_next_click(page: Page, browser: Browser, app: RunningApp) -> None:
    sign_in(page, app)
    open_screen(page, app, "/people", "People")
    _invite(page, "Eva Moss\nFinn Hart, finn@north.example")
    link = page.locator(".st-key-slip-0").get_by_text("/signin?link=").inner_text()
    press(page.get_by_role("button", name="I have them"))
    expect(page.get_by_text("shown now, and never again")).to_have_count(0)
    theirs = browser.new_context(viewport={"width": 390, "height": 844})
    phone = theirs.new_page()
    open_link(phone, re.sub(r"\s", "", link))
    expect(phone.get_by_role("heading", name=EXAMPLE, level=1)).to_be_visible()
    open_screen(phone, app, "/self-assess", "Self-assess")
    choose(page, "Change one of them", "Eva Moss", exact=True)
    press(page.get_by_role("button", name="Take access away"))
    press(page.get_by_role("button", name="Yes, take it away"))
    expect(page.get_by_text("Eva Moss has no access any more.")).to_be_visible()
    press(phone.get_by_role("radiogroup", name="Rubric").get_by_role("radio").last)
    expect(phone.get_by_text("Open the sign-in link that you were given")).to_be_visible()
    expect(phone.get_by_text(EXAMPLE)).to_have_count(0)
    theirs.close()
    assert stored(app.database, "SELECT count(*) FROM accesses JOIN people ON people.id = person_id "
                  "WHERE name = 'Eva Moss'") == [(0,)]  # fmt: skip


def test_the_printed_page_holds_the_slips_and_nothing_else(page: Page, app: RunningApp) -> None:
    sign_in(page, app)
    open_screen(page, app, "/people", "People")
    _invite(page, "Gus Ito\nHal Kim")
    page.emulate_media(media="print")
    expect(page.locator(".st-key-slip-1")).to_be_visible()
    for gone in (
        page.get_by_role("heading", name="People"),
        page.get_by_role("table"),
        page.get_by_text("I have them"),
    ):
        expect(gone).to_be_hidden()


def test_a_facilitator_finds_no_people(page: Page, app: RunningApp) -> None:
    answer = app.command("invite", "Fay", "--access", "facilitator", "--partnership", "alder-valley")
    link = re.search(r"http\S+", answer.stdout)
    assert link, answer.stderr
    open_link(page, link.group(0))
    expect(page.get_by_role("link", name="People")).to_have_count(0)
    page.goto(f"{app.url}/people")
    expect(page.get_by_text("There is nothing here that you can open")).to_be_visible()
