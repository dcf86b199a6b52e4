"""A proposed mapping: right, or saying what it does not know; never confident and wrong."""

import json
import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from progressions.errors import MappingError
from progressions.ratings_read import CellKind, RatingsRead
from progressions.rubric import Domain, Rubric
from progressions.settings import DATA, RUBRICS, ReadLimits
from progressions.sheets.cells import Sheet, Workbook
from progressions.sheets.fitting import fit
from progressions.sheets.guess_drafts import SURE
from progressions.sheets.guess_saved import KeptMapping, headings_of
from progressions.sheets.guessing import Guess, guess, meanings
from progressions.sheets.mapping import ConveningSource, DomainRef, Layout, LongColumns, read_mapping, write_mapping
from progressions.sheets.ratings_sheets import read_ratings
from progressions.sheets.reading import read_workbook
from progressions.sheets.rubric_sheets import read_rubrics
from tests import ofsted
from tests.sheets.books import OCTOBER, a_mapping, a_rubric, a_sheet, a_workbook

IHE, LEA = a_rubric("ihe"), a_rubric("lea")
KEYS = ("Partnership", "Partnership code", "Convening date")
OVERVIEW = ofsted.HISTORY.with_name("ofsted_csc_ilacs_overview.xlsx")


def guessed(*rows: tuple[object, ...]) -> Guess:
    return guess(a_workbook(rows), [IHE, LEA])


def sentences(found: Guess) -> str:
    return "\n".join(finding.sentence for finding in (*found.unsure, *found.sure))


def read(book: Workbook, found: Guess, *rubrics: Rubric) -> RatingsRead:
    assert found.mapping is not None, found.unsure
    return read_ratings(book, found.mapping, rubrics or [IHE, LEA])


@pytest.mark.parametrize("heading", ["ihe-1", "IHE Domain 1", "IHE: ihe domain 1", "ihe/ihe-1"])
def test_a_column_is_a_domain_by_its_code_or_title(heading: str):
    found = guessed((*KEYS, heading), ("Alder", "alder", OCTOBER, 1))
    assert found.mapping is not None
    assert found.mapping.domains == {heading: DomainRef("ihe", "ihe-1")}
    assert found.mapping.partnership_code == "Partnership code"
    assert found.unsure == ()


def test_the_headings_may_stand_below_a_title_and_beside_columns_that_are_not_read():
    found = guessed(("Invented example",), (), (*KEYS, "Convening", "ihe-1", "Notes"), ("A", "a", OCTOBER, "Fall", 1))
    assert found.mapping is not None
    assert (found.mapping.header_row, found.mapping.layout) == (3, Layout.WIDE)
    assert found.mapping.convening == ConveningSource(column="Convening date", title_column="Convening")
    assert [finding.sentence for finding in found.unsure] == ["These columns are not read: “Notes”."]


def test_a_proposed_mapping_can_be_written_down_and_read_and_is_what_is_sure():
    found = guessed((*KEYS, "ihe-1"), ("Alder", "alder", "13/10/24", 1))
    assert found.mapping is not None
    assert read_mapping(write_mapping(found.mapping)) == found.mapping
    assert read_mapping(json.dumps(found.partial)) == found.mapping


def test_a_long_sheet_is_known_by_its_level_and_domain():
    found = guessed(("partnership", "date", "rubric", "domain", "level"), ("Alder", OCTOBER, "ihe", "ihe-1", 2))
    assert found.mapping is not None
    assert found.mapping.long == LongColumns("domain", "level", rubric="rubric")


def test_a_long_sheet_with_one_domain_and_without_a_rubric_is_read_only_where_there_is_one_rubric():
    rows = [("partnership", "date", "domain", "level"), ("Alder", OCTOBER, "ihe-1", 2)]
    alone = guess(a_workbook(rows), [IHE]).mapping
    assert alone is not None
    assert alone.long == LongColumns("domain", "level", rubric_is="ihe")
    assert guessed(*rows).mapping is None


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
    found = guessed((*KEYS, "ihe-1"), *(("Alder", "alder", text, 1) for text in texts))
    assert found.mapping is not None
    assert found.mapping.day_first is day_first


@pytest.mark.parametrize("texts", [["01/02/2025"], ["13/10/2024", "10/13/2024"]])
def test_dates_that_leave_the_order_open_are_asked_for(texts: list[object]):
    found = guessed((*KEYS, "ihe-1"), *(("Alder", "alder", text, 1) for text in texts))
    assert found.mapping is None
    assert "whether days or months come first" in found.unsure[0].sentence
    assert "day_first" not in found.partial


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ([("Who", "When", "ihe-1"), ("Alder", OCTOBER, 1)], "“Partnership”"),
        ([(*KEYS, "Vision"), ("Alder", "alder", OCTOBER, 1)], "is the code or the title of a domain"),
        ([(*KEYS, "ihe-1", "ihe domain 1"), ("Alder", "alder", OCTOBER, 1, 2)], "Two columns are for"),
        ([(*KEYS, "ihe-1", "IHE-1"), ("Alder", "alder", OCTOBER, 1)], "stands over more than one"),
        ([("Partnership", "Convening", "ihe-1"), ("Alder", "Fall", 1)], "no column “Convening date”"),
        ([("District", "University", "School", "Date", "ihe-1"), ("A", "B", "C", OCTOBER, 1)], ""),
        ([("Site", "District", "Date", "ihe-1"), ("A", "B", OCTOBER, 1)], "one of several columns"),
        ([("Site", "Publication date", "Rating date", "End date", "ihe-1"), ("A", *[OCTOBER] * 3, 1)], ""),
        ([("Site", "Start date", "End date", "ihe-1"), ("A", OCTOBER, OCTOBER, 1)], "Several columns hold days"),
    ],
)
def test_what_is_not_known_is_said(rows: list[tuple[object, ...]], sentence: str):
    found = guessed(*rows)
    assert (found.mapping is None) == bool(sentence)
    assert sentence in sentences(found)


def test_a_title_of_two_rubrics_is_not_guessed():
    twin = Rubric("twin", "Twin", IHE.levels, (Domain("t-1", "ihe domain 1", "", ("", "", "", "")),))
    rows = [(*KEYS, "ihe domain 1"), ("Alder", "alder", OCTOBER, 1)]
    found = guess(a_workbook(rows), [IHE, twin])
    assert found.mapping is None
    assert "is the title of several domains" in sentences(found)


def test_the_one_sheet_with_ratings_is_found_among_others_and_two_are_not_chosen_between():
    ratings = a_sheet([(*KEYS, "ihe-1"), ("Alder", "alder", OCTOBER, 1)])
    about = a_sheet([("Some text",)], "About")
    found = guess(a_workbook(about, ratings), [IHE]).mapping
    assert found is not None
    assert found.sheet == "Ratings"
    twice = guess(a_workbook(ratings, a_sheet(ratings.rows, "Copy")), [IHE])
    assert twice.mapping is None
    assert "Several sheets hold ratings: “Ratings”, “Copy”" in twice.unsure[0].sentence


def test_the_usual_texts_for_not_rated_are_known_but_not_where_a_level_has_that_name():
    texts = ["Not discussed", "N/A", "-", "TBD", "none"]
    book = a_workbook([(*KEYS, "ihe-1"), *((f"P{n}", f"p{n}", OCTOBER, text) for n, text in enumerate(texts))])
    found = guess(book, [IHE])
    assert {cell.kind for cell in read(book, found, IHE).cells} == {CellKind.NOT_RATED}
    levels = (replace(IHE.levels[0], name="None"), *IHE.levels[1:])
    named = replace(IHE, levels=levels)
    assert [c.level for c in read(book, guess(book, [named]), named).cells] == [None, None, None, None, 1]


def test_a_workbook_without_cells_is_said_to_be_empty():
    found = guess(a_workbook(a_sheet([])), [IHE])
    assert (found.mapping, found.partial, found.sure) == (None, {}, ())
    assert [finding.sentence for finding in found.unsure] == ["The file has no filled sheet."]


# The layouts of people's own files. The framework's rubrics are the shipped ones.


@pytest.fixture(scope="module")
def framework() -> tuple[Rubric, ...]:
    file = next(RUBRICS.glob("*.xlsx"))
    return read_rubrics(read_workbook(file.read_bytes(), file.name, ReadLimits())).rubrics


DOMAINS = {
    "Leadership pipeline": "lea-6",
    "Shared data and evidence": "partnership-7",
    "Focus on equity": "partnership-6",
}
TWO = tuple(DOMAINS)[:2]
SITES = ("Alder Valley", "Birch County")


def facts(found: RatingsRead) -> set[tuple[str, str, str, int]]:
    cells = (c for c in found.cells if c.kind is CellKind.LEVEL)
    return {(c.partnership_title, str(c.held_on), c.domain, c.level or 0) for c in cells}


BOTH_YEARS = {
    ("Alder Valley", "2023-01-01", "lea-6", 1),
    ("Alder Valley", "2023-01-01", "partnership-7", 2),
    ("Alder Valley", "2024-01-01", "lea-6", 3),
    ("Alder Valley", "2024-01-01", "partnership-7", 4),
}
"""The same four ratings, which each of the layouts below says in its own way."""
ONE = {
    ("Alder Valley", "2024-10-01", "lea-6", 1),
    ("Alder Valley", "2024-10-01", "partnership-7", 2),
}

LAYOUTS: dict[str, tuple[Workbook, set[tuple[str, str, str, int]]]] = {
    "wide with other headings": (
        a_workbook([("School District", "Meeting Date", *TWO, "Comments"), ("Alder Valley", OCTOBER, 1, 2, "good")]),
        ONE,
    ),
    "abbreviated domains and level names": (
        a_workbook(
            [
                ("site_name", "visit date", "1. Leadership Pipeline (rating)", "Shared data"),
                ("Alder Valley", "2024-10-01", "Exploring change", " small change "),
            ]
        ),
        ONE,
    ),
    "one sheet a year": (
        a_workbook(
            a_sheet([("Partnership", *TWO), ("Alder Valley", 1, 2)], "2023"),
            a_sheet([("Partnership", *TWO), ("Alder Valley", 3, 4)], "2024"),
        ),
        BOTH_YEARS,
    ),
    "one sheet a school year, beside a sheet of notes": (
        a_workbook(
            a_sheet([("About these ratings",)], "Notes"),
            a_sheet([("Partnership", *TWO), ("Alder Valley", 1, 2)], "2022-23"),
            a_sheet([("Partnership", *reversed(TWO)), ("Alder Valley", 4, 3)], "SY 2023-24"),
        ),
        BOTH_YEARS,
    ),
    "one file a year": (
        a_workbook([("Partnership", *TWO), ("Alder Valley", 1, 2)], file_name="ratings 2024-10-01 final.xlsx"),
        ONE,
    ),
    "the day in a title": (
        a_workbook([("Ratings of October 1, 2024",), (), ("Partnership", *TWO), ("Alder Valley", 1, 2)]),
        ONE,
    ),
    "year before the domain": (
        a_workbook(
            [
                (
                    "Partnership",
                    "2023 Leadership pipeline",
                    "2023 Shared data and evidence",
                    *(f"2024 {t}" for t in TWO),
                ),
                ("Alder Valley", 1, 2, 3, 4),
            ]
        ),
        BOTH_YEARS,
    ),
    "year after the domain": (
        a_workbook(
            [
                ("Partnership", *(f"{t} {y}" for y in (2023, 2024) for t in TWO)),
                ("Alder Valley", "1", "2", "Level 3", "4 - Institutionalizing"),
            ]
        ),
        BOTH_YEARS,
    ),
    "years above the domains": (
        a_workbook(
            Sheet(
                "Ratings",
                (
                    (None, "2023", None, "2024", None),
                    ("Partnership", *TWO, *TWO),
                    ("Alder Valley", 1, 2, 3, 4),
                ),
                merged=((1, 1, 1, 2), (1, 3, 1, 4)),
            )
        ),
        BOTH_YEARS,
    ),
    "years above the domains without merged cells": (
        a_workbook([(None, 2023, None, 2024, None), ("Partnership", *TWO, *TWO), ("Alder Valley", 1, 2, 3, 4)]),
        BOTH_YEARS,
    ),
    "dates across the top": (
        a_workbook(
            [
                ("Partnership", "Domain", "2023", "2024"),
                ("Alder Valley", "Leadership pipeline", 1, 3),
                ("Alder Valley", "Shared data and evidence", 2, 4),
            ]
        ),
        BOTH_YEARS,
    ),
    "one sheet a partnership, dates across the top": (
        a_workbook(
            a_sheet([("Domain", date(2023, 1, 1), date(2024, 1, 1)), (TWO[0], 1, 3), (TWO[1], 2, 4)], "Alder Valley"),
            a_sheet([("Domain", date(2023, 1, 1), date(2024, 1, 1)), (TWO[0], None, "n/a")], "Birch County"),
        ),
        BOTH_YEARS,
    ),
    "long without a rubric": (
        a_workbook(
            [
                ("LEA", "Year", "Indicator", "Score"),
                *(("Alder Valley", year, name, level) for year, name, level in [(2023, TWO[0], 1), (2023, TWO[1], 2)]),
                *(("Alder Valley", year, name, level) for year, name, level in [(2024, TWO[0], 3), (2024, TWO[1], 4)]),
            ]
        ),
        BOTH_YEARS,
    ),
    "months without a day": (
        a_workbook([("Partnership", "Convening", *TWO), ("Alder Valley", "October 2024", 1, 2)]),
        ONE,
    ),
    "columns of averages and totals": (
        a_workbook(
            [
                ("Partnership", "Date", *TWO, "Average", "Total", "Shared data comments"),
                ("Alder Valley", OCTOBER, 1, 2, 1.5, 3, "much to do"),
                ("Average", None, 1, 2, 1.5, 3, None),
                ("Grand total:", OCTOBER, 1, 67, None, None, None),
            ]
        ),
        ONE,
    ),
    "row numbers beside the partnership": (
        a_workbook(
            [
                ("No.", "Partnership", "Date", *TWO),
                (1, "Alder Valley", OCTOBER, 1, None),
                (2, "Alder Valley", OCTOBER, None, 2),
            ]
        ),
        ONE,
    ),
}


@pytest.mark.parametrize("name", LAYOUTS)
def test_a_layout_of_people_s_own_is_understood(name: str, framework: tuple[Rubric, ...]):
    book, expected = LAYOUTS[name]
    found = guess(book, framework)
    assert facts(read(book, found, *framework)) == expected, sentences(found)
    assert all(finding.how_sure >= SURE for finding in found.sure)


@pytest.mark.parametrize("name", LAYOUTS)
def test_a_mapping_that_was_saved_is_used_again_in_any_order_of_columns(name: str, framework: tuple[Rubric, ...]):
    book, expected = LAYOUTS[name]
    mapping = guess(book, framework).mapping
    assert mapping is not None
    kept = read_mapping(write_mapping(mapping))
    again = guess(book, framework, [KeptMapping(a_mapping()), KeptMapping(kept, headings_of(book, kept))])
    assert again.is_saved
    assert facts(read(book, again, *framework)) == expected


def test_only_a_year_is_said_and_dated_as_the_mapping_says(framework: tuple[Rubric, ...]):
    book, _ = LAYOUTS["one sheet a year"]
    found = guess(book, framework)
    assert found.partial["year_day"] == "01-01"
    assert "names a year and no day" in sentences(found)
    notes = [issue for issue in read(book, found, *framework).issues if issue.code == "year_only"]
    assert [issue.sheet for issue in notes] == ["2023", "2024"]


@pytest.mark.parametrize(
    ("headings", "cells", "sentence"),
    [
        # A scale of five beside a rubric of four levels: a 3 would be another level.
        (TWO, [(5, 4), (3, 2), (5, 5)], "may be of another scale"),
        (TWO, [(0, 1), (1, 2), (0, 3)], "may be of another scale"),
        (TWO, [(62.5, 80), (71, 90.5), (64, 70)], "are no levels of the rubric"),
        (("Relationships", "Family"), [(1, 2), (3, 4), (2, 2)], "closest is “Partnership relationships”"),
        (("Vision", "Trust"), [("low", "high"), ("high", "low"), ("mid", "mid")], "looks like a column of ratings"),
    ],
)
def test_ratings_of_something_else_are_left_out_and_said(
    headings: tuple[str, ...], cells: list[tuple[object, ...]], sentence: str, framework: tuple[Rubric, ...]
):
    rows = [(f"Site {n}", OCTOBER, *values) for n, values in enumerate(cells)]
    found = guess(a_workbook([("Site", "Date", *headings), *rows]), framework)
    assert found.mapping is None
    assert "domains" not in found.partial
    assert sentence in sentences(found)


def test_one_cell_that_is_no_level_is_rejected_and_its_column_is_read(framework: tuple[Rubric, ...]):
    book = a_workbook([("Site", "Date", *TWO), ("Alder Valley", OCTOBER, 67, "excellent")])
    assert [cell.problem for cell in read(book, guess(book, framework), *framework).cells] == ["not_a_level"] * 2


def test_level_names_of_the_hub_s_own_are_asked_for(framework: tuple[Rubric, ...]):
    texts = [("started", "trying"), ("trying", "lasting"), ("started", "started")]
    rows = [(f"Site {n}", OCTOBER, *pair) for n, pair in enumerate(texts)]
    found = guess(a_workbook([("Site", "Date", *TWO), *rows]), framework)
    assert found.mapping is None
    assert set(found.partial["domains"]) == set(TWO)  # type: ignore[call-overload]
    assert "“started”, “trying”, “lasting”. Say which level each of them means." in sentences(found)


def test_a_long_sheet_on_another_scale_is_asked_about():
    rows = [("Alder", OCTOBER, f"ihe-{1 + n % 2}", n) for n in (1, 2, 3, 4, 5, 5)]
    found = guess(a_workbook([("Partnership", "Date", "Domain", "Level"), *rows]), [IHE])
    assert found.mapping is None
    assert "may be of another scale" in sentences(found)


def test_a_season_names_no_day_and_is_asked_for(framework: tuple[Rubric, ...]):
    found = guess(a_workbook([("Site", "Quarter", *TWO), ("Alder", "Fall 2024", 1, 2)]), framework)
    assert found.mapping is None
    assert "convening" not in found.partial
    assert "The cells of “Quarter” are no days" in sentences(found)


def test_days_that_contradict_one_another_are_not_chosen_between(framework: tuple[Rubric, ...]):
    rows = [("Ratings of 1 March 2024",), (), ("Site", *TWO), ("Alder", 1, 2)]
    found = guess(a_workbook(rows, file_name="ratings 2024-10-01.xlsx"), framework)
    assert found.mapping is None
    assert "names several days" in sentences(found)


def test_a_text_that_looks_misspelt_or_not_rated_is_only_proposed():
    rows = [("Alder", "a", OCTOBER, text) for text in ("Integratng", "data_unreadable", 1, 2, 3, 2, "Small change")]
    found = guess(a_workbook([(*KEYS, "ihe-1"), *rows]), [IHE])
    assert found.partial["levels"] == {"Small change": 2}
    assert "data_unreadable" not in str(found.partial["not_rated"])
    proposals = {finding.key: finding.value for finding in found.unsure}
    assert proposals == {"levels": {"Integratng": 3}, "not_rated": ["data_unreadable"]}


def test_a_saved_mapping_of_one_day_asks_for_the_day_of_the_next_file():
    saved = a_mapping(convening=ConveningSource(held_on=OCTOBER), day_first=None)
    book = a_workbook([("code", "two", "partnership", "one"), ("alder", 1, "Alder", 2)])
    found = guess(book, [IHE], [KeptMapping(saved)])
    assert found.mapping is None
    assert "convening" not in found.partial
    assert found.unsure[0].value == {"date": "2024-10-01"}


def test_a_saved_mapping_with_a_heading_that_is_gone_is_not_used():
    book = a_workbook([(*KEYS, "ihe-1"), ("Alder", "alder", OCTOBER, 1)])
    assert not guess(book, [IHE], [KeptMapping(a_mapping())]).is_saved


def test_each_column_has_its_meaning_for_the_screen():
    rows = [("Title",), (*KEYS, "Convening", "ihe-1", "Notes"), ("A", "a", OCTOBER, "Fall", 1)]
    found = guess(a_workbook(rows), [IHE])
    shown = found.meanings["Ratings"]
    assert list(shown.columns.values()) == ["partnership", "code", "date", "convening", "level", "ignored"]
    assert [shown.of(row, 4) for row in (1, 2, 3)] == ["", "header", "level"]
    corrected = found.partial | {"domains": {"Notes": "ihe/ihe-1"}}
    assert meanings(a_workbook(rows), corrected)["Ratings"].of(3, 5) == "level"


@settings(max_examples=60)
@given(st.permutations(range(6)))
def test_the_order_of_columns_changes_nothing_that_is_understood(order: list[int]):
    rows: list[tuple[object, ...]] = [
        ("Site", "Site code", "Visit date", "ihe-1", "ihe domain 2", "Notes"),
        ("Alder", "a", "13/10/24", 1, "Small change", "x"),
        ("Birch", "b", "14/10/24", "n/a", 4, None),
    ]
    found = guess(a_workbook(rows), [IHE])
    turned = guess(a_workbook([tuple(row[at] for at in order) for row in rows]), [IHE])
    assert turned.mapping == found.mapping
    assert found.mapping is not None


VALUE = st.one_of(
    st.none(),
    st.integers(-3, 3000),
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from(
        ["Partnership", "Date", "ihe-1", "Domain", "Level", "2023", "2024", "Alder", "01/02/24", "n/a", ""]
    ),
    st.text(max_size=12),
    st.dates(),
    st.booleans(),
)


@given(st.lists(st.lists(VALUE, min_size=4, max_size=4).map(tuple), max_size=8))
def test_whatever_a_sheet_holds_a_guess_is_complete_or_none(rows: list[tuple[object, ...]]):
    book = a_workbook(rows)
    found = guess(book, [IHE, LEA])
    assert found.mapping is not None or found.unsure
    if found.mapping is not None:
        cells = read_ratings(book, found.mapping, [IHE, LEA]).cells
        assert len({cell.address for cell in cells}) == len(cells)


def test_the_example_workbook_is_understood_as_its_mapping_says(framework: tuple[Rubric, ...]):
    file = DATA / "example-past-ratings.xlsx"
    found = guess(read_workbook(file.read_bytes(), file.name, ReadLimits()), framework)
    written = read_mapping((DATA / "example-mapping.json").read_text(encoding="utf-8"))
    assert found.mapping is not None
    assert replace(found.mapping, not_rated=()) == replace(written, not_rated=())
    assert set(written.not_rated) <= set(found.mapping.not_rated)


def _ofsted(file: Path) -> tuple[Workbook, tuple[Rubric, ...]]:
    rubrics = read_rubrics(read_workbook(ofsted.RUBRIC_CSV.encode(), ofsted.RUBRIC_FILE, ReadLimits())).rubrics
    return read_workbook(file.read_bytes(), file.name, ReadLimits()), rubrics


@pytest.mark.shared
@pytest.mark.skipif(not OVERVIEW.exists(), reason=ofsted.MISSING)
@pytest.mark.parametrize("file", [ofsted.HISTORY, OVERVIEW])
def test_the_public_ratings_are_understood_but_for_the_choice_of_the_day(file: Path):
    book, rubrics = _ofsted(file)
    found = guess(book, rubrics)
    expected = {key: ofsted.MAPPING[key] for key in ("partnership", "partnership_code", "domains", "day_first")}
    assert {key: found.partial.get(key) for key in expected} == expected
    (asked,) = (finding for finding in found.unsure if finding.key == "convening")
    assert asked.value == ofsted.MAPPING["convening"]
    assert "convening" not in found.partial
    proposed = [text for finding in found.unsure if finding.key == "not_rated" for text in finding.value or ()]
    assert set(proposed) <= set(ofsted.NOT_RATED)
    completed = read_mapping(json.dumps(found.partial | {"convening": asked.value, "not_rated": proposed}))
    levels = [cell for cell in read_ratings(book, completed, rubrics).cells if cell.kind is CellKind.LEVEL]
    at = list(book.sheets[0].rows[0])
    rows = book.sheets[0].rows[1:]
    assert len(levels) == sum(row[at.index(c)] in ofsted.LEVELS for row in rows for c in ofsted.COLUMNS)


@pytest.mark.shared
@pytest.mark.skipif(not OVERVIEW.exists(), reason=ofsted.MISSING)
@pytest.mark.parametrize("file", [ofsted.HISTORY, OVERVIEW])
def test_public_ratings_without_their_rubric_are_named_and_not_matched(file: Path, framework: tuple[Rubric, ...]):
    book, _ = _ofsted(file)
    found = guess(book, framework)
    assert found.mapping is None
    assert "domains" not in found.partial
    named = [f.sentence for f in found.unsure if "looks like a column of ratings" in f.sentence]
    assert {re.findall("“(.*?)”", sentence)[0] for sentence in named} >= set(ofsted.COLUMNS)
    assert all("“good”" in sentence for sentence in named)


def test_a_saved_mapping_is_not_used_for_a_sheet_with_more_headings():
    first = a_workbook([(*KEYS, "ihe-1"), ("Alder", "alder", OCTOBER, 1)])
    mapping = guess(first, [IHE]).mapping
    assert mapping is not None
    kept = KeptMapping(mapping, headings_of(first, mapping))
    assert guess(first, [IHE], [kept]).is_saved
    more = a_workbook([(*KEYS, "ihe-1", "ihe-2"), ("Alder", "alder", OCTOBER, 1, 2)])
    found = guess(more, [IHE], [kept])
    assert not found.is_saved
    assert found.mapping is not None
    assert len(found.mapping.domains) == 2
    assert any("not used" in finding.sentence for finding in found.unsure)


def test_the_latest_of_the_saved_mappings_for_the_same_headings_is_used():
    book = a_workbook([(*KEYS, "ihe-1", "ihe-2"), ("Alder", "alder", OCTOBER, 1, 2)])
    both = guess(book, [IHE]).mapping
    assert both is not None
    one = replace(both, domains={name: ref for name, ref in both.domains.items() if name == "ihe-1"})
    latest, older = (KeptMapping(m, headings_of(book, m)) for m in (one, both))
    assert guess(book, [IHE], [latest, older]).mapping == one


def test_two_columns_of_one_heading_are_named_by_their_cells():
    found = guessed((*KEYS, "ihe-1", "ihe-2", "IHE-1"), ("Alder", "alder", OCTOBER, 1, 2, 3))
    assert sentences(found).count("rename one of D1 or F1") == 1
    assert found.partial["domains"] == {"ihe-2": "ihe/ihe-2"}


def test_an_empty_column_of_days_is_asked_to_be_filled_in_and_its_heading_is_not_denied():
    found = guessed((*KEYS, "ihe-1"), ("Alder", "alder", None, 1))
    assert "Fill in the column “Convening date”." in sentences(found)
    assert "There is no column" not in sentences(found)


def test_a_column_that_holds_levels_and_is_not_read_is_said_with_a_cell():
    found = guessed((*KEYS, "ihe-1", "How it went"), ("Alder", "alder", OCTOBER, 1, 2))
    assert "“How it went” is not read, and holds levels, such as “2” in E2" in sentences(found)


def test_a_cell_outside_of_the_sheet_is_said_to_be_empty():
    mapping = replace(a_mapping(), convening=ConveningSource(cell="ZZZ99999"))
    book = a_workbook([(*KEYS, "ihe-1"), ("Alder", "alder", OCTOBER, 1)])
    with pytest.raises(MappingError, match="The cell ZZZ99999 of “Ratings” is empty"):
        fit(book, mapping, [a_rubric()])
