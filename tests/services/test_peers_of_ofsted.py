"""Real neighbours as peer sets: the ten statistical neighbours that Ofsted publishes for each English authority.

A convening is the end of a year; what is rated at it is the judgement that stood then. The expectations are counted
from the published files alone, with the csv module and loops.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from progressions.people import LEAST_OTHERS, Access, PeerView, Principal
from progressions.ratings import LevelWrite, RatingKey
from progressions.services import peer_sets, peers, pictures, rubrics
from progressions.services.pictures import Asked
from progressions.settings import ReadLimits
from progressions.store import Store, open_store
from tests import factories
from tests.factories import NOW, staff_of
from tests.ofsted import COLUMNS, HISTORY, LEVELS, MISSING, RUBRIC_CSV, RUBRIC_FILE

OVERVIEW = HISTORY.with_name("ofsted_csc_ilacs_overview.xlsx")
pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not (HISTORY.exists() and OVERVIEW.exists()), reason=MISSING),
]

YEARS = range(2019, 2027)
"""The present framework’s: before it most authorities had other judgements."""
EACH = 6
"""Every sixth authority is asked about: all of them take minutes."""
Standing = dict[str, dict[str, int]]
"""Levels by authority and domain."""


@dataclass(frozen=True)
class Neighbours:
    """A network of all authorities: a set for each of those that are asked about holds its neighbours."""

    store: Store
    staff: Principal
    of: dict[str, tuple[str, ...]]
    sets: dict[str, int]
    stood: dict[int, Standing]


def published() -> dict[str, tuple[str, ...]]:
    """The neighbours of each authority, by their numbers, as the overview lists them."""
    header, *rows = openpyxl.load_workbook(OVERVIEW).worksheets[0].iter_rows(values_only=True)
    found = [dict(zip(header, row, strict=True)) for row in rows]
    number_of = {str(each["la_code"]): str(each["urn"]) for each in found}
    return {
        str(each["urn"]): tuple(number_of[code] for code in str(each["stat_neighbours"]).split(", ")) for each in found
    }


def stood_at(year: int) -> Standing:
    """What was judged last of each authority up to the end of a year."""
    found: Standing = {}
    for _, row in sorted(((day_of(row), row) for row in history()), key=lambda pair: pair[0]):
        if day_of(row) <= date(year, 12, 31):
            for column, code in COLUMNS.items():
                if row[column] in LEVELS:
                    found.setdefault(row["urn"], {})[code] = LEVELS[row[column]]
    return found


def history() -> Iterator[dict[str, str]]:
    with HISTORY.open(encoding="utf-8-sig", newline="") as file:
        yield from csv.DictReader(file)


def day_of(row: dict[str, str]) -> date:
    day, month, year = (int(part) for part in row["publication_date"].split("/"))
    return date(2000 + year, month, day)


@pytest.fixture(scope="module")
def england(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Neighbours]:
    store = open_store(f"sqlite:///{Path(tmp_path_factory.mktemp('ofsted')) / 'store.sqlite3'}")
    staff, of = staff_of(factories.a_network(store)), published()
    rubrics.publish(store, staff, rubrics.check_file(RUBRIC_CSV.encode(), RUBRIC_FILE, ReadLimits()), NOW)
    stood = {year: stood_at(year) for year in YEARS}
    _save(store, staff, list(of), stood)
    sets = {
        each: peer_sets.make(store, staff, f"Neighbours of {each}", of[each], NOW, is_shown=False).id
        for each in list(of)[::EACH]
    }
    yield Neighbours(store, staff, of, sets, stood)
    store.close()


def _save(store: Store, staff: Principal, authorities: list[str], stood: dict[int, Standing]) -> None:
    with store.write(staff) as repository:
        for urn in authorities:
            repository.add_partnership(urn, f"Authority {urn}")
        for year, standing in stood.items():
            repository.add_convening(date(year, 12, 31), str(year))
            batch = repository.add_batch(file_name="", sha256="0" * 64, mapping="{}", counts="{}", by="Sam", now=NOW)
            writes = [
                LevelWrite(RatingKey(urn, date(year, 12, 31), "ofsted", code), level, 0)
                for urn, levels in standing.items()
                for code, level in levels.items()
            ]
            repository.save_levels(writes, batch_id=batch, by="Sam", now=NOW)


def counted(england: Neighbours, own: str, year: int) -> dict[str, tuple[int, ...]]:
    """For each domain how many neighbours stood lower, the same and higher; absent where the own level is."""
    stood = england.stood[year]
    found = {}
    for code, level in stood.get(own, {}).items():
        theirs = [stood[urn][code] for urn in england.of[own] if code in stood.get(urn, {})]
        if theirs:
            ways = (sum(t < level for t in theirs), sum(t == level for t in theirs), sum(t > level for t in theirs))
            found[code] = ways
    return found


def told(found: peers.Peers) -> dict[str, tuple[int, ...]]:
    assert found.own is not None
    rows = found.own[found.own["level"].notna()].to_dict("records")
    return {row["domain"]: (row["lower"], row["same"], row["higher"]) for row in rows}


def test_every_authority_has_ten_published_neighbours_and_is_none_of_them(england: Neighbours) -> None:
    assert len(england.of) > 150
    assert all(len(set(theirs)) == 10 and own not in theirs for own, theirs in england.of.items())
    assert all(set(theirs) <= set(england.of) for theirs in england.of.values())


@pytest.mark.parametrize("year", YEARS)
def test_lower_same_and_higher_than_the_neighbours_are_those_of_a_plain_count(england: Neighbours, year: int) -> None:
    compared = 0
    for own, number in england.sets.items():
        found = told(peers.beside(england.store, england.staff, own, "ofsted", date(year, 12, 31), number))
        expected = counted(england, own, year)
        assert found == expected, (own, year)
        compared += len(expected)
    assert compared > 30


def test_the_file_of_the_figure_says_the_three_counts_in_words(england: Neighbours) -> None:
    (own, number), year = next(iter(england.sets.items())), YEARS[-1]
    of = {"partnership": own, "rubric": "ofsted", "convening": f"{year}-12-31", "set": str(number)}
    content = pictures.picture(england.store, england.staff, Asked("peers", of), "csv", NOW).decode("utf-8-sig")
    for lower, same, higher in counted(england, own, year).values():
        assert f"{lower} lower, {same} the same, {higher} higher" in content


def test_a_member_is_told_the_same_counts_of_a_set_or_nothing(england: Neighbours) -> None:
    """Under the network's thresholds: a set that members are shown, of whoever is asked about last."""
    own = list(england.sets)[-1]
    shown = peer_sets.make(england.store, england.staff, "Shown", england.of[own], NOW, is_shown=True)
    network = replace(england.staff.network, peer_view=PeerView.COUNTS)
    member = Principal(2, "Max", network, Access.MEMBER, own)
    domains = 0
    for year in YEARS:
        found = told(peers.beside(england.store, member, own, "ofsted", date(year, 12, 31), shown.id))
        expected = counted(england, own, year)
        assert found.items() <= expected.items(), year
        assert all(sum(ways) >= LEAST_OTHERS for ways in found.values())
        domains += len(found)
    assert domains > 20
