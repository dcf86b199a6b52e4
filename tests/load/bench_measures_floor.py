"""Each measure of a network beside the plain pandas group-by that it stands on: same rows, same keys, nothing else.

Measures of one team's votes (``agreement``, ``votes``) and of two numbers (``chance``) have no network to grow with.
"""

import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from datetime import time as clock
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from progressions.measures import lines, movement, network, peers, sites, stuck, told
from progressions.measures.columns import (
    DOMAIN,
    HELD_NOW,
    HELD_ON,
    HINDSIGHT,
    HINDSIGHT_ON,
    LEVEL,
    LEVEL_NOW,
    LEVEL_THEN,
    MOVEMENT,
    PAIR,
    PARTNERSHIP,
    REASON,
    RUBRIC,
    STATE,
    STEP,
    STEP_STATE,
    TOLD_DTYPES,
    WORDING,
)
from progressions.measures.disclosure import current, history_frame
from progressions.measures.kinds import Population
from progressions.ratings import Reason, StepState
from tests import many_sites

WANTED = 3.0
HEAD = ("| measure | rows | measure ms | group-by ms | ratio |", "|---|--:|--:|--:|--:|")
LEVELS = [1, 2, 3, 4]
CODE, OWN = "ihe", "site-0500"
Call = Callable[[], Any]


@dataclass(frozen=True)
class Given:
    """What is measured: everything is made beforehand, but for what a measure makes itself."""

    frame: pd.DataFrame
    days: list[date]
    codes: list[str]

    @cached_property
    def rubric(self) -> pd.DataFrame:
        return self.frame[self.frame[RUBRIC] == CODE]

    @cached_property
    def domains(self) -> list[str]:
        return sorted(self.rubric[DOMAIN].unique())

    @cached_property
    def wanted(self) -> dict[str, list[str]]:
        return {code: [f"{code}-{place}" for place in range(1, 9)] for code in many_sites.RUBRICS}

    @cached_property
    def moved(self) -> pd.DataFrame:
        return movement.movement_between(self.frame, *self.days[-2:])

    @cached_property
    def sites(self) -> pd.DataFrame:
        return sites.site_levels(self.frame, CODE, self.days[-1], self.days[-2])

    @cached_property
    def grid(self) -> pd.DataFrame:
        return network.coverage(self.frame, self.codes, dict.fromkeys(self.days, self.wanted))

    @cached_property
    def table(self) -> pd.DataFrame:
        return lines.heat_table(self.frame, OWN, CODE, self.days)

    @cached_property
    def told(self) -> pd.DataFrame:
        """Every fifth rating of the network tells a reason, a promise, and what an earlier one would be called now."""
        rows = self.frame.iloc[::5].reset_index(drop=True)
        said = {REASON: Reason.PRACTICE.value, STEP: "Meet again", "owner": "", STEP_STATE: StepState.OPEN.value}
        looked = {HINDSIGHT: 1, HINDSIGHT_ON: rows[HELD_ON].min(), "due": pd.NaT}
        return rows.assign(**said, **looked)[list(TOLD_DTYPES)].astype(TOLD_DTYPES)

    @cached_property
    def states(self) -> pd.DataFrame:
        """How everybody stands in the rubric at the latest convening."""
        rows = self.rubric[self.rubric[HELD_ON] == pd.Timestamp(self.days[-1])]
        columns = (rows[name].tolist() for name in (PARTNERSHIP, DOMAIN, LEVEL, WORDING))
        at = datetime.combine(self.days[-1], clock(10, tzinfo=UTC))
        return current(history_frame((1, at, *row) for row in zip(*columns, strict=True)))

    @cached_property
    def shown(self) -> pd.DataFrame:
        return peers.peers_shown(self.states, OWN, self.domains, 5)

    def on(self, *days: date) -> pd.DataFrame:
        return self.frame[self.frame[HELD_ON].isin([pd.Timestamp(day) for day in days])]


def pairs(g: Given) -> Iterator[tuple[str, int, Call, Call]]:
    """Name, rows that it stands on, the measure, the group-by."""
    yield from _movements(g)
    yield from _networks(g)
    yield from _sites(g)
    yield from _own(g)
    yield from _told(g)
    yield from _peers(g)


def _movements(g: Given) -> Iterator[tuple[str, int, Call, Call]]:
    f, then, now = g.frame, g.days[-2], g.days[-1]
    ends = ["first", "last"]
    yield (
        "movement_between", len(f),
        lambda: movement.movement_between(f, then, now),
        lambda: f.groupby(PAIR)[LEVEL].agg(ends),
    )  # fmt: skip
    moved = g.moved
    yield (
        "movement_counts", len(moved),
        lambda: movement.movement_counts(moved),
        lambda: moved.groupby(MOVEMENT).size(),
    )  # fmt: skip
    yield (
        "on_balance", len(moved),
        lambda: movement.on_balance(moved),
        lambda: moved.groupby([PARTNERSHIP, MOVEMENT]).size(),
    )  # fmt: skip
    yield (
        "transitions", len(moved),
        lambda: movement.transitions(moved, LEVELS),
        lambda: moved.groupby([LEVEL_THEN, LEVEL_NOW]).size(),
    )  # fmt: skip
    yield (
        "movers", len(moved),
        lambda: sites.movers(moved, 2, 3),
        lambda: moved.groupby([LEVEL_THEN, LEVEL_NOW]).get_group((2, 3)),
    )  # fmt: skip


def _networks(g: Given) -> Iterator[tuple[str, int, Call, Call]]:
    f = g.frame
    for population in Population:
        yield (
            f"levels_over_time, {population.value}", len(f),
            lambda population=population: network.levels_over_time(f, CODE, None, g.days, LEVELS, population),
            lambda: f[f[RUBRIC] == CODE].groupby([HELD_ON, LEVEL])[PARTNERSHIP].agg(["size", "nunique"]),
        )  # fmt: skip
    yield (
        "coverage", len(f),
        lambda: network.coverage(f, g.codes, dict.fromkeys(g.days, g.wanted)),
        lambda: f.groupby([PARTNERSHIP, HELD_ON]).size(),
    )  # fmt: skip
    yield (
        "coverage_counts", len(g.grid),
        lambda: network.coverage_counts(g.grid),
        lambda: g.grid.groupby([HELD_ON, STATE]).size(),
    )  # fmt: skip
    yield (
        "missing", len(f),
        lambda: network.missing(f, g.codes, g.days[-1], g.wanted),
        lambda: g.on(g.days[-1]).groupby(PAIR).size(),
    )  # fmt: skip


def _sites(g: Given) -> Iterator[tuple[str, int, Call, Call]]:
    f, then, now, few = g.frame, g.days[-2], g.days[-1], g.codes[:6]
    yield (
        "site_levels", len(f),
        lambda: sites.site_levels(f, CODE, now, then),
        lambda: f[f[RUBRIC] == CODE].groupby([PARTNERSHIP, DOMAIN])[LEVEL].agg(["first", "last"]),
    )  # fmt: skip
    yield (
        "levels_by_domain", len(g.sites),
        lambda: sites.levels_by_domain(g.sites, g.domains, LEVELS),
        lambda: g.sites.groupby([DOMAIN, LEVEL]).size(),
    )  # fmt: skip
    yield (
        "moves_by_domain", len(g.sites),
        lambda: sites.moves_by_domain(g.sites, g.domains),
        lambda: g.sites.groupby([DOMAIN, MOVEMENT]).size(),
    )  # fmt: skip
    yield (
        "sites_over_time", len(f),
        lambda: sites.sites_over_time(f, CODE, few, g.days),
        lambda: f[(f[RUBRIC] == CODE) & f[PARTNERSHIP].isin(few)].groupby([PARTNERSHIP, DOMAIN, HELD_ON]).first(),
    )  # fmt: skip
    yield (
        "rest_over_time", len(f),
        lambda: sites.rest_over_time(f, CODE, few, g.days, LEVELS),
        lambda: f[(f[RUBRIC] == CODE) & ~f[PARTNERSHIP].isin(few)].groupby([DOMAIN, HELD_ON, LEVEL]).size(),
    )  # fmt: skip
    yield (
        "beside_rest", len(f),
        lambda: sites.beside_rest(f, CODE, few, now),
        lambda: g.on(now).groupby([RUBRIC, DOMAIN, WORDING, LEVEL]).size(),
    )  # fmt: skip


def _own(g: Given) -> Iterator[tuple[str, int, Call, Call]]:
    f = g.frame

    def own() -> pd.DataFrame:
        return f[(f[PARTNERSHIP] == OWN) & (f[RUBRIC] == CODE)]

    cells = [DOMAIN, HELD_ON]
    yield "last_movement", len(f), lambda: movement.last_movement(f, OWN), lambda: own().groupby(PAIR).tail(2)
    yield "standing", len(f), lambda: movement.standing(f, OWN), lambda: own().groupby(PAIR).last()
    yield (
        "convenings_of", len(f),
        lambda: lines.convenings_of(f, OWN),
        lambda: (f.groupby(PARTNERSHIP)[HELD_ON].agg(["min", "max"]), f.groupby(HELD_ON)[PARTNERSHIP].nunique()),
    )  # fmt: skip
    yield "heat_table", len(f), lambda: lines.heat_table(f, OWN, CODE, g.days), lambda: own().groupby(cells).first()
    yield (
        "line_of", len(f),
        lambda: lines.line_of(f, OWN, CODE, g.domains[0], g.days),
        lambda: own().groupby(cells).first(),
    )  # fmt: skip
    yield (
        "first_to_latest", len(g.table),
        lambda: lines.first_to_latest(g.table),
        lambda: g.table.groupby(DOMAIN)[[LEVEL, WORDING]].agg(["first", "last"]),
    )  # fmt: skip
    yield "stuck", len(f), lambda: stuck.stuck(f, OWN, CODE), lambda: own().groupby(DOMAIN)[HELD_ON].agg(["min", "max"])
    yield (
        "moved_on", len(g.rubric),
        lambda: stuck.moved_on(g.rubric),
        lambda: g.rubric.groupby([*PAIR, WORDING])[[HELD_ON, LEVEL]].shift(-1),
    )  # fmt: skip


def _told(g: Given) -> Iterator[tuple[str, int, Call, Call]]:
    f, said, key = g.frame, g.told, [*PAIR, HELD_ON]
    yield (
        "hindsight_points", len(f),
        lambda: told.hindsight_points(f, said),
        lambda: (said.groupby([*PAIR, HINDSIGHT_ON]).tail(1), f.groupby(key)[LEVEL].first()),
    )  # fmt: skip
    yield (
        "promises", len(f),
        lambda: told.promises(f, said),
        lambda: (said.groupby(key)[STEP].first(), f.groupby([*PAIR, WORDING])[[HELD_ON, LEVEL]].last()),
    )  # fmt: skip
    yield (
        "reasons_between", len(f),
        lambda: told.reasons_between(f, said, g.days[-5], g.days[-1]),
        lambda: (f.groupby(PAIR)[[LEVEL, WORDING]].shift(), f.groupby(PAIR)[LEVEL].agg(["first", "last"])),
    )  # fmt: skip
    moved = told.reasons_between(f, said, g.days[-5], g.days[-1])
    yield "reason_counts", len(moved), lambda: told.reason_counts(moved), lambda: moved.groupby(MOVEMENT).size()


def _peers(g: Given) -> Iterator[tuple[str, int, Call, Call]]:
    states, shown, domains = g.states, g.shown, g.domains
    yield (
        "peer_domains", len(states),
        lambda: peers.peer_domains(states, shown, OWN, domains),
        lambda: states.groupby(DOMAIN).agg({PARTNERSHIP: "size", "as_of": "first"}),
    )  # fmt: skip
    yield (
        "peer_levels", len(shown),
        lambda: peers.peer_levels(shown, LEVELS),
        lambda: shown.groupby([DOMAIN, LEVEL]).size(),
    )  # fmt: skip
    yield (
        "beside_own", len(shown),
        lambda: peers.beside_own(shown, states, OWN),
        lambda: shown.groupby([DOMAIN, WORDING, LEVEL]).size(),
    )  # fmt: skip
    yield (
        "peer_bands", len(shown),
        lambda: peers.peer_bands(shown, 4),
        lambda: (shown[LEVEL] > 2).groupby(shown[DOMAIN]).agg(["sum", "size"]),
    )  # fmt: skip
    levels = {day: peers.peer_levels(shown, LEVELS) for day in g.days}
    yield (
        "over_time", len(levels) * len(levels[g.days[0]]),
        lambda: peers.over_time(levels, domains[0]),
        lambda: pd.concat(levels, names=[HELD_NOW]).groupby([HELD_NOW, DOMAIN])["count"].sum(),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Beside:
    """One line of the table, in milliseconds."""

    name: str
    rows: int
    measure: float
    floor: float

    @property
    def ratio(self) -> float:
        """How many times the group-by."""
        return self.measure / self.floor

    def __str__(self) -> str:
        return f"| `{self.name}` | {self.rows:,} | {self.measure:.1f} | {self.floor:.1f} | {self.ratio:.1f} |"


def measured(size: int, convenings: int, times: int) -> list[Beside]:
    """Medians of so many, the two in turn."""
    frame = many_sites.frame(size, convenings, whole=True)
    given = Given(frame, many_sites.days(convenings), many_sites.codes(size))
    return [Beside(name, rows, *_both(measure, floor, times)) for name, rows, measure, floor in pairs(given)]


def _both(measure: Call, floor: Call, times: int) -> tuple[float, float]:
    took = np.array([[_milliseconds(call) for call in (measure, floor)] for _ in range(times + 1)])[1:]
    return statistics.median(took[:, 0]), statistics.median(took[:, 1])


def _milliseconds(call: Call) -> float:
    began = time.perf_counter()
    call()
    return 1000 * (time.perf_counter() - began)


def table(found: Sequence[Beside]) -> str:
    """Markdown."""
    return "\n".join([*HEAD, *map(str, found)])
