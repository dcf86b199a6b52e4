"""Headings over the columns of domains, such that the file is read again without a mapping."""

from collections.abc import Iterator, Sequence

from progressions.rubric import Domain, Rubric
from progressions.sheets.guess_domains import DomainNames
from progressions.sheets.mapping import DomainRef
from progressions.text import folded

KEY_HEADINGS = ("partnership code", "partnership", "convening date", "convening")
"""The columns that say whose ratings a row holds, and of when."""


def domain_headings(rubrics: Sequence[Rubric]) -> dict[DomainRef, str]:
    """By domain its title where that names it alone, else with the rubric before it, else "rubric/domain"."""
    names, taken = DomainNames(rubrics), set(map(folded, KEY_HEADINGS))
    headings: dict[DomainRef, str] = {}
    for rubric in rubrics:
        for domain in rubric.domains:
            ref = DomainRef(rubric.code, domain.code)
            free = (n for n in _names(rubric, domain) if names.exactly(n) == (ref,) and folded(n) not in taken)
            headings[ref] = next(free, str(ref))
            taken.add(folded(headings[ref]))
    return headings


def _names(rubric: Rubric, domain: Domain) -> Iterator[str]:
    yield " ".join(domain.title.split())
    yield f"{rubric.title}: {domain.title}"
    yield f"{rubric.code}: {domain.title}"
