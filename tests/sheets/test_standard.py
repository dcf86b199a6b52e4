"""Sheets without a mapping: only known headings are taken, and what is not known is said."""

from datetime import date

import pytest

from progressions.rubric import Domain, Rubric
from progressions.sheets.mapping import ConveningSource, DomainRef, Layout, LongColumns, read_mapping, write_mapping
from progressions.sheets.ratings_sheets import read_ratings
from progressions.sheets.standard import Recognition, recognise
from tests.sheets.books import OCTOBER, a_rubric, a_sheet, a_workbook

IHE, LEA = a_rubric("ihe"), a_rubric("lea")
KEYS = ("Partnership", "Partnership code", "Convening date")


def recognised(*rows: tuple[object, ...]) -> Recognition:
    return recognise(a_workbook(rows), [IHE, LEA])


@pytest.mark.parametrize("heading", ["ihe-1", "IHE Domain 1", "IHE: ihe domain 1", "ihe/ihe-1"])
def test_a_column_is_a_domain_by_its_code_or_title(heading: str):
    found = recognised((*KEYS, heading), ("Alder", "alder", OCTOBER, 1))
    assert found.mapping is not None
    assert found.mapping.domains == {heading: DomainRef("ihe", "ihe-1")}
    assert found.mapping.partnership_code == "Partnership code"
    assert found.unsure == ()


def test_the_headings_may_stand_below_a_title_and_beside_columns_that_are_not_read():
    found = recognised(
        ("Invented example",), (), (*KEYS, "Convening", "ihe-1", "Notes"), ("A", "a", OCTOBER, "Fall", 1)
    )
    assert found.mapping is not None
    assert (found.mapping.header_row, found.mapping.layout) == (3, Layout.WIDE)
    assert found.mapping.convening == ConveningSource(column="Convening date", title_column="Convening")
    assert found.unsure == ("These columns are not read: “Notes”.",)


def test_a_recognised_mapping_can_be_written_down_and_read():
    mapping = recognised((*KEYS, "ihe-1"), ("Alder", "alder", "13/10/24", 1)).mapping
    assert mapping is not None
    assert read_mapping(write_mapping(mapping)) == mapping


def test_a_long_sheet_is_known_by_its_level_and_domain():
    found = recognised(("partnership", "date", "rubric", "domain", "level"), ("Alder", OCTOBER, "ihe", "ihe-1", 2))
    assert found.mapping is not None
    assert found.mapping.long == LongColumns("domain", "level", rubric="rubric")


def test_a_long_sheet_without_a_rubric_is_read_only_where_there_is_one_rubric():
    rows = [("partnership", "date", "domain", "level"), ("Alder", OCTOBER, "ihe-1", 2)]
    alone = recognise(a_workbook(rows), [IHE]).mapping
    assert alone is not None
    assert alone.long == LongColumns("domain", "level", rubric_is="ihe")
    assert recognised(*rows).mapping is None


@pytest.mark.parametrize(
    ("texts", "day_first"),
    [
        (["13/10/2024", "01/02/2025"], True),
        (["10/13/2024", "01/02/2025"], False),
        (["2024-10-01", "03/03/2025"], False),
        ([OCTOBER, date(2025, 1, 15)], False),
    ],
)
def test_the_order_of_day_and_month_is_told_by_the_dates(texts: list[object], day_first: bool):
    found = recognised((*KEYS, "ihe-1"), *(("Alder", "alder", text, 1) for text in texts))
    assert found.mapping is not None
    assert found.mapping.day_first is day_first


@pytest.mark.parametrize("texts", [["01/02/2025"], ["13/10/2024", "10/13/2024"]])
def test_dates_that_leave_the_order_open_need_a_mapping(texts: list[object]):
    found = recognised((*KEYS, "ihe-1"), *(("Alder", "alder", text, 1) for text in texts))
    assert found.mapping is None
    assert "whether days or months come first" in found.unsure[0]


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ([("Site", "When", "ihe-1"), ("Alder", OCTOBER, 1)], "headings “Partnership”"),
        ([(*KEYS, "Vision"), ("Alder", "alder", OCTOBER, 1)], "is the code or the title of a domain"),
        ([(*KEYS, "ihe-1", "ihe domain 1"), ("Alder", "alder", OCTOBER, 1, 2)], "Two columns are for"),
        ([(*KEYS, "ihe-1", "Notes", "notes"), ("Alder", "alder", OCTOBER, 1)], "“notes” stands over more than one"),
        ([("Partnership", "Convening", "ihe-1"), ("Alder", "Fall", 1)], "no column “Convening date”"),
    ],
)
def test_what_is_not_recognised_is_said(rows: list[tuple[object, ...]], sentence: str):
    found = recognised(*rows)
    assert found.mapping is None
    assert any(sentence in said for said in found.unsure), found.unsure


def test_a_title_of_two_rubrics_is_not_guessed():
    twin = Rubric("twin", "Twin", IHE.levels, (Domain("t-1", "ihe domain 1", "", ("", "", "", "")),))
    rows = [(*KEYS, "ihe domain 1"), ("Alder", "alder", OCTOBER, 1)]
    found = recognise(a_workbook(rows), [IHE, twin])
    assert found.mapping is None
    assert any("is the title of several domains" in said for said in found.unsure)


def test_the_one_sheet_with_ratings_is_found_among_others_and_two_are_not_chosen_between():
    ratings = a_sheet([(*KEYS, "ihe-1"), ("Alder", "alder", OCTOBER, 1)])
    about = a_sheet([("Some text",)], "About")
    found = recognise(a_workbook(about, ratings), [IHE]).mapping
    assert found is not None
    assert found.sheet == "Ratings"
    twice = recognise(a_workbook(ratings, a_sheet(ratings.rows, "Copy")), [IHE])
    assert twice.mapping is None
    assert "Several sheets hold ratings: “Ratings”, “Copy”" in twice.unsure[0]


def test_the_usual_texts_for_not_rated_are_known():
    rows = [(*KEYS, "ihe-1"), ("Alder", "alder", OCTOBER, "Not discussed"), ("Birch", "birch", OCTOBER, "N/A")]
    book = a_workbook(rows)
    mapping = recognise(book, [IHE]).mapping
    assert mapping is not None
    assert [cell.kind for cell in read_ratings(book, mapping, [IHE]).cells] == ["not_rated"] * 2


def test_a_workbook_without_cells_is_said_to_be_empty():
    assert recognise(a_workbook(a_sheet([])), [IHE]) == Recognition(None, (), ("The file has no filled sheet.",))
