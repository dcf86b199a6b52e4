"""The level readers of a file: one for each rubric, and for domains or columns with texts of their own."""

from collections.abc import Mapping, Sequence

from progressions.rubric import Rubric
from progressions.sheets.levels import LevelReader
from progressions.sheets.mapping import DomainRef, RatingsMapping
from progressions.text import folded


class Scales:
    """Finds the reader for a cell; texts for a heading go before those for a domain, a rubric, and the file."""

    def __init__(self, mapping: RatingsMapping, rubrics: Sequence[Rubric]) -> None:
        self._rubrics = {rubric.code: rubric for rubric in rubrics}
        self._mapping = mapping
        self._of = {folded(place): levels for place, levels in mapping.levels_of.items()}
        self._readers: dict[tuple[str, ...], LevelReader] = {}

    def reader(self, ref: DomainRef, heading: str = "") -> LevelReader:
        """The reader for cells of this domain in this column; KeyError where there is no such rubric."""
        places = tuple(place for place in map(folded, (ref.rubric, str(ref), heading)) if place in self._of)
        key = (ref.rubric, *places)
        if key not in self._readers:
            self._readers[key] = LevelReader(self._rubrics[ref.rubric], self._texts(places), self._mapping.not_rated)
        return self._readers[key]

    def _texts(self, places: Sequence[str]) -> Mapping[str, int]:
        texts = {folded(text): level for text, level in self._mapping.levels.items()}
        for place in places:
            texts |= {folded(text): level for text, level in self._of[place].items()}
        return texts
