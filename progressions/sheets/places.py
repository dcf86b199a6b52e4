"""Which domain a row names, in the layouts whose rows do."""

from collections.abc import Sequence
from typing import NamedTuple

from progressions.rubric import Rubric
from progressions.sheets import kinds
from progressions.sheets.cells import Cell, Value
from progressions.sheets.fitting import NOWHERE, Fitted, cells_in, is_like_another
from progressions.sheets.levels import LevelReader
from progressions.sheets.mapping import DomainRef, RatingsMapping
from progressions.sheets.scales import Scales
from progressions.text import folded


class Place(NamedTuple):
    """What a cell is of, and the reader of its levels; ``problem`` is an issue's code where it cannot be told."""

    ref: DomainRef
    reader: LevelReader | None = None
    problem: str = ""


class Places:
    """Finds domains by the mapping's texts, then by code or title within the row's rubric, or among all."""

    def __init__(self, table: Fitted, mapping: RatingsMapping, rubrics: Sequence[Rubric], scales: Scales) -> None:
        self._columns = (table.rubric, table.domain)
        self._cells = cells_in(self._columns)
        self._scales = scales
        self._texts = table.domain_texts
        self._rubric_is = mapping.long.rubric_is if mapping.long else ""
        self._any_rubric = table.rubric == NOWHERE and not self._rubric_is
        self._by_name = _rubrics_by_name(rubrics)
        self._domains = {rubric.code: domains_by_name(rubric) for rubric in rubrics}
        self._known: dict[object, Place] = {}

    def of(self, values: tuple[Value, ...]) -> Place:
        """The place of a row; a problem's code in it where its texts name no domain."""
        key = self._cells(values)
        place = self._known.get(key)
        if place is None:
            cells = (Cell(values[column] if column != NOWHERE else None, 1, 0) for column in self._columns)
            place = self._found(*(folded(cell.text) for cell in cells))
            if not is_like_another(key):
                self._known[key] = place
        return place

    def _found(self, rubric: str, domain: str) -> Place:
        by_text = self._texts.get(domain)
        if by_text:
            return self._at(by_text)
        if self._any_rubric:
            return self._among_all(domain)
        code = self._rubric_is or self._by_name.get(rubric)
        if code is None:
            return Place(DomainRef("", ""), None, kinds.UNKNOWN_RUBRIC.code)
        if domain not in self._domains[code]:
            return Place(DomainRef(code, ""), None, kinds.UNKNOWN_DOMAIN.code)
        return self._at(DomainRef(code, self._domains[code][domain]))

    def _among_all(self, domain: str) -> Place:
        refs = [DomainRef(code, names[domain]) for code, names in self._domains.items() if domain in names]
        return self._at(refs[0]) if len(refs) == 1 else Place(DomainRef("", ""), None, kinds.OPEN_DOMAIN.code)

    def _at(self, ref: DomainRef) -> Place:
        return Place(ref, self._scales.reader(ref))


def _rubrics_by_name(rubrics: Sequence[Rubric]) -> dict[str, str]:
    """Codes by title and by code; where one rubric's title is another's code, the code counts."""
    names = {folded(rubric.title): rubric.code for rubric in rubrics}
    return names | {folded(rubric.code): rubric.code for rubric in rubrics}


def domains_by_name(rubric: Rubric) -> dict[str, str]:
    """Domain codes by title, where only one domain has it, by another code that files use, and by code."""
    titles = [folded(domain.title) for domain in rubric.domains]
    names = {folded(d.title): d.code for d in rubric.domains if titles.count(folded(d.title)) == 1}
    names |= {folded(code): domain.code for domain in rubric.domains for code in domain.also}
    return names | {folded(domain.code): domain.code for domain in rubric.domains}
