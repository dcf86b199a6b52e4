"""Comma-separated and other delimited text, as rows of texts. Standard library only."""

import csv
import io
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import islice
from typing import TextIO

from progressions.errors import FileRefusedError
from progressions.sheets.formulas import as_meant
from progressions.sheets.sniffing import BYTE_ORDER_MARKS, SAVE_AS

DELIMITERS = ",;\t|"
_SAMPLE = 200
"""Rows that decide the delimiter."""
_SAMPLED_BYTES = 4_000
_LONGEST_FIELD = 1_000_000
_LONGEST_ORDER = 16
"""Characters of a first line that are looked at for the order "sep=;"."""
_PIECE = 1024 * 1024

ASSUMED_ENCODING = (
    "The file is not in UTF-8; it was read as Windows-1252 (Western European). "
    "If letters with accents look wrong, save it in Excel as “CSV UTF-8” and upload that."
)
UNMARKED_ENCODING = (
    "The file does not say its encoding; it was read as UTF-16, as Excel's “Unicode text”. "
    "If letters look wrong, save it in Excel as “CSV UTF-8” and upload that."
)
NO_TABLE = (
    "The text of the file is no table: a field is longer than any cell can be, perhaps because a quotation mark is "
    f"missing. {SAVE_AS}"
)
UNREADABLE = (
    "The text of the file is in an encoding that is not known here. "
    "Open it in Excel, save it as “CSV UTF-8” or as an Excel workbook (.xlsx), and upload that."
)
BINARY = (
    "The file holds bytes that no text has (zero bytes), so it is neither a text table nor a workbook. "
    "Open it in Excel, save it as an Excel workbook (.xlsx), and upload that."
)


@dataclass(frozen=True, slots=True)
class TextTable:
    """A text table that is decoded and divided anew, line by line, each time that its rows are asked for.

    ``begins`` is the first byte after a byte-order mark. ``states_delimiter`` says that the first line is an order to
    Excel and no row; ``escaped`` that there may be texts with an apostrophe of our own exports in front.
    """

    content: bytes
    encoding: str
    begins: int = 0
    notes: tuple[str, ...] = ()
    delimiter: str = ","
    states_delimiter: bool = False
    escaped: bool = False

    def text(self) -> TextIO:
        """The text from the first row on; every ending of a line stays as it is."""
        source = io.BytesIO(self.content)
        source.seek(self.begins)
        text = io.TextIOWrapper(source, self.encoding, newline="")
        if self.states_delimiter:
            text.readline()
        return text

    def rows(self) -> Iterator[list[str]]:
        """Every row of the text, an empty line as an empty row, so that row numbers are a spreadsheet's.

        An apostrophe that our own exports put before a text like "=1" is taken away again. ``FileRefusedError``
        where the text is no table.
        """
        try:
            yield from _rows(self.text(), self.delimiter, escaped=self.escaped)
        except csv.Error as error:
            raise FileRefusedError(NO_TABLE) from error


def open_table(content: bytes) -> TextTable:
    """The table in its encoding, with a note where that is assumed; ``FileRefusedError`` where it is no text."""
    csv.field_size_limit(_LONGEST_FIELD)
    table = _decoded(content)
    stated = _stated_delimiter(table.text().readline(_LONGEST_ORDER))
    table = replace(table, states_delimiter=bool(stated))
    return replace(table, delimiter=stated or likely_delimiter(table.text))


def _decoded(content: bytes) -> TextTable:
    for mark, encoding in BYTE_ORDER_MARKS:
        if content.startswith(mark):
            return _checked(TextTable(content, encoding, len(mark)))
    if b"\0" in content:
        return _checked(TextTable(content, _unmarked_encoding(content), notes=(UNMARKED_ENCODING,)))
    try:
        return _gone_through(TextTable(content, "utf-8"))
    except UnicodeDecodeError:
        return _checked(TextTable(content, "cp1252", notes=(ASSUMED_ENCODING,)))


def _checked(table: TextTable) -> TextTable:
    try:
        return _gone_through(table)
    except UnicodeDecodeError as error:
        raise FileRefusedError(UNREADABLE) from error


def _gone_through(table: TextTable) -> TextTable:
    """Decodes the whole text in pieces; UnicodeDecodeError where that fails."""
    escaped = False
    text = table.text()
    while piece := text.read(_PIECE):
        if "\0" in piece:
            raise FileRefusedError(BINARY)
        escaped = escaped or "'" in piece
    return replace(table, escaped=escaped)


def _unmarked_encoding(content: bytes) -> str:
    """UTF-16 without its mark, told by zero bytes that stand in every second place and nowhere else."""
    sample = content[:_SAMPLED_BYTES]
    first, second = sample[0::2], sample[1::2]
    if len(content) % 2 == 0 and 0 not in first and 2 * second.count(0) >= len(second):
        return "utf-16-le"
    if len(content) % 2 == 0 and 0 not in second and 2 * first.count(0) >= len(first):
        return "utf-16-be"
    raise FileRefusedError(BINARY)


def _rows(text: TextIO, delimiter: str, *, escaped: bool) -> Iterator[list[str]]:
    rows = csv.reader(text, delimiter=delimiter)
    # Nearly no file has an escaped text, and looking at each cell of a large one would cost more than reading it.
    return ([as_meant(text) for text in row] for row in rows) if escaped else rows


def _stated_delimiter(line: str) -> str:
    """The delimiter of a first line such as "sep=;", which Excel takes as an order and shows to nobody; else ""."""
    order = line.strip('\r\n\ufeff"')
    return order[4:] if order.lower().startswith("sep=") and order[4:] in tuple(DELIMITERS) else ""


def likely_delimiter(text: Callable[[], TextIO]) -> str:
    """The delimiter that gives most rows the same number of columns; a comma where none divides anything.

    ``text`` opens the text at its beginning.
    """
    ranked = [(*_evenness(text(), delimiter), -place) for place, delimiter in enumerate(DELIMITERS)]
    return DELIMITERS[-max(ranked)[2]]


def _evenness(text: TextIO, delimiter: str) -> tuple[float, int]:
    """Which share of the rows has the commonest width above one, and that width."""
    try:
        widths = [len(row) for row in islice(_rows(text, delimiter, escaped=False), _SAMPLE) if any(row)]
    except csv.Error:
        return (0.0, 0)
    divided = Counter(width for width in widths if width > 1)
    if not divided:
        return (0.0, 0)
    width, count = max(divided.items(), key=lambda pair: (pair[1], pair[0]))
    return (count / len(widths), width)
