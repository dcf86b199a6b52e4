"""Finds the columns of a rubric below one row of headings, for one orientation. Standard library only."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from progressions.rubric import FEWEST_LEVELS, MOST_LEVELS
from progressions.sheets.naming import shown
from progressions.sheets.rubric_headings import (
    DOCUMENTED,
    LevelOrder,
    Meaning,
    Step,
    are_numbered,
    is_numbered,
    is_only_a_number,
    level_of_heading,
    levels_of,
    likely_order,
    meaning_of,
    names_domains,
    step_of,
)
from progressions.sheets.rubric_layout import Grid, Orientation, RubricLayout, step_key, steps_of
from progressions.text import folded

_SAMPLE = 300
"""Rows below the headings that are looked at: a rubric has fewer domains than that."""
_LONGEST_HEADING = 80
"""Characters of a level's name or a domain's title where it is told from descriptors."""
_MOSTLY = 0.5
_NEARLY_ALL = 0.8
_FEW_TEXTS, _MANY_CELLS = 6, 12
"""At most six different texts in a dozen cells and more are ratings, not descriptors."""

_DOCUMENTED_SURE, _KNOWN_SURE, _NUMBERED_SURE, _HEADED, _GUESSED = 1.0, 0.9, 0.8, 0.6, 0.5


@dataclass(frozen=True, slots=True)
class Proposal:
    """One way to read a sheet: ``how_sure`` from 0 to 1 only ranks, ``questions`` say what is not certain."""

    layout: RubricLayout
    how_sure: float
    questions: tuple[str, ...] = ()


def arranged(grid: Grid, row: int, orientation: Orientation, *, chosen: bool = False) -> Proposal | None:
    """The layout with its headings in this row; None where the cells do not go with it.

    Where a person has ``chosen``, what only speaks for another orientation does not count.
    """
    arrange = {
        Orientation.LEVEL_COLUMNS: _level_columns,
        Orientation.LEVEL_ROWS: _level_rows,
        Orientation.DOMAIN_COLUMNS: _domain_columns,
    }[orientation]
    # Most rows stand in the middle of a table, which is seen much faster than what the table is.
    if not chosen and not _is_top(grid, row, range(grid.sheet.width)) and not _is_documented(grid, row):
        return None
    proposal = arrange(grid, row, chosen)
    if proposal is None or chosen or proposal.how_sure == _DOCUMENTED_SURE:
        return proposal
    return proposal if _is_top(grid, proposal.layout.header_rows[0], proposal.layout.columns) else None


def _is_top(grid: Grid, row: int, columns: Iterable[int]) -> bool:
    """Whether the row begins a table: the one right above it is less filled."""
    filled = [column for column in columns if grid.sheet.cell(row, column).text]
    return sum(1 for column in filled if grid.sheet.cell(row - 1, column).text) < len(filled)


def _is_documented(grid: Grid, row: int) -> bool:
    texts = {folded(grid.text(r, column)) for r in (row, row + 1) for column in range(grid.sheet.width)}
    return any(DOCUMENTED.get(text) is Meaning.DOMAIN for text in texts)


class _Head:
    """The headings of a table: one row, or two where one holds the numbers of levels and the other their names."""

    def __init__(self, grid: Grid, row: int) -> None:
        self.grid = grid
        self.rows = (row, row + 1) if _has_second(grid, row) else (row,)
        self.texts = [grid.headings(self.rows, column) for column in range(grid.sheet.width)]
        self.steps = [step_of(texts) for texts in self.texts]
        self.meanings = [_meaning(texts) for texts in self.texts]
        self.body = [r for r in grid.below(self.rows[-1]) if any(v not in (None, "") for v in grid.sheet.rows[r - 1])]
        self.body = self.body[:_SAMPLE]

    def first(self, meaning: Meaning) -> int | None:
        return next((column for column, found in enumerate(self.meanings) if found is meaning), None)

    def label(self, column: int) -> str:
        return next((text for text in reversed(self.texts[column]) if text), "")

    def filled(self, column: int, rows: Iterable[int] | None = None) -> list[str]:
        texts = (self.grid.text(row, column) for row in (self.body if rows is None else rows))
        return [text for text in texts if text]

    @property
    def is_documented(self) -> bool:
        texts = {folded(text) for pair in self.texts for text in pair}
        return any(DOCUMENTED.get(text) is Meaning.DOMAIN for text in texts)


def _meaning(texts: Sequence[str]) -> Meaning | None:
    return next((meaning for text in reversed(texts) if (meaning := meaning_of(text))), None)


def _has_second(grid: Grid, row: int) -> bool:
    """Whether the next row belongs to the headings: numbers here and names there, or the other way round."""
    if row >= len(grid.sheet.rows):
        return False
    pairs = [grid.headings((row, row + 1), column) for column in range(grid.sheet.width)]
    numbers = {place: [c for c, p in enumerate(pairs) if p[place] and is_only_a_number(p[place])] for place in (0, 1)}
    place = 0 if len(numbers[0]) >= len(numbers[1]) else 1
    columns = numbers[place]
    if len(columns) < FEWEST_LEVELS:
        return False
    names = [pairs[c][1 - place] for c in columns]
    are_names = all(name and len(name) <= _LONGEST_HEADING and not is_only_a_number(name) for name in names)
    left = [(column, pairs[column][1]) for column in range(columns[0])]
    is_heading = all(not text or meaning_of(text) or grid.continues(row + 1, c) for c, text in left)
    return are_names and len(set(names)) == len(names) and is_heading


def marks_only(grid: Grid, row: int) -> bool:
    """Whether the columns that are headed like levels hold no descriptors."""
    head = _Head(grid, row)
    columns = [column for column, step in enumerate(head.steps) if is_numbered(step)]
    return len(columns) >= FEWEST_LEVELS and not _are_described(head, columns, head.body)


def _are_described(head: _Head, columns: Sequence[int], rows: Sequence[int]) -> bool:
    """Whether the cells are descriptors: mostly filled, with words, and not one of a few levels again and again."""
    cells = [head.grid.text(row, column) for row in rows for column in columns]
    filled = [text for text in cells if text]
    if not filled or len(filled) < _MOSTLY * len(cells):
        return False
    words = [text for text in filled if any(letter.isalpha() for letter in text)]
    levels = [text for text in filled if level_of_heading(text)]
    few = len(set(filled)) <= _FEW_TEXTS and len(filled) >= _MANY_CELLS
    return len(words) >= _NEARLY_ALL * len(filled) and len(levels) <= _MOSTLY * len(filled) and not few


def _level_columns(grid: Grid, row: int, chosen: bool) -> Proposal | None:
    head = _Head(grid, row)
    columns = _columns_of_levels(head)
    domain = _domain_beside(head, columns)
    if len(columns) < FEWEST_LEVELS or domain is None:
        return None
    steps = [head.steps[column] for column in columns]
    documented = head.is_documented and are_numbered(steps)
    titled = [r for r in head.body if head.grid.text(r, domain)]
    if not documented and not _are_described(head, columns, titled):
        return None
    known = head.meanings[domain] is Meaning.DOMAIN
    sure = _KNOWN_SURE if known else _NUMBERED_SURE
    numbered = are_numbered(steps)
    layout = _layout(head, Orientation.LEVEL_COLUMNS, steps, columns, domain)
    questions = _order_question(steps) if not numbered else ()
    if not numbered and not chosen and head.meanings[domain] not in (Meaning.DOMAIN, Meaning.AREA):
        questions = (_whether_columns(head, columns), *questions)
    if documented:
        return Proposal(layout, _DOCUMENTED_SURE)
    return Proposal(layout, sure if numbered else _GUESSED, questions)


def _whether_columns(head: _Head, columns: Sequence[int]) -> str:
    first, last = (shown(head.label(column)) for column in (columns[0], columns[-1]))
    return (
        f"The headings “{first}” to “{last}” are taken as levels, a column each. Say whether they are domains instead."
    )


def _columns_of_levels(head: _Head) -> list[int]:
    """The columns of levels: those with numbers, else with points, else a run of short headings beside the domain."""
    usable = [c for c, meaning in enumerate(head.meanings) if meaning is not Meaning.IGNORED or head.steps[c].number]
    numbered = [c for c in usable if is_numbered(head.steps[c])]
    if len(numbered) >= FEWEST_LEVELS:
        return numbered
    pointed = [c for c, step in enumerate(head.steps) if step.points is not None and any(map(str.isalpha, step.name))]
    return pointed if len(pointed) >= FEWEST_LEVELS else _run_of_names(head)


def _run_of_names(head: _Head) -> list[int]:
    known = head.first(Meaning.DOMAIN)
    start = known if known is not None else head.first(Meaning.AREA)
    first = next((c for c in range(len(head.texts)) if head.filled(c)), 0)
    run: list[int] = []
    for column in range((first if start is None else start) + 1, len(head.texts)):
        name = head.label(column)
        if head.meanings[column] in (Meaning.IGNORED, Meaning.CODE, Meaning.AREA) or not name:
            continue
        if head.meanings[column] is not None or len(name) > _LONGEST_HEADING or is_only_a_number(name):
            return []
        run.append(column)
    distinct = {folded(head.label(column)) for column in run}
    return run if FEWEST_LEVELS <= len(run) <= MOST_LEVELS and len(distinct) == len(run) else []


def _domain_beside(head: _Head, columns: Sequence[int]) -> int | None:
    """The column of titles: the one that is headed so, else the nearest to the left that holds texts."""
    if not columns:
        return None
    known = head.first(Meaning.DOMAIN)
    if known is not None and known not in columns:
        return known
    left = [c for c in range(columns[0]) if _has_words(head.filled(c)) and head.meanings[c] is not Meaning.CODE]
    free = [c for c in left if head.meanings[c] is None]
    return max(free or left, default=None)


def _has_words(texts: Sequence[str]) -> bool:
    words = [text for text in texts if any(letter.isalpha() for letter in text)]
    return bool(texts) and len(words) >= _NEARLY_ALL * len(texts)


def _layout(
    head: _Head,
    orientation: Orientation,
    steps: Sequence[Step],
    texts: Sequence[int],
    domain: int | None,
    level: int | None = None,
) -> RubricLayout:
    taken = {*texts, domain, level}
    code = _free(head, Meaning.CODE, taken)
    documented_code = code is not None and folded(head.label(code)) in DOCUMENTED
    return RubricLayout(
        head.grid.sheet.name,
        head.rows,
        orientation,
        likely_order(steps),
        tuple(texts),
        domain,
        code,
        _area(head, taken | {code}, domain),
        _free(head, Meaning.RUBRIC, taken),
        level,
        # Where each domain has a code of its own, an area that is left out is left out.
        fill_down=not (documented_code and head.is_documented),
    )


def _free(head: _Head, meaning: Meaning, taken: set[int | None]) -> int | None:
    return next((c for c, found in enumerate(head.meanings) if found is meaning and c not in taken), None)


def _area(head: _Head, taken: set[int | None], domain: int | None) -> int | None:
    """The column that is headed so, else the first of those left of the domain whose texts come again."""
    known = _free(head, Meaning.AREA, taken)
    if known is not None or domain is None or head.is_documented:
        return known
    for column in range(domain):
        texts = head.filled(column)
        if column not in taken and head.meanings[column] is None and _has_words(texts) and len(head.body) > 1:
            return column if len(set(texts)) < len(head.filled(domain)) else None
    return None


def _order_question(steps: Sequence[Step]) -> tuple[str, ...]:
    first, last = shown(steps[0].name), shown(steps[-1].name)
    return (
        f"The levels “{first}” to “{last}” have no numbers, so it is not certain which of them is the lowest. "
        "Say the order, or number them in the file, as in “1 Beginning”.",
    )


def _level_rows(grid: Grid, row: int, chosen: bool) -> Proposal | None:
    head = _Head(grid, row)
    level = _level_column(head, chosen)
    if level is None:
        return None
    text = _text_column(head, level)
    domain = None if text is None else _domain_of_rows(head, level, text)
    if text is None or domain is None:
        return None
    return _proposed_rows(head, Orientation.LEVEL_ROWS, [text], domain, level)


def _proposed_rows(
    head: _Head, orientation: Orientation, texts: Sequence[int], domain: int | None, level: int
) -> Proposal | None:
    """The proposal for levels in rows; None where there are too few or many levels or they have no texts."""
    layout = _layout(head, orientation, [step_of(("x",))], texts, domain, level)
    steps = list(steps_of(head.grid, layout).values())
    nameless = all(step.name == step.printed and is_only_a_number(step.printed) for step in steps)
    if not FEWEST_LEVELS <= len(steps) <= MOST_LEVELS or (nameless and not levels_of(steps, LevelOrder.NUMBERED)):
        return None
    rows = [r for r in head.body if head.grid.text(r, level)]
    heading = head.label(level)
    is_itself_a_level = is_numbered(step_of((heading,))) or step_key(heading) in steps_of(head.grid, layout)
    if is_itself_a_level or not _are_described(head, texts, rows):
        return None
    layout = _layout(head, orientation, steps, texts, domain, level)
    if are_numbered(steps):
        known = domain is None or head.meanings[domain] in (Meaning.DOMAIN, Meaning.AREA)
        return Proposal(layout, _KNOWN_SURE if known or head.meanings[level] is Meaning.LEVEL else _NUMBERED_SURE)
    return Proposal(layout, _HEADED, _order_question(steps))


def _level_column(head: _Head, chosen: bool) -> int | None:
    """The column that names the level of each row: headed so, or filled with numbered levels."""
    numbered = [c for c in range(len(head.texts)) if _are_levels(head.filled(c))]
    headed = [c for c, m in enumerate(head.meanings) if m is Meaning.LEVEL and _are_short(head.filled(c))]
    columns = [c for c in headed if c in numbered] or numbered or headed
    if not columns and chosen:
        columns = [c for c in range(len(head.texts)) if _are_short(head.filled(c))]
    return columns[0] if columns else None


def _are_levels(texts: Sequence[str]) -> bool:
    return bool(texts) and sum(is_numbered(step_of((text,))) for text in texts) >= _NEARLY_ALL * len(texts)


def _are_short(texts: Sequence[str]) -> bool:
    names = {folded(text) for text in texts if not is_only_a_number(text)}
    return bool(names) and len({*map(step_key, texts)}) <= MOST_LEVELS and max(map(len, texts)) <= _LONGEST_HEADING


def _text_column(head: _Head, level: int) -> int | None:
    """The column of descriptors: headed so, else the first whose texts are about as long as the longest."""
    known = head.first(Meaning.TEXT)
    if known is not None:
        return known
    free = [c for c in range(len(head.texts)) if c != level and head.meanings[c] in (None, Meaning.IGNORED)]
    lengths = {c: sum(map(len, texts)) / len(texts) for c in free if _has_words(texts := head.filled(c))}
    right = {c: length for c, length in lengths.items() if c > level} or lengths
    return next((c for c, length in right.items() if length >= _MOSTLY * max(right.values())), None)


def _domain_of_rows(head: _Head, level: int, text: int) -> int | None:
    known = head.first(Meaning.DOMAIN)
    if known is not None:
        return known
    left = [c for c in range(level) if c != text and _has_words(head.filled(c))]
    free = [c for c in left if head.meanings[c] is None]
    return max(free or [c for c in left if head.meanings[c] is Meaning.AREA], default=None)


def _domain_columns(grid: Grid, row: int, chosen: bool) -> Proposal | None:
    head = _Head(grid, row)
    level = _level_column(head, chosen)
    if level is None or (any(names_domains(head.label(c)) for c in range(len(head.texts))) and not chosen):
        return None
    labels = [folded(text) for text in head.filled(level)]
    columns = [c for c in range(len(head.texts)) if c != level and _may_be_a_domain(head, c)]
    only_texts = all(head.meanings[c] is Meaning.TEXT for c in columns)
    titles = {folded(head.label(c)) for c in columns}
    repeats = len(set(labels)) < len(labels) or len(titles) < len(columns)
    if not columns or repeats or (only_texts and not chosen):
        return None
    proposal = _proposed_rows(head, Orientation.DOMAIN_COLUMNS, columns, None, level)
    if proposal is None or not _has_areas_above(grid, row, columns, level):
        return proposal
    return replace(proposal, layout=replace(proposal.layout, header_rows=(row - 1, row)))


def _has_areas_above(grid: Grid, row: int, columns: Sequence[int], level: int) -> bool:
    """Whether the row above groups the domains: a text over some of them and none over the levels."""
    above = [grid.sheet.cell(row - 1, column).text for column in columns]
    return bool(above[0]) and not all(above) and not grid.text(row - 1, level) and len(columns) > 1


def _may_be_a_domain(head: _Head, column: int) -> bool:
    heading, meaning = head.label(column), head.meanings[column]
    return bool(heading) and len(heading) <= _LONGEST_HEADING and meaning not in (Meaning.IGNORED, Meaning.CODE)
