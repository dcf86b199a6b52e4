"""Signing in at an identity provider, as a person in a browser meets it."""

import json
import re
from collections.abc import Iterator
from itertools import count
from typing import Any

import pytest
from playwright.sync_api import Page
from streamlit.web.server.starlette.starlette_app_utils import create_signed_value

from progressions.clock import utc_now
from progressions.people import Access
from progressions.services.start import EXAMPLE_CODE
from progressions.store import open_store
from tests.browser.rest import expect
from tests.browser.server import RunningApp
from tests.browser.steps import press, settled, stored
from tests.web.oidc_provider import FakeProvider

pytestmark = pytest.mark.browser

OFFER = "Sign in with Alder <Valley> Schools"
STREAMLITS = re.compile(r"_streamlit_user")
NUMBERS = count(1)


@pytest.fixture(scope="module")
def provider() -> Iterator[FakeProvider]:
    with FakeProvider() as made:
        yield made


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory, provider: FakeProvider) -> Iterator[RunningApp]:
    """A server whose user has the provider in their secrets."""
    folder = tmp_path_factory.mktemp("app")
    running = RunningApp(folder)
    secrets = folder / ".streamlit" / "secrets.toml"
    secrets.parent.mkdir()
    secrets.write_text(provider.section(running.url), encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HOME", str(folder))
        running.start()
    yield running
    running.stop()
    open_store(running.database_url).close()


def invited(app: RunningApp, provider: FakeProvider) -> str:
    """The e-mail of a new person, who is invited and whose account the provider now has open."""
    number = next(NUMBERS)
    email = f"ana{number}@example.org"
    with open_store(app.database_url).write_directory() as directory:
        network = directory.network(EXAMPLE_CODE)
        assert network is not None
        person = directory.add_person(f"Ana {number}", utc_now(), email)
        directory.grant(person, network.id, Access.MEMBER, "alder-valley")
    account(provider, sub=f"ana-{number}", email=email.title(), email_verified=True)
    return email


def account(provider: FakeProvider, **claims: Any) -> None:
    """Whose account is open at the provider."""
    provider.account = claims


def sign_in(page: Page, app: RunningApp) -> None:
    """From the application's first screen to the provider and back."""
    page.goto(app.url)
    press(page.get_by_role("link", name=OFFER))


def is_outside(page: Page) -> None:
    """The screen of nobody."""
    expect(page.get_by_text("Open the sign-in link that you were given")).to_be_visible()
    expect(page.get_by_text("Signed in as")).to_have_count(0)


def is_inside(page: Page) -> None:
    """The home screen of somebody."""
    expect(page.get_by_text("Invented example").first).to_be_visible()
    settled(page)


def cookies(page: Page) -> set[str]:
    return {cookie["name"] for cookie in page.context.cookies()}


def test_an_invited_person_signs_in_by_the_provider_and_out_again(
    page: Page, app: RunningApp, provider: FakeProvider
) -> None:
    email = invited(app, provider)
    sign_in(page, app)
    is_inside(page)
    assert "progressions_session" in cookies(page)
    assert not any(STREAMLITS.match(name) for name in cookies(page))
    lines = stored(
        app.database,
        "SELECT record.about, record.came_from FROM record JOIN people ON record.who = '#' || people.id "
        "WHERE people.email = ? AND record.action = 'signed in'",
        email,
    )
    ((about, came_from),) = lines
    assert about == "by identity provider"
    assert str(came_from).removeprefix("browser ") in ("127.0.0.1", "::1")

    page.goto(f"{app.url}/account")
    page.get_by_role("button", name="Sign out here").click()
    expect(page.get_by_role("heading", name="You are signed out")).to_be_visible()
    asked = len(provider.asked)
    page.goto(app.url)
    is_outside(page)
    page.reload()
    is_outside(page)
    assert len(provider.asked) == asked  # nobody went to the provider of their own accord
    assert not cookies(page) & {"progressions_session", "_streamlit_user", "_streamlit_user_tokens"}


def test_the_plain_sign_in_page_leads_there_too_without_a_script(
    page: Page, app: RunningApp, provider: FakeProvider
) -> None:
    invited(app, provider)
    assert page.context.browser is not None
    context = page.context.browser.new_context(java_script_enabled=False)
    plain = context.new_page()
    plain.goto(f"{app.url}/signin")
    plain.get_by_role("link", name=OFFER).click()
    plain.goto(f"{app.url}/account")
    expect(plain.get_by_role("heading", name=re.compile("Signed in as Ana"))).to_be_visible()
    context.close()


@pytest.mark.parametrize("verified", [True, False], ids=["uninvited", "unverified"])
def test_the_uninvited_and_the_unverified_read_the_same_sentence(
    page: Page, app: RunningApp, provider: FakeProvider, verified: bool
) -> None:
    email = invited(app, provider)
    before = stored(app.database, "SELECT (SELECT count(*) FROM people), (SELECT count(*) FROM identities)")
    if verified:
        account(provider, sub="bo", email="bo@example.org", email_verified=True)
    else:
        account(provider, sub="bo", email=email, email_verified=False)
    sign_in(page, app)
    expect(page.get_by_role("heading", name="This account is not invited")).to_be_visible()
    expect(page.get_by_text("Ask network staff to invite you with the e-mail address")).to_be_visible()
    page.goto(app.url)
    is_outside(page)
    assert stored(app.database, "SELECT (SELECT count(*) FROM people), (SELECT count(*) FROM identities)") == before


def test_a_revoked_person_is_out_at_the_next_click(page: Page, app: RunningApp, provider: FakeProvider) -> None:
    email = invited(app, provider)
    sign_in(page, app)
    is_inside(page)
    said = app.command("revoke", email)
    assert said.returncode == 0, said.stderr
    press(page.get_by_role("link", name="Movement").first)
    is_outside(page)
    press(page.get_by_role("link", name=OFFER))
    expect(page.get_by_role("heading", name="This account is not invited")).to_be_visible()


def test_a_forged_cookie_and_a_spoofed_header_sign_nobody_in(
    page: Page, app: RunningApp, provider: FakeProvider
) -> None:
    """Even signed with the server's own secret, and for somebody who has signed in before."""
    email = invited(app, provider)
    sign_in(page, app)
    is_inside(page)
    page.context.clear_cookies()
    said = {**provider.account, "iss": provider.url, "is_logged_in": True, "origin": app.url, "provider": "school"}
    forged = create_signed_value("c" * 40, "_streamlit_user", json.dumps(said)).decode()
    page.context.add_cookies([{"name": "_streamlit_user", "value": forged, "url": app.url}])
    page.set_extra_http_headers({"X-Streamlit-User": email, "X-Forwarded-Email": email, "Remote-User": email})
    page.goto(app.url)
    is_outside(page)
    page.goto(f"{app.url}/oauth2callback")
    expect(page.get_by_role("heading", name="This sign-in did not work")).to_be_visible()
    assert "progressions_session" not in cookies(page)


def test_no_code_no_token_and_no_secret_is_in_the_servers_log(
    page: Page, app: RunningApp, provider: FakeProvider
) -> None:
    invited(app, provider)
    sign_in(page, app)
    is_inside(page)
    session = next(c["value"] for c in page.context.cookies() if c["name"] == "progressions_session")
    provider.spoilt = {"aud": "another-client"}
    page.goto(f"{app.url}/signin/with/school")
    provider.spoilt = {}
    assert "failed for provider" in app.said()
    assert [secret for secret in [session, *provider.secrets] if secret in app.said()] == []


def test_how_the_pages_look(page: Page, app: RunningApp, provider: FakeProvider, pictures: Any) -> None:
    """Pictures to be looked at: the offer in the application and on the plain page, and a refusal, on a phone."""
    account(provider, sub="bo", email="bo@example.org", email_verified=True)
    page.goto(app.url)
    is_outside(page)
    settled(page)
    page.screenshot(path=pictures / "oidc-outside.png")
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{app.url}/signin")
    expect(page.get_by_role("link", name=OFFER)).to_be_visible()
    page.screenshot(path=pictures / "oidc-signin.png")
    page.emulate_media(color_scheme="dark")
    page.get_by_role("link", name=OFFER).click()
    expect(page.get_by_role("heading", name="This account is not invited")).to_be_visible()
    page.screenshot(path=pictures / "oidc-refused.png")
