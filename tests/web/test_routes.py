"""Our own routes, asked as a browser asks them."""

import hashlib
from collections.abc import Callable, Iterator

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.testclient import TestClient

from progressions.store import Store
from progressions.web.cookie import COOKIE
from progressions.web.headers import SecurityHeaders
from progressions.web.routes import ROUTES
from tests.plain_sql import PlainSql


@pytest.fixture
def client(installed: Store) -> Iterator[TestClient]:
    assert installed
    with TestClient(Starlette(routes=ROUTES, middleware=[Middleware(SecurityHeaders)]), follow_redirects=False) as made:
        yield made


DOWNLOADS = {
    "/download/rubrics.xlsx": {"": 403, "member": 200, "facilitator": 200, "staff": 200},
    "/download/ratings.csv": {"": 403, "member": 404, "facilitator": 404, "staff": 200},
    "/download/ratings.xlsx": {"": 403, "member": 404, "facilitator": 404, "staff": 200},
    "/download/partnership.xlsx?partnership=alder-valley": {"": 403, "member": 200, "facilitator": 200, "staff": 200},
    "/download/partnership.xlsx?partnership=brindle-bay": {"": 403, "member": 404, "facilitator": 404, "staff": 200},
    "/download/partnership.xlsx": {"": 403, "member": 404, "facilitator": 404, "staff": 404},
    "/download/record.csv": {"": 403, "member": 404, "facilitator": 404, "staff": 200},
    "/download/record.xlsx": {"": 403, "member": 404, "facilitator": 404, "staff": 200},
    "/download/record.exe": {"": 403, "member": 404, "facilitator": 404, "staff": 404},
    "/download/ratings.exe": {"": 403, "member": 404, "facilitator": 404, "staff": 404},
}


@pytest.mark.parametrize("access", ["", "member", "facilitator", "staff"])
@pytest.mark.parametrize("path", DOWNLOADS)
def test_a_file_leaves_only_with_those_who_may_take_it(
    client: TestClient, session_of: Callable[[str], str], path: str, access: str
) -> None:
    client.cookies.set(COOKIE, session_of(access))
    answer = client.get(path)
    assert answer.status_code == DOWNLOADS[path][access]
    if answer.status_code == 200:
        assert answer.headers["content-disposition"].startswith('attachment; filename="example-')
        assert answer.headers["cache-control"] == "no-store"
    else:
        assert "Brindle" not in answer.text


@pytest.mark.parametrize("path", [path for path, answers in DOWNLOADS.items() if answers["staff"] == 200])
def test_who_asks_for_the_head_of_a_file_makes_none_and_leaves_no_line_of_an_export(
    client: TestClient, installed: Store, session_of: Callable[[str], str], path: str
) -> None:
    sql = PlainSql(installed.url.render_as_string(hide_password=False))
    client.cookies.set(COOKIE, session_of("staff"))
    before = sql.value("SELECT count(*) FROM record")
    answer = client.head(path)
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET")
    assert sql.value("SELECT count(*) FROM record") == before


def test_a_partnerships_workbook_is_called_after_it(client: TestClient, session_of: Callable[[str], str]) -> None:
    client.cookies.set(COOKIE, session_of("staff"))
    for code in ("alder-valley", "brindle-bay"):
        answer = client.get(f"/download/partnership.xlsx?partnership={code}")
        assert answer.headers["content-disposition"] == f'attachment; filename="example-partnership-{code}.xlsx"'


def test_only_hashes_of_tokens_are_stored(
    client: TestClient, installed: Store, session_of: Callable[[str], str], example: object
) -> None:
    session = session_of("staff")
    assert client.get("/healthz").text == "ok"
    import sqlite3

    file = example.database_url.removeprefix("sqlite:///")  # type: ignore[attr-defined]
    with sqlite3.connect(file) as connection:
        kept = [row[0] for row in connection.execute("SELECT token_hash FROM sign_in_sessions")]
    assert session not in kept
    assert hashlib.sha256(session.encode()).hexdigest() in kept
    assert installed


def test_every_answer_carries_the_security_headers(client: TestClient) -> None:
    for path in ("/healthz", "/signin", "/download/rubrics.xlsx", "/nothing"):
        headers = client.get(path).headers
        policy = headers["content-security-policy"]
        assert "default-src 'self'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe-eval" not in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] in ("same-origin", "strict-origin")  # an address never leaves the site


OF = "partnership={0}&rubric=ihe&domain=ihe-1&then=2025-01-29&now=2026-07-15&whose=same"
OF += "&convening=2026-07-15&sites={0}%0Acindermill"
FIGURES = ["stands", "line", "heat", "dumbbells", "levels", "who-rated", "sites", "site", "side-by-side", "who-moved"]
OF_THE_NETWORK = {"levels", "who-rated", "sites", "site", "side-by-side", "who-moved"}
FIRST_BYTES = {"png": b"\x89PNG\r\n", "svg": b"<svg", "csv": "\ufeff".encode(), "xlsx": b"PK"}


@pytest.mark.parametrize("access", ["", "member", "facilitator", "staff"])
@pytest.mark.parametrize("own", [True, False], ids=["own", "another"])
@pytest.mark.parametrize("name", FIGURES)
def test_a_figure_leaves_only_with_those_who_may_see_it(
    client: TestClient, session_of: Callable[[str], str], name: str, access: str, own: bool
) -> None:
    client.cookies.set(COOKIE, session_of(access))
    partnership = "alder-valley" if own else "brindle-bay"
    answer = client.get(f"/download/figures/{name}.csv?{OF.format(partnership)}")
    allowed = access == "staff" or (access != "" and own and name not in OF_THE_NETWORK)
    assert answer.status_code == (200 if allowed else 404 if access else 403)
    if allowed:
        assert "invented example" in answer.text.lower()
    else:
        assert "Brindle" not in answer.text


@pytest.mark.parametrize("form", FIRST_BYTES)
@pytest.mark.parametrize("name", FIGURES)
def test_every_figure_comes_in_every_form(
    client: TestClient, session_of: Callable[[str], str], name: str, form: str
) -> None:
    client.cookies.set(COOKIE, session_of("staff"))
    answer = client.get(f"/download/figures/{name}.{form}?{OF.format('alder-valley')}")
    assert answer.status_code == 200
    assert answer.content.startswith(FIRST_BYTES[form])
    if form == "svg":
        assert "Invented example" in answer.text
        assert "Example network" in answer.text


@pytest.mark.parametrize(
    "path",
    [
        "stands.exe",
        "nothing.png",
        "line.png?partnership=alder-valley&rubric=ihe&domain=nothing",
        "heat.png?partnership=alder-valley&rubric=nothing",
        "dumbbells.png?partnership=alder-valley&rubric=ihe&then=2026-07-15&now=2025-01-29",
        "dumbbells.png?partnership=alder-valley&rubric=ihe&then=yesterday&now=2025-01-29",
        "levels.png?rubric=ihe&whose=everybody",
        "levels.png?rubric=ihe&whose=all&domain=nothing",
        "sites.png?rubric=ihe&convening=2025-01-29&then=2026-07-15",
        "sites.png?rubric=ihe&convening=2026-07-15&order=total",
        "sites.png?rubric=ihe&convening=2026-07-15&order=level",
        "sites.png?rubric=ihe&convening=2026-07-15&order=title:ihe-1",
        "site.png?rubric=ihe&convening=2026-07-15&partnership=nothing",
        "side-by-side.png?rubric=ihe&sites=alder-valley",
        "side-by-side.png?rubric=ihe&sites=alder-valley%0Anothing",
        "who-moved.png?rubric=ihe&convening=2026-07-15",
        "stands.png",
    ],
)
def test_a_figure_of_what_does_not_exist_is_not_found(
    client: TestClient, session_of: Callable[[str], str], path: str
) -> None:
    client.cookies.set(COOKIE, session_of("staff"))
    assert client.get(f"/download/figures/{path}").status_code == 404


def test_home_under_its_own_name_leads_home_and_keeps_what_is_chosen(client: TestClient) -> None:
    for asked, leads_to in (("/home", "/"), ("/home?partnership=ash", "/?partnership=ash")):
        answer = client.get(asked, follow_redirects=False)
        assert (answer.status_code, answer.headers["location"]) == (303, leads_to)
