"""Makes developmental-progressions.xlsx from the files in rubrics/text: `python -m rubrics.make_rubrics`."""

import math
import tomllib
from dataclasses import dataclass
from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.worksheet.worksheet import Worksheet

from rubrics.repeatable import save_repeatably

FOLDER = Path(__file__).parent
WORKBOOK = FOLDER / "developmental-progressions.xlsx"
RUBRIC_FILES = ("ihe.toml", "lea.toml", "partnership.toml")

LEVEL_NAMES = (
    "Exploring change ideas",
    "Small change implementation",
    "Integrating improvement science / NICs into core work",
    "Institutionalizing and sustaining the work",
)
NOTICE = (
    "Structure and level names: the published framework’s (iLEAD network, 2018). Descriptors and most domain "
    "names: this project’s working text, to be replaced by the network’s own wording. See the sheet About."
)
HEADER_ROW = 3
WIDTHS = (14, 18, 24, 38, 38, 38, 38)
POINTS_PER_LINE = 15
# The fill of each level's heading, light to dark, and a text colour that can be read on it.
LEVEL_FILLS = (("D0D7E2", "000000"), ("8FB8DE", "000000"), ("3F7FC1", "000000"), ("143D73", "FFFFFF"))
WRAPPED = Alignment(wrap_text=True, vertical="top")
LINE = Side(style="thin", color="BFC7D2")
FRAME = Border(left=LINE, right=LINE, top=LINE, bottom=LINE)


@dataclass(frozen=True, slots=True)
class DomainText:
    """One domain of a text file; ``descriptors`` holds one text per level, level 1 first."""

    code: str
    area: str
    title: str
    descriptors: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RubricText:
    """One text file: the name of its sheet, the rubric's title and its domains in order."""

    sheet: str
    title: str
    domains: tuple[DomainText, ...]


@dataclass(frozen=True, slots=True)
class AboutText:
    """The sheet About: its title, and pairs of heading and text."""

    title: str
    paragraphs: tuple[tuple[str, str], ...]


def read_rubric_texts() -> tuple[RubricText, ...]:
    """The three rubrics in the order of their sheets."""
    return tuple(_read_rubric(FOLDER / "text" / name) for name in RUBRIC_FILES)


def read_about_text() -> AboutText:
    """What rubrics/text/about.toml says."""
    found = tomllib.loads((FOLDER / "text" / "about.toml").read_text(encoding="utf-8"))
    paragraphs = tuple((entry["heading"], entry["text"]) for entry in found["paragraph"])
    return AboutText(found["title"], paragraphs)


def make(path: Path) -> None:
    """Write the rubric workbook; the same texts give the same bytes."""
    book = Workbook()
    book.remove(book.worksheets[0])
    book.properties.title = "Developmental Progressions Framework (working text)"
    for rubric in read_rubric_texts():
        _write_rubric(book.create_sheet(rubric.sheet), rubric)
    _write_about(book.create_sheet("About"), read_about_text())
    save_repeatably(book, path)


def _read_rubric(path: Path) -> RubricText:
    found = tomllib.loads(path.read_text(encoding="utf-8"))
    domains = tuple(
        DomainText(
            code=entry["code"],
            area=entry["area"],
            title=entry["title"],
            descriptors=tuple(entry[f"level_{n}"] for n in range(1, len(LEVEL_NAMES) + 1)),
        )
        for entry in found["domain"]
    )
    return RubricText(found["sheet"], found["title"], domains)


def _write_rubric(sheet: Worksheet, rubric: RubricText) -> None:
    sheet.append(["Rubric title", rubric.title])
    sheet.append([NOTICE])
    sheet.append(["code", "area", "domain", *(f"{n} {name}" for n, name in enumerate(LEVEL_NAMES, start=1))])
    for domain in rubric.domains:
        sheet.append([domain.code, domain.area, domain.title, *domain.descriptors])
    _set_widths(sheet, WIDTHS)
    _style_heading(sheet)
    _style_rows(sheet)
    sheet.freeze_panes = f"D{HEADER_ROW + 1}"
    sheet.print_title_rows = f"{HEADER_ROW}:{HEADER_ROW}"
    _fit_to_page(sheet)


def _write_about(sheet: Worksheet, about: AboutText) -> None:
    sheet.append([about.title])
    sheet["A1"].font = Font(bold=True, size=14)
    for heading, text in about.paragraphs:
        sheet.append([heading, text])
    _set_widths(sheet, (32, 100))
    for row in sheet.iter_rows(min_row=2):
        row[0].font = Font(bold=True)
        for cell in row:
            cell.alignment = WRAPPED
        sheet.row_dimensions[row[0].row].height = _height([(row[0].value, 32), (row[1].value, 100)])
    _fit_to_page(sheet)


def _set_widths(sheet: Worksheet, widths: tuple[int, ...]) -> None:
    for number, width in enumerate(widths):
        sheet.column_dimensions["ABCDEFG"[number]].width = width


def _style_heading(sheet: Worksheet) -> None:
    sheet["A1"].font = Font(bold=True, size=14)
    sheet["B1"].font = Font(bold=True, size=14)
    sheet["A2"].font = Font(italic=True)
    plain = [("E8EBF0", "000000")] * 3
    for cell, (fill, ink) in zip(sheet[HEADER_ROW], [*plain, *LEVEL_FILLS], strict=True):
        cell.font = Font(bold=True, color=ink)
        cell.fill = PatternFill("solid", fgColor=fill)
        cell.alignment = WRAPPED
        cell.border = FRAME
    sheet.row_dimensions[HEADER_ROW].height = 2 * POINTS_PER_LINE + 4


def _style_rows(sheet: Worksheet) -> None:
    for row in sheet.iter_rows(min_row=HEADER_ROW + 1):
        for cell in row:
            cell.alignment = WRAPPED
            cell.border = FRAME
        row[2].font = Font(bold=True)
        filled = [(cell.value, width) for cell, width in zip(row, WIDTHS, strict=True)]
        sheet.row_dimensions[row[0].row].height = _height(filled)


def _height(cells: list[tuple[str, int]]) -> float:
    """Points that the tallest wrapped cell needs: not every program fits row heights when it opens a file."""
    lines = max(math.ceil(1.12 * len(text) / width) for text, width in cells)
    return lines * POINTS_PER_LINE + 6


def _fit_to_page(sheet: Worksheet) -> None:
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToWidth = 1
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.oddFooter.center.text = "&A · page &P of &N"


if __name__ == "__main__":
    make(WORKBOOK)
