"""From screen to screen: the partnership goes along, the back button works, and a link says what it opens."""

import re
import urllib.request
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route

from progressions.people import Access, Network
from progressions.services import rubrics, start
from progressions.settings import ReadLimits
from progressions.sheets.writing import rubric_workbook
from progressions.store import open_store
from tests.browser.rest import expect
from tests.browser.server import RunningApp
from tests.browser.steps import (
    LEVELS,
    card,
    choose,
    come_as,
    level,
    open_screen,
    press,
    settled,
    sign_in,
    stored,
    tap,
)
from tests.factories import NOW, make_rubric, reworded

pytestmark = pytest.mark.browser

LAST = "Kestrel Ridge Schools & Wintermarsh College"
SECOND = "Brindle Bay Public Schools & Quillfield State University"
FALL = "2026-10-21"


def test_a_tap_is_saved_to_the_partnership_one_came_from(page: Page, app: RunningApp) -> None:
    sign_in(page, app)
    open_screen(page, app, "/?partnership=foxglove-county", "Foxglove County Schools & Saltwick University")
    press(page.get_by_role("link", name="Go on with the self-assessment"))
    expect(page.get_by_role("heading", name="Self-assess", level=1)).to_be_visible()
    expect(page.get_by_role("combobox", name="Partnership")).to_have_value(
        "Foxglove County Schools & Saltwick University"
    )
    press(page.get_by_role("radiogroup", name="Rubric").get_by_role("radio", name="Partnership"))
    expect(page.get_by_role("heading", name="Partnership relationships")).to_be_visible()
    tap(page, app, 3)
    found = dict(stored(app.database, LEVELS, "Foxglove County Schools & Saltwick University", FALL, "partnership"))
    assert found["partnership-1"] == 3


def test_the_menu_keeps_the_partnership_and_the_back_button_goes_back(page: Page, app: RunningApp) -> None:
    sign_in(page, app)
    open_screen(page, app, "/movement?partnership=kestrel-ridge&rubric=lea", "Movement")
    expect(page.get_by_role("heading", name=f"{LAST}: District (LEA)")).to_be_visible()
    press(page.get_by_role("link", name="Self-assess"))
    expect(page.get_by_role("heading", name="Self-assess", level=1)).to_be_visible()
    expect(page.get_by_role("combobox", name="Partnership")).to_have_value(LAST)
    choose(page, "Partnership", SECOND)
    expect(page).to_have_url(re.compile("partnership=brindle-bay"))
    settled(page)
    page.go_back()
    expect(page.get_by_role("combobox", name="Partnership")).to_have_value(LAST)


def test_a_link_to_a_screen_asks_a_stranger_to_sign_in_and_not_whether_it_exists(page: Page, app: RunningApp) -> None:
    page.goto(f"{app.url}/movement?partnership=kestrel-ridge")
    expect(page.get_by_text("Open the sign-in link that you were given")).to_be_visible()
    expect(page.get_by_text("Page not found")).to_have_count(0)


def test_a_facilitator_sees_whose_assessment_it_is_and_may_not_import(page: Page, app: RunningApp) -> None:
    come_as(page, app, Access.FACILITATOR, "brindle-bay")
    expect(page.get_by_role("heading", name=SECOND, level=1)).to_be_visible()
    open_screen(page, app, "/self-assess", "Self-assess")
    expect(page.get_by_text(SECOND)).to_be_visible()
    page.goto(f"{app.url}/import")
    expect(page.get_by_text("There is nothing here that you can open")).to_be_visible()
    expect(page.get_by_text("Page not found")).to_have_count(0)


def test_a_look_at_a_link_does_not_use_it_up(page: Page, app: RunningApp) -> None:
    answer = app.command("link")
    found = re.search(r"http\S+", answer.stdout)
    assert found
    with urllib.request.urlopen(urllib.request.Request(found.group(0), method="HEAD")) as looked:
        assert looked.status == 200
    page.goto(found.group(0))
    expect(page.get_by_role("heading", name="Example network", level=1)).to_be_visible()


def test_the_metrics_of_the_server_are_nobodys_business(page: Page, app: RunningApp) -> None:
    assert page.request.get(f"{app.url}/_stcore/metrics").status == 404
    assert page.request.get(f"{app.url}/_stcore/health").status == 200


HOSTILE = (
    "![x](http://evil.example/a.png) <img src=//evil.example/b.png> http://evil.example www.evil.example a@b.example"
)


def test_hostile_titles_bring_no_picture_no_link_and_no_request(
    page: Page, fresh_app: RunningApp, tmp_path: Path
) -> None:
    file = tmp_path / "hostile.csv"
    rows = ["partnership code,partnership,convening date,convening,ihe-1,ihe-2"]
    rows += [f'evil,"{HOSTILE}",2024-0{month}-01,"{HOSTILE} {month}",{month},2' for month in (1, 2, 3)]
    file.write_text("\n".join(rows), encoding="utf-8")
    assert fresh_app.command("ratings", "import", str(file), "--network", "example").returncode == 0
    asked: list[str] = []

    def watch(route: Route) -> None:
        if "evil.example" in route.request.url.split("?")[0]:
            asked.append(route.request.url)
        route.continue_()

    page.route("**/*", watch)
    sign_in(page, fresh_app)
    for path in ("/", "/?partnership=evil", "/self-assess?partnership=evil", "/movement?partnership=evil", "/import"):
        page.goto(f"{fresh_app.url}{path}")
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        settled(page)
        for expander in page.get_by_text("The same numbers as a table").all():
            press(expander)
        settled(page)
        assert page.locator("img[src*=evil]").count() == 0, path
        assert page.locator("a[href*='evil.example'], a[href^='mailto']").count() == 0, path
    assert asked == []


def test_a_rating_is_shown_in_the_words_it_was_agreed_on(page: Page, fresh_app: RunningApp) -> None:
    store = open_store(fresh_app.database_url)
    with store.read_directory() as directory:
        network: Network | None = directory.network(start.EXAMPLE_CODE)
    assert network is not None
    staff = start.system_principal(network)
    rubric = make_rubric(code="own")
    for text in (rubric, reworded(rubric, "own-1")):
        content = rubric_workbook([text], "made for a test")
        checked = rubrics.preview(store, staff, content, "own.xlsx", ReadLimits())
        rubrics.publish(store, staff, checked, NOW)
        if text is rubric:
            sign_in(page, fresh_app)
            open_screen(page, fresh_app, "/self-assess?rubric=own&domain=own-1", "Self-assess")
            tap(page, fresh_app, 2)
    page.reload()
    expect(page.get_by_text("Agreed on the words of version 1")).to_be_visible()
    expect(page.get_by_text("what is seen in 1 at 2", exact=True)).to_be_visible()
    expect(page.get_by_text("said anew")).to_have_count(0)
    press(page.get_by_role("button", name="Back to not rated"))
    expect(page.get_by_text("what is seen in 1 at 2, said anew")).to_be_visible()
    tap(page, fresh_app, 2)
    expect(page.get_by_text("Agreed on the words of version 1")).to_have_count(0)
    expect(level(page, 2)).to_be_checked()
    expect(card(page, 2)).to_be_visible()


def test_the_tab_key_finds_nothing_beside_the_screen_and_all_that_an_open_side_bar_holds(
    page: Page, app: RunningApp
) -> None:
    sign_in(page, app)
    settled(page)
    at = "() => { const own = document.activeElement.getBoundingClientRect(); return own.x + own.width }"
    for _ in range(6):
        page.keyboard.press("Tab")
        assert page.evaluate(at) > 0, "The focus is on something beside the screen."
    # By the keyboard: the link that skips to the page lies over the button while it has the focus.
    settled(page)
    page.get_by_test_id("stExpandSidebarButton").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("stSidebar").get_by_role("link").first).to_be_visible()
