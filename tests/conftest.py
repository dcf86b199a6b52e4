"""What every test may ask for. Repository tests run on SQLite and on PostgreSQL alike."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from playwright.sync_api import Browser, expect, sync_playwright

from progressions.people import Network
from progressions.rubric import RubricVersion
from progressions.store import Store, open_store
from tests import factories, postgres
from tests.browser import rest
from tests.needs import browser_path
from tests.plain_sql import PlainSql

settings.register_profile("project", deadline=None)  # these machines are shared: slowness is not what tests judge
settings.load_profile("project")
expect.set_options(timeout=1000 * rest.MOST_SECONDS)

SHARED = "progressions"
BOTH = [
    pytest.param("sqlite", id="sqlite"),
    pytest.param("postgresql", id="postgresql", marks=pytest.mark.postgres),
]


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[postgres.Server]:
    """One server for all tests; skips where its programs are missing."""
    bin_folder = postgres.programs()
    if bin_folder is None:
        pytest.skip(postgres.NOT_FOUND)
    with postgres.running_server(bin_folder) as server:
        yield server


@pytest.fixture(scope="session")
def postgres_database(postgres_server: postgres.Server) -> str:
    """One database with all tables, which the tests use one after another."""
    postgres_server.run(f"CREATE DATABASE {SHARED}")
    open_store(postgres_server.url(SHARED)).close()
    return SHARED


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with all tables and no rows, to copy."""
    file = tmp_path_factory.mktemp("template") / "store.sqlite3"
    open_store(f"sqlite:///{file}").close()
    return file


@pytest.fixture(params=BOTH)
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database without tables."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'store.sqlite3'}"
        return
    server: postgres.Server = request.getfixturevalue("postgres_server")
    with server.fresh_database() as url:
        yield url


@pytest.fixture(params=BOTH)
def database_url(request: pytest.FixtureRequest, sqlite_template: Path, tmp_path: Path) -> Iterator[str]:
    """The address of a database without rows. Its tables stay as they are: on PostgreSQL the next test uses them."""
    if request.param == "sqlite":
        yield f"sqlite:///{shutil.copy(sqlite_template, tmp_path / 'store.sqlite3')}"
        return
    server: postgres.Server = request.getfixturevalue("postgres_server")
    database: str = request.getfixturevalue("postgres_database")
    server.empty(database)
    yield server.url(database)


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    """An open store with no network in it."""
    opened = open_store(database_url)
    yield opened
    opened.close()


@pytest.fixture
def sqlite_store(sqlite_template: Path, tmp_path: Path) -> Iterator[Store]:
    """An open store in a file: for tests above the store, which need one database, not both."""
    opened = open_store(f"sqlite:///{shutil.copy(sqlite_template, tmp_path / 'store.sqlite3')}")
    yield opened
    opened.close()


@pytest.fixture
def sql(database_url: str) -> PlainSql:
    """The same database, asked without the application."""
    return PlainSql(database_url)


@pytest.fixture
def network(store: Store) -> Network:
    """A network without anything in it."""
    return factories.a_network(store)


@pytest.fixture
def version(store: Store, network: Network) -> RubricVersion:
    """The rubric of the network, which now has partnerships and convenings too."""
    return factories.a_furnished_network(store, network)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests that want a real one; skips where there is none."""
    path = browser_path()
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=path,
            args=[
                "--no-sandbox",
                "--disable-gpu",
                "--disable-background-networking",
                "--disable-component-update",
            ],
        )
        rest.watch(chromium)
        yield chromium
        chromium.close()
