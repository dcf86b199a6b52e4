"""How cells travel from the reading child to its parent: JSON lines, never pickles. Standard library only.

A child that was taken over by a hostile file can then send wrong cells, but no code.
"""

import json
from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any

from progressions.sheets.cells import Area, Value

_READERS: dict[str, Callable[[Any], Value]] = {
    "date": date.fromisoformat,
    "datetime": datetime.fromisoformat,
    "time": time.fromisoformat,
    "seconds": lambda seconds: timedelta(seconds=seconds),
}
_OFTEN = 4096
"""Days that are remembered: a file of many ratings has few, and equal ones need only one object."""
_MOST_SHARED = 50_000
"""Different texts that are remembered; a file of more has few that come again."""
_KINDS_OF_CELL = frozenset({type(None), bool, int, float, str, date, datetime, time, timedelta})


@lru_cache(_OFTEN, typed=True)
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


_ENCODER = json.JSONEncoder(default=_typed, separators=(",", ":"), check_circular=False)


def to_line(message: dict[str, object]) -> bytes:
    """One message as one line; dates and times keep their type."""
    return _ENCODER.encode(message).encode() + b"\n"


@lru_cache(_OFTEN, typed=True)
def _day_or_time(kind: str, content: str | float) -> Value:
    return _READERS[kind](content)


def _object(found: dict[str, Any]) -> object:
    """A date or a time of the message, or the message itself."""
    if len(found) == 1:
        ((kind, content),) = found.items()
        if kind in _READERS:
            return _day_or_time(kind, content)
    return found


_DECODER = json.JSONDecoder(object_hook=_object)


def from_line(line: bytes) -> dict[str, Any]:
    """The message of a line, in which days and times are what they were; ValueError or TypeError where it is none."""
    message = _DECODER.decode(line.decode())
    if not isinstance(message, dict):
        raise ValueError("not a message")
    return message


class SharedTexts:
    """Keeps one object for equal texts: a file of a million cells may hold a hundred different ones."""

    def __init__(self) -> None:
        self._known: dict[str, str] = {}

    def to_values(self, rows: Sequence[Sequence[object]]) -> list[tuple[Value, ...]]:
        """Rows of cells as they were sent; ValueError where one is no cell."""
        share = self._known.setdefault if len(self._known) < _MOST_SHARED else self._known.get
        if not all(_KINDS_OF_CELL.issuperset(map(type, row)) for row in rows):
            raise ValueError("not a cell")
        return [tuple([share(v, v) if type(v) is str else v for v in row]) for row in rows]  # type: ignore[misc]


def to_areas(areas: Sequence[Sequence[object]]) -> tuple[Area, ...]:
    """The merged ranges of a sheet as they were sent; ValueError where one is no range."""
    return tuple(_area(area) for area in areas)


def _area(area: Sequence[object]) -> Area:
    top, left, bottom, right = area
    if not (isinstance(top, int) and isinstance(left, int) and isinstance(bottom, int) and isinstance(right, int)):
        raise ValueError("not a range of cells")
    return top, left, bottom, right
