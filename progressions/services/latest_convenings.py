"""The latest convenings, as many as a chart of the network shows: each is a bar or a column."""

from collections.abc import Sequence
from datetime import date

from progressions.ratings import Convening

MOST_CONVENINGS = 20
"""More are not readable on a projector."""


def latest(convenings: Sequence[Convening]) -> tuple[Convening, ...]:
    """Those that are shown; ``convenings`` stand in order, the oldest first."""
    return tuple(convenings[-MOST_CONVENINGS:])


def latest_days(convenings: Sequence[Convening]) -> list[date]:
    """The days of those that are shown."""
    return [c.held_on for c in latest(convenings)]


def earlier_than_latest(convenings: Sequence[Convening]) -> int:
    """How many came before those that are shown."""
    return len(convenings) - len(latest(convenings))
