"""Which level a cell means, for one rubric. Standard library only."""

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from progressions.ratings_read import CellKind
from progressions.rubric import Rubric
from progressions.sheets.cells import Cell, Value
from progressions.text import folded

_WHOLE = re.compile(r"(\d+)(?:\.0+)?")
_NUMBERED = re.compile(r"(?:level )?(\d+)(?:\s*[-–—:.)]\s*|\s+)(\D.*)")
_NUMBER_LAST = re.compile(r"(\D+?)\s*\((\d+)\)")
_LEVEL_NUMBER = re.compile(r"level (\d+)")


class Meaning(NamedTuple):
    """What a cell says: its kind, and the level where it is one."""

    kind: CellKind
    level: int | None = None


class LevelReader:
    """Understands the cells of one rubric.

    The mapping's texts go first; then a level's whole number, its name, and both together, where the name
    may be cut short: "3", "Small change implementation", "2 – Small change", "Small change (2)".
    """

    def __init__(self, rubric: Rubric, levels: Mapping[str, int], not_rated: Iterable[str]) -> None:
        self._names = {level.position: folded(level.name) for level in rubric.levels}
        self._not_rated = frozenset(map(folded, not_rated))
        self._levels = {folded(text): level for text, level in levels.items()}
        self._known: dict[tuple[type, Value], Meaning] = {}

    def meaning(self, cell: Cell) -> Meaning:
        """What the cell says; REJECTED where it is neither empty, nor a level, nor *not rated*."""
        key = (type(cell.value), cell.value)
        if key not in self._known:
            self._known[key] = self._meaning(cell)
        return self._known[key]

    def _meaning(self, cell: Cell) -> Meaning:
        text = folded(cell.text)
        if not text:
            return Meaning(CellKind.BLANK)
        if text in self._not_rated:
            return Meaning(CellKind.NOT_RATED)
        level = self._levels.get(text) or self._of_text(text)
        is_level = level in self._names and not isinstance(cell.value, bool)
        return Meaning(CellKind.LEVEL, level) if is_level else Meaning(CellKind.REJECTED)

    def _of_text(self, text: str) -> int | None:
        for pattern in (_WHOLE, _LEVEL_NUMBER):
            if found := pattern.fullmatch(text):
                return int(found[1])
        if found := _NUMBERED.fullmatch(text):
            return self._agreed(int(found[1]), found[2])
        if found := _NUMBER_LAST.fullmatch(text):
            return self._agreed(int(found[2]), found[1])
        named = [position for position, name in self._names.items() if name == text]
        return named[0] if len(named) == 1 else None

    def _agreed(self, position: int, name: str) -> int | None:
        """The number, where the words beside it are the level's name or its first words."""
        known = self._names.get(position, "")
        return position if known == name or known.startswith(f"{name} ") else None
