"""Cells that have no value to read: formulas without a result, and errors. Standard library only.

The reading library gives both as empty cells, and does not tell the merged cells of every format. Each format has its
scan, which finds their addresses, so that nothing is lost unsaid: here that of an .xlsx sheet's XML.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from progressions.sheets.cells import Area, column_letters

OVERLAP = 16 * 1024
"""Bytes of the last chunk that are looked at again, so that a cell on the border is found too: a formula has at most
8,192 characters."""
_SHOWN = 10

_ATTRIBUTES = rb"<(?:\w+:)?c\b([^<>]*)>"
_FORMULA = rb"<(?:\w+:)?f\b[^<>]*(?:/>|>[^<]*</(?:\w+:)?f>)"
_NO_RESULT = rb"\s*</(?:\w+:)?c>"
_EMPTY_RESULT = rb"\s*<(?:\w+:)?v(?:\s*/>|>\s*</(?:\w+:)?v>)\s*</(?:\w+:)?c>"
_BARE = re.compile(_ATTRIBUTES + rb"\s*" + _FORMULA + rb"(?:" + _NO_RESULT + rb"|(" + _EMPTY_RESULT + rb"))")
_ERROR = re.compile(rb"<(?:\w+:)?c\b([^<>]*\bt=\"e\"[^<>]*)>")
_ADDRESS = re.compile(rb"\br=\"([A-Za-z]{1,3}\d{1,7})\"")
_IS_TEXT = b't="str"'
_FORMULA_STARTS = (b"<f>", b"<f ", b"<f/", b":f>", b":f ", b":f/")
OPEN_AND_SAVE = "Open the file in Excel, save it, and upload it again."


@dataclass
class Unread:
    """What the scan of one sheet found. ``bare`` and ``errors`` hold addresses, "" where the file states none.

    ``empty`` are the addresses of formulas with the empty text as their result, in formats where a program that did
    not calculate writes the same; ``results`` says that some formula has another result.
    """

    bare: dict[str, None] = field(default_factory=dict)
    errors: dict[str, None] = field(default_factory=dict)
    empty: dict[str, None] = field(default_factory=dict)
    merged: list[Area] = field(default_factory=list)
    formulas: bool = False
    results: bool = False
    uncalculated: bool = False

    def notes(self, sheet: str) -> tuple[str, ...]:
        """Sentences on what was found, with the cells' addresses."""
        where = f"In the sheet “{sheet}”, " if sheet else "In the file, "
        found: list[str] = []
        if self.bare:
            found.append(
                f"{where}formulas without a stored result were read as empty cells{_listed(self.bare)}. {OPEN_AND_SAVE}"
            )
        if self.errors:
            found.append(f"{where}cells with an error such as #N/A were read as empty cells{_listed(self.errors)}.")
        return tuple(found)


def address(row: int, column: int) -> str:
    """The address of a cell as Excel shows it; both count from 0, as they do in files."""
    return f"{column_letters(column)}{row + 1}"


def judge_empty_texts(sheets: Iterable[Unread]) -> None:
    """Where no formula of a whole file has any other result, nothing was calculated: empty texts are no results."""
    scans = tuple(sheets)
    if not any(scan.results for scan in scans):
        for scan in scans:
            scan.bare |= scan.empty


class SheetScan(Unread):
    """Looks through the chunks of one sheet's XML."""

    def look_at(self, chunk: bytes) -> None:
        """Notes the cells of a chunk; a cell that stands in two chunks counts once."""
        # Most chunks have neither, and looking for a few bytes is far cheaper than the patterns.
        if _may_hold_formula(chunk):
            self.formulas = True
            for found in _BARE.finditer(chunk):
                # A formula whose result is the empty text has a result.
                if not (found[2] and _IS_TEXT in found[1]):
                    self.bare.setdefault(_address(found[1]))
        if b't="e"' in chunk:
            self.errors.update((_address(found[1]), None) for found in _ERROR.finditer(chunk))


def _may_hold_formula(chunk: bytes) -> bool:
    hints = (b"<f" in chunk, b":f" in chunk)
    return any(hints) and any(start in chunk for start in _FORMULA_STARTS)


def _address(attributes: bytes) -> str:
    found = _ADDRESS.search(attributes)
    return found[1].decode().upper() if found else ""


def _listed(addresses: dict[str, None]) -> str:
    known = [address for address in addresses if address]
    more = len(known) - _SHOWN
    return f": {', '.join(known[:_SHOWN])}{f' and {more:,} more' if more > 0 else ''}" if known else ""
