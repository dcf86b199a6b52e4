"""The words for the record: what was done, by whom, from where. Standard library only."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Action(StrEnum):
    """What the record knows of; the value is what is stored and exported."""

    RATED = "rated"
    IMPORTED = "imported"
    IMPORT_UNDONE = "import undone"
    MAPPING_KEPT = "mapping kept"
    MAPPING_FORGOTTEN = "mapping forgotten"
    EXPORTED = "exported"
    RUBRIC_PUBLISHED = "rubric published"
    NETWORK_STARTED = "network started"
    PARTNERSHIP_ADDED = "partnership added"
    CONVENING_ADDED = "convening added"
    SETTING_CHANGED = "setting changed"
    PEER_SET_MADE = "peer set made"
    PEER_SET_REMOVED = "peer set removed"
    NOTE_SHARED = "note for the network saved"
    INVITED = "invited"
    ACCESS_CHANGED = "access changed"
    ACCESS_REVOKED = "access revoked"
    CODE_MADE = "code made"
    LINK_MADE = "link made"
    NAME_REMOVED = "name removed"
    SESSION_OPENED = "session opened"
    SESSION_CHANGED = "session changed"
    SESSION_CLOSED = "session closed"
    SESSION_REOPENED = "session opened again"
    SESSION_HANDED_OVER = "session handed over"
    ROOM_CODE_CHANGED = "room code changed"
    JOINED = "joined"
    SEAT_CHANGED = "joined anew"
    DEVICE_ADDED = "went on on another device"
    SEAT_REMOVED = "removed from session"
    SEAT_BROUGHT_BACK = "brought back to session"
    VOTED = "voted"
    REVEALED = "votes revealed"
    ROUND_BEGUN = "second vote begun"
    PAPER_COUNTED = "paper sheets counted"
    ROLES_SHOWN = "role shown across partnerships"
    SIGNED_IN = "signed in"
    SIGNED_OUT = "signed out"


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the record.

    ``who`` is the person's name as it is today, ``came_from`` where they sat ("command line", or "browser" with the
    address), ``about`` what it was done to, in words. ``old`` and ``new`` are texts, "" where there is none. Never a
    code, a token or a link.
    """

    at: datetime
    who: str
    came_from: str
    action: Action
    about: str = ""
    old: str = ""
    new: str = ""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which lines of the record: all where nothing is said. ``who`` is a person's mark as stored rows hold it.

    ``since`` is the first moment wanted, ``until`` the first one no more. Without ``imported_ratings`` each import and
    each undo is its one line, and the ratings that came with it are left out.
    """

    action: Action | None = None
    who: str = ""
    since: datetime | None = None
    until: datetime | None = None
    imported_ratings: bool = True


EVERYTHING = Wanted()
