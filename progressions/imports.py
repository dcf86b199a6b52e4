"""The plan of an import: what is stored against what was read. Pure: preview and import are this plan."""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from operator import attrgetter
from typing import NamedTuple

from progressions.issues import Issue, Issues, Severity
from progressions.ratings import RatingKey
from progressions.ratings_read import CellKind, RatingsRead, ReadCell
from progressions.sheets import kinds
from progressions.sheets.naming import shown
from progressions.text import folded

Stored = Mapping[RatingKey, tuple[int | None, int]]
"""For each rating that has a row: its level (None where not rated) and its row version."""
_CODE_AND_TITLE: Callable[[ReadCell], tuple[str, str]] = attrgetter("partnership_code", "partnership_title")


class Outcome(StrEnum):
    """What the import does with one cell."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    BLANK = "blank"
    NOT_RATED = "not_rated"
    REJECTED = "rejected"


class PlannedCell(NamedTuple):
    """A cell and its outcome. ``base`` is the stored row version that a write expects, 0 for "no row yet"."""

    cell: ReadCell
    outcome: Outcome
    old_level: int | None = None
    base: int = 0

    @property
    def is_write(self) -> bool:
        """Whether the import stores this cell's level."""
        return self.outcome is Outcome.NEW or self.outcome is Outcome.CHANGED


@dataclass(frozen=True, slots=True)
class Counts:
    """How many cells had which outcome; ValueError where they do not add up to those that were read."""

    read: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    blank: int = 0
    not_rated: int = 0
    rejected: int = 0

    def __post_init__(self) -> None:
        """Refuses a plan in which a cell has got lost."""
        parts = (self.new, self.changed, self.unchanged, self.blank, self.not_rated, self.rejected)
        if self.read != sum(parts):
            raise ValueError(f"{self.read} cells read, {sum(parts)} accounted for")


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """What an import would do, cell by cell.

    ``new_partnerships`` are (code, title), ``new_convenings`` (day, title), of ratings that would be written.
    ``partnerships``, ``convenings`` and ``domains`` count the different ones that the sheet names.
    """

    cells: tuple[PlannedCell, ...]
    issues: tuple[Issue, ...]
    counts: Counts
    new_partnerships: tuple[tuple[str, str], ...]
    new_convenings: tuple[tuple[date, str], ...]
    partnerships: int
    convenings: int
    domains: int

    @property
    def nothing_to_do(self) -> bool:
        """Whether the import would write no rating."""
        return self.counts.new == 0 and self.counts.changed == 0

    @property
    def fingerprint(self) -> str:
        """SHA-256 over every write and the row version it expects: an equal plan, an equal fingerprint."""
        digest = hashlib.sha256(repr((self.new_partnerships, self.new_convenings)).encode())
        for planned in self.cells:
            if planned.is_write:
                cell = planned.cell
                key = (cell.partnership_code, str(cell.held_on), cell.rubric, cell.domain)
                digest.update(repr((key, cell.level, planned.base)).encode())
        return digest.hexdigest()


def plan_import(
    read: RatingsRead,
    stored: Stored,
    known_partnerships: Mapping[str, str],
    known_convenings: Mapping[date, str],
) -> ImportPlan:
    """What importing the cells would do to what is stored; nothing is written.

    ``known_partnerships`` gives titles by code, ``known_convenings`` titles by day. A blank and a *not rated*
    never erase a stored level. A level where a stored rating has none is NEW. Codes that differ only in upper
    and lower case are one partnership, as it is stored.
    """
    issues = Issues()
    spelled = _in_stored_spelling(read, known_partnerships, issues)
    changed = {code: stored for code, stored in spelled.items() if code != stored}
    cells = [_spelled(cell, changed) for cell in read.cells] if changed else read.cells
    planned = tuple(_planned(cell, stored, issues) for cell in cells)
    _note_other_titles(cells, known_partnerships, issues)
    # One pass in C for each question: a file may have a million cells.
    writes = [p.cell for p in planned if p.outcome is Outcome.NEW or p.outcome is Outcome.CHANGED]
    places = set(map(attrgetter("rubric", "domain"), cells))
    new_partnerships = _new_partnerships(writes, known_partnerships)
    _note_likeness(new_partnerships, known_partnerships, issues)
    return ImportPlan(
        planned,
        _together(read.issues, issues.found),
        _counts(planned),
        new_partnerships,
        _new_convenings(writes, known_convenings),
        len(set(map(attrgetter("partnership_code"), cells)) - {""}),
        len(set(map(attrgetter("held_on"), cells)) - {None}),
        sum(1 for _, domain in places if domain),
    )


def _in_stored_spelling(read: RatingsRead, known: Mapping[str, str], issues: Issues) -> dict[str, str]:
    """For each code of the file the stored one: whatever its case, or by the title where the file has no codes."""
    stored = {folded(code): code for code in known}
    titles = Counter(folded(title) for title in known.values())
    by_title = {folded(title): code for code, title in known.items() if titles[folded(title)] == 1}
    found = dict(map(_CODE_AND_TITLE, read.cells))
    found.pop("", None)
    spelled: dict[str, str] = {}
    for code, title in found.items():
        spelled[code] = stored.get(folded(code), code)
        if read.codes_made and spelled[code] not in known and folded(title) in by_title:
            spelled[code] = by_title[folded(title)]
            issues.add(kinds.FOUND_BY_TITLE, title=shown(title), code=shown(spelled[code]))
    return spelled


def _spelled(cell: ReadCell, changed: Mapping[str, str]) -> ReadCell:
    code = changed.get(cell.partnership_code)
    return cell if code is None else cell._replace(partnership_code=code)


def _note_likeness(new: Iterable[tuple[str, str]], known: Mapping[str, str], issues: Issues) -> None:
    """Says where a new partnership looks like a stored one: by its title, or by a code that may have lost zeros."""
    by_title = {folded(title): code for code, title in known.items() if title}
    by_figures = {code.lstrip("0"): code for code in known if code.isdecimal()}
    for code, title in new:
        stored = by_figures.get(code.lstrip("0")) if code.isdecimal() else None
        if stored:
            issues.add(kinds.LOST_ZEROS_STORED, code=shown(code), stored=shown(stored))
        elif folded(title) in by_title:
            same = by_title[folded(title)]
            issues.add(kinds.SAME_TITLE_STORED, title=shown(title), code=shown(code), stored=shown(same))


def _planned(cell: ReadCell, stored: Stored, issues: Issues) -> PlannedCell:
    if cell.kind is CellKind.REJECTED:
        return PlannedCell(cell, Outcome.REJECTED)
    old, base = _stored(cell, stored) if stored else (None, 0)
    if cell.kind is CellKind.BLANK:
        return PlannedCell(cell, Outcome.BLANK, old, base)
    if cell.kind is CellKind.NOT_RATED:
        if old is not None:
            issues.add(kinds.KEPT_LEVEL, sheet=cell.sheet, cells=(cell.address,))
        return PlannedCell(cell, Outcome.NOT_RATED, old, base)
    # A level that another cell of the file gave before is not written a second time.
    if cell.level == old or cell.problem == kinds.REPEATED.code:
        return PlannedCell(cell, Outcome.UNCHANGED, old, base)
    return PlannedCell(cell, Outcome.NEW if old is None else Outcome.CHANGED, old, base)


def _stored(cell: ReadCell, stored: Stored) -> tuple[int | None, int]:
    if cell.held_on is None:
        return None, 0
    return stored.get(RatingKey(cell.partnership_code, cell.held_on, cell.rubric, cell.domain), (None, 0))


def _counts(planned: Iterable[PlannedCell]) -> Counts:
    outcomes = list(map(attrgetter("outcome"), planned))
    return Counts(read=len(outcomes), **{outcome.value: outcomes.count(outcome) for outcome in Outcome})


def _note_other_titles(cells: Iterable[ReadCell], known: Mapping[str, str], issues: Issues) -> None:
    noted = {cell.partnership_code: cell for cell in cells if cell.partnership_code in known}
    for code, cell in noted.items():
        stored, found = known[code], cell.partnership_title
        if folded(found) not in ("", folded(code), folded(stored)):
            issues.add(
                kinds.OTHER_TITLE,
                sheet=cell.sheet,
                code=shown(code),
                stored=shown(stored),
                found=shown(found),
            )


def _new_partnerships(writes: Iterable[ReadCell], known: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    titles = dict(map(_CODE_AND_TITLE, writes))
    return tuple((code, title or code) for code, title in titles.items() if code not in known)


def _new_convenings(writes: Iterable[ReadCell], known: Mapping[date, str]) -> tuple[tuple[date, str], ...]:
    titles: dict[date, str] = {}
    named: Iterable[tuple[date | None, str]] = dict.fromkeys(map(attrgetter("held_on", "convening_title"), writes))
    for held_on, title in named:
        if held_on is not None and held_on not in known:
            titles[held_on] = titles.get(held_on) or title
    return tuple(sorted(titles.items()))


def _together(first: tuple[Issue, ...], second: tuple[Issue, ...]) -> tuple[Issue, ...]:
    order = list(Severity)
    return tuple(sorted(first + second, key=lambda issue: order.index(issue.severity)))
