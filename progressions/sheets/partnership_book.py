"""Everything that one partnership has said, as one workbook: written for people who will never open the application."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from progressions.rubric import RubricVersion
from progressions.sheets.writing import CellValue, ExportRow, TableSheet, long_table, write_xlsx

MORE_HEADER = (
    "what convinced us",
    "links",
    "come back to it",
    "the promise is",
    "knowing what we know now",
)
"""What a team says of a rating beyond what an import knows."""
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
    *MORE_HEADER,
    "rubric version",
    "came with",
)
VOTES_HEADER = ("convening date", "convening", "rubric", "domain code", "domain", "rubric version", "vote", "side")
RUBRICS_HEADER = ("rubric", "title", "version", "published at (UTC)", "area", "domain code", "domain")
CONVENINGS_HEADER = ("convening date", "convening", "domains rated")
SHARED_HEADER = (
    "rubric",
    "domain code",
    "domain",
    "what helped us move",
    "how to ask us",
    "may be asked since (UTC)",
    "saved at (UTC)",
    "saved by",
)
SHEETS = (
    ("Ratings", "what is agreed now: one row for each domain at each convening"),
    ("Saves", "how it came about: one row each time that something was saved, the oldest first"),
    ("Votes", "how many said what when votes were revealed: never who; the sides apart where each had three or more"),
    ("Rubrics", "the words that the levels stand on, version by version"),
    ("Shared", "notes for the network on what helped, and whether others may ask"),
    ("Convenings", "the meetings at which the partnership rated"),
)
"""Each sheet and what it holds. Excel keeps the name "History" for itself."""


@dataclass(frozen=True, slots=True)
class SaveRow:
    """One save, as a row of "Saves"; fields in the order of its headings. Levels are None for *not rated*.

    ``more`` holds the cells under ``MORE_HEADER``.
    """

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
    more: tuple[CellValue, ...]
    rubric_version: int
    came_with: str


@dataclass(frozen=True, slots=True)
class VoteRow:
    """How many of one side said what in one vote, as a row of "Votes"; ``counts`` by level, level 1 first."""

    held_on: date
    convening: str
    rubric: str
    domain_code: str
    domain: str
    rubric_version: int
    vote: int
    side: str
    counts: tuple[int, ...]
    cannot_judge: int


@dataclass(frozen=True, slots=True)
class PartnershipBook:
    """What goes into the workbook; ``about`` are the lines of its first sheet, above the list of sheets.

    ``more`` holds for each of the ratings the cells under ``MORE_HEADER``, ``shared`` the rows under ``SHARED_HEADER``.
    """

    about: Sequence[tuple[str, CellValue]]
    note: str
    ratings: Sequence[ExportRow]
    more: Sequence[tuple[CellValue, ...]]
    saves: Sequence[SaveRow]
    votes: Sequence[VoteRow]
    shared: Sequence[tuple[CellValue, ...]]
    versions: Sequence[RubricVersion]
    convenings: Sequence[tuple[date, str, int]]


def partnership_workbook(book: PartnershipBook) -> bytes:
    """The seven sheets; no cell is a formula."""
    about = [*([(book.note, "")] if book.note else []), *book.about, ("", ""), *SHEETS]
    steps = max((len(version.rubric.levels) for version in book.versions), default=0)
    return write_xlsx(
        [
            TableSheet("About", (), about, wrap=True),
            _ratings(book),
            TableSheet("Saves", SAVES_HEADER, map(_save, book.saves)),
            TableSheet("Votes", _votes_header(book.votes), _votes(book.votes)),
            TableSheet("Rubrics", (*RUBRICS_HEADER, *_level_headings(steps)), _words(book.versions), wrap=True),
            TableSheet("Shared", SHARED_HEADER, book.shared),
            TableSheet("Convenings", CONVENINGS_HEADER, book.convenings),
        ]
    )


def _ratings(book: PartnershipBook) -> TableSheet:
    """As the network's own file has them, so that they can be read again, with what an import does not know behind."""
    table = long_table(book.ratings)
    rows = ((*row, *more) for row, more in zip(table.rows, book.more, strict=True))
    return replace(table, header=(*table.header, *MORE_HEADER), rows=rows)


def _save(row: SaveRow) -> tuple[CellValue, ...]:
    cells: list[CellValue] = []
    for name in SaveRow.__dataclass_fields__:
        value = getattr(row, name)
        cells.extend(value if isinstance(value, tuple) else (value,))
    return tuple(cells)


def _votes_header(votes: Iterable[VoteRow]) -> tuple[str, ...]:
    return (*VOTES_HEADER, *_level_headings(_steps(votes)), "cannot judge", "all")


def _steps(votes: Iterable[VoteRow]) -> int:
    return max((len(row.counts) for row in votes), default=0)


def _votes(votes: Sequence[VoteRow]) -> Iterator[tuple[CellValue, ...]]:
    """A level that the rubric does not have is a gap, never a zero."""
    steps = _steps(votes)
    for row in votes:
        whose = (row.held_on, row.convening, row.rubric, row.domain_code, row.domain, row.rubric_version)
        gaps = (None,) * (steps - len(row.counts))
        voters = sum(row.counts) + row.cannot_judge
        yield (*whose, row.vote, row.side, *row.counts, *gaps, row.cannot_judge, voters)


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
