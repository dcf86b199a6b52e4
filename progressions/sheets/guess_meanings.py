"""What each column of the sheets means by a mapping, even an unfinished one: for a screen that shows it in colours."""

from collections.abc import Mapping
from dataclasses import dataclass

from progressions.sheets.cells import Sheet, Workbook
from progressions.sheets.headings import headings
from progressions.sheets.mapping import EVERY_SHEET
from progressions.text import folded

_ONE_COLUMN = {
    "partnership": "partnership",
    "partnership_code": "code",
    "rubric": "rubric",
    "domain": "domain",
    "level": "level",
}


@dataclass(frozen=True, slots=True)
class SheetMeanings:
    """The rows of the headings (from 1), and for each column (from 0) under a heading what it holds, and the heading.

    Meanings are "partnership", "code", "date", "convening", "rubric", "domain", "level" and "ignored".
    """

    header_rows: tuple[int, ...]
    columns: Mapping[int, str]
    headings: Mapping[int, str]

    @property
    def ignored(self) -> tuple[str, ...]:
        """The headings of columns that are not read."""
        return tuple(self.headings[at] for at, meaning in self.columns.items() if meaning == "ignored")

    def of(self, row: int, column: int) -> str:
        """What a cell means; "header" for headings, "" for what is not read at all."""
        if row in self.header_rows:
            return "header" if column in self.columns else ""
        return self.columns.get(column, "ignored") if row > max(self.header_rows, default=0) else ""


def meanings(workbook: Workbook, content: Mapping[str, object]) -> dict[str, SheetMeanings]:
    """By sheet, what a mapping's JSON content says of its columns; a key that is missing says nothing."""
    row, rows = _number(content.get("header_row")), _number(content.get("header_rows"))
    wanted = _wanted(content)
    found: dict[str, SheetMeanings] = {}
    for sheet in _sheets(workbook, content.get("sheet")):
        texts = headings(sheet, row, rows)
        columns = {at: wanted.get(folded(text), "ignored") for at, text in enumerate(texts) if text}
        named = {at: texts[at] for at in columns}
        found[sheet.name] = SheetMeanings(tuple(range(max(1, row - rows + 1), row + 1)), columns, named)
    return found


def _number(value: object) -> int:
    return value if isinstance(value, int) and value > 0 else 1


def _sheets(workbook: Workbook, named: object) -> list[Sheet]:
    filled = [sheet for sheet in workbook.sheets if sheet.rows]
    if named == EVERY_SHEET:
        return filled
    names = {folded(str(name)) for name in (named if isinstance(named, list) else [named])}
    return filled[:1] if named is None else [sheet for sheet in filled if folded(sheet.name) in names]


def _wanted(content: Mapping[str, object]) -> dict[str, str]:
    """Folded headings with their meanings."""
    wanted = {
        folded(heading): meaning for key, meaning in _ONE_COLUMN.items() if isinstance(heading := content.get(key), str)
    }
    convening = content.get("convening")
    if isinstance(convening, dict):
        wanted |= {folded(str(convening["column"])): "date"} if "column" in convening else {}
        wanted |= {folded(str(convening["title_column"])): "convening"} if "title_column" in convening else {}
    for key in ("domains", "dates"):
        listed = content.get(key)
        if isinstance(listed, dict | list):
            wanted |= {folded(str(heading)): "level" for heading in listed}
    return wanted
