"""The straight line as its users walk it: sign in, self-assess, see the movement, import again."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.rest import expect
from tests.browser.server import RunningApp
from tests.browser.steps import (
    EXAMPLE,
    LEVELS,
    card,
    level,
    next_domain,
    open_link,
    open_screen,
    press,
    put_file,
    settled,
    sign_in,
    stored,
    tap,
)

pytestmark = pytest.mark.browser

PROJECT = Path(__file__).resolve().parents[2]
IHE = [
    "Faculty development and promotion",
    "Program and curriculum development",
    "University leadership engagement",
    "Improvement science in coursework",
    "Capstones on problems of practice",
    "Clinical and field-based learning",
    "Improvement scholarship",
    "Structures, incentives and resources",
]
GIVEN = [2, 1, 3, 4, 3, 3, 2, 1]
FALL = "2026-10-21"


def test_the_printed_link_signs_in_once_and_shows_the_network(page: Page, app: RunningApp, browser: Browser) -> None:
    link = app.link()
    open_link(page, link)
    expect(page.get_by_role("heading", name="Example network", level=1)).to_be_visible()
    expect(page.get_by_text("Invented example")).to_be_visible()
    expect(page.get_by_text("11 partnerships", exact=True)).to_be_visible()
    with browser.new_context() as another:
        stranger = another.new_page()
        answer = stranger.goto(link)
        assert answer is not None
        assert answer.status == 403
        expect(stranger.get_by_text("This link does not work any more")).to_be_visible()


def test_nobody_sees_anything_without_signing_in(page: Page, app: RunningApp) -> None:
    for path in ("/", "/self-assess", "/movement", "/import", "/rubrics"):
        page.goto(f"{app.url}{path}")
        expect(page.get_by_text("Open the sign-in link that you were given")).to_be_visible()
        assert "Alder Valley" not in page.content()
    for path in ("/download/ratings.csv", "/download/ratings.xlsx", "/download/rubrics.xlsx"):
        answer = page.request.get(f"{app.url}{path}")
        assert answer.status == 403
        assert "alder" not in answer.text().lower()


def test_a_team_rates_a_whole_rubric_reloads_in_the_middle_and_sees_its_movement(page: Page, app: RunningApp) -> None:
    sign_in(page, app)
    open_screen(page, app, "/self-assess", "Self-assess")
    expect(page.get_by_text("0 of 8 domains rated")).to_be_visible()
    for place, (title, given) in enumerate(zip(IHE, GIVEN, strict=True)):
        expect(page.get_by_role("heading", name=title)).to_be_visible()
        tap(page, app, given)
        expect(page.get_by_text(f"{place + 1} of 8 domains rated")).to_be_visible()
        if place == 3:
            page.reload()
            expect(page.get_by_text("4 of 8 domains rated")).to_be_visible()
            expect(level(page, given)).to_be_checked()
        if place < 7:
            next_domain(page, IHE[place + 1])
    assert stored(app.database, LEVELS, EXAMPLE, FALL, "ihe") == [
        (f"ihe-{place}", given) for place, given in enumerate(GIVEN, start=1)
    ]
    press(page.get_by_role("link", name="See how you have moved"))
    expect(page.get_by_role("heading", name="Movement", level=1)).to_be_visible()
    expect(page.get_by_text("62 ratings of 8 domains at 8 convenings")).to_be_visible()
    press(page.get_by_text("The same numbers as a table"))
    expect(page.get_by_role("row")).to_have_count(len(IHE) + 1)
    rows = page.get_by_role("row").all_inner_texts()
    shown = {row.split("\t")[0].strip(): row.split("\t")[-1].strip() for row in rows[1:]}
    assert shown == {title: str(given) for title, given in zip(IHE, GIVEN, strict=True)}


def test_evidence_and_next_step_are_kept_and_a_level_can_be_taken_back(page: Page, app: RunningApp) -> None:
    sign_in(page, app)
    open_screen(page, app, "/self-assess?rubric=lea&domain=lea-2", "Self-assess")
    evidence = page.get_by_label("Evidence: what did you see that says so?")
    tap(page, app, 3)
    evidence.fill("Minutes of <b>May</b>, *signed* ![x](http://example.invalid/x.png)")
    page.get_by_label("Next step: what will you do?").fill("Ask the principals")
    page.get_by_label("Who owns it").fill("Dana")
    page.keyboard.press("Tab")
    settled(page)
    page.reload()
    expect(evidence).to_have_value("Minutes of <b>May</b>, *signed* ![x](http://example.invalid/x.png)")
    expect(page.get_by_label("Who owns it")).to_have_value("Dana")
    press(page.get_by_role("button", name="Back to not rated"))
    expect(page.get_by_text("Not rated.")).to_be_visible()
    for number in (1, 2, 3, 4):
        expect(level(page, number)).not_to_be_checked()
    question = "SELECT level, evidence, next_step_owner FROM ratings WHERE evidence LIKE 'Minutes%'"
    assert stored(app.database, question) == [
        (None, "Minutes of <b>May</b>, *signed* ![x](http://example.invalid/x.png)", "Dana")
    ]
    tap(page, app, 2)
    page.reload()
    expect(level(page, 2)).to_be_checked()


def test_importing_the_example_again_is_nothing_to_do(page: Page, fresh_app: RunningApp) -> None:
    app = fresh_app
    sign_in(page, app)
    open_screen(page, app, "/import", "Import past ratings")
    before = stored(app.database, "SELECT count(*), sum(level), sum(row_version) FROM ratings")
    put_file(page, PROJECT / "data" / "example-past-ratings.xlsx")
    expect(page.get_by_text("Nothing to do: every rating of this file is stored already.")).to_be_visible()
    assert stored(app.database, "SELECT count(*), sum(level), sum(row_version) FROM ratings") == before


def test_a_file_that_is_no_workbook_is_refused_with_a_sentence(page: Page, app: RunningApp, tmp_path: Path) -> None:
    hostile = tmp_path / "ratings.xlsx"
    hostile.write_bytes(b"<html><body><script>alert(1)</script></body></html>")
    sign_in(page, app)
    open_screen(page, app, "/import", "Import past ratings")
    put_file(page, hostile)
    expect(page.get_by_role("alert")).to_contain_text(re.compile("web page|HTML", re.IGNORECASE))


def test_two_tabs_do_not_overwrite_one_another(browser: Browser, app: RunningApp) -> None:
    with browser.new_context(viewport={"width": 1280, "height": 720}) as context:
        first, second = context.new_page(), context.new_page()
        sign_in(first, app)
        path = "/self-assess?rubric=partnership&domain=partnership-5"
        open_screen(first, app, path, "Self-assess")
        open_screen(second, app, path, "Self-assess")
        tap(first, app, 2)
        press(card(second, 3))
        expect(second.get_by_text("while you had it open")).to_be_visible()
        expect(level(second, 2)).to_be_checked()
        assert stored(app.database, LEVELS, EXAMPLE, FALL, "partnership")[4] == ("partnership-5", 2)
        tap(second, app, 4)
        assert stored(app.database, LEVELS, EXAMPLE, FALL, "partnership")[4] == ("partnership-5", 4)


def test_nothing_acknowledged_is_lost_by_kill_9_and_the_first_tap_afterwards_is_saved(
    page: Page, app: RunningApp
) -> None:
    sign_in(page, app)
    open_screen(page, app, "/self-assess?rubric=partnership&domain=partnership-3", "Self-assess")
    tap(page, app, 1)
    tap(page, app, 3)
    app.kill()
    app.start()
    settled(page)  # with the server that has come back
    tap(page, app, 4)
    expect(page.get_by_text("while you had it open")).to_have_count(0)
    levels = dict(stored(app.database, LEVELS, EXAMPLE, FALL, "partnership"))
    assert levels["partnership-3"] == 4
    page.reload()
    expect(level(page, 4)).to_be_checked()


def test_signing_out_ends_the_session_in_the_database(page: Page, app: RunningApp) -> None:
    sign_in(page, app)
    cookie = next(c for c in page.context.cookies() if c["name"] == "progressions_session")
    assert cookie["httpOnly"]
    assert cookie["sameSite"] == "Lax"
    press(page.get_by_test_id("stExpandSidebarButton"))
    press(page.get_by_role("link", name="Your account, sign out"))
    press(page.get_by_role("button", name="Sign out here"))
    expect(page.get_by_role("heading", name="You are signed out")).to_be_visible()
    page.goto(app.url)
    expect(page.get_by_text("Open the sign-in link that you were given")).to_be_visible()
    page.context.add_cookies([cookie])
    page.reload()
    expect(page.get_by_text("Open the sign-in link that you were given")).to_be_visible()
