"""What a packed workbook costs, counted while it is unpacked. Standard library only."""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from progressions.errors import FileRefusedError
from progressions.settings import ReadLimits
from progressions.sheets.sniffing import PROTECTED, SAVE_AS, refused_as

CHUNK = 64 * 1024
_OVERLAP = 4 * 1024
"""Bytes of the last chunk that are looked at again, so that a cell on the border is found too."""
_ENCRYPTED_FLAG = 0x1

_BARE_FORMULA = re.compile(
    rb"<c\b(?![^>]*\bt=\"str\")[^>]*>\s*<f\b[^>]*(?:/>|>[^<]*</f>)\s*(?:<v\s*/>|<v>\s*</v>)?\s*</c>"
)
_ERROR_CELL = re.compile(rb"<c\b[^>]*\bt=\"e\"")

BARE_FORMULAS = (
    "The file holds formulas without a stored result; they were read as empty cells. "
    "Open the file in Excel, save it, and upload it again."
)
ERROR_CELLS = "The file holds cells with an error such as #N/A; they were read as empty cells."


@dataclass
class _Looked:
    bare_formulas: bool = False
    error_cells: bool = False

    def at(self, chunk: bytes) -> None:
        # Most chunks have neither, and looking for three bytes is far cheaper than the patterns.
        if not self.bare_formulas and b"<f" in chunk:
            self.bare_formulas = bool(_BARE_FORMULA.search(chunk))
        if not self.error_cells and b't="e"' in chunk:
            self.error_cells = bool(_ERROR_CELL.search(chunk))

    @property
    def notes(self) -> tuple[str, ...]:
        found = ((self.bare_formulas, BARE_FORMULAS), (self.error_cells, ERROR_CELLS))
        return tuple(note for is_so, note in found if is_so)


def check_archive(content: bytes, limits: ReadLimits) -> tuple[str, ...]:
    """Unpacks a zip once, in pieces, and gives notes on what it holds.

    ``FileRefusedError`` where it has too many parts or bytes, is damaged or protected, or is no workbook.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            _check_parts(archive, parts, limits)
            return _unpack(archive, parts, limits)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError) as damage:
        raise FileRefusedError(f"The file is damaged: a part of it cannot be unpacked. {SAVE_AS}") from damage


def _check_parts(archive: zipfile.ZipFile, parts: list[zipfile.ZipInfo], limits: ReadLimits) -> None:
    if len(parts) > limits.zip_entries:
        raise FileRefusedError(
            f"The file is packed of {len(parts):,} parts; at most {limits.zip_entries:,} are read. "
            "Remove pictures and sheets that are not needed, and upload it again."
        )
    if any(part.flag_bits & _ENCRYPTED_FLAG for part in parts):
        raise FileRefusedError(PROTECTED)
    names = {part.filename.replace("\\", "/").lower().lstrip("/") for part in parts}
    if "mimetype" in names:
        _check_open_document(archive, limits)
    elif foreign := _other_archive(names):
        raise refused_as(foreign)


def _other_archive(names: set[str]) -> str:
    """What the archive is, as a noun with its article; "" where it is a workbook of Excel's packing."""
    if any(name.startswith("word/") for name in names):
        return "a Word document"
    if any(name.startswith("ppt/") for name in names):
        return "a PowerPoint presentation"
    if any(name.endswith(".iwa") for name in names):
        return "a document of Apple Numbers, Pages or Keynote"
    # A workbook's parts may stand in any folder; what every office file has is the list of its parts.
    return "" if "[content_types].xml" in names else "a zip archive of other files"


def _check_open_document(archive: zipfile.ZipFile, limits: ReadLimits) -> None:
    kind = _opening(archive, "mimetype", CHUNK)
    if not kind.startswith(b"application/vnd.oasis.opendocument.spreadsheet"):
        raise refused_as("a document of another office program")
    if b"encryption-data" in _opening(archive, "META-INF/manifest.xml", limits.file_bytes):
        raise FileRefusedError(PROTECTED)


def _opening(archive: zipfile.ZipFile, name: str, most: int) -> bytes:
    try:
        with archive.open(name) as part:
            return part.read(most)
    except KeyError:
        return b""


def _unpack(archive: zipfile.ZipFile, parts: list[zipfile.ZipInfo], limits: ReadLimits) -> tuple[str, ...]:
    """Reads every part to its end: the sizes that the archive states are not believed."""
    looked = _Looked()
    inflated = 0
    for part in parts:
        is_sheet = "worksheets" in part.filename.lower()
        tail = b""
        for chunk in _chunks(archive, part):
            inflated += len(chunk)
            if inflated > limits.inflated_bytes:
                raise _too_large(limits)
            if is_sheet:
                looked.at(tail + chunk)
                tail = chunk[-_OVERLAP:]
    return looked.notes


def _chunks(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> Iterator[bytes]:
    with archive.open(part) as stream:
        while chunk := stream.read(CHUNK):
            yield chunk


def _too_large(limits: ReadLimits) -> FileRefusedError:
    return FileRefusedError(
        f"Unpacked, the file has more than {limits.inflated_bytes // 1024**2:,} MB, the most that is read. "
        "Remove pictures and sheets that are not needed, and upload it again."
    )
