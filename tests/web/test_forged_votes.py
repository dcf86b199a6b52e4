"""What no phone would send into a team's session, sent over a real websocket: no vote changes, nobody gets in.

As ``test_forged_messages`` does for those who sign in: the whole database is read by SQL before and after each attack,
and the same widgets, used honestly, do change it.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass

import pytest

from progressions.clock import utc_now
from progressions.services import reveals, team_sessions
from progressions.services.ratings import LONGEST_TEXT
from progressions.services.sign_in import hash_of
from progressions.store import Store
from progressions.team_session import DomainKey, Role, Seat, Side
from tests.browser.server import RunningApp
from tests.web import worlds
from tests.web.team_worlds import Team
from tests.web.worlds import Marked, Size, World
from tests.wire.client import Tab
from tests.wire.screen import Screen, Widget

OWN, NEIGHBOUR, FOREIGN = "zqown", "zqneighbour", "zqforeign"
LEVEL, NOTE = "level|vote|", "note|vote|"
JOIN, SIGN_IN = "The room code stands on the screen in front", "Open the sign-in link that you were given"


@dataclass(frozen=True)
class Hall:
    """A server, two networks with their teams, and sign-ins of the first one's people."""

    app: RunningApp
    store: Store
    own: World
    foreign: World
    sessions: dict[str, str]

    @property
    def team(self) -> Team:
        return self.own.teams[0]

    def phone(self, number: int = 0, domain: int = 1, *, token: str | None = None) -> Tab:
        """The vote of somebody in the room, at one of its domains: 1 and 3 are open, 0 and 2 revealed."""
        seat = self.team.seats[number][1] if token is None else token
        return Tab(self.app.url, self.at(domain), seat=seat)

    def at(self, domain: int) -> str:
        rubric = self.own.rubrics[0]
        return f"/vote?domain={rubric}.{self.own.domains[rubric][domain]}"

    def key(self, domain: int) -> DomainKey:
        rubric = self.own.rubrics[0]
        return DomainKey(rubric, self.own.domains[rubric][domain])

    def stored(self) -> list[str]:
        """The whole database as SQL; when a session was last seen is no content."""
        with closing(sqlite3.connect(f"file:{self.app.database}?mode=ro", uri=True)) as connection:
            return [line for line in connection.iterdump() if "sign_in_sessions" not in line]

    def votes(self) -> list[tuple[object, ...]]:
        with closing(sqlite3.connect(f"file:{self.app.database}?mode=ro", uri=True)) as connection:
            return [*connection.execute("SELECT * FROM votes"), *connection.execute("SELECT * FROM vote_changes")]


@pytest.fixture(scope="module")
def hall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hall]:
    with worlds.running(tmp_path_factory.mktemp("forged-votes")) as (app, store):
        size = Size(partnerships=2, domains=4)
        own = worlds.build(store, "north", Marked(OWN, NEIGHBOUR), size)
        foreign = worlds.build(store, "south", Marked(FOREIGN), size)
        sessions = {who: own.session(store, who) for who in ("member", "facilitator", "staff")}
        app.start()
        yield Hall(app, store, own, foreign, sessions)


@pytest.fixture
def unchanged(hall: Hall) -> Iterator[None]:
    before = hall.stored()
    yield
    assert hall.stored() == before
    with hall.phone(1) as tab:
        assert _level(tab.run()).options


def _level(screen: Screen) -> Widget:
    return screen.one("radio", key=LEVEL)


def test_an_honest_tap_is_saved(hall: Hall) -> None:
    before = hall.votes()
    with hall.phone() as tab:
        level = _level(tab.run())
        assert "Saved" in tab.choose(level, level.options[3]).text
    assert hall.votes() != before


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize("option", ["9 Nothing", "5", "", "0", "-1", "None", "Cannot", "1' OR 1=1", "x" * 100_000])
def test_a_level_that_was_not_offered_is_no_vote(hall: Hall, option: str) -> None:
    with hall.phone() as tab:
        tab.choose(_level(tab.run()), option)


def test_of_a_note_no_more_is_kept_than_can_be(hall: Hall) -> None:
    with hall.phone(4) as tab:
        tab.choose(tab.run().one("text_input", key=NOTE), "x" * 100_000)
    with closing(sqlite3.connect(hall.app.database)) as connection:
        assert connection.execute("SELECT max(length(note)) FROM votes").fetchone()[0] <= LONGEST_TEXT


@pytest.mark.usefixtures("unchanged")
def test_the_widgets_of_another_phone_vote_for_nobody(hall: Hall) -> None:
    """Their keys name the seat: sent with another cookie they are nobody's."""
    with hall.phone(1) as theirs:
        theirs.run()
        level, note = _level(theirs.screen), theirs.screen.one("text_input", key=NOTE)
    with hall.phone(2) as tab:
        tab.run()
        tab.screen.put(level, level.options[0])
        tab.screen.put(note, "forged")
        tab.run(level.fragment)
        tab.run()


@pytest.mark.usefixtures("unchanged")
def test_no_domain_of_another_session_is_voted_on(hall: Hall) -> None:
    """Neither by the address, nor by the widgets of those who sit there."""
    foreign = hall.foreign.rubrics[0]
    guest, stranger = hall.own.teams[1].token, hall.foreign.teams[0].token
    addresses = [f"{foreign}.{hall.foreign.domains[foreign][1]}", "x.y", "", "'", f"{hall.own.rubrics[0]}.x"]
    others = []
    for token, address in ((guest, hall.at(1)), (stranger, f"/vote?domain={addresses[0]}")):
        with Tab(hall.app.url, address, seat=token) as theirs:
            others += [w for w in theirs.run().widgets.values() if w.kind in ("radio", "text_input")]
    assert len(others) == 4
    with hall.phone(2) as tab:
        for address in addresses:
            shown = tab.go(f"/vote?domain={address}")
            assert FOREIGN not in shown.text.replace(address, "")
            for widget in others:
                tab.screen.put(widget, widget.options[0] if widget.options else "forged")
            tab.run()


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize("step", ["join", "vote", "agree", "finish"])
def test_the_facilitators_buttons_do_nothing_for_a_rater_or_a_member(hall: Hall, step: str) -> None:
    code = hall.own.partnerships[0]
    address = f"/session?partnership={code}&convening={hall.own.days[-1]}&step={step}"
    with Tab(hall.app.url, address, hall.sessions["facilitator"]) as honest:
        theirs = list(honest.run().widgets.values())
        assert any(widget.kind == "button" for widget in theirs)
    seat = hall.team.token
    for opened, session in ((hall.at(1), ""), (address, ""), (address, hall.sessions["member"])):
        with Tab(hall.app.url, opened, session, seat=seat) as tab:
            tab.run()
            for widget in theirs:
                _fill(tab.screen, widget)
            for fragment in {widget.fragment for widget in theirs if widget.fragment}:
                tab.send(tab.screen.rerun(fragment))  # of a fragment that is not theirs no run comes
            for widget in theirs:
                _fill(tab.screen, widget)
            tab.screen.frames.clear()
            assert tab.run().frames


def _fill(screen: Screen, widget: Widget) -> None:
    if widget.kind == "button":
        screen.put(widget, True)
    elif widget.kind in ("text_input", "text_area"):
        screen.put(widget, "forged")
    elif widget.options:
        last = widget.options[-1]
        screen.put(widget, [last] if widget.kind in ("button_group", "multiselect") else last)


@pytest.mark.usefixtures("unchanged")
def test_a_cookie_that_was_guessed_or_read_in_the_database_is_no_seat(hall: Hall) -> None:
    rater = hall.team.rater
    guessed = ["1", str(rater.seat), f"@{rater.seat}", hash_of(hall.team.token), hall.team.token + "x", "' OR 1=1 --"]
    for token in (*guessed, hall.sessions["facilitator"], hall.team.session.room_code):
        with hall.phone(token=token) as tab:
            text = tab.run().text
        assert JOIN in text, token
        assert OWN not in text, token


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize(
    "screen", ["home", "session", "people", "network", "import", "self-assess", "movement", "hall"]
)
def test_the_cookie_of_a_seat_signs_nobody_in(hall: Hall, screen: str) -> None:
    for session in ("", hall.team.token):
        with Tab(hall.app.url, f"/{screen}", session, seat=hall.team.token) as tab:
            text = tab.run().text
            assert SIGN_IN in text
            assert OWN not in text
            assert tab.get("/download/ratings.csv")[0] == 403
            assert tab.get(f"/sheets/{hall.own.rubrics[0]}")[0] == 403


@pytest.mark.parametrize("is_open", [True, False])
def test_a_tap_that_comes_after_the_reveal_or_after_a_removal_is_no_vote(hall: Hall, is_open: bool) -> None:
    """The page was drawn while it was allowed; what counts is the moment of the save."""
    number, domain = (3, 1) if is_open else (2, 3)
    leader = hall.own.principal("facilitator")
    with hall.phone(number, domain) as tab:
        level = _level(tab.run())
        session = team_sessions.session_of(hall.store, leader, hall.own.partnerships[0], hall.own.days[-1])
        assert session is not None
        if is_open:
            seat = Seat(hall.team.seats[number][0].seat, "", Side.IHE, Role.DEAN, utc_now())
            team_sessions.remove(hall.store, leader, session, seat, utc_now())
        else:
            reveals.reveal(hall.store, leader, session, [hall.key(domain)], utc_now())
        before = hall.votes()
        for option in level.options:
            tab.screen.put(level, option)
            tab.send(tab.screen.rerun(level.fragment))  # which may be gone already: no run comes of it then
            tab.screen.put(level, option)
            tab.run()
        assert hall.votes() == before


@pytest.mark.usefixtures("unchanged")
def test_a_form_for_joining_that_no_page_sent_seats_nobody(hall: Hall) -> None:
    code = hall.team.session.room_code
    forged = [
        f"code={code}&side=both&role=teacher&name=X",
        f"code={code}&side=lea&role=admin&name=X",
        f"code={code}&side=lea&role=teacher&name=+",
        f"code={code[:-1]}&side=lea&role=teacher&name=X",
        "side=lea&role=teacher&name=X",
        f"code={code}&code={code}&side[]=lea",
        f"code={code}&side=lea&role=teacher&name={'X' * 1_000_000}",
    ]
    with Tab(hall.app.url, "/vote") as tab:
        for body in forged:
            tab.ask("POST", "/join", body.encode())
    with Tab(hall.app.url, "/vote", origin=hall.app.url) as tab:
        assert JOIN in tab.run().text
