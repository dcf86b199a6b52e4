import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import create_engine, event

from progressions.errors import StoreUnavailableError
from progressions.store import open_store
from progressions.store.tables import metadata
from progressions.store.upgrade import BACKUPS, upgrade
from tests import factories
from tests.plain_sql import PlainSql


def test_tables_and_migrations_agree(empty_database_url: str) -> None:
    open_store(empty_database_url).close()
    engine = create_engine(empty_database_url)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_server_default": True})
        differences = compare_metadata(context, metadata)
    engine.dispose()
    assert differences == []


def test_constraints_of_migrations_and_tables_are_the_same(tmp_path: Path) -> None:
    # Alembic compares neither checks nor primary keys: the text of each table does.
    migrated, direct = tmp_path / "migrated.sqlite3", tmp_path / "direct.sqlite3"
    open_store(f"sqlite:///{migrated}").close()
    engine = create_engine(f"sqlite:///{direct}")
    metadata.create_all(engine)
    engine.dispose()
    tables = _tables(migrated)
    tables.pop("alembic_version")
    assert tables == _tables(direct)


def _tables(file: Path) -> dict[str, list[str]]:
    """Every column and constraint of every table as its text, however the statement was laid out."""
    with closing(sqlite3.connect(file)) as connection:
        rows = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table'").fetchall()
    return {name: sorted(_parts(text)) for name, text in rows}


def _parts(statement: str) -> Iterator[str]:
    body = " ".join(statement[statement.index("(") + 1 : statement.rindex(")")].split())
    for part in re.split(r",(?![^(]*\))", body):
        column, found, constraint = part.strip().partition(" CONSTRAINT ")
        yield column
        if found:  # a constraint that stands with its column says the same as one below the columns
            key = f" FOREIGN KEY({column.split()[0]}) REFERENCES"
            is_short = " REFERENCES" in constraint and "FOREIGN KEY" not in constraint
            yield f"CONSTRAINT {constraint.replace(' REFERENCES', key) if is_short else constraint}"


def test_opening_twice_upgrades_once(empty_database_url: str) -> None:
    first = open_store(empty_database_url)
    network = factories.a_network(first)
    first.close()
    second = open_store(empty_database_url)
    with second.read_directory() as directory:
        assert directory.networks() == (network,)
    second.close()


def _older_file(file: Path) -> None:
    """A database as the first migration alone leaves it, with one network in it."""
    engine = create_engine(f"sqlite:///{file}")
    event.listen(engine, "connect", lambda connection, _: setattr(connection, "isolation_level", None))
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN"))
    upgrade(engine, to="0001")
    engine.dispose()
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("INSERT INTO networks VALUES (1, 'old', 'Old', 0, '2026-01-01 00:00:00.000000', 1)")
        connection.commit()


def test_an_older_file_is_copied_before_it_is_upgraded(tmp_path: Path) -> None:
    file = tmp_path / "store.sqlite3"
    _older_file(file)
    store = open_store(f"sqlite:///{file}")
    with store.read_directory() as directory:
        assert [network.code for network in directory.networks()] == ["old"]
    store.close()
    (copy,) = (tmp_path / BACKUPS).iterdir()
    kept = PlainSql(f"sqlite:///{copy}")
    assert kept.rows("SELECT version_num FROM alembic_version") == [("0001",)]
    assert kept.rows("SELECT code FROM networks") == [("old",)]
    assert PlainSql(f"sqlite:///{file}").value("SELECT version_num FROM alembic_version") == "0009"


def test_a_new_file_makes_no_backup(tmp_path: Path) -> None:
    open_store(f"sqlite:///{tmp_path / 'store.sqlite3'}").close()
    assert not (tmp_path / BACKUPS).exists()


def test_an_upgrade_that_breaks_off_leaves_the_older_file_as_it_was(tmp_path: Path) -> None:
    file = tmp_path / "store.sqlite3"
    _older_file(file)
    with closing(sqlite3.connect(file)) as connection:  # the third trigger of the migration will find its name taken
        connection.execute("CREATE TRIGGER levels_no_update AFTER INSERT ON people BEGIN SELECT 1; END")
        connection.commit()
    before = PlainSql(f"sqlite:///{file}").rows("SELECT name FROM sqlite_master ORDER BY name")
    with pytest.raises(Exception, match="levels_no_update"):
        open_store(f"sqlite:///{file}")
    after = PlainSql(f"sqlite:///{file}")
    assert after.rows("SELECT name FROM sqlite_master ORDER BY name") == before
    assert after.value("SELECT version_num FROM alembic_version") == "0001"


def test_a_database_of_a_newer_version_is_left_untouched(empty_database_url: str) -> None:
    open_store(empty_database_url).close()
    plain = PlainSql(empty_database_url)
    plain.run("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(StoreUnavailableError, match="newer version of Progressions"):
        open_store(empty_database_url)
    assert plain.value("SELECT version_num FROM alembic_version") == "9999"


def test_a_database_of_another_program_is_left_untouched(empty_database_url: str) -> None:
    plain = PlainSql(empty_database_url)
    plain.run("CREATE TABLE invoices (id INTEGER)")
    with pytest.raises(StoreUnavailableError, match="tables of another program"):
        open_store(empty_database_url)
    assert plain.value("SELECT count(*) FROM invoices") == 0
    catalogue = "sqlite_master WHERE type = 'table'" if plain.is_sqlite else "pg_tables WHERE schemaname = 'public'"
    assert plain.value(f"SELECT count(*) FROM {catalogue}") == 1
