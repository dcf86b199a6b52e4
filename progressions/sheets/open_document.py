"""Cells of an OpenDocument table that say what the reading library leaves out. Standard library only."""

from typing import ClassVar
from xml.parsers import expat

from progressions.sheets.scanning import Unread, address

_MOST_REPEATED = 1_000
"""Rows with merged cells that the file states once for many."""


class TableScan:
    """Looks through the pieces of content.xml. ``tables`` holds what was found, by the name of the sheet.

    Names of elements are compared with their usual prefixes, as the reading library does. ValueError or
    ``expat.ExpatError`` where the text is damaged.
    """

    _CELLS: ClassVar = ("table:table-cell", "table:covered-table-cell")

    def __init__(self) -> None:
        self.tables: dict[str, Unread] = {}
        self._here: Unread | None = None
        self._row = self._column = self._within = 0
        self._times = 1
        self._parser = expat.ParserCreate()
        self._parser.StartElementHandler = self._begins
        self._parser.EndElementHandler = self._ends

    def look_at(self, chunk: bytes) -> None:
        """Takes the next piece."""
        self._parser.Parse(chunk, False)

    def _begins(self, name: str, given: dict[str, str]) -> None:
        if name in self._CELLS:
            # A cell may hold a drawing with a table of its own.
            if self._here is not None and not self._within:
                self._cell(self._here, given)
            self._within += 1
        elif self._within:
            return
        elif name == "table:table-row":
            self._column, self._times = 0, int(given.get("table:number-rows-repeated", 1))
        elif name == "table:table":
            self._here = self.tables.setdefault(given.get("table:name", ""), Unread())
            self._row = 0

    def _ends(self, name: str) -> None:
        if name in self._CELLS:
            self._within -= 1
        elif self._within:
            return
        elif name == "table:table-row":
            self._row += self._times
        elif name == "table:table":
            self._here = None

    def _cell(self, here: Unread, given: dict[str, str]) -> None:
        # Most cells have neither a formula nor an error, and are not merged.
        if "table:formula" in given:
            self._formula(here, given)
        if given.get("calcext:value-type") == "error" and not given.get("office:string-value", "?"):
            here.errors[address(self._row, self._column)] = None
        if "table:number-columns-spanned" in given or "table:number-rows-spanned" in given:
            self._merged(here, given)
        self._column += int(given.get("table:number-columns-repeated", 1))

    def _formula(self, here: Unread, given: dict[str, str]) -> None:
        here.formulas = True
        if "office:value-type" not in given and "calcext:value-type" not in given:
            here.bare[address(self._row, self._column)] = None

    def _merged(self, here: Unread, given: dict[str, str]) -> None:
        down = int(given.get("table:number-rows-spanned", 1)) - 1
        right = int(given.get("table:number-columns-spanned", 1)) - 1
        if down > 0 or right > 0:
            first = self._row + 1
            for top in range(first, first + min(self._times, _MOST_REPEATED)):
                here.merged.append((top, self._column, top + down, self._column + right))
