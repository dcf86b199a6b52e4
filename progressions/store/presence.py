"""Which partnerships and convenings are there: all, without those that an undo has taken away again.

The rows of the latter stay, because the history of ratings names them. Adding one again brings its row back.
"""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Table, delete, insert, select, update

from progressions.store import tables as t
from progressions.store.drafts import says_something
from progressions.store.scope import Scope, new_id


@dataclass(frozen=True, slots=True)
class _Sort:
    """Partnerships or convenings: their table, the one that says which batch brought them, and how that names them."""

    table: Table
    brought: Table
    column: str

    @property
    def present(self) -> ColumnElement[bool]:
        """For a query on ``table``."""
        removed = select(self.brought.c[self.column]).where(self.brought.c.is_removed)
        return self.table.c.id.not_in(removed)


PARTNERSHIPS = _Sort(t.partnerships, t.imported_partnerships, "partnership_id")
CONVENINGS = _Sort(t.convenings, t.imported_convenings, "convening_id")


class Presence(Scope):
    """The part of the repository for what comes with an import and goes with its undo."""

    def _add(self, sort: _Sort, key: dict[str, object], title: str, batch_id: int | None) -> int | None:
        """The id of what was added or brought back; None, and nothing changes, where it is there already."""
        self._check_staff()
        connection = self._to_write()
        key = {"network_id": self._network_id, **key}
        found = new_id(connection, sort.table, {**key, "title": title})
        if found is None:
            found = self._bring_back(sort, key, title)
        if found is not None and batch_id is not None:
            values = {sort.column: found, "network_id": self._network_id, "batch_id": batch_id, "is_removed": False}
            connection.execute(insert(sort.brought).values(values))
        return found

    def _bring_back(self, sort: _Sort, key: dict[str, object], title: str) -> int | None:
        table = sort.table.c
        query = select(table.id).where(*(table[name] == value for name, value in key.items()), ~sort.present)
        found: int | None = self._connection.execute(query).scalar_one_or_none()
        if found is not None:
            connection = self._to_write()
            connection.execute(update(sort.table).where(table.id == found).values(title=title))
            connection.execute(delete(sort.brought).where(sort.brought.c[sort.column] == found))
        return found

    def _present(self, sort: _Sort) -> tuple[int, ...]:
        """The ids of what is there."""
        query = select(sort.table.c.id).where(sort.table.c.network_id == self._network_id, sort.present)
        return tuple(self._connection.execute(query).scalars())

    def _remove_unused(self, sort: _Sort) -> int:
        """Takes away what undone batches had brought and nothing uses; returns how many."""
        brought = sort.brought.c
        own = brought[sort.column]
        rated = select(t.ratings.c.id).where(
            t.ratings.c.network_id == self._network_id, t.ratings.c[sort.column] == own, says_something()
        )
        unused = [brought.network_id == self._network_id, ~brought.is_removed, ~rated.exists()]
        if sort is PARTNERSHIPS:
            unused.append(~select(t.accesses.c.id).where(t.accesses.c.partnership_id == own).exists())
        undone = select(t.undos.c.batch_id).where(t.undos.c.network_id == self._network_id)
        statement = update(sort.brought).where(brought.batch_id.in_(undone), *unused).values(is_removed=True)
        return self._to_write().execute(statement).rowcount
