"""The words for who takes part: network, partnership, side, role, principal. Standard library only."""

from dataclasses import dataclass
from enum import StrEnum

EXAMPLE_NOTE = "Invented example: partnerships and ratings are made up."
"""Stands on every screen and in every file of a network that is an example."""


@dataclass(frozen=True, slots=True)
class Network:
    """A network of partnerships. ``is_example`` marks invented data, and every screen and file then says so."""

    id: int
    code: str
    title: str
    is_example: bool = False


@dataclass(frozen=True, slots=True)
class Partnership:
    """A partnership of two sides: the LEA ("district") and the IHE ("university")."""

    id: int
    code: str
    title: str


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who can sign in; names need not differ."""

    id: int
    name: str


class Access(StrEnum):
    """What a person may do in a network. (``role`` in the field's words is superintendent, dean, …, not this.)"""

    MEMBER = "member"
    FACILITATOR = "facilitator"
    STAFF = "staff"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class Principal:
    """Who asks: one person with one access to one network.

    ``partnership`` is the code of the person's own partnership, "" for staff and admin, who have none.
    """

    person_id: int
    name: str
    network: Network
    access: Access
    partnership: str = ""

    @property
    def is_staff(self) -> bool:
        """Whether the whole network is open to this person."""
        return self.access in (Access.STAFF, Access.ADMIN)
