"""What can be done in a team's session, each with what has to be there before it, and the lines that it leaves."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from progressions.people import Principal
from progressions.record import Action
from progressions.services import devices, reveals, team_sessions, voting
from progressions.services.ratings import Pen
from progressions.services.team_sessions import Wish
from progressions.services.voting import Ballot, Newcomer
from progressions.store import Store
from progressions.team_session import Answer, DomainKey, Naming, Role, Side, TeamSession
from tests.factories import NOW, SPRING
from tests.services.noted import World

KEYS = (DomainKey("lea", "lea-1"), DomainKey("lea", "lea-2"))
BO = Newcomer("Bo", Side.LEA, Role.TEACHER)
SESSION_ACTS: dict[str, tuple[Callable[[World], Callable[[], object]], tuple[Action, ...]]] = {}
"""As ``ACTS``: each name with what makes everything ready and returns the act itself, and its lines."""


def opened(
    store: Store, who: Principal, naming: Naming = Naming.ALIAS, keys: tuple[DomainKey, ...] = KEYS
) -> TeamSession:
    return team_sessions.open_session(store, who, Wish("ash", SPRING, naming, True, keys), NOW)


def seated(store: Store, session: TeamSession, newcomer: Newcomer = BO, came_from: str = "browser 192.0.2.7") -> Ballot:
    """Somebody who has just joined on a phone of their own."""
    token = voting.join(store, session.room_code, newcomer, NOW, came_from)
    found = voting.ballot(store, token or "", NOW)
    assert found is not None
    return replace(found, principal=replace(found.principal, came_from=came_from))


def votes(store: Store, ballot: Ballot, level: int | None, key: DomainKey = KEYS[0], *, base: int = 0) -> None:
    answer = Answer(level, cannot_judge=level is None)
    now = NOW + timedelta(minutes=base)
    voting.save_vote(store, ballot.principal, key, answer, base=base, pen=Pen("phone", base), now=now)


Prepared = Callable[[World, TeamSession], Callable[[], object]]


def act(name: str, *leaves: Action) -> Callable[[Prepared], Prepared]:
    """An act in a session that the facilitator has opened."""

    def keep(make: Prepared) -> Prepared:
        SESSION_ACTS[name] = (lambda world: make(world, opened(world.store, world.facilitator)), leaves)
        return make

    return keep


SESSION_ACTS["team_sessions.open_session"] = (
    lambda world: lambda: opened(world.store, world.facilitator),
    (Action.SESSION_OPENED,),
)
act("team_sessions.add_domains", Action.SESSION_CHANGED)(
    lambda w, s: lambda: team_sessions.add_domains(w.store, w.facilitator, s, (DomainKey("lea", "lea-3"),), NOW)
)
act("team_sessions.close", Action.SESSION_CLOSED)(
    lambda w, s: lambda: team_sessions.close(w.store, w.facilitator, s, NOW)
)
act("team_sessions.new_room_code", Action.ROOM_CODE_CHANGED)(
    lambda w, s: lambda: team_sessions.new_room_code(w.store, w.facilitator, s, NOW)
)
act("team_sessions.void_room_code", Action.ROOM_CODE_CHANGED)(
    lambda w, s: lambda: team_sessions.void_room_code(w.store, w.facilitator, s, NOW)
)
act("team_sessions.take_over", Action.SESSION_HANDED_OVER)(
    lambda w, s: lambda: team_sessions.take_over(w.store, w.staff, s, NOW)
)
act("team_sessions.hand_over", Action.SESSION_HANDED_OVER)(
    lambda w, s: lambda: team_sessions.hand_over(w.store, w.facilitator, s, w.staff.person_id, NOW)
)
act("voting.join", Action.JOINED)(lambda w, s: lambda: voting.join(w.store, s.room_code, BO, NOW, "browser 192.0.2.7"))
act("reveals.reveal", Action.REVEALED)(lambda w, s: lambda: reveals.reveal(w.store, w.facilitator, s, KEYS, NOW))
act("reveals.count_paper", Action.PAPER_COUNTED)(
    lambda w, s: lambda: reveals.count_paper(w.store, w.facilitator, s, KEYS[0], Side.LEA, {2: 3, None: 1}, NOW)
)


@act("team_sessions.reopen", Action.SESSION_REOPENED)
def reopening(world: World, session: TeamSession) -> Callable[[], object]:
    voided = team_sessions.void_room_code(world.store, world.facilitator, session, NOW)
    closed = team_sessions.close(world.store, world.facilitator, voided, NOW)
    return lambda: team_sessions.reopen(world.store, world.facilitator, closed, NOW)


@act("team_sessions.remove", Action.SEAT_REMOVED)
def removing(world: World, session: TeamSession) -> Callable[[], object]:
    seat = seated(world.store, session).seat
    return lambda: team_sessions.remove(world.store, world.facilitator, session, seat, NOW)


@act("team_sessions.remove_newcomers", Action.SEAT_REMOVED)
def removing_several(world: World, session: TeamSession) -> Callable[[], object]:
    seated(world.store, session)
    return lambda: team_sessions.remove_newcomers(world.store, world.facilitator, session, NOW, NOW)


@act("team_sessions.bring_back", Action.SEAT_BROUGHT_BACK)
def bringing_back(world: World, session: TeamSession) -> Callable[[], object]:
    seat = seated(world.store, session).seat
    team_sessions.remove(world.store, world.facilitator, session, seat, NOW)
    return lambda: team_sessions.bring_back(world.store, world.facilitator, session, seat, NOW)


@act("team_sessions.remove_name", Action.NAME_REMOVED)
def forgetting(world: World, session: TeamSession) -> Callable[[], object]:
    seat = seated(world.store, session).seat
    return lambda: team_sessions.remove_name(world.store, world.facilitator, session, seat, NOW)


@act("voting.save_vote", Action.VOTED)
def voting_once(world: World, session: TeamSession) -> Callable[[], object]:
    ballot = seated(world.store, session)
    return lambda: votes(world.store, ballot, 3)


@act("devices.take", Action.DEVICE_ADDED)
def going_on_elsewhere(world: World, session: TeamSession) -> Callable[[], object]:
    offer = devices.offer(world.store, voting.join(world.store, session.room_code, BO, NOW, "") or "", NOW)
    assert offer is not None
    return lambda: devices.take(world.store, offer.code, NOW, "browser 192.0.2.8")


@act("reveals.second_vote", Action.ROUND_BEGUN)
def voting_again(world: World, session: TeamSession) -> Callable[[], object]:
    shown = reveals.reveal(world.store, world.facilitator, session, KEYS, NOW)
    return lambda: reveals.second_vote(world.store, world.facilitator, shown, KEYS[0], NOW)
