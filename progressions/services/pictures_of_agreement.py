"""The figures of how a team agrees, for the download."""

from collections.abc import Callable

from progressions.charts.figure import Figure
from progressions.charts.theme import Mode
from progressions.errors import NotAllowedError
from progressions.services import agreement
from progressions.services.picture_desk import Desk, one


def _votes(desk: Desk) -> Figure:
    told, rubric = desk.agreement, desk.version.rubric.code
    at = one(c for c in told.voted_at(rubric) if c.held_on.isoformat() == desk.of.get("convening"))
    return agreement.votes_figure(told, desk.partnership, rubric, at, Mode.PRINT)


def _first(desk: Desk) -> Figure:
    told, rubric = desk.agreement, desk.version.rubric.code
    at = one(c for c in told.voted_at(rubric) if c.held_on.isoformat() == desk.of.get("convening"))
    return agreement.first_figure(told, desk.partnership, rubric, at, Mode.PRINT)


def _sides(desk: Desk) -> Figure:
    told, version = desk.agreement, desk.version
    if not told.has_sides(version.rubric):
        raise NotAllowedError
    return agreement.sides_figure(told, desk.partnership, version, Mode.PRINT)


def _room(desk: Desk) -> Figure:
    told = desk.agreement
    if not told.convenings:
        raise NotAllowedError
    return agreement.room_figure(told, desk.partnership, Mode.PRINT)


FIGURES: dict[str, Callable[[Desk], Figure]] = {
    "team-votes": _votes,
    "first-votes": _first,
    "sides-apart": _sides,
    "in-the-room": _room,
}
