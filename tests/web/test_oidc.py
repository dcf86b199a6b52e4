"""Signing in at a fake identity provider: everything between our link and our cookie, without a browser."""

import json
import re
import subprocess
import sys
import time
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from joserfc.jwk import RSAKey
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import Response
from starlette.testclient import TestClient
from streamlit.runtime.secrets import secrets_singleton
from streamlit.web.server.starlette.starlette_app import create_streamlit_middleware
from streamlit.web.server.starlette.starlette_app_utils import create_signed_value
from streamlit.web.server.starlette.starlette_auth_routes import create_auth_routes

from progressions.clock import utc_now
from progressions.people import Access, Network
from progressions.store import Store
from progressions.web import oidc
from progressions.web.application import ROUTES
from progressions.web.cookie import COOKIE
from progressions.web.headers import SecurityHeaders
from tests.web.oidc_provider import ANA, FakeProvider

PROJECT = Path(__file__).resolve().parents[2]
HERE = "http://testserver"
FORGED = {**ANA, "iss": "https://elsewhere.example", "is_logged_in": True, "origin": HERE, "provider": "school"}


@pytest.fixture(scope="module")
def running() -> Iterator[FakeProvider]:
    with FakeProvider() as made:
        yield made


@pytest.fixture
def provider(running: FakeProvider, monkeypatch: pytest.MonkeyPatch) -> FakeProvider:
    """The fake provider, set up in the secrets, with an account that says the truth."""
    monkeypatch.setattr(secrets_singleton, "_secrets", tomllib.loads(running.section(HERE)))
    running.account, running.spoilt, running.stranger, running.refuses = dict(ANA), {}, None, False
    return running


@pytest.fixture
def client(installed: Store) -> Iterator[TestClient]:
    """A browser before the application, as Streamlit builds it: our routes, then its own, behind its sessions."""
    assert installed
    with TestClient(_served(), follow_redirects=False) as made:
        yield made


def _served() -> Starlette:
    middleware = [Middleware(SecurityHeaders), *create_streamlit_middleware()]
    return Starlette(routes=[*ROUTES, *create_auth_routes("")], middleware=middleware)


@pytest.fixture
def invited(installed: Store, network: Network) -> Iterator[int]:
    """Ana, who may come; gone again afterwards, so that the next test may invite her."""
    with installed.write_directory() as directory:
        person = directory.add_person("Ana", utc_now(), "ana@example.org")
        directory.grant(person, network.id, Access.STAFF, None)
    yield person
    with installed.write_directory() as directory:
        directory.revoke(person, network.id)


def _through(client: TestClient) -> Response:
    """The answer to the way back, after the whole way to the provider."""
    away = client.get("/signin/with/school")
    assert away.status_code == 302, away.text
    back = httpx2.get(away.headers["location"], follow_redirects=False).headers["location"]
    assert back.startswith(f"{HERE}/oauth2callback?")
    return client.get(back)


def _account(client: TestClient) -> str:
    return client.get("/account").text


def test_the_sign_in_page_offers_the_provider_by_its_name(provider: FakeProvider, client: TestClient) -> None:
    assert provider
    page = client.get("/signin").text
    assert '<a class="go" href="/signin/with/school">Sign in with Alder &lt;Valley&gt; Schools</a>' in page


@pytest.mark.usefixtures("invited")
def test_an_invited_person_signs_in_with_our_cookie_and_no_other(provider: FakeProvider, client: TestClient) -> None:
    assert provider
    answer = _through(client)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    ours = [line.lower() for line in answer.headers.get_list("set-cookie") if line.startswith(COOKIE)]
    assert len(ours) == 1
    assert "httponly" in ours[0]
    assert "samesite=lax" in ours[0]
    assert {cookie.name for cookie in client.cookies.jar} == {COOKIE}
    assert "Signed in as Ana" in _account(client)


@pytest.mark.usefixtures("invited")
def test_an_account_of_which_the_provider_says_very_much_signs_in_too(
    provider: FakeProvider, client: TestClient
) -> None:
    """Streamlit answers such a one with several cookies that make one."""
    provider.account["groups"] = [f"group {number} of the whole district" for number in range(400)]
    assert _through(client).status_code == 303
    assert "Signed in as Ana" in _account(client)


@pytest.mark.usefixtures("invited")
@pytest.mark.parametrize(
    "account",
    [
        {**ANA, "email": "bo@example.org", "sub": "bo-1"},
        {**ANA, "email_verified": False},
        {**ANA, "email_verified": "true"},
        {"sub": "ana-1", "email": "ana@example.org"},
        {"sub": "ana-1", "name": "Ana"},
    ],
    ids=["uninvited", "unverified", "a word for verified", "verified unsaid", "no e-mail"],
)
def test_the_uninvited_and_the_unconfirmed_get_the_same_page_and_nothing_is_created(
    provider: FakeProvider, client: TestClient, installed: Store, account: dict[str, Any]
) -> None:
    provider.account = account
    answer = _through(client)
    assert (answer.status_code, answer.text) == (
        403,
        oidc.page("This account is not invited", oidc.NOT_INVITED, link=oidc.OTHER_WAY),
    )
    assert not list(client.cookies.jar)
    with installed.read_directory() as directory:
        assert directory.identity(provider.url, account["sub"]) is None


@pytest.mark.usefixtures("invited")
@pytest.mark.parametrize(
    "spoilt",
    [
        {"aud": "another-client"},
        {"iss": "https://elsewhere.example"},
        {"exp": int(time.time()) - 600},
        {"nonce": "of another sign-in"},
        {"exp": None},
    ],
    ids=["audience", "issuer", "expired", "nonce", "no end"],
)
def test_a_token_that_was_not_made_for_this_sign_in_is_refused(
    provider: FakeProvider, client: TestClient, spoilt: dict[str, Any]
) -> None:
    provider.spoilt = spoilt
    answer = _through(client)
    assert answer.status_code == 403
    assert "This sign-in did not work" in answer.text
    assert "Signed in" not in _account(client)


@pytest.mark.usefixtures("invited")
def test_a_token_signed_by_a_stranger_is_refused(provider: FakeProvider, client: TestClient) -> None:
    provider.stranger = RSAKey.generate_key(2048, {"kid": "one"})
    assert _through(client).status_code == 403


@pytest.mark.usefixtures("invited")
def test_a_code_is_worth_nothing_in_another_browser_nor_a_second_time(
    provider: FakeProvider, client: TestClient, installed: Store
) -> None:
    assert installed
    away = client.get("/signin/with/school").headers["location"]
    back = httpx2.get(away, follow_redirects=False).headers["location"]
    with TestClient(_served(), follow_redirects=False) as other:
        assert other.get(back).status_code == 403
    assert client.get(back).status_code == 303
    assert client.get(back).headers["location"] == "/"  # gone back to: nothing new, and still signed in
    client.cookies.clear()
    assert client.get(back).status_code == 403
    assert provider


def test_somebody_who_says_no_at_the_provider_comes_back_to_a_page(provider: FakeProvider, client: TestClient) -> None:
    provider.refuses = True
    answer = _through(client)
    assert answer.status_code == 403
    assert 'href="/signin"' in answer.text


def test_a_provider_that_does_not_answer_is_said_plainly(
    provider: FakeProvider, client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = provider.section(HERE).replace(provider.url, "http://127.0.0.1:1")
    monkeypatch.setattr(secrets_singleton, "_secrets", tomllib.loads(text))
    answer = client.get("/signin/with/school")
    assert (answer.status_code, "cannot be reached now" in answer.text) == (503, True)


@pytest.mark.usefixtures("invited")
def test_a_revoked_person_is_out_although_the_provider_knows_them(
    provider: FakeProvider, client: TestClient, installed: Store, network: Network, invited: int
) -> None:
    _through(client)
    assert "Signed in as Ana" in _account(client)
    with installed.write_directory() as directory:
        directory.revoke(invited, network.id)
    assert "Signed in" not in _account(client)
    assert _through(client).status_code == 403
    assert provider


def _forgery(secret: str) -> str:
    return create_signed_value(secret, "_streamlit_user", json.dumps(FORGED)).decode()


@pytest.mark.usefixtures("invited", "provider")
@pytest.mark.parametrize("secret", ["wrong", "c" * 40], ids=["another key", "our own key"])
@pytest.mark.parametrize("address", ["/account", "/oauth2callback", "/oauth2callback?code=x&state=y"])
def test_a_cookie_of_streamlits_signs_nobody_in_even_under_the_right_key(
    client: TestClient, secret: str, address: str
) -> None:
    client.cookies.set("_streamlit_user", _forgery(secret))
    answer = client.get(address)
    assert COOKIE not in answer.headers.get("set-cookie", "")
    assert "Signed in" not in answer.text
    assert "Signed in" not in _account(client)


@pytest.mark.usefixtures("invited", "provider")
@pytest.mark.parametrize("header", ["X-Streamlit-User", "X-Forwarded-User", "X-Forwarded-Email", "Remote-User"])
def test_a_header_that_names_a_user_signs_nobody_in(client: TestClient, header: str) -> None:
    for address in ("/account", "/oauth2callback", "/signin/with/school"):
        answer = client.get(address, headers={header: "ana@example.org"})
        assert COOKIE not in answer.headers.get("set-cookie", "")
    assert "Signed in" not in _account(client)


def test_no_file_of_ours_asks_streamlit_who_the_user_is() -> None:
    files = [*(PROJECT / "progressions").rglob("*.py"), *(PROJECT / "pages").glob("*.py")]
    asking = re.compile(r"\bst\.user\b|experimental_user|\buser_info\b")
    assert [file.name for file in files if asking.search(file.read_text(encoding="utf-8"))] == []


@pytest.mark.usefixtures("invited")
def test_no_code_and_no_token_is_logged(
    provider: FakeProvider, client: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    _through(client)
    provider.spoilt = {"aud": "another-client"}
    _through(client)
    assert "failed for provider" in caplog.text  # the log is read where it would be
    ours = [r for r in caplog.records if r.name.startswith(("streamlit", "progressions", "authlib"))]
    said = "\n".join(caplog.handler.format(record) for record in ours)
    assert [secret for secret in provider.secrets if secret in said] == []


BROKEN: dict[str, Callable[[str], str]] = {
    "no client": lambda text: text.replace("client_id", "client_idea"),
    "no way back": lambda text: text.replace("redirect_uri", "redirect"),
    "no secret of cookies": lambda text: text.replace("cookie_secret", "cookies"),
    "a name with an underscore": lambda text: text.replace("[auth.school]", "[auth.old_school]"),
    "another section": lambda text: text.replace("[auth", "[other"),
}


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN)
def test_what_is_not_set_up_completely_is_not_offered(
    running: FakeProvider, client: TestClient, monkeypatch: pytest.MonkeyPatch, broken: Callable[[str], str]
) -> None:
    monkeypatch.setattr(secrets_singleton, "_secrets", tomllib.loads(broken(running.section(HERE))))
    assert oidc.ways() == ()
    assert "/signin/with/" not in client.get("/signin").text
    assert client.get("/signin/with/school").status_code == 404


def test_a_provider_in_auth_itself_is_the_organizations(monkeypatch: pytest.MonkeyPatch, running: FakeProvider) -> None:
    text = running.section(HERE).replace("[auth.school]\n", "").replace('title = "Alder <Valley> Schools"\n', "")
    monkeypatch.setattr(secrets_singleton, "_secrets", tomllib.loads(text))
    assert [(way.address, way.words) for way in oidc.ways()] == [
        ("/signin/with/default", "Sign in with your organization’s account")
    ]


WITHOUT_AUTHLIB = """
import sys
sys.modules["authlib"] = sys.modules["joserfc"] = None
from progressions.web import application, oidc
assert application.ROUTES and oidc.ways() == ()
"""


def test_without_a_provider_authlib_is_not_needed(tmp_path: Path) -> None:
    """In a process of its own, whose home folder has no secrets."""
    environment = {
        "PATH": "",
        "HOME": str(tmp_path),
        "PROGRESSIONS_DATABASE_URL": f"sqlite:///{tmp_path / 'x.sqlite3'}",
    }
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_AUTHLIB],
        cwd=PROJECT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_without_a_provider_streamlits_own_answer_stands(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(secrets_singleton, "_secrets", {})
    answer = client.get("/oauth2callback?code=x&state=y")
    assert (answer.status_code, answer.headers["location"]) == (302, "/")
    assert client.get("/signin/with/default").status_code == 404
