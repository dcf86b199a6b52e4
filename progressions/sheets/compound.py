"""The stream of a compound file, as .xls is packed, that holds the cells ([MS-CFB]). Standard library only.

Written here because the one small library for it has had no release since 2023, and xlrd would read the cells twice.
"""

import struct
from collections.abc import Sequence

_LISTED_IN_HEADER = 109
_ENTRY = 128
_PIECE = 64
_END = 0xFFFFFFFA
"""From here on numbers mark the end of a chain, or a sector that belongs to none."""


class _Sectors:
    """The sectors of a file and the chains that they form; ValueError or IndexError where these make no sense."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        self._size: int = 1 << min(struct.unpack_from("<H", content, 30)[0], 16)
        self._next = numbers(b"".join(map(self.sector, self._table())))

    def sector(self, number: int) -> bytes:
        start = (number + 1) * self._size
        # The last sector of a file may be cut short.
        return self._content[start : start + self._size].ljust(self._size, b"\0")

    def chain(self, first: int) -> bytes:
        return b"".join(map(self.sector, follow(self._next, first, len(self._content) // self._size)))

    def _table(self) -> list[int]:
        """The sectors that the table of chains itself lies in: most are listed in the file's header."""
        found = list(struct.unpack_from(f"<{_LISTED_IN_HEADER}I", self._content, 76))
        (more,) = struct.unpack_from("<I", self._content, 68)
        while more < _END:
            if len(found) * self._size > len(self._content) + _LISTED_IN_HEADER * self._size:
                raise ValueError("the list of sectors runs in a circle")
            *listed, more = numbers(self.sector(more))
            found += listed
        return [number for number in found if number < _END]


def numbers(table: bytes) -> tuple[int, ...]:
    """The whole numbers of four bytes that a table is made of."""
    return struct.unpack(f"<{len(table) // 4}I", table)


def follow(successors: Sequence[int], first: int, most: int) -> list[int]:
    """The numbers of a chain from its first on.

    ValueError where it has more than ``most``, as a circle has; IndexError where it leads out of the file.
    """
    found: list[int] = []
    while first < _END:
        if len(found) > most:
            raise ValueError("a chain of sectors runs in a circle")
        found.append(first)
        first = successors[first]
    return found


def stream_of_cells(content: bytes) -> bytes:
    """The stream “Workbook”, or “Book” of Excel 5 and 95, whatever the case.

    ValueError, IndexError or ``struct.error`` where the file's own tables do not lead to it.
    """
    sectors = _Sectors(content)
    directory = sectors.chain(struct.unpack_from("<I", content, 48)[0])
    entries = [directory[place : place + _ENTRY] for place in range(0, len(directory), _ENTRY)]
    named = {_name(entry): entry for entry in reversed(entries)}
    entry = named.get("workbook") or named.get("book")
    if entry is None:
        raise ValueError("no stream of cells")
    first, size = struct.unpack_from("<II", entry, 116)
    (small,) = struct.unpack_from("<I", content, 56)
    stream = sectors.chain(first) if size >= small else _small_stream(content, sectors, entries[0], first)
    return stream[:size]


def _name(entry: bytes) -> str:
    (length,) = struct.unpack_from("<H", entry, 64)
    return entry[: max(min(length, 64) - 2, 0)].decode("utf-16-le", "replace").lower()


def _small_stream(content: bytes, sectors: _Sectors, root: bytes, first: int) -> bytes:
    """A stream that lies in pieces of 64 bytes in the stream of the root entry."""
    (table,) = struct.unpack_from("<I", content, 60)
    pieces = sectors.chain(struct.unpack_from("<I", root, 116)[0])
    places = follow(numbers(sectors.chain(table)), first, len(pieces) // _PIECE)
    return b"".join(pieces[place * _PIECE : (place + 1) * _PIECE] for place in places)
