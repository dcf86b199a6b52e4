"""The plan of an import: each cell has one outcome, and nothing that is stored is erased."""

from collections import Counter
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from progressions.imports import Counts, ImportPlan, Outcome, plan_import
from progressions.issues import Issue, Severity
from progressions.ratings import RatingKey
from progressions.ratings_read import CellKind, RatingsRead, ReadCell

OCTOBER = date(2024, 10, 1)


def a_cell(
    level: int | None = 2,
    *,
    kind: CellKind | None = None,
    code: str = "alder",
    title: str = "Alder",
    held_on: date | None = OCTOBER,
    domain: str = "ihe-1",
    convening: str = "",
    problem: str = "",
    column: str = "D",
) -> ReadCell:
    chosen = kind or (CellKind.BLANK if level is None else CellKind.LEVEL)
    return ReadCell(
        "Ratings", column, 2, code, title, held_on, convening, "ihe", domain, chosen, level, str(level), problem
    )


def a_read(*cells: ReadCell, issues: tuple[Issue, ...] = ()) -> RatingsRead:
    return RatingsRead(cells, issues, len(cells))


def key(code: str = "alder", domain: str = "ihe-1", held_on: date = OCTOBER) -> RatingKey:
    return RatingKey(code, held_on, "ihe", domain)


def plan(*cells: ReadCell, stored: dict[RatingKey, tuple[int | None, int]] | None = None) -> ImportPlan:
    return plan_import(a_read(*cells), stored or {}, {}, {})


@pytest.mark.parametrize(
    ("stored", "outcome", "old", "base"),
    [
        ({}, Outcome.NEW, None, 0),
        ({key(): (2, 7)}, Outcome.UNCHANGED, 2, 7),
        ({key(): (3, 7)}, Outcome.CHANGED, 3, 7),
        ({key(): (None, 7)}, Outcome.NEW, None, 7),
        ({key(domain="ihe-2"): (2, 7)}, Outcome.NEW, None, 0),
    ],
)
def test_a_level_is_set_against_what_is_stored(
    stored: dict[RatingKey, tuple[int | None, int]], outcome: Outcome, old: int | None, base: int
):
    (planned,) = plan(a_cell(2), stored=stored).cells
    assert (planned.outcome, planned.old_level, planned.base) == (outcome, old, base)


@pytest.mark.parametrize(
    ("kind", "outcome"),
    [(CellKind.BLANK, Outcome.BLANK), (CellKind.NOT_RATED, Outcome.NOT_RATED), (CellKind.REJECTED, Outcome.REJECTED)],
)
def test_a_cell_without_a_level_never_erases_one(kind: CellKind, outcome: Outcome):
    made = plan(a_cell(None, kind=kind), stored={key(): (3, 1)})
    assert [planned.outcome for planned in made.cells] == [outcome]
    assert made.nothing_to_do


def test_not_rated_where_a_level_is_stored_is_said():
    made = plan(a_cell(None, kind=CellKind.NOT_RATED), a_cell(None, domain="ihe-2"), stored={key(): (3, 1)})
    assert [(issue.code, issue.cells) for issue in made.issues] == [("kept_level", ("D2",))]
    assert plan(a_cell(None, kind=CellKind.NOT_RATED)).issues == ()


def test_a_repeated_cell_is_written_once():
    made = plan(a_cell(2), a_cell(2, problem="repeated"))
    assert [planned.outcome for planned in made.cells] == [Outcome.NEW, Outcome.UNCHANGED]


def test_counts_that_do_not_add_up_are_refused():
    assert Counts(read=2, new=1, blank=1).read == 2
    with pytest.raises(ValueError, match="3 cells read, 2 accounted for"):
        Counts(read=3, new=1, blank=1)


def test_new_partnerships_and_convenings_are_those_of_writes():
    cells = (
        a_cell(1, convening="Fall"),
        a_cell(2, code="birch", title="Birch", held_on=date(2025, 1, 15)),
        a_cell(None, code="cedar", title="Cedar", held_on=date(2025, 4, 1)),
    )
    made = plan_import(a_read(*cells), {}, {"birch": "Birch"}, {date(2025, 1, 15): "Winter"})
    assert made.new_partnerships == (("alder", "Alder"),)
    assert made.new_convenings == ((OCTOBER, "Fall"),)
    assert (made.partnerships, made.convenings, made.domains) == (3, 3, 1)


def test_a_code_in_another_case_is_the_stored_partnership():
    made = plan_import(a_read(a_cell(2, code="ALDER")), {key(): (2, 1)}, {"alder": "Alder"}, {})
    assert [planned.outcome for planned in made.cells] == [Outcome.UNCHANGED]
    assert made.new_partnerships == ()


def test_another_title_than_the_stored_one_is_said_and_the_stored_one_stays():
    made = plan_import(a_read(a_cell(title="Alder Valley")), {}, {"alder": "Alder"}, {})
    assert [issue.code for issue in made.issues] == ["other_title"]
    assert "stored as “Alder”; the file calls it “Alder Valley”" in made.issues[0].message
    assert plan_import(a_read(a_cell(title=" ALDER ")), {}, {"alder": "Alder"}, {}).issues == ()


def test_issues_of_reading_and_planning_stand_together_errors_first():
    note = Issue("n", Severity.NOTE, "A note.")
    error = Issue("e", Severity.ERROR, "An error.")
    read = a_read(a_cell(title="Other"), issues=(error, note))
    assert [issue.code for issue in plan_import(read, {}, {"alder": "Alder"}, {}).issues] == ["e", "n", "other_title"]


def test_the_fingerprint_is_of_what_would_be_written_and_over_what():
    usual = plan(a_cell(2), stored={key(): (1, 1)}).fingerprint
    assert plan(a_cell(2), a_cell(None, domain="ihe-2"), stored={key(): (1, 1)}).fingerprint == usual
    others = [
        plan(a_cell(3), stored={key(): (1, 1)}),
        plan(a_cell(2), stored={key(): (1, 2)}),
        plan(a_cell(2), stored={key(): (2, 1)}),
        plan(a_cell(2, domain="ihe-2"), stored={key(): (1, 1)}),
    ]
    assert usual not in [other.fingerprint for other in others]


CELLS = st.builds(
    a_cell,
    st.sampled_from([1, 2, 3, None]),
    code=st.sampled_from(["a", "b"]),
    domain=st.sampled_from(["ihe-1", "ihe-2"]),
)
STORED = st.dictionaries(
    st.builds(key, st.sampled_from(["a", "b"]), st.sampled_from(["ihe-1", "ihe-2"])),
    st.tuples(st.sampled_from([1, 2, 3, None]), st.integers(1, 5)),
)


@given(st.lists(CELLS, max_size=12), STORED)
def test_every_cell_has_exactly_one_outcome(cells: list[ReadCell], stored: dict[RatingKey, tuple[int | None, int]]):
    made = plan(*cells, stored=stored)
    outcomes = Counter(planned.outcome for planned in made.cells)
    assert made.counts == Counts(len(cells), *(outcomes[outcome] for outcome in Outcome))
    assert [planned.cell for planned in made.cells] == cells
    assert all(planned.cell.level is not None for planned in made.cells if planned.is_write)


@given(st.lists(CELLS, max_size=12, unique_by=lambda c: (c.partnership_code, c.domain)), STORED)
def test_what_was_imported_is_all_unchanged(cells: list[ReadCell], stored: dict[RatingKey, tuple[int | None, int]]):
    after = dict(stored)
    for planned in plan(*cells, stored=stored).cells:
        if planned.is_write:
            after[key(planned.cell.partnership_code, planned.cell.domain)] = (planned.cell.level, planned.base + 1)
    assert plan(*cells, stored=after).nothing_to_do


def test_a_hundred_thousand_cells_are_planned_at_once():
    days = [OCTOBER + timedelta(days=number) for number in range(100)]
    cells = [
        a_cell(1 + (site + place) % 4, code=f"site-{site}", title=f"Site {site}", held_on=day, domain=f"ihe-{place}")
        for site in range(100)
        for day in days
        for place in range(10)
    ]
    stored = {key(c.partnership_code, c.domain, c.held_on): (2, 1) for c in cells if c.held_on}
    made = plan_import(RatingsRead(tuple(cells), (), len(cells)), stored, {}, {})
    assert made.counts.unchanged == sum(cell.level == 2 for cell in cells)
    assert made.fingerprint


def test_without_codes_a_stored_partnership_is_found_by_its_title():
    cells = (a_cell(2, code="alder-valley", title="Alder  valley"), a_cell(3, code="birch", title="Birch"))
    known = {"av": "Alder Valley", "b1": "Birch", "b2": "Birch"}
    made = plan_import(RatingsRead(cells, (), 2, codes_made=True), {key(code="av"): (2, 4)}, known, {})
    assert [(p.cell.partnership_code, p.outcome) for p in made.cells] == [
        ("av", Outcome.UNCHANGED),
        ("birch", Outcome.NEW),
    ]
    assert [issue.code for issue in made.issues] == ["same_title_stored", "found_by_title"]
    assert made.new_partnerships == (("birch", "Birch"),)


def test_with_codes_a_new_partnership_that_looks_like_a_stored_one_is_said():
    cells = (a_cell(2, code="612", title="Ash"), a_cell(2, code="av", title="Alder Valley"))
    made = plan_import(a_read(*cells), {}, {"0612": "Ash County", "alder": "Alder valley"}, {})
    assert [issue.code for issue in made.issues] == ["lost_zeros_stored", "same_title_stored"]
    assert [code for code, _ in made.new_partnerships] == ["612", "av"]
