"""Figures as files to take home: the same figure as on the screen, drawn for print, with its source at its foot."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, TypeVar

from progressions.charts.export import Footer, png, svg
from progressions.charts.figure import Figure
from progressions.charts.theme import Mode
from progressions.errors import NotAllowedError
from progressions.measures.kinds import Population
from progressions.people import EXAMPLE_NOTE, Partnership, Principal
from progressions.permissions import check_can_see_network
from progressions.ratings import Convening
from progressions.rubric import RubricVersion
from progressions.services import movement, networks, peers, rubrics
from progressions.services.record import note_export
from progressions.sheets.writing import write_csv
from progressions.store import Store

if TYPE_CHECKING:
    import pandas as pd

T = TypeVar("T")
FORMS = ("png", "svg", "csv")


@dataclass(frozen=True, slots=True)
class Asked:
    """Which figure: its name, and the codes, titles and days that it is of. Stands in the address of a download."""

    name: str
    of: Mapping[str, str] = field(default_factory=dict)


def picture(store: Store, principal: Principal, asked: Asked, form: str, now: datetime) -> bytes:
    """One figure as png, svg or csv. NotAllowedError where any part does not exist for this person."""
    if form not in FORMS or asked.name not in _FIGURES:
        raise NotAllowedError
    figure = _FIGURES[asked.name](_Desk(store, principal, asked.of))
    content = _drawn(figure, principal, form, now.date())
    note_export(store, principal, f"figure: {figure.title} ({form})", now)
    return content


def _drawn(figure: Figure, principal: Principal, form: str, today: date) -> bytes:
    if form == "csv":
        return _table(figure, principal)
    footer = Footer(principal.network.title, today, is_example=principal.network.is_example)
    return png(figure, footer=footer) if form == "png" else svg(figure, footer=footer).encode()


def _table(figure: Figure, principal: Principal) -> bytes:
    notes = [EXAMPLE_NOTE] if principal.network.is_example else []
    rows = figure.table.astype(object).where(figure.table.notna(), None)
    return write_csv([str(name) for name in rows.columns], rows.itertuples(index=False), [*notes, figure.title])


@dataclass(frozen=True, slots=True)
class _Desk:
    """What the figures are made of, looked up by what the address says; each look asks for permission."""

    store: Store
    principal: Principal
    of: Mapping[str, str]

    @property
    def partnership(self) -> Partnership:
        return _one(
            p for p in networks.partnerships(self.store, self.principal) if p.code == self.of.get("partnership")
        )

    @property
    def version(self) -> RubricVersion:
        return _one(v for v in rubrics.latest(self.store, self.principal) if v.rubric.code == self.of.get("rubric"))

    @property
    def domain(self) -> str:
        return _one(d.code for d in self.version.rubric.domains if d.code == self.of.get("domain"))

    @property
    def convenings(self) -> tuple[Convening, ...]:
        return movement.expected_convenings(self.store, self.principal, self.partnership.code)

    def convening(self, name: str) -> Convening:
        return _one(c for c in self.convenings if c.held_on.isoformat() == self.of.get(name))

    @property
    def population(self) -> Population:
        return _one(p for p in Population if p.value == self.of.get("whose"))

    @property
    def frame(self) -> "pd.DataFrame":
        return movement.frame_of(self.store, self.principal)


def _one(found: Iterable[T]) -> T:
    for each in found:
        return each
    raise NotAllowedError


def _stands(desk: _Desk) -> Figure:
    return movement.stands(desk.frame, desk.partnership, desk.version, Mode.PRINT)


def _line(desk: _Desk) -> Figure:
    return movement.one_domain(desk.frame, desk.partnership, desk.version, desk.domain, desk.convenings, Mode.PRINT)


def _heat(desk: _Desk) -> Figure:
    return movement.all_domains(desk.frame, desk.partnership, desk.version, desk.convenings, Mode.PRINT)


def _then_now(desk: _Desk) -> Figure:
    then, now = desk.convening("then"), desk.convening("now")
    if then.held_on >= now.held_on:
        raise NotAllowedError
    return movement.then_and_now(desk.frame, desk.partnership, desk.version, (then, now), Mode.PRINT)


def _peers(desk: _Desk) -> Figure:
    who, version, convening = desk.partnership, desk.version, desk.convening("convening")
    told = peers.beside(desk.store, desk.principal, who.code, version.rubric.code, convening.held_on)
    return peers.figure(told, who, version, convening, Mode.PRINT)


def _levels(desk: _Desk) -> Figure:
    check_can_see_network(desk.principal)
    convenings = networks.convenings(desk.store, desk.principal)
    return movement.network_levels(desk.frame, desk.version, convenings, desk.population, Mode.PRINT)


def _who_rated(desk: _Desk) -> Figure:
    check_can_see_network(desk.principal)
    partnerships = networks.partnerships(desk.store, desk.principal)
    convenings = networks.convenings(desk.store, desk.principal)
    versions = rubrics.latest(desk.store, desk.principal)
    return movement.who_has_rated(desk.frame, partnerships, versions, convenings, Mode.PRINT)


_FIGURES: dict[str, Callable[[_Desk], Figure]] = {
    "stands": _stands,
    "line": _line,
    "heat": _heat,
    "dumbbells": _then_now,
    "peers": _peers,
    "levels": _levels,
    "who-rated": _who_rated,
}
