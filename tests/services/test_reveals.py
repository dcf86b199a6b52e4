"""Showing votes, voting again, counting paper, and what there is to agree on."""

from datetime import datetime, timedelta

import pytest

from progressions.errors import ChangedMeanwhileError, NotAllowedError, UserError
from progressions.people import Access, Network, Principal
from progressions.ratings import Hindsight, NextStep, RatingDraft, Reason
from progressions.services import agreeing, reveals, team_sessions, voting
from progressions.services.reveals import MOST_SHEETS, Revealed
from progressions.store import Store
from progressions.team_session import DomainKey, Naming, Role, Seat, Side, TeamSession
from tests import factories
from tests.factories import AUTUMN, NOW, a_key, make_rubric, reworded
from tests.services.rooms import FIRST, KEYS, SECOND, THIRD, all_voted, colleague, joined, opened, rated, voted

FOUR_A_SIDE = (Side.LEA,) * 4 + (Side.IHE,) * 4


def _revealed(store: Store, who: Principal, team: TeamSession, *keys: DomainKey) -> TeamSession:
    return reveals.reveal(store, who, team, keys, NOW)


def _counts(found: Revealed, number: int = 0) -> dict[Side | None, tuple[int, ...]]:
    return {row.side: (*row.counts, row.cannot_judge) for row in found.rounds[number].rows}


def test_nothing_is_shown_before_the_reveal_and_then_what_was_said(sqlite_store: Store, facilitator: Principal) -> None:
    team = opened(sqlite_store, facilitator)
    tokens = joined(sqlite_store, team, *FOUR_A_SIDE)
    all_voted(sqlite_store, tokens, FIRST, (1, 1, 1, 2, 3, 3, 4, None))
    assert reveals.revealed(sqlite_store, facilitator, team) == ()
    team = _revealed(sqlite_store, facilitator, team, FIRST)
    (found,) = reveals.revealed(sqlite_store, facilitator, team)
    assert _counts(found) == {Side.LEA: (3, 1, 0, 0, 0), Side.IHE: (0, 0, 2, 1, 1)}
    ballot = voting.ballot(sqlite_store, tokens[0], NOW)
    assert ballot is not None
    assert reveals.revealed(sqlite_store, ballot.principal, ballot.session) == (found,)


def test_what_was_revealed_comes_the_most_mixed_first(sqlite_store: Store, facilitator: Principal) -> None:
    team = opened(sqlite_store, facilitator)
    tokens = joined(sqlite_store, team, *FOUR_A_SIDE)
    all_voted(sqlite_store, tokens, FIRST, (2, 2, 2, 2, 2, 2, 2, 2))
    all_voted(sqlite_store, tokens, SECOND, (2, 2, 3, 2, 2, 3, 2, 2))
    all_voted(sqlite_store, tokens, THIRD, (1, 1, 1, 1, 4, 4, 4, 4))
    team = _revealed(sqlite_store, facilitator, team, *KEYS)
    assert [each.key for each in reveals.revealed(sqlite_store, facilitator, team)] == [THIRD, SECOND, FIRST]


def test_a_second_vote_stands_beside_the_first(sqlite_store: Store, facilitator: Principal) -> None:
    team = opened(sqlite_store, facilitator)
    tokens = joined(sqlite_store, team, *FOUR_A_SIDE)
    all_voted(sqlite_store, tokens, FIRST, (1, 1, 1, 1, 4, 4, 4, 4))
    team = _revealed(sqlite_store, facilitator, team, FIRST)
    team = reveals.second_vote(sqlite_store, facilitator, team, FIRST, NOW)
    all_voted(sqlite_store, tokens, FIRST, (2, 2, 2, 2, 3, 3, 3, 3))
    (found,) = reveals.revealed(sqlite_store, facilitator, team)
    assert len(found.rounds) == 1  # the new one is under way
    team = _revealed(sqlite_store, facilitator, team, FIRST)
    (found,) = reveals.revealed(sqlite_store, facilitator, team)
    assert _counts(found, 0)[Side.LEA] == (4, 0, 0, 0, 0)
    assert _counts(found, 1) == {Side.LEA: (0, 4, 0, 0, 0), Side.IHE: (0, 0, 4, 0, 0)}


def test_there_is_no_second_vote_before_the_first_has_been_revealed(
    sqlite_store: Store, facilitator: Principal
) -> None:
    team = opened(sqlite_store, facilitator)
    with pytest.raises(ChangedMeanwhileError):
        reveals.second_vote(sqlite_store, facilitator, team, FIRST, NOW)


def test_only_whoever_leads_reveals(sqlite_store: Store, north: Network, facilitator: Principal) -> None:
    team = opened(sqlite_store, facilitator)
    with sqlite_store.write_directory() as directory:
        directory.add_person("Gus", NOW)
    with pytest.raises(UserError, match="Fay leads this session"):
        reveals.reveal(sqlite_store, colleague(north), team, (FIRST,), NOW)
    assert reveals.revealed(sqlite_store, facilitator, team) == ()


def test_paper_sheets_count_with_the_votes_and_can_be_typed_again(sqlite_store: Store, facilitator: Principal) -> None:
    team = opened(sqlite_store, facilitator)
    tokens = joined(sqlite_store, team, *FOUR_A_SIDE)
    all_voted(sqlite_store, tokens, FIRST, (1, 1, 1, 1, 2, 2, 2, 2))
    typed_in: tuple[dict[int | None, int], ...] = ({1: 9}, {1: 2, 4: 1, None: 3})
    for counts in typed_in:
        team = reveals.count_paper(sqlite_store, facilitator, team, FIRST, Side.LEA, counts, NOW)
    typed = reveals.paper_counts(sqlite_store, facilitator, team)
    assert {(each.level, each.count) for each in typed} == {(1, 2), (4, 1), (None, 3)}
    team = _now(sqlite_store, facilitator)
    (found,) = reveals.revealed(sqlite_store, facilitator, _revealed(sqlite_store, facilitator, team, FIRST))
    assert _counts(found) == {Side.LEA: (6, 0, 0, 1, 3), Side.IHE: (0, 4, 0, 0, 0)}


@pytest.mark.parametrize("count", [-1, MOST_SHEETS + 1])
def test_no_room_hands_in_so_many_sheets(sqlite_store: Store, facilitator: Principal, count: int) -> None:
    team = opened(sqlite_store, facilitator)
    with pytest.raises(UserError, match="whole number from 0"):
        reveals.count_paper(sqlite_store, facilitator, team, FIRST, Side.LEA, {2: count}, NOW)
    reveals.count_paper(sqlite_store, facilitator, team, FIRST, Side.LEA, {2: MOST_SHEETS}, NOW)


def _one_and_three(store: Store, who: Principal) -> tuple[TeamSession, list[str]]:
    """One person of the district and three of the university, who have voted on the first domain."""
    team = opened(store, who)
    tokens = joined(store, team, Side.LEA, *(Side.IHE,) * 3)
    all_voted(store, tokens, FIRST, (4, 1, 1, 2))
    return team, tokens


def test_sheets_that_are_typed_in_after_the_reveal_or_the_end_are_refused(
    sqlite_store: Store, facilitator: Principal
) -> None:
    team, _tokens = _one_and_three(sqlite_store, facilitator)
    shown = _revealed(sqlite_store, facilitator, team, FIRST)
    before = reveals.revealed(sqlite_store, facilitator, shown)
    with pytest.raises(UserError, match="have been revealed"):
        reveals.count_paper(sqlite_store, facilitator, shown, FIRST, Side.LEA, {None: 2}, NOW)
    with pytest.raises(ChangedMeanwhileError):  # by a page from before the reveal
        reveals.count_paper(sqlite_store, facilitator, team, FIRST, Side.LEA, {None: 2}, NOW)
    again = reveals.second_vote(sqlite_store, facilitator, shown, FIRST, NOW)
    closed = team_sessions.close(sqlite_store, facilitator, again, NOW)
    for key in (FIRST, SECOND):
        with pytest.raises(UserError, match="is closed"):
            reveals.count_paper(sqlite_store, facilitator, closed, key, Side.LEA, {None: 2}, NOW)
    assert reveals.paper_counts(sqlite_store, facilitator, closed) == ()
    assert reveals.revealed(sqlite_store, facilitator, closed)[0].rounds == before[0].rounds


def test_invented_sheets_leave_one_persons_vote_among_the_others(sqlite_store: Store, facilitator: Principal) -> None:
    team, _tokens = _one_and_three(sqlite_store, facilitator)
    team = reveals.count_paper(sqlite_store, facilitator, team, FIRST, Side.LEA, {None: 2}, NOW)
    (found,) = reveals.revealed(sqlite_store, facilitator, _revealed(sqlite_store, facilitator, team, FIRST))
    assert _counts(found) == {None: (2, 1, 0, 1, 2)}


def test_only_whoever_leads_types_sheets_in_and_only_of_the_sessions_domains_and_levels(
    sqlite_store: Store, north: Network, facilitator: Principal
) -> None:
    team = opened(sqlite_store, facilitator, keys=(FIRST,))
    for level in (0, 5, 9):
        with pytest.raises(UserError, match="not a level"):
            reveals.count_paper(sqlite_store, facilitator, team, FIRST, Side.LEA, {level: 2}, NOW)
    with pytest.raises(NotAllowedError):
        reveals.count_paper(sqlite_store, facilitator, team, SECOND, Side.LEA, {1: 2}, NOW)
    with sqlite_store.write_directory() as directory:
        directory.add_person("Gus", NOW)
    with pytest.raises(UserError, match="Fay leads this session"):
        reveals.count_paper(sqlite_store, colleague(north), team, FIRST, Side.LEA, {1: 2}, NOW)
    assert reveals.paper_counts(sqlite_store, facilitator, team) == ()


def test_a_reveal_is_of_domains_of_the_session_that_are_still_open(sqlite_store: Store, facilitator: Principal) -> None:
    team = opened(sqlite_store, facilitator, keys=(FIRST,))
    with pytest.raises(NotAllowedError):
        _revealed(sqlite_store, facilitator, team, FIRST, SECOND)
    with pytest.raises(UserError, match="at least one domain"):
        _revealed(sqlite_store, facilitator, team)
    shown = _revealed(sqlite_store, facilitator, team, FIRST)
    with pytest.raises(UserError, match="not shown yet"):
        _revealed(sqlite_store, facilitator, shown, FIRST)
    assert _now(sqlite_store, facilitator).revision == shown.revision == team.revision + 1


def test_nobody_votes_again_in_a_closed_session(sqlite_store: Store, facilitator: Principal) -> None:
    shown = _revealed(sqlite_store, facilitator, opened(sqlite_store, facilitator), FIRST)
    closed = team_sessions.close(sqlite_store, facilitator, shown, NOW)
    with pytest.raises(UserError, match="is closed"):
        reveals.second_vote(sqlite_store, facilitator, closed, FIRST, NOW)


def test_before_a_reveal_it_is_said_who_has_not_finished_and_whose_vote_would_be_known(
    sqlite_store: Store, facilitator: Principal
) -> None:
    team, tokens = _one_and_three(sqlite_store, facilitator)
    voted(sqlite_store, tokens[0], SECOND, 4)
    found = reveals.outlook(sqlite_store, facilitator, team, KEYS)
    assert found.waiting == {SECOND: 3, THIRD: 4}
    assert found.few == {SECOND: 1}
    assert found.empty == {THIRD}
    assert reveals.outlook(sqlite_store, facilitator, team, (FIRST,)).asks_nothing
    team = reveals.count_paper(sqlite_store, facilitator, team, SECOND, Side.IHE, {1: 9}, NOW)
    team = reveals.count_paper(sqlite_store, facilitator, team, THIRD, Side.IHE, {1: 2}, NOW)
    found = reveals.outlook(sqlite_store, facilitator, team, KEYS)
    assert (found.few, found.beside_sheets, found.empty) == ({SECOND: 1, THIRD: 2}, {SECOND}, set())


def test_where_people_are_removed_the_few_who_stay_are_asked_about(sqlite_store: Store, facilitator: Principal) -> None:
    team, _tokens = _one_and_three(sqlite_store, facilitator)
    agreed = reveals.outlook(sqlite_store, facilitator, team, (FIRST,))
    assert agreed.asks_nothing
    for number in (1, 2):
        team_sessions.remove(
            sqlite_store, facilitator, _now(sqlite_store, facilitator), _seat(sqlite_store, facilitator, number), NOW
        )
    team = _now(sqlite_store, facilitator)
    assert reveals.outlook(sqlite_store, facilitator, team, (FIRST,)).few == {FIRST: 2}
    with pytest.raises(ChangedMeanwhileError, match="Nothing was revealed"):
        reveals.reveal(sqlite_store, facilitator, team, (FIRST,), NOW, agreed=agreed)
    assert _now(sqlite_store, facilitator) == team


def test_what_was_agreed_to_is_revealed_although_more_have_finished_and_not_where_somebody_came(
    sqlite_store: Store, facilitator: Principal
) -> None:
    team, tokens = _one_and_three(sqlite_store, facilitator)
    all_voted(sqlite_store, tokens[:3], SECOND, (1, 2, 3))
    agreed = reveals.outlook(sqlite_store, facilitator, team, (SECOND,))
    assert agreed.waiting == {SECOND: 1}
    late = voting.join(sqlite_store, team.room_code, voting.Newcomer("Late", Side.LEA, Role.OTHER), NOW, "")
    assert late is not None
    with pytest.raises(ChangedMeanwhileError):
        reveals.reveal(sqlite_store, facilitator, team, (SECOND,), NOW, agreed=agreed)
    voted(sqlite_store, tokens[3], SECOND, 1)
    voted(sqlite_store, late, SECOND, 1)
    shown = reveals.reveal(sqlite_store, facilitator, team, (SECOND,), NOW, agreed=agreed)
    assert [each.key for each in shown.domains if each.is_revealed] == [SECOND]


def test_a_vote_that_appears_on_an_empty_domain_was_not_agreed_to(sqlite_store: Store, facilitator: Principal) -> None:
    team, tokens = _one_and_three(sqlite_store, facilitator)
    agreed = reveals.outlook(sqlite_store, facilitator, team, (THIRD,))
    voted(sqlite_store, tokens[0], THIRD, 4)
    with pytest.raises(ChangedMeanwhileError):
        reveals.reveal(sqlite_store, facilitator, team, (THIRD,), NOW, agreed=agreed)


def test_removing_somebody_twice_brings_no_vote_back(sqlite_store: Store, facilitator: Principal) -> None:
    team, _tokens = _one_and_three(sqlite_store, facilitator)
    seat = _seat(sqlite_store, facilitator, 0)
    team_sessions.remove(sqlite_store, facilitator, team, seat, NOW)
    shown = _revealed(sqlite_store, facilitator, _now(sqlite_store, facilitator), FIRST)
    before = reveals.revealed(sqlite_store, facilitator, shown)
    with pytest.raises(UserError, match="removed already"):
        team_sessions.remove(sqlite_store, facilitator, shown, seat, NOW + timedelta(minutes=1))
    assert reveals.revealed(sqlite_store, facilitator, shown) == before
    assert before[0].rounds[0].together.n == 3


@pytest.mark.parametrize("clock", [NOW - timedelta(minutes=1), NOW])
def test_who_was_removed_after_a_reveal_stays_in_it_whatever_the_clock_says(
    sqlite_store: Store, facilitator: Principal, clock: datetime
) -> None:
    team, _tokens = _one_and_three(sqlite_store, facilitator)
    shown = _revealed(sqlite_store, facilitator, team, FIRST)
    before = reveals.revealed(sqlite_store, facilitator, shown)
    team_sessions.remove(sqlite_store, facilitator, shown, _seat(sqlite_store, facilitator, 0), clock)
    assert reveals.revealed(sqlite_store, facilitator, shown) == before


def test_who_was_removed_before_a_reveal_is_not_in_it_whatever_the_clock_says(
    sqlite_store: Store, facilitator: Principal
) -> None:
    team, _tokens = _one_and_three(sqlite_store, facilitator)
    seat = _seat(sqlite_store, facilitator, 0)
    team_sessions.remove(sqlite_store, facilitator, team, seat, NOW + timedelta(minutes=1))
    shown = _revealed(sqlite_store, facilitator, _now(sqlite_store, facilitator), FIRST)
    assert reveals.revealed(sqlite_store, facilitator, shown)[0].rounds[0].together.n == 3
    with pytest.raises(UserError, match="join anew"):
        team_sessions.bring_back(sqlite_store, facilitator, shown, seat, NOW)


def test_what_was_agreed_on_later_words_keeps_them(sqlite_store: Store, north: Network, facilitator: Principal) -> None:
    opened(sqlite_store, facilitator)
    factories.a_published_rubric(sqlite_store, north, reworded(make_rubric(), "lea-1"))
    rated(sqlite_store, facilitator, a_key(held_on=AUTUMN), RatingDraft(2))
    shown = _revealed(sqlite_store, facilitator, _now(sqlite_store, facilitator), FIRST)
    (found,) = reveals.revealed(sqlite_store, facilitator, shown)
    assert found.now_version is not None
    assert (found.now_version.number, found.is_now_comparable) == (2, False)


def _seat(store: Store, who: Principal, number: int) -> Seat:
    watch = team_sessions.watch(store, who, "ash", AUTUMN)
    assert watch is not None
    return watch.seats[number]


def test_last_time_appears_with_the_reveal_its_evidence_and_its_promise(
    sqlite_store: Store, facilitator: Principal
) -> None:
    said = RatingDraft(2, "minutes", NextStep("ask", "Dana"), links=("https://example.org/minutes",))
    rated(sqlite_store, facilitator, a_key(), said)
    team = opened(sqlite_store, facilitator)
    (token,) = joined(sqlite_store, team, Side.LEA)
    (found,) = reveals.revealed(sqlite_store, facilitator, _revealed(sqlite_store, facilitator, team, FIRST))
    assert found.last_time is not None
    assert (found.last_time.draft, found.is_comparable, found.now) == (said, True, None)
    ballot = voting.ballot(sqlite_store, token, NOW)
    assert ballot is not None
    (seen,) = reveals.revealed(sqlite_store, ballot.principal, ballot.session)
    assert seen.last_time == found.last_time


def test_a_level_of_other_words_is_not_comparable(sqlite_store: Store, north: Network, facilitator: Principal) -> None:
    rated(sqlite_store, facilitator, a_key(), RatingDraft(2))
    factories.a_published_rubric(sqlite_store, north, reworded(make_rubric(), "lea-1"))
    team = _revealed(sqlite_store, facilitator, opened(sqlite_store, facilitator), FIRST)
    (found,) = reveals.revealed(sqlite_store, facilitator, team)
    assert found.last_version is not None
    assert (found.last_version.number, found.is_comparable) == (1, False)


def test_what_was_agreed_stands_beside_the_first_votes(sqlite_store: Store, facilitator: Principal) -> None:
    rated(sqlite_store, facilitator, a_key(), RatingDraft(1))
    team = opened(sqlite_store, facilitator)
    tokens = joined(sqlite_store, team, *FOUR_A_SIDE)
    all_voted(sqlite_store, tokens, FIRST, (1, 1, 1, 1, 4, 4, 4, 4))
    team = _revealed(sqlite_store, facilitator, team, FIRST)
    draft = RatingDraft(2, "seen", NextStep("ask"), Reason.PRACTICE, "the minutes", hindsight=Hindsight(NOW.date(), 2))
    rated(sqlite_store, facilitator, a_key(held_on=AUTUMN), draft)
    (found,) = reveals.revealed(sqlite_store, facilitator, _now(sqlite_store, facilitator))
    assert found.now is not None
    assert found.now.draft == draft
    assert _counts(found) == {Side.LEA: (4, 0, 0, 0, 0), Side.IHE: (0, 0, 0, 4, 0)}
    assert agreeing.agreed(sqlite_store, facilitator, team) == {FIRST: found.now}


def test_without_votes_every_domain_is_there_to_agree_on_in_its_order(
    sqlite_store: Store, facilitator: Principal
) -> None:
    rated(sqlite_store, facilitator, a_key("lea-2"), RatingDraft(3, next_step=NextStep("ask")))
    rated(sqlite_store, facilitator, a_key("lea-2", held_on=AUTUMN), RatingDraft(None, comes_back=True))
    team = opened(sqlite_store, facilitator, has_votes=False)
    found = agreeing.to_agree(sqlite_store, facilitator, team)
    assert [(each.key, each.rounds) for each in found] == [(key, ()) for key in KEYS]
    now, last = found[1].now, found[1].last_time
    assert now is not None
    assert now.draft.comes_back
    assert last is not None
    assert (last.draft.level, last.draft.next_step.text) == (3, "ask")
    assert [each.now for each in found if each.key != SECOND] == [None, None]


def test_with_votes_only_what_has_been_revealed_is_there_to_agree_on(
    sqlite_store: Store, facilitator: Principal
) -> None:
    team = opened(sqlite_store, facilitator)
    assert agreeing.to_agree(sqlite_store, facilitator, team) == ()
    team = _revealed(sqlite_store, facilitator, team, THIRD)
    assert [each.key for each in agreeing.to_agree(sqlite_store, facilitator, team)] == [THIRD]


def test_nobody_from_outside_sees_what_was_revealed_or_agreed(
    sqlite_store: Store, north: Network, facilitator: Principal, member: Principal
) -> None:
    team = _revealed(sqlite_store, facilitator, opened(sqlite_store, facilitator), FIRST)
    for who in (member, Principal(2, "Fay", north, Access.FACILITATOR, "birch")):
        for ask in (reveals.revealed, reveals.paper_counts, agreeing.agreed, agreeing.to_agree):
            with pytest.raises(NotAllowedError):
                ask(sqlite_store, who, team)


def test_names_stand_by_the_dots_of_a_named_session_alone(sqlite_store: Store, facilitator: Principal) -> None:
    for naming, names in ((Naming.NAMED, ("Person 1",)), (Naming.ALIAS, ())):
        wish = team_sessions.Wish("ash" if names else "birch", AUTUMN, naming, has_votes=True, domains=KEYS)
        who = facilitator if names else Principal(1, "Sam", facilitator.network, Access.STAFF)
        team = team_sessions.open_session(sqlite_store, who, wish, NOW)
        voted(sqlite_store, joined(sqlite_store, team, Side.LEA)[0], FIRST, 2)
        (found,) = reveals.revealed(sqlite_store, who, _revealed(sqlite_store, who, team, FIRST))
        assert found.rounds[0].together.names[1] == names


def _now(store: Store, who: Principal) -> TeamSession:
    found = team_sessions.session_of(store, who, "ash", AUTUMN)
    assert found is not None
    return found
