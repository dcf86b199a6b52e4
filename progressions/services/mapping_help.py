"""What a person needs to see of a file to say how it is to be read: headings, first rows with meanings, level texts."""

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from progressions.sheets.cells import Sheet, Workbook
from progressions.sheets.guessing import meanings
from progressions.sheets.headings import headings
from progressions.sheets.mapping import EVERY_SHEET

FIRST_ROWS = 8
MOST_COLUMNS = 30
MOST_TEXTS = 40
"""Texts of levels that are offered: a real scale has a handful, and what goes beyond is no scale."""
LONGEST_SHOWN = 40
_WHO_AND_WHEN = {"partnership": "which column names the partnership", "convening": "when the ratings were made"}
NEEDED = {
    "wide": {**_WHO_AND_WHEN, "domains": "which columns are domains"},
    "long": {
        **_WHO_AND_WHEN,
        "domain": "which column names the domain",
        "level": "which column has the level",
    },
    "across": {**_WHO_AND_WHEN, "domain": "which column names the domain", "dates": "which columns are convenings"},
}
"""What a mapping of each layout cannot do without, in the words of the form."""


@dataclass(frozen=True, slots=True)
class Shown:
    """One cell as it is shown, with what it means: see ``SheetMeanings``."""

    text: str
    meaning: str


def sheet_names(workbook: Workbook) -> tuple[str, ...]:
    """The sheets with anything in them."""
    return tuple(sheet.name for sheet in workbook.sheets if sheet.rows)


def headings_of(workbook: Workbook, content: Mapping[str, object]) -> tuple[str, ...]:
    """The headings of the sheet that a mapping's content names, from left to right; empty ones are passed over."""
    sheet = _sheet(workbook, content)
    if sheet is None:
        return ()
    texts = headings(sheet, _number(content, "header_row"), _number(content, "header_rows"))
    return tuple(dict.fromkeys(text for text in texts if text))


def first_rows(workbook: Workbook, content: Mapping[str, object]) -> tuple[tuple[Shown, ...], ...]:
    """The headings and the first rows under them, each cell with its meaning by the mapping as it stands."""
    sheet = _sheet(workbook, content)
    if sheet is None:
        return ()
    told = meanings(workbook, {**content, "sheet": sheet.name})[sheet.name]
    begin = min(told.header_rows, default=1)
    last = min(len(sheet.rows), max(told.header_rows, default=1) + FIRST_ROWS)
    columns = range(min(sheet.width, MOST_COLUMNS))
    return tuple(
        tuple(Shown(sheet.cell(row, at).text[:LONGEST_SHOWN], told.of(row, at)) for at in columns)
        for row in range(begin, last + 1)
    )


def rows_of(workbook: Workbook, content: Mapping[str, object]) -> int:
    """How many rows the sheet has, at least one: the headings stand in one of them."""
    sheet = _sheet(workbook, content)
    return max(1, len(sheet.rows)) if sheet else 1


def domain_texts(workbook: Workbook, content: Mapping[str, object]) -> tuple[str, ...]:
    """The distinct texts in the column that names the domain, the most frequent first."""
    return _texts_of(workbook, content, "domain")


def level_texts(workbook: Workbook, content: Mapping[str, object]) -> tuple[str, ...]:
    """The distinct texts in the columns of levels, the most frequent first."""
    return _texts_of(workbook, content, "level")


def _texts_of(workbook: Workbook, content: Mapping[str, object], wanted: str) -> tuple[str, ...]:
    found: Counter[str] = Counter()
    by_sheet = meanings(workbook, content)
    for sheet in workbook.sheets:
        told = by_sheet.get(sheet.name)
        columns = [at for at, meaning in told.columns.items() if meaning == wanted] if told else []
        first = max(told.header_rows, default=0) if told else 0
        for row in range(first + 1, len(sheet.rows) + 1):
            found.update(text for at in columns if (text := sheet.cell(row, at).text))
    return tuple(text for text, _ in found.most_common(MOST_TEXTS))


def missing(mapping_text: str) -> str:
    """What a mapping from the form still lacks, as a sentence for whoever fills it in; "" where it has all it needs."""
    try:
        content = json.loads(mapping_text)
    except ValueError:
        return ""  # an uploaded text: reading it says what is wrong
    layout = content.get("layout") if isinstance(content, dict) else None
    if layout not in NEEDED:
        return ""
    lacking = [words for key, words in NEEDED[layout].items() if not content.get(key)]
    if "day_first" not in content and "date" not in (content.get("convening") or {}):
        lacking.append("whether days or months come first")
    return f"Say {listed_plainly(lacking)}: nothing is guessed." if lacking else ""


def listed_plainly(words: list[str]) -> str:
    """For example "a, b and c"."""
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def as_text(content: Mapping[str, object]) -> str:
    """A mapping's content as the JSON text that ``read_mapping`` takes."""
    return json.dumps(content, ensure_ascii=False, default=str)


def _sheet(workbook: Workbook, content: Mapping[str, object]) -> Sheet | None:
    """The named sheet, or the first that is read where several are."""
    filled = [sheet for sheet in workbook.sheets if sheet.rows]
    named = content.get("sheet")
    names = named if isinstance(named, list) else [named]
    wanted = [sheet for sheet in filled if sheet.name in names]
    return next(iter(wanted or filled), None) if named != EVERY_SHEET else next(iter(filled), None)


def _number(content: Mapping[str, object], key: str) -> int:
    value = content.get(key)
    return value if isinstance(value, int) and value > 0 else 1
