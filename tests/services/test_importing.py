"""Past ratings in: the preview is the import, to the cell."""

import json
import sqlite3
from collections import Counter
from dataclasses import asdict
from pathlib import Path

import pandas as pd
import pytest

from progressions.errors import ChangedMeanwhileError, NotAllowedError, UserError
from progressions.people import Network, Principal
from progressions.ratings import RatingDraft
from progressions.services import exports, imports, movement, ratings, rubrics, start
from progressions.services.imports import NotUnderstood, Preview
from progressions.services.ratings import Pen
from progressions.settings import ReadLimits
from progressions.store import Store
from tests import factories, ofsted
from tests.factories import NOW, a_key
from tests.needs import shared

LIMITS = ReadLimits()
HEADER = "partnership code,partnership,convening date,convening,lea-1,lea-2,lea-3\n"


def _preview(store: Store, who: Principal, rows: str) -> Preview:
    shown = imports.preview(store, who, (HEADER + rows).encode(), "past.csv", None, LIMITS)
    assert isinstance(shown, Preview)
    return shown


def _import(store: Store, who: Principal, rows: str) -> int | None:
    return imports.confirm(store, who, _preview(store, who, rows), NOW)


def test_an_import_twice_is_an_import_once(sqlite_store: Store, staff: Principal) -> None:
    rows = "ash,Ash County,2025-03-04,Early,1,2,\nelm,Elm Town,2025-03-04,Early,3,,n/a\n"
    assert _import(sqlite_store, staff, rows) is not None
    again = _preview(sqlite_store, staff, rows)
    assert asdict(again.plan.counts) == {
        "read": 6,
        "new": 0,
        "changed": 0,
        "unchanged": 3,
        "blank": 2,
        "not_rated": 1,
        "rejected": 0,
    }
    assert imports.confirm(sqlite_store, staff, again, NOW) is None
    assert len(imports.history(sqlite_store, staff)) == 1


def test_a_blank_or_a_not_rated_never_erases(sqlite_store: Store, staff: Principal) -> None:
    _import(sqlite_store, staff, "ash,Ash County,2025-03-04,Early,1,2,3\n")
    _import(sqlite_store, staff, "ash,Ash County,2025-03-04,Early,4,,n/a\n")
    with sqlite_store.read(staff) as repository:
        assert {f.domain: f.level for f in repository.facts()} == {"lea-1": 4, "lea-2": 2, "lea-3": 3}


def test_a_partnership_that_is_missing_from_a_file_stays(sqlite_store: Store, staff: Principal) -> None:
    _import(sqlite_store, staff, "ash,Ash County,2025-03-04,Early,1,2,3\n")
    _import(sqlite_store, staff, "birch,Birch Valley,2025-03-04,Early,1,1,1\n")
    with sqlite_store.read(staff) as repository:
        assert Counter(f.partnership for f in repository.facts()) == {"ash": 3, "birch": 3}


def test_a_preview_writes_nothing(sqlite_store: Store, staff: Principal) -> None:
    _preview(sqlite_store, staff, "elm,Elm Town,2025-03-04,Early,1,2,3\n")
    with sqlite_store.read(staff) as repository:
        assert repository.partnership("elm") is None
        assert repository.facts() == []


def test_a_plan_is_not_carried_out_when_what_it_stands_on_has_changed(
    sqlite_store: Store, staff: Principal, facilitator: Principal
) -> None:
    shown = _preview(sqlite_store, staff, "ash,Ash County,2026-03-05,Spring,1,2,3\n")
    ratings.save_rating(sqlite_store, facilitator, a_key(), RatingDraft(4), base=0, pen=Pen("tab", 0), now=NOW)
    with pytest.raises(ChangedMeanwhileError):
        imports.confirm(sqlite_store, staff, shown, NOW)
    with sqlite_store.read(staff) as repository:
        assert [(f.domain, f.level) for f in repository.facts()] == [("lea-1", 4)]


def test_a_second_press_on_import_changes_nothing(sqlite_store: Store, staff: Principal) -> None:
    shown = _preview(sqlite_store, staff, "ash,Ash County,2026-03-05,Spring,1,2,3\n")
    imports.confirm(sqlite_store, staff, shown, NOW)
    with pytest.raises(ChangedMeanwhileError):
        imports.confirm(sqlite_store, staff, shown, NOW)
    assert len(imports.history(sqlite_store, staff)) == 1
    with sqlite_store.read(staff) as repository:
        assert len(repository.facts()) == 3


def test_a_rejected_cell_is_named_and_the_rest_goes_in(sqlite_store: Store, staff: Principal) -> None:
    shown = _preview(sqlite_store, staff, "ash,Ash County,2025-03-04,Early,67,2.5,3\n")
    assert (shown.plan.counts.rejected, shown.plan.counts.new) == (2, 1)
    assert sorted(cell for issue in shown.issues for cell in issue.cells) == ["E2", "F2"]
    imports.confirm(sqlite_store, staff, shown, NOW)
    with sqlite_store.read(staff) as repository:
        assert [(f.domain, f.level) for f in repository.facts()] == [("lea-3", 3)]


def test_a_sheet_with_unknown_headings_asks_for_a_mapping(sqlite_store: Store, staff: Principal) -> None:
    shown = imports.preview(sqlite_store, staff, b"a,b,c\n1,2,3\n", "x.csv", None, LIMITS)
    assert isinstance(shown, NotUnderstood)
    assert shown.unsure


def test_a_network_without_a_rubric_says_what_to_do_first(sqlite_store: Store) -> None:
    empty = start.system_principal(factories.a_network(sqlite_store, "empty", "Empty"))
    with pytest.raises(UserError, match="Publish a rubric first"):
        imports.preview(sqlite_store, empty, b"a,b\n1,2\n", "x.csv", None, LIMITS)


def test_only_staff_import(sqlite_store: Store, facilitator: Principal) -> None:
    with pytest.raises(NotAllowedError):
        imports.preview(sqlite_store, facilitator, HEADER.encode(), "x.csv", None, LIMITS)


@pytest.mark.parametrize("form", exports.FORMS)
def test_an_export_comes_back_as_all_unchanged(sqlite_store: Store, staff: Principal, form: str) -> None:
    _import(sqlite_store, staff, "ash,Ash County,2025-03-04,Early,1,2,\n=cmd,+Elm,2025-03-04,Early,3,,4\n")
    content = exports.ratings_file(sqlite_store, staff, form, now=NOW)
    shown = imports.preview(sqlite_store, staff, content, f"export.{form}", None, LIMITS)
    assert isinstance(shown, Preview)
    assert shown.plan.nothing_to_do
    assert (shown.plan.counts.unchanged, shown.plan.counts.rejected) == (4, 0)


def test_an_export_of_invented_data_says_so(sqlite_store: Store) -> None:
    example = start.load_example(sqlite_store, NOW)
    content = exports.ratings_file(sqlite_store, start.system_principal(example), "csv", now=NOW)
    assert content.decode("utf-8-sig").lower().startswith("invented example")


@pytest.fixture
def ofsted_staff(sqlite_store: Store) -> Principal:
    """A network of its own with the rubric that the public ratings are read against."""
    network: Network = factories.a_network(sqlite_store, "ofsted", "Ofsted")
    staff = start.system_principal(network)
    checked = rubrics.preview(sqlite_store, staff, ofsted.RUBRIC_CSV.encode(), ofsted.RUBRIC_FILE, LIMITS)
    rubrics.publish(sqlite_store, staff, checked, NOW)
    return staff


def _ofsted(store: Store, staff: Principal) -> Preview:
    file = shared("real", "ofsted_ilacs", "ofsted_csc_ilacs_history.csv")
    shown = imports.preview(store, staff, file.read_bytes(), file.name, ofsted.MAPPING_JSON, LIMITS)
    assert isinstance(shown, Preview)
    return shown


@pytest.mark.shared
def test_every_cell_of_the_public_ratings_is_accounted_for(sqlite_store: Store, ofsted_staff: Principal) -> None:
    first = _ofsted(sqlite_store, ofsted_staff)
    counts = asdict(first.plan.counts)
    assert counts["read"] == sum(n for name, n in counts.items() if name != "read") == 497 * 5
    assert counts["rejected"] == 2
    rejected = [i for i in first.issues if "to requires improvement" in i.message]
    assert [i.cells for i in rejected] == [("L329", "L415")]
    imports.confirm(sqlite_store, ofsted_staff, first, NOW)
    again = asdict(_ofsted(sqlite_store, ofsted_staff).plan.counts)
    assert again == {**counts, "new": 0, "unchanged": counts["new"]}


@pytest.mark.shared
def test_the_levels_of_each_domain_over_the_years_equal_what_pandas_counts_from_the_file(
    sqlite_store: Store, ofsted_staff: Principal
) -> None:
    imports.confirm(sqlite_store, ofsted_staff, _ofsted(sqlite_store, ofsted_staff), NOW)
    raw = pd.read_csv(shared("real", "ofsted_ilacs", "ofsted_csc_ilacs_history.csv"), dtype=str)
    years = pd.to_datetime(raw["publication_date"], format="%d/%m/%y").dt.year
    wanted: Counter[tuple[str, int, int]] = Counter()
    for column, domain in ofsted.COLUMNS.items():
        for year, grade in zip(years, raw[column], strict=True):
            if grade in ofsted.LEVELS:
                wanted[domain, int(year), ofsted.LEVELS[grade]] += 1
    from progressions.measures.network import levels_over_time

    frame = movement.frame_of(sqlite_store, ofsted_staff)
    days = sorted(day.date() for day in frame["held_on"].unique())
    found: Counter[tuple[str, int, int]] = Counter()
    for domain in ofsted.COLUMNS.values():
        counted = levels_over_time(frame, "ofsted", domain, days, [1, 2, 3, 4])
        for day, level, count in counted[["held_on", "level", "count"]].itertuples(index=False):
            found[domain, day.year, level] += count
    assert +found == wanted


@pytest.mark.shared
def test_sql_alone_finds_the_public_ratings_as_the_file_has_them(
    sqlite_store: Store, ofsted_staff: Principal, tmp_path: object
) -> None:
    imports.confirm(sqlite_store, ofsted_staff, _ofsted(sqlite_store, ofsted_staff), NOW)
    file = f"{tmp_path}/store.sqlite3"
    with sqlite3.connect(file) as connection:
        rows = connection.execute(
            "SELECT p.title, c.held_on, d.code, r.level FROM ratings r JOIN partnerships p ON p.id = r.partnership_id "
            "JOIN convenings c ON c.id = r.convening_id JOIN domains d ON d.id = r.domain_id WHERE p.code = '2532283'"
        ).fetchall()
    assert ("dorset", "2025-05-09", "care-leavers", 3) in rows
    assert ("dorset", "2021-11-19", "leaders", 4) in rows
    assert not [row for row in rows if row[1] == "2021-11-19" and row[2] == "care-leavers"]


def test_the_mapping_of_a_batch_is_kept_with_it(sqlite_store: Store, staff: Principal) -> None:
    _import(sqlite_store, staff, "ash,Ash County,2025-03-04,Early,1,2,3\n")
    with sqlite_store.read(staff) as repository:
        batch = repository.batches()[0]
    assert json.loads(batch.mapping)["domains"]["lea-1"] == "lea/lea-1"
    assert batch.file_name == "past.csv"


@pytest.mark.shared
def test_no_hostile_workbook_touches_the_store(sqlite_store: Store, staff: Principal, tmp_path: Path) -> None:
    folder = shared("cases", "badsheets")
    file = tmp_path / "store.sqlite3"

    def stored() -> list[tuple[str, int]]:
        with sqlite3.connect(file) as connection:
            names = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
            return [(name, connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]) for name in names]

    before, read = stored(), 0
    for bad in sorted(folder.iterdir()):
        try:
            shown = imports.preview(sqlite_store, staff, bad.read_bytes(), bad.name, None, LIMITS)
        except UserError:
            continue
        read += 1
        assert isinstance(shown, Preview | NotUnderstood)
    assert read > 0
    assert stored() == before
