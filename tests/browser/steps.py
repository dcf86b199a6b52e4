"""What a person does, in their words, for the tests that drive a browser."""

import re
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from playwright.sync_api import Locator, Page

from progressions.clock import utc_now
from progressions.people import Access
from progressions.services import people, start
from progressions.services.people import Invitation
from progressions.store import open_store
from tests.browser.rest import MOST_SECONDS, expect, settled
from tests.browser.server import RunningApp

EXAMPLE = "Alder Valley Schools & Northmoor University"


def sign_in(page: Page, app: RunningApp) -> None:
    """Opens a fresh one-time link of network staff, made as the command makes it, without a process of its own."""
    with closing(open_store(app.database_url)) as store:
        made = start.link_again(store, "", None, utc_now())
    open_link(page, f"{app.url}/signin?link={made.token}")


def come_as(page: Page, app: RunningApp, access: Access, partnership: str, name: str = "Max") -> int:
    """Comes in as a new person of a partnership of the example; their number."""
    with closing(open_store(app.database_url)) as store:
        staff = start.system_principal(start.network_of_link(store, start.EXAMPLE_CODE, utc_now()))
        invited = people.invite(store, staff, Invitation(name, access, partnership), utc_now())
    open_link(page, f"{app.url}/signin?link={invited.link_token}")
    return invited.person_id


def open_link(page: Page, link: str) -> None:
    """Opens a one-time link, and presses the button that uses it."""
    page.goto(link)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_test_id("stMain").get_by_role("heading", level=1)).to_be_visible()


def open_screen(page: Page, app: RunningApp, path: str, heading: str) -> None:
    """Goes to a screen and waits until it is drawn."""
    page.goto(f"{app.url}{path}")
    expect(page.get_by_role("heading", name=heading, level=1)).to_be_visible()
    settled(page)


def press(what: Locator) -> None:
    """Presses what stands on a page at rest: a run that is under way may draw it anew beneath the finger."""
    settled(what.page)
    what.click()


def card(page: Page, number: int) -> Locator:
    """The whole card of a level, which a thumb may hit anywhere."""
    return page.locator(".st-key-levels [role=radiogroup] > div").nth(number - 1)


def level(page: Page, number: int) -> Locator:
    """The radio button of a level of the open domain."""
    return page.get_by_role("radiogroup", name="Level of").get_by_role("radio").nth(number - 1)


def tap(page: Page, app: RunningApp, number: int) -> None:
    """Taps the card of a level that is not the stored one, and waits until the database has it."""
    expect(card(page, number)).to_be_visible()
    before = saves(app)
    press(card(page, number))  # its middle, which is the descriptor
    until(page, lambda: saves(app) != before, "The tap was not saved.")
    settled(page)
    expect(page.get_by_text(re.compile(r"Saved \d\d:\d\d"))).to_be_visible()
    expect(level(page, number)).to_be_checked()


def until(page: Page, holds: Callable[[], bool], what: str) -> None:
    """Waits for what the database or the address says; ``what`` is wrong where that never comes."""
    last = time.monotonic() + MOST_SECONDS
    while not holds():
        assert time.monotonic() < last, what
        page.wait_for_timeout(50)


def saves(app: RunningApp) -> object:
    """How many saves of ratings the database remembers."""
    return stored(app.database, "SELECT count(*) FROM rating_changes")[0][0]


def put_file(page: Page, file: Path) -> None:
    """Gives the page's first upload box a file and waits until the server has drawn what it makes of it."""
    settled(page)  # an upload box that is drawn anew stands beside the old one, which nobody listens to any more
    page.locator("input[type=file]").first.set_input_files(file)
    settled(page)


def next_domain(page: Page, title: str) -> None:
    """Goes on to the next domain and waits for its title."""
    press(page.get_by_role("button", name="Next domain"))
    expect(page.get_by_role("heading", name=title)).to_be_visible()


def stored(database: Path, question: str, *values: object) -> list[tuple[object, ...]]:
    """Asks the database itself, past the application."""
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as connection:
        return connection.execute(question, values).fetchall()


LEVELS = """
SELECT domains.code, ratings.level FROM ratings
JOIN partnerships ON partnerships.id = ratings.partnership_id
JOIN convenings ON convenings.id = ratings.convening_id
JOIN domains ON domains.id = ratings.domain_id
JOIN rubrics ON rubrics.id = domains.rubric_id
WHERE partnerships.title = ? AND convenings.held_on = ? AND rubrics.code = ? ORDER BY domains.code
"""


def opened_list(page: Page, name: str, *, exact: bool = False) -> Locator:
    """Opens a picker's list and waits until its options stand there."""
    box = page.get_by_role("combobox", name=name, exact=exact).first
    settled(page)  # what still unfolds would push the picker out of sight again
    box.scroll_into_view_if_needed()  # a page that scrolls closes the list, also where the press itself scrolled it
    press(box)
    expect(page.get_by_role("option").first).to_be_visible()
    return box


def choose(page: Page, label: str, option: str | re.Pattern[str], *, exact: bool = False) -> None:
    """Takes an option of a picker and waits until the server has drawn what follows from it."""
    opened_list(page, label, exact=exact)
    page.get_by_role("option", name=option).first.click()
    settled(page)
