"""What a server used, and the table of what was waited for."""

import os
import resource
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.load.hall.modes import Waits

TICKS = os.sysconf("SC_CLK_TCK")
HEAD = (
    "| what | n | p50 ms | p95 ms | max ms | lost | server ms each | server % | driver % | MB |",
    "|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|",
)


@dataclass(frozen=True, slots=True)
class Used:
    """Seconds of the clock and of the processor, and resident megabytes, at one moment."""

    clock: float
    server: float
    driver: float
    megabytes: float

    @staticmethod
    def now(pid: int) -> "Used":
        """Reads ``/proc``: Linux only."""
        after_name = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        ticks = int(after_name[11]) + int(after_name[12])  # user and system time, fields 14 and 15 of proc(5)
        status = Path(f"/proc/{pid}/status").read_text().splitlines()
        kilobytes = next(int(line.split()[1]) for line in status if line.startswith("VmRSS:"))
        own = resource.getrusage(resource.RUSAGE_SELF)
        return Used(time.perf_counter(), ticks / TICKS, own.ru_utime + own.ru_stime, kilobytes / 1024)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table."""

    name: str
    waits: Waits
    before: Used
    after: Used

    def __str__(self) -> str:
        seconds = self.waits.seconds
        clock, server = self.after.clock - self.before.clock, self.after.server - self.before.server
        cells = (
            self.name,
            str(len(seconds)),
            *(f"{1000 * share(seconds, at):.1f}" for at in (0.5, 0.95, 1.0)),
            str(sum(self.waits.lost.values())),
            f"{1000 * server / max(1, len(seconds)):.1f}",
            f"{100 * server / clock:.0f}",
            f"{100 * (self.after.driver - self.before.driver) / clock:.0f}",
            f"{self.after.megabytes:.0f}",
        )
        return f"| {' | '.join(cells)} |"


def share(seconds: Sequence[float], at: float) -> float:
    """The wait that this share of all waits does not exceed; nan of none."""
    ordered = sorted(seconds)
    return ordered[max(0, -int(-at * len(ordered) // 1) - 1)] if ordered else float("nan")


def table(rows: Sequence[Row]) -> str:
    """Markdown; under it what went wrong, if anything did."""
    wrong = [f"{row.name}: {count} × {what}" for row in rows for what, count in row.waits.lost.items()]
    return "\n".join([*HEAD, *map(str, rows), *(["", *wrong] if wrong else [])])
