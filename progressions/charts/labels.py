"""Labels that are readable in full: broken into lines here, chosen by room in the drawn chart."""

import json
import textwrap
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

import pandas as pd

from progressions.charts.theme import LINE_HEIGHT, NOT_RATED, TITLE_OVER
from progressions.measures.columns import DOMAIN, DUE, LEVEL, LEVEL_OR_GAP, MOVEMENT, OVERDUE
from progressions.measures.findings import DOMAINS, RATINGS, counted, overdue_words
from progressions.measures.kinds import Movement
from progressions.rubric import LONGEST_DRAWN, Domain, Level, Rubric, upper_half_from

ROW_LABEL = 22
"""Characters in a line of a row's title: about 150 pixels, leaving room on a phone of 390."""
MOST_LINES = 2
LONGEST_ROW_LABEL = 30
"""A title that needs more than two lines gets longer ones up to this, and only then more of them."""
OVER_LABEL = 41
"""Characters in a line of a title that stands over its row, from edge to edge of a phone of 320 pixels."""
LEVEL_LABEL = 20
LEGEND_LABEL = 60
LEGEND_LABEL_NARROW = 36
LEGEND_LABEL_LEAST = 24
FLAT_WORD = 8
"""Characters in a line of a convening's label that lies flat: "Summer 2026" on two lines."""
MOST_NAMED = 12
"""Names that a tip holds; the table beside the chart has all of them."""
HERE = ("rating at this convening", "ratings at this convening")
AT_BOTH = ("rating at these two convenings", "ratings at these two convenings")
LATEST = ("latest rating", "latest ratings")
PAIRS = ("pair of ratings", "pairs of ratings")
"""What is counted of that which is not shown, one and many, where it is not every rating over several convenings."""
NOT_SHOWN = "not shown"
"""How it ends where something is left out."""
BLANK_LINE = "\u200b"
"""A space without width: a line without a character takes no height in SVG, and Vega trims other spaces."""


def wrapped(text: str, characters: int) -> list[str]:
    """The text in lines of at most so many characters, broken between words only, and cut where it is endless."""
    return textwrap.wrap(cut(text), characters, break_long_words=False, break_on_hyphens=False) or [""]


def cut(text: str) -> str:
    """A text that can be drawn: a file may bring titles of many thousand characters, and each takes its time."""
    return text if len(text) <= LONGEST_DRAWN else text[: LONGEST_DRAWN - 1] + "…"


def some_names(names: Sequence[str]) -> str:
    """The names for a tip: of very many the first, and how many more the table has."""
    more = len(names) - MOST_NAMED
    return "; ".join(names[:MOST_NAMED]) + (f"; and {more:,} more, in the table" if more > 0 else "")


def day_key(day: date | pd.Timestamp) -> str:
    """The value that stands for a convening on an axis."""
    return f"{day:%Y-%m-%d}"


def day_label(day: date | pd.Timestamp, labels: Mapping[date, str]) -> str:
    """The convening's own name where it has one, otherwise its day."""
    plain = day.date() if isinstance(day, pd.Timestamp) else day
    return labels.get(plain) or f"{plain:%d %b %Y}".lstrip("0")


def overdue_of(row: Mapping[Any, Any]) -> str:
    """An overdue promise in words, "" for any other. In: a row of ``overdue``."""
    return overdue_words(day_label(row[DUE], {}), Movement(row[MOVEMENT])) if row[OVERDUE] else ""


def by_key(days: Sequence[date | pd.Timestamp], labels: Mapping[date, str]) -> dict[str, str]:
    """Axis values of convenings with their labels, oldest first."""
    return {day_key(day): day_label(day, labels) for day in sorted(set(days))}


def lookup(lines: Mapping[str, Sequence[str] | str]) -> str:
    """A Vega expression that replaces an axis value by its label; a list becomes lines."""
    short = {value: cut(label) if isinstance(label, str) else [*map(cut, label)] for value, label in lines.items()}
    return f"{json.dumps(short)}[datum.value]"


def level_name(rubric: Rubric, position: int | None) -> str:
    """Number and name, "not rated", or what can be said of a level that this version no longer has."""
    if position is None:
        return NOT_RATED
    if not has_level(rubric, position):
        return f"level {position} of an earlier version"
    return rubric.level(position).label


def has_level(rubric: Rubric, position: int) -> bool:
    """Whether this version of the rubric has the level: an earlier one may have had more."""
    return 1 <= position <= len(rubric.levels)


def in_upper_half(levels: Sequence[Level]) -> str:
    """For example "level 3 or above", of a rubric of two levels "level 2"."""
    start = upper_half_from(len(levels))
    return f"level {start} or above" if start < len(levels) else f"level {start}"


def shown_levels(frame: pd.DataFrame, rubric: Rubric) -> tuple[pd.DataFrame, str]:
    """The frame with a gap where this version has no such level, and the words that say so ("" where none is)."""
    level = frame[LEVEL].astype(LEVEL_OR_GAP)
    known = level.between(1, len(rubric.levels)).fillna(True).astype(bool)
    hidden = int((~known).sum())
    return frame.assign(**{LEVEL: level.where(known)}), not_shown(levels=hidden)


def not_shown(
    levels: int = 0,
    domains: int = 0,
    of_domains: tuple[str, str] = RATINGS,
    of_levels: tuple[str, str] = RATINGS,
) -> str:
    """How many ratings are not shown, because their levels or their domains are no more, to follow what is.

    ``of_domains`` and ``of_levels`` name what is counted of them, one and many.
    """
    whys = [
        (levels, of_levels, "at levels of an earlier version"),
        (domains, of_domains, "of domains that the rubric no longer has"),
    ]
    return "".join(f"; {NOT_SHOWN}: {counted(n, words)} {why}" for n, words, why in whys if n)


def is_gone(domains: pd.Series, rubric: Rubric, elsewhere: Collection[str] = ()) -> pd.Series:
    """Which of these domains the rubric no longer has, nor ``elsewhere`` where it is narrowed to an area."""
    return ~domains.isin([*(domain.code for domain in rubric.domains), *elsewhere])


def gone_not_shown(domains: int) -> str:
    """The same of domains themselves, where it is they that are counted."""
    return f"; {NOT_SHOWN}: {counted(domains, DOMAINS)} that the rubric no longer has" if domains else ""


def earlier_not_shown(convenings: int) -> str:
    """How many convenings came before those that are drawn, to follow what is said of these."""
    return f"; {counted(convenings, ('earlier convening', 'earlier convenings'))} not shown" if convenings else ""


def not_shown_of(
    frame: pd.DataFrame, rubric: Rubric, elsewhere: Collection[str] = (), of: tuple[str, str] = RATINGS
) -> str:
    """The same of ratings of one rubric: rows with ``domain`` and ``level``, NA where not rated.

    ``elsewhere`` are the codes of domains that the rubric has in other areas, where it is narrowed to one: they are
    not asked for here, and are not gone. ``of`` names the ratings, one and many.
    """
    rated = frame[frame[LEVEL].notna() & ~frame[DOMAIN].isin(list(elsewhere))]
    gone = is_gone(rated[DOMAIN], rubric)
    older = ~rated[LEVEL].isin([level.position for level in rubric.levels])
    return not_shown(int((older & ~gone).sum()), int(gone.sum()), of, of)


def row_lines(titles: Mapping[str, str]) -> dict[str, list[str]]:
    """The titles of rows by key, each in as few as ``MOST_LINES`` lines where its words allow it."""
    return {key: _few_lines(title) for key, title in titles.items()}


def lines_over(titles: Mapping[str, str], headings: Sequence[str] = ()) -> dict[str, list[str]]:
    """The titles of rows by key for a phone, where they stand over them: all with as many lines, blank ones first.

    ``headings`` are titles of rows without marks, and stand lower, close to what they are headings of.
    """
    lines = {key: _two(wrapped(title, OVER_LABEL)) for key, title in titles.items()}
    tallest = max(map(len, lines.values()), default=1)
    lower = {key: 2 if key in headings else 0 for key in lines}
    return {key: [BLANK_LINE] * (lower[key] + tallest - len(label)) + label for key, label in lines.items()}


def title_over(titles: Sequence[str]) -> int:
    """The pixels that titles over their rows take."""
    lines = max((len(_two(wrapped(title, OVER_LABEL))) for title in titles), default=1)
    return TITLE_OVER + (lines - 1) * LINE_HEIGHT


def _two(lines: list[str]) -> list[str]:
    """Two lines of them: the rest stands in the second, which is cut at the edge."""
    return [lines[0], " ".join(lines[1:])] if len(lines) > 1 else lines


def domain_titles(domains: Sequence[Domain]) -> dict[str, str]:
    """The titles of a rubric's domains by code."""
    return {domain.code: domain.title for domain in domains}


def table_heads(domains: Sequence[Domain], beside: Sequence[str] = ()) -> dict[str, str]:
    """The domains' names in a table by code: the code stands with a title that is there twice, or is ``beside``."""
    taken: Mapping[str, int] = Counter([*(domain.title for domain in domains), *beside])
    return {d.code: d.title if taken[d.title] == 1 else f"{d.title} ({d.code})" for d in domains}


def level_heads(levels: Sequence[Level], characters: int = LEVEL_LABEL) -> dict[str, list[str]]:
    """Number and name by position, all with as many lines, blank ones first, so that the last lines meet."""
    lines = {str(level.position): wrapped(level.label, characters) for level in levels}
    tallest = max(len(label) for label in lines.values())
    return {key: [BLANK_LINE] * (tallest - len(label)) + label for key, label in lines.items()}


def level_lines(levels: Sequence[Level], characters: int = LEVEL_LABEL) -> str:
    """The labels of levels by position, number and name."""
    return lookup({str(level.position): wrapped(level.label, characters) for level in levels})


def _few_lines(title: str) -> list[str]:
    for characters in range(ROW_LABEL, LONGEST_ROW_LABEL + 1):
        lines = wrapped(title, characters)
        if len(lines) <= MOST_LINES:
            return lines
    return lines
