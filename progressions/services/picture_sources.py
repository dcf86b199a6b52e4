"""What a figure's file must say when it is passed on alone: whose ratings, at which convenings, taken when."""

import re
from collections.abc import Mapping, Sequence

from progressions.charts.export import Footer
from progressions.measures.kinds import Population
from progressions.people import EXAMPLE_NOTE
from progressions.ratings import Convening
from progressions.services import compare, networks, peers
from progressions.services.latest_convenings import latest
from progressions.services.picture_desk import Desk, one

OF_CONVENINGS: Mapping[str, tuple[str, ...]] = {
    "stands": (),
    "line": (),
    "heat": (),
    "dumbbells": ("then", "now"),
    "reasons": ("then", "now"),
    "promises": (),
    "team-votes": ("convening",),
    "first-votes": ("convening",),
    "sides-apart": (),
    "in-the-room": (),
    "peers": ("convening",),
    "peers-over-time": (),
    "peers-started": (),
    "levels": (),
    "sites": ("then", "convening"),
    "site": ("then", "convening"),
    "side-by-side": (),
    "who-moved": ("then", "convening"),
    "who-rated": (),
    "not-rated": ("convening",),
}
"""The convenings that a figure's address names, earlier first; none: the figure is over all of them."""
OF_THE_NETWORK = ("levels", "sites", "side-by-side", "who-moved", "who-rated", "not-rated")
OF_PEERS = ("peers", "peers-over-time", "peers-started")
"""Figures that count the peers beside a partnership."""
_POPULATIONS = {Population.ALL: "all who rated", Population.SAME: "the same sites at both ends"}
_NOT_IN_NAMES = re.compile("[^a-z0-9]+")
_LONGEST_NAME = 120


def source(desk: Desk, name: str) -> Footer:
    """Of the figure of that name. NotAllowedError for what does not exist for this person."""
    network = desk.principal.network
    return Footer(network.title, desk.today, _whose(desk, name), network.is_example, _when(desk, name))


def notes(of: Footer, told: Sequence[str]) -> list[tuple[str, str]]:
    """The source as heading and text, beside what the figure says of itself: title, finding, n."""
    example = [("Invented", EXAMPLE_NOTE)] if of.is_example else []
    figure = zip(("Figure", "Finding", "How many"), told, strict=True)
    whose = [("Network", of.network), ("Whose ratings", of.population), ("Convenings", of.at)]
    return [*example, *figure, *whose, ("Downloaded", of.day.isoformat())]


def file_name(name: str, of: Mapping[str, str]) -> str:
    """A figure's file without network and ending: "dumbbells-alder-valley-ihe-2025-01-29-2026-07-15".

    All of the address that makes a figure another one is in it, as far as a name is long. The address is the reader's
    own text, and the name stands in a header: small letters, digits and hyphens stay.
    """
    whose = "" if name in OF_THE_NETWORK else of.get("partnership", "")
    days = [of.get(each, "") for each in OF_CONVENINGS.get(name, ())]
    peer_set = f"set-{of['set']}" if of.get("set") else ""
    what = [*(of.get(each, "") for each in ("rubric", "area", "domain", "whose")), peer_set]
    more = [of.get(each, "") for each in ("start", "sites", "order")]
    parts = [name, whose, *what, *(days if any(days) else ["all-convenings"]), *more]
    plain = (_NOT_IN_NAMES.sub("-", part.lower()).strip("-") for part in parts)
    return "-".join(part for part in plain if part)[:_LONGEST_NAME]


def _whose(desk: Desk, name: str) -> str:
    if name in OF_PEERS:
        return f"{desk.partnership.title} and its peers{_peers(desk)}"
    if name not in OF_THE_NETWORK:
        return desk.partnership.title
    if name == "side-by-side":
        return f"{_chosen(desk)}, beside the rest of the network"
    return _POPULATIONS[desk.population] if name == "levels" else "the network's partnerships"


def _chosen(desk: Desk) -> str:
    by_code = {p.code: p.title for p in networks.partnerships(desk.store, desk.principal)}
    return ", ".join(one([by_code[code]] if code in by_code else []) for code in desk.sites)


def _peers(desk: Desk) -> str:
    number = desk.peer_set
    if not number:
        return ": the other partnerships of the network"
    return f" in “{one(each.title for each in peers.sets_of(desk.store, desk.principal) if each.id == number)}”"


def _when(desk: Desk, name: str) -> str:
    named = [desk.of.get(each) for each in OF_CONVENINGS[name]]
    known = networks.convenings(desk.store, desk.principal)
    there = [c for day in named for c in known if c.held_on.isoformat() == day]
    return ", then ".join(c.label for c in there) if named else _all(desk, name, known)


def _all(desk: Desk, name: str, known: tuple[Convening, ...]) -> str:
    shown = _shown(desk, name, known)
    ends = dict.fromkeys(c.label for c in (*shown[:1], *shown[-1:]))
    return " to ".join(ends)


def _shown(desk: Desk, name: str, known: tuple[Convening, ...]) -> tuple[Convening, ...]:
    """The convenings that a figure over several of them shows, the oldest first."""
    if name in OF_THE_NETWORK:
        return _of_the_network(desk, name, known)
    if name == "sides-apart":
        return desk.agreement.with_sides_at(desk.version.rubric)
    return desk.agreement.convenings if name == "in-the-room" else desk.convenings


def _of_the_network(desk: Desk, name: str, known: tuple[Convening, ...]) -> tuple[Convening, ...]:
    """The latest, as many as are drawn."""
    rated = known if name == "who-rated" else compare.convenings_rated(desk.frame, desk.version, known)
    return latest(rated)
