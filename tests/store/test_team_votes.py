"""What the sessions of one partnership have shown, over its convenings: on SQLite and PostgreSQL alike."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import fields
from datetime import date, datetime, timedelta

import pytest

from progressions.errors import NotAllowedError
from progressions.people import Access, Network, Principal
from progressions.rubric import RubricVersion
from progressions.store import Store
from progressions.store.team_sessions import Opening
from progressions.team_session import Answer, DomainKey, Naming, Role, Side, TeamSession, TeamVotes
from tests.factories import AUTUMN, NOW, SPRING, staff_of

FIRST, SECOND = DomainKey("lea", "lea-1"), DomainKey("lea", "lea-2")
LATER = NOW + timedelta(minutes=5)


@pytest.fixture
def staff(network: Network, version: RubricVersion) -> Principal:
    """Staff of a network with a rubric, partnerships and two convenings."""
    assert version.number == 1
    return staff_of(network)


def opened(
    store: Store, staff: Principal, held_on: date = SPRING, naming: Naming = Naming.NAMED, whose: str = "ash"
) -> TeamSession:
    code = f"{whose[0]}{held_on:%m%d}ABC".upper()
    with store.write(staff) as repository:
        version = repository.rubric_version("lea")
        assert version is not None
        domains = ((FIRST, version.id), (SECOND, version.id))
        return repository.open_session(Opening(whose, held_on, naming, True, code, domains), NOW)


def seat(store: Store, team: TeamSession, name: str, side: Side = Side.LEA) -> Principal:
    token = f"{name} {side} {team.id}"
    with store.write_directory() as directory:
        room = directory.room(team.room_code)
        assert room is not None
        directory.take_seat(room, token, name, side, Role.TEACHER, NOW)
        found = directory.seated(token, NOW)
    assert found is not None
    return found[0]


def votes(store: Store, who: Principal, level: int | None, key: DomainKey = FIRST) -> None:
    with store.write(who) as repository:
        repository.save_vote(key, Answer(level, cannot_judge=level is None), base=0, now=NOW)


def shown(store: Store, staff: Principal, team: TeamSession, *keys: DomainKey, at: datetime = LATER) -> TeamSession:
    with store.write(staff) as repository:
        return repository.reveal(team.id, repository.team_session_by_id(team.id).revision, keys or (FIRST,), at)


def team_with(
    store: Store, staff: Principal, held_on: date, people: Iterable[str], naming: Naming = Naming.NAMED
) -> TeamSession:
    """A session in which these people voted on the first domain, which is shown."""
    team = opened(store, staff, held_on, naming)
    for number, name in enumerate(people):
        votes(store, seat(store, team, name, list(Side)[number % 2]), 1 + number % 4)
    return shown(store, staff, team)


def told(store: Store, who: Principal, whose: str = "ash") -> tuple[TeamVotes, ...]:
    with store.read(who) as repository:
        return repository.team_votes(whose)


def test_votes_and_sheets_of_a_round_that_was_not_revealed_are_told_to_nobody(store: Store, staff: Principal) -> None:
    team = opened(store, staff)
    bo = seat(store, team, "Bo")
    votes(store, bo, 3)
    votes(store, bo, 1, SECOND)
    with store.write(staff) as repository:
        repository.put_paper_counts(team, SECOND, Side.IHE, {2: 4}, NOW)
    assert told(store, staff) == ()
    shown(store, staff, team, FIRST)
    (found,) = told(store, staff)
    assert [(v.key, v.level) for v in found.votes] == [(FIRST, 3)]
    assert found.papers == ()
    assert (found.voters.of(Side.LEA), found.voters.of(Side.IHE)) == (1, 0)


def test_a_second_vote_that_goes_on_stays_out_until_it_is_revealed(store: Store, staff: Principal) -> None:
    team = opened(store, staff)
    bo = seat(store, team, "Bo")
    votes(store, bo, 3)
    first = shown(store, staff, team)
    with store.write(staff) as repository:
        again = repository.begin_round(first.id, first.revision, FIRST)
    with store.write(bo) as repository:
        repository.save_vote(FIRST, Answer(4), base=0, now=NOW)
    with store.write(staff) as repository:
        repository.put_paper_counts(again, FIRST, Side.IHE, {1: 2}, NOW)
    assert [(v.round, v.level) for v in told(store, staff)[0].votes] == [(1, 3)]
    shown(store, staff, again)
    (found,) = told(store, staff)
    assert [(v.round, v.level) for v in found.votes] == [(1, 3), (2, 4)]
    assert [(p.round, p.side, p.level, p.count) for p in found.papers] == [(2, Side.IHE, 1, 2)]


def test_no_name_is_told_even_of_a_named_session(store: Store, staff: Principal) -> None:
    team_with(store, staff, SPRING, ["Bo Unmistakable", "Cy Unmistakable"])
    (found,) = told(store, staff)
    assert len(found.votes) == 2
    said = [getattr(found, each.name) for each in fields(found)]
    assert "Unmistakable" not in repr(said)


def test_sessions_come_in_the_order_of_their_convenings_and_only_those_of_the_partnership(
    store: Store, staff: Principal
) -> None:
    team_with(store, staff, AUTUMN, ["Bo"])
    team_with(store, staff, SPRING, ["Cy", "Di"])
    other = opened(store, staff, SPRING, whose="birch")
    votes(store, seat(store, other, "Ed"), 4)
    shown(store, staff, other)
    assert [(t.session.held_on, len(t.votes)) for t in told(store, staff)] == [(SPRING, 2), (AUTUMN, 1)]
    assert [len(t.votes) for t in told(store, staff, "birch")] == [1]
    assert told(store, staff, "elm") == ()


def test_it_is_for_those_who_see_the_partnership_and_never_for_a_rater(
    store: Store, network: Network, staff: Principal
) -> None:
    team = team_with(store, staff, SPRING, ["Bo"])
    rater = seat(store, team, "Cy")
    for who in (
        Principal(2, "Max", network, Access.MEMBER, "ash"),
        Principal(3, "Fay", network, Access.FACILITATOR, "ash"),
    ):
        assert told(store, who) == told(store, staff)
        with pytest.raises(NotAllowedError):
            told(store, who, "birch")
    with pytest.raises(NotAllowedError):
        told(store, rater)


def test_another_network_with_the_same_codes_is_not_reached(store: Store, staff: Principal) -> None:
    team_with(store, staff, SPRING, ["Bo"])
    with store.write_directory() as directory:
        south = directory.add_network("south", "South", is_example=False, now=NOW)
    assert told(store, staff_of(south)) == ()


def test_who_was_removed_before_the_reveal_is_not_counted_and_who_was_afterwards_is(
    store: Store, staff: Principal
) -> None:
    team = opened(store, staff)
    bo, cy = seat(store, team, "Bo"), seat(store, team, "Cy", Side.IHE)
    votes(store, bo, 3)
    votes(store, cy, 2)
    with store.write(staff) as repository:
        repository.remove_seat(team.id, bo.seat, NOW)
    shown(store, staff, team)
    with store.write(staff) as repository:
        repository.remove_seat(team.id, cy.seat, LATER + timedelta(minutes=1))
    (found,) = told(store, staff)
    assert [(v.side, v.level) for v in found.votes] == [(Side.IHE, 2)]
    assert found.voters.n == 1


def test_voters_are_people_and_the_fullest_vote_on_paper(store: Store, staff: Principal) -> None:
    team = opened(store, staff)
    for number, name in enumerate(("Bo", "Cy", "Di")):
        who = seat(store, team, name, Side.IHE if name == "Di" else Side.LEA)
        votes(store, who, None if name == "Bo" else 2)
        votes(store, who, 1 + number, SECOND)
    for key, counts in ((FIRST, {1: 2, None: 1}), (SECOND, {2: 2})):
        with store.write(staff) as repository:
            repository.put_paper_counts(team, key, Side.LEA, counts, NOW)
    shown(store, staff, team, FIRST, SECOND)
    voters = told(store, staff)[0].voters
    assert (voters.by_phone, voters.by_paper) == ({Side.LEA: 2, Side.IHE: 1}, {Side.LEA: 3, Side.IHE: 0})
    assert (voters.of(Side.LEA), voters.of(Side.IHE), voters.n) == (5, 1, 6)


def test_somebody_who_changed_sides_is_one_person(store: Store, staff: Principal) -> None:
    team = opened(store, staff)
    bo = seat(store, team, "Bo")
    votes(store, bo, 3)
    shown(store, staff, team)
    with store.write_directory() as directory:
        held = directory.seated(f"Bo {Side.LEA} {team.id}", NOW)
        assert held is not None
        directory.change_seat(held[1], team.id, "Bo", Side.IHE, Role.DEAN)
    votes(store, bo, 2, SECOND)
    shown(store, staff, team, SECOND)
    voters = told(store, staff)[0].voters
    assert voters.by_phone == {Side.LEA: 0, Side.IHE: 1}


@pytest.mark.parametrize(
    ("spring", "autumn", "again"),
    [
        (["Bo", "Cy", "Di"], ["Ed", "Flo"], 0),
        (["Bo", "Cy", "Di"], ["bo ", "DI", "Ed"], 2),
        (["Bo", "Cy"], ["Bo", "Bo", "Ed"], 1),
        (["Bo", "Bo"], ["Bo", "Bo", "Bo"], 2),
        (["Straße"], ["STRASSE"], 1),
        (["Bo Lee"], ["Bo  Lee"], 1),
    ],
)
def test_who_voted_last_time_too_is_told_by_the_names_that_were_typed(
    store: Store, staff: Principal, spring: list[str], autumn: list[str], again: int
) -> None:
    team = opened(store, staff, SPRING)
    for number, name in enumerate(spring):
        votes(store, seat(store, team, name + " " * number), 2)
    shown(store, staff, team)
    later = opened(store, staff, AUTUMN)
    for number, name in enumerate(autumn):
        votes(store, seat(store, later, name + " " * number), 2)
    shown(store, staff, later)
    assert [t.voters.again for t in told(store, staff)] == [None, again]
    plain = [Counter(" ".join(n.split()).casefold() for n in each) for each in (spring, autumn)]
    assert sum(min(count, plain[0][name]) for name, count in plain[1].items()) == again


@pytest.mark.parametrize(
    ("spring", "autumn"),
    [
        (Naming.NAMED, Naming.ALIAS),
        (Naming.ALIAS, Naming.NAMED),
        (Naming.ALIAS, Naming.ALIAS),
        (Naming.ANONYMOUS, Naming.NAMED),
        (Naming.NAMED, Naming.ANONYMOUS),
    ],
)
def test_an_alias_says_of_nobody_that_they_came_again(
    store: Store, staff: Principal, spring: Naming, autumn: Naming
) -> None:
    for day, naming in ((SPRING, spring), (AUTUMN, autumn)):
        team_with(store, staff, day, [""] if naming is Naming.ANONYMOUS else ["Bo", "Cy"], naming)
    assert [t.voters.again for t in told(store, staff)] == [None, None]


@pytest.mark.parametrize("what", ["a name was taken away", "somebody voted on paper"])
@pytest.mark.parametrize("day", [SPRING, AUTUMN])
def test_where_not_everybody_has_a_name_nothing_is_said(store: Store, staff: Principal, day: date, what: str) -> None:
    for each in (SPRING, AUTUMN):
        team = opened(store, staff, each)
        bo = seat(store, team, "Bo")
        votes(store, bo, 2)
        if each == day and what == "somebody voted on paper":
            with store.write(staff) as repository:
                repository.put_paper_counts(team, FIRST, Side.IHE, {2: 1}, NOW)
        shown(store, staff, team)
        if each == day and what == "a name was taken away":
            with store.write(staff) as repository:
                repository.remove_seat_name(team.id, bo.seat, NOW)
    assert [t.voters.again for t in told(store, staff)] == [None, None]


def test_who_came_and_did_not_vote_did_not_vote_last_time(store: Store, staff: Principal) -> None:
    team = opened(store, staff, SPRING)
    votes(store, seat(store, team, "Bo"), 2)
    votes(store, seat(store, team, "Cy"), 3, SECOND)  # on a domain that is not revealed
    seat(store, team, "Di")
    shown(store, staff, team)
    team_with(store, staff, AUTUMN, ["Bo", "Cy", "Di"])
    assert told(store, staff)[1].voters.again == 1


def test_its_number_grows_with_a_reveal_and_with_a_new_name_and_stands_otherwise(
    store: Store, network: Network, staff: Principal
) -> None:
    def number(who: Principal = staff) -> int:
        with store.read(who) as repository:
            return repository.team_progress("ash")

    assert number() == 0
    team = opened(store, staff)
    bo = seat(store, team, "Bo")
    votes(store, bo, 2)
    found = [number()]
    shown(store, staff, team)
    found.append(number())
    with store.write_directory() as directory:
        held = directory.seated(f"Bo {Side.LEA} {team.id}", NOW)
        assert held is not None
        directory.change_seat(held[1], team.id, "Bob", Side.LEA, Role.DEAN)
    found.append(number())
    assert found == sorted(set(found))
    opened(store, staff, whose="birch")
    assert number() == number(Principal(2, "Max", network, Access.MEMBER, "ash")) == found[-1]
    with pytest.raises(NotAllowedError):
        number(Principal(3, "Bea", network, Access.MEMBER, "birch"))
