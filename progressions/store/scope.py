"""What every part of the repository stands on: one connection, one network, and whether it may write."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from operator import itemgetter
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, Connection, Dialect, Insert, Row, Select, Table, Update, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg

from progressions.errors import NotAllowedError
from progressions.people import Network
from progressions.store import tables as t

AnyRow: TypeAlias = Row[*tuple[Any, ...]]
AnySelect: TypeAlias = Select[*tuple[Any, ...]]

AT_ONCE = 10_000
"""Rows that are on their way to or from the database together: what bounds the memory of an import and its undo."""


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


def run_many(
    connection: Connection,
    statement: Insert | Update,
    common: Mapping[str, object],
    names: Sequence[str],
    rows: Iterable[tuple[int | str | None, ...]],
) -> int:
    """Runs an INSERT or UPDATE once for each of ``rows``, portion by portion; returns how many rows it touched.

    ``common`` are the values that all share, by the name of column or parameter; ``names`` say what the values of a
    row are. SQLAlchemy would convert every value of every row, which takes longer than the database does. Here only
    ``common`` is converted, once; numbers and texts of ``rows`` go to the driver as they are.
    """
    is_postgresql = connection.dialect.name == "postgresql"
    dialect: Dialect = PGDialect_psycopg(paramstyle="format") if is_postgresql else sqlite.dialect()  # type: ignore[no-untyped-call]
    keys = [*common, *names] if isinstance(statement, Insert) else None
    compiled = statement.compile(dialect=dialect, column_keys=keys)
    table = statement.table
    fixed = compiled.params | {name: as_stored(connection, table.c[name], value) for name, value in common.items()}
    places = {name: place for place, name in enumerate([*fixed, *names])}
    pick = itemgetter(*(places[name] for name in compiled.positiontup or ()))
    head, remaining, touched = tuple(fixed.values()), iter(rows), 0
    while portion := [pick(head + row) for row in islice(remaining, AT_ONCE)]:
        touched += connection.exec_driver_sql(str(compiled), portion).rowcount
    return touched


def as_stored(connection: Connection, column: ColumnElement[Any], value: object) -> Any:
    """The value as the driver takes it for this column."""
    convert = column.type.dialect_impl(connection.dialect).bind_processor(connection.dialect)
    return convert(value) if convert else value
