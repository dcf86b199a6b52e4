"""What members can find out by looking at peer sets, whatever they add and subtract, and whenever they looked."""

import random
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from itertools import combinations

import numpy as np
import pandas as pd
import pytest

from progressions.measures.columns import COUNT, DOMAIN, LEVEL, PARTNERSHIP, WORDING
from progressions.measures.disclosure import (
    IS_COUNTED,
    SETS,
    SETS_TOLD,
    Beside,
    Change,
    Consent,
    history_frame,
    released,
    released_in_sets,
)
from progressions.measures.pasts import past_of
from progressions.measures.peers import (
    N_PEERS,
    UPPER_SHARE,
    of_set,
    peer_bands,
    peer_domains,
    peer_levels,
    peers_shown,
)
from progressions.measures.telling import Telling
from progressions.people import LEAST_OTHERS, PeerSet
from tests.measures.histories import ME, MY_PAIR, START, Told, beside_bands, changed, networks, save, saves, transcript
from tests.measures.test_disclosure import NETWORKS, OTHER_LEVEL

TWELVE = [ME, MY_PAIR, *(f"P{number}" for number in range(10))]


def a_set(number: int, *held: str, minute: float = 0) -> PeerSet:
    return PeerSet(number + 1, f"Set {number}", frozenset(held), START + timedelta(minutes=minute), is_shown=True)


LARGE = a_set(0, ME, *(f"P{number}" for number in range(5)), minute=0.5)
COASTAL = a_set(1, *(f"P{number}" for number in range(5, 11)), minute=16.5)
SETS_MADE = (LARGE, COASTAL)
SIZES = (14, 20)


def on_sets(history: pd.DataFrame, own: str, sets: Sequence[PeerSet], *, bands: bool, levels: int = 4) -> Told:
    """Everything that a member is told of each set, by domain and set."""
    domains, told = list(history[DOMAIN].unique()), {}
    states = released_in_sets(history, Beside(tuple(sets)))
    for number in range(len(sets)):
        inside = of_set(states, number, own, domains, LEAST_OTHERS)
        shown = peers_shown(inside, own, domains, LEAST_OTHERS)
        said = {row[DOMAIN]: (row[N_PEERS],) for row in peer_domains(inside, shown, own, domains).to_dict("records")}
        if bands:
            mine = beside_bands(shown, history, own)
            shares = peer_bands(shown, levels).set_index(DOMAIN)[UPPER_SHARE]
            more = {domain: (mine[domain], share) for domain, share in shares.items()}
        else:
            more = peer_levels(shown, range(1, levels + 1)).groupby(DOMAIN)[COUNT].agg(tuple)
        told |= {f"{domain} in {number}": (*size, *more[domain]) for domain, size in said.items()}
    return told


# Bands: the same attacker as without sets.


@pytest.mark.parametrize(("attackers", "count"), [((ME,), NETWORKS), ((ME, MY_PAIR), 40)], ids=["alone", "in a pair"])
def test_on_bands_no_rating_of_200_networks_can_be_determined_by_looking_at_sets(
    attackers: tuple[str, ...], count: int
) -> None:
    truth = networks(count, seed=4, convenings=1, sizes=SIZES)
    other = changed(truth, OTHER_LEVEL[4], keep=attackers)

    def tell(history: pd.DataFrame, own: str) -> Told:
        return on_sets(history, own, SETS_MADE, bands=True)

    for attacker in attackers:
        read = transcript(truth, tell, attacker)
        assert read == transcript(other, tell, attacker)
        assert sum(len(moment) for moment in read) > count, "the attacker was not shown enough to prove anything"


# Counts: nobody has a name within a cell.


def test_on_counts_nothing_depends_on_who_is_who_within_a_cell() -> None:
    truth = networks(40, seed=11, convenings=1, sizes=SIZES)
    cells = [("P1", "P2", "P3", "P4"), ("P6", "P7", "P8", "P9")]
    new = {name: cell[(place + 1) % len(cell)] for cell in cells for place, name in enumerate(cell)}
    other = [(step, at, new.get(who, who), *rest) for step, at, who, *rest in truth]

    def tell(history: pd.DataFrame, own: str) -> Told:
        return on_sets(history, own, SETS_MADE, bands=False)

    read = transcript(truth, tell)
    assert read == transcript(other, tell)
    assert sum(len(moment) for moment in read) > 40


# Sums: the attacker who has written everything down, and adds and subtracts it in any way there is.


def everything_told(
    changes: Sequence[Change], sets: Sequence[PeerSet], consents: Sequence[Consent] = ()
) -> list[frozenset[tuple[str, int, int]]]:
    """Each thing that was ever told of the one domain: who stood where, by snapshot, by part, and by name."""
    whole, found = history_frame(changes), set()
    for step in range(1, int(whole["step"].max()) + 1):
        until = whole[whole["step"] <= step]
        now = START + timedelta(days=9) if step == whole["step"].max() else until["at"].max()
        made = tuple(each for each in sets if each.made_at <= now)
        agreed = tuple(each for each in consents if each[0] <= now)
        for known in {made, tuple(each for each in made if each.made_at <= until["at"].max())}:
            beside = Beside(known, {"D1": agreed})
            found.add(_pairs(released(until, beside)))
            parts = released_in_sets(until, beside)
            found |= {_pairs(rows) for _, rows in parts.groupby(SETS)}
        past = past_of(until).with_beside(Beside(made, {"D1": agreed}))
        rated = zip(*(past.current[name] for name in (PARTNERSHIP, WORDING, LEVEL)), strict=True)
        found |= {frozenset({pair}) for pair in rated if pair[0] in past.named("D1")}
    return [each for each in found if each]


def _pairs(states: pd.DataFrame) -> frozenset[tuple[str, int, int]]:
    counted = states[states[IS_COUNTED]]
    return frozenset(zip(counted[PARTNERSHIP], counted[WORDING], counted[LEVEL], strict=True))


def fewest_left(told: Sequence[frozenset[tuple[str, int, int]]], most: int = 4) -> int:
    """Of how few partnerships a sum of all that was told can be: by trying every choice of up to ``most`` of them.

    A sum that leaves only these is one that the others do not determine: without them the numbers say less. Whoever is
    told alone is told by name, and is subtracted.
    """
    named = {name for each in told if len(each) == 1 for name, _, _ in each}
    pairs = sorted({pair for each in told for pair in each if pair[0] not in named})
    table = np.array([[pair in each for each in told] for pair in pairs], dtype=float).reshape(len(pairs), len(told))
    whole = np.linalg.matrix_rank(table) if pairs else 0
    names = sorted({name for name, _, _ in pairs})
    for count in range(1, most + 1):
        for chosen in combinations(names, count):
            rest = table[[name not in chosen for name, _, _ in pairs]]
            if (np.linalg.matrix_rank(rest) if len(rest) else 0) < whole:
                return count
    return most + 1


def a_story(chance: random.Random) -> tuple[list[Change], list[PeerSet]]:
    """Twelve partnerships of one domain who come, go and move, and three sets that are made meanwhile."""
    size = chance.choice((12, 16, 20))
    names = [f"P{number}" for number in range(size)]
    changes = [save(step, who, chance.randint(1, 3)) for step, who in enumerate(chance.sample(names, size), 1)]
    for step in range(size + 1, size + 31):
        who = chance.choice(names)
        changes.append(save(step, who, None if chance.random() < 0.05 else chance.randint(1, 3)))
    halves = [chance.sample(names, size // 2) for _ in range(2)]
    sets = [a_set(at, *held, minute=chance.randint(0, size + 30)) for at, held in enumerate(halves)]
    return changes, [a_set(at, *each.partnerships, minute=m) for at, (each, m) in enumerate(_in_time(sets))]


def _in_time(sets: Sequence[PeerSet]) -> list[tuple[PeerSet, float]]:
    return [(each, (each.made_at - START).total_seconds() / 60) for each in sorted(sets, key=lambda s: s.made_at)]


@pytest.mark.parametrize("seed", range(12))
def test_no_sum_of_all_that_was_ever_told_is_of_fewer_than_five(seed: int) -> None:
    changes, sets = a_story(random.Random(seed))
    told = everything_told(changes, sets)
    assert len(told) > 1
    assert fewest_left(told) > 4


def who_agrees(chance: random.Random, changes: Sequence[Change], most: int = 7) -> tuple[Consent, ...]:
    """Some of them, each at a moment of its own."""
    names, last = sorted({change[2] for change in changes}), max(change[0] for change in changes)
    moments = sorted(chance.uniform(0, last + 5) for _ in range(most))
    return tuple(
        (START + timedelta(minutes=at), who) for at, who in zip(moments, chance.sample(names, most), strict=True)
    )


@pytest.mark.parametrize("seed", range(12))
def test_no_sum_is_of_fewer_than_five_who_are_not_named(seed: int) -> None:
    chance = random.Random(100 + seed)
    changes, sets = a_story(chance)
    told = everything_told(changes, sets if seed % 2 else [], who_agrees(chance, changes))
    assert len(told) > 1
    assert fewest_left(told) > 4


def test_of_all_who_agree_some_are_named_and_the_same_attacker_finds_others_where_all_are(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def stories() -> Iterator[list[frozenset[tuple[str, int, int]]]]:
        for seed in range(8):
            chance = random.Random(200 + seed)
            changes, sets = a_story(chance)
            yield everything_told(changes, sets, who_agrees(chance, changes))

    named = [sum(len(each) == 1 for each in told) for told in stories()]
    assert sum(map(bool, named)) > 4
    monkeypatch.setattr(Telling, "_hides", lambda *_: True)
    assert sum(fewest_left(told) < 5 for told in stories()) > 4


def test_the_same_attacker_finds_single_ones_where_every_snapshot_is_told_in_parts() -> None:
    exposed = 0
    for seed in range(8):
        changes, sets = a_story(random.Random(seed))
        told: set[frozenset[tuple[str, int, int]]] = set()
        whole = history_frame(changes)
        for step in range(1, int(whole["step"].max()) + 1):
            pairs = _pairs(released(whole[whole["step"] <= step]))
            told |= {pairs} | {frozenset(pair for pair in pairs if pair[0] in each.partnerships) for each in sets}
        exposed += fewest_left([each for each in told if each]) < 5
    assert exposed > 4


def test_four_snapshots_whose_differences_overlap_do_not_lay_open_what_does_not() -> None:
    """There, elsewhere, and both together with one more: the fourth less the others would be that one alone."""
    names = [f"P{number}" for number in range(16)]
    start = [save(1, who, 2) for who in names]
    first = [save(2, who, 3) for who in names[:5]]
    back_and_second = [save(3, who, 2) for who in names[:5]] + [save(3, who, 3) for who in names[5:10]]
    both_and_one = [save(4, who, 3) for who in names[:5]] + [save(4, names[15], 4)]
    told = everything_told([*start, *first, *back_and_second, *both_and_one], [])
    assert len(told) == 3
    assert fewest_left(told) > 4


# What is shown.


def of_six(number: int, level: int, *held: str) -> list[Change]:
    return [save(number, who, level) for who in held]


SIX_AND_SIX = [*of_six(1, 2, *TWELVE[:6]), *of_six(1, 4, *TWELVE[6:])]
FIRST_SIX = a_set(0, *TWELVE[:6], minute=30)


def counts(changes: Sequence[Change], own: str, sets: Sequence[PeerSet] = (FIRST_SIX,)) -> Mapping[str, object]:
    return on_sets(history_frame(changes), own, sets, bands=False)


def test_a_set_is_told_where_it_and_what_is_beside_it_hold_five_others() -> None:
    assert counts(SIX_AND_SIX, ME) == {"D1 in 0": (5, 0, 5, 0, 0)}
    assert counts(SIX_AND_SIX, "P9") == {"D1 in 0": (6, 0, 6, 0, 0)}
    assert counts([c for c in SIX_AND_SIX if c[2] not in TWELVE[:2]], "P9") == {}
    assert counts([c for c in SIX_AND_SIX if c[2] not in TWELVE[10:]], ME) == {}


def test_who_is_left_beside_the_set_must_be_five_others_too() -> None:
    eleven = [change for change in SIX_AND_SIX if change[2] != TWELVE[11]]
    assert counts(eleven, ME) == {"D1 in 0": (5, 0, 5, 0, 0)}
    assert counts(eleven, TWELVE[10]) == {}


def test_those_who_are_known_by_name_do_not_count_among_the_five() -> None:
    states = released_in_sets(history_frame(SIX_AND_SIX), Beside((FIRST_SIX,)))
    assert len(of_set(states, 0, "P9", ["D1"], 5, frozenset({("D1", ME)}))) == 6
    assert of_set(states, 0, "P9", ["D1"], 5, frozenset({("D1", ME), ("D1", MY_PAIR)})).empty


def test_sets_that_leave_one_by_itself_together_are_not_told() -> None:
    other = a_set(1, *TWELVE[1:6], TWELVE[7], minute=31)
    assert set(counts(SIX_AND_SIX, "P9", [FIRST_SIX, other])) == {"D1 in 0"}


def test_a_set_stays_as_it_was_told_until_enough_of_each_part_stand_elsewhere() -> None:
    five = [save(2, who, 3) for who in (*TWELVE[:2], *TWELVE[6:9])]
    early = a_set(0, *TWELVE[:6], minute=0.5)
    moved = history_frame([*SIX_AND_SIX, *five])
    assert released(moved)[LEVEL].value_counts().to_dict() == {2: 4, 3: 5, 4: 3}
    assert on_sets(moved, "P9", [early], bands=False) == {"D1 in 0": (6, 0, 6, 0, 0)}
    all_six = [save(3, who, 1) for who in TWELVE[:6]]
    beside = [save(3, who, 2) for who in TWELVE[6:]]
    later = history_frame([*SIX_AND_SIX, *five, *all_six, *beside])
    assert on_sets(later, "P9", [early], bands=False) == {"D1 in 0": (6, 6, 0, 0, 0)}


def test_a_set_that_is_made_late_tells_of_ratings_that_were_saved_one_by_one() -> None:
    one_by_one = saves(*((who, 2 + place % 2) for place, who in enumerate(sorted(TWELVE))))
    late = a_set(0, *TWELVE[:6], minute=90)
    assert set(on_sets(history_frame(one_by_one), "P9", [late], bands=False)) <= {"D1 in 0"}
    states = released_in_sets(history_frame(one_by_one), Beside((late,)))
    assert set(states[SETS_TOLD]) <= {1}


def test_without_sets_or_ratings_there_is_nothing() -> None:
    assert released_in_sets(history_frame([]), Beside((FIRST_SIX,))).empty
    assert released_in_sets(history_frame(SIX_AND_SIX), Beside()).empty
