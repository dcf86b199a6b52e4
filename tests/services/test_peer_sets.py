"""Peer sets through the services: staff make them, members look at them where nobody can be picked out."""

from dataclasses import replace
from datetime import timedelta

import pytest

from progressions.errors import NotAllowedError, UserError
from progressions.people import LEAST_OTHERS, PeerSet, PeerView, Principal
from progressions.record import Action, Wanted
from progressions.services import peer_sets, peers, pictures, record
from progressions.services.pictures import FORMS, Asked
from progressions.store import Store
from tests.factories import AUTUMN, NOW, SPRING
from tests.services.peer_networks import ALL, OTHERS, eleven, levels, seen_by

SIX = ALL[:6]
THEN, AT = levels([2, 2, 2, 2, 2, 2, 1, 1, 1, 1, 3]), levels([2, 3, 3, 4, 2, 2, 1, 1, 4, 4, 3])
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def rated(sqlite_store: Store, staff: Principal) -> Store:
    eleven(sqlite_store, staff, THEN, AT)
    return sqlite_store


@pytest.fixture
def large(rated: Store, staff: Principal) -> PeerSet:
    return peer_sets.make(rated, staff, " Large   urban ", SIX, LATER, is_shown=True)


def counts(store: Store, who: Principal, peer_set: int, partnership: str = "ash") -> list[int]:
    told = peers.beside(store, who, partnership, "lea", AUTUMN, peer_set)
    assert told.levels is not None
    return [int(count) for count in told.levels.sort_values("level")["count"]]


def test_a_member_of_the_set_sees_it_and_its_figure_says_which(rated: Store, member: Principal, large: PeerSet) -> None:
    assert counts(rated, member, large.id) == [0, 2, 2, 1]
    of = {"partnership": "ash", "rubric": "lea", "convening": AUTUMN.isoformat(), "set": str(large.id)}
    content = pictures.picture(rated, member, Asked("peers", of), "csv", NOW).decode()
    assert "Ash County beside its peers in “Large urban”" in content
    assert "Whose ratings: Ash County and its peers in “Large urban”" in content
    assert "Canary" not in content


def test_whoever_is_beside_the_set_would_see_four_others_there_and_sees_nothing(
    rated: Store, member: Principal, large: PeerSet
) -> None:
    beside = replace(member, partnership=ALL[-1])
    assert peers.beside(rated, beside, ALL[-1], "lea", AUTUMN, large.id).domains.empty
    assert not peers.beside(rated, beside, ALL[-1], "lea", AUTUMN).domains.empty


def test_on_bands_a_set_has_its_third_and_no_counts(rated: Store, member: Principal, large: PeerSet) -> None:
    told = peers.beside(rated, seen_by(member, PeerView.BANDS), "ash", "lea", AUTUMN, large.id)
    assert told.levels is None
    assert told.bands is not None
    assert told.bands["upper_share"].tolist() == ["middle"]


def test_staff_and_members_of_an_open_network_see_the_names_in_a_set(
    rated: Store, staff: Principal, member: Principal, large: PeerSet
) -> None:
    for who in (staff, seen_by(member, PeerView.NAMES)):
        told = peers.beside(rated, who, "ash", "lea", AUTUMN, large.id)
        assert told.names is not None
        assert told.names["lea-1", 4] == ("Canary 1",)
        assert counts(rated, who, large.id) == [0, 2, 2, 1]


def test_a_set_for_staff_alone_is_nothing_to_members(rated: Store, staff: Principal, member: Principal) -> None:
    made = peer_sets.make(rated, staff, "Two", ALL[:2], LATER, is_shown=False)
    assert peers.sets_of(rated, member) == ()
    assert [each.title for each in peers.sets_of(rated, staff)] == ["Two"]
    with pytest.raises(NotAllowedError):
        peers.beside(rated, member, "ash", "lea", AUTUMN, made.id)
    assert counts(rated, staff, made.id) == [0, 0, 1, 0]


@pytest.mark.parametrize("held", [ALL[:4], ALL[:7], ALL, ALL[:1]])
def test_members_cannot_be_shown_a_set_that_leaves_few_by_themselves(
    rated: Store, staff: Principal, held: list[str]
) -> None:
    with pytest.raises(UserError, match="Members cannot be shown"):
        peer_sets.make(rated, staff, "Some", held, LATER, is_shown=True)
    assert not peer_sets.make(rated, staff, "Some", held, LATER, is_shown=False).is_shown


def test_a_second_set_is_looked_at_together_with_every_set_that_was_ever_shown(
    rated: Store, staff: Principal, large: PeerSet
) -> None:
    peer_sets.remove(rated, staff, large.id, LATER)
    assert peers.sets_of(rated, staff) == ()
    other = [*ALL[1:6], ALL[6]]
    with pytest.raises(UserError, match="have been shown before it would leave 1 by themselves"):
        peer_sets.make(rated, staff, "Others", other, LATER, is_shown=True)
    again = peer_sets.make(rated, staff, "Large urban", SIX, LATER, is_shown=True)
    assert [each.id for each in peers.sets_of(rated, staff)] == [again.id]


def test_a_set_that_was_taken_away_opens_for_nobody(
    rated: Store, staff: Principal, member: Principal, large: PeerSet
) -> None:
    peer_sets.remove(rated, staff, large.id, LATER)
    for who in (staff, member):
        with pytest.raises(NotAllowedError):
            peers.beside(rated, who, "ash", "lea", AUTUMN, large.id)
    with pytest.raises(NotAllowedError):
        peer_sets.remove(rated, staff, large.id, LATER)


@pytest.mark.parametrize(
    ("title", "held", "words"),
    [("  ", ALL[:2], "Give the set a name"), ("Some", [], "Choose the partnerships"), ("LARGE urban", SIX, "already")],
)
def test_what_a_set_needs(
    rated: Store, staff: Principal, large: PeerSet, title: str, held: list[str], words: str
) -> None:
    assert large.title == "Large urban"
    with pytest.raises(UserError, match=words):
        peer_sets.make(rated, staff, title, held, LATER, is_shown=False)


def test_the_record_says_who_made_and_took_away_which_set(rated: Store, staff: Principal, large: PeerSet) -> None:
    peer_sets.remove(rated, staff, large.id, LATER)
    lines = record.page(rated, staff, Wanted()).entries
    made = next(line for line in lines if line.action is Action.PEER_SET_MADE)
    gone = next(line for line in lines if line.action is Action.PEER_SET_REMOVED)
    assert (made.who, made.about) == ("Sam", "Large urban")
    assert (
        made.new == gone.old == ("shown to members: Ash County; Birch Valley; Canary 0; Canary 1; Canary 2; Canary 3")
    )


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("asked", ["no-number", "-1", "1" * 30, "77"])
def test_a_set_that_there_is_not_draws_nothing(rated: Store, member: Principal, form: str, asked: str) -> None:
    of = {"partnership": "ash", "rubric": "lea", "convening": SPRING.isoformat(), "set": asked}
    with pytest.raises(NotAllowedError):
        pictures.picture(rated, member, Asked("peers", of), form, NOW)


def test_the_fewest_of_a_cell_are_those_of_a_view(rated: Store, staff: Principal) -> None:
    everybody = [f"P{number}" for number in range(40)]
    for size in range(1, 40):
        reason = peer_sets.why_not_shown(everybody, [], everybody[:size])
        assert (reason == "") is (LEAST_OTHERS <= size <= 40 - LEAST_OTHERS)
    assert len(OTHERS) == 10
    assert peer_sets.all_sets(rated, staff) == ()
