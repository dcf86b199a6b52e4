"""The Network screen by itself: what is stored is what it shows, and a choice counts once it is confirmed."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from progressions.clock import utc_now
from progressions.people import Access, Network, PeerView
from progressions.services import networks, people, sign_in, start
from progressions.services.people import Invitation
from progressions.settings import Settings
from progressions.store import Store
from progressions.web import guard, network_view, record_view
from tests.plain_sql import PlainSql


@pytest.fixture
def opened(session_of: Callable[[str], str], pages: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], AppTest]:
    """The page as somebody sees it."""

    def open_page(access: str) -> AppTest:
        token = session_of(access)
        monkeypatch.setattr(guard, "session_token", lambda: token)
        shown = AppTest.from_file(str(pages / "network.py"), default_timeout=120).run()
        assert not shown.exception, shown.exception
        return shown

    return open_page


@pytest.fixture
def sql(example: Settings) -> PlainSql:
    return PlainSql(example.database_url)


def everything(shown: AppTest) -> str:
    return "\n".join(str(element) for element in shown.main)


@pytest.mark.parametrize("access", ["", "member", "facilitator"])
def test_nobody_but_staff_sees_the_settings_or_the_record(opened: Callable[[str], AppTest], access: str) -> None:
    shown = opened(access)
    assert not shown.radio
    assert not shown.table
    assert "Command line" not in everything(shown)


def test_each_choice_says_what_it_means() -> None:
    assert set(network_view.MEANS) == set(network_view.NAMES) == set(PeerView)
    assert "Where all of them stand at one level, the counts show it" in network_view.MEANS[PeerView.COUNTS]


def test_a_choice_counts_once_it_is_saved_and_is_read_back(opened: Callable[[str], AppTest], sql: PlainSql) -> None:
    shown = opened("staff")
    assert shown.radio[0].value is PeerView.COUNTS
    shown.radio[0].set_value(PeerView.BANDS)
    shown.number_input[0].set_value(7)
    shown.run()
    assert sql.rows("SELECT peer_view, least_others FROM networks") == [("counts", 5)]
    shown.button(key="save-peers").click().run()
    assert sql.rows("SELECT peer_view, least_others FROM networks") == [("bands", 7)]
    assert [s.value for s in shown.success] == [
        "Saved. Members see bands of peers, where at least 7 others have rated."
    ]
    assert (shown.radio[0].value, shown.number_input[0].value) == (PeerView.BANDS, 7)
    row = shown.table[0].value.iloc[0]
    assert "setting changed" in row["What"]
    assert ("counts" in row["Before"], "bands" in row["After"]) == (True, True)
    assert opened("staff").radio[0].value is PeerView.BANDS


def test_the_name_of_the_network_can_be_changed(
    opened: Callable[[str], AppTest], sql: PlainSql, network: Network
) -> None:
    shown = opened("staff")
    shown.text_input[0].set_value("*Our* example").run()
    shown.button(key="save-title").click().run()
    assert sql.rows("SELECT title, code FROM networks") == [("*Our* example", network.code)]
    assert "\\*Our\\*" in shown.success[0].value
    shown.text_input[0].set_value("   ").run()
    shown.button(key="save-title").click().run()
    assert "Give your network a name" in shown.error[0].value
    assert sql.value("SELECT title FROM networks") == "*Our* example"


def test_pickers_show_names_as_they_stand_and_tell_two_of_one_name_apart(
    opened: Callable[[str], AppTest], installed: Store, network: Network
) -> None:
    staff, now = start.system_principal(network), utc_now()
    wanted = [Invitation(name, Access.STAFF) for name in ("Bo <b>*Hall*</b>", "Ann_Lee", "Ann_Lee")]
    bo, *anns = [people.invite(installed, staff, each, now) for each in wanted]
    for one in (bo, *anns):
        assert sign_in.use_link(installed, one.link_token, 1, now)
    networks.add_partnership(installed, staff, "Mill & Co. (*new*)", now)
    shown = opened("staff")
    who = shown.selectbox(key="who")
    assert {"Everybody", bo.name, *(f"Ann_Lee · {ann.person_id}" for ann in anns)} <= set(who.options)
    assert "Mill & Co. (*new*)" in shown.multiselect[0].options
    who.select(f"Ann_Lee · {anns[1].person_id}").run()
    assert list(shown.table[0].value["What"]) == ["**signed in** by link"]


def test_the_record_is_narrowed_and_turned_page_by_page(
    opened: Callable[[str], AppTest], installed: Store, network: Network
) -> None:
    staff = start.system_principal(network)
    networks.add_partnership(installed, staff, "<img src=x> ![x](http://x.invalid)", utc_now())
    shown = opened("staff")
    what = shown.table[0].value["What"].tolist()
    assert any("partnership added" in each for each in what)
    assert not [text for text in (*what, *(m.value for m in shown.markdown)) if "![x]" in text]
    assert sum(each.startswith("**imported**") for each in what) == 1
    of_import = re.compile(r"\*\*rated\*\* .*\\\(import \d")  # the example has ratings saved by hand too
    assert not any(of_import.match(each) for each in what), "an import is one line"
    shown.selectbox(key="record-what").set_value(record_view.EACH).run()
    assert len(shown.table[0].value) == 100
    first = shown.table[0].value["What"].tolist()
    shown.button(key="record-older").click().run()
    assert shown.table[0].value["What"].tolist() != first
    assert any(m.value.startswith("101 to 200") for m in shown.markdown)
    while not any(of_import.match(each) for each in shown.table[0].value["What"]):
        shown.button(key="record-older").click().run()  # no table, and an error, once there are no older ones
    shown.selectbox(key="record-what").set_value("rubric published").run()
    assert any(m.value.startswith("1 to 3") for m in shown.markdown)
    assert all("rubric published" in what for what in shown.table[0].value["What"])
    shown.selectbox(key="record-what").set_value("name removed").run()
    assert not shown.table
    assert [info.value for info in shown.info] == ["Nothing of this kind is in the record."]
