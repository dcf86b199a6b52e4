"""Ratings with a row for each partnership and convening, and a column for each domain."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from progressions.rubric import Rubric
from progressions.sheets.domain_headings import KEY_HEADINGS, domain_headings
from progressions.sheets.mapping import DomainRef
from progressions.sheets.writing import CellValue, ExportRow, TableSheet

_PREVIOUS = "Previous: {rubric}: {domain}"
"""Over ratings of a domain that its rubric has no longer: "previous" keeps the column from being read as another's."""


def wide_table(rubrics: Sequence[Rubric], rows: Iterable[ExportRow]) -> TableSheet:
    """The sheet that is read again without a mapping: levels as numbers or names, an empty cell for *not rated*.

    ``rows`` come by partnership and day; ``rubrics`` are the latest versions, whose domains have their columns first.
    """
    headings = domain_headings(rubrics)
    found: list[tuple[tuple[CellValue, ...], dict[DomainRef, int | str | None]]] = []
    for key, group in groupby(rows, lambda row: (row.partnership_code, row.partnership, row.held_on, row.convening)):
        levels: dict[DomainRef, int | str | None] = {}
        for row in group:
            ref = DomainRef(row.rubric, row.domain_code)
            levels[ref] = row.level
            headings.setdefault(ref, _PREVIOUS.format(rubric=row.rubric, domain=row.domain))
        found.append((key, levels))
    return TableSheet("Ratings", (*KEY_HEADINGS, *headings.values()), _rows(found, list(headings)))


def _rows(
    found: Iterable[tuple[tuple[CellValue, ...], dict[DomainRef, int | str | None]]], refs: Sequence[DomainRef]
) -> Iterator[tuple[CellValue, ...]]:
    for key, levels in found:
        if any(level is not None for level in levels.values()):
            yield (*key, *(levels.get(ref) for ref in refs))
