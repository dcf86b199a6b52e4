"""What publishing a rubric would do, against the version before it. Pure: preview and publishing are this plan."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from progressions.errors import UserError
from progressions.rubric import Domain, Origin, Rubric, RubricVersion, origin_of

SWEEPING = 1 / 3
"""The share of domains that may go without being asked about: a rubric that is gone over loses a few of them, and
another rubric in its place loses nearly all."""


class Publication(StrEnum):
    """The outcome for one rubric of a file."""

    FIRST = "first version"
    NEXT = "new version"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class PublishingPlan:
    """One rubric as it would be published. ``gone`` are codes of domains that the new text no longer has.

    ``came_from`` gives, for codes of the file that staff said to be new codes of known domains, the codes that those
    domains keep. ``file_fingerprint`` is that of the text with the file's own codes, and ``domains_before`` is how
    many domains the version before has.
    """

    rubric: Rubric
    outcome: Publication
    number: int
    origins: Mapping[str, Origin]
    wordings: Mapping[str, int]
    gone: tuple[str, ...]
    came_from: Mapping[str, str] = field(default_factory=dict)
    file_fingerprint: str = ""
    domains_before: int = 0

    @property
    def changes_nothing(self) -> bool:
        """Whether the same text is already the latest version."""
        return self.outcome is Publication.UNCHANGED

    @property
    def is_sweeping(self) -> bool:
        """Whether more than a third of the domains would go, or none would stay the same: perhaps the wrong file."""
        if self.outcome is not Publication.NEXT:
            return False
        return len(self.gone) > SWEEPING * self.domains_before or not self.with_origin(Origin.SAME)

    def with_origin(self, origin: Origin) -> tuple[str, ...]:
        """Codes of the domains that came to be this way, in the rubric's order."""
        return tuple(d.code for d in self.rubric.domains if self.origins[d.code] is origin)


def plan_publishing(
    rubric: Rubric,
    latest: RubricVersion | None,
    origins: Mapping[str, Origin] | None = None,
    came_from: Mapping[str, str] | None = None,
) -> PublishingPlan:
    """The next version of a rubric: each domain same, reworded or new, and where its wording began.

    ``came_from`` are domains that staff say to be known ones under a new code, as new code → old code. Ratings belong
    to codes, so such a domain is published under the code that it had. ``origins`` are what staff have confirmed, by
    the code as published, against what the texts say: a mended typing error may be the SAME wording, and a text under
    an old code may be a NEW domain. UserError where something confirmed is not possible.
    """
    if latest is not None and rubric.fingerprint in (latest.rubric.fingerprint, latest.file_fingerprint):
        return _unchanged(rubric, latest, {})
    before = latest.rubric if latest else None
    came_from = _said_before(rubric, before) | dict(came_from or {})
    kept = with_kept_codes(rubric, before, came_from)
    if latest is not None and kept.fingerprint == latest.rubric.fingerprint:
        return _unchanged(rubric, latest, came_from)
    number = latest.number + 1 if latest else 1
    found = {d.code: origin_of(d, kept.levels, before) for d in kept.domains}
    for code, origin in (origins or {}).items():
        _check_origin(code, origin, kept, before)
        found[code] = origin
    wordings = {
        code: latest.wordings[code] if latest and origin is Origin.SAME else number for code, origin in found.items()
    }
    return PublishingPlan(
        kept,
        Publication.NEXT if latest else Publication.FIRST,
        number,
        found,
        wordings,
        tuple(d.code for d in before.domains if d.code not in found) if before else (),
        came_from,
        rubric.fingerprint,
        len(before.domains) if before else 0,
    )


def _said_before(rubric: Rubric, before: Rubric | None) -> dict[str, str]:
    """New code → old code for domains that staff have joined at an earlier publishing: they are not asked again."""
    codes = {d.code for d in rubric.domains}
    lost = [d for d in before.domains if d.code not in codes] if before else []
    known = {d.code for d in before.domains} if before else set()
    return {also: d.code for d in lost for also in d.also if also in codes - known}


def _unchanged(rubric: Rubric, latest: RubricVersion, came_from: Mapping[str, str]) -> PublishingPlan:
    return PublishingPlan(
        latest.rubric,
        Publication.UNCHANGED,
        latest.number,
        latest.origins,
        latest.wordings,
        (),
        dict(came_from),
        rubric.fingerprint,
        len(latest.rubric.domains),
    )


def with_kept_codes(rubric: Rubric, before: Rubric | None, came_from: Mapping[str, str]) -> Rubric:
    """The rubric in which each domain that came from a known one has that one's code.

    UserError where the new code is none of the rubric's or was a domain before, where the old one is not a domain
    that the rubric has lost, and where two domains would come from one.
    """
    codes, known = ({d.code for d in each.domains} if each else set() for each in (rubric, before))
    for new, old in came_from.items():
        if new not in codes:
            raise UserError(f"The rubric has no domain “{new}”. Look at the file again.")
        if new in known:
            raise UserError(f"“{new}” is no new code: the version before has such a domain already.")
        if old not in known:
            raise UserError(f"“{new}” cannot come from “{old}”: the version before has no such domain.")
        if old in codes:
            raise UserError(f"“{new}” cannot come from “{old}”: the file has that domain too.")
    twice = [old for old, times in Counter(came_from.values()).items() if times > 1]
    if twice:
        raise UserError(f"Two domains cannot both come from “{twice[0]}”. Say which one of them it is.")
    return replace(rubric, domains=tuple(_kept(d, came_from) for d in rubric.domains))


def _kept(domain: Domain, came_from: Mapping[str, str]) -> Domain:
    old = came_from.get(domain.code)
    return replace(domain, code=old, also=(domain.code,)) if old else domain


def read_came_from(said: Iterable[str], rubrics: Sequence[Rubric]) -> dict[str, dict[str, str]]:
    """What “NEW=OLD” says, by code of the rubric; “rubric/NEW=OLD” where several rubrics have the code.

    UserError where it says nothing of exactly one domain.
    """
    found: dict[str, dict[str, str]] = {}
    for text in said:
        named, equals, old = (part.strip() for part in text.partition("="))
        if not (named and equals and old):
            raise UserError(f"“{text}” is not understood. Write the new code, “=”, and the old code: lea-9=lea-1.")
        places = [(r.code, d.code) for r in rubrics for d in r.domains if named in (d.code, f"{r.code}/{d.code}")]
        if len(places) != 1:
            several = "no rubric of the file has" if not places else "several rubrics of the file have"
            raise UserError(f"“{named}”: {several} a domain of that code. Write rubric/code=old code.")
        ((rubric, new),) = places
        found.setdefault(rubric, {})[new] = old
    return found


def _check_origin(code: str, origin: Origin, rubric: Rubric, before: Rubric | None) -> None:
    if code not in {d.code for d in rubric.domains}:
        raise UserError(f"The rubric has no domain “{code}”. Look at the file again.")
    if origin is Origin.NEW:
        return
    if before is None or code not in {d.code for d in before.domains}:
        raise UserError(
            f"“{code}” is a new code: the version before has no such domain. Say which domain it came from first."
        )
    if origin is Origin.SAME and len(before.levels) != len(rubric.levels):
        raise UserError(
            f"“{code}” cannot be the same wording: the rubric had {len(before.levels)} levels and now has "
            f"{len(rubric.levels)}, so a level no longer means what it meant."
        )
