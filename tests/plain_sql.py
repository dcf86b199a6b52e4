"""A database asked with the driver alone, so that a test does not believe the code that it tests."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

import psycopg
from sqlalchemy.engine import make_url


class PlainSql:
    """Plain statements against the database at an address of the application's."""

    def __init__(self, url: str) -> None:
        self._url = make_url(url)

    @property
    def is_sqlite(self) -> bool:
        """Whether the database is an SQLite file."""
        return self._url.get_backend_name() == "sqlite"

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """Everything that a query gives."""
        with self.connection() as connection:
            return list(connection.execute(query).fetchall())

    def value(self, query: str) -> Any:
        """The only value of the only row."""
        ((value,),) = self.rows(query)
        return value

    def run(self, statement: str) -> None:
        """Runs and commits a statement; the driver's error where the database refuses."""
        with self.connection() as connection:
            connection.execute(statement)
            connection.commit()

    @contextmanager
    def connection(self) -> Iterator[Any]:
        """A connection of the driver, outside the application's pool; foreign keys are on."""
        if not self.is_sqlite:
            url = self._url.set(drivername="postgresql").render_as_string(hide_password=False)
            with psycopg.connect(url) as connection:
                yield connection
            return
        with closing(sqlite3.connect(self._url.database or "")) as file:
            file.execute("PRAGMA foreign_keys = ON")
            yield file
