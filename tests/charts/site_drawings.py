"""The figures of sites beside one another, drawn from networks of any size."""

from collections.abc import Callable
from functools import cache

from progressions.charts.coverage_bars import coverage_bars
from progressions.charts.domain_spread import domain_spread
from progressions.charts.figure import Figure
from progressions.charts.side_by_side import side_by_side
from progressions.charts.site_axes import Occasion
from progressions.charts.sites_heat import sites_heat
from progressions.charts.stacked import stacked_levels
from progressions.charts.theme import Mode
from progressions.charts.transitions import transition_matrix
from progressions.measures.findings import PARTNERSHIPS, RATINGS
from progressions.measures.movement import movement_between, transitions
from progressions.measures.network import coverage, coverage_counts, levels_over_time
from progressions.measures.sites import (
    SitesBy,
    beside_rest,
    levels_by_domain,
    moves_by_domain,
    rest_over_time,
    site_levels,
    site_order,
    sites_over_time,
)
from tests import many_sites

RUBRIC = many_sites.rubric()
CODE = RUBRIC.code
DOMAINS = [domain.code for domain in RUBRIC.domains]
LEVELS = [level.position for level in RUBRIC.levels]


def occasion(convenings: int) -> Occasion:
    days, names = many_sites.days(convenings), many_sites.names(convenings)
    return Occasion(names[days[-1]], names[days[-2]] if convenings > 1 else "")


@cache
def sites(mode: Mode = Mode.LIGHT, count: int = 11, convenings: int = 8, domain: str = "") -> Figure:
    days, titles = many_sites.days(convenings), many_sites.titles(count)
    then = days[-2] if convenings > 1 else None
    found = site_levels(many_sites.frame(count, convenings), CODE, days[-1], then)
    by = SitesBy.LEVEL if domain else SitesBy.TITLE
    ordered = {code: titles[code] for code in site_order(found, titles, by, domain)}
    return sites_heat(found, RUBRIC, ordered, occasion(convenings), domain=domain, mode=mode)


@cache
def spread(mode: Mode = Mode.LIGHT, count: int = 1000, convenings: int = 3) -> Figure:
    days = many_sites.days(convenings)
    then = days[-2] if convenings > 1 else None
    found = site_levels(many_sites.frame(count, convenings), CODE, days[-1], then)
    moves = moves_by_domain(found, DOMAINS) if then else None
    return domain_spread(
        levels_by_domain(found, DOMAINS, LEVELS), moves, RUBRIC, occasion(convenings), count, mode=mode
    )


@cache
def side(mode: Mode = Mode.LIGHT, count: int = 11, convenings: int = 8, chosen: int = 2) -> Figure:
    frame, days = many_sites.frame(count, convenings), many_sites.days(convenings)
    titles = dict(list(many_sites.titles(count).items())[:chosen])
    return side_by_side(
        sites_over_time(frame, CODE, list(titles), days),
        rest_over_time(frame, CODE, list(titles), days, LEVELS),
        beside_rest(frame, CODE, list(titles), days[-1]),
        RUBRIC,
        titles,
        many_sites.names(convenings),
        columns=days,
        on=days[-1],
        mode=mode,
    )


@cache
def moved(mode: Mode = Mode.LIGHT, count: int = 11) -> Figure:
    frame, days = many_sites.frame(count, 8), many_sites.days(8)
    own = frame[frame["rubric"] == CODE]
    matrix = transitions(movement_between(own, days[0], days[-1]), LEVELS)
    return transition_matrix(matrix, RUBRIC, RUBRIC.title, occasion(8), "some moved", RATINGS, mode=mode)


@cache
def states(mode: Mode = Mode.LIGHT, count: int = 60) -> Figure:
    frame, days = many_sites.frame(count, 8), many_sites.days(8)
    grid = coverage(frame, many_sites.codes(count), {day: {CODE: DOMAINS} for day in days})
    asked = {day: len(DOMAINS) for day in days}
    return coverage_bars(coverage_counts(grid), many_sites.names(8), asked, mode=mode)


@cache
def one_domain_over_time(mode: Mode = Mode.LIGHT, count: int = 11, convenings: int = 20) -> Figure:
    frame, days = many_sites.frame(count, convenings), many_sites.days(convenings)
    told = levels_over_time(frame, CODE, DOMAINS[3], days, LEVELS, "same")
    title = RUBRIC.domains[3].title
    names = many_sites.names(convenings)
    return stacked_levels(told, RUBRIC.levels, names, what=title, population="same", unit=PARTNERSHIPS, mode=mode)


OF_SITES: dict[str, Callable[..., Figure]] = {
    "sites": sites,
    "many sites": spread,
    "side by side": side,
    "who moved": moved,
    "coverage in counts": states,
    "one domain over time": one_domain_over_time,
}
