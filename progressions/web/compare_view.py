"""The views of Compare: one table says what each is called and what draws it."""

from collections.abc import Callable, Mapping

from progressions.people import Principal
from progressions.rubric import RubricVersion
from progressions.services import compare, networks
from progressions.web import caches, choose, compare_network, compare_sites, empty, installation
from progressions.web.compare_desk import Desk

SITES, SIDE, OVER, MOVED, COVERAGE = "sites", "side", "over", "moved", "coverage"
VIEWS = {
    SITES: "Sites",
    SIDE: "Side by side",
    OVER: "Over time",
    MOVED: "Who moved",
    COVERAGE: "Coverage",
}
"""The views by their code in the address (``?view=``), in the order of the buttons."""

_DRAW: Mapping[str, Callable[[Desk], None]] = {
    SITES: compare_sites.sites,
    SIDE: compare_sites.side_by_side,
    OVER: compare_network.over_time,
    MOVED: compare_network.who_moved,
    COVERAGE: compare_network.coverage,
}


def view() -> str:
    """Which of the views is open."""
    return choose.one_of_few("View", VIEWS, "view")


def draw(principal: Principal, version: RubricVersion, chosen: str) -> None:
    """The chosen view of one rubric; what to do next where there is nothing to compare."""
    at = caches.moment(principal, version)
    store, frame = installation.store(), caches.of_rubric(principal, version.rubric.code)
    partnerships = caches.partnerships(principal)
    convenings = networks.convenings(store, principal)
    rated = caches.of_network(principal, "rated", at, lambda: compare.convenings_rated(frame, version, convenings))
    if not partnerships:
        empty.no_partnerships(principal)
    elif not convenings:
        empty.no_ratings(principal)
    elif not rated and chosen != COVERAGE:
        empty.no_ratings(principal, version.rubric)
    else:
        _DRAW[chosen](Desk(principal, version, frame, partnerships, convenings, rated, at))
