"""The reading child: one file from standard input to cells on standard output, under limits.

Run as ``python -m progressions.sheets.child`` by ``reading``. It imports only what it needs, because it is
started for every file.
"""

import contextlib
import json
import sys
from collections.abc import Callable, Iterable, Sequence
from io import BytesIO
from itertools import islice
from typing import BinaryIO

from progressions.errors import FileRefusedError
from progressions.settings import ReadLimits
from progressions.sheets import delimited, guards
from progressions.sheets.sniffing import EMPTY, PROTECTED, SAVE_AS, Form
from progressions.sheets.transfer import to_line

_ROWS_A_LINE = 500
Emit = Callable[[dict[str, object]], None]


def limit_process(limits: ReadLimits) -> None:
    """Bounds memory and time, and forbids writing files, where the system can; Windows has only the clock."""
    try:
        import resource
    except ImportError:
        return
    bounds = (
        (resource.RLIMIT_AS, limits.memory_bytes),
        (resource.RLIMIT_CPU, limits.seconds + 1),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
    )
    for kind, most in bounds:
        # macOS refuses some limits outright; the parent's clock still holds.
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(kind, (most, most))


def emit_cells(content: bytes, form: Form, stem: str, limits: ReadLimits, emit: Emit) -> None:
    """Sends a sheet's head, then its rows in portions, for each sheet; notes whenever there are any.

    ``FileRefusedError`` where the file is damaged, protected or over a limit; other errors are the reader's.
    """
    if form is Form.TEXT:
        _emit_text(content, stem, limits, emit)
        return
    if form is Form.ZIP:
        _emit_notes(guards.check_archive(content, limits), emit)
    _emit_workbook(content, limits, emit)


def _emit_notes(notes: Iterable[str], emit: Emit) -> None:
    for note in notes:
        emit({"note": note})


def _emit_text(content: bytes, stem: str, limits: ReadLimits, emit: Emit) -> None:
    decoded, notes = delimited.decode(content)
    rows = delimited.read_table(decoded)
    if not any(any(row) for row in rows):
        raise FileRefusedError(EMPTY)
    _emit_notes(notes, emit)
    _Bounds(limits).admit(stem, len(rows), max(len(row) for row in rows))
    _emit_sheet(stem, rows, 0, emit)


def _emit_workbook(content: bytes, limits: ReadLimits, emit: Emit) -> None:
    from python_calamine import (
        CalamineError,
        CalamineWorkbook,
        PasswordError,
        SheetTypeEnum,
        SheetVisibleEnum,
    )

    try:
        workbook = CalamineWorkbook.from_filelike(BytesIO(content))
    except PasswordError as error:
        raise FileRefusedError(PROTECTED) from error
    except CalamineError as error:
        raise FileRefusedError(f"The file is damaged, or no workbook that can be read here. {SAVE_AS}") from error
    tables = [m for m in workbook.sheets_metadata if m.typ is SheetTypeEnum.WorkSheet]
    if len(tables) > limits.sheets:
        raise FileRefusedError(
            f"The file has {len(tables):,} sheets; at most {limits.sheets:,} are read. "
            "Remove those that are not needed, and upload it again."
        )
    bounds = _Bounds(limits)
    for table in tables:
        sheet = workbook.get_sheet_by_name(table.name)
        if table.visible is not SheetVisibleEnum.Visible:
            emit({"note": f"The sheet “{table.name}” is hidden in the file; it was read like the others."})
        start, end = sheet.start or (0, 0), sheet.end or (-1, -1)
        bounds.admit(table.name, end[0] + 1, end[1] + 1)
        # iter_rows begins at the file's first row but at the sheet's first filled column.
        _emit_sheet(table.name, sheet.iter_rows() if sheet.end else (), start[1], emit)


class _Bounds:
    """Counts rows, columns and cells over the sheets of a file."""

    def __init__(self, limits: ReadLimits) -> None:
        self._limits = limits
        self._cells = 0

    def admit(self, sheet: str, rows: int, columns: int) -> None:
        self._cells += rows * columns
        measured = (
            ("rows", rows, self._limits.rows),
            ("columns", columns, self._limits.columns),
            ("cells", self._cells, self._limits.cells),
        )
        for what, count, most in measured:
            if count > most:
                raise FileRefusedError(
                    f"With the sheet “{sheet}” the file has {count:,} {what}; at most {most:,} are read. "
                    "Often a forgotten cell stands far from the table: remove it, or split the file."
                )


def _emit_sheet(name: str, rows: Iterable[Sequence[object]], indent: int, emit: Emit) -> None:
    emit({"sheet": name})
    trimmed = (_trimmed(row, indent) for row in rows)
    while portion := list(islice(trimmed, _ROWS_A_LINE)):
        emit({"rows": portion})


def _trimmed(row: Sequence[object], indent: int) -> list[object]:
    """The row from column A on, empty cells as None, without the empty cells at its end."""
    cells: list[object] = [None] * indent + [None if value == "" else value for value in row]
    while cells and cells[-1] is None:
        cells.pop()
    return cells


def _outcome(content: bytes, form: Form, stem: str, limits: ReadLimits, emit: Emit) -> dict[str, object]:
    try:
        emit_cells(content, form, stem, limits, emit)
    except FileRefusedError as refusal:
        return {"refused": str(refusal)}
    except MemoryError:
        return {"failed": "memory"}
    # calamine panics with a BaseException of its own on some damaged files; the child exists to contain it.
    except BaseException as failure:
        return {"failed": type(failure).__name__}
    return {"done": True}


def main(source: BinaryIO, target: BinaryIO) -> None:
    """Reads an order (one line of JSON) and the file from ``source``; answers in lines on ``target``."""
    order = json.loads(source.readline())
    limits = ReadLimits(**order["limits"])
    limit_process(limits)

    def emit(message: dict[str, object]) -> None:
        target.write(to_line(message))

    emit(_outcome(source.read(), Form(order["form"]), order["stem"], limits, emit))
    target.flush()


if __name__ == "__main__":
    main(sys.stdin.buffer, sys.stdout.buffer)
