"""What a cell says of a level, such that it is read again as the same level. Standard library only."""

from progressions.rubric import Level, Rubric
from progressions.sheets.levels import LevelReader


class LevelCells:
    """Writes levels for the rubric by which the cells will be read: as numbers, or as texts where those are ambiguous.

    In a rubric that is printed from 0, a bare 1 is either the first level or the one that is called 1.
    """

    def __init__(self, rubric: Rubric) -> None:
        self._levels = {level.position: level for level in rubric.levels}
        self._reader = LevelReader(rubric, {}, ())
        self._known: dict[Level, int | str] = {}

    def cell(self, level: Level) -> int | str:
        """The number, or else a text, that is read as this level, which may be an older version's.

        Its own words go before the rubric's present ones. Where nothing is read as the level, its label.
        """
        if level not in self._known:
            now = self._levels.get(level.position, level)
            texts = (level.position, level.name, level.label, now.name, now.label)
            self._known[level] = next((text for text in texts if self._is_read_as(level, text)), level.label)
        return self._known[level]

    def choice(self, level: Level) -> str:
        """The same for people to choose: number and name, or the name alone where it says another number."""
        return level.label if self._is_read_as(level, level.position) else str(self.cell(level))

    def _is_read_as(self, level: Level, text: int | str) -> bool:
        return self._reader.meaning(text).level == level.position
