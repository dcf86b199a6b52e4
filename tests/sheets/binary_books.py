"""Workbooks of the two binary forms, made record by record: no library that the project has writes them.

Sources: [MS-XLS] and [MS-CFB] for .xls, [MS-XLSB] for .xlsb.
"""

import io
import struct
import zipfile
from collections.abc import Sequence

_FREE, _END, _TABLE = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
_SECTOR = 512
NOT_AVAILABLE = 0x2A
A_TEXT, AN_ERROR, AN_EMPTY_TEXT = 0, 2, 3


def record(kind: int, content: bytes = b"") -> bytes:
    """A record of .xls."""
    return struct.pack("<HH", kind, len(content)) + content


def number(row: int, column: int, value: float) -> bytes:
    """A cell of .xls that holds a number; rows and columns count from 0."""
    return record(0x203, struct.pack("<HHHd", row, column, 0, value))


def error(row: int, column: int) -> bytes:
    """A cell of .xls that holds #N/A."""
    return record(0x205, struct.pack("<HHHBB", row, column, 0, NOT_AVAILABLE, 1))


def truth(row: int, column: int) -> bytes:
    """A cell of .xls that holds TRUE: the same record as an error's."""
    return record(0x205, struct.pack("<HHHBB", row, column, 0, 1, 0))


def formula(row: int, column: int, result: float | int) -> bytes:
    """A formula of .xls, =1: a float is its result, a whole number the kind of a result that is no number."""
    value = struct.pack("<d", result) if isinstance(result, float) else _no_number(result)
    return record(0x06, struct.pack("<HHH", row, column, 0) + value + struct.pack("<HIHBH", 0, 0, 3, 0x1E, 1))


def _no_number(kind: int) -> bytes:
    return bytes([kind, 0, NOT_AVAILABLE if kind == AN_ERROR else 0, 0, 0, 0, 0xFF, 0xFF])


def text_result(text: str) -> bytes:
    """The text that is the result of the formula before it."""
    return record(0x207, struct.pack("<HB", len(text), 0) + text.encode("latin-1"))


UNCALCULATED = record(0x5E, b"\0\0")


def xls(*sheets: tuple[str, Sequence[bytes]]) -> bytes:
    """An .xls with these records of cells in its sheets."""
    bodies = [_begin(0x10) + b"".join(cells) + record(0x0A) for _, cells in sheets]
    place = len(_globals([(name, 0) for name, _ in sheets]))
    listed = []
    for (name, _), body in zip(sheets, bodies, strict=True):
        listed.append((name, place))
        place += len(body)
    return compound(_globals(listed) + b"".join(bodies))


def _begin(kind: int) -> bytes:
    return record(0x809, struct.pack("<HHHHII", 0x600, kind, 0x0DBB, 0x07CC, 0, 0x600))


def _globals(listed: Sequence[tuple[str, int]]) -> bytes:
    names = [
        record(0x85, struct.pack("<IBBBB", place, 0, 0, len(name), 0) + name.encode("latin-1"))
        for name, place in listed
    ]
    return _begin(0x05) + record(0x42, struct.pack("<H", 1200)) + b"".join(names) + record(0x0A)


def compound(stream: bytes) -> bytes:
    """A compound file with the stream “Workbook”, made so long that it lies in whole sectors."""
    stream = stream.ljust(4096, b"\0")
    stream += b"\0" * (-len(stream) % _SECTOR)
    count = len(stream) // _SECTOR
    chain = [_TABLE, _END, *range(3, count + 2), _END]
    table = struct.pack(f"<{len(chain)}I", *chain)
    assert len(table) <= _SECTOR, "this small writer has one sector for the table of chains"
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    header += struct.pack("<9I", 0, 1, 1, 0, 4096, _END, 0, _END, 0) + struct.pack("<I", 0)
    directory = _entry("Root Entry", 5, 1, _END, 0) + _entry("Workbook", 2, _FREE, 2, len(stream))
    return header.ljust(_SECTOR, b"\xff") + table.ljust(_SECTOR, b"\xff") + directory.ljust(_SECTOR, b"\0") + stream


def _entry(name: str, kind: int, child: int, first: int, size: int) -> bytes:
    spelled = name.encode("utf-16-le").ljust(64, b"\0")
    head = struct.pack("<HBBIII", 2 * len(name) + 2, kind, 1, _FREE, _FREE, child)
    return (spelled + head + bytes(36) + struct.pack("<III", first, size, 0)).ljust(128, b"\0")


def part(kind: int, content: bytes = b"") -> bytes:
    """A record of .xlsb."""
    size, sizes = len(content), b""
    while size > 0x7F:
        sizes, size = sizes + bytes([size & 0x7F | 0x80]), size >> 7
    spelled = bytes([kind]) if kind < 0x80 else bytes([kind & 0x7F | 0x80, kind >> 7])
    return spelled + sizes + bytes([size]) + content


def cell(kind: int, column: int, content: bytes) -> bytes:
    """A cell of .xlsb."""
    return part(kind, struct.pack("<II", column, 0) + content)


def row(number: int) -> bytes:
    """The head of a row of .xlsb, which counts from 0."""
    return part(0, struct.pack("<I", number) + bytes(21))


def wide(text: str) -> bytes:
    """A text of .xlsb."""
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


FORMULA = struct.pack("<HI", 0, 3) + b"\x1e\x01\x00" + struct.pack("<I", 0)
"""What follows the result of a formula: its flags, and =1."""


def xlsb(*sheets: tuple[str, Sequence[bytes]], calculates_on_opening: bool = False) -> bytes:
    """An .xlsb with these records of rows and cells in its sheets; ``after`` the cells stand merged areas."""
    target = io.BytesIO()
    relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr(
            "xl/_rels/workbook.bin.rels",
            f'<Relationships xmlns="{relation}">'
            + "".join(
                f'<Relationship Id="rId{at}" Type="{relation}/worksheet" Target="worksheets/sheet{at}.bin"/>'
                for at in range(1, len(sheets) + 1)
            )
            + "</Relationships>",
        )
        archive.writestr("xl/workbook.bin", _book([name for name, _ in sheets], calculates_on_opening))
        for at, (_, records) in enumerate(sheets, start=1):
            archive.writestr(f"xl/worksheets/sheet{at}.bin", _sheet(records))
    return target.getvalue()


def _book(names: Sequence[str], calculates: bool) -> bytes:
    listed = [part(156, struct.pack("<II", 0, at) + wide(f"rId{at}") + wide(name)) for at, name in enumerate(names, 1)]
    flags = struct.pack("<IIIdIH", 0, 1, 100, 0.001, 1, int(calculates))
    return part(131) + part(143) + b"".join(listed) + part(144) + part(157, flags) + part(132)


def _sheet(records: Sequence[bytes]) -> bytes:
    cells = [each for each in records if each[0] < 0x80]
    after = [each for each in records if each[0] >= 0x80]
    extent = part(148, struct.pack("<4I", 0, 20, 0, 20))
    return part(129) + extent + part(145) + b"".join(cells) + part(146) + b"".join(after) + part(130)


def merged(top: int, bottom: int, left: int, right: int) -> bytes:
    """A merged area of .xlsb; all count from 0."""
    return part(176, struct.pack("<4I", top, bottom, left, right))
