"""Ratings of what a rubric had once: domains and levels that its latest version lacks. Standard library only.

Exports hold them, so they are read again: as unchanged where they are stored so, and else with the reason.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from progressions.issues import Issues, Kind, Severity
from progressions.ratings import RatingKey
from progressions.ratings_read import CellKind, RatingsRead, ReadCell
from progressions.rubric import Domain, Level, Rubric, RubricVersion
from progressions.sheets.naming import shown
from progressions.sheets.places import domains_by_name
from progressions.text import folded

FORMER_DOMAIN = Kind(
    "former_domain",
    Severity.ERROR,
    "“{domain}” has left the rubric “{rubric}”. Its stored ratings stay, and no other can be made: empty the cell.",
)
FORMER_LEVEL = Kind(
    "former_level",
    Severity.ERROR,
    "“{text}” is no level of the rubric “{rubric}” any more. Stored ratings stay; a new one is one of: {levels}.",
)
_NAME = "{name} (no longer a level)"


def with_former(versions: Sequence[RubricVersion]) -> Rubric:
    """The latest version's rubric, with each domain and level that only older ones had; ``versions`` is of one rubric.

    A former domain goes by its code alone, and a former level by its number: their words may mean another one now.
    """
    *older, latest = (version.rubric for version in versions)
    levels = {level.position: level for level in latest.levels}
    names = domains_by_name(latest)
    domains: dict[str, Domain] = {}
    for rubric in reversed(older):
        for level in rubric.levels:
            levels.setdefault(level.position, Level(level.position, _NAME.format(name=level.name)))
        for domain in rubric.domains:
            if folded(domain.code) not in names:
                domains.setdefault(domain.code, replace(domain, title=domain.code))
    in_order = tuple(level for _, level in sorted(levels.items()))
    return replace(latest, levels=in_order, domains=(*latest.domains, *domains.values()))


def only_known(
    read: RatingsRead, stored: Mapping[RatingKey, tuple[int | None, int]], rubrics: Sequence[Rubric]
) -> RatingsRead:
    """Cells of former domains and levels stay where they say what is stored; others are rejected, with an issue.

    ``rubrics`` are the latest versions; ``stored`` gives level and row version.
    """
    latest = {rubric.code: rubric for rubric in rubrics}
    domains = {(rubric.code, domain.code) for rubric in rubrics for domain in rubric.domains}
    issues = Issues()
    cells = tuple(
        cell
        if cell.kind is not CellKind.LEVEL or _is_stored(cell, stored)
        else _checked(cell, latest[cell.rubric], (cell.rubric, cell.domain) in domains, issues)
        for cell in read.cells
    )
    return replace(read, cells=cells, issues=(*issues.found, *read.issues))


def _is_stored(cell: ReadCell, stored: Mapping[RatingKey, tuple[int | None, int]]) -> bool:
    if cell.held_on is None:
        return False
    key = RatingKey(cell.partnership_code, cell.held_on, cell.rubric, cell.domain)
    return stored.get(key, (None, 0))[0] == cell.level


def _checked(cell: ReadCell, rubric: Rubric, is_domain: bool, issues: Issues) -> ReadCell:
    """The cell, rejected where its domain or its level is a former one."""
    if is_domain and any(level.position == cell.level for level in rubric.levels):
        return cell
    kind = FORMER_LEVEL if is_domain else FORMER_DOMAIN
    issues.add(
        kind,
        sheet=cell.sheet,
        cells=(cell.address,),
        domain=shown(cell.domain),
        text=shown(cell.text),
        rubric=rubric.title,
        levels=", ".join(level.label for level in rubric.levels),
    )
    return cell._replace(kind=CellKind.REJECTED, level=None, problem=kind.code)
