"""A draft as a row of the ratings table has it, and as a text for the history of changes."""

import json
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, or_

from progressions.ratings import Hindsight, NextStep, RatingDraft, Reason, StepState
from progressions.store import tables as t
from progressions.store.scope import AnyRow

DAYS = ("next_step_due", "hindsight_on")


def draft_values(draft: RatingDraft) -> dict[str, object]:
    """The draft by column of the ratings table."""
    return {
        "level": draft.level,
        "evidence": draft.evidence,
        "next_step": draft.next_step.text,
        "next_step_owner": draft.next_step.owner,
        "next_step_due": draft.next_step.due,
        "reason": draft.reason.value if draft.reason else None,
        "convinced": draft.convinced,
        "links": "\n".join(draft.links),
        "comes_back": draft.comes_back,
        "hindsight_level": draft.hindsight.level if draft.hindsight else None,
        "hindsight_on": draft.hindsight.held_on if draft.hindsight else None,
        "next_step_state": draft.next_step.state.value,
    }


def draft_of(row: AnyRow) -> RatingDraft:
    """The draft from a row that has the columns of ``draft_values``."""
    return _draft({str(name): value for name, value in row._mapping.items()})


def _draft(said: Mapping[str, Any]) -> RatingDraft:
    """The draft from what was said by column. Changes of earlier days lack the columns that came later."""
    state = StepState(said.get("next_step_state", StepState.OPEN))
    on = said.get("hindsight_on")
    return RatingDraft(
        level=said["level"],
        evidence=said["evidence"],
        next_step=NextStep(said["next_step"], said["next_step_owner"], said["next_step_due"], state),
        reason=Reason(said["reason"]) if said["reason"] else None,
        convinced=said.get("convinced", ""),
        links=tuple(said.get("links", "").splitlines()),
        comes_back=said.get("comes_back", False),
        hindsight=Hindsight(on, said["hindsight_level"]) if on else None,
    )


def says_something() -> ColumnElement[bool]:
    """Whether a row of the ratings table holds a level or a text; one that an undo has emptied counts nowhere."""
    row = t.ratings.c
    texts = (row.evidence, row.next_step, row.next_step_owner, row.convinced, row.links)
    given = (row.level, row.next_step_due, row.reason, row.hindsight_level)
    return or_(row.comes_back, *(column.is_not(None) for column in given), *(column != "" for column in texts))


@lru_cache(maxsize=256)  # an import says the same few things many thousand times
def draft_text(draft: RatingDraft, rubric_version: int) -> str:
    """The whole draft as JSON, with the number of the version that its level belongs to."""
    values = draft_values(draft)
    for name in DAYS:
        day = values[name]
        values[name] = day.isoformat() if isinstance(day, date) else None
    values["rubric_version"] = rubric_version
    return json.dumps(values, ensure_ascii=False)


def draft_words(draft: RatingDraft) -> str:
    """The draft as a person reads it in the record; "not rated" where there is no level."""
    step, level = draft.next_step, f"level {draft.level}" if draft.level is not None else "not rated"
    said = {
        "evidence": draft.evidence,
        "links": " ".join(draft.links),
        "what convinced us": draft.convinced,
        "next step": step.text,
        "owner": step.owner,
        "by": step.due.isoformat() if step.due else "",
        "promise": step.state.value if step.text and not step.is_open else "",
        "reason": draft.reason.value if draft.reason else "",
        "knowing what we know now": _hindsight_words(draft.hindsight),
    }
    come_back = ["we come back to it"] if draft.comes_back else []
    return "; ".join([level, *come_back, *(f"{name}: {text}" for name, text in said.items() if text)])


def _hindsight_words(hindsight: Hindsight | None) -> str:
    return f"level {hindsight.level} on {hindsight.held_on.isoformat()}" if hindsight else ""


def draft_from_text(text: str) -> tuple[RatingDraft, int]:
    """The draft and the version number that ``draft_text`` wrote."""
    values: dict[str, Any] = json.loads(text)
    for name in DAYS:
        day = values.get(name)
        values[name] = date.fromisoformat(day) if day else None
    return _draft(values), int(values["rubric_version"] or 0)
