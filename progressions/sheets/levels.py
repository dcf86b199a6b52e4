"""Which level a cell means, for one rubric. Standard library only."""

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from progressions.ratings_read import CellKind
from progressions.rubric import Rubric
from progressions.sheets.cells import Cell, Value
from progressions.text import folded

_WORD = r"(?:level|score|stage|step|phase|l)"
_WHOLE = re.compile(rf"(?:{_WORD}\s?)?\(?(\d+)(?:\.0+)?\)?")
_NUMBERED = re.compile(rf"(?:{_WORD} ?)?\(?(\d+)\)?(?:\s*[-–—:.)=]\s*|\s+)\(?(\D+?)\)?")
_NUMBER_LAST = re.compile(rf"(\D+?)\s*(?:[-–—:,=]\s*|\s)\(?(?:{_WORD} )?(\d+)\)?|(\D+?)\((\d+)\)")
_PRINTED = re.compile(rf"(?:{_WORD}\s?)?(\d+)\b")


class Meaning(NamedTuple):
    """What a cell says: its kind, the level where it is one, and its text."""

    kind: CellKind
    level: int | None = None
    text: str = ""


class LevelReader:
    """Understands the cells of one rubric.

    The mapping's texts go first; then a level's name, its whole number, and both together, where the name
    may be cut short: "3", "Small change implementation", "2 – Small change", "Small change (2)".
    """

    def __init__(self, rubric: Rubric, levels: Mapping[str, int], not_rated: Iterable[str]) -> None:
        self._names = {level.position: folded(level.name) for level in rubric.levels}
        self._not_rated = frozenset(map(folded, not_rated))
        self._levels = {folded(text): level for text, level in levels.items()}
        self._labels = _labels(rubric)
        self._numbers_are_open = _prints_other_numbers(rubric)
        self._known: dict[tuple[type, Value], Meaning] = {}

    def meaning(self, value: Value) -> Meaning:
        """What a cell with this value says; REJECTED where it is neither empty, nor a level, nor *not rated*."""
        key = (type(value), value)
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = self._meaning(value)
        return found

    def _meaning(self, value: Value) -> Meaning:
        shown = Cell(value, 1, 0).text
        text = folded(shown)
        if not text:
            return Meaning(CellKind.BLANK)
        if text in self._not_rated:
            return Meaning(CellKind.NOT_RATED, None, shown)
        level = self._levels.get(text) or self._labels.get(text) or self._of_text(text)
        is_level = level in self._names and not isinstance(value, bool)
        return Meaning(CellKind.LEVEL, level, shown) if is_level else Meaning(CellKind.REJECTED, None, shown)

    def _of_text(self, text: str) -> int | None:
        if found := _WHOLE.fullmatch(text):
            return None if self._numbers_are_open else int(found[1])
        if found := _NUMBERED.fullmatch(text):
            return self._agreed(int(found[1]), found[2])
        if found := _NUMBER_LAST.fullmatch(text):
            return self._agreed(int(found[2] or found[4]), found[1] or found[3])
        return None

    def _agreed(self, position: int, name: str) -> int | None:
        """The number, where the words beside it are the level's name or its first words."""
        known = self._names.get(position, "")
        return position if known == name or known.startswith(f"{name} ") else None


def _labels(rubric: Rubric) -> dict[str, int]:
    """Levels by name, where only one has it, and by number and name together."""
    names = [folded(level.name) for level in rubric.levels]
    labels = {folded(level.label): level.position for level in rubric.levels}
    return labels | {name: at for at, name in enumerate(names, start=1) if names.count(name) == 1}


def _prints_other_numbers(rubric: Rubric) -> bool:
    """Whether the levels' own names begin with numbers that are not their positions, such as "0 Not yet".

    Then nobody can tell whether a bare 1 is the first level or the one that is called 1.
    """
    printed = [(_PRINTED.match(folded(level.name)), level.position) for level in rubric.levels]
    return any(found and int(found[1]) != position for found, position in printed)
