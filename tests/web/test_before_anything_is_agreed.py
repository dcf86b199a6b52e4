"""Movement of a partnership whose team has voted and agreed nothing yet: its votes, and a plain word in their stead."""

from collections.abc import Callable
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient
from streamlit.testing.v1 import AppTest

from progressions.clock import utc_now
from progressions.people import Network
from progressions.services import networks, start
from progressions.settings import Settings
from progressions.store import Store
from progressions.web import guard, movement_view
from progressions.web.cookie import COOKIE
from progressions.web.routes import ROUTES
from tests.plain_sql import PlainSql
from tests.web.conftest import OWN

Open = Callable[..., AppTest]
OF_LEVELS = {"all", "one", "two", "peers", "stuck"}


@pytest.fixture
def voted(example: Settings, installed: Store) -> Store:
    """The first partnership has votes of two convenings, and none of its levels."""
    sql = PlainSql(example.database_url)
    sql.run(
        f"UPDATE ratings SET level = NULL WHERE partnership_id IN (SELECT id FROM partnerships WHERE code = '{OWN}')"
    )
    sql.run("UPDATE networks SET revision = revision + 1")
    return installed


@pytest.fixture
def opened(voted: Store, session_of: Callable[[str], str], pages: Path, monkeypatch: pytest.MonkeyPatch) -> Open:
    """Movement at an address, as a member of that partnership or as staff."""
    assert voted
    monkeypatch.setattr("streamlit.page_link", lambda *_args, **_named: None)

    def open_page(access: str = "member", **address: str) -> AppTest:
        token = session_of(access)
        monkeypatch.setattr(guard, "session_token", lambda: token)
        shown = AppTest.from_file(str(pages / "movement.py"), default_timeout=120)
        for name, value in {"partnership": OWN, "rubric": "partnership", **address}.items():
            shown.query_params[name] = value
        shown.run()
        assert not shown.exception, shown.exception
        return shown

    return open_page


@pytest.mark.parametrize("access", ["member", "facilitator", "staff"])
def test_the_votes_are_told_and_say_that_nothing_was_agreed(opened: Open, access: str) -> None:
    shown = opened(access, view="agreement", part="votes")
    assert len(shown.get("vega_lite_chart")) == 1
    first = opened(access, view="agreement", part="first")
    assert len(first.get("vega_lite_chart")) == 1
    (table,) = (each.value for each in first.table)
    assert set(table["Agreed"]) == {"not rated"}


@pytest.mark.parametrize("view", sorted(OF_LEVELS))
def test_what_tells_of_levels_says_plainly_that_none_was_agreed(opened: Open, view: str) -> None:
    shown = opened("member", view=view)
    assert "no level has been agreed yet" in shown.info[0].value
    assert not shown.get("vega_lite_chart")


def test_promises_are_told_as_they_were_made(opened: Open) -> None:
    shown = opened("member", view="promises")
    assert {"Overdue", "Next step"} <= set(shown.table[0].value.columns)


def test_every_view_is_in_one_of_these_tests() -> None:
    assert {*OF_LEVELS, "agreement", "promises"} == set(movement_view.VIEWS)


def test_the_votes_can_be_downloaded_too(voted: Store, session_of: Callable[[str], str]) -> None:
    assert voted
    browser = TestClient(Starlette(routes=ROUTES), cookies={COOKIE: session_of("member")})
    of = f"partnership={OWN}&rubric=partnership&convening=2026-07-15"
    answer = browser.get(f"/download/figures/team-votes.csv?{of}")
    assert answer.status_code == 200
    assert "Partnership relationships" in answer.text


def test_a_partnership_without_votes_and_levels_hears_how_to_begin(
    opened: Open, voted: Store, network: Network
) -> None:
    new = networks.add_partnership(voted, start.system_principal(network), "Yarrow", utc_now())
    for view in movement_view.VIEWS:
        shown = opened("staff", partnership=new.code, view=view)
        assert [each.value for each in shown.info] == ["Nothing has been rated yet."]
