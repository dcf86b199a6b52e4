"""Small rules for texts and codes that the whole line shares. Standard library only."""

import re
import unicodedata


def folded(text: str) -> str:
    """A text as it is compared: trimmed, inner spaces single, case ignored. Documented in data/MAPPING.md."""
    return " ".join(text.split()).casefold()


def slug(text: str) -> str:
    """A code made from a title: ASCII letters and digits, joined by hyphens; "" where the title has none."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return "-".join(re.findall(r"[a-z0-9]+", plain.lower()))
