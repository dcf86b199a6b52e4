"""A draft as a row of the ratings table has it, and as a text for the history of changes."""

import json
from collections.abc import Mapping
from datetime import date
from functools import lru_cache

from sqlalchemy import ColumnElement, or_

from progressions.ratings import NextStep, RatingDraft, Reason
from progressions.store import tables as t
from progressions.store.scope import AnyRow


def draft_values(draft: RatingDraft) -> dict[str, object]:
    """The draft by column of the ratings table."""
    return {
        "level": draft.level,
        "evidence": draft.evidence,
        "next_step": draft.next_step.text,
        "next_step_owner": draft.next_step.owner,
        "next_step_due": draft.next_step.due,
        "reason": draft.reason.value if draft.reason else None,
    }


def draft_of(row: AnyRow) -> RatingDraft:
    """The draft from a row that has the columns of ``draft_values``."""
    next_step = NextStep(row.next_step, row.next_step_owner, row.next_step_due)
    return RatingDraft(row.level, row.evidence, next_step, Reason(row.reason) if row.reason else None)


def says_something() -> ColumnElement[bool]:
    """Whether a row of the ratings table holds a level or a text; one that an undo has emptied counts nowhere."""
    row = t.ratings.c
    texts = (row.evidence, row.next_step, row.next_step_owner)
    given = (row.level, row.next_step_due, row.reason)
    return or_(*(column.is_not(None) for column in given), *(column != "" for column in texts))


@lru_cache(maxsize=256)  # an import says the same few things many thousand times
def draft_text(draft: RatingDraft, rubric_version: int) -> str:
    """The whole draft as JSON, with the number of the version that its level belongs to."""
    values = draft_values(draft)
    due = draft.next_step.due
    values["next_step_due"] = due.isoformat() if due else None
    values["rubric_version"] = rubric_version
    return json.dumps(values, ensure_ascii=False)


def draft_words(draft: RatingDraft) -> str:
    """The draft as a person reads it in the record; "not rated" where there is no level."""
    step, level = draft.next_step, f"level {draft.level}" if draft.level is not None else "not rated"
    said = {
        "evidence": draft.evidence,
        "next step": step.text,
        "owner": step.owner,
        "by": step.due.isoformat() if step.due else "",
        "reason": draft.reason.value if draft.reason else "",
    }
    return "; ".join([level, *(f"{name}: {text}" for name, text in said.items() if text)])


def draft_from_text(text: str) -> tuple[RatingDraft, int]:
    """The draft and the version number that ``draft_text`` wrote."""
    values: Mapping[str, str | None] = json.loads(text)
    due = values["next_step_due"]
    next_step = NextStep(
        values["next_step"] or "", values["next_step_owner"] or "", date.fromisoformat(due) if due else None
    )
    reason = Reason(values["reason"]) if values["reason"] else None
    level, version = values["level"], values["rubric_version"]
    draft = RatingDraft(None if level is None else int(level), values["evidence"] or "", next_step, reason)
    return draft, int(version or 0)
