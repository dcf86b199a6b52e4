"""Past ratings in every layout: every cell is accounted for, and a damaged key is said and not guessed."""

from collections import Counter
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from progressions.errors import MappingError
from progressions.imports import plan_import
from progressions.ratings_read import CellKind, RatingsRead
from progressions.rubric import Level
from progressions.sheets.cells import Sheet, Value, Workbook
from progressions.sheets.day_rules import YearDay
from progressions.sheets.mapping import ConveningSource, DomainRef, Layout, LongColumns, RatingsMapping
from progressions.sheets.ratings_sheets import read_ratings
from tests.sheets.books import OCTOBER, a_mapping, a_rubric, a_sheet, a_workbook

IHE, LEA = a_rubric("ihe"), a_rubric("lea", levels=3)
ONE, TWO = DomainRef("ihe", "ihe-1"), DomainRef("ihe", "ihe-2")
BOTH = {"one": ONE, "two": TWO}
NO_COLUMN: dict[str, object] = {"partnership_code": None, "day_first": False}


def read(book: Workbook, mapping: RatingsMapping) -> RatingsRead:
    return read_ratings(book, mapping, [IHE, LEA])


def facts(found: RatingsRead) -> list[tuple[object, ...]]:
    return [(c.partnership_title, c.held_on, c.domain, c.level, c.sheet, c.address) for c in found.cells]


def codes(found: RatingsRead) -> list[tuple[str, str, tuple[str, ...]]]:
    return [(issue.code, issue.sheet, issue.cells) for issue in found.issues]


def test_sheets_named_after_years_are_read_together():
    sheets = [a_sheet([("partnership", "one"), ("Alder", level)], name) for name, level in (("2023", 1), ("2024", 2))]
    changes = {"sheet": "*", "convening": ConveningSource(from_sheet_name=True), "year_day": YearDay(7, 1)}
    found = read(a_workbook(*sheets), a_mapping(domains={"one": ONE}, **NO_COLUMN | changes))
    assert facts(found) == [
        ("Alder", date(2023, 7, 1), "ihe-1", 1, "2023", "B2"),
        ("Alder", date(2024, 7, 1), "ihe-1", 2, "2024", "B2"),
    ]
    assert codes(found) == [("year_only", "2023", ()), ("year_only", "2024", ())]
    assert "dated 2023-07-01" in found.issues[0].message


def test_a_year_without_a_day_of_the_year_is_no_date():
    mapping = a_mapping(domains={"one": ONE}, convening=ConveningSource(from_sheet_name=True), **NO_COLUMN)
    with pytest.raises(MappingError, match=r"name, “2023”, holds no dates"):
        read(a_workbook(a_sheet([("partnership", "one"), ("Alder", 1)], "2023")), mapping)


@pytest.mark.parametrize(
    ("year_day", "expected"), [(YearDay(7, 1), date(2023, 7, 1)), (YearDay(3, 31), date(2024, 3, 31))]
)
def test_a_school_year_runs_from_july_to_june(year_day: YearDay, expected: date):
    rows = [("partnership", "date", "one"), ("Alder", "2023-24", 1), ("Birch", "2023-25", 1), ("Cedar", 2023, 1)]
    found = read(a_workbook(rows), a_mapping(domains={"one": ONE}, year_day=year_day, **NO_COLUMN))
    assert [cell.held_on for cell in found.cells] == [expected, None, date(2023, year_day.month, year_day.day)]
    assert found.cells[1].problem == "not_a_date"


def test_one_sheet_of_several_may_lack_a_column_and_one_that_does_not_fit_is_named():
    book = a_workbook(
        a_sheet([("partnership", "date", "one", "two"), ("Alder", OCTOBER, 1, 2)], "First"),
        a_sheet([("partnership", "date", "two"), ("Birch", OCTOBER, 3)], "Second"),
        a_sheet([("Some text",)], "About"),
    )
    found = read(book, a_mapping(sheet="*", **NO_COLUMN))
    assert [c.level for c in found.cells] == [1, 2, 3]
    assert codes(found) == [("sheet_not_read", "About", ()), ("missing_columns", "Second", ())]
    with pytest.raises(MappingError, match="no heading “partnership”"):
        read(book, a_mapping(sheet=("First", "About"), **NO_COLUMN))
    with pytest.raises(MappingError, match="does not fit"):
        read(a_workbook(book.sheets[2]), a_mapping(sheet="*", **NO_COLUMN))


def test_the_same_rating_in_two_sheets_contradicts_with_the_cells_of_each():
    rows = [("partnership", "date", "one"), ("Alder", OCTOBER, 1)]
    other = [("one", "date", "partnership"), (2, OCTOBER, "Alder")]
    book = a_workbook(a_sheet(rows, "First"), a_sheet(other, "Second"))
    found = read(book, a_mapping(sheet="*", domains={"one": ONE}, **NO_COLUMN))
    assert codes(found) == [("contradicts", "First", ("C2",)), ("contradicts", "Second", ("A2",))]


@pytest.mark.parametrize(
    ("source", "file_name"),
    [
        (ConveningSource(from_file_name=True), "ratings of 1 October 2024.xlsx"),
        (ConveningSource(cell="B1"), "past.xlsx"),
    ],
)
def test_the_day_of_a_file_stands_in_its_name_or_in_a_cell(source: ConveningSource, file_name: str):
    rows = [("Held on", "Tuesday, 1 October 2024"), ("partnership", "one"), ("Alder", 1)]
    mapping = a_mapping(domains={"one": ONE}, convening=source, header_row=2, **NO_COLUMN)
    assert [c.held_on for c in read(a_workbook(rows, file_name=file_name), mapping).cells] == [OCTOBER]


def test_a_heading_holds_the_domain_and_the_day():
    rows = [("partnership", "one 2024-10-01", "one 2025-01-15", "Winter two"), ("Alder", 1, 2, 3)]
    mapping = a_mapping(
        domains={"one 2024-10-01": ONE, "one 2025-01-15": ONE, "Winter two": TWO},
        convening=ConveningSource(from_heading=True),
        date_texts={"winter TWO": date(2025, 1, 15)},
        **NO_COLUMN,
    )
    found = read(a_workbook(rows), mapping)
    assert [(c.held_on, c.domain, c.level) for c in found.cells] == [
        (OCTOBER, "ihe-1", 1),
        (date(2025, 1, 15), "ihe-1", 2),
        (date(2025, 1, 15), "ihe-2", 3),
    ]


ACROSS = RatingsMapping(
    partnership="partnership",
    convening=ConveningSource(from_heading=True),
    layout=Layout.ACROSS,
    day_first=False,
    long=LongColumns("domain", rubric="rubric", dates=("2024-10-01", "15 January 2025")),
)


def test_convenings_across_the_top_give_a_cell_each():
    rows = [
        ("partnership", "rubric", "domain", date(2024, 10, 1), "15 January 2025"),
        ("Alder", "IHE", "ihe-1", 1, 2),
        ("Alder", "lea", "LEA domain 2", "n/a", None),
        ("Birch", "lea", "Vision", 3, None),
    ]
    found = read(a_workbook(rows), ACROSS)
    assert [(c.held_on, c.rubric, c.domain, c.kind) for c in found.cells] == [
        (OCTOBER, "ihe", "ihe-1", CellKind.LEVEL),
        (date(2025, 1, 15), "ihe", "ihe-1", CellKind.LEVEL),
        (OCTOBER, "lea", "lea-2", CellKind.REJECTED),
        (date(2025, 1, 15), "lea", "lea-2", CellKind.BLANK),
        (OCTOBER, "lea", "", CellKind.REJECTED),
        (date(2025, 1, 15), "lea", "", CellKind.BLANK),
    ]
    assert codes(found) == [("not_a_level", "Ratings", ("D3",)), ("unknown_domain", "Ratings", ("C4",))]


def test_one_sheet_a_partnership_is_named_by_the_sheet():
    columns = LongColumns("domain", dates=("2024-10-01",))
    mapping = RatingsMapping(
        "", ACROSS.convening, Layout.ACROSS, "*", day_first=False, long=columns, partnership_from_sheet=True
    )
    rows = [("domain", OCTOBER), ("ihe-1", 1), ("lea domain 1", 3), ("x", 2)]
    found = read(a_workbook(a_sheet(rows, "Alder Valley"), a_sheet(rows, "Birch")), mapping)
    assert [(c.partnership_code, c.partnership_title, c.domain) for c in found.cells[2:4]] == [
        ("alder-valley", "Alder Valley", ""),
        ("birch", "Birch", "ihe-1"),
    ]
    assert codes(found) == [("open_domain", "Alder Valley", ("A4",)), ("open_domain", "Birch", ("A4",))]


MERGED = ((1, 1, 1, 2), (1, 3, 1, 4), (1, 0, 2, 0), (1, 5, 2, 5))


@pytest.mark.parametrize("merged", [(), MERGED])
def test_several_rows_of_headings_are_joined_from_the_top_down(merged: tuple[tuple[int, int, int, int], ...]):
    rows: list[tuple[Value, ...]] = [
        ("partnership" if merged else None, "First", None, "Second", None, "date" if merged else None),
        (None if merged else "partnership", "one", "two", "one", "two", None if merged else "date"),
        ("Alder", 1, 2, 3, "low", OCTOBER),
    ]
    if not merged:
        rows = [(*row[:1], *row[5:], *row[1:5]) for row in rows]
    mapping = a_mapping(
        header_row=2,
        header_rows=2,
        domains={
            "First one": ONE,
            "First two": TWO,
            "second ONE": DomainRef("lea", "lea-1"),
            "Second two": DomainRef("lea", "lea-2"),
        },
        levels_of={"lea": {"low": 1}},
        **NO_COLUMN,
    )
    found = read(a_workbook(Sheet("Ratings", tuple(rows), merged=merged)), mapping)
    assert [(c.domain, c.level) for c in found.cells] == [("ihe-1", 1), ("ihe-2", 2), ("lea-1", 3), ("lea-2", 1)]


def test_each_rubric_domain_or_column_may_have_texts_of_its_own_for_levels():
    rows = [("partnership", "date", "one", "two", "three"), ("Alder", OCTOBER, "high", "high", "high")]
    mapping = a_mapping(
        domains=BOTH | {"three": DomainRef("lea", "lea-1")},
        levels={"high": 2},
        levels_of={"lea": {"high": 3}, "ihe/ihe-2": {"HIGH": 4}},
        **NO_COLUMN,
    )
    assert [c.level for c in read(a_workbook(rows), mapping).cells] == [2, 4, 3]
    narrower = a_mapping(domains=BOTH, levels_of={"ihe": {"high": 1}, "two": {"high": 4}}, **NO_COLUMN)
    assert [c.level for c in read(a_workbook([row[:4] for row in rows]), narrower).cells] == [1, 4]


@pytest.mark.parametrize(
    ("levels_of", "sentence"), [({"xyz": {"a": 1}}, "“xyz” is no rubric"), ({"two": {"a": 5}}, "has 4 levels, and “a”")]
)
def test_texts_of_levels_for_nothing_or_for_no_level_are_refused(levels_of: object, sentence: str):
    with pytest.raises(MappingError, match=sentence):
        read(a_workbook([("partnership", "date", "one", "two")]), a_mapping(levels_of=levels_of, **NO_COLUMN))


def test_a_rubric_that_prints_numbers_of_its_own_leaves_bare_numbers_open():
    names = ("0 Not yet", "1 Beginning", "2 Going", "3 Done")
    counted = a_rubric()
    zero = type(counted)("ihe", "IHE", tuple(Level(n, name) for n, name in enumerate(names, start=1)), counted.domains)
    rows = [("partnership", "date", "one"), *(("Alder", f"2024-0{n}-01", v) for n, v in enumerate(VALUES, start=1))]
    mapping = a_mapping(domains={"one": ONE}, **NO_COLUMN)
    found = read_ratings(a_workbook(rows), mapping, [zero])
    assert [c.level for c in found.cells] == [1, 2, 1, None, None]


VALUES = ("0 Not yet", "1 beginning", "1 0 Not yet", 1, "Level 2")


@pytest.mark.parametrize("name", ["Average", "MEAN", "Total:", "Grand total", "Network average", "n", "Std. Dev."])
def test_a_row_that_sums_up_others_is_no_partnership(name: str):
    rows = [("partnership", "date", "one", "two"), ("Alder", OCTOBER, 3, 2), (name, OCTOBER, 3, 2.5), (name, None, 67)]
    found = read(a_workbook(rows), a_mapping(**NO_COLUMN))
    assert [(c.kind, c.problem) for c in found.cells[2:]] == [
        *[(CellKind.REJECTED, "summary_row")] * 3,
        (CellKind.BLANK, ""),
    ]
    assert codes(found) == [("summary_row", "Ratings", ("A3", "A4"))]
    assert plan_import(found, {}, {}, {}).new_partnerships == (("alder", "Alder"),)


@pytest.mark.parametrize("name", ["Total Learning Institute", "Mean Street School", "Average Joe", "Range County"])
def test_a_partnership_with_such_a_word_in_its_name_is_one(name: str):
    rows = [("partnership", "date", "one", "two"), (name, OCTOBER, 3, 2)]
    assert {c.kind for c in read(a_workbook(rows), a_mapping(**NO_COLUMN)).cells} == {CellKind.LEVEL}


@pytest.mark.parametrize("code", ["3.10E+11", "3,1e+11", "6E+05"])
def test_a_code_of_which_the_digits_are_lost_is_said_and_not_guessed(code: str):
    rows = [("code", "partnership", "date", "one", "two"), (code, "Alder", OCTOBER, 1), (code, "Birch", OCTOBER, 2)]
    found = read(a_workbook(rows), a_mapping())
    assert codes(found) == [("damaged_key", "Ratings", ("A2", "A3"))]
    assert f"“{code}”" in found.issues[0].message
    assert [c.problem for c in found.cells if c.text] == ["damaged_key"] * 2


def test_a_code_that_may_have_lost_its_zeros_is_taken_as_it_stands_and_said():
    rows = [("code", "partnership", "date", "one", "two"), ("0612", "A", OCTOBER, 1), (734, "B", OCTOBER, 2)]
    found = read(a_workbook(rows), a_mapping())
    assert codes(found) == [("lost_zeros", "Ratings", ("A3",))]
    assert [c.partnership_code for c in found.cells[::2]] == ["0612", "734"]
    assert read(a_workbook([*rows[:1], rows[2], (8034, "C", OCTOBER, 1)]), a_mapping()).issues == ()


def test_columns_that_are_not_read_are_named():
    rows = [("partnership", "date", "one", "two", "Average", "Notes"), ("Alder", OCTOBER, 3, 2, 2.5, "x")]
    assert read(a_workbook(rows), a_mapping(**NO_COLUMN)).unread == (("Ratings", "Average"), ("Ratings", "Notes"))


@pytest.mark.parametrize("value", ["L2", "Stage 2", "Score 2", "(2)", "2=Small change", "Level 2 (Small change)"])
def test_more_ways_in_which_people_write_a_level(value: str):
    rows = [("partnership", "date", "one", "two"), ("Alder", OCTOBER, value, "Small change implementation - 2")]
    assert [c.level for c in read(a_workbook(rows), a_mapping(**NO_COLUMN)).cells] == [2, 2]


CELL = st.sampled_from([None, 1, 2, 4, "2", 2.5, 67, "n/a", "x", True, "Integrating", "", " "])
WHO = st.sampled_from(["a", "b", "Total", None])


@given(st.lists(st.tuples(WHO, st.sampled_from(["ihe-1", "lea-2", "x", None]), CELL, CELL), max_size=10), st.data())
def test_every_cell_across_sheets_is_accounted_for_in_any_order_of_columns(
    rows: list[tuple[Value, ...]], data: st.DataObject
):
    order = data.draw(st.permutations(range(4)))
    headings: tuple[Value, ...] = ("partnership", "domain", "2023", "2024")
    columns = LongColumns("domain", dates=("2023", "2024"))
    mapping = RatingsMapping(
        "partnership",
        ACROSS.convening,
        Layout.ACROSS,
        "*",
        day_first=False,
        long=columns,
        year_day=YearDay(1, 1),
        not_rated=("n/a",),
    )

    def turned(row: tuple[Value, ...]) -> tuple[Value, ...]:
        return tuple(row[at] for at in order)

    def known(found: RatingsRead) -> list[str]:
        cells = ((c.sheet, c.row, c.held_on, c.partnership_code, c.rubric, c.domain) for c in found.cells)
        whats = ((c.kind, c.level, c.problem) for c in found.cells)
        return sorted(map(str, zip(cells, whats, strict=True)))

    sheets = [a_sheet([headings, *rows], "A"), a_sheet([headings, *rows[::2]], "B")]
    other = [a_sheet([turned(row) for row in (headings, *rows)], "A"), a_sheet([headings, *rows[::2]], "B")]
    found, again = read(a_workbook(*sheets), mapping), read(a_workbook(*other), mapping)
    assert known(found) == known(again)
    filled = [row for row in (*rows, *rows[::2]) if any(v is not None and str(v).strip() for v in row)]
    assert len(found.cells) == 2 * len(filled)
    counts = plan_import(found, {}, {}, {}).counts
    blanks = sum(v is None or not str(v).strip() for row in filled for v in row[2:])
    assert (counts.read, counts.blank) == (2 * len(filled), blanks)
    assert Counter(c.kind for c in found.cells)[CellKind.BLANK] == blanks
