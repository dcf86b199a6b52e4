"""Many rows at once, portion by portion, as fast as each database takes them.

SQLAlchemy would convert every value of every row, which takes longer than SQLite does; and PostgreSQL would answer
for every row by itself. Here SQLite gets its ``executemany`` with the values as they are, and PostgreSQL one statement
a portion, with an array for each column.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from operator import itemgetter
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, Connection, Insert, Table, Update, bindparam, cast, func, literal, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.types import Text, TypeEngine

from progressions.store.column_types import Words

AT_ONCE = 10_000
"""Rows that are on their way to or from the database together: what bounds the memory of an import and its undo."""

BulkValue: TypeAlias = int | str | None
BulkRow: TypeAlias = tuple[BulkValue, ...]
Columns: TypeAlias = Mapping[str, ColumnElement[Any]]
Given: TypeAlias = Callable[[str], ColumnElement[Any]]
"""The value of a row by its name, to be used in a statement."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """What all rows share that an import or its undo writes."""

    batch_id: int
    by: str
    came_from: str
    now: datetime

    def of_ratings(self, batch_id: int | None) -> dict[str, object]:
        """By column of the ratings; ``batch_id`` is of the import that their levels come from, None after an undo."""
        return {"pen": "", "pen_base": 0, "saved_at": self.now, "saved_by": self.by, "batch_id": batch_id}

    @property
    def of_changes(self) -> dict[str, object]:
        """By column of the history."""
        said = {"changed_by": self.by, "came_from": self.came_from}
        return {"changed_at": self.now, "batch_id": self.batch_id, **said}


def insert_many(
    connection: Connection, table: Table, common: Mapping[str, object], names: Sequence[str], rows: Iterable[BulkRow]
) -> int:
    """Inserts ``rows``, whose values are of the columns ``names``, each with the values that all share.

    A row whose key is there already is left alone; returns how many were inserted.
    """
    columns = {name: table.c[name] for name in names}
    if connection.dialect.name == "postgresql":
        fixed = [literal(value, table.c[name].type).label(name) for name, value in common.items()]

        def from_arrays(given: Given) -> Insert:
            chosen = select(*fixed, *(given(name) for name in names))
            return postgresql.insert(table).from_select([*common, *names], chosen).on_conflict_do_nothing()

        return _by_arrays(connection, from_arrays, columns, rows)
    fixed_values = {name: as_stored(connection, table.c[name], value) for name, value in common.items()}
    statement = sqlite.insert(table).on_conflict_do_nothing()
    return _one_by_one(connection, statement, fixed_values, names, rows, [*common, *names])


def update_many(
    connection: Connection, statement: Callable[[Given], Update], columns: Columns, rows: Iterable[BulkRow]
) -> int:
    """Runs an UPDATE for each of ``rows``; returns how many rows of the table it changed.

    ``columns`` gives by name what a row's values are of; ``statement`` is made with the value of each name.
    """
    if connection.dialect.name == "postgresql":
        return _by_arrays(connection, statement, columns, rows)
    made = statement(lambda name: bindparam(name, type_=columns[name].type))
    return _one_by_one(connection, made, {}, list(columns), rows, None)


def as_stored(connection: Connection, column: ColumnElement[Any], value: object) -> Any:
    """The value as the driver takes it for this column."""
    convert = column.type.dialect_impl(connection.dialect).bind_processor(connection.dialect)
    return convert(value) if convert else value


def _one_by_one(
    connection: Connection,
    statement: Insert | Update,
    fixed: Mapping[str, object],
    names: Sequence[str],
    rows: Iterable[BulkRow],
    keys: list[str] | None,
) -> int:
    compiled = statement.compile(dialect=sqlite.dialect(), column_keys=keys)
    own = {name: as_stored(connection, bind, bind.value) for name, bind in compiled.binds.items() if not bind.required}
    fixed = {**own, **fixed}
    places = {name: place for place, name in enumerate([*fixed, *names])}
    pick = itemgetter(*(places[name] for name in compiled.positiontup or ()))
    head, remaining, touched = tuple(fixed.values()), iter(rows), 0
    while portion := [pick((*head, *row)) for row in islice(remaining, AT_ONCE)]:
        touched += connection.exec_driver_sql(str(compiled), portion).rowcount
    return touched


def _by_arrays(
    connection: Connection, statement: Callable[[Given], Insert | Update], columns: Columns, rows: Iterable[BulkRow]
) -> int:
    arrays = [cast(bindparam(f"all_{name}"), postgresql.ARRAY(_plain(c.type))) for name, c in columns.items()]
    given = func.unnest(*arrays).table_valued(*columns, name="given").render_derived()
    made = statement(lambda name: cast(given.c[name], _plain(columns[name].type)))
    remaining, touched = iter(rows), 0
    while portion := list(islice(remaining, AT_ONCE)):
        values = {f"all_{name}": list(column) for name, column in zip(columns, zip(*portion, strict=True), strict=True)}
        done = connection.execute(made, values, execution_options={"preserve_rowcount": True})
        touched += done.rowcount
    return touched


def _plain(column_type: TypeEngine[Any]) -> TypeEngine[Any]:
    """Texts of rows have been looked at where they came from; looking at each again takes longer than storing it."""
    return Text() if isinstance(column_type, Words) else column_type
