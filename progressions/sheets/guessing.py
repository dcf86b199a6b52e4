"""A proposed mapping for a workbook of past ratings: what was understood, how sure it is, and what has to be said."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from progressions.errors import MappingError
from progressions.rubric import Rubric
from progressions.sheets.cells import Workbook
from progressions.sheets.fitting import fit
from progressions.sheets.guess_columns import Readers
from progressions.sheets.guess_days import day_of, find_convening
from progressions.sheets.guess_domain_columns import find_domains
from progressions.sheets.guess_domains import DomainNames
from progressions.sheets.guess_drafts import Draft, Finding
from progressions.sheets.guess_headers import WITHIN
from progressions.sheets.guess_keys import find_partnership
from progressions.sheets.guess_levels import find_levels
from progressions.sheets.guess_meanings import SheetMeanings, meanings
from progressions.sheets.guess_saved import KeptMapping, fitting_again
from progressions.sheets.guess_tables import Table, table_of
from progressions.sheets.mapping import EVERY_SHEET, RatingsMapping, mapping_content, read_mapping
from progressions.sheets.naming import listed
from progressions.text import folded

__all__ = ["Finding", "Guess", "SheetMeanings", "guess", "meanings", "unread_columns"]

NEARLY = (
    "A mapping that was kept knows some of these headings, but not all of them, so it is not used: look through "
    "how the file is read."
)
_ORDER = (
    *("sheet", "header_row", "header_rows", "layout", "partnership", "partnership_code", "convening", "day_first"),
    *("year_day", "date_texts", "rubric", "domain", "level", "dates", "domain_texts", "domains", "levels", "not_rated"),
)


@dataclass(frozen=True, slots=True)
class Guess:
    """What was understood of a workbook.

    ``mapping`` is complete enough to read it, or None where something needed is not sure. ``partial`` is its JSON
    content without what is not sure; ``unsure`` findings hold the proposals, where there are any. ``meanings`` gives
    by sheet what the columns hold; ``is_saved`` says that a saved mapping fitted again.
    """

    mapping: RatingsMapping | None
    partial: dict[str, object]
    sure: tuple[Finding, ...]
    unsure: tuple[Finding, ...]
    meanings: Mapping[str, SheetMeanings] = field(default_factory=dict)
    is_saved: bool = False


def guess(workbook: Workbook, rubrics: Sequence[Rubric], saved: Sequence[KeptMapping] = ()) -> Guess:
    """The proposed mapping: from headings, cells and names; what is not sure is left out and said.

    A saved mapping whose headings have all come back goes before everything else; the first of equal ones counts.
    """
    again, nearly = fitting_again(workbook, saved, rubrics)
    if again is not None:
        return _from_saved(workbook, again)
    names, readers = DomainNames(rubrics), Readers(rubrics)
    found = [table for sheet in workbook.sheets if sheet.rows if (table := table_of(sheet, names, readers))]
    draft = Draft()
    if nearly:
        draft.find("mapping", None, 0.5, NEARLY, needed=False)
    tables = _chosen(draft, workbook, found)
    if tables:
        _fill(draft, workbook, tables, names, readers)
    return _made(draft, workbook, rubrics)


def _from_saved(workbook: Workbook, mapping: RatingsMapping) -> Guess:
    """A saved mapping again; a day that it gives for a whole file was that of another file."""
    said = Finding("mapping", None, 1.0, "The headings are those of a saved mapping, which is used again.")
    content = mapping_content(mapping)
    if mapping.convening.held_on is None:
        return Guess(mapping, content, (said,), (), meanings(workbook, content), True)
    day = mapping.convening.held_on.isoformat()
    sentence = f"The saved mapping is for a file of {day}. Say of which day the ratings of this file are."
    del content["convening"]
    asked = Finding("convening", {"date": day}, 0.3, sentence)
    return Guess(None, content, (said,), (asked,), meanings(workbook, content), True)


def _chosen(draft: Draft, workbook: Workbook, found: Sequence[Table]) -> list[Table]:
    """The sheets that are read together; none where two of them hold ratings and are not of one kind."""
    if not found:
        draft.lack("header_row", _no_headings(workbook))
        return []
    rated = [table for table in found if table.rated or table.level] or list(found)
    groups: dict[tuple[object, ...], list[Table]] = {}
    for table in rated:
        groups.setdefault(_kind(table), []).append(table)
    largest = max(groups.values(), key=lambda tables: (len(tables), sum(len(t.rated) for t in tables)))
    if len(groups) > 1 or (len(largest) > 1 and not _is_series(largest)):
        names = listed([table.sheet.name for table in rated])
        draft.lack("sheet", f"Several sheets hold ratings: {names}. Say which of them is to be read.")
        return []
    _find_sheet(draft, workbook, largest)
    return largest


def _no_headings(workbook: Workbook) -> str:
    filled = [sheet.name for sheet in workbook.sheets if sheet.rows]
    if not filled:
        return "The file has no filled sheet."
    return (
        f"None of the first {WITHIN} rows of {listed(filled)} has headings that are known, such as “Partnership” and "
        "“Convening date” or “Date”. Say in which row the headings stand."
    )


def _kind(table: Table) -> tuple[object, ...]:
    """What sheets of one kind have in common."""
    keys = [folded(c.heading) for c in (*table.partnerships, *table.days, table.domain, table.level) if c]
    return (table.layout, table.header.row, table.header.rows, *keys)


def _is_series(tables: Sequence[Table]) -> bool:
    """Whether the sheets are one a year or one a partnership: named after different days, or without a partnership."""
    days = {day_of(table.sheet.name) for table in tables}
    return (None not in days and len(days) == len(tables)) or not any(table.partnerships for table in tables)


def _find_sheet(draft: Draft, workbook: Workbook, tables: Sequence[Table]) -> None:
    names = [table.sheet.name for table in tables]
    all_filled = len(names) == sum(bool(sheet.rows) for sheet in workbook.sheets)
    if len(tables) == 1:
        draft.content["sheet"] = names[0]
    else:
        draft.find(
            "sheet", EVERY_SHEET if all_filled else names, 0.9, f"These sheets are read together: {listed(names)}."
        )
    header = tables[0].header
    rows = f"row {header.row}" if header.rows == 1 else f"rows {header.row - header.rows + 1} to {header.row}"
    draft.find("header_row", header.row, 0.95, f"Headings are in {rows} of “{names[0]}”.")
    if header.rows > 1:
        draft.content["header_rows"] = header.rows


def _fill(draft: Draft, workbook: Workbook, tables: Sequence[Table], names: DomainNames, readers: Readers) -> None:
    find_partnership(draft, tables)
    named_after_days = len({day_of(table.sheet.name) for table in tables} - {None}) == len(tables)
    find_convening(draft, tables, workbook.file_name, sheets_are_days=named_after_days)
    find_domains(draft, tables, names, readers)
    find_levels(draft, tables, readers)


def _made(draft: Draft, workbook: Workbook, rubrics: Sequence[Rubric]) -> Guess:
    content = {key: draft.content[key] for key in _ORDER if key in draft.content}
    found = meanings(workbook, content) if "header_row" in content else {}
    mapping = None if draft.lacks else _read(draft, content, workbook, rubrics)
    _mention_unread(draft, found)
    return Guess(mapping, content, tuple(draft.sure), tuple(draft.unsure), found)


def _read(
    draft: Draft, content: Mapping[str, object], workbook: Workbook, rubrics: Sequence[Rubric]
) -> RatingsMapping | None:
    """The finished mapping, tried on the file: one that does not fit is none."""
    try:
        mapping = read_mapping(json.dumps(content))
        fit(workbook, mapping, rubrics)
    except MappingError as error:
        draft.lack("mapping", str(error))
        return None
    return mapping


def _mention_unread(draft: Draft, found: Mapping[str, SheetMeanings]) -> None:
    """Names the columns that are not read."""
    unread = dict.fromkeys(heading for sheet in found.values() for heading in sheet.ignored)
    if unread:
        draft.mention("columns", unread_columns(list(unread)))


def unread_columns(headings: Sequence[str]) -> str:
    """Names the columns that a mapping leaves out, in a sentence."""
    return f"These columns are not read: {listed(headings)}."
