"""What every part of the repository stands on: one connection, one network, and whether it may write."""

from typing import Any, TypeAlias

from sqlalchemy import Connection, Row, Select, Table, select, update
from sqlalchemy.dialects import postgresql, sqlite

from progressions.errors import NotAllowedError
from progressions.people import Network
from progressions.store import tables as t

AnyRow: TypeAlias = Row[*tuple[Any, ...]]
AnySelect: TypeAlias = Select[*tuple[Any, ...]]


class Scope:
    """Bound to one network: every query of the parts below filters by ``self._network_id``."""

    def __init__(self, connection: Connection, network: Network, *, writes: bool) -> None:
        self.network = network
        self._network_id = network.id
        self._connection = connection
        self._writes = writes
        self._counted = False

    def revision(self) -> int:
        """A number that grows with every transaction that changed this network's data: for keys of caches."""
        query = select(t.networks.c.revision).where(t.networks.c.id == self._network_id)
        found: int = self._connection.execute(query).scalar_one()
        return found

    def _to_write(self) -> Connection:
        """The connection, to change the network's data; a transaction's first change grows the revision."""
        if not self._writes:
            raise RuntimeError("This repository was opened for reading.")
        if not self._counted:
            table = t.networks
            grown = update(table).where(table.c.id == self._network_id).values(revision=table.c.revision + 1)
            self._connection.execute(grown)
            self._counted = True
        return self._connection


def lock_network(connection: Connection, network: Network) -> None:
    """Keeps other writers of this network waiting until the transaction ends; SQLite has one anyway.

    NotAllowedError where the network does not exist. Others may still check foreign keys to it meanwhile.
    """
    query = select(t.networks.c.id).where(t.networks.c.id == network.id).with_for_update(key_share=True)
    if connection.execute(query).first() is None:
        raise NotAllowedError


def insert_unless_there(connection: Connection, table: Table) -> sqlite.Insert | postgresql.Insert:
    """An INSERT that leaves a row with the same key alone, so that the transaction stays usable."""
    if connection.dialect.name == "postgresql":
        return postgresql.insert(table).on_conflict_do_nothing()
    return sqlite.insert(table).on_conflict_do_nothing()


def new_id(connection: Connection, table: Table, values: dict[str, object]) -> int | None:
    """The id of the inserted row; None, and nothing is inserted, where a row with the same key is there."""
    statement = insert_unless_there(connection, table).values(values).returning(table.c.id)
    found: int | None = connection.execute(statement).scalar_one_or_none()
    return found
