"""What can go wrong with a database, as sentences for whoever runs the application; no password in them."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from progressions.errors import StoreUnavailableError

BUSY = (
    "The database is busy: somebody else has been writing to it for a while. Nothing was saved. Try again in a moment."
)
FULL = "The disk that holds the database is full. Nothing was saved. Make room on it, and try again."
NO_DATABASE = (
    "{place} is not a Progressions database, or it is damaged. It was left as it is. "
    "Move it away, put a backup in its place, or name another file in PROGRESSIONS_DATABASE_URL."
)
READ_ONLY = (
    "{place} can be read but not written. Nothing was saved. "
    "Give the account that runs Progressions the right to write to it and to its folder."
)
CANNOT_OPEN = "{place} cannot be opened. Check that its folder exists and that this account may write there."
DISK = "{place} could not be read or written: the disk reports an error. Nothing was saved."
UNSURE = (
    "The disk reported an error while it was confirming what was saved last to {place}: that may be kept or not. "
    "Look at it again, and have the disk checked."
)
NO_SERVER = "{place} cannot be reached. Check that it is running, and the address and password that were set for it."
NO_ADDRESS = (
    "PROGRESSIONS_DATABASE_URL is not an address that Progressions can use. "
    "Write sqlite:///path/to/file.sqlite3 or postgresql://user:password@server/database."
)
OTHER_PROGRAM = (
    "{place} holds tables of another program. Nothing was written. Name an empty database in PROGRESSIONS_DATABASE_URL."
)
NEWER = (
    "{place} was written by a newer version of Progressions. It was left as it is. Start that version, or a newer one."
)

SQLITE = {
    sqlite3.SQLITE_PERM: READ_ONLY,
    sqlite3.SQLITE_BUSY: BUSY,
    sqlite3.SQLITE_LOCKED: BUSY,
    sqlite3.SQLITE_READONLY: READ_ONLY,
    sqlite3.SQLITE_IOERR: DISK,
    sqlite3.SQLITE_CORRUPT: NO_DATABASE,
    sqlite3.SQLITE_FULL: FULL,
    sqlite3.SQLITE_CANTOPEN: CANNOT_OPEN,
    sqlite3.SQLITE_NOTADB: NO_DATABASE,
}

# States as in appendix A of PostgreSQL's manual; one that is not here is our own mistake, and stays one.
POSTGRESQL = {
    "25006": READ_ONLY,
    "40001": BUSY,
    "40P01": BUSY,
    "53100": FULL,
    "53300": BUSY,
    "55P03": BUSY,
    "57P01": NO_SERVER,
    "57P02": NO_SERVER,
    "57P03": NO_SERVER,
}


def place_of(url: URL) -> str:
    """Where the database is, as a sentence may say it: the file, or name and server, never a password."""
    if url.get_backend_name() == "sqlite":
        return f"The database file {url.database}"
    return f"The database {url.database} on {url.host or 'this machine'}"


@contextmanager
def told_plainly(url: URL) -> Iterator[None]:
    """Turns what disk, lock or server did into StoreUnavailableError; our own mistakes pass as they are."""
    try:
        yield
    except PoolTimeoutError as error:
        raise StoreUnavailableError(BUSY) from error
    except (DBAPIError, sqlite3.Error) as error:
        sentence = _sentence(error)
        if sentence is None:
            raise
        raise StoreUnavailableError(sentence.format(place=place_of(url))) from error


def _sentence(error: DBAPIError | sqlite3.Error) -> str | None:
    if isinstance(error, sqlite3.Error):
        # The low byte is the primary code; the rest says more than a sentence needs.
        return SQLITE.get(getattr(error, "sqlite_errorcode", 0) & 0xFF)
    if isinstance(error.orig, sqlite3.Error):
        return _sentence(error.orig)
    state = getattr(error.orig, "sqlstate", None)
    if state is not None:
        return POSTGRESQL.get(state)
    # Without a state no server has answered.
    return NO_SERVER if isinstance(error, OperationalError | InterfaceError) else None
