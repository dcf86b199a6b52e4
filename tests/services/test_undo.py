"""One click takes an import back: what it wrote goes, what people have saved since stays and is named."""

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from progressions.errors import NotAllowedError, UserError
from progressions.people import Access, Principal
from progressions.ratings import NextStep, RatingDraft, RatingKey, Reason
from progressions.services import exports, imports, ratings, start
from progressions.services.imports import Preview
from progressions.services.ratings import Pen
from progressions.settings import ReadLimits
from progressions.store import Store
from tests import factories
from tests.factories import NOW, SPRING, a_key

HEADER = "partnership code,partnership,convening date,convening,lea-1,lea-2,lea-3\n"
LATER = NOW + timedelta(days=1)


def preview(store: Store, who: Principal, rows: str) -> Preview:
    shown = imports.preview(store, who, (HEADER + rows).encode(), "past.csv", None, ReadLimits())
    assert isinstance(shown, Preview)
    return shown


def do(store: Store, who: Principal, rows: str) -> int:
    batch = imports.confirm(store, who, preview(store, who, rows), NOW)
    assert batch is not None
    return batch


def by_hand(store: Store, who: Principal, key: RatingKey, draft: RatingDraft) -> None:
    with store.read(who) as repository:
        stored = repository.rating(key)
    base = stored.row_version if stored else 0
    ratings.save_rating(store, who, key, draft, base=base, pen=Pen("tab", base), now=LATER)


def state(store: Store, who: Principal) -> tuple[object, ...]:
    """Everything that the network says: what an undo must bring back, and nothing of how it came about."""
    with store.read(who) as repository:
        said = {r.key: (r.draft, r.rubric_version) for r in repository.all_ratings() if r.draft != RatingDraft()}
        partnerships = [(p.code, p.title) for p in repository.partnerships()]
        convenings = [(c.held_on, c.title) for c in repository.convenings()]
        return said, partnerships, convenings, sorted(repository.facts()), sorted(repository.attendance())


def test_undo_brings_back_what_was_there_before(sqlite_store: Store, staff: Principal) -> None:
    draft = RatingDraft(1, "seen in class", NextStep("visit", "Ann", date(2026, 6, 1)), Reason.PRACTICE)
    by_hand(sqlite_store, staff, a_key("lea-1"), draft)
    by_hand(sqlite_store, staff, a_key("lea-2"), RatingDraft(None, "not yet agreed"))
    before = state(sqlite_store, staff)
    batch = do(sqlite_store, staff, "ash,Ash County,2026-03-05,Spring,4,3,2\nelm,Elm Town,2024-01-09,First,1,,\n")
    assert state(sqlite_store, staff) != before
    done = imports.undo(sqlite_store, staff, batch, LATER)
    assert state(sqlite_store, staff) == before
    assert (done.restored, done.removed, done.kept) == (2, 2, ())
    assert (done.partnerships, done.convenings) == (1, 1)


def test_what_was_edited_since_is_kept_and_named(sqlite_store: Store, staff: Principal, facilitator: Principal) -> None:
    batch = do(sqlite_store, staff, "ash,Ash County,2026-03-05,Spring,1,2,3\n")
    by_hand(sqlite_store, facilitator, a_key("lea-2"), RatingDraft(4))
    done = imports.undo(sqlite_store, staff, batch, LATER + timedelta(days=1))
    (kept,) = done.kept
    assert (kept.partnership, kept.held_on, kept.domain) == ("Ash County", SPRING, "Domain 2")
    assert (kept.level_now, kept.level_name, kept.by, kept.when) == (4, "Sustaining", "Fay", LATER)
    assert done.removed == 2
    with sqlite_store.read(staff) as repository:
        assert [(f.domain, f.level) for f in repository.facts()] == [("lea-2", 4)]


def test_a_second_undo_is_refused_with_a_sentence(sqlite_store: Store, staff: Principal) -> None:
    batch = do(sqlite_store, staff, "ash,Ash County,2026-03-05,Spring,1,2,3\n")
    imports.undo(sqlite_store, staff, batch, LATER)
    after = state(sqlite_store, staff)
    with pytest.raises(UserError, match="has been undone already, by Sam on 2026-03-06"):
        imports.undo(sqlite_store, staff, batch, LATER)
    assert state(sqlite_store, staff) == after


def test_the_same_file_can_be_imported_again_after_its_undo(sqlite_store: Store, staff: Principal) -> None:
    rows = "elm,Elm Town,2024-01-09,First,1,2,3\n"
    first = do(sqlite_store, staff, rows)
    done = state(sqlite_store, staff)
    imports.undo(sqlite_store, staff, first, LATER)
    second = do(sqlite_store, staff, rows)
    assert state(sqlite_store, staff) == done
    assert preview(sqlite_store, staff, rows).plan.nothing_to_do
    assert imports.undo(sqlite_store, staff, second, LATER).removed == 3


def test_history_says_who_when_which_file_and_what_was_undone(sqlite_store: Store, staff: Principal) -> None:
    shown = preview(sqlite_store, staff, "ash,Ash County,2026-03-05,Spring,1,2,3\n")
    first = imports.confirm(sqlite_store, staff, shown, NOW)
    second = do(sqlite_store, staff, "birch,Birch Valley,2026-03-05,Spring,1,,x\n")
    imports.undo(sqlite_store, staff, second, LATER)
    latest, earliest = imports.history(sqlite_store, staff)
    assert (latest.batch, latest.undone_at, latest.undone_by) == (second, LATER, "Sam")
    assert (earliest.batch, earliest.undone_at, earliest.undone_by) == (first, None, None)
    assert (earliest.imported_by, earliest.imported_at, earliest.file_name) == ("Sam", NOW, "past.csv")
    assert earliest.sha256 == shown.workbook.sha256
    assert (latest.counts.read, latest.counts.new, latest.counts.blank, latest.counts.rejected) == (3, 1, 1, 1)


def test_a_batch_below_one_that_was_undone_can_be_undone_too(sqlite_store: Store, staff: Principal) -> None:
    before = state(sqlite_store, staff)
    first = do(sqlite_store, staff, "elm,Elm Town,2024-01-09,First,1,2,3\n")
    middle = state(sqlite_store, staff)
    second = do(sqlite_store, staff, "elm,Elm Town,2024-01-09,First,4,2,3\nelm,Elm Town,2024-05-09,Next,1,,\n")
    imports.undo(sqlite_store, staff, second, LATER)
    assert state(sqlite_store, staff) == middle
    assert imports.undo(sqlite_store, staff, first, LATER).kept == ()
    assert state(sqlite_store, staff) == before


def test_a_batch_below_one_that_stands_keeps_what_the_later_one_wrote(sqlite_store: Store, staff: Principal) -> None:
    before = state(sqlite_store, staff)
    first = do(sqlite_store, staff, "elm,Elm Town,2024-01-09,First,1,2,3\n")
    second = do(sqlite_store, staff, "elm,Elm Town,2024-01-09,First,4,2,3\n")
    done = imports.undo(sqlite_store, staff, first, LATER)
    assert [(k.key.domain, k.level_now, k.by) for k in done.kept] == [("lea-1", 4, "Sam")]
    assert (done.partnerships, done.convenings) == (0, 0)
    assert imports.undo(sqlite_store, staff, second, LATER).restored == 1
    with sqlite_store.read(staff) as repository:
        assert [(f.partnership, f.level) for f in repository.facts()] == [("elm", 1)]
    assert before != state(sqlite_store, staff)


def test_a_partnership_that_somebody_belongs_to_stays(sqlite_store: Store, staff: Principal) -> None:
    batch = do(sqlite_store, staff, "elm,Elm Town,2024-01-09,First,1,2,3\n")
    with sqlite_store.write_directory() as directory:
        person = directory.add_person("Ewa", NOW)
        directory.grant(person, staff.network.id, Access.FACILITATOR, "elm")
    assert imports.undo(sqlite_store, staff, batch, LATER).partnerships == 0
    with sqlite_store.read(staff) as repository:
        assert repository.partnership("elm") is not None


def test_nothing_can_be_said_of_a_partnership_that_has_gone(sqlite_store: Store, staff: Principal) -> None:
    batch = do(sqlite_store, staff, "elm,Elm Town,2026-03-05,Spring,1,2,3\n")
    imports.undo(sqlite_store, staff, batch, LATER)
    with pytest.raises(NotAllowedError):
        by_hand(sqlite_store, staff, a_key(partnership="elm"), RatingDraft(2))
    with sqlite_store.write_directory() as directory, pytest.raises(NotAllowedError):
        directory.grant(directory.add_person("Ewa", NOW), staff.network.id, Access.MEMBER, "elm")


def test_an_undone_rating_is_in_no_export(sqlite_store: Store, staff: Principal) -> None:
    nothing = exports.ratings_file(sqlite_store, staff, "csv", now=NOW)
    imports.undo(sqlite_store, staff, do(sqlite_store, staff, "ash,Ash County,2026-03-05,Spring,1,2,3\n"), LATER)
    assert exports.ratings_file(sqlite_store, staff, "csv", now=NOW) == nothing


def test_a_page_that_was_open_during_an_undo_overwrites_nothing(sqlite_store: Store, staff: Principal) -> None:
    batch = do(sqlite_store, staff, "ash,Ash County,2026-03-05,Spring,1,2,3\n")
    imports.undo(sqlite_store, staff, batch, LATER)
    with pytest.raises(UserError, match="Somebody else saved this rating first"):
        ratings.save_rating(sqlite_store, staff, a_key(), RatingDraft(4), base=1, pen=Pen("tab", 1), now=LATER)


def test_only_staff_of_the_network_undo(sqlite_store: Store, staff: Principal, facilitator: Principal) -> None:
    batch = do(sqlite_store, staff, "ash,Ash County,2026-03-05,Spring,1,2,3\n")
    other = start.system_principal(factories.a_network(sqlite_store, "south", "South"))
    before = state(sqlite_store, staff)
    for who in (facilitator, other):
        with pytest.raises(NotAllowedError):
            imports.undo(sqlite_store, who, batch, LATER)
    with pytest.raises(NotAllowedError):
        imports.undo(sqlite_store, staff, batch + 1, LATER)
    assert state(sqlite_store, staff) == before


LEVELS = st.sampled_from(["", "1", "2", "3", "4"])
ROW = st.tuples(
    st.sampled_from(["ash,Ash County", "birch,Birch Valley", "elm,Elm Town", "oak,Oak Hill"]),
    st.sampled_from(["2026-03-05,Spring", "2024-01-09,First", "2023-02-02,"]),
    LEVELS,
    LEVELS,
    LEVELS,
).map(",".join)
SHEET = st.lists(ROW, min_size=1, max_size=5, unique_by=lambda row: tuple(row.split(",")[:3])).map(
    lambda rows: "".join(f"{row}\n" for row in rows)
)
EDIT = st.tuples(
    st.builds(a_key, st.sampled_from(["lea-1", "lea-2", "lea-3"]), st.sampled_from(["ash", "birch"])),
    st.builds(RatingDraft, st.none() | st.integers(1, 4), st.sampled_from(["", "seen"])),
)


@given(st.lists(EDIT, max_size=4), SHEET, st.lists(EDIT, max_size=3), SHEET)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_undo_after_do_is_before_but_for_what_was_edited_between(
    sqlite_store: Store, earlier: list, sheet: str, between: list, other: str
) -> None:
    staff = fresh_network(sqlite_store)
    for key, draft in earlier:
        by_hand(sqlite_store, staff, key, draft)
    before, *rest_before = state(sqlite_store, staff)
    batch = imports.confirm(sqlite_store, staff, preview(sqlite_store, staff, sheet), NOW)
    imported, *_ = state(sqlite_store, staff)
    later = imports.confirm(sqlite_store, staff, preview(sqlite_store, staff, other), NOW)
    if later is not None:
        assert imports.undo(sqlite_store, staff, later, LATER).kept == ()
    assert state(sqlite_store, staff)[0] == imported
    for key, draft in between:
        by_hand(sqlite_store, staff, key, draft)
    edited, *_ = state(sqlite_store, staff)
    if batch is None:
        return
    done = imports.undo(sqlite_store, staff, batch, LATER)
    after, *rest = state(sqlite_store, staff)
    touched = {key for key, _ in between}
    assert {k: v for k, v in after.items() if k not in touched} == {k: v for k, v in before.items() if k not in touched}
    assert {k.key for k in done.kept} <= touched
    assert {k: v for k, v in after.items() if k in {kept.key for kept in done.kept}} == {
        k: v for k, v in edited.items() if k in {kept.key for kept in done.kept}
    }
    if not between:
        assert (after, *rest) == (before, *rest_before)


def fresh_network(store: Store) -> Principal:
    """A furnished network for each example of a property."""
    with store.read_directory() as directory:
        number = len(directory.networks())
    network = factories.a_network(store, f"n{number}", f"Network {number}")
    factories.a_furnished_network(store, network)
    return Principal(1, "Sam", network, Access.STAFF)
