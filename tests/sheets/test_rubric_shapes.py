"""Rubrics in the shapes that people have: what is read, what is asked, and what is refused."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from progressions.issues import Severity, has_errors
from progressions.rubric import Level, Rubric
from progressions.settings import ReadLimits
from progressions.sheets import kinds, rubric_kinds
from progressions.sheets.cells import Sheet, Value, Workbook
from progressions.sheets.reading import read_workbook
from progressions.sheets.rubric_guessing import arrange, understand
from progressions.sheets.rubric_headings import LevelOrder, level_of_heading, levels_of, step_of
from progressions.sheets.rubric_layout import Orientation, RubricLayout
from progressions.sheets.rubric_sheets import RubricsRead, read_rubrics
from tests import ofsted
from tests.sheets.books import a_rubric, a_sheet, a_workbook

Row = tuple[Value, ...]
NAMES = ("Emerging", "Developing", "Leading")
AGENDAS = ("Someone proposes topics.", "An agenda goes out before.", "Members set the agenda.")
DECISIONS = ("Decisions are remembered.", "Decisions are written down.", "Each decision has an owner.")
BOTH = (("Agendas", AGENDAS), ("Decisions", DECISIONS))


def book(*rows: Row, merged: tuple[tuple[int, int, int, int], ...] = (), name: str = "Team") -> Workbook:
    return a_workbook(replace(a_sheet(rows, name), merged=merged))


def read(*rows: Row, merged: tuple[tuple[int, int, int, int], ...] = ()) -> RubricsRead:
    return read_rubrics(book(*rows, merged=merged))


def only(found: RubricsRead) -> Rubric:
    assert not has_errors(found.issues), found.issues
    (rubric,) = found.rubrics
    return rubric


def texts(rubric: Rubric) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return tuple((domain.title, domain.descriptors) for domain in rubric.domains)


def codes(found: RubricsRead) -> set[str]:
    return {issue.code for issue in found.issues} - {kinds.CODE_MADE.code}


def of(found: RubricsRead, kind: str) -> tuple[str, ...]:
    return next(issue.cells for issue in found.issues if issue.code == kind)


@pytest.mark.parametrize(
    "headings",
    [
        ("1 – Emerging", "2 – Developing", "3 – Leading"),
        ("1 = Emerging", "2 = Developing", "3 = Leading"),
        ("Emerging (1)", "Developing (2)", "Leading (3)"),
        ("Emerging – 1", "Developing – 2", "Leading – 3"),
        ("Score 1: Emerging", "Score 2: Developing", "Score 3: Leading"),
        ("Level 1 (Emerging)", "Level 2 (Developing)", "Level 3 (Leading)"),
        ("Level I: Emerging", "Level II: Developing", "Level III: Leading"),
        ("1\nEmerging", "2\nDeveloping", "3\nLeading"),
    ],
)
def test_levels_as_columns_in_every_spelling_of_their_headings(headings: Row):
    rubric = only(read(("Criterion", *headings), ("Agendas", *AGENDAS), ("Decisions", *DECISIONS)))
    assert rubric.levels == tuple(Level(n, name) for n, name in enumerate(NAMES, start=1))
    assert texts(rubric) == BOTH


@pytest.mark.parametrize(
    "headings", [("Score 1", "Score 2", "Score 3"), (1, 2, 3), ("Level I", "Level II", "Level III")]
)
def test_levels_that_have_only_a_number(headings: Row):
    rubric = only(read(("Indicator", *headings), ("Agendas", *AGENDAS), ("Decisions", *DECISIONS)))
    assert [level.position for level in rubric.levels] == [1, 2, 3]
    assert texts(rubric) == BOTH


def test_the_best_level_may_stand_first():
    rubric = only(read(("Practice", "3 Leading", "2 Developing", "1 Emerging"), ("Agendas", *AGENDAS[::-1])))
    assert [level.name for level in rubric.levels] == list(NAMES)
    assert rubric.domains[0].descriptors == AGENDAS


def test_names_without_numbers_are_asked_about_and_are_an_error_until_then():
    workbook = book(("domain", *NAMES), ("Agendas", *AGENDAS), ("Decisions", *DECISIONS))
    understanding = understand(workbook)
    assert not understanding.sure
    ((sheet, question),) = understanding.questions
    assert sheet == "Team"
    assert "“Emerging” to “Leading” have no numbers" in question
    assert rubric_kinds.UNSURE.code in codes(read_rubrics(workbook))


@pytest.mark.parametrize(
    ("order", "names"), [(LevelOrder.LOWEST_FIRST, NAMES), (LevelOrder.HIGHEST_FIRST, NAMES[::-1])]
)
def test_the_order_that_a_person_has_chosen_is_read(order: LevelOrder, names: tuple[str, ...]):
    workbook = book(("domain", *NAMES), ("Agendas", *AGENDAS), ("Decisions", *DECISIONS))
    layout = arrange(workbook.sheets[0], level_order=order)
    assert layout is not None
    rubric = only(read_rubrics(workbook, [layout]))
    assert [level.name for level in rubric.levels] == list(names)
    assert rubric.domains[0].descriptors == (AGENDAS if order is LevelOrder.LOWEST_FIRST else AGENDAS[::-1])


def test_levels_in_no_known_order_are_read_in_the_order_that_a_person_gives():
    printed = ("Good", "Inadequate", "Outstanding", "Requires improvement")
    workbook = book(("Domain", *printed), ("Teaching", *"gior"), ("Leadership", *"GIOR"))
    layout = replace(understand(workbook).best[0], level_order=LevelOrder.GIVEN, given=(3, 1, 4, 2))
    rubric = only(read_rubrics(workbook, [layout]))
    assert [level.name for level in rubric.levels] == ["Inadequate", "Requires improvement", "Good", "Outstanding"]
    assert rubric.domains[0].descriptors == tuple("irgo")


@pytest.mark.parametrize("given", [(), (1, 2, 3), (1, 1, 2, 3), (2, 3, 4, 5)])
def test_an_order_that_does_not_give_every_level_one_place_is_refused(given: tuple[int, ...]):
    assert levels_of([step_of((name,)) for name in "abcd"], LevelOrder.GIVEN, given) is None


def test_a_sheet_that_a_person_does_not_choose_is_said_not_to_be_read():
    rows = (("domain", "1 Low", "2 High"), ("Trust", "seldom", "often"))
    notes = (("Only", "some", "words"), ("of", "no", "rubric"))
    workbook = Workbook("two.xlsx", "", (a_sheet(rows, "A"), a_sheet(rows, "B"), a_sheet(notes, "C")))
    chosen = [layout for layout in understand(workbook).best if layout.sheet == "A"]
    read_so = read_rubrics(workbook, chosen)
    assert [rubric.title for rubric in read_so.rubrics] == ["A"]
    assert {issue.sheet for issue in read_so.issues if issue.severity is Severity.WARNING} == {"B", "C"}


def test_a_name_for_a_beginning_in_the_last_column_proposes_the_best_first_but_still_asks():
    workbook = book(("domain", "Leading", "Developing", "Emerging"), ("Agendas", *AGENDAS), ("Decisions", *DECISIONS))
    assert understand(workbook).proposals[0].level_order is LevelOrder.HIGHEST_FIRST
    assert not understand(workbook).sure


def test_levels_as_rows_with_one_row_a_level():
    rows = [(title, f"{n} – {NAMES[n - 1]}", text) for title, all_ in BOTH for n, text in enumerate(all_, start=1)]
    rubric = only(read(("Criterion", "Level", "Descriptor"), *rows))
    assert [level.name for level in rubric.levels] == list(NAMES)
    assert texts(rubric) == BOTH


def test_levels_as_rows_fill_the_domain_down():
    rows = [
        (title if n == 3 else None, n, text)
        for title, all_ in BOTH
        for n, text in zip((3, 2, 1), all_[::-1], strict=True)
    ]
    assert texts(only(read(("Indicator", "Score", "Description"), *rows))) == BOTH


def test_levels_as_rows_in_any_order_and_with_several_rows_for_one_descriptor():
    found = read(
        ("Area", "Domain", "Level", "Text"),
        ("Meetings", "Agendas", "2 Developing", "Sent out."),
        ("Meetings", "Agendas", "1 Emerging", "Topics."),
        ("Work", "Decisions", "1 Emerging", "Remembered."),
        ("Meetings", "Agendas", "2 Developing", "Read by all."),
        ("Work", "Decisions", "2 Developing", "Written."),
    )
    rubric = only(found)
    assert texts(rubric) == (
        ("Agendas", ("Topics.", "Sent out.\nRead by all.")),
        ("Decisions", ("Remembered.", "Written.")),
    )
    assert [domain.area for domain in rubric.domains] == ["Meetings", "Work"]
    assert of(found, "joined_rows") == ("D5",)


def test_domains_as_columns_and_levels_as_rows():
    rows = [(f"{n} {name}", AGENDAS[n - 1], DECISIONS[n - 1]) for n, name in enumerate(NAMES, start=1)]
    found = read(("Level", "Agendas", "Decisions"), *rows)
    assert texts(only(found)) == BOTH
    assert (
        understand(book(("Level", "Agendas", "Decisions"), *rows)).proposals[0].orientation
        is Orientation.DOMAIN_COLUMNS
    )


def test_domains_as_columns_with_areas_above_and_the_best_level_first():
    rows = [(n, AGENDAS[n - 1], DECISIONS[n - 1], f"Other text {n}") for n in (3, 2, 1)]
    rubric = only(read((None, "Meetings", None, "Work"), ("Score", "Agendas", "Decisions", "Tasks"), *rows))
    assert [domain.area for domain in rubric.domains] == ["Meetings", "Meetings", "Work"]
    assert texts(rubric)[:2] == BOTH


def test_domains_as_columns_without_numbers_ask_for_the_order():
    rows = [(name, AGENDAS[n], DECISIONS[n]) for n, name in enumerate(NAMES)]
    workbook = book(("Level", "Agendas", "Decisions"), *rows)
    understanding = understand(workbook)
    assert understanding.proposals[0].orientation is Orientation.DOMAIN_COLUMNS
    assert not understanding.sure
    assert texts(only(read_rubrics(workbook, understanding.proposals[:1]))) == BOTH


def test_a_table_without_known_headings_or_numbers_asks_for_the_orientation_too():
    workbook = book((None, *NAMES), ("Agendas", *AGENDAS), ("Decisions", *DECISIONS))
    questions = [question for _, question in understand(workbook).questions]
    assert len(questions) == 2
    assert "Say whether they are domains instead" in questions[0]
    turned = arrange(workbook.sheets[0], orientation=Orientation.DOMAIN_COLUMNS)
    assert turned is not None
    rubric = read_rubrics(workbook, [turned]).rubrics[0]
    assert [domain.title for domain in rubric.domains] == list(NAMES)
    assert [level.name for level in rubric.levels] == ["Agendas", "Decisions"]


def test_title_rows_above_and_footnotes_below_are_no_domains():
    found = read(
        ("Our framework, 2024",),
        ("Please read before the meeting", None, None, None, "v3"),
        (),
        ("Criteria", "1 Emerging", "2 Developing", "3 Leading"),
        ("Agendas", *AGENDAS),
        ("Decisions", *DECISIONS),
        (),
        ("Source: our hub, adapted with permission",),
        ("* see the handbook",),
    )
    assert texts(only(found)) == BOTH
    assert of(found, "footnotes") == ("A8", "A9")


def test_a_footnote_right_below_the_table_is_known_by_its_mark():
    found = read(("domain", "1 A", "2 B"), ("Agendas", "x is seen", "y is seen"), ("* as of 2024",))
    assert [domain.title for domain in found.rubrics[0].domains] == ["Agendas"]


def test_a_last_domain_without_texts_stays_a_domain():
    found = read(("domain", "1 A", "2 B"), ("Agendas", "x is seen", "y is seen"), ("Decisions",))
    assert [domain.title for domain in found.rubrics[0].domains] == ["Agendas", "Decisions"]
    assert "empty_descriptor" in codes(found)


def test_merged_areas_and_areas_that_are_written_once_are_filled_down():
    rows = (
        ("Area", "Criterion", "1 A", "2 B"),
        ("Meetings", "Agendas", "x is seen", "y is seen"),
        (None, "Decisions", "v is seen", "w is seen"),
        ("Work", "Tasks", "t is seen", "u is seen"),
    )
    for merged in ((), ((2, 0, 3, 0),)):
        assert [d.area for d in only(read(*rows, merged=merged)).domains] == ["Meetings", "Meetings", "Work"]


def test_in_the_documented_format_an_area_that_is_left_out_is_left_out_unless_it_is_merged():
    rows = (
        ("code", "area", "domain", "1 A", "2 B"),
        ("t-1", "Meetings", "Agendas", "x", "y"),
        ("t-2", None, "Decisions", "v", "w"),
    )
    assert [d.area for d in only(read(*rows)).domains] == ["Meetings", ""]
    assert [d.area for d in only(read(*rows, merged=((2, 1, 3, 1),))).domains] == ["Meetings", "Meetings"]


def test_rows_that_hold_only_a_title_are_areas_of_the_domains_below_them():
    found = read(
        ("Criterion", "1 A", "2 B"),
        ("Meetings",),
        ("Agendas", "x is seen", "y is seen"),
        ("Work",),
        ("Decisions", "v is seen", "w is seen"),
    )
    assert [(d.area, d.title) for d in only(found).domains] == [("Meetings", "Agendas"), ("Work", "Decisions")]
    assert of(found, "area_rows") == ("A2", "A4")


def test_a_text_that_is_merged_over_two_levels_is_the_text_of_both():
    rows = (("domain", "1 A", "2 B", "3 C"), ("Agendas", "both of them", None, "last"))
    assert only(read(*rows, merged=((2, 1, 2, 2),))).domains[0].descriptors == ("both of them", "both of them", "last")


def test_rows_that_go_on_with_the_domain_above_are_joined():
    rows = (
        ("domain", "1 A", "2 B"),
        ("Agendas", "x is seen", "y is seen"),
        (None, "and x too", None),
        ("Decisions", "v", "w"),
    )
    for merged in ((), ((2, 0, 3, 0),)):
        found = read(*rows, merged=merged)
        assert texts(only(found))[0] == ("Agendas", ("x is seen\nand x too", "y is seen"))
        assert of(found, "joined_rows") == ("B3",)


@pytest.mark.parametrize(
    ("upper", "lower"),
    [
        (("Domain", 1, 2, 3), (None, *NAMES)),
        ((None, "Level 1", "Level 2", "Level 3"), ("Criterion", *NAMES)),
        (("Criterion", *NAMES), (None, 1, 2, 3)),
    ],
)
def test_two_rows_of_headings_give_number_and_name(upper: Row, lower: Row):
    rubric = only(read(upper, lower, ("Agendas", *AGENDAS), ("Decisions", *DECISIONS)))
    assert rubric.levels == tuple(Level(n, name) for n, name in enumerate(NAMES, start=1))
    assert texts(rubric) == BOTH


def test_a_group_heading_over_the_levels_is_no_name():
    rows = (
        (None, "Levels of performance", None, None),
        ("Criterion", "1 Emerging", "2 Developing", "3 Leading"),
        ("Agendas", *AGENDAS),
    )
    rubric = only(read(*rows, merged=((1, 1, 1, 3),)))
    assert [level.name for level in rubric.levels] == list(NAMES)


def test_points_say_the_order_and_nothing_else():
    found = read(("Points", 10, 5, 0), ("Rating", *NAMES[::-1]), ("Agendas", *AGENDAS[::-1]))
    rubric = only(found)
    assert rubric.levels == tuple(Level(n, name) for n, name in enumerate(NAMES, start=1))
    assert rubric.domains[0].descriptors == AGENDAS
    assert "ordered_by_points" in codes(found)


def test_points_behind_the_names_say_the_order_too():
    headings = ("Leading (10 points)", "Developing (5 pts)", "Emerging (0 points)")
    rubric = only(read(("Criterion", *headings), ("Agendas", *AGENDAS[::-1])))
    assert [level.name for level in rubric.levels] == list(NAMES)


def test_columns_of_points_and_percentages_are_left_out_and_named():
    found = read(
        ("Criterion", "1 Emerging", "Points", "2 Developing", "%", "3 Leading", "Weight 2", "Notes"),
        ("Agendas", AGENDAS[0], 1, AGENDAS[1], "50 %", AGENDAS[2], 3, "x"),
    )
    assert only(found).domains[0].descriptors == AGENDAS
    assert of(found, "ignored_columns") == ("C1", "E1", "G1", "H1")


@pytest.mark.parametrize("count", [2, 3, 4, 5, 6])
def test_two_to_six_levels_are_read_from_any_number(count: int):
    for start in (0, 1):
        headings = [f"{n} – name {n}" for n in range(start, start + count)]
        rubric = only(read(("Criterion", *headings), ("Agendas", *(f"text {n} is seen" for n in range(count)))))
        assert [level.position for level in rubric.levels] == list(range(1, count + 1))


def test_a_level_0_is_the_first_step_and_the_names_keep_what_is_printed():
    found = read(("Criterion", "0 – None", "1 – Some", "2 – All"), ("Agendas", *AGENDAS))
    assert only(found).levels == (Level(1, "0 – None"), Level(2, "1 – Some"), Level(3, "2 – All"))
    assert of(found, "from_zero") == ("B1", "C1", "D1")


def test_several_rubrics_stand_in_several_sheets():
    rows = (("Criterion", "1 A", "2 B"), ("Agendas", "x is seen", "y is seen"))
    found = read_rubrics(a_workbook(a_sheet(rows, "LEA"), a_sheet(rows, "IHE"), a_sheet([("hello",)], "Notes")))
    assert [rubric.code for rubric in found.rubrics] == ["lea", "ihe"]
    assert [issue.sheet for issue in found.issues if issue.code == "not_a_rubric_sheet"] == ["Notes"]


def test_several_rubrics_stand_in_one_sheet_by_a_column_that_is_written_once():
    found = read(
        ("Rubric", "Criterion", "1 A", "2 B"),
        ("LEA", "Agendas", "x is seen", "y is seen"),
        (None, "Decisions", "v is seen", "w is seen"),
        ("IHE", "Agendas", "t is seen", "u is seen"),
    )
    assert [(r.code, len(r.domains)) for r in found.rubrics] == [("lea", 2), ("ihe", 1)]


def test_a_domain_that_stands_twice_is_reported():
    found = read(("Criterion", "1 A", "2 B"), ("Agendas", "x", "y"), ("agendas", "v", "w"))
    assert of(found, "same_title") == ("A2", "A3")
    (message,) = [issue.message for issue in found.issues if issue.code == "same_title"]
    assert "“Agendas”" in message
    assert "column “code”" in message


def test_one_title_in_two_areas_makes_two_codes():
    found = read(
        ("Area", "Criterion", "1 A", "2 B"), ("LEA", "Plans", "x is", "y is"), ("IHE", "Plans", "v is", "w is")
    )
    assert [domain.code for domain in only(found).domains] == ["team-lea-plans", "team-ihe-plans"]


def test_a_row_that_repeats_the_headings_is_no_domain():
    head = ("Criterion", "1 A", "2 B")
    found = read(head, ("Agendas", "x is", "y is"), head, ("Decisions", "v is", "w is"))
    assert [domain.title for domain in only(found).domains] == ["Agendas", "Decisions"]
    assert of(found, "repeated_headings") == ("A3",)


def test_a_level_with_several_names_takes_the_commonest_and_says_so():
    rows = [(title, f"{n} – {NAMES[n - 1]}", text) for title, all_ in BOTH for n, text in enumerate(all_, start=1)]
    rows += [("Tasks", "1 – Emerging", "a task"), ("Tasks", "2 – Emerging", "tasks"), ("Tasks", "3 – Leading", "more")]
    found = read(("Criterion", "Level", "Descriptor"), *rows)
    assert [level.name for level in only(found).levels] == list(NAMES)
    assert "several_names" in codes(found)


@pytest.mark.parametrize(
    "rows",
    [
        (("Partnership", "Date", "1 Vision", "2 Data"), ("Ash", "2024", 3, 2), ("Birch", "2024", 1, 4)),
        (("Partnership", "Score 1", "Score 2"), ("Ash", None, None), ("Birch", None, None)),
        (("Partnership", "Vision", "Data"), *((f"P{n}", "Emerging", "Leading") for n in range(12))),
        (("Partnership", "1 Vision", "2 Data"), *((f"P{n}", "2 - Developing", "1 - Emerging") for n in range(4))),
        (("Name", "Email"), ("Ana", "ana@example.org"), ("Bo", "bo@example.org")),
        (("Section", "Score", "Total"), ("Report", 8, 10), ("Poster", 9, 10)),
        (("Year", "2021", "2022"), ("Ash", "2", "3")),
    ],
)
def test_a_sheet_without_descriptors_is_no_rubric(rows: tuple[Row, ...]):
    found = read(*rows)
    assert found.rubrics == ()
    assert "no_rubric" in codes(found)


def test_columns_of_marks_are_named_as_the_reason():
    found = read(("Section", "Score 1", "Score 2"), ("Abstract", None, None), ("Methods", None, None))
    assert of(found, "levels_without_text") == ("A1",)
    assert "“Score 1”, “Score 2”" in next(i.message for i in found.issues if i.code == "levels_without_text")


def test_an_unsure_sheet_beside_a_sure_one_is_left_out_and_said():
    sure = a_sheet([("domain", "1 A", "2 B"), ("Agendas", "x is", "y is")], "Team")
    unsure = a_sheet([("domain", *NAMES), ("Agendas", *AGENDAS), ("Decisions", *DECISIONS)], "Draft")
    found = read_rubrics(a_workbook(sure, unsure))
    assert only(found).code == "team"
    assert [issue.sheet for issue in found.issues if issue.code == "not_chosen"] == ["Draft"]


def test_a_person_can_choose_another_row_of_headings():
    workbook = book(("domain", "1 A", "2 B"), ("Agendas", "3 X", "4 Y"), ("Decisions", "seen so", "seen thus"))
    layout = arrange(workbook.sheets[0], header_row=2)
    assert layout is not None
    assert layout.header_rows == (2,)
    assert arrange(workbook.sheets[0], header_row=3, orientation=Orientation.LEVEL_ROWS) is None


def test_the_documented_format_is_always_sure():
    assert understand(read_workbook(ofsted.RUBRIC_CSV.encode(), ofsted.RUBRIC_FILE, ReadLimits())).sure


@pytest.mark.parametrize("heading", ["5 points", "10 %", "Weight 2", "Points 5", "No Attempt", "85", "Grade"])
def test_marks_are_no_levels_that_a_rubric_could_have(heading: str):
    level = level_of_heading(heading)
    assert level is None or level.position > 10


WORDS = st.text("abcdefgh ", min_size=3, max_size=30).map(lambda text: " ".join(f"w{text}".split()))


@given(st.integers(2, 6), st.integers(1, 5), st.data())
@settings(deadline=None)
def test_a_rubric_says_the_same_in_every_orientation(levels: int, domains: int, data: st.DataObject):
    """Levels as columns, levels as rows and domains as columns of one rubric are read as one rubric."""
    rubric = a_rubric("team", domains=domains, levels=min(levels, 4))
    described = [
        data.draw(st.lists(WORDS, min_size=len(rubric.levels), max_size=len(rubric.levels))) for _ in rubric.domains
    ]
    labels = [f"{level.position} – {level.name}" for level in rubric.levels]
    titles = [domain.title for domain in rubric.domains]
    shapes: list[tuple[Orientation, list[Row]]] = [
        (Orientation.LEVEL_COLUMNS, [("domain", *labels), *((t, *d) for t, d in zip(titles, described, strict=True))]),
        (
            Orientation.LEVEL_ROWS,
            [
                ("domain", "level", "descriptor"),
                *((t, label, d[n]) for t, d in zip(titles, described, strict=True) for n, label in enumerate(labels)),
            ],
        ),
        (
            Orientation.DOMAIN_COLUMNS,
            [("level", *titles), *((label, *(d[n] for d in described)) for n, label in enumerate(labels))],
        ),
    ]
    for orientation, rows in shapes:
        workbook = book(*rows)
        layout = arrange(workbook.sheets[0], header_row=1, orientation=orientation)
        if layout is None:
            # A dozen equal texts are taken for ratings, whatever the orientation.
            assert len({text for texts_ in described for text in texts_}) <= 6
            continue
        (found,) = read_rubrics(workbook, [layout]).rubrics
        assert found.levels == rubric.levels
        assert [list(domain.descriptors) for domain in found.domains] == described


CELLS = st.one_of(st.none(), st.integers(0, 7), st.sampled_from(["domain", "level", "1 A", "2 B", "3", "x is seen"]))


@given(st.lists(st.lists(CELLS, max_size=5), max_size=8))
@settings(deadline=None)
def test_any_cells_are_understood_without_an_error(rows: list[list[Value]]):
    workbook = a_workbook(a_sheet(rows, "Any"))
    found = read_rubrics(workbook)
    assert found.rubrics or found.issues
    for layout in understand(workbook).proposals:
        read_rubrics(workbook, [layout])


@given(st.sampled_from(list(Orientation)), st.lists(st.integers(0, 6), max_size=4), st.integers(1, 9))
@settings(deadline=None)
def test_any_layout_on_any_sheet_is_read_or_reported(orientation: Orientation, columns: list[int], row: int):
    layout = RubricLayout("Team", (row,), orientation, LevelOrder.NUMBERED, tuple(columns or [1]), domain=0, level=1)
    workbook = book(("domain", "1 A", "2 B"), ("Agendas", "x is", "y is"))
    assert isinstance(read_rubrics(workbook, [layout]), RubricsRead)


@pytest.mark.parametrize(("rows", "is_rubric"), [(4_999, True), (5_000, True), (5_001, False)])
def test_a_table_of_more_rows_than_a_rubric_has_is_not_looked_at(rows: int, is_rubric: bool):
    head = ("domain", "1 A", "2 B")
    body = tuple((f"Domain {n}", "x is seen", "y is seen") for n in range(rows - 1))
    found = read_rubrics(a_workbook(Sheet("Any", (head, *body))))
    assert bool(found.rubrics) == is_rubric
    assert ("too_many_rows" in codes(found)) != is_rubric


def test_every_kind_of_the_other_shapes_has_a_code_of_its_own_and_a_sentence():
    found = [kind.code for kind in (*kinds.ALL, *rubric_kinds.ALL)]
    assert len(found) == len(set(found))
    assert all(kind.template.endswith((".", "{question}")) for kind in rubric_kinds.ALL)
