"""A workbook that nobody designed: upload, say what is missing, import, mend a rejected row, see it move, undo."""

import re
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from playwright.sync_api import Page

from tests.browser.rest import expect
from tests.browser.server import RunningApp
from tests.browser.steps import choose, open_screen, opened_list, press, put_file, sign_in, stored

pytestmark = pytest.mark.browser

ASH = """SELECT convenings.held_on, domains.code, ratings.level FROM ratings
JOIN partnerships ON partnerships.id = ratings.partnership_id JOIN convenings ON convenings.id = ratings.convening_id
JOIN domains ON domains.id = ratings.domain_id WHERE partnerships.title = ? AND level IS NOT NULL ORDER BY 1, 2"""


@pytest.fixture
def messy(tmp_path: Path) -> Path:
    """Title rows, a heading in other words, days that may be read in two ways, an average, a 67."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Self ratings"
    for row in (
        ["Northern Hub – self ratings"],
        [],
        ["Site", "Visit date", "Faculty dev. and promotion", "Program & curriculum development", "Average", "Comments"],
        ["Ash County", "03/04/2024", "2 - Small change", "1", 1.5, "first visit"],
        ["Ash County", "05/11/2024", "3", "67", 35, "typing error?"],
        ["Birch Valley", "03/04/2024", " Exploring change ideas ", "N/A", 1, ""],
        ["Cedar Falls", "03/04/2024", 2, 2, 2, ""],
        ["Dale Schools", "03/04/2024", "1", "3", 2, ""],
        ["Average", None, 1.8, 18.3, None, ""],
    ):
        sheet.append(row)
    file = tmp_path / "hub ratings.xlsx"
    book.save(file)
    return file


def upload(page: Page, file: Path) -> None:
    put_file(page, file)
    expect(page.get_by_role("heading", name="How this file is read")).to_be_visible()


def test_from_upload_by_mapping_and_mending_to_movement_and_undo(
    page: Page, fresh_app: RunningApp, messy: Path, tmp_path: Path
) -> None:
    app = fresh_app
    before = stored(app.database, "SELECT count(*), sum(level) FROM ratings WHERE level IS NOT NULL")
    sign_in(page, app)
    open_screen(page, app, "/import", "Import past ratings")
    upload(page, messy)
    expect(page.get_by_text("Say whether days or months come first: nothing is guessed.")).to_be_visible()
    choose(page, "Days are written", "Day first: 31/12/2025")
    expect(page.get_by_role("heading", name="What this file would change")).to_be_visible()
    expect(page.get_by_text("“67” is not a level")).to_be_visible()
    with page.expect_download() as waiting:
        press(page.get_by_role("button", name="The rejected rows, to mend and upload again"))
    to_mend = tmp_path / waiting.value.suggested_filename
    waiting.value.save_as(to_mend)
    press(page.get_by_text("Keep this way of reading"))
    press(page.get_by_role("button", name="Keep it"))
    expect(page.get_by_text("Kept. A file with the same headings")).to_be_visible()
    press(page.get_by_role("button", name=re.compile("Import 8 ratings")))
    expect(page.get_by_text("Imported: 8 new ratings")).to_be_visible()
    assert stored(app.database, ASH, "Ash County") == [
        ("2024-04-03", "ihe-1", 2),
        ("2024-04-03", "ihe-2", 1),
        ("2024-11-05", "ihe-1", 3),
    ]

    mend(to_mend)
    upload(page, to_mend)
    expect(page.get_by_role("button", name="Import 1 rating")).to_be_visible()
    press(page.get_by_role("button", name="Import 1 rating"))
    expect(page.get_by_text("Imported: 1 new rating")).to_be_visible()
    assert ("2024-11-05", "ihe-2", 4) in stored(app.database, ASH, "Ash County")

    page.goto(f"{app.url}/movement?partnership=ash-county&rubric=ihe")
    expect(page.get_by_text("Of 2 domains, 2 moved up, 0 stayed, 0 moved down")).to_be_visible()

    for batch in (3, 2):
        open_screen(page, app, "/import", "Import past ratings")
        row = page.locator(f".st-key-batch-{batch}")
        press(row.get_by_role("button", name="Undo"))
        press(row.get_by_role("button", name="Yes, undo it"))
        expect(row.get_by_text("Undone")).to_be_visible()
    assert stored(app.database, "SELECT count(*), sum(level) FROM ratings WHERE level IS NOT NULL") == before
    open_screen(page, app, "/self-assess?partnership=ash-county", "Self-assess")
    opened_list(page, "Partnership")
    expect(page.get_by_role("option", name="Brindle Bay")).to_be_visible()
    expect(page.get_by_role("option", name="Ash County")).to_have_count(0)


def mend(file: Path) -> None:
    """Finds the 67 by its problem and writes what was meant; takes the average away."""
    book = load_workbook(file)
    sheet = book["Self ratings"]
    headings = next(row for row in sheet.iter_rows() if any(cell.value == "Problem" for cell in row))
    problem = next(cell.column for cell in headings if cell.value == "Problem")
    for row in sheet.iter_rows(min_row=headings[0].row + 1):
        if row[0].value == "Average":
            for cell in row:
                cell.value = None
        for cell in row:
            if str(cell.value) == "67":
                assert "67" in str(sheet.cell(cell.row, problem).value)
                cell.value = 4
    book.save(file)
