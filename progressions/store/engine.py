"""Opening a database: engines, transactions, and the locks that keep writers apart."""

import logging
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from threading import Lock

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError

from progressions.errors import StoreUnavailableError
from progressions.people import Principal
from progressions.store.directory import Directory
from progressions.store.failures import BUSY, CANNOT_OPEN, NO_ADDRESS, UNSURE, place_of, told_plainly
from progressions.store.on_disk import OnDisk
from progressions.store.repository import Repository
from progressions.store.scope import lock_network
from progressions.store.turns import Turns
from progressions.store.upgrade import upgrade

TIDY_SECONDS = 1  # whoever keeps the file longer leaves the tidying to the next
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

    def __init__(self, url: URL, reading: Engine, writing: Engine) -> None:
        self.url = url
        self._reading = reading
        self._writing = writing
        self._turns = Turns()
        self._on_disk = OnDisk(Path(url.database or "")) if writing.dialect.name == "sqlite" else None

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
            if not principal.seat:  # a hall votes at one moment: each vote waits for its own session's row alone
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
            if _stores.pop(self.url, None) is not None:
                self.tidy()
            self._reading.dispose()
            self._writing.dispose()

    def tidy(self) -> None:
        """Brings what stands beside an SQLite file into it, so that the file alone can be copied.

        What was overwritten or taken away stands nowhere then. Where somebody else reads or writes just now, the next
        one does it; PostgreSQL sees to itself.
        """
        if self._writing.dialect.name != "sqlite":
            return
        try:
            with self._turn(), closing(sqlite3.connect(self.url.database or "", timeout=TIDY_SECONDS)) as connection:
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        except (sqlite3.Error, StoreUnavailableError) as problem:
            log.info("The database file could not be tidied: %s", problem)

    @contextmanager
    def _read(self) -> Iterator[Connection]:
        with told_plainly(self.url), self._reading.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def _write(self) -> Iterator[Connection]:
        with self._turn(), told_plainly(self.url), self._writing.connect() as connection, connection.begin():
            yield connection
        self._confirm()  # after the turn: who comes next writes while the disk answers

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """SQLite has one writer a file: waiting here, before BEGIN IMMEDIATE, keeps two checkpoints apart."""
        if self._writing.dialect.name != "sqlite":
            yield
            return
        if not self._turns.take(BUSY_SECONDS):
            raise StoreUnavailableError(BUSY)
        try:
            yield
        finally:
            self._turns.give_back()

    def _confirm(self) -> None:
        """Nobody is told that something is saved before it would outlive a power cut."""
        if self._on_disk is None:
            return
        try:
            self._on_disk.confirm()
        except OSError as error:
            raise StoreUnavailableError(UNSURE.format(place=place_of(self.url))) from error


_stores: dict[URL, Store] = {}
_asked: dict[str, URL] = {}
_opening = Lock()


def open_store(database_url: str) -> Store:
    """The store at this address, brought up to date; the same object for the same address in one process.

    Makes the folder of an SQLite file. Raises StoreUnavailableError, which says what is in the way.
    """
    if database_url in _asked and _asked[database_url] in _stores:  # at every run of every page
        return _stores[_asked[database_url]]
    url = _address(database_url)
    with _opening:
        if url not in _stores:
            _stores[url] = _open(url)
        _asked[database_url] = url
        return _stores[url]


def _open(url: URL) -> Store:
    reading, writing = _sqlite_engines(url) if url.get_backend_name() == "sqlite" else _postgresql_engines(url)
    try:
        with told_plainly(url):
            upgrade(writing)
    except BaseException:  # whatever stopped it, a store that is not ready must not keep connections open
        writing.dispose()
        raise
    store = Store(url, reading, writing)
    store.tidy()
    return store


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


def _sqlite_engines(url: URL) -> tuple[Engine, Engine]:
    """For reading, and for writing. SQLite has one writer a file: one connection that nobody else writes beside keeps
    what it has read of the file, where each of several would read it anew after each other's votes.
    """
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
    reading = _sqlite_engine(url, CONNECTIONS, "BEGIN", "query_only = ON")
    return reading, _sqlite_engine(url, 1, "BEGIN IMMEDIATE", "synchronous = NORMAL")  # the rest is ``OnDisk``'s


def _sqlite_engine(url: URL, connections: int, begin: str, pragma: str) -> Engine:
    engine = create_engine(
        url,
        connect_args={"timeout": BUSY_SECONDS},
        pool_size=connections,
        pool_timeout=BUSY_SECONDS,
        hide_parameters=True,  # what people wrote does not belong in a log
    )

    def prepare(connection: DBAPIConnection, _record: object) -> None:
        assert isinstance(connection, sqlite3.Connection)
        _prepare_sqlite(connection)
        connection.execute(f"PRAGMA {pragma}")

    def start(connection: Connection) -> None:
        # To the driver directly: SQLAlchemy's own way takes longer than SQLite takes to begin, at every tap of a hall.
        driver = connection.connection.driver_connection
        assert isinstance(driver, sqlite3.Connection)
        driver.execute(begin)  # a transaction that turns to writing half-way fails whatever the patience

    event.listen(engine, "connect", prepare)
    event.listen(engine, "begin", start)
    return engine


def _prepare_sqlite(connection: sqlite3.Connection) -> None:
    connection.isolation_level = None  # Python's own BEGIN comes too late
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA secure_delete = ON")  # a name that is taken away leaves no bytes behind
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


def _postgresql_engines(url: URL) -> tuple[Engine, Engine]:
    """For reading one snapshot, which PostgreSQL does only when asked, and for writing; both of one pool."""
    engine = create_engine(
        url,
        connect_args={"connect_timeout": BUSY_SECONDS},
        pool_size=CONNECTIONS,
        pool_timeout=BUSY_SECONDS,
        hide_parameters=True,  # what people wrote does not belong in a log
        pool_pre_ping=True,  # a server that was restarted is met with a fresh connection, not with an error
    )
    event.listen(engine, "begin", _begin_postgresql)
    reading = engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    return reading, engine.execution_options(writes=True)


def _begin_postgresql(connection: Connection) -> None:
    if connection.get_execution_options().get("writes"):
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{BUSY_SECONDS}s'")
