"""Peer sets as a screen: staff make them once and for all, and take them away."""

import streamlit as st

from progressions.clock import utc_now
from progressions.errors import UserError
from progressions.people import PeerSet, Principal
from progressions.services import networks, peer_sets
from progressions.services.networks import LONGEST_TITLE
from progressions.web import installation, say, session
from progressions.web.wording import count, plain

SAVED = "peer-set-saved"


def sets(principal: Principal) -> None:
    """The sets that stand, and a form for a new one."""
    st.subheader("Peer sets", anchor=False)
    st.markdown(
        "A set is a choice of partnerships that one looks at together, for example “large urban”: *Movement*, *Peers* "
        "offers it. Whom a set holds never changes; to change it, make a new one. Members may look at a set where "
        "nothing can be read from it, and from its difference to other sets, about fewer than five."
    )
    if saved := session.take(SAVED):
        st.success(saved, icon=":material/check_circle:")
    everybody = {p.code: p.title for p in networks.partnerships(installation.store(), principal)}
    ever_made = peer_sets.all_sets(installation.store(), principal)
    for each in ever_made:
        if each.removed_at is None:
            _row(principal, each, everybody)
    _form(principal, everybody, ever_made)


def _row(principal: Principal, each: PeerSet, everybody: dict[str, str]) -> None:
    with st.container(border=True):
        seen = "members may look at it" if each.is_shown else "for network staff alone"
        st.markdown(f"**{plain(each.title)}** · {count(len(each.partnerships), 'partnership')} · {seen}")
        st.caption("; ".join(plain(everybody[code]) for code in everybody if code in each.partnerships))
        if st.button("Take away", key=f"peer-set-remove-{each.id}", icon=":material/remove:"):
            try:
                peer_sets.remove(installation.store(), principal, each.id, utc_now())
            except UserError as problem:
                say.refused(problem)
                return
            session.leave(SAVED, f"“{plain(each.title)}” was taken away.")
            st.rerun()


def _form(principal: Principal, everybody: dict[str, str], ever_made: tuple[PeerSet, ...]) -> None:
    # How many there are is in the keys: once a set is made, the form is empty again.
    key = len(ever_made)
    title = st.text_input("Name of a new set", max_chars=LONGEST_TITLE, key=f"peer-set-title-{key}")
    chosen = st.multiselect(
        "Its partnerships",
        list(everybody),
        format_func=everybody.__getitem__,
        key=f"peer-set-members-{key}",
    )
    reason = peer_sets.why_not_shown(list(everybody), ever_made, chosen) if chosen else ""
    if reason:
        st.info(f"Members cannot be shown this set. {plain(reason)}", icon=":material/visibility_off:")
    is_shown = st.checkbox(
        "Members may look at it", not reason, disabled=bool(reason), key=f"peer-set-shown-{key}-{reason}"
    )
    if not st.button("Make the set", type="primary", key=f"peer-set-make-{key}"):
        return
    try:
        made = peer_sets.make(
            installation.store(), principal, title or "", chosen, utc_now(), is_shown=bool(is_shown) and not reason
        )
    except UserError as problem:
        say.refused(problem, "Not saved. ")
        return
    session.leave(SAVED, f"Saved: “{plain(made.title)}”.")
    st.rerun()
