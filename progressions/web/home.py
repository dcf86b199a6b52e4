"""Home: where my partnership stands and what moved last; for staff, the network at a glance."""

from urllib.parse import urlencode

import streamlit as st

from progressions.measures.columns import HELD_ON
from progressions.measures.kinds import Population
from progressions.people import Partnership, Principal
from progressions.ratings import StepState
from progressions.rubric import RubricVersion
from progressions.services import compare, movement, networks
from progressions.services.pictures import Asked
from progressions.web import caches, choose, empty, figure_view, installation, navigation, reading_ahead
from progressions.web.wording import count, day, plain, today

WAYS_ON = {"sites": "Site by site", "moved": "Who moved", "coverage": "Who has rated, and what is missing"}
"""Views of Compare with what they answer."""


def partnership(principal: Principal, who: Partnership) -> None:
    """One partnership: what moved last, what was promised, where it stands."""
    reading_ahead.begin(principal)
    versions = caches.latest(principal)
    frame = caches.own(principal, who.code)
    last = caches.of_partnership(principal, who.code, "moves", lambda: movement.last_moves(frame, who.code, versions))
    if last.held_on is None:
        empty.no_ratings(principal)
        return
    left, right = st.columns([3, 2], gap="large")
    with right:
        st.subheader(f"What moved last ({day(last.held_on)})", anchor=False)
        if frame[HELD_ON].nunique() > 1:
            _moves(last)
        else:
            st.markdown(empty.rated_once("Everything", day(last.held_on)))
        _promises(principal, who)
        st.page_link(
            navigation.page(navigation.ASSESS),
            label="Go on with the self-assessment",
            icon=":material/checklist:",
            query_params={choose.PARTNERSHIP: who.code},
        )
    with left:
        version = choose.rubric(principal)
        if version is not None:
            _stands(principal, who, version)


def _stands(principal: Principal, who: Partnership, version: RubricVersion) -> None:
    at = caches.moment(principal, version)
    asked = Asked("stands", {"partnership": who.code, "rubric": version.rubric.code})
    frame = caches.own(principal, who.code)
    figure = figure_view.made(principal, asked, at, lambda mode: movement.stands(frame, who, version, mode))
    figure_view.show(figure)


def take_along(who: Partnership) -> None:
    """What a partnership has said is its own: all of it as one workbook."""
    address = f"/download/partnership.xlsx?{urlencode({'partnership': who.code})}"
    st.link_button("Everything of this partnership (.xlsx)", address, icon=":material/download:")


def _moves(last: movement.LastMoves) -> None:
    if not last.moves and not last.gone:
        st.markdown("Nothing moved at this convening.")
    for move in last.moves:
        arrow = ":material/north_east:" if move.up else ":material/south_east:"
        word = "up" if move.up else "down"
        st.markdown(
            f"{arrow} **{plain(move.domain)}** moved {word}: {plain(move.then)} → {plain(move.now)}  \n"
            f":small[{plain(move.rubric)}, since {day(move.held_then)}]"
        )
    if last.gone:
        st.caption(last.left_out)


def _promises(principal: Principal, who: Partnership) -> None:
    of, on = (caches.own(principal, who.code), caches.told(principal, who.code)), today()
    promised = caches.of_partnership(
        principal, who.code, ("promised", on), lambda: movement.promised_last(of, who.code, on)
    )
    if not promised:
        return
    st.subheader("What we promised", anchor=False)
    for step in promised:
        by = "" if step.late or not step.due else f"by {day(step.due)}"
        late = f"**Overdue:** {plain(step.late)}" if step.late else ""
        done = "" if step.state is StepState.OPEN else step.state.value
        of_it = " · ".join(part for part in (plain(step.owner), by, done, late) if part)
        st.markdown(f":material/flag: {plain(step.text)}" + (f"  \n:small[{of_it}]" if of_it else ""))


def network(principal: Principal) -> None:
    """The network at a glance, for its staff."""
    store = installation.store()
    partnerships = caches.partnerships(principal)
    convenings = networks.convenings(store, principal)
    versions = caches.latest(principal)
    frame = caches.frame(principal)
    if not versions:
        empty.no_rubrics(principal)
        return
    if not partnerships:
        empty.no_partnerships(principal)
        return
    if not convenings or frame.empty:
        empty.no_ratings(principal)
        return
    st.markdown(
        f"**{count(len(partnerships), 'partnership')}**, **{count(len(convenings), 'convening')}**, "
        f"**{count(len(frame), 'rating')}**"
    )
    version = choose.rubric(principal)
    if version is not None:
        _levels(principal, version)
    _ways_on()


def _levels(principal: Principal, version: RubricVersion) -> None:
    """What moved last, and how the levels are spread: of the same sites, where there are any."""
    at, frame = caches.moment(principal, version), caches.of_rubric(principal, version.rubric.code)
    convenings = networks.convenings(installation.store(), principal)
    rated = caches.of_network(principal, "rated", at, lambda: compare.convenings_rated(frame, version, convenings))
    if not rated:
        empty.no_ratings(principal, version.rubric)
        return
    moves = caches.of_network(principal, "moves", at, lambda: compare.network_moves(frame, version, rated))
    if moves:
        st.markdown(f":material/stairs_2: {plain(moves)}")
    has_same = caches.of_network(principal, "same sites", at, lambda: compare.has_same_sites(frame, version, rated))
    population = Population.SAME if has_same else Population.ALL
    asked = Asked("levels", {"rubric": version.rubric.code, "whose": population.value})
    of = (frame, version, rated, population)
    figure_view.show(figure_view.made(principal, asked, at, lambda mode: compare.network_levels(*of, mode)))


def _ways_on() -> None:
    """What Compare has more of: each with what is chosen here."""
    chosen = {choose.RUBRIC: st.query_params[choose.RUBRIC]} if choose.RUBRIC in st.query_params else {}
    with st.container(horizontal=True):
        for view, words in WAYS_ON.items():
            st.page_link(
                navigation.page(navigation.COMPARE),
                label=words,
                icon=":material/arrow_forward:",
                query_params={**chosen, "view": view},
            )
