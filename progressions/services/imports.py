"""Past ratings in: read, plan, show, confirm. The preview is the plan that the import carries out."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime

from progressions import permissions
from progressions.errors import ChangedMeanwhileError, UserError
from progressions.imports import Counts, ImportPlan, plan_import
from progressions.issues import Issue
from progressions.people import Principal
from progressions.ratings import Batch, LevelWrite, RatingKey, UndoResult
from progressions.ratings_read import RatingsRead
from progressions.record import Action
from progressions.rubric import Rubric
from progressions.services.mappings import kept_mappings
from progressions.services.record import note_export
from progressions.settings import ReadLimits
from progressions.sheets.cells import Workbook
from progressions.sheets.former import only_known, with_former
from progressions.sheets.guessing import Guess, guess
from progressions.sheets.mapping import RatingsMapping, read_mapping, write_mapping
from progressions.sheets.ratings_sheets import read_ratings
from progressions.sheets.reading import read_workbook
from progressions.sheets.rejected_rows import rejected_rows
from progressions.store import Repository, Store


@dataclass(frozen=True, slots=True)
class Preview:
    """An uploaded file as it was understood, and exactly what importing it would do.

    ``stands_on`` is the state of the network that the plan was made from; ``guess`` says where the mapping comes from,
    and is None where the person gave it.
    """

    workbook: Workbook
    mapping: RatingsMapping
    read: RatingsRead
    plan: ImportPlan
    stands_on: "StandsOn"
    guess: Guess | None = None

    @property
    def file_name(self) -> str:
        """The name that the file was uploaded with."""
        return self.workbook.file_name

    @property
    def issues(self) -> tuple[Issue, ...]:
        """Every problem found while reading and while planning."""
        return self.plan.issues


@dataclass(frozen=True, slots=True)
class StandsOn:
    """A state of a network: its data revision, and the number of each rubric's latest version by code."""

    revision: int
    rubrics: Mapping[str, int]


def nothing_to_do(plan: ImportPlan) -> str:
    """Why there is nothing to import, in a sentence: everything is stored, or nothing can be."""
    if plan.counts.rejected:
        return f"Nothing can be imported: {plan.counts.rejected:,} of its cells have problems, and nothing else is new."
    if plan.counts.unchanged:
        return "Nothing to do: every rating of this file is stored already."
    return "Nothing to do: this file holds no ratings."


@dataclass(frozen=True, slots=True)
class NotUnderstood:
    """A file that cannot be read without being told how: what was understood of it, and what is missing."""

    workbook: Workbook
    guess: Guess

    @property
    def file_name(self) -> str:
        """The name that the file was uploaded with."""
        return self.workbook.file_name

    @property
    def sure(self) -> tuple[str, ...]:
        """What was understood, in sentences."""
        return tuple(finding.sentence for finding in self.guess.sure)

    @property
    def unsure(self) -> tuple[str, ...]:
        """What was not, in sentences."""
        return tuple(finding.sentence for finding in self.guess.unsure)


def preview(
    store: Store,
    principal: Principal,
    content: bytes,
    file_name: str,
    mapping_text: str | None,
    limits: ReadLimits,
) -> Preview | NotUnderstood:
    """Reads a file and plans its import; nothing is written. Raises FileRefusedError, and as ``preview_workbook``."""
    workbook = read_file(store, principal, content, file_name, limits)
    return preview_workbook(store, principal, workbook, mapping_text)


def preview_workbook(
    store: Store, principal: Principal, workbook: Workbook, mapping_text: str | None
) -> Preview | NotUnderstood:
    """Plans the import of a file that has been read before, for example by a mapping that was just corrected.

    Without a mapping the proposed one is taken, where it is complete; a kept mapping whose headings have come back
    goes before everything else. Raises MappingError, or UserError where the network has no rubric yet.
    """
    permissions.check_can_import_ratings(principal)
    with store.read(principal) as repository:
        stands_on = _state(repository)
        saved = kept_mappings(repository)
        readable = tuple(with_former(repository.versions(code)) for code in repository.rubric_codes())
    rubrics = _rubrics(store, principal)
    if mapping_text:
        mapping, proposed = read_mapping(mapping_text), None
    else:
        proposed = guess(workbook, rubrics, saved)
        if proposed.mapping is None:
            return NotUnderstood(workbook, proposed)
        mapping = proposed.mapping
    mapping = _of_any_name(mapping, workbook)
    read = read_ratings(workbook, mapping, readable)
    with store.read(principal) as repository:
        if readable != rubrics:
            read = only_known(read, repository.stored_levels(), rubrics)
        return Preview(workbook, mapping, read, _plan(repository, read), stands_on, proposed)


def read_file(store: Store, principal: Principal, content: bytes, file_name: str, limits: ReadLimits) -> Workbook:
    """The cells of an uploaded file. FileRefusedError where it cannot be read, UserError without a rubric."""
    permissions.check_can_import_ratings(principal)
    _rubrics(store, principal)
    return read_workbook(content, file_name, limits)


def proposal(store: Store, principal: Principal, workbook: Workbook, rubric: str | None = None) -> Guess:
    """The proposed mapping of a file, among all of the network's rubrics or one; UserError for an unknown one."""
    permissions.check_can_import_ratings(principal)
    found = tuple(r for r in _rubrics(store, principal) if rubric in (None, r.code))
    if not found:
        raise UserError(f"There is no rubric “{rubric}” in {principal.network.title}.")
    with store.read(principal) as repository:
        return guess(workbook, found, kept_mappings(repository))


def _of_any_name(mapping: RatingsMapping, workbook: Workbook) -> RatingsMapping:
    """Where a file has one sheet, its name does not matter: that of a csv is the file's, and differs each time."""
    names_it = [mapping.sheet] == [sheet.name for sheet in workbook.sheets]
    return replace(mapping, sheet=None) if names_it else mapping


def _rubrics(store: Store, principal: Principal) -> tuple[Rubric, ...]:
    with store.read(principal) as repository:
        rubrics = tuple(version.rubric for version in repository.latest_rubrics())
    if not rubrics:
        raise UserError("Publish a rubric first: ratings are read against its domains and levels.")
    return rubrics


def _state(repository: Repository) -> StandsOn:
    return StandsOn(repository.revision(), {v.rubric.code: v.number for v in repository.latest_rubrics()})


def _plan(repository: Repository, read: RatingsRead) -> ImportPlan:
    return plan_import(read, repository.stored_levels(), _partnerships(repository), _convenings(repository))


def _partnerships(repository: Repository) -> Mapping[str, str]:
    return {p.code: p.title for p in repository.partnerships()}


def _convenings(repository: Repository) -> Mapping[date, str]:
    return {c.held_on: c.title for c in repository.convenings()}


def confirm(store: Store, principal: Principal, preview: Preview, now: datetime) -> int | None:
    """Carries out the plan that was shown, in one transaction, and returns the batch.

    None where there is nothing to do. Raises ChangedMeanwhileError where the stored ratings have changed since, so
    that nothing is ever written that was not shown.
    """
    permissions.check_can_import_ratings(principal)
    with store.write(principal) as repository:
        _check_still_true(repository, preview)
        if preview.plan.nothing_to_do:
            return None
        return _apply(repository, preview, principal.signature, now)


def _check_still_true(repository: Repository, preview: Preview) -> None:
    """Where anything at all has been written since, the plan is made again and must come out the same."""
    now = _state(repository)
    if now == preview.stands_on:
        return
    if now.rubrics != preview.stands_on.rubrics:
        raise ChangedMeanwhileError(
            "A rubric has been published since this preview was made. Look at the new one and confirm again."
        )
    if _plan(repository, preview.read).fingerprint != preview.plan.fingerprint:
        raise ChangedMeanwhileError(
            "The stored ratings have changed since this preview was made. Look at the new one and confirm again."
        )


def _apply(repository: Repository, preview: Preview, by: str, now: datetime) -> int:
    plan = preview.plan
    batch = repository.add_batch(
        file_name=preview.file_name,
        sha256=preview.workbook.sha256,
        mapping=write_mapping(preview.mapping),
        counts=json.dumps(asdict(plan.counts)),
        by=by,
        now=now,
    )
    for code, title in plan.new_partnerships:
        repository.add_partnership(code, title, batch)
    for held_on, title in plan.new_convenings:
        repository.add_convening(held_on, title, batch)
    repository.save_levels(_writes(plan), batch_id=batch, by=by, now=now)
    about = f"import {batch}: {preview.file_name}"
    repository.note(Action.IMPORTED, about, new=f"{_counted(plan)}; SHA-256 {preview.workbook.sha256}", now=now)
    return batch


def _counted(plan: ImportPlan) -> str:
    """The counts of a plan as the record tells them, for example "new 12, unchanged 3"."""
    counts = asdict(plan.counts).items()
    return ", ".join(f"{name.replace('_', ' ')} {number:,}" for name, number in counts if number)


def _writes(plan: ImportPlan) -> Iterator[LevelWrite]:
    for planned in plan.cells:
        cell = planned.cell
        if planned.is_write and cell.held_on is not None:
            key = RatingKey(cell.partnership_code, cell.held_on, cell.rubric, cell.domain)
            yield LevelWrite(key, cell.level, planned.base)


def rejected_workbook(store: Store, principal: Principal, preview: Preview, now: datetime) -> bytes:
    """The rejected rows as a workbook to mend and upload again, each with its problem; see ``rejected_rows``."""
    permissions.check_can_import_ratings(principal)
    content = rejected_rows(preview.workbook, preview.read)
    note_export(store, principal, f"the rejected rows of {preview.file_name} (xlsx)", now)
    return content


@dataclass(frozen=True, slots=True)
class PastImport:
    """One import as it is remembered: ``counts`` by outcome, as the plan had them.

    ``undone_at`` and ``undone_by`` are None for an import that stands.
    """

    batch: int
    imported_at: datetime
    imported_by: str
    file_name: str
    sha256: str
    counts: Counts
    undone_at: datetime | None = None
    undone_by: str | None = None


def history(store: Store, principal: Principal) -> tuple[PastImport, ...]:
    """Every import of the network, the latest first; those that were undone too."""
    permissions.check_can_import_ratings(principal)
    with store.read(principal) as repository:
        return tuple(_past(batch) for batch in repository.batches())


def _past(batch: Batch) -> PastImport:
    return PastImport(
        batch.id,
        batch.imported_at,
        batch.imported_by,
        batch.file_name,
        batch.sha256,
        Counts(**json.loads(batch.counts)),
        batch.undone_at,
        batch.undone_by,
    )


def undo(store: Store, principal: Principal, batch: int, now: datetime) -> UndoResult:
    """Puts back, in one transaction, what every rating said before the import; later edits are kept and named.

    NotAllowedError where the network has no such import, UserError where it has been undone already.
    """
    permissions.check_can_import_ratings(principal)
    with store.write(principal) as repository:
        result = repository.undo_batch(batch, by=principal.signature, now=now)
        told = f"restored {result.restored:,}, removed {result.removed:,}, kept {len(result.kept):,}"
        repository.note(Action.IMPORT_UNDONE, f"import {batch}", new=told, now=now)
        return result
