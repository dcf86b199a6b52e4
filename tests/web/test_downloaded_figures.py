"""Every figure there is, downloaded as a table: the same numbers as its twin, and where they come from."""

import csv
import io
import re
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

import openpyxl
import pandas as pd
import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from progressions.charts.export import Footer
from progressions.charts.figure import Figure
from progressions.clock import utc_now
from progressions.people import EXAMPLE_NOTE, Access, Network, Principal
from progressions.services import picture_sources, pictures
from progressions.services.picture_desk import Desk
from progressions.settings import Settings
from progressions.store import Store
from progressions.web import routes
from progressions.web.cookie import COOKIE
from progressions.web.routes import ROUTES
from tests.charts import drawings
from tests.factories import NOW
from tests.plain_sql import PlainSql

DAYS = {"then": "2025-01-29", "now": "2026-07-15", "convening": "2026-07-15"}
OF = {"partnership": "alder-valley", "rubric": "ihe", "domain": "ihe-1", "whose": "same", **DAYS}
VOTED = {"convening": "2026-04-23", "rubric": "partnership"}
BY_NAME = {"team-votes": VOTED, "first-votes": VOTED, "sides-apart": VOTED, "in-the-room": VOTED}
EVERYTHING = {**pictures._FIGURES, **pictures._LISTS}
every_figure = pytest.mark.parametrize("name", sorted(EVERYTHING))


def of(name: str) -> dict[str, str]:
    return {**OF, **BY_NAME.get(name, {}), "sites": "alder-valley\nbrindle-bay"}


def expected_convenings(name: str) -> list[str]:
    return [of(name)[each] for each in picture_sources.OF_CONVENINGS[name]]


def as_text(value: Any) -> str:
    return "" if value is None or pd.isna(value) else str(value)


@pytest.fixture
def download(installed: Store, session_of: Callable[[str], str]) -> Callable[[str, str], tuple[bytes, str]]:
    assert installed
    client = TestClient(Starlette(routes=ROUTES))
    client.cookies.set(COOKIE, session_of("staff"))

    def get(name: str, form: str) -> tuple[bytes, str]:
        answer = client.get(f"/download/figures/{name}.{form}?{urlencode(of(name))}")
        assert answer.status_code == 200
        return answer.content, answer.headers["content-disposition"]

    return get


@pytest.fixture
def figure_of(installed: Store, network: Network) -> Callable[[str], Figure]:
    staff = Principal(1, "Sam", network, Access.STAFF, None)
    return lambda name: EVERYTHING[name](Desk(installed, staff, of(name), utc_now().date()))


def test_every_figure_says_of_which_convenings_it_is() -> None:
    assert set(picture_sources.OF_CONVENINGS) == set(EVERYTHING)
    assert set(picture_sources.OF_THE_NETWORK) < set(EVERYTHING)


@every_figure
def test_the_tables_files_are_the_table_twin_and_say_where_it_comes_from(
    download: Callable[[str, str], tuple[bytes, str]], figure_of: Callable[[str], Figure], name: str
) -> None:
    figure = figure_of(name)
    twin = [[str(c) for c in figure.table.columns]]
    twin += [[as_text(v) for v in row] for row in figure.table.itertuples(index=False)]
    book = openpyxl.load_workbook(io.BytesIO(download(name, "xlsx")[0]))
    assert book.sheetnames == ["Table", "About"]
    assert [[as_text(v) for v in row] for row in book["Table"].iter_rows(values_only=True)] == twin
    assert all(cell.data_type != "f" for sheet in book for row in sheet.iter_rows() for cell in row)
    about = dict(book["About"].iter_rows(values_only=True))
    lines = list(csv.reader(io.StringIO(download(name, "csv")[0].decode("utf-8-sig"))))
    assert lines[: len(about)] == [[f"{heading}: {text}"] for heading, text in about.items()]
    assert [[re.sub("^'(?=[-+=@])", "", cell) for cell in line] for line in lines[len(about) :]] == twin
    _says_its_source(name, about, figure)


def _says_its_source(name: str, about: dict[str, str], figure: Figure) -> None:
    assert about["Network"] == "Example network"
    assert about["Invented"] == EXAMPLE_NOTE
    assert (about["Figure"], about["How many"]) == (figure.title, figure.n)
    is_named = name not in picture_sources.OF_THE_NETWORK or name == "side-by-side"
    assert ("Alder Valley" in about["Whose ratings"]) == is_named
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", about["Downloaded"])
    years = [int(year) for year in re.findall(r"\b20\d\d\b", about["Convenings"])]
    assert years
    for day in expected_convenings(name):
        assert int(day[:4]) in years


@pytest.mark.parametrize(
    ("zone", "day"), [("Pacific/Kiritimati", "2026-03-06"), ("Pacific/Pago_Pago", "2026-03-04"), ("", "2026-03-05")]
)
def test_the_day_in_a_file_is_the_readers(
    download: Callable[[str, str], tuple[bytes, str]], monkeypatch: pytest.MonkeyPatch, zone: str, day: str
) -> None:
    monkeypatch.setattr(routes, "utc_now", lambda: datetime(2026, 3, 5, 10, 32, tzinfo=UTC))
    monkeypatch.setitem(OF, "zone", zone)
    content, header = download("promises", "csv")
    lines = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    assert [f"Downloaded: {day}"] in lines
    assert "Pacific" not in header


@pytest.mark.parametrize("name", picture_sources.OF_PEERS)
def test_a_file_that_counts_peers_says_so(download: Callable[[str, str], tuple[bytes, str]], name: str) -> None:
    about = dict(openpyxl.load_workbook(io.BytesIO(download(name, "xlsx")[0]))["About"].iter_rows(values_only=True))
    assert str(about["Whose ratings"]).endswith(" and its peers: the other partnerships of the network")


@pytest.mark.parametrize("name", sorted(pictures._FIGURES))
def test_a_picture_says_at_its_foot_where_it_comes_from(
    download: Callable[[str, str], tuple[bytes, str]], name: str
) -> None:
    content, header = download(name, "svg")
    foot = " ".join(re.findall(r'<text x="4" y="[\d.]+" [^>]*>([^<]*)</text>', content.decode()))
    assert foot.startswith("Example network · ")
    assert re.search(r"downloaded \d+ \w{3} 20\d\d · Invented example$", foot)
    assert f'filename="example-{name}-' in header
    for day in expected_convenings(name) or ["all-convenings"]:
        assert day in header


def test_the_list_of_what_is_missing_has_a_row_for_each_domain_that_the_database_lacks(
    download: Callable[[str, str], tuple[bytes, str]], example: Settings
) -> None:
    wanted = PlainSql(example.database_url).rows(
        "SELECT p.title, d.code FROM partnerships p, domains d WHERE NOT EXISTS (SELECT 1 FROM ratings r "
        "JOIN convenings c ON c.id = r.convening_id WHERE r.partnership_id = p.id AND r.domain_id = d.id "
        f"AND r.level IS NOT NULL AND c.held_on = '{DAYS['convening']}')"
    )
    book = openpyxl.load_workbook(io.BytesIO(download("not-rated", "xlsx")[0]))
    rows = list(book["Table"].iter_rows(values_only=True))
    assert rows[0] == ("Partnership", "Rubric", "Domain")
    assert Counter(title for title, _, _ in rows[1:]) == Counter(title for title, _ in wanted)
    told = dict(book["About"].iter_rows(values_only=True))
    done = 11 - len({title for title, _ in wanted})
    assert told["Finding"].startswith(f"{done} of 11 partnerships")
    assert told["How many"].startswith(f"{len(wanted)} of 264 ratings missing")


@pytest.mark.parametrize("form", ["png", "svg", "exe"])
def test_a_list_has_no_picture(installed: Store, session_of: Callable[[str], str], form: str) -> None:
    assert installed
    client = TestClient(Starlette(routes=ROUTES))
    client.cookies.set(COOKIE, session_of("staff"))
    assert client.get(f"/download/figures/not-rated.{form}?{urlencode(of('not-rated'))}").status_code == 404


def test_the_name_of_a_file_holds_nothing_that_a_header_or_a_folder_would_understand() -> None:
    hostile = {"partnership": '../..\r\nSet-Cookie: a="b', "rubric": "é;x", "convening": "2026-07-15\\"}
    assert picture_sources.file_name("peers", hostile) == "peers-set-cookie-a-b-x-2026-07-15"
    assert len(picture_sources.file_name("line", {"rubric": "x" * 5000})) <= 120


@pytest.mark.parametrize("title", ["=1+1", "@SUM(A1)", "+1\x01", "-2\t", "#N/A", "=HYPERLINK('x')\n"])
def test_no_title_becomes_a_formula_or_an_unreadable_workbook(title: str) -> None:
    drawn = drawings.strip()
    table = pd.DataFrame({title: [title, None], "Level": pd.array([3, None], dtype="Int64")})
    figure = Figure(title, title, drawn.alt, title, drawn.chart, table)
    source = Footer(title, NOW.date(), title, at=title)
    book = openpyxl.load_workbook(io.BytesIO(pictures._table(figure, source, "xlsx")))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} == {"s", "n"}
    assert [cell.value for cell in cells if cell.data_type == "n"] == [3]
    lines = csv.reader(io.StringIO(pictures._table(figure, source, "csv").decode("utf-8-sig")))
    assert not [cell for line in lines for cell in line if cell.startswith(("=", "@", "+", "-"))]
