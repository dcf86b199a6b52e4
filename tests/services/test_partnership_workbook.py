"""Their data is theirs: everything that one partnership has said, and nothing of any other."""

import io
import zipfile
from dataclasses import replace
from datetime import date, datetime, time, timedelta

import openpyxl
import pytest

from progressions.errors import NotAllowedError
from progressions.people import EXAMPLE_NOTE, Access, Principal
from progressions.ratings import NextStep, RatingDraft, RatingKey, Reason
from progressions.services import exports, imports, ratings, start
from progressions.services.imports import Preview
from progressions.services.ratings import Pen
from progressions.settings import ReadLimits
from progressions.store import Store
from tests.factories import AUTUMN, NOW, SPRING, a_key, a_published_rubric, make_rubric, reworded

MARK = "QXZMARKER"
LATER = NOW + timedelta(hours=1)


def rate(store: Store, who: Principal, key: RatingKey, draft: RatingDraft, base: int = 0) -> None:
    ratings.save_rating(store, who, key, draft, base=base, pen=Pen("tab", base), now=NOW)


def sheets(content: bytes) -> dict[str, list[list[object]]]:
    book = openpyxl.load_workbook(io.BytesIO(content))
    return {sheet.title: [[cell.value for cell in row] for row in sheet.iter_rows()] for sheet in book.worksheets}


def taken(store: Store, who: Principal, partnership: str = "ash") -> dict[str, list[list[object]]]:
    return sheets(exports.partnership_workbook(store, who, partnership, LATER))


@pytest.fixture
def said(sqlite_store: Store, staff: Principal) -> None:
    """Two saves of one rating, a second one on newer words; and a lot of another partnership."""
    first = RatingDraft(2, "seen", NextStep("visit", "Ann", AUTUMN))
    rate(sqlite_store, staff, a_key(), first)
    rate(sqlite_store, staff, a_key(), RatingDraft(3, "seen twice", reason=Reason.PEOPLE), 1)
    a_published_rubric(sqlite_store, staff.network, reworded(make_rubric(), "lea-1"))
    a_published_rubric(sqlite_store, staff.network, make_rubric(code="ihe"))
    rate(sqlite_store, staff, a_key("lea-2"), RatingDraft(None, "open"))
    with sqlite_store.write(staff) as repository:
        repository.add_partnership("other", f"{MARK} title")
        repository.add_convening(date(2026, 12, 1), f"{MARK} convening of their own")
    other = RatingDraft(4, f"{MARK} evidence", NextStep(f"{MARK} step", f"{MARK} owner"))
    rate(sqlite_store, staff, RatingKey("other", date(2026, 12, 1), "lea", "lea-3"), other)


@pytest.mark.usefixtures("said")
def test_a_member_takes_everything_of_their_partnership_along(sqlite_store: Store, member: Principal) -> None:
    book = taken(sqlite_store, member)
    assert list(book) == ["About", "Ratings", "Saves", "Rubrics", "Convenings"]
    about = {row[0]: row[1] for row in book["About"] if row[0]}
    assert (about["Network"], about["Partnership"], about["Written for"]) == ("Network North", "Ash County", "Max")
    assert about["Written on (UTC)"] == LATER.replace(tzinfo=None)
    assert {"Ratings", "Saves", "Rubrics", "Convenings"} <= set(about)

    header, *rows = book["Ratings"]
    now = [dict(zip(header, row, strict=True)) for row in rows]
    told = [(r["domain code"], r["level"], r["level name"], r["evidence"], r["rubric version"]) for r in now]
    assert told == [("lea-1", 3, "Integrating", "seen twice", 1), ("lea-2", None, None, "open", 2)]

    header, *rows = book["Saves"]
    saves = [dict(zip(header, row, strict=True)) for row in rows]
    assert [(s["domain code"], s["level before"], s["level"], s["saved by"]) for s in saves] == [
        ("lea-1", None, 2, "Sam"),
        ("lea-1", 2, 3, "Sam"),
        ("lea-2", None, None, "Sam"),
    ]
    assert (saves[0]["next step"], saves[0]["owner"], saves[0]["due"].date()) == ("visit", "Ann", AUTUMN)  # type: ignore[attr-defined]
    assert saves[1]["why it moved"] == "people"
    assert book["Convenings"][1:] == [[datetime.combine(SPRING, time()), "Spring", 1]]


@pytest.mark.usefixtures("said")
def test_the_words_of_each_version_that_a_rating_stands_on_are_in_it_and_no_others(
    sqlite_store: Store, member: Principal
) -> None:
    header, *rows = taken(sqlite_store, member)["Rubrics"]
    words = [dict(zip(header, row, strict=True)) for row in rows]
    assert {(w["rubric"], w["version"]) for w in words} == {("lea", 1), ("lea", 2)}
    one = {w["version"]: w["level 3"] for w in words if w["domain code"] == "lea-1"}
    assert one == {1: "what is seen in 1 at 3", 2: "what is seen in 1 at 3, said anew"}
    assert [w["level 4"] for w in words if w["domain"] == "names of the levels"] == ["Sustaining", "Sustaining"]


@pytest.mark.usefixtures("said")
def test_nothing_of_another_partnership_is_in_it(sqlite_store: Store, member: Principal, staff: Principal) -> None:
    for who in (member, staff):
        content = exports.partnership_workbook(sqlite_store, who, "ash", LATER)
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = {name: archive.read(name).decode("utf-8", "replace") for name in archive.namelist()}
        assert not [name for name, text in parts.items() if MARK in text or "Birch" in text]
    assert MARK in str(taken(sqlite_store, staff, "other")), "the marker would be found where it belongs"


@pytest.mark.usefixtures("said")
def test_only_those_who_see_the_partnership_may_take_it(
    sqlite_store: Store, staff: Principal, member: Principal
) -> None:
    rater = Principal(4, "Ros", staff.network, Access.RATER, "ash")
    for who, code in ((member, "birch"), (member, ""), (rater, "ash"), (staff, "nothing"), (staff, "")):
        with pytest.raises(NotAllowedError):
            exports.partnership_workbook(sqlite_store, who, code, LATER)
    assert taken(sqlite_store, staff, "birch")["Ratings"][1:] == []


def test_no_text_becomes_a_formula(sqlite_store: Store, staff: Principal) -> None:
    for at, text in enumerate(["=1+1", '=HYPERLINK("http://x")', "+1", "-1", "@SUM(A1)", "#N/A"]):
        draft = RatingDraft(at % 4 + 1, text, NextStep(text, text))
        rate(sqlite_store, staff, a_key(), draft, at)
    content = exports.partnership_workbook(sqlite_store, staff, "ash", LATER)
    book = openpyxl.load_workbook(io.BytesIO(content))
    kinds = {cell.data_type for sheet in book.worksheets for row in sheet.iter_rows() for cell in row}
    assert "f" not in kinds
    assert "e" not in kinds
    assert sheets(content)["Saves"][1][10] == "=1+1"


def test_its_sheet_of_ratings_can_be_imported_again(sqlite_store: Store, staff: Principal) -> None:
    rate(sqlite_store, staff, a_key(), RatingDraft(2, "seen"))
    content = exports.partnership_workbook(sqlite_store, staff, "ash", LATER)
    whole = imports.read_file(sqlite_store, staff, content, "ours.xlsx", ReadLimits())
    alone = replace(whole, sheets=tuple(sheet for sheet in whole.sheets if sheet.name == "Ratings"))
    shown = imports.preview_workbook(sqlite_store, staff, alone, None)
    assert isinstance(shown, Preview), shown.unsure
    assert shown.plan.nothing_to_do
    assert shown.plan.counts.unchanged == 1


def test_an_import_and_its_undo_are_told(sqlite_store: Store, staff: Principal, member: Principal) -> None:
    content = b"partnership code,partnership,convening date,Domain 1\nash,Ash County,2026-03-05,3\n"
    shown = imports.preview(sqlite_store, staff, content, "past.csv", None, ReadLimits())
    assert isinstance(shown, Preview), shown.unsure
    batch = imports.confirm(sqlite_store, staff, shown, NOW)
    assert batch is not None
    imports.undo(sqlite_store, staff, batch, LATER)
    book = taken(sqlite_store, member)
    assert [(row[8], row[-1]) for row in book["Saves"][1:]] == [
        (3, "import past.csv"),
        (None, "undo of import past.csv"),
    ]
    assert book["Ratings"][1:] == []


def test_invented_data_says_so(sqlite_store: Store) -> None:
    who = start.system_principal(start.load_example(sqlite_store, NOW))
    book = taken(sqlite_store, who, "alder-valley")
    assert book["About"][0][0] == EXAMPLE_NOTE
    assert len(book["Ratings"]) == len(book["Saves"]) > 100
