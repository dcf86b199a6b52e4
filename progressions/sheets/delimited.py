"""Comma-separated and other delimited text, as rows of texts. Standard library only."""

import csv
import io
from collections import Counter
from collections.abc import Iterator
from itertools import islice

from progressions.errors import FileRefusedError
from progressions.sheets.formulas import as_meant
from progressions.sheets.sniffing import BYTE_ORDER_MARKS, SAVE_AS

DELIMITERS = ",;\t|"
_SAMPLE = 200
"""Rows that decide the delimiter."""
_SAMPLED_BYTES = 4_000
_LONGEST_FIELD = 1_000_000

ASSUMED_ENCODING = (
    "The file is not in UTF-8; it was read as Windows-1252 (Western European). "
    "If letters with accents look wrong, save it in Excel as “CSV UTF-8” and upload that."
)
UNMARKED_ENCODING = (
    "The file does not say its encoding; it was read as UTF-16, as Excel's “Unicode text”. "
    "If letters look wrong, save it in Excel as “CSV UTF-8” and upload that."
)
UNREADABLE = (
    "The text of the file is in an encoding that is not known here. "
    "Open it in Excel, save it as “CSV UTF-8” or as an Excel workbook (.xlsx), and upload that."
)
BINARY = (
    "The file holds bytes that no text has (zero bytes), so it is neither a text table nor a workbook. "
    "Open it in Excel, save it as an Excel workbook (.xlsx), and upload that."
)


def decode(content: bytes) -> tuple[str, tuple[str, ...]]:
    """The text and notes on an assumed encoding; ``FileRefusedError`` where it is no text."""
    for mark, encoding in BYTE_ORDER_MARKS:
        if content.startswith(mark):
            return _strictly(content.removeprefix(mark), encoding), ()
    if b"\0" in content:
        return _strictly(content, _unmarked_encoding(content)), (UNMARKED_ENCODING,)
    try:
        return content.decode("utf-8"), ()
    except UnicodeDecodeError:
        return _strictly(content, "cp1252"), (ASSUMED_ENCODING,)


def _unmarked_encoding(content: bytes) -> str:
    """UTF-16 without its mark, told by zero bytes that stand in every second place and nowhere else."""
    sample = content[:_SAMPLED_BYTES]
    first, second = sample[0::2], sample[1::2]
    if len(content) % 2 == 0 and 0 not in first and 2 * second.count(0) >= len(second):
        return "utf-16-le"
    if len(content) % 2 == 0 and 0 not in second and 2 * first.count(0) >= len(first):
        return "utf-16-be"
    raise FileRefusedError(BINARY)


def _strictly(content: bytes, encoding: str) -> str:
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        raise FileRefusedError(UNREADABLE) from error
    if "\0" in text:
        raise FileRefusedError(BINARY)
    return text


def read_table(text: str) -> list[list[str]]:
    """Every row of the text, an empty line as an empty row, so that row numbers are a spreadsheet's.

    An apostrophe that our own exports put before a text like "=1" is taken away again.
    """
    delimiter, body = _stated_delimiter(text)
    csv.field_size_limit(_LONGEST_FIELD)
    try:
        return list(_rows(body, delimiter or likely_delimiter(body)))
    except csv.Error as error:
        raise FileRefusedError(
            "The text of the file is no table: a field is longer than any cell can be, perhaps "
            f"because a quotation mark is missing. {SAVE_AS}"
        ) from error


def _rows(text: str, delimiter: str) -> Iterator[list[str]]:
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    # Nearly no file has an escaped text, and looking at each cell of a large one would cost more than reading it.
    return ([as_meant(text) for text in row] for row in rows) if "'" in text else rows


def _stated_delimiter(text: str) -> tuple[str, str]:
    """The delimiter of a first line such as "sep=;", which Excel takes as an order and shows to nobody."""
    line, _, rest = text.partition("\n")
    order = line.strip('\r\ufeff"')
    if order.lower().startswith("sep=") and order[4:] in tuple(DELIMITERS):
        return order[4:], rest
    return "", text


def likely_delimiter(text: str) -> str:
    """The delimiter that gives most rows the same number of columns; a comma where none divides anything."""
    ranked = [(*_evenness(text, delimiter), -place) for place, delimiter in enumerate(DELIMITERS)]
    return DELIMITERS[-max(ranked)[2]]


def _evenness(text: str, delimiter: str) -> tuple[float, int]:
    """Which share of the rows has the commonest width above one, and that width."""
    try:
        widths = [len(row) for row in islice(_rows(text, delimiter), _SAMPLE) if any(row)]
    except csv.Error:
        return (0.0, 0)
    divided = Counter(width for width in widths if width > 1)
    if not divided:
        return (0.0, 0)
    width, count = max(divided.items(), key=lambda pair: (pair[1], pair[0]))
    return (count / len(widths), width)
