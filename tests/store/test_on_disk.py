"""What was written to an SQLite file is confirmed by the disk before anybody is told, once for all who wait."""

import os
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from progressions.errors import StoreUnavailableError
from progressions.store import Store, on_disk
from tests import factories
from tests.plain_sql import PlainSql

SECONDS = 60.0


def _file(store: Store) -> Path:
    return Path(store.url.database or "")


def _log(store: Store) -> Path:
    return Path(f"{_file(store)}-wal")


def _add(store: Store, code: str) -> None:
    factories.a_network(store, code)


@pytest.fixture
def sql(sqlite_store: Store) -> PlainSql:
    return PlainSql(sqlite_store.url.render_as_string(hide_password=False))


def test_all_of_a_save_is_on_the_disk_before_it_returns(sqlite_store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    confirmed: list[bytes] = []

    def note(descriptor: int) -> None:
        os.fsync(descriptor)
        confirmed.append(_log(sqlite_store).read_bytes())

    monkeypatch.setattr(on_disk, "_write_out", note)
    _add(sqlite_store, "alder")
    assert len(confirmed) == 1
    assert confirmed[0] == _log(sqlite_store).read_bytes()  # and nothing was written after it
    assert b"alder" in confirmed[0]


def test_who_writes_while_the_disk_is_busy_shares_the_next_confirmation(
    sqlite_store: Store, sql: PlainSql, monkeypatch: pytest.MonkeyPatch
) -> None:
    is_busy, go_on, asked = threading.Event(), threading.Event(), []

    def slow(descriptor: int) -> None:
        asked.append(descriptor)
        is_busy.set()
        assert go_on.wait(SECONDS)

    monkeypatch.setattr(on_disk, "_write_out", slow)
    with ThreadPoolExecutor(9) as people:
        saves = [people.submit(_add, sqlite_store, "first")]
        assert is_busy.wait(SECONDS)
        saves += [people.submit(_add, sqlite_store, f"other{number}") for number in range(8)]
        disk = sqlite_store._on_disk
        assert disk is not None
        while disk._written < 9:
            assert not any(save.done() for save in saves)
        assert int(sql.value("SELECT count(*) FROM networks")) == 9  # written, as others see, and nobody is told so
        go_on.set()
        for save in saves:
            save.result(SECONDS)
    assert 2 <= len(asked) <= 4  # the first, and mostly one for all of the others


def test_a_disk_that_cannot_confirm_is_said_and_the_next_save_asks_it_again(
    sqlite_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:

        def fail(_descriptor: int) -> None:
            raise OSError(5, "Input/output error")

        broken.setattr(on_disk, "_write_out", fail)
        for _ in range(2):
            with pytest.raises(StoreUnavailableError, match="may be kept or not"):
                _add(sqlite_store, f"alder{_}")
    _add(sqlite_store, "birch")


def test_nothing_is_confirmed_for_a_save_that_was_given_up(
    sqlite_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def give_up() -> None:
        with sqlite_store.write_directory() as directory:
            directory.forget_expired(factories.NOW)
            raise ZeroDivisionError

    asked: list[int] = []
    monkeypatch.setattr(on_disk, "_write_out", asked.append)
    with pytest.raises(ZeroDivisionError):
        give_up()
    assert asked == []


def test_a_log_that_is_no_more_needs_no_confirmation(tmp_path: Path) -> None:
    on_disk.OnDisk(tmp_path / "store.sqlite3").confirm()
