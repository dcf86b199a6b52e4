"""The hall by itself: what the desk, the stage and the view by role show of sessions that go on beside them."""

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from html import unescape
from itertools import count
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from progressions.clock import utc_now
from progressions.people import Principal
from progressions.ratings import RatingDraft, RatingKey
from progressions.services import networks, ratings, reveals, sign_in, start, team_sessions, voting
from progressions.services.ratings import Pen
from progressions.services.team_sessions import Wish
from progressions.services.voting import Newcomer
from progressions.settings import Settings
from progressions.store import Store, open_store
from progressions.team_session import Answer, DomainKey, Naming, Role, Side, TeamSession
from progressions.web import guard, push
from tests.plain_sql import PlainSql
from tests.web.shown import markup, press, ran

DAY = date(2030, 5, 1)
KEYS = tuple(DomainKey("ihe", f"ihe-{number}") for number in (1, 2, 3))
FIRST, SECOND, THIRD = KEYS
HOSTILE = '<b>Oak</b> & ![x](http://evil.example/a.png) "'
CARD = re.compile(r"<section>.*?</section>")
TILE = re.compile(r"<li class=\"(?:open|rests)\">.*?</li>")


@pytest.fixture
def example(tmp_path: Path) -> Iterator[Settings]:
    """An installation of each test's own: sessions are opened in it."""
    settings = Settings(database_url=f"sqlite:///{tmp_path / 'store.sqlite3'}")
    store = open_store(settings.database_url)
    start.load_example(store, utc_now())
    yield settings
    store.close()


NUMBERS = count(1)
"""Nobody is called like somebody else in the room."""


class Desk:
    """Network staff before their screen, and the sessions of a convening that nobody has rated yet."""

    def __init__(self, store: Store, token: str, page: Path) -> None:
        self.store = store
        self.page = page
        found = sign_in.principal_of(store, token, utc_now())
        assert found is not None
        self.who: Principal = found
        networks.add_convening(store, self.who, DAY, "May", utc_now())
        self.codes = [each.code for each in networks.partnerships(store, self.who)]

    def show(self, **address: str) -> AppTest:
        shown = AppTest.from_file(str(self.page), default_timeout=120)
        for name, value in {"convening": DAY.isoformat(), **address}.items():
            shown.query_params[name] = value
        return ran(shown)

    def open(self, code: str, *, has_votes: bool = True) -> TeamSession:
        wish = Wish(code, DAY, Naming.NAMED, has_votes, KEYS)
        return team_sessions.open_session(self.store, self.who, wish, utc_now())

    def vote(self, team: TeamSession, levels: Sequence[int], *keys: DomainKey, role: Role = Role.DEAN) -> None:
        for level in levels:
            newcomer = Newcomer(f"Voter {next(NUMBERS)}", Side.IHE, role)
            token = voting.join(self.store, team.room_code, newcomer, utc_now(), "")
            ballot = voting.ballot(self.store, token or "", utc_now())
            assert ballot is not None
            for key in keys or (FIRST,):
                answer, pen = Answer(level), Pen("pen", 0)
                voting.save_vote(self.store, ballot.principal, key, answer, base=0, pen=pen, now=utc_now())

    def reveal(self, team: TeamSession, *keys: DomainKey) -> None:
        found = team_sessions.session_of(self.store, self.who, team.partnership, DAY)
        assert found is not None
        reveals.reveal(self.store, self.who, found, keys or (FIRST,), utc_now())


@pytest.fixture
def desk(installed: Store, session_of: Callable[[str], str], pages: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    token = session_of("staff")
    monkeypatch.setattr(guard, "session_token", lambda: token)
    monkeypatch.setattr("streamlit.page_link", lambda *_args, **_named: None)  # it needs the whole application
    return Desk(installed, token, pages / "hall.py")


@pytest.fixture
def sql(example: Settings) -> PlainSql:
    return PlainSql(example.database_url)


def told(shown: AppTest) -> str:
    return "\n".join(each.value for kind in (shown.info, shown.warning, shown.error) for each in kind)


def words(html: str) -> str:
    """What somebody reads of a piece of markup."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def test_the_desk_has_a_card_for_every_partnership_in_the_order_of_titles(desk: Desk) -> None:
    first = desk.open(desk.codes[0])
    desk.vote(first, [1, 2], FIRST, SECOND)
    desk.vote(first, [3], *KEYS)
    desk.reveal(first, FIRST)
    shown = markup(desk.show())
    cards = [words(card) for card in CARD.findall(shown)]
    titles = [each.title for each in networks.partnerships(desk.store, desk.who)]
    assert len(cards) == len(titles) == 11
    assert all(card.startswith(title) for card, title in zip(cards, titles, strict=True))
    assert "Open · A staff leads" in cards[0]
    assert "3 here · 3 begun · 1 finished all" in cards[0]
    assert re.search(r"1 Faculty.*?: 3 of 3 revealed 2 .*?: 3 of 3 3 .*?: 1 of 3$", cards[0])
    assert all("Not opened yet" in card for card in cards[1:])
    assert f"Not begun: {', '.join(titles[1:])}" in words(shown)


def test_a_session_with_nobody_in_it_says_so_once(desk: Desk) -> None:
    desk.open(desk.codes[0])
    card = words(CARD.findall(markup(desk.show(view="desk")))[0])
    assert card.count("Nobody here yet") == 1
    assert "0 of 0" not in card


def test_nothing_on_the_desk_or_the_stage_tells_what_was_voted(desk: Desk) -> None:
    team = desk.open(desk.codes[0])
    desk.vote(team, [2, 2, 4])
    desk.reveal(team, FIRST)
    for view in ("desk", "stage"):
        shown = words(markup(desk.show(view=view)))
        for text in ("Voter", "Small change", "Institutionalizing", "Exploring", "level"):
            assert text not in shown


def test_titles_are_shown_as_text_in_every_view(desk: Desk) -> None:
    networks.add_partnership(desk.store, desk.who, HOSTILE, utc_now())
    code = next(each for each in networks.partnerships(desk.store, desk.who) if each.title == HOSTILE).code
    desk.open(code)
    for view in ("desk", "stage"):
        shown = markup(desk.show(view=view))
        assert "<b>Oak" not in shown
        assert HOSTILE in unescape(shown)
    assert "<b>Oak" not in told(desk.show(view="roles"))


def test_a_tile_of_the_stage_says_where_a_session_is(desk: Desk) -> None:
    voting_now, revealed, one_laptop, closed, empty = (
        desk.open(c, has_votes=n != 2) for n, c in enumerate(desk.codes[:5])
    )
    desk.vote(voting_now, [1], *KEYS)
    desk.vote(voting_now, [1, 2])
    desk.vote(revealed, [1, 2])
    desk.reveal(revealed)
    team_sessions.close(desk.store, desk.who, closed, utc_now())
    tiles = [words(tile) for tile in TILE.findall(markup(desk.show(view="stage")))]
    ends = ["1 of 3 finished", "0 of 3 agreed", "0 of 3 agreed", "Closed", "Open", *["Not begun"] * 6]
    assert [tile.endswith(end) for tile, end in zip(tiles, ends, strict=True)] == [True] * 11
    assert (one_laptop.has_votes, empty.has_votes) == (False, True)


def test_to_come_back_to_it_is_not_agreed_on_the_stage_nor_on_the_desk(desk: Desk) -> None:
    for code, has_votes in zip(desk.codes[:2], (True, False), strict=True):
        team = desk.open(code, has_votes=has_votes)
        if has_votes:
            desk.reveal(team, *KEYS)
        for key, draft in ((FIRST, RatingDraft(2)), (SECOND, RatingDraft(None, comes_back=True))):
            rating = RatingKey(code, DAY, key.rubric, key.domain)
            ratings.save_rating(desk.store, desk.who, rating, draft, base=0, pen=Pen("pen", 0), now=utc_now())
    tiles = [words(tile) for tile in TILE.findall(markup(desk.show(view="stage")))]
    assert [tile.endswith("1 of 3 agreed") for tile in tiles[:2]] == [True, True]
    voted, without = (words(card) for card in CARD.findall(markup(desk.show(view="desk")))[:2])
    assert re.search(r"1 Faculty.*?: agreed 2 .*?: come back to it 3 .*?: revealed$", voted)
    assert "Without votes · 1 of 3 domains agreed, 1 to come back to" in without


def test_a_countdown_is_kept_and_every_screen_shows_it(desk: Desk, sql: PlainSql) -> None:
    for code in desk.codes[:2]:
        desk.open(code)
    shown = desk.show(view="stage")
    assert "session-timer" not in markup(shown)
    shown.number_input[0].set_value(7)
    shown = press(shown, "Start for all")
    assert sql.value("SELECT count(DISTINCT timer_ends_at) FROM team_sessions") == 1
    for view in ("desk", "stage"):
        assert re.search(r'role="timer">(7:00|6:\d\d)<', markup(desk.show(view=view)))
    assert "session-timer" not in markup(press(shown, "Stop for all"))
    assert sql.value("SELECT count(timer_ends_at) FROM team_sessions") == 0


def test_a_countdown_without_a_session_is_refused_with_a_sentence(desk: Desk) -> None:
    assert "No session is open" in told(press(desk.show(), "Start for all"))


def test_the_hall_follows_its_topic_at_the_number_that_it_has_drawn(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    followed: list[tuple[str, int, float]] = []
    monkeypatch.setattr(
        push, "follow", lambda topic, seen, *, least_seconds: followed.append((topic, seen, least_seconds))
    )
    team = desk.open(desk.codes[0])
    desk.vote(team, [1])
    desk.show()
    desk.vote(team, [2])
    desk.show(view="stage")
    topic = f"hall-{team.convening_id}"
    assert [each[0] for each in followed] == [topic, topic]
    assert followed[0][1] < followed[1][1] == voting.revisions(desk.store, utc_now())[topic]
    assert {each[2] for each in followed} == {2.0}


def test_a_role_is_shown_when_staff_open_it_and_stays_for_the_next_screen(desk: Desk, sql: PlainSql) -> None:
    teams = [desk.open(code) for code in desk.codes[:3]]
    for team, levels in zip(teams, ([1, 2], [2], [4, 4]), strict=True):
        desk.vote(team, levels, FIRST, SECOND)
    for team in teams:
        desk.reveal(team, FIRST)
    address = {"view": "roles", "rubric": "ihe", "role": "dean"}
    shown = desk.show(**address)
    assert "vote-dots" not in markup(shown)
    assert "1 domain can be shown" in told(shown)
    assert "Not revealed everywhere yet" in told(shown)
    assert sql.value("SELECT count(*) FROM record WHERE action = 'role shown across partnerships'") == 0
    shown = press(shown, "Show")
    assert sql.value("SELECT count(*) FROM record WHERE action = 'role shown across partnerships'") == 1
    for screen in (shown, desk.show(**address)):
        assert "5 voted: 1 at level 1, 2 at level 2, 2 at level 4" in markup(screen)
        assert "5 deans from 3 partnerships" in "".join(each.value for each in screen.subheader)
        assert "Voter" not in markup(screen)
        assert next(button for button in screen.button if button.label == "Show").disabled
    assert "fewer than five principals from three partnerships" in told(desk.show(**{**address, "role": "principal"}))


def test_of_many_sessions_that_still_vote_a_few_are_named_and_the_others_counted(desk: Desk) -> None:
    for code in desk.codes[:6]:
        desk.open(code)
    shown = desk.show(view="roles", rubric="ihe", role="dean")
    (waiting,) = [line for line in told(shown).splitlines() if "Still voting" in line]
    assert re.search(r"Still voting: [^,]+, [^,]+, [^,]+ and 3 more\.", waiting)
