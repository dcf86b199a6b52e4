"""The catalogue of problems in a user's file: each a declared thing with a code, a severity and a sentence.

The same problem in many cells of a sheet is one ``Issue`` that lists its cells. Standard library only.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """An error keeps something out of the store; a warning wants a look; a note only tells."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of problem. ``template`` is filled from the issue's details with ``str.format``."""

    code: str
    severity: Severity
    template: str


@dataclass(frozen=True, slots=True)
class Issue:
    """One problem as found: where, and the sentence that says what was found, expected, and what to do."""

    code: str
    severity: Severity
    message: str
    sheet: str = ""
    cells: tuple[str, ...] = ()

    def place(self, most: int) -> str:
        """Sheet and cells, at most so many of them by name: "LEA B2, B3 and 7 more"; "" for the whole file."""
        named = ", ".join(self.cells[:most])
        more = len(self.cells) - most
        cells = f"{named} and {more:,} more" if more > 0 else named
        return " ".join(part for part in (self.sheet, cells) if part)


class Issues:
    """Collects problems while a file is read, joining equal ones of a sheet into one line."""

    def __init__(self) -> None:
        self._cells: dict[tuple[str, str, str, Severity], list[str]] = {}

    def add(self, kind: Kind, *, sheet: str = "", cells: Iterable[str] = (), **details: object) -> None:
        """Records one occurrence; ``details`` fill the template of the kind."""
        key = (kind.code, sheet, kind.template.format(**details), kind.severity)
        self._cells.setdefault(key, []).extend(cells)

    @property
    def found(self) -> tuple[Issue, ...]:
        """Every issue so far, in the order of first occurrence, errors before warnings before notes."""
        order = list(Severity)
        issues = [
            Issue(code, severity, message, sheet, tuple(dict.fromkeys(cells)))
            for (code, sheet, message, severity), cells in self._cells.items()
        ]
        return tuple(sorted(issues, key=lambda issue: order.index(issue.severity)))


def has_errors(issues: Iterable[Issue]) -> bool:
    """Whether any of the issues keeps something out of the store."""
    return any(issue.severity is Severity.ERROR for issue in issues)
