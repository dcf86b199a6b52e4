"""Two networks with the same codes in one database: nothing of one is seen or reached from the other."""

import pytest

from progressions.errors import NotAllowedError
from progressions.people import Network
from progressions.ratings import LevelWrite, RatingDraft
from progressions.rubric import RubricVersion
from progressions.store import Store
from tests.factories import AUTUMN, NOW, SPRING, a_furnished_network, a_key, a_network, staff_of
from tests.plain_sql import PlainSql


@pytest.fixture
def south(store: Store, network: Network, version: RubricVersion) -> Network:
    """A second network, furnished alike; the first one has a rating and a batch."""
    with store.write(staff_of(network)) as repository:
        batch = repository.add_batch(file_name="f", sha256="aa", mapping="{}", counts="{}", by="Ana", now=NOW)
        repository.save_levels([LevelWrite(a_key("lea-2"), 2, 0)], batch_id=batch, by="Ana", now=NOW)
        repository.save_rating(a_key(), RatingDraft(3), base=0, version=version, by="Ana", now=NOW)
    other = a_network(store, "south", "Network South")
    a_furnished_network(store, other)
    return other


def test_a_second_network_sees_nothing_of_the_first(store: Store, south: Network) -> None:
    with store.read(staff_of(south)) as repository:
        assert repository.facts() == []
        assert repository.stored_levels() == {}
        assert repository.rating(a_key()) is None
        assert repository.ratings_of("ash", SPRING) == ()
        assert list(repository.all_ratings()) == []
        assert repository.changes(a_key()) == ()
        assert repository.changes_of("ash") == ()
        assert repository.batches() == ()


def test_an_empty_network_sees_no_partnership_convening_or_rubric(store: Store, south: Network) -> None:
    empty = a_network(store, "west", "Network West")
    assert south.code == "south"
    with store.read(staff_of(empty)) as repository:
        assert repository.partnerships() == ()
        assert repository.convenings() == ()
        assert repository.latest_rubrics() == ()
        assert repository.partnership("ash") is None
        assert repository.convening_on(SPRING) is None
        assert repository.rubric_version("lea") is None
        assert repository.rubric_version("lea", 1) is None
        assert repository.versions("lea") == ()
        assert repository.rubric_codes() == ()


def test_a_save_in_one_network_leaves_the_same_key_of_the_other_alone(
    store: Store, network: Network, south: Network
) -> None:
    with store.write(staff_of(south)) as repository:
        theirs = repository.rubric_version("lea")
        assert theirs is not None
        repository.save_rating(a_key(), RatingDraft(1), base=0, version=theirs, by="Sol", now=NOW)
    with store.read(staff_of(network)) as repository:
        found = repository.rating(a_key())
    assert found is not None
    assert (found.draft.level, found.row_version, found.saved_by) == (3, 1, "Ana")


def test_a_version_of_another_network_cannot_be_rated_on(
    store: Store, south: Network, version: RubricVersion, sql: PlainSql
) -> None:
    with pytest.raises(NotAllowedError), store.write(staff_of(south)) as repository:
        repository.save_rating(a_key(), RatingDraft(1), base=0, version=version, by="Sol", now=NOW)
    assert sql.value(f"SELECT count(*) FROM ratings WHERE network_id = {south.id}") == 0


def test_the_database_refuses_a_rating_that_joins_two_networks(
    store: Store, network: Network, south: Network, sql: PlainSql
) -> None:
    with store.read(staff_of(south)) as repository:
        theirs = repository.partnership("ash")
        their_autumn = repository.convening_on(AUTUMN)
    assert theirs is not None
    assert their_autumn is not None
    for change in (f"partnership_id = {theirs.id}", f"convening_id = {their_autumn.id}", f"network_id = {south.id}"):
        with pytest.raises(Exception, match=r"(?i)foreign key"):
            sql.run(f"UPDATE ratings SET {change} WHERE network_id = {network.id}")


def test_a_change_in_one_network_leaves_the_revision_of_the_other(
    store: Store, network: Network, south: Network
) -> None:
    with store.read(staff_of(south)) as repository:
        before = repository.revision()
    with store.write(staff_of(network)) as repository:
        repository.add_partnership("oak", "Oak")
    with store.read(staff_of(south)) as repository:
        assert repository.revision() == before
