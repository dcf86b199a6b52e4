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
from typing import TYPE_CHECKING, BinaryIO

from progressions.errors import FileRefusedError
from progressions.settings import ReadLimits
from progressions.sheets import delimited, guards, looking
from progressions.sheets.cells import Area
from progressions.sheets.sniffing import DAMAGED, EMPTY, PROTECTED, SAVE_AS, Form, names_entry
from progressions.sheets.transfer import to_line

if TYPE_CHECKING:
    from python_calamine import CalamineSheet

_ROWS_A_LINE = 500
_SHEETS_SHOWN = 10
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
        checked = guards.check_archive(content, limits)
    else:
        checked = guards.CheckedArchive(content, _macros(content))
    _emit_notes(checked.notes, emit)
    _emit_workbook(checked, form, limits, emit)


def _macros(content: bytes) -> tuple[str, ...]:
    return (looking.MACROS,) if names_entry(content, "_VBA_PROJECT_CUR") else ()


def _emit_notes(notes: Iterable[str], emit: Emit) -> None:
    for note in notes:
        emit({"note": note})


def _emit_text(content: bytes, stem: str, limits: ReadLimits, emit: Emit) -> None:
    table = delimited.open_table(content)
    # The text is gone through twice, so that a file over a limit is refused without ever being held whole.
    rows = columns = 0
    filled = False
    for row in table.rows():
        rows += 1
        columns = max(columns, len(row))
        filled = filled or any(row)
    if not filled:
        raise FileRefusedError(EMPTY)
    _emit_notes(table.notes, emit)
    _Bounds(limits, how_to_mend="Split the file, and upload its parts one by one.").admit(stem, rows, columns)
    _emit_sheet(stem, table.rows(), 0, emit)


def _emit_workbook(checked: guards.CheckedArchive, form: Form, limits: ReadLimits, emit: Emit) -> None:
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

    try:
        workbook = CalamineWorkbook.from_filelike(BytesIO(checked.content))
    except PasswordError as error:
        raise FileRefusedError(PROTECTED) from error
    except CalamineError as error:
        raise FileRefusedError(DAMAGED[form]) from error
    if form is Form.OLE:
        names = [m.name for m in workbook.sheets_metadata]
        _emit_notes(looking.notes_on_old_workbook(checked.content, names), emit)
    tables = [m for m in workbook.sheets_metadata if m.typ is SheetTypeEnum.WorkSheet]
    _check_count(len(tables), limits)
    _emit_notes(_hidden([m.name for m in tables if m.visible is not SheetVisibleEnum.Visible]), emit)
    bounds = _Bounds(limits)
    for table in tables:
        try:
            sheet = workbook.get_sheet_by_name(table.name)
        except CalamineError as error:
            raise FileRefusedError(_damaged_sheet(table.name)) from error
        _emit_table(sheet, checked.merged.get(table.name, ()), bounds, emit)


def _check_count(sheets: int, limits: ReadLimits) -> None:
    if sheets > limits.sheets:
        raise FileRefusedError(
            f"The file has {sheets:,} sheets; at most {limits.sheets:,} are read. "
            "Remove those that are not needed, and upload it again."
        )


def _hidden(names: Sequence[str]) -> tuple[str, ...]:
    if not names:
        return ()
    if len(names) == 1:
        return (f"The sheet “{names[0]}” is hidden in the file; it was read like the others.",)
    shown = ", ".join(f"“{name}”" for name in names[:_SHEETS_SHOWN])
    more = f" and {len(names) - _SHEETS_SHOWN} more" if len(names) > _SHEETS_SHOWN else ""
    return (f"The sheets {shown}{more} are hidden in the file; they were read like the others.",)


def _damaged_sheet(name: str) -> str:
    return (
        f"The sheet “{name}” is damaged: its cells do not stand as a workbook's do, for example in a row 0. {SAVE_AS}"
    )


def _emit_table(sheet: "CalamineSheet", merged: Iterable[Area], bounds: "_Bounds", emit: Emit) -> None:
    start, end = sheet.start or (0, 0), sheet.end or (-1, -1)
    bounds.admit(sheet.name, end[0] + 1, end[1] + 1)
    # iter_rows begins at the file's first row but at the sheet's first filled column.
    _emit_sheet(sheet.name, sheet.iter_rows() if sheet.end else (), start[1], emit)
    told = [(top + 1, left, down + 1, right) for (top, left), (down, right) in sheet.merged_cell_ranges or ()]
    # Merged cells outside the filled area say nothing.
    inside = [
        [top, left, min(bottom, end[0] + 1), min(right, end[1])]
        for top, left, bottom, right in (*told, *merged)
        if top <= end[0] + 1 and left <= end[1]
    ]
    if inside:
        emit({"merged": inside})


FAR_AWAY = "Often a forgotten cell stands far from the table: remove it, or split the file."
"""True of sheets; a text has no cells beyond its lines."""


class _Bounds:
    """Counts rows, columns and cells over the sheets of a file."""

    def __init__(self, limits: ReadLimits, how_to_mend: str = FAR_AWAY) -> None:
        self._limits = limits
        self._how_to_mend = how_to_mend
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
                    f"{self._how_to_mend}"
                )


def _emit_sheet(name: str, rows: Iterable[Sequence[object]], indent: int, emit: Emit) -> None:
    emit({"sheet": name})
    trimmed = (_trimmed(row, indent) for row in rows)
    while portion := list(islice(trimmed, _ROWS_A_LINE)):
        emit({"rows": portion})


def _trimmed(row: Sequence[object], indent: int) -> list[object]:
    """The row from column A on, empty cells as None, without the empty cells at its end."""
    # Most rows of a large table have no empty cell, and asking once is far cheaper than asking each.
    filled = [None if value == "" else value for value in row] if "" in row else list(row)
    cells: list[object] = [None] * indent + filled if indent else filled
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
