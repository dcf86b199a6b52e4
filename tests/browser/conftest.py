"""A real Chromium against a real server. One server and one browser for all tests of a file."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.server import RunningApp


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningApp]:
    running = RunningApp(tmp_path_factory.mktemp("app"))
    running.start()
    yield running
    running.stop()


@pytest.fixture
def fresh_app(tmp_path: Path) -> Iterator[RunningApp]:
    """A server on its first start, for a test that counts on what nobody else has touched."""
    running = RunningApp(tmp_path)
    running.start()
    yield running
    running.stop()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 720}, timezone_id="America/Chicago")
    opened = context.new_page()
    yield opened
    context.close()


@pytest.fixture
def pictures() -> Path:
    """Where pictures of screens go, to be looked at; git ignores them."""
    folder = Path(__file__).parent / "pictures"
    folder.mkdir(exist_ok=True)
    return folder
