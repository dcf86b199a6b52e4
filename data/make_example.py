"""Makes the example network's workbook and mapping, all of it invented: `python -m data.make_example`."""

import json
import random
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.worksheet.worksheet import Worksheet

from rubrics.make_rubrics import LEVEL_NAMES, RubricText, read_rubric_texts
from rubrics.repeatable import save_repeatably

FOLDER = Path(__file__).parent
NETWORK = FOLDER / "example-network.toml"
WORKBOOK = FOLDER / "example-past-ratings.xlsx"
MAPPING = FOLDER / "example-mapping.json"
# Chosen among forty: every partnership has a fall, and none stands highest in most domains.
SEED = 2019

# By quarter and domain, from levels 1, 2, 3 and 4: the last step, into policy and budget, takes longest.
CHANCE_TO_RISE = (0.24, 0.23, 0.12, 0.0)
CHANCE_TO_FALL = 0.045
CHANCE_TO_START_AT_3 = 0.12
CHANCE_OF_BLANK = 0.035
CHANCE_OF_NOT_DISCUSSED = 0.015
CHANCE_OF_WORDS = 0.004
FALLS_WORTH_A_NOTE = 2

SHEET = "Past ratings"
KEY_HEADINGS = ("Partnership", "Partnership code", "Convening", "Convening date")
KEY_WIDTHS = (56, 17, 14, 15)
BAND_ROW = 4
HEADER_ROW = 5
FIRST_DOMAIN_COLUMN = len(KEY_HEADINGS) + 1

Levels = dict[str, int]
Shown = str | int | None
Row = list[str | int | date | None]


@dataclass(frozen=True, slots=True)
class Partnership:
    """An invented partnership; the fields are explained in example-network.toml."""

    code: str
    title: str
    start: tuple[float, ...]
    pace: tuple[float, ...]
    joined: int = 1
    missed: tuple[int, ...] = ()
    skipped: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Example:
    """The invented network, with the rubrics that it uses."""

    rubrics: tuple[RubricText, ...]
    partnerships: tuple[Partnership, ...]
    convenings: tuple[tuple[str, date], ...]
    domain_pace: dict[str, list[float]]
    not_rated: list[str]
    reasons_for_falls: list[str]
    above: list[str]
    about: list[str]


def read_example() -> Example:
    """What example-network.toml and the rubrics' texts say."""
    found = tomllib.loads(NETWORK.read_text(encoding="utf-8"))
    partnerships = tuple(_partnership(**entry) for entry in found.pop("partnership"))
    convenings = tuple((entry["title"], entry["held_on"]) for entry in found.pop("convenings"))
    return Example(read_rubric_texts(), partnerships, convenings, **found)


def make(workbook: Path, mapping: Path) -> None:
    """Write both files; the same texts give the same bytes."""
    example = read_example()
    book = Workbook()
    book.remove(book.worksheets[0])
    book.properties.title = "Invented example: past ratings"
    _write_ratings(book.create_sheet(SHEET), example)
    _write_about(book.create_sheet("About"), example.about)
    save_repeatably(book, workbook)
    text = json.dumps(_mapping(example), indent=2, ensure_ascii=False)
    mapping.write_text(text + "\n", encoding="utf-8", newline="\n")


def _partnership(
    skipped: list[tuple[int, str]] | None = None, missed: list[int] | None = None, **rest: Any
) -> Partnership:
    pairs = tuple((number, sheet) for number, sheet in skipped or ())
    return Partnership(**rest, missed=tuple(missed or ()), skipped=pairs)


def _mapping(example: Example) -> dict[str, object]:
    return {
        "sheet": SHEET,
        "header_row": HEADER_ROW,
        "layout": "wide",
        "partnership": "Partnership",
        "partnership_code": "Partnership code",
        "convening": {"column": "Convening date", "title_column": "Convening"},
        "day_first": False,
        "domains": {d.title: f"{r.sheet.lower()}/{d.code}" for r in example.rubrics for d in r.domains},
        "not_rated": example.not_rated,
    }


def _rows(example: Example) -> list[Row]:
    """All rows as the hub appended them: convening after convening, partnerships by title."""
    rows = [entry for partnership in example.partnerships for entry in _history(partnership, example)]
    rows.sort(key=lambda entry: entry[0])
    return [row for _, row in rows]


def _history(partnership: Partnership, example: Example) -> Iterator[tuple[int, Row]]:
    """The partnership's rows, each with the number of its convening."""
    # One stream of chances for each partnership: a change to one leaves the others as they were.
    chance = random.Random(f"{SEED} {partnership.code}")
    levels = _first_levels(partnership, example, chance)
    told: Levels = {}
    for number, (title, held_on) in enumerate(example.convenings, start=1):
        if number > partnership.joined:
            levels = _next_levels(levels, partnership, example, chance)
        if number < partnership.joined or number in partnership.missed:
            continue
        cells = _cells(partnership, number, example, levels, chance)
        rated = {code: levels[code] for code, shown in cells.items() if _is_level(shown)}
        note = _note(partnership, number, _falls(rated, told), example)
        told = told | rated
        yield number, [partnership.title, partnership.code, title, held_on, *cells.values(), note]


def _first_levels(partnership: Partnership, example: Example, chance: random.Random) -> Levels:
    levels = {}
    for rubric, start in zip(example.rubrics, partnership.start, strict=True):
        for domain in rubric.domains:
            drawn = chance.random()
            levels[domain.code] = 3 if drawn < start * CHANCE_TO_START_AT_3 else 2 if drawn < start else 1
    return levels


def _next_levels(levels: Levels, partnership: Partnership, example: Example, chance: random.Random) -> Levels:
    later = {}
    for rubric, pace in zip(example.rubrics, partnership.pace, strict=True):
        for domain, domain_pace in zip(rubric.domains, example.domain_pace[rubric.sheet], strict=True):
            later[domain.code] = _moved(levels[domain.code], pace * domain_pace, chance.random())
    return later


def _moved(level: int, pace: float, drawn: float) -> int:
    if drawn < CHANCE_TO_RISE[level - 1] * pace:
        return level + 1
    return max(level - 1, 1) if drawn > 1 - CHANCE_TO_FALL else level


def _cells(
    partnership: Partnership, number: int, example: Example, levels: Levels, chance: random.Random
) -> dict[str, Shown]:
    """What the sheet shows for each domain code; None is an empty cell."""
    cells: dict[str, Shown] = {}
    for rubric in example.rubrics:
        for domain in rubric.domains:
            shown = _shown(levels[domain.code], chance.random(), example.not_rated)
            cells[domain.code] = None if (number, rubric.sheet) in partnership.skipped else shown
    return cells


def _shown(level: int, drawn: float, not_rated: list[str]) -> Shown:
    if drawn < CHANCE_OF_BLANK:
        return None
    drawn -= CHANCE_OF_BLANK
    if drawn < CHANCE_OF_NOT_DISCUSSED:
        return not_rated[drawn < CHANCE_OF_NOT_DISCUSSED / 4]
    drawn -= CHANCE_OF_NOT_DISCUSSED
    return LEVEL_NAMES[level - 1] if drawn < CHANCE_OF_WORDS else level


def _is_level(shown: Shown) -> bool:
    return isinstance(shown, int) or shown in LEVEL_NAMES


def _falls(rated: Levels, told: Levels) -> int:
    return sum(level < told.get(code, level) for code, level in rated.items())


def _note(partnership: Partnership, number: int, falls: int, example: Example) -> str | None:
    """What stands beside the row, where something out of the ordinary happened."""
    left_out = [sheet for at, sheet in partnership.skipped if at == number]
    if left_out:
        return f"Left for another day: {' and '.join(left_out)}"
    if number == partnership.joined and number > 1:
        return "First convening with the network"
    if number - 1 in partnership.missed:
        return "Back after missing the last convening"
    if falls >= FALLS_WORTH_A_NOTE:
        reason = example.reasons_for_falls[number % len(example.reasons_for_falls)]
        return f"{falls} domains lower than last time: {reason}"
    return None


def _write_ratings(sheet: Worksheet, example: Example) -> None:
    for text in example.above:
        sheet.append([text])
    _write_band(sheet, example.rubrics)
    titles = [domain.title for rubric in example.rubrics for domain in rubric.domains]
    sheet.append([*KEY_HEADINGS, *titles, "Notes"])
    for row in _rows(example):
        sheet.append(row)
    _style_ratings(sheet)


def _write_band(sheet: Worksheet, rubrics: tuple[RubricText, ...]) -> None:
    """The row over the headings that says which columns belong to which rubric."""
    column = FIRST_DOMAIN_COLUMN
    for rubric in rubrics:
        cell = sheet.cell(BAND_ROW, column, rubric.title)
        cell.font = Font(bold=True)
        last = column + len(rubric.domains) - 1
        sheet.merge_cells(start_row=BAND_ROW, end_row=BAND_ROW, start_column=column, end_column=last)
        column = last + 1


def _style_ratings(sheet: Worksheet) -> None:
    sheet["A1"].font = Font(bold=True, size=14)
    for cell in sheet[HEADER_ROW]:
        cell.font = Font(bold=True)
        cell.fill = PatternFill("solid", fgColor="E8EBF0")
        cell.alignment = Alignment(wrap_text=True, vertical="bottom")
        sheet.column_dimensions[cell.column_letter].width = 15
    sheet.row_dimensions[HEADER_ROW].height = 64
    for letter, width in zip("ABCD", KEY_WIDTHS, strict=True):
        sheet.column_dimensions[letter].width = width
    sheet.column_dimensions[sheet.cell(HEADER_ROW, sheet.max_column).column_letter].width = 60
    for (cell,) in sheet.iter_rows(min_row=HEADER_ROW + 1, min_col=4, max_col=4):
        cell.number_format = "d mmm yyyy"
    sheet.freeze_panes = sheet.cell(HEADER_ROW + 1, FIRST_DOMAIN_COLUMN)


def _write_about(sheet: Worksheet, about: list[str]) -> None:
    for text in about:
        sheet.append([text])
    sheet.column_dimensions["A"].width = 110
    sheet["A1"].font = Font(bold=True, size=14)
    for (cell,) in sheet.iter_rows(min_row=2):
        cell.alignment = Alignment(wrap_text=True, vertical="top")


if __name__ == "__main__":
    make(WORKBOOK, MAPPING)
