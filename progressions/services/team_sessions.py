"""A team's session at a convening: opening, changing, closing, handing over, and who is in it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from progressions import codes, permissions
from progressions.errors import NotAllowedError, UserError
from progressions.people import Principal, signature
from progressions.record import Action
from progressions.services.hall import LONGEST_COUNTDOWN
from progressions.store import Repository, Store
from progressions.store.team_sessions import Opening
from progressions.team_session import DomainKey, Finished, Naming, Progress, Seat, TeamSession


@dataclass(frozen=True, slots=True)
class Wish:
    """How a facilitator wants a session: whose, when, how people are called, with or without votes, on what."""

    partnership: str
    held_on: date
    naming: Naming
    has_votes: bool
    domains: tuple[DomainKey, ...]


@dataclass(frozen=True, slots=True)
class Watch:
    """What the facilitator sees while the team votes: who is here and who has finished, never what anybody said."""

    session: TeamSession
    seats: tuple[Seat, ...]
    finished: Finished


def session_of(store: Store, principal: Principal, partnership: str, held_on: date) -> TeamSession | None:
    """A partnership's session at a convening; None where none has been opened."""
    permissions.check_can_run_session(principal, partnership)
    with store.read(principal) as repository:
        return repository.team_session(partnership, held_on)


def open_session(store: Store, principal: Principal, wish: Wish, now: datetime) -> TeamSession:
    """Opens the session; UserError where nothing was chosen, ChangedMeanwhileError where somebody opened it first."""
    permissions.check_can_run_session(principal, wish.partnership)
    if not wish.domains:
        raise UserError("Choose at least one domain.")
    with store.write(principal) as repository:
        domains = _in_todays_words(repository, wish.domains)
        code = codes.new_room_code()
        opening = Opening(wish.partnership, wish.held_on, wish.naming, wish.has_votes, code, domains)
        opened = repository.open_session(opening, now)
        told = f"{len(domains)} domains, {wish.naming.value}, {'with' if wish.has_votes else 'without'} votes"
        repository.note(Action.SESSION_OPENED, about(opened), now=now, new=told)
        return opened


def add_domains(
    store: Store, principal: Principal, session: TeamSession, keys: tuple[DomainKey, ...], now: datetime
) -> TeamSession:
    """More domains for an open session, at its end."""
    if not keys:
        raise UserError("Choose at least one domain.")
    with store.write(principal) as repository:
        check_leads(principal, session)
        check_open(session)
        domains = _in_todays_words(repository, keys)
        changed = repository.add_session_domains(session.id, session.revision, domains)
        new = len(changed.domains) - len(session.domains)
        repository.note(Action.SESSION_CHANGED, about(session), now=now, new=f"{new} more domains")
        return changed


def close(store: Store, principal: Principal, session: TeamSession, now: datetime) -> TeamSession:
    """Nobody joins or votes any more; what was said stays."""
    return _change(store, principal, session, Action.SESSION_CLOSED, now, {"closed_at": now, "timer_ends_at": None})


def reopen(store: Store, principal: Principal, session: TeamSession, now: datetime) -> TeamSession:
    """Lets people join and vote again; with a new room code where the old one was voided."""
    code = session.room_code or codes.new_room_code()
    values = {"closed_at": None, "room_code": code}
    return _change(store, principal, session, Action.SESSION_REOPENED, now, values)


def new_room_code(store: Store, principal: Principal, session: TeamSession, now: datetime) -> TeamSession:
    """Another room code in place of one that has leaked; whoever has joined stays."""
    values = {"room_code": codes.new_room_code()}
    return _change(store, principal, session, Action.ROOM_CODE_CHANGED, now, values, told="another one")


def void_room_code(store: Store, principal: Principal, session: TeamSession, now: datetime) -> TeamSession:
    """Nobody joins any more; whoever has joined goes on."""
    return _change(store, principal, session, Action.ROOM_CODE_CHANGED, now, {"room_code": None}, told="none")


def take_over(store: Store, principal: Principal, session: TeamSession, now: datetime) -> TeamSession:
    """This person leads from now on."""
    permissions.check_can_run_session(principal, session.partnership)
    with store.write(principal) as repository:
        changed = repository.change_session(session.id, session.revision, {"led_by": principal.signature})
        _note_leader(repository, session, changed, now)
        return changed


def hand_over(store: Store, principal: Principal, session: TeamSession, person_id: int, now: datetime) -> TeamSession:
    """Another of ``may_lead`` leads from now on."""
    if person_id not in may_lead(store, principal, session):
        raise NotAllowedError
    with store.write(principal) as repository:
        check_leads(principal, session)
        changed = repository.change_session(session.id, session.revision, {"led_by": signature(person_id)})
        _note_leader(repository, session, changed, now)
        return changed


def may_lead(store: Store, principal: Principal, session: TeamSession) -> dict[int, str]:
    """Names by number of those who may lead the session beside whoever does: the partnership's facilitators, staff."""
    permissions.check_can_run_session(principal, session.partnership)
    with store.read_directory() as directory:
        directory.reading(principal).team_session_by_id(session.id)  # staff of one network lead none of another
        found = directory.leaders(principal.network.id, session.partnership)
    return {person.id: person.name for person in found if signature(person.id) != session.leader}


def set_timer(store: Store, principal: Principal, session: TeamSession, minutes: int, now: datetime) -> TeamSession:
    """A countdown for the discussion that everybody sees; 0 minutes ends it. UserError for a senseless length."""
    if not 0 <= minutes <= LONGEST_COUNTDOWN:
        raise UserError(f"A countdown takes 1 to {LONGEST_COUNTDOWN} minutes.")
    check_open(session)
    ends = now + timedelta(minutes=minutes) if minutes else None
    return _change(store, principal, session, None, now, {"timer_ends_at": ends})


def watch(store: Store, principal: Principal, partnership: str, held_on: date) -> Watch | None:
    """The session with who is here and how far they are; None where none has been opened."""
    permissions.check_can_run_session(principal, partnership)
    with store.read(principal) as repository:
        session = repository.team_session(partnership, held_on)
        if session is None:
            return None
        return Watch(session, repository.seats(session.id), repository.finished(session))


def progress(store: Store, principal: Principal, session: TeamSession) -> Progress:
    """How far the people of a session are now. Cheaper than ``watch``: eleven screens ask while a hall votes."""
    permissions.check_can_run_session(principal, session.partnership)
    with store.read(principal) as repository:
        return repository.progress(session)


def remove(store: Store, principal: Principal, session: TeamSession, seat: Seat, now: datetime) -> None:
    """Takes somebody out of the session at once; what they voted in open rounds counts no more."""
    with store.write(principal) as repository:
        check_leads(principal, session)
        _remove(repository, session, seat, now)


def remove_newcomers(
    store: Store, principal: Principal, session: TeamSession, since: datetime, now: datetime
) -> tuple[Seat, ...]:
    """Takes everybody out who has joined since a moment and is still here; who they were. All of them, or nobody."""
    with store.write(principal) as repository:
        check_leads(principal, session)
        found = tuple(seat for seat in repository.seats(session.id) if seat.is_here and seat.joined_at >= since)
        for seat in found:
            _remove(repository, session, seat, now)
        return found


def _remove(repository: Repository, session: TeamSession, seat: Seat, now: datetime) -> None:
    repository.remove_seat(session.id, seat.id, now)
    repository.note(Action.SEAT_REMOVED, about(session), now=now, old=f"{seat.side.value}, {seat.role.value}")


def bring_back(store: Store, principal: Principal, session: TeamSession, seat: Seat, now: datetime) -> None:
    """Lets somebody who was removed take part again."""
    with store.write(principal) as repository:
        check_leads(principal, session)
        repository.bring_back_seat(session.id, seat.id)
        repository.note(Action.SEAT_BROUGHT_BACK, about(session), now=now, new=f"{seat.side.value}, {seat.role.value}")


def remove_name(store: Store, principal: Principal, session: TeamSession, seat: Seat, now: datetime) -> None:
    """Takes a name away from what the person voted; every count stays."""
    permissions.check_can_run_session(principal, session.partnership)
    with store.write(principal) as repository:
        repository.remove_seat_name(session.id, seat.id, now)
        repository.note(Action.NAME_REMOVED, f"@{seat.id}", now=now)


def about(session: TeamSession) -> str:
    """How the record names a session: never by its room code."""
    return f"{session.partnership_title}, {session.held_on.isoformat()}"


def check_leads(principal: Principal, session: TeamSession) -> None:
    """UserError where somebody else leads the session: two who reveal and close at once would surprise a whole room."""
    permissions.check_can_run_session(principal, session.partnership)
    if session.leader != principal.signature:
        raise UserError(f"{session.led_by} leads this session. Take over first.")


def check_open(session: TeamSession) -> None:
    """UserError where the session is closed."""
    if not session.is_open:
        raise UserError("This session is closed. Open it again first.")


def _change(
    store: Store,
    principal: Principal,
    session: TeamSession,
    action: Action | None,
    now: datetime,
    values: Mapping[str, object],
    told: str = "",
) -> TeamSession:
    with store.write(principal) as repository:
        check_leads(principal, session)
        changed = repository.change_session(session.id, session.revision, values)
        if action is not None:
            repository.note(action, about(session), now=now, new=told)
        return changed


def _note_leader(repository: Repository, before: TeamSession, after: TeamSession, now: datetime) -> None:
    said = (before.led_by, after.led_by)
    repository.note(Action.SESSION_HANDED_OVER, about(before), now=now, old=said[0], new=said[1])


def _in_todays_words(repository: Repository, keys: tuple[DomainKey, ...]) -> tuple[tuple[DomainKey, int], ...]:
    """The domains in the latest version of their rubrics, in the order of the rubrics."""
    wanted = set(keys)
    versions = repository.latest_rubrics()
    found = [(DomainKey(v.rubric.code, d.code), v.id) for v in versions for d in v.rubric.domains]
    if wanted - {key for key, _ in found}:
        raise NotAllowedError
    return tuple((key, version_id) for key, version_id in found if key in wanted)
