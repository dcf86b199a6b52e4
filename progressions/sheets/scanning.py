"""Cells of a sheet's XML that have no value to read: formulas without a result, and errors. Standard library only.

The reading library gives both as empty cells; these patterns find their addresses, so that nothing is lost unsaid.
"""

import re
from dataclasses import dataclass, field

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
_BARE_OF_OPEN_DOCUMENT = re.compile(
    rb"<table:table-cell\b(?=[^<>]*\btable:formula=)(?![^<>]*\boffice:value-type=)(?![^<>]*\bcalcext:value-type=)"
)

OPEN_AND_SAVE = "Open the file in Excel, save it, and upload it again."


@dataclass
class SheetScan:
    """Looks through the chunks of one sheet. ``bare`` and ``errors`` hold addresses, "" where the file states none."""

    bare: dict[str, None] = field(default_factory=dict)
    errors: dict[str, None] = field(default_factory=dict)
    formulas: bool = False

    def look_at(self, chunk: bytes) -> None:
        """Notes the cells of a chunk; a cell that stands in two chunks counts once."""
        # Most chunks have neither, and looking for three bytes is far cheaper than the patterns.
        if any(start in chunk for start in _FORMULA_STARTS):
            self.formulas = True
            for found in _BARE.finditer(chunk):
                # A formula whose result is the empty text has a result.
                if not (found[2] and _IS_TEXT in found[1]):
                    self.bare.setdefault(_address(found[1]))
        if b't="e"' in chunk:
            self.errors.update((_address(found[1]), None) for found in _ERROR.finditer(chunk))

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


def has_bare_formulas(chunk: bytes) -> bool:
    """Whether a piece of an OpenDocument table holds a formula without a stored result."""
    return b"table:formula=" in chunk and bool(_BARE_OF_OPEN_DOCUMENT.search(chunk))


def _address(attributes: bytes) -> str:
    found = _ADDRESS.search(attributes)
    return found[1].decode().upper() if found else ""


def _listed(addresses: dict[str, None]) -> str:
    known = [address for address in addresses if address]
    more = len(known) - _SHOWN
    return f": {', '.join(known[:_SHOWN])}{f' and {more:,} more' if more > 0 else ''}" if known else ""
