"""Which open page wrote last: how a page that reconnects is told from one that is out of date.

The key of every widget carries the row version at which its page first showed what stood in that field (its base).
When somebody else saves another text in a field, that widget is a new one, and what an old page still sends for it
reaches nothing. Widgets whose fields nobody else has changed stay, with what is being typed in them. A page that was
cut off by a restart finds its own pen in the row, and goes on under the base that it had: its first tap is saved.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from progressions.services.ratings import Pen
from progressions.web import session


class Written(Protocol):
    """A stored row as its pages know it."""

    @property
    def row_version(self) -> int:
        """Counts its saves from 1; 0 for "no row yet"."""

    @property
    def pen(self) -> str:
        """The token of the page that saved last."""

    @property
    def pen_base(self) -> int:
        """The row version that this page first showed."""


PAUSE = "2s"
"""Of somebody who types a line, after which it is sent. Streamlit's long texts are sent when a lost connection greys
them; its lines are not, and would stand there unsaved until somebody comes back to them.
"""

Fields = Mapping[str, object]
"""What a row holds, by field: one for each widget."""


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys of a place's widgets; ``bases`` by field."""

    place: str
    bases: Mapping[str, int]

    def of(self, field: str) -> str:
        """The key of the field's widget."""
        return f"{field}|{self.place}|{self.bases[field]}"


def keys(place: str, stored: Written, fields: Fields, say_changed: Callable[[], None]) -> Keys:
    """The keys under which this page shows a row: a field's is a new one where somebody else has changed it.

    ``say_changed`` is called where somebody else has saved since this page showed the row.
    """
    known = session.shown(place)
    if known is not None and known.row_version == stored.row_version:
        return Keys(place, known.bases)
    if known is None:
        first = stored.pen_base if stored.pen == session.pen() else stored.row_version
        return _remembered(place, stored, fields, dict.fromkeys(fields, first))
    say_changed()
    return anew(place, stored, fields)


def anew(place: str, stored: Written, fields: Fields) -> Keys:
    """The keys after something else than the widgets has changed the row: what it changed is shown in new ones."""
    known = session.shown(place)
    if known is None:
        return _remembered(place, stored, fields, dict.fromkeys(fields, stored.row_version))
    bases = {
        name: known.bases[name] if known.fields[name] == value else stored.row_version for name, value in fields.items()
    }
    return _remembered(place, stored, fields, bases)


def _remembered(place: str, stored: Written, fields: Fields, bases: Mapping[str, int]) -> Keys:
    session.remember_shown(place, session.Shown(bases, stored.row_version, fields))
    return Keys(place, bases)


def holding(shown: Keys) -> Pen:
    """What a save carries: this page's pen, and the base of its widgets."""
    return Pen(session.pen(), min(shown.bases.values()))


def saved(shown: Keys, stored: Written, fields: Fields) -> None:
    """Notes that this page's own save is what it shows now."""
    _remembered(shown.place, stored, fields, shown.bases)
