"""The other tests in a browser look at a page once it is at rest: here it is held that they do not look too early."""

import signal
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Page

from progressions.clock import utc_now
from progressions.services import start, team_sessions
from progressions.services.team_sessions import Wish
from progressions.store import open_store
from progressions.team_session import DomainKey, Naming
from tests.browser import rest
from tests.browser.rest import expect
from tests.browser.server import RunningApp
from tests.browser.steps import card, open_screen, put_file, saves, settled, sign_in

pytestmark = pytest.mark.browser

SECONDS = 2.0
DAY = date(2026, 10, 21)
KEYS = (DomainKey("ihe", "ihe-3"), DomainKey("ihe", "ihe-4"))  # the tests above rate ihe-1


@contextmanager
def a_server_that_is_away(app: RunningApp) -> Iterator[None]:
    """The server answers nothing for some seconds, as on a machine that has other things to do."""
    assert app.process is not None
    app.process.send_signal(signal.SIGSTOP)
    back = threading.Timer(SECONDS, app.process.send_signal, [signal.SIGCONT])
    back.start()
    yield
    back.join()


def test_a_page_is_not_at_rest_before_the_run_that_a_press_asks_for_has_ended(page: Page, app: RunningApp) -> None:
    sign_in(page, app)
    open_screen(page, app, "/self-assess?rubric=ihe&domain=ihe-1", "Self-assess")
    before = saves(app)
    with a_server_that_is_away(app):
        card(page, 3).click()
        settled(page)
        assert saves(app) != before
        assert page.get_by_text("Saved").is_visible()


def test_a_page_is_not_at_rest_before_an_upload_has_arrived_and_is_told_of(
    page: Page, app: RunningApp, tmp_path: Path
) -> None:
    file = tmp_path / "own.csv"
    file.write_text("code,domain,1 Low,2 High\nz-1,Parking,none,plenty\n", encoding="utf-8")
    sign_in(page, app)
    open_screen(page, app, "/import", "Import past ratings")
    with a_server_that_is_away(app):
        put_file(page, file)
        assert page.get_by_role("alert").first.is_visible()


def test_a_countdown_that_asks_each_second_keeps_no_page_from_its_rest(page: Page, app: RunningApp) -> None:
    _count_down(app)
    sign_in(page, app)
    page.goto(f"{app.url}/session?convening={DAY}&step=join")
    expect(page.get_by_role("timer")).to_be_visible()
    settled(page)
    with a_server_that_is_away(app):
        page.wait_for_timeout(1000)  # the clock has asked by then, too
        page.get_by_role("radio", name="Finish").click()
        settled(page)
        assert "step=finish" in page.url
        assert page.get_by_text("0 of 2 domains agreed").is_visible()


def _count_down(app: RunningApp) -> None:
    """A session whose facilitator has started the timer."""
    with closing(open_store(app.database_url)) as store:
        staff = start.system_principal(start.network_of_link(store, start.EXAMPLE_CODE, utc_now()))
        wish = Wish("alder-valley", DAY, Naming.ALIAS, has_votes=True, domains=KEYS)
        team = team_sessions.open_session(store, staff, wish, utc_now())
        team_sessions.set_timer(store, staff, team, 10, utc_now())


TWO = "<p>Saved</p><p class=old>Saved</p>"


def test_what_fades_beside_its_successor_is_waited_for(page: Page) -> None:
    page.set_content(f"{TWO}<script>setTimeout(() => document.querySelector('.old').remove(), 500)</script>")
    expect(page.get_by_text("Saved")).to_be_visible()


def test_two_that_stay_are_not_taken_for_one(page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rest, "MOST_SECONDS", 1)
    page.set_content(TWO)
    with pytest.raises(AssertionError, match="strict mode violation"):
        expect(page.get_by_text("Saved")).to_be_visible()
