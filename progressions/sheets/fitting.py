"""A mapping laid on its sheets: headings become columns, and everything that does not fit is said at once."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from operator import itemgetter

from progressions.errors import MappingError
from progressions.rubric import Rubric
from progressions.sheets.cells import Sheet, Value, Workbook, column_letters
from progressions.sheets.day_rules import FoundDay
from progressions.sheets.headings import address_parts, headings
from progressions.sheets.mapping import EVERY_SHEET, DomainRef, RatingsMapping
from progressions.sheets.naming import listed, shown
from progressions.text import folded

NOWHERE = -1
"""The column of what the sheet has no column for; a cell there is empty."""


def cells_in(columns: Iterable[int]) -> Callable[[tuple[Value, ...]], object]:
    """A quick function that gives the cells of a row in those of the columns that the sheet has."""
    there = [column for column in columns if column != NOWHERE]
    return itemgetter(*there) if there else lambda _: ()


def is_like_another(cells: object) -> bool:
    """Whether a cell among these equals one of another kind: 1 equals True, and they are different texts."""
    return any(cell in (0, 1) for cell in (cells if isinstance(cells, tuple) else (cells,)))


@dataclass(frozen=True, slots=True)
class LevelColumn:
    """A column of levels. ``ref`` is None where each row names its domain, ``day`` where it does not tell one."""

    column: int
    heading: str
    ref: DomainRef | None = None
    day: FoundDay | None = None


@dataclass(frozen=True, slots=True)
class Fitted:
    """One sheet, and in which column (from 0) each thing stands. ``first_row`` (from 1) is the first with data."""

    sheet: Sheet
    first_row: int
    partnership: int
    partnership_code: int
    partnership_is: str
    convening: int
    convening_title: int
    day: FoundDay | None
    rubric: int
    domain: int
    columns: tuple[LevelColumn, ...]
    domain_texts: Mapping[str, DomainRef]
    missing: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Fit:
    """The sheets that a mapping reads, and those that it does not fit, each with the reason."""

    tables: tuple[Fitted, ...]
    skipped: tuple[tuple[str, str], ...] = ()


def fit(workbook: Workbook, mapping: RatingsMapping, rubrics: Sequence[Rubric]) -> Fit:
    """The mapping as columns of its sheets; ``MappingError`` lists everything in it that does not fit.

    Where all sheets are to be read, those that it does not fit are skipped, as long as there is one that it fits.
    """
    sheets = _sheets(workbook, mapping.sheet)
    several = isinstance(mapping.sheet, tuple) or mapping.sheet == EVERY_SHEET
    tables: list[Fitted] = []
    wrong: dict[str, list[str]] = {}
    for sheet in sheets:
        fitting = _Fitting(sheet, workbook.file_name, mapping, rubrics, lenient=several)
        fitted = fitting.fitted()
        if fitting.wrong:
            wrong[sheet.name] = fitting.wrong
        else:
            tables.append(fitted)
    if wrong and (mapping.sheet != EVERY_SHEET or not tables):
        said = [sentence for sentences in wrong.values() for sentence in sentences]
        raise MappingError("The mapping does not fit. " + " ".join(dict.fromkeys(said)))
    return Fit(tuple(tables), tuple((name, " ".join(dict.fromkeys(said))) for name, said in wrong.items()))


def _sheets(workbook: Workbook, named: str | tuple[str, ...] | None) -> list[Sheet]:
    if not workbook.sheets:
        raise MappingError("The file has no sheet with cells.")
    if named is None:
        return [workbook.sheets[0]]
    if named == EVERY_SHEET:
        return [sheet for sheet in workbook.sheets if sheet.rows]
    names = (named,) if isinstance(named, str) else named
    return list({folded(name): _sheet(workbook, name) for name in names}.values())


def _sheet(workbook: Workbook, name: str) -> Sheet:
    try:
        return workbook.sheet(name)
    except KeyError:
        names = listed([sheet.name for sheet in workbook.sheets])
        raise MappingError(f"The file has no sheet “{shown(name)}”. Its sheets are {names}.") from None


@dataclass
class _Fitting:
    """Looks things up in one sheet and collects what cannot be found."""

    sheet: Sheet
    file_name: str
    mapping: RatingsMapping
    rubrics: Sequence[Rubric]
    lenient: bool
    wrong: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Reads the headings once."""
        self._by_code = {rubric.code: rubric for rubric in self.rubrics}
        self._headings = headings(self.sheet, self.mapping.header_row, self.mapping.header_rows)
        self._columns: defaultdict[str, list[int]] = defaultdict(list)
        for column, text in enumerate(self._headings):
            if text:
                self._columns[folded(text)].append(column)

    def fitted(self) -> Fitted:
        mapping = self.mapping
        keys = (mapping.partnership, mapping.partnership_code, mapping.convening.column, mapping.convening.title_column)
        who, code, convening, title = (self._column(heading) for heading in keys)
        rubric = self._column(mapping.long.rubric) if mapping.long else NOWHERE
        domain = self._column(mapping.long.domain) if mapping.long else NOWHERE
        columns = self._level_columns()
        texts = mapping.long.domain_texts if mapping.long else {}
        domain_texts = {folded(text): self._ref(ref) for text, ref in texts.items()}
        self._check_levels()
        used = {who, code, convening, title, rubric, domain, *(column.column for column in columns)}
        return Fitted(
            self.sheet,
            mapping.header_row + 1,
            who,
            code,
            self.sheet.name if mapping.partnership_from_sheet else mapping.partnership_is,
            convening,
            title,
            self._day(),
            rubric,
            domain,
            tuple(columns),
            domain_texts,
            tuple(self.missing),
            tuple(text for column, text in enumerate(self._headings) if text and column not in used),
        )

    def _level_columns(self) -> list[LevelColumn]:
        long = self.mapping.long
        if long is None:
            wanted: list[tuple[str, DomainRef | None]] = [
                (heading, self._ref(ref)) for heading, ref in self.mapping.domains.items()
            ]
        elif long.rubric_is and long.rubric_is not in self._by_code:
            self.wrong.append(self._no_rubric(long.rubric_is))
            return []
        else:
            wanted = [(heading, None) for heading in long.dates or (long.level,)]
        columns = [self._level_column(heading, ref) for heading, ref in wanted if self._is_there(heading)]
        if not columns:
            self.wrong.append(
                f"The sheet “{self.sheet.name}” has none of the columns with levels: {listed(self.missing)}."
            )
        self._check_once(columns)
        return columns

    def _is_there(self, heading: str) -> bool:
        """One sheet of several may lack columns that the others have; it is said."""
        if self.lenient and folded(heading) not in self._columns:
            self.missing.append(heading)
            return False
        return True

    def _level_column(self, heading: str, ref: DomainRef | None) -> LevelColumn:
        day = None
        if self.mapping.convening.from_heading:
            day = self._one_day(heading, f"The heading “{shown(heading)}”")
        return LevelColumn(self._column(heading), heading, ref, day)

    def _day(self) -> FoundDay | None:
        """The day of the whole sheet, where it has one."""
        source = self.mapping.convening
        if source.held_on:
            return FoundDay(source.held_on)
        if source.from_file_name:
            return self._one_day(self.file_name, f"The file's name, “{shown(self.file_name)}”,")
        if source.from_sheet_name:
            return self._one_day(self.sheet.name, f"The sheet's name, “{shown(self.sheet.name)}”,")
        return self._day_of_cell(source.cell) if source.cell else None

    def _day_of_cell(self, address: str) -> FoundDay | None:
        parts = address_parts(address)
        if parts is None:
            self.wrong.append(f"“{shown(address)}” is no address of a cell, such as “B1”.")
            return None
        text = self.sheet.cell(*parts).text
        if not text:
            self.wrong.append(f"The cell {address.upper()} of “{self.sheet.name}” is empty: no day stands in it.")
            return None
        return self._one_day(text, f"The cell {address.upper()} of “{self.sheet.name}”, “{shown(text)}”,")

    def _one_day(self, text: str, where: str) -> FoundDay | None:
        days = self.mapping.days.within(text)
        if len(days) == 1:
            return days[0]
        expected = "2024-10-31" if self.mapping.year_day is None else "2024-10-31 or 2024"
        self.wrong.append(f"{where} holds {len(days) or 'no'} dates. Expected is one, such as {expected}.")
        return None

    def _column(self, heading: str | None) -> int:
        if not heading:
            return NOWHERE
        columns = self._columns.get(folded(heading), [])
        if len(columns) == 1:
            return columns[0]
        row = self.mapping.header_row
        if columns:
            cells = ", ".join(f"{column_letters(column)}{row}" for column in columns)
            self.wrong.append(f"The heading “{shown(heading)}” stands in several columns ({cells}).")
        else:
            self.wrong.append(f"The sheet “{self.sheet.name}” has no heading “{shown(heading)}” in row {row}.")
        return NOWHERE

    def _ref(self, ref: DomainRef) -> DomainRef:
        """The codes as the rubric writes them."""
        rubric = self._by_code.get(ref.rubric)
        if rubric is None:
            self.wrong.append(self._no_rubric(ref.rubric))
            return ref
        codes = {folded(code): domain.code for domain in rubric.domains for code in domain.also}
        codes |= {folded(domain.code): domain.code for domain in rubric.domains}
        if folded(ref.domain) not in codes:
            self.wrong.append(f"The rubric “{ref.rubric}” has no domain “{shown(ref.domain)}”.")
        return DomainRef(ref.rubric, codes.get(folded(ref.domain), ref.domain))

    def _no_rubric(self, code: str) -> str:
        return f"There is no rubric “{shown(code)}”; there are {listed(list(self._by_code))}."

    def _check_once(self, columns: Sequence[LevelColumn]) -> None:
        places = [(column.ref, column.day) for column in columns]
        for column in columns:
            if places.count((column.ref, column.day)) > 1:
                what = f"the domain “{column.ref}”" if column.ref else f"the day {column.day.day if column.day else ''}"
                self.wrong.append(f"Two columns are mapped to {what}.")

    def _check_levels(self) -> None:
        """A text may stand for a level that each rubric of the mapping has."""
        for code in sorted(self._used()):
            self._check_count(code, self.mapping.levels)
        for place, levels in self.mapping.levels_of.items():
            codes = self._rubrics_of(place)
            if not codes:
                self.wrong.append(f"In “levels”, “{shown(place)}” is no rubric, no “rubric/domain” and no heading.")
            for code in sorted(codes):
                self._check_count(code, levels)

    def _rubrics_of(self, place: str) -> set[str]:
        """The rubrics of the cells for which levels are given under this name."""
        wanted = folded(place)
        named = {code for code in self._by_code if folded(code) == wanted}
        named |= {r.code for r in self.rubrics for d in r.domains if folded(f"{r.code}/{d.code}") == wanted}
        return named | {ref.rubric for heading, ref in self.mapping.domains.items() if folded(heading) == wanted}

    def _check_count(self, code: str, levels: Mapping[str, int]) -> None:
        count = len(self._by_code[code].levels) if code in self._by_code else 0
        over = [text for text, level in levels.items() if level > count]
        if over and count:
            self.wrong.append(f"The rubric “{code}” has {count} levels, and {listed(over)} would be a higher one.")

    def _used(self) -> set[str]:
        long = self.mapping.long
        if long is None:
            named = {ref.rubric for ref in self.mapping.domains.values()}
        elif long.rubric_is:
            named = {long.rubric_is}
        else:
            named = {ref.rubric for ref in long.domain_texts.values()}
        return named & set(self._by_code)
