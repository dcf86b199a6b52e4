"""Votes at their own database: on SQLite and PostgreSQL alike, asked with plain SQL."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest

from progressions.errors import ChangedMeanwhileError, NotAllowedError, UserError
from progressions.people import Access, Network, Principal
from progressions.rubric import RubricVersion
from progressions.store import Store
from progressions.store.team_sessions import Opening
from progressions.team_session import Answer, DomainKey, Naming, Role, Side, TeamSession, Vote
from tests.factories import NOW, SPRING, staff_of
from tests.plain_sql import PlainSql

FIRST, SECOND = DomainKey("lea", "lea-1"), DomainKey("lea", "lea-2")
LATER = NOW + timedelta(minutes=5)
CODE = "ABCD2345"


@pytest.fixture
def session(store: Store, network: Network, version: RubricVersion) -> TeamSession:
    """An open session of the partnership "ash" on two domains."""
    domains = ((FIRST, version.id), (SECOND, version.id))
    with store.write(staff_of(network)) as repository:
        return repository.open_session(Opening("ash", SPRING, Naming.ALIAS, True, CODE, domains), NOW)


def seated(store: Store, name: str, side: Side = Side.LEA) -> Principal:
    """Somebody who has joined by the room code."""
    with store.write_directory() as directory:
        room = directory.room(CODE)
        assert room is not None
        directory.take_seat(room, f"hash of {name}", name, side, Role.TEACHER, NOW)
        found = directory.seated(f"hash of {name}", NOW)
    assert found is not None
    return found[0]


def votes_of(store: Store, name: str) -> tuple[Vote, ...]:
    """What this person finds of their own votes."""
    with store.read_directory() as directory:
        found = directory.ballot(f"hash of {name}", NOW)
    assert found is not None
    return found[3]


def vote(store: Store, who: Principal, answer: Answer, *, base: int = 0, key: DomainKey = FIRST) -> Vote:
    with store.write(who) as repository:
        return repository.save_vote(key, answer, base=base, pen="pen-1", pen_base=base, now=NOW)


def reveal(store: Store, network: Network, *keys: DomainKey) -> TeamSession:
    staff = staff_of(network)
    with store.write(staff) as repository:
        session = repository.team_session("ash", SPRING)
        assert session is not None
        return repository.reveal(session.id, session.revision, keys, LATER)


def test_a_vote_is_read_back_from_the_database(store: Store, session: TeamSession, sql: PlainSql) -> None:
    bo = seated(store, "Bo")
    saved = vote(store, bo, Answer(3, note="we saw it"))
    assert saved == Vote(FIRST, 1, Answer(3, note="we saw it"), 1, NOW, "pen-1", 0)
    assert sql.rows("SELECT level, note, side, row_version FROM votes") == [(3, "we saw it", "lea", 1)]
    assert votes_of(store, "Bo") == (saved,)
    assert session.revision == 1


def test_every_save_of_a_vote_is_kept_and_can_never_be_changed(
    store: Store, session: TeamSession, sql: PlainSql
) -> None:
    assert session.is_open
    bo = seated(store, "Bo")
    vote(store, bo, Answer(3))
    vote(store, bo, Answer(cannot_judge=True), base=1)
    assert sql.rows("SELECT row_version, old_level, new_level FROM vote_changes ORDER BY id") == [
        (1, None, 3),
        (2, 3, None),
    ]
    for statement in (
        "UPDATE vote_changes SET new_level = 4",
        "DELETE FROM vote_changes",
        "DELETE FROM revealed_rounds",
    ):
        if "revealed" not in statement:
            with pytest.raises(Exception, match="never change"):
                sql.run(statement)


def test_a_vote_that_was_changed_on_another_screen_is_not_overwritten(store: Store, session: TeamSession) -> None:
    assert session.is_open
    bo = seated(store, "Bo")
    vote(store, bo, Answer(3))
    vote(store, bo, Answer(2), base=1)
    for base in (0, 1, 3):
        with pytest.raises(ChangedMeanwhileError):
            vote(store, bo, Answer(4), base=base)
    assert [v.answer.level for v in votes_of(store, "Bo")] == [2]


def test_the_same_answer_again_writes_nothing(store: Store, session: TeamSession, sql: PlainSql) -> None:
    assert session.is_open
    bo = seated(store, "Bo")
    first = vote(store, bo, Answer(3))
    assert vote(store, bo, Answer(3), base=7) == first
    assert sql.value("SELECT count(*) FROM vote_changes") == 1


@pytest.mark.parametrize("level", [0, 5, -1])
def test_a_level_that_the_rubric_lacks_is_refused(
    store: Store, session: TeamSession, sql: PlainSql, level: int
) -> None:
    assert session.is_open
    with pytest.raises(UserError, match="not a level"):
        vote(store, seated(store, "Bo"), Answer(level))
    assert sql.value("SELECT count(*) FROM votes") == 0


def test_what_is_revealed_stands(store: Store, network: Network, session: TeamSession) -> None:
    assert session.is_open
    bo = seated(store, "Bo")
    vote(store, bo, Answer(3))
    reveal(store, network, FIRST)
    with pytest.raises(ChangedMeanwhileError, match="revealed"):
        vote(store, bo, Answer(4), base=1)
    assert vote(store, bo, Answer(4), key=SECOND).answer.level == 4


def test_nobody_votes_in_a_closed_session_and_nobody_joins_it(
    store: Store, network: Network, session: TeamSession
) -> None:
    bo = seated(store, "Bo")
    with store.write(staff_of(network)) as repository:
        repository.change_session(session.id, session.revision, {"closed_at": LATER})
    with pytest.raises(ChangedMeanwhileError, match="closed"):
        vote(store, bo, Answer(3))
    with store.read_directory() as directory:
        assert directory.room(CODE) is None
        assert directory.seated("hash of Bo", NOW) is not None
        assert directory.seated("hash of Bo", LATER + timedelta(days=2)) is None


def test_votes_are_shown_to_everybody_once_revealed_and_to_nobody_before(
    store: Store, network: Network, session: TeamSession
) -> None:
    bo, cy = seated(store, "Bo"), seated(store, "Cy", Side.IHE)
    vote(store, bo, Answer(3))
    vote(store, cy, Answer(1), key=SECOND)
    for who in (bo, cy, staff_of(network), Principal(9, "Fay", network, Access.FACILITATOR, "ash")):
        with store.read(who) as repository:
            assert repository.shown_votes(session) == ()
    shown = reveal(store, network, FIRST)
    for who in (bo, cy, staff_of(network)):
        with store.read(who) as repository:
            assert [(v.key, v.side, v.level, v.name) for v in repository.shown_votes(shown)] == [
                (FIRST, Side.LEA, 3, "")
            ]


def test_no_method_gives_a_rater_the_vote_of_another_one(store: Store, session: TeamSession) -> None:
    bo, cy = seated(store, "Bo"), seated(store, "Cy")
    vote(store, bo, Answer(3, note="private"))
    assert votes_of(store, "Cy") == ()
    with store.read(cy) as repository:
        assert repository.finished(session).by_domain == {FIRST: 1}


def test_names_are_shown_in_a_named_session_alone(store: Store, network: Network, session: TeamSession) -> None:
    vote(store, seated(store, "Bo"), Answer(3))
    shown = reveal(store, network, FIRST)
    with store.read(staff_of(network)) as repository:
        assert [v.name for v in repository.shown_votes(shown)] == [""]
        assert [v.name for v in repository.shown_votes(replace(session, naming=Naming.NAMED))] == ["Bo"]


def test_both_votes_on_a_domain_are_kept(store: Store, network: Network, session: TeamSession) -> None:
    bo = seated(store, "Bo")
    vote(store, bo, Answer(1))
    shown = reveal(store, network, FIRST)
    with store.write(staff_of(network)) as repository:
        again = repository.begin_round(session.id, shown.revision, FIRST)
    assert [(d.round, d.is_revealed, d.revealed_rounds) for d in again.domains] == [(2, False, (1,)), (1, False, ())]
    assert vote(store, bo, Answer(3)).round == 2
    assert sorted((v.round, v.answer.level) for v in votes_of(store, "Bo")) == [(1, 1), (2, 3)]
    with store.read(bo) as repository:
        assert [v.level for v in repository.shown_votes(again)] == [1]


def test_somebody_who_was_removed_is_out_and_counts_no_more(
    store: Store, network: Network, session: TeamSession
) -> None:
    bo = seated(store, "Bo")
    vote(store, bo, Answer(3))
    with store.write(staff_of(network)) as repository:
        repository.remove_seat(session.id, bo.seat, LATER)
    with pytest.raises(NotAllowedError):
        vote(store, bo, Answer(4), base=1)
    with store.read_directory() as directory:
        assert directory.seated("hash of Bo", NOW) is None
    shown = reveal(store, network, FIRST)
    with store.read(staff_of(network)) as repository:
        assert repository.shown_votes(shown) == ()
        assert repository.finished(shown).people == 0


def test_who_was_removed_comes_back_unless_votes_were_revealed_meanwhile(
    store: Store, network: Network, session: TeamSession
) -> None:
    bo = seated(store, "Bo")
    vote(store, bo, Answer(3))
    for _ in range(2):
        with store.write(staff_of(network)) as repository:
            repository.remove_seat(session.id, bo.seat, NOW)
            repository.bring_back_seat(session.id, bo.seat)
    with store.write(staff_of(network)) as repository:
        repository.remove_seat(session.id, bo.seat, NOW)
    shown = reveal(store, network, FIRST)
    with pytest.raises(UserError, match="join anew"), store.write(staff_of(network)) as repository:
        repository.bring_back_seat(session.id, bo.seat)
    with store.read(staff_of(network)) as repository:
        assert repository.shown_votes(shown) == ()


def test_somebody_who_changes_sides_takes_open_votes_along_and_leaves_revealed_ones(
    store: Store, network: Network, session: TeamSession, sql: PlainSql
) -> None:
    bo = seated(store, "Bo")
    vote(store, bo, Answer(3))
    vote(store, bo, Answer(2), key=SECOND)
    reveal(store, network, FIRST)
    with store.write_directory() as directory:
        found = directory.seated("hash of Bo", NOW)
        assert found is not None
        directory.change_seat(found[1], session.id, "Bo", Side.IHE, Role.DEAN)
    assert sql.rows("SELECT level, side, role FROM votes ORDER BY level") == [(2, "ihe", "dean"), (3, "lea", "teacher")]


def test_a_partnership_has_one_session_at_a_convening(store: Store, network: Network, session: TeamSession) -> None:
    domains = ((FIRST, session.domains[0].version),)
    with pytest.raises(ChangedMeanwhileError), store.write(staff_of(network)) as repository:
        repository.open_session(Opening("ash", SPRING, Naming.NAMED, True, "ZZZZ2345", domains), NOW)


def test_of_two_who_change_a_session_at_one_moment_the_second_is_told(
    store: Store, network: Network, session: TeamSession
) -> None:
    reveal(store, network, FIRST)
    with pytest.raises(ChangedMeanwhileError, match="meanwhile"), store.write(staff_of(network)) as repository:
        repository.change_session(session.id, session.revision, {"closed_at": LATER})


def test_another_partnership_and_another_network_see_nothing_of_a_session(
    store: Store, network: Network, session: TeamSession
) -> None:
    strangers = [
        Principal(9, "Max", network, Access.FACILITATOR, "birch"),
        Principal(9, "Max", replace(network, id=network.id + 1), Access.STAFF),
        Principal(0, "", network, Access.RATER, "ash", seat=99),
    ]
    for who in strangers:
        with store.read(who) as repository:
            for asked in (
                lambda r=repository: r.team_session_by_id(session.id),
                lambda r=repository: r.shown_votes(session),
                lambda r=repository: r.seats(session.id),
                lambda r=repository: r.finished(session),
                lambda r=repository: r.paper_counts(session),
            ):
                with pytest.raises(NotAllowedError):
                    asked()


def test_a_member_reads_a_session_and_runs_it_not(store: Store, network: Network, session: TeamSession) -> None:
    member = Principal(9, "Max", network, Access.MEMBER, "ash")
    with store.write(member) as repository:
        assert repository.team_session_by_id(session.id).id == session.id
        with pytest.raises(NotAllowedError):
            repository.reveal(session.id, session.revision, [FIRST], LATER)
        with pytest.raises(NotAllowedError):
            repository.save_vote(FIRST, Answer(2), base=0, now=NOW)


def test_twenty_people_who_tap_at_one_moment_are_all_in_the_database(
    store: Store, session: TeamSession, sql: PlainSql
) -> None:
    people = [seated(store, f"Rater {number}") for number in range(20)]
    with ThreadPoolExecutor(20) as hall:
        saved = list(hall.map(lambda who: vote(store, who, Answer(1 + who.seat % 4)), people))
    assert [v.answer.level for v in saved] == [1 + who.seat % 4 for who in people]
    stored = dict(sql.rows("SELECT seat_id, level FROM votes"))
    assert stored == {who.seat: 1 + who.seat % 4 for who in people}
    assert sql.value("SELECT progress FROM team_sessions") == 40  # twenty joined, twenty voted
    assert session.progress == 0


def test_a_tap_that_meets_the_reveal_is_either_shown_or_refused(
    store: Store, network: Network, session: TeamSession, sql: PlainSql
) -> None:
    people = [seated(store, f"Rater {number}") for number in range(8)]

    def tap(who: Principal) -> bool:
        try:
            vote(store, who, Answer(2))
        except ChangedMeanwhileError:
            return False
        return True

    with ThreadPoolExecutor(9) as hall:
        taps = [hall.submit(tap, who) for who in people[:4]]
        revealing = hall.submit(reveal, store, network, FIRST)
        taps += [hall.submit(tap, who) for who in people[4:]]
        taken = sum(each.result() for each in taps)
        shown = revealing.result()
    with store.read(staff_of(network)) as repository:
        assert len(repository.shown_votes(shown)) == taken
    assert sql.value("SELECT count(*) FROM votes") == taken
    assert session.is_open
