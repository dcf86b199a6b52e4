"""A network's own wording: uploaded, compared word by word, confirmed, published; and Movement cuts or does not."""

from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Page

from progressions.sheets.writing import rubric_workbook
from tests.browser.rest import expect
from tests.browser.server import RunningApp
from tests.browser.steps import choose, open_screen, opened_list, press, put_file, settled, sign_in, stored
from tests.factories import make_rubric, reworded

pytestmark = pytest.mark.browser

WORDINGS = """SELECT domains.code, domain_texts.wording FROM domain_texts
JOIN domains ON domains.id = domain_texts.domain_id JOIN rubric_versions ON rubric_versions.id = domain_texts.version_id
JOIN rubrics ON rubrics.id = rubric_versions.rubric_id WHERE rubrics.code = 'own' AND number = ? ORDER BY 1"""


LEVELS_OF = """SELECT levels.name FROM levels JOIN rubric_versions ON rubric_versions.id = levels.version_id
JOIN rubrics ON rubrics.id = rubric_versions.rubric_id WHERE rubrics.code = ? ORDER BY position"""


def pick(page: Page, picker: str, option: str) -> None:
    """Types an option's beginning into a picker, as people do."""
    box = opened_list(page, picker)
    box.press_sequentially(option)
    expect(page.get_by_role("option").first).to_contain_text(option)  # it has narrowed: Enter takes the first
    box.press("Enter")
    settled(page)


def upload(page: Page, file: Path) -> None:
    settled(page)
    if not page.get_by_text("A rubric workbook or csv file").is_visible():
        press(page.get_by_text("Publish your network's own wording"))
    put_file(page, file)


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
    press(page.get_by_role("button", name="Publish", exact=True))
    expect(page.get_by_text("Published: Rubric own, version 1")).to_be_visible()

    upload(page, files[1])
    expect(page.get_by_text("would be version 2")).to_be_visible()
    expect(page.get_by_text("said anew").first).to_be_visible()
    press(page.get_by_role("radio", name="The same in other words").first.locator("xpath=ancestor::label"))
    settled(page)
    press(page.get_by_role("button", name="Publish", exact=True))
    expect(page.get_by_text("Published: Rubric own, version 2")).to_be_visible()
    assert stored(fresh_app.database, WORDINGS, 1) == [("own-1", 1), ("own-2", 1), ("own-3", 1)]
    assert stored(fresh_app.database, WORDINGS, 2) == [("own-1", 1), ("own-2", 2), ("own-3", 1)]

    upload(page, files[1])
    expect(page.get_by_text("Nothing to do: this text is published already, word for word.")).to_be_visible()


def test_staff_say_which_known_domain_a_new_code_is_and_that_another_file_is_meant(
    page: Page, fresh_app: RunningApp, tmp_path: Path
) -> None:
    rubric = make_rubric(code="own")
    changed = reworded(rubric, "own-1")
    renamed = replace(changed, domains=(replace(changed.domains[0], code="trust"), *changed.domains[1:]))
    file, again = tmp_path / "own.xlsx", tmp_path / "own again.xlsx"
    file.write_bytes(rubric_workbook([rubric], "made for a test"))
    again.write_bytes(rubric_workbook([renamed], "made for a test"))
    publish = page.get_by_role("button", name="Publish", exact=True)
    sign_in(page, fresh_app)
    open_screen(page, fresh_app, "/rubrics", "Rubrics")
    upload(page, file)
    press(publish)
    expect(page.get_by_text("Published: Rubric own, version 1")).to_be_visible()

    upload(page, again)
    expect(page.get_by_text("Say above where these come from: “Domain 1”.")).to_be_visible()
    expect(publish).to_have_count(0)
    choose(page, "“Domain 1” (trust)", "It is “Domain 1” (own-1), which it reads like")
    expect(page.get_by_text("trust is the domain own-1, which keeps its code.")).to_be_visible()
    expect(page.get_by_text("Reworded: Domain 1")).to_be_visible()
    press(publish)
    expect(page.get_by_text("Published: Rubric own, version 2")).to_be_visible()
    assert stored(fresh_app.database, WORDINGS, 2) == [("own-1", 2), ("own-2", 1), ("own-3", 1)]
    upload(page, again)
    expect(page.get_by_text("Nothing to do: this text is published already, word for word.")).to_be_visible()

    other = tmp_path / "own.csv"
    other.write_text("code,domain,1 Low,2 High\nz-1,Parking,none,plenty\n", encoding="utf-8")
    upload(page, other)
    expect(page.get_by_text("of its 3 domains 3 would be gone")).to_be_visible()
    expect(publish).to_be_disabled()
    press(page.get_by_text("Yes, replace own"))
    settled(page)
    press(publish)
    expect(page.get_by_text("Published: own, version 3")).to_be_visible()


def test_a_rubric_whose_levels_have_no_order_is_asked_about(page: Page, fresh_app: RunningApp, tmp_path: Path) -> None:
    file = tmp_path / "unordered.csv"
    file.write_text("Domain,Emerging,Thriving,Steady\nTrust,a,b,c\nTime,d,e,f\n", encoding="utf-8")
    sign_in(page, fresh_app)
    open_screen(page, fresh_app, "/rubrics", "Rubrics")
    upload(page, file)
    meant, publish = page.get_by_text("This is how it is meant"), page.get_by_role("button", name="Publish", exact=True)
    expect(page.get_by_text("Say the order of the levels of “unordered”")).to_be_visible()
    expect(meant).to_have_count(0)  # no order stands there beforehand
    pick(page, "Order of the levels", "Another order")
    for position, name in enumerate(("Emerging", "Steady", "Thriving"), start=1):
        pick(page, f"Level {position}", name)
    expect(page.get_by_text("Read unordered as it was understood")).to_be_visible()
    expect(publish).to_have_count(0)
    press(meant)
    settled(page)
    press(publish)
    expect(page.get_by_text("Published: unordered, version 1")).to_be_visible()
    expect(page.get_by_text("unordered, version 1, published")).to_be_visible()  # the page shows it
    assert stored(fresh_app.database, LEVELS_OF, "unordered") == [("Emerging",), ("Steady",), ("Thriving",)]


def test_a_sheet_that_cannot_be_read_as_chosen_stops_the_publishing(
    page: Page, fresh_app: RunningApp, tmp_path: Path
) -> None:
    file = tmp_path / "own.csv"
    file.write_text("code,domain,1 Low,2 High\nz-1,Parking,none,plenty\n", encoding="utf-8")
    publish = page.get_by_role("button", name="Publish", exact=True)
    sign_in(page, fresh_app)
    open_screen(page, fresh_app, "/rubrics", "Rubrics")
    upload(page, file)
    expect(publish).to_be_visible()
    press(page.get_by_text("How the file is read"))
    pick(page, "Levels", "Domains as columns")
    expect(page.get_by_text("Nothing can be read of “own”")).to_be_visible()
    expect(publish).to_have_count(0)
    press(page.get_by_role("button", name="Clear all"))
    settled(page)
    expect(page.get_by_text("Choose at least one sheet.")).to_be_visible()
    expect(publish).to_have_count(0)
