"""Names, counts, sets and groups beside one another: whatever is read first, nothing is left of fewer than five."""

from datetime import date, timedelta

import pytest

from progressions.people import PeerSet, PeerView, Principal
from progressions.ratings import LevelWrite
from progressions.services import imports, networks, peer_sets, peers, peers_over_time
from progressions.services.stuck_and_moved import stuck_and_moved
from progressions.settings import ReadLimits
from progressions.store import Store
from tests import factories
from tests.factories import AUTUMN, NOW, SPRING, make_rubric, reworded
from tests.services.peer_networks import OTHERS, eleven, levels, rated, seen_by
from tests.services.test_stuck_and_moved import agree, stuck_of

MIXED = levels([2, 2, 2, 2, 1, 1, 1, 3, 3, 4, 4])
"""No level with five others: nothing is told of who started where we started."""


def counted(store: Store, who: Principal, day: date, peer_set: int = 0) -> dict[int, int]:
    """The others by level, without levels at which nobody stands."""
    told = peers.beside(store, who, "ash", "lea", day, peer_set).levels
    assert told is not None
    over_time = peers.over_time(store, who, "ash", "lea", [day], "lea-1", peer_set)[day].levels
    assert over_time is not None
    assert over_time.to_dict("records") == told.to_dict("records")
    return {level: count for level, count in zip(told["level"], told["count"], strict=True) if count}


def named(store: Store, who: Principal) -> list[str]:
    return [each.title for each in stuck_of(store, who).movers]


def helpers(store: Store, who: Principal) -> list[str]:
    return [each.title for each in stuck_of(store, who).helpers]


def many(store: Store, staff: Principal) -> list[str]:
    """The codes of sixteen partnerships beside Ash."""
    for number in range(9):
        networks.add_partnership(store, staff, f"Canary {number}", NOW)
    for number in range(6):
        networks.add_partnership(store, staff, f"Dog {number}", NOW)
    return [p.code for p in networks.partnerships(store, staff) if p.code != "ash"]


def more(store: Store, staff: Principal, how_many: int) -> list[str]:
    """The codes of so many more."""
    return [networks.add_partnership(store, staff, f"Eel {number}", NOW).code for number in range(how_many)]


def risen(store: Store, staff: Principal, own: int = 1) -> list[str]:
    """The same, all risen from 1 to 3, the last one not rated again, so that nothing is told of both together."""
    codes = many(store, staff)
    rated(store, staff, {"ash": own, **dict.fromkeys(codes, 1)}, SPRING, minute=1)
    rated(store, staff, {"ash": own, **dict.fromkeys(codes[:-1], 3)}, AUTUMN, minute=2)
    return codes


def titles(store: Store, staff: Principal, *codes: str) -> list[str]:
    who = {p.code: p.title for p in networks.partnerships(store, staff)}
    return [who[code] for code in codes]


def a_set(store: Store, staff: Principal, *held: str, minute: int) -> PeerSet:
    title = f"Set of {len(held)}"
    return peer_sets.make(store, staff, title, list(held), NOW + timedelta(minutes=minute), is_shown=True)


def agreed(store: Store, staff: Principal, *codes: str, minute: int) -> None:
    for later, code in enumerate(codes):
        agree(store, staff, code, minute=minute + later)


def test_whoever_would_leave_fewer_than_five_of_a_set_is_named_as_a_helper_alone(
    sqlite_store: Store, staff: Principal, member: Principal
) -> None:
    codes = many(sqlite_store, staff)
    inside, outside = codes[:6], codes[6:]
    rated(sqlite_store, staff, {**dict.fromkeys(["ash", *codes], 2), inside[5]: 1}, SPRING, minute=1)
    again = dict.fromkeys(codes[:-1], 3)  # all but one, so that nothing is told of both together
    rated(sqlite_store, staff, {"ash": 2, **again, inside[5]: 4}, AUTUMN, minute=2)
    made = a_set(sqlite_store, staff, *inside, minute=5)
    before = [counted(sqlite_store, member, day, made.id) for day in (SPRING, AUTUMN)]
    assert before == [{1: 1, 2: 5}, {3: 5, 4: 1}]
    agreed(sqlite_store, staff, *inside[:5], outside[0], minute=10)
    assert len(named(sqlite_store, member)) == 1
    assert len(helpers(sqlite_store, member)) == 5
    assert [counted(sqlite_store, member, day, made.id) for day in (SPRING, AUTUMN)] == before


def test_those_who_are_named_before_anything_is_counted_never_count_among_the_six(
    sqlite_store: Store, staff: Principal, member: Principal
) -> None:
    many(sqlite_store, staff)
    five = dict.fromkeys(["ash", *OTHERS[:4]], 2)
    rated(sqlite_store, staff, five, SPRING, minute=1)
    rated(sqlite_store, staff, {**dict.fromkeys(OTHERS[:4], 3), "ash": 2}, AUTUMN, minute=2)
    agreed(sqlite_store, staff, *OTHERS[:4], minute=3)
    assert len(named(sqlite_store, member)) == 4
    rated(sqlite_store, staff, {OTHERS[4]: 1}, SPRING, minute=10)
    rated(sqlite_store, staff, {OTHERS[4]: 2}, AUTUMN, minute=11)
    assert counted(sqlite_store, member, SPRING) == counted(sqlite_store, member, AUTUMN) == {}
    assert len(named(sqlite_store, member)) == 4
    rated(sqlite_store, staff, dict.fromkeys(OTHERS[5:], 1), SPRING, minute=12)
    assert counted(sqlite_store, member, SPRING) == {1: 6, 2: 4}


def test_a_move_is_not_told_beside_a_later_convening_that_would_be_left_with_too_few(
    sqlite_store: Store, staff: Principal, member: Principal
) -> None:
    codes = risen(sqlite_store, staff)
    winter = networks.add_convening(sqlite_store, staff, AUTUMN.replace(month=12), "Winter", NOW).held_on
    rated(sqlite_store, staff, {codes[0]: 4, **dict.fromkeys(codes[1:6], 2)}, winter, minute=3)
    assert counted(sqlite_store, member, winter) == {2: 5, 4: 1}
    agreed(sqlite_store, staff, codes[0], codes[6], minute=5)
    assert named(sqlite_store, member) == titles(sqlite_store, staff, codes[6])
    assert helpers(sqlite_store, member) == titles(sqlite_store, staff, codes[0])


def test_on_bands_nobody_is_named_with_a_move(sqlite_store: Store, staff: Principal, member: Principal) -> None:
    """Whether a name leaves enough others in a group that started alike would tell of the levels of these."""
    eleven(sqlite_store, staff, MIXED, levels([2, 3, 3, 4, 2, 2, 2, 4, 4, 4, 4]))
    agreed(sqlite_store, staff, *OTHERS[:8], minute=3)
    on_counts, on_bands = (stuck_of(sqlite_store, seen_by(member, view)) for view in (PeerView.COUNTS, PeerView.BANDS))
    assert [each.title for each in on_counts.movers] == ["Birch Valley", "Canary 0", "Canary 1"]
    assert [each.title for each in on_counts.helpers] == [f"Canary {number}" for number in range(2, 7)]
    asked = ["Birch Valley", *(f"Canary {number}" for number in range(7))]
    assert (on_bands.movers, [each.title for each in on_bands.helpers]) == ((), asked)


@pytest.mark.parametrize("fifth", [1, 2])
def test_on_bands_a_set_is_told_whatever_the_levels_of_those_who_started_alike(
    sqlite_store: Store, staff: Principal, member: Principal, fifth: int
) -> None:
    """On counts it cuts a group that was told in one of the two networks; on bands it would tell of the set's levels
    whether it is told.
    """
    codes = many(sqlite_store, staff)
    held, others = codes[:5], codes[5:]
    rated(sqlite_store, staff, {**dict.fromkeys(["ash", *codes], 1), held[4]: fifth}, SPRING, minute=1)
    rated(sqlite_store, staff, dict.fromkeys(["ash", *codes], 2), AUTUMN, minute=2)
    agreed(sqlite_store, staff, *others[:4], minute=10)
    made = a_set(sqlite_store, staff, "ash", *held, minute=30)
    on_bands = peers.beside(sqlite_store, seen_by(member, PeerView.BANDS), "ash", "lea", SPRING, made.id).bands
    assert on_bands is not None
    assert on_bands["upper_share"].tolist() == ["few"]
    assert bool(counted(sqlite_store, member, SPRING, made.id)) is (fifth == 1)


def test_who_was_named_before_anything_was_told_of_them_together_stays_named(
    sqlite_store: Store, staff: Principal, member: Principal
) -> None:
    codes = [*many(sqlite_store, staff), *more(sqlite_store, staff, 4)]
    known, alike, others, late, one = codes[:5], codes[5:10], codes[10:15], codes[15:19], codes[19]
    agreed(sqlite_store, staff, *known, minute=0)
    first = {"ash": 1, **dict.fromkeys(alike, 1), **dict.fromkeys(others, 3), **dict.fromkeys(known, 2)}
    rated(sqlite_store, staff, first, SPRING, minute=11)
    rated(sqlite_store, staff, first, AUTUMN, minute=12)
    assert stuck_of(sqlite_store, member).group is not None
    rated(sqlite_store, staff, dict.fromkeys(late, 1), SPRING, minute=13)
    rated(sqlite_store, staff, dict.fromkeys(late, 2), AUTUMN, minute=14)
    agreed(sqlite_store, staff, *late, minute=15)
    assert named(sqlite_store, member) == titles(sqlite_store, staff, *late)
    rated(sqlite_store, staff, {one: 1, alike[0]: 2, alike[1]: 2, alike[2]: 2, alike[3]: 2}, SPRING, minute=20)
    assert counted(sqlite_store, member, SPRING) == {1: 6, 2: 9, 3: 5}, "those late are told of now"
    assert named(sqlite_store, member) == titles(sqlite_store, staff, *late)


def test_a_group_that_was_told_before_an_import_was_undone_counts_as_told(
    sqlite_store: Store, staff: Principal, member: Principal
) -> None:
    """The same file again under the right day, without one row: the sizes of the two groups would leave that one."""
    codes = [*many(sqlite_store, staff), *more(sqlite_store, staff, 8)]
    gone, one = codes[:5], codes[5]
    then = {**dict.fromkeys(["ash", *codes[:14]], 1), **dict.fromkeys(codes[14:], 2)}
    rated(sqlite_store, staff, then, SPRING, minute=1)
    wrong = _imported(sqlite_store, staff, "2026-06-01", gone, minute=10)
    (group,) = peers_over_time.started(sqlite_store, member, "ash", "lea")
    assert (group.started.peers, group.now.isoformat()) == (9, "2026-06-01")
    imports.undo(sqlite_store, staff, wrong, NOW + timedelta(minutes=20))
    assert peers_over_time.started(sqlite_store, member, "ash", "lea") == ()
    again = _imported(sqlite_store, staff, "2026-06-02", [*gone, one], minute=30)
    assert peers_over_time.started(sqlite_store, member, "ash", "lea") == ()
    imports.undo(sqlite_store, staff, again, NOW + timedelta(minutes=40))
    _imported(sqlite_store, staff, "2026-06-03", gone, minute=50)
    (group,) = peers_over_time.started(sqlite_store, member, "ash", "lea")
    assert (group.started.peers, group.now.isoformat()) == (9, "2026-06-03")


def _imported(store: Store, staff: Principal, day: str, absent: list[str], *, minute: int) -> int:
    rows = [
        f"{each.code},{each.title},{day},Summer,3"
        for each in networks.partnerships(store, staff)
        if each.code not in absent
    ]
    text = "\n".join(["partnership code,partnership,convening date,convening,lea-1", *rows])
    plan = imports.preview(store, staff, text.encode(), "summer.csv", None, ReadLimits())
    return imports.confirm(store, staff, plan, NOW + timedelta(minutes=minute))


def test_no_single_one_of_a_group_is_left_beside_those_who_are_named(
    sqlite_store: Store, staff: Principal, member: Principal
) -> None:
    then, now = levels([2, 2, 2, 2, 2, 2, 1, 1, 1, 1, 1]), levels([2, 3, 4, 3, 3, 1, 1, 1, 1, 2, 2])
    eleven(sqlite_store, staff, then, now)
    group = stuck_of(sqlite_store, member).group
    assert group is not None
    agreed(sqlite_store, staff, *OTHERS[:4], minute=3)
    found = stuck_of(sqlite_store, member)
    assert (found.group, found.movers, len(found.helpers)) == (group, (), 4)


def test_a_group_hides_nobody_behind_those_who_were_named_before(
    sqlite_store: Store, staff: Principal, member: Principal
) -> None:
    then, now = levels([2, 2, 2, 2, 2, 2, 1, 1, 1, 1, 1]), levels([2, 3, 4, 3, 3, 1, 1, 1, 1, 2, 2])
    agreed_first = OTHERS[:1]
    for number in range(9):
        networks.add_partnership(sqlite_store, staff, f"Canary {number}", NOW)
    agreed(sqlite_store, staff, *agreed_first, minute=0)
    rated(sqlite_store, staff, then, SPRING, minute=1)
    rated(sqlite_store, staff, now, AUTUMN, minute=2)
    found = stuck_of(sqlite_store, member)
    assert ([each.title for each in found.movers], found.group) == (["Birch Valley"], None)


def test_a_group_and_a_set_differ_by_nobody_or_by_five(
    sqlite_store: Store, staff: Principal, member: Principal
) -> None:
    codes = many(sqlite_store, staff)
    inside, outside = codes[:5], codes[5:]
    at_two = {"ash": 2, **dict.fromkeys(inside, 2), outside[0]: 2}
    then = {**at_two, **dict.fromkeys(outside[1:], 1)}
    now = {**at_two, **dict.fromkeys(inside, 3), **dict.fromkeys(outside, 1)}
    made = a_set(sqlite_store, staff, "ash", *inside, minute=0)
    rated(sqlite_store, staff, then, SPRING, minute=1)
    rated(sqlite_store, staff, now, AUTUMN, minute=2)
    assert [counted(sqlite_store, member, day, made.id) for day in (SPRING, AUTUMN)] == [{2: 5}, {3: 5}]
    assert peers_over_time.started(sqlite_store, member, "ash", "lea") == ()


def test_a_set_that_is_made_after_a_group_was_told_and_cuts_it_is_not_told(
    sqlite_store: Store, staff: Principal, member: Principal
) -> None:
    codes = many(sqlite_store, staff)
    inside, outside = codes[:5], codes[5:]
    at_two = {"ash": 2, **dict.fromkeys(inside, 2), outside[0]: 2}
    then = {**at_two, **dict.fromkeys(outside[1:], 1)}
    now = {**at_two, **dict.fromkeys(inside, 3), **dict.fromkeys(outside, 1)}
    rated(sqlite_store, staff, then, SPRING, minute=1)
    rated(sqlite_store, staff, now, AUTUMN, minute=2)
    (group,) = peers_over_time.started(sqlite_store, member, "ash", "lea")
    assert (group.started.lower, group.started.higher) == (1, 5)
    made = a_set(sqlite_store, staff, "ash", *inside, minute=5)
    assert [counted(sqlite_store, member, day, made.id) for day in (SPRING, AUTUMN)] == [{}, {}]
    assert peers_over_time.started(sqlite_store, member, "ash", "lea") == (group,)


def test_those_who_were_named_before_a_set_was_made_do_not_count_among_its_five(
    sqlite_store: Store, staff: Principal, member: Principal
) -> None:
    codes = risen(sqlite_store, staff, own=2)
    agreed(sqlite_store, staff, *codes[:2], minute=5)
    made = a_set(sqlite_store, staff, *codes[:6], minute=9)
    assert [counted(sqlite_store, member, day, made.id) for day in (SPRING, AUTUMN)] == [{}, {}]


def test_a_set_large_enough_without_those_who_were_named_is_told(
    sqlite_store: Store, staff: Principal, member: Principal
) -> None:
    codes = risen(sqlite_store, staff, own=2)
    agreed(sqlite_store, staff, *codes[:2], minute=5)
    made = a_set(sqlite_store, staff, *codes[:7], minute=9)
    assert counted(sqlite_store, member, AUTUMN, made.id) == {3: 7}


def test_where_the_network_wants_more_others_those_who_are_named_are_none_of_them_either(
    sqlite_store: Store, staff: Principal, member: Principal
) -> None:
    codes = risen(sqlite_store, staff)
    made = a_set(sqlite_store, staff, *codes[:9], minute=3)
    agreed(sqlite_store, staff, *codes[:2], minute=5)
    assert len(stuck_of(sqlite_store, member).movers) == 2
    for least, all_others, of_set in ((13, {3: 15}, {}), (14, {}, {}), (6, {3: 15}, {3: 9}), (8, {3: 15}, {})):
        who = seen_by(member, PeerView.COUNTS, least)
        assert counted(sqlite_store, who, AUTUMN) == all_others
        assert counted(sqlite_store, who, AUTUMN, made.id) == of_set


def test_a_set_is_not_told_where_all_peers_are_not_told_any_more(
    sqlite_store: Store, staff: Principal, member: Principal
) -> None:
    codes = many(sqlite_store, staff)
    rated(sqlite_store, staff, dict.fromkeys(["ash", *codes], 2), SPRING, minute=1)
    made = a_set(sqlite_store, staff, *codes[:8], minute=2)
    assert counted(sqlite_store, member, SPRING, made.id) == {2: 8}
    with sqlite_store.write(staff) as repository:
        stored = repository.stored_levels()
        batch = repository.add_batch(by="Sam", file_name="f", sha256="0", mapping="{}", counts="{}", now=NOW)
        gone = [LevelWrite(key, None, row) for key, (_, row) in stored.items() if key.partnership != "ash"]
        repository.save_levels(gone, batch_id=batch, by="Sam", now=NOW + timedelta(minutes=9))
    assert counted(sqlite_store, member, SPRING) == counted(sqlite_store, member, SPRING, made.id) == {}


def test_whoever_is_not_in_a_set_of_five_is_named_beside_it(
    sqlite_store: Store, staff: Principal, member: Principal
) -> None:
    codes = risen(sqlite_store, staff)
    made = a_set(sqlite_store, staff, *codes[:5], minute=3)
    assert counted(sqlite_store, member, AUTUMN, made.id) == {3: 5}
    agreed(sqlite_store, staff, codes[0], codes[7], minute=5)
    assert named(sqlite_store, member) == titles(sqlite_store, staff, codes[7])
    assert helpers(sqlite_store, member) == titles(sqlite_store, staff, codes[0])


def test_a_group_of_old_words_is_not_told_beside_a_domain_that_is_stuck_on_new_ones(
    sqlite_store: Store, staff: Principal, member: Principal
) -> None:
    eleven(sqlite_store, staff, levels([2] * 6 + [1] * 5), levels([2, 3, 3, 3, 2, 2, 1, 1, 1, 1, 1]))
    assert stuck_of(sqlite_store, member).group is not None
    factories.a_published_rubric(sqlite_store, staff.network, reworded(make_rubric(), "lea-1"))
    for minute, month in ((5, 11), (6, 12)):
        held = networks.add_convening(sqlite_store, staff, AUTUMN.replace(month=month), f"In {month}", NOW)
        rated(sqlite_store, staff, levels([2] * 11), held.held_on, minute=minute)
    for who in (member, staff):
        found = stuck_of(sqlite_store, who)
        assert (found.level, found.since.month, found.group) == (2, 11, None)


def test_the_highest_level_of_its_time_is_not_stuck_below_a_higher_one_of_today(
    sqlite_store: Store, staff: Principal, member: Principal
) -> None:
    eleven(sqlite_store, staff, levels([4] * 11), levels([4] * 11))
    factories.a_published_rubric(sqlite_store, staff.network, make_rubric(levels=5))
    for who in (member, staff):
        assert stuck_and_moved(sqlite_store, who, "ash", "lea") == ()
