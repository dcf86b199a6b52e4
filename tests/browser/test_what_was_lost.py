"""A tap that came too late is said to be lost, on a whole page: nothing of what was there before stays around it."""

import sqlite3
from contextlib import closing

import pytest
from playwright.sync_api import Page

from progressions.people import Access
from tests.browser.rest import expect
from tests.browser.server import RunningApp
from tests.browser.steps import card, come_as, open_screen, press, saves, settled, stored

pytestmark = pytest.mark.browser

NOT_SAVED = "If you had just tapped or typed something, it was not saved."
OUT = f"You are signed out. {NOT_SAVED}"
READS = f"You may only read now. {NOT_SAVED}"


@pytest.fixture
def person(page: Page, app: RunningApp, request: pytest.FixtureRequest) -> str:
    """The number of a facilitator who has Self-assess open."""
    number = come_as(page, app, Access.FACILITATOR, "alder-valley", request.node.name)
    open_screen(page, app, "/self-assess?rubric=lea", "Self-assess")
    return str(number)


def is_told(page: Page, sentence: str) -> None:
    expect(page.get_by_text(sentence)).to_be_visible()
    settled(page)
    expect(page.get_by_role("heading", level=1)).to_have_count(1)


def is_out(page: Page) -> None:
    is_told(page, OUT)
    expect(page.get_by_text("Open the sign-in link that you were given")).to_be_visible()
    for leftover in (".st-key-menu", ".st-key-levels", "[role=combobox]"):
        expect(page.locator(leftover)).to_have_count(0)


def test_who_may_only_read_now_is_told_that_the_tap_was_not_saved(page: Page, app: RunningApp, person: str) -> None:
    before = saves(app)
    with closing(sqlite3.connect(app.database)) as database, database:
        database.execute("UPDATE accesses SET access = 'member' WHERE person_id = ?", (person,))
    press(card(page, 2))
    is_told(page, READS)
    expect(page.locator(".st-key-levels")).to_have_count(0)
    assert saves(app) == before
    press(page.get_by_role("button", name="Next domain"))
    settled(page)
    expect(page.get_by_role("heading", name="Self-assess", level=1)).to_be_visible()


def test_who_lost_access_while_typing_is_told_that_it_was_not_saved(page: Page, app: RunningApp, person: str) -> None:
    field = page.get_by_label("Evidence: what did you see that says so?")
    field.fill("Three pages of notes")
    app.command("revoke", person)
    field.press("Tab")
    is_out(page)
    assert stored(app.database, "SELECT count(*) FROM ratings WHERE evidence LIKE 'Three pages%'") == [(0,)]


@pytest.mark.usefixtures("person")
def test_who_signed_out_in_another_tab_finds_no_half_of_the_old_page(page: Page, app: RunningApp) -> None:
    other = page.context.new_page()
    _sign_out(other, app)
    press(card(page, 2))
    is_out(page)


def _sign_out(page: Page, app: RunningApp) -> None:
    page.goto(f"{app.url}/account")
    page.get_by_role("button", name="Sign out here").click()
    expect(page.get_by_role("heading", name="You are signed out")).to_be_visible()
    page.close()


def test_a_first_visit_is_told_nothing_of_the_kind(page: Page, app: RunningApp) -> None:
    page.goto(f"{app.url}/self-assess")
    expect(page.get_by_text("Open the sign-in link that you were given")).to_be_visible()
    expect(page.get_by_text(NOT_SAVED)).to_have_count(0)
