"""The network as a whole: over time, who moved, who has rated."""

from functools import cache, partial
from typing import TYPE_CHECKING

import streamlit as st

from progressions.charts.heat import PICKED
from progressions.charts.transitions import CELL
from progressions.measures.kinds import Population
from progressions.people import Partnership
from progressions.ratings import Convening, at_convening
from progressions.rubric import RubricVersion
from progressions.services import compare, network_coverage, rubrics
from progressions.services.pictures import Asked
from progressions.web import caches, choose, figure_view, installation
from progressions.web.compare_desk import DOMAIN, Desk, between, days_of, link_to_movement, some_domain
from progressions.web.wording import count, plain

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

WHOSE, IN_CELL = "whose", "cell"
POPULATIONS = {
    Population.SAME: "Same sites at the first and last convening",
    Population.ALL: "All who rated",
}
MOST_NAMED = 300
"""Rows of a table of partnerships: with more of them a page takes seconds to lay out."""


def over_time(desk: Desk) -> None:
    """How the network's ratings spread over the levels, convening by convening."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        domain = some_domain(desk)
        has_same = _has_same(desk, domain)
        population = _population(has_same)
    if not has_same:
        st.info("Nobody rated at both the first and the last convening on the same words: all who rated are shown.")
    asked = Asked("levels", {**desk.of, WHOSE: population.value, **_of_domain(domain)})
    what = (desk.frame, desk.version, desk.rated, population)
    figure = figure_view.made(desk.principal, asked, desk.at, lambda mode: compare.network_levels(*what, mode, domain))
    figure_view.show(figure)


def _has_same(desk: Desk, domain: str) -> bool:
    def make() -> bool:
        return compare.has_same_sites(desk.frame, desk.version, desk.rated, domain)

    return caches.of_network(desk.principal, f"same sites {domain}".rstrip(), desk.at, make)


def _population(has_same: bool) -> Population:
    """Whose ratings are shown: without the same sites only all are offered, and the address keeps what was chosen."""
    offered = {p.value: words for p, words in POPULATIONS.items() if has_same or p is not Population.SAME}
    return Population(choose.one("Whose ratings", offered, WHOSE))


def _of_domain(domain: str) -> dict[str, str]:
    return {DOMAIN: domain} if domain else {}


def who_moved(desk: Desk) -> None:
    """The matrix of levels then and now; a click on a cell, or the picker, tells who is in it."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        domain = some_domain(desk)
        when = between(desk)
    if when.then is None:
        _nothing_before(desk, when.now)
        return
    moved = cache(partial(compare.moved, desk.frame, desk.version, when, domain))  # only where it is not known any more
    asked, what = Asked("who-moved", {**desk.of, **days_of(when), **_of_domain(domain)}), (desk.version, when, domain)
    figure = figure_view.made(desk.principal, asked, desk.at, lambda mode: compare.who_moved(moved(), *what, mode))
    name = f"cells {when.since} {when.now.held_on} {domain}"
    found = caches.of_network(desk.principal, name, desk.at, lambda: compare.cells(moved(), desk.version))
    picked = figure_view.show(figure, PICKED).get(CELL, "")
    if picked in {cell.name for cell in found}:
        figure_view.use_up("who-moved")
        st.query_params[IN_CELL] = picked
        st.rerun()
    if found:
        _who_is_in(desk, moved, found, domain)


def _nothing_before(desk: Desk, first: Convening) -> None:
    told = f"This rubric was first rated {plain(at_convening(first.label))}"
    what = ": choose a later convening." if len(desk.rated) > 1 else " and not since. A movement needs two convenings."
    st.info(f"{told}{what}", icon=":material/stairs_2:")


def _who_is_in(desk: Desk, moved: "Callable[[], pd.DataFrame]", found: tuple[compare.Cell, ...], domain: str) -> None:
    """Who is in one of the cells, by name: a click opens the line of the domain that was chosen, or all domains."""
    labels = {cell.name: f"{cell.then} → {cell.now}: {cell.count:,}" for cell in found}
    chosen = choose.one_or_none("Who went from … to …", labels, IN_CELL, "Choose, or click a cell")
    if chosen not in labels:
        return
    there = compare.in_cell(moved(), desk.partnerships, desk.version, chosen)
    rows = [
        {"Partnership": link_to_movement(desk, who, plain(who.title), domain), "Domains": _listed(titles)}
        for who, titles in list(there.items())[:MOST_NAMED]
    ]
    st.markdown(f"**{count(len(there), 'partnership')}**" + _first(len(there)))
    st.table(rows, hide_index=True, border="horizontal")


def _first(partnerships: int) -> str:
    return f"; the first {MOST_NAMED} by name" if partnerships > MOST_NAMED else ""


def coverage(desk: Desk) -> None:
    """Who has rated how much at each convening, and what is missing at one of them: all rubrics together, as they were
    then."""
    store, frame = installation.store(), caches.frame(desk.principal)
    every = caches.of_network(desk.principal, "every version", desk.at, lambda: rubrics.every(store, desk.principal))
    what = (frame, desk.partnerships, every, desk.convenings)
    figure = figure_view.made(
        desk.principal, Asked("who-rated"), desk.at, lambda mode: network_coverage.who_has_rated(*what, mode)
    )
    st.markdown("All rubrics together, as far as they were published by the day of a convening or rated there.")
    figure_view.show(figure)
    st.subheader("What is missing", anchor=False)
    by_day = {c.held_on.isoformat(): c for c in desk.convenings[::-1]}
    chosen = by_day[choose.one("Convening", {day: c.label for day, c in by_day.items()}, choose.CONVENING)]

    def missing() -> tuple[tuple[RubricVersion, ...], dict[Partnership, tuple[str, ...]]]:
        versions = network_coverage.asked_at(frame, every, chosen)
        return versions, network_coverage.not_rated(frame, desk.partnerships, versions, chosen)

    versions, gaps = caches.of_network(desk.principal, f"missing {chosen.held_on}", desk.at, missing)
    done = len(desk.partnerships) - len(gaps)
    when = plain(at_convening(chosen.label))
    left_out = plain(network_coverage.not_asked_at(every, versions))
    st.markdown(f"{done:,} of {count(len(desk.partnerships), 'partnership')} rated every domain {when}{left_out}.")
    if gaps:
        _missing(gaps, versions)
        figure_view.downloads(Asked("not-rated", {choose.CONVENING: chosen.held_on.isoformat()}))


def _missing(gaps: dict[Partnership, tuple[str, ...]], versions: tuple[RubricVersion, ...]) -> None:
    whole = sum(len(version.rubric.domains) for version in versions)
    rows = [
        {
            "Partnership": plain(who.title),
            "Not rated": f"{len(titles)} of {whole}",
            "Domains": "every domain" if len(titles) == whole else _listed(titles),
        }
        for who, titles in list(gaps.items())[:MOST_NAMED]
    ]
    if len(gaps) > MOST_NAMED:
        st.markdown(f"{count(len(gaps), 'partnership')} with something missing{_first(len(gaps))}:")
    st.table(rows, hide_index=True, border="horizontal")


def _listed(titles: tuple[str, ...]) -> str:
    return ", ".join(map(plain, titles))
