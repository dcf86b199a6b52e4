"""What changed since one change in the history, for whoever keeps what was read before."""

import sqlite3
from collections import Counter
from dataclasses import replace

import pytest

from progressions.errors import NotAllowedError
from progressions.people import Access, Network, Principal
from progressions.ratings import RatingDraft
from progressions.rubric import RubricVersion
from progressions.store import Store
from tests.factories import SPRING, a_key, a_network, a_published_rubric, make_rubric, staff_of
from tests.store.test_saving_ratings import save

ANY = 100


def member_of(network: Network, partnership: str = "ash") -> Principal:
    return Principal(3, "Max", network, Access.MEMBER, partnership)


def latest(store: Store, network: Network) -> int:
    with store.read(staff_of(network)) as repository:
        return repository.latest_change()


def test_the_facts_since_a_change_are_those_that_changed_after_it_as_they_are_now(
    store: Store, network: Network, version: RubricVersion
) -> None:
    save(store, network, version, RatingDraft(1), base=0)
    save(store, network, version, RatingDraft(2), base=0, key=a_key("lea-2"))
    then = latest(store, network)
    save(store, network, version, RatingDraft(3), base=1)
    save(store, network, version, RatingDraft(4), base=2)
    save(store, network, version, RatingDraft(None, "taken back"), base=1, key=a_key("lea-2"))
    with store.read(staff_of(network)) as repository:
        since = repository.facts_since(then, ANY)
        everything = repository.facts()
    assert since is not None
    assert since.facts == [fact for fact in everything if fact.domain == "lea-1"]
    assert [fact.level for fact in since.facts] == [4]
    assert since.gone == [a_key("lea-2")]
    assert since.change == latest(store, network)


def test_nothing_since_is_nothing_and_too_much_is_not_told(
    store: Store, network: Network, version: RubricVersion
) -> None:
    assert latest(store, network) == 0
    save(store, network, version, RatingDraft(1), base=0)
    save(store, network, version, RatingDraft(1), base=0, key=a_key("lea-2"))
    now = latest(store, network)
    with store.read(staff_of(network)) as repository:
        since = repository.facts_since(now, ANY)
        assert since is not None
        assert (since.change, since.facts, since.gone) == (now, [], [])
        assert repository.facts_since(0, 1) is None
        assert repository.places_since(0, 1) is None
        assert repository.attendance_since(0, 1) is None


def test_another_networks_changes_are_none_of_ones_own(store: Store, network: Network, version: RubricVersion) -> None:
    save(store, network, version, RatingDraft(1), base=0)
    then = latest(store, network)
    other = a_network(store, "south", "Network South")
    with store.write(staff_of(other)) as repository:
        repository.add_partnership("ash", "Ash of the south")
        repository.add_convening(SPRING, "")
    save(store, other, a_published_rubric(store, other), RatingDraft(3), base=0)
    assert latest(store, network) == then < latest(store, other)
    with store.read(staff_of(network)) as repository:
        since = repository.facts_since(then, ANY)
        assert since is not None
        assert (since.change, since.facts) == (then, [])
        assert repository.places_since(then, ANY) == (then, frozenset())
        assert repository.facts_since(then, 0) is not None  # not even as too much


def test_a_member_is_told_of_the_own_partnership_and_of_others_only_where_something_changed(
    store: Store, network: Network, version: RubricVersion
) -> None:
    then = latest(store, network)
    save(store, network, version, RatingDraft(2), base=0)
    save(store, network, version, RatingDraft(3), base=0, key=a_key(partnership="birch"))
    with store.read(member_of(network)) as repository:
        since = repository.facts_since(then, ANY)
        assert since is not None
        assert [(fact.partnership, fact.level) for fact in since.facts] == [("ash", 2)]
        assert since.change == latest(store, network)
        assert repository.places_since(then, ANY) == (since.change, frozenset({("lea", SPRING)}))
        attended = repository.attendance_since(then, ANY)
        assert attended is not None
        assert attended[1] == frozenset(repository.attendance())
        assert all(name == "ash" or name.startswith("#") for name, _ in attended[1])


def test_a_rater_is_told_of_no_rating(store: Store, network: Network, version: RubricVersion) -> None:
    save(store, network, version, RatingDraft(2), base=0)
    with store.read(replace(member_of(network), access=Access.RATER)) as repository, pytest.raises(NotAllowedError):
        repository.facts_since(0, ANY)


def test_where_a_rating_was_taken_back_attendance_is_read_anew(
    store: Store, network: Network, version: RubricVersion
) -> None:
    save(store, network, version, RatingDraft(2), base=0)
    then = latest(store, network)
    save(store, network, version, RatingDraft(None), base=1)
    with store.read(staff_of(network)) as repository:
        assert repository.attendance_since(then, ANY) is None
        assert repository.attendance() == ()


def test_what_is_new_is_found_without_reading_every_rating(sqlite_store: Store) -> None:
    few, many = (_steps_to_the_last(sqlite_store, f"of-{rated}", rated) for rated in (30, 300))
    assert 0 < many < 2 * few


def _steps_to_the_last(store: Store, code: str, rated: int) -> int:
    """The steps of SQLite's own machine on the way to the last save, in a network where so many domains are rated."""
    network = a_network(store, code, code)
    version = a_published_rubric(store, network, make_rubric(300))
    with store.write(staff_of(network)) as repository:
        repository.add_partnership("ash", "Ash")
        repository.add_convening(SPRING, "")
    for number in range(rated):
        save(store, network, version, RatingDraft(1), base=0, key=a_key(f"lea-{number + 1}"))
    then, steps = latest(store, network) - 1, Counter[str]()
    with store.read(staff_of(network)) as repository:
        plain = repository._connection.connection.driver_connection
        assert isinstance(plain, sqlite3.Connection)
        plain.set_progress_handler(lambda: steps.update(["step"]), 1)
        attended = repository.attendance_since(then, ANY)
        plain.set_progress_handler(None, 1)
    assert attended == (then + 1, {("ash", SPRING)})
    return steps["step"]
