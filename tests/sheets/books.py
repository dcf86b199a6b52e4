"""Workbooks and rubrics that the tests of sheets are made of."""

import io
from collections.abc import Mapping, Sequence
from datetime import date

import openpyxl

from progressions.rubric import Domain, Level, Rubric
from progressions.sheets.cells import Sheet, Value, Workbook
from progressions.sheets.mapping import ConveningSource, DomainRef, RatingsMapping

LEVEL_NAMES = ("Exploring change ideas", "Small change implementation", "Integrating", "Institutionalizing")
OCTOBER = date(2024, 10, 1)


def a_rubric(code: str = "ihe", domains: int = 2, levels: int = 4) -> Rubric:
    """A rubric with codes like "ihe-1" and titles like "ihe domain 1"."""
    return Rubric(
        code,
        code.upper(),
        tuple(Level(n, LEVEL_NAMES[n - 1]) for n in range(1, levels + 1)),
        tuple(
            Domain(f"{code}-{n}", f"{code} domain {n}", "", tuple(f"text {n}.{k}" for k in range(1, levels + 1)))
            for n in range(1, domains + 1)
        ),
    )


def a_sheet(rows: Sequence[Sequence[Value]], name: str = "Ratings") -> Sheet:
    """The rows, each made as long as the longest."""
    width = max((len(row) for row in rows), default=0)
    return Sheet(name, tuple(tuple(row) + (None,) * (width - len(row)) for row in rows))


def a_workbook(*sheets: Sheet | Sequence[Sequence[Value]], file_name: str = "past.xlsx") -> Workbook:
    """A workbook as the reader would give it."""
    made = tuple(sheet if isinstance(sheet, Sheet) else a_sheet(sheet) for sheet in sheets)
    return Workbook(file_name, "0" * 64, made)


def a_mapping(**changes: object) -> RatingsMapping:
    """A wide sheet with "partnership", "code", "date", and the two domains of ``a_rubric``."""
    usual: dict[str, object] = {
        "partnership": "partnership",
        "partnership_code": "code",
        "convening": ConveningSource(column="date"),
        "day_first": True,
        "domains": {"one": DomainRef("ihe", "ihe-1"), "two": DomainRef("ihe", "ihe-2")},
        "not_rated": ("n/a",),
    }
    return RatingsMapping(**(usual | changes))  # type: ignore[arg-type]


HEADINGS = ("partnership", "code", "date", "one", "two")


def xlsx(sheets: Mapping[str, Sequence[Sequence[object]]]) -> bytes:
    """An .xlsx as openpyxl writes it."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()
