"""Twelve texts that want to do harm, in every field that is stored: no screen obeys them, and no file does.

The screens are opened in a real Chromium that may ask nobody but our server; files are opened and read cell by cell.
"""

import csv
import io
import re
import sqlite3
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from html.parser import HTMLParser

import openpyxl
import pytest
from playwright.sync_api import Browser, Page, Request, Route

from progressions.store import Store
from progressions.store.column_types import UnstorableTextError
from progressions.web import navigation
from tests.browser.rest import settled
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
    "ratings.convinced",
    "ratings.links",
    "seats.name",
    "votes.note",
}
# The figures without titles of 64 KB in them, whose lines take a drawing many seconds to measure.
DRAWN = ("/download/figures/stands.", "/download/figures/peers.")
CODES = {"partnerships.code", "rubrics.code", "domains.code", "domain_aliases.code"}
TURNING = dict.fromkeys(map(ord, "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"))
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
        size = Size(partnerships=12, convenings=12, rubrics=2, domains=6, levels=6, seats=12)
        world = worlds.build(store, "north", Hostile(), size)
        session = world.session(store, "staff")
        app.start()
        yield Place(app, world, session)


def test_every_text_column_of_the_store_holds_all_twelve(place: Place) -> None:
    """A column that comes later and is not filled here fails this: see ``worlds.NO_TEXT_OF_ANYBODY``."""
    kept = [text.translate(TURNING) for text in HOSTILE]
    without = worlds.columns_without(place.app.database, kept)
    mappings = {"batches.mapping", "saved_mappings.mapping", "saved_mappings.headings"}  # written out as \\u202e
    assert without - CODES - mappings == set()
    assert worlds.columns_without(place.app.database, HOSTILE) & mappings == set()


def test_no_text_column_holds_what_turns_text_round(place: Place) -> None:
    with closing(sqlite3.connect(f"file:{place.app.database}?mode=ro", uri=True)) as connection:
        dump = "\n".join(connection.iterdump())
    assert "gnirts desrever isolated @SUM(1+1)" in dump
    assert not set(map(chr, TURNING)) & set(dump)


@pytest.mark.parametrize("text", ["a\x00b", "\ud800", "x\udfff"])
def test_what_no_database_can_hold_is_refused(sqlite_store: Store, text: str) -> None:
    with pytest.raises(UnstorableTextError), sqlite_store.write_directory() as directory:
        directory.add_person(text, NOW)


PROJECTOR = {"width": 1280, "height": 720}


@dataclass
class Watched:
    """A page that may ask our server alone, and what else it wanted."""

    page: Page
    wanted: list[str] = field(default_factory=list)
    dialogs: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def watched(place: Place, browser: Browser) -> Iterator[Watched]:
    context = browser.new_context(viewport=PROJECTOR)
    tokens = {"progressions_session": place.session, "progressions_seat": place.world.teams[0].token}
    context.add_cookies([{"name": name, "value": token, "url": place.app.url} for name, token in tokens.items()])
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
    "home": ("", "partnership=partnerships-0", "rubric=rubrics-1"),
    "self-assess": ("", "domain=domains-3", "rubric=rubrics-1&domain=domains-8"),
    "movement": (
        "view=all",
        "view=one",
        "view=two&rubric=rubrics-1",
        "view=two&rubric=rubrics-0&since=any",
        "view=promises",
        "view=peers",
    ),
    "compare": (
        *(f"view={view}" for view in ("sites", "side", "over", "moved", "coverage")),
        "site=partnerships-0&order=level:domains-0",
        "view=moved&domain=domains-1&rubric=rubrics-0",
    ),
    "rubrics": ("", "rubric=rubrics-1"),
    "import": ("",),
    "people": ("",),
    "network": ("",),
    "session": (
        "convening={first}",
        *(f"convening={{last}}&step={step}" for step in ("join", "vote", "agree", "finish")),
        "convening={last}&step=agree&domain={rubric}.domains-2",
    ),
    "vote": ("domain={rubric}.domains-1", "domain={rubric}.domains-0", "domain={rubric}.domains-2"),
    "hall": ("convening={last}",),
}
PHONE = {"width": 390, "height": 844}

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
    page, days = watched.page, place.world.days
    asked = query.format(first=days[0], last=days[-1], rubric=place.world.rubrics[0])
    if screen == "vote":
        page.set_viewport_size(PHONE)
    page.goto(f"{place.app.url}/{screen}?{asked}")
    page.locator("h1, h3").first.wait_for()
    settled(page)
    page.set_viewport_size(PROJECTOR)
    for opener in page.get_by_role("button", name="History").all()[:1]:
        opener.click()
        settled(page)
    assert "Something went wrong" not in page.inner_text("body")
    assert page.evaluate(FOREIGN_PARTS, place.app.url) == []
    assert watched.wanted == []
    assert watched.dialogs == []
    assert [frame.url for frame in page.frames[1:]] == []


@pytest.mark.browser
def test_the_page_for_joining_obeys_nothing_either(place: Place, watched: Watched) -> None:
    page = watched.page
    page.goto(f"{place.app.url}/join/{place.world.teams[0].session.room_code}?anew=1")
    page.locator("form").first.wait_for()
    assert page.evaluate("() => window.hostile") is None
    assert page.locator("iframe, object, embed, img, script").count() == 0
    assert [form.get_attribute("action") for form in page.locator("form").all()] == ["/join"]
    assert page.locator("input[name=code]").count() == 1
    assert (watched.wanted, watched.dialogs) == ([], [])


TAGS = {"html", "head", "meta", "title", "style", "link", "body", "main", "header", "footer", "section", "article"}
TAGS |= {
    "b",
    "i",
    "h1",
    "h2",
    "h3",
    "p",
    "div",
    "span",
    "small",
    "strong",
    "br",
    "hr",
    "ul",
    "ol",
    "li",
    "dl",
    "dt",
    "dd",
}
TAGS |= {"table", "caption", "colgroup", "col", "thead", "tbody", "tr", "th", "td"}


class _Tags(HTMLParser):
    """The tags of a page, and the attributes that would act or fetch."""

    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()
        self.acts: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.found.add(tag)
        self.acts += [
            (tag, name) for name, _ in attributes if name.startswith("on") or name in ("src", "href", "action")
        ]


def test_a_sheet_to_print_holds_nothing_that_acts(place: Place) -> None:
    with Tab(place.app.url, "/", place.session) as tab:
        for rubric in place.world.rubrics:
            status, body = tab.get(f"/sheets/{rubric}")
            assert status == 200
            read = _Tags()
            read.feed(body.decode())
            assert read.found <= TAGS, read.found - TAGS
            assert {tag for tag, _name in read.acts} <= {"link"}
            assert "W" * 1_000 in body.decode()


def _files(world: World) -> list[str]:
    found = []
    for addresses in matrix.DOWNLOADS.values():
        for address, _may in addresses:
            rubric, days = world.rubrics[0], world.days
            known = {"partnership": world.partnerships[0], "rubric": rubric, "domain": world.domains[rubric][0]}
            asked = address.format(**known, other=world.partnerships[-1], then=days[0], now=days[-1])
            found.append(asked)
            found.append(asked.replace(".csv?", ".xlsx?"))
            if asked.startswith(DRAWN):
                found.append(asked.replace(".csv?", ".svg?"))
    return sorted({asked for asked in found if ".exe" not in asked and not asked.startswith("/sheets/")})


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
