"""What the staff of a network decide for it, as a screen. A choice counts once it is confirmed with its button."""

import streamlit as st

from progressions.clock import utc_now
from progressions.errors import UserError
from progressions.people import LEAST_OTHERS, Network, PeerView, Principal
from progressions.services import settings_of_networks
from progressions.services.networks import LONGEST_TITLE
from progressions.services.settings_of_networks import MOST_OTHERS
from progressions.web import installation, say, session
from progressions.web.wording import plain

NAMES = {
    PeerView.NAMES: "Names",
    PeerView.COUNTS: "Counts without names",
    PeerView.BANDS: "Bands",
    PeerView.NOTHING: "Nothing",
}
MEANS = {
    PeerView.NAMES: "Which partnership stands at which level. Evidence and next steps stay with their partnership.",
    PeerView.COUNTS: "How many partnerships stand at each level, never which. Where all of them stand at one level, "
    "the counts show it.",
    PeerView.BANDS: "Only whether fewer than a third, about a third to two thirds, or more than two thirds of the "
    "others stand in the upper half of the levels. Nobody's level can be told from it.",
    PeerView.NOTHING: "Members see their own partnership alone.",
}
SAVED = "network-saved"


def settings(principal: Principal) -> None:
    """What members see of peers, and the network's name; each with its own button."""
    saved = session.take(SAVED)
    if saved:
        st.success(saved, icon=":material/check_circle:")
    left, right = st.columns([3, 2], gap="large")
    with left:
        st.subheader("What members see of peers", anchor=False)
        _peers(principal)
    with right:
        st.subheader("The network's name", anchor=False)
        _name(principal)


def _peers(principal: Principal) -> None:
    network, views = principal.network, list(PeerView)
    st.markdown("Network staff always see every partnership by name. Members of a partnership see of the others:")
    # The stored values are in the keys: once saved, the widgets are new ones that show what is stored.
    key = f"{network.id}-{network.peer_view}-{network.least_others}"
    chosen = st.radio(
        "What members see of peers",
        views,
        index=views.index(network.peer_view),
        format_func=NAMES.__getitem__,
        captions=[MEANS[view] for view in views],
        key=f"peer-view-{key}",
        label_visibility="collapsed",
    )
    least = st.number_input(
        "Only where at least so many other partnerships have rated",
        LEAST_OTHERS,
        MOST_OTHERS,
        network.least_others,
        key=f"least-others-{key}",
        help=f"Never fewer than {LEAST_OTHERS}: with fewer, members could tell who is meant.",
        width=320,
    )
    if st.button("Save what members see", type="primary", key="save-peers"):
        _save_peers(principal, chosen, int(least))


def _save_peers(principal: Principal, view: PeerView, least: int) -> None:
    try:
        stored = settings_of_networks.change_peer_view(installation.store(), principal, view, least, utc_now())
    except UserError as problem:
        say.refused(problem, "Not saved. ")
        return
    session.leave(SAVED, f"Saved. {_sentence(stored)}")
    st.rerun()


def _sentence(network: Network) -> str:
    """What is stored now, in words."""
    if network.peer_view is PeerView.NOTHING:
        return "Members see nothing of peers."
    seen = NAMES[network.peer_view].lower()
    return f"Members see {seen} of peers, where at least {network.least_others} others have rated."


def _name(principal: Principal) -> None:
    title = principal.network.title
    asked = st.text_input("Name", title, max_chars=LONGEST_TITLE, key=f"title-{title}", label_visibility="collapsed")
    if not st.button("Save the name", key="save-title"):
        return
    try:
        stored = settings_of_networks.rename(installation.store(), principal, asked or "", utc_now())
    except UserError as problem:
        say.refused(problem, "Not saved. ")
        return
    session.leave(SAVED, f"Saved. The network is called {plain(stored.title)}.")
    st.rerun()
