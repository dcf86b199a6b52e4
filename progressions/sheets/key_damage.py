"""Keys that a spreadsheet program has damaged, and rows that are no partnership. Standard library only."""

import re
from collections.abc import Iterable

from progressions.text import folded

_SHORTENED = re.compile(r"\d(?:[.,]\d+)?e\+\d{1,3}")
_SUMMARY = re.compile(
    r"(?:(?:grand|overall|network|all|column|group|hub|sample) )*"
    r"(?:averages?|avg\.?|means?|medians?|modes?|totals?|sub-?totals?|sums?|counts?|min|max|minimum|maximum|n|"
    r"st\.? ?dev\.?|std\.? ?dev\.?|sd|standard deviation|range)"
    r"(?: (?:rating|score|level|value)s?| (?:for|of) (?:the )?(?:network|all|all \w+)| \(n\))*[ :=.]*"
)


def is_shortened(code: str) -> bool:
    """Whether the text is a number as 3.10E+11: the digits that told it from others are lost."""
    return _SHORTENED.fullmatch(code.casefold()) is not None


def is_summary(title: str) -> bool:
    """Whether a row of this title sums up others, such as "Average" or "Grand total:"."""
    return _SUMMARY.fullmatch(folded(title)) is not None


def zeros_example(codes: Iterable[str]) -> str:
    """A code of figures that begins with 0, "" where none does."""
    return next((code for code in codes if code.isdecimal() and code.startswith("0") and len(code) > 1), "")


def may_lack_zeros(code: str, example: str) -> bool:
    """Whether a code of figures is shorter than one of the same column that begins with 0."""
    return bool(example) and code.isdecimal() and not code.startswith("0") and len(code) < len(example)
