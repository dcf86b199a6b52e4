"""The words for who takes part: network, partnership, side, role, principal. Standard library only."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

EXAMPLE_NOTE = "Invented example: partnerships and ratings are made up."
"""Stands on every screen and in every file of a network that is an example."""


class PeerView(StrEnum):
    """What the members of a partnership see of the other partnerships: the network's choice. Staff see names."""

    NAMES = "names"
    COUNTS = "counts"
    BANDS = "bands"
    NOTHING = "nothing"


LEAST_OTHERS = 5
"""A view of peers needs at least so many other partnerships; a network may ask for more, never for fewer."""


@dataclass(frozen=True, slots=True)
class Network:
    """A network of partnerships. ``is_example`` marks invented data, and every screen and file then says so.

    ``peer_view`` and ``least_others`` say what members see of peers, and from how many others on.
    """

    id: int
    code: str
    title: str
    is_example: bool = False
    peer_view: PeerView = PeerView.COUNTS
    least_others: int = LEAST_OTHERS


@dataclass(frozen=True, slots=True)
class Partnership:
    """A partnership of two sides: the LEA ("district") and the IHE ("university")."""

    id: int
    code: str
    title: str


@dataclass(frozen=True, slots=True)
class PeerSet:
    """Partnerships that staff look at together, for example "large urban". Whom it holds never changes.

    ``partnerships`` are their codes, or what stands for them where their names are not shown. ``is_shown`` says that
    members may look at it too. ``removed_at`` is None for a set that stands; one that members could look at counts in
    what may be told of sets for ever.
    """

    id: int
    title: str
    partnerships: frozenset[str]
    made_at: datetime
    is_shown: bool
    removed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who can sign in; names need not differ."""

    id: int
    name: str


def signature(person_id: int) -> str:
    """The mark that stands for a person in stored rows."""
    return f"#{person_id}"


def seat_signature(seat: int) -> str:
    """The mark that stands in stored rows for somebody who joined a session."""
    return f"@{seat}"


def former_name(person_id: int) -> str:
    """What stands in the place of a name that was removed."""
    return f"Former member {person_id}"


class Access(StrEnum):
    """What a person may do in a network. (``role`` in the field's words is superintendent, dean, …, not this.)

    A rater has no lasting access: a room code gives it for one session of a convening.
    """

    RATER = "rater"
    MEMBER = "member"
    FACILITATOR = "facilitator"
    STAFF = "staff"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class Principal:
    """Who asks: one person with one access to one network.

    ``partnership`` is the code of the person's own partnership, "" for staff and admin, who have none. ``came_from``
    says where the person sits, for the record: "command line", or "browser" and its address. ``seat`` is the number of
    a rater's seat in a session, 0 for everybody else.
    """

    person_id: int
    name: str
    network: Network
    access: Access
    partnership: str = ""
    came_from: str = ""
    seat: int = 0

    @property
    def signature(self) -> str:
        """How stored rows name this person: by number, so that a name can be taken away without touching history.

        The command line is nobody in person, and signs with its name.
        """
        if self.seat:
            return seat_signature(self.seat)
        return signature(self.person_id) if self.person_id else self.name

    @property
    def is_staff(self) -> bool:
        """Whether the whole network is open to this person."""
        return self.access in (Access.STAFF, Access.ADMIN)


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One line of the list of a network's people.

    ``partnership`` is a code, "" for staff and admin. ``selector`` is the public part of the person's code, ""
    where they have none; ``link_until`` the end of a one-time link that nobody has used yet, which may have passed;
    ``last_seen`` the last sign of the person in this network.
    """

    id: int
    name: str
    access: Access
    partnership: str = ""
    partnership_title: str = ""
    email: str = ""
    selector: str = ""
    link_until: datetime | None = None
    last_seen: datetime | None = None
    is_you: bool = False
