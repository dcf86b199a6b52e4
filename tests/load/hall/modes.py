"""How a hall comes and taps: all at once, or evenly spread. Every mode gives the seconds that each visitor waited."""

import asyncio
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from websockets.exceptions import WebSocketException

from tests.load.hall.visitor import Visitor
from tests.wire.screen import Widget

Choice = tuple[Widget, Any]


class NotAcknowledgedError(Exception):
    """The page has run, and does not say that what was tapped is saved."""


Choose = Callable[[Visitor, int], Choice]
"""What a visitor taps at his n-th tap, counted from 0."""


@dataclass
class Waits:
    """Seconds that were waited, one for each time; what went wrong, by its name."""

    seconds: list[float] = field(default_factory=list)
    lost: Counter[str] = field(default_factory=Counter)

    async def note(self, waiting: Awaitable[float]) -> None:
        """Adds what this took, or how it failed."""
        try:
            self.seconds.append(await waiting)
        except (NotAcknowledgedError, TimeoutError, OSError, WebSocketException) as problem:
            self.lost[f"{type(problem).__name__}: {problem}"[:80]] += 1


async def opening(hall: Sequence[Visitor], within: float) -> Waits:
    """Everybody opens the page, evenly within so many seconds."""
    waits = Waits()
    await asyncio.gather(*(_at(each.number * within / len(hall), waits.note(each.open())) for each in hall))
    return waits


async def burst(hall: Sequence[Visitor], choose: Choose, within: float) -> Waits:
    """Everybody taps once, evenly within so many seconds."""
    waits = Waits()
    taps = [waits.note(each.tap(*choose(each, 0))) for each in hall]
    await asyncio.gather(*(_at(n * within / len(taps), tap) for n, tap in enumerate(taps)))
    return waits


async def steady(hall: Sequence[Visitor], choose: Choose, every: float, seconds: float) -> Waits:
    """Everybody taps each so many seconds, all of them evenly staggered, for so many seconds."""
    waits = Waits()
    until = time.perf_counter() + seconds
    await asyncio.gather(
        *(_tapping(each, choose, every, each.number * every / len(hall), until, waits) for each in hall)
    )
    return waits


async def _tapping(visitor: Visitor, choose: Choose, every: float, first: float, until: float, waits: Waits) -> None:
    due = time.perf_counter() + first
    count = 0
    while due < until:
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        if visitor.closed:
            waits.lost["closed"] += 1
            return
        await waits.note(visitor.tap(*choose(visitor, count)))
        count += 1
        due += every  # the schedule stays: who waited long taps again at once, as an impatient person does


async def _at(delay: float, what: Awaitable[None]) -> None:
    await asyncio.sleep(delay)
    await what


def first_radio(visitor: Visitor, count: int) -> Choice:
    """The page's first radio, another option each time."""
    radio = next(widget for widget in visitor.shown if widget.kind == "radio")
    return radio, radio.options[(visitor.number + count) % len(radio.options)]
