"""Session: one partnership together at one convening, led by its facilitator."""

import streamlit as st

from progressions.web import choose, empty, guard, session_panel

principal = guard.signed_in()

session_panel.only_who_may(principal)
with st.container(horizontal=True, vertical_alignment="bottom", key="session-top"):
    st.title("Session", anchor=False, width="content")
    partnership = choose.partnership(principal)
    convening = choose.convening(principal)

if partnership is None:
    empty.no_partnerships(principal)
elif convening is None:
    empty.no_convenings(principal)
else:
    session_panel.panel(partnership.code, convening.held_on)
if partnership is not None and convening is None:
    empty.additions(principal, expanded=True)
