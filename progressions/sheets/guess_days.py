"""When: where the day of the convening stands, in which order days and months are, and what only a year means."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from progressions.sheets.cells import Value
from progressions.sheets.dates import month_start, read_date
from progressions.sheets.day_rules import DayRules, FoundDay
from progressions.sheets.guess_columns import MOSTLY, NEW_YEAR, Column
from progressions.sheets.guess_drafts import Draft
from progressions.sheets.guess_tables import Table
from progressions.sheets.guess_words import CONVENING_TITLE, DAY, rank_of
from progressions.sheets.headings import width_of
from progressions.sheets.naming import listed, shown
from progressions.text import folded

_ONLY_ONE, _FULLEST = 0.85, 0.7
"""How sure the only column of days is, and the only one of several that is filled in every row: it may still be the
day of something else than the convening."""


def find_convening(draft: Draft, tables: Sequence[Table], file_name: str, *, sheets_are_days: bool) -> None:
    """The source of the day, with everything that it takes to read it."""
    table = tables[0]
    if any(rated.dated for rated in table.rated):
        headings = [rated.column.heading for rated in table.rated if rated.dated]
        said = f"The day of the convening stands in the headings of columns with levels: {listed(headings[:2])} …"
        draft.find("convening", {"heading": True}, 0.9, said)
        years = [day.year for text in headings for day in DayRules(None, NEW_YEAR).within(text) if day.year]
        if years:
            _say_year(draft, years[0])
        _find_order(draft, headings, within=True)
        return
    column = _column_of_days(draft, table)
    if column is not None:
        _find_rest(draft, table, column)
    elif table.days:
        _find_order(draft, [value for days in table.days for value in days.values], within=False)
    else:
        _outside_of_columns(draft, tables, file_name, sheets_are_days=sheets_are_days)


def _column_of_days(draft: Draft, table: Table) -> Column | None:
    """The column with the days, or None where there is none, or several that would do."""
    days = table.days
    if not days:
        return None
    best = min((rank for c in days if (rank := rank_of(c.heading, DAY))), default=0)
    leading = [c for c in days if rank_of(c.heading, DAY) == best] if best else days
    if len(leading) == 1 and (best in (1, 2) or len(days) == 1):
        return leading[0]
    full = [c for c in days if c.filled == max(other.filled for other in days)]
    names = listed([c.heading for c in days])
    proposal = {"column": full[0].heading} if len(full) == 1 else None
    why = f" “{shown(full[0].heading)}” is the only one that is filled in so many rows." if proposal else ""
    said = f"Several columns hold days: {names}. Say which of them is the day of the convening.{why}"
    draft.lack("convening", said, proposal, _FULLEST if proposal else 0.0)
    return None


def _find_rest(draft: Draft, table: Table, column: Column) -> None:
    """The column as the source, its order, and the column of titles."""
    title = _title_column(table, column)
    source: dict[str, object] = {"column": column.heading}
    if title:
        source["title_column"] = title
    rank = rank_of(column.heading, DAY)
    how_sure = 1.0 if rank == 1 else 0.9 if rank == 2 else _ONLY_ONE
    also = f", its title in “{shown(title)}”" if title else ""
    said = f"The day of the convening is in the column “{shown(column.heading)}”{also}."
    draft.find("convening", source, how_sure, said)
    if column.share_of_days < MOSTLY:
        _find_part_days(draft, column)
    _find_order(draft, list(column.values), within=False)


def _find_part_days(draft: Draft, column: Column) -> None:
    """Years get the first of January, months their first day: both stand in the mapping to be changed."""
    if column.share_of_years >= MOSTLY:
        _say_year(draft, next(iter(column.texts)))
        return
    months = {text: day for text in column.texts if (day := month_start(text)) and read_date(text, True) is None}
    texts = {text: day.isoformat() for text, day in months.items()}
    text, day = next(iter(months.items()))
    said = f"“{text}” and the like name a month and no day; they are dated the first of the month, {day.isoformat()}."
    draft.find("date_texts", texts, 0.8, said)


def _say_year(draft: Draft, text: str) -> None:
    said = (
        f"“{shown(text)}” names a year and no day: its ratings are dated 1 January. Change “year_day” for another day."
    )
    draft.find("year_day", str(NEW_YEAR), 0.8, said)


def _title_column(table: Table, days: Column) -> str:
    """The column of the convening's title: its heading says so, and its cells are no days."""
    used = table.used() | {days.index, *(c.index for c in (*table.days, *table.partnerships))}
    free = [c for c in table.columns if c.index not in used and folded(c.heading) not in table.repeated]
    ranked = sorted((rank, c.index, c) for c in free if (rank := rank_of(c.heading, CONVENING_TITLE)))
    return ranked[0][2].heading if ranked else ""


def _find_order(draft: Draft, values: Iterable[Value], *, within: bool) -> None:
    """Whether days come before months: told by the dates themselves, or asked for."""
    texts = [value for value in values if isinstance(value, str) and value.strip()]
    read = _days_within if within else read_date
    open_texts = [text for text in texts if read(text, True) != read(text, False)]
    lost_by_day = sum(not read(text, True) for text in open_texts)
    lost_by_month = sum(not read(text, False) for text in open_texts)
    if not open_texts:
        draft.content["day_first"] = False
    elif not lost_by_day and lost_by_month:
        draft.find("day_first", True, 1.0, "In the dates, days come before months.")
    elif not lost_by_month and lost_by_day:
        draft.find("day_first", False, 1.0, "In the dates, months come before days.")
    else:
        said = (
            f"The dates, such as “{shown(open_texts[0])}”, do not show whether days or months come first. "
            "Say it, or write the dates as date cells or like 2024-10-31."
        )
        draft.lack("day_first", said)


def _days_within(text: str, day_first: bool) -> object:
    return DayRules(day_first).within(text)


@dataclass(frozen=True)
class _Outside:
    """A place outside of the columns that holds the day."""

    source: dict[str, object]
    text: str
    days: tuple[FoundDay, ...]
    said: str

    @property
    def whole(self) -> bool:
        return all(not day.year for day in self.days)


def _outside_of_columns(draft: Draft, tables: Sequence[Table], file_name: str, *, sheets_are_days: bool) -> None:
    found = list(_places(tables, file_name, sheets_are_days=sheets_are_days))
    best = next((place for place in found if place.whole), found[0] if found else None)
    if best is None:
        draft.lack("convening", _no_day(tables[0]))
        return
    whole = {place.days for place in found if place.whole}
    years = {day.day.year for place in found for day in place.days} if len(tables) == 1 else set()
    if len(whole) > 1 or len(years) > 1:
        said = f"The file names several days: {listed([place.text for place in found])}. Say which is the convening's."
        draft.lack("convening", said, best.source, 0.5)
        return
    draft.find("convening", best.source, 0.85, best.said)
    if not best.whole:
        _say_year(draft, next(day.year for day in best.days if day.year))
    _find_order(draft, [place.text for place in found if place is best], within=True)


def _places(tables: Sequence[Table], file_name: str, *, sheets_are_days: bool) -> Iterable[_Outside]:
    names = [table.sheet.name for table in tables]
    rules = DayRules(None, NEW_YEAR)
    of_sheets = [_one(rules, name) for name in names]
    if all(of_sheets) and (sheets_are_days or len(tables) == 1):
        days = tuple(day for day in of_sheets if day)
        yield _Outside(
            {"sheet_name": True}, " ".join(names), days, f"The sheets are named after days: {listed(names)}."
        )
    if len(tables) == 1:
        yield from _titles(tables[0], rules)
    if day := _one(rules, file_name):
        yield _Outside({"file_name": True}, file_name, (day,), f"The file's name holds the day: “{shown(file_name)}”.")


def _titles(table: Table, rules: DayRules) -> Iterable[_Outside]:
    """Cells above the headings that hold one day."""
    for row in range(1, table.header.row - table.header.rows + 1):
        for column in range(min(width_of(table.sheet), 20)):
            cell = table.sheet.cell(row, column)
            if cell.text and len(cell.text) < 80 and (day := _one(rules, cell.text)):
                said = f"The cell {cell.address} holds the day: “{shown(cell.text)}”."
                yield _Outside({"cell": cell.address}, cell.text, (day,), said)


def _one(rules: DayRules, text: str) -> FoundDay | None:
    """The one day of a text, in whichever order: the order itself is settled later."""
    by_day, by_month = (DayRules(order, rules.year_day).within(text) for order in (True, False))
    days = by_day if len(by_day) == 1 else by_month
    return days[0] if len(days) == 1 else None


def _no_day(table: Table) -> str:
    known = [c for c in table.columns if rank_of(c.heading, DAY)]
    empty = [c for c in known if not c.filled]
    if empty:
        best = min(empty, key=lambda column: rank_of(column.heading, DAY))
        return f"No row says when the convening was. Fill in the column “{shown(best.heading)}”."
    fits = [c.heading for c in known]
    what = f"The cells of {listed(fits)} are no days. " if fits else ""
    return (
        f"There is no column “Convening date” or “Date” with the day of the convening. {what}"
        "Say where the day stands, or which day it is."
    )


def day_of(text: str) -> date | None:
    """The one day, or first of January, that a sheet's name holds."""
    found = _one(DayRules(None, NEW_YEAR), text)
    return found.day if found else None
