"""The sites by name: all of them at one convening, and a few side by side."""

from collections.abc import Sequence

import streamlit as st

from progressions.charts.heat import PICKED
from progressions.measures.sites import SitesBy
from progressions.people import Partnership
from progressions.services import compare
from progressions.services.compare import Between, Order
from progressions.services.pictures import Asked
from progressions.web import caches, choose, figure_view, navigation
from progressions.web.compare_desk import Desk, between, days_of, movement_of, open_movement
from progressions.web.wording import plain

ORDER, SITE, SEVERAL = "order", "site", "sites"


def sites(desk: Desk) -> None:
    """Every site in every domain at one convening, in the reader's order, and one of them to be found."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        when = between(desk)
        is_drawn = compare.are_cells(desk.partnerships)
        order = _order(desk, when) if is_drawn else Order()
        found = _found(desk)
    of = {**desk.of, **days_of(when)}
    if found is not None:
        _one(desk, found, when, of, with_row=not is_drawn)
    what = (desk.frame, desk.partnerships, desk.version, when, order)
    asked = Asked("sites", {**of, ORDER: order.code})
    figure = figure_view.made(desk.principal, asked, desk.at, lambda mode: compare.sites(*what, mode))
    picked = figure_view.show(figure, PICKED if is_drawn else "")
    clicked = desk.partnership(picked.get("partnership", ""))
    if clicked is not None:
        figure_view.use_up("sites")
        open_movement(desk, clicked, _known_domain(desk, picked.get("domain", "")))


def _known_domain(desk: Desk, code: str) -> str:
    return code if code in desk.version.wordings else ""


def _order(desk: Desk, when: Between) -> Order:
    orders, words = compare.orders(desk.version), {SitesBy.TITLE: "By name", SitesBy.MOVED: "Moved since then on top"}
    labels = {
        code: words.get(order.by) or f"By level: {desk.version.rubric.domain(order.domain).title}"
        for code, order in orders.items()
        if order.by is not SitesBy.MOVED or when.then is not None
    }
    return orders[choose.one("Order", labels, ORDER)]


def _found(desk: Desk) -> Partnership | None:
    """A partnership that somebody looks for: by typing, with the keyboard alone too."""
    titles = choose.unique({p.code: p.title for p in desk.partnerships})
    return desk.partnership(choose.one_or_none("Find a partnership", titles, SITE, "Type a part of its name"))


def _one(desk: Desk, who: Partnership, when: Between, of: dict[str, str], *, with_row: bool) -> None:
    st.page_link(
        navigation.page(navigation.MOVEMENT),
        label=f"The movement of {plain(who.title)}",
        icon=":material/arrow_forward:",
        query_params=movement_of(desk, who),
    )
    if with_row:
        asked, what = Asked("site", {**of, choose.PARTNERSHIP: who.code}), (desk.frame, who, desk.version, when)
        figure_view.show(figure_view.made(desk.principal, asked, desk.at, lambda mode: compare.one_site(*what, mode)))


def side_by_side(desk: Desk) -> None:
    """Two to six partnerships over the convenings, and how the rest stand."""
    titles = choose.unique({p.code: p.title for p in desk.partnerships})
    if len(titles) < compare.FEWEST_CHOSEN:
        st.info("There is one partnership: it takes two to put them side by side.", icon=":material/group_add:")
        return
    codes = choose.several("Partnerships, two to six", titles, SEVERAL, _first_two(desk), compare.MOST_CHOSEN)
    if len(codes) < compare.FEWEST_CHOSEN:
        st.info("Choose two to six partnerships.", icon=":material/group_add:")
        return
    chosen = [p for code in codes if (p := desk.partnership(code)) is not None]
    asked, what = Asked("side-by-side", {**desk.of, SEVERAL: joined(codes)}), (desk.frame, chosen)
    figure = figure_view.made(
        desk.principal, asked, desk.at, lambda mode: compare.chosen_sites(*what, desk.version, desk.rated, mode)
    )
    figure_view.show(figure)


def _first_two(desk: Desk) -> list[str]:
    def make() -> list[str]:
        return compare.first_two(desk.frame, desk.partnerships, desk.version, desk.rated)

    return caches.of_network(desk.principal, "first two", desk.at, make)


def joined(codes: Sequence[str]) -> str:
    """Codes as one value of an address: no code holds a line break."""
    return "\n".join(codes)
