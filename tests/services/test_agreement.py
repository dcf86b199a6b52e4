"""How a team agrees: from people who vote in sessions to what is told of them, and to whom."""

from collections.abc import Sequence
from datetime import date

import pytest

from progressions.charts.theme import Mode
from progressions.errors import NotAllowedError
from progressions.people import Access, Network, Partnership, Principal
from progressions.ratings import Convening, RatingDraft
from progressions.rubric import RubricVersion
from progressions.services import agreement, networks, pictures, reveals, team_sessions, voting
from progressions.services.agreement import Agreement
from progressions.services.pictures import Asked
from progressions.services.team_sessions import Wish
from progressions.services.voting import Newcomer
from progressions.store import Store
from progressions.team_session import DomainKey, Naming, Role, Side, TeamSession
from tests import factories
from tests.factories import AUTUMN, NOW, SPRING, a_key, make_rubric, reworded
from tests.services.rooms import FIRST, KEYS, SECOND, THIRD, all_voted, joined, rated

FOUR_A_SIDE = (Side.LEA,) * 4 + (Side.IHE,) * 4
ASH = Partnership(1, "ash", "Ash County")
Answers = Sequence[int | None]
MIXED: Answers = (1, 1, 1, 2, 3, 3, 4, None)


def session(
    store: Store, who: Principal, day: date, said: dict[DomainKey, Answers], *, naming: Naming = Naming.NAMED
) -> TeamSession:
    """A session of Ash in which eight people vote on these domains, and all is revealed."""
    team = team_sessions.open_session(store, who, Wish("ash", day, naming, True, KEYS), NOW)
    tokens = joined(store, team, *FOUR_A_SIDE)
    for key, answers in said.items():
        all_voted(store, tokens, key, answers)
    return reveals.reveal(store, who, team, tuple(said), NOW)


def told(store: Store, who: Principal) -> Agreement:
    return agreement.agreement(store, who, "ash")


def at(found: Agreement, day: date) -> Convening:
    return next(c for c in found.convenings if c.held_on == day)


def agreed(store: Store, who: Principal, key: DomainKey, level: int, day: date = SPRING) -> None:
    rated(store, who, a_key(key.domain, "ash", day), RatingDraft(level))


def test_votes_are_told_with_what_was_agreed_once_they_are_revealed(
    sqlite_store: Store, facilitator: Principal
) -> None:
    team = team_sessions.open_session(sqlite_store, facilitator, Wish("ash", SPRING, Naming.ALIAS, True, KEYS), NOW)
    tokens = joined(sqlite_store, team, *FOUR_A_SIDE)
    for key in (FIRST, SECOND):
        all_voted(sqlite_store, tokens, key, MIXED)
    agreed(sqlite_store, facilitator, SECOND, 4)
    assert told(sqlite_store, facilitator).convenings == ()
    reveals.reveal(sqlite_store, facilitator, _now(sqlite_store, facilitator, SPRING), (FIRST,), NOW)
    agreed(sqlite_store, facilitator, FIRST, 3)
    found = told(sqlite_store, facilitator)
    (only,) = found.domains
    assert (only.domain, only.agreed, [c.held_on for c in found.convenings]) == (FIRST.domain, 3, [SPRING])
    assert [(r.side, r.counts, r.cannot_judge) for r in only.rounds[0].rows] == [
        (Side.LEA, (3, 1, 0, 0), 0),
        (Side.IHE, (0, 0, 2, 1), 1),
    ]
    figure = agreement.first_figure(found, ASH, "lea", at(found, SPRING), Mode.LIGHT)
    assert figure.table["Domain"].to_list() == ["Domain 1"]
    assert figure.finding.startswith("Agreed above the middle of the first votes in 1 of 1 domain, at it in 0")


def test_a_second_vote_is_told_beside_the_first_which_is_what_counts(
    sqlite_store: Store, facilitator: Principal
) -> None:
    team = session(sqlite_store, facilitator, SPRING, {FIRST: (1,) * 4 + (4,) * 4})
    team = reveals.second_vote(sqlite_store, facilitator, team, FIRST, NOW)
    assert len(told(sqlite_store, facilitator).domains[0].rounds) == 1  # the second one is under way
    reveals.reveal(sqlite_store, facilitator, team, (FIRST,), NOW)
    (unanswered,) = told(sqlite_store, facilitator).domains
    assert [each.together.n for each in unanswered.rounds] == [8, 0]
    found = told(sqlite_store, facilitator)
    table = agreement.votes_figure(found, ASH, "lea", at(found, SPRING), Mode.LIGHT).table
    assert table["Domain"].to_list() == ["Domain 1", "Domain 1", "Domain 1, vote 2"]
    assert "3 steps" in agreement.sides_figure(found, ASH, _version(sqlite_store), Mode.LIGHT).table["Apart"][0]


def test_whether_the_sides_come_closer_is_told_of_the_domains_they_share(
    sqlite_store: Store, facilitator: Principal
) -> None:
    apart, near = (1,) * 4 + (3,) * 4, (2,) * 4 + (2, 2, 2, 3)
    session(sqlite_store, facilitator, SPRING, {FIRST: apart, SECOND: apart, THIRD: near})
    session(sqlite_store, facilitator, AUTUMN, {FIRST: near, SECOND: apart})
    figure = agreement.sides_figure(told(sqlite_store, facilitator), ASH, _version(sqlite_store), Mode.LIGHT)
    assert figure.finding.startswith(
        "The sides differed by a level or more in 2 of 2 domains in Spring, in 1 of 2 in Autumn; closer in 1, wider"
    )
    steps = figure.table.set_index(["Domain", "Convening"])["Steps"]
    assert dict(steps) == {
        ("Domain 1", "Spring"): "2",
        ("Domain 1", "Autumn"): "0",
        ("Domain 2", "Spring"): "2",
        ("Domain 2", "Autumn"): "2",
        ("Domain 3", "Spring"): "0",
        ("Domain 3", "Autumn"): "–",
    }


@pytest.mark.parametrize(
    ("naming", "again"), [(Naming.NAMED, "8 of 8"), (Naming.ALIAS, "not known"), (Naming.ANONYMOUS, "not known")]
)
def test_who_came_again_is_told_of_named_sessions_alone_and_nobody_is_named(
    sqlite_store: Store, facilitator: Principal, naming: Naming, again: str
) -> None:
    for day in (SPRING, AUTUMN):
        session(sqlite_store, facilitator, day, {FIRST: MIXED}, naming=naming)
    found = told(sqlite_store, facilitator)
    figure = agreement.room_figure(found, ASH, Mode.LIGHT)
    assert figure.table["Voted last time too"].to_list()[1].startswith(again)
    assert "Person" not in repr(found)
    assert "Person" not in str(figure.chart.to_dict())


def test_a_level_agreed_on_other_words_than_those_voted_on_is_not_compared(
    sqlite_store: Store, north: Network, facilitator: Principal
) -> None:
    session(sqlite_store, facilitator, SPRING, {FIRST: MIXED, SECOND: MIXED})
    factories.a_published_rubric(sqlite_store, north, reworded(make_rubric(), "lea-1"))
    for key in (FIRST, SECOND):
        agreed(sqlite_store, facilitator, key, 3)
    assert {each.domain: each.agreed for each in told(sqlite_store, facilitator).domains} == {"lea-1": None, "lea-2": 3}


def test_votes_on_earlier_words_keep_their_own_and_do_not_join_a_line(
    sqlite_store: Store, north: Network, facilitator: Principal
) -> None:
    session(sqlite_store, facilitator, SPRING, {FIRST: MIXED, SECOND: MIXED})
    new = reworded(make_rubric(), "lea-1")
    factories.a_published_rubric(sqlite_store, north, new)
    session(sqlite_store, facilitator, AUTUMN, {FIRST: MIXED, SECOND: MIXED})
    found = told(sqlite_store, facilitator)
    assert found.words[SPRING, "lea"].domain("lea-1") == make_rubric().domain("lea-1")
    assert found.words[AUTUMN, "lea"].domain("lea-1") == new.domain("lea-1")
    figure = agreement.sides_figure(found, ASH, _version(sqlite_store), Mode.LIGHT)
    cut = figure.table[figure.table["Wording"] == "new wording"]
    assert cut[["Domain", "Convening"]].to_numpy().tolist() == [["Domain 1", "Autumn"]]
    assert "in 1 of 1 domain in Spring" in figure.finding


def test_of_a_side_with_two_voters_nothing_is_told_anywhere(sqlite_store: Store, facilitator: Principal) -> None:
    team = team_sessions.open_session(sqlite_store, facilitator, Wish("ash", SPRING, Naming.ALIAS, True, KEYS), NOW)
    tokens = joined(sqlite_store, team, Side.LEA, Side.LEA, Side.IHE, Side.IHE, Side.IHE)
    all_voted(sqlite_store, tokens, FIRST, (4, 4, 1, 1, 1))
    reveals.reveal(sqlite_store, facilitator, _now(sqlite_store, facilitator, SPRING), (FIRST,), NOW)
    found = told(sqlite_store, facilitator)
    assert not found.has_sides(make_rubric())
    table = agreement.votes_figure(found, ASH, "lea", at(found, SPRING), Mode.LIGHT).table
    assert table["Side"].to_list() == ["Both sides"]
    with pytest.raises(NotAllowedError):
        _picture(sqlite_store, facilitator, "sides-apart")


def test_it_is_for_those_who_see_the_partnership(
    sqlite_store: Store, north: Network, staff: Principal, facilitator: Principal, member: Principal
) -> None:
    team = session(sqlite_store, facilitator, SPRING, {FIRST: MIXED})
    assert told(sqlite_store, member) == told(sqlite_store, facilitator) == told(sqlite_store, staff)
    token = voting.join(sqlite_store, team.room_code, Newcomer("Zoe", Side.LEA, Role.TEACHER), NOW, "")
    ballot = voting.ballot(sqlite_store, token or "", NOW)
    assert ballot is not None
    for who in (ballot.principal, Principal(9, "Bea", north, Access.FACILITATOR, "birch")):
        with pytest.raises(NotAllowedError):
            told(sqlite_store, who)


@pytest.mark.parametrize("name", ["team-votes", "first-votes", "sides-apart", "in-the-room"])
def test_every_figure_is_a_file_and_says_no_more_than_the_screen(
    sqlite_store: Store, facilitator: Principal, member: Principal, name: str
) -> None:
    with pytest.raises(NotAllowedError):
        _picture(sqlite_store, facilitator, name)
    session(sqlite_store, facilitator, SPRING, {FIRST: MIXED})
    content = _picture(sqlite_store, member, name).decode("utf-8-sig")
    assert "Person" not in content
    assert ("Domain 1" in content) != (name == "in-the-room")


def test_files_over_time_name_the_convenings_with_votes_and_no_others(
    sqlite_store: Store, facilitator: Principal, member: Principal
) -> None:
    agreed(sqlite_store, facilitator, FIRST, 2, SPRING)
    session(sqlite_store, facilitator, AUTUMN, {FIRST: MIXED})
    for name in ("sides-apart", "in-the-room"):
        told = _picture(sqlite_store, member, name).decode("utf-8-sig")
        (line,) = (line for line in told.splitlines() if line.startswith(("Convenings: ", '"Convenings: ')))
        assert "Autumn" in line
        assert "Spring" not in line


def test_a_session_without_votes_shows_nothing(sqlite_store: Store, staff: Principal) -> None:
    team_sessions.open_session(sqlite_store, staff, Wish("ash", SPRING, Naming.NAMED, False, KEYS), NOW)
    agreed(sqlite_store, staff, FIRST, 3)
    assert told(sqlite_store, staff) == Agreement((), (), {}, {})
    assert networks.convenings(sqlite_store, staff)


def _picture(store: Store, who: Principal, name: str) -> bytes:
    of = {"partnership": "ash", "rubric": "lea", "convening": SPRING.isoformat()}
    return pictures.picture(store, who, Asked(name, of), "csv", NOW)


def _now(store: Store, who: Principal, day: date) -> TeamSession:
    found = team_sessions.session_of(store, who, "ash", day)
    assert found is not None
    return found


def _version(store: Store) -> RubricVersion:
    with store.read_directory() as directory:
        network = directory.network("north")
    assert network is not None
    with store.read(factories.staff_of(network)) as repository:
        version = repository.rubric_version("lea")
    assert version is not None
    return version
