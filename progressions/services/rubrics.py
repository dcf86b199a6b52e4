"""Rubrics: read them, check a file, publish a version, take the workbook home."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from progressions import permissions
from progressions.comparison import ChangeKind, DomainChange, all_gone, compare
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
from progressions.sheets.rubric_headings import LevelOrder, are_numbered
from progressions.sheets.rubric_layout import Grid, Orientation, RubricLayout, steps_of
from progressions.sheets.rubric_sheets import read_rubrics
from progressions.sheets.templates import rubric_template
from progressions.sheets.writing import rubric_workbook
from progressions.store import Repository, Store

SHIPPED = RUBRICS / "developmental-progressions.xlsx"
SHIPPED_BY = "Progressions"
Origins = Mapping[str, Mapping[str, Origin]]
"""What staff confirmed of domains: by code of the rubric, then of the domain."""
CameFrom = Mapping[str, Mapping[str, str]]
"""The old codes of domains that have a new one in the file: by code of the rubric, then new code."""


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

    @property
    def doubts(self) -> tuple[str, ...]:
        """What a person has to confirm before this is published, in sentences; see ``PublishingPlan.is_sweeping``."""
        return tuple(sentence for plan in self.plans for sentence in self._doubts(plan))

    def _doubts(self, plan: PublishingPlan) -> Iterator[str]:
        if plan.is_sweeping:
            yield sweeping(plan)
        for change in self.changes[plan.rubric.code]:
            if change.kind is ChangeKind.NEW and change.ancestor:
                yield (
                    f"“{change.code}” is a new domain, and reads like “{change.ancestor}”, which is gone: say whether "
                    "it is that domain under a new code."
                )


def sweeping(plan: PublishingPlan) -> str:
    """How much of a rubric would be replaced, in a sentence."""
    stay = len(plan.with_origin(Origin.SAME))
    return (
        f"This would replace a large part of “{plan.rubric.title}”: of its {plan.domains_before} domains "
        f"{len(plan.gone)} would be gone and {stay} would stay as they are. Ratings of a domain that is gone are kept, "
        "but no new ones can be made."
    )


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


def arranged(workbook: Workbook, sheet: str, header_row: int, orientation: Orientation) -> RubricLayout | None:
    """The layout of a sheet as somebody describes it; None where nothing can be read in that way."""
    return arrange(workbook.sheet(sheet), header_row, orientation)


def printed_levels(workbook: Workbook, layout: RubricLayout) -> tuple[tuple[str, ...], bool]:
    """The levels' names in the order in which they stand in the sheet, and whether numbers say which is which."""
    steps = tuple(steps_of(Grid(workbook.sheet(layout.sheet)), layout).values())
    return tuple(step.name for step in steps), are_numbered(steps)


def ordered(layout: RubricLayout, level_order: LevelOrder, given: tuple[int, ...] = ()) -> RubricLayout:
    """The layout with its levels in the order that somebody says; ``given`` as ``RubricLayout`` has it."""
    return replace(layout, level_order=level_order, given=given)


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


def every(store: Store, principal: Principal) -> tuple[tuple[RubricVersion, ...], ...]:
    """All versions of each of the network's rubrics, the first first, in the order of first publishing."""
    permissions.check_can_read_rubrics(principal)
    with store.read(principal) as repository:
        return tuple(repository.versions(code) for code in repository.rubric_codes())


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
    return planned(store, principal, check_workbook(workbook, layouts))


def planned(store: Store, principal: Principal, checked: RubricFile, came_from: CameFrom | None = None) -> RubricFile:
    """The same of a checked file, with what staff said of new codes. UserError where that is not possible."""
    permissions.check_can_publish_rubric(principal)
    with store.read(principal) as repository:
        return _planned(repository, checked, {}, came_from or {})


def publish(
    store: Store,
    principal: Principal,
    checked: RubricFile,
    now: datetime,
    origins: Origins | None = None,
    came_from: CameFrom | None = None,
    *,
    confirmed: bool = False,
) -> RubricFile:
    """Publishes each rubric of a checked file whose text is new, all in one transaction.

    ``origins`` are what staff confirmed of domains, by code of rubric and domain as published, and ``came_from`` which
    new codes are known domains. The plans of the returned file say what was done. UserError where the file has
    errors, an origin is not possible, or there are ``doubts`` that nobody ``confirmed``.
    """
    permissions.check_can_publish_rubric(principal)
    if not checked.ok:
        raise UserError("This file has problems that must be mended before it can be published.")
    with store.write(principal) as repository:
        found = _planned(repository, checked, origins or {}, came_from or {})
        if found.doubts and not confirmed:
            raise UserError(" ".join(found.doubts))
        return _publish(repository, found, principal.signature, now)


def publish_shipped(store: Store, principal: Principal, now: datetime) -> None:
    """Publishes the framework that comes with the application in a network that has just been made."""
    permissions.check_can_publish_rubric(principal)
    shipped = read_shipped()
    with store.write(principal) as repository:
        put_shipped(repository, shipped, now)


def read_shipped() -> RubricFile:
    """The framework that comes with the application."""
    return check_file(SHIPPED.read_bytes(), SHIPPED.name, ReadLimits())


def put_shipped(repository: Repository, shipped: RubricFile, now: datetime) -> None:
    """Publishes it inside an open transaction."""
    _publish(repository, _planned(repository, shipped, {}, {}), SHIPPED_BY, now)


def _planned(repository: Repository, checked: RubricFile, origins: Origins, came_from: CameFrom) -> RubricFile:
    versions = {rubric.code: repository.rubric_version(rubric.code) for rubric in checked.rubrics}
    plans = tuple(
        plan_publishing(r, versions[r.code], origins.get(r.code), came_from.get(r.code)) for r in checked.rubrics
    )
    before = {code: version.rubric if version else None for code, version in versions.items()}
    changes = {plan.rubric.code: compare(before[plan.rubric.code], plan.rubric) for plan in plans}
    return replace(checked, plans=plans, changes=changes)


def _publish(repository: Repository, planned: RubricFile, by: str, now: datetime) -> RubricFile:
    for plan in planned.plans:
        if not plan.changes_nothing:
            added = repository.add_version(
                plan.rubric,
                origins=plan.origins,
                wordings=plan.wordings,
                published_by=by,
                source_file=Path(planned.file_name).name,
                now=now,
                file_fingerprint=plan.file_fingerprint,
            )
            told = f"{added.label}, from {added.source_file}"
            repository.note(Action.RUBRIC_PUBLISHED, plan.rubric.title, new=told, now=now)
    return planned


def differences(before: RubricFile, after: RubricFile) -> dict[str, tuple[DomainChange, ...]]:
    """Two files side by side, by code of the newer rubric: every domain of either, with the words that changed.

    Rubrics are matched by code, and those that are gone come last; where each file holds one, they are compared
    whatever their codes, because a csv has its code from its name.
    """
    if len(before.rubrics) == len(after.rubrics) == 1:
        return {after.rubrics[0].code: compare(before.rubrics[0], after.rubrics[0])}
    old = {rubric.code: rubric for rubric in before.rubrics}
    found = {rubric.code: compare(old.get(rubric.code), rubric) for rubric in after.rubrics}
    return found | {code: all_gone(rubric) for code, rubric in old.items() if code not in found}


def template() -> bytes:
    """A workbook to fill in, in the sheet format."""
    return rubric_template()
