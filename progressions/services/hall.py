"""The hall: all sessions of one convening at once, for network staff. How far they are, never what anybody said."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from progressions import permissions
from progressions.errors import UserError
from progressions.people import Partnership, Principal
from progressions.services.voting import SEEN_AFTER_CLOSING
from progressions.store import Store
from progressions.team_session import Finished, Outcomes, TeamSession

LONGEST_COUNTDOWN = 240  # minutes: no part of a convening takes longer
NOBODY_HERE, NOTHING_SAID = Finished(0), Outcomes()


@dataclass(frozen=True, slots=True)
class Place:
    """One partnership of the hall. ``session`` is None where none has been opened; ``said`` is what it has
    said at this convening, of the domains of its session where it has one."""

    partnership: Partnership
    session: TeamSession | None
    finished: Finished
    said: Outcomes

    @property
    def has_begun(self) -> bool:
        """Whether anybody has answered anything, or anything has been revealed or agreed."""
        shown = self.session is not None and any(each.revealed_rounds for each in self.session.domains)
        return bool(self.finished.begun or self.said.settled or shown)

    @property
    def revealed(self) -> int:
        """How many domains have been revealed at least once."""
        return sum(bool(each.revealed_rounds) for each in self.session.domains) if self.session else 0


@dataclass(frozen=True, slots=True)
class Hall:
    """All partnerships of the network at one convening, by title.

    ``revision`` is how far the topic of the hall is (``voting.revisions``). ``timed`` is a session with the countdown
    that most of the hall shares; None where there is no such countdown.
    """

    places: tuple[Place, ...]
    revision: int
    timed: TeamSession | None

    @property
    def not_begun(self) -> tuple[Partnership, ...]:
        """Whom the hall waits for."""
        return tuple(place.partnership for place in self.places if not place.has_begun)


def watch(store: Store, principal: Principal, held_on: date, now: datetime) -> Hall:
    """How far every partnership of the network is at a convening."""
    permissions.check_can_see_hall(principal)
    with store.read(principal) as repository:
        sessions = {each.partnership: each for each in repository.team_sessions_on(held_on)}
        finished = repository.finished_in(sessions.values())
        said = repository.outcomes_on(held_on)
        partnerships = repository.partnerships()
    places = tuple(_place(each, sessions.get(each.code), finished, said.get(each.code)) for each in partnerships)
    return Hall(places, _revision(sessions.values(), now), _timed(sessions.values()))


def set_countdown(store: Store, principal: Principal, held_on: date, minutes: int, now: datetime) -> None:
    """One countdown for all open sessions of a convening, in place of their own; 0 minutes ends it.

    UserError where no session is open, and for a number of minutes that is none.
    """
    permissions.check_can_see_hall(principal)
    if not 0 <= minutes <= LONGEST_COUNTDOWN:
        raise UserError(f"A countdown takes 1 to {LONGEST_COUNTDOWN} minutes.")
    ends = now + timedelta(minutes=minutes) if minutes else None
    with store.write(principal) as repository:
        if not repository.set_timers(held_on, ends):
            raise UserError("No session is open: the countdown runs in the sessions. Wait until the first one is open.")


def _place(
    partnership: Partnership,
    session: TeamSession | None,
    finished: dict[int, Finished],
    said: Outcomes | None,
) -> Place:
    said = said or NOTHING_SAID
    if session is None:
        return Place(partnership, None, NOBODY_HERE, said)
    return Place(partnership, session, finished[session.id], said.among({each.key for each in session.domains}))


def _revision(sessions: Iterable[TeamSession], now: datetime) -> int:
    """The same number that open pages are told by: sessions that were closed long ago are not asked for any more."""
    followed = (s for s in sessions if s.closed_at is None or s.closed_at > now - SEEN_AFTER_CLOSING)
    return sum(session.revision + session.progress for session in followed)


def _timed(sessions: Iterable[TeamSession]) -> TeamSession | None:
    """One of the sessions with the hall's countdown: that which most share, where at least two do.

    A facilitator may start another one for their own room. That is theirs, unless no other session is open.
    """
    still = [session for session in sessions if session.is_open]
    running = Counter(session.timer_ends_at for session in still if session.timer_ends_at is not None)
    if not running:
        return None
    ends = max(running, key=lambda end: (running[end], end))
    if running[ends] == 1 and len(still) > 1:
        return None
    return next(session for session in still if session.timer_ends_at == ends)
