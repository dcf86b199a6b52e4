"""What was saved when, by whom, and what was there before. Rows are only ever added."""

from collections.abc import Collection

from sqlalchemy import select

from progressions.ratings import RatingChange, RatingKey
from progressions.store import tables as t
from progressions.store.drafts import draft_from_text
from progressions.store.scope import AnyRow, AnySelect, Scope


class History(Scope):
    """The part of the repository for past saves."""

    def changes(self, key: RatingKey) -> tuple[RatingChange, ...]:
        """Every save of one rating, the newest first."""
        self._check_own(key.partnership)
        query = self._changes().where(
            t.partnerships.c.code == key.partnership,
            t.convenings.c.held_on == key.held_on,
            t.rubrics.c.code == key.rubric,
            t.domains.c.code == key.domain,
        )
        rows = self._connection.execute(query.order_by(t.rating_changes.c.row_version.desc()))
        return tuple(self._change(row) for row in rows)

    def changes_of(self, partnership: str) -> tuple[RatingChange, ...]:
        """Every save of one partnership, the oldest first."""
        self._check_own(partnership)
        query = self._changes().where(t.partnerships.c.code == partnership)
        return tuple(self._change(row) for row in self._connection.execute(query.order_by(t.rating_changes.c.id)))

    def files_of(self, changes: Collection[RatingChange]) -> dict[int, str]:
        """The name of the file that each import among these saves read, by batch."""
        batch_ids = {change.batch_id for change in changes if change.batch_id is not None}
        table = t.batches.c
        query = select(table.id, table.file_name).where(table.network_id == self._network_id, table.id.in_(batch_ids))
        return {row.id: row.file_name for row in self._connection.execute(query)}

    def _changes(self) -> AnySelect:
        return (
            select(
                t.rating_changes,
                t.partnerships.c.code.label("partnership"),
                t.convenings.c.held_on,
                t.rubrics.c.code.label("rubric"),
                t.domains.c.code.label("domain"),
            )
            .join(t.ratings, t.ratings.c.id == t.rating_changes.c.rating_id)
            .join(t.partnerships, t.partnerships.c.id == t.ratings.c.partnership_id)
            .join(t.convenings, t.convenings.c.id == t.ratings.c.convening_id)
            .join(t.domains, t.domains.c.id == t.ratings.c.domain_id)
            .join(t.rubrics, t.rubrics.c.id == t.domains.c.rubric_id)
            .where(t.ratings.c.network_id == self._network_id)
        )

    def _change(self, row: AnyRow) -> RatingChange:
        new, rubric_version = draft_from_text(row.new_json)
        return RatingChange(
            key=RatingKey(row.partnership, row.held_on, row.rubric, row.domain),
            row_version=row.row_version,
            changed_at=row.changed_at,
            changed_by=self._names.of(row.changed_by),
            old=draft_from_text(row.old_json)[0] if row.old_json is not None else None,
            new=new,
            rubric_version=rubric_version,
            batch_id=row.batch_id,
            came_from=row.came_from,
        )
