"""Every stored text of another network, and of another partnership, carries a marker: it must turn up nowhere.

A server with two such networks is walked through by people of the first one, over its websocket: each screen, each
value of each picker, each button, each file. Every byte that comes back is searched.
"""

import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import parse_qs, urlencode

import pytest

from progressions.people import PeerView
from progressions.services.pictures import FORMS
from progressions.store import Store
from progressions.web import navigation
from progressions.web.routes import ROUTES
from tests.browser.server import RunningApp
from tests.web import matrix, worlds
from tests.web.addresses import parameters
from tests.web.team_worlds import Team
from tests.web.worlds import Marked, Size, World
from tests.wire.client import Tab
from tests.wire.crawl import Walk, crawl

OWN, NEIGHBOUR, FOREIGN = "zqown", "zqneighbour", "zqforeign"
SIX = Size(partnerships=6, convenings=3)  # six are the fewest that a view of peers opens for
WALKS: dict[str, Iterable[str]] = {
    "member": navigation.SCREENS,
    "facilitator": ("home", "self-assess", "session"),  # the only screens that are not those of a member
    "staff": navigation.SCREENS,
}
BESIDES = (
    "/self-assess?rubric={rubric}",
    "/movement?view=two&since=any&then={first}&now={second}",
    "/movement?view=stuck&moved={domain}",
    "/compare?rubric={rubric}&view=over&whose=all",
    "/compare?rubric={rubric}&view=one&back=view%3Dover",
)
"""Addresses that no picker leads to: in a network as small as this one there is one value to choose, and a click in a
chart is none.
"""
LEAVES = {"Sign out", "Sign out everywhere", "Close the session"}
FIGURE = re.compile(r"/download/figures/([a-z-]+)\.(\w+)\?")
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
    "ratings.convinced",
    "ratings.saved_by",
    "batches.file_name",
    "batches.imported_by",
    "saved_mappings.title",
    "people.name",
    "record.about",
    "record.old",
    "record.new",
    "seats.name",
    "vote_changes.came_from",
    "peer_sets.title",
    "shared_notes.note",
    "shared_notes.contact",
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


@dataclass(frozen=True)
class Tour:
    """Everything that came back to somebody, and the addresses of the screens that they came past."""

    text: str
    screens: frozenset[str]


@pytest.fixture(scope="module")
def tours(place: Place) -> dict[str, Tour]:
    """Those of the first network's people, by who they are; raters while all is open."""
    phones = {"rater": _phone(place, place.own.teams[0], 0), "late rater": _phone(place, place.own.teams[0], 5)}
    return phones | {who: _walk(place, place.own, who, screens) for who, screens in WALKS.items()}


@pytest.fixture(scope="module")
def walked(tours: dict[str, Tour]) -> dict[str, str]:
    """Everything that came back to each of them."""
    return {who: tour.text for who, tour in tours.items()}


def _phone(place: Place, team: Team, number: int) -> Tour:
    """All that a phone gets: the pages for joining, every domain of the vote, and whatever else it may ask for."""
    room = f"/join/{team.session.room_code}"
    with Tab(place.app.url, "/vote", seat=team.seats[number][1]) as tab:
        pages = [tab.get(address)[1].decode() for address in ("/join", room, f"{room}?anew=1")]
        walks = [crawl(tab, f"/{screen}") for screen in ("vote", "session", "self-assess", "movement")]
        for each in team.session.domains:
            tab.go(f"/vote?domain={each.key.rubric}.{each.key.domain}")
        assert not tab.screen.errors
        return Tour("\n".join([*pages, tab.screen.text]), frozenset().union(*(walk.screens for walk in walks)))


def _walk(place: Place, world: World, who: str, screens: Iterable[str] = navigation.SCREENS) -> Tour:
    """All frames of all screens and the files that they offer, as one text."""
    files, seen = set(_files(world)), set[str]()
    with Tab(place.app.url, "/", world.session(place.store, who)) as tab:
        for screen in screens:
            walk = crawl(tab, f"/{screen}", LEAVES)
            assert not tab.screen.errors, (who, screen, tab.screen.errors)
            files, seen = files | walk.files, seen | walk.screens
        seen |= {_besides(tab, world, address) for address in BESIDES}
        found = [tab.screen.text, *(_readable(tab.get(address)[1]) for address in _to_be_read(files))]
    return Tour("\n".join(found), frozenset(seen))


def _besides(tab: Tab, world: World, address: str) -> str:
    first, second = world.days[:2]
    rubric = world.rubrics[0]
    asked = address.format(first=first, second=second, rubric=rubric, domain=world.domains[rubric][0])
    tab.go(asked)
    assert not tab.screen.errors, (asked, tab.screen.errors)
    return asked


def _to_be_read(files: Iterable[str]) -> Iterator[str]:
    """Every file, and of each figure one for each way of asking for it: all of them take most of the time.

    A figure has its title, its finding and its table in its csv, and its specification came with the screen: as csv
    it is read for each partnership and for each set of names in its address, otherwise once. A png is pixels, in which
    nothing is found.
    """
    figures: dict[tuple[str, ...], str] = {}
    for address in sorted(files):
        figure = FIGURE.match(address)
        if figure is None:
            yield address
        elif figure[2] != "png":
            of = parse_qs(address.partition("?")[2])
            asked = (*of.get("partnership", ()), *sorted(of)) if figure[2] == "csv" else ()
            figures[(*figure.groups(), *asked)] = address
    yield from figures.values()


def _files(world: World) -> Iterator[str]:
    """Every file of every route, for every partnership of the network, whether a screen offers it or not."""
    for addresses in matrix.DOWNLOADS.values():
        for address, _may in addresses:
            for partnership in world.partnerships[:2]:
                rubric, days = world.rubrics[0], world.days
                known = {"partnership": partnership, "rubric": rubric, "domain": world.domains[rubric][0]}
                asked = address.format(**known, other=world.partnerships[-1], then=days[0], now=days[-1])
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
    files = {route.path for route in ROUTES if route.path.startswith(("/download/", "/sheets/"))}
    assert files == set(matrix.DOWNLOADS)


def test_the_walk_comes_past_everything_that_an_address_can_say(tours: dict[str, Tour]) -> None:
    """What a screen looks for in its address is found in its source: one that nobody walks fails here."""
    walked = {name for tour in tours.values() for name in Walk(screens=set(tour.screens)).parameters}
    missing = {name: module for name, module in parameters().items() if name not in walked}
    assert not missing
    for row in ("view=stuck", "peers=started", "part=room", "since=any"):
        assert any(row in address for address in tours["staff"].screens), row


def test_the_walk_comes_past_every_kind_of_text(walked: dict[str, str]) -> None:
    """Without this the canary could be silent because nobody looked."""
    seen = walked["staff"].replace("\\", "")  # some of it is escaped on its way to the screen
    missing = [field for field in SEEN_BY_STAFF if f"{OWN} {field}" not in seen]
    assert not missing
    assert NEIGHBOUR in walked["staff"]
    assert f"{OWN} ratings.evidence" in walked["member"]
    for who, number in (("rater", 0), ("late rater", 5)):
        seen = walked[who].replace("\\", "")
        for field in (f"votes.note {number}", f"seats.name {number}", "domain_texts.title", "descriptors.text"):
            assert f"{OWN} {field}" in seen, (who, field)


def test_a_private_note_comes_back_to_its_own_phone_alone(walked: dict[str, str]) -> None:
    own = {"rater": 0, "late rater": 5}
    for who, text in walked.items():
        notes = {part.split()[0] for part in text.replace("\\", "").split("votes.note ")[1:]}
        found = {re.match(r"\d+", note)[0] for note in notes if re.match(r"\d+", note)}  # type: ignore[index]
        assert found == ({str(own[who])} if who in own else set()), who


def test_a_phone_gets_nothing_of_what_the_network_knows_of_people(walked: dict[str, str]) -> None:
    """Names of the room and ratings of what has been revealed are its own; these are nobody's there."""
    for who in ("rater", "late rater"):
        for field in ("people.name", "people.email", "record.", "batches.", "vote_changes.", "partnerships.title 1"):
            assert f"{OWN} {field}" not in walked[who].replace("\\", ""), (who, field)


def test_nothing_of_another_network_comes_back_to_anybody(walked: dict[str, str]) -> None:
    for who, text in walked.items():
        assert FOREIGN not in text.lower(), (who, _around(text, FOREIGN))


@pytest.mark.parametrize("who", ["member", "facilitator", "rater", "late rater"])
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
    text = _walk(place, place.own, "member", ("home", "movement")).text.replace("\\", "")
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
