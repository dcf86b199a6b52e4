"""What a file is, told by its bytes and never by its name. Standard library only."""

import codecs
import re
import struct
from enum import StrEnum

from progressions.errors import FileRefusedError
from progressions.settings import ReadLimits

SAVE_AS = "Open it in Excel or another spreadsheet program, save it as an Excel workbook (.xlsx), and upload that."
PROTECTED = (
    "The file is protected with a password, so it cannot be read. "
    "Open it in Excel, remove the password (File, Info, Protect Workbook), save it, and upload it again."
)
EMPTY = "The file is empty: it holds no cells. Choose the file that holds your table, and upload that."
LOCK = (
    "This is the small lock file that Excel keeps beside an open workbook, not the workbook itself. "
    "Close the workbook and upload the file of the same name without “~$” in front."
)


class Form(StrEnum):
    """The three ways in which a table can be packed."""

    ZIP = "zip"
    OLE = "ole"
    TEXT = "text"


DAMAGED = {
    Form.ZIP: f"The file is damaged: it is packed like a workbook, but its list of sheets cannot be read. {SAVE_AS}",
    Form.OLE: (
        "The file is damaged: it begins like a workbook of the older form (.xls), but parts of it are missing or "
        f"overwritten. Fetch it once more from where you have it. {SAVE_AS}"
    ),
}


_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

_BEGIN_OF_WORKBOOK = re.compile(rb"\x09\x08[\x08\x10]\x00\x00[\x05\x06]\x05\x00")
"""The record that opens the workbook, of Excel 5 and 95 or of Excel 97 and later."""

_FOREIGN: tuple[tuple[bytes, str], ...] = (
    (b"\x89PNG", "an image (PNG)"),
    (b"\xff\xd8\xff", "an image (JPEG)"),
    (b"GIF8", "an image (GIF)"),
    (b"II*\x00", "an image (TIFF)"),
    (b"MM\x00*", "an image (TIFF)"),
    (b"{\\rtf", "a text document (RTF)"),
    (b"\x1f\x8b", "a compressed file (gzip)"),
    (b"7z\xbc\xaf\x27\x1c", "a compressed archive (7z)"),
    (b"Rar!", "a compressed archive (RAR)"),
    (b"SQLite format 3\x00", "a database (SQLite)"),
    (b"PAR1", "a data file (Parquet)"),
    (b"MIME-Version:", "a web page saved as one file (MHTML)"),
    (b"PK\x07\x08", "a part of a split archive"),
    (b"\x09\x08\x10\x00\x00\x06", "a bare part of an old Excel workbook"),
    (b"\x09\x04\x06\x00", "a workbook of a very old Excel (version 4)"),
    (b"\x09\x02\x06\x00", "a workbook of a very old Excel (version 3)"),
    (b"\x09\x00\x04\x00", "a workbook of a very old Excel (version 2)"),
)

_OPENING = 4096
BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
"""The mark of UTF-16 is the beginning of that of UTF-32, which therefore goes first."""

_GOOGLE_LINK = "a link to a Google sheet (there: File, Download, Microsoft Excel)"
_KNOWN_XML: tuple[tuple[str, str], ...] = (
    ("urn:schemas-microsoft-com:office:spreadsheet", "a workbook in the XML form of Excel 2003"),
    ("urn:oasis:names:tc:opendocument:xmlns", "a flat OpenDocument file (.fods)"),
)
_MARKUP: tuple[tuple[str, str], ...] = (
    ("<!doctype html", "a web page (HTML)"),
    ("<html", "a web page (HTML)"),
    ("<head", "a web page (HTML)"),
    ("<body", "a web page (HTML)"),
    ("<meta", "a web page (HTML)"),
    ("<style", "a web page (HTML)"),
    ("<table", "a web page (HTML)"),
    ("<!--", "a web page (HTML)"),
    ("<!doctype", "a markup file (XML)"),
    ("<?xml", "a markup file (XML)"),
    ("<svg", "an image (SVG)"),
)

_OLE_FOREIGN: tuple[tuple[str, str], ...] = (
    ("WordDocument", "a Word document"),
    ("PowerPoint Document", "a PowerPoint presentation"),
    ("__properties_version1.0", "an Outlook message"),
)


def refused_as(what: str) -> FileRefusedError:
    """The refusal of a file that is something else; ``what`` is a noun with its article."""
    return FileRefusedError(f"This is {what}, not a workbook that can be read here. {SAVE_AS}")


def sniff(content: bytes, file_name: str, limits: ReadLimits) -> Form:
    """How the table is packed; ``FileRefusedError`` where the bytes are no table or more than the limit."""
    if len(content) > limits.file_bytes:
        raise FileRefusedError(
            f"The file has {_megabytes(len(content))}; at most {_megabytes(limits.file_bytes)} are read. "
            "Remove pictures and sheets that are not needed, or split it, and upload it again."
        )
    if not content.strip():
        raise FileRefusedError(EMPTY)
    if _is_lock(content, file_name):
        raise FileRefusedError(LOCK)
    if content.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return Form.ZIP
    if content.startswith(_OLE):
        _check_ole(content)
        return Form.OLE
    _check_text(content)
    return Form.TEXT


def _megabytes(count: int) -> str:
    return f"{count / 1024 / 1024:,.1f} MB"


def _is_lock(content: bytes, file_name: str) -> bool:
    """Excel's owner file has 165 bytes with the user's name twice; others are known by their name."""
    twice = len(content) == 165 and content[0] == content[55] and 0 < content[0] <= 54
    named = file_name.replace("\\", "/").rpartition("/")[2].startswith(("~$", ".~lock."))
    return twice or (named and len(content) < 1024)


def _check_ole(content: bytes) -> None:
    if names_entry(content, "EncryptedPackage") or _is_encrypted_xls(content):
        raise FileRefusedError(PROTECTED)
    if names_entry(content, "Workbook") or names_entry(content, "Book"):
        return
    for name, what in _OLE_FOREIGN:
        if names_entry(content, name):
            raise refused_as(what)


def names_entry(content: bytes, entry: str) -> bool:
    """Whether an old Office file names an entry so: a directory holds names as UTF-16 with a closing zero."""
    return f"{entry}\0".encode("utf-16-le") in content


def _is_encrypted_xls(content: bytes) -> bool:
    """Whether a FILEPASS record (0x2F) stands among the workbook's first records ([MS-XLS] 2.4.117)."""
    found = _BEGIN_OF_WORKBOOK.search(content)
    place = found.start() if found else len(content)
    for _ in range(4):
        if place + 4 > len(content):
            return False
        kind, length = struct.unpack_from("<HH", content, place)
        if kind == 0x2F:
            return True
        place += 4 + length
    return False


def _check_text(content: bytes) -> None:
    for magic, what in _FOREIGN:
        if content.startswith(magic):
            raise refused_as(what)
    _check_containers(content)
    opening = _opening(content)
    if opening.startswith("<"):
        _check_markup(opening)
    elif opening.startswith("{") and content.rstrip().endswith(b"}"):
        raise refused_as(_GOOGLE_LINK) if "docs.google.com" in opening else refused_as("a data file (JSON)")


def _opening(content: bytes) -> str:
    """The first characters, lower case and without white space in front, whatever the encoding."""
    for mark, encoding in BYTE_ORDER_MARKS:
        if content.startswith(mark):
            return content[: _OPENING + len(mark)].removeprefix(mark).decode(encoding, "replace").lstrip().lower()
    return content[:_OPENING].decode("latin-1").lstrip().lower()


def _check_markup(opening: str) -> None:
    for word, what in _KNOWN_XML:
        if word in opening:
            raise refused_as(what)
    for start, what in _MARKUP:
        if opening.startswith(start):
            raise refused_as(what)


def _check_containers(content: bytes) -> None:
    """Kinds that are known by more than their first bytes."""
    if b"%PDF-" in content[:1024]:
        raise refused_as("a PDF document")
    if content.startswith(b"BM") and content[6:10] == bytes(4):
        raise refused_as("an image (BMP)")
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        raise refused_as("an image (WebP)")
    if content[4:8] == b"ftyp":
        raise refused_as("a picture or film from a phone")
