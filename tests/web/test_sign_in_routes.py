"""Signing in and out over HTTP, asked as a browser without a script asks."""

import re
import sqlite3
from collections.abc import Callable, Iterator
from html.parser import HTMLParser

import pytest
from httpx2 import Response
from starlette.applications import Starlette
from starlette.testclient import TestClient

from progressions import codes
from progressions.clock import utc_now
from progressions.errors import StoreUnavailableError
from progressions.people import Access, Network, Principal
from progressions.services import people, sign_in, start
from progressions.services.people import Invitation, Invited
from progressions.settings import Settings
from progressions.store import Store
from progressions.throttle import Door, Throttle
from progressions.web import installation
from progressions.web.cookie import COOKIE, HOST_COOKIE
from progressions.web.headers import middleware
from progressions.web.routes import ROUTES

FORM = "application/x-www-form-urlencoded"


class Clock:
    """Seconds, moved by hand."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The clock of a throttle that this test has for itself."""
    made = Clock()
    monkeypatch.setattr(sign_in, "DOOR", Door(Throttle(made)))
    return made


@pytest.fixture
def client(installed: Store, clock: Clock) -> Iterator[TestClient]:
    assert installed
    assert clock
    before = middleware("http://testserver:8501")
    with TestClient(Starlette(routes=ROUTES, middleware=before), follow_redirects=False) as made:
        yield made


@pytest.fixture
def max_(installed: Store, network: Network) -> Invited:
    """A member of a partnership of the example network."""
    who: Principal = start.system_principal(network)
    return people.invite(installed, who, Invitation("Max <b>Hall</b>", Access.MEMBER, "alder-valley"), utc_now())


def _link_page(client: TestClient, max_: Invited) -> str:
    return str(client.get(f"/signin?link={max_.link_token}").text)


def _use(client: TestClient, max_: Invited) -> Response:
    return client.post("/signin", data={"link": max_.link_token})


def _type(client: TestClient, text: str) -> Response:
    return client.post("/signin", data={"code": text})


def _session_in(answer: Response) -> str:
    found = re.match(rf"(?:{HOST_COOKIE}|{COOKIE})=([\w-]+);", answer.headers["set-cookie"])
    assert found
    return found.group(1)


def _lives(store: Store, session: str) -> bool:
    return sign_in.principal_of(store, session, utc_now()) is not None


class Tags(HTMLParser):
    """Every opening tag with its attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def of(self, name: str) -> list[dict[str, str | None]]:
        """The attributes of every tag of one name."""
        return [attributes for tag, attributes in self.found if tag == name]


def test_looking_at_a_link_never_uses_it_and_its_button_does_once(client: TestClient, max_: Invited) -> None:
    for _ in range(3):
        looked = client.get(f"/signin?link={max_.link_token}")
        head = client.head(f"/signin?link={max_.link_token}")
        assert (looked.status_code, head.status_code, head.content) == (200, 200, b"")
        assert not {"set-cookie"} & {*looked.headers, *head.headers}
    (form,) = Tags(looked.text).of("form")
    kept, _page = Tags(looked.text).of("input")
    assert (form["method"], form["action"]) == ("post", "/signin")
    assert (kept["type"], kept["name"], kept["value"]) == ("hidden", "link", max_.link_token)
    used = _use(client, max_)
    assert (used.status_code, used.headers["location"]) == (303, "/")
    client.cookies.clear()
    again = _use(client, max_)
    assert again.status_code == client.get(f"/signin?link={max_.link_token}").status_code == 403
    assert "set-cookie" not in again.headers
    assert "This link does not work any more" in again.text


def test_a_links_button_that_is_pressed_twice_signs_in_once(client: TestClient, max_: Invited) -> None:
    form = {str(field["name"]): str(field["value"]) for field in Tags(_link_page(client, max_)).of("input")}
    other = {str(field["name"]): str(field["value"]) for field in Tags(_link_page(client, max_)).of("input")}
    first = client.post("/signin", data=form)
    client.cookies.clear()  # the answer was lost on its way, and its cookie with it
    again = client.post("/signin", data=form)
    assert (again.status_code, again.headers["location"]) == (303, "/")
    assert _session_in(again) == _session_in(first)
    client.cookies.clear()
    assert (
        client.post("/signin", data=other).status_code == 403
    )  # another page of the same link, as another browser has


def test_who_comes_back_to_a_used_link_is_told_that_they_are_signed_in(client: TestClient, max_: Invited) -> None:
    _use(client, max_)
    back = client.get(f"/signin?link={max_.link_token}")
    assert back.status_code == 403
    assert "You are signed in here already, as Max &lt;b&gt;Hall&lt;/b&gt;." in back.text
    assert [link["href"] for link in Tags(back.text).of("a")] == ["/"]
    client.cookies.clear()
    stranger = client.get(f"/signin?link={max_.link_token}").text
    assert "Max" not in stranger
    assert "Ask whoever sent it for a new one." in stranger


def test_a_links_page_says_to_which_network_and_as_whom_and_escapes_both(client: TestClient, max_: Invited) -> None:
    text = _link_page(client, max_)
    assert "You are invited to Example network as Max &lt;b&gt;Hall&lt;/b&gt;" in text
    assert not Tags(text).of("b")


@pytest.mark.parametrize("link", ["?link=", "?link=wrong", "?link=%00", "?link=%ff", "?link=" + "x" * 5000])
def test_a_wrong_link_is_refused_with_a_page(client: TestClient, link: str) -> None:
    answer = client.get(f"/signin{link}")
    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers
    assert "This link does not work any more" in answer.text


def test_the_cookie_is_kept_from_scripts_and_from_other_sites(client: TestClient, max_: Invited) -> None:
    answer = _use(client, max_)
    said = {part.strip().lower() for part in answer.headers["set-cookie"].split(";")}
    assert {"httponly", "samesite=lax", "path=/", f"max-age={30 * 24 * 3600}"} <= said
    assert not any(part.startswith(("secure", "domain")) for part in said)
    assert answer.headers["set-cookie"].startswith(f"{COOKIE}=")


def test_over_https_the_cookie_is_secure_and_bound_to_this_host(
    client: TestClient, max_: Invited, installed: Store
) -> None:
    client.base_url = "https://localhost"  # type: ignore[assignment]
    answer = _use(client, max_)
    said = {part.strip().lower() for part in answer.headers["set-cookie"].split(";")}
    assert {"secure", "path=/"} <= said
    assert not any(part.startswith("domain") for part in said)
    assert answer.headers["set-cookie"].startswith(f"{HOST_COOKIE}=")
    assert client.get("/account").status_code == 200
    assert _lives(installed, _session_in(answer))


def test_where_the_address_is_https_a_cookie_that_a_neighbour_planted_is_not_read(
    client: TestClient, max_: Invited, example: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = _session_in(_use(client, max_))
    safe = Settings(database_url=example.database_url, public_url="https://progressions.example.org")
    monkeypatch.setattr(installation, "settings", lambda: safe)
    client.cookies.clear()
    assert client.get("/account", headers={"Cookie": f"{COOKIE}={session}"}).status_code == 303
    assert client.get("/account", headers={"Cookie": f"{HOST_COOKIE}={session}"}).status_code == 200


def test_without_a_link_there_is_one_field_with_a_label_for_the_code(client: TestClient) -> None:
    answer = client.get("/signin")
    tags = Tags(answer.text)
    (field,), (label,) = tags.of("input"), tags.of("label")
    assert answer.status_code == 200
    assert label["for"] == field["id"]
    assert field["autocomplete"] == "one-time-code"
    assert len(tags.of("h1")) == len(tags.of("form")) == len(tags.of("button")) == 1
    assert not tags.of("script")


@pytest.mark.parametrize("change", [str.lower, lambda text: text.replace("-", " "), lambda text: f"  {text} "])
def test_a_code_signs_in_however_it_is_typed(client: TestClient, max_: Invited, change: Callable[[str], str]) -> None:
    answer = _type(client, change(max_.code_text))
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert "Signed in as Max" in client.get("/account").text


def test_an_unknown_selector_and_a_wrong_secret_are_answered_alike(client: TestClient, max_: Invited) -> None:
    code = codes.parse(max_.code_text)
    assert code is not None
    unknown = codes.Code("ZZZZ" if code.selector != "ZZZZ" else "YYYY", code.secret)
    wrong = codes.Code(code.selector, codes.new_code().secret)
    answers = [_type(client, each) for each in (unknown.text, wrong.text, "nonsense", "")]
    assert [answer.status_code for answer in answers] == [403] * 4
    assert len({answer.text for answer in answers}) == 1
    assert len({str(sorted(answer.headers.items())) for answer in answers}) == 1
    assert "This code does not work" in answers[0].text
    assert not any(code.secret in answer.text for answer in answers)


def test_too_many_wrong_codes_are_answered_with_how_long_to_wait(
    client: TestClient, max_: Invited, clock: Clock
) -> None:
    code = codes.parse(max_.code_text)
    assert code is not None
    for selector in (code.selector, "ZZZZ"):
        wrong = codes.Code(selector, codes.new_code().secret).text
        assert [_type(client, wrong).status_code for _ in range(6)] == [403] * 5 + [429]
    answer = _type(client, max_.code_text)
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "20")
    assert f"Wait {answer.headers['retry-after']} seconds, then type the code again" in answer.text
    clock.now += 20
    assert _type(client, max_.code_text).status_code == 303


ELSEWHERE = [
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Origin": "https://evil.example"},
    {"Origin": "http://testserver:81"},
    {"Origin": "null"},
    {"Origin": "http://testserver", "Sec-Fetch-Site": "cross-site"},
]


@pytest.mark.parametrize("headers", ELSEWHERE, ids=lambda headers: " ".join(headers.values()))
def test_another_sites_form_neither_signs_in_nor_out(
    client: TestClient, max_: Invited, installed: Store, headers: dict[str, str]
) -> None:
    for fields in ({"link": max_.link_token}, {"code": max_.code_text}):
        answer = client.post("/signin", data=fields, headers=headers)
        assert answer.status_code == 403
        assert "set-cookie" not in answer.headers
    session = _session_in(_use(client, max_))
    for path in ("/signout", "/signout/everywhere"):
        assert client.post(path, headers=headers).status_code == 403
    assert _lives(installed, session)


@pytest.mark.parametrize(
    "headers",
    [{}, {"Sec-Fetch-Site": "same-origin"}, {"Sec-Fetch-Site": "none"}, {"Origin": "http://testserver"}],
    ids=lambda headers: " ".join(headers.values()) or "says nothing",
)
def test_our_own_form_signs_in_and_so_does_a_client_that_is_no_browser(
    client: TestClient, max_: Invited, headers: dict[str, str]
) -> None:
    assert client.post("/signin", data={"code": max_.code_text}, headers=headers).status_code == 303


def test_behind_a_proxy_that_renames_the_host_the_public_address_is_our_own(
    client: TestClient, max_: Invited, example: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = Settings(database_url=example.database_url, public_url="https://progressions.example.org")
    monkeypatch.setattr(installation, "settings", lambda: known)
    headers = {"Origin": "https://progressions.example.org"}
    assert client.post("/signin", data={"code": max_.code_text}, headers=headers).status_code == 303


def test_a_new_sign_in_takes_the_place_of_the_browsers_older_one(
    client: TestClient, max_: Invited, installed: Store
) -> None:
    first = _session_in(_use(client, max_))
    second = _session_in(_type(client, max_.code_text))
    assert first != second
    assert not _lives(installed, first)
    assert _lives(installed, second)


def test_signing_out_here_ends_the_session_and_the_cookie_and_leaves_other_devices(
    client: TestClient, max_: Invited, installed: Store
) -> None:
    phone = _session_in(_use(client, max_))
    client.cookies.clear()
    desk = _session_in(_type(client, max_.code_text))
    answer = client.post("/signout")
    assert "You are signed out" in answer.text
    assert COOKIE not in client.cookies
    assert (_lives(installed, desk), _lives(installed, phone)) == (False, True)


def test_signing_out_everywhere_ends_every_session(client: TestClient, max_: Invited, installed: Store) -> None:
    phone = _session_in(_use(client, max_))
    client.cookies.clear()
    desk = _session_in(_type(client, max_.code_text))
    assert "You are signed out" in client.post("/signout/everywhere").text
    assert COOKIE not in client.cookies
    assert (_lives(installed, desk), _lives(installed, phone)) == (False, False)


@pytest.mark.parametrize("path", ["/signout", "/signout/everywhere"])
def test_looking_at_a_way_out_signs_nobody_out(client: TestClient, max_: Invited, installed: Store, path: str) -> None:
    session = _session_in(_use(client, max_))
    assert client.get(path).status_code in (404, 405)
    assert _lives(installed, session)
    client.cookies.clear()
    assert client.post(path).status_code == 200  # nobody is signed in: nothing to do, and no error


def test_the_account_page_is_for_whoever_is_signed_in(client: TestClient, max_: Invited) -> None:
    answer = client.get("/account")
    assert (answer.status_code, answer.headers["location"]) == (303, "/signin")
    _use(client, max_)
    text = client.get("/account").text
    assert "Signed in as Max &lt;b&gt;Hall&lt;/b&gt;" in text
    assert "Example network" in text
    assert [form["action"] for form in Tags(text).of("form")] == ["/signout", "/signout/everywhere"]


def test_no_page_of_signing_in_is_kept_or_tells_its_address(client: TestClient, max_: Invited) -> None:
    answers = [
        client.get("/signin"),
        client.get(f"/signin?link={max_.link_token}"),
        client.get("/signin?link=wrong"),
        _type(client, "nonsense"),
        client.post("/signin", data={}, headers={"Origin": "null"}),
        _use(client, max_),
        client.get("/account"),
        client.post("/signout"),
        client.get("/download/rubrics.xlsx"),
    ]
    for answer in answers:
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["referrer-policy"] == "strict-origin"
        assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]


def test_another_hosts_name_is_not_answered(client: TestClient, max_: Invited) -> None:
    headers = {"Host": "evil.example"}
    refused = client.get("/signin", headers=headers)
    assert refused.status_code == 400
    assert "frame-ancestors 'none'" in refused.headers["content-security-policy"]
    assert refused.headers["x-content-type-options"] == "nosniff"
    assert client.post("/signin", data={"link": max_.link_token}, headers=headers).status_code == 400
    assert _use(client, max_).status_code == 303


@pytest.mark.parametrize(
    "body",
    [
        b"code=" + b"A" * 5_000,
        b"&".join(b"field%d=1" % number for number in range(50)),
    ],
    ids=["long", "many"],
)
def test_a_form_larger_than_any_of_ours_is_refused(client: TestClient, body: bytes) -> None:
    assert client.post("/signin", content=body, headers={"Content-Type": FORM}).status_code == 413


@pytest.mark.parametrize("body", [b"", b"\xff\xfe", b"code=%00%ff&code=2", b"{}", b"link=%00", b"code"])
def test_a_form_of_nonsense_is_refused_with_a_page(client: TestClient, body: bytes) -> None:
    answer = client.post("/signin", content=body, headers={"Content-Type": FORM})
    assert answer.status_code == 403
    assert "<h1>" in answer.text


def test_a_database_out_of_reach_is_said_and_our_own_defect_has_a_number_in_the_log(
    client: TestClient, max_: Invited, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def out_of_reach(*_anything: object) -> None:
        raise StoreUnavailableError("The database is busy. Try again in a moment.")

    monkeypatch.setattr(sign_in, "link_is_for", out_of_reach)
    answer = client.get(f"/signin?link={max_.link_token}")
    assert (answer.status_code, "The database is busy" in answer.text) == (503, True)

    def defect(*_anything: object) -> None:
        raise KeyError("nothing")

    monkeypatch.setattr(sign_in, "link_is_for", defect)
    answer = client.get(f"/signin?link={max_.link_token}")
    number = re.search(r"the number ([0-9a-f]{8})", answer.text)
    assert answer.status_code == 500
    assert number
    assert f"Error {number.group(1)}" in caplog.text
    assert max_.link_token not in caplog.text


def test_where_a_person_signed_in_from_is_in_the_record_and_no_secret_is(
    client: TestClient, max_: Invited, example: Settings
) -> None:
    session = _session_in(_type(client, max_.code_text))
    with sqlite3.connect(example.database_url.removeprefix("sqlite:///")) as connection:
        lines = connection.execute("SELECT * FROM record WHERE who = ?", (f"#{max_.person_id}",)).fetchall()
    assert [line[4:7] for line in lines] == [("browser testclient", "signed in", "by code")]
    assert not any(secret in str(lines) for secret in (session, max_.code_text, max_.link_token))
