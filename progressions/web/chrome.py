"""What surrounds every page: the style sheet, the notice of invented data, who is here, the network being looked at."""

from collections.abc import Mapping
from pathlib import Path

import streamlit as st

from progressions.clock import utc_now
from progressions.errors import UserError
from progressions.people import EXAMPLE_NOTE, Network, Principal
from progressions.permissions import can_start_network
from progressions.services import networks, sign_in
from progressions.web import choose, guard, installation, say, session
from progressions.web.wording import plain

STYLE = Path(__file__).parent / "style.css"
ACCOUNT_LINK = '<a href="/account" style="color: inherit">Your account, sign out</a>'
"""Streamlit's own links open another tab."""

ICON = str(Path(__file__).parent / "icon.png")


def style() -> None:
    """Adds our style sheet: one file, no markup."""
    st.html(STYLE)


def frame(principal: Principal) -> None:
    """The side bar with the person's own matters, and the notice above every page of invented data."""
    mine = {network.code: network for network in sign_in.networks_of(installation.store(), principal)}
    titles = choose.unique({code: network.title for code, network in mine.items()})
    with st.sidebar:
        st.markdown(f"**{plain(titles.get(principal.network.code, principal.network.title))}**")
        _network_picker(principal, mine, titles)
        st.caption(f"Signed in as {plain(principal.name)}")
        st.html(ACCOUNT_LINK)
        if can_start_network(principal):
            _start_network(principal)
    if principal.network.is_example:
        with st.container(key="example-notice"):
            st.caption(f":material/science: {EXAMPLE_NOTE}")


def _network_picker(principal: Principal, mine: Mapping[str, Network], titles: Mapping[str, str]) -> None:
    if len(mine) < 2:
        return
    codes = list(mine)
    chosen = st.selectbox(
        "Network",
        codes,
        index=codes.index(principal.network.code),
        format_func=titles.__getitem__,
        key=f"network-{principal.network.id}",
    )
    if chosen != principal.network.code:
        _go_to(principal, mine[chosen])


def _go_to(principal: Principal, network: Network) -> None:
    sign_in.look_at(installation.store(), guard.session_token(), principal, network, utc_now())
    session.turns()
    st.query_params.clear()
    st.rerun()


def _start_network(principal: Principal) -> None:
    with st.expander("Start your own network"):
        title = st.text_input("Name of the network", max_chars=networks.LONGEST_TITLE)
        st.caption(
            "You will be its staff too. What lets you in until now, a code or a linked account, ends with it: "
            "make yourself a new code on *People*."
        )
        if not st.button("Start it", type="primary"):
            return
        try:
            network = networks.start_network(installation.store(), principal, title, utc_now(), guard.session_token())
        except UserError as problem:
            say.refused(problem)
            return
        _go_to(principal, network)
