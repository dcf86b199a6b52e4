"""A saved mapping that fits again: its headings have come back, in whatever order of columns."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from progressions.errors import MappingError
from progressions.rubric import Rubric
from progressions.sheets.cells import Workbook
from progressions.sheets.fitting import fit
from progressions.sheets.guess_headers import WITHIN
from progressions.sheets.headings import headings
from progressions.sheets.mapping import EVERY_SHEET, RatingsMapping
from progressions.sheets.naming import PROBLEM
from progressions.text import folded


@dataclass(frozen=True, slots=True)
class KeptMapping:
    """A mapping with the headings of the sheet that it was made for, folded; none where they are not known."""

    mapping: RatingsMapping
    headings: frozenset[str] = frozenset()


def headings_of(workbook: Workbook, mapping: RatingsMapping) -> frozenset[str]:
    """Every heading of the first sheet that a mapping reads, folded: also those of columns that it leaves alone."""
    filled = [sheet for sheet in workbook.sheets if sheet.rows]
    names = mapping.sheet if isinstance(mapping.sheet, tuple) else (mapping.sheet,)
    chosen = [sheet for sheet in filled if sheet.name in names] or filled
    texts = headings(chosen[0], mapping.header_row, mapping.header_rows) if chosen else ()
    return frozenset(folded(text) for text in texts if text)


def fitting_again(
    workbook: Workbook, saved: Sequence[KeptMapping], rubrics: Sequence[Rubric]
) -> tuple[RatingsMapping | None, bool]:
    """The first of the kept mappings, the latest first, whose headings have come back; in another row or sheet too.

    A sheet with other headings beside them may hold ratings that the mapping does not know: it is not used then, and
    the second answer is whether there was such a one.
    """
    nearly, added = False, {folded(PROBLEM)}
    for kept in saved:
        fitted = _fitted(workbook, kept.mapping, rubrics)
        if fitted is None:
            continue
        if not kept.headings or kept.headings - added == headings_of(workbook, fitted) - added:
            return fitted, nearly
        nearly = True
    return None, nearly


def _fitted(workbook: Workbook, mapping: RatingsMapping, rubrics: Sequence[Rubric]) -> RatingsMapping | None:
    for sheet in _sheets(workbook, mapping):
        for row in _rows(mapping):
            tried = replace(mapping, sheet=sheet, header_row=row)
            if _fits(workbook, tried, rubrics):
                return tried
    return None


def _sheets(workbook: Workbook, mapping: RatingsMapping) -> list[str | tuple[str, ...] | None]:
    """The mapping's own sheets first; for a single one that has another name now, each sheet of the file."""
    if mapping.sheet == EVERY_SHEET:
        return [mapping.sheet]
    names: list[str | tuple[str, ...] | None] = [sheet.name for sheet in workbook.sheets if sheet.rows]
    own = [mapping.sheet] if mapping.sheet is not None or len(workbook.sheets) == 1 else []
    return [*own, *([EVERY_SHEET] if isinstance(mapping.sheet, tuple) else names)]


def _rows(mapping: RatingsMapping) -> list[int]:
    others = [row for row in range(mapping.header_rows, WITHIN + 1) if row != mapping.header_row]
    return [mapping.header_row, *others]


def _fits(workbook: Workbook, mapping: RatingsMapping, rubrics: Sequence[Rubric]) -> bool:
    try:
        found = fit(workbook, mapping, rubrics)
    except MappingError:
        return False
    return not any(table.missing for table in found.tables)
