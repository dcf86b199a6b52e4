"""Rating a domain: what is kept, what is refused, and which words a rating stands on."""

from dataclasses import replace
from datetime import date

import pytest

from progressions.errors import ChangedMeanwhileError, NotAllowedError, UserError
from progressions.people import Access, Network, Principal
from progressions.ratings import NextStep, RatingDraft, RatingKey, Reason, StoredRating
from progressions.services import networks, ratings
from progressions.services.ratings import LONGEST_TEXT, Pen
from progressions.store import Store
from tests import factories
from tests.factories import AUTUMN, NOW, SPRING, a_key, make_rubric, reworded, staff_of

PEN = Pen("tab", 0)
FULL = RatingDraft(2, "minutes", NextStep("ask", "Dana", date(2026, 12, 1)), Reason.PRACTICE)


def _save(
    store: Store, who: Principal, draft: RatingDraft, *, base: int = 0, key: RatingKey | None = None
) -> StoredRating:
    return ratings.save_rating(store, who, key or a_key(), draft, base=base, pen=PEN, now=NOW)


def test_what_is_saved_is_read_back(sqlite_store: Store, facilitator: Principal) -> None:
    saved = _save(sqlite_store, facilitator, FULL)
    assert (saved.draft, saved.row_version, saved.saved_by) == (FULL, 1, "Fay")
    assert ratings.rating(sqlite_store, facilitator, a_key()) == saved


def test_the_second_of_two_with_the_same_base_is_refused(sqlite_store: Store, facilitator: Principal) -> None:
    _save(sqlite_store, facilitator, RatingDraft(2))
    with pytest.raises(ChangedMeanwhileError):
        _save(sqlite_store, facilitator, RatingDraft(3), base=0)
    stored = ratings.rating(sqlite_store, facilitator, a_key())
    assert stored is not None
    assert stored.draft.level == 2


@pytest.mark.parametrize("level", [0, 5, -1])
def test_a_level_that_the_rubric_does_not_have_is_refused(
    sqlite_store: Store, facilitator: Principal, level: int
) -> None:
    with pytest.raises(UserError):
        _save(sqlite_store, facilitator, RatingDraft(level))


def test_a_text_may_be_as_long_as_said_and_no_longer(sqlite_store: Store, facilitator: Principal) -> None:
    _save(sqlite_store, facilitator, RatingDraft(1, "x" * LONGEST_TEXT))
    with pytest.raises(UserError, match="can be kept"):
        _save(sqlite_store, facilitator, RatingDraft(1, "x" * (LONGEST_TEXT + 1)), base=1)


@pytest.mark.parametrize(
    "key",
    [
        a_key(partnership="elm"),
        a_key(domain="lea-9"),
        a_key(rubric="none"),
        a_key(held_on=date(2020, 1, 1)),
        a_key(partnership="birch"),
    ],
    ids=["partnership", "domain", "rubric", "convening", "not one's own"],
)
def test_what_does_not_exist_and_what_is_not_allowed_look_the_same(
    sqlite_store: Store, facilitator: Principal, key: RatingKey
) -> None:
    with pytest.raises(NotAllowedError, match="nothing here that you can open"):
        _save(sqlite_store, facilitator, RatingDraft(1), key=key)


def test_a_member_reads_and_does_not_write(sqlite_store: Store, member: Principal, facilitator: Principal) -> None:
    saved = _save(sqlite_store, facilitator, RatingDraft(2))
    assert ratings.rating(sqlite_store, member, a_key()) == saved
    with pytest.raises(NotAllowedError):
        _save(sqlite_store, member, RatingDraft(3), base=1)


def test_an_assessment_resumes_at_the_first_domain_without_a_level(sqlite_store: Store, facilitator: Principal) -> None:
    _save(sqlite_store, facilitator, RatingDraft(1))
    _save(sqlite_store, facilitator, RatingDraft(None, "only words"), key=a_key("lea-2"))
    found = ratings.assessment(sqlite_store, facilitator, "ash", SPRING, "lea")
    assert [d.code for d in found.version.rubric.domains if found.rating(d.code).is_rated] == ["lea-1"]
    assert found.first_unrated is not None
    assert found.first_unrated.code == "lea-2"
    assert found.rating("lea-3").row_version == 0


def test_last_time_is_the_latest_earlier_convening_with_a_level(sqlite_store: Store, facilitator: Principal) -> None:
    _save(sqlite_store, facilitator, RatingDraft(1))
    _save(sqlite_store, facilitator, RatingDraft(None, "not rated"), key=a_key(held_on=AUTUMN))
    found = ratings.assessment(sqlite_store, facilitator, "ash", AUTUMN, "lea")
    assert {code: fact.level for code, fact in found.last_time.items()} == {"lea-1": 1}


def test_an_old_rating_keeps_its_words_until_its_level_is_agreed_anew(
    sqlite_store: Store, north: Network, facilitator: Principal
) -> None:
    _save(sqlite_store, facilitator, RatingDraft(2))
    factories.a_published_rubric(sqlite_store, north, reworded(make_rubric(), "lea-1"))
    with_words = _save(sqlite_store, facilitator, RatingDraft(2, "more evidence"), base=1)
    assert with_words.rubric_version == 1
    anew = _save(sqlite_store, facilitator, RatingDraft(3, "more evidence"), base=2)
    assert anew.rubric_version == 2


def test_the_promises_are_those_of_the_latest_convening_that_has_any(
    sqlite_store: Store, facilitator: Principal
) -> None:
    _save(sqlite_store, facilitator, replace(FULL, next_step=NextStep("early")))
    _save(sqlite_store, facilitator, RatingDraft(1), key=a_key(held_on=AUTUMN))
    assert [p.draft.next_step.text for p in ratings.promises(sqlite_store, facilitator, "ash")] == ["early"]


def test_what_is_promised_at_a_convening_does_not_hide_what_was_promised_before_it(
    sqlite_store: Store, facilitator: Principal
) -> None:
    _save(sqlite_store, facilitator, replace(FULL, next_step=NextStep("early")))
    _save(sqlite_store, facilitator, replace(FULL, next_step=NextStep("late")), key=a_key(held_on=AUTUMN))

    def promised(before: date) -> list[str]:
        return [p.draft.next_step.text for p in ratings.promises(sqlite_store, facilitator, "ash", before)]

    assert promised(AUTUMN) == ["early"]
    assert promised(date.max) == ["late"]
    assert promised(a_key().held_on) == []


def test_a_convening_is_added_once_for_a_day(sqlite_store: Store, staff: Principal) -> None:
    networks.add_convening(sqlite_store, staff, date(2027, 1, 20), "  Winter   2027 ", NOW)
    with pytest.raises(UserError, match="Winter 2027"):
        networks.add_convening(sqlite_store, staff, date(2027, 1, 20), "Again", NOW)


def test_a_network_of_ones_own_begins_with_the_shipped_rubrics_and_no_ratings(
    sqlite_store: Store, north: Network
) -> None:
    with sqlite_store.write_directory() as directory:
        person = directory.add_person("Sam", NOW)
        directory.grant(person, north.id, Access.STAFF, None)
    sam = Principal(person, "Sam", north, Access.STAFF)
    own = networks.start_network(sqlite_store, sam, "Prairie Network", NOW)
    with sqlite_store.read(staff_of(own)) as repository:
        assert len(repository.latest_rubrics()) == 3
        assert repository.facts() == []
        assert repository.partnerships() == ()
    with pytest.raises(UserError):
        networks.start_network(sqlite_store, sam, "   ", NOW)
    with pytest.raises(UserError, match="A network of yours is called “prairie NETWORK” already"):
        networks.start_network(sqlite_store, sam, "prairie  NETWORK ", NOW)
    with sqlite_store.read_directory() as directory:
        assert len(directory.networks()) == 2
