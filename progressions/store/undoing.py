"""Taking back what one import wrote: by new changes, because the history of ratings is never rewritten."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Update, func, insert, select, update

from progressions.errors import NotAllowedError, UserError
from progressions.ratings import KeptEdit, RatingDraft, RatingKey, UndoResult
from progressions.store import tables as t
from progressions.store.bulk import AT_ONCE, BulkRow, Given, Stamp, as_stored, insert_many, update_many
from progressions.store.drafts import draft_from_text, draft_text, draft_values
from progressions.store.presence import CONVENINGS, PARTNERSHIPS, Presence
from progressions.store.scope import AnyRow

UNDONE = "This import has been undone already, by {by} on {day}. Nothing was changed."

_Versions = Mapping[tuple[int, int], int]
"""Ids of rubric versions by (id of the rubric, number)."""


@dataclass(frozen=True, slots=True)
class _Return:
    """One rating on its way back: the import's change of it, what it said before, and under which version."""

    change: AnyRow
    before: RatingDraft
    version_id: int
    number: int

    @property
    def says_nothing(self) -> bool:
        return self.before == RatingDraft()


class Undoing(Presence):
    """The part of the repository for undoing imports."""

    def undo_batch(self, batch_id: int, *, by: str, now: datetime) -> UndoResult:
        """Puts back what every rating said before the batch, but keeps those that were saved again since.

        A later batch that has been undone itself counts as if it had not been. A rating that there was not before
        becomes one without level and text, which counts nowhere; partnerships and convenings that undone batches
        had brought go too, where nothing uses them. NotAllowedError where the network has no such batch, UserError
        where it has been undone already.
        """
        self._check_staff()
        self._mark_undone(batch_id, by, now)
        versions, stamp = self._version_ids(), Stamp(batch_id, by, self._principal.came_from, now)
        restored, removed, kept = 0, 0, list[KeptEdit]()
        for changes in self._portions(batch_id):
            edited = self._edited_since(changes)
            returns = [_return(change, versions) for change in changes if change.rating_id not in edited]
            kept += self._kept(sorted(edited))
            self._put_back(returns, stamp)
            emptied = sum(each.says_nothing for each in returns)
            restored, removed = restored + len(returns) - emptied, removed + emptied
        partnerships = self._remove_unused(PARTNERSHIPS)
        return UndoResult(restored, removed, tuple(kept), partnerships, self._remove_unused(CONVENINGS))

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
            raise UserError(UNDONE.format(by=self._names.of(found.undone_by), day=found.undone_at.date().isoformat()))
        values = {"batch_id": batch_id, "network_id": self._network_id, "undone_at": now, "undone_by": by}
        self._to_write().execute(insert(t.undos).values(values))

    def _version_ids(self) -> _Versions:
        table = t.rubric_versions.c
        query = select(table.rubric_id, table.number, table.id).join(t.rubrics, t.rubrics.c.id == table.rubric_id)
        rows = self._connection.execute(query.where(t.rubrics.c.network_id == self._network_id))
        return {(rubric_id, number): version_id for rubric_id, number, version_id in rows}

    def _portions(self, batch_id: int) -> Iterator[Sequence[AnyRow]]:
        """The changes of the batch, oldest first, with the row of each as it is now; not those of the undo."""
        changes, row = t.rating_changes.c, t.ratings.c
        query = (
            select(
                changes.id,
                changes.rating_id,
                changes.row_version,
                changes.old_level,
                changes.old_json,
                changes.new_level,
                changes.new_json,
                row.row_version.label("row_version_now"),
                row.version_id,
                t.rubric_versions.c.rubric_id,
                t.rubric_versions.c.number,
            )
            .join(t.ratings, row.id == changes.rating_id)
            .join(t.rubric_versions, t.rubric_versions.c.id == row.version_id)
            .where(changes.batch_id == batch_id, row.network_id == self._network_id)
            .order_by(changes.id)
            .limit(AT_ONCE)
        )
        last = self._connection.execute(select(func.max(changes.id)).where(changes.batch_id == batch_id)).scalar_one()
        done = 0
        while found := self._connection.execute(query.where(changes.id > done, changes.id <= last)).all():
            done = found[-1].id
            yield found

    def _edited_since(self, changes: Sequence[AnyRow]) -> set[int]:
        """Ids of the ratings with a later change that still counts: by hand, or of a batch that was not undone."""
        moved = {c.rating_id: c.row_version for c in changes if c.row_version_now != c.row_version}
        if not moved:
            return set()
        table = t.rating_changes.c
        query = select(table.rating_id, table.row_version, table.batch_id).where(table.rating_id.in_(moved))
        standing: set[tuple[int, int | None]] = set()
        for rating_id, row_version, batch_id in self._connection.execute(query.order_by(table.id)):
            if row_version > moved[rating_id]:
                # The second change of a batch is its undo: the two cancel one another.
                standing ^= {(rating_id, row_version if batch_id is None else -batch_id)}
        return {rating_id for rating_id, _ in standing}

    def _put_back(self, returns: Sequence[_Return], stamp: Stamp) -> None:
        connection, row = self._to_write(), t.ratings.c
        columns = {"row_id": row.id} | {
            f"old_{name}": row[name] for name in (*draft_values(RatingDraft()), "version_id")
        }

        def statement(given: Given) -> Update:
            old = {name.removeprefix("old_"): given(name) for name in columns if name != "row_id"}
            new = {"row_version": row.row_version + 1, **stamp.of_ratings(None)}
            return update(t.ratings).where(row.id == given("row_id")).values(old | new)

        update_many(connection, statement, columns, map(self._old_row, returns))
        names = ("rating_id", "row_version", "old_level", "new_level", "old_json", "new_json")
        insert_many(connection, t.rating_changes, stamp.of_changes, names, map(_change, returns))

    def _old_row(self, back: _Return) -> BulkRow:
        columns, said = t.ratings.c, draft_values(back.before)
        stored = (as_stored(self._connection, columns[name], value) for name, value in said.items())
        return (back.change.rating_id, *stored, back.version_id)

    def _kept(self, rating_ids: Sequence[int]) -> Iterator[KeptEdit]:
        """What ratings that were saved again say now."""
        if not rating_ids:
            return
        row, texts = t.ratings.c, t.domain_texts.c
        same_row = (texts.version_id == row.version_id) & (texts.domain_id == row.domain_id)
        levels = t.levels.c
        its_level = (levels.version_id == row.version_id) & (levels.position == row.level)
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
                func.coalesce(levels.name, "").label("level_name"),
            )
            .select_from(t.ratings)
            .join(t.partnerships, t.partnerships.c.id == row.partnership_id)
            .join(t.convenings, t.convenings.c.id == row.convening_id)
            .join(t.domains, t.domains.c.id == row.domain_id)
            .join(t.rubrics, t.rubrics.c.id == t.domains.c.rubric_id)
            .join(t.domain_texts, same_row)
            .outerjoin(t.levels, its_level)
            .where(row.network_id == self._network_id, row.id.in_(rating_ids))
            .order_by(row.id)
        )
        for *codes, title, domain, level, by, when, name in self._connection.execute(query):
            yield KeptEdit(RatingKey(*codes), title, domain, level, self._names.of(by), when, name)


def _return(change: AnyRow, versions: _Versions) -> _Return:
    if change.old_json is None:
        return _Return(change, RatingDraft(), change.version_id, change.number)
    before, number = draft_from_text(change.old_json)
    return _Return(change, before, versions[change.rubric_id, number], number)


def _change(back: _Return) -> BulkRow:
    change = back.change
    said_before = change.old_json or draft_text(back.before, back.number)
    levels = (change.new_level, change.old_level)
    return (change.rating_id, change.row_version_now + 1, *levels, change.new_json, said_before)
