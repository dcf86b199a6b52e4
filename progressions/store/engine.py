"""Opening a database: engines, transactions, and the locks that keep writers apart."""

import logging
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError

from progressions.errors import StoreUnavailableError
from progressions.people import Principal
from progressions.store.directory import Directory
from progressions.store.failures import BUSY, CANNOT_OPEN, NO_ADDRESS, place_of, told_plainly
from progressions.store.repository import Repository
from progressions.store.scope import lock_network
from progressions.store.upgrade import upgrade

BUSY_SECONDS = 10  # longer than any import of a real network takes, shorter than a person's patience
CONNECTIONS = 20  # readers at one moment in one process; more wait for their turn
SQLITE_MENDED = (
    3,
    51,
    3,
)  # older ones may damage a file when two processes checkpoint at one moment (WAL-reset bug)
POSTGRESQL_NAMES = ("postgres", "postgresql", "postgresql+psycopg")

log = logging.getLogger(__name__)


class Store:
    """One database. Made by ``open_store``; safe to share between threads.

    Every transaction commits when its block ends, and is rolled back when the block raises. What disk, lock
    or server did comes as StoreUnavailableError; nothing of the transaction is kept then.
    """

    def __init__(self, url: URL, engine: Engine) -> None:
        self.url = url
        self._engine = engine
        self._reading = engine.execution_options(**_reading_options(engine))
        self._writing = engine.execution_options(writes=True)
        self._one_writer = Lock()

    @contextmanager
    def read(self, principal: Principal) -> Iterator[Repository]:
        """A consistent view of what one person sees of a network; the database refuses to be written through it."""
        with self._read() as connection:
            yield Repository(connection, principal, writes=False)

    @contextmanager
    def write(self, principal: Principal) -> Iterator[Repository]:
        """One transaction of one person. A network has one writer at a time, so what it reads stays true.

        NotAllowedError where the network does not exist.
        """
        with self._write() as connection:
            lock_network(connection, principal.network)
            yield Repository(connection, principal, writes=True)

    @contextmanager
    def read_directory(self) -> Iterator[Directory]:
        """Networks, people and sign-in, to read."""
        with self._read() as connection:
            yield Directory(connection)

    @contextmanager
    def write_directory(self) -> Iterator[Directory]:
        """Networks, people and sign-in, to change, in one transaction."""
        with self._write() as connection:
            yield Directory(connection)

    def close(self) -> None:
        """Closes every connection; the next ``open_store`` of the same address makes a new store."""
        with _opening:
            _stores.pop(self.url, None)
            self._engine.dispose()

    @contextmanager
    def _read(self) -> Iterator[Connection]:
        with told_plainly(self.url), self._reading.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def _write(self) -> Iterator[Connection]:
        with self._turn(), told_plainly(self.url), self._writing.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """SQLite has one writer a file: waiting here, before BEGIN IMMEDIATE, keeps two checkpoints apart."""
        if self._engine.dialect.name != "sqlite":
            yield
            return
        if not self._one_writer.acquire(timeout=BUSY_SECONDS):
            raise StoreUnavailableError(BUSY)
        try:
            yield
        finally:
            self._one_writer.release()


_stores: dict[URL, Store] = {}
_opening = Lock()


def open_store(database_url: str) -> Store:
    """The store at this address, brought up to date; the same object for the same address in one process.

    Makes the folder of an SQLite file. Raises StoreUnavailableError, which says what is in the way.
    """
    url = _address(database_url)
    with _opening:
        if url not in _stores:
            _stores[url] = _open(url)
        return _stores[url]


def _open(url: URL) -> Store:
    engine = _sqlite_engine(url) if url.get_backend_name() == "sqlite" else _postgresql_engine(url)
    try:
        with told_plainly(url):
            upgrade(engine)
    except BaseException:  # whatever stopped it, a store that is not ready must not keep connections open
        engine.dispose()
        raise
    return Store(url, engine)


def _address(database_url: str) -> URL:
    """The address in one spelling, so that one database has one store and one lock."""
    try:
        url = make_url(database_url)
    except ArgumentError as error:
        raise StoreUnavailableError(NO_ADDRESS) from error
    if url.drivername in POSTGRESQL_NAMES:
        return url.set(drivername="postgresql+psycopg")
    if url.drivername != "sqlite" or not url.database or url.database.startswith((":memory:", "file:")):
        raise StoreUnavailableError(NO_ADDRESS)
    return url.set(database=str(Path(url.database).resolve()))


def _sqlite_engine(url: URL) -> Engine:
    assert url.database is not None  # checked with the address
    try:
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreUnavailableError(CANNOT_OPEN.format(place=place_of(url))) from error
    if sqlite3.sqlite_version_info < SQLITE_MENDED:
        log.warning(
            "SQLite %s may damage a file that two programs write to. Run one process, or use PostgreSQL.",
            sqlite3.sqlite_version,
        )
    engine = create_engine(
        url,
        connect_args={"timeout": BUSY_SECONDS},
        pool_size=CONNECTIONS,
        pool_timeout=BUSY_SECONDS,
        hide_parameters=True,  # what people wrote does not belong in a log
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: DBAPIConnection, _record: object) -> None:
    assert isinstance(connection, sqlite3.Connection)
    connection.isolation_level = None  # Python's own BEGIN comes too late; ours is in _begin_sqlite
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA synchronous = FULL")
    if connection.execute("PRAGMA journal_mode").fetchone() != ("wal",):
        _turn_to_wal(connection)


def _turn_to_wal(connection: sqlite3.Connection) -> None:
    """Done once a file. SQLite does not wait by itself where two processes try this at one moment."""
    deadline = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            busy = error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY
            if not busy or time.monotonic() > deadline:
                raise
            time.sleep(0.05)


def _begin_sqlite(connection: Connection) -> None:
    """A transaction that turns to writing half-way fails whatever the patience: writers say so first."""
    writes = bool(connection.get_execution_options().get("writes"))
    connection.exec_driver_sql(f"PRAGMA query_only = {'OFF' if writes else 'ON'}")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _postgresql_engine(url: URL) -> Engine:
    engine = create_engine(
        url,
        connect_args={"connect_timeout": BUSY_SECONDS},
        pool_size=CONNECTIONS,
        pool_timeout=BUSY_SECONDS,
        hide_parameters=True,  # what people wrote does not belong in a log
        pool_pre_ping=True,  # a server that was restarted is met with a fresh connection, not with an error
    )
    event.listen(engine, "begin", _begin_postgresql)
    return engine


def _begin_postgresql(connection: Connection) -> None:
    if connection.get_execution_options().get("writes"):
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{BUSY_SECONDS}s'")


def _reading_options(engine: Engine) -> dict[str, object]:
    """SQLite reads one snapshot anyway; PostgreSQL does so only when asked."""
    if engine.dialect.name == "sqlite":
        return {}
    return {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
