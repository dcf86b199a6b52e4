"""After an orderly end the file alone is the database: nothing stands in a file beside it, and no old name in it."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from progressions.store import open_store
from tests import factories
from tests.factories import NOW
from tests.plain_sql import PlainSql

NAME = "Zebulon Quisenberry"


def bytes_of(folder: Path) -> bytes:
    """Everything that the database has put into its folder."""
    return b"".join(file.read_bytes() for file in folder.glob("store.sqlite3*"))


def test_the_file_alone_can_be_copied_after_an_orderly_end(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'store.sqlite3'}")
    with closing(sqlite3.connect(tmp_path / "store.sqlite3")) as reader:  # as a second process that looks on
        reader.execute("SELECT count(*) FROM networks").fetchall()
        factories.a_network(store)
        store.close()
        copy = shutil.copy(tmp_path / "store.sqlite3", tmp_path / "copy.sqlite3")
    assert PlainSql(f"sqlite:///{copy}").rows("SELECT code FROM networks") == [("north",)]


def test_a_start_brings_in_what_a_power_cut_left_beside_the_file(tmp_path: Path) -> None:
    file = tmp_path / "store.sqlite3"
    store = open_store(f"sqlite:///{file}")
    factories.a_network(store)
    (tmp_path / "cut").mkdir()
    for each in tmp_path.glob("store.sqlite3*"):  # what a disk holds when the power goes
        shutil.copy(each, tmp_path / "cut" / each.name)
    store.close()
    cut = tmp_path / "cut" / "store.sqlite3"
    assert cut.with_name("store.sqlite3-wal").stat().st_size > 0
    again = open_store(f"sqlite:///{cut}")
    try:
        copy = shutil.copy(cut, tmp_path / "copy.sqlite3")
        assert PlainSql(f"sqlite:///{copy}").rows("SELECT code FROM networks") == [("north",)]
    finally:
        again.close()


def test_a_name_that_was_taken_away_stands_nowhere_in_the_files(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'store.sqlite3'}")
    with store.write_directory() as directory:
        person = directory.add_person(NAME, NOW)
    assert NAME.encode() in bytes_of(tmp_path)
    with store.write_directory() as directory:
        directory.remove_name(person, NOW)
    store.tidy()
    assert NAME.encode() not in bytes_of(tmp_path)
    store.close()


def test_a_tidying_that_somebody_holds_up_is_left_to_the_next(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'store.sqlite3'}")
    with closing(sqlite3.connect(tmp_path / "store.sqlite3")) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM networks").fetchall()
        factories.a_network(store)
        store.tidy()
    assert factories.a_network(store, "south", "South").code == "south"
    store.close()
    assert not [record for record in caplog.records if record.levelname == "ERROR"]


@pytest.mark.postgres
def test_postgresql_has_nothing_to_tidy(database_url: str) -> None:
    store = open_store(database_url)
    store.tidy()
    store.close()
