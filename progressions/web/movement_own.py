"""One partnership's own movement on the screen: all domains, one domain as a line, two convenings, promises."""

from collections.abc import Sequence

import streamlit as st

from progressions.charts.heat import PICKED
from progressions.people import Partnership, Principal
from progressions.ratings import Convening
from progressions.rubric import RubricVersion
from progressions.services import movement
from progressions.services.pictures import Asked
from progressions.web import caches, choose, empty, figure_view, shared_note_form, told
from progressions.web.wording import today

AREA, DOMAIN, SINCE, THEN, NOW = "area", "domain", "since", "then", "now"
LAST, FIRST, ANY = "last", "first", "any"
WAYS = {LAST: "Since the last convening", FIRST: "Since the first", ANY: "Any two"}
_EVERY_AREA = " "  # no area: titles of files come without spaces at their ends
_TO_OPEN = "to-open"


def all_domains(principal: Principal, who: Partnership, version: RubricVersion) -> None:
    """Every domain of the rubric over the partnership's convenings; a click on one opens its line."""
    at = caches.moment(principal, version)
    if not _rated(principal, who, version):
        empty.no_movement(principal, who, version.rubric, ())
        return
    frame, convenings = caches.own(principal, who.code), caches.convenings(principal, who.code)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        area = _area(version)
        shown = movement.of_area(version, area)
        asked = _domain_to_open(shown)
    heat = Asked("heat", _of(who, version, area))
    figure = figure_view.made(
        principal, heat, at, lambda mode: movement.all_domains(frame, who, shown, convenings, mode)
    )
    picked = figure_view.show(figure, PICKED).get("domain", "")
    domain = asked or picked
    if domain in {each.code for each in version.rubric.domains}:
        _open(domain)


def one_domain(principal: Principal, who: Partnership, version: RubricVersion) -> None:
    """One domain as a step line, with what was promised, what earlier levels would be called now, what is shared."""
    at = caches.moment(principal, version)
    if not _rated(principal, who, version):
        empty.no_movement(principal, who, version.rubric, ())
        return
    frame, convenings = caches.own(principal, who.code), caches.convenings(principal, who.code)
    domain = choose.one("Domain", {d.code: d.title for d in version.rubric.domains}, DOMAIN)
    ratings, line = (frame, caches.told(principal, who.code)), Asked("line", {**_of(who, version), DOMAIN: domain})
    of = (ratings, who, version, domain, convenings)
    figure = figure_view.made(principal, line, at, lambda mode: movement.one_domain(*of, mode, today=today()))
    figure_view.show(figure)
    if told.STEP in figure.table:
        told.promises(figure.table[figure.table[told.STEP] != ""].iloc[::-1])
    shared_note_form.under_a_line(principal, who, version, domain)


def then_and_now(principal: Principal, who: Partnership, version: RubricVersion) -> None:
    """Every domain at two convenings, and the reasons given for what moved."""
    at = caches.moment(principal, version)
    frame, rated = caches.own(principal, who.code), _rated(principal, who, version)
    if len(rated) < 2:
        empty.no_movement(principal, who, version.rubric, rated)
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        between = _between(rated)
        area = _area(version)
    ratings, what = (frame, caches.told(principal, who.code)), (who, movement.of_area(version, area), between)
    of = {**_of(who, version, area), **dict(zip((THEN, NOW), (c.held_on.isoformat() for c in between), strict=True))}
    dumbbells, why = Asked("dumbbells", of), Asked("reasons", of)
    figure_view.show(figure_view.made(principal, dumbbells, at, lambda mode: movement.then_and_now(frame, *what, mode)))
    name = ("why", *of.items())
    moves = caches.of_partnership(principal, who.code, name, lambda: movement.what_moved(ratings, *what))
    if not moves.empty:
        figure_view.show(figure_view.made(principal, why, at, lambda mode: movement.why_moved(ratings, *what, mode)))
        told.moves(moves)


def promises(principal: Principal, who: Partnership, version: RubricVersion) -> None:
    """Every next step of the rubric, and whether its domain moved afterwards."""
    at = caches.moment(principal, version)
    convenings = caches.convenings(principal, who.code)
    area = _area(version)
    ratings = caches.own(principal, who.code), caches.told(principal, who.code)
    asked, shown = Asked("promises", _of(who, version, area)), movement.of_area(version, area)
    of = (who, shown, convenings)
    figure = figure_view.made(principal, asked, at, lambda mode: movement.promised(ratings, *of, mode, today=today()))
    if figure.table.empty:
        empty.no_promises(principal, who, shown.rubric)
        if movement.promised_of_none(ratings, who, shown):
            st.caption(figure.n)
        return
    figure_view.show(figure)
    told.promises(figure.table)


def _rated(principal: Principal, who: Partnership, version: RubricVersion) -> list[Convening]:
    """The convenings at which the partnership rated anything of the rubric, oldest first."""
    days = movement.days_rated(caches.own(principal, who.code), who.code, version.rubric.code)
    return [c for c in caches.convenings(principal, who.code) if c.held_on.isoformat() in days]


def _between(rated: Sequence[Convening]) -> tuple[Convening, Convening]:
    """Two convenings at which the rubric was rated: the pickers stand there only for any two."""
    way = choose.one_of_few("Compare", WAYS, SINCE)
    if way != ANY:
        return (rated[0] if way == FIRST else rated[-2]), rated[-1]
    by_day = {c.held_on.isoformat(): c for c in rated}
    labels = {day: c.label for day, c in by_day.items()}
    days = list(labels)
    then = choose.one("Then", {day: labels[day] for day in days[:-1]}, THEN, days[-2])
    now = choose.one("Now", {day: labels[day] for day in days if day > then}, NOW, days[-1])
    return by_day[then], by_day[now]


def _area(version: RubricVersion) -> str:
    """One of the rubric's areas, "" for all of them: what the address says, else all."""
    areas = version.rubric.areas
    if len(areas) < 2:
        return ""
    return choose.one("Area", {_EVERY_AREA: "All areas", **{area: area for area in areas}}, AREA).strip()


def _domain_to_open(version: RubricVersion) -> str:
    """A domain chosen by keyboard, "" for none; what a click on the chart does too."""
    titles = choose.unique({domain.code: domain.title for domain in version.rubric.domains})
    asked = st.selectbox(
        "Open a domain as a line",
        list(titles),
        index=None,
        format_func=titles.__getitem__,
        placeholder="Choose it here, or in the table",
        key=_TO_OPEN,
    )
    return asked or ""


def _open(domain: str) -> None:
    """The line of a domain: a step that the back button takes back."""
    figure_view.use_up("heat")
    st.query_params.update({"view": "one", DOMAIN: domain})
    st.rerun()


def _of(who: Partnership, version: RubricVersion, area: str = "") -> dict[str, str]:
    of = {"partnership": who.code, "rubric": version.rubric.code}
    return {**of, AREA: area} if area else of
