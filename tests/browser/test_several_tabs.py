"""One browser, one sign-in, several tabs: what was tapped in one of them for a network or by a person never becomes
another's, where another tab turns to a network with partnerships, days and domains of the same codes, or signs somebody
else in."""

import re
import sqlite3
from contextlib import closing
from datetime import date

import pytest
from playwright.sync_api import Page

from progressions.clock import utc_now
from progressions.services import networks, start
from progressions.store import open_store
from tests.browser.rest import expect
from tests.browser.server import RunningApp
from tests.browser.steps import card, open_screen, press, settled, sign_in, stored, tap

pytestmark = pytest.mark.browser

DAY = date(2026, 10, 21)
ADDRESS = f"/self-assess?partnership=alder-valley&convening={DAY}&rubric=ihe&domain="
SAVED = """SELECT ratings.network_id, level, evidence FROM ratings JOIN domains ON domains.id = domain_id
    WHERE code = ? AND pen <> ''"""
TOLD = "This browser looks at South now. If you had just tapped or typed something, it was not saved."


@pytest.fixture(scope="module")
def numbers(app: RunningApp) -> tuple[int, int]:
    """The example, and a network beside it in which its staff have a partnership and a convening of the same codes."""
    store = open_store(app.database_url)
    try:
        with store.read_directory() as directory:
            example = directory.network(start.EXAMPLE_CODE)
            assert example is not None
            person = directory.staff_person()
            assert person is not None
            (staff,) = directory.accesses_of(person)
        south = networks.start_network(store, staff, "South", utc_now())
        whose = start.system_principal(south)
        assert networks.add_partnership(store, whose, "Alder Valley", utc_now()).code == "alder-valley"
        networks.add_convening(store, whose, DAY, "Fall", utc_now())
        return example.id, south.id
    finally:
        store.close()


def _turned(app: RunningApp, network: int) -> None:
    """What another tab of the same browser does with its picker."""
    with closing(sqlite3.connect(app.database)) as database, database:
        database.execute("UPDATE sign_in_sessions SET network_id = ?", (network,))


def _open(page: Page, app: RunningApp, network: int, domain: str) -> None:
    sign_in(page, app)
    _turned(app, network)
    open_screen(page, app, f"{ADDRESS}{domain}", "Self-assess")


def test_a_tap_for_one_network_never_reaches_the_other(page: Page, app: RunningApp, numbers: tuple[int, int]) -> None:
    example, south = numbers
    _open(page, app, example, "ihe-1")
    _turned(app, south)
    press(card(page, 3))
    expect(page.get_by_text(TOLD)).to_be_visible()
    settled(page)
    assert stored(app.database, SAVED, "ihe-1") == []
    field = page.get_by_label("Evidence: what did you see that says so?")
    field.fill("Written for South")
    field.press("Tab")
    settled(page)
    expect(page.get_by_text(re.compile(r"Saved \d\d:\d\d"))).to_be_visible()
    assert stored(app.database, SAVED, "ihe-1") == [(south, None, "Written for South")]


def test_what_was_typed_for_one_network_never_reaches_the_other(
    page: Page, app: RunningApp, numbers: tuple[int, int]
) -> None:
    example, south = numbers
    _open(page, app, example, "ihe-2")
    field = page.get_by_label("Evidence: what did you see that says so?")
    field.fill("Written for the example")
    _turned(app, south)
    field.press("Tab")
    expect(page.get_by_text(TOLD)).to_be_visible()
    settled(page)
    press(page.get_by_role("button", name="Next domain"))
    settled(page)
    assert stored(app.database, SAVED, "ihe-2") == []


def test_what_a_page_sends_again_after_a_restart_never_reaches_the_other(
    page: Page, app: RunningApp, numbers: tuple[int, int]
) -> None:
    example, south = numbers
    _open(page, app, example, "ihe-3")
    tap(page, app, 3)
    _turned(app, south)
    app.kill()
    app.start()
    expect(page.locator("[data-test-connection-state=CONNECTED]")).to_have_count(1)
    expect(page.get_by_text("South", exact=True).first).to_be_attached()
    settled(page)
    press(page.get_by_role("button", name="Next domain"))
    settled(page)
    assert stored(app.database, SAVED, "ihe-3") == [(example, 3, "")]


def test_a_tap_of_one_person_is_never_saved_as_anothers(page: Page, app: RunningApp, numbers: tuple[int, int]) -> None:
    example, _ = numbers
    _open(page, app, example, "ihe-4")
    answer = app.command("invite", "Gus Other", "--access", "staff", "--network", start.EXAMPLE_CODE)
    number = re.search(r"number (\d+)", answer.stdout)
    assert number, answer.stderr
    with closing(sqlite3.connect(app.database)) as database, database:
        database.execute("UPDATE sign_in_sessions SET person_id = ?", (number[1],))
    press(card(page, 3))
    expect(page.get_by_text("You are signed in as Gus Other now.")).to_be_visible()
    settled(page)
    press(page.get_by_role("button", name="Next domain"))
    settled(page)
    press(page.get_by_role("button", name="Previous"))
    settled(page)
    assert stored(app.database, SAVED, "ihe-4") == []
