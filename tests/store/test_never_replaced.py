"""What never changes cannot be put in its own place either: REPLACE deletes without a word where no trigger watches."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest
from sqlalchemy import Boolean, Column, Integer, Table, UniqueConstraint

from progressions.store.column_types import UtcDateTime
from progressions.store.peer_tables import IMMUTABLE_OF_PEERS
from progressions.store.session_tables import IMMUTABLE_OF_SESSIONS
from progressions.store.tables import IMMUTABLE
from tests.plain_sql import PlainSql

REFUSALS = (sqlite3.IntegrityError, psycopg.errors.RestrictViolation)
TABLES = (*IMMUTABLE, *IMMUTABLE_OF_SESSIONS, *IMMUTABLE_OF_PEERS)
REPLACING = ("REPLACE INTO", "INSERT OR REPLACE INTO")


def keys_of(table: Table) -> list[tuple[str, ...]]:
    """Each set of columns that no two rows of the table share, SQLite's own number of a row with them."""
    unique = [c for c in table.constraints if isinstance(c, UniqueConstraint)]
    named = [tuple(column.name for column in constraint.columns) for constraint in (table.primary_key, *unique)]
    return named if "id" in table.columns else [*named, ("rowid",)]  # an id is that number


def a_value(column: Column[object], number: int) -> str:
    if isinstance(column.type, Boolean):
        return "true"
    if isinstance(column.type, Integer):
        return str(number)
    if isinstance(column.type, UtcDateTime):
        return f"'2026-03-0{number} 10:00:00.000000'"
    return "'same'" if number == 1 else "'new'"


def a_row(table: Table, number: int) -> dict[str, str]:
    """Values in SQL, by column: any two numbers have rows without anything in common."""
    own_number = {} if "id" in table.columns else {"rowid": str(number)}
    return own_number | {column.name: a_value(column, number) for column in table.columns}


def inserted(table: Table, verb: str, row: dict[str, str]) -> str:
    return f"{verb} {table.name} ({', '.join(row)}) VALUES ({', '.join(row.values())})"


@contextmanager
def without_parents(sql: PlainSql) -> Iterator[object]:
    """A connection for rows whose foreign keys lead nowhere."""
    with sql.connection() as connection:
        connection.execute("PRAGMA foreign_keys = OFF" if sql.is_sqlite else "SET session_replication_role = replica")
        yield connection


def add(sql: PlainSql, table: Table, row: dict[str, str]) -> None:
    with without_parents(sql) as connection:
        connection.execute(inserted(table, "INSERT INTO", row))  # type: ignore[attr-defined]
        connection.commit()  # type: ignore[attr-defined]


@pytest.mark.parametrize("verb", REPLACING)
@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_a_row_cannot_be_replaced_by_any_of_its_keys(sql: PlainSql, table: Table, verb: str) -> None:
    if not sql.is_sqlite:
        pytest.skip("REPLACE is SQLite's; PostgreSQL's own way is in the next test")
    add(sql, table, a_row(table, 1))
    for key in keys_of(table):
        other = a_row(table, 2) | {name: a_row(table, 1)[name] for name in key}
        with without_parents(sql) as connection, pytest.raises(REFUSALS, match=f"rows of {table.name} never change"):
            connection.execute(inserted(table, verb, other))  # type: ignore[attr-defined]
    add(sql, table, a_row(table, 2))
    assert sql.value(f"SELECT count(*) FROM {table.name}") == 2


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_a_row_cannot_be_updated_on_a_conflict(sql: PlainSql, table: Table) -> None:
    row = a_row(table, 1)
    row.pop("rowid", None)
    add(sql, table, row)
    before = sql.rows(f"SELECT * FROM {table.name}")
    key = ", ".join(keys_of(table)[0])
    column = next(name for name in reversed(row) if name not in key)
    change = f"ON CONFLICT ({key}) DO UPDATE SET {column} = {a_row(table, 2)[column]}"
    with pytest.raises(REFUSALS, match=f"rows of {table.name} never change"):
        sql.run(f"{inserted(table, 'INSERT INTO', row)} {change}")
    assert sql.rows(f"SELECT * FROM {table.name}") == before
