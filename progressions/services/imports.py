"""Past ratings in: read, plan, show, confirm. The preview is the plan that the import carries out."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime

from progressions import permissions
from progressions.errors import ChangedMeanwhileError, UserError
from progressions.imports import Counts, ImportPlan, Outcome, plan_import
from progressions.issues import Issue
from progressions.people import Principal
from progressions.ratings import LevelWrite, RatingKey
from progressions.ratings_read import RatingsRead
from progressions.rubric import Rubric
from progressions.settings import ReadLimits
from progressions.sheets.cells import Workbook
from progressions.sheets.mapping import RatingsMapping, read_mapping, write_mapping
from progressions.sheets.ratings_sheets import read_ratings
from progressions.sheets.reading import read_workbook
from progressions.sheets.standard import recognise
from progressions.store import Repository, Store


@dataclass(frozen=True, slots=True)
class Preview:
    """An uploaded file as it was understood, and exactly what importing it would do."""

    file_name: str
    sha256: str
    mapping: RatingsMapping
    read: RatingsRead
    plan: ImportPlan

    @property
    def issues(self) -> tuple[Issue, ...]:
        """Every problem found while reading and while planning."""
        return self.plan.issues


@dataclass(frozen=True, slots=True)
class NotUnderstood:
    """A file whose sheet could not be read without a mapping: what was recognised, and what is missing."""

    file_name: str
    sure: tuple[str, ...]
    unsure: tuple[str, ...]


def preview(
    store: Store,
    principal: Principal,
    content: bytes,
    file_name: str,
    mapping_text: str | None,
    limits: ReadLimits,
) -> Preview | NotUnderstood:
    """Reads a file and plans its import; nothing is written.

    Without a mapping only the headings that the application knows are taken: nothing is guessed. Raises
    FileRefusedError, MappingError, or UserError where the network has no rubric yet.
    """
    permissions.check_can_import_ratings(principal)
    with store.read(principal.network) as repository:
        rubrics = tuple(v.rubric for v in repository.latest_rubrics())
    if not rubrics:
        raise UserError("Publish a rubric first: ratings are read against its domains and levels.")
    workbook = read_workbook(content, file_name, limits)
    mapping = read_mapping(mapping_text) if mapping_text else None
    if mapping is None:
        recognition = recognise(workbook, rubrics)
        if recognition.mapping is None:
            return NotUnderstood(file_name, recognition.sure, recognition.unsure)
        mapping = recognition.mapping
    return _planned(store, principal, workbook, mapping, rubrics)


def _planned(
    store: Store,
    principal: Principal,
    workbook: Workbook,
    mapping: RatingsMapping,
    rubrics: tuple[Rubric, ...],
) -> Preview:
    read = read_ratings(workbook, mapping, rubrics)
    with store.read(principal.network) as repository:
        plan = _plan(repository, read)
    return Preview(workbook.file_name, workbook.sha256, mapping, read, plan)


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
    with store.write(principal.network) as repository:
        plan = _plan(repository, preview.read)
        if plan.fingerprint != preview.plan.fingerprint:
            raise ChangedMeanwhileError(
                "The stored ratings have changed since this preview was made. Look at the new one and confirm again."
            )
        if plan.nothing_to_do:
            return None
        return _apply(repository, preview, plan, principal.name, now)


def _apply(repository: Repository, preview: Preview, plan: ImportPlan, by: str, now: datetime) -> int:
    for code, title in plan.new_partnerships:
        repository.add_partnership(code, title)
    for held_on, title in plan.new_convenings:
        repository.add_convening(held_on, title)
    batch = repository.add_batch(
        file_name=preview.file_name,
        sha256=preview.sha256,
        mapping=write_mapping(preview.mapping),
        counts=json.dumps(asdict(plan.counts)),
        by=by,
        now=now,
    )
    repository.save_levels(_writes(plan), batch_id=batch, by=by, now=now)
    return batch


def _writes(plan: ImportPlan) -> list[LevelWrite]:
    return [
        LevelWrite(
            RatingKey(c.cell.partnership_code, c.cell.held_on, c.cell.rubric, c.cell.domain),
            c.cell.level,
            c.base,
        )
        for c in plan.cells
        if c.outcome in (Outcome.NEW, Outcome.CHANGED) and c.cell.held_on is not None and c.cell.level is not None
    ]


@dataclass(frozen=True, slots=True)
class PastImport:
    """One import as it is remembered: ``counts`` by outcome, as the plan had them."""

    batch: int
    imported_at: datetime
    imported_by: str
    file_name: str
    counts: Counts


def history(store: Store, principal: Principal) -> tuple[PastImport, ...]:
    """Every import of the network, the latest first."""
    permissions.check_can_import_ratings(principal)
    with store.read(principal.network) as repository:
        batches = repository.batches()
    return tuple(
        PastImport(b.id, b.imported_at, b.imported_by, b.file_name, Counts(**json.loads(b.counts))) for b in batches
    )
