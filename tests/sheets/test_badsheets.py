"""The hundred difficult files of other libraries' test suites: each is read, or refused for the reason that it has."""

import csv
import json
import subprocess
import sys
from dataclasses import asdict
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from progressions.errors import FileRefusedError
from progressions.settings import PROJECT, ReadLimits
from progressions.sheets import reading
from progressions.sheets.cells import Workbook
from progressions.sheets.reading import read_workbook
from progressions.sheets.sniffing import sniff
from tests.needs import SHARED

FOLDER = SHARED / "cases" / "badsheets"
LIMITS = ReadLimits()
pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(
        not FOLDER.exists(), reason="the collected difficult files are not at ../shared/cases/badsheets"
    ),
]

FUZZED = "poi__clusterfuzz-testcase-minimized-"
REFUSED = {
    "calamine__pass_protected.ods": "password",
    "csvkit__empty.csv": "empty",
    "csvkit__null_byte.csv": "zero bytes",
    "excelize__encryptAES.xlsx": "password",
    "poi__58616.xlsx": "password",
    "poi__60284.xls": "password",
    "poi__Simple.xlsb": "an unfinished version of Excel",
    f"{FUZZED}POIHSSFFuzzer-4657005060816896.xls": "missing or overwritten",
    f"{FUZZED}POIHSSFFuzzer-4819588401201152.xls": "missing or overwritten",
    f"{FUZZED}POIHSSFFuzzer-5436547081830400.xls": "missing or overwritten",
    f"{FUZZED}POIHSSFFuzzer-5786329142919168.xls": "missing or overwritten",
    f"{FUZZED}POIHSSFFuzzer-5816431116615680.xls": "contradicts itself",
    f"{FUZZED}POIHSSFFuzzer-5889658057523200.xls": "missing or overwritten",
    f"{FUZZED}POIXSSFFuzzer-5265527465181184.xlsx": "its part “_rels/.rels” cannot be unpacked",
    f"{FUZZED}POIXSSFFuzzer-5937385319563264.xlsx": "its part “xl/worksheets/sheet8.xml” cannot be unpacked",
    f"{FUZZED}POIXSSFFuzzer-6419366255919104.xlsx": "breaks off before its end",
    f"{FUZZED}POIXSSFFuzzer-6448258963341312.xlsx": "the list of its parts cannot be read",
    f"{FUZZED}XLSX2CSVFuzzer-5025401116950528.xlsx": "the list of its parts cannot be read",
    f"{FUZZED}XLSX2CSVFuzzer-5542865479270400.xlsx": "breaks off before its end",
    "poi__crash-9bf3cd4bd6f50a8a9339d363c2c7af14b536865c.xlsx": "password",
    "poi__poc-shared-strings.xlsx": "The sheet “Tabelle1” is damaged",
    "poi__poc-xmlbomb-empty.xlsx": "XML entities",
    "poi__protected_passtika.xlsb": "password",
    "test_files__LO7322.fods": "a flat OpenDocument file",
    "test_files__password_2002_128_enhanced.xls": "password",
    "test_files__password_2002_128_enhrsasc.xls": "password",
}
"""Each file that is refused, and a fragment of the sentence. Every other file is read."""

BARE_FORMULAS = {
    "ClosedXML__output.xlsx": "“Sheet1”, formulas without a stored result were read as empty cells: A1.",
    "poi__bug60858.xlsx": "formulas without a stored result were read as empty cells: F2, G2, I2, L2.",
    "readxl__missing-v-node-xlsx.xlsx": "“Sheet1”, formulas without a stored result were read as empty cells: C2.",
    "test_files__wtf_path.xlsx": "“SheetJS”, formulas without a stored result were read as empty cells: D1, E1, C2.",
}
"""In other files with that tag every formula has a result, if only the empty text."""


def names() -> list[str]:
    return [row["file"] for row in manifest()]


@cache
def manifest() -> tuple[dict[str, str], ...]:
    if not FOLDER.exists():
        return ()
    return tuple(csv.DictReader((FOLDER / "manifest.csv").read_text(encoding="utf-8").splitlines()))


def tagged(tag: str, but: tuple[str, ...] = ()) -> list[str]:
    return [row["file"] for row in manifest() if tag in row["tags"].split() and row["file"] not in but]


@cache
def outcome(name: str) -> Workbook | str:
    try:
        return read_workbook((FOLDER / name).read_bytes(), name, LIMITS)
    except FileRefusedError as refused:
        return str(refused)


def book(name: str) -> Workbook:
    found = outcome(name)
    assert isinstance(found, Workbook), found
    return found


def notes(name: str) -> str:
    return " ".join(book(name).notes)


@pytest.mark.parametrize("name", names())
def test_a_difficult_file_is_read_or_refused_for_its_reason(name: str):
    found = outcome(name)
    if name in REFUSED:
        assert isinstance(found, str), "this file was refused before"
        assert REFUSED[name] in found
        assert "pload" in found, "the sentence says what to do"
    else:
        assert isinstance(found, Workbook), found


def test_every_refused_file_is_one_of_the_manifest():
    assert len(names()) == 100
    assert set(REFUSED) <= set(names())
    assert {name for name in names() if isinstance(outcome(name), str)} == set(REFUSED)


@pytest.mark.parametrize("name", tagged("encrypted"))
def test_a_file_with_a_password_says_so(name: str):
    assert "password" in str(outcome(name))


@pytest.mark.parametrize("name", tagged("hidden-sheet"))
def test_hidden_sheets_are_said(name: str):
    assert "hidden in the file" in notes(name)


@pytest.mark.parametrize("name", tagged("vba"))
def test_macros_are_said_to_be_ignored(name: str):
    assert "macros" in notes(name)


@pytest.mark.parametrize("name", tagged("error-cells"))
def test_cells_with_errors_are_said_with_their_addresses(name: str):
    assert "cells with an error such as #N/A were read as empty cells: " in notes(name)


@pytest.mark.parametrize("name", tagged("formula-no-cached-value"))
def test_formulas_without_a_result_are_said_with_their_addresses(name: str):
    assert BARE_FORMULAS.get(name, "") in notes(name)
    assert ("formulas without" in notes(name)) == (name in BARE_FORMULAS)


@pytest.mark.parametrize("name", tagged("csv-cp1252"))
def test_an_assumed_encoding_is_said(name: str):
    assert "Windows-1252" in notes(name)


@pytest.mark.parametrize("name", tagged("all-empty"))
def test_a_workbook_without_cells_says_so(name: str):
    assert "Every sheet of the file is empty." in notes(name)


@pytest.mark.parametrize("name", [*tagged("merged"), *tagged("many-merges")])
def test_merged_cells_are_known(name: str):
    # Of frictionless's file the merged cells lie outside the table, or in its first row.
    assert any(sheet.merged for sheet in book(name).sheets)


@pytest.mark.parametrize("name", [*tagged("csv-delim-semicolon"), *tagged("csv-delim-tab"), *tagged("csv-delim-pipe")])
def test_the_delimiter_is_found(name: str):
    widths = [sum(value is not None for value in row) for row in book(name).sheets[0].rows]
    assert sum(width > 1 for width in widths) > len(widths) / 2


def test_dates_that_count_from_1904_are_right():
    rows = book("readxl__types.xlsx").sheets[0].rows
    assert rows[0][2] == "date"
    assert rows[1][2] == date(2017, 2, 27)


def test_a_list_of_sheets_with_old_macro_sheets_is_mended():
    found = book("tidyxl__enron-nested.xlsx")
    assert len(found.sheets) == 11
    assert "“Code”, “Module1”" in notes("tidyxl__enron-nested.xlsx")


MEASURED = """
import json, resource, subprocess, sys
subprocess.call(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(json.dumps([used.ru_maxrss / 1024, used.ru_utime + used.ru_stime]))
"""
"""A small process that starts another: to one started here the system counts what this one has in memory, too."""


def peak_and_seconds(name: str) -> tuple[float, float]:
    """The peak memory of the reading process in MB, and the time that it had the processor, measured by the system."""
    content = (FOLDER / name).read_bytes()
    order = {"form": sniff(content, name, LIMITS).value, "stem": "any", "limits": asdict(LIMITS)}
    given = json.dumps(order).encode() + b"\n" + content
    command = [sys.executable, "-c", MEASURED, *reading._COMMAND]
    done = subprocess.run(command, cwd=PROJECT, input=given, capture_output=True, check=True)
    peak, seconds = json.loads(done.stdout)
    return peak, seconds


@pytest.mark.skipif(sys.platform != "linux", reason="the system measures one process only on Linux")
def test_no_difficult_file_takes_600_mb_or_20_seconds():
    reached = {name for name in names() if name not in REFUSED or "damaged" in REFUSED[name]}
    measured = {name: peak_and_seconds(name) for name in sorted(reached) if Path(name).suffix != ".csv"}
    assert max(peak for peak, _ in measured.values()) < 600
    assert max(seconds for _, seconds in measured.values()) < LIMITS.seconds
