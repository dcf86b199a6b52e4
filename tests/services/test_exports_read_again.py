"""Exports of rubrics that are printed from 0, and of what a rubric has lost: they come back without a question."""

import io
from dataclasses import replace

import openpyxl
import pytest

from progressions.people import Principal
from progressions.ratings import RatingDraft, RatingKey
from progressions.rubric import Rubric
from progressions.services import exports, imports, rubrics, templates
from progressions.services.exports import ExportLayout
from progressions.services.imports import Preview
from progressions.settings import ReadLimits
from progressions.store import Store
from tests.factories import NOW, a_key, make_rubric, published

LIMITS = ReadLimits()
FROM_ZERO = b"code,domain,0 - Not yet,1 - Started,2 - Under way,3 - Usual\nz-1,Trust,a,b,c,d\nz-2,Time,e,f,g,h\n"
EVERY_FILE = pytest.mark.parametrize(
    ("layout", "form"), [(layout, form) for layout in ExportLayout for form in exports.FORMS]
)


def rate(store: Store, who: Principal, levels: dict[RatingKey, int]) -> None:
    with store.write(who) as repository:
        for key, level in levels.items():
            version = repository.rubric_version(key.rubric)
            assert version is not None
            repository.save_rating(key, RatingDraft(level), base=0, version=version, by="Ana", now=NOW)


def replaced(store: Store, who: Principal, rubric: Rubric) -> None:
    with store.write(who) as repository:
        published(repository, rubric)


def again(store: Store, who: Principal, content: bytes, form: str) -> Preview:
    shown = imports.preview(store, who, content, f"export.{form}", None, LIMITS)
    assert isinstance(shown, Preview), shown.unsure
    return shown


@pytest.fixture
def from_zero(sqlite_store: Store, staff: Principal) -> Principal:
    """Staff of a network with the rubric "zero" beside "lea", every level of it rated."""
    rubrics.publish(sqlite_store, staff, rubrics.preview(sqlite_store, staff, FROM_ZERO, "zero.csv", LIMITS), NOW)
    places = [("z-1", "ash"), ("z-2", "ash"), ("z-1", "birch"), ("z-2", "birch")]
    keys = [a_key(domain, partnership, rubric="zero") for domain, partnership in places]
    rate(sqlite_store, staff, {a_key("lea-1"): 2, **{key: level for level, key in enumerate(keys, start=1)}})
    return staff


@EVERY_FILE
def test_a_rubric_printed_from_0_comes_back_as_all_unchanged(
    sqlite_store: Store, from_zero: Principal, layout: ExportLayout, form: str
) -> None:
    shown = again(sqlite_store, from_zero, exports.ratings_file(sqlite_store, from_zero, form, layout, now=NOW), form)
    counts = shown.plan.counts
    assert (counts.unchanged, counts.new, counts.changed, counts.rejected) == (5, 0, 0, 0)


def test_levels_printed_from_0_are_exported_by_name_and_others_by_number(
    sqlite_store: Store, from_zero: Principal
) -> None:
    wide = exports.ratings_file(sqlite_store, from_zero, "csv", "wide", now=NOW).decode("utf-8-sig").splitlines()
    assert wide[1] == "ash,Ash County,2026-03-05,Spring,2,,,0 - Not yet,1 - Started"


def test_a_template_offers_levels_printed_from_0_by_their_names(sqlite_store: Store, from_zero: Principal) -> None:
    book = openpyxl.load_workbook(io.BytesIO(templates.ratings_template(sqlite_store, from_zero, NOW)))
    offered = [cell.value for cell in book["Levels"]["A"] if cell.value]
    assert offered[-4:] == ["0 - Not yet", "1 - Started", "2 - Under way", "3 - Usual"]
    assert "1 Exploring" in offered
    sheet = book["Ratings"]
    columns = {cell.value: cell.column for cell in sheet[1]}
    for name, text in (("Trust", offered[-4]), ("Time", offered[-3]), ("Domain 1", "2 Trying")):
        sheet.cell(2, columns[name]).value = text
    filled = io.BytesIO()
    book.save(filled)
    assert again(sqlite_store, from_zero, filled.getvalue(), "xlsx").plan.counts.unchanged == 3


def test_rejected_rows_of_a_rubric_printed_from_0_come_back_mended(sqlite_store: Store, from_zero: Principal) -> None:
    file = b"partnership code,partnership,convening date,Trust,Time\nash,Ash County,2026-03-05,0 - Not yet,1\n"
    shown = again(sqlite_store, from_zero, file, "csv")
    assert (shown.plan.counts.unchanged, shown.plan.counts.rejected) == (1, 1)
    book = openpyxl.load_workbook(io.BytesIO(imports.rejected_workbook(sqlite_store, from_zero, shown, NOW)))
    sheet = book.worksheets[0]
    assert [sheet.cell(2, 4).value, sheet.cell(2, 5).value] == ["0 - Not yet", "1"]
    sheet.cell(2, 5).value = "1 - Started"
    mended = io.BytesIO()
    book.save(mended)
    counts = again(sqlite_store, from_zero, mended.getvalue(), "xlsx").plan.counts
    assert (counts.unchanged, counts.rejected) == (2, 0)


@EVERY_FILE
def test_ratings_of_a_domain_that_has_left_its_rubric_come_back_as_unchanged(
    sqlite_store: Store, staff: Principal, layout: ExportLayout, form: str
) -> None:
    rate(sqlite_store, staff, {a_key("lea-3"): 2, a_key("lea-1"): 1})
    replaced(sqlite_store, staff, make_rubric(domains=2))
    counts = again(
        sqlite_store, staff, exports.ratings_file(sqlite_store, staff, form, layout, now=NOW), form
    ).plan.counts  # fmt: skip
    assert (counts.new, counts.changed, counts.rejected) == (0, 0, 0)
    assert counts.unchanged == (2 if layout is ExportLayout.LONG else 1), "wide, its column is not read"


@EVERY_FILE
@pytest.mark.parametrize("from_zero_on", [False, True])
def test_ratings_on_a_level_that_is_no_more_come_back_as_unchanged(
    sqlite_store: Store, from_zero: Principal, layout: ExportLayout, form: str, *, from_zero_on: bool
) -> None:
    rate(sqlite_store, from_zero, {a_key("lea-2"): 4})
    code = "zero" if from_zero_on else "lea"
    found = rubrics.version(sqlite_store, from_zero, code)
    assert found is not None
    domains = tuple(replace(d, descriptors=d.descriptors[:3]) for d in found.rubric.domains)
    # The last name goes to the level before it: it must not be taken for that one.
    levels = (*found.rubric.levels[:2], replace(found.rubric.levels[2], name=found.rubric.levels[3].name))
    replaced(sqlite_store, from_zero, replace(found.rubric, levels=levels, domains=domains))
    shown = again(sqlite_store, from_zero, exports.ratings_file(sqlite_store, from_zero, form, layout, now=NOW), form)
    counts = shown.plan.counts
    assert (counts.unchanged, counts.new, counts.changed, counts.rejected) == (6, 0, 0, 0)


def test_another_rating_of_a_domain_or_level_that_is_no_more_is_rejected_with_its_cell(
    sqlite_store: Store, staff: Principal
) -> None:
    rate(sqlite_store, staff, {a_key("lea-3"): 2})
    replaced(sqlite_store, staff, make_rubric(domains=2, levels=3))
    rows = (
        b"partnership code,partnership,convening date,rubric,domain code,level\n"
        b"ash,Ash County,2026-03-05,lea,lea-3,2\n"
        b"ash,Ash County,2026-03-05,lea,lea-1,4\n"
        b"birch,Birch Valley,2026-03-05,lea,lea-3,2\n"
        b"birch,Birch Valley,2026-03-05,lea,lea-1,3\n"
    )
    shown = again(sqlite_store, staff, rows, "csv")
    counts = shown.plan.counts
    assert (counts.unchanged, counts.new, counts.rejected) == (1, 1, 2)
    found = {issue.code: issue for issue in shown.issues}
    assert found["former_level"].cells == ("F3",)
    assert "1 Exploring, 2 Trying, 3 Integrating" in found["former_level"].message
    assert found["former_domain"].cells == ("F4",)
    imports.confirm(sqlite_store, staff, shown, NOW)
    with sqlite_store.read(staff) as repository:
        stored = {key: level for key, (level, _) in repository.stored_levels().items()}
    assert stored == {a_key("lea-3"): 2, a_key("lea-1", "birch"): 3}


def test_a_domain_under_a_new_code_is_still_found_by_its_title(sqlite_store: Store, staff: Principal) -> None:
    rubric = make_rubric()
    replaced(
        sqlite_store, staff, replace(rubric, domains=(replace(rubric.domains[0], code="own"), *rubric.domains[1:]))
    )
    rows = b"partnership,convening date,rubric,domain,level\nAsh County,2026-03-05,lea,Domain 1,2\n"
    (cell,) = again(sqlite_store, staff, rows, "csv").plan.cells
    assert (cell.cell.domain, cell.cell.level) == ("own", 2)
