"""A whole hall at its own database: on SQLite and PostgreSQL alike, compared with plain SQL."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import Engine, event

from progressions.errors import NotAllowedError
from progressions.people import Access, Network, Principal
from progressions.ratings import RatingDraft
from progressions.record import Action
from progressions.rubric import RubricVersion
from progressions.store import Store
from progressions.team_session import Finished, Outcomes, Role
from tests.factories import AUTUMN, NOW, SPRING, a_furnished_network, a_key, a_network, staff_of
from tests.plain_sql import PlainSql
from tests.services.halls import hall_of, met, said
from tests.services.rooms import FIRST, SECOND

DEAN = Role.DEAN


@contextmanager
def statements() -> Iterator[list[str]]:
    """Everything that is asked of any database meanwhile."""
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        asked.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(Engine, "before_cursor_execute", note)


def test_everybody_who_is_here_is_counted_session_by_session(
    store: Store, network: Network, version: RubricVersion, sql: PlainSql
) -> None:
    staff = staff_of(network)
    ash, birch = hall_of(store, staff, DEAN, {"ash": [1, None, 3], "birch": [2]})
    said(store, ash, Role.TEACHER, [2], SECOND)
    met(store, staff, "cedar")
    with store.read(staff) as repository:
        sessions = repository.team_sessions_on(AUTUMN)
        found = repository.finished_in(sessions)
        assert found == {each.id: repository.finished(each) for each in sessions}
    assert found[ash.id] == Finished(4, 4, 0, {FIRST: 3, SECOND: 1})
    query = "SELECT session_id, count(*) FROM seats GROUP BY session_id ORDER BY session_id"
    assert sql.rows(query) == [(ash.id, 4), (birch.id, 1)]
    assert version.number == 1


def test_a_hall_of_twenty_is_asked_for_as_often_as_a_hall_of_two(
    store: Store, network: Network, version: RubricVersion
) -> None:
    staff, counts = staff_of(network), []
    assert version.number == 1
    for size in (2, 20):
        hall_of(store, staff, DEAN, {f"p{size}-{number}": [1, 2] for number in range(size)})
        with store.read(staff) as repository, statements() as asked:
            sessions = repository.team_sessions_on(AUTUMN)
            repository.finished_in(sessions)
            repository.outcomes_on(AUTUMN)
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 8


def test_an_outcome_is_a_level_or_to_come_back_to_it_and_only_a_level_is_agreed(
    store: Store, network: Network, version: RubricVersion
) -> None:
    drafts = (RatingDraft(2), RatingDraft(None, comes_back=True), RatingDraft(None, "only evidence"))
    with store.write(staff_of(network)) as repository:
        for number, draft in enumerate(drafts, start=1):
            key = a_key(f"lea-{number}", held_on=AUTUMN)
            repository.save_rating(key, draft, base=0, version=version, by="Cy", now=NOW)
        repository.save_rating(a_key("lea-3"), RatingDraft(4), base=0, version=version, by="Cy", now=NOW)
        assert repository.outcomes_on(AUTUMN) == {"ash": Outcomes(frozenset({FIRST}), frozenset({SECOND}))}
        assert [len(said.agreed) for said in repository.outcomes_on(SPRING).values()] == [1]


def test_a_countdown_for_all_is_one_statement_of_open_sessions(
    store: Store, network: Network, version: RubricVersion, sql: PlainSql
) -> None:
    staff, ends = staff_of(network), NOW + timedelta(minutes=3)
    assert version.number == 1
    ash, birch = met(store, staff, "ash"), met(store, staff, "birch")
    with store.write(staff) as repository:
        repository.change_session(birch.id, birch.revision, {"closed_at": NOW})
        assert repository.set_timers(AUTUMN, ends) == 1
        assert repository.set_timers(SPRING, ends) == 0
    assert sql.rows("SELECT id FROM team_sessions WHERE timer_ends_at IS NOT NULL") == [(ash.id,)]
    with store.read(staff) as repository:
        assert repository.team_session_by_id(ash.id).timer_ends_at == ends


def test_only_revealed_first_votes_of_the_role_leave_the_database(
    store: Store, network: Network, version: RubricVersion
) -> None:
    staff = staff_of(network)
    assert version.number == 1
    ash = met(store, staff, "ash")
    said(store, ash, DEAN, [1, None])
    said(store, ash, Role.TEACHER, [2])
    said(store, ash, DEAN, [3], SECOND)
    with store.read(staff) as repository:
        assert repository.role_votes(AUTUMN, DEAN) == ()
    with store.write(staff) as repository:
        present = repository.team_session_by_id(ash.id)
        shown = repository.reveal(ash.id, present.revision, (FIRST,), NOW)
        repository.begin_round(ash.id, shown.revision, FIRST)
    said(store, ash, DEAN, [4])
    with store.read(staff) as repository:
        found = repository.role_votes(AUTUMN, DEAN)
        assert repository.role_votes(SPRING, DEAN) == ()
    assert {(each.vote.level, each.vote.cannot_judge) for each in found} == {(1, False), (None, True)}
    assert {(each.partnership, each.wording, each.revealed_at, each.vote.name) for each in found} == {
        ("ash", 1, NOW, "")
    }


def test_the_record_says_when_something_was_done_first(store: Store, network: Network) -> None:
    staff = staff_of(network)
    with store.write(staff) as repository:
        for hours, about in ((2, "one"), (1, "one"), (3, "two"), (0, "three")):
            repository.note(Action.ROLES_SHOWN, about, now=NOW + timedelta(hours=hours))
        repository.note(Action.EXPORTED, "one", now=NOW)
        found = repository.first_noted(Action.ROLES_SHOWN, ["one", "two", "four"])
    assert found == {"one": NOW + timedelta(hours=1), "two": NOW + timedelta(hours=3)}


def test_a_hall_of_another_network_is_not_there(store: Store, network: Network, version: RubricVersion) -> None:
    staff, south = staff_of(network), a_network(store, "south", "Network South")
    assert version.number == 1
    a_furnished_network(store, south)
    (ash,) = hall_of(store, staff, DEAN, {"ash": [1, 2]})
    with store.write(staff) as repository:
        repository.note(Action.ROLES_SHOWN, "one", now=NOW)
        repository.save_rating(a_key(held_on=AUTUMN), RatingDraft(2), base=0, version=version, by="Cy", now=NOW)
    with store.write(staff_of(south)) as repository:
        assert repository.finished_in((ash,)) == {ash.id: Finished(0)}
        assert repository.outcomes_on(AUTUMN) == {}
        assert repository.role_votes(AUTUMN, DEAN) == ()
        assert repository.first_noted(Action.ROLES_SHOWN, ["one"]) == {}
        assert repository.set_timers(AUTUMN, NOW) == 0


@pytest.mark.parametrize("access", [Access.FACILITATOR, Access.MEMBER, Access.RATER])
def test_a_hall_opens_for_staff_alone(store: Store, network: Network, version: RubricVersion, access: Access) -> None:
    assert version.number == 1
    who = Principal(2, "Fay", network, access, "ash", seat=1 if access is Access.RATER else 0)
    with store.write(who) as repository:
        for ask in (
            lambda: repository.finished_in(()),
            lambda: repository.outcomes_on(AUTUMN),
            lambda: repository.set_timers(AUTUMN, NOW),
            lambda: repository.role_votes(AUTUMN, DEAN),
            lambda: repository.first_noted(Action.ROLES_SHOWN, ["one"]),
        ):
            with pytest.raises(NotAllowedError):
                ask()
