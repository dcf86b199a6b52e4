"""Workbook to rubrics, with every problem found. The shapes are documented in ``rubrics/README.md``."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePath

from progressions.issues import Issue, Issues, Severity, has_errors
from progressions.rubric import LONGEST_DRAWN, Domain, Level, Rubric
from progressions.sheets import kinds, rubric_kinds
from progressions.sheets.cells import Sheet, Workbook
from progressions.sheets.naming import code_of, listed, shown
from progressions.sheets.rubric_guessing import ABOUT, Understanding, understand
from progressions.sheets.rubric_headings import (
    DOCUMENTED,
    LevelOrder,
    Step,
    level_of_heading,
    levels_of,
    starts_at_zero,
)
from progressions.sheets.rubric_layout import Grid, Orientation, RubricLayout, names_of_steps, prose, steps_of
from progressions.sheets.rubric_rows import Gathered, gather
from progressions.text import folded

__all__ = ["ABOUT", "RubricsRead", "level_of_heading", "read_rubrics"]

TITLE_LABEL, CODE_LABEL = "rubric title", "rubric code"


@dataclass(frozen=True, slots=True)
class RubricsRead:
    """What a workbook holds: rubrics in the order of its sheets, and every issue.

    With an error among the issues the rubrics are only what could be read, and are not to be published.
    """

    rubrics: tuple[Rubric, ...]
    issues: tuple[Issue, ...]


def read_rubrics(workbook: Workbook, layouts: Sequence[RubricLayout] | None = None) -> RubricsRead:
    """The rubrics of a workbook: one in each sheet, or several in one sheet with a column “rubric”.

    Without ``layouts`` the best proposals are read, and what is not certain about them is an error. Layouts that a
    person has looked at are taken as they are, and every other sheet is said not to be read. A sheet named “About”
    becomes ``about`` of every rubric. Nothing is raised: problems are issues with the addresses of their cells.
    """
    issues = Issues()
    for note in workbook.notes:
        issues.add(kinds.READ_SO, note=note)
    understanding = understand(workbook)
    if layouts is None:
        for sheet, question in understanding.questions:
            issues.add(rubric_kinds.UNSURE, sheet=sheet, question=question)
    rubrics = _all_rubrics(workbook, understanding.best if layouts is None else layouts, issues)
    others = understanding.issues if layouts is None else _not_chosen(understanding, layouts)
    if not rubrics and not has_errors((*issues.found, *others)):
        issues.add(kinds.NO_RUBRIC)
    return RubricsRead(rubrics, _together(issues.found, others))


def _not_chosen(understanding: Understanding, layouts: Sequence[RubricLayout]) -> tuple[Issue, ...]:
    """Which sheets are not read where a person chose those that are; nothing of the others is in the way."""
    chosen = {layout.sheet for layout in layouts}
    known = tuple(i for i in understanding.issues if i.severity is not Severity.ERROR and i.sheet not in chosen)
    issues = Issues()
    for sheet in [layout.sheet for layout in understanding.best] + [i.sheet for i in understanding.issues]:
        if sheet not in chosen | {i.sheet for i in known}:
            issues.add(rubric_kinds.LEFT_OUT, sheet=sheet)
    return (*known, *issues.found)


def _together(first: Sequence[Issue], second: Sequence[Issue]) -> tuple[Issue, ...]:
    order = list(Severity)
    return tuple(sorted((*first, *second), key=lambda issue: order.index(issue.severity)))


def _all_rubrics(workbook: Workbook, layouts: Sequence[RubricLayout], issues: Issues) -> tuple[Rubric, ...]:
    about = "\n".join(_about(workbook.sheets))
    rubrics: dict[str, Rubric] = {}
    for layout in layouts:
        sheet = workbook.sheet(layout.sheet)
        for rubric in _read_sheet(sheet, layout, _sheet_title(workbook, sheet), issues):
            if rubric.code in rubrics:
                issues.add(kinds.DUPLICATE_RUBRIC, sheet=sheet.name, cells=("A1",), code=rubric.code)
            else:
                rubrics[rubric.code] = replace(rubric, about=about)
    return tuple(rubrics.values())


def _about(sheets: Sequence[Sheet]) -> Iterator[str]:
    for sheet in sheets:
        if folded(sheet.name) == ABOUT:
            places = ((row, column) for row in range(1, len(sheet.rows) + 1) for column in range(sheet.width))
            yield from (text for row, column in places if (text := prose(sheet.cell(row, column))))


def _sheet_title(workbook: Workbook, sheet: Sheet) -> str:
    """A text table has one sheet that is named after the file, and so is the rubric."""
    return sheet.name.strip() or PurePath(workbook.file_name).stem


def _read_sheet(sheet: Sheet, layout: RubricLayout, name: str, issues: Issues) -> Iterator[Rubric]:
    grid = Grid(sheet)
    steps = steps_of(grid, layout)
    levels = levels_of(tuple(steps.values()), layout.level_order, layout.given)
    _note_headings(grid, layout, issues)
    if levels is None:
        _add_wrong_levels(layout, tuple(steps.values()), issues)
        return
    _check_levels(layout, tuple(steps.values()), levels, issues)
    for names in names_of_steps(grid, layout).values():
        issues.add(rubric_kinds.SEVERAL_NAMES, sheet=sheet.name, names=listed(names), first=shown(names[0]))
    # From level 1 on, whatever the order in the sheet.
    in_order = sorted(zip(steps, levels, strict=True), key=lambda pair: pair[1].position)
    title, stated = (_stated(sheet, layout.header_rows[0], label) for label in (TITLE_LABEL, CODE_LABEL))
    for rubric, gathered in _by_rubric(gather(grid, layout, name, issues), name).items():
        code = code_of(stated) if stated and rubric == name else code_of(rubric)
        domains = tuple(_domains(layout, code, gathered, [step for step, _ in in_order], issues))
        if not domains:
            issues.add(kinds.NO_DOMAINS, sheet=sheet.name, cells=(f"A{layout.header_rows[-1]}",))
        shown_title = (title if rubric == name else "") or rubric
        yield Rubric(code, shown_title, tuple(level for _, level in in_order), domains)


def _stated(sheet: Sheet, before: int, label: str) -> str:
    """The text beside a label in one of the rows above the headings."""
    for row in range(1, before):
        if folded(sheet.cell(row, 0).text) == label:
            return sheet.cell(row, 1).text
    return ""


def _note_headings(grid: Grid, layout: RubricLayout, issues: Issues) -> None:
    row = layout.header_rows[-1]
    if layout.orientation is Orientation.DOMAIN_COLUMNS:
        return
    cells = [grid.cell(row, column) for column in range(grid.sheet.width)]
    known: dict[str, int] = {}
    for cell in cells:
        meaning = DOCUMENTED.get(folded(cell.text))
        if meaning and known.setdefault(meaning, cell.column) != cell.column:
            issues.add(kinds.DUPLICATE_HEADING, sheet=layout.sheet, cells=(cell.address,), heading=shown(cell.text))
    ignored = [cell for cell in cells if cell.text and cell.column not in layout.columns]
    if ignored:
        texts = listed([cell.text for cell in ignored])
        addresses = [cell.address for cell in ignored]
        issues.add(rubric_kinds.IGNORED_COLUMNS, sheet=layout.sheet, cells=addresses, headings=texts)


def _level_cells(layout: RubricLayout, steps: Sequence[Step]) -> tuple[str, ...]:
    """Addresses of the headings of levels, from level 1 on; () where the levels are no headings."""
    if layout.orientation is not Orientation.LEVEL_COLUMNS:
        return ()
    numbers = [step.number if step.number is not None else place for place, step in enumerate(steps)]
    ordered = sorted(zip(numbers, dict.fromkeys(layout.texts), strict=True))
    sheet = Sheet(layout.sheet, ())
    return tuple(sheet.cell(layout.header_rows[-1], column).address for _, column in ordered)


def _add_wrong_levels(layout: RubricLayout, steps: Sequence[Step], issues: Issues) -> None:
    numbers = sorted(step.number for step in steps if step.number is not None)
    found = ", ".join(map(str, numbers)) or ", ".join(shown(step.printed) for step in steps)
    issues.add(kinds.WRONG_LEVELS, sheet=layout.sheet, cells=_level_cells(layout, steps), found=found)


def _check_levels(layout: RubricLayout, steps: Sequence[Step], levels: Sequence[Level], issues: Issues) -> None:
    cells = _level_cells(layout, steps)
    if starts_at_zero(steps, layout.level_order):
        issues.add(rubric_kinds.FROM_ZERO, sheet=layout.sheet, cells=cells, count=len(levels))
    elif layout.level_order is LevelOrder.NUMBERED and all(step.points is not None for step in steps):
        points = ", ".join(f"{step.points:g}" for step in steps)
        issues.add(rubric_kinds.ORDERED_BY_POINTS, sheet=layout.sheet, cells=cells, points=points)
    names = Counter(folded(level.name) for level in levels)
    for place, level in enumerate(sorted(levels, key=lambda level: level.position)):
        if names[folded(level.name)] > 1:
            cell = cells[place : place + 1]
            issues.add(kinds.SAME_LEVEL_NAME, sheet=layout.sheet, cells=cell, name=shown(level.name))


def _by_rubric(gathered: Sequence[Gathered], name: str) -> dict[str, list[Gathered]]:
    """The domains of each rubric, by the rubric's name as it is first written."""
    spelled: dict[str, str] = {}
    found: dict[str, list[Gathered]] = {}
    for domain in gathered:
        found.setdefault(spelled.setdefault(code_of(domain.rubric), domain.rubric), []).append(domain)
    return found or {name: []}


def _domains(
    layout: RubricLayout, rubric: str, gathered: Sequence[Gathered], steps: Sequence[str], issues: Issues
) -> Iterator[Domain]:
    taken: dict[str, Gathered] = {}
    made: list[tuple[str, str]] = []
    titles = Counter(code_of(domain.title.text) for domain in gathered)
    for domain in gathered:
        own = code_of(domain.title.text)
        code = domain.code or "-".join(
            [rubric, *([code_of(domain.area)] if titles[own] > 1 and domain.area else []), own]
        )
        if not domain.code:
            made.append((code, domain.title.address))
        if folded(code) in taken:
            _add_twice(layout, taken[folded(code)], domain, code, issues)
            continue
        taken[folded(code)] = domain
        if len(domain.title.text) > LONGEST_DRAWN:
            at = (domain.title.address,)
            issues.add(rubric_kinds.LONG_TITLE, sheet=layout.sheet, cells=at, most=LONGEST_DRAWN)
        yield Domain(code, domain.title.text, domain.area, tuple(_descriptors(layout, domain, steps, issues)))
    if made:
        cells = [address for _, address in made]
        issues.add(kinds.CODE_MADE, sheet=layout.sheet, cells=cells, count=len(made), example=shown(made[0][0]))


def _add_twice(layout: RubricLayout, first: Gathered, second: Gathered, code: str, issues: Issues) -> None:
    """Two domains of one code, with both their cells; a code that was made of a title is nobody's to mend."""
    if first.code or second.code:
        cells = (first.code_at.address, second.code_at.address)
        issues.add(kinds.DUPLICATE_DOMAIN, sheet=layout.sheet, cells=cells, code=shown(code))
    else:
        cells = (first.title.address, second.title.address)
        issues.add(rubric_kinds.SAME_TITLE, sheet=layout.sheet, cells=cells, title=shown(first.title.text))


def _descriptors(layout: RubricLayout, domain: Gathered, steps: Sequence[str], issues: Issues) -> Iterator[str]:
    for step in steps:
        text = "\n".join(domain.texts.get(step, ()))
        if not text:
            address = domain.addresses.get(step, domain.title.address)
            issues.add(kinds.EMPTY_DESCRIPTOR, sheet=layout.sheet, cells=(address,))
        yield text
