"""What members can find out about peers, by whatever they may read: nothing that was not agreed."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import product

import pandas as pd
import pytest

from progressions.measures.disclosure import (
    Band,
    Change,
    band,
    current,
    history_frame,
    released,
    upper_half,
)
from progressions.measures.peers import beside_own, peer_bands, peers_shown
from progressions.measures.telling import FEWEST_CHANGED
from tests.measures.histories import (
    ME,
    MY_PAIR,
    Tell,
    Told,
    changed,
    differences,
    moves,
    networks,
    on_bands,
    on_counts,
    save,
    saves,
    snapshots,
    transcript,
)

NETWORKS = 200
SIX = [(f"P{number}", 2) for number in range(5)] + [(ME, 3)]
OTHER_LEVEL = {4: {1: 2, 2: 1, 3: 4, 4: 3}, 5: {1: 2, 2: 1, 3: 4, 4: 5, 5: 3}, 6: {1: 2, 2: 3, 3: 1, 4: 5, 5: 6, 6: 4}}
"""For rubrics of so many levels: every level becomes another one of the same half."""


def told(changes: Sequence[Change], own: str = ME) -> tuple[object, ...]:
    """The counts that a member is told in the end."""
    return on_counts(history_frame(changes), own).get("D1", ())[3:]


def levels_of_thirds(history: pd.DataFrame, own: str) -> Told:
    """The plan that is not taken: the third of each single level, as everybody stands now."""
    others = current(history)
    others = others[others["partnership"] != own]
    return {
        str(domain): tuple(band(int((rows["level"] == level).sum()), len(rows)) for level in (1, 2, 3, 4))
        for domain, rows in others.groupby("domain")
    }


def counts_at_once(history: pd.DataFrame, own: str) -> Told:
    """The other one: counts per level as they are after each save, with no snapshot."""
    others = current(history)
    others = others[others["partnership"] != own]
    return {
        str(domain): tuple(int((rows["level"] == level).sum()) for level in (1, 2, 3, 4))
        for domain, rows in others.groupby("domain")
    }


def counts_beside_own(history: pd.DataFrame, own: str) -> Told:
    """What may not stand beside bands: how many are lower and higher than one's own level."""
    shown = peers_shown(released(history), own, list(history["domain"].unique()), 5)
    beside = beside_own(shown, current(history), own).fillna({"lower": 0, "higher": 0})
    return {row["domain"]: (row["lower"], row["higher"]) for row in beside.to_dict("records")}


# The attacker that can think of a world in which everything was told just so, and a level was another one.


@pytest.mark.parametrize("levels", [4, 5, 6])
@pytest.mark.parametrize("attackers", [(ME,), (ME, MY_PAIR)], ids=["alone", "in a pair"])
def test_on_bands_no_rating_of_200_networks_can_be_determined(levels: int, attackers: tuple[str, ...]) -> None:
    truth = networks(NETWORKS if levels == 4 else 20, seed=levels, levels=levels)
    other = changed(truth, OTHER_LEVEL[levels], keep=attackers)
    for mine, theirs in zip(truth, other, strict=True):
        assert mine[2] in attackers or mine[4] is None or mine[4] != theirs[4]

    def tell(history: pd.DataFrame, own: str) -> Told:
        return on_bands(history, own, levels)

    for attacker in attackers:
        read = transcript(truth, tell, attacker)
        assert read == transcript(other, tell, attacker)
        shares = {said[-1] for moment in read for said in moment.values()}
        assert shares == {kind.value for kind in Band}, "the attacker was not shown enough to prove anything"


@pytest.mark.parametrize("naive", [levels_of_thirds, counts_at_once, counts_beside_own])
def test_the_same_attacker_tells_the_two_worlds_apart_where_peers_are_told_naively(naive: Tell) -> None:
    truth = networks(20, seed=4)
    other = changed(truth, OTHER_LEVEL[4], keep=(ME,))
    assert transcript(truth, naive) != transcript(other, naive)


# The attacker that goes through every world there can be.

TIMELINES: Mapping[str, Sequence[str]] = {
    "five others, and one's own at last": ["P0", "P1", "P2", "P3", "P4", ME],
    "five others, and one's own again and again": ["P0", ME, "P1", "P2", ME, "P3", "P4", ME],
    "one who comes late": [ME, "P0", "P1", "P2", "P3", "P4", "P5"],
}
OWN_LEVELS = (3, 1, 4)


def determined(timeline: Sequence[str], tell: Tell, attackers: Sequence[str]) -> int:
    """In how many worlds a level is known for sure to somebody who knows who saved when, and all that is told.

    Every combination of the others' levels is a world, and each world is a domain of one large history. Worlds in which
    everything reads alike cannot be told apart: a level is known where it is the same in all of them.
    """
    open_saves = [place for place, who in enumerate(timeline) if who not in attackers]
    assert len(open_saves) <= 6
    worlds = [dict(zip(open_saves, levels, strict=True)) for levels in product((1, 2, 3, 4), repeat=len(open_saves))]
    changes = [
        save(place + 1, who, world.get(place, OWN_LEVELS[place % 3]), domain=f"W{number}")
        for number, world in enumerate(worlds)
        for place, who in enumerate(timeline)
    ]
    read = [moment for attacker in attackers for moment in transcript(changes, tell, attacker)]
    alike: dict[tuple[object, ...], list[dict[int, int]]] = defaultdict(list)
    for number, world in enumerate(worlds):
        alike[tuple(moment.get(f"W{number}") for moment in read)].append(world)
    known = [
        len(possible)
        for possible in alike.values()
        if any(len({world[place] for world in possible}) == 1 for place in open_saves)
    ]
    return sum(known)


@pytest.mark.parametrize("timeline", TIMELINES.values(), ids=TIMELINES)
def test_on_bands_every_rating_keeps_two_possible_levels_in_all_the_worlds_there_are(timeline: Sequence[str]) -> None:
    assert determined(timeline, on_bands, (ME,)) == 0


def test_on_bands_a_pair_that_puts_all_it_knows_together_determines_no_level() -> None:
    assert determined([ME, "P0", "P1", MY_PAIR, "P2", "P3", "P4", MY_PAIR, ME], on_bands, (ME, MY_PAIR)) == 0


@pytest.mark.parametrize("naive", [levels_of_thirds, counts_at_once])
def test_the_same_search_finds_levels_where_peers_are_told_naively(naive: Tell) -> None:
    assert determined([ME, "P0", "P1", "P2", "P3", "P4"], naive, (ME,)) > 0


# Counts: no names, and no differencing in time.


def test_on_counts_nothing_depends_on_who_is_who() -> None:
    truth = networks(NETWORKS, seed=11)
    names = sorted({change[2] for change in truth} - {ME})
    new = dict(zip(names, names[3:] + names[:3], strict=True)) | {ME: ME}
    other = [(step, at, new[who], domain, level, wording) for step, at, who, domain, level, wording in truth]
    read = transcript(truth, on_counts)
    assert read == transcript(other, on_counts)
    assert sum(len(moment) for moment in read) > NETWORKS


def test_any_two_snapshots_differ_by_at_least_five_partnerships() -> None:
    truth = networks(20, seed=5) + _restless(20, seed=6)
    apart = [difference for each in snapshots(truth).values() for difference in differences(each)]
    assert min(apart) >= FEWEST_CHANGED
    assert len(apart) > 20


def _restless(count: int, seed: int) -> list[Change]:
    """Twelve partnerships of two minds, so that they often stand where they stood before, but for one or two."""
    changes = networks(count, seed, levels=2, convenings=1)
    return [change for again in range(4) for change in _later(changes, again * 40)]


def _later(changes: Sequence[Change], steps: int) -> list[Change]:
    by = {2: 1, 1: 2} if steps % 80 else {1: 1, 2: 2}
    return [
        save(step + steps, who, None if level is None else by[level], domain=domain, wording=wording)
        for step, _, who, domain, level, wording in changes
    ]


def test_a_turn_there_and_back_does_not_lay_open_the_one_who_moved_meanwhile() -> None:
    five = [who for who, _ in SIX[:5]]
    there, back = [(who, 4) for who in five], [(who, 2) for who in five]
    (found,) = snapshots(saves(*SIX, ("P5", 1), *there, ("P5", 2), *back)).values()
    assert [len(each) for each in found] == [6, 7]
    assert min(differences(found)) >= FEWEST_CHANGED
    assert told(saves(*SIX, ("P5", 1), *there, ("P5", 2), *back)) == told(saves(*SIX))


# What is shown, and from when on.


def test_a_first_snapshot_needs_six_partnerships() -> None:
    assert told(saves(*SIX[:5])) == ()
    assert told(saves(*SIX)) == (0, 5, 0, 0)


def test_whoever_is_not_in_the_snapshot_sees_all_who_are() -> None:
    assert told(saves(*SIX), own="P9") == (0, 5, 1, 0)


def test_a_later_rating_waits_until_five_have_come() -> None:
    late = [(f"Q{number}", 4) for number in range(5)]
    for come in range(5):
        assert told(saves(*SIX, *late[:come])) == (0, 5, 0, 0)
    assert told(saves(*SIX, *late)) == (0, 5, 0, 5)


def test_the_same_level_said_again_is_no_difference() -> None:
    assert told(saves(*SIX, *SIX, *SIX)) == told(saves(*SIX))
    assert moves(transcript(saves(*SIX, *SIX, *SIX), on_counts), "D1") == 1


def test_an_import_is_one_step_and_its_undo_takes_the_view_away() -> None:
    imported = [save(1, who, level) for who, level in SIX]
    undone = [save(2, who, None) for who, _ in SIX]
    read = transcript(imported + undone, on_counts)
    assert [bool(moment) for moment in read] == [True, False]


def test_a_withdrawn_rating_alone_changes_nothing() -> None:
    assert told([*saves(*SIX), save(7, "P0", None)]) == told(saves(*SIX))


def test_a_new_wording_is_told_when_six_have_rated_it_and_never_mixed_with_the_old() -> None:
    nine = [*SIX, ("Q0", 1), ("Q1", 1), ("Q2", 1)]
    old = [save(1, who, level) for who, level in nine]
    anew = [(who, 4) for who, _ in nine]
    for count in range(1, 6):
        assert told(old + saves(*anew[:count], first=2, wording=2)) == (3, 5, 0, 0)
    assert told(old + saves(*anew[:6], first=2, wording=2)) == (0, 0, 0, 5)


def test_another_domain_has_no_bearing() -> None:
    other = [save(step, f"P{step}", 4, domain="D2") for step in range(1, 9)]
    both = on_counts(history_frame(saves(*SIX) + other), ME)
    assert both["D1"] == on_counts(history_frame(saves(*SIX)), ME)["D1"]


def test_nobody_rated_gives_nothing() -> None:
    for states in (released(history_frame([])), current(history_frame([]))):
        assert states.empty
        assert peer_bands(states, 4).empty


# Bands.


@pytest.mark.parametrize(
    ("upper", "peers", "kind"),
    [
        (0, 5, Band.FEW), (1, 5, Band.FEW), (2, 5, Band.MIDDLE), (3, 5, Band.MIDDLE), (4, 5, Band.MOST),
        (2, 6, Band.MIDDLE), (4, 6, Band.MIDDLE), (5, 6, Band.MOST), (9, 9, Band.MOST),
    ],
)  # fmt: skip
def test_a_third_is_told_by_whole_numbers(upper: int, peers: int, kind: Band) -> None:
    assert band(upper, peers) is kind


def test_of_no_peers_there_is_no_share() -> None:
    with pytest.raises(ValueError, match="no share"):
        band(0, 0)


def test_each_half_of_the_levels_holds_two_or_there_are_no_bands() -> None:
    assert {levels: upper_half(levels) for levels in range(2, 7)} == {2: None, 3: None, 4: 3, 5: 3, 6: 4}
    for levels in (4, 5, 6):
        start = upper_half(levels)
        assert start is not None
        assert min(start - 1, levels - start + 1) >= 2
    with pytest.raises(ValueError, match="give a level away"):
        peer_bands(released(history_frame(saves(*SIX))), 3)


def test_all_at_one_level_and_spread_over_its_half_are_told_alike() -> None:
    alike = saves(*((who, 4) for who, _ in SIX))
    spread = saves(*((who, 3 + place % 2) for place, (who, _) in enumerate(SIX)))
    assert on_bands(history_frame(alike), ME) == on_bands(history_frame(spread), ME)
