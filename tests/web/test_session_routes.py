"""The sheet of paper of a rubric: who gets it, what stands on it, and that it runs nothing."""

from collections.abc import Callable, Iterator
from html.parser import HTMLParser

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.testclient import TestClient

from progressions.clock import utc_now
from progressions.people import Access, Network, Principal
from progressions.rubric import Domain, Level, Origin, Rubric, RubricVersion
from progressions.services import rubrics, start, team_sessions
from progressions.store import Store
from progressions.team_session import DomainKey, Naming, TeamSession
from progressions.web import paper_sheets
from progressions.web.cookie import COOKIE
from progressions.web.headers import SecurityHeaders
from progressions.web.routes import ROUTES
from progressions.web.wording import day
from tests import factories
from tests.factories import NOW

HOSTILE = '<script>alert(1)</script><img src="https://evil.example/a.png"> {title}'


@pytest.fixture
def client(installed: Store) -> Iterator[TestClient]:
    assert installed
    with TestClient(Starlette(routes=ROUTES, middleware=[Middleware(SecurityHeaders)]), follow_redirects=False) as made:
        yield made


class _Page(HTMLParser):
    """The words of a page, its elements, and how many boxes there are to tick."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.tags: list[str] = []
        self.boxes = 0
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.boxes += ("class", "box") in attrs

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())


@pytest.mark.parametrize(("access", "status"), [("", 403), ("member", 200), ("facilitator", 200), ("staff", 200)])
def test_the_sheet_is_for_whoever_reads_rubrics(
    client: TestClient, session_of: Callable[[str], str], access: str, status: int
) -> None:
    client.cookies.set(COOKIE, session_of(access))
    answer = client.get("/sheets/ihe")
    assert answer.status_code == status
    assert answer.headers["cache-control"] == "no-store"
    assert ("I cannot judge this" in answer.text) == (status == 200)


def test_a_rubric_that_there_is_not_has_no_sheet(client: TestClient, session_of: Callable[[str], str]) -> None:
    client.cookies.set(COOKIE, session_of("facilitator"))
    answer = client.get("/sheets/nothing")
    assert answer.status_code == 404
    assert "There is nothing here that you can open." in answer.text


def test_every_descriptor_stands_beside_a_box(
    client: TestClient, session_of: Callable[[str], str], installed: Store, network: Network
) -> None:
    client.cookies.set(COOKIE, session_of("facilitator"))
    page = _Page(client.get("/sheets/lea").text)
    version = rubrics.version(installed, start.system_principal(network), "lea")
    assert version is not None
    for domain in version.rubric.domains:
        for text in (domain.title, *domain.descriptors):
            assert " ".join(text.split()) in page.text
    sides_and_roles = 2 + 8
    assert page.boxes == sides_and_roles + len(version.rubric.domains) * (len(version.rubric.levels) + 1)
    assert "script" not in page.tags
    assert "Invented example" in page.text


@pytest.fixture
def team(installed: Store, network: Network) -> TeamSession:
    """A session on two domains, opened before its rubric was published anew; one for each test of this file."""
    who = Principal(1, "Sam", network, Access.STAFF)
    with installed.read(who) as repository:
        free = (
            (partnership.code, convening.held_on)
            for partnership in repository.partnerships()
            for convening in repository.convenings()
            if repository.team_session(partnership.code, convening.held_on) is None
        )
        partnership, held_on = next(free)
    keys = tuple(DomainKey("ihe", f"ihe-{number}") for number in (1, 3))
    wish = team_sessions.Wish(partnership, held_on, Naming.ALIAS, True, keys)
    return team_sessions.open_session(installed, who, wish, utc_now())


def _of(team: TeamSession, rubric: str = "ihe") -> str:
    return f"/sheets/{rubric}?partnership={team.partnership}&convening={team.held_on}"


def test_a_sessions_sheet_has_its_domains_in_its_words_and_says_whose_it_is(
    client: TestClient, session_of: Callable[[str], str], installed: Store, network: Network, team: TeamSession
) -> None:
    voted_on = rubrics.version(installed, start.system_principal(network), "ihe")
    assert voted_on is not None
    factories.a_published_rubric(installed, network, factories.reworded(voted_on.rubric, "ihe-1"))
    client.cookies.set(COOKIE, session_of("staff"))
    page = _Page(client.get(_of(team)).text)
    for code in ("ihe-1", "ihe-3"):
        for text in voted_on.rubric.domain(code).descriptors:
            assert " ".join(text.split()) in page.text
    assert voted_on.rubric.domain("ihe-2").title not in page.text
    assert voted_on.label in page.text
    assert f"{team.partnership_title} , {day(team.held_on)}" in page.text
    latest = _Page(client.get("/sheets/ihe").text)
    assert team.partnership_title not in latest.text
    assert latest.boxes > page.boxes


def test_a_sessions_sheet_is_for_whoever_runs_it_and_only_where_there_is_one(
    client: TestClient, session_of: Callable[[str], str], team: TeamSession
) -> None:
    for access, status in (("", 403), ("member", 404), ("staff", 200)):
        client.cookies.set(COOKIE, session_of(access))
        assert client.get(_of(team)).status_code == status
    for address in (
        _of(team, "lea"),
        _of(team, "nothing"),
        f"/sheets/ihe?partnership={team.partnership}",
        f"/sheets/ihe?partnership={team.partnership}&convening=never",
        f"/sheets/ihe?partnership=nobody&convening={team.held_on}",
        f"/sheets/ihe?partnership={team.partnership}&convening=1999-01-01",
    ):
        assert client.get(address).status_code == 404


def test_hostile_words_are_only_words() -> None:
    rubric = Rubric("x", HOSTILE, (Level(1, HOSTILE), Level(2, "B")), (Domain("d", HOSTILE, HOSTILE, (HOSTILE, "")),))
    version = RubricVersion(1, 1, NOW, HOSTILE, "own.xlsx", rubric, {"d": Origin.NEW}, {"d": 1})
    page = _Page(paper_sheets.sheet(paper_sheets.whole(version), is_example=False))
    assert not {"script", "img"} & set(page.tags)
    assert page.text.count("alert(1)") == 7  # title twice, domain, area, level, descriptor, foot
    assert "Invented example" not in page.text
    assert "this project's" not in page.text  # the words are the network's own
