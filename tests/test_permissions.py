"""The matrix: access × action × (own partnership, another one). Both forms of each permission agree."""

import inspect

import pytest

from progressions import permissions
from progressions.errors import NotAllowedError
from progressions.people import Access, Network, Principal

NORTH = Network(1, "north", "North")
WHO = {
    "member": Principal(1, "Max", NORTH, Access.MEMBER, "ash"),
    "facilitator": Principal(2, "Fay", NORTH, Access.FACILITATOR, "ash"),
    "staff": Principal(3, "Sam", NORTH, Access.STAFF),
    "admin": Principal(4, "Ada", NORTH, Access.ADMIN),
    "member of nothing": Principal(5, "Nil", NORTH, Access.MEMBER, ""),
}
ALL = set(WHO)
STAFF = {"staff", "admin"}
OWN = {"member", "facilitator"} | STAFF
MATRIX = {
    ("read_rubrics", ()): ALL,
    ("see_network", ()): STAFF,
    ("see_partnership", ("ash",)): OWN,
    ("see_partnership", ("birch",)): STAFF,
    ("see_partnership", ("",)): STAFF,
    ("rate", ("ash",)): {"facilitator"} | STAFF,
    ("rate", ("birch",)): STAFF,
    ("rate", ("",)): STAFF,
    ("add_convening", ()): STAFF,
    ("import_ratings", ()): STAFF,
    ("export_network", ()): STAFF,
    ("publish_rubric", ()): STAFF,
    ("start_network", ()): STAFF,
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
