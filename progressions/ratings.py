"""The words for what is said of a partnership: convening, rating, evidence, next step. Standard library only."""

import calendar
import re
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple


@dataclass(frozen=True, slots=True)
class Convening:
    """A dated meeting at which ratings are made; a network has at most one on a date."""

    id: int
    held_on: date
    title: str

    @property
    def label(self) -> str:
        """Title and date as screens show them; the date alone where the convening has no title."""
        shown = f"{self.held_on:%d %b %Y}".lstrip("0")
        return f"{self.title} · {shown}" if self.title else shown


_DAY = re.compile(r"\d{1,2} \w+ \d{4}")
_YEAR = re.compile(r"(19|20)\d\d")
_TIMES = {"winter", "spring", "summer", "fall", "autumn"} | {
    name.casefold() for names in (calendar.month_name, calendar.month_abbr) for name in names if name
}


def at_convening(label: str) -> str:
    """A convening as a sentence says when: "on 25 Nov 2026" of one without a name, "in Fall 2026" and "in March" where
    the name is a time, "at Kick-off" of any other. ``label`` as screens show it, "" for none.
    """
    words = label.split()
    if _DAY.fullmatch(label):
        return f"on {label}"
    if words and all(_YEAR.fullmatch(word) or word.casefold() in _TIMES for word in words):
        return f"in {label}"
    return f"at {label}" if words else ""


@dataclass(frozen=True, slots=True)
class RatingKey:
    """What a rating is of: codes of partnership, rubric and domain, and the day of the convening."""

    partnership: str
    held_on: date
    rubric: str
    domain: str


class RatingFact(NamedTuple):
    """One agreed level, as measures need it: a row of the tidy frame. *Not rated* has no row.

    ``wording`` is the version number in which the domain's wording began: levels of two facts of one domain may be
    compared only where it is equal.
    """

    partnership: str
    held_on: date
    rubric: str
    domain: str
    level: int
    wording: int


class Reason(StrEnum):
    """Why a rating moved, as the team says it."""

    PRACTICE = "practice"
    UNDERSTANDING = "understanding"
    PEOPLE = "people"
    RUBRIC = "rubric"


REASONS = {
    Reason.PRACTICE: "Our practice changed",
    Reason.UNDERSTANDING: "We understand the rubric better",
    Reason.PEOPLE: "Different people in the room",
    Reason.RUBRIC: "The rubric changed",
}
"""The reasons in the words in which the team chooses them, in their order."""


class StepState(StrEnum):
    """What has become of a promise."""

    OPEN = "open"
    DONE = "done"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class NextStep:
    """What the partnership promises to do: the step, who owns it, by when, and what has become of it."""

    text: str = ""
    owner: str = ""
    due: date | None = None
    state: StepState = StepState.OPEN

    @property
    def is_open(self) -> bool:
        """Whether something was promised, and is neither done nor dropped."""
        return bool(self.text) and self.state is StepState.OPEN


@dataclass(frozen=True, slots=True)
class Hindsight:
    """The level that an earlier rating, of the convening on ``held_on``, would have "knowing what we know now".

    It stands beside that rating and never in its place.
    """

    held_on: date
    level: int


class Told(NamedTuple):
    """What was told beside a level: why it moved, what was promised, what an earlier one would be called now.

    One row a rating that tells any of these, rated or not. ``wording`` is that of the words on the table, as in
    ``RatingFact``; a level "knowing what we know now" is one of these words.
    """

    partnership: str
    held_on: date
    rubric: str
    domain: str
    wording: int
    reason: Reason | None
    next_step: NextStep
    hindsight: Hindsight | None


@dataclass(frozen=True, slots=True)
class RatingDraft:
    """What a team says of one domain at one convening. ``level`` is None for *not rated*: never 0, never 1.

    ``convinced`` is what convinced the team of the level, ``links`` the addresses (http or https) of its evidence.
    ``comes_back`` says that the team agreed to come back to it.
    """

    level: int | None = None
    evidence: str = ""
    next_step: NextStep = NextStep()
    reason: Reason | None = None
    convinced: str = ""
    links: tuple[str, ...] = ()
    comes_back: bool = False
    hindsight: Hindsight | None = None


@dataclass(frozen=True, slots=True)
class StoredRating:
    """A rating as the database holds it.

    ``row_version`` counts its saves from 1; 0 stands for "no row yet". ``pen`` is the opaque token of the open page
    that saved last, and ``pen_base`` the row version which that page first showed: a page that reconnects after a
    restart knows by them that nobody else has written since.
    """

    key: RatingKey
    draft: RatingDraft
    rubric_version: int
    row_version: int
    saved_at: datetime | None = None
    saved_by: str = ""
    pen: str = ""
    pen_base: int = 0

    @property
    def is_rated(self) -> bool:
        """Whether a level has been agreed."""
        return self.draft.level is not None


@dataclass(frozen=True, slots=True)
class LevelWrite:
    """One level of an import, and the row version that it was planned against (0: there was no row)."""

    key: RatingKey
    level: int | None
    base: int


@dataclass(frozen=True, slots=True)
class RatingChange:
    """One save of a rating: what was there before (None for the first save) and what from then on.

    ``row_version`` and ``rubric_version`` are those of the new state; ``batch_id`` is None for one by hand. The second
    change of a rating with the same ``batch_id`` is that batch's undo.
    """

    key: RatingKey
    row_version: int
    changed_at: datetime
    changed_by: str
    old: RatingDraft | None
    new: RatingDraft
    rubric_version: int
    batch_id: int | None = None
    came_from: str = ""


@dataclass(frozen=True, slots=True)
class Batch:
    """One imported file. ``mapping`` and ``counts`` are JSON texts, as the import wrote them.

    ``undone_at`` and ``undone_by`` are None for an import that stands.
    """

    id: int
    imported_at: datetime
    imported_by: str
    file_name: str
    sha256: str
    mapping: str
    counts: str
    undone_at: datetime | None = None
    undone_by: str | None = None


@dataclass(frozen=True, slots=True)
class SavedMapping:
    """A mapping that a network has kept under a title, and the headings it was made for: both as JSON texts."""

    title: str
    mapping: str
    headings: str
    saved_at: datetime
    saved_by: str


@dataclass(frozen=True, slots=True)
class KeptEdit:
    """A rating that an undo left alone, because it was saved again after the import: what it says now, and by whom.

    ``partnership`` and ``domain`` are titles; ``key`` holds the codes. ``level_name`` is the level's in the version
    that the rating was agreed on, "" for *not rated*.
    """

    key: RatingKey
    partnership: str
    domain: str
    level_now: int | None
    by: str
    when: datetime
    level_name: str = ""

    @property
    def held_on(self) -> date:
        """The day of the convening."""
        return self.key.held_on


@dataclass(frozen=True, slots=True)
class UndoResult:
    """What an undo did.

    ``restored`` counts ratings that say again what they said before, ``removed`` those that there were not before;
    ``partnerships`` and ``convenings`` count those that went with them.
    """

    restored: int
    removed: int
    kept: tuple[KeptEdit, ...]
    partnerships: int
    convenings: int
