"""Every stored text of another network, and of another partnership, carries a marker: it must turn up nowhere.

A server with two such networks is walked through by people of the first one, over its websocket: each screen, each
value of each picker, each button, each file. Every byte that comes back is searched.
"""

import io
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import urlencode

import pytest

from progressions.people import PeerView
from progressions.services.pictures import FORMS
from progressions.store import Store
from progressions.web import navigation
from progressions.web.routes import ROUTES
from tests.browser.server import RunningApp
from tests.web import matrix, worlds
from tests.web.worlds import Marked, Size, World
from tests.wire.client import Tab
from tests.wire.crawl import crawl

OWN, NEIGHBOUR, FOREIGN = "zqown", "zqneighbour", "zqforeign"
SIX = Size(partnerships=6)  # the fewest that a view of peers opens for
WALKS: dict[str, Iterable[str]] = {
    "member": navigation.SCREENS,
    "facilitator": ("home", "self-assess"),  # the only screens that are not those of a member
    "staff": navigation.SCREENS,
}
LEAVES = {"Sign out", "Sign out everywhere"}
SEEN_BY_STAFF = [
    "networks.title",
    "partnerships.title",
    "convenings.title",
    "rubric_versions.title",
    "rubric_versions.about",
    "rubric_versions.source_file",
    "levels.name",
    "domain_texts.title",
    "domain_texts.area",
    "descriptors.text",
    "ratings.evidence",
    "ratings.next_step",
    "ratings.next_step_owner",
    "ratings.saved_by",
    "batches.file_name",
    "batches.imported_by",
    "saved_mappings.title",
    "people.name",
    "record.about",
    "record.old",
    "record.new",
]


@dataclass(frozen=True)
class Place:
    app: RunningApp
    store: Store
    own: World
    foreign: World


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    with worlds.running(tmp_path_factory.mktemp("canary")) as (app, store):
        own = worlds.build(store, "north", Marked(OWN, NEIGHBOUR), SIX)
        foreign = worlds.build(store, "south", Marked(FOREIGN), SIX)
        app.start()
        yield Place(app, store, own, foreign)


@pytest.fixture(scope="module")
def walked(place: Place) -> dict[str, str]:
    """Everything that came back to each of the first network's people, by who they are."""
    return {who: _walk(place, place.own, who, screens) for who, screens in WALKS.items()}


def _walk(place: Place, world: World, who: str, screens: Iterable[str] = navigation.SCREENS) -> str:
    """All frames of all screens and all files, as one text."""
    found: list[str] = []
    files = set(_files(world))
    with Tab(place.app.url, "/", world.session(place.store, who)) as tab:
        for screen in screens:
            files |= crawl(tab, f"/{screen}", LEAVES)
            assert not tab.screen.errors, (who, screen, tab.screen.errors)
        found.append(tab.screen.text)
        found.extend(_readable(tab.get(address)[1]) for address in sorted(files))
    return "\n".join(found)


def _files(world: World) -> Iterator[str]:
    """Every file of every route, for every partnership of the network, whether a screen offers it or not."""
    for addresses in matrix.DOWNLOADS.values():
        for address, _may in addresses:
            for partnership in world.partnerships[:2]:
                rubric, days = world.rubrics[0], world.days
                known = {"partnership": partnership, "rubric": rubric, "domain": world.domains[rubric][0]}
                asked = address.format(**known, then=days[0], now=days[-1])
                yield from (asked, asked.replace(".csv?", ".svg?"))


def _readable(body: bytes) -> str:
    """A workbook is packed: its parts are read one by one."""
    if not body.startswith(b"PK"):
        return body.decode("utf-8", errors="replace")
    with zipfile.ZipFile(io.BytesIO(body)) as parts:
        return "\n".join(parts.read(name).decode("utf-8", errors="replace") for name in parts.namelist())


def test_every_stored_text_of_the_other_network_carries_the_marker(place: Place) -> None:
    assert worlds.columns_without(place.app.database, [FOREIGN]) == set()


def test_every_route_of_a_file_is_walked() -> None:
    assert {route.path for route in ROUTES if route.path.startswith("/download/")} == set(matrix.DOWNLOADS)


def test_the_walk_comes_past_every_kind_of_text(walked: dict[str, str]) -> None:
    """Without this the canary could be silent because nobody looked."""
    seen = walked["staff"].replace("\\", "")  # some of it is escaped on its way to the screen
    missing = [field for field in SEEN_BY_STAFF if f"{OWN} {field}" not in seen]
    assert not missing
    assert NEIGHBOUR in walked["staff"]
    assert f"{OWN} ratings.evidence" in walked["member"]


def test_nothing_of_another_network_comes_back_to_anybody(walked: dict[str, str]) -> None:
    for who, text in walked.items():
        assert FOREIGN not in text.lower(), (who, _around(text, FOREIGN))


@pytest.mark.parametrize("who", ["member", "facilitator"])
def test_nothing_of_another_partnership_comes_back_to_a_member(place: Place, walked: dict[str, str], who: str) -> None:
    text = walked[who].lower()
    for code in place.own.partnerships[1:]:
        text = text.replace(f"partnership={code}", "")  # what this test itself asked for
    assert NEIGHBOUR not in text, _around(text, NEIGHBOUR)


def test_the_other_network_does_come_back_to_its_own_people(place: Place) -> None:
    """The same walk finds the marker where it belongs, so that it would be found elsewhere."""
    with Tab(place.app.url, "/", place.foreign.session(place.store, "member")) as tab:
        assert f"{FOREIGN} partnerships.title" in tab.run().text


def test_where_peers_are_named_members_learn_titles_and_levels_and_nothing_else(place: Place) -> None:
    with place.store.write_directory() as directory:
        directory.choose_peer_view(place.own.network, PeerView.NAMES, 5)
    text = _walk(place, place.own, "member", ("home", "movement")).replace("\\", "")
    assert FOREIGN not in text
    assert {part.split()[0] for part in text.split(f"{NEIGHBOUR} ")[1:]} <= {"partnerships.title"}


def test_figures_of_any_form_are_refused_for_what_is_not_ones_own(place: Place) -> None:
    of = {"partnership": place.own.partnerships[1], "rubric": place.own.rubrics[0], "whose": "all"}
    with Tab(place.app.url, "/", place.own.session(place.store, "member")) as tab:
        for form in FORMS:
            status, body = tab.get(f"/download/figures/stands.{form}?{urlencode(of)}")
            assert status == 404
            assert NEIGHBOUR.encode() not in body


def _around(text: str, marker: str) -> str:
    at = text.lower().index(marker)
    return text[max(0, at - 200) : at + 200]
