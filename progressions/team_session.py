"""The words for a team's session at a convening: naming, seat, vote, round, paper counts. Standard library only."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from progressions.people import Network
from progressions.ratings import RatingDraft


class Side(StrEnum):
    """The two sides of a partnership: district and university."""

    LEA = "lea"
    IHE = "ihe"


class Role(StrEnum):
    """What a person is, for views across partnerships by role."""

    SUPERINTENDENT = "superintendent"
    DISTRICT_LEADER = "district leader"
    PRINCIPAL = "principal"
    TEACHER = "teacher"
    DEAN = "dean"
    FACULTY = "faculty"
    COORDINATOR = "coordinator"
    OTHER = "other"


class Naming(StrEnum):
    """How people are called in a session: by name, by an alias of their own, or not at all."""

    NAMED = "named"
    ALIAS = "alias"
    ANONYMOUS = "anonymous"


@dataclass(frozen=True, slots=True)
class DomainKey:
    """A domain of a session: codes of rubric and domain."""

    rubric: str
    domain: str


@dataclass(frozen=True, slots=True)
class SessionDomain:
    """One domain that the team works on, in the words of ``version`` (a number).

    ``round`` counts the votes taken on it, from 1. ``revealed_at`` is of the present round, None while it is open;
    ``revealed_rounds`` are those that everybody may see.
    """

    key: DomainKey
    version: int
    round: int = 1
    revealed_at: datetime | None = None
    revealed_rounds: tuple[int, ...] = ()

    @property
    def is_revealed(self) -> bool:
        """Whether the present round is over and seen by everybody."""
        return self.revealed_at is not None


@dataclass(frozen=True, slots=True)
class TeamSession:
    """One partnership's session at one convening: it has at most one, which may be closed and opened again.

    ``room_code`` lets people join while the session is open; "" once it has been voided. ``led_by`` and ``opened_by``
    are names, ``leader`` is the mark of the person who leads. ``revision`` grows with everything that all people in
    the session should see, ``progress`` with joining and voting.
    """

    id: int
    partnership: str
    partnership_title: str
    held_on: date
    naming: Naming
    has_votes: bool
    room_code: str
    opened_at: datetime
    opened_by: str
    led_by: str
    leader: str
    revision: int
    progress: int
    domains: tuple[SessionDomain, ...] = ()
    closed_at: datetime | None = None
    timer_ends_at: datetime | None = None
    convening_id: int = 0

    @property
    def is_open(self) -> bool:
        """Whether people may join and vote."""
        return self.closed_at is None

    def domain(self, key: DomainKey) -> SessionDomain | None:
        """The domain with this key; None where the session is not about it."""
        return next((each for each in self.domains if each.key == key), None)


@dataclass(frozen=True, slots=True)
class Seat:
    """Somebody who has joined a session. ``name`` is "" in an anonymous one, and where it was taken away."""

    id: int
    name: str
    side: Side
    role: Role
    joined_at: datetime
    removed_at: datetime | None = None

    @property
    def is_here(self) -> bool:
        """Whether the person is still part of the session."""
        return self.removed_at is None


@dataclass(frozen=True, slots=True)
class Room:
    """A session as people who come by its room code need to know it. ``revision`` is the session's."""

    session_id: int
    network: Network
    partnership: str
    partnership_title: str
    naming: Naming
    has_votes: bool
    revision: int


@dataclass(frozen=True, slots=True)
class Answer:
    """What one person says of one domain: a level, or that they cannot judge; neither as long as only a note stands.

    ``note`` is the person's own and is shown to nobody else.
    """

    level: int | None = None
    cannot_judge: bool = False
    note: str = ""

    @property
    def is_given(self) -> bool:
        """Whether the domain counts as finished."""
        return self.level is not None or self.cannot_judge


NO_ANSWER = Answer()


@dataclass(frozen=True, slots=True)
class Vote:
    """One person's stored answer for one domain in one round.

    ``row_version`` counts its saves from 1; 0 stands for "nothing yet". ``pen`` and ``pen_base`` are as in a stored
    rating: they tell a page that reconnects whether it was the last to write.
    """

    key: DomainKey
    round: int
    answer: Answer = NO_ANSWER
    row_version: int = 0
    saved_at: datetime | None = None
    pen: str = ""
    pen_base: int = 0


@dataclass(frozen=True, slots=True)
class ShownVote:
    """One vote of a round that has been revealed. ``name`` is "" unless the session is a named one."""

    key: DomainKey
    round: int
    side: Side
    role: Role
    level: int | None
    cannot_judge: bool
    name: str = ""


@dataclass(frozen=True, slots=True)
class PaperCount:
    """How many paper sheets of one side say one level; ``level`` is None for "cannot judge"."""

    key: DomainKey
    round: int
    side: Side
    level: int | None
    count: int


@dataclass(frozen=True, slots=True)
class Finished:
    """How far a session is, without what anybody said.

    ``people`` counts those who are here, ``by_domain`` those of them who have answered the present round of a domain;
    ``begun`` those who have answered anything, ``done`` those who have answered every domain.
    """

    people: int
    begun: int = 0
    done: int = 0
    by_domain: dict[DomainKey, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Outcomes:
    """What a team has said at one convening: the domains with an agreed level, and those that it comes back to.

    To come back to it is an outcome, and no agreement: it counts nowhere as one.
    """

    agreed: frozenset[DomainKey] = frozenset()
    back: frozenset[DomainKey] = frozenset()

    @classmethod
    def of(cls, said: Iterable[tuple[DomainKey, RatingDraft]]) -> "Outcomes":
        """The outcomes of a convening's ratings."""
        drafts = dict(said)
        agreed = {key for key, draft in drafts.items() if draft.level is not None}
        back = {key for key, draft in drafts.items() if draft.comes_back}
        return cls(frozenset(agreed), frozenset(back - agreed))

    @property
    def settled(self) -> frozenset[DomainKey]:
        """The domains with either."""
        return self.agreed | self.back

    def among(self, keys: Collection[DomainKey]) -> "Outcomes":
        """Those of a few domains: a convening may have more than a session."""
        return Outcomes(self.agreed.intersection(keys), self.back.intersection(keys))


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a session was at one moment; ``at`` grows with everything that its people do."""

    at: int
    finished: Finished


@dataclass(frozen=True, slots=True)
class Voters:
    """How many people's votes a session has shown, by side; never whose.

    ``by_phone`` counts people. ``by_paper`` is the most sheets that one vote had: sheets say nothing of people.
    ``again`` counts those who had voted at the session before too, None where nothing tells.
    """

    by_phone: Mapping[Side, int]
    by_paper: Mapping[Side, int]
    again: int | None = None

    def of(self, side: Side) -> int:
        """All of one side."""
        return self.by_phone.get(side, 0) + self.by_paper.get(side, 0)

    @property
    def n(self) -> int:
        """Everybody."""
        return sum(map(self.of, Side))


@dataclass(frozen=True, slots=True)
class TeamVotes:
    """What one session has shown: votes without a name and paper counts, of revealed rounds alone."""

    session: TeamSession
    votes: tuple[ShownVote, ...]
    papers: tuple[PaperCount, ...]
    voters: Voters
