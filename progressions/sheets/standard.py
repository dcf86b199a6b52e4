"""Sheets that need no mapping: those whose headings are exactly the known ones. Nothing is guessed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from progressions.rubric import Rubric
from progressions.sheets.cells import Sheet, Value, Workbook
from progressions.sheets.dates import read_date
from progressions.sheets.mapping import ConveningSource, DomainRef, Layout, LongColumns, RatingsMapping
from progressions.sheets.naming import listed, shown
from progressions.text import folded

NOT_RATED_TEXTS = ("not rated", "not discussed", "not applicable", "n/a", "cannot judge")
"""Texts that mean *not rated* in every sheet that is read without a mapping."""

_HEADER_WITHIN = 30
"""Rows in which the headings are looked for; above them may stand a title and notes."""
_PARTNERSHIP = "partnership"
_CODE = "partnership code"
_DAYS = ("convening date", "date", "convening")
_TITLE = "convening"
_RUBRIC, _DOMAINS, _LEVEL = "rubric", ("domain code", "domain"), "level"


@dataclass(frozen=True, slots=True)
class Recognition:
    """What was recognised. ``mapping`` is None where the sheet cannot be read without being told how.

    ``sure`` and ``unsure`` are sentences: what was recognised, and what was not.
    """

    mapping: RatingsMapping | None
    sure: tuple[str, ...]
    unsure: tuple[str, ...]


@dataclass
class _Found:
    """What one sheet offers."""

    sheet: Sheet
    row: int
    headings: dict[str, str]
    columns: dict[str, int]
    sure: list[str] = field(default_factory=list)
    unsure: list[str] = field(default_factory=list)
    lacking: list[str] = field(default_factory=list)


def recognise(workbook: Workbook, rubrics: Sequence[Rubric]) -> Recognition:
    """The mapping of a sheet with known headings: of the template, of an export, or of one's own.

    Known are "partnership", "partnership code", "convening date", "date" and "convening"; in a wide sheet
    codes and titles of domains, or "rubric: title"; in a long one "rubric", "domain code", "domain", "level".
    """
    tried = [_recognise_sheet(sheet, rubrics) for sheet in workbook.sheets if sheet.rows]
    fitting = [recognition for recognition in tried if recognition.mapping is not None]
    if len(fitting) == 1:
        return fitting[0]
    if fitting:
        names = listed([str(r.mapping.sheet) for r in fitting if r.mapping])
        said = f"Several sheets hold ratings: {names}. Say in a mapping which of them is to be read."
        return Recognition(None, (), (said,))
    sure = tuple(sentence for recognition in tried for sentence in recognition.sure)
    unsure = tuple(sentence for recognition in tried for sentence in recognition.unsure)
    return Recognition(None, sure, unsure or ("The file has no filled sheet.",))


def _recognise_sheet(sheet: Sheet, rubrics: Sequence[Rubric]) -> Recognition:
    found = _header(sheet)
    if found is None:
        said = f"No row of “{sheet.name}” has the headings “Partnership” and “Convening date” or “Date”."
        return Recognition(None, (), (said,))
    is_long = _LEVEL in found.columns and any(heading in found.columns for heading in _DOMAINS)
    domains = {} if is_long else _domain_columns(found, rubrics)
    long = _long_columns(found, rubrics) if is_long else None
    convening, day_first = _convening(found)
    _say_keys(found, convening)
    _say_rest(found, convening, [*domains, *_long_headings(long)], is_long=is_long)
    if found.lacking:
        return Recognition(None, tuple(found.sure), (*found.lacking, *found.unsure))
    mapping = RatingsMapping(
        partnership=found.headings[_PARTNERSHIP],
        convening=convening,
        layout=Layout.LONG if is_long else Layout.WIDE,
        sheet=sheet.name,
        header_row=found.row,
        partnership_code=found.headings.get(_CODE),
        day_first=day_first,
        domains=domains,
        long=long,
        not_rated=NOT_RATED_TEXTS,
    )
    return Recognition(mapping, tuple(found.sure), tuple(found.unsure))


def _header(sheet: Sheet) -> _Found | None:
    """The first row that has the headings of a partnership and of a convening."""
    for row in range(1, min(len(sheet.rows), _HEADER_WITHIN) + 1):
        texts = [sheet.cell(row, column).text for column in range(sheet.width)]
        columns = {folded(text): column for column, text in enumerate(texts) if text}
        if _PARTNERSHIP in columns and any(heading in columns for heading in _DAYS):
            found = _Found(sheet, row, {key: texts[column] for key, column in columns.items()}, columns)
            _note_repeats(found, texts)
            return found
    return None


def _note_repeats(found: _Found, texts: Sequence[str]) -> None:
    keys = [folded(text) for text in texts if text]
    for key in dict.fromkeys(key for key in keys if keys.count(key) > 1):
        found.lacking.append(f"The heading “{shown(found.headings[key])}” stands over more than one column.")


def _domain_columns(found: _Found, rubrics: Sequence[Rubric]) -> dict[str, DomainRef]:
    names = _domain_names(rubrics)
    domains: dict[str, DomainRef] = {}
    for key, heading in found.headings.items():
        refs = names.get(key, ())
        if len(refs) > 1:
            found.lacking.append(
                f"“{shown(heading)}” is the title of several domains; head the column with the domain's code."
            )
        for ref in refs if len(refs) == 1 else ():
            if ref in domains.values():
                found.lacking.append(f"Two columns are for the domain “{ref}”; keep one of them.")
            domains[heading] = ref
    if not domains:
        found.lacking.append(
            f"No heading in row {found.row} of “{found.sheet.name}” is the code or the title of a domain."
        )
    return domains


def _domain_names(rubrics: Sequence[Rubric]) -> dict[str, set[DomainRef]]:
    names: dict[str, set[DomainRef]] = {}
    for rubric in rubrics:
        for domain in rubric.domains:
            ref = DomainRef(rubric.code, domain.code)
            spellings = (
                domain.code,
                domain.title,
                f"{rubric.title}: {domain.title}",
                f"{rubric.code}: {domain.title}",
                str(ref),
            )
            for spelling in spellings:
                names.setdefault(folded(spelling), set()).add(ref)
    return names


def _long_columns(found: _Found, rubrics: Sequence[Rubric]) -> LongColumns | None:
    domain = next(found.headings[heading] for heading in _DOMAINS if heading in found.headings)
    level = found.headings[_LEVEL]
    if _RUBRIC in found.headings:
        return LongColumns(domain, level, rubric=found.headings[_RUBRIC])
    if len(rubrics) == 1:
        return LongColumns(domain, level, rubric_is=rubrics[0].code)
    found.lacking.append("There is no column “Rubric” that says to which rubric a domain belongs.")
    return None


def _long_headings(long: LongColumns | None) -> tuple[str, ...]:
    return (long.rubric, long.domain, long.level) if long else ()


def _convening(found: _Found) -> tuple[ConveningSource, bool | None]:
    key = next(heading for heading in _DAYS if heading in found.columns)
    title = found.headings.get(_TITLE, "") if key != _TITLE else ""
    values = [row[found.columns[key]] for row in found.sheet.rows[found.row :]]
    if key == _TITLE and not any(read_date(value, True) or read_date(value, False) for value in values):
        found.lacking.append("There is no column “Convening date” or “Date” with the day of the convening.")
    return ConveningSource(column=found.headings[key], title_column=title), _day_first(found, key, values)


def _day_first(found: _Found, key: str, values: Iterable[Value]) -> bool:
    """Whether days come before months: told by the dates themselves, or not at all."""
    texts = [value for value in values if isinstance(value, str) and value.strip() and _is_open(value)]
    by_day = [read_date(text, True) for text in texts]
    by_month = [read_date(text, False) for text in texts]
    if by_day == by_month:
        return False
    if None not in by_day and None in by_month:
        found.sure.append("In the dates, days come before months.")
        return True
    if None not in by_month and None in by_day:
        found.sure.append("In the dates, months come before days.")
        return False
    found.lacking.append(
        f"The dates in “{found.headings[key]}”, such as “{shown(texts[0])}”, do not show whether "
        "days or months come first. Say it in a mapping, or write the dates as date cells or like 2024-10-31."
    )
    return False


def _is_open(text: str) -> bool:
    """Whether the day depends on the order of days and months."""
    days: set[date | datetime | None] = {read_date(text, True), read_date(text, False)}
    return len(days) == 2


def _say_keys(found: _Found, convening: ConveningSource) -> None:
    found.sure.append(
        f"Headings are in row {found.row} of “{found.sheet.name}”; the partnership is in "
        f"“{found.headings[_PARTNERSHIP]}”, the day of the convening in “{convening.column}”."
    )
    found.sure.append(f"These texts mean not rated: {listed(NOT_RATED_TEXTS)}.")


def _say_rest(found: _Found, convening: ConveningSource, read: Iterable[str], *, is_long: bool) -> None:
    taken = {folded(heading) for heading in read} | {_PARTNERSHIP, _CODE}
    taken |= {folded(convening.column), folded(convening.title_column)}
    rest = [heading for key, heading in found.headings.items() if key not in taken]
    if rest:
        found.unsure.append(f"These columns are not read: {listed(rest)}.")
    what = "each row is one rating" if is_long else "each column of a domain holds levels"
    found.sure.append(f"The sheet is {'long' if is_long else 'wide'}: {what}.")
