"""Whose ratings, and when: partnership, code and convening of the proposed mapping."""

import re
from collections import Counter
from collections.abc import Sequence

from progressions.sheets.cells import Value
from progressions.sheets.guess_columns import MOSTLY, Column
from progressions.sheets.guess_drafts import Draft
from progressions.sheets.guess_tables import Table
from progressions.sheets.guess_words import CODE, PARTNERSHIP, rank_of
from progressions.sheets.headings import width_of
from progressions.sheets.naming import listed, shown

_SAYS_IT = {1: 1.0, 2: 0.9, 3: 0.8}
"""How sure a heading of each rank is, where the cells agree."""
_NO_NAME = re.compile(r"(?:sheet|tab|table|ratings?|data|export|tabelle|feuil|hoja)[ _-]*\d*", re.IGNORECASE)
_LABELLED = re.compile(r"(?:partnership|site|district|lea|partner|team)\s*(?:name)?\s*[:=–]\s*(\S.*)", re.IGNORECASE)


def find_partnership(draft: Draft, tables: Sequence[Table]) -> None:
    """The column of the partnership and of its code, or the sheets' names, or a title above the table."""
    table = tables[0]
    columns = [c for c in table.partnerships if not _repeats(table, c)]
    if len(columns) == 1:
        column = columns[0]
        how_sure = _SAYS_IT[rank_of(column.heading, PARTNERSHIP)]
        said = f"The partnership is in the column “{shown(column.heading)}”."
        draft.find("partnership", column.heading, how_sure, said)
        _find_code(draft, tables, column)
    elif table.partnerships:
        names = listed([c.heading for c in table.partnerships])
        draft.lack("partnership", f"The partnership may be in one of several columns: {names}. Say which.")
    elif not _outside_of_columns(draft, tables):
        _by_code_alone(draft, table)


def _repeats(table: Table, column: Column) -> bool:
    return " ".join(column.heading.split()).casefold() in table.repeated


def _outside_of_columns(draft: Draft, tables: Sequence[Table]) -> bool:
    """One sheet a partnership, or one file a partnership with a title such as "Partnership: Alder Valley"."""
    names = [table.sheet.name for table in tables]
    if len(tables) > 1 and not any(_NO_NAME.fullmatch(name.strip()) for name in names):
        said = f"Each sheet is of one partnership, and named after it: {listed(names)}."
        draft.find("partnership", {"sheet_name": True}, 0.85, said)
        return True
    titles = {found[1].strip() for text in _texts_above(tables[0]) if (found := _LABELLED.fullmatch(text))}
    if len(tables) == 1 and len(titles) == 1:
        title = titles.pop()
        draft.find("partnership", {"is": title}, 0.85, f"The title above the table names the partnership, “{title}”.")
        return True
    return False


def _by_code_alone(draft: Draft, table: Table) -> None:
    codes = [c for c in table.columns if rank_of(c.heading, CODE) == 1 and c.filled]
    if codes:
        heading = codes[0].heading
        said = f"There is no column with the partnership's title; its code is in “{shown(heading)}”."
        draft.find("partnership", heading, 0.9, said)
        draft.content["partnership_code"] = heading
    else:
        draft.lack("partnership", _no_partnership(table))


def _no_partnership(table: Table) -> str:
    return (
        f"No heading in row {table.header.row} of “{table.sheet.name}” is known to name the partnership, such as "
        "“Partnership”, “Site” or “District”. Say which column does."
    )


def _texts_above(table: Table) -> list[str]:
    rows = range(1, table.header.row - table.header.rows + 1)
    return [
        cell.text
        for row in rows
        for column in range(width_of(table.sheet))
        if (cell := table.sheet.cell(row, column)).text
    ]


def _find_code(draft: Draft, tables: Sequence[Table], who: Column) -> None:
    """A column of codes is one where each partnership has one code, and each code one partnership."""
    table = tables[0]
    used = table.used() | {who.index, *(c.index for c in table.days)}
    headed = [(rank_of(c.heading, CODE), c) for c in table.columns if c.index not in used and c.filled]
    named = [(rank, c) for rank, c in headed if rank]
    fitting = [(rank, c) for rank, c in named if _is_key(tables, who.heading, c.heading)]
    for _, column in named:
        if all(column is not c for _, c in fitting):
            said = f"“{shown(column.heading)}” is not taken as the partnership's code: one partnership has several."
            draft.mention("partnership_code", said)
    best = min((rank for rank, _ in fitting), default=0)
    columns = [c for rank, c in fitting if rank == best]
    if len(columns) == 1 and not (best == 3 and _counts_rows(columns[0])):
        heading = columns[0].heading
        said = f"The partnership's code is in the column “{shown(heading)}”."
        draft.find("partnership_code", heading, _SAYS_IT[best], said, needed=False)
    elif columns:
        names = listed([c.heading for c in columns])
        said = f"{names} may hold the partnership's code. Until it is said, codes are made of the titles."
        draft.mention("partnership_code", said)


def _counts_rows(column: Column) -> bool:
    """Whether the column only numbers its rows: 1, 2, 3 …"""
    numbers = sorted(int(text) for text in column.texts if text.isdecimal())
    return len(numbers) == column.filled and numbers == list(range(1, len(numbers) + 1))


def _is_key(tables: Sequence[Table], who: str, code: str) -> bool:
    """Whether at least most titles have one code each: the exceptions are said when the sheet is read."""
    pairs: set[tuple[Value, Value]] = set()
    for table in tables:
        at = {column.heading: column.index for column in table.columns}
        if who in at and code in at:
            pairs |= {(row[at[who]], row[at[code]]) for row in table.sheet.rows[table.header.row :]}
    codes_of = Counter(title for title, code in pairs if title is not None and code is not None)
    once = sum(count == 1 for count in codes_of.values())
    return bool(codes_of) and once >= MOSTLY * len(codes_of)
