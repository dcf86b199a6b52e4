"""What is told beside the levels of the example network: it fits them, and every view of Movement has some of it."""

import re
import tomllib
from datetime import date

import pytest

from progressions.charts.theme import Mode
from progressions.measures.columns import HINDSIGHT
from progressions.measures.frame import told_frame
from progressions.measures.told import hindsight_points
from progressions.people import Principal
from progressions.ratings import RatingDraft, StepState
from progressions.services import example_told, movement, networks, ratings, rubrics, start, stuck_and_moved
from progressions.services.example_told import read_shared, read_told
from progressions.services.ratings import Pen
from progressions.store import Store
from tests.factories import NOW
from tests.plain_sql import PlainSql

ALDER = "alder-valley"
TODAY = date(2026, 11, 22)
FORBIDDEN = re.compile(r"\b(scores?|items?|categor(y|ies)|events?|orgs?|tenants?)\b", re.IGNORECASE)
LEVELS = (
    "SELECT p.code, d.code, c.held_on, r.level FROM ratings r JOIN convenings c ON c.id = r.convening_id "
    "JOIN domains d ON d.id = r.domain_id JOIN partnerships p ON p.id = r.partnership_id "
    "WHERE r.level IS NOT NULL ORDER BY c.held_on"
)
Levels = dict[tuple[str, str], dict[str, int]]


@pytest.fixture(scope="module")
def staff(loaded: Store) -> Principal:
    """Whoever started the example network."""
    with loaded.read_directory() as directory:
        network = directory.network(start.EXAMPLE_CODE)
    assert network is not None
    return start.system_principal(network)


@pytest.fixture(scope="module")
def levels(loaded: Store) -> Levels:
    """Levels by partnership and domain, then by day (ISO), oldest first."""
    found: Levels = {}
    for partnership, domain, day, level in PlainSql(str(loaded.url)).rows(LEVELS):
        found.setdefault((partnership, domain), {})[day] = level
    return found


def test_everything_in_the_file_stands_beside_a_level_and_changes_none(loaded: Store, levels: Levels) -> None:
    stored = PlainSql(str(loaded.url)).rows(
        "SELECT p.code, d.code, c.held_on, r.evidence, r.next_step, r.next_step_owner FROM ratings r "
        "JOIN convenings c ON c.id = r.convening_id JOIN domains d ON d.id = r.domain_id "
        "JOIN partnerships p ON p.id = r.partnership_id "
        "WHERE r.evidence <> '' OR r.next_step <> '' OR r.reason IS NOT NULL OR r.hindsight_level IS NOT NULL"
    )
    told = [
        (*at(each), each.draft.evidence, each.draft.next_step.text, each.draft.next_step.owner) for each in read_told()
    ]
    assert sorted(stored) == sorted(told)
    assert all(day in levels[partnership, domain] for partnership, domain, day, *_ in told)
    changed = "SELECT count(*) FROM rating_changes WHERE row_version > 1 AND old_level IS NOT new_level"
    assert PlainSql(str(loaded.url)).value(changed) == 0


def at(said: example_told.Said) -> tuple[str, str, str]:
    return said.key.partnership, said.key.domain, said.key.held_on.isoformat()


def test_a_reason_is_given_only_where_a_level_moved(levels: Levels) -> None:
    for each in read_told():
        if each.draft.reason is not None:
            partnership, domain, day = at(each)
            own = levels[partnership, domain]
            before = [level for when, level in own.items() if when < day]
            assert before, at(each)
            assert before[-1] != own[day], at(each)


def test_a_look_back_is_at_an_earlier_level_and_tells_another(levels: Levels) -> None:
    looked = [each for each in read_told() if each.draft.hindsight is not None]
    assert len(looked) >= 5
    for each in looked:
        partnership, domain, day = at(each)
        assert each.draft.hindsight is not None
        then = each.draft.hindsight.held_on.isoformat()
        assert then < day
        assert levels[partnership, domain][then] != each.draft.hindsight.level, at(each)


def test_a_promise_has_an_owner_and_a_day_after_it_was_made() -> None:
    promised = [(each.key.held_on, each.draft.next_step) for each in read_told() if each.draft.next_step.text]
    assert all(step.owner and step.due and step.due > made for made, step in promised)
    assert {step.state for _, step in promised} == set(StepState)


def test_its_words_are_those_of_the_field() -> None:
    text = example_told.EXAMPLE_TOLD.read_text(encoding="utf-8")
    assert not FORBIDDEN.search(text)
    assert "Invented" in text.splitlines()[0]
    assert set(tomllib.loads(text)) == {"told", "shared"}


def test_loading_it_again_changes_nothing(loaded: Store, staff: Principal) -> None:
    sql = PlainSql(str(loaded.url))
    tables = ("ratings", "rating_changes", "shared_notes", "record")
    before = [sql.rows(f"SELECT * FROM {table}") for table in tables]
    example_told.load(loaded, staff, NOW)
    assert [sql.rows(f"SELECT * FROM {table}") for table in tables] == before


def test_what_somebody_has_said_meanwhile_stays(sqlite_store: Store) -> None:
    network = start.load_example(sqlite_store, NOW)
    staff = start.system_principal(network)
    key = read_told()[0].key
    stored = ratings.rating(sqlite_store, staff, key)
    assert stored is not None
    own = RatingDraft(stored.draft.level, evidence="Our own words")
    pen = Pen("", stored.row_version)
    ratings.save_rating(sqlite_store, staff, key, own, base=stored.row_version, pen=pen, now=NOW)
    example_told.load(sqlite_store, staff, NOW)
    kept = ratings.rating(sqlite_store, staff, key)
    assert kept is not None
    assert kept.draft.evidence == "Our own words"


def test_the_first_partnership_has_promises_and_reasons_in_every_rubric(loaded: Store, staff: Principal) -> None:
    who = next(p for p in networks.partnerships(loaded, staff) if p.code == ALDER)
    frame, told = movement.frame_of(loaded, staff), movement.told_of(loaded, staff, ALDER)
    convenings = movement.expected_convenings(loaded, staff, ALDER)
    for version in rubrics.latest(loaded, staff):
        days = movement.days_rated(frame, ALDER, version.rubric.code)
        rated = [c for c in convenings if c.held_on.isoformat() in days]
        made = movement.promised((frame, told), who, version, convenings, Mode.LIGHT, today=TODAY)
        assert any(made.table["Overdue"]), version.rubric.code
        assert {"open", "done"} <= set(made.table["State"])
        moved = movement.what_moved((frame, told), who, version, (rated[-2], rated[-1]))
        assert set(moved["Reason given"]) - {"No reason given"}, version.rubric.code


def test_several_partnerships_look_back(loaded: Store, staff: Principal) -> None:
    frame = movement.frame_of(loaded, staff)
    with loaded.read(staff) as repository:
        told = [each for p in networks.partnerships(loaded, staff) for each in repository.told_of(p.code)]
    points = hindsight_points(frame, told_frame(told))
    assert points[HINDSIGHT].notna().all()
    assert points["partnership"].nunique() >= 4


def test_partnerships_that_moved_may_be_asked_by_those_that_stand_still(loaded: Store, staff: Principal) -> None:
    found = [
        (stuck.domain, mover.contact)
        for version in rubrics.latest(loaded, staff)
        for stuck in stuck_and_moved.stuck_and_moved(loaded, staff, ALDER, version.rubric.code)
        for mover in stuck.movers
        if mover.may_be_asked
    ]
    shared = {(each.domain, each.contact) for each in read_shared()}
    assert set(found) <= shared
    assert len(set(found)) >= 4
