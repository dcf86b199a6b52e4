"""The views of Movement that tell of one's own partnership: their addresses, their choices, and what they say first."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from progressions.clock import utc_now
from progressions.people import Network
from progressions.ratings import Hindsight, NextStep, RatingDraft, RatingKey, Reason
from progressions.services import networks, ratings, start
from progressions.services.ratings import Pen
from progressions.store import Store
from progressions.web import guard, movement_view, wording
from tests.factories import a_published_rubric, make_rubric

OWN, NEW, ONCE = "alder-valley", "Yarrow", "Zinnia"
RUBRIC = "partnership"
Open = Callable[..., AppTest]


@pytest.fixture
def opened(installed: Store, session_of: Callable[[str], str], pages: Path, monkeypatch: pytest.MonkeyPatch) -> Open:
    """Movement, or another page, at an address, as a member of the first partnership or as staff."""
    assert installed
    monkeypatch.setattr("streamlit.page_link", lambda *_args, **_named: None)

    def open_page(access: str = "member", page: str = "movement", **address: str) -> AppTest:
        token = session_of(access)
        monkeypatch.setattr(guard, "session_token", lambda: token)
        shown = AppTest.from_file(str(pages / f"{page}.py"), default_timeout=120)
        for name, value in {"rubric": RUBRIC, **address}.items():
            shown.query_params[name] = value
        return _run(shown)

    return open_page


def _run(shown: AppTest) -> AppTest:
    shown.run()
    assert not shown.exception, shown.exception
    return shown


@pytest.fixture
def days(installed: Store, network: Network) -> list[date]:
    """The convenings of the example, oldest first."""
    staff = start.system_principal(network)
    return [c.held_on for c in networks.convenings(installed, staff)]


def _say(store: Store, network: Network, day: date, draft: RatingDraft, partnership: str = OWN) -> None:
    staff = start.system_principal(network)
    key = RatingKey(partnership, day, RUBRIC, f"{RUBRIC}-1")
    stored = ratings.rating(store, staff, key)
    base = stored.row_version if stored else 0
    ratings.save_rating(store, staff, key, draft, base=base, pen=Pen("", base), now=utc_now())


@pytest.fixture
def told(installed: Store, network: Network, days: list[date]) -> Store:
    """The first domain: promised before the last convening, moved up at it because practice changed."""
    _say(installed, network, days[-2], RatingDraft(2, next_step=NextStep("Walk the schools", "Ana", days[-1])))
    moved = RatingDraft(3, reason=Reason.PRACTICE, hindsight=Hindsight(days[-2], 1))
    _say(installed, network, days[-1], moved)
    return installed


def _partnership(store: Store, network: Network, title: str) -> str:
    staff = start.system_principal(network)
    found = [p.code for p in networks.partnerships(store, staff) if p.title == title]
    return found[0] if found else networks.add_partnership(store, staff, title, utc_now()).code


def _titles(shown: AppTest) -> list[str]:
    return [each.value for each in shown.subheader]


def _pickers(shown: AppTest) -> set[str]:
    return {each.label for each in shown.selectbox}


@pytest.mark.parametrize("access", ["member", "staff"])
@pytest.mark.parametrize("view", movement_view.VIEWS)
def test_each_view_has_an_address_that_opens_it(opened: Open, told: Store, access: str, view: str) -> None:
    assert told
    shown = opened(access, view=view, partnership=OWN)
    assert shown.title[0].value == "Movement"
    assert _titles(shown) or shown.info


def test_then_and_now_begins_with_what_moved_since_the_last_convening_and_why(
    opened: Open, told: Store, days: list[date]
) -> None:
    assert told
    shown = opened(view="two")
    assert _pickers(shown) == {"Area"}
    then, now = (_named(shown, day) for day in days[-2:])
    assert _titles(shown)[0].endswith(f"{then} and {now}")
    assert f"reasons given for what moved, {then} to {now}" in _titles(shown)[1]
    assert "our practice changed 1" in " ".join(each.value for each in shown.markdown)


def _named(shown: AppTest, day: date) -> str:
    """The name of a convening as a title has it: its seasons are named by their first month."""
    assert shown
    return f"{('Winter', 'Spring', 'Summer', 'Fall')[day.month // 3]} {day.year}"


def test_then_and_now_goes_back_to_the_first_convening(opened: Open, told: Store, days: list[date]) -> None:
    assert told
    shown = opened(view="two", since="first")
    assert _pickers(shown) == {"Area"}
    assert _titles(shown)[0].endswith(f"{_named(shown, days[0])} and {_named(shown, days[-1])}")


def test_the_two_pickers_are_there_for_any_two_only(opened: Open, told: Store, days: list[date]) -> None:
    assert told
    shown = opened(view="two", since="any")
    assert _pickers(shown) == {"Then", "Now", "Area"}
    shown.query_params["then"] = days[2].isoformat()
    shown.query_params["now"] = days[4].isoformat()
    _run(shown)
    assert _titles(shown)[0].endswith(f"{_named(shown, days[2])} and {_named(shown, days[4])}")


def test_promises_show_what_was_promised_and_what_became_of_it(opened: Open, told: Store) -> None:
    assert told
    shown = opened(view="promises")
    (table,) = (each.value for each in shown.table)
    assert dict(zip(table["Next step"], table["Afterwards"], strict=True))["Walk the schools"] == "moved up"


def test_an_overdue_promise_is_marked_in_words_in_the_list_and_in_the_table(opened: Open, installed: Store) -> None:
    assert installed
    shown = opened(view="promises", rubric="ihe")
    (table,) = (each.value for each in shown.table)
    words = "due 3 Mar 2026, still open; the domain has not moved since"
    assert (
        table.set_index("Next step")["Overdue"]["Two principals sit at the table when the spring courses are written"]
        == words
    )
    (line,) = (each.value for each in shown.markdown if "Two principals sit at the table" in each.value)
    assert f"**Overdue:** {words}" in line
    done = next(each.value for each in shown.markdown if "Two capstones" in each.value)
    assert "Overdue" not in done


def test_where_nothing_was_promised_the_screen_says_what_a_promise_is(opened: Open, installed: Store) -> None:
    assert installed
    shown = opened("staff", view="promises", rubric="ihe", partnership="juniper-bend")
    assert "Nothing has been promised yet" in shown.info[0].value
    assert not shown.table


def test_the_line_of_a_domain_has_its_promise_and_its_hindsight(opened: Open, told: Store) -> None:
    assert told
    shown = opened(view="one", domain=f"{RUBRIC}-1")
    (table,) = (each.value for each in shown.table)
    assert "Walk the schools" in table["Next step"].tolist()
    assert any(cell.startswith("1 Exploring") for cell in table["Knowing what we know now"])


def test_a_promise_without_an_owner_and_a_day_is_told_too(
    opened: Open, installed: Store, network: Network, days: list[date]
) -> None:
    _say(installed, network, days[-2], RatingDraft(2, next_step=NextStep("Come back to it")), "brindle-bay")
    for view in ("one", "promises"):
        shown = opened("staff", view=view, partnership="brindle-bay", domain=f"{RUBRIC}-1")
        assert any(each.value.startswith(":material/flag: Come back to it") for each in shown.markdown)


def test_a_domain_chosen_by_keyboard_opens_its_line(opened: Open, told: Store) -> None:
    assert told
    shown = opened(view="all")
    shown.selectbox(key="to-open").set_value(f"{RUBRIC}-3").run()
    assert not shown.exception
    assert shown.query_params["view"] == "one"
    assert shown.query_params["domain"] == f"{RUBRIC}-3"
    assert _titles(shown)[0].endswith(", rating by rating")


def test_one_area_is_an_address_too_and_an_area_of_another_rubric_is_none(opened: Open, told: Store) -> None:
    assert told
    area = "Running the partnership"
    (narrow,) = (each.value for each in opened(view="all", area=area).table)
    assert set(narrow["Area"]) == {area}
    (whole,) = (each.value for each in opened(view="all", area="Leadership").table)
    assert len(set(whole["Area"])) == 3
    assert len(whole) > len(narrow) > 1


@pytest.mark.parametrize("view", ["all", "one", "two"])
def test_before_the_first_rating_the_screen_says_how_movement_begins(
    opened: Open, installed: Store, network: Network, view: str
) -> None:
    code = _partnership(installed, network, NEW)
    shown = opened("staff", view=view, partnership=code)
    assert "has been rated yet" in shown.info[0].value
    assert not _titles(shown)


def test_after_one_convening_there_is_no_movement_and_the_screen_says_what_to_do(
    opened: Open, installed: Store, network: Network, days: list[date]
) -> None:
    code = _partnership(installed, network, ONCE)
    _say(installed, network, days[-1], RatingDraft(2), code)
    shown = opened("staff", view="two", partnership=code)
    assert "was rated once so far" in shown.info[0].value
    assert "next step" in shown.info[0].value
    assert _titles(opened("staff", view="all", partnership=code))
    other = opened("staff", view="all", partnership=code, rubric="ihe")
    assert "has not been rated yet" in other.info[0].value


def test_home_says_of_first_ratings_what_then_and_now_says(
    opened: Open, installed: Store, network: Network, days: list[date]
) -> None:
    code = _partnership(installed, network, "Willow, of first ratings")
    nothing, second_time = "Nothing moved at this convening.", "What moved shows from the second time on."
    _say(installed, network, days[-2], RatingDraft(2), code)
    told = [text.value for text in opened("staff", "home", partnership=code).markdown]
    assert f"Everything was rated once so far, on {wording.day(days[-2])}. {second_time}" in told
    assert nothing not in told
    assert second_time in opened("staff", view="two", partnership=code).info[0].value.replace("\\", "")
    _say(installed, network, days[-1], RatingDraft(2), code)
    told = [text.value for text in opened("staff", "home", partnership=code).markdown]
    assert nothing in told
    assert not any(second_time in text for text in told)


def test_promises_of_domains_that_are_no_more_are_counted_where_nothing_else_was_promised(
    opened: Open, installed: Store, network: Network, days: list[date]
) -> None:
    staff, short = start.system_principal(network), make_rubric(2, code="short")
    a_published_rubric(installed, network, short)
    draft = RatingDraft(2, next_step=NextStep("Walk together"))
    gone = RatingKey(OWN, days[-1], "short", "short-2")
    ratings.save_rating(installed, staff, gone, draft, base=0, pen=Pen("", 0), now=utc_now())
    a_published_rubric(installed, network, replace(short, domains=short.domains[:1]))
    shown = opened(view="promises", rubric="short")
    assert "Nothing has been promised yet" in shown.info[0].value
    assert shown.caption[-1].value.endswith("; not shown: 1 promise of domains that the rubric no longer has")
