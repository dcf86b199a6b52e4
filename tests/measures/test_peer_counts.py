"""Each measure of peers, against plain loops over what was saved."""

from collections import Counter
from collections.abc import Mapping
from datetime import date
from fractions import Fraction

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from progressions.measures.disclosure import AS_OF, current, history_frame, released
from progressions.measures.peers import (
    bands_over_time,
    beside_own,
    over_time,
    own_over_time,
    peer_bands,
    peer_domains,
    peer_levels,
    peers_shown,
)
from tests.measures.facts import DAYS, any_facts
from tests.measures.histories import save

OWN, DOMAINS = "P1", ["D2", "D1"]
SITES = [f"P{number}" for number in range(9)]
Saved = list[tuple[str, str, int | None, int]]
"""Who, the domain, the level (None: taken back) and the wording, each a step."""
Stood = Mapping[str, Mapping[str, tuple[int, int]]]
"""By domain and partnership the wording and the level that stand."""

EVERYBODY: Saved = [(who, "D1", 1 + place % 4, 1) for place, who in enumerate(SITES)]
AHEAD: Saved = [*EVERYBODY, (OWN, "D1", 3, 2)]
BEHIND: Saved = [*EVERYBODY, *((who, "D1", 5 - level, 2) for who, _, level, _ in EVERYBODY if who != OWN and level)]
"""All on the same words, and oneself alone or all but oneself on newer ones."""
ANY = st.tuples(
    st.sampled_from(SITES),
    st.sampled_from([*DOMAINS, "GONE"]),
    st.sampled_from([1, 2, 3, 4, 4, 3, None]),
    st.sampled_from([1, 1, 1, 2]),
)
some_saves: st.SearchStrategy[Saved] = st.builds(
    lambda first, later: [*first, *later], st.sampled_from([[], EVERYBODY, AHEAD, BEHIND]), st.lists(ANY, max_size=50)
)


def history(saved: Saved) -> pd.DataFrame:
    return history_frame(
        save(step, who, level, domain=domain, wording=wording)
        for step, (who, domain, level, wording) in enumerate(saved, start=1)
    )


def stood(saved: Saved) -> Stood:
    """The last word of each partnership on each domain, where it is a level."""
    last = {(domain, who): (wording, level) for who, domain, level, wording in saved}
    found: dict[str, dict[str, tuple[int, int]]] = {}
    for (domain, who), (wording, level) in last.items():
        if level is not None:
            found.setdefault(domain, {})[who] = (wording, level)
    return found


def rows_of(states: pd.DataFrame) -> Stood:
    found: dict[str, dict[str, tuple[int, int]]] = {}
    for row in states.to_dict("records"):
        found.setdefault(row["domain"], {})[row["partnership"]] = (row["wording"], row["level"])
    return found


def others(of: Stood, least: int = 1) -> dict[str, dict[str, int]]:
    """By domain the levels of the others on its newest wording, where they are enough."""
    found = {}
    for domain in DOMAINS:
        newest = max((wording for wording, _ in of.get(domain, {}).values()), default=0)
        levels = {who: level for who, (wording, level) in of.get(domain, {}).items() if wording == newest}
        levels.pop(OWN, None)
        if len(levels) >= least:
            found[domain] = levels
    return found


@any_facts
@given(some_saves, st.integers(1, 6))
def test_the_peers_shown_are_the_others_on_the_newest_words_where_they_are_enough(saved: Saved, least: int) -> None:
    now = current(history(saved))
    assert rows_of(now) == stood(saved)
    shown = peers_shown(now, OWN, DOMAINS, least)
    found: dict[str, dict[str, int]] = {}
    for row in shown.to_dict("records"):
        found.setdefault(row["domain"], {})[row["partnership"]] = row["level"]
    assert found == others(stood(saved), least)
    assert len(shown) == sum(map(len, found.values()))


@any_facts
@given(some_saves, st.sets(st.tuples(st.sampled_from(DOMAINS), st.sampled_from(SITES))))
def test_those_who_are_known_by_name_do_not_count_towards_enough(saved: Saved, known: set[tuple[str, str]]) -> None:
    shown = peers_shown(current(history(saved)), OWN, DOMAINS, 3, frozenset(known))
    enough = {
        domain
        for domain, levels in others(stood(saved)).items()
        if sum((domain, who) not in known for who in levels) > 2
    }
    assert set(shown["domain"]) == enough


@any_facts
@given(some_saves)
def test_how_many_peers_there_are_and_how_many_are_on_older_words(saved: Saved) -> None:
    for states in (current(history(saved)), released(history(saved))):
        shown = peers_shown(states, OWN, DOMAINS, 2)
        told = peer_domains(states, shown, OWN, DOMAINS)
        of = rows_of(states)
        enough = others(of, 2)
        expected = [
            (code, len(enough[code]), sum(who != OWN and who not in enough[code] for who in of[code]))
            for code in DOMAINS
            if code in enough
        ]
        assert [(r["domain"], r["n_peers"], r["left_out"]) for r in told.to_dict("records")] == expected
        at = {row["domain"]: row[AS_OF] for row in states[states["is_counted"]].to_dict("records")}
        assert dict(zip(told["domain"], told[AS_OF], strict=True)) == {code: at[code] for code, *_ in expected}


@any_facts
@given(some_saves)
def test_peers_are_counted_at_the_level_at_which_each_stands(saved: Saved) -> None:
    now = current(history(saved))
    told = peer_levels(peers_shown(now, OWN, DOMAINS, 2), (1, 2, 3))
    found = {(row["domain"], row["level"]): row["count"] for row in told.to_dict("records")}
    enough = others(stood(saved), 2)
    plainly = Counter((domain, level) for domain, levels in enough.items() for level in levels.values())
    assert found == {(domain, level): plainly[domain, level] for domain in enough for level in (1, 2, 3)}


def beside_by_hand(of: Stood, now: Stood, least: int) -> dict[str, tuple[object, ...]]:
    """Own level now, how many of those shown lower, the same and higher, whether one's own is on other words."""
    found: dict[str, tuple[object, ...]] = {}
    for domain, levels in others(of, least).items():
        newest = next(wording for who, (wording, _) in of[domain].items() if who in levels)
        wording, own = now.get(domain, {}).get(OWN, (None, 0))
        ways = Counter("lower" if level < own else "higher" if level > own else "same" for level in levels.values())
        is_comparable = wording == newest
        counts = (own, ways["lower"], ways["same"], ways["higher"]) if is_comparable else (None,) * 4
        found[domain] = (*counts, wording is not None and not is_comparable)
    return found


def beside_of(told: pd.DataFrame) -> dict[str, tuple[object, ...]]:
    numbers = told[["level", "lower", "same", "higher"]].astype(object).where(lambda cells: cells.notna(), None)
    rows = zip(told["domain"], *(numbers[name] for name in numbers), told["other_wording"], strict=True)
    return {domain: tuple(row) for domain, *row in rows}


@any_facts
@given(some_saves, st.integers(1, 4))
def test_beside_ones_own_level_each_peer_is_lower_the_same_or_higher(saved: Saved, least: int) -> None:
    now = current(history(saved))
    for states in (now, released(history(saved))):
        told = beside_own(peers_shown(states, OWN, DOMAINS, least), now, OWN)
        assert beside_of(told) == beside_by_hand(rows_of(states), stood(saved), least)
        assert told["domain"].is_unique


def third(levels: Mapping[str, int], start: int) -> str:
    """In which third the share of the upper half lies; just a third and just two thirds are the middle one."""
    share = Fraction(sum(level >= start for level in levels.values()), len(levels))
    return "few" if share < Fraction(1, 3) else "most" if share > Fraction(2, 3) else "middle"


@any_facts
@given(some_saves, st.sampled_from([(4, 3), (5, 3), (6, 4)]))
def test_the_third_of_the_peers_in_the_upper_half_is_that_of_a_fraction(saved: Saved, of: tuple[int, int]) -> None:
    count, start = of
    told = peer_bands(peers_shown(current(history(saved)), OWN, DOMAINS, 1), count)
    found = dict(zip(told["domain"], told["upper_share"], strict=True))
    assert found == {domain: third(levels, start) for domain, levels in others(stood(saved)).items()}


@any_facts
@given(st.lists(some_saves, max_size=4), st.permutations(DAYS[:4]))
def test_over_time_each_convening_says_what_it_says_alone(convenings: list[Saved], days: list[date]) -> None:
    at = dict(zip(days, convenings, strict=False))
    now = {day: current(history(saved)) for day, saved in at.items()}
    shown = {day: peers_shown(states, OWN, DOMAINS, 2) for day, states in now.items()}
    peers = {day: others(stood(at[day]), 2).get("D1") for day in sorted(at)}
    told = {day: levels for day, levels in peers.items() if levels}

    spread = over_time({day: peer_levels(rows, (1, 2, 3, 4)) for day, rows in shown.items()}, "D1")
    assert [(r["held_on"].date(), r["level"], r["count"], r["n_peers"]) for r in spread.to_dict("records")] == [
        (day, level, list(levels.values()).count(level), len(levels))
        for day, levels in told.items()
        for level in (1, 2, 3, 4)
    ]
    bands = {day: (peer_bands(rows, 4), peer_domains(now[day], rows, OWN, DOMAINS)) for day, rows in shown.items()}
    thirds = bands_over_time(bands, "D1")
    assert [(r["held_on"].date(), r["upper_share"], r["n_peers"]) for r in thirds.to_dict("records")] == [
        (day, third(levels, 3), len(levels)) for day, levels in told.items()
    ]
    own = own_over_time({day: beside_own(rows, now[day], OWN) for day, rows in shown.items()}, "D1")
    assert [day.date() for day in own["held_on"]] == list(told)
    for day, row in zip(told, own.index, strict=True):
        (found,) = beside_of(own.loc[[row]].assign(domain="D1")).values()
        assert found == beside_by_hand(stood(at[day]), stood(at[day]), 2)["D1"]
