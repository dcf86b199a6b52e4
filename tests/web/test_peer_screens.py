"""Peer sets on Network, and on Movement the views of peers, of where one is stuck, and of what one shares."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from progressions.clock import utc_now
from progressions.people import Access, Network, PeerView
from progressions.services import networks, peer_sets, shared_notes, start
from progressions.services.stuck_and_moved import Stuck
from progressions.settings import Settings
from progressions.sharing import SharedNote
from progressions.store import Store
from progressions.web import guard, peer_caches, peers_view
from tests.plain_sql import PlainSql
from tests.web.conftest import OWN
from tests.web.shown import press, ran

Open = Callable[..., AppTest]


@pytest.fixture
def opened(session_of: Callable[[str], str], pages: Path, monkeypatch: pytest.MonkeyPatch) -> Open:
    """A page as somebody sees it."""

    def open_page(access: str, page: str = "movement", **address: str) -> AppTest:
        token = session_of(access)
        monkeypatch.setattr(guard, "session_token", lambda: token)
        shown = AppTest.from_file(str(pages / f"{page}.py"), default_timeout=120)
        for name, value in {"partnership": OWN, "rubric": "partnership", **address}.items():
            shown.query_params[name] = value
        return ran(shown)

    return open_page


@pytest.fixture
def sql(example: Settings) -> PlainSql:
    return PlainSql(example.database_url)


@pytest.fixture
def others(installed: Store, network: Network) -> list[str]:
    """Codes of all partnerships, the own one first."""
    codes = [p.code for p in networks.partnerships(installed, start.system_principal(network))]
    return [OWN, *(code for code in codes if code != OWN)]


def everything(shown: AppTest) -> str:
    """All texts, and what charts and tables are made of."""
    texts = (shown.markdown, shown.caption, shown.info, shown.success, shown.subheader, shown.error, shown.table)
    drawn = [str(chart.proto) for chart in shown.get("vega_lite_chart")]
    return "\n".join([str(element.value) for elements in texts for element in elements] + drawn)


def box(shown: AppTest, label: str) -> list[str]:
    """The options of a select box; nothing where there is none."""
    return [option for each in shown.selectbox if each.label == label for option in each.options]


# Sets.


def test_staff_make_a_set_and_take_it_away(opened: Open, sql: PlainSql, others: list[str]) -> None:
    shown = opened("staff", "network")
    next(field for field in shown.text_input if field.label == "Name of a new set").set_value("Large *urban*")
    shown.multiselect[0].set_value(others[:6])
    shown = ran(shown)
    assert not [info for info in shown.info if "cannot be shown" in info.value]
    shown = press(shown, "Make the set")
    assert sql.rows("SELECT title, is_shown FROM peer_sets") == [("Large *urban*", 1)]
    assert "Large \\*urban\\*" in everything(shown)
    shown = press(shown, "Take away")
    assert sql.value("SELECT count(*) FROM peer_sets WHERE removed_at IS NULL") == 0
    assert sql.value("SELECT count(*) FROM peer_set_members") == 6


def test_the_form_says_why_members_cannot_look_and_makes_it_for_staff(
    opened: Open, sql: PlainSql, others: list[str]
) -> None:
    shown = opened("staff", "network")
    next(field for field in shown.text_input if field.label == "Name of a new set").set_value("Three")
    shown.multiselect[0].set_value(others[:3])
    shown = ran(shown)
    assert any("Members cannot be shown this set" in info.value for info in shown.info)
    press(shown, "Make the set")
    assert sql.value("SELECT is_shown FROM peer_sets WHERE title = 'Three'") == 0


def test_a_set_without_a_name_is_refused_with_a_sentence(opened: Open, others: list[str]) -> None:
    shown = opened("staff", "network")
    shown.multiselect[0].set_value(others[:6])
    shown = press(ran(shown), "Make the set")
    assert any("Give the set a name" in error.value for error in shown.error)


# Views.


def test_the_picker_of_sets_offers_members_those_that_are_shown_to_them(
    opened: Open, installed: Store, network: Network, others: list[str]
) -> None:
    staff, now = start.system_principal(network), utc_now()
    peer_sets.make(installed, staff, "Shown", others[:6], now, is_shown=True)
    peer_sets.make(installed, staff, "Hidden", others[:2], now, is_shown=False)
    for access, offered in (("member", {"All peers", "Shown"}), ("staff", {"All peers", "Shown", "Hidden", "Three"})):
        assert set(box(opened(access, view="peers"), "Which peers")) == offered
    assert "Hidden" not in everything(opened("member", view="peers", set="2"))


@pytest.mark.parametrize("way", peers_view.WAYS)
@pytest.mark.parametrize("view", [PeerView.NAMES, PeerView.COUNTS, PeerView.BANDS])
def test_every_way_of_looking_opens_under_every_view(opened: Open, sql: PlainSql, way: str, view: PeerView) -> None:
    sql.run(f"UPDATE networks SET peer_view = '{view.value}', revision = revision + 1")
    shown = opened("member", view="peers", peers=way)
    text = everything(shown)
    sql.run("UPDATE networks SET peer_view = 'counts', revision = revision + 1")
    assert shown.subheader or shown.info
    if view is not PeerView.NAMES:
        assert "Kestrel Ridge" not in text
    if (way, view) == (peers_view.STARTED, PeerView.BANDS):
        assert "chosen by a level would tell it" in text


def test_where_we_started_may_be_chosen_by_those_who_see_names(opened: Open) -> None:
    offered = box(opened("staff", view="peers", peers="started"), "Starting from")
    assert offered[:2] == ["Our first rating", "Winter 2025 · 29 Jan 2025"], "each reads on from the picker's name"
    assert not box(opened("member", view="peers", peers="started"), "Starting from")


# Stuck and moved.


def agreed(store: Store, network: Network, codes: list[str], *, agrees: bool = True) -> None:
    staff = start.system_principal(network)
    for code in codes:
        for number in range(1, 9):
            note = shared_notes.note(store, staff, code, "partnership", _domain(store, network, number))
            wanted = SharedNote(
                code, "partnership", note.domain, f"Note of {code}", "Ana", row_version=note.row_version
            )
            speaker = replace(staff, access=Access.FACILITATOR, partnership=code)
            shared_notes.share(store, speaker, wanted, utc_now(), may_be_asked=agrees)


def _domain(store: Store, network: Network, number: int) -> str:
    with store.read(start.system_principal(network)) as repository:
        version = repository.rubric_version("partnership")
    assert version is not None
    return version.rubric.domains[number - 1].code


def test_members_read_those_who_agreed_and_staff_read_all(
    opened: Open, installed: Store, network: Network, others: list[str]
) -> None:
    agreed(installed, network, others[1:3])
    agreed(installed, network, others[3:4], agrees=False)
    member, staff = (everything(opened(access, view="stuck")) for access in ("member", "staff"))
    titles = [p.title.split(" ")[0] for p in networks.partnerships(installed, start.system_principal(network))]
    named = [title for title in titles if f"**{title} " in member]
    assert set(named) & {"Brindle", "Cindermill"}
    in_the_example = {"Harrowmere"}  # of those who agreed there, the one that moved on from where Alder stands still
    assert set(named) - in_the_example <= {"Alder", "Brindle", "Cindermill"}, "Alder is whose page it is"
    assert "To ask them: Ana" in member
    assert "only network staff read this" not in member
    assert "only network staff read this" in staff
    assert len([title for title in titles if f"**{title} " in staff]) > len(named)


def test_a_list_that_is_cut_says_its_order_and_nothing_of_the_days_of_those_left_out(
    opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = peer_caches.stuck_of

    def cut(*of: Any) -> tuple[Stuck, ...]:
        return tuple(replace(each, more=len(each.movers) and 60) for each in found(*of))

    whole = everything(opened("staff", view="stuck"))
    monkeypatch.setattr(peer_caches, "stuck_of", cut)
    shown = opened("staff", view="stuck")
    texts = [str(each.value) for each in shown.main if each.type in ("markdown", "caption")]
    first = next(place for place, text in enumerate(texts) if text.startswith(":material/stairs_2:"))
    assert texts[first - 1] == "Most recent first:"
    assert "And 60 more who moved on." in texts[first:]
    assert "before these" not in everything(shown)
    assert "Most recent first" not in whole, "all of them stand there"


def test_a_facilitator_shares_knowing_what_is_read_and_takes_it_back(opened: Open, sql: PlainSql) -> None:
    shown = opened("facilitator", view="stuck")
    text = everything(shown)
    assert "If you agree, the members of every partnership" in text
    assert "moved from" in text
    next(field for field in shown.text_area if field.label == "What helped us move").set_value("Walk-throughs")
    next(field for field in shown.text_input if field.label.startswith("How others may ask")).set_value("Ana")
    shown.checkbox[0].set_value(True)
    shown = press(ran(shown), "Save what we share")
    of = f"partnership_id = (SELECT id FROM partnerships WHERE code = '{OWN}')"
    assert sql.rows(f"SELECT note, contact, asked_at IS NULL FROM shared_notes WHERE {of}") == [
        ("Walk-throughs", "Ana", 0)
    ]
    assert any("read it now" in said.value for said in shown.success)
    shown.checkbox[0].set_value(False)
    shown = press(ran(shown), "Save what we share")
    assert sql.value(f"SELECT asked_at FROM shared_notes WHERE {of}") is None
    assert any("Only network staff" in said.value for said in shown.success)


def test_the_same_form_stands_under_the_line_of_a_domain_that_moved_up(opened: Open, sql: PlainSql) -> None:
    of = "domain_id = (SELECT id FROM domains WHERE code = 'partnership-6') AND partnership_id = "
    of += f"(SELECT id FROM partnerships WHERE code = '{OWN}')"
    shown = opened("facilitator", view="one", domain="partnership-6")
    assert "Focus on equity: moved from 2" in everything(shown).replace("\\", "")
    next(field for field in shown.text_area if field.label == "What helped us move").set_value("Groups side by side")
    next(field for field in shown.text_input if field.label.startswith("How others may ask")).set_value("Maya")
    shown = press(ran(shown), "Save what we share")
    assert sql.rows(f"SELECT note, contact, asked_at FROM shared_notes WHERE {of}") == [
        ("Groups side by side", "Maya", None)
    ]
    assert any("Only network staff read it" in said.value for said in shown.success)
    again = opened("facilitator", view="stuck", moved="partnership-6")
    assert [field.value for field in again.text_area] == ["Groups side by side"]
    read = opened("member", view="one", domain="partnership-6")
    assert "What helped us move: “Groups side by side”" in everything(read)
    assert not read.text_area


def test_staff_read_what_a_partnership_shares_and_have_no_form_to_agree_in_its_name(
    opened: Open, installed: Store, network: Network
) -> None:
    for view, of in (("one", {"domain": "partnership-6"}), ("stuck", {"moved": "partnership-6"})):
        assert not opened("staff", view=view, **of).checkbox
    agreed(installed, network, [OWN])
    for view, of in (("one", {"domain": "partnership-6"}), ("stuck", {"moved": "partnership-6"})):
        shown = opened("staff", view=view, **of)
        assert not shown.checkbox
        assert not shown.text_area
        assert f"What helped us move: “Note of {OWN}”" in everything(shown).replace("\\", "")
        assert "To ask: Ana" in everything(shown)


def test_under_a_domain_that_has_not_moved_up_there_is_nothing_to_share(opened: Open) -> None:
    shown = opened("facilitator", view="one", domain="partnership-4")
    assert shown.subheader
    assert not shown.text_area


def test_whoever_agrees_without_saying_how_is_asked_to(opened: Open, sql: PlainSql) -> None:
    shown = opened("facilitator", view="stuck")
    next(field for field in shown.text_input if field.label.startswith("How others may ask")).set_value("")
    shown.checkbox[0].set_value(True)
    before = sql.value("SELECT max(row_version) FROM shared_notes")
    shown = press(ran(shown), "Save what we share")
    assert any("Say how others may ask you" in error.value for error in shown.error)
    assert sql.value("SELECT max(row_version) FROM shared_notes") == before


def test_members_read_and_share_nothing_themselves(opened: Open) -> None:
    shown = opened("member", view="stuck")
    assert not [button for button in shown.button if button.label == "Save what we share"]


def test_where_the_network_shows_nothing_only_ones_own_note_is_left(opened: Open, sql: PlainSql) -> None:
    sql.run("UPDATE networks SET peer_view = 'nothing', revision = revision + 1")
    shown = opened("facilitator", view="stuck")
    sql.run("UPDATE networks SET peer_view = 'counts', revision = revision + 1")
    assert "shows nothing of other partnerships" in everything(shown)
    assert [button for button in shown.button if button.label == "Save what we share"]


def test_peers_open_at_the_latest_convening_that_the_own_team_rated(opened: Open, sql: PlainSql) -> None:
    """Not at one that nobody of the team rated, beside which nothing could be told."""
    own = (
        "SELECT c.held_on FROM ratings r JOIN partnerships p ON p.id = r.partnership_id JOIN convenings c ON "
        "c.id = r.convening_id JOIN domains d ON d.id = r.domain_id JOIN rubrics u ON u.id = d.rubric_id "
        f"WHERE p.code = '{OWN}' AND u.code = 'ihe' AND r.level IS NOT NULL ORDER BY c.held_on DESC LIMIT 1"
    )
    last = str(sql.value(own))[:10]
    shown = opened("member", view="peers", rubric="ihe")
    (picker,) = (each for each in shown.selectbox if each.label == "Convening")
    assert picker.value == last < max(str(day)[:10] for (day,) in sql.rows("SELECT held_on FROM convenings"))
    assert "none of these is rated here" not in everything(shown)
    later = opened("member", view="peers", rubric="ihe", convening="2026-10-21")
    (picker,) = (each for each in later.selectbox if each.label == "Convening")
    assert picker.value == "2026-10-21"
