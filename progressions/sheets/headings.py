"""The headings of a table: one row, or several that are joined from the top down. Standard library only."""

import re
from collections.abc import Sequence

from progressions.sheets.cells import Cell, Sheet

_ADDRESS = re.compile(r"\$?([A-Z]{1,3})\$?([1-9]\d{0,6})")


def headings(sheet: Sheet, header_row: int, header_rows: int = 1) -> tuple[str, ...]:
    """The heading of each column, "" where it has none. The last of the rows is ``header_row``.

    In the rows above the last, a heading reaches over the columns of its merged range; where the file knows no
    merged ranges, over the empty cells to its right, as far as the last row has headings.
    """
    if not 0 < header_row <= len(sheet.rows):
        return ()
    last = _texts(sheet, header_row)
    if header_rows <= 1:
        return tuple(last)
    first = max(1, header_row - header_rows + 1)
    above = [_spread(sheet, row, last) for row in range(first, header_row)]
    return tuple(_joined(parts) for parts in zip(*above, _merged_down(sheet, header_row, last), strict=True))


def _texts(sheet: Sheet, row: int) -> list[str]:
    return [Cell(value, row, column).text for column, value in enumerate(sheet.rows[row - 1])]


def _spread(sheet: Sheet, row: int, last: Sequence[str]) -> list[str]:
    texts = _texts(sheet, row)
    if sheet.merged:
        return _over_merged(sheet, row, texts)
    for column in range(1, len(texts)):
        if not texts[column] and last[column]:
            texts[column] = texts[column - 1]
    return texts


def _over_merged(sheet: Sheet, row: int, texts: list[str]) -> list[str]:
    for top, left, bottom, right in sheet.merged:
        if top <= row <= bottom:
            text = sheet.cell(top, left).text
            for column in range(left, min(right + 1, len(texts))):
                texts[column] = texts[column] or text
    return texts


def _merged_down(sheet: Sheet, row: int, last: list[str]) -> list[str]:
    return _over_merged(sheet, row, list(last)) if sheet.merged else last


def _joined(parts: Sequence[str]) -> str:
    """The parts from the top down; one that repeats the part above it says nothing new."""
    kept: list[str] = []
    for part in parts:
        if part and part not in kept:
            kept.append(part)
    return " ".join(kept)


def width_of(sheet: Sheet) -> int:
    """How many columns the sheet has, without a look at every row: all are as long as the first."""
    return len(sheet.rows[0]) if sheet.rows else 0


def address_parts(address: str) -> tuple[int, int] | None:
    """Row (from 1) and column (from 0) of an address such as "C7"; None where it is none."""
    found = _ADDRESS.fullmatch(address.strip().upper())
    if found is None:
        return None
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(found[2]), column - 1
