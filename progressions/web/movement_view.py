"""The views of Movement: one domain as a line, all domains as a table, two convenings side by side."""

import streamlit as st

from progressions.people import Partnership, Principal
from progressions.ratings import Convening
from progressions.rubric import RubricVersion
from progressions.services import movement
from progressions.services.pictures import Asked
from progressions.web import caches, choose, figure_view

ALL, ONE, TWO = "All domains", "One domain", "Then and now"
VIEWS = (ALL, ONE, TWO)


def view() -> str:
    """Which of the views is open."""
    chosen = st.segmented_control(
        "View",
        VIEWS,
        default=ALL,
        required=True,
        key="view",
        bind="query-params",
        label_visibility="collapsed",
    )
    return chosen or ALL


def draw(
    principal: Principal,
    who: Partnership,
    version: RubricVersion,
    chosen: str,
) -> None:
    """The chosen view of one partnership and one rubric."""
    frame, mode = caches.frame(principal), figure_view.mode()
    of = {"partnership": who.code, "rubric": version.rubric.code}
    convenings = caches.convenings(principal, who.code)
    if chosen == ONE:
        domain = _domain(version)
        figure = movement.one_domain(frame, who, version, domain, convenings, mode)
        figure_view.show(figure, Asked("line", {**of, "domain": domain}))
    elif chosen == TWO:
        _two(principal, who, version, convenings)
    else:
        figure_view.show(movement.all_domains(frame, who, version, convenings, mode), Asked("heat", of))


def _domain(version: RubricVersion) -> str:
    titles = {domain.code: domain.title for domain in version.rubric.domains}
    return choose.one("Domain", list(titles), titles, f"{version.rubric.code}-domain") or next(iter(titles))


def _two(principal: Principal, who: Partnership, version: RubricVersion, convenings: tuple[Convening, ...]) -> None:
    frame = caches.frame(principal)
    if len(convenings) < 2:
        st.info(
            "A movement needs two convenings: this partnership has rated at one so far.",
            icon=":material/stairs_2:",
        )
        return
    labels = {c.held_on: c.label for c in convenings}
    days = list(labels)
    left, right = st.columns(2)
    with left:
        then = choose.one("Then", days[:-1], labels, "then", start=0)
    later = [day for day in days if then is None or day > then]
    with right:
        now = choose.one("Now", later, labels, "now", start=len(later) - 1)
    by_day = {c.held_on: c for c in convenings}
    if then is None or now is None:
        return
    between = (by_day[then], by_day[now])
    figure = movement.then_and_now(frame, who, version, between, figure_view.mode())
    dates = {"then": then.isoformat(), "now": now.isoformat()}
    figure_view.show(figure, Asked("dumbbells", {"partnership": who.code, "rubric": version.rubric.code, **dates}))
