"""What a person needs to see of a file to say how it is to be read: headings, first rows with meanings, level texts."""

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from progressions.sheets.cells import Sheet, Workbook
from progressions.sheets.guessing import Finding, Guess, meanings, unread_columns
from progressions.sheets.headings import headings
from progressions.sheets.mapping import EVERY_SHEET

FIRST_ROWS = 8
MOST_COLUMNS = 30
MOST_TEXTS = 40
"""Texts of levels that are offered: a real scale has a handful, and what goes beyond is no scale."""
LONGEST_SHOWN = 40
_LEVEL_TEXTS = ("levels", "not_rated")
_TABLE = ("sheet", "header_row", "layout")
"""What makes another table of a sheet: what was found of one says nothing of the other."""
_SAID_ANEW = ("mapping", "columns")
"""Findings on the mapping as a whole: of a corrected one they are found anew."""
_WHO_AND_WHEN = {"partnership": "which column names the partnership", "convening": "when the ratings were made"}
_WHICH_RUBRIC = {"rubric": "which rubric the ratings are of"}
NEEDED = {
    "wide": {**_WHO_AND_WHEN, "domains": "which columns are domains"},
    "long": {
        **_WHO_AND_WHEN,
        **_WHICH_RUBRIC,
        "domain": "which column names the domain",
        "level": "which column has the level",
    },
    "across": {
        **_WHO_AND_WHEN,
        **_WHICH_RUBRIC,
        "domain": "which column names the domain",
        "dates": "which columns are convenings",
    },
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


def rubrics_in_use(content: Mapping[str, object]) -> frozenset[str]:
    """Codes of the rubrics that a mapping's content is of; none where each row says for itself what it is of.

    A domain is written as "rubric/domain": what stands before the stroke is the rubric.
    """
    rubric, domains = content.get("rubric"), content.get("domains")
    if isinstance(rubric, Mapping) and rubric.get("is"):
        return frozenset({str(rubric["is"])})
    wide = domains if content.get("layout") == "wide" and isinstance(domains, Mapping) else {}
    return frozenset(str(reference).partition("/")[0] for reference in wide.values())


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


def still_unsure(
    workbook: Workbook, guessed: Guess, untouched: Mapping[str, object], content: Mapping[str, object]
) -> tuple[str, ...]:
    """What was not sure of a file and still is, now that a person has it as ``content``; in sentences.

    ``untouched`` is the same content as the form had it before anybody chose anything.
    """
    if content == untouched:
        return tuple(finding.sentence for finding in guessed.unsure)
    same_table = all(content.get(key) == untouched.get(key) for key in _TABLE)
    known = [finding for finding in guessed.unsure if same_table and finding.key not in _SAID_ANEW]
    said = [finding.sentence for finding in known if not _is_settled(finding, untouched, content)]
    unread = dict.fromkeys(heading for sheet in meanings(workbook, content).values() for heading in sheet.ignored)
    return (*said, *([unread_columns(list(unread))] if unread else []))


def _is_settled(finding: Finding, untouched: Mapping[str, object], content: Mapping[str, object]) -> bool:
    """Whether the person has said it: each text that the finding is about, or else its part of the mapping."""
    if not finding.about:
        return content.get(finding.key) != untouched.get(finding.key)
    parts = [content.get(key) for key in (_LEVEL_TEXTS if finding.key in _LEVEL_TEXTS else (finding.key,))]
    said = {str(text) for part in parts if isinstance(part, Mapping | list) for text in part}
    enough = any if finding.key == "domains" else all  # of two columns for one domain, one is chosen
    return enough(text in said for text in finding.about)


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
