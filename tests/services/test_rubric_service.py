"""Publishing through the service, from real bytes."""

from dataclasses import replace

import pytest

from progressions.errors import FileRefusedError, NotAllowedError, UserError
from progressions.people import Network, Principal
from progressions.ratings import RatingDraft
from progressions.rubric import Origin
from progressions.services import imports, rubrics
from progressions.settings import ReadLimits
from progressions.sheets.writing import rubric_workbook
from progressions.store import Store
from tests.factories import NOW, a_key, make_rubric, reworded, staff_of

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


def _recoded(*words: str) -> bytes:
    """The rubric with "new-1" in place of "lea-1", and another wording of the domains named."""
    rubric = reworded(make_rubric(), *words)
    first = replace(rubric.domains[0], code="new-1")
    return rubric_workbook([replace(rubric, domains=(first, *rubric.domains[1:]))], "made for a test")


def test_ratings_follow_a_domain_that_staff_say_has_a_new_code(sqlite_store: Store, staff: Principal) -> None:
    with sqlite_store.write(staff) as repository:
        version = repository.rubric_version("lea")
        assert version is not None
        repository.save_rating(a_key("lea-1"), RatingDraft(3), base=0, version=version, by="Ana", now=NOW)
    checked = rubrics.preview(sqlite_store, staff, _recoded("lea-2"), "r.xlsx", LIMITS)
    said = {"lea": {"new-1": "lea-1"}}
    rubrics.publish(sqlite_store, staff, checked, NOW, came_from=said)
    latest = rubrics.version(sqlite_store, staff, "lea")
    assert latest is not None
    assert (latest.number, [d.code for d in latest.rubric.domains]) == (2, ["lea-1", "lea-2", "lea-3"])
    with sqlite_store.read(staff) as repository:
        (fact,) = repository.facts("lea")
    assert (fact.domain, fact.level, fact.wording) == ("lea-1", 3, latest.wordings["lea-1"])
    assert rubrics.preview(sqlite_store, staff, _recoded("lea-2"), "r.xlsx", LIMITS).changes_nothing
    own = rubrics.workbook(sqlite_store, staff, NOW)
    assert rubrics.preview(sqlite_store, staff, own, "own.xlsx", LIMITS).changes_nothing


def test_a_domain_with_a_new_code_is_found_by_either_code_and_asked_about_once(
    sqlite_store: Store, staff: Principal
) -> None:
    said = {"lea": {"new-1": "lea-1"}}
    checked = rubrics.preview(sqlite_store, staff, _recoded("lea-2"), "r.xlsx", LIMITS)
    rubrics.publish(sqlite_store, staff, checked, NOW, came_from=said)
    rows = (
        "partnership,date,rubric,domain,level",
        "Ash County,2026-03-05,lea,NEW-1,2",
        "Birch Valley,2026-03-05,lea,lea-1,3",
    )
    table = "\n".join(rows).encode()
    shown = imports.preview(sqlite_store, staff, table, "levels.csv", None, LIMITS)
    assert isinstance(shown, imports.Preview)
    assert sorted((c.cell.partnership_code, c.cell.domain, c.cell.level) for c in shown.plan.cells) == [
        ("ash", "lea-1", 2),
        ("birch", "lea-1", 3),
    ]
    later = rubrics.preview(sqlite_store, staff, _recoded("lea-2", "lea-3"), "later.xlsx", LIMITS)
    assert later.doubts == ()
    (plan,) = later.plans
    assert (plan.gone, plan.came_from) == ((), {"new-1": "lea-1"})
    assert plan.with_origin(Origin.REWORDED) == ("lea-3",)


def test_a_likely_new_code_is_asked_about_and_never_taken_silently(sqlite_store: Store, staff: Principal) -> None:
    checked = rubrics.preview(sqlite_store, staff, _recoded(), "r.xlsx", LIMITS)
    (doubt,) = checked.doubts
    assert "“new-1”" in doubt
    assert "“lea-1”" in doubt
    with pytest.raises(UserError, match="new-1"):
        rubrics.publish(sqlite_store, staff, checked, NOW)
    assert len(rubrics.versions(sqlite_store, staff, "lea")) == 1
    rubrics.publish(sqlite_store, staff, checked, NOW, confirmed=True)
    latest = rubrics.version(sqlite_store, staff, "lea")
    assert latest is not None
    assert latest.origins["new-1"] is Origin.NEW


def test_an_unrelated_file_of_the_same_code_is_not_published_unasked(sqlite_store: Store, staff: Principal) -> None:
    text = b"code,domain,1 Low,2 High\nz-1,Parking,none,plenty\n"
    checked = rubrics.preview(sqlite_store, staff, text, "lea.csv", LIMITS)
    with pytest.raises(UserError, match="of its 3 domains 3 would be gone"):
        rubrics.publish(sqlite_store, staff, checked, NOW)
    rubrics.publish(sqlite_store, staff, checked, NOW, confirmed=True)
    assert len(rubrics.versions(sqlite_store, staff, "lea")) == 2


@pytest.mark.usefixtures("north")
def test_only_staff_say_what_a_domain_came_from(sqlite_store: Store, facilitator: Principal) -> None:
    checked = rubrics.check_file(_recoded(), "r.xlsx", LIMITS)
    with pytest.raises(NotAllowedError):
        rubrics.planned(sqlite_store, facilitator, checked, {"lea": {"new-1": "lea-1"}})
