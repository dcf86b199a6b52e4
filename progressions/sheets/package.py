"""What the parts of an .xlsx or .xlsb package are: which part is which sheet, and a list of sheets that can be opened.

Standard library only.
"""

import io
import posixpath
import re
import struct
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from html import unescape

from progressions.sheets import binary_sheets

MOST_OF_A_LIST = 2 * 1024 * 1024
"""Bytes of the list of sheets that are looked at: one of 100 sheets has some ten thousand."""

_SHEET = re.compile(rb"<(?:\w+:)?sheet\b[^<>]*>")
_SHEET_ID = re.compile(rb"\b\w+:id\s*=\s*\"([^\"]*)\"")
_SHEET_NAME = re.compile(rb"\bname\s*=\s*\"([^\"]*)\"")
_RELATION = re.compile(rb"<(?:\w+:)?Relationship\b[^<>]*>")
_RELATION_ID = re.compile(rb"\bId\s*=\s*\"([^\"]*)\"")
_TARGET = re.compile(rb"\bTarget\s*=\s*\"([^\"]*)\"")
_CALCULATES_ON_OPENING = re.compile(rb"<(?:\w+:)?calcPr\b[^<>]*\bfullCalcOnLoad=\"(?:1|true)\"")


@dataclass(frozen=True, slots=True)
class Package:
    """The list of sheets of a package. ``sheets`` gives for each part, in ``plain`` spelling, the sheet's name.

    ``missing`` are the sheets that the list names and the file does not hold, as they stand in the list.
    ``calculates_on_opening`` says that the program that wrote the file left its formulas to be calculated by Excel.
    """

    part: str = ""
    content: bytes = b""
    sheets: tuple[tuple[str, str], ...] = ()
    missing: tuple[bytes, ...] = ()
    calculates_on_opening: bool = False

    @property
    def names_of_missing(self) -> tuple[str, ...]:
        """The names of the sheets that are listed and not there."""
        return tuple(_text(_SHEET_NAME.search(element)) for element in self.missing)


def plain(part: str) -> str:
    """The name of a part as it is compared: some programs write backslashes, capitals, or a slash in front."""
    return part.replace("\\", "/").lower().lstrip("/")


def read_package(archive: zipfile.ZipFile) -> Package:
    """The package's list of sheets; an empty one where the archive is neither. Errors are those of ``zipfile``."""
    parts = {plain(name): name for name in archive.namelist()}
    lists = [name for name in parts if posixpath.basename(name) in ("workbook.xml", "workbook.bin")]
    if not lists:
        return Package()
    folder, kind = posixpath.split(lists[0])
    content = _opening(archive, parts[lists[0]])
    relations = _opening(archive, parts.get(f"{folder}/_rels/{kind}.rels".lstrip("/"), ""))
    targets = dict(_targets(relations, folder))
    if kind == "workbook.bin":
        return _binary_package(content, targets)
    elements = _SHEET.findall(content)
    listed = [(targets.get(_text(_SHEET_ID.search(e))), _text(_SHEET_NAME.search(e))) for e in elements]
    missing = tuple(e for e, (target, _) in zip(elements, listed, strict=True) if targets and target not in parts)
    sheets = tuple((target, name) for target, name in listed if target in parts)
    return Package(parts[lists[0]], content, sheets, missing, bool(_CALCULATES_ON_OPENING.search(content)))


def _binary_package(content: bytes, targets: Mapping[str, str]) -> Package:
    try:
        listed = binary_sheets.listed_sheets(content)
        sheets = tuple((targets[relation], name) for relation, name in listed if relation in targets)
        return Package(sheets=sheets, calculates_on_opening=binary_sheets.calculates_on_opening(content))
    # The reading library finds a damaged list itself, and says so.
    except (ValueError, struct.error):
        return Package()


def _opening(archive: zipfile.ZipFile, name: str) -> bytes:
    if not name:
        return b""
    with archive.open(name) as part:
        return part.read(MOST_OF_A_LIST)


def _targets(relations: bytes, folder: str) -> list[tuple[str, str]]:
    elements = _RELATION.findall(relations)
    found = [(_text(_RELATION_ID.search(e)), _text(_TARGET.search(e)).replace("\\", "/")) for e in elements]
    return [(key, plain(posixpath.normpath(posixpath.join(f"/{folder}", target)))) for key, target in found if target]


def _text(found: "re.Match[bytes] | None") -> str:
    return unescape(found[1].decode("utf-8", "replace")) if found else ""


def without_missing(content: bytes, package: Package) -> bytes:
    """The file without the listed sheets that are not there, so that the others can be read.

    Only the list is written anew, at the end of the archive: the other parts stay byte for byte where they are.
    """
    sheets = package.content
    for element in package.missing:
        sheets = sheets.replace(element, b"", 1)
    target = io.BytesIO(content)
    with zipfile.ZipFile(target, "a") as archive:
        archive.filelist.remove(archive.NameToInfo.pop(package.part))
        archive.writestr(package.part, sheets)
    return target.getvalue()
