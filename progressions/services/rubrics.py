"""Rubrics: read them, check a file, publish a version, take the workbook home."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from progressions import permissions
from progressions.comparison import DomainChange, compare
from progressions.errors import UserError
from progressions.issues import Issue, has_errors
from progressions.people import Principal
from progressions.publishing import PublishingPlan, plan_publishing
from progressions.record import Action
from progressions.rubric import Origin, Rubric, RubricVersion
from progressions.services.record import note_export
from progressions.settings import RUBRICS, ReadLimits
from progressions.sheets.cells import Workbook
from progressions.sheets.reading import read_workbook
from progressions.sheets.rubric_guessing import Understanding, arrange, understand
from progressions.sheets.rubric_headings import LevelOrder
from progressions.sheets.rubric_layout import Orientation, RubricLayout
from progressions.sheets.rubric_sheets import read_rubrics
from progressions.sheets.templates import rubric_template
from progressions.sheets.writing import rubric_workbook
from progressions.store import Repository, Store

SHIPPED = RUBRICS / "developmental-progressions.xlsx"
SHIPPED_BY = "Progressions"
Origins = Mapping[str, Mapping[str, Origin]]
"""What staff confirmed of domains: by code of the rubric, then of the domain."""


@dataclass(frozen=True, slots=True)
class RubricFile:
    """A rubric file as understood: its rubrics, every issue, and what publishing it would do.

    ``layouts`` are those that were read, and ``understanding`` holds the others that are possible. ``changes`` are by
    rubric code, against the latest version, in the order of ``plans``.
    """

    workbook: Workbook
    understanding: Understanding
    layouts: tuple[RubricLayout, ...]
    rubrics: tuple[Rubric, ...]
    issues: tuple[Issue, ...]
    plans: tuple[PublishingPlan, ...] = ()
    changes: Mapping[str, tuple[DomainChange, ...]] = field(default_factory=dict)

    @property
    def file_name(self) -> str:
        """The name that the file was uploaded with."""
        return self.workbook.file_name

    @property
    def ok(self) -> bool:
        """Whether the file could be published as it is."""
        return bool(self.rubrics) and not has_errors(self.issues)

    @property
    def changes_nothing(self) -> bool:
        """Whether every rubric of the file is published already, word for word."""
        return self.ok and all(plan.changes_nothing for plan in self.plans)


def check_file(content: bytes, file_name: str, limits: ReadLimits) -> RubricFile:
    """What a file says, without a network to publish it in. Raises FileRefusedError where it cannot be read."""
    return check_workbook(read_workbook(content, file_name, limits))


def check_workbook(workbook: Workbook, layouts: tuple[RubricLayout, ...] | None = None) -> RubricFile:
    """The same of a file that has been read before; ``layouts`` are those that a person has looked at."""
    understanding = understand(workbook)
    read = read_rubrics(workbook, layouts)
    return RubricFile(workbook, understanding, layouts or understanding.best, read.rubrics, read.issues)


def read_file(principal: Principal, content: bytes, file_name: str, limits: ReadLimits) -> Workbook:
    """The cells of an uploaded rubric file. FileRefusedError where it cannot be read."""
    permissions.check_can_publish_rubric(principal)
    return read_workbook(content, file_name, limits)


def understood(workbook: Workbook) -> Understanding:
    """How the sheets of a file can be read as rubrics, and what is not certain."""
    return understand(workbook)


def arranged(
    workbook: Workbook, sheet: str, header_row: int, orientation: Orientation, level_order: LevelOrder
) -> RubricLayout | None:
    """The layout of a sheet as somebody describes it; None where nothing can be read in that way."""
    return arrange(workbook.sheet(sheet), header_row, orientation, level_order)


def latest(store: Store, principal: Principal) -> tuple[RubricVersion, ...]:
    """The latest version of each of the network's rubrics, in the order of first publishing."""
    permissions.check_can_read_rubrics(principal)
    with store.read(principal) as repository:
        return repository.latest_rubrics()


def is_working_text(version: RubricVersion) -> bool:
    """Whether the words of a version may be this project's own: those of the workbook that is shipped."""
    return version.source_file == SHIPPED.name


def version(store: Store, principal: Principal, code: str, number: int | None = None) -> RubricVersion | None:
    """One version of a rubric, the latest where no number is given; None where there is none."""
    permissions.check_can_read_rubrics(principal)
    with store.read(principal) as repository:
        return repository.rubric_version(code, number)


def versions(store: Store, principal: Principal, code: str) -> tuple[RubricVersion, ...]:
    """Every version of a rubric, the first first."""
    permissions.check_can_read_rubrics(principal)
    with store.read(principal) as repository:
        return repository.versions(code)


def workbook(store: Store, principal: Principal, now: datetime) -> bytes:
    """The network's rubrics as a workbook in the sheet format: what can be read back."""
    found = [v.rubric for v in latest(store, principal)]
    if not found:
        raise UserError("There are no rubrics yet.")
    content = rubric_workbook(found, found[0].about)
    note_export(store, principal, "the rubrics (xlsx)", now)
    return content


def preview(store: Store, principal: Principal, content: bytes, file_name: str, limits: ReadLimits) -> RubricFile:
    """What publishing this file would do; nothing is written."""
    permissions.check_can_publish_rubric(principal)
    return preview_workbook(store, principal, read_workbook(content, file_name, limits))


def preview_workbook(
    store: Store, principal: Principal, workbook: Workbook, layouts: tuple[RubricLayout, ...] | None = None
) -> RubricFile:
    """The same of a file that has been read before, by layouts that a person has looked at."""
    permissions.check_can_publish_rubric(principal)
    checked = check_workbook(workbook, layouts)
    with store.read(principal) as repository:
        return _planned(repository, checked, {})


def publish(
    store: Store,
    principal: Principal,
    checked: RubricFile,
    now: datetime,
    origins: Origins | None = None,
) -> RubricFile:
    """Publishes each rubric of a checked file whose text is new, all in one transaction.

    ``origins`` are what staff confirmed of domains, by code of rubric and domain. The plans of the returned file say
    what was done. UserError where the file has errors, or an origin is not possible.
    """
    permissions.check_can_publish_rubric(principal)
    if not checked.ok:
        raise UserError("This file has problems that must be mended before it can be published.")
    with store.write(principal) as repository:
        return _publish(repository, checked, principal.signature, now, origins or {})


def publish_shipped(store: Store, principal: Principal, now: datetime) -> None:
    """Publishes the framework that comes with the application in a network that has just been made."""
    permissions.check_can_publish_rubric(principal)
    shipped = check_file(SHIPPED.read_bytes(), SHIPPED.name, ReadLimits())
    with store.write(principal) as repository:
        _publish(repository, shipped, SHIPPED_BY, now, {})


def _planned(repository: Repository, checked: RubricFile, origins: Origins) -> RubricFile:
    versions = {rubric.code: repository.rubric_version(rubric.code) for rubric in checked.rubrics}
    plans = tuple(plan_publishing(r, versions[r.code], origins.get(r.code)) for r in checked.rubrics)
    before = {code: version.rubric if version else None for code, version in versions.items()}
    return replace(checked, plans=plans, changes={r.code: compare(before[r.code], r) for r in checked.rubrics})


def _publish(repository: Repository, checked: RubricFile, by: str, now: datetime, origins: Origins) -> RubricFile:
    planned = _planned(repository, checked, origins)
    for plan in planned.plans:
        if not plan.changes_nothing:
            added = repository.add_version(
                plan.rubric,
                origins=plan.origins,
                wordings=plan.wordings,
                published_by=by,
                source_file=Path(checked.file_name).name,
                now=now,
            )
            told = f"{added.label}, from {added.source_file}"
            repository.note(Action.RUBRIC_PUBLISHED, plan.rubric.title, new=told, now=now)
    return planned


def differences(before: RubricFile, after: RubricFile) -> dict[str, tuple[DomainChange, ...]]:
    """Two files side by side, by code of the newer rubric: every domain of either, with the words that changed.

    Rubrics are matched by code; where each file holds one, they are compared whatever their codes, because a csv has
    its code from its name.
    """
    if len(before.rubrics) == len(after.rubrics) == 1:
        return {after.rubrics[0].code: compare(before.rubrics[0], after.rubrics[0])}
    old = {rubric.code: rubric for rubric in before.rubrics}
    return {rubric.code: compare(old.get(rubric.code), rubric) for rubric in after.rubrics}


def template() -> bytes:
    """A workbook to fill in, in the sheet format."""
    return rubric_template()
