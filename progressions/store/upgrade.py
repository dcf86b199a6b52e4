"""Brings a database to the tables of this version: after a backup, in one step, by one process at a time."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, inspect, text

from progressions.errors import StoreUnavailableError
from progressions.store.failures import NEWER, OTHER_PROGRAM, place_of

MIGRATIONS = Path(__file__).parent / "migrations"
BACKUPS = "backups"
UPGRADE_LOCK = 0x50524F47  # any number that no other program on the server uses: "PROG" in ASCII


def migration_config(connection: Connection | None = None) -> Config:
    """Alembic's configuration without a file; ``env.py`` works on the given connection."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def upgrade(engine: Engine, to: str = "head") -> None:
    """Applies the migrations that are missing, all or none; a database that is up to date is only read.

    An older SQLite file is first copied to ``backups`` beside it. Raises StoreUnavailableError, and changes
    nothing, where the database belongs to another program or to a newer version.
    """
    scripts = ScriptDirectory.from_config(migration_config())
    target = scripts.get_current_head() if to == "head" else to
    with engine.connect() as connection, connection.begin():
        if _revision(connection) == target:
            return
    with engine.execution_options(writes=True).connect() as connection, connection.begin():
        _wait_for_turn(connection)
        revision = _revision(connection)
        _check_ours(connection, revision, scripts)
        if revision is not None and revision != target and engine.dialect.name == "sqlite":
            back_up(_file_of(engine), revision)
        command.upgrade(migration_config(connection), to)


def back_up(file: Path, revision: str) -> Path:
    """Copies the committed state of an SQLite file, checks the copy, and returns its path."""
    folder = file.parent / BACKUPS
    folder.mkdir(exist_ok=True)
    copy = folder / f"{file.stem}-{datetime.now(UTC):%Y%m%dT%H%M%S%fZ}-{revision}{file.suffix}"
    with closing(sqlite3.connect(file)) as source, closing(sqlite3.connect(copy)) as target:
        source.backup(target)
        if target.execute("PRAGMA quick_check").fetchone() != ("ok",):
            raise StoreUnavailableError(f"The backup {copy} could not be read back. The database was left as it is.")
    return copy


def _revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _wait_for_turn(connection: Connection) -> None:
    """On PostgreSQL waits until no other process upgrades; on SQLite BEGIN IMMEDIATE has already waited."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET LOCAL lock_timeout = 0"))  # another process may need minutes for its upgrade
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": UPGRADE_LOCK})


def _check_ours(connection: Connection, revision: str | None, scripts: ScriptDirectory) -> None:
    place = place_of(connection.engine.url)
    if revision is None and inspect(connection).get_table_names():
        raise StoreUnavailableError(OTHER_PROGRAM.format(place=place))
    known = {script.revision for script in scripts.walk_revisions()}
    if revision is not None and revision not in known:
        raise StoreUnavailableError(NEWER.format(place=place))


def _file_of(engine: Engine) -> Path:
    assert engine.url.database is not None  # an SQLite address without a file is refused when the store is opened
    return Path(engine.url.database)
