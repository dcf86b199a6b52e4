"""What the parts of a workbook say beside its cells: notes, and merged cells. Standard library only."""

import struct
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Protocol
from xml.parsers import expat

from progressions.sheets.binary_sheets import BinaryScan
from progressions.sheets.cells import Area
from progressions.sheets.compound import stream_of_cells
from progressions.sheets.old_workbooks import scan_records
from progressions.sheets.open_document import TableScan
from progressions.sheets.package import Package
from progressions.sheets.scanning import OPEN_AND_SAVE, OVERLAP, SheetScan, Unread, judge_empty_texts

MACROS = "The file holds macros; they were not run, and nothing but the cells was read."
NOT_CALCULATED = (
    "The program that wrote this file left its formulas to be calculated when Excel opens it, so the results that "
    f"are stored may not be the right ones. {OPEN_AND_SAVE}"
)
NOT_LOOKED_THROUGH = (
    "The file could not be looked through for formulas without a stored result and for cells with an error such as "
    "#N/A: if it has any, they were read as empty cells. Open it in Excel, save it as an Excel workbook (.xlsx), and "
    "upload that."
)
_DAMAGE = (ValueError, LookupError, struct.error, expat.ExpatError)
"""What the scans raise on parts that are no sound ones."""


class _Scan(Protocol):
    def look_at(self, chunk: bytes) -> None:
        """Takes the next piece of a part."""


class Look:
    """Goes through the pieces of every part of a packed workbook, and gathers what they say."""

    def __init__(self, package: Package) -> None:
        self._package = package
        self._sheets = dict(package.sheets)
        self._found: list[str | tuple[str, Unread]] = []

    def through(self, name: str, chunks: Iterable[bytes]) -> None:
        """Takes the pieces of one part, to the last; ``name`` is in ``plain`` spelling."""
        if name in self._sheets or "worksheets/sheet" in name:
            self._sheet(name, chunks)
        elif name == "content.xml":
            tables = TableScan()
            self._look(tables, chunks)
            self._found += tables.tables.items()
        elif sum(not chunk for chunk in chunks):
            self._found.append(f"A part of the file that holds no cells (“{name[:60]}”) is damaged; it was left out.")
        if name.endswith("vbaproject.bin"):
            self._found.append(MACROS)

    def _sheet(self, name: str, chunks: Iterable[bytes]) -> None:
        scan: BinaryScan | SheetScan
        if name.endswith(".bin"):
            scan = BinaryScan()
            self._look(scan, chunks)
        else:
            scan = SheetScan()
            self._look(scan, _overlapping(chunks))
        self._found.append((self._sheets.get(name, ""), scan))

    def _look(self, scan: _Scan, chunks: Iterable[bytes]) -> None:
        sound = True
        # Every piece is asked for, whatever the scan says: asking is what unpacks and counts it.
        for chunk in chunks:
            if sound:
                sound = _is_sound(scan, chunk)
        if not sound:
            self._found.append(NOT_LOOKED_THROUGH)

    def notes(self) -> Iterator[str]:
        """Every sentence, in the order of the parts."""
        scans = [found for found in self._found if not isinstance(found, str)]
        judge_empty_texts(scan for _, scan in scans)
        said = [found if isinstance(found, str) else found[1].notes(found[0]) for found in self._found]
        notes = [note for each in said for note in ((each,) if isinstance(each, str) else each)]
        yield from notes
        if self._package.calculates_on_opening and any(scan.formulas for _, scan in scans) and not _told(notes):
            yield NOT_CALCULATED

    def merged(self) -> Mapping[str, Sequence[Area]]:
        """By name of the sheet, the merged cells that the reading library does not tell."""
        return {found[0]: found[1].merged for found in self._found if not isinstance(found, str) and found[1].merged}


def _is_sound(scan: _Scan, chunk: bytes) -> bool:
    try:
        scan.look_at(chunk)
    except _DAMAGE:
        return False
    return True


def _told(notes: Iterable[str]) -> bool:
    return any(OPEN_AND_SAVE in note for note in notes)


def _overlapping(chunks: Iterable[bytes]) -> Iterator[bytes]:
    tail = b""
    for chunk in chunks:
        yield tail + chunk
        tail = chunk[-OVERLAP:]


def notes_on_old_workbook(content: bytes, names: Sequence[str]) -> list[str]:
    """Sentences on the cells of an .xls that have no value to read; ``names`` are its sheets as the file lists them."""
    try:
        scans = scan_records(stream_of_cells(content))
    except _DAMAGE:
        return [NOT_LOOKED_THROUGH]
    judge_empty_texts(scans)
    known = names if len(names) == len(scans) else [""] * len(scans)
    notes = [note for name, scan in zip(known, scans, strict=True) for note in scan.notes(name)]
    if any(scan.uncalculated and scan.formulas for scan in scans) and not _told(notes):
        notes.append(NOT_CALCULATED)
    return notes
