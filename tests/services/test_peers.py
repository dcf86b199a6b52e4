"""A partnership beside its peers through the services: permission first, one cut, and no name where none is agreed."""

import json
import re
from dataclasses import replace
from datetime import timedelta

import pytest

from progressions.charts.export import svg
from progressions.charts.figure import Figure
from progressions.charts.theme import Mode
from progressions.errors import NotAllowedError
from progressions.people import Access, Partnership, PeerView, Principal
from progressions.ratings import LevelWrite, RatingDraft
from progressions.services import networks, peers, pictures, ratings, rubrics
from progressions.services.pictures import FORMS, Asked
from progressions.services.ratings import Pen
from progressions.store import Store
from tests import factories
from tests.factories import NOW, SPRING, a_key, make_rubric, reworded

NAMES = ["Cedar", "Dogwood", "Elm", "Fir", "Ginkgo", "Hazel", "Ironwood", "Juniper"]
OF = {"partnership": "ash", "rubric": "lea", "convening": SPRING.isoformat()}


@pytest.fixture
def rated(sqlite_store: Store, staff: Principal) -> Store:
    """Ten partnerships, of which Ash and eight others have rated the first domain, one after another."""
    for name in NAMES:
        networks.add_partnership(sqlite_store, staff, f"{name} Canary", NOW)
    for place, code in enumerate(["ash", *(f"{name.lower()}-canary" for name in NAMES)]):
        _rate(sqlite_store, staff, code, 1 + place % 4)
    return sqlite_store


def _rate(store: Store, who: Principal, partnership: str, level: int | None, base: int = 0) -> None:
    key = a_key("lea-1", partnership, SPRING)
    ratings.save_rating(
        store, who, key, RatingDraft(level, f"Canary evidence of {partnership}"), base=base, pen=Pen("", 0), now=NOW
    )


def seen_by(principal: Principal, view: PeerView, least: int = 5) -> Principal:
    """The person in a network that has chosen this."""
    return replace(principal, network=replace(principal.network, peer_view=view, least_others=least))


def told(store: Store, who: Principal) -> peers.Peers:
    return peers.beside(store, who, "ash", "lea", SPRING)


def drawn(store: Store, who: Principal) -> Figure:
    ash = Partnership(1, "ash", "Ash County")
    (version,), convening = rubrics.latest(store, who), networks.convenings(store, who)[0]
    return peers.figure(told(store, who), ash, version, convening, Mode.LIGHT)


def everything(figure: Figure) -> str:
    """All that a figure says in any of its forms."""
    words = (figure.title, figure.finding, figure.n, figure.alt, figure.table.to_csv(), svg(figure))
    return "\n".join([*words, json.dumps(figure.chart.to_dict())])


def counts(of: peers.Peers) -> list[int]:
    assert of.levels is not None
    return [int(count) for count in of.levels.sort_values("level")["count"]]


def test_members_see_the_first_six_until_five_more_have_come(rated: Store, member: Principal) -> None:
    assert counts(told(rated, member)) == [1, 2, 1, 1]
    assert told(rated, member).domains["n_peers"].tolist() == [5]
    for name in ("oak", "pine"):
        networks.add_partnership(rated, factories.staff_of(member.network), name, NOW)
        _rate(rated, factories.staff_of(member.network), name, 4)
    assert counts(told(rated, member)) == [2, 2, 2, 4]


def test_staff_see_all_that_is_rated_by_name(rated: Store, staff: Principal) -> None:
    all_peers = told(rated, staff)
    assert counts(all_peers) == [2, 2, 2, 2]
    assert all_peers.names is not None
    assert all_peers.names["lea-1", 2] == ("Cedar Canary", "Ginkgo Canary")
    assert "Ginkgo Canary" in everything(drawn(rated, staff))


def test_own_level_is_told_as_it_is_now(rated: Store, member: Principal, staff: Principal) -> None:
    _rate(rated, staff, "ash", 4, base=1)
    own = told(rated, member).own
    assert own is not None
    assert own[["level", "lower", "same", "higher"]].to_numpy().tolist() == [[4, 4, 1, 0]]
    assert "4 lower, 1 the same, 0 higher" in everything(drawn(rated, member))


@pytest.mark.parametrize("view", [PeerView.COUNTS, PeerView.BANDS])
def test_no_form_of_the_figure_names_another_partnership(rated: Store, member: Principal, view: PeerView) -> None:
    shown = everything(drawn(rated, seen_by(member, view)))
    assert "Canary" not in shown
    assert "canary" not in shown
    assert "Ash County" in shown
    assert not re.search(r'"#\d{1,2}"', shown)


def test_names_are_of_levels_and_bring_no_evidence(rated: Store, member: Principal) -> None:
    shown = everything(drawn(rated, seen_by(member, PeerView.NAMES)))
    assert "Cedar Canary" in shown
    assert "Juniper Canary" in shown  # what is rated now: names need no snapshot
    assert "Canary evidence" not in shown


def test_bands_bring_neither_counts_nor_levels_of_others(rated: Store, member: Principal) -> None:
    on_bands = told(rated, seen_by(member, PeerView.BANDS))
    assert on_bands.levels is None
    assert on_bands.own is not None
    assert on_bands.own.to_dict("records") == [{"domain": "lea-1", "level": 1, "other_wording": False}]
    assert on_bands.names is None
    assert on_bands.bands is not None
    assert on_bands.bands.to_dict("records") == [{"domain": "lea-1", "upper_share": "middle"}]
    figure = drawn(rated, seen_by(member, PeerView.BANDS))
    assert "lower" not in everything(figure)
    assert figure.table["Peers at level 3 or above"].tolist() == [
        "a third to two thirds", "fewer than 5 others", "fewer than 5 others"
    ]  # fmt: skip


def test_the_own_level_beside_bands_is_as_it_is_now_and_moves_no_band(
    rated: Store, member: Principal, staff: Principal
) -> None:
    member = seen_by(member, PeerView.BANDS)
    before = drawn(rated, member).table
    _rate(rated, staff, "ash", 4, base=1)
    after = drawn(rated, member).table
    assert [table["Own level"].tolist()[0][0] for table in (before, after)] == ["1", "4"]
    assert after.drop(columns="Own level").equals(before.drop(columns="Own level"))


@pytest.mark.parametrize("levels", [2, 3])
def test_bands_show_nothing_of_a_rubric_whose_halves_are_single_levels(
    rated: Store, member: Principal, levels: int
) -> None:
    factories.a_published_rubric(rated, member.network, make_rubric(levels=levels))
    on_bands = seen_by(member, PeerView.BANDS)
    assert peers.why_nothing(on_bands, rubrics.latest(rated, on_bands)[0]) == peers.NO_HALVES
    with pytest.raises(NotAllowedError, match="so few levels"):
        told(rated, on_bands)
    assert peers.why_nothing(member, rubrics.latest(rated, member)[0]) == ""


@pytest.mark.parametrize("view", [PeerView.COUNTS, PeerView.BANDS])
def test_ratings_on_other_levels_than_todays_are_not_told(rated: Store, member: Principal, view: PeerView) -> None:
    factories.a_published_rubric(rated, member.network, make_rubric(levels=5))
    assert told(rated, seen_by(member, view)).domains.empty


def test_ratings_on_an_older_wording_are_told_until_six_have_rated_the_new(
    rated: Store, member: Principal, staff: Principal
) -> None:
    factories.a_published_rubric(rated, member.network, reworded(make_rubric(), "lea-1"))
    _rate(rated, staff, "cedar-canary", 4, base=1)
    assert counts(told(rated, member)) == [1, 2, 1, 1]


@pytest.mark.parametrize("view", [PeerView.COUNTS, PeerView.BANDS, PeerView.NAMES])
def test_a_network_may_ask_for_more_others(rated: Store, member: Principal, view: PeerView) -> None:
    assert told(rated, seen_by(member, view, least=9)).domains.empty
    assert not told(rated, seen_by(member, view, least=5)).domains.empty


@pytest.mark.parametrize("least", [5, 6, 7, 8])
def test_another_number_of_others_shows_the_same_snapshot_or_none(rated: Store, member: Principal, least: int) -> None:
    shown = told(rated, seen_by(member, PeerView.COUNTS, least))
    assert counts(shown) == ([1, 2, 1, 1] if least == 5 else [])


@pytest.mark.parametrize("form", FORMS)
def test_where_the_network_shows_nothing_there_is_nothing(rated: Store, member: Principal, form: str) -> None:
    nothing = seen_by(member, PeerView.NOTHING)
    with pytest.raises(NotAllowedError):
        told(rated, nothing)
    with pytest.raises(NotAllowedError):
        pictures.picture(rated, nothing, Asked("peers", OF), form, NOW)
    with rated.read(nothing) as repository, pytest.raises(NotAllowedError):
        repository.peer_changes("lea", SPRING)


def test_a_rater_sees_no_peers_and_nobody_those_of_another_partnership(rated: Store, member: Principal) -> None:
    with pytest.raises(NotAllowedError):
        told(rated, replace(member, access=Access.RATER))
    with pytest.raises(NotAllowedError):
        peers.beside(rated, member, "birch", "lea", SPRING)
    with pytest.raises(NotAllowedError):
        peers.beside(rated, member, "ash", "no-such", SPRING)


@pytest.mark.parametrize("view", list(PeerView)[:3])
@pytest.mark.parametrize("form", FORMS)
def test_files_say_what_the_screen_says(rated: Store, member: Principal, view: PeerView, form: str) -> None:
    content = pictures.picture(rated, seen_by(member, view), Asked("peers", OF), form, NOW)
    assert content
    if form == "csv":
        assert (b"Canary" in content) == (view is PeerView.NAMES)


def test_the_store_itself_gives_names_to_those_alone_who_see_names(rated: Store, member: Principal) -> None:
    with rated.read(member) as repository:
        names = {change[2] for change in repository.peer_changes("lea", SPRING)}
        with pytest.raises(NotAllowedError):
            repository.peer_titles()
        with pytest.raises(NotAllowedError):
            repository.peer_name("birch")
        own = repository.peer_name("ash")
    assert own in names
    assert all(name.startswith("#") for name in names)


def test_an_import_is_one_step_and_its_undo_another(rated: Store, staff: Principal, member: Principal) -> None:
    codes = [p.code for p in networks.partnerships(rated, staff)][:7]
    with rated.write(staff) as repository:
        batch = repository.add_batch(by="Sam", file_name="f", sha256="0", mapping="{}", counts="{}", now=NOW)
        rows = [LevelWrite(a_key("lea-2", code), 3, 0) for code in codes]
        repository.save_levels(rows, batch_id=batch, by="Sam", now=NOW)
    with rated.write(staff) as repository:
        repository.undo_batch(batch, by="Sam", now=NOW + timedelta(minutes=1))
    with rated.read(staff) as repository:
        steps = [
            (step, level)
            for step, _, _, domain, level, _ in repository.peer_changes("lea", SPRING)
            if domain == "lea-2"
        ]
    first = steps[0][0]
    assert steps == [(first, 3)] * 7 + [(first + 1, None)] * 7
    assert told(rated, member).domains["domain"].tolist() == ["lea-1"]


def test_what_was_read_after_an_earlier_save_is_not_rewritten(
    rated: Store, member: Principal, staff: Principal
) -> None:
    with rated.read(member) as repository:
        before = repository.peer_changes("lea", SPRING)
    _rate(rated, staff, "elm-canary", 1, base=1)
    with rated.read(member) as repository:
        after = repository.peer_changes("lea", SPRING)
    assert after[: len(before)] == before
    assert len(after) == len(before) + 1
