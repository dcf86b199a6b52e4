"""Every page file by itself, for everybody who may come: its own guard must hold, without the navigation's help."""

from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from progressions.store import Store
from progressions.web import guard, navigation

SEAT_ONLY = "vote"
PAGES = [
    "home",
    "self_assess",
    "session",
    "hall",
    "movement",
    "compare",
    "import_ratings",
    "rubrics",
    "people",
    "network",
]
OPEN = {
    "": set[str](),
    "member": {"home", "self_assess", "movement", "rubrics"},
    "facilitator": {"home", "self_assess", "session", "movement", "rubrics"},
    "staff": set(PAGES),
}
OTHERS = "Brindle Bay"


@pytest.fixture
def opened(
    installed: Store, session_of: Callable[[str], str], pages: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[[str, str], AppTest]:
    """A page as somebody sees it."""
    assert installed

    def open_page(page: str, access: str) -> AppTest:
        token = session_of(access)
        monkeypatch.setattr(guard, "session_token", lambda: token)
        monkeypatch.setattr(guard, "seat_token", lambda _cookies: "")
        # A link to a page needs the whole application around it, and the browser tests have that.
        monkeypatch.setattr("streamlit.page_link", lambda *_args, **_named: None)
        shown = AppTest.from_file(str(pages / f"{page}.py"), default_timeout=120).run()
        assert not shown.exception, shown.exception
        return shown

    return open_page


def _everything(shown: AppTest) -> str:
    return "\n".join(str(element) for element in shown.main)


def test_every_page_file_is_in_this_matrix(pages: Path) -> None:
    assert {page.stem for page in pages.glob("*.py")} == {*PAGES, SEAT_ONLY}


def test_home_says_when_it_was_rated_and_which_promises_are_overdue(opened: Callable[[str, str], AppTest]) -> None:
    shown = opened("home", "member")
    told = "\n".join(str(each.value) for each in (*shown.markdown, *shown.caption)).replace("\\", "")
    assert "8 of 8 domains rated: 7 on 15 Jul 2026, 1 earlier, on 23 Apr 2026" in told
    assert "**Overdue:** due 3 Mar 2026, still open; the domain has not moved since" in told


@pytest.mark.parametrize("page", ["home", "movement"])
def test_a_page_says_once_whose_it_is(opened: Callable[[str, str], AppTest], page: str) -> None:
    shown = opened(page, "member")
    said = [each.value.replace("\\", "").strip("*") for each in (*shown.title, *shown.markdown)]
    assert said.count("Alder Valley Schools & Northmoor University") == 1


@pytest.mark.parametrize("access", OPEN)
def test_the_vote_opens_by_a_seat_alone_whoever_is_signed_in(
    opened: Callable[[str, str], AppTest], access: str
) -> None:
    shown = opened(SEAT_ONLY, access)
    assert [title.value for title in shown.title] == ["Join your team’s session"]
    assert not shown.radio


@pytest.mark.parametrize("access", OPEN)
@pytest.mark.parametrize("page", PAGES)
def test_a_page_opens_for_those_who_may_and_for_nobody_else(
    opened: Callable[[str, str], AppTest], page: str, access: str
) -> None:
    shown = opened(page, access)
    if page in OPEN[access]:
        assert shown.title
        assert not any("sign-in link" in info.value for info in shown.info)
    elif access:
        assert [w.value for w in shown.warning] == ["There is nothing here that you can open\\."]
        assert not shown.title
    else:
        assert any("sign-in link" in info.value for info in shown.info)
        assert "Alder" not in _everything(shown)


@pytest.mark.parametrize("access", ["member", "facilitator"])
@pytest.mark.parametrize("page", ["home", "self_assess", "session", "movement", "rubrics"])
def test_no_page_names_another_partnership_to_a_member(
    opened: Callable[[str, str], AppTest], page: str, access: str
) -> None:
    assert OTHERS not in _everything(opened(page, access))


def test_staff_find_every_partnership_in_the_picker(opened: Callable[[str, str], AppTest]) -> None:
    picker = opened("self_assess", "staff").selectbox[0]
    assert len(picker.options) == 11
    assert any(OTHERS in option for option in picker.options)


def test_a_member_reads_an_assessment_and_cannot_write(opened: Callable[[str, str], AppTest]) -> None:
    shown = opened("self_assess", "member")
    assert all(area.disabled for area in shown.text_area)
    assert all(radio.disabled for radio in shown.radio)
    assert not any(area.disabled for area in opened("self_assess", "facilitator").text_area)


def test_every_screen_has_a_file_and_every_file_a_screen(pages: Path) -> None:
    assert {file for file, _, _ in navigation.SCREENS.values()} == {page.name for page in pages.glob("*.py")}


@pytest.mark.parametrize("page", ["self_assess", "rubrics"])
def test_a_screen_that_shows_the_rubric_says_whose_words_they_are(
    opened: Callable[[str, str], AppTest], page: str
) -> None:
    captions = " ".join(caption.value for caption in opened(page, "staff").caption)
    assert "The structure and the level names are the published Developmental Progressions Framework's" in captions
    assert "The working text is this project's" in captions
