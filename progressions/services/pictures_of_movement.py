"""The figures of one partnership's movement, for the download."""

from collections.abc import Callable

from progressions.charts.figure import Figure
from progressions.charts.theme import Mode
from progressions.errors import NotAllowedError
from progressions.ratings import Convening
from progressions.rubric import RubricVersion
from progressions.services import movement
from progressions.services.picture_desk import Desk


def _stands(desk: Desk) -> Figure:
    return movement.stands(desk.frame, desk.partnership, desk.version, Mode.PRINT)


def _line(desk: Desk) -> Figure:
    of = (desk.partnership, desk.version, desk.domain, desk.convenings)
    return movement.one_domain(_ratings(desk), *of, Mode.PRINT, today=desk.today)


def _heat(desk: Desk) -> Figure:
    return movement.all_domains(desk.frame, desk.partnership, _version(desk), desk.convenings, Mode.PRINT)


def _then_now(desk: Desk) -> Figure:
    return movement.then_and_now(desk.frame, desk.partnership, _version(desk), _between(desk), Mode.PRINT)


def _reasons(desk: Desk) -> Figure:
    return movement.why_moved(_ratings(desk), desk.partnership, _version(desk), _between(desk), Mode.PRINT)


def _promises(desk: Desk) -> Figure:
    of = (desk.partnership, _version(desk), desk.convenings)
    return movement.promised(_ratings(desk), *of, Mode.PRINT, today=desk.today)


def _ratings(desk: Desk) -> movement.Ratings:
    return desk.frame, movement.told_of(desk.store, desk.principal, desk.partnership.code)


def _version(desk: Desk) -> RubricVersion:
    """The whole rubric, or one area of it; NotAllowedError for one that it does not have."""
    version, area = desk.version, desk.of.get("area", "")
    if area and area not in version.rubric.areas:
        raise NotAllowedError
    return movement.of_area(version, area)


def _between(desk: Desk) -> tuple[Convening, Convening]:
    then, now = desk.convening("then"), desk.convening("now")
    if then.held_on >= now.held_on:
        raise NotAllowedError
    return then, now


FIGURES: dict[str, Callable[[Desk], Figure]] = {
    "stands": _stands,
    "line": _line,
    "heat": _heat,
    "dumbbells": _then_now,
    "reasons": _reasons,
    "promises": _promises,
}
