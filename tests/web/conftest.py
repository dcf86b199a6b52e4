"""The web layer over a database of the test's own, with people who are signed in by real sessions."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from progressions.clock import utc_now
from progressions.people import Access, Network
from progressions.services import people, sign_in, start
from progressions.settings import Settings
from progressions.store import Store, open_store
from progressions.web import installation

OWN = "alder-valley"


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """An installation with the example network, made once for a file of tests."""
    settings = Settings(database_url=f"sqlite:///{tmp_path_factory.mktemp('web') / 'store.sqlite3'}")
    start.load_example(open_store(settings.database_url), utc_now())
    yield settings
    open_store(settings.database_url).close()


@pytest.fixture
def installed(example: Settings, monkeypatch: pytest.MonkeyPatch) -> Store:
    """The web layer looks at the example installation."""
    monkeypatch.setattr(installation, "settings", lambda: example)
    return open_store(example.database_url)


@pytest.fixture
def network(installed: Store) -> Network:
    with installed.read_directory() as directory:
        found = directory.network(start.EXAMPLE_CODE)
    assert found is not None
    return found


@pytest.fixture
def session_of(installed: Store, network: Network) -> Callable[[str], str]:
    """The session token of somebody with this access; "" for nobody."""

    def session(access: str) -> str:
        if not access:
            return ""
        someone = people.Invitation(f"A {access}", Access(access), OWN)
        invited = people.invite(installed, start.system_principal(network), someone, utc_now())
        made = sign_in.use_link(installed, invited.link_token, 1, utc_now())
        assert made is not None
        return made

    return session


@pytest.fixture
def pages() -> Path:
    return Path(__file__).resolve().parents[2] / "pages"
