"""Records of an .xls workbook that say what the reading library leaves out ([MS-XLS], Excel 5 and later).

Standard library only.
"""

import struct
from collections.abc import Iterator

from progressions.sheets.scanning import Unread, address

_FORMULA, _END, _SHEET_LISTED, _UNCALCULATED = 0x06, 0x0A, 0x85, 0x5E
_ERROR_OR_TRUTH, _TEXT_RESULT, _BEGIN = 0x205, 0x207, 0x809
_BETWEEN = (0x221, 0x236, 0x4BC)
"""Arrays, tables and shared formulas stand between a formula and the text that is its result."""
_IS_NO_NUMBER = b"\xff\xff"
_A_TEXT, _AN_ERROR, _AN_EMPTY_TEXT = 0, 2, 3


def scan_records(stream: bytes) -> tuple[Unread, ...]:
    """What each sheet holds, in the order in which the file lists them; ``struct.error`` for a record cut short."""
    sheets: dict[int, Unread] = {}
    here, depth, waiting = Unread(), 0, ""
    for place, kind, content in _records(stream):
        if waiting and kind not in _BETWEEN:
            _settle(here, waiting, kind)
            waiting = ""
        if kind == _SHEET_LISTED:
            sheets[struct.unpack_from("<I", content)[0]] = Unread()
        elif kind == _BEGIN:
            # What begins within a sheet is a chart, whose records are none of cells.
            here = sheets.get(place, Unread()) if depth == 0 else here
            depth += 1
        elif kind == _END:
            depth -= 1
        elif depth == 1:
            waiting = _look_at(here, kind, content)
    return tuple(sheets.values())


def _records(stream: bytes) -> Iterator[tuple[int, int, bytes]]:
    place = 0
    while place + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, place)
        yield place, kind, stream[place + 4 : place + 4 + length]
        place += 4 + length


def _settle(here: Unread, waiting: str, kind: int) -> None:
    """A formula that promises a text has a result where the text follows."""
    if kind == _TEXT_RESULT:
        here.results = True
    else:
        here.bare[waiting] = None


def _look_at(here: Unread, kind: int, content: bytes) -> str:
    """Notes a cell's record; the address of a formula whose result is the text that follows, else ""."""
    if kind == _FORMULA:
        return _formula(here, content)
    if kind == _ERROR_OR_TRUTH:
        row, column, _, _, is_error = struct.unpack_from("<HHHBB", content)
        if is_error:
            here.errors[address(row, column)] = None
    elif kind == _UNCALCULATED:
        here.uncalculated = True
    return ""


def _formula(here: Unread, content: bytes) -> str:
    row, column, _, result, _, mark = struct.unpack_from("<HHHB5s2s", content)
    here.formulas = True
    if mark == _IS_NO_NUMBER and result == _A_TEXT:
        return address(row, column)
    if mark == _IS_NO_NUMBER and result == _AN_EMPTY_TEXT:
        here.empty[address(row, column)] = None
        return ""
    here.results = True
    if mark == _IS_NO_NUMBER and result == _AN_ERROR:
        here.errors[address(row, column)] = None
    return ""
