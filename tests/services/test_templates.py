"""The template of a network: filled in and uploaded it needs no mapping at all."""

import io
from datetime import UTC, date, datetime, time

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from progressions.errors import NotAllowedError, UserError
from progressions.people import EXAMPLE_NOTE, Principal
from progressions.ratings import RatingKey
from progressions.services import imports, start, templates
from progressions.services.imports import NotUnderstood, Preview
from progressions.settings import ReadLimits
from progressions.store import Store
from tests import factories
from tests.factories import AUTUMN, NOW, SPRING, make_rubric, published

MAY = date(2026, 5, 1)


def at(day: date) -> datetime:
    return datetime.combine(day, time(12), UTC)


def opened(store: Store, who: Principal, today: date = MAY) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(templates.ratings_template(store, who, at(today))))


def upload(store: Store, who: Principal, book: openpyxl.Workbook) -> Preview | NotUnderstood:
    target = io.BytesIO()
    book.save(target)
    return imports.preview(store, who, target.getvalue(), "filled.xlsx", None, ReadLimits())


def choices(book: openpyxl.Workbook, sheet: Worksheet, address: str) -> list[object]:
    """What the drop-down of a cell offers, looked up as a spreadsheet program does."""
    (rule,) = [r for r in sheet.data_validations.dataValidation if address in r.sqref]
    name, area = rule.formula1.rsplit("!", 1)
    return [cell.value for (cell,) in book[name.strip("'")][area.replace("$", "")]]


def test_the_template_has_a_row_for_each_partnership_at_the_next_convening(
    sqlite_store: Store, staff: Principal
) -> None:
    sheet = opened(sqlite_store, staff).worksheets[0]
    rows = [[c.value for c in row] for row in sheet.iter_rows(max_row=3, max_col=7)]
    assert rows[0] == [
        *("partnership code", "partnership", "convening date", "convening", "Domain 1", "Domain 2", "Domain 3")
    ]
    assert [row[:2] for row in rows[1:]] == [["ash", "Ash County"], ["birch", "Birch Valley"]]
    assert [(row[2].date(), row[3]) for row in rows[1:]] == [(AUTUMN, "Autumn")] * 2
    assert opened(sqlite_store, staff, SPRING).worksheets[0]["D2"].value == "Spring"
    assert opened(sqlite_store, staff, date(2030, 1, 1)).worksheets[0]["C2"].value is None


def test_a_filled_template_needs_no_mapping(sqlite_store: Store, staff: Principal) -> None:
    with sqlite_store.write(staff) as repository:
        published(repository, make_rubric(domains=2, levels=6, code="ihe"))
    book = opened(sqlite_store, staff)
    sheet = book.worksheets[0]
    columns = range(5, 10)
    for column in columns:
        letter = sheet.cell(2, column).column_letter
        sheet.cell(2, column, choices(book, sheet, f"{letter}2")[-1])
    for column, value in enumerate(("new", "New Town", date(2026, 6, 1), ""), start=1):
        sheet.cell(4, column, value)
    sheet.cell(4, 5, choices(book, sheet, "E4")[0])
    shown = upload(sqlite_store, staff, book)
    assert isinstance(shown, Preview), shown.unsure
    counts = shown.plan.counts
    assert (counts.new, counts.rejected, counts.changed) == (6, 0, 0)
    assert shown.plan.new_partnerships == (("new", "New Town"),)
    imports.confirm(sqlite_store, staff, shown, NOW)
    with sqlite_store.read(staff) as repository:
        found = {key: level for key, (level, _) in repository.stored_levels().items()}
    lea = {RatingKey("ash", AUTUMN, "lea", f"lea-{n}"): 4 for n in (1, 2, 3)}
    ihe = {RatingKey("ash", AUTUMN, "ihe", f"ihe-{n}"): 6 for n in (1, 2)}
    assert found == lea | ihe | {RatingKey("new", date(2026, 6, 1), "lea", "lea-1"): 1}


def test_a_template_that_is_left_empty_changes_nothing(sqlite_store: Store, staff: Principal) -> None:
    shown = upload(sqlite_store, staff, opened(sqlite_store, staff))
    assert isinstance(shown, Preview), shown.unsure
    assert shown.plan.nothing_to_do
    assert shown.plan.counts.blank == 6


def test_drop_downs_offer_the_levels_and_comments_say_what_they_mean(sqlite_store: Store, staff: Principal) -> None:
    book = opened(sqlite_store, staff)
    sheet = book.worksheets[0]
    names = ["1 Exploring", "2 Trying", "3 Integrating", "4 Sustaining"]
    assert choices(book, sheet, "F3") == names
    comment = sheet["F1"].comment.text
    assert all(f"{name}: what is seen in 2 at {n}" in comment for n, name in enumerate(names, start=1))


def test_headings_stay_in_sight_and_cannot_be_changed_by_accident(sqlite_store: Store, staff: Principal) -> None:
    book = opened(sqlite_store, staff)
    sheet = book.worksheets[0]
    assert sheet.freeze_panes == "C2"
    assert all(each.protection.sheet and not each.protection.password for each in book.worksheets)
    assert all(cell.protection.locked for cell in sheet[1])
    assert not any(cell.protection.locked for row in sheet.iter_rows(min_row=2, max_row=100) for cell in row)


def test_hostile_titles_stay_texts(sqlite_store: Store, staff: Principal) -> None:
    with sqlite_store.write(staff) as repository:
        repository.add_partnership("=1+1", '=HYPERLINK("http://x","y")')
    cells = [cell for row in opened(sqlite_store, staff).worksheets[0].iter_rows() for cell in row]
    assert {cell.data_type for cell in cells if cell.value is not None} <= {"s", "d"}
    assert "=1+1" in [cell.value for cell in cells]


def test_a_template_of_an_example_says_so(sqlite_store: Store) -> None:
    who = start.system_principal(start.load_example(sqlite_store, NOW))
    book = opened(sqlite_store, who)
    assert book["How to fill in"]["A1"].value == EXAMPLE_NOTE
    shown = upload(sqlite_store, who, book)
    assert isinstance(shown, Preview), shown.unsure
    assert shown.plan.counts.rejected == 0


def test_a_template_needs_a_rubric_and_staff(sqlite_store: Store, member: Principal) -> None:
    empty = start.system_principal(factories.a_network(sqlite_store, "empty", "Empty"))
    with pytest.raises(UserError, match="Publish a rubric first"):
        templates.ratings_template(sqlite_store, empty, at(MAY))
    with pytest.raises(NotAllowedError):
        templates.ratings_template(sqlite_store, member, at(MAY))
