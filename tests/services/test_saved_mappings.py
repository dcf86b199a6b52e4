"""A mapping that a network has kept reads the next file with the same headings."""

from dataclasses import replace

import pytest

from progressions.errors import NotAllowedError, UserError
from progressions.people import Principal
from progressions.services import imports, mappings
from progressions.services.imports import Preview
from progressions.settings import ReadLimits
from progressions.sheets.mapping import ConveningSource, DomainRef, RatingsMapping, read_mapping, write_mapping
from progressions.store import Store
from tests.factories import NOW

OWN = RatingsMapping(
    partnership="Who",
    partnership_code="Key",
    convening=ConveningSource(column="When"),
    day_first=True,
    domains={"Q7": DomainRef("lea", "lea-1"), "Q9": DomainRef("lea", "lea-2")},
    levels={"red": 1, "amber": 2},
)


def preview(store: Store, who: Principal, text: str, mapping: str | None = None) -> object:
    return imports.preview(store, who, text.encode(), "own.csv", mapping, ReadLimits())


def test_a_kept_mapping_is_used_again_in_any_column_order(sqlite_store: Store, staff: Principal) -> None:
    first = preview(
        sqlite_store, staff, "Key,Who,When,Q7,Q9\nash,Ash County,05/03/2026,red,amber\n", write_mapping(OWN)
    )
    assert isinstance(first, Preview)
    mappings.save_mapping(sqlite_store, staff, "Survey", first.mapping, NOW)
    again = preview(sqlite_store, staff, "Q9,When,q7 ,KEY,Who\namber,05/03/2026,red,ash,Ash County\n")
    assert isinstance(again, Preview)
    assert again.guess is not None
    assert again.guess.is_saved
    assert {(c.cell.domain, c.cell.level) for c in again.plan.cells} == {("lea-1", 1), ("lea-2", 2)}
    mappings.save_mapping(sqlite_store, staff, "Another", replace(OWN, levels={"red": 4}), NOW)
    assert mappings.used_again(sqlite_store, staff, again.guess) == "Survey"
    assert mappings.used_again(sqlite_store, staff, None) == ""


def test_mappings_are_kept_by_title_and_can_be_forgotten(sqlite_store: Store, staff: Principal) -> None:
    mappings.save_mapping(sqlite_store, staff, "  Survey \n 2024 ", OWN, NOW)
    mappings.save_mapping(sqlite_store, staff, "Survey 2024", OWN, NOW)
    (kept,) = mappings.mappings(sqlite_store, staff)
    assert (kept.title, kept.saved_by, kept.saved_at) == ("Survey 2024", "Sam", NOW)
    assert read_mapping(kept.mapping) == OWN
    mappings.forget_mapping(sqlite_store, staff, "Survey 2024", NOW)
    assert mappings.mappings(sqlite_store, staff) == ()
    with pytest.raises(NotAllowedError):
        mappings.forget_mapping(sqlite_store, staff, "Survey 2024", NOW)


@pytest.mark.parametrize("title", ["", "  ", "x" * (mappings.LONGEST_TITLE + 1)])
def test_a_title_that_cannot_be_used_is_refused(sqlite_store: Store, staff: Principal, title: str) -> None:
    with pytest.raises(UserError, match="1 to 120 characters"):
        mappings.save_mapping(sqlite_store, staff, title, OWN, NOW)
    mappings.save_mapping(sqlite_store, staff, "x" * mappings.LONGEST_TITLE, OWN, NOW)


def test_a_kept_mapping_that_can_no_longer_be_read_is_passed_over(sqlite_store: Store, staff: Principal) -> None:
    with sqlite_store.write(staff) as repository:
        repository.save_mapping("Old", '{"no": "mapping"}', "[]", by="Ana", now=NOW)
        assert mappings.kept_mappings(repository) == ()
    rows = "partnership,date,lea-1\nAsh County,2026-03-05,2\n"
    assert isinstance(preview(sqlite_store, staff, rows), Preview)


def test_only_staff_keep_mappings(sqlite_store: Store, facilitator: Principal) -> None:
    with pytest.raises(NotAllowedError):
        mappings.save_mapping(sqlite_store, facilitator, "Survey", OWN, NOW)
    with pytest.raises(NotAllowedError):
        mappings.mappings(sqlite_store, facilitator)
