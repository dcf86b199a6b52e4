"""The record of who did what, and the history of a single rating."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from progressions import permissions
from progressions.errors import NotAllowedError
from progressions.people import EXAMPLE_NOTE, Principal
from progressions.ratings import RatingChange, RatingKey
from progressions.record import EVERYTHING, Action, Entry, Wanted
from progressions.rubric import RubricVersion
from progressions.sheets.writing import CellValue, TableSheet, sheet_csv, write_xlsx
from progressions.store import Repository, Store

FORMS = ("csv", "xlsx")
ON_A_PAGE = 100
HEADER = ("when (UTC)", "who", "from where", "what", "about", "before", "after")


def note_export(store: Store, principal: Principal, what: str, now: datetime) -> None:
    """Notes that a file goes out to this person. Called last, so that what could not be made is not noted."""
    with store.write(principal) as repository:
        repository.note(Action.EXPORTED, what, now=now)


@dataclass(frozen=True, slots=True)
class RecordPage:
    """At most ``ON_A_PAGE`` lines of the record, the newest first, and whether there are older ones."""

    entries: tuple[Entry, ...]
    has_older: bool


def page(store: Store, principal: Principal, wanted: Wanted = EVERYTHING, number: int = 0) -> RecordPage:
    """One page of the record; page 0 has the newest lines. NotAllowedError for anybody but network staff."""
    permissions.check_can_read_record(principal)
    begin = max(number, 0) * ON_A_PAGE
    with store.read(principal) as repository:
        entries = repository.entries(wanted, begin + ON_A_PAGE + 1)
        found = tuple(islice(entries, begin, begin + ON_A_PAGE + 1))
    return RecordPage(found[:ON_A_PAGE], len(found) > ON_A_PAGE)


def signers(store: Store, principal: Principal) -> dict[str, str]:
    """Who is in the record: names as they are today, by the mark that ``Wanted`` takes."""
    permissions.check_can_read_record(principal)
    with store.read(principal) as repository:
        return repository.signers()


def record_file(store: Store, principal: Principal, form: str, now: datetime) -> bytes:
    """The whole record as csv or xlsx, which is itself noted; NotAllowedError for any other form."""
    permissions.check_can_read_record(principal)
    if form not in FORMS:
        raise NotAllowedError
    with store.read(principal) as repository:
        notes = (EXAMPLE_NOTE,) if principal.network.is_example else ()
        sheet = TableSheet("Record", HEADER, _lines(repository), notes_above=notes)
        content = sheet_csv(sheet) if form == "csv" else write_xlsx([sheet])
    note_export(store, principal, f"the record ({form})", now)
    return content


def _lines(repository: Repository) -> Iterator[tuple[CellValue, ...]]:
    for entry in repository.entries():
        yield (entry.at, entry.who, entry.came_from, entry.action.value, entry.about, entry.old, entry.new)


@dataclass(frozen=True, slots=True)
class PastSave:
    """One save of one rating as its history shows it: ``level`` by number and name, "" for *not rated*.

    ``file`` names the import that it came with, or that was taken back (``is_undo``); "" for one by hand.
    """

    change: RatingChange
    level: str
    file: str = ""
    is_undo: bool = False

    @property
    def came_with(self) -> str:
        """How it came, for example "import past.xlsx"; "" where somebody saved it by hand."""
        if not self.file:
            return ""
        return f"undo of import {self.file}" if self.is_undo else f"import {self.file}"


def history_of(store: Store, principal: Principal, key: RatingKey) -> tuple[PastSave, ...]:
    """Every save of one rating, the newest first, for whoever sees its partnership."""
    permissions.check_can_see_partnership(principal, key.partnership)
    with store.read(principal) as repository:
        return past_saves(repository, repository.changes(key))


def past_saves(repository: Repository, changes: tuple[RatingChange, ...]) -> tuple[PastSave, ...]:
    """Saves with the names of their levels and files, in the order in which they come."""
    codes = {change.key.rubric for change in changes}
    versions = {(code, v.number): v for code in codes for v in repository.versions(code)}
    files, imported = repository.files_of(changes), _imported(changes)
    return tuple(
        PastSave(
            change,
            level_label(versions.get((change.key.rubric, change.rubric_version)), change.new.level),
            files.get(change.batch_id or 0, ""),
            is_undo=imported.get((change.key, change.batch_id), change.row_version) < change.row_version,
        )
        for change in changes
    )


def _imported(changes: tuple[RatingChange, ...]) -> dict[tuple[RatingKey, int | None], int]:
    """The row version that an import gave to a rating: another one with the same batch is of its undo."""
    found: dict[tuple[RatingKey, int | None], int] = {}
    for change in changes:
        if change.batch_id is not None:
            place = (change.key, change.batch_id)
            found[place] = min(change.row_version, found.get(place, change.row_version))
    return found


def level_label(version: RubricVersion | None, level: int | None) -> str:
    """A level by number and name in the words of its version; "" for *not rated*."""
    if level is None:
        return ""
    return version.rubric.level(level).label if version is not None else f"level {level}"
