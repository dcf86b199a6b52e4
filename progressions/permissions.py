"""Who may do what, every action twice: ``check_can_x`` refuses with a sentence, ``can_x`` answers yes or no.

Not found and not allowed look the same to the person who asks.
"""

from collections.abc import Callable
from typing import Concatenate, ParamSpec

from progressions.errors import NotAllowedError
from progressions.people import Access, PeerView, Principal

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
    """Staff see every partnership; everybody else their own; a rater none: last time's rating would lead the vote."""
    if principal.is_staff:
        return
    if principal.access is Access.RATER or not partnership or principal.partnership != partnership:
        raise NotAllowedError


def check_can_rate(principal: Principal, partnership: str) -> None:
    """Ratings are recorded by the partnership's facilitator, or by staff on its behalf; members read."""
    check_can_see_partnership(principal, partnership)
    if principal.access is Access.MEMBER:
        raise NotAllowedError("You can read these ratings. Your facilitator records them.")


def check_can_share(principal: Principal, partnership: str) -> None:
    """What a partnership shares of its way, and whether it may be asked, its own facilitator says: consent is nobody
    else's to give. Staff and members read it.
    """
    check_can_rate(principal, partnership)
    if principal.is_staff:
        raise NotAllowedError("What a partnership shares, and whether it may be asked, its own facilitator says.")


def check_can_run_session(principal: Principal, partnership: str) -> None:
    """A session is run by the partnership's facilitator, or by staff on its behalf."""
    check_can_rate(principal, partnership)


def check_can_vote(principal: Principal) -> None:
    """Votes come from the seats of a session: whoever has an account joins by the room code too."""
    if principal.access is not Access.RATER or not principal.seat:
        raise NotAllowedError


def check_can_see_hall(principal: Principal) -> None:
    """How far all sessions of a convening are, network staff see; what anybody voted, nobody."""
    _check_staff(principal)


def check_can_see_roles(principal: Principal) -> None:
    """What people of one role said across partnerships, without names, is opened by network staff."""
    _check_staff(principal)


def check_can_add_convening(principal: Principal) -> None:
    """The calendar of convenings is the network's."""
    _check_staff(principal)


def check_can_import_ratings(principal: Principal) -> None:
    """Past ratings of all partnerships come in through network staff."""
    _check_staff(principal)


def check_can_export_network(principal: Principal) -> None:
    """The whole network's ratings leave only with network staff."""
    _check_staff(principal)


def check_can_take_partnership(principal: Principal, partnership: str) -> None:
    """What a partnership has said is its own: whoever sees it may take all of it along."""
    check_can_see_partnership(principal, partnership)


def check_can_see_peers(principal: Principal) -> None:
    """Staff see every site by name; members see of their peers what the network has chosen; raters nothing."""
    if principal.is_staff:
        return
    if principal.access is Access.RATER or principal.network.peer_view is PeerView.NOTHING:
        raise NotAllowedError


def check_can_manage_people(principal: Principal) -> None:
    """Who belongs to a network, its staff say."""
    _check_staff(principal)


def check_can_grant(principal: Principal, access: Access) -> None:
    """Staff grant what staff may do; an admin is made by an admin. A rater comes in by a room code alone."""
    _check_staff(principal)
    if access is Access.RATER or (access is Access.ADMIN and principal.access is not Access.ADMIN):
        raise NotAllowedError


def check_can_read_record(principal: Principal) -> None:
    """The record of who did what is read by network staff; a rating's own history by whoever sees the rating."""
    _check_staff(principal)


def check_can_change_settings(principal: Principal) -> None:
    """What members see of peers is the network's choice, made by its staff."""
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
can_share = _answers(check_can_share)
can_run_session = _answers(check_can_run_session)
can_vote = _answers(check_can_vote)
can_see_hall = _answers(check_can_see_hall)
can_see_roles = _answers(check_can_see_roles)
can_add_convening = _answers(check_can_add_convening)
can_import_ratings = _answers(check_can_import_ratings)
can_export_network = _answers(check_can_export_network)
can_take_partnership = _answers(check_can_take_partnership)
can_see_peers = _answers(check_can_see_peers)
can_manage_people = _answers(check_can_manage_people)
can_grant = _answers(check_can_grant)
can_read_record = _answers(check_can_read_record)
can_change_settings = _answers(check_can_change_settings)
can_publish_rubric = _answers(check_can_publish_rubric)
can_start_network = _answers(check_can_start_network)
can_read_rubrics = _answers(check_can_read_rubrics)
