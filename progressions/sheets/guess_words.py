"""The words by which headings are known, and how like two texts are. Standard library only."""

import re
from collections.abc import Mapping, Sequence
from difflib import SequenceMatcher

NOT_RATED_TEXTS = ("not rated", "not discussed", "not applicable", "n/a", "cannot judge")
"""Texts that mean *not rated* in every sheet whose mapping is proposed."""

ALSO_NOT_RATED = frozenset(
    (
        *("na", "n.a.", "n.a", "#n/a", "not available", "none", "null", "nil", "-", "--", "---", "–", "—", ".", ".."),
        *("nr", "no rating", "not assessed", "not observed", "not scored", "unrated", "tbd", "tba", "unknown", "dk"),
        *("don't know", "do not know", "no data", "missing", "did not rate", "no answer", "not yet rated", "skipped"),
        *("not reported", "not provided", "no response", "did not attend", "absent", "unable to judge", "not judged"),
    )
)
"""Texts that mean *not rated* where they stand among levels and no level has that name."""

_NOT = frozenset(("not", "no", "none", "unreadable", "missing", "unavailable", "unknown", "pre", "absent"))
"""Words that make a text look like *not rated*: worth a question."""

Ranks = Mapping[str, int]
"""Headings as plain words, with a rank: 1 says it outright, larger numbers less so."""


def _ranks(*groups: str) -> dict[str, int]:
    return {words: rank for rank, group in enumerate(groups, start=1) for words in group.split(", ")}


PARTNERSHIP = _ranks(
    "partnership, partnership name, partnership title",
    "site, site name, district, district name, school district, lea, lea name, local education agency, "
    "local authority, partner, partner name, partner site, partnership team, organisation, organization, "
    "organisation name, organization name",
    "name, team, team name, school, university, institution, agency, county, ihe, hub",
)
CODE = _ranks(
    "partnership code, partnership id, partnership number, partnership key",
    "code, site code, site id, site number, district code, district id, district number, lea id, leaid, lea code, "
    "lea number, nces id, nces code, urn, organisation id, organization id, team id, team code",
    "id, number, no, key, nr, num, identifier, la code",
)
DAY = _ranks(
    "convening date, date",
    "date of convening, meeting date, date of meeting, visit date, date of visit, rating date, date rated, rated on, "
    "assessment date, session date, held on, convened on, day",
    "convening, meeting, visit, when, year, school year, academic year, fiscal year, cycle, quarter, term, semester, "
    "period, wave, round, month, session, time, timepoint, time point",
)
CONVENING_TITLE = _ranks(
    "convening, convening title, convening name",
    "meeting, meeting name, meeting title, visit, cycle, quarter, term, semester, season, wave, round, session",
)
RUBRIC = _ranks("rubric, rubric code, rubric title, rubric name", "framework, tool, instrument, progression, side")
DOMAIN = _ranks(
    "domain code",
    "domain",
    "domain title, domain name",
    "indicator, element, dimension, criterion, criteria, item, practice, standard, topic, component, area, "
    "focus area, question, statement, what",
)
LEVEL = _ranks(
    "level",
    "rating, agreed level, level number, rating level",
    "score, stage, value, grade, response, answer, result, step, level name",
)
_BESIDE_RATINGS = frozenset(
    (
        *("note", "notes", "comment", "comments", "evidence", "average", "avg", "mean", "median", "total", "sum"),
        *("count", "target", "goal", "goals", "change", "difference", "previous", "prior", "next", "percent", "pct"),
        *("rank", "reason", "owner", "explanation", "link", "url", "due", "min", "max", "weight"),
    )
)
"""Words in a heading that say that the column is about ratings and does not hold them."""
_FILLER = frozenset(
    (
        *("the", "of", "and", "for", "in", "on", "to", "with", "a", "an", "by", "at", "our"),
        *("rating", "ratings", "rated", "level", "score", "grade", "domain"),
    )
)
"""Words that tell no two domains apart."""

_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z][a-z])")
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
_NUMBERING = re.compile(r"^\s*(?:[a-z]{1,3}[-. ]?)?\d{1,2}(?:\.\d{1,2})*[.):\s–-]+(?=\D{3})", re.IGNORECASE)
_SAME_WORD = 0.85
"""Two words of five letters or more that are this like one another are one word misspelt or in the plural."""
_SHORTEST_STEM = 3
_ABBREVIATED = 0.6
"""A beginning is an abbreviation where it is much shorter than the word: "dev" of "development", but not "leaders" of
"leadership"."""
_DIFFERENT = 0.7
"""The most that two texts can be alike where each has a word that the other has not: "School leadership" is not
"District leadership"."""


def words_of(text: str) -> tuple[str, ...]:
    """The words of a heading in small letters: "partnership_code" and "PartnershipCode" both have two."""
    return tuple(_WORD.findall(_CAMEL.sub(" ", text).casefold()))


def plain(text: str) -> str:
    """The words joined by one space: how headings are looked up."""
    return " ".join(words_of(text))


def rank_of(heading: str, ranks: Ranks) -> int:
    """How well a heading says it: 1 best, 0 not at all."""
    return ranks.get(plain(heading), 0)


def telling_words(text: str) -> tuple[str, ...]:
    """The words that tell a domain from others, without numbering."""
    words = words_of(_NUMBERING.sub("", text))
    return tuple(word for word in words if word not in _FILLER) or words


def is_beside_ratings(heading: str) -> bool:
    """Whether the heading is of notes, averages, targets and the like."""
    return any(word in _BESIDE_RATINGS for word in words_of(heading))


def looks_not_rated(text: str) -> bool:
    """Whether a text that is no level may mean *not rated*, such as "data_unreadable"."""
    return not _NOT.isdisjoint(words_of(text))


def likeness(first: Sequence[str], second: Sequence[str]) -> float:
    """How many words two texts share, from 0 to 1 (Dice's coefficient), with misspelt and shortened ones counted."""
    if not first or not second:
        return 0.0
    left = list(second)
    shared = 0
    for word in first:
        found = next((other for other in left if word == other), None)
        found = found or next((other for other in left if _is_same_word(word, other)), None)
        if found is not None:
            left.remove(found)
            shared += 1
    alike = 2 * shared / (len(first) + len(second))
    return min(alike, _DIFFERENT) if left and shared < len(first) else alike


def _is_same_word(first: str, second: str) -> bool:
    short, long = sorted((first, second), key=len)
    if len(short) >= _SHORTEST_STEM and long.startswith(short) and len(short) <= _ABBREVIATED * len(long):
        return True
    if len(short) < 5 or short[0] != long[0]:
        return False
    return SequenceMatcher(None, short, long, autojunk=False).ratio() >= _SAME_WORD
