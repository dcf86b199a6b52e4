"""Workbook to rubrics, with every problem found. The format is documented in ``rubrics/README.md``."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePath

from progressions.issues import Issue, Issues
from progressions.rubric import FEWEST_LEVELS, MOST_LEVELS, Domain, Level, Rubric
from progressions.sheets import kinds
from progressions.sheets.cells import Cell, Sheet, Workbook
from progressions.sheets.naming import code_of, shown
from progressions.text import folded

ABOUT = "about"
TITLE_LABEL, CODE_LABEL = "rubric title", "rubric code"
_CODE, _AREA, _DOMAIN, _RUBRIC = "code", "area", "domain", "rubric"
_HEADINGS = {
    "code": _CODE,
    "domain code": _CODE,
    "area": _AREA,
    "domain": _DOMAIN,
    "domain title": _DOMAIN,
    "rubric": _RUBRIC,
}

_NUMBER_FIRST = re.compile(r"(\d{1,2})(?:\s*[-–—:.)]\s*(?=\D)|\s+)(.+)")
_NUMBER_LAST = re.compile(r"(\D+?)\s*\((\d{1,2})\)")
_WORD_AND_NUMBER = re.compile(r"[^\W\d_]+\s+(\d{1,2})(?:\s*[-–—:.)]\s*(\D.*))?")
_NUMBER = re.compile(r"\d{1,2}")


@dataclass(frozen=True, slots=True)
class RubricsRead:
    """What a workbook holds: rubrics in the order of its sheets, and every issue.

    With an error among the issues the rubrics are only what could be read, and are not to be published.
    """

    rubrics: tuple[Rubric, ...]
    issues: tuple[Issue, ...]


@dataclass(frozen=True, slots=True)
class _Header:
    """The row of headings: its number, the known columns, and the columns of levels, level 1 first."""

    row: int
    columns: dict[str, int]
    levels: tuple[tuple[Level, int], ...]


def read_rubrics(workbook: Workbook) -> RubricsRead:
    """The rubrics of a workbook: one in each sheet, or several in one sheet with a column “rubric”.

    A sheet named “About” is text, and becomes ``about`` of every rubric. Nothing is raised: problems are
    issues with the addresses of their cells.
    """
    issues = Issues()
    for note in workbook.notes:
        issues.add(kinds.READ_SO, note=note)
    about = "\n".join(_about(workbook.sheets))
    rubrics: dict[str, Rubric] = {}
    tables = [sheet for sheet in workbook.sheets if sheet.rows and folded(sheet.name) != ABOUT]
    for sheet in tables:
        name = _sheet_title(workbook, sheet)
        for rubric in _read_sheet(sheet, name, issues):
            if rubric.code in rubrics:
                issues.add(kinds.DUPLICATE_RUBRIC, sheet=sheet.name, cells=("A1",), code=rubric.code)
            else:
                rubrics[rubric.code] = replace(rubric, about=about)
    if not rubrics and not any(issue.severity is kinds.NO_RUBRIC.severity for issue in issues.found):
        issues.add(kinds.NO_RUBRIC)
    return RubricsRead(tuple(rubrics.values()), issues.found)


def _about(sheets: Sequence[Sheet]) -> Iterator[str]:
    for sheet in sheets:
        if folded(sheet.name) == ABOUT:
            cells = (sheet.cell(row, column) for row in _numbers(sheet) for column in range(sheet.width))
            yield from (prose for prose in map(_prose, cells) if prose)


def _sheet_title(workbook: Workbook, sheet: Sheet) -> str:
    """A text table has one sheet that is named after the file, and so is the rubric."""
    return sheet.name.strip() or PurePath(workbook.file_name).stem


def _numbers(sheet: Sheet, after: int = 0) -> range:
    return range(after + 1, len(sheet.rows) + 1)


def _prose(cell: Cell) -> str:
    """The text with its line breaks; white space within a line as one."""
    if not isinstance(cell.value, str):
        return cell.text
    lines = (" ".join(line.split()) for line in cell.value.strip().splitlines())
    return "\n".join(lines)


def _read_sheet(sheet: Sheet, name: str, issues: Issues) -> Iterator[Rubric]:
    header = _find_header(sheet, issues)
    if header is None or not _levels_are_right(sheet, header, issues):
        return
    title, stated = (_stated(sheet, header.row, label) for label in (TITLE_LABEL, CODE_LABEL))
    for rubric, rows in _by_rubric(sheet, header, name, issues).items():
        code = code_of(stated) if stated and rubric == name else code_of(rubric)
        domains = tuple(_domains(sheet, header, code, rows, issues))
        if not domains:
            issues.add(kinds.NO_DOMAINS, sheet=sheet.name, cells=(f"A{header.row}",))
        yield Rubric(code, (title if rubric == name else "") or rubric, _levels(header), domains)


def _levels(header: _Header) -> tuple[Level, ...]:
    return tuple(level for level, _ in header.levels)


def _find_header(sheet: Sheet, issues: Issues) -> _Header | None:
    """The first row with a domain column and at least two columns of levels."""
    near: _Header | None = None
    for row in _numbers(sheet):
        header = _header(sheet, row)
        if _DOMAIN not in header.columns:
            continue
        if len(header.levels) >= FEWEST_LEVELS:
            _check_headings(sheet, header, issues)
            return header
        near = near or header
    if near is None:
        issues.add(kinds.NOT_A_RUBRIC_SHEET, sheet=sheet.name)
    else:
        issues.add(kinds.NO_LEVELS, sheet=sheet.name, cells=(f"A{near.row}",), count=len(near.levels))
    return None


def _header(sheet: Sheet, row: int) -> _Header:
    columns: dict[str, int] = {}
    levels: list[tuple[Level, int]] = []
    for column in range(sheet.width):
        text = sheet.cell(row, column).text
        if folded(text) in _HEADINGS:
            columns.setdefault(_HEADINGS[folded(text)], column)
        elif level := level_of_heading(text):
            levels.append((level, column))
    levels.sort(key=lambda pair: pair[0].position)
    return _Header(row, columns, tuple(levels))


def level_of_heading(text: str) -> Level | None:
    """The level that a heading names, in any of the shapes of the format; None where it names none.

    >>> level_of_heading("2 – Small change"), level_of_heading("Small change (2)")
    (Level(position=2, name='Small change'), Level(position=2, name='Small change'))
    """
    if found := _NUMBER_FIRST.fullmatch(text):
        return Level(int(found[1]), found[2])
    if found := _NUMBER_LAST.fullmatch(text):
        return Level(int(found[2]), found[1].strip())
    if found := _WORD_AND_NUMBER.fullmatch(text):
        return Level(int(found[1]), found[2] or text)
    if _NUMBER.fullmatch(text):
        return Level(int(text), f"Level {int(text)}")
    return None


def _check_headings(sheet: Sheet, header: _Header, issues: Issues) -> None:
    cells = [sheet.cell(header.row, column) for column in range(sheet.width)]
    for cell in cells:
        known = _HEADINGS.get(folded(cell.text))
        if known and header.columns[known] != cell.column:
            issues.add(kinds.DUPLICATE_HEADING, sheet=sheet.name, cells=(cell.address,), heading=shown(cell.text))


def _levels_are_right(sheet: Sheet, header: _Header, issues: Issues) -> bool:
    positions = [level.position for level, _ in header.levels]
    cells = [sheet.cell(header.row, column).address for _, column in header.levels]
    if len(positions) > MOST_LEVELS or positions != list(range(1, len(positions) + 1)):
        numbers = ", ".join(map(str, positions))
        issues.add(kinds.WRONG_LEVELS, sheet=sheet.name, cells=cells, found=numbers)
        return False
    names = Counter(folded(level.name) for level, _ in header.levels)
    for (level, _), cell in zip(header.levels, cells, strict=True):
        if names[folded(level.name)] > 1:
            issues.add(kinds.SAME_LEVEL_NAME, sheet=sheet.name, cells=(cell,), name=shown(level.name))
    return True


def _stated(sheet: Sheet, before: int, label: str) -> str:
    """The text beside a label in one of the rows above the headings."""
    for row in range(1, before):
        if folded(sheet.cell(row, 0).text) == label:
            return sheet.cell(row, 1).text
    return ""


def _by_rubric(sheet: Sheet, header: _Header, name: str, issues: Issues) -> dict[str, list[int]]:
    """The filled rows of each rubric, by the rubric's name as it is first written."""
    column = header.columns.get(_RUBRIC)
    rows = [row for row in _numbers(sheet, header.row) if any(_texts(sheet, header, row))]
    if column is None:
        return {name: rows}
    spelled: dict[str, str] = {}
    found: dict[str, list[int]] = {}
    for row in rows:
        cell = sheet.cell(row, column)
        if cell.text:
            found.setdefault(spelled.setdefault(code_of(cell.text), cell.text), []).append(row)
        else:
            heading = sheet.cell(header.row, column).text
            issues.add(kinds.MISSING_RUBRIC, sheet=sheet.name, cells=(cell.address,), heading=heading)
    return found or {name: []}


def _texts(sheet: Sheet, header: _Header, row: int) -> Iterable[str]:
    columns = [*header.columns.values(), *(column for _, column in header.levels)]
    return (sheet.cell(row, column).text for column in columns)


def _domains(sheet: Sheet, header: _Header, rubric: str, rows: Sequence[int], issues: Issues) -> Iterator[Domain]:
    taken: set[str] = set()
    made: list[tuple[str, str]] = []
    for row in rows:
        title = sheet.cell(row, header.columns[_DOMAIN])
        if not title.text:
            issues.add(kinds.MISSING_TITLE, sheet=sheet.name, cells=(title.address,))
            continue
        stated = _text_in(sheet, header, row, _CODE)
        code = stated or f"{rubric}-{code_of(title.text)}"
        if not stated:
            made.append((code, title.address))
        if folded(code) in taken:
            address = sheet.cell(row, header.columns.get(_CODE, title.column)).address
            issues.add(kinds.DUPLICATE_DOMAIN, sheet=sheet.name, cells=(address,), code=shown(code))
            continue
        taken.add(folded(code))
        area = _text_in(sheet, header, row, _AREA)
        yield Domain(code, title.text, area, tuple(_descriptors(sheet, header, row, issues)))
    if made:
        cells = [address for _, address in made]
        issues.add(kinds.CODE_MADE, sheet=sheet.name, cells=cells, count=len(made), example=shown(made[0][0]))


def _text_in(sheet: Sheet, header: _Header, row: int, heading: str) -> str:
    column = header.columns.get(heading)
    return "" if column is None else sheet.cell(row, column).text


def _descriptors(sheet: Sheet, header: _Header, row: int, issues: Issues) -> Iterator[str]:
    for _, column in header.levels:
        cell = sheet.cell(row, column)
        prose = _prose(cell)
        if not prose:
            issues.add(kinds.EMPTY_DESCRIPTOR, sheet=sheet.name, cells=(cell.address,))
        yield prose
