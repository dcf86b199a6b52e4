"""Every figure there is, drawn from one invented network, and what can be read back out of a specification."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import cache
from typing import Any

import pandas as pd

from progressions.charts.coverage import coverage_grid
from progressions.charts.dumbbells import then_now
from progressions.charts.figure import Figure
from progressions.charts.heat import heat
from progressions.charts.line import domain_line
from progressions.charts.peer_bands import peer_band_marks
from progressions.charts.peers import Setting, peer_strips
from progressions.charts.promises import promises_kept
from progressions.charts.reasons import reasons_given
from progressions.charts.stacked import stacked_levels
from progressions.charts.strip import level_strips
from progressions.charts.theme import Mode
from progressions.measures.disclosure import current, history_frame, released
from progressions.measures.frame import tidy, told_frame
from progressions.measures.lines import heat_table, line_of
from progressions.measures.movement import movement_between, standing
from progressions.measures.network import coverage, levels_over_time
from progressions.measures.peers import beside_own, own_on_bands, peer_bands, peer_domains, peer_levels, peers_shown
from progressions.measures.told import hindsight_points, overdue, promises, reasons_between, told_line
from progressions.ratings import Hindsight, NextStep, Reason, StepState, Told
from progressions.rubric import Domain, Level, Rubric
from tests.charts.agreeing import Drawn
from tests.charts.peer_drawings import PeersDrawn, on_other_wording
from tests.charts.site_drawings import OF_SITES
from tests.many_sites import LEVEL_NAMES as NAMES
from tests.many_sites import TITLES as RATED
from tests.measures.facts import DAYS, LEVELS, network

TITLES = (*RATED, "A domain that nobody has rated")
RUBRIC = Rubric(
    "PART",
    "Partnership rubric",
    tuple(Level(position, name) for position, name in zip(LEVELS, NAMES, strict=True)),
    tuple(Domain(f"D{number}", title, "", ("",) * 4) for number, title in enumerate(TITLES)),
)
SEASONS = {day: f"{('Winter', 'Spring', 'Summer', 'Fall')[day.month // 3]} {day.year}" for day in DAYS}
DUE_PASSED = DAYS[7].replace(year=DAYS[7].year + 1)
"""A day after every promise was due."""
SITES = {f"P{number}": f"Site {number}" for number in range(11)}
FRAME = tidy(network())
THEN, NOW = DAYS[1], DAYS[7]
_SPECS: dict[int, tuple[Figure, dict[str, Any]]] = {}
"""By identity, holding the figure too so that no other takes its place."""


@cache
def strip(mode: Mode = Mode.LIGHT) -> Figure:
    return level_strips(standing(FRAME, "P1"), RUBRIC, who="Alder Valley", mode=mode)


@cache
def line(mode: Mode = Mode.LIGHT, domain: str = "D2") -> Figure:
    return domain_line(line_of(FRAME, "P1", "PART", domain), RUBRIC, domain, SEASONS, mode=mode)


@cache
def heat_of(mode: Mode = Mode.LIGHT) -> Figure:
    return heat(heat_table(FRAME, "P1", "PART"), RUBRIC, SEASONS, mode=mode)


def told() -> pd.DataFrame:
    """What Site 1 told: a reason for every third rating, a promise at each fourth, a look back at each fifth."""
    own = FRAME[(FRAME["partnership"] == "P1")].reset_index(drop=True)
    reasons, states = [None, *Reason], list(StepState)
    said = []
    for place, row in enumerate(own.to_dict("records")):
        at = list(DAYS).index(row["held_on"].date())
        step = NextStep(f"Step {place}", "Ana", DAYS[7], states[place % 3]) if place % 4 == 0 else NextStep()
        look = Hindsight(DAYS[at - 1], place % 4 + 1) if place % 5 == 0 and at else None
        key = (row["partnership"], DAYS[at], row["rubric"], row["domain"])
        said.append(Told(*key, row["wording"], reasons[place % len(reasons)], step, look))
    return told_frame(said)


@cache
def told_line_of(mode: Mode = Mode.LIGHT, domain: str = "D2") -> Figure:
    own = FRAME[(FRAME["partnership"] == "P1") & (FRAME["domain"] == domain)]
    said = told()
    said = said[said["domain"] == domain]
    line = told_line(
        line_of(FRAME, "P1", "PART", domain), hindsight_points(own, said), overdue(promises(own, said), DUE_PASSED)
    )
    return domain_line(line, RUBRIC, domain, SEASONS, mode=mode)


@cache
def promised(mode: Mode = Mode.LIGHT) -> Figure:
    made = overdue(promises(FRAME[FRAME["partnership"] == "P1"], told()), DUE_PASSED)
    return promises_kept(made, RUBRIC, SEASONS, who="Alder Valley", mode=mode)


@cache
def reasons(mode: Mode = Mode.LIGHT) -> Figure:
    moved = reasons_between(FRAME[FRAME["partnership"] == "P1"], told(), THEN, NOW)
    return reasons_given(moved, RUBRIC, SEASONS[THEN], SEASONS[NOW], who="Alder Valley", mode=mode)


@cache
def dumbbells(mode: Mode = Mode.LIGHT) -> Figure:
    own = movement_between(FRAME, THEN, NOW)
    return then_now(own[own["partnership"] == "P1"], RUBRIC, SEASONS[THEN], SEASONS[NOW], mode=mode)


@cache
def stacked(mode: Mode = Mode.LIGHT) -> Figure:
    spread = levels_over_time(FRAME, "PART", None, DAYS, LEVELS, "same")
    return stacked_levels(spread, RUBRIC.levels, SEASONS, population="same", mode=mode)


@cache
def grid(mode: Mode = Mode.LIGHT) -> Figure:
    codes = [domain.code for domain in RUBRIC.domains[:8]]
    rated = coverage(FRAME, list(SITES), {day: {"PART": codes} for day in DAYS})
    return coverage_grid(rated, SITES, SEASONS, mode=mode)


def history(sites: int = 11) -> pd.DataFrame:
    """Everybody's ratings of the last convening, all saved at once; nobody rates the last domain."""
    at = datetime(2026, 10, 15, 12, tzinfo=UTC)
    elevens = [(number, fact) for number in range(-(-sites // 11)) for fact in network(seed=3 + number)]
    rated = [(int(f.partnership[1:]) + 11 * number, f) for number, f in elevens if f.held_on == NOW]
    return history_frame((1, at, f"P{site}", f.domain, f.level, f.wording) for site, f in rated if site < sites)


@cache
def peers(
    mode: Mode = Mode.LIGHT, sites: int = 11, own: str = "P1", rubric: Rubric = RUBRIC, *, named: bool = False
) -> Figure:
    saved, domains = history(sites), [domain.code for domain in rubric.domains]
    states = released(saved)
    shown = peers_shown(states, own, domains, 5)
    groups = shown.groupby(["domain", "level"])["partnership"]
    names = {at: tuple(f"Site {code}" for code in codes) for at, codes in groups} if named else None
    return peer_strips(
        peer_domains(states, shown, own, domains),
        peer_levels(shown, LEVELS),
        beside_own(shown, current(saved), own),
        rubric,
        Setting("Alder Valley", "Fall 2026", 5),
        names,
        mode,
    )


@cache
def bands(mode: Mode = Mode.LIGHT, sites: int = 11, own: str = "P1", apart: int = 0) -> Figure:
    """In ``apart`` of the domains the own rating is on other wording than those of the peers."""
    saved, domains = history(sites), [domain.code for domain in RUBRIC.domains]
    states = released(saved)
    shown = peers_shown(states, own, domains, 5)
    of, mine = (
        peer_domains(states, shown, own, domains),
        on_other_wording(own_on_bands(shown, current(saved), own), apart),
    )
    return peer_band_marks(of, peer_bands(shown, 4), mine, RUBRIC, Setting("Alder Valley", "Fall 2026", 5), mode)


AGREEING = Drawn(RUBRIC, SEASONS)
OF_PEERS = PeersDrawn(RUBRIC, SEASONS, FRAME, tuple(network()))
ALL: dict[str, Callable[..., Figure]] = {
    "strip": strip,
    "line": line,
    "told line": told_line_of,
    "promises": promised,
    "reasons": reasons,
    "heat": heat_of,
    "dumbbells": dumbbells,
    "stacked": stacked,
    "coverage": grid,
    "peers": peers,
    "bands": bands,
    "peers over time": OF_PEERS.over_time,
    "bands over time": OF_PEERS.bands_over_time,
    "started": OF_PEERS.started,
    "team votes": AGREEING.votes,
    "first votes": AGREEING.first,
    "sides apart": AGREEING.sides,
    "in the room": AGREEING.room,
    **OF_SITES,
}


def rows(figure: Figure) -> list[dict[str, Any]]:
    """The one set of values that a figure draws."""
    (values,) = spec_of(figure)["datasets"].values()
    return values


def spec_of(figure: Figure) -> dict[str, Any]:
    """The specification, made once a figure because Altair checks it against a schema each time."""
    if id(figure) not in _SPECS:
        _SPECS[id(figure)] = (figure, figure.chart.to_dict())
    return _SPECS[id(figure)][1]


def parts(spec: Any) -> Iterator[dict[str, Any]]:
    """Every object inside a specification."""
    if isinstance(spec, dict):
        yield spec
    inner = spec.values() if isinstance(spec, dict) else spec if isinstance(spec, list) else ()
    for part in inner:
        yield from parts(part)
