"""Publishing through the service, from real bytes."""

import pytest

from progressions.errors import FileRefusedError, NotAllowedError, UserError
from progressions.people import Network, Principal
from progressions.services import rubrics
from progressions.settings import ReadLimits
from progressions.sheets.writing import rubric_workbook
from progressions.store import Store
from tests.factories import NOW, make_rubric, reworded, staff_of

LIMITS = ReadLimits()


def _bytes(*codes: str) -> bytes:
    return rubric_workbook([reworded(make_rubric(), *codes)], "made for a test")


def test_publishing_twice_makes_one_version(sqlite_store: Store, staff: Principal) -> None:
    first = rubrics.preview(sqlite_store, staff, _bytes("lea-1"), "r.xlsx", LIMITS)
    rubrics.publish(sqlite_store, staff, first, NOW)
    again = rubrics.preview(sqlite_store, staff, _bytes("lea-1"), "r.xlsx", LIMITS)
    assert again.changes_nothing
    rubrics.publish(sqlite_store, staff, again, NOW)
    assert [v.number for v in rubrics.versions(sqlite_store, staff, "lea")] == [1, 2]


def test_an_older_version_keeps_its_words(sqlite_store: Store, staff: Principal) -> None:
    changed = rubrics.preview(sqlite_store, staff, _bytes("lea-1"), "r.xlsx", LIMITS)
    rubrics.publish(sqlite_store, staff, changed, NOW)
    old = rubrics.version(sqlite_store, staff, "lea", 1)
    new = rubrics.version(sqlite_store, staff, "lea")
    assert old is not None
    assert new is not None
    assert old.rubric.domain("lea-1").descriptors[0] == "what is seen in 1 at 1"
    assert new.rubric.domain("lea-1").descriptors[0] == "what is seen in 1 at 1, said anew"


def test_a_preview_writes_nothing(sqlite_store: Store, staff: Principal) -> None:
    rubrics.preview(sqlite_store, staff, _bytes("lea-1", "lea-2"), "r.xlsx", LIMITS)
    assert len(rubrics.versions(sqlite_store, staff, "lea")) == 1


def test_a_file_with_errors_is_not_published(sqlite_store: Store, staff: Principal) -> None:
    text = b"code,domain,1 Low,2 High\na,First,x,y\na,Again,x,y\n"
    checked = rubrics.preview(sqlite_store, staff, text, "r.csv", LIMITS)
    assert not checked.ok
    with pytest.raises(UserError):
        rubrics.publish(sqlite_store, staff, checked, NOW)


def test_a_file_that_is_no_workbook_is_refused(sqlite_store: Store, staff: Principal) -> None:
    with pytest.raises(FileRefusedError):
        rubrics.preview(sqlite_store, staff, b"\x89PNG\r\n\x1a\n" + bytes(100), "r.xlsx", LIMITS)


@pytest.mark.usefixtures("north")
def test_only_staff_publish(sqlite_store: Store, facilitator: Principal) -> None:
    with pytest.raises(NotAllowedError):
        rubrics.preview(sqlite_store, facilitator, _bytes(), "r.xlsx", LIMITS)


def test_the_workbook_of_a_network_comes_back_as_nothing_to_do(sqlite_store: Store, staff: Principal) -> None:
    content = rubrics.workbook(sqlite_store, staff, NOW)
    assert rubrics.preview(sqlite_store, staff, content, "again.xlsx", LIMITS).changes_nothing


def test_the_shipped_rubrics_are_published_in_a_new_network(sqlite_store: Store, north: Network) -> None:
    rubrics.publish_shipped(sqlite_store, staff_of(north), NOW)
    with sqlite_store.read(staff_of(north)) as repository:
        found = {v.rubric.code: v for v in repository.latest_rubrics()}
    assert {"ihe", "lea", "partnership"} <= set(found)
    assert sum(len(found[code].rubric.domains) for code in ("ihe", "lea", "partnership")) == 24
    assert found["lea"].number == 2, "the furnished network had a rubric of that code before"
