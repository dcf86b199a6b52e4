"""The view Agreement on Movement: its parts, its choices, and what it says before there is a vote."""

from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from progressions.services.agreement import Agreement
from progressions.services.example_votes import read_votes
from progressions.store import Store
from progressions.web import agreement_view, caches, guard

RUBRIC, SPRING, SUMMER = "partnership", "2026-04-23", "2026-07-15"
FINDINGS = {
    "votes": "All who judged said the same level in",
    "first": "Agreed above the middle of the first votes in",
    "sides": "The sides differed by a level or more in",
    "room": "4 of 8 voted in Spring 2026 too",
}
Open = Callable[..., AppTest]


@pytest.fixture
def links(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The labels of the links to other pages: they need the whole application around them."""
    found: list[str] = []
    monkeypatch.setattr("streamlit.page_link", lambda *_args, **named: found.append(named["label"]))
    return found


@pytest.fixture
def opened(
    installed: Store, session_of: Callable[[str], str], pages: Path, links: list[str], monkeypatch: pytest.MonkeyPatch
) -> Open:
    """The view at an address, as a member of the first partnership or as somebody else."""
    assert installed
    assert links == []

    def open_page(access: str = "member", **address: str) -> AppTest:
        token = session_of(access)
        monkeypatch.setattr(guard, "session_token", lambda: token)
        shown = AppTest.from_file(str(pages / "movement.py"), default_timeout=120)
        for name, value in {"rubric": RUBRIC, "view": "agreement", **address}.items():
            shown.query_params[name] = value
        shown.run()
        assert not shown.exception, shown.exception
        return shown

    return open_page


def words(shown: AppTest) -> str:
    """Every text on the page, without what keeps Markdown from reading it."""
    told = [each.value for kind in (shown.subheader, shown.markdown, shown.caption, shown.info) for each in kind]
    return "\n".join(told).replace("\\", "")


def everything(shown: AppTest) -> str:
    return "\n".join(f"{each} {each.proto}" for each in shown.main)


@pytest.mark.parametrize("part", agreement_view.PARTS)
@pytest.mark.parametrize("access", ["member", "facilitator", "staff"])
def test_each_part_tells_those_who_see_the_partnership_and_names_nobody(opened: Open, part: str, access: str) -> None:
    shown = opened(access, part=part, partnership="alder-valley")
    assert FINDINGS[part] in words(shown)
    everybody = {name for told in read_votes() for name, _, _ in told.people}
    assert len(everybody) > 10
    assert not [name for name in everybody if name in everything(shown)]
    assert len(shown.get("vega_lite_chart")) == 1


def test_every_part_has_its_finding_here() -> None:
    assert set(FINDINGS) == set(agreement_view.PARTS)


def test_the_latest_convening_with_votes_is_open_and_another_one_can_be_chosen(opened: Open) -> None:
    shown = opened(part="votes")
    (picker,) = (each for each in shown.selectbox if each.label == "Convening")
    assert picker.options == ["Summer 2026 · 15 Jul 2026", "Spring 2026 · 23 Apr 2026"]
    assert "Summer 2026" in words(shown)
    picker.set_value(SPRING).run()
    assert not shown.exception
    assert "Spring 2026" in words(shown)
    assert shown.query_params["convening"] in (SPRING, [SPRING])


def test_a_convening_without_votes_in_the_address_leads_to_the_latest_with_votes(opened: Open) -> None:
    assert "Summer 2026" in words(opened(part="first", convening="2026-10-21"))


def test_a_rubric_that_nobody_voted_on_says_which_have_votes(opened: Open) -> None:
    for part in ("votes", "first"):
        told = words(opened(part=part, rubric="lea"))
        assert "No votes on this rubric have been shown yet." in told
        assert "University (IHE) · Partnership" in told
    assert "District (LEA): there has been no such vote yet" in words(opened(part="sides", rubric="lea"))
    assert FINDINGS["room"] in words(opened(part="room", rubric="lea"))


@pytest.mark.parametrize(("access", "offered"), [("staff", True), ("facilitator", True), ("member", False)])
def test_before_any_vote_it_says_how_votes_come_to_be_and_offers_a_session_to_those_who_may_open_one(
    opened: Open, installed: Store, links: list[str], access: str, offered: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if access == "staff":
        shown = opened(access, partnership="brindle-bay")
    else:  # their own partnership has votes: they are taken away from in front of the page
        monkeypatch.setattr(caches, "agreement_of", lambda *_asked: Agreement((), (), {}, {}))
        shown = opened(access)
    assert "They come from a team's session" in words(shown)
    assert not shown.get("vega_lite_chart")
    assert links == ["Open a session"] * offered
    assert installed


def test_a_member_of_another_partnership_finds_their_own_whatever_the_address_says(opened: Open) -> None:
    shown = opened("member", part="room", partnership="brindle-bay")
    assert "Alder Valley" in words(shown)
    assert "Brindle" not in everything(shown)
