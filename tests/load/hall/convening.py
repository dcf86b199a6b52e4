"""The hall of a convening: eleven teams whose people join by their room codes and vote, and eleven screens that watch.

The only module here that knows the application's own pages.
"""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from progressions.clock import utc_now
from progressions.people import Access, Principal
from progressions.services import networks, people, reveals, rubrics, sign_in, team_sessions
from progressions.services.people import Invitation
from progressions.services.team_sessions import Wish
from progressions.store import Store, open_store
from progressions.team_session import DomainKey, Naming, TeamSession
from progressions.web.cookie import COOKIE
from tests.load.hall.asking import ask
from tests.load.hall.modes import NotAcknowledgedError, Waits
from tests.load.hall.visitor import Visitor
from tests.plain_sql import PlainSql
from tests.wire.screen import Widget

FORM = "application/x-www-form-urlencoded"
SIDES = ("lea", "ihe")
OWN_VOTE = "Your own vote"  # stands on a phone as soon as a domain is revealed
LEVELS = 4  # of the framework; the answer after them is the next line's
CANNOT_JUDGE = "Cannot judge"
PATIENCE = 20.0  # seconds after which nobody waits for a reveal any more


@dataclass
class Rater(Visitor):
    """Somebody with a phone: joins by the room code, then opens the vote."""

    room_code: str = ""
    radio: Widget | None = None
    taps: int = 0

    async def open(self) -> float:
        """Seconds from opening the join link to the first domain on the phone."""
        began = time.perf_counter()
        page = await ask(self.url, f"/join/{self.room_code}", self.cookies)
        assert page.status == 200, page.status
        said = {"code": self.room_code, "name": f"Rater {self.number}", "role": "teacher"}
        form = urlencode({**said, "side": SIDES[self.number % 2]}).encode()
        joined = await ask(self.url, "/join", self.cookies, "POST", form, FORM)
        assert joined.location == "/vote", joined.status
        self.cookies |= joined.cookies
        await Visitor.open(self)
        return time.perf_counter() - began

    async def tap(self, widget: Widget, value: Any) -> float:
        """As every visitor, but that only what the phone says is saved has been acknowledged, with its level."""
        self.look_for(_told(widget.options.index(value)))
        waited = await Visitor.tap(self, widget, value)
        if not self.saw_it:
            raise NotAcknowledgedError("the phone does not say that it is saved")
        return waited


def _told(place: int) -> str:
    """How the line under the levels ends once this answer is saved: see ``vote._status``."""
    return f": {CANNOT_JUDGE}**" if place == LEVELS else f": level {place + 1}**"


@dataclass(frozen=True)
class Convening:
    """The sessions of one convening, and who runs them."""

    store: Store
    staff: Principal
    sessions: tuple[TeamSession, ...]

    def raters(self, count: int, url: str) -> list[Visitor]:
        """So many people, spread over the teams."""
        codes = [session.room_code for session in self.sessions]
        return [Rater(n, url, "/vote", room_code=codes[n % len(codes)]) for n in range(count)]

    def watching(self, url: str) -> list[Visitor]:
        """The screen of each team's facilitator."""
        return [self._screen(number, session, url) for number, session in enumerate(self.sessions)]

    def _screen(self, number: int, session: TeamSession, url: str) -> Visitor:
        who = Invitation(f"Facilitator {number}", Access.FACILITATOR, session.partnership)
        invited = people.invite(self.store, self.staff, who, utc_now())
        token = sign_in.use_link(self.store, invited.link_token, 1, utc_now())
        assert token is not None
        at = {"partnership": session.partnership, "convening": session.held_on.isoformat(), "step": "vote"}
        return Visitor(number, url, f"/session?{urlencode(at)}", {COOKIE: token})

    def saves(self) -> int:
        """How many saves of votes the database holds, asked past the code that saved them."""
        own = ", ".join(str(session.id) for session in self.sessions)  # the example's own votes lie beside them
        found: int = PlainSql(self.store.url.render_as_string(hide_password=False)).value(
            "SELECT count(*) FROM vote_changes JOIN votes ON votes.id = vote_changes.vote_id "
            f"WHERE votes.session_id IN ({own})"
        )
        return found

    def reveal(self, place: int) -> None:
        """Every team's facilitator shows the votes of one domain, at one moment."""
        for session in self.sessions:
            fresh = team_sessions.session_of(self.store, self.staff, session.partnership, session.held_on)
            assert fresh is not None
            reveals.reveal(self.store, self.staff, fresh, [fresh.domains[place].key], utc_now())


def prepare(database_url: str) -> Convening:
    """A session for each partnership of the example network, on the first rubric, at the latest convening."""
    store = open_store(database_url)
    with store.read_directory() as directory:
        network = directory.networks()[0]
    staff = Principal(1, "Network staff", network, Access.STAFF)
    held_on = networks.convenings(store, staff)[-1].held_on
    rubric = rubrics.latest(store, staff)[0].rubric
    keys = tuple(DomainKey(rubric.code, domain.code) for domain in rubric.domains)
    partnerships = networks.partnerships(store, staff)
    opened = (_opened(store, staff, partnership.code, held_on, keys) for partnership in partnerships)
    return Convening(store, staff, tuple(opened))


def _opened(
    store: Store, staff: Principal, partnership: str, held_on: date, keys: tuple[DomainKey, ...]
) -> TeamSession:
    return team_sessions.open_session(store, staff, Wish(partnership, held_on, Naming.ALIAS, True, keys), utc_now())


def another_level(visitor: Visitor, _count: int) -> tuple[Widget, Any]:
    """The level of the open domain, another one at each tap: every tap is a save."""
    # While a run is under way its widgets are not drawn yet; a browser still shows, and a person taps, the old ones.
    assert isinstance(visitor, Rater)
    radio = visitor.radio = next(iter(visitor.screen.find("radio")), visitor.radio)
    assert radio is not None
    visitor.taps += 1
    return radio, radio.options[(visitor.number + visitor.taps) % len(radio.options)]


async def seeing(hall: Sequence[Visitor], convening: Convening, place: int, text: str) -> Waits:
    """Seconds from a reveal in all teams until each phone shows it."""
    waits = Waits()
    for each in hall:
        each.look_for(text)
    began = time.perf_counter()
    await asyncio.to_thread(convening.reveal, place)
    while time.perf_counter() - began < PATIENCE and not all(each.saw_it for each in hall):
        await asyncio.sleep(0.02)
    waits.seconds += [each.saw_it - began for each in hall if each.saw_it]
    waits.lost["did not see it"] += sum(not each.saw_it for each in hall)
    return waits
