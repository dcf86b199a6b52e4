"""How stored text and times are shown: escaped in one place, and in the words of the reader's own clock."""

import re
from datetime import date, datetime, time, tzinfo
from functools import lru_cache

import streamlit as st

from progressions.clock import zone_of
from progressions.team_session import Role, Side

INLINE = re.compile(r"([\\`*_\[\]<>$:~|])")
MARKDOWN = re.compile(r"([\\`*_{}\[\]()#+\-.!|~<>$:&^=\"'/@])")

WORKING_TEXT = (
    "The structure and the level names are the published Developmental Progressions Framework's (iLEAD, 2018). "
    "The working text is this project's, to be replaced by your network's own official wording: upload it on *Rubrics*."
)

SIDES = {Side.LEA: "District", Side.IHE: "University"}

ROLES = {
    Role.SUPERINTENDENT: "Superintendent",
    Role.DISTRICT_LEADER: "District leader",
    Role.PRINCIPAL: "Principal",
    Role.TEACHER: "Teacher",
    Role.DEAN: "Dean",
    Role.FACULTY: "Faculty",
    Role.COORDINATOR: "Coordinator",
    Role.OTHER: "Another role",
}

JOINER = "\u2060"
"""Invisible, and takes no room: it keeps an address from being made a live link, which escaping alone does not."""
_ADDRESS = re.compile(r"(?<=:)(?=//)|(?<=www)(?=\.)|(?=@)", re.IGNORECASE)


MOST_TEXTS = 2_000
"""Texts that stay escaped: a hall's phones show the same descriptors at every tap. One has some 300 characters."""


def _unlinked(text: str) -> str:
    return _ADDRESS.sub(JOINER, text)


@lru_cache(MOST_TEXTS)
def plain(text: str) -> str:
    """Stored text for a place that renders Markdown: every special character is escaped, lines stay lines."""
    escaped = MARKDOWN.sub(r"\\\1", _unlinked(text))
    return escaped.replace("\r\n", "\n").replace("\n", "  \n")


def exact(text: str) -> str:
    """Text that is to be copied or typed as it stands, as code: nothing is added to it, and nothing in it is markup."""
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    fence = "`" * (longest + 1)
    return f"{fence} {' '.join(text.split())} {fence}" if text.strip() else ""


@lru_cache(MOST_TEXTS)
def label(text: str) -> str:
    """Stored text for the label of a widget, on one line: only what begins markup within a line is escaped.

    Labels of pickers stand in the address too, which stays readable so.
    """
    return INLINE.sub(r"\\\1", _unlinked(" ".join(text.split())))


def day(value: date | None) -> str:
    """A date as people say it, for example "7 Oct 2026"; "" for none."""
    return f"{value.day} {value:%b %Y}" if value else ""


def day_of(moment: datetime) -> str:
    """The day of a moment in the reader's own time zone, as ``clock`` tells its time: "7 Oct 2026"."""
    return day(moment.astimezone(_zone()).date())


def clock(value: datetime | None) -> str:
    """The time of day in the reader's own time zone, for example "10:32"; "" for none."""
    return f"{value.astimezone(_zone()):%H:%M}" if value else ""


def moment(value: datetime) -> str:
    """Day and time of day in the reader's own time zone, for example "7 Oct 2026, 10:32"."""
    return f"{day_of(value)}, {clock(value)}"


def midnight(value: date) -> datetime:
    """The moment at which a day begins where the reader is."""
    return datetime.combine(value, time(), _zone())


def today() -> date:
    """Today's date where the reader is."""
    return datetime.now(_zone()).date()


def _zone() -> tzinfo:
    return zone_of(st.context.timezone or "")


def count(number: int, one: str, many: str = "") -> str:
    """A number with its noun: "1 domain", "3 domains"."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"
