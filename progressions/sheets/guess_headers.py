"""Where the headings of a sheet stand: the row, or rows, whose texts say the most."""

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from progressions.sheets.cells import Sheet
from progressions.sheets.day_rules import DayRules, without_days
from progressions.sheets.guess_columns import NEW_YEAR
from progressions.sheets.guess_domains import DomainNames
from progressions.sheets.guess_words import CODE, DAY, DOMAIN, LEVEL, PARTNERSHIP, RUBRIC, Ranks, rank_of
from progressions.sheets.headings import headings, width_of
from progressions.sheets.writing import RATINGS_HEADER
from progressions.text import folded

WITHIN = 30
"""Rows in which the headings are looked for; above them may stand a title and notes."""
MOST_HEADER_ROWS = 3
_ENOUGH = 3.0
"""What a row must say to be one of headings: a partnership, or a level and a domain; a stray word is not enough."""
_MOST_COLUMNS = 400
_WEIGHTS: tuple[tuple[Ranks, float], ...] = (
    (PARTNERSHIP, 3.0),
    (DAY, 2.0),
    (LEVEL, 1.5),
    (DOMAIN, 1.5),
    (CODE, 1.0),
    (RUBRIC, 1.0),
)
_WEAKER = 0.2
_MOST_DOMAINS = 6.0
_OURS = frozenset(folded(heading) for heading in RATINGS_HEADER)
_SAID_BY_US = 100.0
"""Our own headings are none of what is guessed, even above a row that reads like headings: "lea", "visit", days."""


class Header(NamedTuple):
    """The last row of the headings (from 1), how many rows they have, and how much they say."""

    row: int
    rows: int
    says: float


def find_header(sheet: Sheet, names: DomainNames) -> Header | None:
    """The headings that say the most, of fewest rows and furthest up; None where no row says enough."""
    last = min(len(sheet.rows), WITHIN)
    tried = [
        Header(row, rows, _says(headings(sheet, row, rows)[:_MOST_COLUMNS], names))
        for rows in range(1, MOST_HEADER_ROWS + 1)
        for row in range(rows, last + 1)
        if rows == 1 or any(sheet.cell(row - rows + 1, column).text for column in range(min(width_of(sheet), 60)))
    ]
    best = max(tried, key=lambda header: (header.says, -header.rows, -header.row), default=None)
    return best if best and best.says >= _ENOUGH else None


def _says(texts: Sequence[str], names: DomainNames) -> float:
    """Partnership, day and the like count once each; domains, and days as headings, by their number."""
    counts = Counter(folded(text) for text in texts if text)
    single = [text for text in texts if text and counts[folded(text)] == 1]
    if counts.keys() >= _OURS:
        return _SAID_BY_US
    found = sum(_best(single, ranks, weight) for ranks, weight in _WEIGHTS)
    domains = sum(1.0 for text in single if len(_refs(text, names)) == 1)
    days = sum(len(DayRules(False, NEW_YEAR).within(text)) == 1 for text in single if len(text) < 40)
    return found + min(domains, _MOST_DOMAINS) + min(days, 2.0)


def _best(texts: Sequence[str], ranks: Ranks, weight: float) -> float:
    found = [rank for rank in (rank_of(text, ranks) for text in texts) if rank]
    return weight - _WEAKER * (min(found) - 1) if found else 0.0


def _refs(text: str, names: DomainNames) -> tuple[object, ...]:
    return names.exactly(text) or (names.exactly(without_days(text)) if any(c.isdigit() for c in text) else ())
