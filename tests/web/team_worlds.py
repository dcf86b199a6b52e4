"""Team sessions for the networks of ``worlds``: people in their seats, votes, notes, paper counts, one reveal."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Protocol

from progressions import codes
from progressions.people import Principal
from progressions.rubric import RubricVersion
from progressions.services.sign_in import hash_of
from progressions.store import Store
from progressions.store.team_sessions import Opening
from progressions.team_session import Answer, DomainKey, Naming, Role, Side, TeamSession

ROLES = tuple(Role)


class Named(Protocol):
    """``Texts`` of ``worlds``."""

    def text(self, field: str, number: int = 0, owner: int = -1) -> str: ...


@dataclass(frozen=True)
class Team:
    """One partnership's open session at the last convening: its first domain is revealed, its second is not.

    ``seats`` holds who has joined, with the token in the phone's cookie; everybody has voted on every domain.
    """

    session: TeamSession
    seats: tuple[tuple[Principal, str], ...]

    @property
    def rater(self) -> Principal:
        """The first who joined."""
        return self.seats[0][0]

    @property
    def token(self) -> str:
        """What the first phone's cookie holds."""
        return self.seats[0][1]


def meet(
    store: Store, leader: Principal, texts: Named, version: RubricVersion, place: tuple[str, date, int], seats: int
) -> Team:
    """A session of a partnership on a day; the number of the partnership says whose its texts are."""
    partnership, day, owner = place
    keys = tuple(DomainKey(version.rubric.code, domain.code) for domain in version.rubric.domains)
    domains = tuple((key, version.id) for key in keys)
    now = version.published_at
    with store.write(leader) as repository:
        opening = Opening(partnership, day, Naming.NAMED, True, codes.new_room_code(), domains)
        session = repository.open_session(opening, now)
    people = tuple(_people(store, session, texts, owner, seats, now))
    for number, (principal, _token) in enumerate(people):
        _vote(store, principal, texts, (number, owner), keys, len(version.rubric.levels), now)
    with store.write(leader) as repository:
        present = repository.team_session_by_id(session.id)
        for side in Side:
            repository.put_paper_counts(present, keys[0], side, {1: 2, None: 1}, now)
        session = repository.reveal(session.id, present.revision, keys[::2], now)
    return Team(session, people)


def _people(
    store: Store, session: TeamSession, texts: Named, owner: int, seats: int, now: datetime
) -> Iterator[tuple[Principal, str]]:
    for number in range(seats):
        token, side = f"phone {owner} {session.id} {number}", list(Side)[number % 2]
        name = texts.text("seats.name", number, owner)
        with store.write_directory() as directory:
            room = directory.room(session.room_code)
            assert room is not None
            directory.take_seat(room, hash_of(token), name, side, ROLES[number % len(ROLES)], now)
            found = directory.seated(hash_of(token), now)
        assert found is not None
        yield replace(found[0], came_from=texts.text("vote_changes.came_from", number, owner)), token


def _vote(
    store: Store,
    who: Principal,
    texts: Named,
    number: tuple[int, int],
    keys: Sequence[DomainKey],
    levels: int,
    now: datetime,
) -> None:
    with store.write(who) as repository:
        for at, key in enumerate(keys):
            answer = Answer(1 + (number[0] + at) % levels, note=texts.text("votes.note", *number))
            repository.save_vote(key, answer, base=0, pen="pen", now=now)
