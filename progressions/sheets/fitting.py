"""A mapping laid on one sheet: headings become columns, and everything that does not fit is said at once."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from progressions.errors import MappingError
from progressions.rubric import Rubric
from progressions.sheets.cells import Sheet, Workbook, column_letters
from progressions.sheets.dates import dates_in_name
from progressions.sheets.mapping import DomainRef, RatingsMapping
from progressions.sheets.naming import listed, shown
from progressions.text import folded

NOWHERE = -1
"""The column of what the sheet has no column for; a cell there is empty."""


@dataclass(frozen=True, slots=True)
class Fitted:
    """The sheet, and in which column (from 0) each thing stands."""

    sheet: Sheet
    file_name: str
    partnership: int
    partnership_code: int
    convening: int
    convening_title: int
    domains: tuple[tuple[int, DomainRef], ...] = ()
    long: bool = False
    rubric: int = NOWHERE
    rubric_is: str = ""
    domain: int = NOWHERE
    level: int = NOWHERE
    domain_texts: Mapping[str, DomainRef] = field(default_factory=dict)


def fit(workbook: Workbook, mapping: RatingsMapping, rubrics: Sequence[Rubric]) -> Fitted:
    """The mapping as columns of its sheet; ``MappingError`` lists everything in it that does not fit."""
    sheet = _sheet(workbook, mapping.sheet)
    fitting = _Fitting(sheet, workbook.file_name, mapping, rubrics)
    fitted = fitting.long() if mapping.long else fitting.wide()
    fitting.check_levels()
    fitting.check_file_name()
    if fitting.wrong:
        raise MappingError("The mapping does not fit. " + " ".join(dict.fromkeys(fitting.wrong)))
    return fitted


def _sheet(workbook: Workbook, name: str | None) -> Sheet:
    if not workbook.sheets:
        raise MappingError("The file has no sheet with cells.")
    if name is None:
        return workbook.sheets[0]
    try:
        return workbook.sheet(name)
    except KeyError:
        names = listed([sheet.name for sheet in workbook.sheets])
        raise MappingError(f"The file has no sheet “{shown(name)}”. Its sheets are {names}.") from None


class _Fitting:
    """Looks things up and collects what cannot be found."""

    def __init__(self, sheet: Sheet, file_name: str, mapping: RatingsMapping, rubrics: Sequence[Rubric]) -> None:
        self.wrong: list[str] = []
        self._sheet = sheet
        self._file_name = file_name
        self._mapping = mapping
        self._rubrics = {rubric.code: rubric for rubric in rubrics}
        self._columns: defaultdict[str, list[int]] = defaultdict(list)
        for column in range(sheet.width):
            text = sheet.cell(mapping.header_row, column).text
            if text:
                self._columns[folded(text)].append(column)

    def wide(self) -> Fitted:
        domains = [(self._column(heading), self._ref(ref)) for heading, ref in self._mapping.domains.items()]
        self._check_once([ref for _, ref in domains])
        return replace(self._keys(), domains=tuple(domains))

    def long(self) -> Fitted:
        long = self._mapping.long
        assert long is not None
        if long.rubric_is and long.rubric_is not in self._rubrics:
            self.wrong.append(self._no_rubric(long.rubric_is))
        return replace(
            self._keys(),
            long=True,
            rubric=self._column(long.rubric) if long.rubric else NOWHERE,
            rubric_is=long.rubric_is,
            domain=self._column(long.domain),
            level=self._column(long.level),
            domain_texts={folded(text): self._ref(ref) for text, ref in long.domain_texts.items()},
        )

    def _keys(self) -> Fitted:
        mapping = self._mapping
        return Fitted(
            self._sheet,
            self._file_name,
            self._column(mapping.partnership),
            self._column(mapping.partnership_code),
            self._column(mapping.convening.column),
            self._column(mapping.convening.title_column),
        )

    def _column(self, heading: str | None) -> int:
        if not heading:
            return NOWHERE
        columns = self._columns.get(folded(heading), [])
        if len(columns) == 1:
            return columns[0]
        row = self._mapping.header_row
        if columns:
            cells = ", ".join(f"{column_letters(column)}{row}" for column in columns)
            self.wrong.append(f"The heading “{shown(heading)}” stands in several columns ({cells}).")
        else:
            self.wrong.append(f"The sheet “{self._sheet.name}” has no heading “{shown(heading)}” in row {row}.")
        return NOWHERE

    def _ref(self, ref: DomainRef) -> DomainRef:
        """The codes as the rubric writes them."""
        rubric = self._rubrics.get(ref.rubric)
        if rubric is None:
            self.wrong.append(self._no_rubric(ref.rubric))
            return ref
        codes = {folded(domain.code): domain.code for domain in rubric.domains}
        if folded(ref.domain) not in codes:
            self.wrong.append(f"The rubric “{ref.rubric}” has no domain “{shown(ref.domain)}”.")
        return DomainRef(ref.rubric, codes.get(folded(ref.domain), ref.domain))

    def _no_rubric(self, code: str) -> str:
        return f"There is no rubric “{shown(code)}”; there are {listed(list(self._rubrics))}."

    def _check_once(self, refs: Sequence[DomainRef]) -> None:
        for ref in refs:
            if refs.count(ref) > 1:
                self.wrong.append(f"Two columns are mapped to the domain “{ref}”.")

    def check_levels(self) -> None:
        """A text may stand for a level that each rubric of the mapping has."""
        for code in sorted(self._used()):
            count = len(self._rubrics[code].levels)
            over = [text for text, level in self._mapping.levels.items() if level > count]
            if over:
                self.wrong.append(f"The rubric “{code}” has {count} levels, and {listed(over)} would be a higher one.")

    def _used(self) -> set[str]:
        long = self._mapping.long
        if long is None:
            named = {ref.rubric for ref in self._mapping.domains.values()}
        elif long.rubric_is:
            named = {long.rubric_is}
        else:
            named = {ref.rubric for ref in long.domain_texts.values()}
        return named & set(self._rubrics)

    def check_file_name(self) -> None:
        """A file's name must hold exactly one day, where the mapping takes the convening from it."""
        if not self._mapping.convening.from_file_name:
            return
        days = dates_in_name(self._file_name, self._mapping.day_first)
        if len(days) != 1:
            self.wrong.append(
                f"The file's name, “{shown(self._file_name)}”, holds {len(days) or 'no'} dates. "
                "Expected is one, such as 2024-10-31."
            )
