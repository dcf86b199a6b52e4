"""What publishing a rubric would do, against the version before it. Pure: preview and publishing are this plan."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

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


def plan_publishing(rubric: Rubric, latest: RubricVersion | None) -> PublishingPlan:
    """The next version of a rubric: each domain same, reworded or new, and where its wording began."""
    if latest is not None and latest.rubric.fingerprint == rubric.fingerprint:
        return PublishingPlan(rubric, Publication.UNCHANGED, latest.number, latest.origins, latest.wordings, gone=())
    before = latest.rubric if latest else None
    number = latest.number + 1 if latest else 1
    origins = {d.code: origin_of(d, rubric.levels, before) for d in rubric.domains}
    wordings = {
        code: latest.wordings[code] if latest and origin is Origin.SAME else number for code, origin in origins.items()
    }
    gone = tuple(d.code for d in before.domains if d.code not in origins) if before else ()
    return PublishingPlan(rubric, Publication.NEXT if latest else Publication.FIRST, number, origins, wordings, gone)
