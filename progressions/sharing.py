"""The words for what a partnership shares of its way with the others. Standard library only."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class SharedNote:
    """What helped a partnership move in one domain, in its own words, and how it may be asked.

    ``partnership`` is a code. ``asked_at`` is when the partnership agreed to be asked, None where it does not (any
    more): then network staff alone read the note. ``first_asked_at`` is when it agreed for the first time.
    ``row_version`` counts its saves from 1; 0 stands for "no row yet".
    """

    partnership: str
    rubric: str
    domain: str
    note: str = ""
    contact: str = ""
    asked_at: datetime | None = None
    first_asked_at: datetime | None = None
    row_version: int = 0
    saved_at: datetime | None = None
    saved_by: str = ""

    @property
    def may_be_asked(self) -> bool:
        """Whether others read it, and whose it is; how it moved only where that leaves enough to hide among."""
        return self.asked_at is not None


@dataclass(frozen=True, slots=True)
class Sharer:
    """Somebody who may be asked about a domain, or might be once.

    ``name`` is how ``Peers.peer_changes`` calls the partnership to whoever reads; ``code`` its own code, "" where it
    may not be asked any more.
    """

    name: str
    code: str
    domain: str
    first_asked_at: datetime
