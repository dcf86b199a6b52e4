"""What a workbook that nobody designed seems to say: which sheets hold a rubric, and how they are laid out.

Nothing is certain but what is printed: numbers of levels, known headings, texts below them. All else is asked.
Standard library only.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice

from progressions.issues import Issue, Issues
from progressions.rubric import FEWEST_LEVELS
from progressions.sheets import kinds, rubric_arranging, rubric_kinds
from progressions.sheets.cells import Sheet, Workbook
from progressions.sheets.naming import listed
from progressions.sheets.rubric_arranging import Proposal
from progressions.sheets.rubric_headings import DOCUMENTED, LevelOrder, Meaning, is_numbered, meaning_of, step_of
from progressions.sheets.rubric_layout import Grid, Orientation, RubricLayout
from progressions.text import folded

ABOUT = "about"
_HEADERS_TRIED = 30
"""Rows that are tried as the row of headings: titles and remarks above a table are fewer."""


MOST_ROWS = 5_000
"""Rows of a sheet that can be a rubric: six levels of some eight hundred domains. Longer ones are tables of ratings."""


@dataclass(frozen=True, slots=True)
class Understanding:
    """What was understood of a workbook. ``proposals`` are ranked, the surest first, several for one sheet.

    ``best`` are the layouts that are read where nobody chooses, at most one for each sheet; ``questions`` are what is
    not certain about them, and ``issues`` say why other sheets are not read.
    """

    proposals: tuple[RubricLayout, ...]
    best: tuple[RubricLayout, ...]
    questions: tuple[tuple[str, str], ...]
    issues: tuple[Issue, ...]

    @property
    def sure(self) -> bool:
        """Whether there is something to read, and nothing to ask."""
        return bool(self.best) and not self.questions


def understand(workbook: Workbook) -> Understanding:
    """Which sheets hold rubrics and how; nothing is raised, and nothing is certain that is not printed."""
    issues = Issues()
    found = {sheet.name: ranked(sheet) for sheet in rubric_tables(workbook)}
    any_sure = any(proposals and not proposals[0].questions for proposals in found.values())
    best: list[Proposal] = []
    for sheet in rubric_tables(workbook):
        first = next(iter(found[sheet.name]), None)
        if first is None:
            _say_why_not(sheet, issues)
        elif first.questions and any_sure:
            issues.add(rubric_kinds.NOT_CHOSEN, sheet=sheet.name)
        else:
            best.append(first)
    everything = sorted((p for proposals in found.values() for p in proposals), key=lambda p: -p.how_sure)
    return Understanding(
        tuple(p.layout for p in everything),
        tuple(p.layout for p in best),
        tuple((p.layout.sheet, question) for p in best for question in p.questions),
        issues.found,
    )


def rubric_tables(workbook: Workbook) -> tuple[Sheet, ...]:
    """The sheets that may hold a rubric: those with cells, except “About”."""
    return tuple(sheet for sheet in workbook.sheets if sheet.rows and folded(sheet.name) != ABOUT)


def ranked(sheet: Sheet) -> tuple[Proposal, ...]:
    """Every way in which the sheet could be read, the surest first; of equals the one that leaves out least."""
    if len(sheet.rows) > MOST_ROWS:
        return ()
    grid = Grid(sheet)
    found = [p for row in _header_rows(sheet) for p in _at(grid, row)]
    proposals = sorted(found, key=_rank, reverse=True)
    return tuple(_with_doubt(proposals))


def _rank(proposal: Proposal) -> tuple[float, int, int]:
    return proposal.how_sure, len(proposal.layout.texts), -proposal.layout.header_rows[-1]


def _with_doubt(proposals: list[Proposal]) -> Iterator[Proposal]:
    """The first asks about the orientation where another orientation is as likely."""
    for place, proposal in enumerate(proposals):
        rivals = {
            p.layout.orientation.value
            for p in proposals
            if p.how_sure == proposal.how_sure and p.layout.header_rows == proposal.layout.header_rows
        }
        if place == 0 and len(rivals) > 1:
            question = f"The sheet could be read with {' or with '.join(sorted(rivals))}. Say which."
            yield replace(proposal, questions=(*proposal.questions, question))
        else:
            yield proposal


def _header_rows(sheet: Sheet) -> Iterable[int]:
    filled = (row for row, cells in enumerate(sheet.rows, start=1) if sum(c not in (None, "") for c in cells) > 1)
    return tuple(islice(filled, _HEADERS_TRIED))


def _at(grid: Grid, row: int) -> Iterator[Proposal]:
    for orientation in Orientation:
        proposal = rubric_arranging.arranged(grid, row, orientation)
        if proposal:
            yield proposal


def arrange(
    sheet: Sheet,
    header_row: int | None = None,
    orientation: Orientation | None = None,
    level_order: LevelOrder | None = None,
) -> RubricLayout | None:
    """The likeliest layout of a sheet with what a person has chosen; None where the sheet does not go with it.

    What is chosen is certain; the columns are found anew for it.
    """
    if len(sheet.rows) > MOST_ROWS:
        return None
    grid = Grid(sheet)
    rows = _header_rows(sheet) if header_row is None else (header_row,)
    wanted = tuple(Orientation) if orientation is None else (orientation,)
    chosen = header_row is not None or orientation is not None
    found = [rubric_arranging.arranged(grid, row, each, chosen=chosen) for row in rows for each in wanted]
    best = max((p for p in found if p), key=_rank, default=None)
    if best is None or level_order is None:
        return best.layout if best else None
    return replace(best.layout, level_order=level_order)


def _say_why_not(sheet: Sheet, issues: Issues) -> None:
    if len(sheet.rows) > MOST_ROWS:
        rows = f"{len(sheet.rows):,}"
        issues.add(rubric_kinds.TOO_MANY_ROWS, sheet=sheet.name, rows=rows, most=f"{MOST_ROWS:,}")
        return
    grid = Grid(sheet)
    marks: list[tuple[int, int, list[str]]] = []
    for row in _header_rows(sheet):
        texts = [grid.text(row, column) for column in range(sheet.width)]
        levels = [text for text in texts if is_numbered(step_of((text,)))]
        if any(DOCUMENTED.get(folded(text)) is Meaning.DOMAIN for text in texts):
            issues.add(kinds.NO_LEVELS, sheet=sheet.name, cells=(f"A{row}",), count=len(levels))
            return
        words = [text for text in levels if any(letter.isalpha() for letter in text)]
        if len(words) >= FEWEST_LEVELS and rubric_arranging.marks_only(grid, row):
            marks.append((sum(meaning_of(text) is Meaning.LEVEL for text in words), -row, words))
    if marks:
        _, row, words = max(marks)
        cells = (f"A{-row}",)
        issues.add(rubric_kinds.LEVELS_WITHOUT_TEXT, sheet=sheet.name, cells=cells, headings=listed(words))
    else:
        issues.add(kinds.NOT_A_RUBRIC_SHEET, sheet=sheet.name)
