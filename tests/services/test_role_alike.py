"""Role-alike: counts of one role across partnerships, and what is left out so that nobody can be told from them."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import timedelta

import pytest

from progressions.errors import NotAllowedError
from progressions.people import Access, Principal
from progressions.services import reveals, role_alike, rubrics, team_sessions
from progressions.services.role_alike import RoleView
from progressions.sheets.writing import rubric_workbook
from progressions.store import Store
from progressions.team_session import DomainKey, Naming, Role, Side
from tests.factories import AUTUMN, NOW, make_rubric, reworded
from tests.plain_sql import PlainSql
from tests.services.halls import hall_of, met, now_is, revealed, said
from tests.services.noted import LIMITS
from tests.services.rooms import FIRST, SECOND, joined, voted

DEAN = Role.DEAN
LATER = NOW + timedelta(hours=1)
LINES = "SELECT about FROM record WHERE action = 'role shown across partnerships'"


def view(store: Store, who: Principal, key: DomainKey = FIRST, role: Role = DEAN) -> RoleView:
    (found,) = role_alike.views(store, who, AUTUMN, role, (key,))
    return found


def shown(store: Store, who: Principal, key: DomainKey = FIRST, role: Role = DEAN) -> tuple[int, ...] | None:
    """The counts by level, and last of those who cannot judge, once staff have opened the view; None where they may
    not."""
    (found,) = role_alike.show(store, who, AUTUMN, role, (key,), LATER)
    return None if found.spread is None else (*found.spread.together.counts, found.spread.together.cannot_judge)


@pytest.mark.parametrize(
    ("levels", "counts"),
    [
        ({"ash": [1, 2], "birch": [2], "cedar": [4]}, None),
        ({"ash": [1, 2], "birch": [2], "cedar": [4, 4]}, (1, 2, 0, 2, 0)),
        ({"ash": [1, 2], "birch": [2, None], "cedar": [4, 4]}, (1, 2, 0, 2, 1)),
        ({"ash": [1, 2, 3], "birch": [2, 3]}, None),
        ({"ash": [1, 2, 3, 3], "birch": [2, 3, 3, 3]}, None),
        ({"ash": [1, 2, 3], "birch": [2], "cedar": [4], "dale": [1]}, (2, 2, 1, 1, 0)),
        ({"ash": [1, 2, 3], "birch": [2], "cedar": [4]}, None),
        ({"ash": [1] * 9, "birch": [2], "cedar": [4]}, None),
    ],
)
def test_five_people_from_three_partnerships_are_enough_and_fewer_are_not(
    sqlite_store: Store,
    staff: Principal,
    levels: dict[str, Sequence[int | None]],
    counts: tuple[int, ...] | None,
) -> None:
    hall_of(sqlite_store, staff, DEAN, levels)
    assert shown(sqlite_store, staff) == counts
    assert view(sqlite_store, staff).is_enough == (counts is not None)


@pytest.mark.parametrize("levels", [{"ash": [1, 2], "birch": [2], "cedar": [4, None]}, {"a": [1] * 3, "b": [2] * 3}])
def test_whoever_takes_their_own_teams_votes_away_is_left_with_three_at_least(
    sqlite_store: Store, staff: Principal, levels: dict[str, Sequence[int | None]]
) -> None:
    if len(levels) < 3:
        levels = {**levels, "c": [4]}
    hall_of(sqlite_store, staff, DEAN, levels)
    found = shown(sqlite_store, staff)
    assert found is not None
    for own in levels.values():
        left = Counter(dict(enumerate(found, start=1))) - Counter(level or 5 for level in own)
        assert left.total() >= 3


def enough(store: Store, staff: Principal) -> None:
    hall_of(store, staff, DEAN, {"ash": [1, 2], "birch": [2], "cedar": [4, None]})


def test_other_roles_and_other_domains_are_not_counted(sqlite_store: Store, staff: Principal) -> None:
    ash = met(sqlite_store, staff, "ash")
    said(sqlite_store, ash, DEAN, [1, 2])
    said(sqlite_store, ash, Role.FACULTY, [3, 3, 3])
    said(sqlite_store, ash, DEAN, [4], SECOND)
    revealed(sqlite_store, staff, ash, FIRST, SECOND)
    hall_of(sqlite_store, staff, DEAN, {"birch": [2], "cedar": [4, 4]})
    assert shown(sqlite_store, staff) == (1, 2, 0, 2, 0)
    assert shown(sqlite_store, staff, role=Role.FACULTY) is None
    assert shown(sqlite_store, staff, SECOND) is None


def test_nothing_is_shown_while_an_open_session_has_not_revealed_and_staff_are_told_which(
    sqlite_store: Store, staff: Principal
) -> None:
    enough(sqlite_store, staff)
    birch = met(sqlite_store, staff, "elm")
    said(sqlite_store, birch, DEAN, [3])
    assert view(sqlite_store, staff).waits_for == ("elm",)
    assert shown(sqlite_store, staff) is None
    revealed(sqlite_store, staff, birch)
    assert shown(sqlite_store, staff) == (1, 2, 1, 1, 1)


def test_an_empty_session_is_waited_for_until_it_is_closed(sqlite_store: Store, staff: Principal) -> None:
    enough(sqlite_store, staff)
    elm = met(sqlite_store, staff, "elm")
    assert shown(sqlite_store, staff) is None
    team_sessions.close(sqlite_store, staff, elm, NOW)
    assert shown(sqlite_store, staff) == (1, 2, 0, 1, 1)


def test_a_session_without_votes_or_about_other_domains_is_not_waited_for(
    sqlite_store: Store, staff: Principal
) -> None:
    enough(sqlite_store, staff)
    met(sqlite_store, staff, "elm", keys=(SECOND,))
    fir = team_sessions.Wish("fir", AUTUMN, Naming.ALIAS, False, (FIRST,))
    met_without_votes(sqlite_store, staff, fir)
    assert shown(sqlite_store, staff) == (1, 2, 0, 1, 1)


def met_without_votes(store: Store, who: Principal, wish: team_sessions.Wish) -> None:
    with store.write(who) as repository:
        repository.add_partnership(wish.partnership, wish.partnership)
    team_sessions.open_session(store, who, wish, NOW)


def opened_late(store: Store, staff: Principal) -> None:
    late = met(store, staff, "late")
    said(store, late, DEAN, [3])
    revealed(store, staff, late, at=LATER + timedelta(minutes=1))


def opened_again(store: Store, staff: Principal) -> None:
    closed = next(s for s in sessions(store, staff) if s.partnership == "shut")
    again = team_sessions.reopen(store, staff, closed, LATER)
    said(store, again, DEAN, [3])
    revealed(store, staff, again, at=LATER + timedelta(minutes=1))


def voted_twice(store: Store, staff: Principal) -> None:
    ash = next(s for s in sessions(store, staff) if s.partnership == "ash")
    again = reveals.second_vote(store, staff, ash, FIRST, LATER)
    said(store, again, DEAN, [3, 3])
    revealed(store, staff, again, at=LATER + timedelta(minutes=1))


def another_role(store: Store, staff: Principal) -> None:
    ash = next(s for s in sessions(store, staff) if s.partnership == "ash")
    PlainSql(str(store.url)).run("UPDATE seats SET role = 'teacher'")
    team_sessions.close(store, staff, ash, LATER)


def sessions(store: Store, staff: Principal) -> tuple[team_sessions.TeamSession, ...]:
    with store.read(staff) as repository:
        return repository.team_sessions_on(AUTUMN)


@pytest.mark.parametrize("happens", [opened_late, opened_again, voted_twice, another_role])
def test_what_was_shown_once_never_changes_so_that_nobodys_vote_is_the_difference(
    sqlite_store: Store, staff: Principal, happens: Callable[[Store, Principal], None]
) -> None:
    enough(sqlite_store, staff)
    team_sessions.close(sqlite_store, staff, met(sqlite_store, staff, "shut"), NOW)
    before = shown(sqlite_store, staff)
    assert before == (1, 2, 0, 1, 1)
    happens(sqlite_store, staff)
    assert view(sqlite_store, staff).spread is not None
    assert shown(sqlite_store, staff) == before


def test_a_view_opens_only_by_being_put_into_the_record(
    sqlite_store: Store, staff: Principal, plain_sql: PlainSql
) -> None:
    enough(sqlite_store, staff)
    ready = view(sqlite_store, staff)
    assert ready.is_enough
    assert ready.spread is None
    assert plain_sql.rows(LINES) == []
    role_alike.show(sqlite_store, staff, AUTUMN, DEAN, (FIRST, SECOND), LATER)
    assert plain_sql.rows(LINES) == [("2026-10-08, dean, lea, lea-1",)]
    assert view(sqlite_store, staff).spread is not None
    assert view(sqlite_store, staff, role=Role.TEACHER).spread is None


def test_no_view_holds_a_name_or_a_partnership(sqlite_store: Store, staff: Principal) -> None:
    enough(sqlite_store, staff)
    (found,) = role_alike.show(sqlite_store, staff, AUTUMN, DEAN, (FIRST,), LATER)
    assert found.partnerships == 3
    assert found.spread is not None
    assert [row.side for row in found.spread.rows] == [None]
    for text in ("Somebody", "Ash County", "Birch Valley", "cedar"):
        assert text not in str(found)


def test_a_person_who_was_removed_before_the_reveal_is_not_counted(sqlite_store: Store, staff: Principal) -> None:
    ash = met(sqlite_store, staff, "ash")
    gone, _stays = said(sqlite_store, ash, DEAN, [1, 2])
    with sqlite_store.read(staff) as repository:
        first = repository.seats(ash.id)[0]
    team_sessions.remove(sqlite_store, staff, ash, first, NOW)
    assert gone
    revealed(sqlite_store, staff, ash)
    hall_of(sqlite_store, staff, DEAN, {"birch": [2], "cedar": [4, 4]})
    assert shown(sqlite_store, staff) is None
    hall_of(sqlite_store, staff, DEAN, {"dale": [3]})
    assert shown(sqlite_store, staff) == (0, 2, 1, 2, 0)


def test_paper_sheets_are_of_no_role(sqlite_store: Store, staff: Principal) -> None:
    hall_of(sqlite_store, staff, DEAN, {"birch": [2], "cedar": [4, 4]})
    ash = met(sqlite_store, staff, "ash")
    said(sqlite_store, ash, DEAN, [1])
    reveals.count_paper(sqlite_store, staff, ash, FIRST, Side.IHE, {1: 9}, NOW)
    revealed(sqlite_store, staff, ash)
    assert shown(sqlite_store, staff) is None


def test_votes_on_different_wordings_are_not_put_together(sqlite_store: Store, staff: Principal) -> None:
    hall_of(sqlite_store, staff, DEAN, {"ash": [1, 2], "birch": [2]})
    content = rubric_workbook([reworded(make_rubric(), "lea-1")], "")
    rubrics.publish(
        sqlite_store, staff, rubrics.preview(sqlite_store, staff, content, "ours.xlsx", LIMITS), NOW + timedelta(1)
    )
    cedar = met(sqlite_store, staff, "cedar")
    (token,) = joined(sqlite_store, cedar, Side.IHE)
    voted(sqlite_store, token, FIRST, 4)
    for each in (FIRST, SECOND):
        said(sqlite_store, cedar, DEAN, [4, 4], each)
    for code in ("ash", "birch"):
        team = next(s for s in sessions(sqlite_store, staff) if s.partnership == code)
        said(sqlite_store, team, DEAN, [1, 1], SECOND)
        revealed(sqlite_store, staff, team, SECOND)
    revealed(sqlite_store, staff, cedar, FIRST, SECOND)
    assert shown(sqlite_store, staff) is None
    assert view(sqlite_store, staff).has_several_wordings
    assert shown(sqlite_store, staff, SECOND) == (4, 0, 0, 2, 0)
    assert now_is(sqlite_store, staff, cedar).domains[0].version == 2


@pytest.mark.parametrize("access", [Access.FACILITATOR, Access.MEMBER, Access.RATER])
def test_role_alike_is_opened_by_network_staff_alone(sqlite_store: Store, staff: Principal, access: Access) -> None:
    enough(sqlite_store, staff)
    other = Principal(2, "Fay", staff.network, access, "ash", seat=1 if access is Access.RATER else 0)
    with pytest.raises(NotAllowedError):
        role_alike.views(sqlite_store, other, AUTUMN, DEAN, (FIRST,))
    with pytest.raises(NotAllowedError):
        role_alike.show(sqlite_store, other, AUTUMN, DEAN, (FIRST,), NOW)
    with pytest.raises(NotAllowedError):
        role_alike.views(sqlite_store, staff, AUTUMN, DEAN, (DomainKey("no", "no-1"),))
