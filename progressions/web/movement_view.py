"""The views of Movement: one domain as a line, all domains as a table, two convenings side by side, us and peers."""

import streamlit as st

from progressions.people import Partnership, Principal
from progressions.permissions import can_see_peers
from progressions.ratings import Convening
from progressions.rubric import RubricVersion
from progressions.services import movement, peers
from progressions.services.pictures import Asked
from progressions.web import caches, choose, figure_view

ALL, ONE, TWO, PEERS = "all", "one", "two", "peers"
VIEWS = {ALL: "All domains", ONE: "One domain", TWO: "Then and now", PEERS: "Peers"}


def view(principal: Principal) -> str:
    """Which of the views is open; that of peers is offered to those who see any."""
    offered = {code: label for code, label in VIEWS.items() if code != PEERS or can_see_peers(principal)}
    return choose.one_of_few("View", offered, "view")


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
    elif chosen == PEERS:
        _peers(principal, who, version, convenings)
    else:
        figure_view.show(movement.all_domains(frame, who, version, convenings, mode), Asked("heat", of))


def _domain(version: RubricVersion) -> str:
    return choose.one("Domain", {d.code: d.title for d in version.rubric.domains}, "domain")


def _two(principal: Principal, who: Partnership, version: RubricVersion, convenings: tuple[Convening, ...]) -> None:
    frame = caches.frame(principal)
    if len(convenings) < 2:
        st.info(
            "A movement needs two convenings: this partnership has rated at one so far.",
            icon=":material/stairs_2:",
        )
        return
    by_day = {c.held_on.isoformat(): c for c in convenings}
    labels = {code: c.label for code, c in by_day.items()}
    days = list(labels)
    rated = [day for day in days if day in movement.days_rated(frame, who.code, version.rubric.code)] or days
    left, right = st.columns(2)
    with left:
        then = choose.one("Then", {day: labels[day] for day in days[:-1]}, "then", rated[0])
    with right:
        now = choose.one("Now", {day: labels[day] for day in days if day > then}, "now", rated[-1])
    between = (by_day[then], by_day[now])
    figure = movement.then_and_now(frame, who, version, between, figure_view.mode())
    dates = {"then": then, "now": now}
    figure_view.show(figure, Asked("dumbbells", {"partnership": who.code, "rubric": version.rubric.code, **dates}))


def _peers(principal: Principal, who: Partnership, version: RubricVersion, convenings: tuple[Convening, ...]) -> None:
    """One cut: all peers at one convening. A picker more would be a filter that can be differenced."""
    if reason := peers.why_nothing(principal, version):
        st.info(reason, icon=":material/visibility_off:")
        return
    by_day = {c.held_on.isoformat(): c for c in reversed(convenings)}
    chosen = by_day[choose.one("Convening", {day: c.label for day, c in by_day.items()}, choose.CONVENING)]
    told = caches.peers_of(principal, who.code, version.rubric.code, chosen.held_on)
    of = {"partnership": who.code, "rubric": version.rubric.code, "convening": chosen.held_on.isoformat()}
    figure_view.show(peers.figure(told, who, version, chosen, figure_view.mode()), Asked("peers", of))
