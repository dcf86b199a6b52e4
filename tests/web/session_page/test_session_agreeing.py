"""What the team agrees, domain by domain: level, evidence, reason, last time, and two who write at once."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from progressions.clock import utc_now
from progressions.people import Network
from progressions.ratings import NextStep, RatingDraft, RatingKey, StepState
from progressions.rubric import Level, Rubric
from progressions.services import ratings, reveals, rubrics
from progressions.team_session import Answer, DomainKey, Vote
from progressions.web import guard, revealed_view
from tests import factories
from tests.web.conftest import OWN
from tests.web.session_page.screen import BEFORE, DAY, FIRST, KEYS, PEN, SECOND, Screen, told
from tests.web.shown import markup, press, ran


def test_a_level_of_a_later_version_with_more_levels_is_named_in_its_own_words(fay: Screen, network: Network) -> None:
    fay.open()
    for eva in map(fay.join, ("Eva", "Jo", "Ann")):
        fay.vote(eva, FIRST, 2)
    version = rubrics.version(fay.store, fay.who, "ihe")
    assert version is not None
    factories.a_published_rubric(fay.store, network, _with_a_fifth_level(version.rubric))
    ratings.save_rating(
        fay.store, fay.who, RatingKey(OWN, DAY, "ihe", "ihe-1"), RatingDraft(5), base=0, pen=PEN, now=utc_now()
    )
    assert "5 The fifth" in markup(fay.show(step="finish"))
    fay.reveal(FIRST)
    (found,) = reveals.revealed(fay.store, fay.who, fay.team)
    phone = revealed_view.spreads(found) + revealed_view._agreed(found)
    assert "5 The fifth</strong>, on another wording" in phone
    assert 'class="agreed"' not in revealed_view.spreads(found)


def _with_a_fifth_level(rubric: Rubric) -> Rubric:
    more = tuple(replace(domain, descriptors=(*domain.descriptors, "more")) for domain in rubric.domains)
    return replace(rubric, levels=(*rubric.levels, Level(5, "The fifth")), domains=more)


def test_a_tap_on_a_level_is_saved_with_all_that_is_said(fay: Screen) -> None:
    fay.open()
    fay.reveal(*KEYS)
    shown = fay.show(step="agree", domain="ihe.ihe-2")
    shown.radio[0].set_value(3)
    shown = ran(shown)
    area = {each.label.split(":")[0]: each for each in shown.text_area}
    area["What convinced us?"].set_value("the minutes")
    area["Links, one a line"].set_value("https://example.org/a\njavascript:alert(1)\n")
    area["Next step"].set_value("Ask")
    shown = ran(shown)
    saved = fay.rated(SECOND)
    assert saved is not None
    said = saved.draft
    assert (said.level, said.convinced, said.next_step.text) == (3, "the minutes", "Ask")
    assert said.links == ("https://example.org/a",)
    assert "is not kept" in told(shown)
    assert "Saved" in told(shown)


def test_to_come_back_to_it_is_an_outcome_until_a_level_is_agreed(fay: Screen) -> None:
    fay.open(has_votes=False)
    shown = fay.show(domain="ihe.ihe-1")
    shown.checkbox[0].check()
    shown = ran(shown)
    saved = fay.rated(FIRST)
    assert saved is not None
    assert (saved.draft.level, saved.draft.comes_back) == (None, True)
    assert "0 of 3 domains agreed, 1 to come back to" in told(shown)
    shown.radio[0].set_value(2)
    ran(shown)
    agreed = fay.rated(FIRST)
    assert agreed is not None
    assert (agreed.draft.level, agreed.draft.comes_back) == (2, False)
    assert "1 of 3 domains agreed" in markup(fay.show(step="finish"))


def test_without_votes_last_time_appears_only_once_a_level_is_chosen(fay: Screen) -> None:
    fay.open(has_votes=False)
    shown = fay.show(domain="ihe.ihe-1")
    assert "Last time<" not in markup(shown)
    shown.radio[0].set_value(2)
    assert "<strong>Last time</strong>" in markup(ran(shown))


def test_a_move_asks_for_its_reason_and_last_time_can_be_rated_anew(fay: Screen) -> None:
    last = fay.rated(FIRST, BEFORE)
    assert last is not None
    assert last.draft.level is not None
    other = 1 if last.draft.level != 1 else 2
    fay.open(has_votes=False)
    shown = fay.show(domain="ihe.ihe-1")
    assert not any("Why did it move" in each.label for each in shown.button_group)
    shown.radio[0].set_value(other)
    shown = ran(shown)
    assert any("Why did it move" in each.label for each in shown.button_group)
    next(each for each in shown.button_group if "we would now say" in each.label).set_value(4)
    ran(shown)
    saved = fay.rated(FIRST)
    assert saved is not None
    assert saved.draft.hindsight is not None
    assert (saved.draft.hindsight.held_on, saved.draft.hindsight.level) == (BEFORE, 4)
    assert fay.rated(FIRST, BEFORE) == last


def test_a_level_that_was_agreed_on_other_words_is_shown_in_those(fay: Screen, network: Network) -> None:
    stored = fay.rated(FIRST)
    base = stored.row_version if stored else 0
    key = RatingKey(OWN, DAY, "ihe", "ihe-1")
    before = ratings.save_rating(fay.store, fay.who, key, RatingDraft(2), base=base, pen=PEN, now=utc_now())
    version = rubrics.version(fay.store, fay.who, "ihe")
    assert version is not None
    factories.a_published_rubric(fay.store, network, factories.reworded(version.rubric, "ihe-1"))
    fay.open(has_votes=False)
    shown = fay.show(domain="ihe.ihe-1")
    assert "Agreed on the words of version 1" in told(shown)
    assert "said anew" not in told(shown)
    assert not shown.radio
    assert fay.rated(FIRST) == before
    shown = press(shown, "Back to not rated")
    shown.radio[0].set_value(3)
    ran(shown)
    after = fay.rated(FIRST)
    assert after is not None
    assert (after.draft.level, after.rubric_version) == (3, 2)


def test_the_second_of_two_facilitators_sees_the_firsts_change_and_decides(
    fay: Screen, screens: Callable[[], Screen]
) -> None:
    fay.open(has_votes=False)
    gus = screens()
    hers, his = fay.show(domain="ihe.ihe-1"), gus.show(domain="ihe.ihe-1")
    hers.radio[0].set_value(2)
    ran(hers)
    his.radio[0].set_value(4)
    fay.monkeypatch.setattr(guard, "session_token", lambda: gus.token)
    his = ran(his)
    assert "changed this at" in told(his)
    saved = fay.rated(FIRST)
    assert saved is not None
    assert saved.draft.level == 2
    his.radio[0].set_value(4)
    ran(his)
    saved = fay.rated(FIRST)
    assert saved is not None
    assert saved.draft.level == 4


def test_self_assessment_leaves_what_a_session_has_said(fay: Screen, pages: Path) -> None:
    fay.open(has_votes=False)
    key = RatingKey(OWN, DAY, "ihe", "ihe-1")
    said = RatingDraft(
        2, "seen", NextStep("ask", state=StepState.DONE), convinced="minutes", links=("https://example.org/",)
    )
    stored = ratings.save_rating(fay.store, fay.who, key, said, base=0, pen=PEN, now=utc_now())
    fay.page = pages / "self_assess.py"
    shown = fay.show(rubric="ihe", domain="ihe-1")
    assert fay.rated(FIRST) == stored
    shown.radio[0].set_value(3)
    ran(shown)
    saved = fay.rated(FIRST)
    assert saved is not None
    assert saved.draft.level == 3
    assert (saved.draft.convinced, saved.draft.links, saved.draft.next_step) == ("minutes", said.links, said.next_step)


def test_a_phone_shows_its_own_note_after_the_reveal_and_the_discussion_only_while_it_runs() -> None:
    mine = Vote(DomainKey("ihe", "ihe-1"), 1, Answer(2, note="Seen in May <b>twice</b>"))
    assert "Your private note:</small> Seen in May &lt;b&gt;twice&lt;/b&gt;" in revealed_view._note(mine)
    assert revealed_view._note(replace(mine, answer=Answer(2))) == ""


@pytest.mark.parametrize(("minutes", "told"), [(5, True), (-1, False)])
def test_a_discussion_is_told_only_while_it_runs(fay: Screen, minutes: int, told: bool) -> None:
    fay.open()
    team = replace(fay.team, timer_ends_at=utc_now() + timedelta(minutes=minutes))
    assert ("Discussion until" in revealed_view._discussion(team)) is told
