"""How sheets of past ratings are to be read: a small JSON file, documented in ``data/MAPPING.md``."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum

from progressions.errors import MappingError
from progressions.sheets import mapping_checks as checks
from progressions.sheets.day_rules import DayRules, YearDay, read_year_day
from progressions.sheets.mapping_checks import HEADING, DomainRef, wrong
from progressions.text import folded

__all__ = ["ConveningSource", "DomainRef", "Layout", "LongColumns", "RatingsMapping", "read_mapping", "write_mapping"]

EVERY_SHEET = "*"
"""In place of a sheet's name. No spreadsheet program allows a sheet of that name."""

_COMMON = (
    "sheet",
    "header_row",
    "header_rows",
    "layout",
    "partnership",
    "partnership_code",
    "convening",
    "day_first",
    "year_day",
    "date_texts",
    "levels",
    "not_rated",
)
_OF_LAYOUT = {
    "wide": ("domains",),
    "long": ("rubric", "domain", "level", "domain_texts"),
    "across": ("rubric", "domain", "dates", "domain_texts"),
}
_CONVENING = ("column", "date", "file_name", "sheet_name", "heading", "cell", "title_column")


class Layout(StrEnum):
    """Wide has a column for each domain; long has a row for each rating; across has a column for each convening."""

    WIDE = "wide"
    LONG = "long"
    ACROSS = "across"


@dataclass(frozen=True, slots=True)
class ConveningSource:
    """Where the day of the convening stands.

    Exactly one is given: a ``column``, a day for the whole file, the names of file or sheet, the headings of the
    columns with levels, or the address of a ``cell`` in each sheet.
    """

    column: str = ""
    held_on: date | None = None
    from_file_name: bool = False
    title_column: str = ""
    from_sheet_name: bool = False
    from_heading: bool = False
    cell: str = ""


@dataclass(frozen=True, slots=True)
class LongColumns:
    """The columns of a sheet whose rows name the domain.

    ``rubric_is`` is a code for the whole file, in place of a column; without either, a domain is found among all
    rubrics by a code or title that only one of them has. ``level`` is for the long layout, ``dates`` (headings of
    the columns of convenings) for the one across.
    """

    domain: str
    level: str = ""
    rubric: str = ""
    rubric_is: str = ""
    domain_texts: Mapping[str, DomainRef] = field(default_factory=dict)
    dates: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class RatingsMapping:
    """How sheets are read. Headings are as in the file; they are compared trimmed, whatever their case.

    ``sheet`` is None for the first one, "*" for all, or several names. The last row of headings is ``header_row``;
    ``header_rows`` says how many are joined. ``partnership`` is a heading, "" where ``partnership_is`` or the
    sheet's name gives it. ``domains`` is for the wide layout, ``long`` for the other two. ``day_first`` is needed
    wherever a day is read from a text, and None elsewhere: it is never guessed. ``levels_of`` gives texts of levels
    for one rubric, one "rubric/domain", or one heading of a wide sheet.
    """

    partnership: str
    convening: ConveningSource
    layout: Layout = Layout.WIDE
    sheet: str | tuple[str, ...] | None = None
    header_row: int = 1
    partnership_code: str | None = None
    day_first: bool | None = None
    domains: Mapping[str, DomainRef] = field(default_factory=dict)
    long: LongColumns | None = None
    levels: Mapping[str, int] = field(default_factory=dict)
    not_rated: Sequence[str] = ()
    header_rows: int = 1
    partnership_is: str = ""
    partnership_from_sheet: bool = False
    year_day: YearDay | None = None
    date_texts: Mapping[str, date] = field(default_factory=dict)
    levels_of: Mapping[str, Mapping[str, int]] = field(default_factory=dict)

    @property
    def days(self) -> DayRules:
        """How the mapping reads days."""
        return DayRules(self.day_first, self.year_day, {folded(text): day for text, day in self.date_texts.items()})


def read_mapping(text: str) -> RatingsMapping:
    """The mapping of a JSON text; ``MappingError`` names the key that is wrong and what is expected."""
    content = checks.as_object(checks.parsed(text), "the mapping")
    keys = (key for keys in _OF_LAYOUT.values() for key in keys)
    checks.only(content, dict.fromkeys((*_COMMON, *keys)), "a mapping")
    layout = _layout(content)
    checks.only(content, (*_COMMON, *_OF_LAYOUT[layout]), f"a mapping of the {layout.value} layout")
    convening = _convening(content.get("convening"))
    levels, levels_of = _levels(content.get("levels"))
    partnership = content.get("partnership")
    mapping = RatingsMapping(
        partnership="" if isinstance(partnership, dict) else checks.text_of(content, "partnership", HEADING),
        convening=convening,
        layout=layout,
        sheet=_sheet(content.get("sheet")),
        header_row=checks.position(content.get("header_row", 1), "header_row", "a row number from 1"),
        partnership_code=checks.optional_text(content, "partnership_code", "a column's heading or null"),
        day_first=_day_first(content, convening),
        domains=checks.refs(content.get("domains"), "domains") if layout is Layout.WIDE else {},
        long=None if layout is Layout.WIDE else _long(content, layout),
        levels=levels,
        not_rated=checks.texts(content.get("not_rated", []), "not_rated"),
        header_rows=checks.position(content.get("header_rows", 1), "header_rows", "how many rows hold the headings"),
        year_day=_year_day(content.get("year_day")),
        date_texts=_date_texts(content.get("date_texts", {})),
        levels_of=levels_of,
    )
    mapping = _with_partnership(mapping, partnership)
    _check_meanings(mapping)
    _check_rows(mapping)
    return mapping


def _layout(content: Mapping[str, object]) -> Layout:
    value = content.get("layout")
    if value not in tuple(Layout):
        expected = "“wide” (a column for each domain), “long” (a row for each rating) or “across” (for each convening)"
        wrong("layout", expected, value)
    return Layout(str(value))


def _sheet(value: object) -> str | tuple[str, ...] | None:
    if isinstance(value, list) and value:
        return checks.texts(value, "sheet")
    return checks.optional_text({"sheet": value}, "sheet", "a sheet's name, a list of names, “*” for all, or null")


def _with_partnership(mapping: RatingsMapping, value: object) -> RatingsMapping:
    if not isinstance(value, dict):
        return mapping
    checks.only(value, ("is", "sheet_name"), "“partnership”")
    if len(value) != 1 or mapping.partnership_code is not None:
        expected = "a column's heading, or without “partnership_code” either {“is”: …} or {“sheet_name”: true}"
        wrong("partnership", expected, value)
    if "is" in value:
        return replace(mapping, partnership_is=checks.text_of(value, "is", "the partnership's title"))
    checks.is_true(value["sheet_name"], "sheet_name", "true, where each sheet is named after its partnership")
    return replace(mapping, partnership_from_sheet=True)


def _convening(value: object) -> ConveningSource:
    content = checks.as_object(value, "convening")
    checks.only(content, _CONVENING, "“convening”")
    given = [key for key in _CONVENING if key in content and key != "title_column"]
    if len(given) != 1:
        names = ", ".join(f"“{key}”" for key in _CONVENING[:-2])
        wrong("convening", f"exactly one of {names} and “{_CONVENING[-2]}”", value)
    readers: dict[str, Callable[[], ConveningSource]] = {
        "column": lambda: ConveningSource(column=checks.text_of(content, "column", HEADING)),
        "date": lambda: ConveningSource(held_on=checks.day(content["date"])),
        "file_name": lambda: ConveningSource(from_file_name=_holds(content, "file_name", "the file's name holds")),
        "sheet_name": lambda: ConveningSource(from_sheet_name=_holds(content, "sheet_name", "a sheet's name holds")),
        "heading": lambda: ConveningSource(from_heading=_holds(content, "heading", "the headings of columns hold")),
        "cell": lambda: ConveningSource(cell=checks.text_of(content, "cell", "a cell's address, such as “B1”")),
    }
    title = checks.optional_text(content, "title_column", HEADING) or ""
    return replace(readers[given[0]](), title_column=title)


def _holds(content: Mapping[str, object], key: str, where: str) -> bool:
    return checks.is_true(content[key], key, f"true, where {where} the date")


def _day_first(content: Mapping[str, object], convening: ConveningSource) -> bool | None:
    value = content.get("day_first")
    if convening.held_on and value is None:
        return None
    if not isinstance(value, bool):
        wrong("day_first", "true for 31/10/2024, or false for 10/31/2024: it is never guessed", value)
    return value


def _year_day(value: object) -> YearDay | None:
    if value is None:
        return None
    found = read_year_day(value) if isinstance(value, str) else None
    if found is None:
        wrong("year_day", "a month and a day of every year, such as “07-01”", value)
    return found


def _date_texts(value: object) -> dict[str, date]:
    content = checks.as_object(value, "date_texts")
    return {text: checks.day(day, f"date_texts: {text}") for text, day in content.items()}


def _long(content: Mapping[str, object], layout: Layout) -> LongColumns:
    rubric, rubric_is = _rubric(content)
    is_long = layout is Layout.LONG
    return LongColumns(
        domain=checks.text_of(content, "domain", HEADING),
        level=checks.text_of(content, "level", HEADING) if is_long else "",
        rubric=rubric,
        rubric_is=rubric_is,
        domain_texts=checks.refs(content["domain_texts"], "domain_texts") if "domain_texts" in content else {},
        dates=() if is_long else checks.texts(content.get("dates") or None, "dates"),
    )


def _rubric(content: Mapping[str, object]) -> tuple[str, str]:
    """The heading of the rubric's column and the rubric's code: one of them, or none where any rubric will do."""
    rubric = content.get("rubric")
    if not isinstance(rubric, dict):
        expected = 'a column\'s heading, {"is": "a rubric\'s code"}, or {"any": true}'
        return checks.text_of(content, "rubric", expected), ""
    checks.only(rubric, ("is", "any"), "“rubric”")
    if "any" in rubric:
        checks.is_true(rubric["any"], "any", "true, where a domain's text tells its rubric")
        return "", ""
    return "", checks.text_of(rubric, "is", "a rubric's code")


def _levels(value: object) -> tuple[dict[str, int], dict[str, dict[str, int]]]:
    """Texts of levels for the whole file, and those for one rubric, domain or heading."""
    content = checks.as_object({} if value is None else value, "levels")
    own = {text: level for text, level in content.items() if not isinstance(level, dict)}
    nested = {place: texts for place, texts in content.items() if isinstance(texts, dict)}
    by_place = {place: _positions(texts, f"levels: {place}") for place, texts in nested.items()}
    return _positions(own, "levels"), by_place


def _positions(content: Mapping[str, object], key: str) -> dict[str, int]:
    expected = "a level's number, from 1"
    return {text: checks.position(level, f"{key}: {text}", expected) for text, level in content.items()}


def _check_meanings(mapping: RatingsMapping) -> None:
    """A text has one meaning: texts that are compared alike must not mean different things."""
    not_rated = {folded(text): text for text in mapping.not_rated}
    for given in (mapping.levels, *mapping.levels_of.values()):
        levels: dict[str, int] = {}
        for text, level in given.items():
            if levels.setdefault(folded(text), level) != level:
                raise MappingError(f"In the mapping, “levels” gives “{text}” two meanings. Keep one of them.")
        for text in levels.keys() & not_rated.keys():
            said = f"In the mapping, “{not_rated[text]}” is both a level and “not_rated”. Keep one of them."
            raise MappingError(said)


def _check_rows(mapping: RatingsMapping) -> None:
    if mapping.header_rows > mapping.header_row:
        wrong("header_rows", "at most as many rows as there are down to “header_row”", mapping.header_rows)
    if mapping.layout is Layout.LONG and mapping.convening.from_heading:
        wrong("convening", "another source: a long sheet has no columns of convenings", {"heading": True})


def write_mapping(mapping: RatingsMapping) -> str:
    """The JSON text of a mapping; reading it gives an equal mapping."""
    return json.dumps(mapping_content(mapping), ensure_ascii=False, indent=2) + "\n"


def mapping_content(mapping: RatingsMapping) -> dict[str, object]:
    """The mapping as ``json`` takes it, with the keys of ``data/MAPPING.md``."""
    sheet = mapping.sheet
    content: dict[str, object] = {
        "sheet": list(sheet) if isinstance(sheet, tuple) else sheet,
        "header_row": mapping.header_row,
        "header_rows": mapping.header_rows,
        "layout": mapping.layout.value,
        "partnership": _partnership_content(mapping),
        "partnership_code": mapping.partnership_code,
        "convening": _convening_content(mapping.convening),
        "day_first": mapping.day_first,
        "year_day": str(mapping.year_day) if mapping.year_day else None,
        "date_texts": {text: day.isoformat() for text, day in mapping.date_texts.items()},
        **_domain_content(mapping),
        "levels": dict(mapping.levels) | {place: dict(texts) for place, texts in mapping.levels_of.items()},
        "not_rated": list(mapping.not_rated),
    }
    usual: dict[str, object] = {"header_rows": 1, "day_first": None, "year_day": None, "date_texts": {}}
    usual |= {"levels": {}, "not_rated": []}
    return {key: value for key, value in content.items() if key not in usual or value != usual[key]}


def _partnership_content(mapping: RatingsMapping) -> object:
    if mapping.partnership_from_sheet:
        return {"sheet_name": True}
    return {"is": mapping.partnership_is} if mapping.partnership_is else mapping.partnership


def _convening_content(source: ConveningSource) -> dict[str, object]:
    given: dict[str, object] = {
        "column": source.column,
        "date": source.held_on.isoformat() if source.held_on else None,
        "file_name": source.from_file_name,
        "sheet_name": source.from_sheet_name,
        "heading": source.from_heading,
        "cell": source.cell,
        "title_column": source.title_column,
    }
    return {key: value for key, value in given.items() if value}


def _domain_content(mapping: RatingsMapping) -> dict[str, object]:
    if mapping.long is None:
        return {"domains": _written(mapping.domains)}
    long = mapping.long
    rubric: object = {"is": long.rubric_is} if long.rubric_is else (long.rubric or {"any": True})
    content: dict[str, object] = {"rubric": rubric, "domain": long.domain}
    content |= {"dates": list(long.dates)} if mapping.layout is Layout.ACROSS else {"level": long.level}
    return content | ({"domain_texts": _written(long.domain_texts)} if long.domain_texts else {})


def _written(refs: Mapping[str, DomainRef]) -> dict[str, str]:
    return {heading: str(ref) for heading, ref in refs.items()}
