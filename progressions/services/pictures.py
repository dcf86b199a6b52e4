"""Figures as files to take home: the same figure as on the screen, drawn for print, with its source at its foot."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from progressions.charts.export import Footer, png, svg
from progressions.charts.figure import Figure
from progressions.charts.listing import Listing
from progressions.errors import NotAllowedError
from progressions.people import Principal
from progressions.services import pictures_of_agreement, pictures_of_movement, pictures_of_peers, pictures_of_sites
from progressions.services.picture_desk import Desk
from progressions.services.picture_sources import file_name, notes, source
from progressions.services.record import note_export
from progressions.sheets.writing import TableSheet, write_csv, write_xlsx
from progressions.store import Store

FORMS = ("png", "svg", "csv", "xlsx")
TABLES = ("csv", "xlsx")
ZONE = "zone"
"""The part of a download's address that names the reader's time zone: the day of a figure is theirs."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Which figure: its name, and the codes, titles and days that it is of. Stands in the address of a download."""

    name: str
    of: Mapping[str, str] = field(default_factory=dict)

    @property
    def file_name(self) -> str:
        """Figure, partnership, rubric and days, as a file's name without its ending."""
        return file_name(self.name, self.of)


def picture(store: Store, principal: Principal, asked: Asked, form: str, now: datetime) -> bytes:
    """One figure as png, svg, csv or xlsx, one list as csv or xlsx. The file's day is that of ``now`` in its time zone.

    NotAllowedError where any part does not exist for this person.
    """
    if form not in forms_of(asked.name):
        raise NotAllowedError
    desk = Desk(store, principal, asked.of, now.date())
    make = _FIGURES.get(asked.name) or _LISTS[asked.name]
    made = make(desk)
    content = _written(made, source(desk, asked.name), form)
    kind = "list" if asked.name in _LISTS else "figure"
    note_export(store, principal, f"{kind}: {made.title} ({form})", now)
    return content


def forms_of(name: str) -> tuple[str, ...]:
    """As what a figure or a list can be taken along; nothing where there is none of this name."""
    if name in _LISTS:
        return TABLES
    return FORMS if name in _FIGURES else ()


def _written(made: Figure | Listing, of: Footer, form: str) -> bytes:
    if isinstance(made, Listing) or form in TABLES:
        return _table(made, of, form)
    return png(made, footer=of) if form == "png" else svg(made, footer=of).encode()


def _table(made: Figure | Listing, of: Footer, form: str) -> bytes:
    """The table twin with where it comes from: in lines above it, or on a sheet of its own."""
    told = notes(of, (made.title, made.finding, made.n))
    header = [str(name) for name in made.table.columns]
    rows = list(made.table.astype(object).where(made.table.notna(), None).itertuples(index=False, name=None))
    if form == "csv":
        return write_csv(header, rows, [f"{heading}: {text}" for heading, text in told])
    return write_xlsx([TableSheet("Table", header, rows), TableSheet("About", (), told, wrap=True)])


_FIGURES: Mapping[str, Callable[[Desk], Figure]] = {
    **pictures_of_agreement.FIGURES,
    **pictures_of_movement.FIGURES,
    **pictures_of_peers.FIGURES,
    **pictures_of_sites.FIGURES,
}
_LISTS: Mapping[str, Callable[[Desk], Listing]] = pictures_of_sites.LISTS
