"""The invented votes of the example network, as its people would have given them: they join, vote, and see them."""

import secrets
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from progressions import codes
from progressions.people import Principal
from progressions.record import Action
from progressions.services.sign_in import TOKEN_BYTES, hash_of
from progressions.services.team_sessions import about
from progressions.settings import DATA
from progressions.store import Directory, Store
from progressions.store.team_sessions import Opening
from progressions.team_session import Answer, DomainKey, Naming, Role, Side, TeamSession

EXAMPLE_VOTES = DATA / "example-votes.toml"
SIDES = {"district": Side.LEA, "university": Side.IHE}
CANNOT_JUDGE = 0
AFTERNOON = time(15, tzinfo=UTC)
Said = Mapping[DomainKey, Sequence[int]]
"""One level a person for each domain, in the people's order."""


@dataclass(frozen=True, slots=True)
class Told:
    """One session as the file tells it: ``rounds`` are its votes, the first first."""

    partnership: str
    held_on: date
    people: tuple[tuple[str, Side, Role], ...]
    rounds: tuple[Said, ...]


def read_votes() -> tuple[Told, ...]:
    """What the shipped file says, session by session."""
    found = tomllib.loads(EXAMPLE_VOTES.read_text(encoding="utf-8"))
    return tuple(
        Told(
            each["partnership"],
            each["held_on"],
            tuple((name, SIDES[side], Role(role)) for name, side, role in each["people"]),
            tuple(_said(each[name]) for name in ("votes", "again") if name in each),
        )
        for each in found["session"]
    )


def load(store: Store, loader: Principal, now: datetime) -> None:
    """Puts the sessions into the example network, all or none of them; those that are there stay as they are."""
    with store.write_directory() as directory:
        for told in read_votes():
            if directory.repository(loader).team_session(told.partnership, told.held_on) is None:
                _hold(directory, loader, told, min(datetime.combine(told.held_on, AFTERNOON), now), now)


def _said(tables: Mapping[str, Mapping[str, Sequence[int]]]) -> Said:
    return {DomainKey(rubric, code): levels for rubric, domains in tables.items() for code, levels in domains.items()}


def _hold(directory: Directory, loader: Principal, told: Told, at: datetime, now: datetime) -> None:
    """One session from its opening to its end."""
    repository = directory.repository(loader)
    versions = {version.rubric.code: version.id for version in repository.latest_rubrics()}
    domains = tuple((key, versions[key.rubric]) for key in told.rounds[0])
    opening = Opening(told.partnership, told.held_on, Naming.NAMED, True, codes.new_room_code(), domains)
    team = repository.open_session(opening, at)
    repository.note(Action.SESSION_OPENED, about(team), now=now, new=f"{len(domains)} domains, named, with votes")
    people = tuple(_seats(directory, team, told, at))
    for number, said in enumerate(told.rounds):
        for key in said if number else ():
            team = repository.begin_round(team.id, repository.team_session_by_id(team.id).revision, key)
        _vote(directory, people, said, at)
        team = repository.reveal(team.id, repository.team_session_by_id(team.id).revision, said, at)
        repository.note(Action.REVEALED, about(team), now=now, new=", ".join(key.domain for key in said))
    repository.change_session(team.id, team.revision, {"closed_at": at, "room_code": None})
    repository.note(Action.SESSION_CLOSED, about(team), now=now)


def _seats(directory: Directory, team: TeamSession, told: Told, at: datetime) -> Iterator[Principal]:
    """The people, each with a seat whose token nobody holds."""
    room = directory.room(team.room_code)
    assert room is not None  # just opened
    for name, side, role in told.people:
        token = hash_of(secrets.token_urlsafe(TOKEN_BYTES))
        directory.take_seat(room, token, name, side, role, at)
        found = directory.seated(token, at)
        assert found is not None  # just taken
        yield found[0]


def _vote(directory: Directory, people: Sequence[Principal], said: Said, at: datetime) -> None:
    for number, who in enumerate(people):
        repository = directory.repository(who)
        for key, levels in said.items():
            level = levels[number]
            answer = Answer(cannot_judge=True) if level == CANNOT_JUDGE else Answer(level)
            repository.save_vote(key, answer, base=0, now=at)
