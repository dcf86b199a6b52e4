"""What a partnership shares of its way with the others of its network: a note, and whether it may be asked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from progressions import permissions
from progressions.errors import NotAllowedError, UserError
from progressions.measures.columns import DOMAIN, HELD_NOW, HELD_THEN, LEVEL_NOW, LEVEL_THEN
from progressions.measures.frame import of_rubric, tidy
from progressions.measures.stuck import moved_on
from progressions.people import Principal
from progressions.record import Action
from progressions.sharing import SharedNote
from progressions.store import Store

if TYPE_CHECKING:
    import pandas as pd

LONGEST_NOTE = 2_000
LONGEST_CONTACT = 200


@dataclass(frozen=True, slots=True)
class Move:
    """One move upwards of a partnership that still stands above the level it left."""

    level_then: int
    held_then: date
    level_now: int
    held_now: date


def note(store: Store, principal: Principal, partnership: str, rubric: str, domain: str) -> SharedNote:
    """What a partnership shares of one domain; an empty note where it has said nothing."""
    permissions.check_can_see_partnership(principal, partnership)
    with store.read(principal) as repository:
        return repository.shared_note(partnership, rubric, domain)


def moves(
    store: Store, principal: Principal, partnership: str, rubric: str, *, frame: "pd.DataFrame | None" = None
) -> dict[str, Sequence[Move]]:
    """By domain a partnership's moves upwards, the most recent first; a domain without any has no entry.

    Once it may be asked, members of those that stand still where it stood read of these, where that leaves the others
    enough to hide among. Everybody else that stands still reads its name, its note and how to ask, and of no move.

    ``frame`` is the partnership's part of ``movement.frame_of``, where it is kept. NotAllowedError where there is no
    such partnership for this person.
    """
    permissions.check_can_see_partnership(principal, partnership)
    with store.read(principal) as repository:
        if repository.partnership(partnership) is None:
            raise NotAllowedError
        rated = tidy(repository.facts(rubric=rubric, partnership=partnership)) if frame is None else frame
    found: dict[str, list[Move]] = {}
    for row in moved_on(of_rubric(rated, rubric)).to_dict("records"):
        found.setdefault(row[DOMAIN], []).append(move_of(row))
    return {domain: tuple(each) for domain, each in found.items()}


def move_of(row: dict[str, object]) -> Move:
    """A row of ``measures.stuck.moved_on``."""
    levels, days = (int(str(row[name])) for name in (LEVEL_THEN, LEVEL_NOW)), (row[HELD_THEN], row[HELD_NOW])
    then, now = levels
    started, ended = (date.fromisoformat(f"{day:%Y-%m-%d}") for day in days)
    return Move(then, started, now, ended)


def share(store: Store, principal: Principal, wanted: SharedNote, now: datetime, *, may_be_asked: bool) -> SharedNote:
    """Saves a note, and whether others may read it and ask; returns it as read back. Agreeing can be taken back.

    ``wanted`` is the note as it was read, with the new texts. UserError where somebody agrees to be asked and does not
    say how, or a text is too long; ChangedMeanwhileError where somebody saved first.
    """
    permissions.check_can_share(principal, wanted.partnership)
    text, contact = wanted.note.strip(), wanted.contact.strip()
    if may_be_asked and not contact:
        raise UserError("Say how others may ask you: a name, an e-mail address.")
    if len(text) > LONGEST_NOTE or len(contact) > LONGEST_CONTACT:
        raise UserError(f"A note has up to {LONGEST_NOTE} letters, how to ask you up to {LONGEST_CONTACT}.")
    with store.write(principal) as repository:
        before = repository.shared_note(wanted.partnership, wanted.rubric, wanted.domain)
        asked_at = (before.asked_at or now) if may_be_asked else None
        new = SharedNote(
            wanted.partnership, wanted.rubric, wanted.domain, text, contact, asked_at, row_version=wanted.row_version
        )
        saved = repository.save_shared_note(new, by=principal.signature, now=now)
        whose = repository.partnership(wanted.partnership)
        about = f"{whose.title if whose else wanted.partnership}, {wanted.domain}"
        repository.note(Action.NOTE_SHARED, about, old=_words(before), new=_words(saved), now=now)
        return saved


def _words(of: SharedNote) -> str:
    """What the record says: neither the note nor how to ask, which must be able to go again."""
    if not of.row_version:
        return ""
    return "may be asked" if of.may_be_asked else "may not be asked"
