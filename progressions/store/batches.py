"""Imports of one network as they are remembered, and the mappings that are kept for the next ones."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import delete, insert, select

from progressions.ratings import Batch, SavedMapping
from progressions.store import tables as t
from progressions.store.scope import AnyRow, AnySelect, Scope


class Batches(Scope):
    """The part of the repository for what is known of imports."""

    def add_batch(self, *, file_name: str, sha256: str, mapping: str, counts: str, by: str, now: datetime) -> int:
        """Records an import and returns its id; ``mapping`` and ``counts`` are JSON texts."""
        self._check_staff()
        values = {
            "network_id": self._network_id,
            "imported_at": now,
            "imported_by": by,
            "file_name": file_name,
            "sha256": sha256,
            "mapping": mapping,
            "counts": counts,
        }
        statement = insert(t.batches).values(values).returning(t.batches.c.id)
        found: int = self._to_write().execute(statement).scalar_one()
        return found

    def batches(self) -> tuple[Batch, ...]:
        """Every import, the latest first."""
        query = self._batches()
        return tuple(map(self._batch, self._connection.execute(query.order_by(t.batches.c.id.desc()))))

    def _batch(self, row: AnyRow) -> Batch:
        found, names = Batch(*row), self._names
        undone_by = None if found.undone_by is None else names.of(found.undone_by)
        return replace(found, imported_by=names.of(found.imported_by), undone_by=undone_by)

    def _batches(self) -> AnySelect:
        self._check_staff()
        table = t.batches
        columns = (table.c.id, table.c.imported_at, table.c.imported_by, table.c.file_name, table.c.sha256)
        said = (table.c.mapping, table.c.counts, t.undos.c.undone_at, t.undos.c.undone_by)
        undone = table.outerjoin(t.undos, t.undos.c.batch_id == table.c.id)
        return select(*columns, *said).select_from(undone).where(table.c.network_id == self._network_id)

    def save_mapping(self, title: str, mapping: str, headings: str, *, by: str, now: datetime) -> None:
        """Keeps a mapping and the headings it was made for (JSON texts), in place of the one with that title."""
        self.forget_mapping(title)
        said = {"title": title, "mapping": mapping, "headings": headings, "saved_at": now, "saved_by": by}
        values = {"network_id": self._network_id, **said}
        self._to_write().execute(insert(t.saved_mappings).values(values))

    def saved_mappings(self) -> tuple[SavedMapping, ...]:
        """Every mapping that is kept, the latest first."""
        self._check_staff()
        table = t.saved_mappings.c
        query = select(table.title, table.mapping, table.headings, table.saved_at, table.saved_by)
        rows = self._connection.execute(query.where(table.network_id == self._network_id).order_by(table.id.desc()))
        found = (SavedMapping(*row) for row in rows)
        return tuple(replace(mapping, saved_by=self._names.of(mapping.saved_by)) for mapping in found)

    def forget_mapping(self, title: str) -> bool:
        """Whether there was a mapping with this title; there is none now."""
        self._check_staff()
        table = t.saved_mappings
        here = (table.c.network_id == self._network_id) & (table.c.title == title)
        return self._to_write().execute(delete(table).where(here)).rowcount > 0
