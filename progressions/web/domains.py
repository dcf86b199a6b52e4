"""Going from domain to domain on a screen that shows one at a time: which is open, their numbers, and the steps."""

from collections.abc import Mapping, Sequence
from typing import Literal

import streamlit as st

from progressions.web import session

DOMAIN = "domain"  # the parameter in the address that says which domain is open
DONE = "✓"


def opened(place: str, codes: Sequence[str], start: str) -> str:
    """The domain in the address; at first sight ``start``. ``place`` says of what: each keeps its own.

    It is written into the address once, so that a restarted server finds it; a page that is led back to an address
    without it keeps the domain that it has open.
    """
    asked, known = st.query_params.get(DOMAIN, ""), session.open_domain(place)
    current = next((code for code in (asked, known) if code in codes), start)
    session.remember_open_domain(place, current)
    if asked not in codes and known not in codes:
        st.query_params[DOMAIN] = current
    return current


def leave(place: str) -> None:
    """Leaves the open domain: what is drawn next begins where it would at first sight."""
    session.remember_open_domain(place, "")
    st.query_params.pop(DOMAIN, None)


def picker(
    place: str, codes: Sequence[str], current: str, marks: Mapping[str, str], numbers: Mapping[str, int] | None = None
) -> None:
    """The domains by number, each with its mark where it has one; ``numbers`` where another order gave them."""
    chosen = st.pills(
        "Domain",
        codes,
        default=current,
        required=True,
        format_func=lambda code: f"{(numbers or {}).get(code, codes.index(code) + 1)} {marks.get(code, '')}".rstrip(),
        key=f"domain-{place}-{current}",
        label_visibility="collapsed",
        width="content",
    )
    if chosen and chosen != current:
        go_to(chosen)


def steps(codes: Sequence[str], current: str, *, leads_on: bool = True) -> None:
    """To the domain before and to the one after; ``leads_on`` says that the latter is what is expected next."""
    here = codes.index(current)
    with st.container(horizontal=True, vertical_alignment="center", key="steps"):
        if st.button("Previous", icon=":material/arrow_back:", disabled=here == 0, key="previous"):
            go_to(codes[here - 1])
        kind: Literal["primary", "secondary"] = "primary" if leads_on else "secondary"
        if st.button("Next domain", type=kind, disabled=here == len(codes) - 1, key="next"):
            go_to(codes[here + 1])


def go_to(code: str) -> None:
    """Opens another domain."""
    st.query_params[DOMAIN] = code
    again()


def again() -> None:
    """Runs this part of the page once more. The first press after a restart runs the whole page, which then follows."""
    st.rerun(scope="fragment" if session.runs_a_fragment() else "app")
