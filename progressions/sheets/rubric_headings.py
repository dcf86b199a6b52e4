"""What a heading of a rubric's table says: a column's meaning, or a level with its number and name.

The words are those that people use in their own rubrics, folded. Standard library only.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from progressions.rubric import FEWEST_LEVELS, MOST_LEVELS, Level
from progressions.text import folded


class Meaning(StrEnum):
    """What a column of a rubric's table holds."""

    CODE = "code"
    AREA = "area"
    DOMAIN = "domain"
    RUBRIC = "rubric"
    LEVEL = "level"
    TEXT = "text"
    IGNORED = "ignored"


class LevelOrder(StrEnum):
    """How the steps of a table are ordered: by numbers or points, by their place, or as a person gives it."""

    NUMBERED = "numbered"
    LOWEST_FIRST = "lowest first"
    HIGHEST_FIRST = "highest first"
    GIVEN = "given"


DOCUMENTED = {
    "code": Meaning.CODE,
    "domain code": Meaning.CODE,
    "area": Meaning.AREA,
    "domain": Meaning.DOMAIN,
    "domain title": Meaning.DOMAIN,
    "rubric": Meaning.RUBRIC,
}
"""The headings of the format in ``rubrics/README.md``."""

_WORDS = {
    Meaning.CODE: "id no no. nr nr. # ref reference number",
    Meaning.AREA: "dimension strand theme section category group pillar standard goal cluster bereich",
    Meaning.DOMAIN: (
        "domains criterion criteria indicator indicators element component metric competency skill practice "
        "aspect trait kriterium"
    ),
    Meaning.RUBRIC: "tool instrument form",
    Meaning.LEVEL: "level levels stage rating maturity score step tier grade stufe reifegrad niveau",
    Meaning.TEXT: "description descriptor descriptors text definition beschreibung",
    Meaning.IGNORED: (
        "% percent percentage points point pts weight weighting total notes note comments comment evidence advice "
        "example examples selected weighted average value"
    ),
}
_MEANINGS = {word: meaning for meaning, words in _WORDS.items() for word in words.split()} | DOCUMENTED
MOST_PRINTED = 10
"""A larger number in a heading is a percentage, a year or a mark."""
_COUNTED = frozenset(["points", "point", "pts", "pt", "percent", "weight"])
"""Words beside a number that is no level: "5 points", "Weight 2"."""

_NUMBER_FIRST = re.compile(r"(\d{1,2})(?:\s*[-–—:.)=]\s*(?=\D)|\s+)(.+)")
_NUMBER_LAST = re.compile(r"(\D+?)\s*(?:\((\d{1,2})\)|\s[-–—]\s*(\d))")
_WORD_AND_NUMBER = re.compile(r"([^\W\d_]+)\s+(\d{1,2})(?:\s*(?:[-–—:.)=]\s*(\D.*)|\((\D.*)\)))?")
_WORD_AND_ROMAN = re.compile(r"(level|stage|step|tier)\s+(i{1,3}|iv|vi?)(?:\s*[-–—:.)=]\s*(.+))?", re.IGNORECASE)
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5, "vi": 6}
_NUMBER = re.compile(r"\d{1,2}")
_POINTS_LAST = re.compile(r"(.*?\D)\s*[(\[–—:-]?\s*(\d{1,3}(?:\.\d+)?)\s*(?:points?|pts?\.?|%)\s*[)\]]?", re.IGNORECASE)

_LOW = re.compile(
    r"\b(beginning|beginner|emerging|exploring|initial|initiating|novice|basic|inadequate|unsatisfactory|ineffective|"
    r"limited|minimal|none|not|no|non|below|nascent|ad hoc|entry|weak|poor|fail|anfang)\b"
)
"""Words of names that stand for the first step: for a proposal only, never for a certainty."""


def meaning_of(text: str) -> Meaning | None:
    """What a column with this heading holds; None where the heading is not a known one.

    >>> meaning_of("Maturity Level"), meaning_of("Description_EN"), meaning_of("Leadership")
    (<Meaning.LEVEL: 'level'>, <Meaning.TEXT: 'text'>, None)
    """
    plain = folded(text).rstrip(":")
    if plain in _MEANINGS:
        return _MEANINGS[plain]
    words = re.findall(r"[^\W_]+|%|#", plain)
    if not 1 < len(words) <= 3:
        return Meaning.IGNORED if words and words[0] in ("selected", "weighted", "total") else None
    if any(_MEANINGS.get(word) is Meaning.IGNORED for word in words):
        return Meaning.IGNORED
    last, first = _MEANINGS.get(words[-1]), _MEANINGS.get(words[0])
    # "Domain ID" is a code, "No attempt" is none.
    return last or (first if first is not Meaning.CODE else None)


def names_domains(text: str) -> bool:
    """Whether the whole heading is one for a column of domains, and not a domain's own title."""
    return _MEANINGS.get(folded(text).rstrip(":")) is Meaning.DOMAIN


def level_of_heading(text: str) -> Level | None:
    """The level that a heading names, in any of the shapes of the format; None where it names none.

    >>> level_of_heading("2 – Small change"), level_of_heading("Small change (2)")
    (Level(position=2, name='Small change'), Level(position=2, name='Small change'))
    """
    if found := _NUMBER_FIRST.fullmatch(text):
        return _level(found[1], found[2])
    if found := _NUMBER_LAST.fullmatch(text):
        return _level(found[2] or found[3], found[1].strip())
    if found := _WORD_AND_NUMBER.fullmatch(text):
        return None if folded(found[1]) in _COUNTED else _level(found[2], found[3] or found[4] or text)
    if found := _WORD_AND_ROMAN.fullmatch(text):
        return Level(_ROMAN[found[2].lower()], found[3] or text)
    if _NUMBER.fullmatch(text):
        return Level(int(text), f"Level {int(text)}")
    return None


def _level(number: str, name: str) -> Level | None:
    words = re.findall(r"[^\W\d_]+", name)
    if not words or folded(words[-1]) in _COUNTED:
        return None
    return Level(int(number), name)


@dataclass(frozen=True, slots=True)
class Step:
    """One step as the table prints it. ``number`` is its level's, ``points`` only rank it; None where not printed."""

    name: str
    printed: str
    number: int | None = None
    points: float | None = None


def step_of(texts: Sequence[str]) -> Step:
    """The step of the heading of a column, or of a cell, from its one or two rows.

    A number in one row and a name in the other belong together: the number says the level, or only the points.
    """
    filled = [text for text in texts if text]
    if len(filled) == 2:
        for number, name in (filled, filled[::-1]):
            if is_only_a_number(number) and not is_only_a_number(name) and level_of_heading(name) is None:
                level = level_of_heading(number)
                return Step(name, f"{number} – {name}", level.position if level else None, _points(number))
    text = filled[-1] if filled else ""
    if level := level_of_heading(text):
        return Step(level.name, text if not _NUMBER.fullmatch(text) else level.name, level.position)
    if found := _POINTS_LAST.fullmatch(text):
        return Step(found[1].strip(" -–—:(["), text, points=float(found[2]))
    return Step(text, text)


def is_numbered(step: Step) -> bool:
    """Whether the step has a number that a level could have."""
    return step.number is not None and step.number <= MOST_PRINTED


def is_only_a_number(text: str) -> bool:
    """Whether a heading is a bare number, or a word with a number and no name: "3", "Level 3", "5 points"."""
    if re.fullmatch(r"\d{1,3}(?:\.\d+)?\s*(?:points?|pts?\.?|%)?", text, re.IGNORECASE):
        return True
    level = level_of_heading(text)
    return level is not None and level.name == text


def _points(text: str) -> float | None:
    found = re.search(r"\d+(?:\.\d+)?", text)
    return float(found[0]) if found else None


def are_numbered(steps: Sequence[Step]) -> bool:
    """Whether the numbers that are printed say the order: every step has one, or every step has points of its own."""
    if all(step.number is not None for step in steps):
        return True
    points = [step.points for step in steps]
    return None not in points and len(set(points)) == len(points)


def likely_order(steps: Sequence[Step]) -> LevelOrder:
    """The order that is proposed; certain only where the steps are numbered."""
    if are_numbered(steps):
        return LevelOrder.NUMBERED
    first, last = (bool(_LOW.search(folded(step.name))) for step in (steps[0], steps[-1]))
    return LevelOrder.HIGHEST_FIRST if last and not first else LevelOrder.LOWEST_FIRST


def levels_of(steps: Sequence[Step], order: LevelOrder, given: Sequence[int] = ()) -> tuple[Level, ...] | None:
    """The level of each step, in the order of the steps; None where they are too few or many, or wrongly numbered.

    Steps numbered from 0 become levels from 1 that keep what is printed as their name. ``given`` are the positions of
    the steps where a person gave the order.
    """
    if not FEWEST_LEVELS <= len(steps) <= MOST_LEVELS:
        return None
    if order is not LevelOrder.NUMBERED:
        return _in_places(steps, order, given)
    numbers = [step.number for step in steps if step.number is not None]
    if sorted(numbers) == list(range(1, len(steps) + 1)):
        return tuple(Level(step.number or 0, step.name) for step in steps)
    if sorted(numbers) == list(range(len(steps))):
        return tuple(Level((step.number or 0) + 1, step.printed) for step in steps)
    return _ranked(steps)


def _in_places(steps: Sequence[Step], order: LevelOrder, given: Sequence[int]) -> tuple[Level, ...] | None:
    upwards = tuple(range(1, len(steps) + 1))
    places = {LevelOrder.HIGHEST_FIRST: upwards[::-1], LevelOrder.GIVEN: tuple(given)}.get(order, upwards)
    if tuple(sorted(places)) != upwards:
        return None
    return tuple(Level(place, step.name) for place, step in zip(places, steps, strict=True))


def _ranked(steps: Sequence[Step]) -> tuple[Level, ...] | None:
    points = [step.points for step in steps if step.points is not None]
    if len(set(points)) != len(steps):
        return None
    ranks = {value: rank for rank, value in enumerate(sorted(points), start=1)}
    return tuple(Level(ranks[step.points], step.name) for step in steps if step.points is not None)


def starts_at_zero(steps: Sequence[Step], order: LevelOrder) -> bool:
    """Whether the steps are printed as level 0, 1 and so on."""
    numbers = sorted(step.number for step in steps if step.number is not None)
    return order is LevelOrder.NUMBERED and numbers == list(range(len(steps)))
