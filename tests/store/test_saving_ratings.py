from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from progressions.errors import ChangedMeanwhileError, NotAllowedError
from progressions.people import Network
from progressions.ratings import NextStep, RatingDraft, RatingKey, Reason, StoredRating
from progressions.rubric import RubricVersion
from progressions.store import Repository, Store
from tests.factories import AUTUMN, NOW, SPRING, a_key, a_published_rubric, make_rubric, reworded, staff_of
from tests.plain_sql import PlainSql

FULL = RatingDraft(
    level=3,
    evidence="Coaches visit monthly – “we saw it”.",
    next_step=NextStep("Share the protocol", "Ana", date(2026, 9, 1)),
    reason=Reason.PRACTICE,
)


def save(
    store: Store,
    network: Network,
    version: RubricVersion,
    draft: RatingDraft,
    *,
    base: int,
    key: RatingKey | None = None,
    by: str = "Ana",
    now: datetime = NOW,
) -> StoredRating:
    with store.write(staff_of(network)) as repository:
        return repository.save_rating(
            key or a_key(), draft, base=base, version=version, by=by, now=now, pen="pen-1", pen_base=base
        )


def stored(store: Store, network: Network, key: RatingKey | None = None) -> StoredRating | None:
    with store.read(staff_of(network)) as repository:
        return repository.rating(key or a_key())


def test_a_saved_rating_is_read_back_from_the_database(
    store: Store, network: Network, version: RubricVersion, sql: PlainSql
) -> None:
    saved = save(store, network, version, FULL, base=0)
    assert saved == StoredRating(a_key(), FULL, 1, 1, NOW, "Ana", "pen-1", 0)
    assert stored(store, network) == saved
    columns = "level, evidence, next_step, next_step_owner, reason, row_version, saved_by"
    assert sql.rows(f"SELECT {columns} FROM ratings") == [
        (3, "Coaches visit monthly – “we saw it”.", "Share the protocol", "Ana", "practice", 1, "Ana")
    ]


def test_nothing_is_stored_of_what_nobody_has_rated(store: Store, network: Network, version: RubricVersion) -> None:
    assert stored(store, network) is None
    assert version.number == 1


def test_not_rated_is_kept_as_the_absence_of_a_level(
    store: Store, network: Network, version: RubricVersion, sql: PlainSql
) -> None:
    saved = save(store, network, version, RatingDraft(None, evidence="we could not judge"), base=0)
    assert saved.draft.level is None
    assert not saved.is_rated
    assert sql.rows("SELECT level FROM ratings") == [(None,)]


def test_a_second_save_counts_the_row_version_up(
    store: Store, network: Network, version: RubricVersion, sql: PlainSql
) -> None:
    save(store, network, version, RatingDraft(2), base=0)
    saved = save(store, network, version, RatingDraft(3), base=1, by="Ben", now=NOW + timedelta(minutes=1))
    assert (saved.row_version, saved.draft.level, saved.saved_by) == (2, 3, "Ben")
    assert sql.rows("SELECT level, row_version FROM ratings") == [(3, 2)]


@pytest.mark.parametrize("base", [0, 1, 3, 99, -1])
def test_a_stale_base_never_overwrites(
    store: Store, network: Network, version: RubricVersion, sql: PlainSql, base: int
) -> None:
    save(store, network, version, RatingDraft(2), base=0)
    save(store, network, version, RatingDraft(3), base=1)
    with pytest.raises(ChangedMeanwhileError, match="Somebody else saved this rating first"):
        save(store, network, version, RatingDraft(4), base=base)
    assert sql.rows("SELECT level, row_version FROM ratings") == [(3, 2)]
    assert sql.value("SELECT count(*) FROM rating_changes") == 2


def test_a_base_without_a_row_is_refused(store: Store, network: Network, version: RubricVersion, sql: PlainSql) -> None:
    with pytest.raises(ChangedMeanwhileError):
        save(store, network, version, RatingDraft(2), base=1)
    assert sql.value("SELECT count(*) FROM ratings") == 0


def test_after_a_refused_save_the_same_transaction_can_go_on(
    store: Store, network: Network, version: RubricVersion, sql: PlainSql
) -> None:
    save(store, network, version, RatingDraft(2), base=0)
    with store.write(staff_of(network)) as repository:
        with pytest.raises(ChangedMeanwhileError):
            _save(repository, a_key(), RatingDraft(4), version)
        _save(repository, a_key("lea-2"), RatingDraft(1), version)
    assert sql.rows("SELECT level FROM ratings ORDER BY id") == [(2,), (1,)]


def _save(repository: Repository, key: RatingKey, draft: RatingDraft, version: RubricVersion) -> None:
    repository.save_rating(key, draft, base=0, version=version, by="Ana", now=NOW)


@pytest.mark.parametrize("base", [0, 1, 7])
def test_saving_what_is_stored_already_changes_nothing(
    store: Store, network: Network, version: RubricVersion, sql: PlainSql, base: int
) -> None:
    first = save(store, network, version, FULL, base=0)
    with store.read(staff_of(network)) as repository:
        revision = repository.revision()
    assert save(store, network, version, FULL, base=base, by="Ben", now=NOW + timedelta(days=1)) == first
    assert sql.value("SELECT count(*) FROM rating_changes") == 1
    with store.read(staff_of(network)) as repository:
        assert repository.revision() == revision


def test_the_same_level_under_a_reworded_version_is_a_change(
    store: Store, network: Network, version: RubricVersion
) -> None:
    save(store, network, version, RatingDraft(2), base=0)
    newer = a_published_rubric(store, network, reworded(version.rubric, "lea-1"))
    saved = save(store, network, newer, RatingDraft(2), base=1)
    assert (saved.rubric_version, saved.row_version) == (2, 2)


@pytest.mark.parametrize(
    "key",
    [
        a_key(partnership="oak"),
        a_key(held_on=date(2020, 1, 1)),
        a_key(domain="lea-9"),
        a_key(rubric="ihe"),
    ],
)
def test_a_key_that_does_not_exist_is_refused_like_one_that_is_not_allowed(
    store: Store, network: Network, version: RubricVersion, key: RatingKey
) -> None:
    with pytest.raises(NotAllowedError):
        save(store, network, version, RatingDraft(2), base=0, key=key)


@pytest.mark.parametrize("level", [0, 5, -1])
def test_a_level_that_the_rubric_lacks_is_refused(
    store: Store, network: Network, version: RubricVersion, sql: PlainSql, level: int
) -> None:
    with pytest.raises(KeyError):
        save(store, network, version, RatingDraft(level), base=0)
    assert sql.value("SELECT count(*) FROM ratings") == 0


def test_the_database_itself_refuses_a_level_that_the_rubric_lacks(
    store: Store, network: Network, version: RubricVersion, sql: PlainSql
) -> None:
    save(store, network, version, RatingDraft(2), base=0)
    with pytest.raises(Exception, match=r"(?i)foreign key"):
        sql.run("UPDATE ratings SET level = 5")
    assert sql.value("SELECT level FROM ratings") == 2


def test_ratings_of_one_convening_come_in_the_order_of_the_rubric(
    store: Store, network: Network, version: RubricVersion
) -> None:
    for domain in ("lea-3", "lea-1", "lea-2"):
        save(store, network, version, RatingDraft(2), base=0, key=a_key(domain))
    save(store, network, version, RatingDraft(4), base=0, key=a_key(held_on=AUTUMN))
    save(store, network, version, RatingDraft(4), base=0, key=a_key(partnership="birch"))
    with store.read(staff_of(network)) as repository:
        found = repository.ratings_of("ash", SPRING)
        assert [rating.key.domain for rating in found] == ["lea-1", "lea-2", "lea-3"]
        assert repository.ratings_of("oak", SPRING) == ()


def test_every_rating_comes_by_partnership_then_date_then_domain(
    store: Store, network: Network, version: RubricVersion
) -> None:
    keys = [a_key("lea-2", "birch"), a_key("lea-2", "ash", AUTUMN), a_key("lea-3"), a_key("lea-1")]
    for key in keys:
        save(store, network, version, RatingDraft(None), base=0, key=key)
    with store.read(staff_of(network)) as repository:
        found = [rating.key for rating in repository.all_ratings()]
    assert found == [keys[3], keys[2], keys[1], keys[0]]


def test_moments_are_kept_in_utc_whatever_zone_they_came_in(
    store: Store, network: Network, version: RubricVersion
) -> None:
    local = datetime(2026, 3, 5, 5, 32, tzinfo=timezone(timedelta(hours=-5)))
    saved = save(store, network, version, FULL, base=0, now=local)
    assert saved.saved_at == datetime(2026, 3, 5, 10, 32, tzinfo=UTC)
    assert saved.saved_at is not None
    assert saved.saved_at.utcoffset() == timedelta(0)


def test_a_moment_without_a_zone_is_refused(store: Store, network: Network, version: RubricVersion) -> None:
    with pytest.raises(Exception, match="without a time zone"):
        save(store, network, version, FULL, base=0, now=datetime(2026, 3, 5, 10, 32))
    assert stored(store, network) is None


def test_facts_are_the_agreed_levels_and_the_wording_they_were_agreed_on(
    store: Store, network: Network, version: RubricVersion
) -> None:
    save(store, network, version, RatingDraft(2), base=0)
    save(store, network, version, RatingDraft(None, "open"), base=0, key=a_key("lea-2"))
    newer = a_published_rubric(store, network, reworded(version.rubric, "lea-1"))
    save(store, network, newer, RatingDraft(3), base=0, key=a_key(held_on=AUTUMN))
    save(store, network, newer, RatingDraft(4), base=0, key=a_key("lea-3", "birch", AUTUMN))
    with store.read(staff_of(network)) as repository:
        assert sorted(repository.facts()) == [
            ("ash", SPRING, "lea", "lea-1", 2, 1),
            ("ash", AUTUMN, "lea", "lea-1", 3, 2),
            ("birch", AUTUMN, "lea", "lea-3", 4, 1),
        ]


def test_facts_can_be_had_of_one_rubric_or_one_partnership(
    store: Store, network: Network, version: RubricVersion
) -> None:
    other = a_published_rubric(store, network, make_rubric(code="ihe"))
    save(store, network, version, RatingDraft(1), base=0)
    save(store, network, other, RatingDraft(2), base=0, key=a_key("ihe-1", rubric="ihe"))
    save(store, network, version, RatingDraft(3), base=0, key=a_key(partnership="birch"))
    with store.read(staff_of(network)) as repository:
        assert sorted(fact.level for fact in repository.facts(rubric="lea")) == [1, 3]
        assert sorted(fact.level for fact in repository.facts(partnership="ash")) == [1, 2]
        assert [fact.level for fact in repository.facts("ihe", "ash")] == [2]
        assert repository.facts(rubric="none") == repository.facts(partnership="none") == []


def test_stored_levels_tell_not_rated_from_not_there(store: Store, network: Network, version: RubricVersion) -> None:
    save(store, network, version, RatingDraft(2), base=0)
    save(store, network, version, RatingDraft(None, "open"), base=0, key=a_key("lea-2"))
    save(store, network, version, RatingDraft(None, "still open"), base=1, key=a_key("lea-2"))
    with store.read(staff_of(network)) as repository:
        assert repository.stored_levels() == {a_key(): (2, 1), a_key("lea-2"): (None, 2)}


def test_attendance_is_each_pair_of_partnership_and_day_with_a_level_once(
    store: Store, network: Network, version: RubricVersion
) -> None:
    save(store, network, version, FULL, base=0)
    save(store, network, version, FULL, base=0, key=a_key("lea-2"))
    save(store, network, version, RatingDraft(None, "only words"), base=0, key=a_key(partnership="birch"))
    with store.read(staff_of(network)) as repository:
        assert repository.attendance() == (("ash", SPRING),)
