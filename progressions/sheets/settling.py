"""Cells of one file that speak of the same rating: the same twice is noted, a contradiction is rejected."""

from collections.abc import Mapping
from datetime import date

from progressions.issues import Issues
from progressions.ratings_read import CellKind, ReadCell
from progressions.rubric import Rubric
from progressions.sheets import kinds
from progressions.sheets.naming import shown


def settle(cells: list[ReadCell], rubrics: Mapping[str, Rubric], issues: Issues) -> None:
    """Marks repeated cells and rejects contradicting ones, in place."""
    first: dict[tuple[str, date | None, str, str], int] = {}
    more: dict[int, list[int]] = {}
    for index, cell in enumerate(cells):
        if cell.kind is CellKind.LEVEL:
            place = (cell.partnership_code, cell.held_on, cell.rubric, cell.domain)
            earlier = first.setdefault(place, index)
            if earlier != index:
                more.setdefault(earlier, [earlier]).append(index)
    for indexes in more.values():
        _settle(cells, indexes, rubrics, issues)


def _settle(cells: list[ReadCell], indexes: list[int], rubrics: Mapping[str, Rubric], issues: Issues) -> None:
    same = [cells[index] for index in indexes]
    levels = sorted({cell.level for cell in same if cell.level is not None})
    if len(levels) == 1:
        _add(issues, same)
        for index in indexes[1:]:
            cells[index] = cells[index]._replace(problem=kinds.REPEATED.code)
        return
    first = same[0]
    _add(
        issues,
        same,
        domain=shown(rubrics[first.rubric].domain(first.domain).title),
        partnership=shown(first.partnership_title),
        date=first.held_on,
        levels=", ".join(map(str, levels)),
    )
    for index in indexes:
        cells[index] = cells[index]._replace(kind=CellKind.REJECTED, level=None, problem=kinds.CONTRADICTS.code)


def _add(issues: Issues, cells: list[ReadCell], **details: object) -> None:
    """One issue for each sheet: addresses of one sheet say nothing about another."""
    kind = kinds.CONTRADICTS if details else kinds.REPEATED
    for sheet in dict.fromkeys(cell.sheet for cell in cells):
        addresses = [cell.address for cell in cells if cell.sheet == sheet]
        issues.add(kind, sheet=sheet, cells=addresses, **details)
