"""What a partnership told beside its levels, read in one go over all convenings."""

from datetime import date

import pytest

from progressions.errors import NotAllowedError
from progressions.people import Access, Network, Principal
from progressions.ratings import Hindsight, NextStep, RatingDraft, Reason, StepState, Told
from progressions.rubric import RubricVersion
from progressions.store import Store
from tests.factories import AUTUMN, NOW, SPRING, a_key, a_network, a_published_rubric, reworded, staff_of
from tests.plain_sql import PlainSql

STEP = NextStep("Share the protocol", "Ana", date(2026, 9, 1), StepState.DONE)
LOOK = Hindsight(SPRING, 1)


@pytest.fixture
def told(store: Store, network: Network, version: RubricVersion) -> RubricVersion:
    """Ash told something of three domains, one of them on new words; Birch of one."""
    newer = a_published_rubric(store, network, reworded(version.rubric, "lea-2"))
    said = {
        a_key("lea-1"): (RatingDraft(2, next_step=STEP), version),
        a_key("lea-3"): (RatingDraft(3, "only evidence", convinced="and this"), version),
        a_key("lea-2", held_on=AUTUMN): (RatingDraft(3, reason=Reason.PEOPLE, hindsight=LOOK), newer),
        a_key("lea-1", held_on=AUTUMN): (RatingDraft(None, comes_back=True, next_step=NextStep("Look")), newer),
        a_key("lea-1", "birch"): (RatingDraft(4, next_step=STEP), version),
    }
    with store.write(staff_of(network)) as repository:
        for key, (draft, words) in said.items():
            repository.save_rating(key, draft, base=0, version=words, by="Ana", now=NOW)
    return newer


def test_what_was_told_comes_with_its_words_in_the_order_of_convenings_and_rubric(
    store: Store, network: Network, told: RubricVersion, sql: PlainSql
) -> None:
    with store.read(staff_of(network)) as repository:
        found = repository.told_of("ash")
        assert repository.told_of("oak") == ()
    assert found == (
        Told("ash", SPRING, "lea", "lea-1", 1, None, STEP, None),
        Told("ash", AUTUMN, "lea", "lea-1", 1, None, NextStep("Look"), None),
        Told("ash", AUTUMN, "lea", "lea-2", told.number, Reason.PEOPLE, NextStep(), LOOK),
    )
    beside = "next_step <> '' OR reason IS NOT NULL OR hindsight_level IS NOT NULL"
    assert sql.value(f"SELECT count(*) FROM ratings WHERE {beside}") == len(found) + 1


def test_a_member_reads_their_own_partnership_alone(store: Store, network: Network, told: RubricVersion) -> None:
    assert told.number == 2
    with store.read(Principal(2, "Max", network, Access.MEMBER, "birch")) as repository:
        assert [each.partnership for each in repository.told_of("birch")] == ["birch"]
        with pytest.raises(NotAllowedError):
            repository.told_of("ash")


def test_another_network_reads_nothing_of_it(store: Store, told: RubricVersion) -> None:
    assert told.number == 2
    with store.read(staff_of(a_network(store, "south", "Network South"))) as repository:
        assert repository.told_of("ash") == ()
