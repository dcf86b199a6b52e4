"""Two versions of a rubric side by side: what each domain came from, and the words that changed. Pure."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import zip_longest

from progressions.rubric import Domain, Origin, Rubric, origin_of
from progressions.text import folded

LIKE_ENOUGH = 0.6
"""The share of words in common from which a gone domain is proposed as the origin of a new one. Two domains of one
rubric share up to about a third of their words, and a text that was gone over keeps well above two thirds."""
_MOST_WORDS = 3_000
"""Words of a descriptor that are compared one by one; the time grows with their square."""


class ChangeKind(StrEnum):
    """How a domain of one version relates to the version before."""

    SAME = "same"
    REWORDED = "reworded"
    NEW = "new"
    GONE = "gone"


class RunKind(StrEnum):
    """Whether words stand in both versions, only in the older, or only in the newer."""

    SAME = "same"
    REMOVED = "removed"
    ADDED = "added"


@dataclass(frozen=True, slots=True)
class WordRun:
    """Words that belong together, joined with spaces; a line break is "\\n"."""

    kind: RunKind
    text: str


@dataclass(frozen=True, slots=True)
class DomainChange:
    """One domain of either version.

    ``ancestor`` is the code of a gone domain that a new one may have come from: a proposal, never a fact. ``title``,
    ``area`` and ``descriptors`` (level 1 first) are compared with the domain before, or with that ancestor. With
    ``levels_changed`` the rubric's levels have other names or another number, which is another wording by itself.
    """

    kind: ChangeKind
    code: str
    before: Domain | None
    after: Domain | None
    title: tuple[WordRun, ...]
    descriptors: tuple[tuple[WordRun, ...], ...]
    ancestor: str = ""
    levels_changed: bool = False
    area: tuple[WordRun, ...] = ()

    @property
    def headings_changed(self) -> tuple[tuple[str, tuple[WordRun, ...]], ...]:
        """The title and the area, each with its word for people, where their words changed."""
        both = (("Title", self.title), ("Area", self.area))
        return tuple((name, runs) for name, runs in both if any(run.kind is not RunKind.SAME for run in runs))


def compare(before: Rubric | None, after: Rubric) -> tuple[DomainChange, ...]:
    """Every domain of the newer version in its order, then those that are gone. Domains are matched by code."""
    old = {domain.code: domain for domain in before.domains} if before else {}
    gone = [domain for domain in old.values() if domain.code not in {d.code for d in after.domains}]
    ancestors = _ancestors([d for d in after.domains if d.code not in old], gone)
    levels_changed = before is not None and before.levels != after.levels
    changes = [_change(domain, old, ancestors, before, after, levels_changed) for domain in after.domains]
    return (*changes, *(_gone(domain) for domain in gone))


def _change(
    domain: Domain,
    old: Mapping[str, Domain],
    ancestors: Mapping[str, str],
    before: Rubric | None,
    after: Rubric,
    levels_changed: bool,
) -> DomainChange:
    origin = origin_of(domain, after.levels, before)
    ancestor = ancestors.get(domain.code, "")
    older = old.get(domain.code) or old.get(ancestor)
    return DomainChange(
        ChangeKind(origin.value),
        domain.code,
        old.get(domain.code),
        domain,
        word_runs(older.title if older else "", domain.title),
        _descriptor_runs(older, domain),
        ancestor,
        levels_changed and origin is not Origin.NEW,
        word_runs(older.area if older else "", domain.area),
    )


def all_gone(rubric: Rubric) -> tuple[DomainChange, ...]:
    """Every domain of a rubric that has no newer version."""
    return tuple(map(_gone, rubric.domains))


def _gone(domain: Domain) -> DomainChange:
    runs = tuple(word_runs(text, "") for text in domain.descriptors)
    title, area = word_runs(domain.title, ""), word_runs(domain.area, "")
    return DomainChange(ChangeKind.GONE, domain.code, domain, None, title, runs, area=area)


def _descriptor_runs(older: Domain | None, newer: Domain) -> tuple[tuple[WordRun, ...], ...]:
    texts = zip_longest(older.descriptors if older else (), newer.descriptors, fillvalue="")
    return tuple(word_runs(was, now) for was, now in texts)


def _ancestors(new: Sequence[Domain], gone: Sequence[Domain]) -> dict[str, str]:
    """For each new domain the gone one that it may have come from; each gone one once, the likest pairs first."""
    pairs = sorted(_likely_pairs(new, gone), key=lambda pair: -pair[0])
    found: dict[str, str] = {}
    for _, code, ancestor in pairs:
        if code not in found and ancestor not in found.values():
            found[code] = ancestor
    return found


def _likely_pairs(new: Iterable[Domain], gone: Sequence[Domain]) -> Iterator[tuple[float, str, str]]:
    for domain in new:
        for other in gone:
            same_title = folded(domain.title) == folded(other.title)
            likeness = 1.0 + _likeness(domain, other) if same_title else _likeness(domain, other)
            if likeness >= LIKE_ENOUGH:
                yield likeness, domain.code, other.code


def _likeness(one: Domain, other: Domain) -> float:
    """The words in common over all words (Dice's coefficient), 0 to 1; title and descriptors together."""
    left, right = (Counter(folded(" ".join((d.title, *d.descriptors))).split()) for d in (one, other))
    total = left.total() + right.total()
    return 2 * (left & right).total() / total if total else 0.0


def word_runs(was: str, now: str) -> tuple[WordRun, ...]:
    """The difference of two texts word by word: *same* and *added* make the newer, *same* and *removed* the older.

    A text of more than 3,000 words is given as a whole, removed and added, unless nothing changed.
    """
    old, new = _words(was), _words(now)
    if old == new:
        return _runs([(RunKind.SAME, old)])
    if max(len(old), len(new)) > _MOST_WORDS:
        return _runs([(RunKind.REMOVED, old), (RunKind.ADDED, new)])
    return _runs(_pieces(old, new))


def _words(text: str) -> list[str]:
    return re.findall(r"\n|[^\s]+", text)


def _pieces(old: list[str], new: list[str]) -> Iterator[tuple[RunKind, list[str]]]:
    for tag, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            yield RunKind.SAME, old[i:j]
        else:
            yield RunKind.REMOVED, old[i:j]
            yield RunKind.ADDED, new[k:m]


def _runs(pieces: Iterable[tuple[RunKind, list[str]]]) -> tuple[WordRun, ...]:
    return tuple(WordRun(kind, " ".join(words)) for kind, words in pieces if words)
