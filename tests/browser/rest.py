"""When a page is at rest: everything that it asked of the server is answered and drawn."""

from itertools import count
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page

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
