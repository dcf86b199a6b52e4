"""What was read from sheets of past ratings: one ``ReadCell`` for every cell that may hold a level.

Standard library only.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from progressions.issues import Issue


class CellKind(StrEnum):
    """What a cell says. *Blank* says nothing; *not rated* says in words that there is no level."""

    LEVEL = "level"
    BLANK = "blank"
    NOT_RATED = "not_rated"
    REJECTED = "rejected"


class ReadCell(NamedTuple):
    """One cell that may hold a level, and what it is of; a tuple, because a file may have a million.

    ``column`` is the column's letters as Excel shows them, ``row`` counts from 1. ``level`` is given for the kind
    LEVEL alone. ``text`` is the cell as found; ``problem`` is the code of the issue that names this cell, "" where
    there is none. ``held_on`` and the codes are empty where the row does not say.
    """

    sheet: str
    column: str
    row: int
    partnership_code: str
    partnership_title: str
    held_on: date | None
    convening_title: str
    rubric: str
    domain: str
    kind: CellKind
    level: int | None
    text: str
    problem: str = ""

    @property
    def address(self) -> str:
        """The address as Excel shows it, for example "C7"."""
        return f"{self.column}{self.row}"


@dataclass(frozen=True, slots=True)
class RatingsRead:
    """Every cell of the read sheets that may hold a level, every issue, and how many filled rows there are.

    ``unread`` are sheet and heading of each column that the mapping does not name. ``codes_made`` says that the file
    has no codes of partnerships: they were made of the titles.
    """

    cells: tuple[ReadCell, ...]
    issues: tuple[Issue, ...]
    rows: int
    unread: tuple[tuple[str, str], ...] = ()
    codes_made: bool = False
