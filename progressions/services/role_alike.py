"""Role-alike: what people of one role said across partnerships, for the stage. By role and domain, never by name.

Each team knows its own votes and can subtract them. So five people of three partnerships have to stand behind a view,
and outside every single partnership three votes at least; and nobody may learn more by watching the counts change.
Therefore a domain is shown only when it is complete: every open session that votes on it has revealed its
first vote. One in which nobody sits yet keeps it waiting too, because people may still join; staff close what goes on
no more. And what is shown once stays what it is: the record says when it was first shown, and votes revealed after
that moment (in a session opened late, or opened again) are not added, or the difference would be theirs.

Paper sheets do not say a role and are not counted.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from progressions import permissions
from progressions.errors import NotAllowedError
from progressions.measures.votes import Spread, spread
from progressions.people import Principal
from progressions.record import Action
from progressions.rubric import Rubric
from progressions.store import Repository, Store
from progressions.store.halls import RoleVote
from progressions.team_session import DomainKey, Role, TeamSession

LEAST_PEOPLE = 5
"""Of fewer, whoever voted too could tell who said what: of five, four others stand behind every dot."""
LEAST_PARTNERSHIPS = 3
"""Of two partnerships, each would subtract what its own team has seen, and hold the other one's votes."""
LEAST_OUTSIDE = 3
"""Votes that are left when any one team subtracts its own: of 3 + 1 + 1 the three would hold the votes of two people,
and each of those two the other one's."""


@dataclass(frozen=True, slots=True)
class RoleView:
    """What one role said of one domain.

    ``spread`` has one row, and is None until the domain has been shown. ``waits_for`` are titles of partnerships whose
    open session has not revealed it; ``is_enough`` says that it may be shown.
    """

    key: DomainKey
    rubric: Rubric
    spread: Spread | None
    partnerships: int = 0
    waits_for: tuple[str, ...] = ()
    is_enough: bool = False
    has_several_wordings: bool = False


@dataclass(frozen=True, slots=True)
class _Room:
    """Everything that the views of one role at one convening are made of."""

    sessions: tuple[TeamSession, ...]
    votes: tuple[RoleVote, ...]
    shown_at: dict[DomainKey, datetime]

    def counted(self, key: DomainKey) -> tuple[RoleVote, ...]:
        """The votes on a domain, without those that were revealed after it was first shown."""
        until = self.shown_at.get(key)
        return tuple(v for v in self.votes if v.vote.key == key and (until is None or v.revealed_at <= until))

    def waits_for(self, key: DomainKey) -> tuple[str, ...]:
        """Whose open session votes on the domain and has not revealed the first vote; nobody once it was shown."""
        if key in self.shown_at:
            return ()
        return tuple(session.partnership_title for session in self.sessions if _is_awaited(session, key))


def views(
    store: Store, principal: Principal, held_on: date, role: Role, keys: Sequence[DomainKey]
) -> tuple[RoleView, ...]:
    """A view for each domain, in their order. NotAllowedError for a domain that is none of the network's."""
    permissions.check_can_see_roles(principal)
    with store.read(principal) as repository:
        return _views(repository, held_on, role, keys)


def show(
    store: Store, principal: Principal, held_on: date, role: Role, keys: Sequence[DomainKey], now: datetime
) -> tuple[RoleView, ...]:
    """Opens the views of those domains that may be shown, and puts a line for each of them into the record."""
    permissions.check_can_see_roles(principal)
    with store.write(principal) as repository:
        for view in _views(repository, held_on, role, keys):
            if view.is_enough:
                repository.note(Action.ROLES_SHOWN, about(held_on, role, view.key), now=now)
        return _views(repository, held_on, role, keys)


def about(held_on: date, role: Role, key: DomainKey) -> str:
    """How the record names such a view. It is found again by this text, which therefore never changes."""
    return f"{held_on.isoformat()}, {role.value}, {key.rubric}, {key.domain}"


def _views(repository: Repository, held_on: date, role: Role, keys: Sequence[DomainKey]) -> tuple[RoleView, ...]:
    latest = {version.rubric.code: version.rubric for version in repository.latest_rubrics()}
    if any(key.rubric not in latest for key in keys):
        raise NotAllowedError
    room = _room(repository, held_on, role, keys)
    return tuple(_view(repository, room, key, latest[key.rubric]) for key in keys)


def _room(repository: Repository, held_on: date, role: Role, keys: Iterable[DomainKey]) -> _Room:
    named = {about(held_on, role, key): key for key in keys}
    first = repository.first_noted(Action.ROLES_SHOWN, named)
    return _Room(
        repository.team_sessions_on(held_on),
        repository.role_votes(held_on, role),
        {named[text]: at for text, at in first.items()},
    )


def _view(repository: Repository, room: _Room, key: DomainKey, latest: Rubric) -> RoleView:
    counted, waits_for = room.counted(key), room.waits_for(key)
    by_partnership = Counter(vote.partnership for vote in counted)
    wordings = {vote.wording for vote in counted}
    may_be_shown = _are_enough(by_partnership) and not waits_for and len(wordings) == 1
    if not may_be_shown or key not in room.shown_at:
        return RoleView(key, latest, None, 0, waits_for, may_be_shown, len(wordings) > 1)
    rubric = _as_voted_on(repository, key, wordings.pop())
    found = spread([each.vote for each in counted], (), len(rubric.levels), by_side=False)
    return RoleView(key, rubric, found, len(by_partnership), is_enough=True)


def _are_enough(by_partnership: Counter[str]) -> bool:
    """Whether nobody learns who said what, whatever votes their own team takes away from the counts."""
    people = by_partnership.total()
    if people < LEAST_PEOPLE or len(by_partnership) < LEAST_PARTNERSHIPS:
        return False
    return people - max(by_partnership.values()) >= LEAST_OUTSIDE


def _as_voted_on(repository: Repository, key: DomainKey, wording: int) -> Rubric:
    """A wording has the number of the version that brought it."""
    found = repository.rubric_version(key.rubric, wording)
    assert found is not None  # somebody voted on these words
    return found.rubric


def _is_awaited(session: TeamSession, key: DomainKey) -> bool:
    at = session.domain(key)
    return session.is_open and session.has_votes and at is not None and 1 not in at.revealed_rounds
