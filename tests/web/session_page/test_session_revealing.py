"""Voting and the reveal: how many have finished, whose vote a reveal would tell, the second vote, who is removed."""

from progressions.clock import utc_now
from progressions.services import reveals, team_sessions
from progressions.team_session import Naming
from progressions.web import session_words
from progressions.web.wording import plain
from tests.web.conftest import OWN
from tests.web.session_page.screen import DAY, FIRST, KEYS, SECOND, THIRD, Screen, told
from tests.web.shown import markup, press, ran


def test_while_the_team_votes_the_screen_tells_how_many_and_never_what(fay: Screen) -> None:
    fay.open(Naming.NAMED)
    eva, jo = fay.join("Eva"), fay.join("Jo")
    pages = []
    for level in (1, 4):
        fay.vote(eva, FIRST, level)
        fay.vote(jo, SECOND, level)
        fay.vote(eva, SECOND, level)
        pages.append(markup(fay.show(step="vote")))
    assert pages[0] == pages[1]
    assert "0 of 2 people have finished every domain" in pages[0]
    assert [pages[0].count(f"</span> {number} of 2<") for number in (0, 1, 2)] == [1, 1, 1]
    assert "Eva" not in pages[0]


def test_a_reveal_asks_once_more_while_somebody_has_not_finished(fay: Screen) -> None:
    fay.open()
    fay.vote(fay.join("Eva"), FIRST, 2)
    shown = press(fay.show(step="vote"), "Reveal all")
    assert "1 person has not finished" in told(shown)
    assert not any(each.is_revealed for each in fay.team.domains)
    shown = press(shown, "Wait")
    assert "has not finished" not in told(shown)
    shown = press(press(shown, "Reveal all"), "Reveal anyway")
    assert all(each.is_revealed for each in fay.team.domains)
    assert shown.query_params["step"] in ("agree", ["agree"])


def test_what_everybody_has_finished_is_revealed_at_once(fay: Screen) -> None:
    fay.open()
    for eva in map(fay.join, ("Eva", "Jo", "Ann")):
        for key in KEYS:
            fay.vote(eva, key, 2)
    press(fay.show(step="vote"), "Reveal all")
    assert all(each.is_revealed for each in fay.team.domains)


def test_the_reveal_of_several_begins_with_the_most_mixed_under_the_number_that_the_phones_know(fay: Screen) -> None:
    fay.open()
    for name, said in (("Eva", 1), ("Jo", 2), ("Ann", 4)):
        token = fay.join(name)
        fay.vote(token, FIRST, 2)
        fay.vote(token, SECOND, 3)
        fay.vote(token, THIRD, said)
    fay.reveal(FIRST)
    shown = fay.show(step="agree", domain=session_words.code_of(FIRST))
    shown.radio[0].set_value(2)
    shown = ran(shown)
    next(each for each in shown.button_group if each.label == "Step").set_value("vote")
    shown = press(ran(shown), "Reveal all")
    picker = next(each for each in shown.button_group if each.label == "Domain")
    assert picker.value == session_words.code_of(THIRD)
    assert [each.content for each in picker.proto.options] == ["3", "1 ✓", "2"]


def test_a_reveal_that_tells_what_one_or_two_said_names_the_domain_and_asks(fay: Screen) -> None:
    fay.open()
    for name in ("Eva", "Jo"):
        fay.vote(fay.join(name), FIRST, 2)
    shown = fay.show(step="vote")
    shown.multiselect[0].set_value([FIRST])
    shown = press(ran(shown), "Reveal")
    (title,) = [each.domain.title for each in session_words.of(fay.who, fay.team) if each.key == FIRST]
    assert f"Only 2 people voted on {plain(title)}: everybody will see what they said." in told(shown)
    assert not any(each.is_revealed for each in fay.team.domains)
    press(shown, "Reveal anyway")
    assert [each.key for each in fay.team.domains if each.is_revealed] == [FIRST]


def test_where_nobody_has_voted_a_reveal_asks(fay: Screen) -> None:
    fay.open()
    shown = press(fay.show(step="vote"), "Reveal all")
    assert "Nobody has voted on" in told(shown)
    assert not any(each.is_revealed for each in fay.team.domains)


def test_the_question_is_answered_although_the_last_one_has_finished_meanwhile(fay: Screen) -> None:
    fay.open()
    people = [fay.join(name) for name in ("Eva", "Jo", "Ann")]
    for key in KEYS:
        for each in people[:2] if key == FIRST else people:
            fay.vote(each, key, 2)
    shown = press(fay.show(step="vote"), "Reveal all")
    assert "1 person has not finished" in told(shown)
    fay.vote(people[2], FIRST, 2)
    press(shown, "Reveal anyway")
    assert all(each.is_revealed for each in fay.team.domains)


def test_an_answer_to_what_is_no_longer_so_reveals_nothing_and_asks_anew(fay: Screen) -> None:
    fay.open()
    people = [fay.join(name) for name in ("Eva", "Jo", "Ann", "Bo")]
    for each in people[:3]:
        fay.vote(each, FIRST, 2)
    shown = fay.show(step="vote")
    shown.multiselect[0].set_value([FIRST])
    shown = press(ran(shown), "Reveal")
    assert "1 person has not finished" in told(shown)
    watch = team_sessions.watch(fay.store, fay.who, OWN, DAY)
    assert watch is not None
    team_sessions.remove(fay.store, fay.who, fay.team, watch.seats[0], utc_now())
    shown = press(shown, "Reveal anyway")
    assert not any(each.is_revealed for each in fay.team.domains)
    assert "Nothing was revealed" in told(shown)
    assert "Only 2 people voted on" in told(shown)
    press(shown, "Reveal anyway")
    assert [each.key for each in fay.team.domains if each.is_revealed] == [FIRST]


def test_a_question_of_an_earlier_round_is_asked_no_more(fay: Screen) -> None:
    fay.open()
    fay.vote(fay.join("Eva"), FIRST, 2)
    shown = press(fay.show(step="vote"), "Reveal all")
    fay.reveal(*KEYS)
    reveals.second_vote(fay.store, fay.who, fay.team, FIRST, utc_now())
    shown = ran(shown)
    assert not any(button.label == "Reveal anyway" for button in shown.button)
    assert "Only 1 person voted" not in told(shown)
    assert not fay.team.domains[0].is_revealed


def test_the_second_vote_is_revealed_only_once_its_question_is_answered(fay: Screen) -> None:
    fay.open()
    eva = fay.join("Eva")
    fay.vote(eva, FIRST, 2)
    fay.reveal(FIRST)
    reveals.second_vote(fay.store, fay.who, fay.team, FIRST, utc_now())
    fay.vote(eva, FIRST, 4)
    shown = press(fay.show(step="agree", domain="ihe.ihe-1"), "Reveal this vote")
    assert "Only 1 person voted on" in told(shown)
    assert not fay.team.domains[0].is_revealed
    press(shown, "Reveal anyway")
    assert fay.team.domains[0].is_revealed


def test_newcomers_are_removed_together(fay: Screen) -> None:
    fay.open()
    for name in ("Eva", "Jo"):
        fay.join(name)
    shown = fay.show(step="join")
    shown.session_state["manage"] = True  # unfolded
    press(ran(shown), "All who joined in the last 2 minutes")
    watch = team_sessions.watch(fay.store, fay.who, OWN, DAY)
    assert watch is not None
    assert [seat.is_here for seat in watch.seats] == [False, False]
