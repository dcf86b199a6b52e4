"""How a hall of visitors is served: `make bench-hall`.

Starts what is measured as it is shipped, comes with as many visitors as a hall has, and prints a table. Server and
driver share this machine; so do the floor and everything that is compared with it, in the same run.
"""

import argparse
import asyncio
import os
import tempfile
import time
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.load.hall.asking import ask
from tests.load.hall.convening import OWN_VOTE, another_level, prepare, seeing
from tests.load.hall.figures import Row, Used, table
from tests.load.hall.modes import Choose, Waits, burst, first_radio, opening, steady
from tests.load.hall.visitor import Visitor, visitors
from tests.wire.serving import PROJECT, Served, served

HERE = Path(__file__).parent
SETTLE = 2.0
DATABASE = "hall.sqlite3"
LOST = 20.0  # seconds after which nobody waits for a push any more


async def measured(name: str, pid: int, what: Awaitable[Waits]) -> Row:
    """One line of the table."""
    before = Used.now(pid)
    waits = await what
    return Row(name, waits, before, Used.now(pid))


async def hall(
    name: str, server: Served, people: Sequence[Visitor], choose: Choose, asked: argparse.Namespace
) -> list[Row]:
    """Everybody comes, taps for a while, and then all at once."""
    rows = [await measured(f"{name}: all open within {asked.opening:g} s", server.pid, opening(people, asked.opening))]
    await asyncio.sleep(SETTLE)
    every, seconds = asked.every, asked.seconds
    rows += [
        await measured(f"{name}: a tap each {every:g} s", server.pid, steady(people, choose, every, seconds)),
        await measured(f"{name}: all tap within 1 s", server.pid, burst(people, choose, 1.0)),
    ]
    return rows


async def reveals(server: Served, people: Sequence[Visitor], count: int) -> Waits:
    """How long after a reveal each visitor has seen it, so many times."""
    waits = Waits()
    for _ in range(count):
        began = time.perf_counter()
        revealed = (await ask(server.url, "/reveal", {}, "POST")).body.decode()
        for each in people:
            each.look_for(revealed)
        while time.perf_counter() - began < LOST and not all(each.saw_it for each in people):
            await asyncio.sleep(0.02)
        waits.seconds += [each.saw_it - began for each in people if each.saw_it]
        waits.lost["did not see it"] += sum(not each.saw_it for each in people)
        await asyncio.sleep(SETTLE)
    return waits


async def both(first: Awaitable[Waits], second: Awaitable[Waits]) -> tuple[Waits, Waits]:
    """Two things at one time."""
    taps, shown = await asyncio.gather(first, second)
    return taps, shown


async def floor(server: Served, asked: argparse.Namespace) -> list[Row]:
    """One radio and nothing else."""
    people = visitors(asked.visitors, server.url)
    return await hall("floor", server, people, first_radio, asked)


async def pushes(server: Served, asked: argparse.Namespace) -> list[Row]:
    """A page as large as a domain: without followers, with them, at a reveal, and at a reveal while people tap."""
    rows = []
    for address, name in (("/", "no followers"), ("/?follow=1", "all follow")):
        people = visitors(asked.visitors, server.url, address)
        rows += await hall(name, server, people, first_radio, asked)
        if "follow" in address:
            rows.append(await measured("reveal to all, nobody taps", server.pid, reveals(server, people, 5)))
            before = Used.now(server.pid)
            taps, shown = await both(
                steady(people, first_radio, asked.every, 5 * (SETTLE + 2)), reveals(server, people, 5)
            )
            after = Used.now(server.pid)
            rows += [Row("reveal to all while all tap", shown, before, after), Row("their taps", taps, before, after)]
        await asyncio.gather(*(each.close() for each in people))
    return rows


@dataclass(frozen=True, slots=True)
class Part:
    """What is served and measured on its own. ``prepare`` makes what it needs in a folder, before the start, and gives
    the environment of the server; ``measure`` finds the folder beside the server's log.
    """

    script: Path
    measure: Callable[[Served, argparse.Namespace], Coroutine[None, None, list[Row]]]
    prepare: Callable[[Path], Mapping[str, str]] = lambda _folder: {}


async def voting(server: Served, asked: argparse.Namespace) -> list[Row]:
    """The application itself: eleven teams join, vote and see a reveal, while eleven facilitators' screens watch.

    SystemExit where a vote that a phone was told is saved is not in the database.
    """
    database = f"sqlite:///{server.log.parent / DATABASE}"
    hall_of = prepare(database)
    people, screens = hall_of.raters(asked.visitors, server.url), hall_of.watching(server.url)
    rows = [
        await measured("facilitators' screens open", server.pid, opening(screens, 5.0)),
        await measured(f"all join and open within {asked.opening:g} s", server.pid, opening(people, asked.opening)),
    ]
    await asyncio.sleep(SETTLE)
    every, seconds = asked.every, asked.seconds
    rows += [
        await measured(f"a vote each {every:g} s", server.pid, steady(people, another_level, every, seconds)),
        await measured("all vote within 1 s", server.pid, burst(people, another_level, 1.0)),
    ]
    told, held = sum(len(row.waits.seconds) for row in rows[2:]), hall_of.saves()
    rows.append(await measured("a reveal reaches all phones", server.pid, seeing(people, hall_of, 0, OWN_VOTE)))
    await asyncio.gather(*(each.close() for each in (*people, *screens)))
    print(f"votes acknowledged: {told}; in the database: {held}")
    if held < told:
        raise SystemExit("A vote was lost.")
    return rows


PARTS = {
    "floor": Part(HERE / "floor.py", floor),
    "pushes": Part(HERE / "reveal" / "app.py", pushes),
    "convening": Part(
        PROJECT / "app.py", voting, lambda folder: {"PROGRESSIONS_DATABASE_URL": f"sqlite:///{folder / DATABASE}"}
    ),
}


def main() -> None:
    """Measures the parts that were asked for, one after another."""
    parser = argparse.ArgumentParser(prog="python -m tests.load.hall", description=__doc__)
    parser.add_argument("parts", nargs="*", default=list(PARTS), help=", ".join(PARTS))
    parser.add_argument("--visitors", type=int, default=300)
    parser.add_argument("--every", type=float, default=5.0, help="seconds between two taps of one visitor")
    parser.add_argument("--seconds", type=float, default=60.0, help="how long they tap")
    parser.add_argument("--opening", type=float, default=10.0, help="seconds within which all of them come")
    asked = parser.parse_args()
    rows: list[Row] = []
    for part in (PARTS[name] for name in asked.parts):
        with tempfile.TemporaryDirectory() as named:
            folder = Path(named)
            with served(part.script, folder / "server.log", {**os.environ, **part.prepare(folder)}) as server:
                rows += asyncio.run(part.measure(server, asked))
    print(table(rows))


if __name__ == "__main__":
    main()
