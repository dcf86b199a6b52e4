"""Joining a session by its room code, and voting: what a rater does, who has no account."""

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from threading import Lock

from progressions import codes, permissions
from progressions.errors import UserError
from progressions.people import Principal
from progressions.record import Action
from progressions.services.ratings import LONGEST_TEXT, Pen
from progressions.services.sign_in import hash_of, new_token, token_of_page
from progressions.store import Directory, Store
from progressions.team_session import Answer, DomainKey, Naming, Role, Room, Seat, Side, TeamSession, Vote
from progressions.text import one_line
from progressions.throttle import PLACE, Allowance, Failures, place_of

LONGEST_NAME = 60
SEEN_AFTER_CLOSING = timedelta(days=1)  # the way home: people look at what was agreed once more
WRONG_ROOM = "This code opens no session now. Look at the screen again, letter by letter."
NOT_CODES = "Too many wrong codes came from here. Wait a moment, then type the code again."
MOST_PEOPLE = 60  # in one session at a time: several times the largest team, and still a list that can be read
IS_IT_YOU = "Or is that you? Then choose “Go on on another device” where you joined."
FULL = "This session is full: tell your facilitator."
TOO_FAST = "Very many people are joining this session from here. Wait a moment, then press Join again."
JOINS = Allowance(most=120, seconds=1.0, kept=30_000)  # one team behind the address of its hall, four times over


@dataclass(frozen=True, slots=True)
class Newcomer:
    """What somebody says of themselves on joining. ``name`` is "" in an anonymous session."""

    name: str
    side: Side
    role: Role

    @property
    def said(self) -> str:
        """Side and role as the record tells them."""
        return f"{self.side.value}, {self.role.value}"


@dataclass(frozen=True, slots=True)
class Ballot:
    """A rater's own view of their session: ``votes`` holds what they said in the present round, by domain."""

    principal: Principal
    seat: Seat
    session: TeamSession
    votes: Mapping[DomainKey, Vote]

    def vote(self, key: DomainKey) -> Vote:
        """What is stored for a domain in its present round, or an empty vote with row version 0."""
        domain = self.session.domain(key)
        return self.votes.get(key) or Vote(key, domain.round if domain else 1)

    @property
    def finished(self) -> int:
        """How many domains are answered."""
        return sum(vote.answer.is_given for vote in self.votes.values())


class Pace:
    """How often something may come from one place. One for a process, safe between threads."""

    def __init__(self, allowance: Allowance) -> None:
        self._failures = Failures(allowance)
        self._lock = Lock()

    def count(self, came_from: str, to: str = "") -> float:
        """Notes one more, of what is meant for ``to``; seconds to wait instead, 0.0 for none."""
        key, now = f"{place_of(came_from)} {to}", time.monotonic()
        with self._lock:
            wait = self._failures.wait(key, now)
            if not wait:
                self._failures.count(key, now)
            return wait


class WrongRooms(Pace):
    """Counts wrong room codes by the place that they come from; a right one always opens, whatever was guessed before.

    Forty random bits that open one session for an afternoon: at what a server can answer at all, a guesser finds one
    in thousands of years. The count keeps the log and the machine quiet, and a hall behind one address gets in.
    """

    def __init__(self) -> None:
        super().__init__(PLACE)


WRONG = WrongRooms()
JOINING = Pace(JOINS)
"""Joins are counted by place and session: a hall behind one address gets in, and whoever floods one session keeps
nobody out of another."""


def room(store: Store, text: str) -> Room | None:
    """The open session that a typed room code opens; None for any other text."""
    code = codes.parse_room(text)
    if code is None:
        return None
    with store.read_directory() as directory:
        return directory.room(code)


def join(
    store: Store, text: str, newcomer: Newcomer, now: datetime, came_from: str, *, token: str = "", page: str = ""
) -> str | None:
    """A seat in the session: its token, for the browser's cookie. None where the code opens none.

    Whoever holds a seat in that session already, by ``token``, keeps it under what they say now; so does whoever
    presses the button of one ``page`` twice, or again because the answer was lost. UserError where a name is wanted and
    none was given or somebody else has it, the session is full, or a flood comes from one place.
    """
    code = codes.parse_room(text)
    if code is None:
        return None
    if JOINING.count(came_from, code):
        raise UserError(TOO_FAST)
    with store.write_directory() as directory:
        found = directory.room(code)
        if found is None:
            return None
        newcomer = _checked(newcomer, found.naming)
        pressed = token_of_page(page, code)
        for known in (token, pressed):
            held = directory.seated(hash_of(known), now - SEEN_AFTER_CLOSING) if known else None
            if held is not None and held[2].session_id == found.session_id:
                principal, seat = replace(held[0], came_from=came_from), held[1]
                _check_name_is_free(newcomer.name, directory.people_in(found), seat)
                _change_seat(directory, principal, seat, found, newcomer, now)
                return known
        people = directory.people_in(found)
        if len(people) >= MOST_PEOPLE:
            raise UserError(FULL)
        _check_name_is_free(newcomer.name, people)
        fresh = new_token() if directory.was_taken(hash_of(pressed)) else pressed
        _take_seat(directory, found, fresh, newcomer, now, came_from)
        return fresh


def _change_seat(
    directory: Directory, principal: Principal, seat: Seat, room: Room, newcomer: Newcomer, now: datetime
) -> None:
    directory.change_seat(seat, room.session_id, newcomer.name, newcomer.side, newcomer.role)
    before = f"{seat.side.value}, {seat.role.value}"
    directory.note(principal, Action.SEAT_CHANGED, room.partnership_title, now=now, old=before, new=newcomer.said)


def _take_seat(directory: Directory, room: Room, token: str, newcomer: Newcomer, now: datetime, came_from: str) -> None:
    directory.take_seat(room, hash_of(token), newcomer.name, newcomer.side, newcomer.role, now)
    rater = directory.seated(hash_of(token), now)
    assert rater is not None  # just taken, in an open session
    principal = replace(rater[0], came_from=came_from)
    directory.note(principal, Action.JOINED, room.partnership_title, now=now, new=newcomer.said)


def _check_name_is_free(name: str, people: Iterable[Seat], mine: Seat | None = None) -> None:
    """UserError where somebody else in the session is called so: nobody could tell the two apart."""
    taken = {seat.name.casefold() for seat in people if mine is None or seat.id != mine.id}
    if name and name.casefold() in taken:
        raise UserError(f"Somebody here is called {name} already: add an initial. {IS_IT_YOU}")


def seated(store: Store, token: str, now: datetime) -> tuple[Seat, Room] | None:
    """The seat that a browser holds, and its session; None where it holds none that can still be looked at."""
    if not token:
        return None
    with store.read_directory() as directory:
        found = directory.seated(hash_of(token), now - SEEN_AFTER_CLOSING)
    return (found[1], found[2]) if found else None


Find = Callable[[Principal, Room], TeamSession]


def team_session(store: Store, principal: Principal, room: Room) -> TeamSession:
    """The session that somebody with a seat in it takes part in."""
    with store.read(principal) as repository:
        return repository.team_session_by_id(room.session_id)


def ballot(store: Store, token: str, now: datetime, find: Find | None = None) -> Ballot | None:
    """The rater's session and votes; None where the browser holds no seat, or it was taken away.

    ``find`` gives the session, of a cache where one is at hand: it is asked for at every tap of a hall, and seldom
    another one.
    """
    if not token:
        return None
    with store.read_directory() as directory:
        found = directory.ballot(hash_of(token), now - SEEN_AFTER_CLOSING)
    if found is None:
        return None
    principal, seat, its_room, said = found
    session = find(principal, its_room) if find else team_session(store, principal, its_room)
    rounds = {each.key: each.round for each in session.domains}
    votes = {vote.key: vote for vote in said if rounds.get(vote.key) == vote.round}
    return Ballot(principal, seat, session, votes)


def revisions(store: Store, now: datetime) -> dict[str, int]:
    """How far everything is that open pages follow: a session for those in it, its progress, and a convening's hall."""
    with store.read_directory() as directory:
        found = directory.session_revisions(now - SEEN_AFTER_CLOSING)
    told: dict[str, int] = {}
    for session_id, (revision, progress, convening_id) in found.items():
        told[f"session-{session_id}"] = revision
        told[f"progress-{session_id}"] = revision + progress
        hall = f"hall-{convening_id}"
        told[hall] = told.get(hall, 0) + revision + progress
    return told


def save_vote(
    store: Store, principal: Principal, key: DomainKey, answer: Answer, *, base: int, pen: Pen, now: datetime
) -> Vote:
    """Saves what a rater says of a domain, if it is still at version ``base`` (0: nothing yet); returns it read back.

    ChangedMeanwhileError where another screen of theirs was first, the votes have been revealed, or the session is
    closed; UserError where a note is too long or the level is none of the rubric's. Nothing is written then.
    """
    permissions.check_can_vote(principal)
    if len(answer.note) > LONGEST_TEXT:
        raise UserError(f"This note has {len(answer.note):,} characters; {LONGEST_TEXT:,} can be kept.")
    with store.write(principal) as repository:
        return repository.save_vote(key, answer, base=base, pen=pen.token, pen_base=pen.base, now=now)


def _checked(newcomer: Newcomer, naming: Naming) -> Newcomer:
    if naming is Naming.ANONYMOUS:
        return replace(newcomer, name="")
    name = one_line(newcomer.name)[:LONGEST_NAME]
    if not name:
        raise UserError("Say who you are." if naming is Naming.NAMED else "Choose an alias.")
    return replace(newcomer, name=name)
