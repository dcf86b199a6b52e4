"""The figures of the network and its sites, for the download: network staff alone."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from progressions.charts.figure import Figure
from progressions.charts.listing import Listing
from progressions.charts.theme import Mode
from progressions.errors import NotAllowedError
from progressions.people import Partnership
from progressions.permissions import check_can_see_network
from progressions.ratings import Convening
from progressions.rubric import RubricVersion
from progressions.services import compare, network_coverage, networks, rubrics
from progressions.services.compare import Between, Order
from progressions.services.picture_desk import Desk, one

if TYPE_CHECKING:
    import pandas as pd


class _Network:
    """What staff see of the whole network; NotAllowedError for everybody else."""

    def __init__(self, desk: Desk) -> None:
        check_can_see_network(desk.principal)
        self.desk = desk
        self.frame: pd.DataFrame = desk.frame
        self.partnerships: tuple[Partnership, ...] = networks.partnerships(desk.store, desk.principal)
        self.convenings: tuple[Convening, ...] = networks.convenings(desk.store, desk.principal)

    def rated(self, version: RubricVersion) -> tuple[Convening, ...]:
        """The convenings at which anybody rated the rubric; NotAllowedError where there is none."""
        rated = compare.convenings_rated(self.frame, version, self.convenings)
        one(rated)
        return rated

    def between(self, version: RubricVersion) -> Between:
        """The convening that the address names, and the earlier one, if it names any."""
        asked, by_day = self.desk.of, {c.held_on.isoformat(): c for c in self.rated(version)}
        now, then = asked.get("convening", ""), asked.get("then", "")
        if now not in by_day or (then and (then not in by_day or then >= now)):
            raise NotAllowedError
        return Between(by_day[now], by_day.get(then))

    def domain(self, version: RubricVersion) -> str:
        """The domain that the address names, "" for all of them."""
        return one(d for d in ("", *version.wordings) if d == self.desk.of.get("domain", ""))

    def chosen(self) -> list[Partnership]:
        """The partnerships that the address names, in its order."""
        by_code = {p.code: p for p in self.partnerships}
        codes = self.desk.sites
        if not compare.FEWEST_CHOSEN <= len(codes) <= compare.MOST_CHOSEN or not set(codes) <= set(by_code):
            raise NotAllowedError
        return [by_code[code] for code in codes]


def _order(code: str, version: RubricVersion) -> Order:
    """The order that an address names; by title where it names none, NotAllowedError where there is none such."""
    return one(order for name, order in compare.orders(version).items() if name == code or not code)


def _sites(desk: Desk) -> Figure:
    there, version = _Network(desk), desk.version
    order = _order(desk.of.get("order", ""), version)
    return compare.sites(there.frame, there.partnerships, version, there.between(version), order, Mode.PRINT)


def _site(desk: Desk) -> Figure:
    there, version = _Network(desk), desk.version
    return compare.one_site(there.frame, desk.partnership, version, there.between(version), Mode.PRINT)


def _side_by_side(desk: Desk) -> Figure:
    there, version = _Network(desk), desk.version
    return compare.chosen_sites(there.frame, there.chosen(), version, there.rated(version), Mode.PRINT)


def _levels(desk: Desk) -> Figure:
    there, version = _Network(desk), desk.version
    domain = there.domain(version)
    return compare.network_levels(there.frame, version, there.rated(version), desk.population, Mode.PRINT, domain)


def _who_moved(desk: Desk) -> Figure:
    there, version = _Network(desk), desk.version
    between, domain = there.between(version), there.domain(version)
    if between.then is None:
        raise NotAllowedError
    found = compare.moved(there.frame, version, between, domain)
    return compare.who_moved(found, version, between, domain, Mode.PRINT)


def _who_rated(desk: Desk) -> Figure:
    there = _Network(desk)
    every = rubrics.every(desk.store, desk.principal)
    return network_coverage.who_has_rated(there.frame, there.partnerships, every, there.convenings, Mode.PRINT)


def _not_rated(desk: Desk) -> Listing:
    there, asked = _Network(desk), desk.of.get("convening")
    at = one(c for c in there.convenings if c.held_on.isoformat() == asked)
    every = rubrics.every(desk.store, desk.principal)
    versions = network_coverage.asked_at(there.frame, every, at)
    left_out = network_coverage.not_asked_at(every, versions)
    return network_coverage.not_rated_list(there.frame, there.partnerships, versions, at, left_out)


FIGURES: dict[str, Callable[[Desk], Figure]] = {
    "sites": _sites,
    "site": _site,
    "side-by-side": _side_by_side,
    "levels": _levels,
    "who-moved": _who_moved,
    "who-rated": _who_rated,
}
LISTS: dict[str, Callable[[Desk], Listing]] = {"not-rated": _not_rated}
