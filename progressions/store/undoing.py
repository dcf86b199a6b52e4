"""Taking back what one import wrote: by new changes, because the history of ratings is never rewritten."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from sqlalchemy import (
    ColumnElement,
    ScalarSelect,
    and_,
    bindparam,
    case,
    distinct,
    func,
    insert,
    literal,
    select,
    update,
)

from progressions.errors import NotAllowedError, UserError
from progressions.ratings import KeptEdit, RatingDraft, RatingKey, UndoResult
from progressions.store import tables as t
from progressions.store.drafts import draft_from_text, draft_text, draft_values
from progressions.store.presence import CONVENINGS, PARTNERSHIPS, Presence
from progressions.store.scope import AT_ONCE, AnyRow, as_stored, run_many

UNDONE = "This import has been undone already, by {by} on {day}. Nothing was changed."

_Versions = Mapping[tuple[int, int], int]
"""Ids of rubric versions by (id of the rubric, number)."""


@dataclass(frozen=True, slots=True)
class _Undo:
    """One batch on its way back. ``last`` is the id of its own last change: those after it are the undo's."""

    batch_id: int
    last: int
    by: str
    now: datetime

    @property
    def of_ratings(self) -> dict[str, object]:
        return {"pen": "", "pen_base": 0, "saved_at": self.now, "saved_by": self.by, "batch_id": None}

    def imported(self) -> ColumnElement[bool]:
        """Whether a change is one of the import's."""
        changes = t.rating_changes.c
        return (changes.batch_id == self.batch_id) & (changes.id <= self.last)

    def undone(self) -> ColumnElement[bool]:
        """Whether there is a change of the undo for the rating of a change of the import."""
        back = t.rating_changes.alias("back")
        # A list that is read once: looked up for each change, it would be the whole undo each time.
        of_undo = select(back.c.rating_id).where(back.c.batch_id == self.batch_id, back.c.id > self.last)
        return t.rating_changes.c.rating_id.in_(of_undo)


class Undoing(Presence):
    """The part of the repository for undoing imports."""

    def undo_batch(self, batch_id: int, *, by: str, now: datetime) -> UndoResult:
        """Puts back what every rating said before the batch, but keeps those that were saved again since.

        A later batch that has been undone itself counts as if it had not been. A rating that there was not before
        becomes one without level and text, which counts nowhere; partnerships and convenings that undone batches
        had brought go too, where nothing uses them. NotAllowedError where the network has no such batch, UserError
        where it has been undone already.
        """
        self._mark_undone(batch_id, by, now)
        changes = t.rating_changes.c
        last = self._connection.execute(select(func.max(changes.id)).where(changes.batch_id == batch_id)).scalar_one()
        undo = _Undo(batch_id, last or 0, by, now)
        self._write_changes(undo)
        restored, emptied = self._restore(undo)
        removed = self._empty(undo) + emptied
        kept = tuple(self._kept(undo))
        partnerships = self._remove_unused(PARTNERSHIPS)
        return UndoResult(restored, removed, kept, partnerships, self._remove_unused(CONVENINGS))

    def _mark_undone(self, batch_id: int, by: str, now: datetime) -> None:
        batches, undos = t.batches.c, t.undos.c
        query = select(undos.undone_at, undos.undone_by).select_from(
            t.batches.outerjoin(t.undos, undos.batch_id == batches.id)
        )
        found = self._connection.execute(
            query.where(batches.id == batch_id, batches.network_id == self._network_id)
        ).first()
        if found is None:
            raise NotAllowedError
        if found.undone_at is not None:
            raise UserError(UNDONE.format(by=found.undone_by, day=found.undone_at.date().isoformat()))
        values = {"batch_id": batch_id, "network_id": self._network_id, "undone_at": now, "undone_by": by}
        self._to_write().execute(insert(t.undos).values(values))

    def _write_changes(self, undo: _Undo) -> None:
        """One change for each rating that goes back: what it said before is again what it says."""
        changes, row = t.rating_changes.c, t.ratings.c
        said = {
            "rating_id": row.id,
            "row_version": row.row_version + 1,
            "changed_at": literal(undo.now, changes.changed_at.type),
            "changed_by": literal(undo.by, changes.changed_by.type),
            "batch_id": literal(undo.batch_id),
            "old_level": changes.new_level,
            "new_level": changes.old_level,
            "old_json": changes.new_json,
            "new_json": func.coalesce(changes.old_json, self._nothing_said()),
        }
        query = (
            select(*said.values())
            .select_from(t.rating_changes)
            .join(t.ratings, row.id == changes.rating_id)
            .where(undo.imported(), row.network_id == self._network_id, _is_untouched())
            .order_by(changes.id)
        )
        self._to_write().execute(insert(t.rating_changes).from_select(list(said), query))

    def _nothing_said(self) -> ColumnElement[str]:
        """The text of an empty draft, by the version of the row."""
        numbers = {version_id: number for (_, number), version_id in self._version_ids().items()}
        texts = {version_id: literal(draft_text(RatingDraft(), number)) for version_id, number in numbers.items()}
        return case(texts, value=t.ratings.c.version_id)

    def _version_ids(self) -> _Versions:
        table = t.rubric_versions.c
        query = select(table.rubric_id, table.number, table.id).join(t.rubrics, t.rubrics.c.id == table.rubric_id)
        rows = self._connection.execute(query.where(t.rubrics.c.network_id == self._network_id))
        return {(rubric_id, number): version_id for rubric_id, number, version_id in rows}

    def _empty(self, undo: _Undo) -> int:
        """Empties the ratings that there were not before; returns how many."""
        changes, table = t.rating_changes.c, t.ratings
        new = select(changes.rating_id).where(undo.imported(), changes.old_json.is_(None), undo.undone())
        emptied = draft_values(RatingDraft()) | undo.of_ratings | {"row_version": table.c.row_version + 1}
        return self._to_write().execute(update(table).where(table.c.id.in_(new)).values(emptied)).rowcount

    def _restore(self, undo: _Undo) -> tuple[int, int]:
        """Gives the other ratings what they said before; returns how many said something, and how many nothing."""
        versions = self._version_ids()
        drafts = {name: t.ratings.c[name] for name in (*draft_values(RatingDraft()), "version_id")}
        statement = (
            update(t.ratings)
            .where(t.ratings.c.id == bindparam("row_id"))
            .values({name: bindparam(name) for name in undo.of_ratings})
            .values({name: bindparam(f"old_{name}") for name in drafts} | {"row_version": t.ratings.c.row_version + 1})
        )
        names = ("row_id", *(f"old_{name}" for name in drafts))
        total, emptied = 0, 0
        for rows in self._portions(undo):
            before = [(row, *draft_from_text(row.old_json)) for row in rows]
            emptied += sum(draft == RatingDraft() for _, draft, _ in before)
            values = (self._values(row, draft, versions[row.rubric_id, number]) for row, draft, number in before)
            total += run_many(self._to_write(), statement, undo.of_ratings, names, values)
        return total - emptied, emptied

    def _values(self, row: AnyRow, draft: RatingDraft, version_id: int) -> tuple[int | str | None, ...]:
        values = draft_values(draft)
        values["next_step_due"] = as_stored(self._connection, t.ratings.c.next_step_due, draft.next_step.due)
        return (row.rating_id, *cast("Mapping[str, str]", values).values(), version_id)

    def _portions(self, undo: _Undo) -> Iterator[Sequence[AnyRow]]:
        """The import's changes of ratings that there were before and that go back, oldest first."""
        changes = t.rating_changes.c
        query = (
            select(changes.id, changes.rating_id, changes.old_json, t.domains.c.rubric_id)
            .join(t.ratings, t.ratings.c.id == changes.rating_id)
            .join(t.domains, t.domains.c.id == t.ratings.c.domain_id)
            .where(undo.imported(), changes.old_json.is_not(None), undo.undone())
            .order_by(changes.id)
            .limit(AT_ONCE)
        )
        done = 0
        while rows := self._connection.execute(query.where(changes.id > done)).all():
            done = rows[-1].id
            yield rows

    def _kept(self, undo: _Undo) -> Iterator[KeptEdit]:
        """What ratings that were saved again say now."""
        row, texts, changes = t.ratings.c, t.domain_texts.c, t.rating_changes.c
        same_row = (texts.version_id == row.version_id) & (texts.domain_id == row.domain_id)
        query = (
            select(
                t.partnerships.c.code,
                t.convenings.c.held_on,
                t.rubrics.c.code.label("rubric"),
                t.domains.c.code.label("domain"),
                t.partnerships.c.title,
                texts.title.label("domain_title"),
                row.level,
                row.saved_by,
                row.saved_at,
            )
            .select_from(t.ratings)
            .join(t.rating_changes, changes.rating_id == row.id)
            .join(t.partnerships, t.partnerships.c.id == row.partnership_id)
            .join(t.convenings, t.convenings.c.id == row.convening_id)
            .join(t.domains, t.domains.c.id == row.domain_id)
            .join(t.rubrics, t.rubrics.c.id == t.domains.c.rubric_id)
            .join(t.domain_texts, same_row)
            .where(row.network_id == self._network_id, undo.imported(), ~undo.undone())
            .order_by(changes.id)
        )
        for *codes, title, domain, level, by, when in self._connection.execute(query):
            yield KeptEdit(RatingKey(*codes), title, domain, level, by, when)


def _is_untouched() -> ScalarSelect[bool]:
    """Whether every later change of the same rating is of an undone batch: its import and its undo, a pair each."""
    later = t.rating_changes.alias("later")
    batch = later.c.batch_id
    only_batches = func.count() == func.count(batch)
    in_pairs = func.count(batch) == 2 * func.count(distinct(batch))
    changes = t.rating_changes.c
    query = select(and_(only_batches, in_pairs)).select_from(later)
    return query.where(
        later.c.rating_id == changes.rating_id, later.c.row_version > changes.row_version
    ).scalar_subquery()
