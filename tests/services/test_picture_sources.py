"""What a figure's file says of itself: the convenings that are in it, and a name that no other figure's file has."""

import csv
import io
from itertools import combinations

import pytest

from progressions.services import pictures
from progressions.services.picture_sources import file_name
from progressions.services.pictures import Asked
from progressions.store import Store
from tests import factories, many_sites
from tests.factories import NOW

CONVENINGS = 25


@pytest.mark.parametrize(
    ("name", "more"),
    [
        ("levels", {"whose": "all"}),
        ("side-by-side", {"sites": "\n".join(many_sites.codes(3)[:2])}),
        ("who-rated", {}),
    ],
)
def test_the_convenings_of_a_file_are_those_of_its_figure(sqlite_store: Store, name: str, more: dict[str, str]) -> None:
    network = factories.a_network(sqlite_store)
    staff = many_sites.furnish(sqlite_store, network, 3, CONVENINGS, whole=True, of=["partnership"])
    asked = Asked(name, {"rubric": "partnership", **more})
    content = pictures.picture(sqlite_store, staff, asked, "csv", NOW).decode("utf-8-sig")
    lines = list(csv.reader(io.StringIO(content)))
    (told,) = (line[0] for line in lines if line[0].startswith("Convenings: "))
    drawn = [label for label in many_sites.names(CONVENINGS).values() if any(label in line for line in lines)]
    assert 0 < len(drawn) < CONVENINGS
    first, last = told.removeprefix("Convenings: ").split(" to ")
    assert (first.split(" · ")[0], last.split(" · ")[0]) == (drawn[0], drawn[-1])


def test_the_file_of_partnerships_side_by_side_says_whose_it_is(sqlite_store: Store) -> None:
    network = factories.a_network(sqlite_store)
    staff = many_sites.furnish(sqlite_store, network, 4, 2, whole=True, of=["partnership"])
    two = many_sites.codes(4)[1:3]
    asked = Asked("side-by-side", {"rubric": "partnership", "sites": "\n".join(two)})
    content = pictures.picture(sqlite_store, staff, asked, "csv", NOW).decode("utf-8-sig")
    first, second = (many_sites.titles(4)[code] for code in two)
    (told,) = (line[0] for line in csv.reader(io.StringIO(content)) if line[0].startswith("Whose ratings: "))
    assert told == f"Whose ratings: {first}, {second}, beside the rest of the network"


def test_figures_of_other_things_have_files_of_other_names() -> None:
    of = {"partnership": "ash", "rubric": "lea"}
    asked = [
        ("line", {**of, "domain": "lea-1"}),
        ("line", {**of, "domain": "lea-2"}),
        ("heat", of),
        ("heat", {**of, "area": "Leading change"}),
        ("levels", {"rubric": "lea", "whose": "all"}),
        ("levels", {"rubric": "lea", "whose": "same"}),
        ("levels", {"rubric": "lea", "whose": "same", "domain": "lea-1"}),
        ("peers", {**of, "convening": "2026-07-15"}),
        ("peers", {**of, "convening": "2026-07-15", "set": "3"}),
        ("peers", {**of, "convening": "2026-07-15", "set": "4"}),
        ("peers-started", of),
        ("peers-started", {**of, "start": "2025-01-29"}),
        ("side-by-side", {"rubric": "lea", "sites": "ash\nbirch"}),
        ("side-by-side", {"rubric": "lea", "sites": "ash\ncedar"}),
        ("sites", {"rubric": "lea", "convening": "2026-07-15", "order": "title"}),
        ("sites", {"rubric": "lea", "convening": "2026-07-15", "order": "level:lea-1"}),
    ]
    names = [file_name(name, address) for name, address in asked]
    assert [pair for pair in combinations(names, 2) if pair[0] == pair[1]] == []
    assert names[0] == "line-ash-lea-lea-1-all-convenings"
    assert names[5] == "levels-lea-same-all-convenings"
    assert names[8] == "peers-ash-lea-set-3-2026-07-15"
