"""What the shipped workbooks must hold, read with openpyxl alone and never with the project’s parsers."""

import json
import re
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from openpyxl import load_workbook

from data.make_example import make as make_example
from rubrics.make_rubrics import make as make_rubrics

ROOT = Path(__file__).resolve().parents[1]
RUBRICS = ROOT / "rubrics" / "developmental-progressions.xlsx"
EXAMPLE = ROOT / "data" / "example-past-ratings.xlsx"
MAPPING = ROOT / "data" / "example-mapping.json"

TITLES = {
    "IHE": [
        "Faculty development and promotion",
        "Program and curriculum development",
        "University leadership engagement",
        "Improvement science in coursework",
        "Capstones on problems of practice",
        "Clinical and field-based learning",
        "Improvement scholarship",
        "Structures, incentives and resources",
    ],
    "LEA": [
        "District leadership engagement",
        "School leadership engagement",
        "Staff improvement capability",
        "Networked improvement on local problems",
        "Data and measurement for improvement",
        "Leadership pipeline",
        "School improvement planning",
        "Structures, roles and resources",
    ],
    "Partnership": [
        "Partnership relationships",
        "Joint development of leaders",
        "Shared aim and theory of improvement",
        "Agreements and governance",
        "Coordination and communication",
        "Focus on equity",
        "Shared data and evidence",
        "Sustainability and network participation",
    ],
}
LEVELS = [
    "1 Exploring change ideas",
    "2 Small change implementation",
    "3 Integrating improvement science / NICs into core work",
    "4 Institutionalizing and sustaining the work",
]
LEVEL_NAMES = [label[2:] for label in LEVELS]
FORBIDDEN = re.compile(r"\b(scores?|items?|categor(y|ies)|events?|orgs?|tenants?)\b", re.IGNORECASE)
DEFICIT = re.compile(r"\b(not|no|never|lacks?|lacking|fails?|little|rarely|without|limited)\b", re.IGNORECASE)

Grid = dict[str, list[list[Any]]]
Levels = dict[str, dict[str, list[int]]]


def grid(path: Path) -> Grid:
    book = load_workbook(path)
    return {sheet.title: [list(row) for row in sheet.iter_rows(values_only=True)] for sheet in book}


@pytest.fixture(scope="module")
def rubrics() -> Grid:
    return grid(RUBRICS)


@pytest.fixture(scope="module")
def example() -> Grid:
    return grid(EXAMPLE)


def domain_rows(rubrics: Grid, sheet: str) -> list[list[Any]]:
    return rubrics[sheet][3:]


def descriptors(rubrics: Grid) -> Iterator[tuple[str, str]]:
    for sheet in TITLES:
        for row in domain_rows(rubrics, sheet):
            for level, text in enumerate(row[3:], start=1):
                yield f"{row[0]} level {level}", text


def rating_rows(example: Grid) -> list[dict[str, Any]]:
    rows = example["Past ratings"]
    header = json.loads(MAPPING.read_text(encoding="utf-8"))["header_row"]
    return [dict(zip(rows[header - 1], row, strict=True)) for row in rows[header:]]


def level_of(value: Any) -> int | None:
    if isinstance(value, int):
        return value
    return LEVEL_NAMES.index(value) + 1 if value in LEVEL_NAMES else None


def histories(example: Grid) -> Levels:
    """Levels in the order of the convenings, by partnership code and domain title; not rated is left out."""
    found: Levels = defaultdict(lambda: defaultdict(list))
    for row in sorted(rating_rows(example), key=lambda row: row["Convening date"]):
        for title in all_titles():
            level = level_of(row[title])
            if level is not None:
                found[row["Partnership code"]][title].append(level)
    return found


def moves(example: Grid) -> list[int]:
    steps = [
        later - earlier
        for domains in histories(example).values()
        for levels in domains.values()
        for earlier, later in pairwise(levels)
    ]
    return [step for step in steps if step]


def all_titles() -> list[str]:
    return [title for titles in TITLES.values() for title in titles]


# The framework


def test_the_framework_has_three_rubrics_and_an_about_sheet(rubrics: Grid) -> None:
    assert list(rubrics) == ["IHE", "LEA", "Partnership", "About"]
    assert [rubrics[sheet][0][:2] for sheet in TITLES] == [
        ["Rubric title", "University (IHE)"],
        ["Rubric title", "District (LEA)"],
        ["Rubric title", "Partnership"],
    ]


@pytest.mark.parametrize("sheet", TITLES)
def test_each_rubric_has_the_eight_domains_that_it_should(rubrics: Grid, sheet: str) -> None:
    rows = domain_rows(rubrics, sheet)
    assert rubrics[sheet][2] == ["code", "area", "domain", *LEVELS]
    assert [row[2] for row in rows] == TITLES[sheet]
    assert [row[0] for row in rows] == [f"{sheet.lower()}-{number}" for number in range(1, 9)]


@pytest.mark.parametrize("sheet", TITLES)
def test_each_rubric_groups_its_domains_under_two_or_three_areas(rubrics: Grid, sheet: str) -> None:
    areas = [row[1] for row in domain_rows(rubrics, sheet)]
    changes = sum(earlier != later for earlier, later in pairwise(areas))
    assert 2 <= len(set(areas)) <= 3
    assert changes == len(set(areas)) - 1, "an area's domains stand together"


def test_there_are_96_descriptors_and_no_two_are_alike(rubrics: Grid) -> None:
    texts = [text for _, text in descriptors(rubrics)]
    assert len(texts) == len(set(texts)) == 96


def test_each_descriptor_is_one_or_two_short_sentences(rubrics: Grid) -> None:
    for place, text in descriptors(rubrics):
        assert 8 <= len(text.split()) <= 45, place
        assert 1 <= len(re.findall(r"[.?!](?=\s|$)", text)) <= 2, place
        assert text[0].isupper(), place
        assert text[-1] in ".?", place
        assert text == " ".join(text.split()), place


def test_each_higher_level_is_worded_apart_from_the_one_below(rubrics: Grid) -> None:
    for sheet in TITLES:
        for row in domain_rows(rubrics, sheet):
            openings = {" ".join(text.split()[:4]) for text in row[3:]}
            assert len(openings) == 4, row[0]


def test_level_1_says_what_people_do_and_names_nothing_missing(rubrics: Grid) -> None:
    assert [p for p, text in descriptors(rubrics) if p.endswith("1") and DEFICIT.search(text)] == []


def test_the_framework_keeps_to_the_words_of_the_field(rubrics: Grid) -> None:
    texts = [*descriptors(rubrics), *(("About", str(cell)) for row in rubrics["About"] for cell in row)]
    assert [place for place, text in texts if FORBIDDEN.search(text)] == []
    assert [place for place, text in texts if "'" in text or '"' in text] == []


def test_about_says_what_is_published_and_what_is_this_projects_own(rubrics: Grid) -> None:
    about = " ".join(str(cell) for row in rubrics["About"] for cell in row if cell)
    for said in (
        "iLEAD network",
        "2018",
        "three rubrics",
        "24 domains",
        "four levels",
        "All 96 descriptors, four for each domain, are this project’s working text.",
        "not the network’s official wording",
        "upload",
        "other 20 domain names",
    ):
        assert said in about
    for published in (
        "Faculty development and promotion",
        "Program and curriculum development",
        "District leadership engagement",
        "Partnership relationships",
    ):
        assert published in about


@pytest.mark.parametrize("sheet", TITLES)
def test_each_rubric_says_above_its_header_whose_words_it_holds(rubrics: Grid, sheet: str) -> None:
    assert "this project’s working text" in rubrics[sheet][1][0]


@pytest.mark.parametrize("sheet", TITLES)
def test_each_rubric_prints_on_one_page_width_and_keeps_its_header_in_sight(sheet: str) -> None:
    printed = load_workbook(RUBRICS)[sheet]
    assert printed.page_setup.orientation == "landscape"
    assert (printed.page_setup.fitToWidth, printed.sheet_properties.pageSetUpPr.fitToPage) == (1, True)
    assert printed.freeze_panes == "D4"
    assert all(cell.alignment.wrap_text for row in printed.iter_rows(min_row=3) for cell in row)


@pytest.mark.parametrize("sheet", TITLES)
def test_the_workbook_says_what_its_text_file_says(rubrics: Grid, sheet: str) -> None:
    source = ROOT / "rubrics" / "text" / f"{sheet.lower()}.toml"
    domains = tomllib.loads(source.read_text(encoding="utf-8"))["domain"]
    keys = ("code", "area", "title", "level_1", "level_2", "level_3", "level_4")
    assert domain_rows(rubrics, sheet) == [[domain[key] for key in keys] for domain in domains]


def test_making_the_rubrics_again_gives_the_shipped_cells(tmp_path: Path, rubrics: Grid) -> None:
    make_rubrics(tmp_path / "again.xlsx")
    assert grid(tmp_path / "again.xlsx") == rubrics


# The example network


def test_the_example_says_first_that_it_is_invented(example: Grid) -> None:
    assert example["Past ratings"][0][0].startswith("Invented example")
    assert example["About"][0][0] == "Invented example"


def test_the_example_has_11_partnerships_and_8_quarterly_convenings(example: Grid) -> None:
    rows = rating_rows(example)
    dates = sorted({row["Convening date"] for row in rows})
    assert len({(row["Partnership code"], row["Partnership"]) for row in rows}) == 11
    assert len({row["Partnership code"] for row in rows}) == 11
    assert len({(row["Convening"], row["Convening date"]) for row in rows}) == len(dates) == 8
    assert all(isinstance(day, datetime) and day.weekday() < 5 for day in dates)
    assert all(timedelta(70) < later - earlier < timedelta(110) for earlier, later in pairwise(dates))
    assert f"{dates[0]:%Y-%m}" == "2025-01"
    assert f"{dates[-1]:%Y-%m}" == "2026-10"


def test_no_partnership_has_two_rows_for_one_convening(example: Grid) -> None:
    keys = [(row["Partnership code"], row["Convening date"]) for row in rating_rows(example)]
    assert len(keys) == len(set(keys))


def test_every_filled_cell_of_the_example_is_a_level_or_means_not_rated(example: Grid) -> None:
    not_rated = json.loads(MAPPING.read_text(encoding="utf-8"))["not_rated"]
    cells = [row[title] for row in rating_rows(example) for title in all_titles()]
    strange = {value for value in cells if value not in (None, 1, 2, 3, 4, *LEVEL_NAMES, *not_rated)}
    assert strange == set()
    assert set(not_rated) <= set(cells)
    assert set(cells) & set(LEVEL_NAMES)
    assert None in cells


def test_two_partnerships_of_the_example_join_later(example: Grid) -> None:
    rows = rating_rows(example)
    dates = sorted({row["Convening date"] for row in rows})
    first = {
        code: min(row["Convening date"] for row in rows if row["Partnership code"] == code)
        for code in {row["Partnership code"] for row in rows}
    }
    assert sorted(dates.index(day) + 1 for day in first.values()) == [1] * 9 + [3, 5]


def test_the_example_has_missed_convenings_and_domains_left_out(example: Grid) -> None:
    rows = rating_rows(example)
    expected_without_misses = 9 * 8 + 6 + 4
    assert expected_without_misses - len(rows) == 5
    assert any(row[title] is None for row in rows for title in all_titles())


def test_the_last_convening_of_the_example_leaves_something_to_rate(example: Grid) -> None:
    last = [row for row in rating_rows(example) if row["Convening"] == "Fall 2026"]
    started = {row["Partnership code"]: row for row in last}
    assert "cindermill" not in started
    assert all(started["alder-valley"][title] is None for title in TITLES["IHE"])
    assert all(started["juniper-bend"][title] is None for title in TITLES["Partnership"])
    assert all(started["foxglove-county"][title] is None for title in [*TITLES["LEA"], *TITLES["Partnership"]])


def test_about_one_move_in_eight_of_the_example_is_a_fall(example: Grid) -> None:
    steps = moves(example)
    falls = sum(step < 0 for step in steps)
    assert 1 / 10 < falls / len(steps) < 1 / 6.5
    assert all(any(b < a for h in d.values() for a, b in pairwise(h)) for d in histories(example).values())


def test_the_example_moves_up_gradually_and_keeps_its_variety(example: Grid) -> None:
    at: dict[str, list[int]] = defaultdict(list)
    for row in rating_rows(example):
        levels = [level_of(row[title]) for title in all_titles()]
        at[row["Convening"]] += [level for level in levels if level]
    means = {convening: sum(levels) / len(levels) for convening, levels in at.items()}
    assert 1.4 < means["Winter 2025"] < 1.7
    assert 2.4 < means["Fall 2026"] < 2.8
    assert set(at["Fall 2026"]) == {1, 2, 3, 4}
    assert sum(abs(step) == 1 for step in moves(example)) > 0.95 * len(moves(example))


def test_no_partnership_of_the_example_stands_highest_in_most_domains(example: Grid) -> None:
    latest = {code: {t: levels[-1] for t, levels in d.items()} for code, d in histories(example).items()}
    highest = {title: max(levels[title] for levels in latest.values()) for title in all_titles()}
    for code, levels in latest.items():
        assert sum(levels[title] == highest[title] for title in all_titles()) <= 12, code


def test_the_mapping_of_the_example_names_its_columns_and_the_domains_they_hold(example: Grid, rubrics: Grid) -> None:
    mapping = json.loads(MAPPING.read_text(encoding="utf-8"))
    header = example[mapping["sheet"]][mapping["header_row"] - 1]
    named = [mapping["partnership"], mapping["partnership_code"], *mapping["convening"].values()]
    assert mapping["domains"] == {
        row[2]: f"{sheet.lower()}/{row[0]}" for sheet in TITLES for row in domain_rows(rubrics, sheet)
    }
    assert set(header) == {*named, *mapping["domains"], "Notes"}
    assert len(header) == len(set(header))


def test_making_the_example_again_gives_the_shipped_cells_and_mapping(tmp_path: Path, example: Grid) -> None:
    make_example(tmp_path / "again.xlsx", tmp_path / "again.json")
    assert grid(tmp_path / "again.xlsx") == example
    assert (tmp_path / "again.json").read_bytes() == MAPPING.read_bytes()


def test_making_a_workbook_twice_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one.xlsx", "two.xlsx"):
        make_rubrics(tmp_path / name)
    assert (tmp_path / "one.xlsx").read_bytes() == (tmp_path / "two.xlsx").read_bytes()
    assert b"2026-01-01" in _part(tmp_path / "one.xlsx", "docProps/core.xml")


def _part(path: Path, name: str) -> bytes:
    with ZipFile(path) as archive:
        return archive.read(name)
