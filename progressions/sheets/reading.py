"""Bytes to a workbook of cells, read in a child process that no file can take down with it."""

import hashlib
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import PurePath
from typing import IO, Any

from progressions.errors import FileRefusedError
from progressions.settings import PROJECT, ReadLimits
from progressions.sheets.cells import Area, Sheet, Value, Workbook
from progressions.sheets.sniffing import SAVE_AS, Form, sniff
from progressions.sheets.transfer import SharedTexts, from_line, to_areas

_AT_ONCE = threading.BoundedSemaphore(2)
"""Children at one time: each may take the whole memory limit, and a hall shares one machine."""

_SENTENCES = 10_000
"""Bytes of an answer beside its cells: a refusal or notes."""

_NAMES_OF_WORKBOOKS = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")

_COMMAND = (sys.executable, "-B", "-X", "utf8", "-m", "progressions.sheets.child")


@dataclass
class _ReceivedSheet:
    """One sheet as it was sent: rows of any length."""

    name: str
    rows: list[tuple[Value, ...]] = field(default_factory=list)
    merged: tuple[Area, ...] = ()


@dataclass
class _Received:
    """What the child has sent so far."""

    sheets: list[_ReceivedSheet] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    end: str = ""
    texts: SharedTexts = field(default_factory=SharedTexts)

    def take(self, message: dict[str, Any]) -> None:
        if "rows" in message:
            self.sheets[-1].rows.extend(self.texts.to_values(message["rows"]))
        elif "merged" in message:
            self.sheets[-1].merged = to_areas(message["merged"])
        elif "sheet" in message:
            self.sheets.append(_ReceivedSheet(str(message["sheet"])))
        elif "note" in message:
            self.notes.append(str(message["note"]))
        elif "refused" in message:
            raise FileRefusedError(str(message["refused"]))
        else:
            self.end = "done" if message.get("done") is True else str(message["failed"])


def read_workbook(content: bytes, file_name: str, limits: ReadLimits) -> Workbook:
    """The cells of an .xlsx, .xlsm, .xlsb, .xls, .ods, .csv or .tsv file, as they are: nothing is guessed.

    Cells of a text table are all texts; an empty cell is None. ``FileRefusedError`` says in a sentence what
    the file is and what to do, where it is no table, is damaged or protected, or is over one of the limits.
    """
    form = sniff(content, file_name, limits)
    stem = PurePath(file_name.replace("\\", "/")).stem or "Sheet1"
    order = {"form": form.value, "stem": stem, "limits": asdict(limits)}
    received = _read_in_child(json.dumps(order).encode() + b"\n", content, limits)
    sheets = tuple(_sheet(sheet, limits) for sheet in received.sheets)
    if form is not Form.TEXT and not any(sheet.rows for sheet in sheets):
        received.notes.append("Every sheet of the file is empty.")
    elif form is Form.TEXT and file_name.lower().endswith(_NAMES_OF_WORKBOOKS):
        received.notes.append(
            "The file is named like a workbook, but it holds plain text; it was read as a text table."
        )
    return Workbook(file_name, hashlib.sha256(content).hexdigest(), sheets, tuple(dict.fromkeys(received.notes)))


def _sheet(received: _ReceivedSheet, limits: ReadLimits) -> Sheet:
    """The sheet with rows of one length, without the empty rows at its end."""
    rows = received.rows
    while rows and not rows[-1]:
        rows.pop()
    width = max((len(row) for row in rows), default=0)
    if len(rows) * width > limits.cells:
        raise _unreadable()
    areas = tuple(area for area in received.merged if area[0] <= len(rows) and area[1] < width)
    return Sheet(received.name, tuple(row + (None,) * (width - len(row)) for row in rows), areas)


def _unreadable() -> FileRefusedError:
    return FileRefusedError(
        "The file cannot be read: it is packed like a workbook, but what is inside contradicts itself, as in a damaged "
        f"file or one of an unfinished version of Excel. {SAVE_AS}"
    )


def _too_much_text(limits: ReadLimits) -> FileRefusedError:
    return FileRefusedError(
        f"The file cannot be read: its cells hold more than {limits.inflated_bytes // 1024**2:,} MB of text. "
        "Copy the one table that is needed into a new workbook, and upload that."
    )


def _too_large(limits: ReadLimits) -> FileRefusedError:
    return FileRefusedError(
        f"The file needs more memory than the {limits.memory_bytes // 1024**2:,} MB that reading may take, or it "
        "is damaged. Often a forgotten cell stands far from the table: copy the table into a new workbook, and "
        "upload that."
    )


def _read_in_child(order: bytes, content: bytes, limits: ReadLimits) -> _Received:
    with _AT_ONCE, _started() as child:
        clock = _Clock(child, limits.seconds)
        try:
            assert child.stdin is not None
            assert child.stdout is not None
            _send(child.stdin, order, content)
            return _received(child.stdout, limits)
        # A child that dies without a word was nearly always refused memory: the library then aborts.
        except MemoryError as death:
            raise clock.refusal(limits, _too_large(limits)) from death
        except EOFError as flood:
            raise clock.refusal(limits, _too_much_text(limits)) from flood
        except (ValueError, TypeError, LookupError, ArithmeticError, RecursionError) as nonsense:
            raise clock.refusal(limits, _unreadable()) from nonsense
        finally:
            clock.stop()
            child.kill()


def _started() -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        _COMMAND,
        cwd=PROJECT,
        env=_environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )


def _environment() -> dict[str, str]:
    """This process's environment without the application's settings: the database's password is among them."""
    return {name: value for name, value in os.environ.items() if not name.startswith("PROGRESSIONS_")}


class _Clock:
    """Ends the child when its time is over, and then knows that it did."""

    def __init__(self, child: "subprocess.Popen[bytes]", seconds: int) -> None:
        self._child = child
        self._rang = False
        self._timer = threading.Timer(seconds, self._ring)
        self._timer.daemon = True
        self._timer.start()

    def _ring(self) -> None:
        self._rang = True
        self._child.kill()

    def stop(self) -> None:
        self._timer.cancel()

    def refusal(self, limits: ReadLimits, otherwise: FileRefusedError) -> FileRefusedError:
        if not self._rang:
            return otherwise
        return FileRefusedError(
            f"Reading the file took more than {limits.seconds} seconds; it was given up. "
            "Copy the one table that is needed into a new workbook, and upload that."
        )


def _send(pipe: IO[bytes], order: bytes, content: bytes) -> None:
    # A child that dies while it is being fed says so by an answer that has no end.
    try:
        pipe.write(order)
        pipe.write(content)
        pipe.close()
    except (BrokenPipeError, OSError):
        return


def _received(pipe: IO[bytes], limits: ReadLimits) -> _Received:
    received = _Received()
    for line in _lines(pipe, limits.inflated_bytes + _SENTENCES):
        received.take(from_line(line))
    if received.end in ("", "memory"):
        raise MemoryError
    if received.end != "done":
        raise ValueError(received.end)
    return received


def _lines(pipe: IO[bytes], most: int) -> Iterator[bytes]:
    """The lines of the answer; EOFError where it is longer than any permitted file's cells."""
    left = most
    while line := pipe.readline(left):
        left -= len(line)
        if left <= 0:
            raise EOFError
        yield line
