"""Who may do what, every action twice: ``check_can_x`` refuses with a sentence, ``can_x`` answers yes or no.

Not found and not allowed look the same to the person who asks.
"""

from collections.abc import Callable
from typing import Concatenate, ParamSpec

from progressions.errors import NotAllowedError
from progressions.people import Access, Principal

P = ParamSpec("P")
Check = Callable[Concatenate[Principal, P], None]


def _answers(check: Check[P]) -> Callable[Concatenate[Principal, P], bool]:
    """The yes-or-no form of a check, so that the rule is written once."""

    def can(principal: Principal, /, *args: P.args, **kwargs: P.kwargs) -> bool:
        try:
            check(principal, *args, **kwargs)
        except NotAllowedError:
            return False
        return True

    can.__doc__ = f"Whether {check.__name__} would let the principal pass."
    return can


def _check_staff(principal: Principal) -> None:
    if not principal.is_staff:
        raise NotAllowedError


def check_can_see_network(principal: Principal) -> None:
    """Network staff see every partnership of their network by name."""
    _check_staff(principal)


def check_can_see_partnership(principal: Principal, partnership: str) -> None:
    """Staff see every partnership; everybody else their own."""
    if not principal.is_staff and (not partnership or principal.partnership != partnership):
        raise NotAllowedError


def check_can_rate(principal: Principal, partnership: str) -> None:
    """Ratings are recorded by the partnership's facilitator, or by staff on its behalf; members read."""
    check_can_see_partnership(principal, partnership)
    if principal.access is Access.MEMBER:
        raise NotAllowedError("You can read these ratings. Your facilitator records them.")


def check_can_add_convening(principal: Principal) -> None:
    """The calendar of convenings is the network's."""
    _check_staff(principal)


def check_can_import_ratings(principal: Principal) -> None:
    """Past ratings of all partnerships come in through network staff."""
    _check_staff(principal)


def check_can_export_network(principal: Principal) -> None:
    """The whole network's ratings leave only with network staff."""
    _check_staff(principal)


def check_can_publish_rubric(principal: Principal) -> None:
    """A framework is the network's: its staff publish its versions."""
    _check_staff(principal)


def check_can_start_network(principal: Principal) -> None:
    """Staff of one network may start another on the same installation."""
    _check_staff(principal)


def check_can_read_rubrics(principal: Principal) -> None:
    """Everybody who is signed in reads the network's rubrics."""


can_see_network = _answers(check_can_see_network)
can_see_partnership = _answers(check_can_see_partnership)
can_rate = _answers(check_can_rate)
can_add_convening = _answers(check_can_add_convening)
can_import_ratings = _answers(check_can_import_ratings)
can_export_network = _answers(check_can_export_network)
can_publish_rubric = _answers(check_can_publish_rubric)
can_start_network = _answers(check_can_start_network)
can_read_rubrics = _answers(check_can_read_rubrics)
