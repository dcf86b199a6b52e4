"""Codes made of texts, and how sentences quote texts. Standard library only."""

import hashlib
import unicodedata
from collections.abc import Sequence

from progressions.text import folded, slug

_SHOWN = 80

PROBLEM = "Problem"
"""The heading of the column that is added to rejected rows. No mapping names it, so it is not read again."""


def code_of(text: str) -> str:
    """A code made of a title: "Alder Valley & Northmoor" becomes "alder-valley-northmoor".

    Where letters have no plain form (another script), a few characters of a hash keep two such titles apart.
    """
    plain = unicodedata.normalize("NFKD", folded(text))
    code = slug(plain)
    if code and not any(c.isalnum() and not c.isascii() for c in plain):
        return code
    mark = hashlib.sha256(folded(text).encode("utf-8", "replace")).hexdigest()[:8]
    return f"{code}-{mark}".strip("-")


def shown(text: str) -> str:
    """The text as a sentence quotes it: on one line, and cut where it is very long."""
    line = " ".join(text.split())
    return line if len(line) <= _SHOWN else f"{line[: _SHOWN - 1]}…"


def listed(texts: Sequence[str], most: int = 12) -> str:
    """The texts in quotation marks with commas, and how many more there are."""
    quoted = ", ".join(f"“{shown(text)}”" for text in texts[:most])
    return quoted if len(texts) <= most else f"{quoted} and {len(texts) - most} more"
