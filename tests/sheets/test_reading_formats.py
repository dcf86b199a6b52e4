"""Every format and what is peculiar to it: dates from 1904, formulas, macros, encodings, merged and missing parts."""

import io
import zipfile
from collections.abc import Callable
from datetime import date, datetime

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from progressions.errors import FileRefusedError
from progressions.settings import ReadLimits
from progressions.sheets.cells import Workbook
from progressions.sheets.package import plain
from progressions.sheets.reading import read_workbook
from progressions.sheets.transfer import to_areas
from tests.needs import SHARED
from tests.sheets.books import xlsx

LIMITS = ReadLimits()
OLD_WORKBOOK = SHARED / "cases" / "badsheets" / "poi__47924.xls"


def read(content: bytes, name: str = "past.xlsx") -> Workbook:
    return read_workbook(content, name, LIMITS)


def refusal(content: bytes, name: str = "past.xlsx") -> str:
    with pytest.raises(FileRefusedError) as refused:
        read(content, name)
    return str(refused.value)


def saved(book: openpyxl.Workbook) -> bytes:
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def rewritten(content: bytes, change: Callable[[str, bytes], bytes | None]) -> bytes:
    """The archive with each part changed; a part that becomes None is left out."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in source.namelist():
            part = change(name, source.read(name))
            if part is not None:
                archive.writestr(name, part)
    return target.getvalue()


def with_sheet_xml(cells: str) -> bytes:
    """A workbook whose sheet has these cells in its first row, as XML."""
    row = f'<row r="1">{cells}</row>'.encode()
    return rewritten(
        xlsx({"Grades": [["x"]]}),
        lambda name, part: (
            part.replace(part[part.find(b"<row") : part.find(b"</sheetData>")], row) if "sheet1" in name else part
        ),
    )


ODS = """<?xml version="1.0"?><office:document-content
 xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>
<table:table table:name="Grades"><table:table-row>{}</table:table-row></table:table>
</office:spreadsheet></office:body></office:document-content>"""
ODS_CELL = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'


def ods(*cells: str) -> bytes:
    """An OpenDocument table of one row."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
        archive.writestr("content.xml", ODS.format("".join(cells)))
    return target.getvalue()


def test_days_that_count_from_1904_are_the_days_that_were_meant():
    book = openpyxl.Workbook()
    book.epoch = CALENDAR_MAC_1904
    book.active.append([date(2024, 10, 31), datetime(2025, 1, 2, 9, 30), date(1999, 12, 31)])
    (row,) = read(saved(book)).sheets[0].rows
    assert row == (date(2024, 10, 31), datetime(2025, 1, 2, 9, 30), date(1999, 12, 31))


def test_formulas_without_a_result_are_named_cell_by_cell():
    cells = '<c r="A1"><f>1+1</f></c><c r="B1"><f>A1</f><v>2</v></c><c r="C1" t="str"><f>""</f><v></v></c>'
    (note,) = read(with_sheet_xml(cells)).notes
    assert note.startswith("In the sheet “Grades”, formulas without a stored result were read as empty cells: A1.")
    assert "Open the file in Excel, save it" in note


def test_a_shared_formula_without_a_result_and_one_with_an_empty_value_are_named_too():
    cells = '<c r="A1" s="1"><f t="shared" si="0"/></c><c r="B1"><f>A1</f><v/></c><c r="C1" t="str"><f>A1</f></c>'
    assert "A1, B1, C1." in read(with_sheet_xml(cells)).notes[0]


def test_of_many_formulas_without_a_result_the_first_are_named_and_the_others_counted():
    cells = "".join(f'<c r="{openpyxl.utils.get_column_letter(n)}1"><f>1</f></c>' for n in range(1, 26))
    assert "A1, B1, C1, D1, E1, F1, G1, H1, I1, J1 and 15 more" in read(with_sheet_xml(cells)).notes[0]


def test_a_formula_on_the_border_of_two_pieces_is_found_once():
    filler = '<c r="A1"><v>1</v></c>' * 6_500
    found = read(with_sheet_xml(f'{filler}<c r="B1"><f>{"1+" * 3_000}1</f></c>')).notes
    assert "read as empty cells: B1." in found[0]


def test_errors_are_named_cell_by_cell():
    cells = '<c r="A1" t="e"><v>#N/A</v></c><c r="B1"><v>1</v></c><c t="e" r="C1"><f>1/0</f><v>#DIV/0!</v></c>'
    workbook = read(with_sheet_xml(cells))
    assert "“Grades”, cells with an error such as #N/A were read as empty cells: A1, C1." in workbook.notes[0]
    assert workbook.sheets[0].rows == ((None, 1),)


def test_results_that_the_writing_program_left_to_excel_are_not_trusted_silently():
    content = rewritten(
        with_sheet_xml('<c r="A1"><f>1+1</f><v>0</v></c>'),
        lambda name, part: (
            part.replace(b'<calcPr calcId="124519"', b'<calcPr calcId="1"') if "workbook" in name else part
        ),
    )
    (note,) = read(content).notes
    assert "left its formulas to be calculated" in note
    assert read(with_sheet_xml('<c r="A1"><v>0</v></c>')).notes == ()


def test_a_formula_of_an_open_document_without_a_result_is_said():
    bare = '<table:table-cell table:formula="of:=1+1"/>'
    done = '<table:table-cell table:formula="of:=1+1" office:value-type="float" office:value="2"/>'
    assert "formulas without a stored result" in read(ods(ODS_CELL.format("x"), bare)).notes[0]
    assert read(ods(ODS_CELL.format("x"), done)).notes == ()


def test_an_open_document_is_read():
    assert read(ods(ODS_CELL.format("a"), ODS_CELL.format("N/A"))).sheets[0].rows == (("a", "N/A"),)


def test_macros_are_ignored_and_that_is_said():
    target = io.BytesIO(xlsx({"A": [["x"]]}))
    with zipfile.ZipFile(target, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"Sub Delete()")
    workbook = read(target.getvalue(), "past.xlsm")
    assert workbook.sheets[0].rows == (("x",),)
    assert workbook.notes == ("The file holds macros; they were not run, and nothing but the cells was read.",)


def test_several_hidden_sheets_are_one_sentence():
    book = openpyxl.Workbook()
    for name in ("Old", "Older"):
        book.create_sheet(name).sheet_state = "hidden"
    (note,) = [note for note in read(saved(book)).notes if "hidden" in note]
    assert note == "The sheets “Old”, “Older” are hidden in the file; they were read like the others."


def test_merged_cells_come_with_their_rows_and_columns():
    book = openpyxl.Workbook()
    book.active.append(["Area", "Level", None])
    book.active.append([None, "1", "2"])
    book.active.append(["a", "b", "c"])
    book.active.merge_cells("A1:A2")
    book.active.merge_cells("B1:C1")
    book.active.merge_cells("G7:H900")
    assert set(read(saved(book)).sheets[0].merged) == {(1, 0, 2, 0), (1, 1, 1, 2)}


@pytest.mark.parametrize("areas", [[[1, 2, 3]], [["1", 0, 2, 0]], [[1, 0, 2, None]], [[]]])
def test_a_range_that_is_none_is_nonsense(areas: list[list[object]]):
    with pytest.raises(ValueError, match=r"range|unpack"):
        to_areas(areas)


def test_a_listed_sheet_that_is_not_there_does_not_hinder_the_others():
    ghost = b'<sheet xmlns:r="x" name="Module &amp; more" sheetId="9" state="veryHidden" r:id=""/></sheets>'
    content = rewritten(
        xlsx({"A": [["x"]]}),
        lambda name, part: part.replace(b"</sheets>", ghost) if name.endswith("workbook.xml") else part,
    )
    workbook = read(content)
    assert [sheet.rows for sheet in workbook.sheets] == [(("x",),)]
    assert "“Module & more”. The others were read." in workbook.notes[0]


def test_a_damaged_picture_does_not_hinder_the_cells():
    target = io.BytesIO(xlsx({"A": [["x"]]}))
    with zipfile.ZipFile(target, "a") as archive:
        archive.writestr("xl/media/image1.png", b"picture" * 50)
    broken = target.getvalue().replace(b"picturepicture", b"pictureqicture", 1)
    workbook = read(broken)
    assert workbook.sheets[0].rows == (("x",),)
    assert "“xl/media/image1.png”) is damaged" in workbook.notes[0]


def test_a_damaged_sheet_is_refused_by_its_name():
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(xlsx({"A": [["x"]]}))) as source, zipfile.ZipFile(target, "w") as archive:
        for name in source.namelist():
            archive.writestr(name, source.read(name))
    broken = target.getvalue().replace(b"<sheetData>", b"<sheetDatb>", 1)
    assert "its part “xl/worksheets/sheet1.xml” cannot be unpacked" in refusal(broken)


def test_a_file_that_breaks_off_is_said_to_break_off():
    assert "breaks off before its end" in refusal(xlsx({"A": [["x"]]})[:-200])


def test_abbreviations_that_multiply_are_refused():
    bomb = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "bbbb">]><sst/>'
    content = rewritten(xlsx({"A": [["x"]]}), lambda name, part: bomb if "sheet1" in name else part)
    assert "XML entities" in refusal(content)


def test_a_table_of_more_text_than_may_be_unpacked_is_refused_as_such():
    content = b"a,b\n" + b"word," * 400_000
    with pytest.raises(FileRefusedError, match="its cells hold more than 1 MB of text"):
        read_workbook(content, "past.csv", ReadLimits(inflated_bytes=1024 * 1024, columns=500_000))


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b'{"url": "https://docs.google.com/spreadsheets/d/1"}', "a link to a Google sheet"),
        (b'{"ratings": [1, 2]}', "a data file (JSON)"),
        (b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>\n<Workbook '
         b'xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>', "the XML form of Excel 2003"),
        (b'<?xml version="1.0"?><office:document '
         b'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"/>', "a flat OpenDocument file"),
        ("<html><table>".encode("utf-16"), "a web page (HTML)"),
        (b"<META charset=utf-8><table>", "a web page (HTML)"),
    ],
)  # fmt: skip
def test_more_files_that_are_no_workbooks_are_refused_by_what_they_are(content: bytes, expected: str):
    message = refusal(content, "past.xls")
    assert expected in message
    assert "upload that" in message


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_without_its_mark_is_read_and_said(encoding: str):
    workbook = read("site\tlevel\nGenève\t3\n".encode(encoding), "past.csv")
    assert workbook.sheets[0].rows == (("site", "level"), ("Genève", "3"))
    assert "UTF-16" in workbook.notes[0]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_an_encoding_that_is_stated_needs_no_note(encoding: str):
    workbook = read("site;level\nGenève;3\n".encode(encoding), "past.csv")
    assert workbook.sheets[0].rows == (("site", "level"), ("Genève", "3"))
    assert workbook.notes == ()


def test_a_text_that_is_named_like_a_workbook_is_read_and_said():
    workbook = read(b"a,b\n1,2\n", "past.xls")
    assert workbook.sheets[0].rows == (("a", "b"), ("1", "2"))
    assert "named like a workbook" in workbook.notes[0]


def test_parts_are_compared_in_one_spelling():
    assert plain("\\XL\\Worksheets\\Sheet1.xml") == "xl/worksheets/sheet1.xml"


def is_read_or_refused(content: bytes) -> bool:
    try:
        return bool(read(content).file_name)
    except FileRefusedError as refused:
        return str(refused).endswith(".")


def broken(whole: bytes, places: list[tuple[int, int]]) -> bytes:
    content = bytearray(whole)
    for place, byte in places:
        content[place % len(content)] = byte
    return bytes(content)


PLACES = st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 255)), min_size=1, max_size=12)
SOUND = {
    "xlsx": xlsx({"A": [["partnership", "level"], ["Ash", 1], ["Birch", 2]]}),
    "ods": ods(ODS_CELL.format("partnership"), ODS_CELL.format("Ash")),
    "csv": "partnership,level\nGenève,1\n".encode("utf-16"),
}


@pytest.mark.parametrize("form", SOUND)
@given(places=PLACES)
@settings(max_examples=25, deadline=None)
def test_a_sound_file_with_broken_bytes_is_read_or_refused(form: str, places: list[tuple[int, int]]):
    assert is_read_or_refused(broken(SOUND[form], places))


@pytest.mark.shared
@given(places=PLACES)
@settings(max_examples=25, deadline=None)
def test_an_old_workbook_with_broken_bytes_is_read_or_refused(places: list[tuple[int, int]]):
    if not OLD_WORKBOOK.exists():
        pytest.skip("an old workbook is not at ../shared/cases/badsheets")
    assert is_read_or_refused(broken(OLD_WORKBOOK.read_bytes(), places))


@pytest.mark.parametrize("form", SOUND)
@given(cut=st.integers(0, 10**4))
@settings(max_examples=15, deadline=None)
def test_a_sound_file_that_is_cut_off_is_read_or_refused(form: str, cut: int):
    whole = SOUND[form]
    assert is_read_or_refused(whole[: cut % len(whole)])


def test_a_file_s_name_cannot_break_out_of_the_order_to_the_reader():
    assert read(b"a,b\n1,2\n", 'x"\n{}.csv').sheets[0].name == 'x"\n{}'
