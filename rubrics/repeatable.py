"""Writing a workbook so that equal content gives equal bytes: a rebuilt file shows no change in git."""

import io
import re
import zipfile
from datetime import datetime
from pathlib import Path

from openpyxl import Workbook

STAMP = datetime(2026, 1, 1)
MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*")


def save_repeatably(book: Workbook, path: Path) -> None:
    """Write the workbook with one fixed date in place of now, in its properties and in its archive."""
    book.properties.creator = "Progressions"
    book.properties.created = STAMP
    written = io.BytesIO()
    book.save(written)
    with zipfile.ZipFile(written) as source, zipfile.ZipFile(path, "w") as target:
        for name in source.namelist():
            target.writestr(_entry(name), _content(name, source.read(name)))


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, STAMP.timetuple()[:6])
    entry.compress_type = zipfile.ZIP_DEFLATED
    # Otherwise Windows and Linux note different systems and file rights in the archive.
    entry.create_system = 3
    entry.external_attr = 0o600 << 16
    return entry


def _content(name: str, content: bytes) -> bytes:
    if name != "docProps/core.xml":
        return content
    # openpyxl stamps the moment of saving here, whatever the property says.
    return MODIFIED.sub(rb"\g<1>" + STAMP.strftime("%Y-%m-%dT%H:%M:%SZ").encode(), content)
