"""Checks that the JSON text of a mapping is what it should be; each names the key and what is expected."""

import json
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, NamedTuple, NoReturn

from progressions.errors import MappingError

HEADING = "a column's heading"


class DomainRef(NamedTuple):
    """The codes of a rubric and of one of its domains; written "rubric/domain"."""

    rubric: str
    domain: str

    def __str__(self) -> str:
        return f"{self.rubric}/{self.domain}"


def wrong(key: str, expected: str, found: object) -> NoReturn:
    """Refuses the value of a key, with ``MappingError``."""
    shown = json.dumps(found, ensure_ascii=False, default=str)
    raise MappingError(f"In the mapping, “{key}” is {shown[:80]}. Expected: {expected}.")


def parsed(text: str) -> object:
    """The content of a JSON text in which no key stands twice."""
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


def as_object(value: object, key: str) -> dict[str, Any]:
    """The value, which must be an object in braces."""
    if not isinstance(value, dict):
        wrong(key, "an object in braces { }", value)
    return value


def only(content: Mapping[str, object], allowed: Iterable[str], where: str) -> None:
    """Refuses a key that is not one of the allowed ones."""
    for key in content:
        if key not in allowed:
            known = ", ".join(f"“{name}”" for name in allowed)
            raise MappingError(f"“{key}” is no key of {where}. Expected: {known}.")


def text_of(content: Mapping[str, object], key: str, expected: str) -> str:
    """The filled text of a key."""
    value = content.get(key)
    if not isinstance(value, str) or not value.strip():
        wrong(key, expected, value)
    return value


def optional_text(content: Mapping[str, object], key: str, expected: str) -> str | None:
    """The filled text of a key, None where it is null or left out."""
    return None if content.get(key) is None else text_of(content, key, expected)


def position(value: object, key: str, expected: str) -> int:
    """A whole number from 1."""
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        wrong(key, expected, value)
    return value


def day(value: object, key: str = "date") -> date:
    """A day such as "2024-10-31"."""
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        wrong(key, "a day such as “2024-10-31”", value)


def texts(value: object, key: str) -> tuple[str, ...]:
    """A list of filled texts."""
    if not isinstance(value, list) or not all(isinstance(text, str) and text.strip() for text in value):
        wrong(key, "a list of texts", value)
    return tuple(value)


def refs(value: object, key: str) -> dict[str, DomainRef]:
    """Texts with the domains that they stand for; at least one."""
    content = as_object(value, key)
    if not content:
        wrong(key, "at least one pair of a text and “rubric/domain”", value)
    return {text: ref(code, f"{key}: {text}") for text, code in content.items()}


def ref(value: object, key: str) -> DomainRef:
    """The codes of "rubric/domain"."""
    parts = value.split("/", 1) if isinstance(value, str) else []
    if len(parts) != 2 or not all(part.strip() for part in parts):
        wrong(key, "the codes of a rubric and its domain, such as “ihe/ihe-1”", value)
    return DomainRef(parts[0].strip(), parts[1].strip())


def is_true(value: object, key: str, expected: str) -> bool:
    """The value, which can only be true."""
    if value is not True:
        wrong(key, expected, value)
    return True
