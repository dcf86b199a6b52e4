"""The whole of it, long and wide: what goes out comes back as all unchanged, and no cell is a formula."""

import csv
import io
import re
import zipfile
from datetime import date

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from progressions.errors import NotAllowedError
from progressions.people import Access, Principal
from progressions.ratings import LevelWrite, NextStep, RatingDraft, RatingKey
from progressions.services import exports, imports, start
from progressions.services.exports import ExportLayout
from progressions.services.imports import Preview
from progressions.settings import ReadLimits
from progressions.store import Store
from tests import factories
from tests.factories import AUTUMN, NOW, SPRING, a_key, make_rubric, published

BOTH = pytest.mark.parametrize("layout", list(ExportLayout))
FORM = pytest.mark.parametrize("form", exports.FORMS)


def rate(store: Store, who: Principal, key: RatingKey, draft: RatingDraft) -> None:
    with store.write(who) as repository:
        version = repository.rubric_version(key.rubric)
        assert version is not None
        repository.save_rating(key, draft, base=0, version=version, by="Ana", now=NOW)


def again(store: Store, who: Principal, content: bytes, form: str) -> Preview:
    shown = imports.preview(store, who, content, f"export.{form}", None, ReadLimits())
    assert isinstance(shown, Preview), shown.unsure
    return shown


@BOTH
@FORM
def test_an_export_comes_back_as_all_unchanged(sqlite_store: Store, staff: Principal, form: str, layout: str) -> None:
    with sqlite_store.write(staff) as repository:
        published(repository, make_rubric(code="ihe"))  # with the same titles of domains as "lea"
    rate(sqlite_store, staff, a_key("lea-1"), RatingDraft(3, "=seen", NextStep("visit", "Ann", AUTUMN)))
    rate(sqlite_store, staff, a_key("lea-2"), RatingDraft(None, "talked about"))
    rate(sqlite_store, staff, a_key("lea-3", "birch", AUTUMN), RatingDraft(1))
    rate(sqlite_store, staff, a_key("ihe-1", rubric="ihe"), RatingDraft(4))
    shown = again(sqlite_store, staff, exports.ratings_file(sqlite_store, staff, form, layout, now=NOW), form)
    assert shown.plan.nothing_to_do
    assert (shown.plan.counts.unchanged, shown.plan.counts.rejected) == (3, 0)
    assert (shown.plan.new_partnerships, shown.plan.new_convenings) == ((), ())


def test_the_wide_export_has_a_row_for_each_partnership_and_convening(sqlite_store: Store, staff: Principal) -> None:
    for key, level in ((a_key("lea-1"), 3), (a_key("lea-3"), 1), (a_key("lea-2", "birch"), 4)):
        rate(sqlite_store, staff, key, RatingDraft(level))
    content = exports.ratings_file(sqlite_store, staff, "csv", "wide", now=NOW).decode("utf-8-sig")
    assert list(csv.reader(io.StringIO(content, newline=""))) == [
        ["partnership code", "partnership", "convening date", "convening", "Domain 1", "Domain 2", "Domain 3"],
        ["ash", "Ash County", "2026-03-05", "Spring", "3", "", "1"],
        ["birch", "Birch Valley", "2026-03-05", "Spring", "", "4", ""],
    ]


@FORM
def test_a_domain_that_has_gone_stays_in_the_wide_export_and_is_not_read_as_another(
    sqlite_store: Store, staff: Principal, form: str
) -> None:
    rate(sqlite_store, staff, a_key("lea-3"), RatingDraft(2))
    rate(sqlite_store, staff, a_key("lea-1"), RatingDraft(1))
    with sqlite_store.write(staff) as repository:
        published(repository, make_rubric(domains=2))
    content = exports.ratings_file(sqlite_store, staff, form, "wide", now=NOW)
    if form == "csv":
        assert content.decode("utf-8-sig").splitlines()[0].endswith(",Previous: lea: Domain 3")
    shown = again(sqlite_store, staff, content, form)
    assert (shown.plan.counts.unchanged, shown.plan.counts.new, shown.plan.counts.rejected) == (1, 0, 0)


@BOTH
def test_an_export_of_invented_data_says_so(sqlite_store: Store, layout: str) -> None:
    example = start.load_example(sqlite_store, NOW)
    who = start.system_principal(example)
    content = exports.ratings_file(sqlite_store, who, "csv", layout, now=NOW)
    assert content.decode("utf-8-sig").lower().startswith("invented example")
    assert again(sqlite_store, who, content, "csv").plan.nothing_to_do


def test_another_form_or_layout_does_not_exist(sqlite_store: Store, staff: Principal, member: Principal) -> None:
    for who, form, layout in ((staff, "pdf", "long"), (staff, "csv", "tall"), (member, "csv", "wide")):
        with pytest.raises(NotAllowedError):
            exports.ratings_file(sqlite_store, who, form, layout, now=NOW)


HOSTILE = st.sampled_from(
    ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", '=HYPERLINK("http://x","y")', "#N/A", "'=1", "=", "--"]
)
TEXT = HOSTILE | st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=10)


@given(TEXT.filter(str.strip), TEXT, TEXT, TEXT)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_exported_cell_is_a_formula(
    sqlite_store: Store, title: str, convening: str, evidence: str, next_step: str
) -> None:
    who = fresh_network(sqlite_store)
    with sqlite_store.write(who) as repository:
        repository.add_partnership("own", title)
        repository.add_convening(date(2025, 5, 5), convening)
    key = RatingKey("own", date(2025, 5, 5), "lea", "lea-1")
    rate(sqlite_store, who, key, RatingDraft(2, evidence, NextStep(next_step, evidence)))
    for layout in ExportLayout:
        book = exports.ratings_file(sqlite_store, who, "xlsx", layout, now=NOW)
        with zipfile.ZipFile(io.BytesIO(book)) as archive:
            xml = archive.read("xl/worksheets/sheet1.xml")
        assert not re.search(rb"<f[ >/]", xml)
        kinds = {c.data_type for row in openpyxl.load_workbook(io.BytesIO(book)).worksheets[0].iter_rows() for c in row}
        assert "f" not in kinds
        table = exports.ratings_file(sqlite_store, who, "csv", layout, now=NOW).decode("utf-8-sig")
        fields = [field for row in csv.reader(io.StringIO(table, newline="")) for field in row]
        assert not [field for field in fields if field.startswith(("=", "+", "-", "@", "\t", "\r"))]


LEVELS = st.dictionaries(
    st.builds(a_key, st.sampled_from(["lea-1", "lea-2", "lea-3"]), st.sampled_from(["ash", "birch"]),
              st.sampled_from([SPRING, AUTUMN])),
    st.integers(1, 4),
    min_size=1,
)  # fmt: skip


@given(LEVELS, st.sampled_from(list(ExportLayout)), st.sampled_from(exports.FORMS))
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_an_export_into_an_empty_network_is_the_same_ratings(
    sqlite_store: Store, levels: dict[RatingKey, int], layout: ExportLayout, form: str
) -> None:
    first, second = fresh_network(sqlite_store), fresh_network(sqlite_store)
    with sqlite_store.write(first) as repository:
        batch = repository.add_batch(file_name="x", sha256="x", mapping="{}", counts="{}", by="Ana", now=NOW)
        writes = [LevelWrite(key, level, 0) for key, level in levels.items()]
        repository.save_levels(writes, batch_id=batch, by="Ana", now=NOW)
    shown = again(sqlite_store, second, exports.ratings_file(sqlite_store, first, form, layout, now=NOW), form)
    imports.confirm(sqlite_store, second, shown, NOW)
    with sqlite_store.read(second) as repository:
        assert {k: level for k, (level, _) in repository.stored_levels().items()} == levels


def fresh_network(store: Store) -> Principal:
    """A furnished network for each example of a property."""
    with store.read_directory() as directory:
        number = len(directory.networks())
    network = factories.a_network(store, f"n{number}", f"Network {number}")
    factories.a_furnished_network(store, network)
    return Principal(1, "Sam", network, Access.STAFF)
