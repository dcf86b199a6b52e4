"""The history of a rating beside it, and the network's settings and record, in a real browser."""

import io
import re

import openpyxl
import pytest
from playwright.sync_api import Page

from progressions.people import Access
from tests.browser.rest import expect
from tests.browser.server import RunningApp
from tests.browser.steps import come_as, open_screen, press, settled, sign_in, stored, tap

pytestmark = pytest.mark.browser

RATING = "/self-assess?partnership=alder-valley&convening=2026-07-15&rubric=ihe&domain=ihe-1"
HOSTILE = '<img src=x onerror="alert(1)"> ![x](http://remote.invalid/x.png) [y](javascript:alert(1)) =1+1'
FILE = "import example-past-ratings.xlsx"


def test_a_rating_shows_every_save_once_its_history_is_opened(page: Page, app: RunningApp) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    sign_in(page, app)
    open_screen(page, app, RATING, "Self-assess")
    expect(page.get_by_role("button", name="History")).to_be_visible()
    assert FILE not in page.content(), "nothing is loaded before somebody asks"
    level = stored(app.database, "SELECT new_level FROM rating_changes ORDER BY id LIMIT 1")[0][0]
    tap(page, app, 1 if level != 1 else 2)
    page.get_by_label("Evidence: what did you see that says so?").fill(HOSTILE)
    page.keyboard.press("Tab")
    expect(page.get_by_text(re.compile(r"Saved \d\d:\d\d"))).to_be_visible()
    settled(page)
    press(page.get_by_role("button", name="History"))
    history = page.get_by_test_id("stPopoverBody")
    expect(history.get_by_text(FILE)).to_be_visible()
    settled(page)
    text = history.inner_text()
    assert text.index("Evidence:") < text.index(FILE), "the newest save comes first"
    assert "<img src=x" in text
    assert history.locator("img, iframe, form, a").count() == 0
    assert "Network staff" in text
    assert [url for url in asked if "remote.invalid" in url] == []


def test_what_members_see_of_peers_is_saved_read_back_and_noted(page: Page, app: RunningApp) -> None:
    sign_in(page, app)
    open_screen(page, app, "/network", "Network")
    press(page.get_by_text("Bands", exact=True))
    settled(page)
    assert stored(app.database, "SELECT peer_view FROM networks") == [("counts",)]
    press(page.get_by_role("button", name="Save what members see"))
    expect(page.get_by_text("Members see bands of peers, where at least 5 others have rated.")).to_be_visible()
    assert stored(app.database, "SELECT peer_view FROM networks") == [("bands",)]
    expect(page.get_by_role("cell", name="setting changed what members see of peers")).to_be_visible()
    expect(page.get_by_role("cell", name="counts, from 5 others on")).to_be_visible()
    open_screen(page, app, "/network", "Network")
    expect(page.get_by_role("radio", name="Bands")).to_be_checked()
    answer = page.request.get(f"{app.url}/download/record.csv")
    assert "counts, from 5 others on" in answer.text()
    open_screen(page, app, "/network", "Network")
    expect(page.get_by_role("cell", name="exported the record (csv)")).to_be_visible()


def test_a_member_takes_their_partnership_along_and_cannot_see_the_record(page: Page, app: RunningApp) -> None:
    come_as(page, app, Access.MEMBER, "alder-valley")
    expect(page.get_by_role("link", name="Network", exact=True)).to_have_count(0)
    address = page.get_by_role("link", name="Everything of this partnership (.xlsx)").get_attribute("href")
    assert address is not None
    answer = page.request.get(f"{app.url}{address}" if address.startswith("/") else address)
    book = openpyxl.load_workbook(io.BytesIO(answer.body()))
    assert book.sheetnames == ["About", "Ratings", "Saves", "Votes", "Rubrics", "Shared", "Convenings"]
    assert {row[0].value for row in book["Ratings"].iter_rows(min_row=2)} == {"alder-valley"}
    assert page.request.get(f"{app.url}/download/record.csv").status == 404
    page.goto(f"{app.url}/network")
    expect(page.get_by_text("There is nothing here that you can open")).to_be_visible()


def test_the_command_line_takes_a_partnership_along_too(app: RunningApp) -> None:
    target = app.database.parent / "taken.xlsx"
    done = app.command("partnership", "export", "alder-valley", "--network", "example", "--out", str(target))
    assert done.returncode == 0, done.stderr
    assert "Ratings" in openpyxl.load_workbook(target).sheetnames
    about = "SELECT who, came_from FROM record WHERE action = 'exported' AND about LIKE 'everything of Alder%'"
    assert ("Command line", "command line") in stored(app.database, about)
    unknown = app.command("partnership", "export", "nobody", "--network", "example", "--out", str(target))
    assert unknown.returncode == 1
