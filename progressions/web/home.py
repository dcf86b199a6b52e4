"""Home: where my partnership stands and what moved last; for staff, the network at a glance."""

from urllib.parse import urlencode

import streamlit as st

from progressions.measures.kinds import Population
from progressions.people import Partnership, Principal
from progressions.ratings import Convening
from progressions.rubric import RubricVersion
from progressions.services import movement, networks, ratings, rubrics
from progressions.services.pictures import Asked
from progressions.web import caches, choose, empty, figure_view, installation, navigation
from progressions.web.wording import count, day, plain

POPULATIONS = {
    Population.SAME: "Same sites at the first and last convening",
    Population.ALL: "All who rated",
}


def partnership(principal: Principal, who: Partnership) -> None:
    """One partnership: what moved last, what was promised, where it stands."""
    versions = rubrics.latest(installation.store(), principal)
    frame = caches.frame(principal)
    latest, moves = movement.last_moves(frame, who.code, versions)
    if latest is None:
        empty.no_ratings(principal)
        return
    left, right = st.columns([3, 2], gap="large")
    with right:
        st.subheader(f"What moved last ({day(latest)})", anchor=False)
        _moves(moves)
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
            figure = movement.stands(frame, who, version, figure_view.mode())
            figure_view.show(figure, Asked("stands", {"partnership": who.code, "rubric": version.rubric.code}))


def take_along(who: Partnership) -> None:
    """What a partnership has said is its own: all of it as one workbook."""
    address = f"/download/partnership.xlsx?{urlencode({'partnership': who.code})}"
    st.link_button("Everything of this partnership (.xlsx)", address, icon=":material/download:")


def _moves(moves: tuple[movement.Move, ...]) -> None:
    if not moves:
        st.markdown("Nothing moved at this convening.")
    for move in moves:
        arrow = ":material/north_east:" if move.up else ":material/south_east:"
        word = "up" if move.up else "down"
        st.markdown(
            f"{arrow} **{plain(move.domain)}** moved {word}: {plain(move.then)} → {plain(move.now)}  \n"
            f":small[{plain(move.rubric)}, since {day(move.held_then)}]"
        )


def _promises(principal: Principal, who: Partnership) -> None:
    promised = ratings.promises(installation.store(), principal, who.code)
    if not promised:
        return
    st.subheader("What we promised", anchor=False)
    for promise in promised:
        step = promise.draft.next_step
        by = ", ".join(part for part in (plain(step.owner), f"by {day(step.due)}" if step.due else "") if part)
        st.markdown(f":material/flag: {plain(step.text)}" + (f"  \n:small[{by}]" if by else ""))


def network(principal: Principal) -> None:
    """The network at a glance, for its staff."""
    store = installation.store()
    partnerships = networks.partnerships(store, principal)
    convenings = networks.convenings(store, principal)
    versions = rubrics.latest(store, principal)
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
    _levels(principal, convenings)
    st.divider()
    rated = movement.who_has_rated(frame, partnerships, versions, convenings, figure_view.mode())
    figure_view.show(rated, Asked("who-rated"))


def _levels(principal: Principal, convenings: tuple[Convening, ...]) -> None:
    left, right = st.columns([3, 2], vertical_alignment="bottom")
    with left:
        version = choose.rubric(principal)
    with right:
        population = _population()
    if version is not None:
        _network_figure(principal, version, convenings, population)


def _population() -> Population:
    return Population(choose.one("Whose ratings", {p.value: words for p, words in POPULATIONS.items()}, "whose"))


def _network_figure(
    principal: Principal, version: RubricVersion, convenings: tuple[Convening, ...], population: Population
) -> None:
    frame = caches.frame(principal)
    if population is Population.SAME and not movement.has_same_sites(frame, version, convenings):
        st.info("Nobody rated at both the first and the last of these convenings: all who rated are shown.")
        population = Population.ALL
    moves = movement.network_moves(frame, version, convenings)
    if moves:
        st.markdown(f":material/stairs_2: {plain(moves)}")
    figure = movement.network_levels(frame, version, convenings, population, figure_view.mode())
    figure_view.show(figure, Asked("levels", {"rubric": version.rubric.code, "whose": population.value}))
