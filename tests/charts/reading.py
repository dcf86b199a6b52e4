"""What every figure must draw, mark by mark, told by its table alone: for each the places of a scene and its table.

The tables are read by their headings and their texts, and never by the rows that a figure is drawn from.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pandas as pd

from progressions.charts.colours import level_colours
from progressions.charts.figure import Figure
from progressions.charts.theme import Mode, inks
from tests.charts.drawings import RUBRIC
from tests.charts.scene import Cell, Scene, Told, scene_of

LABELS = [level.label for level in RUBRIC.levels]
FILLS = dict(zip(LABELS, level_colours(4), strict=True))
INK = inks(Mode.LIGHT)
NOT_RATED = "not rated"
Places = dict[Any, Any]


@dataclass(frozen=True, slots=True)
class Reading:
    """How a scene is seen, and what its figure's table says must be there."""

    seen: Callable[[Scene], Places]
    told: Callable[[pd.DataFrame], Places]

    def drawn(self, figure: Figure) -> Places:
        return self.seen(scene_of(figure))


def tip(values: Mapping[str, object]) -> Told:
    """A tooltip names only what is there."""
    return tuple((title, str(value)) for title, value in values.items() if value != "")


def cell(text: object = "", fill: str = "", **more: Any) -> Cell:
    """A cell of one text and one colour, of one tooltip."""
    told = more.pop("told", None)
    texts = (str(text),) if text != "" else ()
    return Cell(texts, (fill,) if fill else (), frozenset({tip(told)} if told else ()), **more)


def number(label: str) -> str:
    """The number that a level's label begins with."""
    return label.split()[0]


def is_there(value: Any) -> bool:
    return bool(pd.notna(value)) and value != ""


def records(table: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(head): value for head, value in row.items()} for row in table.to_dict("records")]


def rounded(count: int, whole: int) -> str:
    """The percent in whole numbers, as people round: "13%" for 1 of 8."""
    return f"{(Decimal(100 * count) / whole).quantize(Decimal(1), ROUND_HALF_UP)}%"


def part_of(count: int, whole: int) -> str:
    """For example "2 of 8 (25%)"."""
    return f"{count:,} of {whole:,} ({rounded(count, whole)})"


def beside_words(counts: Mapping[str, int], own: str) -> str:
    """How many of those at levels, by label, stand lower than one's own, at the same, and higher."""
    place = LABELS.index(own)
    lower, higher = (sum(counts[label] for label in some) for some in (LABELS[:place], LABELS[place + 1 :]))
    return f"{lower:,} lower, {counts[own]:,} the same, {higher:,} higher"


def level_cell(told: Mapping[str, object], level: Any, **after: object) -> Cell:
    """A cell with a level in it, or the dot of what is not rated."""
    if not is_there(level):
        return cell("·", told={**told, "Level": NOT_RATED, **after})
    label = LABELS[int(level) - 1]
    return cell(int(level), FILLS[label], told={**told, "Level": label, **after})


def not_anew(at: Cell) -> Cell:
    return Cell(at.texts, at.fills, at.told, at.is_outlined)
