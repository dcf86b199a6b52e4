"""What publishing a rubric would do, against the version before it. Pure: preview and publishing are this plan."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from progressions.errors import UserError
from progressions.rubric import Origin, Rubric, RubricVersion, origin_of


class Publication(StrEnum):
    """The outcome for one rubric of a file."""

    FIRST = "first version"
    NEXT = "new version"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class PublishingPlan:
    """One rubric as it would be published. ``gone`` are codes of domains that the new text no longer has."""

    rubric: Rubric
    outcome: Publication
    number: int
    origins: Mapping[str, Origin]
    wordings: Mapping[str, int]
    gone: tuple[str, ...]

    @property
    def changes_nothing(self) -> bool:
        """Whether the same text is already the latest version."""
        return self.outcome is Publication.UNCHANGED

    def with_origin(self, origin: Origin) -> tuple[str, ...]:
        """Codes of the domains that came to be this way, in the rubric's order."""
        return tuple(d.code for d in self.rubric.domains if self.origins[d.code] is origin)


def plan_publishing(
    rubric: Rubric, latest: RubricVersion | None, origins: Mapping[str, Origin] | None = None
) -> PublishingPlan:
    """The next version of a rubric: each domain same, reworded or new, and where its wording began.

    ``origins`` are what staff have confirmed, by code, against what the texts say: a mended typing error may be the
    SAME wording, and a text under an old code may be a NEW domain. A domain cannot come from one of another code:
    ratings belong to codes. UserError where a confirmed origin is not possible.
    """
    if latest is not None and latest.rubric.fingerprint == rubric.fingerprint:
        return PublishingPlan(rubric, Publication.UNCHANGED, latest.number, latest.origins, latest.wordings, gone=())
    before = latest.rubric if latest else None
    number = latest.number + 1 if latest else 1
    found = {d.code: origin_of(d, rubric.levels, before) for d in rubric.domains}
    for code, origin in (origins or {}).items():
        _check_origin(code, origin, rubric, before)
        found[code] = origin
    wordings = {
        code: latest.wordings[code] if latest and origin is Origin.SAME else number for code, origin in found.items()
    }
    gone = tuple(d.code for d in before.domains if d.code not in found) if before else ()
    return PublishingPlan(rubric, Publication.NEXT if latest else Publication.FIRST, number, found, wordings, gone)


def _check_origin(code: str, origin: Origin, rubric: Rubric, before: Rubric | None) -> None:
    if code not in {d.code for d in rubric.domains}:
        raise UserError(f"The rubric has no domain “{code}”. Look at the file again.")
    if origin is Origin.NEW:
        return
    if before is None or code not in {d.code for d in before.domains}:
        raise UserError(f"“{code}” is a new code: the version before has no such domain that it could come from.")
    if origin is Origin.SAME and len(before.levels) != len(rubric.levels):
        raise UserError(
            f"“{code}” cannot be the same wording: the rubric had {len(before.levels)} levels and now has "
            f"{len(rubric.levels)}, so a level no longer means what it meant."
        )
