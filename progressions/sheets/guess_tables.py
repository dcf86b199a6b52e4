"""What one sheet offers: its headings, its layout, and which column is what, with the evidence for each."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from progressions.sheets.cells import Sheet, Value
from progressions.sheets.day_rules import DayRules, without_days
from progressions.sheets.guess_columns import ENOUGH_CELLS, HALF, MOSTLY, NEW_YEAR, Column, Readers, columns_of
from progressions.sheets.guess_domains import PLAIN, DomainNames, Match
from progressions.sheets.guess_headers import Header, find_header
from progressions.sheets.guess_words import (
    DAY,
    DOMAIN,
    LEVEL,
    PARTNERSHIP,
    RUBRIC,
    Ranks,
    is_beside_ratings,
    rank_of,
)
from progressions.sheets.mapping import Layout
from progressions.text import folded

_LONGEST_NAME = 60
_LARGEST_SCALE = 10
"""Larger numbers, such as 67, are slips or totals, and are rejected cell by cell."""
_OTHER_SCALE = 0.02
"""Share of cells with numbers outside of the scale from which on they are no slips of the keyboard."""
_MOST_DOMAINS = 300
"""Different texts that a column of domains has at most: all rubrics' domains, each spelled in several ways."""
_FEW = 12
"""A column of ratings has at most so many different texts: six levels, spelled in two ways."""


class Rated(NamedTuple):
    """A column with levels: what its heading names, and whether it does so together with a day."""

    column: Column
    match: Match
    dated: bool = False


@dataclass
class Table:
    """One sheet as it was understood."""

    sheet: Sheet
    header: Header
    columns: tuple[Column, ...]
    layout: Layout = Layout.WIDE
    rated: list[Rated] = field(default_factory=list)
    doubtful: list[tuple[Column, str]] = field(default_factory=list)
    partnerships: list[Column] = field(default_factory=list)
    days: list[Column] = field(default_factory=list)
    domain: Column | None = None
    level: Column | None = None
    rubric: Column | None = None

    @property
    def repeated(self) -> set[str]:
        """Folded headings that stand over more than one column."""
        keys = [folded(column.heading) for column in self.columns]
        return {key for key in keys if keys.count(key) > 1}

    def used(self) -> set[int]:
        """Columns of levels and of the domain."""
        named = [c for c in (self.domain, self.level, self.rubric) if c]
        return {column.index for column in (*named, *(rated.column for rated in self.rated))}


def table_of(sheet: Sheet, names: DomainNames, readers: Readers) -> Table | None:
    """What the sheet offers; None where no row has headings."""
    header = find_header(sheet, names)
    if header is None:
        return None
    table = Table(sheet, header, columns_of(sheet, header.row, header.rows))
    _find_layout(table, names, readers)
    _find_keys(table, readers)
    return table


def _find_layout(table: Table, names: DomainNames, readers: Readers) -> None:
    wide = _domain_columns(table, names, readers)
    domain = _column_of_domains(table, names)
    dated = [column for column in table.columns if _is_dated(column, readers)] if domain else []
    level = _column_of_levels(table, readers, domain) if domain else None
    if domain and (dated or level) and len(wide) < 2:
        table.layout = Layout.ACROSS if len(dated) > (1 if level else 0) else Layout.LONG
        table.domain = domain
        table.level = None if table.layout is Layout.ACROSS else level
        table.rubric = _best(table, RUBRIC, lambda column: _names_rubrics(column, readers) >= HALF)
        table.rated = [Rated(column, Match(()), True) for column in dated] if table.layout is Layout.ACROSS else []
        table.doubtful = []
        return
    table.rated = wide


def _domain_columns(table: Table, names: DomainNames, readers: Readers) -> list[Rated]:
    matched = [Rated(column, *_match(column.heading, names)) for column in table.columns]
    named = [one for one in matched if one.match.refs and not _is_beside(one)]
    kept: list[Rated] = []
    for one in _without_other_scales(table, named, readers):
        reason = _doubt(one.column, one.match, readers)
        if reason:
            table.doubtful.append((one.column, reason))
        else:
            kept.append(one)
    return kept


def _is_beside(one: Rated) -> bool:
    return one.match.how_sure < 1.0 and is_beside_ratings(one.column.heading)


def _match(heading: str, names: DomainNames) -> tuple[Match, bool]:
    match = names.match(heading)
    if match.how_sure == 1.0 or not any(letter.isdigit() for letter in heading):
        return match, False
    rest = without_days(heading)
    if rest and rest != heading and len(DayRules(False, NEW_YEAR).within(heading)) == 1:
        dated = names.match(rest)
        if dated.refs and dated.how_sure >= match.how_sure:
            return dated, True
    return match, False


def _doubt(column: Column, match: Match, readers: Readers) -> str:
    """Why a column under a domain's heading is not taken for its ratings, "" where it is."""
    if len(match.refs) != 1 or not column.filled or (match.how_sure == 1.0 and column.filled < ENOUGH_CELLS):
        return ""
    rubric = match.refs[0].rubric
    if readers.understood(column, rubric) < HALF and not _has_own_texts(column, match):
        texts = [f"“{text[:40]}”" for text in list(column.texts)[:3]]
        return f"most of its cells are no levels of the rubric “{rubric}”, such as {', '.join(texts)}"
    return ""


def _has_own_texts(column: Column, match: Match) -> bool:
    """Whether the column has few short texts that may be the hub's own names of levels."""
    are_names = all(isinstance(v, str) and len(v) <= _LONGEST_NAME and _number(v) is None for v in column.values)
    return match.how_sure >= PLAIN and are_names and len(column.values) <= _FEW


def _without_other_scales(table: Table, found: list[Rated], readers: Readers) -> list[Rated]:
    """Only columns without signs of another scale: where one has them, those of rubrics as long are doubtful too."""
    counts = {id(one): len(readers.rubrics[one.match.refs[0].rubric].levels) for one in found}
    kept: list[Rated] = []
    for levels in dict.fromkeys(counts.values()):
        alike = [one for one in found if counts[id(one)] == levels]
        reason = other_scale([one.column for one in alike], levels)
        if reason:
            table.doubtful += [(one.column, reason) for one in alike]
        else:
            kept += alike
    return sorted(kept, key=lambda one: one.column.index)


def other_scale(columns: Sequence[Column], levels: int) -> str:
    """Why numbers of these columns may be of another scale, "" where nothing speaks for it."""
    outside: dict[str, int] = {}
    for column in columns:
        for value, count in column.values.items():
            number = _number(value)
            if number is not None and (0 <= number < 1 or levels < number <= _LARGEST_SCALE):
                outside[f"{number:g}"] = outside.get(f"{number:g}", 0) + count
    cells = sum(outside.values())
    if cells < 2 or cells < _OTHER_SCALE * sum(column.filled for column in columns):
        return ""
    shown = ", ".join(sorted(outside)[:3])
    return f"the ratings hold {shown}, and the rubric's levels are 1 to {levels}: the numbers may be of another scale"


def _number(value: Value) -> float | None:
    if isinstance(value, str):
        return float(value) if value.strip().isdecimal() else None
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _column_of_domains(table: Table, names: DomainNames) -> Column | None:
    def share(column: Column) -> float:
        if not column.filled or len(column.values) > _MOST_DOMAINS:
            return 0.0
        return sum(n for text, n in column.texts.items() if names.match(text).refs) / column.filled

    headed = _best(table, DOMAIN, lambda column: share(column) >= HALF)
    if headed:
        return headed
    texts = [c for c in table.columns if 1 < len(c.values) <= _MOST_DOMAINS]
    exact = [c for c in texts if sum(n for t, n in c.texts.items() if names.exactly(t)) >= MOSTLY * c.filled]
    return exact[0] if len(exact) == 1 else None


def _column_of_levels(table: Table, readers: Readers, domain: Column) -> Column | None:
    def holds_levels(column: Column) -> bool:
        return column is not domain and readers.levels(column) >= HALF

    return _best(table, LEVEL, holds_levels)


def _is_dated(column: Column, readers: Readers) -> bool:
    """Whether the heading is a day or year and the cells are levels."""
    if len(column.heading) > 40 or len(DayRules(False, NEW_YEAR).within(column.heading)) != 1:
        return False
    rest = without_days(column.heading)
    return not is_beside_ratings(rest) and (not column.filled or readers.levels(column) >= HALF)


def _names_rubrics(column: Column, readers: Readers) -> float:
    names = {folded(name) for rubric in readers.rubrics.values() for name in (rubric.code, rubric.title)}
    named = sum(n for text, n in column.texts.items() if folded(text) in names)
    return named / column.filled if column.filled else 0.0


class _Fits(NamedTuple):
    rank: int
    column: Column


def _best(table: Table, ranks: Ranks, fits: Callable[[Column], bool]) -> Column | None:
    """The column with the best rank of those that fit; the first of several."""
    found = [_Fits(rank_of(c.heading, ranks), c) for c in table.columns]
    fitting = [one for one in found if one.rank and fits(one.column)]
    return min(fitting, key=lambda one: one.rank).column if fitting else None


def _find_keys(table: Table, readers: Readers) -> None:
    used = table.used()
    free = [c for c in table.columns if c.index not in used]
    named = [(rank_of(c.heading, PARTNERSHIP), c) for c in free if c.filled and not _is_of_levels(c, readers)]
    table.partnerships = _leading((rank, c) for rank, c in named if rank)
    table.days = [c for c in free if _may_be_days(c)]


def _is_of_levels(column: Column, readers: Readers) -> bool:
    return len(column.values) <= _FEW and readers.levels(column) > HALF


def _may_be_days(column: Column) -> bool:
    if column.share_of_days >= MOSTLY:
        return True
    says_so = rank_of(column.heading, DAY) or any(word in column.heading.casefold() for word in ("date", "year"))
    return bool(says_so) and max(column.share_of_years, column.share_of_months) >= MOSTLY


def _leading(found: Iterable[tuple[int, Column]]) -> list[Column]:
    """The columns of the best rank."""
    ranked = list(found)
    best = min((rank for rank, _ in ranked), default=0)
    return [column for rank, column in ranked if rank == best]


def looks_rated(table: Table) -> list[Column]:
    """Columns that look like ratings without a domain: two or more that share few texts or small numbers."""
    used = table.used() | {c.index for c in (*table.partnerships, *table.days)}
    free = [c for c in table.columns if c.index not in used and 2 <= len(c.values) <= _FEW]
    small = [c for c in free if all((n := _number(v)) is None or n <= _LARGEST_SCALE for v in c.values)]
    return [c for c in small if any(o is not c and _share_texts(c, o) for o in small) and not _may_be_days(c)]


def _share_texts(first: Column, second: Column) -> bool:
    common = set(first.texts) & set(second.texts)
    return len(common) >= 2 and len(common) * 2 >= min(len(first.texts), len(second.texts))
