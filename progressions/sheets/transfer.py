"""How cells travel from the reading child to its parent: JSON lines, never pickles. Standard library only.

A child that was taken over by a hostile file can then send wrong cells, but no code.
"""

import json
from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from progressions.sheets.cells import Area, Value

_READERS: dict[str, Callable[[Any], Value]] = {
    "date": date.fromisoformat,
    "datetime": datetime.fromisoformat,
    "time": time.fromisoformat,
    "seconds": lambda seconds: timedelta(seconds=seconds),
}


def _typed(value: object) -> dict[str, object]:
    if isinstance(value, datetime):
        return {"datetime": value.isoformat()}
    if isinstance(value, date):
        return {"date": value.isoformat()}
    if isinstance(value, time):
        return {"time": value.isoformat()}
    if isinstance(value, timedelta):
        return {"seconds": value.total_seconds()}
    raise TypeError(f"a cell of type {type(value).__name__}")


def to_line(message: dict[str, object]) -> bytes:
    """One message as one line; dates and times keep their type."""
    return json.dumps(message, default=_typed, separators=(",", ":")).encode() + b"\n"


def from_line(line: bytes) -> dict[str, Any]:
    """The message of a line; ValueError where it is none."""
    message = json.loads(line)
    if not isinstance(message, dict):
        raise ValueError("not a message")
    return message


def to_values(row: Sequence[object]) -> tuple[Value, ...]:
    """The cells of a row as they were sent; ValueError where one is no cell."""
    return tuple(_value(value) for value in row)


def _value(value: object) -> Value:
    if value is None or isinstance(value, str | int | float):
        return value
    if isinstance(value, dict) and len(value) == 1:
        ((kind, content),) = value.items()
        if kind in _READERS:
            return _READERS[kind](content)
    raise ValueError("not a cell")


def to_areas(areas: Sequence[Sequence[object]]) -> tuple[Area, ...]:
    """The merged ranges of a sheet as they were sent; ValueError where one is no range."""
    return tuple(_area(area) for area in areas)


def _area(area: Sequence[object]) -> Area:
    top, left, bottom, right = area
    if not (isinstance(top, int) and isinstance(left, int) and isinstance(bottom, int) and isinstance(right, int)):
        raise ValueError("not a range of cells")
    return top, left, bottom, right
