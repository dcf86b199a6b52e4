"""Counts of paper sheets that are typed in: each domain's wait for their press, whatever is opened meanwhile."""

from streamlit.testing.v1 import AppTest

from progressions.clock import utc_now
from progressions.services import reveals
from progressions.team_session import DomainKey, Side
from tests.web.session_page.screen import FIRST, SECOND, Screen, told
from tests.web.shown import press, ran


def opened(screen: Screen) -> AppTest:
    shown = screen.show(step="vote")
    shown.session_state["paper"] = True
    return ran(shown)


def at(shown: AppTest, key: DomainKey) -> AppTest:
    (box,) = (each for each in shown.selectbox if each.label == "Domain")
    box.set_value(key)
    return ran(shown)


def typed(shown: AppTest, *numbers: int) -> AppTest:
    """Sheets of the district by level, from level 1 up."""
    for field, number in zip(shown.number_input, numbers, strict=False):
        field.set_value(number)
    return ran(shown)


def numbers_of(shown: AppTest) -> list[int]:
    return [int(each.value) for each in shown.number_input if each.value]


def kept(screen: Screen, key: DomainKey) -> dict[tuple[Side, int | None], int]:
    found = reveals.paper_counts(screen.store, screen.who, screen.team)
    return {(each.side, each.level): each.count for each in found if each.key == key}


def test_what_is_typed_of_one_domain_waits_while_another_is_open(fay: Screen) -> None:
    fay.open()
    shown = typed(opened(fay), 0, 4, 3)
    assert "Typed, and not kept yet" in told(shown)
    shown = at(shown, SECOND)
    assert numbers_of(shown) == []
    assert "Typed, and not kept yet" in told(shown)
    shown = press(typed(shown, 2), "Keep these counts")
    assert kept(fay, SECOND) == {(Side.LEA, 1): 2}
    assert kept(fay, FIRST) == {}
    shown = at(shown, FIRST)
    assert numbers_of(shown) == [4, 3]
    shown = press(shown, "Keep these counts")
    assert kept(fay, FIRST) == {(Side.LEA, 2): 4, (Side.LEA, 3): 3}
    assert "Typed, and not kept yet" not in told(shown)
    assert "7 sheets counted: District 7" in told(shown)


def test_a_number_that_arrives_with_the_choice_of_another_domain_waits_too(fay: Screen) -> None:
    fay.open()
    shown = opened(fay)
    shown.number_input[1].set_value(4)
    assert numbers_of(at(shown, SECOND)) == []
    assert numbers_of(at(shown, FIRST)) == [4]


def test_what_is_typed_waits_while_the_sheets_are_folded(fay: Screen) -> None:
    fay.open()
    shown = typed(opened(fay), 5)
    shown.session_state["paper"] = False
    shown = ran(shown)
    assert not shown.number_input
    shown.session_state["paper"] = True
    assert numbers_of(ran(shown)) == [5]


def test_counts_of_another_screen_take_the_place_of_what_was_typed_over_older_ones(fay: Screen) -> None:
    fay.open()
    shown = at(typed(opened(fay), 5), SECOND)
    reveals.count_paper(fay.store, fay.who, fay.team, FIRST, Side.IHE, {1: 3}, utc_now())
    shown = at(shown, FIRST)
    assert numbers_of(shown) == [3]
    assert "changed on another screen" in told(shown)
    reveals.count_paper(fay.store, fay.who, fay.team, FIRST, Side.IHE, {}, utc_now())
    assert numbers_of(ran(shown)) == []


def test_a_count_that_is_typed_back_is_nothing_to_keep(fay: Screen) -> None:
    fay.open()
    shown = typed(opened(fay), 5)
    assert "Typed, and not kept yet" in told(shown)
    assert "Typed, and not kept yet" not in told(typed(shown, 0))
