"""What a browser would never send, sent over a real websocket: nothing changes, nobody is taken over.

Before and after each attack the whole database is read by SQL; the same widgets, used honestly, do change it.
"""

import json
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import Any

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg

from tests.browser.server import RunningApp
from tests.web import worlds
from tests.web.worlds import Marked, Size, World
from tests.wire.client import Tab
from tests.wire.screen import Screen, Widget, state

OWN, NEIGHBOUR, FOREIGN = "zqown", "zqneighbour", "zqforeign"
LEVEL, EVIDENCE = "level|", "evidence|"
SHEET = "Who,When,Reading\nAsh,2025-04-15,2\nBirch,2025-04-15,3\n"


@dataclass(frozen=True)
class Place:
    app: RunningApp
    own: World
    foreign: World
    sessions: dict[str, str]

    def tab(self, who: str, address: str = "/", **more: Any) -> Tab:
        """A page opened by one of the first network's people, "" for nobody."""
        return Tab(self.app.url, address, self.sessions[who], **more)

    def assess(self, partnership: int = 0) -> str:
        """The address of a rating that stands."""
        rubric = self.own.rubrics[0]
        chosen = {"partnership": self.own.partnerships[partnership], "rubric": rubric}
        chosen |= {"convening": self.own.days[-1].isoformat(), "domain": self.own.domains[rubric][0]}
        return "/self-assess?" + "&".join(f"{name}={value}" for name, value in chosen.items())

    def stored(self) -> list[str]:
        """The whole database as SQL; when a session was last seen is no content."""
        with closing(sqlite3.connect(f"file:{self.app.database}?mode=ro", uri=True)) as connection:
            return [line for line in connection.iterdump() if "sign_in_sessions" not in line]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    with worlds.running(tmp_path_factory.mktemp("forged")) as (app, store):
        own = worlds.build(store, "north", Marked(OWN, NEIGHBOUR), Size(partnerships=3))
        foreign = worlds.build(store, "south", Marked(FOREIGN), Size(partnerships=2))
        people = ("member", "facilitator", "staff", "neighbour")
        sessions = {"": "", **{who: own.session(store, who) for who in people}}
        sessions["foreign"] = foreign.session(store, "staff")
        app.start()
        yield Place(app, own, foreign, sessions)


@pytest.fixture
def unchanged(place: Place) -> Iterator[None]:
    """The database is the same afterwards, byte for byte of its SQL, and the server still serves."""
    before = place.stored()
    yield
    assert place.stored() == before
    with place.tab("member") as tab:
        assert f"{OWN} " in tab.run().text


def _level(screen: Screen) -> Widget:
    return screen.one("radio", key=LEVEL)


def test_an_honest_tap_is_saved(place: Place) -> None:
    """What the attacks below send would be seen in the database if it were taken."""
    before = place.stored()
    with place.tab("facilitator", place.assess()) as tab:
        level = _level(tab.run())
        assert "Saved" in tab.choose(level, level.options[-1]).text
    assert place.stored() != before


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize("option", ["9 Nothing", "", "0", "-1", "<script>", "None", "x" * 100_000])
def test_a_level_that_was_not_offered_is_not_saved(place: Place, option: str) -> None:
    with place.tab("facilitator", place.assess()) as tab:
        tab.run()
        tab.choose(_level(tab.screen), option)


@pytest.mark.usefixtures("unchanged")
def test_pickers_take_no_code_that_they_did_not_offer(place: Place) -> None:
    others = (
        place.own.partnerships[1],
        f"{NEIGHBOUR} partnerships.title 1",
        place.foreign.partnerships[0],
        "../..",
        "'",
    )
    with place.tab("member", "/movement") as tab:
        for widget in tab.run().find("selectbox") + tab.screen.find("button_group"):
            for value in others:
                again = tab.screen.find(widget.kind, widget.label)
                if again:
                    tab.choose(again[0], value if widget.kind == "selectbox" else [value])
        assert not tab.screen.errors
        _shows_nobody_else(tab.screen, *others)


def _shows_nobody_else(screen: Screen, *echoed: str) -> None:
    """A widget that gets back its own forged value is no leak: what the visitor sent is taken out first."""
    text = screen.text
    for value in echoed:
        text = text.replace(value, "")
    assert NEIGHBOUR not in text
    assert FOREIGN not in text


@pytest.mark.usefixtures("unchanged")
def test_what_a_disabled_widget_is_said_to_hold_is_not_saved(place: Place) -> None:
    with place.tab("member", place.assess()) as tab:
        areas = tab.run().find("text_area")
        assert areas
        assert all(widget.disabled for widget in areas)
        for widget in areas:
            tab.screen.put(widget, "forged")
        tab.screen.put(tab.screen.one("text_input", key="owner|"), "forged")
        tab.run(areas[0].fragment)
        tab.run()


@pytest.mark.usefixtures("unchanged")
def test_a_member_who_sends_the_facilitators_widgets_saves_nothing(place: Place) -> None:
    with place.tab("facilitator", place.assess()) as honest:
        honest.run()
        level, evidence = _level(honest.screen), honest.screen.one("text_area", key=EVIDENCE)
    with place.tab("member", place.assess()) as tab:
        tab.run()
        for widget, value in ((level, level.options[0]), (evidence, "forged")):
            tab.screen.put(widget, value)
        tab.run(level.fragment)
        tab.run()


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize("who", ["", "member", "neighbour"])
@pytest.mark.parametrize("address", ["/import", "/people", "/network", "/", "/rubrics"])
def test_buttons_of_staff_do_nothing_for_others(place: Place, who: str, address: str) -> None:
    """Every widget that staff have on a page, pressed and filled by somebody who has it not."""
    with place.tab("staff", address) as honest:
        theirs = list(honest.run().widgets.values())
    with place.tab(who, address) as tab:
        tab.run()
        mine = {widget.id for widget in tab.screen.widgets.values()}
        for widget in theirs:
            if widget.id not in mine:
                _fill(tab.screen, widget)
        tab.run()
        assert not tab.screen.errors
        assert FOREIGN not in tab.screen.text


def _fill(screen: Screen, widget: Widget) -> None:
    values: dict[str, Any] = {"button": True, "text_input": "forged", "text_area": "forged", "checkbox": True}
    if widget.kind in values:
        screen.put(widget, values[widget.kind])
    elif widget.options:
        first = widget.options[-1]
        screen.put(widget, [first] if widget.kind in ("button_group", "multiselect") else first)


@pytest.mark.usefixtures("unchanged")
def test_widgets_that_never_were_are_ignored(place: Place) -> None:
    with place.tab("facilitator", "/") as tab:
        tab.run()
        for number, (name, value) in enumerate([("string_value", "x"), ("bool_value", True), ("json_value", "{")]):
            made_up = f"$$ID-{number:032x}-clear"
            tab.screen.states[made_up] = state(made_up, name, value)
        tab.run()
        tab.screen.states["not an id"] = state("not an id", "trigger_value", True)
        tab.send(tab.screen.rerun("0" * 32))  # a fragment that never was: no run comes of it
        tab.screen.frames.clear()
        assert OWN in tab.run().text


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize("value", ["not json", "[]", "null", '{"edited_rows": {"0": {"__proto__": 1}}}'])
def test_a_value_of_another_shape_breaks_nothing(place: Place, value: str) -> None:
    with place.tab("facilitator", place.assess()) as tab:
        for widget in list(tab.run().widgets.values()):
            tab.screen.states[widget.id] = state(widget.id, "json_value", value)
        tab.run()


NO_ROWS: dict[str, list[object]] = {"added_rows": [], "deleted_rows": []}
EDITS = {
    "a fixed column": {"edited_rows": {"0": {"Column": "forged", "Domain": FOREIGN}}, **NO_ROWS},
    "an unlisted option": {"edited_rows": {"0": {"Domain": "forged"}}, "added_rows": [], "deleted_rows": []},
    "an added row": {"edited_rows": {}, "added_rows": [{"Column": "forged", "Domain": "forged"}], "deleted_rows": []},
    "a deleted row": {"edited_rows": {}, "added_rows": [], "deleted_rows": [0]},
    "a row that is not there": {"edited_rows": {"999": {"Domain": "forged"}}, "added_rows": [], "deleted_rows": []},
}


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize("edit", EDITS)
def test_the_editor_of_the_mapping_form_takes_only_choices_for_its_own_rows(place: Place, edit: str) -> None:
    with place.tab("staff", "/import") as tab:
        uploader = tab.run().one("file_uploader")
        tab.upload(uploader, "past.csv", SHEET.encode())
        editor = tab.screen.one("data_editor")
        tab.choose(editor, json.dumps(EDITS[edit]))
        drawn = [frame for frame in tab.screen.frames[-400:] if b"forged" in frame]
        assert not drawn, "what was forged came back in the page"


def test_a_stolen_session_id_opens_nothing_without_its_cookie(place: Place) -> None:
    """The id stands in upload addresses, so in the logs of proxies: it must be worth nothing."""
    before = place.stored()
    victim = place.tab("staff", "/import")
    victim.upload(victim.run().one("file_uploader"), "secret.csv", SHEET.replace("Ash", "zqsecret").encode())
    stolen = victim.screen.session_id
    for thief in ("", "neighbour", "foreign"):
        with place.tab(thief, "/import", existing_session_id=stolen) as tab:
            text = tab.run().text
            assert "zqsecret" not in text
            assert "secret.csv" not in text
            if thief == "":
                assert OWN not in text
            if thief != "neighbour":
                assert NEIGHBOUR not in text
    victim.close()
    with place.tab("staff", "/import", existing_session_id=stolen) as again:
        assert f"{OWN} networks.title" in again.run().text.replace("\\", "")
    assert place.stored() == before


@pytest.mark.usefixtures("unchanged")
def test_a_socket_keeps_to_the_person_whose_cookie_it_came_with(place: Place) -> None:
    """Asking for another session's files, or naming another session in a message, gives nothing."""
    with place.tab("staff", "/import") as victim, place.tab("member", "/import") as tab:
        theirs = victim.run().session_id
        tab.run()
        message = BackMsg()
        message.file_urls_request.request_id, message.file_urls_request.session_id = "1", theirs
        message.file_urls_request.file_names.append("x.csv")
        tab.send(message)
        tab.run()
        assert NEIGHBOUR not in tab.screen.text


SPOOFED = ("X-Streamlit-User", "X-Forwarded-User", "X-Forwarded-Email", "X-Auth-Request-Email", "Remote-User", "X-User")


@pytest.mark.usefixtures("unchanged")
def test_a_header_that_names_a_user_signs_nobody_in(place: Place) -> None:
    headers = dict.fromkeys(SPOOFED, f"{OWN} people.email 2")
    with place.tab("", "/", headers=headers) as tab:
        assert OWN not in tab.run().text


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize("session", ["x", "' OR 1=1 --", "%00", "a" * 3_000])
def test_a_made_up_cookie_signs_nobody_in(place: Place, session: str) -> None:
    with Tab(place.app.url, "/", session) as tab:
        assert OWN not in tab.run().text


@pytest.mark.usefixtures("unchanged")
def test_an_anonymous_socket_that_clears_the_caches_stops_nobody(place: Place) -> None:
    with place.tab("", "/") as anonymous, place.tab("member", "/movement") as tab:
        anonymous.run()
        before = tab.run().text
        for _ in range(20):
            anonymous.send(BackMsg(clear_cache=True))
        anonymous.send(BackMsg(stop_script=True))
        tab.screen.frames.clear()
        tab.screen.cached.clear()
        assert tab.run().text.count(OWN) == before.count(OWN)
        assert OWN not in anonymous.screen.text


@pytest.mark.usefixtures("unchanged")
def test_messages_for_developers_are_ignored(place: Place) -> None:
    with place.tab("", "/") as tab:
        tab.run()
        for name in ("debug_shutdown_runtime", "debug_disconnect_websocket", "load_git_info", "set_run_on_save"):
            tab.send(BackMsg(**{name: True}))  # type: ignore[arg-type]
        assert tab.run().text


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize("page", ["import", "people", "network", "import_ratings", "../pages/import_ratings", "main"])
def test_a_page_that_the_role_may_not_open_stays_shut_however_it_is_asked_for(place: Place, page: str) -> None:
    with place.tab("staff", f"/{page}") as honest:
        page_hash = honest.run().page_hash
    with place.tab("member", "/") as tab:
        tab.run()
        tab.screen.page, tab.screen.page_hash = page, ""
        tab.run()
        tab.screen.page_hash = page_hash
        tab.run()
        assert f"{OWN} batches" not in tab.screen.text
        assert NEIGHBOUR not in tab.screen.text


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize("who", ["member", "facilitator"])
def test_codes_of_others_in_the_address_open_nothing(place: Place, who: str) -> None:
    own, foreign = place.own, place.foreign
    with place.tab(who, "/") as tab:
        for world, partnership in ((own, own.partnerships[1]), (foreign, foreign.partnerships[0])):
            rubric = world.rubrics[0]
            query = f"partnership={partnership}&rubric={rubric}&convening={world.days[-1]}&pen=x&view=peers&domain=x"
            for page in ("home", "self-assess", "movement", "rubrics"):
                tab.screen.frames.clear()
                _shows_nobody_else(tab.go(f"/{page}?{query}"), partnership, rubric)


@pytest.mark.usefixtures("unchanged")
def test_a_fragment_asked_for_after_signing_out_saves_nothing(place: Place) -> None:
    """The socket stays open when its session ends elsewhere: the next run asks the database again."""
    with place.tab("facilitator", place.assess()) as tab:
        level = _level(tab.run())
        with closing(sqlite3.connect(place.app.database)) as connection:
            kept = connection.execute("SELECT * FROM sign_in_sessions").fetchall()
            connection.execute("DELETE FROM sign_in_sessions")
            connection.commit()
            tab.choose(level, level.options[0])
            tab.run()
            connection.executemany("INSERT INTO sign_in_sessions VALUES (?, ?, ?, ?, ?, ?)", kept)
            connection.commit()


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize("frame", [b"", b"\x00", b"\xff" * 2_000, b"not a message"])
def test_bytes_that_are_no_message_end_at_most_their_own_socket(place: Place, frame: bytes) -> None:
    with place.tab("", "/") as tab:
        tab.send(frame)
        time.sleep(0.05)


@pytest.mark.usefixtures("unchanged")
def test_a_socket_of_another_site_is_not_opened(place: Place) -> None:
    with pytest.raises(Exception, match=r"403|rejected|1008"):
        place.tab("staff", "/", origin="https://elsewhere.example")
