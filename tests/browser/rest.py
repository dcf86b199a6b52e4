"""When a page is at rest: everything that it asked of the server is answered and drawn; and what it shows by then."""

import time
from itertools import count
from pathlib import Path
from typing import Any, overload

from playwright.sync_api import Browser, BrowserContext, Locator, LocatorAssertions, Page, PageAssertions
from playwright.sync_api import expect as plain_expect

SCRIPT = Path(__file__).with_suffix(".js")
MOST_SECONDS = 60  # a machine that others use too is slow, and slowness is not what these tests judge
ASKERS = count(1)


def watch(browser: Browser) -> None:
    """Has every page of the browser know whether it is at rest, before its own scripts begin."""
    plain = browser.new_context

    def new_context(**how: Any) -> BrowserContext:
        context = plain(**how)
        context.add_init_script(path=SCRIPT)
        context.set_default_timeout(1000 * MOST_SECONDS)
        return context

    browser.new_context = new_context  # type: ignore[method-assign]


def settled(page: Page) -> None:
    """Waits until the server has nothing more to draw, and everything that it drew stands."""
    page.wait_for_function("who => isAtRest(who)", arg=next(ASKERS), polling=50)


@overload
def expect(what: Locator) -> LocatorAssertions: ...
@overload
def expect(what: Page) -> PageAssertions: ...
def expect(what: Locator | Page) -> Any:
    """Playwright's ``expect``, which waits for everything but one thing: where two elements answer for one it fails at
    once. While Streamlit draws an element anew the old one is there still, fading; so this waits for that, too.
    """
    return _Patient(plain_expect(what), what.page if isinstance(what, Locator) else what)  # type: ignore[call-overload]


class _Patient:
    def __init__(self, plain: LocatorAssertions | PageAssertions, page: Page) -> None:
        self._plain = plain
        self._page = page

    def __getattr__(self, name: str) -> Any:
        check = getattr(self._plain, name)

        def waits(*wanted: Any, **how: Any) -> None:
            last = time.monotonic() + MOST_SECONDS
            while True:
                try:
                    return check(*wanted, **how)
                except AssertionError as failed:
                    if "strict mode violation" not in str(failed) or time.monotonic() > last:
                        raise
                self._page.wait_for_timeout(50)

        return waits
