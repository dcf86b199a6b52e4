"""A saved mapping that fits again: its headings have come back, in whatever order of columns."""

from collections.abc import Sequence
from dataclasses import replace

from progressions.errors import MappingError
from progressions.rubric import Rubric
from progressions.sheets.cells import Workbook
from progressions.sheets.fitting import fit
from progressions.sheets.guess_headers import WITHIN
from progressions.sheets.mapping import EVERY_SHEET, RatingsMapping


def fitting_again(
    workbook: Workbook, saved: Sequence[RatingsMapping], rubrics: Sequence[Rubric]
) -> RatingsMapping | None:
    """The first of the saved mappings with most headings that fits; in another row or sheet, if it stands there."""
    found = [fitted for mapping in saved if (fitted := _fitted(workbook, mapping, rubrics))]
    return max(found, key=_size, default=None)


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


def _size(mapping: RatingsMapping) -> int:
    return len(mapping.domains) + (5 if mapping.long else 0) + (mapping.partnership_code is not None)
