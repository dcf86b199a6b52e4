"""The matrix: access × action × (own partnership, another one). Both forms of each permission agree."""

import inspect

import pytest

from progressions import permissions
from progressions.errors import NotAllowedError
from progressions.people import Access, Network, PeerView, Principal

NORTH = Network(1, "north", "North")
SHUT = Network(2, "shut", "Shut", peer_view=PeerView.NOTHING)
WHO = {
    "member": Principal(1, "Max", NORTH, Access.MEMBER, "ash"),
    "facilitator": Principal(2, "Fay", NORTH, Access.FACILITATOR, "ash"),
    "staff": Principal(3, "Sam", NORTH, Access.STAFF),
    "admin": Principal(4, "Ada", NORTH, Access.ADMIN),
    "member of nothing": Principal(5, "Nil", NORTH, Access.MEMBER, ""),
    "rater": Principal(6, "Ros", NORTH, Access.RATER, "ash"),
    "rater in a seat": Principal(0, "Ros", NORTH, Access.RATER, "ash", seat=6),
    "member of a closed network": Principal(7, "Clo", SHUT, Access.MEMBER, "ash"),
    "staff of a closed network": Principal(8, "Stu", SHUT, Access.STAFF),
}
ALL = set(WHO)
STAFF = {"staff", "admin", "staff of a closed network"}
OWN = {"member", "facilitator", "member of a closed network"} | STAFF
MATRIX = {
    ("read_rubrics", ()): ALL,
    ("see_network", ()): STAFF,
    ("see_partnership", ("ash",)): OWN,
    ("see_partnership", ("birch",)): STAFF,
    ("see_partnership", ("",)): STAFF,
    ("rate", ("ash",)): {"facilitator"} | STAFF,
    ("rate", ("birch",)): STAFF,
    ("rate", ("",)): STAFF,
    ("run_session", ("ash",)): {"facilitator"} | STAFF,
    ("run_session", ("birch",)): STAFF,
    ("run_session", ("",)): STAFF,
    ("vote", ()): {"rater in a seat"},
    ("see_hall", ()): STAFF,
    ("see_roles", ()): STAFF,
    ("add_convening", ()): STAFF,
    ("import_ratings", ()): STAFF,
    ("export_network", ()): STAFF,
    ("publish_rubric", ()): STAFF,
    ("start_network", ()): STAFF,
    ("take_partnership", ("ash",)): OWN,
    ("take_partnership", ("birch",)): STAFF,
    ("take_partnership", ("",)): STAFF,
    ("share", ("ash",)): {"facilitator"},
    ("share", ("birch",)): set(),
    ("share", ("",)): set(),
    ("see_peers", ()): STAFF | {"member", "facilitator", "member of nothing"},
    ("manage_people", ()): STAFF,
    ("grant", (Access.MEMBER,)): STAFF,
    ("grant", (Access.FACILITATOR,)): STAFF,
    ("grant", (Access.STAFF,)): STAFF,
    ("grant", (Access.ADMIN,)): {"admin"},
    ("grant", (Access.RATER,)): set(),
    ("read_record", ()): STAFF,
    ("change_settings", ()): STAFF,
}


@pytest.mark.parametrize("who", WHO)
@pytest.mark.parametrize(("action", "of"), MATRIX)
def test_who_may_do_what(who: str, action: str, of: tuple[str, ...]) -> None:
    allowed = who in MATRIX[action, of]
    assert getattr(permissions, f"can_{action}")(WHO[who], *of) is allowed
    check = getattr(permissions, f"check_can_{action}")
    if allowed:
        check(WHO[who], *of)
    else:
        with pytest.raises(NotAllowedError):
            check(WHO[who], *of)


def test_the_matrix_knows_every_action() -> None:
    names = {name for name, _ in inspect.getmembers(permissions) if name.startswith(("can_", "check_can_"))}
    actions = {action for action, _ in MATRIX}
    assert names == {f"{form}{action}" for action in actions for form in ("can_", "check_can_")}
