"""What a member sees of peers on the screen, as the network has chosen."""

import re
import sqlite3
from pathlib import Path

import pytest
from playwright.sync_api import Page

from progressions.people import Access
from tests.browser.rest import expect
from tests.browser.server import RunningApp
from tests.browser.steps import come_as, open_screen, press, settled, sign_in

pytestmark = pytest.mark.browser

OWN, OTHER = "Brindle Bay", "Kestrel Ridge"
SCREEN = "/movement?view=peers&rubric=partnership"


def choose(app: RunningApp, view: str) -> None:
    """The network's choice, made past the screens."""
    with sqlite3.connect(app.database) as connection:
        connection.execute("UPDATE networks SET peer_view = ?, revision = revision + 1", (view,))
    connection.close()


def shown(page: Page) -> str:
    """Everything on the screen, its charts and its links."""
    return page.content()


@pytest.mark.parametrize(
    ("view", "title"),
    [("counts", "beside its peers"), ("bands", "at level 3 or above"), ("names", "beside its peers")],
)
def test_a_member_sees_peers_as_the_network_has_chosen(
    page: Page, app: RunningApp, pictures: Path, view: str, title: str
) -> None:
    choose(app, view)
    come_as(page, app, Access.MEMBER, "brindle-bay")
    open_screen(page, app, SCREEN, "Movement")
    expect(page.get_by_role("heading", name=re.compile(f"{OWN}.*{title}|peers of {OWN}.*{title}"))).to_be_visible()
    _photograph(page, pictures, view)
    press(page.get_by_text("The same numbers as a table"))
    expect(page.get_by_role("link", name="CSV")).to_be_visible()
    expect(page.get_by_role("table")).to_be_visible()
    assert (OTHER in shown(page)) == (view == "names")
    told = page.request.get(f"{app.url}{page.get_by_role('link', name='CSV').get_attribute('href')}")
    assert told.ok
    assert (OTHER in told.text()) == (view == "names")


def _photograph(page: Page, pictures: Path, view: str) -> None:
    for width, height in ((1280, 720), (390, 844)):
        page.set_viewport_size({"width": width, "height": height})
        settled(page)
        page.screenshot(path=pictures / f"peers-{view}-{width}.png", full_page=True)
    page.emulate_media(color_scheme="dark")
    page.set_viewport_size({"width": 1280, "height": 720})
    page.reload()  # a chart takes the page's mode when it is drawn
    expect(page.get_by_role("heading", level=3)).to_be_visible()
    settled(page)
    page.screenshot(path=pictures / f"peers-{view}-dark.png", full_page=True)


def test_where_nothing_is_shown_there_is_no_such_view(page: Page, app: RunningApp) -> None:
    choose(app, "nothing")
    come_as(page, app, Access.MEMBER, "brindle-bay")
    open_screen(page, app, SCREEN, "Movement")
    views = page.get_by_role("radiogroup", name="View")
    expect(views.get_by_role("radio", name="All domains")).to_be_visible()
    expect(views.get_by_role("radio", name="Peers")).to_have_count(0)
    of = "partnership=brindle-bay&rubric=partnership&convening=2026-10-21"
    assert page.request.get(f"{app.url}/download/figures/peers.csv?{of}").status == 404
    choose(app, "counts")
    assert page.request.get(f"{app.url}/download/figures/peers.csv?{of}").status == 200


def test_staff_see_names_whatever_members_see(page: Page, app: RunningApp) -> None:
    choose(app, "nothing")
    sign_in(page, app)
    open_screen(page, app, f"{SCREEN}&partnership=brindle-bay", "Movement")
    expect(page.get_by_role("heading", name=re.compile(f"{OWN}.*beside its peers"))).to_be_visible()
    press(page.get_by_text("The same numbers as a table"))
    expect(page.get_by_role("table")).to_contain_text(OTHER)
