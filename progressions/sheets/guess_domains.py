"""Which domain a heading or a text names, and how sure that is."""

from collections.abc import Sequence
from typing import NamedTuple

from progressions.rubric import Rubric
from progressions.sheets.guess_words import likeness, telling_words
from progressions.sheets.mapping import DomainRef
from progressions.text import folded

LIKELY = 0.8
"""Texts that are less alike are not taken for a domain. At 0.8 all words of the shorter text are in the longer one
and make up two thirds of it ("Shared data" for "Shared data and evidence"); below, two domains of one rubric begin
to look like one another."""
_CLOSE = 0.5
"""A domain that shares half of the words is worth naming, as a question."""
_APART = 0.1
"""The best of several alike domains must be ahead of the next by this much, or it is not told which is meant."""
PLAIN = 0.95
"""How sure the same words are in another spelling, order of signs, or with filler words."""


class Match(NamedTuple):
    """The domains that a text names (one where it is told which), how sure, and the one that comes closest."""

    refs: tuple[DomainRef, ...]
    how_sure: float = 0.0
    closest: str = ""
    closest_ref: DomainRef | None = None


class DomainNames:
    """Knows the domains of all rubrics by their codes, titles, and titles with the rubric before them."""

    def __init__(self, rubrics: Sequence[Rubric]) -> None:
        self._exact: dict[str, set[DomainRef]] = {}
        self._plain: dict[tuple[str, ...], set[DomainRef]] = {}
        self._titles: list[tuple[DomainRef, str, tuple[str, ...]]] = []
        self._known: dict[str, Match] = {}
        for rubric in rubrics:
            for domain in rubric.domains:
                self._add(rubric, DomainRef(rubric.code, domain.code), domain.title)

    def _add(self, rubric: Rubric, ref: DomainRef, title: str) -> None:
        names = [f"{of}{sign}{title}" for of in (rubric.title, rubric.code) for sign in (": ", " ", " - ", " – ")]
        for name in (ref.domain, title, str(ref), *names):
            self._exact.setdefault(folded(name), set()).add(ref)
            self._plain.setdefault(telling_words(name), set()).add(ref)
        self._titles.append((ref, title, telling_words(title)))

    def exactly(self, text: str) -> tuple[DomainRef, ...]:
        """The domains of which the text is the code or the title, in the same words; quick."""
        found = self._exact.get(folded(text)) or self._plain.get(telling_words(text)) or ()
        return tuple(sorted(found))

    def match(self, text: str) -> Match:
        """What the text names; without ``refs`` where nothing is alike enough."""
        if text not in self._known:
            self._known[text] = self._match(text)
        return self._known[text]

    def _match(self, text: str) -> Match:
        exact = self._exact.get(folded(text))
        if exact:
            return Match(tuple(sorted(exact)), 1.0)
        words = telling_words(text)
        same = self._plain.get(words)
        if same:
            return Match(tuple(sorted(same)), PLAIN)
        alike = sorted(((likeness(words, known), ref, title) for ref, title, known in self._titles), reverse=True)
        if not alike or alike[0][0] < _CLOSE:
            return Match(())
        (best, ref, title), *others = alike
        if best >= LIKELY and (not others or best - others[0][0] >= _APART):
            return Match((ref,), best, title, ref)
        return Match((), best, title, ref)
