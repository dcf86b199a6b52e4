"""Who leads, what was taken away meanwhile, the countdown, the end, and texts that want to do harm."""

import re
from collections.abc import Callable

import pytest

from progressions.clock import utc_now
from progressions.errors import ChangedMeanwhileError
from progressions.ratings import NextStep, RatingDraft
from progressions.services import ratings, team_sessions
from progressions.web import guard
from tests.web.session_page.screen import BEFORE, FIRST, HOSTILE, PEN, Screen, told
from tests.web.shown import markup, press, ran


def test_whoever_does_not_lead_can_only_take_over(fay: Screen, screens: Callable[[], Screen]) -> None:
    fay.open()
    gus = screens()
    shown = gus.show(step="vote")
    assert "leads this session" in told(shown)
    assert all(button.disabled for button in shown.button if button.label.startswith("Reveal"))
    shown = press(shown, "Take over")
    assert gus.team.leader == gus.who.signature
    assert not any(button.disabled for button in shown.button if button.label == "Reveal all")


def test_a_button_that_was_taken_away_meanwhile_does_nothing(fay: Screen, screens: Callable[[], Screen]) -> None:
    """For half a second a screen shows what was; the press that it sends then meets what is."""
    fay.open()
    shown = fay.show(step="finish")
    gus = screens()
    team_sessions.take_over(gus.store, gus.who, gus.team, utc_now())
    fay.monkeypatch.setattr(guard, "session_token", lambda: fay.token)
    shown = press(shown, "Close the session")
    assert fay.team.is_open
    assert "leads this session" in told(shown)


def test_a_refusal_stays_on_the_screen_until_the_next_button(fay: Screen) -> None:
    fay.open()
    shown = fay.show(step="finish")
    with pytest.MonkeyPatch.context() as patch:

        def refuse(*_: object) -> None:
            raise ChangedMeanwhileError("Somebody else changed this session meanwhile.")

        patch.setattr(team_sessions, "close", refuse)
        shown = press(shown, "Close the session")
    assert fay.team.is_open
    assert "changed this session meanwhile" in told(ran(shown))
    shown = press(shown, "Close the session")
    assert not fay.team.is_open
    assert "changed this session meanwhile" not in told(shown)


def test_a_closed_session_ends_where_what_was_agreed_stands(fay: Screen) -> None:
    fay.open(has_votes=False)
    shown = press(fay.show(step="finish"), "Close the session")
    assert not fay.team.is_open
    assert "0 of 3 domains agreed" in markup(fay.show())
    press(shown, "Open it again")
    assert fay.team.is_open


def test_the_countdown_asks_the_server_only_while_it_runs(fay: Screen) -> None:
    fay.open()
    quiet = fay.show(step="vote")
    assert "session-timer" not in markup(quiet)
    team_sessions.set_timer(fay.store, fay.who, fay.team, 5, utc_now())
    assert re.search(r'role="timer">(5:00|4:\d\d)<', markup(fay.show(step="vote")))


def test_hostile_promises_and_evidence_are_only_words(fay: Screen) -> None:
    stored = fay.rated(FIRST, BEFORE)
    assert stored is not None
    said = RatingDraft(2, HOSTILE, NextStep(HOSTILE, HOSTILE), convinced=HOSTILE)
    ratings.save_rating(fay.store, fay.who, stored.key, said, base=stored.row_version, pen=PEN, now=utc_now())
    fay.open(has_votes=False)
    for shown in (fay.show(domain="ihe.ihe-1"), fay.show(step="finish")):
        assert "<b>Jo</b>" not in markup(shown)
        assert "![x](" not in told(shown)
