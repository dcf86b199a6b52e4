"""Pushes over the real websocket. A Streamlit that treats them otherwise than this fails here."""

import json
import os
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from tests.browser.rest import expect
from tests.ports import free_port
from tests.wire.client import SECONDS, Tab
from tests.wire.screen import FINISHED
from tests.wire.serving import Served, served

SCRIPT = Path(__file__).parent / "pushed" / "app.py"
EVERY_SECONDS = 0.2
NEVER_SECONDS = 3600.0  # as good as never in a test
LEAST_SECONDS = 1.0  # of the fragment that wants to run seldom
QUIET_SECONDS = 1.0


@dataclass
class Hall:
    """The tiny application, how far its topics are, and what was pressed in it."""

    server: Served
    topics: Path
    presses: Path

    def change(self, topic: str, *, nudge: bool = False) -> int:
        """Moves a topic on by one, as another process would; its revision."""
        now: dict[str, int] = json.loads(self.topics.read_text(encoding="utf-8"))
        now[topic] += 1
        beside = self.topics.with_suffix(".new")
        beside.write_text(json.dumps(now), encoding="utf-8")
        beside.replace(self.topics)
        if nudge:
            urllib.request.urlopen(f"{self.server.url}/nudge").close()
        return now[topic]

    def counts(self) -> dict[str, int]:
        with urllib.request.urlopen(f"{self.server.url}/counts") as answer:
            found: dict[str, int] = json.load(answer)
            return found

    def pressed(self) -> list[str]:
        return self.presses.read_text(encoding="utf-8").split("\n")[:-1]

    def press(self, tab: Tab, what: str) -> None:
        """Presses a button whose run takes its time, and returns while that is under way."""
        begun = f"{what.lower()} begun"
        before = self.pressed().count(begun)
        button = tab.screen.one("button", what)
        tab.screen.put(button, True)
        tab.send(tab.screen.rerun(button.fragment))
        until(lambda: self.pressed().count(begun) > before)


def until(holds: Callable[[], bool]) -> None:
    """Waits for what the server says."""
    last = time.monotonic() + SECONDS
    while not holds():
        assert time.monotonic() < last
        time.sleep(0.02)


def prepared(folder: Path) -> Path:
    """The file of the topics, all of them at the beginning; nothing has been pressed."""
    topics = folder / "topics.json"
    topics.write_text(json.dumps({"hall": 1, "votes": 1}), encoding="utf-8")
    (folder / "presses.txt").touch()
    return topics


def environment(folder: Path, every_seconds: float = EVERY_SECONDS) -> dict[str, str]:
    return {
        **os.environ,
        "TOPICS_FILE": str(folder / "topics.json"),
        "PRESSES_FILE": str(folder / "presses.txt"),
        "EVERY_SECONDS": str(every_seconds),
    }


@pytest.fixture(scope="module")
def hall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hall]:
    folder = tmp_path_factory.mktemp("hall")
    topics = prepared(folder)
    with served(SCRIPT, folder / "server.log", environment(folder)) as server:
        yield Hall(server, topics, folder / "presses.txt")


@pytest.fixture
def tab(hall: Hall) -> Iterator[Tab]:
    with Tab(hall.server.url, "/?at=home") as opened:
        opened.run()
        yield opened


def said(tab: Tab, seconds: float = SECONDS) -> tuple[str, ForwardMsg]:
    """What the next run that ends has drawn, and how it ended."""
    before = len(tab.screen.frames)
    last = time.monotonic() + seconds
    while True:
        message = tab.screen.absorb(tab._frame(max(0.01, last - time.monotonic())))
        if message.WhichOneof("type") == "script_finished" and message.script_finished in FINISHED:
            return b"\n".join(tab.screen.frames[before:]).decode("utf-8", errors="replace"), message


def nothing_comes(tab: Tab, seconds: float = QUIET_SECONDS) -> bool:
    try:
        said(tab, seconds)
    except TimeoutError:
        return True
    return False


def test_a_change_reaches_an_open_page_by_itself_and_redraws_its_fragment_alone(hall: Hall, tab: Tab) -> None:
    now = hall.change("hall")
    drawn, ended = said(tab)
    assert f"hall is at {now};" in drawn
    assert "watched" not in drawn
    assert "slow fragment" not in drawn
    assert ended.script_finished == ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY
    assert list(ended.metadata.run.fragment_ids) == [tab.screen.one("radio", "Inside").fragment]
    assert nothing_comes(tab)


def test_a_change_that_is_announced_comes_before_anybody_looks_for_it(tmp_path: Path) -> None:
    topics = prepared(tmp_path)
    with served(SCRIPT, tmp_path / "server.log", environment(tmp_path, NEVER_SECONDS)) as server:
        hall = Hall(server, topics, tmp_path / "presses.txt")
        with Tab(server.url) as tab:
            tab.run()
            hall.change("hall")
            assert nothing_comes(tab)
            now = hall.change("hall", nudge=True)
            assert f"hall is at {now};" in said(tab)[0]


def test_what_a_person_has_chosen_and_where_the_page_is_stay_as_they_are(hall: Hall, tab: Tab) -> None:
    tab.choose(tab.screen.one("text_input", "Outside"), "typed")
    tab.choose(tab.screen.one("radio", "Inside"), "c")
    tab.press("Elsewhere")
    for _ in range(2):
        now = hall.change("hall", nudge=True)
        assert f"hall is at {now}; inside c; outside typed; at elsewhere;" in said(tab)[0]
    drawn = tab.choose(tab.screen.one("radio", "Inside"), "d").text
    assert "inside d; outside typed; at elsewhere;" in drawn


def test_a_press_whose_run_stopped_early_does_not_come_back_with_a_push(hall: Hall, tab: Tab) -> None:
    before = hall.pressed().count("vote")
    tab.press("Vote")
    for _ in range(2):
        hall.change("hall", nudge=True)
        said(tab)
    assert hall.pressed().count("vote") == before + 1


@pytest.mark.parametrize("what", ["Slow vote", "Slow page"])
def test_what_is_under_way_runs_to_its_end_before_a_push_comes(hall: Hall, tab: Tab, what: str) -> None:
    before = hall.pressed().count(what.lower())
    hall.press(tab, what)
    now = hall.change("hall", nudge=True)
    drawn, ended = said(tab)
    assert hall.pressed().count(what.lower()) == before + 1
    if what == "Slow page":
        assert "the slow page was drawn to its end" in drawn
        assert ended.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY
        assert f"hall is at {now};" in drawn  # the fragment came last and has seen it
        assert nothing_comes(tab)
    else:
        assert f"hall is at {now};" in said(tab)[0]


def test_a_run_that_is_under_way_is_counted_until_it_ends(hall: Hall, tab: Tab) -> None:
    until(lambda: hall.counts()["runs"] == 0)
    hall.press(tab, "Slow page")
    assert hall.counts()["runs"] == 1
    said(tab)
    until(lambda: hall.counts()["runs"] == 0)


def test_taps_between_many_pushes_are_all_taken(hall: Hall, tab: Tab) -> None:
    for choice in "abcdabcd":
        hall.change("hall", nudge=True)
        tab.screen.put(tab.screen.one("radio", "Inside"), choice)
        tab.send(tab.screen.rerun(tab.screen.one("radio", "Inside").fragment))
        drawn = said(tab)[0]
        while f"inside {choice};" not in drawn:
            drawn = said(tab)[0]
    last = hall.change("hall", nudge=True)
    while f"hall is at {last}; inside d;" not in drawn:
        drawn = said(tab)[0]


def test_a_fragment_runs_no_more_often_than_it_wants(hall: Hall, tab: Tab) -> None:
    began, runs = time.monotonic(), 0
    while time.monotonic() - began < 2.5 * LEAST_SECONDS or not runs:
        now = hall.change("votes", nudge=True)
        try:
            runs += "watched" in said(tab, 0.05)[0]
        except TimeoutError:
            continue
    assert runs <= 1 + (time.monotonic() - began) // LEAST_SECONDS
    drawn = said(tab)[0]
    assert f"votes are at {now};" in drawn


def test_a_page_follows_as_a_whole_and_another_page_does_not_inherit_it(hall: Hall) -> None:
    with Tab(hall.server.url, "/second") as tab:
        tab.run()
        now = hall.change("hall", nudge=True)
        drawn, ended = said(tab)
        assert f"the second page saw {now}" in drawn
        assert ended.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY
        tab.go("/third")
        hall.change("hall", nudge=True)
        assert nothing_comes(tab)


def test_everybody_is_told(hall: Hall) -> None:
    tabs = [Tab(hall.server.url) for _ in range(20)]
    try:
        for tab in tabs:
            tab.run()
        now = hall.change("hall", nudge=True)
        assert all(f"hall is at {now};" in said(tab)[0] for tab in tabs)
    finally:
        for tab in tabs:
            tab.close()


def test_a_phone_that_wakes_is_up_to_date_and_hears_the_next_change(hall: Hall) -> None:
    with Tab(hall.server.url) as asleep:
        asleep.run()
        session = asleep.screen.session_id
    time.sleep(2 * EVERY_SECONDS)
    missed = hall.change("hall", nudge=True)
    time.sleep(2 * EVERY_SECONDS)
    with Tab(hall.server.url, existing_session_id=session) as awake:
        assert f"hall is at {missed};" in awake.run().text
        assert awake.screen.session_id == session
        now = hall.change("hall", nudge=True)
        assert f"hall is at {now};" in said(awake)[0]


@pytest.mark.browser
def test_what_a_person_is_typing_survives_a_push_and_is_taken_afterwards(hall: Hall, browser: Browser) -> None:
    context = browser.new_context(viewport={"width": 360, "height": 740})
    page = context.new_page()
    page.goto(hall.server.url)
    note = page.get_by_label("Note")
    note.click()
    note.press_sequentially("half a sen")
    now = hall.change("hall", nudge=True)
    expect(page.get_by_text(f"hall is at {now};")).to_be_visible()
    expect(note).to_be_focused()
    note.press_sequentially("tence")
    page.get_by_text("c", exact=True).click()
    expect(page.get_by_text("inside c;")).to_be_visible()
    now = hall.change("hall", nudge=True)
    expect(page.get_by_text(f"hall is at {now}; inside c;")).to_be_visible()
    expect(note).to_have_value("half a sentence")
    context.close()


@pytest.mark.browser
def test_a_page_that_finds_its_server_again_is_up_to_date_without_a_tap(tmp_path: Path, browser: Browser) -> None:
    topics, port, context = prepared(tmp_path), free_port(), browser.new_context()
    with served(SCRIPT, tmp_path / "server.log", environment(tmp_path), port) as server:
        page = context.new_page()
        page.goto(server.url)
        expect(page.get_by_text("hall is at 1;")).to_be_visible()
    with served(SCRIPT, tmp_path / "server.log", environment(tmp_path), port) as server:
        hall = Hall(server, topics, tmp_path / "presses.txt")
        for _ in range(2):
            now = hall.change("hall")
            expect(page.get_by_text(f"hall is at {now};")).to_be_visible()
    context.close()


def test_nobody_is_asked_while_nobody_follows(hall: Hall) -> None:
    with Tab(hall.server.url) as tab:
        tab.run()
        time.sleep(2 * EVERY_SECONDS)
        until(lambda: hall.counts()["followers"] == 2)
    until(lambda: hall.counts()["followers"] == 0)
    before = hall.counts()
    time.sleep(5 * EVERY_SECONDS)
    assert hall.counts()["asked"] == before["asked"]


def test_a_fragment_that_follows_no_longer_is_told_once_and_left_alone(hall: Hall) -> None:
    with Tab(hall.server.url) as tab:
        tab.run()
        now = hall.change("hall")
        assert f"hall is at {now};" in said(tab)[0]
        while hall.change("hall") < 100:
            continue
        drawn = said(tab)[0]
        while "hall is at 100;" not in drawn:
            drawn = said(tab)[0]
        assert nothing_comes(tab)
