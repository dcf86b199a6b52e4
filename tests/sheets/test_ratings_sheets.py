"""Past ratings: every cell of a sheet is accounted for, and nothing is guessed."""

from collections import Counter
from datetime import date, datetime

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from progressions.errors import MappingError
from progressions.ratings_read import CellKind, RatingsRead, ReadCell
from progressions.settings import ReadLimits
from progressions.sheets.mapping import (
    ConveningSource,
    DomainRef,
    Layout,
    LongColumns,
    RatingsMapping,
    read_mapping,
)
from progressions.sheets.ratings_sheets import read_ratings
from progressions.sheets.reading import read_workbook
from progressions.sheets.rubric_sheets import read_rubrics
from tests import ofsted
from tests.sheets.books import HEADINGS, OCTOBER, a_mapping, a_rubric, a_workbook

RUBRIC = a_rubric()
LONG = RatingsMapping(
    partnership="partnership",
    convening=ConveningSource(held_on=OCTOBER),
    layout=Layout.LONG,
    long=LongColumns("domain", "level", rubric="rubric"),
)


def read(*rows: tuple[object, ...], headings: tuple[str, ...] = HEADINGS, **changes: object) -> RatingsRead:
    return read_ratings(a_workbook([headings, *rows]), a_mapping(**changes), [RUBRIC])


def one(value: object, **changes: object) -> ReadCell:
    return read(("Alder", "alder", OCTOBER, value), **changes).cells[0]


def codes(found: RatingsRead) -> list[tuple[str, tuple[str, ...]]]:
    return [(issue.code, issue.cells) for issue in found.issues]


def test_a_cell_says_who_when_what_and_where_it_stands():
    found = read(("Alder Valley", "alder", OCTOBER, 3, None))
    assert found.cells[0] == ReadCell(
        "Ratings", "D", 2, "alder", "Alder Valley", OCTOBER, "", "ihe", "ihe-1", CellKind.LEVEL, 3, "3"
    )
    assert (found.cells[1].address, found.cells[1].kind) == ("E2", CellKind.BLANK)
    assert (found.rows, found.issues) == (1, ())


@pytest.mark.parametrize(
    "value",
    [
        2,
        2.0,
        "2",
        " 2 ",
        "2.0",
        "Small change implementation",
        "small  CHANGE implementation",
        "2 Small change implementation",
        "2 - Small change",
        "2 – small change",
        "Level 2",
        "Level 2: Small change",
        "Small change implementation (2)",
    ],
)
def test_a_level_is_understood_in_the_ways_in_which_people_write_it(value: object):
    cell = one(value)
    assert (cell.kind, cell.level) == (CellKind.LEVEL, 2)


@pytest.mark.parametrize(
    "value",
    [2.5, 67, 0, 5, -1, True, False, "yes", "2.5", "2,0", "1-2", "2 Integrating", "2?", OCTOBER, "Small"],
)
def test_what_is_no_level_is_rejected_with_what_is_expected(value: object):
    found = read(("Alder", "alder", OCTOBER, value))
    assert (found.cells[0].kind, found.cells[0].level, found.cells[0].problem) == (
        CellKind.REJECTED,
        None,
        "not_a_level",
    )
    (issue,) = found.issues
    assert issue.cells == ("D2",)
    assert "is not a level of the rubric “IHE”. Expected: 1 Exploring change ideas, 2 Small change" in issue.message


def test_the_same_wrong_text_in_many_cells_is_one_issue():
    found = read(("A", "a", OCTOBER, "x", "x"), ("B", "b", OCTOBER, "x", "y"))
    assert codes(found) == [("not_a_level", ("D2", "E2", "D3")), ("not_a_level", ("E3",))]


def test_texts_of_the_mapping_go_before_what_is_understood_anyway():
    turned = {"1": 4, "2": 3, "3": 2, "4": 1, "Great": 4}
    assert [one(value, levels=turned).level for value in (1, "2", 3.0, "GREAT")] == [4, 3, 2, 4]
    assert one("Small change implementation", levels=turned).level == 2


def test_not_rated_is_what_the_mapping_says_and_a_blank_is_a_blank():
    assert one("N/A").kind is CellKind.NOT_RATED
    assert one("n/a", not_rated=()).kind is CellKind.REJECTED
    assert [one(value).kind for value in (None, "", "  ")] == [CellKind.BLANK] * 3


def test_rows_that_are_wholly_empty_are_skipped_and_addresses_stay():
    found = read((), ("Alder", "alder", OCTOBER, 1, 2), (None, " "))
    assert found.rows == 1
    assert [cell.address for cell in found.cells] == ["D3", "E3"]


@pytest.mark.parametrize(
    ("row", "issue", "cell"),
    [
        ((None, None, OCTOBER, 1), "no_partnership", "B2"),
        (("Alder", None, OCTOBER, 1), "no_partnership", "B2"),
        (("Alder", "alder", None, 1), "no_date", "C2"),
        (("Alder", "alder", "31/02/24", 1), "not_a_date", "C2"),
        (("Alder", "alder", 45596, 1), "not_a_date", "C2"),
    ],
)
def test_a_row_without_its_key_is_rejected_on_the_key_cell(row: tuple[object, ...], issue: str, cell: str):
    found = read(row)
    assert codes(found) == [(issue, (cell,))]
    assert [(c.kind, c.problem) for c in found.cells] == [(CellKind.REJECTED, issue), (CellKind.BLANK, "")]


def test_a_footnote_below_the_table_is_noted_and_takes_nothing():
    found = read(("Alder", "alder", OCTOBER, 1), ("Source: the hub's binder",))
    assert codes(found) == [("row_without_ratings", ("B3",))]
    assert [cell.kind for cell in found.cells[2:]] == [CellKind.BLANK] * 2


@pytest.mark.parametrize("value", [OCTOBER, datetime(2024, 10, 1, 9), "2024-10-01", "01/10/24", "1 Oct 2024"])
def test_the_day_of_a_convening_is_read(value: object):
    assert read(("Alder", "alder", value, 1)).cells[0].held_on == OCTOBER


def test_the_order_of_day_and_month_is_the_mapping_s():
    assert read(("A", "a", "02/03/24", 1), day_first=True).cells[0].held_on == date(2024, 3, 2)
    assert read(("A", "a", "02/03/24", 1), day_first=False).cells[0].held_on == date(2024, 2, 3)


def test_the_day_may_be_for_the_whole_sheet_or_in_the_file_s_name():
    rows = [("partnership", "code", "one", "two"), ("Alder", "alder", 1, 2)]
    whole = a_mapping(convening=ConveningSource(held_on=OCTOBER), day_first=None)
    named = a_mapping(convening=ConveningSource(from_file_name=True))
    book = a_workbook(rows, file_name="ratings 2024-10-01.xlsx")
    assert {c.held_on for m in (whole, named) for c in read_ratings(book, m, [RUBRIC]).cells} == {OCTOBER}
    with pytest.raises(MappingError, match="no dates"):
        read_ratings(a_workbook(rows), named, [RUBRIC])


def test_a_code_is_made_of_the_title_where_no_column_has_it():
    found = read(("Alder Valley & Northmoor", None, OCTOBER, 1), partnership_code=None)
    assert found.cells[0].partnership_code == "alder-valley-northmoor"


def test_codes_that_differ_in_case_only_are_one_partnership():
    found = read(("Alder", "alder", OCTOBER, 1, None), ("Alder", "ALDER", OCTOBER, None, 2))
    assert {cell.partnership_code for cell in found.cells} == {"alder"}
    assert found.issues == ()


def test_two_titles_of_one_code_and_two_codes_of_one_title_are_said():
    found = read(("Alder", "a", OCTOBER, 1), ("Birch", "a", OCTOBER, None, 2), ("Alder", "b", OCTOBER, 1))
    assert codes(found) == [("two_titles", ("A3",)), ("two_codes", ("A4",))]
    assert [cell.partnership_title for cell in found.cells] == ["Alder"] * 6


def test_the_title_of_a_convening_comes_with_its_day():
    headings = (*HEADINGS, "name")
    source = ConveningSource(column="date", title_column="name")
    rows = [
        ("A", "a", OCTOBER, 1, 2, "Fall"),
        ("B", "b", OCTOBER, 1, 2, None),
        ("C", "c", OCTOBER, 1, 2, "Autumn"),
    ]
    found = read(*rows, headings=headings, convening=source)
    assert {cell.convening_title for cell in found.cells} == {"Fall"}
    assert codes(found) == [("two_convening_titles", ("F4",))]


def test_the_same_rating_twice_is_noted_and_kept_once():
    found = read(("Alder", "alder", OCTOBER, 2), ("Alder", "alder", "01/10/2024", 2))
    assert codes(found) == [("repeated", ("D2", "D3"))]
    assert [c.problem for c in found.cells if c.kind is CellKind.LEVEL] == ["", "repeated"]


def test_two_levels_for_one_rating_contradict_and_none_is_taken():
    found = read(("Alder", "alder", OCTOBER, 2, 1), ("Alder", "alder", OCTOBER, 3, None))
    assert codes(found) == [("contradicts", ("D2", "D3"))]
    assert "“ihe domain 1” of Alder on 2024-10-01: 2, 3" in found.issues[0].message
    assert [(c.kind, c.level) for c in found.cells] == [
        (CellKind.REJECTED, None),
        (CellKind.LEVEL, 1),
        (CellKind.REJECTED, None),
        (CellKind.BLANK, None),
    ]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"sheet": "Other"}, "no sheet “Other”. Its sheets are “Ratings”"),
        ({"header_row": 2}, "no heading “partnership” in row 2"),
        ({"partnership_code": "key"}, "no heading “key” in row 1"),
        ({"domains": {"one": DomainRef("lea", "x")}}, "no rubric “lea”; there are “ihe”"),
        ({"domains": {"one": DomainRef("ihe", "x")}}, "“ihe” has no domain “x”"),
        ({"domains": {"one": DomainRef("ihe", "ihe-1"), "two": DomainRef("ihe", "ihe-1")}}, "Two columns"),
        ({"levels": {"best": 5}}, "has 4 levels, and “best”"),
    ],
)
def test_a_mapping_that_does_not_fit_is_refused(changes: dict[str, object], sentence: str):
    with pytest.raises(MappingError) as refused:
        read(("Alder", "alder", OCTOBER, 1), **changes)
    assert sentence in str(refused.value)


def test_a_mapped_heading_over_two_columns_is_refused():
    with pytest.raises(MappingError, match=r"several columns \(D1, F1\)"):
        read(("Alder", "alder", OCTOBER, 1, 2, 3), headings=(*HEADINGS, "ONE"))


def test_everything_that_does_not_fit_is_said_at_once():
    with pytest.raises(MappingError) as refused:
        read(("Alder", "alder", OCTOBER, 1), partnership="who", partnership_code="key")
    assert "“who”" in str(refused.value)
    assert "“key”" in str(refused.value)


LONG_HEADINGS = ("partnership", "rubric", "domain", "level")


def long(*rows: tuple[object, ...], mapping: RatingsMapping = LONG) -> RatingsRead:
    rubrics = [RUBRIC, a_rubric("lea")]
    return read_ratings(a_workbook([LONG_HEADINGS, *rows]), mapping, rubrics)


def test_in_a_long_sheet_each_row_is_one_cell():
    found = long(("Alder", "IHE", "ihe-1", 2), ("Alder", "lea", "LEA domain 2", "3"), ("Alder", "ihe", "ihe-2", None))
    assert [(c.rubric, c.domain, c.kind, c.level, c.address) for c in found.cells] == [
        ("ihe", "ihe-1", CellKind.LEVEL, 2, "D2"),
        ("lea", "lea-2", CellKind.LEVEL, 3, "D3"),
        ("ihe", "ihe-2", CellKind.BLANK, None, "D4"),
    ]
    assert found.issues == ()


def test_an_unknown_rubric_or_domain_of_a_long_sheet_is_rejected_on_its_cell():
    found = long(("Alder", "xyz", "ihe-1", 2), ("Alder", "ihe", "lea-1", 2), ("Alder", "xyz", "lea-1", None))
    assert codes(found) == [("unknown_rubric", ("B2",)), ("unknown_domain", ("C3",))]
    assert [c.kind for c in found.cells] == [CellKind.REJECTED, CellKind.REJECTED, CellKind.BLANK]


def test_other_texts_for_domains_and_a_fixed_rubric_are_the_mapping_s():
    columns = LongColumns("domain", "level", rubric_is="ihe", domain_texts={"Faculty": DomainRef("ihe", "ihe-2")})
    mapping = RatingsMapping("partnership", ConveningSource(held_on=OCTOBER), Layout.LONG, long=columns)
    found = long(("Alder", None, "faculty", 1), ("Alder", None, "ihe-1", 1), mapping=mapping)
    assert [c.domain for c in found.cells] == ["ihe-2", "ihe-1"]


VALUES = st.sampled_from([None, 1, 2, 3, 4, 4.0, "2", 2.5, 67, "n/a", "x", True, "Integrating"])
WHO = st.sampled_from(["a", "b", "A", None])
WHEN = st.sampled_from([OCTOBER, "01/10/24", "2025-01-15", "soon", None])
ROWS = st.lists(st.tuples(WHO, WHO, WHEN, VALUES, VALUES), max_size=12)


@given(ROWS)
def test_cells_read_are_all_cells_of_filled_rows(rows: list[tuple[object, ...]]):
    found = read(*rows)
    filled = [row for row in rows if any(value is not None for value in row)]
    assert found.rows == len(filled)
    assert len(found.cells) == 2 * len(filled)
    blanks = sum(value is None for row in filled for value in row[3:])
    assert Counter(cell.kind for cell in found.cells)[CellKind.BLANK] == blanks
    assert all((cell.level is not None) == (cell.kind is CellKind.LEVEL) for cell in found.cells)
    assert len({cell.address for cell in found.cells}) == len(found.cells)
    named = {address for issue in found.issues for address in issue.cells}
    assert all(
        cell.address in named or cell.problem in ("no_partnership", "no_date", "not_a_date")
        for cell in found.cells
        if cell.kind is CellKind.REJECTED
    )


@given(ROWS, st.permutations(range(5)))
def test_the_order_of_columns_does_not_matter(rows: list[tuple[object, ...]], order: list[int]):
    def known(found: RatingsRead) -> list[tuple[object, ...]]:
        cells = [(c.row, c.domain, c.partnership_code, c.held_on, c.kind, c.level, c.problem) for c in found.cells]
        return sorted(cells, key=str)

    turned = [tuple(row[place] for place in order) for row in rows]
    headings = tuple(HEADINGS[place] for place in order)
    assert known(read(*rows)) == known(read(*turned, headings=headings))


@pytest.mark.shared
@pytest.mark.skipif(not ofsted.HISTORY.exists(), reason=ofsted.MISSING)
def test_the_public_ratings_are_read_to_the_cell():
    limits = ReadLimits()
    rubrics = read_rubrics(read_workbook(ofsted.RUBRIC_CSV.encode(), ofsted.RUBRIC_FILE, limits)).rubrics
    workbook = read_workbook(ofsted.HISTORY.read_bytes(), ofsted.HISTORY.name, limits)
    found = read_ratings(workbook, read_mapping(ofsted.MAPPING_JSON), rubrics)
    frame = pd.read_csv(ofsted.HISTORY, dtype=str, keep_default_na=False)
    grades = frame[list(ofsted.COLUMNS)].stack()
    assert Counter(cell.kind for cell in found.cells) == {
        CellKind.LEVEL: int(grades.isin(list(ofsted.LEVELS)).sum()),
        CellKind.NOT_RATED: int(grades.isin(list(ofsted.NOT_RATED)).sum()),
        CellKind.BLANK: int((grades == "").sum()),
        CellKind.REJECTED: 2,
    }
    assert (found.rows, len(found.cells)) == (len(frame), 5 * len(frame)) == (497, 2485)
    column = list(frame.columns).index("help_and_protection_grade")
    lines = [n + 2 for n in frame.index[frame["help_and_protection_grade"] == "to requires improvement"]]
    assert codes(found) == [("not_a_level", tuple(f"{chr(ord('A') + column)}{line}" for line in lines))]
    expected = pd.to_datetime(frame["publication_date"], format="%d/%m/%y").dt.date
    assert [cell.held_on for cell in found.cells[::5]] == list(expected)
    assert {(c.partnership_code, c.partnership_title) for c in found.cells} == set(
        zip(frame["urn"], frame["local_authority"], strict=True)
    )
