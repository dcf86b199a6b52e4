"""The invented votes that come with the example network: they can be voted, and say what they should."""

import re
from collections import Counter

import pytest

from progressions.charts.theme import Mode
from progressions.people import Principal
from progressions.services import agreement, example_votes, networks, rubrics, start
from progressions.services.example_votes import read_votes
from progressions.store import Store
from progressions.team_session import Side
from tests.factories import NOW
from tests.plain_sql import PlainSql

ALDER = "alder-valley"


@pytest.fixture(scope="module")
def staff(loaded: Store) -> Principal:
    """Whoever started the example network."""
    with loaded.read_directory() as directory:
        network = directory.network(start.EXAMPLE_CODE)
    assert network is not None
    assert network.is_example
    return start.system_principal(network)


def test_the_file_has_a_vote_of_everybody_on_every_domain_of_two_rubrics() -> None:
    for told in read_votes():
        assert len({name.casefold() for name, _, _ in told.people}) == len(told.people)
        assert all(len(levels) == len(told.people) for said in told.rounds for levels in said.values())
        assert Counter(key.rubric for key in told.rounds[0]) == {"ihe": 8, "partnership": 8}
        assert all(sum(side is own for _, own, _ in told.people) >= 3 for side in Side)


def test_every_vote_of_the_file_is_in_the_database_and_all_are_revealed(loaded: Store) -> None:
    sql = PlainSql(str(loaded.url))
    given = [level for told in read_votes() for said in told.rounds for levels in said.values() for level in levels]
    stored = [level or 0 for (level,) in sql.rows("SELECT level FROM votes")]
    assert Counter(stored) == Counter(given)
    open_rounds = "SELECT count(*) FROM votes v LEFT JOIN revealed_rounds r USING (session_id, domain_id, round)"
    assert sql.value(f"{open_rounds} WHERE r.round IS NULL") == 0
    assert sql.value("SELECT count(*) FROM team_sessions WHERE closed_at IS NULL OR room_code IS NOT NULL") == 0
    assert sql.value("SELECT count(*) FROM team_sessions WHERE network_id <> 1") == 0


def test_loading_it_again_changes_nothing(loaded: Store, staff: Principal) -> None:
    sql = PlainSql(str(loaded.url))
    tables = ("team_sessions", "seats", "votes", "vote_changes", "revealed_rounds", "record")
    before = [sql.rows(f"SELECT * FROM {table}") for table in tables]
    example_votes.load(loaded, staff, NOW)
    assert [sql.rows(f"SELECT * FROM {table}") for table in tables] == before


def test_the_view_of_the_first_partnership_has_something_to_tell_in_every_part(loaded: Store, staff: Principal) -> None:
    who = next(p for p in networks.partnerships(loaded, staff) if p.code == ALDER)
    told = agreement.agreement(loaded, staff, ALDER)
    for version in (v for v in rubrics.latest(loaded, staff) if v.rubric.code in ("ihe", "partnership")):
        for at in told.voted_at(version.rubric.code):
            first = agreement.first_figure(told, who, version.rubric.code, at, Mode.LIGHT)
            assert re.match(r"Agreed above the middle of the first votes in (\d|none) of [78] domains", first.finding)
            assert len(agreement.votes_figure(told, who, version.rubric.code, at, Mode.LIGHT).table) >= 16
        sides = agreement.sides_figure(told, who, version, Mode.LIGHT)
        assert re.match(r"The sides differed by a level or more in \d of 8 domains in Spring 2026, in ", sides.finding)
    room = agreement.room_figure(told, who, Mode.LIGHT)
    spring, summer = ({name for name, _, _ in each.people} for each in read_votes())
    assert f"{len(spring & summer)} of {len(summer)} voted in Spring 2026 too" in room.finding


def test_what_was_agreed_is_what_the_example_workbook_says(loaded: Store, staff: Principal) -> None:
    agreed = {(d.held_on, d.domain): d.agreed for d in agreement.agreement(loaded, staff, ALDER).domains}
    rows = PlainSql(str(loaded.url)).rows(
        "SELECT c.held_on, d.code, r.level FROM ratings r JOIN convenings c ON c.id = r.convening_id "
        "JOIN domains d ON d.id = r.domain_id JOIN partnerships p ON p.id = r.partnership_id "
        f"WHERE p.code = '{ALDER}'"
    )
    stored = {(day, code): level for day, code, level in rows}
    assert {(day.isoformat(), code): level for (day, code), level in agreed.items()} == {
        (day.isoformat(), code): stored.get((day.isoformat(), code)) for day, code in agreed
    }
    assert any(agreed.values())
