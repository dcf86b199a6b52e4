"""Everything that one partnership has said, as one workbook: written for people who will never open the application."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from progressions.rubric import RubricVersion
from progressions.sheets.writing import CellValue, ExportRow, TableSheet, long_table, write_xlsx

SAVES_HEADER = (
    "saved at (UTC)",
    "saved by",
    "convening date",
    "convening",
    "rubric",
    "domain code",
    "domain",
    "level before",
    "level",
    "level name",
    "evidence",
    "next step",
    "owner",
    "due",
    "why it moved",
    "rubric version",
    "came with",
)
RUBRICS_HEADER = ("rubric", "title", "version", "published at (UTC)", "area", "domain code", "domain")
CONVENINGS_HEADER = ("convening date", "convening", "domains rated")
SHEETS = (
    ("Ratings", "what is agreed now: one row for each domain at each convening"),
    ("Saves", "how it came about: one row each time that something was saved, the oldest first"),
    ("Rubrics", "the words that the levels stand on, version by version"),
    ("Convenings", "the meetings at which the partnership rated"),
)
"""Each sheet and what it holds. Excel keeps the name "History" for itself."""


@dataclass(frozen=True, slots=True)
class SaveRow:
    """One save, as a row of "Saves"; fields in the order of its headings. Levels are None for *not rated*."""

    saved_at: datetime
    saved_by: str
    held_on: date
    convening: str
    rubric: str
    domain_code: str
    domain: str
    level_before: int | None
    level: int | None
    level_name: str
    evidence: str
    next_step: str
    owner: str
    due: date | None
    reason: str
    rubric_version: int
    came_with: str


@dataclass(frozen=True, slots=True)
class PartnershipBook:
    """What goes into the workbook; ``about`` are the lines of its first sheet, above the list of sheets."""

    about: Sequence[tuple[str, CellValue]]
    note: str
    ratings: Sequence[ExportRow]
    saves: Sequence[SaveRow]
    versions: Sequence[RubricVersion]
    convenings: Sequence[tuple[date, str, int]]


def partnership_workbook(book: PartnershipBook) -> bytes:
    """The five sheets; no cell is a formula."""
    about = [*([(book.note, "")] if book.note else []), *book.about, ("", ""), *SHEETS]
    saves = (tuple(getattr(row, name) for name in SaveRow.__dataclass_fields__) for row in book.saves)
    steps = max((len(version.rubric.levels) for version in book.versions), default=0)
    return write_xlsx(
        [
            TableSheet("About", (), about, wrap=True),
            long_table(book.ratings),
            TableSheet("Saves", SAVES_HEADER, saves),
            TableSheet("Rubrics", (*RUBRICS_HEADER, *_level_headings(steps)), _words(book.versions), wrap=True),
            TableSheet("Convenings", CONVENINGS_HEADER, book.convenings),
        ]
    )


def _level_headings(steps: int) -> Iterator[str]:
    return (f"level {number}" for number in range(1, steps + 1))


def _words(versions: Iterable[RubricVersion]) -> Iterator[tuple[CellValue, ...]]:
    """A row with the names of the levels for each version, then one for each domain."""
    for version in versions:
        rubric = version.rubric
        whose = (rubric.code, rubric.title, version.number, version.published_at)
        yield (*whose, "", "", "names of the levels", *(level.name for level in rubric.levels))
        for domain in rubric.domains:
            yield (*whose, domain.area, domain.code, domain.title, *domain.descriptors)
