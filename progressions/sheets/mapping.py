"""How a sheet of past ratings is to be read: a small JSON file, documented in ``data/MAPPING.md``."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import Any, NamedTuple, NoReturn

from progressions.errors import MappingError
from progressions.text import folded

_COMMON = (
    "sheet",
    "header_row",
    "layout",
    "partnership",
    "partnership_code",
    "convening",
    "day_first",
    "levels",
    "not_rated",
)
_OF_WIDE = ("domains",)
_OF_LONG = ("rubric", "domain", "level", "domain_texts")
_CONVENING = ("column", "date", "file_name", "title_column")


class Layout(StrEnum):
    """Wide has a column for each domain; long has a row for each rating."""

    WIDE = "wide"
    LONG = "long"


class DomainRef(NamedTuple):
    """The codes of a rubric and of one of its domains; written "rubric/domain"."""

    rubric: str
    domain: str

    def __str__(self) -> str:
        return f"{self.rubric}/{self.domain}"


@dataclass(frozen=True, slots=True)
class ConveningSource:
    """Where the day of the convening stands: in a column, for the whole file, or in the file's name.

    Exactly one of ``column``, ``held_on`` and ``from_file_name`` is given.
    """

    column: str = ""
    held_on: date | None = None
    from_file_name: bool = False
    title_column: str = ""


@dataclass(frozen=True, slots=True)
class LongColumns:
    """The columns of a long sheet. ``rubric_is`` is a code for the whole sheet, in place of a column."""

    domain: str
    level: str
    rubric: str = ""
    rubric_is: str = ""
    domain_texts: Mapping[str, DomainRef] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RatingsMapping:
    """How one sheet is read. Headings are as in the file; they are compared trimmed, whatever their case.

    ``sheet`` is None for the first one. ``domains`` is for the wide layout, ``long`` for the long one.
    ``day_first`` is needed wherever a day is read from a text, and None elsewhere: it is never guessed.
    """

    partnership: str
    convening: ConveningSource
    layout: Layout = Layout.WIDE
    sheet: str | None = None
    header_row: int = 1
    partnership_code: str | None = None
    day_first: bool | None = None
    domains: Mapping[str, DomainRef] = field(default_factory=dict)
    long: LongColumns | None = None
    levels: Mapping[str, int] = field(default_factory=dict)
    not_rated: Sequence[str] = ()


def read_mapping(text: str) -> RatingsMapping:
    """The mapping of a JSON text; ``MappingError`` names the key that is wrong and what is expected."""
    content = _object(_parsed(text), "the mapping")
    _only(content, dict.fromkeys((*_COMMON, *_OF_WIDE, *_OF_LONG)), "a mapping")
    layout = _layout(content)
    allowed = (*_COMMON, *(_OF_LONG if layout is Layout.LONG else _OF_WIDE))
    _only(content, allowed, f"a mapping of the {layout.value} layout")
    convening = _convening(content.get("convening"))
    mapping = RatingsMapping(
        partnership=_text(content, "partnership", "a column's heading"),
        convening=convening,
        layout=layout,
        sheet=_optional_text(content, "sheet", "a sheet's name or null"),
        header_row=_position(content.get("header_row", 1), "header_row", "a row number from 1"),
        partnership_code=_optional_text(content, "partnership_code", "a column's heading or null"),
        day_first=_day_first(content, convening),
        domains=_refs(content.get("domains"), "domains") if layout is Layout.WIDE else {},
        long=_long(content) if layout is Layout.LONG else None,
        levels=_levels(content.get("levels")),
        not_rated=_texts(content.get("not_rated", []), "not_rated"),
    )
    _check_meanings(mapping)
    return mapping


def write_mapping(mapping: RatingsMapping) -> str:
    """The JSON text of a mapping; reading it gives an equal mapping."""
    content: dict[str, object] = {
        "sheet": mapping.sheet,
        "header_row": mapping.header_row,
        "layout": mapping.layout.value,
        "partnership": mapping.partnership,
        "partnership_code": mapping.partnership_code,
        "convening": _convening_content(mapping.convening),
    }
    if mapping.day_first is not None:
        content["day_first"] = mapping.day_first
    content |= _domain_content(mapping)
    if mapping.levels:
        content["levels"] = dict(mapping.levels)
    if mapping.not_rated:
        content["not_rated"] = list(mapping.not_rated)
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"


def _convening_content(source: ConveningSource) -> dict[str, object]:
    content: dict[str, object] = {}
    if source.column:
        content["column"] = source.column
    elif source.held_on:
        content["date"] = source.held_on.isoformat()
    else:
        content["file_name"] = True
    if source.title_column:
        content["title_column"] = source.title_column
    return content


def _domain_content(mapping: RatingsMapping) -> dict[str, object]:
    if mapping.long is None:
        return {"domains": _written(mapping.domains)}
    long = mapping.long
    rubric: object = {"is": long.rubric_is} if long.rubric_is else long.rubric
    content: dict[str, object] = {"rubric": rubric, "domain": long.domain, "level": long.level}
    return content | ({"domain_texts": _written(long.domain_texts)} if long.domain_texts else {})


def _written(refs: Mapping[str, DomainRef]) -> dict[str, str]:
    return {heading: str(ref) for heading, ref in refs.items()}


def _wrong(key: str, expected: str, found: object) -> NoReturn:
    shown = json.dumps(found, ensure_ascii=False, default=str)
    raise MappingError(f"In the mapping, “{key}” is {shown[:80]}. Expected: {expected}.")


def _parsed(text: str) -> object:
    try:
        return json.loads(text, object_pairs_hook=_without_repeats)
    except (json.JSONDecodeError, RecursionError) as error:
        raise MappingError(f"The mapping is no JSON text: {error}. See data/MAPPING.md for an example.") from error


def _without_repeats(pairs: list[tuple[str, object]]) -> dict[str, object]:
    content = dict(pairs)
    if len(content) < len(pairs):
        keys = [key for key, _ in pairs]
        repeated = next(key for key in keys if keys.count(key) > 1)
        raise MappingError(f"In the mapping, “{repeated}” is given twice. Keep one of them.")
    return content


def _object(value: object, key: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        _wrong(key, "an object in braces { }", value)
    return value


def _only(content: Mapping[str, object], allowed: Iterable[str], where: str) -> None:
    for key in content:
        if key not in allowed:
            known = ", ".join(f"“{name}”" for name in allowed)
            raise MappingError(f"“{key}” is no key of {where}. Expected: {known}.")


def _layout(content: Mapping[str, object]) -> Layout:
    value = content.get("layout")
    if value not in ("wide", "long"):
        _wrong("layout", "“wide” (a column for each domain) or “long” (a row for each rating)", value)
    return Layout(value)


def _text(content: Mapping[str, object], key: str, expected: str) -> str:
    value = content.get(key)
    if not isinstance(value, str) or not value.strip():
        _wrong(key, expected, value)
    return value


def _optional_text(content: Mapping[str, object], key: str, expected: str) -> str | None:
    return None if content.get(key) is None else _text(content, key, expected)


def _position(value: object, key: str, expected: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        _wrong(key, expected, value)
    return value


def _convening(value: object) -> ConveningSource:
    content = _object(value, "convening")
    _only(content, _CONVENING, "“convening”")
    given = [key for key in ("column", "date", "file_name") if key in content]
    if len(given) != 1:
        _wrong("convening", "exactly one of “column”, “date” and “file_name”", value)
    readers: dict[str, Callable[[], ConveningSource]] = {
        "column": lambda: ConveningSource(column=_text(content, "column", "a column's heading")),
        "date": lambda: ConveningSource(held_on=_day(content["date"])),
        "file_name": lambda: _from_file_name(content["file_name"]),
    }
    source = readers[given[0]]()
    title = _optional_text(content, "title_column", "a column's heading") or ""
    return replace(source, title_column=title)


def _from_file_name(value: object) -> ConveningSource:
    if value is not True:
        _wrong("file_name", "true, where the file's name holds the date", value)
    return ConveningSource(from_file_name=True)


def _day(value: object) -> date:
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        _wrong("date", "a day such as “2024-10-31”", value)


def _day_first(content: Mapping[str, object], convening: ConveningSource) -> bool | None:
    value = content.get("day_first")
    if convening.held_on and value is None:
        return None
    if not isinstance(value, bool):
        _wrong("day_first", "true for 31/10/2024, or false for 10/31/2024: it is never guessed", value)
    return value


def _refs(value: object, key: str) -> dict[str, DomainRef]:
    content = _object(value, key)
    if not content:
        _wrong(key, "at least one pair of a text and “rubric/domain”", value)
    return {text: _ref(code, f"{key}: {text}") for text, code in content.items()}


def _ref(value: object, key: str) -> DomainRef:
    parts = value.split("/", 1) if isinstance(value, str) else []
    if len(parts) != 2 or not all(part.strip() for part in parts):
        _wrong(key, "the codes of a rubric and its domain, such as “ihe/ihe-1”", value)
    return DomainRef(parts[0].strip(), parts[1].strip())


def _long(content: Mapping[str, object]) -> LongColumns:
    rubric = content.get("rubric")
    fixed = ""
    if isinstance(rubric, dict):
        _only(rubric, ("is",), "“rubric”")
        fixed = _text(rubric, "is", "a rubric's code")
    return LongColumns(
        domain=_text(content, "domain", "a column's heading"),
        level=_text(content, "level", "a column's heading"),
        rubric="" if fixed else _text(content, "rubric", 'a column\'s heading, or {"is": "a rubric\'s code"}'),
        rubric_is=fixed,
        domain_texts=_refs(content["domain_texts"], "domain_texts") if "domain_texts" in content else {},
    )


def _levels(value: object) -> dict[str, int]:
    content = _object({} if value is None else value, "levels")
    expected = "a level's number, from 1"
    return {text: _position(level, f"levels: {text}", expected) for text, level in content.items()}


def _texts(value: object, key: str) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(text, str) and text.strip() for text in value):
        _wrong(key, "a list of texts", value)
    return tuple(value)


def _check_meanings(mapping: RatingsMapping) -> None:
    """A text has one meaning: texts that are compared alike must not mean different things."""
    levels: dict[str, int] = {}
    for text, level in mapping.levels.items():
        if levels.setdefault(folded(text), level) != level:
            raise MappingError(f"In the mapping, “levels” gives “{text}” two meanings. Keep one of them.")
    for text in mapping.not_rated:
        if folded(text) in levels:
            raise MappingError(f"In the mapping, “{text}” is both a level and “not_rated”. Keep one of them.")
