"""What a packed workbook costs, counted while it is unpacked. Standard library only."""

import io
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from progressions.errors import FileRefusedError
from progressions.settings import ReadLimits
from progressions.sheets.cells import Area
from progressions.sheets.looking import Look
from progressions.sheets.package import Package, plain, read_package, without_missing
from progressions.sheets.sniffing import PROTECTED, SAVE_AS, refused_as

CHUNK = 128 * 1024
_ENCRYPTED_FLAG = 0x1
_HOLDS_NO_CELLS = ("/media/", "/drawings/", "/charts/", "/printersettings/", "/embeddings/", "/theme/", "docprops/")
_OPEN_DOCUMENT_WITHOUT_CELLS = ("pictures/", "thumbnails/", "object ", "configurations2/")

BREAKS_OFF = (
    "The file is damaged: it breaks off before its end, as after an interrupted download or copy. "
    "Fetch it once more from where you have it, and upload that."
)
ENTITIES = (
    "The file defines abbreviations of its own (XML entities), with which a small file can fill a computer's memory. "
    f"No spreadsheet program writes them, so it is not read. {SAVE_AS}"
)


@dataclass(frozen=True, slots=True)
class CheckedArchive:
    """A workbook that may be read: its bytes, mended where that was possible, and notes on what it holds.

    ``merged`` are, by the name of the sheet, merged cells that the reading library does not tell.
    """

    content: bytes
    notes: tuple[str, ...]
    merged: Mapping[str, Sequence[Area]] = field(default_factory=dict)


def check_archive(content: bytes, limits: ReadLimits) -> CheckedArchive:
    """Unpacks a zip once, in pieces.

    ``FileRefusedError`` where it has too many parts or bytes, is damaged or protected, or is no workbook.
    """
    if b"PK\x05\x06" not in content[-70_000:]:
        raise FileRefusedError(BREAKS_OFF)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            _check_parts(archive, parts, limits)
            package = read_package(archive)
            look = _unpack(archive, parts, package, limits)
        notes = tuple(look.notes())
        if not package.missing:
            return CheckedArchive(content, notes, look.merged())
        return CheckedArchive(without_missing(content, package), (*notes, _missing(package)), look.merged())
    except _DAMAGE as damage:
        raise FileRefusedError(f"The file is damaged: the list of its parts cannot be read. {SAVE_AS}") from damage


_DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError)
"""What ``zipfile`` raises on bytes that are no sound archive."""


def _missing(package: Package) -> str:
    names = ", ".join(f"“{name}”" for name in package.names_of_missing)
    return f"The file lists sheets that it does not hold, as old macro sheets do: {names}. The others were read."


def _check_parts(archive: zipfile.ZipFile, parts: list[zipfile.ZipInfo], limits: ReadLimits) -> None:
    if len(parts) > limits.zip_entries:
        raise FileRefusedError(
            f"The file is packed of {len(parts):,} parts; at most {limits.zip_entries:,} are read. "
            "Remove pictures and sheets that are not needed, and upload it again."
        )
    if any(part.flag_bits & _ENCRYPTED_FLAG for part in parts):
        raise FileRefusedError(PROTECTED)
    names = {plain(part.filename) for part in parts}
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
    if any(name.endswith((".iwa", "index.apxl", "index.xml.gz")) or name == "index.zip" for name in names):
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


def _unpack(archive: zipfile.ZipFile, parts: list[zipfile.ZipInfo], package: Package, limits: ReadLimits) -> Look:
    """Reads every part to its end: the sizes that the archive states are not believed."""
    counted = _Inflated(limits)
    look = Look(package)
    for part in parts:
        name = plain(part.filename)
        look.through(name, counted.through(_sound_chunks(archive, part, name)))
    return look


class _Inflated:
    """Counts the unpacked bytes of all parts."""

    def __init__(self, limits: ReadLimits) -> None:
        self._limits = limits
        self._bytes = 0

    def through(self, chunks: Iterable[bytes]) -> Iterator[bytes]:
        for chunk in chunks:
            self._bytes += len(chunk)
            if self._bytes > self._limits.inflated_bytes:
                raise _too_large(self._limits)
            yield chunk


def _sound_chunks(archive: zipfile.ZipFile, part: zipfile.ZipInfo, name: str) -> Iterator[bytes]:
    """The part in pieces; an empty piece at the end of a damaged one that holds no cells."""
    first = True
    try:
        with archive.open(part) as stream:
            while chunk := stream.read(CHUNK):
                if first and name.endswith((".xml", ".rels")) and b"<!ENTITY" in chunk:
                    raise FileRefusedError(ENTITIES)
                first = False
                yield chunk
    except _DAMAGE as damage:
        if not _is_without_cells(name):
            shown = part.filename[:60]
            raise FileRefusedError(f"The file is damaged: its part “{shown}” cannot be unpacked. {SAVE_AS}") from damage
        yield b""


def _is_without_cells(name: str) -> bool:
    return any(folder in name for folder in _HOLDS_NO_CELLS) or name.startswith(_OPEN_DOCUMENT_WITHOUT_CELLS)


def _too_large(limits: ReadLimits) -> FileRefusedError:
    return FileRefusedError(
        f"Unpacked, the file has more than {limits.inflated_bytes // 1024**2:,} MB, the most that is read. "
        "Remove pictures and sheets that are not needed, and upload it again."
    )
