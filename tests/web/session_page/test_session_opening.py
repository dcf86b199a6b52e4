"""A session opens and gathers its people: what was promised, what is chosen, who is here, where phones come in."""

from html import unescape

import pytest
import streamlit as st

from progressions.clock import utc_now
from progressions.ratings import NextStep, RatingDraft, StepState
from progressions.services import ratings, team_sessions
from progressions.settings import Settings
from progressions.team_session import Naming, Side
from progressions.web import installation, session_lobby
from tests.web.conftest import OWN
from tests.web.session_page.screen import BEFORE, DAY, FIRST, HOSTILE, PEN, Screen, told
from tests.web.shown import markup, press, ran


def test_opening_begins_with_what_was_promised_last_time(fay: Screen) -> None:
    stored = fay.rated(FIRST, BEFORE)
    assert stored is not None
    made = RatingDraft(stored.draft.level, next_step=NextStep("Ask *all* principals", "Dana"))
    ratings.save_rating(fay.store, fay.who, stored.key, made, base=stored.row_version, pen=PEN, now=utc_now())
    shown = fay.show()
    assert "Ask \\*all\\* principals" in told(shown)
    state = next(each for each in shown.button_group if each.label.startswith("What has become of it"))
    state.set_value(StepState.DONE)
    ran(shown)
    after = fay.rated(FIRST, BEFORE)
    assert after is not None
    assert (after.draft.next_step.state, after.draft.level) == (StepState.DONE, stored.draft.level)


def test_a_session_is_opened_as_it_was_chosen(fay: Screen) -> None:
    shown = fay.show(rubric="lea")
    next(radio for radio in shown.radio if radio.label == "How people are called").set_value(Naming.ANONYMOUS)
    shown = press(ran(shown), "Open the session")
    team = fay.team
    assert (team.naming, team.has_votes, len(team.domains)) == (Naming.ANONYMOUS, True, 8)
    assert {each.key.rubric for each in team.domains} == {"lea"}
    assert team.room_code[:4] in markup(shown)


def test_nothing_chosen_opens_nothing_and_says_so(fay: Screen) -> None:
    shown = fay.show()
    next(each for each in shown.button_group if each.label == "On which rubrics").set_value([])
    shown = press(ran(shown), "Open the session")
    assert "Choose at least one domain" in told(shown)
    assert team_sessions.session_of(fay.store, fay.who, OWN, DAY) is None


def test_the_projector_says_who_is_here_by_side(fay: Screen) -> None:
    fay.open()
    fay.join(HOSTILE)
    fay.join("Eva", Side.IHE)
    here = markup(fay.show(step="join"))
    assert "2 people are here" in here
    assert "<b>Jo</b>" not in here
    assert HOSTILE in unescape(here)
    assert here.index("District") < here.index("&lt;b&gt;Jo") < here.index("University") < here.index("Eva")


def test_the_projector_of_an_anonymous_session_counts_and_names_nobody(fay: Screen) -> None:
    fay.open(Naming.ANONYMOUS)
    fay.join("Eva")
    here = markup(fay.show(step="join"))
    assert "1 person is here" in here
    assert "Eva" not in here


def test_somebody_who_was_removed_is_not_on_the_screen(fay: Screen) -> None:
    fay.open()
    fay.join("Eva")
    watch = team_sessions.watch(fay.store, fay.who, OWN, DAY)
    assert watch is not None
    team_sessions.remove(fay.store, fay.who, fay.team, watch.seats[0], utc_now())
    here = markup(fay.show(step="join"))
    assert "Nobody is here yet" in here
    assert "Eva" not in here


@pytest.mark.parametrize(
    ("where", "only_here"),
    [
        ("http://localhost:8501/join/A", True),
        ("http://127.0.0.2/join/A", True),
        ("http://[::1]:8501/join/A", True),
        ("http://hall.localhost/join/A", True),
        ("http://192.168.1.20:8501/join/A", False),
        ("https://localhost.example.org/join/A", False),
    ],
)
def test_an_address_that_phones_cannot_open_is_known(where: str, only_here: bool) -> None:
    assert session_lobby.is_only_here(where) is only_here


def test_the_screen_says_plainly_that_phones_cannot_open_this_machines_own_name(
    fay: Screen, monkeypatch: pytest.MonkeyPatch, example: Settings
) -> None:
    fay.open()
    monkeypatch.setattr(st.context.__class__, "url", property(lambda _self: "http://localhost:8501/session"))
    shown = fay.show(step="join")
    assert "PROGRESSIONS_PUBLIC_URL" in told(shown)
    public = Settings(database_url=example.database_url, public_url="https://hall.example.org")
    monkeypatch.setattr(installation, "settings", lambda: public)
    shown = fay.show(step="join")
    assert "PROGRESSIONS_PUBLIC_URL" not in told(shown)
    code = fay.team.room_code
    assert f"<p>hall.example.org/join/{code[:4]}-{code[4:]}</p>" in markup(shown)
