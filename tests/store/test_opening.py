import os
import shutil
import sqlite3
import tempfile
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Engine, event

from progressions.errors import NotAllowedError, StoreUnavailableError
from progressions.people import Network
from progressions.store import Store, engine, open_store
from tests import factories
from tests.factories import staff_of
from tests.plain_sql import PlainSql

NOBODY = 65534


def test_the_folder_of_a_file_is_made(tmp_path: Path) -> None:
    file = tmp_path / "not" / "yet" / "store.sqlite3"
    open_store(f"sqlite:///{file}").close()
    assert file.exists()


def test_one_address_has_one_store_however_it_is_written(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    store = open_store(f"sqlite:///{tmp_path / 'store.sqlite3'}")
    assert open_store(f"sqlite:///{tmp_path / 'sub' / '..' / 'store.sqlite3'}") is store
    store.close()


def test_threads_that_open_at_once_share_one_store(tmp_path: Path) -> None:
    found: list[Store] = []
    url = f"sqlite:///{tmp_path / 'store.sqlite3'}"
    threads = [threading.Thread(target=lambda: found.append(open_store(url))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert len(set(map(id, found))) == 1
    found[0].close()


@pytest.mark.parametrize(
    "address", ["", "nonsense", "mysql://server/name", "sqlite://", "sqlite:///:memory:", "sqlite:///file:x"]
)
def test_an_address_that_cannot_be_used_says_how_to_write_one(address: str) -> None:
    with pytest.raises(StoreUnavailableError, match="sqlite:///path/to/file"):
        open_store(address)


def test_a_file_that_is_no_database_is_left_as_it_is(tmp_path: Path) -> None:
    file = tmp_path / "store.sqlite3"
    file.write_text("Dear diary, " * 500)
    with pytest.raises(StoreUnavailableError, match="is not a Progressions database, or it is damaged"):
        open_store(f"sqlite:///{file}")
    assert file.read_text() == "Dear diary, " * 500


def test_a_server_that_does_not_answer_is_named_without_the_password() -> None:
    with pytest.raises(StoreUnavailableError, match="cannot be reached") as refusal:
        open_store("postgresql://ana:secret@127.0.0.1:1/progressions")
    assert "secret" not in str(refusal.value)
    assert "progressions on 127.0.0.1" in str(refusal.value)


def test_a_file_is_written_through_a_journal_and_keeps_what_belongs_together(sqlite_store: Store) -> None:
    with sqlite_store.write_directory() as directory:
        asked = directory._connection.exec_driver_sql
        assert asked("PRAGMA journal_mode").scalar() == "wal"
        assert asked("PRAGMA synchronous").scalar() == 1  # NORMAL: test_on_disk.py holds what comes on top of it
        assert asked("PRAGMA foreign_keys").scalar() == 1


@contextmanager
def an_account_without_rights() -> Iterator[None]:
    """Root may write anywhere, so a test of rights gives its own away for a while."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.fixture
def public_folder() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    yield folder
    folder.chmod(0o755)
    shutil.rmtree(folder)


def test_a_file_that_may_only_be_read_refuses_to_save_and_says_so(public_folder: Path) -> None:
    url = f"sqlite:///{public_folder / 'store.sqlite3'}"
    store = open_store(url)
    network = factories.a_network(store)
    store.close()
    (public_folder / "store.sqlite3").chmod(0o444)
    public_folder.chmod(0o555)
    refused = pytest.raises(StoreUnavailableError, match=r"can be read but not written|cannot be opened")
    with an_account_without_rights(), refused:
        _add_a_partnership(url, network)
    (public_folder / "store.sqlite3").chmod(0o644)
    public_folder.chmod(0o755)
    _add_a_partnership(url, network)
    assert PlainSql(url).rows("SELECT code FROM partnerships") == [("ash",)]


def _add_a_partnership(url: str, network: Network) -> None:
    store = open_store(url)
    try:
        with store.write(staff_of(network)) as repository:
            repository.add_partnership("ash", "Ash County")
    finally:
        store.close()


def test_a_folder_that_cannot_be_made_says_so(public_folder: Path) -> None:
    public_folder.chmod(0o555)
    with an_account_without_rights(), pytest.raises(StoreUnavailableError, match="cannot be opened"):
        open_store(f"sqlite:///{public_folder / 'new' / 'store.sqlite3'}")


def test_a_file_that_another_program_keeps_locked_says_so_and_works_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "BUSY_SECONDS", 0.2)
    store = open_store(f"sqlite:///{tmp_path / 'store.sqlite3'}")
    with closing(sqlite3.connect(tmp_path / "store.sqlite3")) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreUnavailableError, match="database is busy"):
            factories.a_network(store)
    assert factories.a_network(store).code == "north"
    store.close()


def test_a_second_writer_of_one_process_waits_for_its_turn_and_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "BUSY_SECONDS", 0.2)
    store = open_store(f"sqlite:///{tmp_path / 'store.sqlite3'}")
    with store.write_directory(), pytest.raises(StoreUnavailableError, match="database is busy"):
        factories.a_network(store)
    store.close()


def test_a_full_disk_says_so_keeps_nothing_half_and_works_again(sqlite_store: Store, tmp_path: Path) -> None:
    network = factories.a_network(sqlite_store)
    limit = [1]

    @event.listens_for(Engine, "begin")
    def _fill_the_disk(connection: object) -> None:
        connection.exec_driver_sql(f"PRAGMA max_page_count = {limit[0]}")  # type: ignore[attr-defined]

    try:
        with pytest.raises(StoreUnavailableError, match="disk that holds the database is full"):
            _fill(sqlite_store, network)
        plain = PlainSql(f"sqlite:///{tmp_path / 'store.sqlite3'}")
        assert plain.value("SELECT count(*) FROM partnerships") == 0
        limit[0] = 1_000_000
        _fill(sqlite_store, network)
        assert plain.value("SELECT count(*) FROM partnerships") == 500
    finally:
        event.remove(Engine, "begin", _fill_the_disk)


def _fill(store: Store, network: Network) -> None:
    with store.write(staff_of(network)) as repository:
        for number in range(500):
            repository.add_partnership(f"p{number}", "a long title " * 20)


def test_what_was_opened_for_reading_cannot_write(store: Store, network: Network) -> None:
    with store.read(staff_of(network)) as repository, pytest.raises(RuntimeError, match="opened for reading"):
        repository.add_partnership("ash", "Ash County")


def test_the_database_itself_refuses_to_write_for_a_reader(store: Store, sql: PlainSql) -> None:
    refused = pytest.raises(StoreUnavailableError, match="can be read but not written")
    with refused, store.read_directory() as directory:
        directory.add_person("Ana", factories.NOW)
    assert sql.value("SELECT count(*) FROM people") == 0


class BrokeOffError(Exception):
    """What a caller's block may raise."""


def test_a_block_that_raises_keeps_nothing(store: Store, network: Network, sql: PlainSql) -> None:
    with pytest.raises(BrokeOffError):
        _add_and_break_off(store, network)
    assert sql.value("SELECT count(*) FROM partnerships") == 0


def _add_and_break_off(store: Store, network: Network) -> None:
    with store.write(staff_of(network)) as repository:
        repository.add_partnership("ash", "Ash County")
        raise BrokeOffError


def test_a_network_that_does_not_exist_cannot_be_written(store: Store) -> None:
    with pytest.raises(NotAllowedError), store.write(staff_of(Network(999, "ghost", "Ghost"))):
        pass


def test_a_reader_sees_one_state_from_beginning_to_end(store: Store, network: Network) -> None:
    with store.read(staff_of(network)) as repository:
        before = repository.partnerships()
        with store.write(staff_of(network)) as other:
            other.add_partnership("ash", "Ash County")
        assert repository.partnerships() == before == ()
    with store.read(staff_of(network)) as repository:
        assert [partnership.code for partnership in repository.partnerships()] == ["ash"]
