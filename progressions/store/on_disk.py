"""Waiting until what was written to an SQLite file would outlive a power cut, together with all who wait for that."""

import os
from pathlib import Path
from threading import Condition

_write_out = getattr(os, "fdatasync", os.fsync)  # not every system tells a file's contents from its times


class OnDisk:
    """The log beside an SQLite file, and how much of it is known to be on the disk. Shared between threads.

    SQLite itself (``synchronous = FULL``) makes the disk confirm each transaction while the next one waits; a disk that
    takes 20 ms for that has 50 saves a second in it. Here a transaction is written first (``synchronous = NORMAL``),
    the next may begin, and nobody is told that theirs is saved before the disk has confirmed it: one confirmation
    serves everybody who had written when it was asked for.
    """

    def __init__(self, database: Path) -> None:
        self._log = database.with_name(f"{database.name}-wal")
        self._changed = Condition()
        self._written = 0
        self._confirmed = 0
        self._is_asking = False
        self._known_log = 0

    def confirm(self) -> None:
        """Returns once all that this thread has committed is on the disk. OSError where the disk cannot say so."""
        with self._changed:
            self._written += 1
            mine = self._written
            while self._confirmed < mine:
                if self._is_asking:
                    self._changed.wait()
                else:
                    self._ask()

    def _ask(self) -> None:
        """Asks the disk for everybody who has written so far; others may write meanwhile."""
        self._is_asking, everybody = True, self._written
        self._changed.release()
        try:
            self._sync()
        finally:
            self._changed.acquire()
            self._is_asking = False
            self._changed.notify_all()  # where it failed, each of the others asks the disk for itself
        self._confirmed = max(self._confirmed, everybody)

    def _sync(self) -> None:
        try:
            log = os.open(self._log, os.O_RDWR)
        except FileNotFoundError:
            return  # SQLite takes the log away when all of it stands, confirmed, in the database file itself
        try:
            _write_out(log)
            made = os.fstat(log).st_ino
        finally:
            os.close(log)
        if made != self._known_log:
            self._sync_folder()
            self._known_log = made

    def _sync_folder(self) -> None:
        """A new log is found again after a power cut only where its folder is on the disk, too."""
        if os.name != "posix":  # elsewhere folders cannot be opened, and need not be
            return
        folder = os.open(self._log.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
