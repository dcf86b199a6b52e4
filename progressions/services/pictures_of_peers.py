"""The figures of a partnership beside its peers, for the download."""

from collections.abc import Callable

from progressions.charts.figure import Figure
from progressions.charts.theme import Mode
from progressions.services import peers, peers_over_time
from progressions.services.peers_over_time import Own
from progressions.services.picture_desk import Desk


def _peers(desk: Desk) -> Figure:
    who, version, convening = desk.partnership, desk.version, desk.convening("convening")
    of = (desk.partnership.code, desk.version.rubric.code, convening.held_on)
    told = peers.beside(desk.store, desk.principal, *of, desk.peer_set)
    return peers.figure(told, who, version, convening, Mode.PRINT)


def _over_time(desk: Desk) -> Figure:
    of = (desk.partnership.code, desk.version.rubric.code, [c.held_on for c in desk.convenings], desk.domain)
    told = peers.over_time(desk.store, desk.principal, *of, desk.peer_set)
    own = Own(desk.partnership, desk.frame, desk.convenings)
    return peers_over_time.figure(told, own, desk.version, desk.domain, Mode.PRINT)


def _started(desk: Desk) -> Figure:
    who, version = desk.partnership, desk.version
    then = desk.convening("start").held_on if desk.of.get("start") else None
    groups = peers_over_time.started(desk.store, desk.principal, who.code, version.rubric.code, then)
    return peers_over_time.started_chart(groups, desk.principal, who, version, desk.convenings, Mode.PRINT)


FIGURES: dict[str, Callable[[Desk], Figure]] = {
    "peers": _peers,
    "peers-over-time": _over_time,
    "peers-started": _started,
}
