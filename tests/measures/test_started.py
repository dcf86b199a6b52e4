"""Peers that started where a partnership started: counted by loops, and told where nobody can be picked out."""

import random
from collections.abc import Sequence
from datetime import timedelta
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from progressions.measures.disclosure import Change, Consent, Releases, Standing, history_frame, releases, stories
from progressions.measures.started import Started, joined, started_at, told_together
from progressions.people import PeerSet
from tests.measures.facts import any_facts
from tests.measures.histories import ME, START, networks, save
from tests.measures.test_disclosure import OTHER_LEVEL

NAMES = [ME, *(f"P{number}" for number in range(12))]
SIX_AT_TWO = {**dict.fromkeys(NAMES[:7], 2), **dict.fromkeys(NAMES[7:], 1)}
NOW = {ME: 2, "P0": 3, "P1": 3, "P2": 4, "P3": 3, "P4": 2, "P5": 2, **dict.fromkeys(NAMES[7:], 1)}


def at_once(levels: dict[str, int | None], step: int = 1, wording: int = 1) -> list[Change]:
    return [save(step, who, level, wording=wording) for who, level in levels.items()]


def releases_of(changes: Sequence[Change]) -> Releases:
    """Of the one domain that there is."""
    return next(iter(releases(history_frame(changes)).values()), [])


def standing(changes: Sequence[Change]) -> Standing:
    """Where those stand who are counted now, in the one domain that there is."""
    (found,) = [story.standing for story in stories(history_frame(changes)).values()] or [{}]
    return found


def told(*convenings: Sequence[Change], own: str = ME, level: int = 2, least: int = 5) -> Started | None:
    found = told_together([releases_of(changes) for changes in convenings]).latest
    return started_at(found.joint, own, level, least) if found else None


def test_of_six_that_stood_where_we_stood_four_stand_higher_and_two_the_same() -> None:
    found = told(at_once(SIX_AT_TWO), at_once(NOW, 20))
    assert found == Started(2, lower=0, same=2, higher=4)
    assert found is not None
    assert found.peers == 6


def test_one_level_of_the_group_more_or_less_is_counted_as_its_way() -> None:
    assert told(at_once(SIX_AT_TWO), at_once({**NOW, "P0": 1}, 20)) == Started(2, lower=1, same=2, higher=3)


@pytest.mark.parametrize("gone", [1, 2, 4])
def test_where_a_few_are_counted_at_one_of_the_two_only_nothing_is_told(gone: int) -> None:
    fewer = {who: level for who, level in NOW.items() if who not in NAMES[7 : 7 + gone]}
    assert told(at_once(SIX_AT_TWO), at_once(fewer, 20)) is None


def test_where_five_are_gone_they_are_a_group_themselves() -> None:
    large = {**SIX_AT_TWO, **{f"Q{number}": 1 for number in range(8)}}
    now = {**NOW, **{f"Q{number}": 1 for number in range(3)}}
    assert told(at_once(large), at_once(now, 20)) == Started(2, 0, 2, 4)


def test_the_group_and_the_rest_are_five_others_each_or_nothing_is_told() -> None:
    small = {who: (2 if place < 5 else 1) for place, who in enumerate(NAMES)}
    assert told(at_once(small), at_once(NOW, 20)) is None
    rest = {who: (2 if place < 9 else 1) for place, who in enumerate(NAMES)}
    assert told(at_once(rest), at_once(NOW, 20)) is None


def test_a_small_group_beside_two_that_are_told_would_be_left_over() -> None:
    three = {**SIX_AT_TWO, "P10": 4, "P11": 4}
    many = {**three, **{f"Q{number}": 1 for number in range(3)}}
    now = {**NOW, **{f"Q{number}": 1 for number in range(3)}}
    assert told(at_once(many), at_once(now, 20)) is None


def test_on_another_wording_nothing_is_told() -> None:
    assert told(at_once(SIX_AT_TWO), at_once(NOW, 20, wording=2)) is None


def test_a_group_stays_as_told_until_five_of_it_stand_elsewhere() -> None:
    first = at_once(NOW, 20)
    one = [*first, *at_once({"P0": 1, **dict.fromkeys(NAMES[7:], 2)}, 21)]
    assert told(at_once(SIX_AT_TWO), one) == told(at_once(SIX_AT_TWO), first)
    five = [*first, *at_once(dict.fromkeys(NAMES[1:6], 1), 21)]
    assert told(at_once(SIX_AT_TWO), five) == Started(2, lower=5, same=1, higher=0)


def test_a_later_convening_takes_its_place() -> None:
    later = at_once(dict.fromkeys(NAMES, 4), 40)
    found = told_together([releases_of(each) for each in (at_once(SIX_AT_TWO), at_once(NOW, 20), later)]).latest
    assert found is not None
    assert (found.then, found.now) == (0, 2)
    assert started_at(found.joint, ME, 2, 5) == Started(2, 0, 0, 6)


def test_a_later_convening_at_which_two_of_a_group_and_three_others_are_gone_is_not_told() -> None:
    names = [f"P{number}" for number in range(24)]
    first = dict.fromkeys(names, 1) | dict.fromkeys(names[:12], 2)
    gone = {*names[:2], *names[-3:]}
    fewer = {who: 3 for who in names if who not in gone}
    found = told_together(
        [
            releases_of(at_once(first)),
            releases_of(at_once(dict.fromkeys(names, 3), 20)),
            *[releases_of(at_once(fewer, 40))],
        ]
    ).latest
    assert found is not None
    assert found.now == 1, "two differences together would be of two of the group"
    five = {who: 3 for who in names if who not in names[:5]}
    later = told_together(
        [releases_of(at_once(each, 20 * at)) for at, each in enumerate((first, dict.fromkeys(names, 3), five), 1)]
    )
    assert later.latest is not None
    assert later.latest.now == 2


def agreed(*names: str, minute: float) -> tuple[Consent, ...]:
    return tuple((START + timedelta(minutes=minute + later), name) for later, name in enumerate(names))


def test_who_agrees_is_named_as_long_as_a_group_that_was_told_keeps_five_others_for_each() -> None:
    names = [f"P{number}" for number in range(20)]
    convenings = [
        releases_of(at_once(dict.fromkeys(names, 1) | dict.fromkeys(names[:8], 2))),
        releases_of(at_once(dict.fromkeys(names, 3), 20)),
    ]
    found = told_together(convenings, (), agreed(*names[:4], minute=60))
    assert found.named == {"P0", "P1"}
    assert found.latest is not None
    assert started_at(found.latest.joint, "P7", 2, 5, found.named) == Started(2, 0, 0, 7)
    assert started_at(found.latest.joint, "P7", 2, 6, found.named) is None
    first = told_together(convenings, (), agreed(*names[:4], minute=0))
    assert first.named == set(names[:4])
    assert first.latest is not None
    assert first.latest.levels == {1}, "four are left of those at 2"


def test_sets_and_groups_take_nobody_or_five_of_each_other() -> None:
    names = [f"P{number}" for number in range(20)]
    convenings = [
        releases_of(at_once(dict.fromkeys(names, 1) | dict.fromkeys(names[:10], 2))),
        releases_of(at_once(dict.fromkeys(names, 3), 20)),
    ]
    for held, cuts in (
        (names[:10], False),
        (names[:9], True),
        (names[5:15], False),
        (names[6:16], True),
        (names[:14], True),
    ):
        for minute in (0, 60):
            made = PeerSet(1, "Large", frozenset(held), START + timedelta(minutes=minute), is_shown=True)
            found = told_together(convenings, (made,))
            assert found.latest is not None
            if minute:
                assert (found.latest.levels, found.sets) == ({1, 2}, frozenset() if cuts else {0})
            else:
                assert (bool(found.latest.levels == {1, 2}), found.sets) == (not cuts, {0})


def test_where_it_starts_is_the_networks_first_convening_and_no_choice() -> None:
    empty = releases_of([])
    found = told_together([empty, *(releases_of(each) for each in (at_once(SIX_AT_TWO), at_once(NOW, 20)))]).latest
    assert found is not None
    assert (found.then, found.now) == (1, 2)
    assert told_together([empty, empty]).latest is None
    assert told_together([]).latest is None


def test_what_was_withdrawn_takes_the_view_away() -> None:
    gone = [*at_once(NOW, 20), *at_once(dict.fromkeys(NAMES, None), 21)]
    assert told(at_once(SIX_AT_TWO), gone) is None


def pairs_of(changes: Sequence[Change]) -> dict[str, list[Change]]:
    """The convenings of each random network, by network: what is saved of a later one is saved on a later day."""
    found: dict[str, dict[str, list[Change]]] = {}
    for step, at, who, domain, level, wording in changes:
        network, _, convening = domain.partition("-")
        on = at + timedelta(days=int(convening))
        found.setdefault(network, {}).setdefault(convening, []).append((step, on, who, "D1", level, wording))
    return {network: list(by.values()) for network, by in found.items()}  # type: ignore[misc]


def test_an_older_convening_that_is_told_later_changes_nothing_of_where_it_started() -> None:
    later = [at_once(SIX_AT_TWO), at_once(NOW, 20)]
    found = told_together([releases_of(each) for each in (at_once(dict.fromkeys(NAMES, 4), 40), *later)]).latest
    assert found is not None
    assert (found.then, found.now) == (1, 2)
    at_one_moment = [at_once(levels, 1) for levels in (SIX_AT_TWO, NOW)]
    together = told_together([releases_of(each) for each in at_one_moment]).latest
    assert together is not None
    assert (together.then, together.now) == (0, 1)


def test_groups_of_one_convening_whose_differences_overlap_do_not_lay_open_what_does_not() -> None:
    """There, elsewhere, and both together with one more: the fourth less the others would be that one alone."""
    names = [f"P{number}" for number in range(24)]
    first = dict.fromkeys(names, 1) | dict.fromkeys(names[:16], 2)
    now = dict.fromkeys(names, 3)
    a, b, x, others = names[:5], names[5:10], names[10], names[16:21]
    turns = [
        at_once(now, 20),
        at_once(dict.fromkeys(a, 4), 21),
        at_once({**dict.fromkeys(a, 3), **dict.fromkeys(b, 4)}, 22),
        at_once({**dict.fromkeys(a, 4), x: 2, **dict.fromkeys(others, 4)}, 23),
    ]
    seen = []
    for until in range(1, len(turns) + 1):
        saved = [change for turn in turns[:until] for change in turn]
        found = told_together([releases_of(at_once(first)), releases_of(saved)]).latest
        assert found is not None
        seen.append(started_at(found.joint, "P23", 2, 5))
    assert seen == [Started(2, 0, 0, 16)] * 4
    levels = told_together([releases_of(at_once(first)), releases_of([change for turn in turns for change in turn])])
    assert levels.latest is not None
    assert levels.latest.joint[x] == (2, 3)
    five = told_together([releases_of(at_once(first)), releases_of([*turns[0], *turns[1]])])
    assert five.latest is not None
    assert five.latest.joint["P0"] == (2, 4), "five alone are told"


def test_absences_at_three_convenings_that_fit_into_each_other_lay_nobody_open() -> None:
    """A group without A, one without B, and one without both and one more: the three and the whole leave that one."""
    names = [ME, *(f"P{number}" for number in range(29))]
    a, b, x = names[1:6], names[6:11], names[11]
    for level in (1, 2):
        first = releases_of(at_once(dict.fromkeys(names, 1) | dict.fromkeys(names[20:], 2) | {x: level}))
        absent = [a, b, [*a, *b, x], names[12:17]]
        rated = [dict.fromkeys(set(names) - set(each), 2 + number) for number, each in enumerate(absent)]
        later = [releases_of(at_once(each, 20 * number)) for number, each in enumerate(rated, 1)]
        told_of = [told_together([first, *later[:until]]).latest for until in range(1, 5)]
        assert [each and each.now for each in told_of] == [1, 2, 2, 4]


@pytest.mark.parametrize("seed", range(40))
def test_no_sum_of_who_is_in_groups_and_in_the_first_snapshots_is_of_one_to_four(seed: int) -> None:
    """Whatever is added and subtracted: a partnership cancels where it stood at the same level in both."""
    chance = random.Random(seed)
    names = [ME, *(f"P{number}" for number in range(chance.randint(20, 34)))]
    pieces = [names[start : start + chance.choice((1, 2, 5, 5, 6))] for start in range(1, len(names), 6)]
    saves, step = at_once(dict.fromkeys(names[: chance.randint(15, len(names))], 1)), 1
    rooms: list[dict[str, int]] = []
    convenings: list[list[Change]] = []
    for _ in range(5):
        step += 1
        if chance.random() < 0.3:  # somebody comes late at the first, or corrects it
            saves += at_once(dict.fromkeys(chance.sample(names, 5), chance.choice((1, 2))), step)
        else:
            absent = {who for piece in chance.sample(pieces, chance.randint(0, 3)) for who in piece}
            convenings.append(at_once(dict.fromkeys(sorted(set(names) - absent), 1 + step % 3), step))
        found = [releases_of(saves), *map(releases_of, convenings)]
        rooms += [dict(standing) for _, standing in found[0]]
        latest = told_together(found).latest
        if latest:
            rooms.append(
                {who: then + 8 for who, (then, _) in latest.joint.items()}
            )  # as ``releases`` has it: wording 1
    whole = np.array(list({tuple(room.get(who) == place for who in names for place in (9, 10)) for room in rooms}))
    sums = np.array(list(product((-1, 0, 1), repeat=len(whole)))) @ whole.astype(int)
    assert not np.isin(np.count_nonzero(sums, axis=1), (1, 2, 3, 4)).any()


def test_a_set_that_is_made_when_one_of_a_group_has_moved_on_since_is_not_told() -> None:
    names = [f"P{number}" for number in range(24)]
    first, now = dict.fromkeys(names, 1) | dict.fromkeys(names[:12], 2), dict.fromkeys(names, 3)
    moved = {names[0]: 1, **dict.fromkeys(names[12:16], 4)}
    for saved, sets in (([], {0}), (at_once(moved, 21), set[int]())):
        made = PeerSet(1, "Large", frozenset(names[:12]), START + timedelta(minutes=60), is_shown=True)
        found = told_together([releases_of(at_once(first)), releases_of([*at_once(now, 20), *saved])], (made,))
        assert found.sets == sets


def test_where_there_are_sets_those_counted_at_one_of_the_two_only_are_none_or_five_of_each_cell() -> None:
    names = [f"P{number}" for number in range(30)]
    made = PeerSet(1, "Large", frozenset(names[:10]), START, is_shown=True)
    first = {who: 2 if who in names[:10] else 1 for who in names}
    for gone, levels in ((names[:5], {1, 2}), ((names[0], *names[10:14]), set[int]())):
        now = {who: 3 for who in names if who not in gone}
        found = told_together([releases_of(at_once(first)), releases_of(at_once(now, 20))], (made,))
        assert found.latest is not None
        assert found.latest.levels == levels


def test_on_counts_nothing_of_random_networks_depends_on_who_is_who() -> None:
    truth = networks(70, seed=8, sizes=(11, 24), levels=2)
    names = sorted({change[2] for change in truth} - {ME})
    new = dict(zip(names, names[5:] + names[:5], strict=True)) | {ME: ME}
    shown = 0
    for convenings in pairs_of(truth).values():
        renamed = [[(s, at, new[who], *rest) for s, at, who, *rest in changes] for changes in convenings]
        for level in (1, 2):
            found = told(*convenings, level=level)  # type: ignore[arg-type]
            assert found == told(*renamed, level=level)  # type: ignore[arg-type]
            shown += found is not None
            assert found is None or found.peers >= 5
    assert shown  # groups are told at all: otherwise this would hold of anything


def test_a_group_chosen_by_a_level_would_break_the_argument_for_bands() -> None:
    """Why it is never told there: with other levels of the same halves it says something else."""
    groups = [at_once({**SIX_AT_TWO, "P11": 3}), at_once(NOW, 20)]
    other = [[(s, at, who, d, level if who == ME else OTHER_LEVEL[4][int(level or 1)], w) for s, at, who, d, level, w in
              changes] for changes in groups]  # fmt: skip
    assert told(*groups, level=1, least=1) != told(*other, level=1, least=1)


# For those who see names.


@any_facts
@given(st.dictionaries(st.sampled_from(NAMES), st.tuples(st.integers(1, 4), st.integers(1, 4)), max_size=13))
def test_by_name_everybody_who_rated_at_both_is_counted(levels: dict[str, tuple[int, int]]) -> None:
    changes = [[save(1, who, pair[at]) for who, pair in levels.items()] for at in (0, 1)]
    states = [standing(each) for each in changes]
    for level in (1, 2, 3, 4):
        found = joined(states.__getitem__, len(states), ME, level, 1)
        group = [now for who, (then, now) in levels.items() if then == level and who != ME]
        told_of = started_at(found.joint, ME, level, 1) if found else None
        if not group:
            assert told_of is None
        else:
            ways = [sum(now < level for now in group), group.count(level), sum(now > level for now in group)]
            assert told_of == Started(level, *ways)


def test_by_name_the_latest_convening_that_shares_somebody_counts() -> None:
    states = [standing(each) for each in (at_once(SIX_AT_TWO), at_once(NOW, 20), [])]
    found = joined(states.__getitem__, len(states), ME, 2, 1)
    assert found is not None
    assert (found.then, found.now, found.wording, found.missing) == (0, 1, 1, 0)
    assert joined(states.__getitem__, 1, ME, 2, 1) is None


@pytest.mark.parametrize(
    ("later", "now", "rated", "missing"),
    [
        ({ME: 3}, 1, 6, 0),
        ({ME: 3, "P7": 4, "P8": 4, "P9": 4}, 1, 6, 0),
        ({"P0": 3}, 1, 6, 0),
        (dict.fromkeys(NAMES[1:4], 3), 1, 6, 0),
        (dict.fromkeys(NAMES[1:5], 3), 2, 4, 2),
        (dict.fromkeys(NAMES[1:7], 3), 2, 6, 0),
    ],
)
def test_by_name_a_convening_counts_once_more_than_half_of_the_group_rated_there(
    later: dict[str, int | None], now: int, rated: int, missing: int
) -> None:
    states = [standing(each) for each in (at_once(SIX_AT_TWO), at_once(NOW, 20), at_once(later, 40))]
    found = joined(states.__getitem__, len(states), ME, 2, 1)
    assert found is not None
    group = [who for who, (then, _) in found.joint.items() if then == 2 and who != ME]
    assert (found.now, len(group), found.missing) == (now, rated, missing)


def test_by_name_where_never_more_than_half_rated_again_the_latest_that_any_did_counts() -> None:
    later = [at_once({"P0": 3, "P1": 3}, 20), at_once({"P2": 1}, 40), at_once({ME: 4, "P9": 4}, 60)]
    states = [standing(each) for each in (at_once(SIX_AT_TWO), *later)]
    found = joined(states.__getitem__, len(states), ME, 2, 1)
    assert found is not None
    assert (found.now, found.joint, found.missing) == (2, {"P2": (2, 1)}, 5)
