"""Text tables: encodings, delimiters, and lines."""

import csv
import io
import tracemalloc

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from progressions.sheets.delimited import ASSUMED_ENCODING, likely_delimiter, open_table
from progressions.sheets.formulas import as_meant


def read_table(text: str) -> list[list[str]]:
    return list(open_table(text.encode()).rows())


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_a_text_with_accents_is_read_in_every_unicode_encoding(encoding: str):
    table = open_table("Genève,3\n".encode(encoding))
    assert (list(table.rows()), table.notes) == ([["Genève", "3"]], ())


def test_a_text_that_is_not_utf_8_is_read_as_western_european_and_that_is_said():
    table = open_table("Genève – 3".encode("cp1252"))
    assert (list(table.rows()), table.notes) == ([["Genève – 3"]], (ASSUMED_ENCODING,))


def test_a_letter_that_is_not_utf_8_far_down_in_a_long_text_makes_it_western_european():
    table = open_table(b"site,level\n" * 200_000 + "Genève,3".encode("cp1252"))
    assert (list(table.rows())[-1], table.notes) == (["Genève", "3"], (ASSUMED_ENCODING,))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_rows_can_be_asked_for_again_and_again(encoding: str):
    table = open_table("sep=;\ra;b\r1;Ö\r".encode(encoding))
    assert list(table.rows()) == list(table.rows()) == [["a", "b"], ["1", "Ö"]]


def test_a_long_text_is_never_held_whole():
    content = b"partnership,domain,level\n" + b"Ash,lea-1,3\n" * 400_000
    tracemalloc.start()
    try:
        count = sum(1 for _ in open_table(content).rows())
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert count == 400_001
    assert peak < len(content) * 1.5


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_the_one_that_gives_rows_of_one_length(delimiter: str):
    rows = [["name", "share", "note"], ["a", "1,5", "x; y"], ["b", "2,5", "z | w"]]
    target = io.StringIO()
    csv.writer(target, delimiter=delimiter).writerows(rows)
    assert likely_delimiter(lambda: io.StringIO(target.getvalue())) == delimiter
    assert read_table(target.getvalue()) == rows


def test_decimal_commas_do_not_hide_a_semicolon():
    assert likely_delimiter(lambda: io.StringIO("a;b\n1,5;2,5\n3,5;4,5\n")) == ";"


def test_a_single_column_has_a_comma():
    assert likely_delimiter(lambda: io.StringIO("a\nb\nc\n")) == ","


def test_the_first_line_of_excel_that_states_the_delimiter_is_an_order_and_no_row():
    assert read_table("sep=;\na,x;b\n1;2\n") == [["a,x", "b"], ["1", "2"]]


def test_empty_lines_stay_rows_so_that_addresses_agree_with_a_spreadsheet():
    assert read_table("a,b\n\n1,2\n") == [["a", "b"], [], ["1", "2"]]


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_every_ending_of_lines_is_read(ending: str):
    assert read_table(ending.join(["a,b", '1,"x\ny"', ""])) == [["a", "b"], ["1", "x\ny"]]


FIELDS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=8)


@given(st.lists(st.tuples(FIELDS, FIELDS, FIELDS), min_size=1, max_size=8))
@example([("0", "0", "'=")])
def test_what_is_written_with_quotation_marks_is_read_as_it_was(rows: list[tuple[str, str, str]]):
    target = io.StringIO()
    csv.writer(target, quoting=csv.QUOTE_ALL, delimiter=",").writerows([("x", "y", "z"), *rows])
    # The apostrophe before a text like "=1" is our own exports' and comes off: see formulas.py and its tests.
    meant = [tuple(as_meant(text) for text in row) for row in rows]
    assert [tuple(row) for row in read_table(target.getvalue())] == [("x", "y", "z"), *meant]
