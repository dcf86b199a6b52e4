"""Small rules for texts and codes that the whole line shares. Standard library only."""

import re
import unicodedata
from fractions import Fraction
from math import floor

_TURNING = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)])
"""Unicode's embeddings, overrides and isolates, which turn whatever comes after them round. The marks that texts in
Arabic or Hebrew have between their words stay."""


def folded(text: str) -> str:
    """A text as it is compared: trimmed, inner spaces single, case ignored. Documented in data/MAPPING.md."""
    return " ".join(text.split()).casefold()


_CONTROLS = dict.fromkeys([*range(0x20), *range(0x7F, 0xA0)])
"""What moves the cursor, rings, or paints the rest of a terminal; spaces and ends of lines are gone before."""


def one_line(text: str) -> str:
    """A name or title on one line, as lists and terminals show it: single spaces, no control characters."""
    return " ".join(text.split()).translate(_CONTROLS)


def is_readable(text: str) -> bool:
    """Whether there is a letter or a digit: something that can be seen, said and searched for."""
    return any(sign.isalnum() for sign in text)


def without_turns(text: str) -> str:
    """The text without the invisible characters that make what follows read backwards (U+202A–202E, U+2066–2069)."""
    return text if text.isascii() else text.translate(_TURNING)


def slug(text: str) -> str:
    """A code made from a title: ASCII letters and digits, joined by hyphens; "" where the title has none."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return "-".join(re.findall(r"[a-z0-9]+", plain.lower()))


def hundredths(part: Fraction | float, whole: int = 1) -> int:
    """How many hundredths of a whole a part is: a whole number, halves upwards, as people round; nothing is negative.

    It is reckoned exactly: a float may lie beside the half that it is printed as, and formatting rounds halves to even.
    ZeroDivisionError of nothing.
    """
    return floor(Fraction(part) / whole * 100 + Fraction(1, 2))


def percent(part: Fraction | float, whole: int = 1) -> str:
    """For example "63%" for 5 of 8: every percentage that is shown anywhere is made here."""
    return f"{hundredths(part, whole)}%"
