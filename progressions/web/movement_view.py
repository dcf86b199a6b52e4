"""The views of Movement: one table says what each is called, who may open it, and what draws it."""

from collections.abc import Callable, Mapping

from progressions.people import Partnership, Principal
from progressions.permissions import can_see_peers
from progressions.rubric import RubricVersion
from progressions.web import agreement_view, caches, choose, empty, movement_own, peers_view, reading_ahead, stuck_view

ALL, ONE, TWO, PROMISES, AGREEMENT, PEERS = "all", "one", "two", "promises", "agreement", "peers"
STUCK = "stuck"
VIEWS = {
    ALL: "All domains",
    ONE: "One domain",
    TWO: "Then and now",
    PROMISES: "Promises",
    AGREEMENT: "Agreement",
    PEERS: "Peers",
    STUCK: "Stuck and moved",
}
"""The views by their code in the address (``?view=``), in the order of the buttons."""

Draw = Callable[[Principal, Partnership, RubricVersion], None]
_DRAW: Mapping[str, Draw] = {
    ALL: movement_own.all_domains,
    ONE: movement_own.one_domain,
    TWO: movement_own.then_and_now,
    PROMISES: movement_own.promises,
    AGREEMENT: agreement_view.draw,
    PEERS: peers_view.draw,
    STUCK: stuck_view.draw,
}
_OPEN_TO: Mapping[str, Callable[[Principal], bool]] = {
    PEERS: can_see_peers,
}
"""Whom a view is for, where it is not for everybody who sees the partnership."""
_OF_LEVELS = (ALL, ONE, TWO, PEERS, STUCK)
"""The views that have nothing to show before a level was agreed."""


def view(principal: Principal) -> str:
    """Which of the views is open, of those that are offered to this person."""
    offered = {c: words for c, words in VIEWS.items() if c not in _OPEN_TO or _OPEN_TO[c](principal)}
    return choose.one_of_few("View", offered, "view")


def draw(principal: Principal, who: Partnership, version: RubricVersion, chosen: str) -> None:
    """The chosen view of one partnership and one rubric."""
    reading_ahead.begin(principal)
    if chosen in _OF_LEVELS and not _has_rated(principal, who):
        empty.nothing_agreed(principal, who, version.rubric)
    else:
        _DRAW[chosen](principal, who, version)


def has_begun(principal: Principal, who: Partnership) -> bool:
    """Whether there is anything to show of a partnership: a level that it agreed, or votes that were shown."""
    return _has_rated(principal, who) or bool(caches.agreement_of(principal, who.code).convenings)


def _has_rated(principal: Principal, who: Partnership) -> bool:
    return not caches.own(principal, who.code).empty
