"""An installation and the screens of facilitators, for each test anew."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from progressions.clock import utc_now
from progressions.services import start
from progressions.settings import Settings
from progressions.store import Store, open_store
from tests.web.session_page.screen import Screen


@pytest.fixture
def example(tmp_path: Path) -> Iterator[Settings]:
    """An installation of each test's own: sessions are opened in it."""
    settings = Settings(database_url=f"sqlite:///{tmp_path / 'store.sqlite3'}")
    store = open_store(settings.database_url)
    start.load_example(store, utc_now())
    yield settings
    store.close()


@pytest.fixture
def screens(
    installed: Store, session_of: Callable[[str], str], pages: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[[], Screen]:
    """Screens of facilitators of one partnership, each another person's."""
    monkeypatch.setattr("streamlit.page_link", lambda *_args, **_named: None)  # it needs the whole application
    return lambda: Screen(installed, session_of("facilitator"), monkeypatch, pages)


@pytest.fixture
def fay(screens: Callable[[], Screen]) -> Screen:
    return screens()
