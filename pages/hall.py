"""Hall: every session of one convening at once, for network staff and for the stage."""

import streamlit as st

from progressions.web import choose, empty, guard, hall_view, roles_view

principal = guard.staff()

with st.container(horizontal=True, vertical_alignment="bottom", key="hall-top"):
    st.title("Hall", anchor=False, width="content")
    convening = choose.convening(principal)
    view = hall_view.view()

if convening is None:
    empty.no_convenings(principal)
elif view == hall_view.ROLES:
    roles_view.draw(principal, convening)
else:
    hall_view.draw(convening, view)
