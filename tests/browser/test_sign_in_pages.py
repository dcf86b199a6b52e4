"""Signing in and out in a real browser and over real HTTP: without a script, in other tabs, and what the log says."""

import re
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, Route

from progressions import codes
from progressions.clock import utc_now
from progressions.people import Access
from progressions.services import people, start
from progressions.services.people import Invitation, Invited
from progressions.store import open_store
from tests.browser.rest import expect
from tests.browser.server import RunningApp
from tests.browser.steps import EXAMPLE, open_link, settled, sign_in, until

pytestmark = pytest.mark.browser

PHONE = {"width": 390, "height": 844}


def _invited(app: RunningApp, *names: str) -> tuple[Invited, ...]:
    """Members of a partnership of the example network, with their codes and links."""
    store = open_store(app.database_url)
    try:
        with store.read_directory() as directory:
            network = directory.network(start.EXAMPLE_CODE)
        assert network is not None
        staff = start.system_principal(network)
        wanted = [Invitation(name, Access.MEMBER, "alder-valley") for name in names]
        return people.invite_all(store, staff, wanted, utc_now())
    finally:
        store.close()


@pytest.fixture
def without_script(browser: Browser) -> Iterator[BrowserContext]:
    """A phone whose browser runs no script."""
    with browser.new_context(viewport=PHONE, java_script_enabled=False) as context:
        yield context


def _type(page: Page, app: RunningApp, code: str) -> None:
    """Types a code that is right into the field of the open page, and waits until it has let its person in."""
    page.get_by_label("Your code").fill(code)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{app.url}/")


def _post(app: RunningApp, fields: dict[str, str], headers: dict[str, str] | None = None) -> tuple[int, str]:
    """Status and body of a posted form; a redirect is not followed."""
    body = urllib.parse.urlencode(fields).encode()
    request = urllib.request.Request(f"{app.url}/signin", body, headers or {})
    opener = urllib.request.build_opener(NoRedirect())
    try:
        with opener.open(request, timeout=60) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as refused:
        return refused.code, refused.read().decode()


class NoRedirect(urllib.request.HTTPRedirectHandler):
    """Leaves a redirect as the answer."""

    def redirect_request(self, *_anything: object) -> None:  # type: ignore[override]
        """None: it is not followed."""


def test_a_code_and_a_link_sign_in_without_a_script(without_script: BrowserContext, app: RunningApp) -> None:
    ana, ben = _invited(app, "Ana Script", "Ben Script")
    page = without_script.new_page()
    page.goto(f"{app.url}/signin")
    page.get_by_label("Your code").fill("nonsense")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_contain_text("This code does not work")
    _type(page, app, ana.code_text.lower().replace("-", " "))
    page.goto(f"{app.url}/account")
    expect(page.get_by_role("heading", name="Signed in as Ana Script")).to_be_visible()
    page.get_by_role("button", name="Sign out here").click()
    expect(page.get_by_role("heading", name="You are signed out")).to_be_visible()
    page.goto(f"{app.url}/signin?link={ben.link_token}")
    expect(page.get_by_role("heading", name="You are invited to Example network as Ben Script")).to_be_visible()
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"{app.url}/")
    page.goto(f"{app.url}/account")
    expect(page.get_by_role("heading", name="Signed in as Ben Script")).to_be_visible()


def test_a_link_whose_answer_was_lost_signs_in_when_its_button_is_pressed_again(page: Page, app: RunningApp) -> None:
    (lea,) = _invited(app, "Lea Twice")
    statuses: list[int] = []

    def lose(route: Route) -> None:
        """The server has its say, and the browser gets neither cookie nor page: it stays where it is."""
        statuses.append(_post(app, dict(urllib.parse.parse_qsl(route.request.post_data or "")))[0])
        route.fulfill(status=204)

    page.goto(f"{app.url}/signin?link={lea.link_token}")
    page.route("**/signin", lose, times=1)
    page.get_by_role("button", name="Sign in").click()
    until(page, lambda: bool(statuses), "Nothing was sent.")
    assert statuses == [303]
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"{app.url}/")
    page.goto(f"{app.url}/account")
    expect(page.get_by_role("heading", name="Signed in as Lea Twice")).to_be_visible()


def test_the_browser_says_that_our_form_is_ours_and_never_names_the_link(page: Page, app: RunningApp) -> None:
    (eva,) = _invited(app, "Eva Origin")
    sent: list[dict[str, str]] = []
    page.on("request", lambda request: sent.append(request.all_headers()) if request.method == "POST" else None)
    open_link(page, f"{app.url}/signin?link={eva.link_token}")
    assert sent[0]["origin"] == app.url
    assert eva.link_token not in sent[0].get("referer", "")


def test_another_sites_page_cannot_sign_a_browser_in(page: Page, app: RunningApp) -> None:
    (kim,) = _invited(app, "Kim Elsewhere")
    form = f'<form method="post" action="{app.url}/signin"><input name="code" value="{kim.code_text}"></form>'
    page.route("http://evil.example/*", lambda route: route.fulfill(body=form, content_type="text/html"))
    page.goto("http://evil.example/")
    with page.expect_navigation():
        page.evaluate("document.forms[0].submit()")
    expect(page.get_by_role("heading", name="This was not done")).to_be_visible()
    assert not [cookie for cookie in page.context.cookies() if "progressions" in cookie["name"]]


def test_who_is_not_signed_in_finds_the_field_for_the_code(page: Page, app: RunningApp) -> None:
    (ida,) = _invited(app, "Ida Screen")
    page.goto(app.url)
    page.get_by_role("link", name="Sign in with a code").click()
    _type(page, app, ida.code_text)
    expect(page.get_by_test_id("stMain").get_by_role("heading", level=1)).to_be_visible()


def test_after_signing_out_everywhere_an_open_tab_is_out_at_its_next_click(
    browser: Browser, page: Page, app: RunningApp
) -> None:
    (joe,) = _invited(app, "Joe Devices")
    with browser.new_context(viewport={"width": 1280, "height": 720}) as desk:
        tab = desk.new_page()
        open_link(tab, f"{app.url}/signin?link={joe.link_token}")
        settled(tab)
        page.goto(f"{app.url}/signin")
        _type(page, app, joe.code_text)
        page.goto(f"{app.url}/account")
        page.get_by_role("button", name="Sign out everywhere").click()
        expect(page.get_by_role("heading", name="You are signed out")).to_be_visible()
        tab.get_by_role("link", name="Movement").first.click()
        expect(tab.get_by_text("Open the sign-in link that you were given")).to_be_visible()
        expect(tab.get_by_text(EXAMPLE)).to_have_count(0)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, {"width": 1280, "height": 720}], ids=["phone", "desktop"])
def test_the_pages_fit_and_pass_axe(browser: Browser, app: RunningApp, scheme: str, size: dict[str, int]) -> None:
    (lea,) = _invited(app, f"Lea {scheme} {size['width']}")
    with browser.new_context(viewport=size, color_scheme=scheme, bypass_csp=True) as context:  # type: ignore[arg-type]
        page = context.new_page()

        def check() -> None:
            found = Axe().run(page)
            assert found.violations_count == 0, found.generate_report()
            assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
            heights = page.locator("button, input:not([type=hidden])").evaluate_all(
                "all => all.map(each => each.getBoundingClientRect().height)"
            )
            assert all(height >= 44 for height in heights)

        page.goto(f"{app.url}/signin")
        check()
        page.get_by_label("Your code").fill("nonsense")
        page.keyboard.press("Enter")
        expect(page.get_by_role("alert")).to_be_visible()
        check()
        page.goto(f"{app.url}/signin?link={lea.link_token}")
        check()
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url(f"{app.url}/")
        page.goto(f"{app.url}/account")
        check()
        page.get_by_role("button", name="Sign out here").click()
        expect(page.get_by_role("heading", name="You are signed out")).to_be_visible()
        check()


def test_wrong_codes_are_throttled_while_right_people_of_the_same_address_sign_in(fresh_app: RunningApp) -> None:
    hall = _invited(fresh_app, *(f"Person {number}" for number in range(12)))
    stop, guesses = threading.Event(), []
    target = codes.Code("ZZZZ", "0" * 12).text

    def guess() -> None:
        while not stop.is_set():
            guesses.append(_post(fresh_app, {"code": target})[0])

    guessers = [threading.Thread(target=guess) for _ in range(4)]
    for thread in guessers:
        thread.start()
    try:
        began = time.monotonic()
        assert [_post(fresh_app, {"code": person.code_text})[0] for person in hall] == [303] * 12
        while len(guesses) < 200 and time.monotonic() - began < 120:
            time.sleep(0.1)
        took = time.monotonic() - began
    finally:
        stop.set()
        for thread in guessers:
            thread.join()
    assert set(guesses) == {403, 429}
    assert guesses.count(403) <= 5 + took / 20 + 1
    assert len(guesses) >= 200


def test_unknown_selector_and_wrong_secret_have_one_answer_over_http(app: RunningApp) -> None:
    (max_,) = _invited(app, "Max Alike")
    code = codes.parse(max_.code_text)
    assert code is not None
    wrong = codes.Code(code.selector, codes.new_code().secret)
    unknown = codes.Code("YYYY" if code.selector != "YYYY" else "XXXX", code.secret)
    assert _post(app, {"code": wrong.text}) == _post(app, {"code": unknown.text})


def test_no_token_and_no_code_is_in_any_log(page: Page, fresh_app: RunningApp) -> None:
    (pat,) = _invited(fresh_app, "Pat Silent")
    page.goto(f"{fresh_app.url}/signin?link={pat.link_token}")
    urllib.request.urlopen(f"{fresh_app.url}/signin?link={pat.link_token}", timeout=30).close()
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"{fresh_app.url}/")
    settled(page)
    (by_link,) = [c["value"] for c in page.context.cookies() if c["name"] == "progressions_session"]
    assert _post(fresh_app, {"link": pat.link_token})[0] == 403  # used by now
    assert _post(fresh_app, {"code": pat.code_text[:-1] + "!"})[0] == 403
    page.goto(f"{fresh_app.url}/signin")
    _type(page, fresh_app, pat.code_text)
    settled(page)
    (by_code,) = [c["value"] for c in page.context.cookies() if c["name"] == "progressions_session"]
    page.goto(f"{fresh_app.url}/account")
    page.get_by_role("button", name="Sign out everywhere").click()
    expect(page.get_by_role("heading", name="You are signed out")).to_be_visible()
    page.goto(f"{fresh_app.url}/nothing?link={pat.link_token}")
    sign_in(page, fresh_app)
    code = codes.parse(pat.code_text)
    assert code is not None
    fresh_app.stop()
    said = fresh_app.said()
    for secret in (pat.link_token, by_link, by_code, pat.code_text, code.secret):
        assert secret not in said
    # The one link that the terminal is meant to show is there once, and nothing else that looks like one.
    assert len(re.findall(r"link=[\w-]{20,}", said)) == 1
