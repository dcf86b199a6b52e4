"""Records of an .xlsb workbook that say what the reading library leaves out ([MS-XLSB]). Standard library only."""

import re
import struct
from collections.abc import Iterator

from progressions.sheets.scanning import Unread, address

_ROW, _ERROR, _MERGED, _SHEET_LISTED, _CALCULATION = 0, 3, 176, 156, 157
_TEXT_FORMULA, _NUMBER_FORMULA, _TRUTH_FORMULA, _ERROR_FORMULA = 8, 9, 10, 11
_CALCULATES_ON_OPENING = 0b1_0001
"""Flags of the workbook: everything is to be calculated on opening; some formulas were not before it was saved."""
_HEAD = re.compile(rb"([\x00-\x7f]|[\x80-\xff][\x00-\x7f])([\x80-\xff]{0,3}[\x00-\x7f])", re.DOTALL)
_LONGEST_HEAD = 6
_LONGEST = 1024 * 1024
"""Bytes of a record that are kept until it is whole; those that are looked at are far shorter."""
_VALUES = re.compile(
    rb"(?:\x07\x0c.{12}|\x02\x0c.{12}|\x05\x10.{16}|\x01\x08.{8}|\x04\x09.{9})*+",
    re.DOTALL,
)
"""Cells that hold a text of the list, a number, nothing, or a truth value: most of a sheet, and quickly passed over."""


class Records:
    """Takes a part in pieces and gives its whole records; ValueError where there are none."""

    def __init__(self) -> None:
        self._rest = b""
        self._skip = 0

    def within(self, chunk: bytes) -> Iterator[tuple[int, bytes]]:
        """Kind and content of each record that ends in this piece, without the plain values among the cells."""
        data = self._rest + chunk[self._skip :]
        self._skip = max(self._skip - len(chunk), 0)
        place = 0
        while True:
            place = _end_of(_VALUES, data, place)
            head = _HEAD.match(data, place)
            if head is None:
                break
            end = head.end() + _number(head[2])
            if end > len(data):
                break
            yield _kind(head[1]), data[head.end() : end]
            place = end
        self._keep(data, place)

    def _keep(self, data: bytes, place: int) -> None:
        self._rest = data[place:]
        head = _HEAD.match(self._rest)
        if head is None and len(self._rest) >= _LONGEST_HEAD:
            raise ValueError("no record")
        size = head.end() + _number(head[2]) if head else 0
        if size > _LONGEST:
            self._skip, self._rest = size - len(self._rest), b""


def _end_of(pattern: "re.Pattern[bytes]", data: bytes, place: int) -> int:
    found = pattern.match(data, place)
    return found.end() if found else place


def _kind(head: bytes) -> int:
    return head[0] if len(head) == 1 else head[0] & 0x7F | head[1] << 7


def _number(size: bytes) -> int:
    return sum((byte & 0x7F) << 7 * place for place, byte in enumerate(size))


class BinaryScan(Unread):
    """Looks through the pieces of one sheet; ValueError or ``struct.error`` where it is damaged."""

    def __init__(self) -> None:
        super().__init__()
        self._records = Records()
        self._row = 0

    def look_at(self, chunk: bytes) -> None:
        """Notes the cells of the records that end in this piece."""
        for kind, content in self._records.within(chunk):
            if kind == _ROW:
                (self._row,) = struct.unpack_from("<I", content)
            elif _TEXT_FORMULA <= kind <= _ERROR_FORMULA or kind == _ERROR:
                self._cell(kind, content)
            elif kind == _MERGED:
                top, bottom, left, right = struct.unpack_from("<4I", content)
                self.merged.append((top + 1, left, bottom + 1, right))

    def _cell(self, kind: int, content: bytes) -> None:
        here = address(self._row, struct.unpack_from("<I", content)[0])
        self.formulas = self.formulas or kind != _ERROR
        if kind in (_ERROR, _ERROR_FORMULA):
            self.errors[here] = None
        if kind == _TEXT_FORMULA and struct.unpack_from("<I", content, 8)[0] == 0:
            self.empty[here] = None
        elif kind != _ERROR:
            self.results = True


def listed_sheets(workbook: bytes) -> tuple[tuple[str, str], ...]:
    """Relation and name of each sheet that the workbook's part lists; errors as ``BinaryScan``."""
    records = Records().within(workbook)
    return tuple(_relation_and_name(content) for kind, content in records if kind == _SHEET_LISTED)


def _relation_and_name(content: bytes) -> tuple[str, str]:
    relation, place = _text(content, 8)
    return relation, _text(content, place)[0]


def _text(content: bytes, place: int) -> tuple[str, int]:
    (count,) = struct.unpack_from("<I", content, place)
    end = place + 4 + 2 * count
    return content[place + 4 : end].decode("utf-16-le"), end


def calculates_on_opening(workbook: bytes) -> bool:
    """Whether the program that wrote the file left formulas to be calculated when Excel opens it."""
    found = [content for kind, content in Records().within(workbook) if kind == _CALCULATION]
    return any(struct.unpack_from("<H", content, 24)[0] & _CALCULATES_ON_OPENING for content in found)
