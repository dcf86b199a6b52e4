"""Who may do what: role × screen, file, action × own partnership, another one, another network, each combination.

The expectations stand in ``matrix.py``. Services are called as everybody with everybody's codes; screens and files are
asked of a running server with real sessions.
"""

import importlib
import inspect
import io
import pkgutil
import sqlite3
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

import progressions.services
from progressions import permissions
from progressions.errors import NotAllowedError, UserError
from progressions.people import Access, Principal
from progressions.services import imports, pictures, rubrics
from progressions.settings import PROJECT, ReadLimits, Settings
from progressions.store import Store, open_store
from progressions.web import guard, installation, navigation
from progressions.web.application import ROUTES
from tests.browser.server import RunningApp
from tests.web import matrix
from tests.web.matrix_words import ROLES, SCOPES, Place, Row
from tests.web.worlds import Marked, World, build
from tests.wire.client import Tab

OWN, NEIGHBOUR, FOREIGN = "zqown", "zqneighbour", "zqforeign"
NOTHING_HERE = "There is nothing here that you can open"
SIGN_IN, JOIN = "Open the sign-in link that you were given", "The room code stands on the screen in front"
EACH_SERVICE = len(ROLES) * len(SCOPES) * 3
made: Counter[str] = Counter()


def holds(part: str, condition: object, message: object) -> None:
    """One assertion of the matrix, counted."""
    made[part] += 1
    assert condition, f"{part}: {message}"


@dataclass(frozen=True)
class Desk:
    """Two furnished networks in one database, and how it was."""

    store: Store
    file: Path
    pristine: Path
    own: World
    foreign: World
    workbook: Any
    shown: dict[str, Any]
    sessions: dict[str, str]
    watch: sqlite3.Connection
    version: Any
    seen: list[int] = field(default_factory=lambda: [0])

    def place(self, scope: str, role: str = "") -> Place:
        """What a call of this scope is aimed at."""
        world = self.foreign if scope == "foreign" else self.own
        at = 1 if scope == "peer" else 0
        person = world.people["neighbour" if scope == "peer" else "member"]
        session, upload = self.sessions.get(role, "none"), self.shown["own"]
        code, shown = world.partnerships[at], self.shown[scope]
        return Place(world, code, person, self.workbook, shown, upload, session, self.version)

    def is_changed(self) -> bool:
        """Whether anything at all has been written since the last time this was asked."""
        before, now = self.seen[-1], self._version()
        self.seen.append(now)
        return before != now

    def _version(self) -> int:
        (version,) = self.watch.execute("PRAGMA data_version").fetchone()
        return int(version)

    def put_back(self) -> None:
        """Makes the database what it was."""
        with closing(sqlite3.connect(self.pristine)) as before, closing(sqlite3.connect(self.file)) as now:
            before.backup(now)
        self.seen.append(self._version())


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    folder = tmp_path_factory.mktemp("matrix")
    file = folder / "store.sqlite3"
    store = open_store(f"sqlite:///{file}")
    own = build(store, "north", Marked(OWN, NEIGHBOUR))
    foreign = build(store, "south", Marked(FOREIGN))
    shown = {scope: _preview(store, foreign if scope == "foreign" else own) for scope in SCOPES}
    sessions = {role: own.session(store, role) for role in ROLES if role not in matrix.SEATED}
    (version,) = rubrics.latest(store, own.principal("staff"))
    pristine, watch = folder / "pristine.sqlite3", sqlite3.connect(file, check_same_thread=False)
    with closing(sqlite3.connect(pristine)) as kept:
        watch.backup(kept)
    made_of = Desk(store, file, pristine, own, foreign, shown["own"].workbook, shown, sessions, watch, version)
    made_of.put_back()
    yield made_of
    watch.close()
    store.close()


def _preview(store: Store, world: World) -> Any:
    staff = world.principal("staff")
    content = "\n".join([",".join(world.batch_headings), "New one,2025-04-15,2", "Another,2025-04-15,99", ""])
    shown = imports.preview(store, staff, content.encode(), "a.csv", world.mapping, ReadLimits())
    assert isinstance(shown, imports.Preview)
    assert shown.plan.counts.new == 1
    return shown


def _services() -> Iterator[tuple[str, Callable[..., Any]]]:
    for module in pkgutil.iter_modules(progressions.services.__path__):
        loaded = importlib.import_module(f"progressions.services.{module.name}")
        for name, function in inspect.getmembers(loaded, inspect.isfunction):
            if function.__module__ == loaded.__name__ and not name.startswith("_"):
                yield f"{module.name}.{name}", function


def test_every_service_that_takes_a_principal_or_a_store_is_listed() -> None:
    takes = {name: set(inspect.signature(function).parameters) for name, function in _services()}
    of_somebody = {n for n, p in takes.items() if "principal" in p and n not in matrix.BEFORE_ANYBODY_IS_KNOWN}
    of_nobody = {n for n, p in takes.items() if p & {"store", "repository", "directory"} and "principal" not in p}
    assert of_somebody == {name.partition(" ")[0] for name in matrix.SERVICES}
    assert of_nobody == matrix.BEFORE_ANYBODY_IS_KNOWN
    assert {f"pictures.picture {name}" for name in (*pictures._FIGURES, *pictures._LISTS)} == {
        name for name in matrix.SERVICES if name.startswith("pictures.")
    }


@pytest.mark.parametrize("name", matrix.SERVICES)
def test_a_service_serves_those_who_may_and_nobody_else(desk: Desk, name: str) -> None:
    row, begun = matrix.SERVICES[name], made["services"]
    for role in ROLES:
        for scope in SCOPES:
            at = desk.place(scope, role)
            answer, given = _called(desk.store, desk.own.principal(role), at, row)
            combination = f"{name} by a {role} for {scope}: {answer!r:.200}"
            holds("services", given is (role in row.may[scope]), combination)
            changed = desk.is_changed()
            holds("services", given or not changed, f"{combination} changed something")
            found = _without(_text(answer), at)
            if name not in matrix.ACROSS_NETWORKS or role != "admin":
                holds("services", FOREIGN not in found, f"{combination} shows another network")
            if role not in matrix.STAFF and not (role == "guest" and scope == "peer" and given):
                holds("services", NEIGHBOUR not in found, f"{combination} shows another partnership")
            if changed:
                desk.put_back()
    assert made["services"] - begun >= EACH_SERVICE


def _called(store: Store, who: Principal, at: Place, row: Row) -> tuple[object, bool]:
    """What came back, and whether that is what was asked for: an empty answer is none."""
    try:
        answer = row.call(store, who, at)
    except UserError as refused:
        return refused, False
    is_empty = answer.empty if hasattr(answer, "empty") else answer in (None, (), {})
    return answer, row.silent or not is_empty


def _text(answer: object) -> str:
    """All that can be read in an answer, inside a workbook too."""
    if not isinstance(answer, bytes):
        return answer.to_csv() if hasattr(answer, "to_csv") else repr(answer)
    if not answer.startswith(b"PK"):
        return answer.decode("utf-8", errors="replace")
    with zipfile.ZipFile(io.BytesIO(answer)) as parts:
        return "\n".join(parts.read(name).decode("utf-8", errors="replace") for name in parts.namelist())


def test_every_rule_is_listed() -> None:
    rules = {name.removeprefix("check_can_") for name in dir(permissions) if name.startswith("check_can_")}
    assert rules == {*matrix.PERMISSIONS, "grant"}
    assert {name.removeprefix("can_") for name in dir(permissions) if name.startswith("can_")} == rules


@pytest.mark.parametrize("rule", matrix.PERMISSIONS)
def test_a_rule_answers_as_agreed_in_both_of_its_forms(desk: Desk, rule: str) -> None:
    codes = {"own": desk.own.partnerships[0], "peer": desk.own.partnerships[1], "foreign": desk.foreign.partnerships[0]}
    check, can = getattr(permissions, f"check_can_{rule}"), getattr(permissions, f"can_{rule}")
    takes_one = len(inspect.signature(check).parameters) > 1
    for role in ROLES:
        for scope in SCOPES:
            arguments = (desk.own.principal(role), *([codes[scope]] if takes_one else []))
            expected = role in matrix.PERMISSIONS[rule][scope]
            holds("rules", can(*arguments) is expected, f"can_{rule} for a {role}, {scope}")
            holds("rules", _passes(check, *arguments) is expected, f"check_can_{rule} for a {role}, {scope}")


def test_nobody_grants_more_than_they_may(desk: Desk) -> None:
    for role in ROLES:
        for access, who in matrix.GRANTS.items():
            given = permissions.can_grant(desk.own.principal(role), Access(access))
            holds("rules", given is (role in who), f"a {role} grants {access}")


def _passes(check: Callable[..., None], *arguments: object) -> bool:
    try:
        check(*arguments)
    except NotAllowedError:
        return False
    return True


@pytest.fixture(scope="module")
def app(desk: Desk, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningApp]:
    """A server on the same two networks."""
    running = RunningApp(tmp_path_factory.mktemp("server"), f"sqlite:///{desk.file}")
    running.start()
    yield running
    running.stop()


@dataclass(frozen=True)
class Cookies:
    """What a visitor's browser sends: the token of a sign-in, that of a seat; "" where there is none."""

    session: str = ""
    seat: str = ""


@pytest.fixture(scope="module")
def visitors(desk: Desk, app: RunningApp) -> dict[str, Cookies]:
    """Everybody with a browser. A guest is signed in as a member, and holds a seat in another partnership's session."""
    assert app.process is not None
    signed_in = {role: Cookies(session) for role, session in desk.sessions.items()}
    own, peer = (team.token for team in desk.own.teams)
    guest = Cookies(desk.sessions["member"], peer)
    return {"anonymous": Cookies(), "rater": Cookies(seat=own), "guest": guest, **signed_in}


def test_every_screen_is_listed_and_has_its_file() -> None:
    assert set(navigation.SCREENS) == set(matrix.SCREENS)
    assert {screen[0] for screen in navigation.SCREENS.values()} == {f.name for f in (PROJECT / "pages").glob("*.py")}


@pytest.mark.parametrize("screen", matrix.SCREENS)
def test_a_screen_opens_for_those_who_may(
    desk: Desk, app: RunningApp, visitors: dict[str, Cookies], screen: str
) -> None:
    for role, cookies in visitors.items():
        with Tab(app.url, f"/{screen}", cookies.session, seat=cookies.seat) as tab:
            for scope in SCOPES:
                at = desk.place(scope)
                tab.screen.frames.clear()
                tab.screen.cached.clear()
                query = f"partnership={at.partnership}&rubric={at.rubric}&convening={at.day}&domain={at.domain}"
                shown = tab.go(f"/{screen}?{query}")
                text = shown.text.replace(query, "")
                if role == "admin":  # who finds the server's networks by title in the side bar
                    text = text.replace(desk.foreign.network.title, "")
                _check_screen(text, role, screen, scope, at)
                holds("screens", not shown.errors, f"{screen} as {role}: {shown.errors}")


def _check_screen(text: str, role: str, screen: str, scope: str, at: Place) -> None:
    combination = f"{screen} as {role} for {scope}"
    met = {said for said in (NOTHING_HERE, SIGN_IN, JOIN) if said in text}
    holds("screens", met == _told(role, screen), f"{combination} opens or not: {met}")
    if role == "anonymous" or (role == "rater" and screen != "vote"):
        holds("screens", OWN not in text and NEIGHBOUR not in text, f"{combination} shows data")
    holds("screens", FOREIGN not in _without(text, at), f"{combination} shows another network")
    if role not in matrix.STAFF and not (role == "guest" and screen == "vote"):
        holds("screens", NEIGHBOUR not in _without(text, at), f"{combination} shows another partnership")


def _told(role: str, screen: str) -> set[str]:
    """What somebody reads in the place of a screen that they may not see."""
    if screen == "vote":
        return set() if role in matrix.SCREENS[screen] else {JOIN}
    if role in ("anonymous", "rater"):
        return {SIGN_IN}
    return set() if ("member" if role == "guest" else role) in matrix.SCREENS[screen] else {NOTHING_HERE}


def _without(text: str, at: Place) -> str:
    """The text without the codes that the visitor brought along in the address: those it may echo."""
    for code in (at.partnership, at.rubric, at.domain):
        text = text.replace(code, "")
    return text


@pytest.mark.parametrize("role", [role for role in ROLES if role != "rater"])
def test_the_menu_shows_only_what_one_may_open(app: RunningApp, visitors: dict[str, Cookies], role: str) -> None:
    with Tab(app.url, "/", visitors[role].session, seat=visitors[role].seat) as tab:
        links = {link.page or navigation.HOME for link in tab.run().links}
    for screen, who in matrix.SCREENS.items():
        may = screen != "vote" and ("member" if role == "guest" else role) in who
        holds("screens", (screen in links) is may, f"the menu of a {role} and {screen}")


def test_a_rater_is_shown_no_menu(app: RunningApp, visitors: dict[str, Cookies]) -> None:
    with Tab(app.url, "/vote", seat=visitors["rater"].seat) as tab:
        holds("screens", not tab.run().links, "the menu of a rater")


@pytest.mark.parametrize("screen", matrix.SCREENS)
def test_a_rater_of_a_session_finds_no_ratings_on_any_screen(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, screen: str
) -> None:
    """No cookie signs anybody in with a seat, so the guard is told who is there."""
    settings = Settings(database_url=f"sqlite:///{desk.file}")
    monkeypatch.setattr(installation, "settings", lambda: settings)
    monkeypatch.setattr(guard, "present", lambda: desk.own.principal("rater"))
    monkeypatch.setattr(guard, "seat_token", lambda _cookies: desk.own.teams[0].token)
    monkeypatch.setattr("streamlit.page_link", lambda *_args, **_named: None)
    shown = AppTest.from_file(str(PROJECT / "pages" / navigation.SCREENS[screen][0]), default_timeout=120).run()
    text = "\n".join(str(element) for element in shown.main)
    others = [f"{column} {number}" for column in ("seats.name", "votes.note") for number in range(1, 6)]
    holds("screens", not shown.exception, shown.exception)
    for column in (
        "partnerships.title",
        "ratings.evidence",
        "ratings.next_step",
        "people.name",
        "record.about",
        *others,
    ):
        holds("screens", column not in text, f"{screen} shows a rater {column}")
    holds("screens", FOREIGN not in text and NEIGHBOUR not in text, f"{screen} shows a rater others")


def _addresses() -> set[tuple[str, str]]:
    return {(method, route.path) for route in ROUTES for method in (route.methods or ()) if method != "HEAD"}


def test_every_route_is_listed() -> None:
    assert _addresses() == set(matrix.OPEN_ROUTES) | {("GET", path) for path in matrix.DOWNLOADS}


@pytest.mark.parametrize("path", matrix.DOWNLOADS)
def test_a_file_goes_out_to_those_who_may_have_it(
    desk: Desk, app: RunningApp, visitors: dict[str, Cookies], path: str
) -> None:
    for role, cookies in visitors.items():
        with Tab(app.url, "/", cookies.session, seat=cookies.seat) as tab:
            for address, may in matrix.DOWNLOADS[path]:
                for scope in SCOPES:
                    _check_file(tab, desk.place(scope), role, scope, address, may[scope])


def _check_file(tab: Tab, at: Place, role: str, scope: str, address: str, may: frozenset[str]) -> None:
    days = {"then": at.world.days[0], "now": at.world.days[-1]}
    of = {"partnership": at.partnership, "other": at.world.partnerships[-1], "rubric": at.rubric, "domain": at.domain}
    asked = address.format(**of, **days)
    status, body = tab.get(asked)
    combination = f"{asked} as {role} for {scope}"
    signed_in = "member" if role == "guest" else role
    expected = matrix.OK if signed_in in may else matrix.NOT_FOUND
    if role in ("anonymous", "rater"):
        expected = matrix.CLOSED
    holds("files", status == expected, f"{combination} answers {status}")
    holds("files", FOREIGN not in _text(body), f"{combination} holds another network")
    if role not in matrix.STAFF:
        holds("files", NEIGHBOUR not in _text(body), f"{combination} holds another partnership")


def test_the_other_routes_open_nothing_to_the_anonymous(app: RunningApp) -> None:
    for (method, path), expected in matrix.OPEN_ROUTES.items():
        with Tab(app.url) as tab:
            status, body = tab.ask(method, path)
        text = body.decode("utf-8", errors="replace")
        holds("files", status in ({expected} if expected else {200, 303, 403}), f"{method} {path} answers {status}")
        holds("files", all(marker not in text for marker in (OWN, NEIGHBOUR, FOREIGN)), f"{method} {path} shows data")


def test_the_matrix_asserts_what_was_promised() -> None:
    """Counted from the tables, so that it holds whichever tests were chosen to run; each service counts its own."""
    services = len(matrix.SERVICES) * EACH_SERVICE
    rules = len(matrix.PERMISSIONS) * len(ROLES) * len(SCOPES) * 2
    visitors = len(ROLES) + 1  # the anonymous too
    screens = len(matrix.SCREENS) * visitors * len(SCOPES) * 3
    files = sum(len(addresses) for addresses in matrix.DOWNLOADS.values()) * visitors * len(SCOPES) * 2
    assert services + rules + screens + files >= 1_500
