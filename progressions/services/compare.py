"""The network's sites beside one another, for its staff: from the frame to finished figures. Pure throughout.

Whoever calls has asked whether the person may see the network: the frame of anybody else holds their own partnership.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from progressions.charts.domain_spread import domain_spread
from progressions.charts.figure import Figure
from progressions.charts.labels import AT_BOTH, HERE, PAIRS, earlier_not_shown, not_shown, not_shown_of
from progressions.charts.side_by_side import side_by_side
from progressions.charts.site_axes import Occasion, moved_words
from progressions.charts.sites_heat import MOST_CELLS, sites_heat
from progressions.charts.stacked import stacked_levels
from progressions.charts.theme import Mode
from progressions.charts.transitions import cell_of, transition_matrix
from progressions.measures import columns, network
from progressions.measures.findings import PARTNERSHIPS, RATINGS, month
from progressions.measures.frame import of_domains, of_rubric, on_days
from progressions.measures.kinds import Population
from progressions.measures.movement import movement_between, movement_counts, transitions
from progressions.measures.network import levels_over_time
from progressions.measures.sites import (
    SitesBy,
    beside_rest,
    last_together,
    levels_by_domain,
    movers,
    moves_by_domain,
    rest_over_time,
    site_levels,
    site_order,
    sites_over_time,
)
from progressions.people import Partnership
from progressions.ratings import Convening
from progressions.rubric import Rubric, RubricVersion
from progressions.services.latest_convenings import earlier_than_latest, latest_days
from progressions.services.movement import titles

if TYPE_CHECKING:
    import pandas as pd

FEWEST_CHOSEN, MOST_CHOSEN = 2, 6
"""Partnerships that are put side by side."""


@dataclass(frozen=True, slots=True)
class Between:
    """The convening that is looked at, and the one that it is compared with, if any."""

    now: Convening
    then: Convening | None = None

    @property
    def occasion(self) -> Occasion:
        """Both in the words of charts."""
        named = titles([c for c in (self.then, self.now) if c is not None])
        then = self.then
        return Occasion(
            named.get(self.now.held_on, self.now.label), named.get(then.held_on, then.label) if then else ""
        )

    @property
    def since(self) -> date | None:
        """The day of the earlier one."""
        return self.then.held_on if self.then else None


@dataclass(frozen=True, slots=True)
class Order:
    """What sites are sorted by; ``domain`` is the code of the domain whose levels sort them, otherwise ""."""

    by: SitesBy = SitesBy.TITLE
    domain: str = ""

    @property
    def code(self) -> str:
        """Its name in addresses."""
        return f"{self.by.value}:{self.domain}" if self.domain else self.by.value


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of the matrix of who moved: its name, the labels of its levels, how many are in it."""

    name: str
    then: str
    now: str
    count: int


def orders(version: RubricVersion) -> dict[str, Order]:
    """Every order that the sites of a rubric can stand in, by its name in addresses; by title is the first."""
    by_level = (Order(SitesBy.LEVEL, domain.code) for domain in version.rubric.domains)
    return {order.code: order for order in (Order(), Order(SitesBy.MOVED), *by_level)}


def convenings_rated(
    frame: "pd.DataFrame", version: RubricVersion, convenings: Sequence[Convening]
) -> tuple[Convening, ...]:
    """The convenings at which anybody rated a domain that the rubric still has, oldest first."""
    days = _known(_own(frame, version, ""), version)[columns.HELD_ON].unique()
    rated = {day.date() for day in days}
    return tuple(c for c in convenings if c.held_on in rated)


def are_cells(partnerships: Sequence[Partnership]) -> bool:
    """Whether the sites are few enough to draw a row for each: otherwise they are counted."""
    return len(partnerships) <= MOST_CELLS


def sites(
    frame: "pd.DataFrame",
    partnerships: Sequence[Partnership],
    version: RubricVersion,
    between: Between,
    order: Order,
    mode: Mode,
) -> Figure:
    """Every site in every domain of a rubric at one convening; very many of them as counts per level and domain."""
    rubric = version.rubric
    found = site_levels(frame, rubric.code, between.now.held_on, between.since)
    if are_cells(partnerships):
        named = {p.code: p.title for p in partnerships}
        ordered = {code: named[code] for code in site_order(_drawn(found, version), named, order.by, order.domain)}
        return sites_heat(found, rubric, ordered, between.occasion, domain=order.domain, mode=mode)
    domains = [domain.code for domain in rubric.domains]
    moves = moves_by_domain(found, domains) if between.then else None
    counts = levels_by_domain(found, domains, _positions(rubric))
    left_out = not_shown_of(found, rubric, of=HERE)
    return domain_spread(counts, moves, rubric, between.occasion, len(partnerships), left_out, mode=mode)


def one_site(
    frame: "pd.DataFrame", partnership: Partnership, version: RubricVersion, between: Between, mode: Mode
) -> Figure:
    """The row of one site, found among very many: told of as itself."""
    own = frame[frame[columns.PARTNERSHIP] == partnership.code]
    found = site_levels(own, version.rubric.code, between.now.held_on, between.since)
    named = {partnership.code: partnership.title}
    return sites_heat(found, version.rubric, named, between.occasion, is_one=True, mode=mode)


def first_two(
    frame: "pd.DataFrame",
    partnerships: Sequence[Partnership],
    version: RubricVersion,
    convenings: Sequence[Convening],
) -> list[str]:
    """The codes of the two partnerships that are put side by side before anybody has chosen: those that rated last
    come first. ``convenings`` as in ``chosen_sites``.
    """
    last = set(_known(on_days(_own(frame, version, ""), [convenings[-1].held_on]), version)[columns.PARTNERSHIP])
    return [p.code for p in sorted(partnerships, key=lambda p: p.code not in last)][:FEWEST_CHOSEN]


def chosen_sites(
    frame: "pd.DataFrame",
    chosen: Sequence[Partnership],
    version: RubricVersion,
    convenings: Sequence[Convening],
    mode: Mode,
) -> Figure:
    """A few partnerships side by side over the latest convenings, under how the rest stand.

    ``convenings`` are those at which anybody rated the rubric, at least one.
    """
    rubric = version.rubric
    days, codes = latest_days(convenings), [p.code for p in chosen]
    own = of_rubric(frame, rubric.code)
    on = last_together(_known(own, version), rubric.code, codes, days) or days[-1]
    return side_by_side(
        sites_over_time(own, rubric.code, codes, days),
        rest_over_time(own, rubric.code, codes, days, _positions(rubric)),
        beside_rest(own, rubric.code, codes, on),
        rubric,
        {p.code: p.title for p in chosen},
        titles(convenings),
        not_shown_of(on_days(own, days), rubric) + earlier_not_shown(earlier_than_latest(convenings)),
        columns=days,
        on=on,
        mode=mode,
    )


def network_levels(
    frame: "pd.DataFrame",
    version: RubricVersion,
    convenings: Sequence[Convening],
    population: Population,
    mode: Mode,
    domain: str = "",
) -> Figure:
    """How the network's ratings of a rubric, or of one of its domains, spread over the levels at the latest convenings.

    ``convenings`` are those at which anybody rated the rubric.
    """
    rubric, days = version.rubric, latest_days(convenings)
    own = _own(frame, version, domain)
    there = on_days(own, days)
    return stacked_levels(
        levels_over_time(_known(own, version), None, None, days, _positions(rubric), population),
        rubric.levels,
        titles(convenings),
        what=rubric.domain(domain).title if domain else rubric.title,
        population=population,
        unit=PARTNERSHIPS if domain else RATINGS,
        gone=len(there) - len(_known(there, version)),
        earlier=earlier_than_latest(convenings),
        mode=mode,
    )


def has_same_sites(
    frame: "pd.DataFrame", version: RubricVersion, convenings: Sequence[Convening], domain: str = ""
) -> bool:
    """Whether anybody rated on one wording at both the first and the last of the convenings of ``network_levels``."""
    own = _known(_own(frame, version, domain), version)
    return network.has_same_sites(own, latest_days(convenings), _positions(version.rubric))


def network_moves(frame: "pd.DataFrame", version: RubricVersion, convenings: Sequence[Convening]) -> str:
    """What moved in the network between the last two of its convenings, in words; "" where there are not two.

    ``convenings`` are those at which anybody rated the rubric.
    """
    if len(convenings) < 2:
        return ""
    then, now = convenings[-2:]
    since = titles(convenings).get(then.held_on) or month(then.held_on)
    found = _known(moved(frame, version, Between(now, then), ""), version)
    return f"{moved_words(found, since)}."


def moved(frame: "pd.DataFrame", version: RubricVersion, between: Between, domain: str) -> "pd.DataFrame":
    """How each rating of a rubric, or of one of its domains (its code, "" for all), moved: ``movement_between``.

    Domains that are no more are among them, so that it can be said how many there are; they count nowhere.
    ValueError without an earlier convening.
    """
    if between.then is None:
        raise ValueError("a movement needs an earlier convening")
    return movement_between(_own(frame, version, domain), between.then.held_on, between.now.held_on)


def who_moved(found: "pd.DataFrame", version: RubricVersion, between: Between, domain: str, mode: Mode) -> Figure:
    """The matrix of levels then and now. Of one domain each count is of partnerships, otherwise of ratings.

    ``found`` is what ``moved`` gives for the same domain.
    """
    rubric, at = version.rubric, between.occasion
    known = _known(found, version)
    unit = PARTNERSHIPS if domain else RATINGS
    what = rubric.domain(domain).title if domain else rubric.title
    matrix = transitions(known, _positions(rubric))
    finding = moved_words(known, at.then, unit)
    older = movement_counts(known).compared - int(matrix.to_numpy().sum())
    left_out = not_shown(older, _ratings(found) - _ratings(known), AT_BOTH, unit if domain else PAIRS)
    return transition_matrix(matrix, rubric, what, at, finding, unit, left_out, mode=mode)


def _ratings(found: "pd.DataFrame") -> int:
    """How many ratings these movements go from or to: one that is rated at one of the two alone is no pair."""
    return int(found[[columns.LEVEL_THEN, columns.LEVEL_NOW]].notna().to_numpy().sum())


def cells(found: "pd.DataFrame", version: RubricVersion) -> tuple[Cell, ...]:
    """The cells of that matrix that anybody is in, by level then, then by level now."""
    matrix = transitions(_known(found, version), _positions(version.rubric))
    return tuple(
        Cell(cell_of(then.position, now.position), then.label, now.label, count)
        for then in version.rubric.levels
        for now in version.rubric.levels
        if (count := int(matrix.loc[then.position, now.position]))
    )


def in_cell(
    found: "pd.DataFrame", partnerships: Sequence[Partnership], version: RubricVersion, cell: str
) -> dict[Partnership, tuple[str, ...]]:
    """Who is in a cell, by title, each with the titles of the domains. ``cell`` is the name of one of ``cells``."""
    then, now = (int(level) for level in cell.split("-"))
    there = movers(_known(found, version), then, now)
    domains: Mapping[str, list[str]] = there.groupby(columns.PARTNERSHIP)[columns.DOMAIN].agg(list).to_dict()
    order = version.rubric.domains
    return {p: tuple(d.title for d in order if d.code in domains[p.code]) for p in partnerships if p.code in domains}


def _positions(rubric: Rubric) -> list[int]:
    return [level.position for level in rubric.levels]


def _own(frame: "pd.DataFrame", version: RubricVersion, domain: str) -> "pd.DataFrame":
    own = of_rubric(frame, version.rubric.code)
    return of_domains(own, [domain]) if domain else own


def _known(rows: "pd.DataFrame", version: RubricVersion) -> "pd.DataFrame":
    """Without the domains that the rubric no longer has."""
    return of_domains(rows, version.wordings)


def _drawn(found: "pd.DataFrame", version: RubricVersion) -> "pd.DataFrame":
    """Rows of ``site_levels`` whose level has a cell: nothing sorts the sites that nobody can see."""
    known = _known(found, version)
    return known[known[columns.LEVEL].isin(_positions(version.rubric))]
