"""Partnerships, convenings and batches of one network."""

from datetime import date, datetime

from sqlalchemy import insert, select

from progressions.errors import ChangedMeanwhileError
from progressions.people import Partnership
from progressions.ratings import Batch, Convening
from progressions.store import tables as t
from progressions.store.scope import AnyRow, AnySelect, Scope, new_id


class Partnerships(Scope):
    """The part of the repository for what a network consists of."""

    def partnerships(self) -> tuple[Partnership, ...]:
        """Every partnership, sorted by title whatever the case."""
        table = t.partnerships
        query = select(table.c.id, table.c.code, table.c.title).where(table.c.network_id == self._network_id)
        found = [Partnership(*row) for row in self._connection.execute(query)]
        return tuple(sorted(found, key=lambda p: (p.title.casefold(), p.code)))

    def partnership(self, code: str) -> Partnership | None:
        """The partnership with this code; None where the network has none."""
        table = t.partnerships
        query = select(table.c.id, table.c.code, table.c.title).where(
            table.c.network_id == self._network_id, table.c.code == code
        )
        row = self._connection.execute(query).first()
        return Partnership(*row) if row else None

    def add_partnership(self, code: str, title: str) -> Partnership:
        """ChangedMeanwhileError where the network has a partnership with this code."""
        values: dict[str, object] = {"network_id": self._network_id, "code": code, "title": title}
        found = new_id(self._to_write(), t.partnerships, values)
        if found is None:
            raise ChangedMeanwhileError(f"There is a partnership with the code “{code}” already.")
        return Partnership(found, code, title)

    def convenings(self) -> tuple[Convening, ...]:
        """Every convening, the earliest first."""
        table = t.convenings
        query = select(table.c.id, table.c.held_on, table.c.title).where(table.c.network_id == self._network_id)
        return tuple(Convening(*row) for row in self._connection.execute(query.order_by(table.c.held_on)))

    def convening_on(self, held_on: date) -> Convening | None:
        """The convening on this day; None where there is none."""
        table = t.convenings
        query = select(table.c.id, table.c.held_on, table.c.title).where(
            table.c.network_id == self._network_id, table.c.held_on == held_on
        )
        row = self._connection.execute(query).first()
        return Convening(*row) if row else None

    def add_convening(self, held_on: date, title: str) -> Convening:
        """ChangedMeanwhileError where the network has a convening on this day."""
        values: dict[str, object] = {"network_id": self._network_id, "held_on": held_on, "title": title}
        found = new_id(self._to_write(), t.convenings, values)
        if found is None:
            raise ChangedMeanwhileError(f"There is a convening on {held_on.isoformat()} already.")
        return Convening(found, held_on, title)

    def add_batch(self, *, file_name: str, sha256: str, mapping: str, counts: str, by: str, now: datetime) -> int:
        """Records an import and returns its id; ``mapping`` and ``counts`` are JSON texts."""
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
        query = _batch_columns().where(t.batches.c.network_id == self._network_id)
        return tuple(_batch(row) for row in self._connection.execute(query.order_by(t.batches.c.id.desc())))

    def batch_of_file(self, sha256: str) -> Batch | None:
        """The latest import of a file with exactly these bytes; None where it was never imported."""
        query = _batch_columns().where(t.batches.c.network_id == self._network_id, t.batches.c.sha256 == sha256)
        row = self._connection.execute(query.order_by(t.batches.c.id.desc()).limit(1)).first()
        return _batch(row) if row else None


def _batch_columns() -> AnySelect:
    table = t.batches
    return select(
        table.c.id,
        table.c.imported_at,
        table.c.imported_by,
        table.c.file_name,
        table.c.sha256,
        table.c.mapping,
        table.c.counts,
    )


def _batch(row: AnyRow) -> Batch:
    return Batch(*row)
