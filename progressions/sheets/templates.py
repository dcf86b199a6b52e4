"""A workbook to fill in with a rubric of one's own. What is filled in reads as ``rubrics/README.md`` says."""

import io

from openpyxl import Workbook as Book
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.worksheet.worksheet import Worksheet

SHEET = "Rubric"
HEADINGS = ("code", "area", "domain", "1 Beginning", "2 Trying", "3 Embedding", "4 Sustaining")
_INSTRUCTIONS = (
    "Write one domain in each row below the dark headings: what one sees at each level, in one or two sentences.",
    "Name the levels as you wish, the number first, from 1 on. Remove or add columns for 2 to 6 levels.",
    "Keep a domain’s code when you reword it; give a new domain a new one. The area is optional.",
    "For another rubric, copy this sheet. What stands above the headings, these grey examples too, is not read.",
)
_EXAMPLES = (
    (
        "team-1",
        "Meetings",
        "Agendas",
        "Someone proposes topics at the start.",
        "A shared agenda goes out the day before.",
        "Members set the agenda from last time’s next steps.",
        "New members learn on their first day how agendas are made.",
    ),
    (
        "team-2",
        "Meetings",
        "Decisions",
        "Decisions are remembered by those who were there.",
        "Decisions are written down in one place.",
        "Each decision names an owner and a date, checked at the next meeting.",
        "A record of decisions over the years is used to make new ones.",
    ),
)
_WIDTHS = (12, 16, 28, 36, 36, 36, 36)
_EMPTY_ROWS = 30
_GREY = Font(color="757575", italic=True)
_WRAPPED = Alignment(wrap_text=True, vertical="top")


def rubric_template() -> bytes:
    """An .xlsx with headings to write below, instructions and two examples above them; empty, it holds no domain."""
    book = Book()
    sheet = book.worksheets[0]
    sheet.title = SHEET
    sheet.append(["Rubric title"])
    sheet.append(["Rubric code"])
    for text in _INSTRUCTIONS:
        sheet.append([text])
    for example in _EXAMPLES:
        sheet.append(list(example))
    sheet.append(list(HEADINGS))
    _draw(sheet)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def _draw(sheet: Worksheet) -> None:
    header = sheet.max_row
    for row in sheet.iter_rows(min_row=3, max_row=header - 1):
        for cell in row:
            cell.font = _GREY
            # Instructions run on over the columns beside them; examples are wrapped like what is filled in.
            cell.alignment = _WRAPPED if cell.row > 2 + len(_INSTRUCTIONS) else Alignment()
    for cell in sheet[header]:
        cell.font = Font(bold=True, color="FFFFFF")
        cell.fill = PatternFill("solid", fgColor="1F3A5F")
    for row in sheet.iter_rows(min_row=header + 1, max_row=header + _EMPTY_ROWS, max_col=len(HEADINGS)):
        for cell in row:
            cell.alignment = _WRAPPED
    for column, width in zip("ABCDEFG", _WIDTHS, strict=True):
        sheet.column_dimensions[column].width = width
    sheet["A1"].font = sheet["A2"].font = Font(bold=True)
    sheet.freeze_panes = f"A{header + 1}"
