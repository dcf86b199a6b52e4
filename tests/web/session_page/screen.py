"""The screen of one facilitator in a session, and the room around it, for the tests of its steps."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from progressions.clock import utc_now
from progressions.people import Principal
from progressions.ratings import RatingKey, StoredRating
from progressions.services import ratings, reveals, sign_in, team_sessions, voting
from progressions.services.ratings import Pen
from progressions.services.team_sessions import Wish
from progressions.services.voting import Newcomer
from progressions.store import Store
from progressions.team_session import Answer, DomainKey, Naming, Role, Side, TeamSession
from progressions.web import guard
from tests.web.conftest import OWN
from tests.web.shown import ran

DAY, BEFORE = date(2026, 10, 21), date(2026, 7, 15)
KEYS = tuple(DomainKey("ihe", f"ihe-{number}") for number in (1, 2, 3))
FIRST, SECOND, THIRD = KEYS
HOSTILE = '<b>Jo</b> ![x](http://evil.example/a.png) "'
PEN = Pen("pen", 0)


class Screen:
    """The screen of one facilitator, and the room around it."""

    def __init__(self, store: Store, token: str, monkeypatch: pytest.MonkeyPatch, pages: Path) -> None:
        self.store = store
        self.token = token
        self.monkeypatch = monkeypatch
        self.page = pages / "session.py"
        found = sign_in.principal_of(store, token, utc_now())
        assert found is not None
        self.who: Principal = found

    def show(self, **address: str) -> AppTest:
        """The page as it opens at an address."""
        self.monkeypatch.setattr(guard, "session_token", lambda: self.token)
        shown = AppTest.from_file(str(self.page), default_timeout=120)
        for name, value in address.items():
            shown.query_params[name] = value
        return ran(shown)

    def open(self, naming: Naming = Naming.ALIAS, *, has_votes: bool = True) -> TeamSession:
        wish = Wish(OWN, DAY, naming, has_votes, KEYS)
        return team_sessions.open_session(self.store, self.who, wish, utc_now())

    @property
    def team(self) -> TeamSession:
        found = team_sessions.session_of(self.store, self.who, OWN, DAY)
        assert found is not None
        return found

    def join(self, name: str, side: Side = Side.LEA) -> str:
        token = voting.join(self.store, self.team.room_code, Newcomer(name, side, Role.TEACHER), utc_now(), "")
        assert token is not None
        return token

    def vote(self, token: str, key: DomainKey, level: int) -> None:
        ballot = voting.ballot(self.store, token, utc_now())
        assert ballot is not None
        base = ballot.vote(key).row_version
        voting.save_vote(self.store, ballot.principal, key, Answer(level), base=base, pen=PEN, now=utc_now())

    def reveal(self, *keys: DomainKey) -> None:
        reveals.reveal(self.store, self.who, self.team, keys, utc_now())

    def rated(self, key: DomainKey, day: date = DAY) -> StoredRating | None:
        return ratings.rating(self.store, self.who, RatingKey(OWN, day, key.rubric, key.domain))


def told(shown: AppTest) -> str:
    """Every text of the page that Markdown renders."""
    kinds: tuple[Any, ...] = (shown.markdown, shown.caption, shown.info, shown.warning, shown.error, shown.success)
    return "\n".join(each.value for kind in kinds for each in kind)
