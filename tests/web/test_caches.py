"""What is kept from run to run: nobody meets another's cut, nothing is older than the last save."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from itertools import permutations

import pyarrow as pa
import pytest
from pandas.testing import assert_frame_equal

from progressions.charts.figure import Figure
from progressions.charts.theme import Mode
from progressions.clock import utc_now
from progressions.errors import NotAllowedError
from progressions.people import Access, Network, Partnership, PeerView, Principal
from progressions.ratings import RatingDraft, RatingKey
from progressions.rubric import RubricVersion
from progressions.services import (
    movement,
    networks,
    peers,
    peers_over_time,
    ratings,
    rubrics,
    settings_of_networks,
    start,
    stuck_and_moved,
)
from progressions.services.pictures import Asked
from progressions.services.ratings import Pen
from progressions.store import Store
from progressions.web import caches, peer_caches
from progressions.web.drawn import Drawn
from tests.web.conftest import OWN

LOOK = (Mode.LIGHT, date(2026, 11, 22))
KEPT = [each for room in (caches, peer_caches) for each in vars(room).values() if hasattr(each, "cache_clear")]


@pytest.fixture(autouse=True)
def _nothing_kept() -> Iterator[None]:
    _forget()
    yield
    _forget()


@pytest.fixture
def staff(network: Network) -> Principal:
    return start.system_principal(network)


@pytest.fixture
def member(network: Network) -> Principal:
    return Principal(7, "Mia", network, Access.MEMBER, OWN)


def _forget() -> None:
    for each in KEPT:
        each.cache_clear()


def seen_by(store: Store, who: Principal) -> tuple[Partnership, RubricVersion, date]:
    """The partnership, the first rubric, and the latest convening at which it was expected."""
    own = next(p for p in networks.partnerships(store, who) if p.code == OWN)
    return own, rubrics.latest(store, who)[0], movement.expected_convenings(store, who, OWN)[-1].held_on


def peers_as_seen(store: Store, who: Principal, make: Callable[[Figure], Figure] = lambda figure: figure) -> Drawn:
    """Peers at the latest convening, as the page asks for it."""
    own, version, day = seen_by(store, who)
    convening = movement.expected_convenings(store, who, OWN)[-1]
    asked = Asked("peers", {"partnership": OWN, "rubric": version.rubric.code, "convening": day.isoformat()})
    at = caches.moment(who, version)

    def made() -> Figure:
        told = peer_caches.peers_of(who, OWN, version.rubric.code, day)
        return make(peers.figure(told, own, version, convening, Mode.LIGHT))

    return caches.figure(who, asked, at, LOOK, made)


def told_by(figure: Drawn) -> str:
    """Every word of it."""
    rows = [str(pa.ipc.open_stream(each).read_all().to_pylist()) for each in figure.spec["datasets"].values()]
    spec = {name: part for name, part in figure.spec.items() if name != "datasets"}
    return "\n".join([figure.title, figure.finding, figure.n, figure.table.to_string(), str(spec), *rows])


def others(store: Store, staff: Principal) -> list[str]:
    return [p.title for p in networks.partnerships(store, staff) if p.code != OWN]


def save(store: Store, who: Principal, level: int) -> None:
    """The own partnership's first domain at the latest convening."""
    _, version, day = seen_by(store, who)
    key = RatingKey(OWN, day, version.rubric.code, version.rubric.domains[0].code)
    stored = ratings.rating(store, who, key)
    base = stored.row_version if stored else 0
    ratings.save_rating(store, who, key, RatingDraft(level), base=base, pen=Pen("pen", 0), now=utc_now())


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_people_with_different_rights_at_one_address_each_get_their_own_cut(
    installed: Store, staff: Principal, member: Principal, order: tuple[int, ...]
) -> None:
    shows_names = replace(member, network=replace(member.network, peer_view=PeerView.NAMES))
    people = [(staff, True), (member, False), (shows_names, True)]
    for who, sees_names in (people[place] for place in order):
        told = told_by(peers_as_seen(installed, who))
        assert any(title in told for title in others(installed, staff)) is sees_names


def test_bands_and_counts_are_never_mixed_up(installed: Store, member: Principal) -> None:
    on_bands = replace(member, network=replace(member.network, peer_view=PeerView.BANDS))
    counted, banded = (told_by(peers_as_seen(installed, who)) for who in (member, on_bands))
    assert counted != banded
    assert told_by(peers_as_seen(installed, member)) == counted


def test_what_is_kept_is_no_way_round_the_permission(installed: Store, staff: Principal, member: Principal) -> None:
    drawn = peers_as_seen(installed, staff)
    _, version, _ = seen_by(installed, staff)
    at = caches.moment(staff, version)
    elsewhere = replace(member, partnership="birch-river")
    for who in (elsewhere, replace(member, access=Access.RATER)):
        with pytest.raises(NotAllowedError):
            caches.figure(who, drawn.asked, at, LOOK, lambda: pytest.fail("made for nobody"))
    with pytest.raises(NotAllowedError):
        caches.figure(member, Asked("levels", {"rubric": "partnership"}), at, LOOK, lambda: pytest.fail("made"))


def test_a_change_of_what_members_see_counts_at_once(installed: Store, staff: Principal, member: Principal) -> None:
    before = told_by(peers_as_seen(installed, member))
    changed = settings_of_networks.change_peer_view(installed, staff, PeerView.NAMES, 5, utc_now())
    named = told_by(peers_as_seen(installed, replace(member, network=changed)))
    back = settings_of_networks.change_peer_view(installed, staff, PeerView.COUNTS, 5, utc_now())
    assert any(title in named for title in others(installed, staff))
    assert told_by(peers_as_seen(installed, replace(member, network=back))) == before


def test_who_sees_the_same_gets_the_same_figure_made_once(installed: Store, member: Principal) -> None:
    made: list[Figure] = []

    def counting(figure: Figure) -> Figure:
        made.append(figure)
        return figure

    colleague = replace(member, person_id=8, name="Max")
    assert peers_as_seen(installed, member, counting) is peers_as_seen(installed, colleague, counting)
    assert len(made) == 1


def test_nothing_is_older_than_the_last_save(installed: Store, staff: Principal, member: Principal) -> None:
    for level in (1, 4, 2):
        save(installed, staff, level)
        for who in (staff, member):
            assert_frame_equal(caches.frame(who), movement.frame_of(installed, who))
            _, version, day = seen_by(installed, who)
            domain = version.rubric.domains[0].code
            kept = peer_caches.peers_of(who, OWN, version.rubric.code, day)
            assert kept.own is not None
            assert kept.own.set_index("domain")["level"][domain] == level
            assert caches.convenings(who, OWN) == movement.expected_convenings(installed, who, OWN)


def test_a_past_that_a_save_made_another_one_takes_its_place(
    installed: Store, staff: Principal, member: Principal
) -> None:
    sizes = set()
    for level in (1, 2, 3):
        save(installed, staff, level)
        peers_as_seen(installed, member)
        sizes.add(len(peer_caches._past.cache))  # type: ignore[attr-defined]
    assert len(sizes) == 1
    assert sizes != {0}


def test_after_more_changes_than_are_brought_in_one_by_one_all_is_read_again(
    installed: Store, staff: Principal, monkeypatch: pytest.MonkeyPatch
) -> None:
    caches.frame(staff)
    monkeypatch.setattr(movement, "MOST_SINCE", 1)
    save(installed, staff, 3)
    save(installed, staff, 4)
    assert_frame_equal(caches.frame(staff), movement.frame_of(installed, staff))


def test_clearing_what_is_kept_changes_nothing(installed: Store, staff: Principal, member: Principal) -> None:
    for who in (staff, member):
        before = told_by(peers_as_seen(installed, who))
        for each in KEPT:
            each.cache_clear()
            assert told_by(peers_as_seen(installed, who)) == before


def test_one_domain_over_time_is_told_as_it_is_told_convening_by_convening(
    installed: Store, staff: Principal, member: Principal
) -> None:
    on_bands = replace(member, network=replace(member.network, peer_view=PeerView.BANDS))
    for who in (staff, member, on_bands):
        own, version, _ = seen_by(installed, who)
        convenings = movement.expected_convenings(installed, who, OWN)
        code, days = version.rubric.code, [c.held_on for c in convenings]
        mine = peers_over_time.Own(own, movement.frame_of(installed, who), convenings)
        for domain in version.wordings:
            one_by_one = {day: peers.beside(installed, who, OWN, code, day) for day in days}
            together = peer_caches.peers_over_time_of(who, OWN, code, days, domain)
            expected, found = (
                peers_over_time.figure(told, mine, version, domain, Mode.LIGHT) for told in (one_by_one, together)
            )
            assert_frame_equal(found.table, expected.table)
            assert found.specification()["datasets"].values() != []
            assert (found.title, found.finding, found.n) == (expected.title, expected.finding, expected.n)


def test_who_moved_on_is_as_if_nothing_were_kept(installed: Store, staff: Principal, member: Principal) -> None:
    for level in (2, 3):
        save(installed, staff, level)
        for who in (staff, member):
            _, version, _ = seen_by(installed, who)
            for whose in [p.code for p in networks.partnerships(installed, who)]:
                of = (whose, version.rubric.code)
                assert peer_caches.stuck_of(who, *of) == stuck_and_moved.stuck_and_moved(installed, who, *of)


def test_what_is_sent_are_the_rows_of_the_figure(installed: Store, staff: Principal) -> None:
    figures: list[Figure] = []
    drawn = peers_as_seen(installed, staff, lambda figure: figures.append(figure) or figure)  # type: ignore[func-returns-value]
    rows = figures[0].chart.to_dict()["datasets"].values()
    assert len(drawn.spec["datasets"]) == len(rows) == 1
    for drawn_rows, sent in zip(rows, drawn.spec["datasets"].values(), strict=True):
        told = pa.ipc.open_stream(sent).read_all().to_pylist()
        assert [{k: v for k, v in row.items() if v is not None} for row in told] == [
            {k: v for k, v in row.items() if v is not None} for row in drawn_rows
        ]


def test_everybody_is_given_their_own_partnerships_and_a_new_one_at_once(
    installed: Store, staff: Principal, member: Principal
) -> None:
    rater, other = replace(member, access=Access.RATER), replace(member, partnership="brindle-valley")
    for who in (staff, member, other, rater, staff):
        assert caches.partnerships(who) == networks.partnerships(installed, who)
    assert [p.code for p in caches.partnerships(member)] == [OWN]
    assert caches.partnerships(rater) == ()
    networks.add_partnership(installed, staff, "Zinnia Schools", utc_now())
    assert "Zinnia Schools" in [p.title for p in caches.partnerships(staff)]
    assert [p.code for p in caches.partnerships(member)] == [OWN]
