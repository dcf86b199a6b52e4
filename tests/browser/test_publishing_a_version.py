"""A network's own wording: uploaded, compared word by word, confirmed, published; and Movement cuts or does not."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from progressions.sheets.writing import rubric_workbook
from tests.browser.server import RunningApp
from tests.browser.steps import open_screen, settled, sign_in, stored
from tests.factories import make_rubric, reworded

pytestmark = pytest.mark.browser

WORDINGS = """SELECT domains.code, domain_texts.wording FROM domain_texts
JOIN domains ON domains.id = domain_texts.domain_id JOIN rubric_versions ON rubric_versions.id = domain_texts.version_id
JOIN rubrics ON rubrics.id = rubric_versions.rubric_id WHERE rubrics.code = 'own' AND number = ? ORDER BY 1"""


def upload(page: Page, file: Path) -> None:
    if not page.get_by_text("A rubric workbook or csv file").is_visible():
        page.get_by_text("Publish your network's own wording").click()
    page.set_input_files("input[type=file]", file)
    settled(page)


def test_a_version_is_compared_word_by_word_and_staff_say_what_it_came_from(
    page: Page, fresh_app: RunningApp, tmp_path: Path
) -> None:
    first, second = make_rubric(code="own"), reworded(make_rubric(code="own"), "own-1", "own-2")
    files = [tmp_path / "own.xlsx", tmp_path / "own again.xlsx"]
    for file, rubric in zip(files, (first, second), strict=True):
        file.write_bytes(rubric_workbook([rubric], "made for a test"))
    sign_in(page, fresh_app)
    open_screen(page, fresh_app, "/rubrics", "Rubrics")
    upload(page, files[0])
    page.get_by_role("button", name="Publish", exact=True).click()
    expect(page.get_by_text("Published: Rubric own, version 1")).to_be_visible()

    upload(page, files[1])
    expect(page.get_by_text("would be version 2")).to_be_visible()
    expect(page.get_by_text("said anew").first).to_be_visible()
    page.get_by_role("radio", name="The same in other words").first.locator("xpath=ancestor::label").click()
    settled(page)
    page.get_by_role("button", name="Publish", exact=True).click()
    expect(page.get_by_text("Published: Rubric own, version 2")).to_be_visible()
    assert stored(fresh_app.database, WORDINGS, 1) == [("own-1", 1), ("own-2", 1), ("own-3", 1)]
    assert stored(fresh_app.database, WORDINGS, 2) == [("own-1", 1), ("own-2", 2), ("own-3", 1)]

    upload(page, files[1])
    expect(page.get_by_text("Nothing to do: this text is published already, word for word.")).to_be_visible()


def test_a_rubric_whose_levels_have_no_order_is_asked_about(page: Page, fresh_app: RunningApp, tmp_path: Path) -> None:
    file = tmp_path / "unordered.csv"
    file.write_text("Domain,Emerging,Thriving,Steady\nTrust,a,b,c\nTime,d,e,f\n", encoding="utf-8")
    sign_in(page, fresh_app)
    open_screen(page, fresh_app, "/rubrics", "Rubrics")
    upload(page, file)
    expect(page.get_by_text("This is how it is meant")).to_be_visible()
    expect(page.get_by_role("button", name="Publish", exact=True)).to_have_count(0)
    page.get_by_text("This is how it is meant").click()
    settled(page)
    expect(page.get_by_role("button", name="Publish", exact=True)).to_be_visible()
