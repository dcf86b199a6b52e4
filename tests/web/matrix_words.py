"""The words in which the matrix of permissions is written: roles, scopes, who may, and what a call is aimed at."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from progressions.people import Partnership, Principal
from progressions.ratings import RatingKey
from progressions.services import (
    ratings,
)
from progressions.sharing import SharedNote
from progressions.sheets.cells import Workbook
from progressions.store import Store
from progressions.team_session import DomainKey, Role, Seat, Side, TeamSession
from tests.factories import NOW
from tests.web.worlds import World

ROLES = ("rater", "guest", "member", "facilitator", "staff", "admin")
SCOPES = ("own", "peer", "foreign")
ALL = frozenset(ROLES)
SEATED = frozenset({"rater", "guest"})
READERS = ALL - SEATED
WRITERS = READERS - {"member"}
STAFF = frozenset({"staff", "admin"})
ADMIN = frozenset({"admin"})
NOBODY: frozenset[str] = frozenset()
May = dict[str, frozenset[str]]


def everywhere(who: frozenset[str]) -> May:
    """What has no target: the network is that of whoever asks."""
    return dict.fromkeys(SCOPES, who)


def of(own: frozenset[str], peer: frozenset[str]) -> May:
    """What is done to one partnership or person. Nobody reaches another network."""
    return {"own": own, "peer": peer, "foreign": NOBODY}


@dataclass(frozen=True)
class Place:
    """What a call is aimed at. ``shown`` is a preview made in that network, ``upload`` the caller's own."""

    world: World
    partnership: str
    person: int
    workbook: Workbook
    shown: Any
    upload: Any
    session: str
    version: Any

    @property
    def key(self) -> RatingKey:
        return RatingKey(self.partnership, self.day, self.rubric, self.domain)

    @property
    def day(self) -> date:
        return self.world.days[-1]

    @property
    def rubric(self) -> str:
        return self.world.rubrics[0]

    @property
    def domain(self) -> str:
        return self.world.domains[self.rubric][0]

    @property
    def revealed(self) -> DomainKey:
        """The first domain: its votes have been shown."""
        return DomainKey(self.rubric, self.domain)

    @property
    def open(self) -> DomainKey:
        """The second domain, on which people vote still."""
        return DomainKey(self.rubric, self.world.domains[self.rubric][1])

    @property
    def team(self) -> TeamSession:
        """The session of that partnership."""
        return self.world.teams[self.partnership != self.world.partnerships[0]].session

    @property
    def whose(self) -> Partnership:
        """That partnership, as somebody would have it who knows its code alone."""
        return Partnership(0, self.partnership, "Somebody")

    @property
    def note(self) -> SharedNote:
        """What that partnership shares of the first domain, said anew: each world has shared it once."""
        return SharedNote(self.partnership, self.rubric, self.domain, "note", "contact", row_version=1)

    @property
    def seat(self) -> Seat:
        """Somebody else in that session: not the one who asks."""
        other = self.world.teams[self.partnership != self.world.partnerships[0]].seats[1][0]
        return Seat(other.seat, other.name, Side.IHE, Role.OTHER, NOW)

    def led_by(self, who: Principal) -> TeamSession:
        """The session as somebody would have it who says that they lead it: only others are stopped by that."""
        return replace(self.team, leader=who.signature)


@dataclass(frozen=True)
class Row:
    """One public function of the services. ``silent``: it answers nothing where it did what was asked."""

    call: Callable[[Store, Principal, Place], Any]
    may: May
    silent: bool = False


PEN = ratings.Pen("pen", 0)
