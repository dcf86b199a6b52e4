"""Texts that a spreadsheet program would take for a formula, in files that have no types. Standard library only.

What ``harmless`` puts in front on the way out, ``as_meant`` takes away on the way in: an export that is imported again
is the same to the letter.
"""

import re

STARTS = ("=", "+", "-", "@", "\t", "\r")
"""What makes a spreadsheet program take a text for a formula (OWASP, CSV Injection)."""
_ESCAPE = "'"
_NEEDS_ESCAPE = re.compile(r"'*[=+\-@\t\r]")
_IS_ESCAPED = re.compile(r"'+[=+\-@\t\r]")


def harmless(text: str) -> str:
    """The text with an apostrophe in front where it would be a formula, or already looks escaped."""
    return f"{_ESCAPE}{text}" if _NEEDS_ESCAPE.match(text) else text


def as_meant(text: str) -> str:
    """The text without the apostrophe that ``harmless`` put there; any other text as it is."""
    return text.removeprefix(_ESCAPE) if _IS_ESCAPED.match(text) else text
