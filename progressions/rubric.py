"""The words for what is rated: rubric, area, domain, level, descriptor, version. Standard library only."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

FEWEST_LEVELS = 2
MOST_LEVELS = 6
LONGEST_DRAWN = 400
"""Characters of a title that drawings show; tables, screens and files have all of it."""


def upper_half_from(levels: int) -> int:
    """The first position of the upper half of so many levels: of four and of five the third."""
    return levels // 2 + 1


@dataclass(frozen=True, slots=True)
class Level:
    """One ordered step of a rubric: a whole number from 1, with a name."""

    position: int
    name: str

    @property
    def label(self) -> str:
        """Number and name as they are shown together, for example "2 Small change implementation"."""
        return f"{self.position} {self.name}"


@dataclass(frozen=True, slots=True)
class Domain:
    """One row of a rubric. ``descriptors`` holds one text per level, level 1 first; "" where the file has none."""

    code: str
    title: str
    area: str
    descriptors: tuple[str, ...]
    also: tuple[str, ...] = field(default=(), compare=False)
    """Other codes under which files name this domain; no part of what a reader of the rubric sees."""


@dataclass(frozen=True, slots=True)
class Rubric:
    """A set of domains with its ordered levels, as text; a published one is a ``RubricVersion``."""

    code: str
    title: str
    levels: tuple[Level, ...]
    domains: tuple[Domain, ...]
    about: str = ""

    @property
    def areas(self) -> tuple[str, ...]:
        """The headings that domains of it stand under, in their order; none where no domain has one."""
        return tuple(dict.fromkeys(domain.area for domain in self.domains if domain.area))

    def domain(self, code: str) -> Domain:
        """The domain with this code; KeyError where the rubric has none."""
        for domain in self.domains:
            if domain.code == code:
                return domain
        raise KeyError(code)

    def level(self, position: int) -> Level:
        """The level at this position (from 1); KeyError outside the rubric's levels."""
        for level in self.levels:
            if level.position == position:
                return level
        raise KeyError(position)

    @property
    def fingerprint(self) -> str:
        """SHA-256 over everything that a reader of the rubric sees: equal text, equal fingerprint."""
        content = [
            self.code,
            self.title,
            self.about,
            [[level.position, level.name] for level in self.levels],
            [[d.code, d.title, d.area, list(d.descriptors)] for d in self.domains],
        ]
        return hashlib.sha256(json.dumps(content, ensure_ascii=False).encode()).hexdigest()


class Origin(StrEnum):
    """What a domain of a version came from in the version before."""

    SAME = "same"
    REWORDED = "reworded"
    NEW = "new"


@dataclass(frozen=True, slots=True)
class RubricVersion:
    """A published rubric; it never changes.

    ``wordings`` gives for each domain code the number of the version in which its present wording began.
    Two ratings of a domain can be compared exactly when their wordings are equal. ``file_fingerprint`` is that of the
    text as its file had it: another than the rubric's own where a domain kept its code under a new one in the file.
    """

    id: int
    number: int
    published_at: datetime
    published_by: str
    source_file: str
    rubric: Rubric
    origins: Mapping[str, Origin]
    wordings: Mapping[str, int]
    file_fingerprint: str = ""

    @property
    def label(self) -> str:
        """How screens and files name this version."""
        return f"version {self.number}"


def origin_of(domain: Domain, levels: tuple[Level, ...], before: Rubric | None) -> Origin:
    """How a domain relates to the domain of the same code in the version before.

    Domains are matched by code, never by wording. Another number or name of a level is another wording: it changes
    what a rating means. An area is only a heading, and changing it rewords nothing.
    """
    if before is None or domain.code not in {d.code for d in before.domains}:
        return Origin.NEW
    old = before.domain(domain.code)
    same = (old.title, old.descriptors, before.levels) == (domain.title, domain.descriptors, levels)
    return Origin.SAME if same else Origin.REWORDED
