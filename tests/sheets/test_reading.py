"""Every file is either read, cell for cell, or refused with a sentence."""

import hashlib
import io
import struct
import sys
import time
import zipfile
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from progressions.errors import FileRefusedError
from progressions.settings import ReadLimits
from progressions.sheets import child, reading
from progressions.sheets.cells import Workbook
from progressions.sheets.reading import read_workbook
from progressions.sheets.sniffing import Form, sniff
from tests.sheets.books import xlsx

LIMITS = ReadLimits()
BADSHEETS = Path(__file__).resolve().parents[3] / "shared" / "cases" / "badsheets"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def read(content: bytes, name: str = "past.xlsx", **limits: int) -> Workbook:
    return read_workbook(content, name, ReadLimits(**limits))


def refusal(content: bytes, name: str = "past.xlsx", **limits: int) -> str:
    with pytest.raises(FileRefusedError) as refused:
        read(content, name, **limits)
    return str(refused.value)


def zipped(parts: dict[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return target.getvalue()


def test_cells_keep_their_excel_addresses_where_the_first_rows_and_columns_are_empty():
    book = openpyxl.Workbook()
    book.active["C3"] = "here"
    book.active["D5"] = 2
    target = io.BytesIO()
    book.save(target)
    sheet = read(target.getvalue()).sheets[0]
    assert [c.address for r in range(1, 6) for c in (sheet.cell(r, k) for k in range(4)) if c.text] == [
        "C3",
        "D5",
    ]
    assert {len(row) for row in sheet.rows} == {4}


def test_values_keep_their_types_and_nothing_is_taken_for_missing():
    row = [1, 2.5, True, "NA", "null", " x ", date(2024, 10, 1), datetime(2024, 10, 1, 9, 30), None, "end"]
    assert read(xlsx({"A": [row]})).sheets[0].rows == (tuple(row),)


def test_every_cell_of_a_text_table_is_a_text():
    sheet = read(b"a,b\n1,\nTrue,2024-10-01\n", "spring.csv").sheets[0]
    assert (sheet.name, sheet.rows) == ("spring", (("a", "b"), ("1", None), ("True", "2024-10-01")))


def test_the_fingerprint_of_the_file_is_kept():
    assert read(b"a,b\n", "x.csv").sha256 == hashlib.sha256(b"a,b\n").hexdigest()


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", "empty"),
        (b" \r\n ", "empty"),
        (b",,\n,,\n", "empty"),
        (b"%PDF-1.7 ...", "PDF"),
        (b"\x89PNG\r\n\x1a\n....", "an image (PNG)"),
        (b"\xff\xd8\xff\xe0 JFIF", "an image (JPEG)"),
        (b"GIF89a...", "an image (GIF)"),
        (b"<!DOCTYPE html><html></html>", "web page"),
        (b"\xef\xbb\xbf <HTML>", "web page"),
        (b'<?xml version="1.0"?><Workbook/>', "XML"),
        (b"{\\rtf1 hello}", "RTF"),
        (b"\x1f\x8b\x08\x00", "gzip"),
        (OLE + "WordDocument\0".encode("utf-16-le"), "a Word document"),
        (OLE + "EncryptedPackage\0".encode("utf-16-le"), "password"),
        (OLE + b"nothing else", "damaged"),
        (b"\x05Smith".ljust(55) + b"\x05" + b"\0S\0m\0i\0t\0h".ljust(109, b"\0"), "lock file"),
        (zipped({"letter.txt": b"hello"}), "zip archive"),
        (zipped({"word/document.xml": b"<w/>", "[Content_Types].xml": b"<t/>"}), "a Word document"),
        (zipped({"Index/Document.iwa": b"x"}), "Apple Numbers"),
        (zipped({"mimetype": b"application/vnd.oasis.opendocument.text"}), "another office program"),
        (b"PK\x03\x04 and then nothing", "damaged"),
        (b"a,b\n\x00,1\n", "zero bytes"),
        (b"a,b\n\x81\x8d,1\n", "encoding"),
        (b"\xff\xfea", "encoding"),
        (b'a,b\n"' + b"x" * 1_000_100, "quotation mark"),
    ],
)
def test_what_is_no_workbook_is_refused_with_what_it_is_and_what_to_do(content: bytes, expected: str):
    message = refusal(content)
    assert expected in message
    assert any(advice in message for advice in ("save it", "upload that", "upload the file"))


def test_a_lock_file_is_known_by_its_name_too():
    assert "lock file" in refusal(b"\x04Anne rest", "~$past.xlsx")


def test_the_name_of_a_file_does_not_decide_how_it_is_read():
    assert read(xlsx({"A": [["x"]]}), "past.csv").sheets[0].rows == (("x",),)
    assert read(b"a;b\n1;2\n", "past.xlsx").sheets[0].rows == (("a", "b"), ("1", "2"))


def test_an_xls_with_a_password_is_refused_as_protected():
    begin = struct.pack("<HH16s", 0x0809, 16, b"\x00\x06\x05\x00".ljust(16, b"\0"))
    content = OLE + "Workbook\0".encode("utf-16-le") + begin + struct.pack("<HH", 0x2F, 4) + b"\1\0\0\0"
    assert "password" in refusal(content)


LARGE = xlsx({name: [[1, 2, 3], [4, 5, 6]] for name in ("One", "Two")})


@pytest.mark.parametrize(
    ("limit", "most", "sentence"),
    [
        ("file_bytes", 100, "at most 0.0 MB are read"),
        ("inflated_bytes", 100, "Unpacked, the file has more than"),
        ("zip_entries", 3, "parts; at most 3"),
        ("sheets", 1, "2 sheets; at most 1"),
        ("rows", 1, "2 rows; at most 1"),
        ("columns", 2, "3 columns; at most 2"),
        ("cells", 11, "12 cells; at most 11"),
    ],
)
def test_a_file_over_a_limit_is_refused_with_the_limit(limit: str, most: int, sentence: str):
    assert sentence in refusal(LARGE, **{limit: most})


@pytest.mark.parametrize(("limit", "least"), [("sheets", 2), ("rows", 2), ("columns", 3), ("cells", 12)])
def test_a_file_at_a_limit_is_read(limit: str, least: int):
    assert len(read(LARGE, **{limit: least}).sheets) == 2


def test_a_text_table_over_a_limit_is_refused():
    assert "3 rows; at most 2" in refusal(b"a\nb\nc\n", "x.csv", rows=2)


def test_a_reader_that_does_not_come_to_an_end_is_stopped(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(reading, "_COMMAND", (sys.executable, "-c", "import time; time.sleep(60)"))
    begun = time.monotonic()
    assert "more than 1 seconds" in refusal(b"a,b\n", seconds=1)
    assert time.monotonic() - begun < 50


@pytest.mark.parametrize(
    "code",
    [
        "print('no json')",
        "print('{\"rows\":[[1]]}')",
        'print(\'{"sheet":"a"}\'); print(\'{"rows":[[{"date":"x"}]]}\'); print(\'{"done":true}\')',
        'print(\'{"failed":"PanicException"}\')',
        "print('[' * 100000)",
    ],
)
def test_a_reader_that_breaks_down_or_talks_nonsense_is_a_refusal(code: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(reading, "_COMMAND", (sys.executable, "-c", code))
    assert "cannot be read" in refusal(b"a,b\n")


@pytest.mark.parametrize("code", ["import os; os.abort()", "pass", 'print(\'{"failed":"memory"}\')'])
def test_a_reader_that_dies_without_a_word_has_needed_too_much_memory(code: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(reading, "_COMMAND", (sys.executable, "-c", code))
    assert "more memory than the 600 MB" in refusal(b"a,b\n")


def test_an_answer_that_is_too_long_is_cut_off(monkeypatch: pytest.MonkeyPatch):
    endless = 'while True: print(\'{"note":"x"}\')'
    monkeypatch.setattr(reading, "_COMMAND", (sys.executable, "-c", endless))
    assert "cannot be read" in refusal(b"a,b\n", inflated_bytes=100_000)


def test_the_child_does_not_see_the_application_s_settings(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PROGRESSIONS_DATABASE_URL", "postgresql://secret")
    told = 'import json, os; print(json.dumps({"note": " ".join(os.environ)})); print(\'{"done":true}\')'
    monkeypatch.setattr(reading, "_COMMAND", (sys.executable, "-c", told))
    (note,) = (note for note in read(b"a,b\n").notes if "PATH" in note)
    assert "PROGRESSIONS" not in note


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux bounds the memory of a process reliably")
def test_a_cell_far_away_that_would_need_all_memory_is_refused():
    book = openpyxl.Workbook()
    book.active["A1"] = 1
    book.active["XFD1048576"] = 1
    target = io.BytesIO()
    book.save(target)
    assert "a forgotten cell stands far from the table" in refusal(target.getvalue())


def test_formulas_without_a_stored_result_and_errors_are_said():
    notes = read(xlsx({"A": [["=1+1", "#N/A"]]})).notes
    assert any("formulas without a stored result" in note for note in notes)
    assert any("#N/A" in note for note in notes)
    assert read(xlsx({"A": [["x", 1]]})).notes == ()


def test_a_hidden_sheet_is_read_and_said():
    book = openpyxl.Workbook()
    book.active["A1"] = 1
    book.create_sheet("Old").append(["x"])
    book["Old"].sheet_state = "hidden"
    target = io.BytesIO()
    book.save(target)
    workbook = read(target.getvalue())
    assert [sheet.name for sheet in workbook.sheets] == ["Sheet", "Old"]
    assert workbook.notes == ("The sheet “Old” is hidden in the file; it was read like the others.",)


def sheets_of(content: bytes, name: str) -> int:
    """How many sheets were read; 0 where the file was refused with a sentence."""
    try:
        return len(read_workbook(content, name, LIMITS).sheets)
    except FileRefusedError as refused:
        return 0 if str(refused).endswith(".") else -1


def in_this_process(content: bytes) -> list[dict[str, object]]:
    sent: list[dict[str, object]] = []
    try:
        form = sniff(content, "any", LIMITS)
    except FileRefusedError as refused:
        return [{"refused": str(refused)}]
    sent.append(child._outcome(content, form, "any", LIMITS, sent.append))
    return sent


@given(st.binary(max_size=300))
@settings(max_examples=200, deadline=None)
def test_any_bytes_are_read_or_refused(content: bytes):
    last = in_this_process(content)[-1]
    assert set(last) <= {"done", "refused", "failed"}
    assert "refused" not in last or str(last["refused"]).endswith(".")


WHOLE = xlsx({"A": [["a", 1], ["b", 2]]})


@given(st.integers(0, len(WHOLE) - 1), st.binary(min_size=1, max_size=8))
@settings(max_examples=60, deadline=None)
def test_a_workbook_with_broken_bytes_is_read_or_refused(place: int, bytes_: bytes):
    sent = in_this_process(WHOLE[:place] + bytes_ + WHOLE[place + len(bytes_) :])
    assert set(sent[-1]) <= {"done", "refused", "failed"}


@given(st.binary(max_size=60))
@settings(max_examples=5, deadline=None)
def test_any_bytes_go_through_the_child_as_well(content: bytes):
    assert sheets_of(content, "any") >= 0


def test_the_three_ways_of_packing_are_told_apart():
    assert sniff(b"a,b", "x", LIMITS) is Form.TEXT
    assert sniff(WHOLE, "x", LIMITS) is Form.ZIP
    assert sniff(OLE + "Workbook\0".encode("utf-16-le"), "x", LIMITS) is Form.OLE


@pytest.mark.shared
@pytest.mark.skipif(not BADSHEETS.exists(), reason="the collected difficult files are not at ../shared/cases/badsheets")
def test_every_difficult_file_is_read_or_refused_with_a_sentence_in_time():
    outcomes = {}
    for path in sorted(BADSHEETS.iterdir()):
        begun = time.monotonic()
        outcomes[path.name] = sheets_of(path.read_bytes(), path.name)
        assert time.monotonic() - begun < LIMITS.seconds, path.name
    assert len(outcomes) == len(list(BADSHEETS.iterdir()))
    assert min(outcomes.values()) == 0
    assert sum(1 for sheets in outcomes.values() if sheets) >= 70


def test_a_text_of_too_many_rows_is_to_be_split_and_is_told_of_no_forgotten_cell():
    with pytest.raises(FileRefusedError, match=r"6 rows; at most 5 are read\. Split the file") as refused:
        read_workbook(b"a,b\n" * 6, "long.csv", ReadLimits(rows=5))
    assert "forgotten" not in str(refused.value)
