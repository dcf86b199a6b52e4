"""What teams of the example network told beside their levels, invented: evidence, promises, reasons, hindsights.

Also what partnerships of it share of their moves. All of it is saved as its people would have saved it.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from progressions.people import Access, Principal
from progressions.ratings import Hindsight, NextStep, RatingDraft, RatingKey, Reason, StepState
from progressions.services import shared_notes
from progressions.settings import DATA
from progressions.sharing import SharedNote
from progressions.store import Repository, Store

EXAMPLE_TOLD = DATA / "example-told.toml"


@dataclass(frozen=True, slots=True)
class Said:
    """What the file tells of one rating. ``draft`` has no level: that is the workbook's."""

    key: RatingKey
    draft: RatingDraft


def read_told() -> tuple[Said, ...]:
    """What stands beside levels in the shipped file, in its order."""
    return tuple(
        Said(RatingKey(each["partnership"], each["held_on"], rubric, domain), _draft(**words))
        for each in _file()["told"]
        for rubric, domains in each["said"].items()
        for domain, words in domains.items()
    )


def read_shared() -> tuple[SharedNote, ...]:
    """What partnerships share in the shipped file, none of it saved yet."""
    return tuple(SharedNote(**each) for each in _file()["shared"])


def load(store: Store, loader: Principal, now: datetime) -> None:
    """Puts it beside the levels of the example network; what somebody has said meanwhile stays as it is.

    Nothing is told of a rating that is not there: an import that was undone has taken it away.
    """
    with store.write(loader) as repository:
        for said in read_told():
            _tell(repository, loader, said, now)
    for note in read_shared():
        if not shared_notes.note(store, loader, note.partnership, note.rubric, note.domain).row_version:
            # In the example everybody is invented: who loads it speaks for its facilitators.
            speaker = replace(loader, access=Access.FACILITATOR, partnership=note.partnership)
            shared_notes.share(store, speaker, note, now, may_be_asked=True)


def _file() -> Mapping[str, Any]:
    return tomllib.loads(EXAMPLE_TOLD.read_text(encoding="utf-8"))


def _draft(
    evidence: str = "", reason: str | None = None, hindsight: tuple[date, int] | None = None, **promise: Any
) -> RatingDraft:
    why = None if reason is None else Reason(reason)
    looked = None if hindsight is None else Hindsight(*hindsight)
    return RatingDraft(evidence=evidence, next_step=_promise(**promise), reason=why, hindsight=looked)


def _promise(next_step: str = "", owner: str = "", due: date | None = None, state: str = "open") -> NextStep:
    return NextStep(next_step, owner, due, StepState(state))


def _tell(repository: Repository, loader: Principal, said: Said, now: datetime) -> None:
    stored = repository.rating(said.key)
    if stored is None or stored.draft != RatingDraft(stored.draft.level):
        return
    version = repository.rubric_version(said.key.rubric, stored.rubric_version)
    assert version is not None  # it was rated on it
    draft = replace(said.draft, level=stored.draft.level)
    repository.save_rating(said.key, draft, base=stored.row_version, version=version, by=loader.signature, now=now)
