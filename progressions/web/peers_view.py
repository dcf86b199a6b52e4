"""Us and peers, as the network chose that its members see them: now, over time, and who started where we started."""

from collections.abc import Callable, Mapping

import streamlit as st

from progressions.charts.figure import Figure
from progressions.charts.theme import Mode
from progressions.people import Partnership, Principal
from progressions.rubric import RubricVersion
from progressions.services import movement, peers, peers_over_time
from progressions.services.peers_over_time import Own
from progressions.services.pictures import Asked
from progressions.web import caches, choose, figure_view, installation, peer_caches
from progressions.web.movement_own import DOMAIN
from progressions.web.wording import plain

NOW, TIME, STARTED = "now", "time", "started"
WAYS = {NOW: "Now", TIME: "Over time", STARTED: "Started where we started"}
_ALL, _OWN_START = "0", " "


def draw(principal: Principal, who: Partnership, version: RubricVersion) -> None:
    """One cut at a time: all peers at one convening, or those of a set that was made once and for all."""
    if reason := peers.why_nothing(principal, version):
        st.info(reason, icon=":material/visibility_off:")
        return
    _DRAW[choose.one_of_few("Peers", WAYS, "peers")](principal, who, version)


def _now(principal: Principal, who: Partnership, version: RubricVersion) -> None:
    at = caches.moment(principal, version)
    by_day = {c.held_on.isoformat(): c for c in reversed(caches.convenings(principal, who.code))}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        labels, start = {day: c.label for day, c in by_day.items()}, _last_rated(principal, who, version)
        chosen = by_day[choose.one("Convening", labels, choose.CONVENING, start)]
        peer_set = _set(principal)
    of = {**_of(who, version, peer_set), choose.CONVENING: chosen.held_on.isoformat()}

    def make(mode: Mode) -> Figure:
        told = peer_caches.peers_of(principal, who.code, version.rubric.code, chosen.held_on, int(peer_set))
        return peers.figure(told, who, version, chosen, mode)

    figure_view.show(figure_view.made(principal, Asked("peers", of), at, make))


def _last_rated(principal: Principal, who: Partnership, version: RubricVersion) -> str:
    """The latest day at which the partnership itself rated the rubric, "" where there is none: there is nothing beside
    which peers would stand at a convening that it did not rate."""
    return max(movement.days_rated(caches.own(principal, who.code), who.code, version.rubric.code), default="")


def _over_time(principal: Principal, who: Partnership, version: RubricVersion) -> None:
    at = caches.moment(principal, version)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        domain = choose.one("Domain", {d.code: d.title for d in version.rubric.domains}, DOMAIN)
        peer_set = _set(principal)
    convenings = caches.convenings(principal, who.code)
    own = Own(who, caches.own(principal, who.code), convenings)

    def make(mode: Mode) -> Figure:
        days = [c.held_on for c in convenings]
        told = peer_caches.peers_over_time_of(principal, who.code, version.rubric.code, days, domain, int(peer_set))
        return peers_over_time.figure(told, own, version, domain, mode)

    asked = Asked("peers-over-time", {**_of(who, version, peer_set), DOMAIN: domain})
    figure = figure_view.made(principal, asked, at, make)
    figure_view.show(figure)


def _started(principal: Principal, who: Partnership, version: RubricVersion) -> None:
    at = caches.moment(principal, version)
    if reason := peers_over_time.why_no_start(principal):
        st.info(reason, icon=":material/visibility_off:")
        return
    convenings = caches.convenings(principal, who.code)
    by_day = {c.held_on.isoformat(): c for c in convenings}
    start = _OWN_START
    if peers_over_time.may_choose_start(principal):
        labels = {_OWN_START: "Our first rating", **{day: c.label for day, c in list(by_day.items())[:-1]}}
        start = choose.one("Starting from", labels, "start")
    then = by_day[start].held_on if start in by_day else None
    groups = peer_caches.started_of(principal, who.code, version.rubric.code, then)
    if not groups:
        st.info(peers_over_time.when_started_is_told(principal), icon=":material/visibility_off:")
        return
    asked = Asked("peers-started", {**_of(who, version, _ALL), "start": start.strip()})
    of = (groups, principal, who, version, convenings)
    figure = figure_view.made(principal, asked, at, lambda mode: peers_over_time.started_chart(*of, mode))
    figure_view.show(figure)
    sentences = peers_over_time.sentences(groups, version, convenings)
    st.markdown("\n".join(f"- {plain(sentence)}" for sentence in sentences))


_DRAW: Mapping[str, Callable[[Principal, Partnership, RubricVersion], None]] = {
    NOW: _now,
    TIME: _over_time,
    STARTED: _started,
}


def _set(principal: Principal) -> str:
    """The set that is looked at; a picker only where there are sets."""
    sets = {str(each.id): each.title for each in peers.sets_of(installation.store(), principal)}
    return choose.one("Which peers", {_ALL: "All peers", **sets}, "set") if sets else _ALL


def _of(who: Partnership, version: RubricVersion, peer_set: str) -> dict[str, str]:
    of = {"partnership": who.code, "rubric": version.rubric.code}
    return of if peer_set == _ALL else {**of, "set": peer_set}
