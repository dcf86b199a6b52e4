"""What the views of Compare have in common: what they are made of, and the pickers that they share."""

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlencode

import streamlit as st

from progressions.people import Partnership, Principal
from progressions.ratings import Convening
from progressions.rubric import RubricVersion
from progressions.services.compare import Between
from progressions.web import caches, choose, navigation

if TYPE_CHECKING:
    import pandas as pd

THEN, DOMAIN = "then", "domain"
BACK = "back"  # in Movement's address: the one of Compare from which a click led there
EVERY_DOMAIN = " "  # no code: those of files come without spaces at their ends


@dataclass(frozen=True, slots=True)
class Desk:
    """Whose network, which rubric, and what there is of it: ``frame`` are its ratings, ``rated`` the convenings at
    which anybody rated it.

    ``at`` is the moment since which all of it was read.
    """

    principal: Principal
    version: RubricVersion
    frame: "pd.DataFrame"
    partnerships: tuple[Partnership, ...]
    convenings: tuple[Convening, ...]
    rated: tuple[Convening, ...]
    at: caches.Moment

    @property
    def of(self) -> dict[str, str]:
        """The beginning of a figure's address."""
        return {choose.RUBRIC: self.version.rubric.code}

    def partnership(self, code: str) -> Partnership | None:
        """The partnership with this code; None where there is none, as in an address or a message of somebody's own."""
        return next((p for p in self.partnerships if p.code == code), None)


def between(desk: Desk) -> Between:
    """A convening and an earlier one; no earlier one where there is none."""
    now = choose.one("Convening", _labels(desk.rated[::-1]), choose.CONVENING)
    earlier = [c for c in desk.rated if c.held_on.isoformat() < now]
    then = choose.one("Moved since", _labels(earlier[::-1]), THEN) if earlier else ""
    by_day = {c.held_on.isoformat(): c for c in desk.rated}
    return Between(by_day[now], by_day.get(then))


def days_of(between: Between) -> dict[str, str]:
    """Both as an address has them."""
    then = {THEN: between.then.held_on.isoformat()} if between.then else {}
    return {choose.CONVENING: between.now.held_on.isoformat(), **then}


def some_domain(desk: Desk) -> str:
    """The code of a domain of the rubric, "" for all of them."""
    titles = {domain.code: domain.title for domain in desk.version.rubric.domains}
    return choose.one("Domain", {EVERY_DOMAIN: "All domains", **titles}, DOMAIN).strip()


def _labels(convenings: "tuple[Convening, ...] | list[Convening]") -> dict[str, str]:
    return {c.held_on.isoformat(): c.label for c in convenings}


def movement_of(desk: Desk, partnership: Partnership, domain: str = "") -> dict[str, str]:
    """The address of a partnership's Movement, or of one domain's line there."""
    view = {"view": "one", DOMAIN: domain} if domain else {}
    return {choose.PARTNERSHIP: partnership.code, **desk.of, **view}


def link_to_movement(desk: Desk, partnership: Partnership, title: str, domain: str = "") -> str:
    """Markdown for a table, to the line of a domain where there is one; ``title`` is escaped already."""
    return f"[{title}](/{navigation.MOVEMENT}?{urlencode(movement_of(desk, partnership, domain))})"


def open_movement(desk: Desk, partnership: Partnership, domain: str = "") -> None:
    """Leaves this page for that partnership's Movement. What is chosen here comes along, for ``come_back``."""
    here = {name: st.query_params.get_all(name) for name in st.query_params}
    address = {**movement_of(desk, partnership, domain), BACK: urlencode(here, doseq=True)}
    st.switch_page(navigation.page(navigation.MOVEMENT), query_params=address)


def come_back() -> None:
    """Chooses again what was chosen here before ``open_movement``.

    A switch to another page first writes that page's address under the name of this one, as a step of the back button,
    where the partnership, view and domain that are meant for Movement would be taken for choices made here. In a run
    that the back button began an address is written over, not added, so that no step is lost or won.
    """
    if BACK not in st.query_params:
        return
    before = parse_qs(st.query_params[BACK])
    st.query_params.from_dict({name: said for name, said in before.items() if not _is_not_ours(name)})


def _is_not_ours(name: str) -> bool:
    """Whether the name is never a choice of Compare; Streamlit refuses to set those that embed a page."""
    return name == BACK or name.lower() in ("embed", "embed_options")
