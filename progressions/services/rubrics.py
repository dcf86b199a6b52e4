"""Rubrics: read them, check a file, publish a version, take the workbook home."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from progressions import permissions
from progressions.errors import UserError
from progressions.issues import Issue, has_errors
from progressions.people import Network, Principal
from progressions.publishing import PublishingPlan, plan_publishing
from progressions.rubric import Rubric, RubricVersion
from progressions.settings import RUBRICS, ReadLimits
from progressions.sheets.reading import read_workbook
from progressions.sheets.rubric_sheets import read_rubrics
from progressions.sheets.writing import rubric_workbook
from progressions.store import Repository, Store

SHIPPED = RUBRICS / "developmental-progressions.xlsx"
SHIPPED_BY = "Progressions"


@dataclass(frozen=True, slots=True)
class RubricFile:
    """A rubric file as understood: its rubrics, every issue, and what publishing it would do."""

    file_name: str
    rubrics: tuple[Rubric, ...]
    issues: tuple[Issue, ...]
    plans: tuple[PublishingPlan, ...] = ()

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
    read = read_rubrics(read_workbook(content, file_name, limits))
    return RubricFile(file_name, read.rubrics, read.issues)


def latest(store: Store, principal: Principal) -> tuple[RubricVersion, ...]:
    """The latest version of each of the network's rubrics, in the order of first publishing."""
    permissions.check_can_read_rubrics(principal)
    with store.read(principal.network) as repository:
        return repository.latest_rubrics()


def is_working_text(version: RubricVersion) -> bool:
    """Whether the words of a version may be this project's own: those of the workbook that is shipped."""
    return version.source_file == SHIPPED.name


def version(store: Store, principal: Principal, code: str, number: int | None = None) -> RubricVersion | None:
    """One version of a rubric, the latest where no number is given; None where there is none."""
    permissions.check_can_read_rubrics(principal)
    with store.read(principal.network) as repository:
        return repository.rubric_version(code, number)


def versions(store: Store, principal: Principal, code: str) -> tuple[RubricVersion, ...]:
    """Every version of a rubric, the first first."""
    permissions.check_can_read_rubrics(principal)
    with store.read(principal.network) as repository:
        return repository.versions(code)


def workbook(store: Store, principal: Principal) -> bytes:
    """The network's rubrics as a workbook in the sheet format: what can be read back."""
    found = [v.rubric for v in latest(store, principal)]
    if not found:
        raise UserError("There are no rubrics yet.")
    return rubric_workbook(found, found[0].about)


def preview(store: Store, principal: Principal, content: bytes, file_name: str, limits: ReadLimits) -> RubricFile:
    """What publishing this file would do; nothing is written."""
    permissions.check_can_publish_rubric(principal)
    checked = check_file(content, file_name, limits)
    with store.read(principal.network) as repository:
        return RubricFile(checked.file_name, checked.rubrics, checked.issues, _plans(repository, checked.rubrics))


def publish(store: Store, principal: Principal, checked: RubricFile, now: datetime) -> RubricFile:
    """Publishes each rubric of a checked file whose text is new, all in one transaction.

    The plans of the returned file say what was done. UserError where the file has errors.
    """
    permissions.check_can_publish_rubric(principal)
    if not checked.ok:
        raise UserError("This file has problems that must be mended before it can be published.")
    with store.write(principal.network) as repository:
        return _publish(repository, checked, principal.name, now)


def publish_shipped(store: Store, network: Network, now: datetime) -> None:
    """Publishes the framework that comes with the application in a network that has just been made."""
    shipped = check_file(SHIPPED.read_bytes(), SHIPPED.name, ReadLimits())
    with store.write(network) as repository:
        _publish(repository, shipped, SHIPPED_BY, now)


def _plans(repository: Repository, rubrics: tuple[Rubric, ...]) -> tuple[PublishingPlan, ...]:
    return tuple(plan_publishing(rubric, repository.rubric_version(rubric.code)) for rubric in rubrics)


def _publish(repository: Repository, checked: RubricFile, by: str, now: datetime) -> RubricFile:
    plans = _plans(repository, checked.rubrics)
    for plan in plans:
        if not plan.changes_nothing:
            repository.add_version(
                plan.rubric,
                origins=plan.origins,
                wordings=plan.wordings,
                published_by=by,
                source_file=Path(checked.file_name).name,
                now=now,
            )
    return RubricFile(checked.file_name, checked.rubrics, checked.issues, plans)
