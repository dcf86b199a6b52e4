"""Home: where my partnership stands; for staff, the network at a glance."""

import streamlit as st

from progressions.permissions import can_export_network, can_take_partnership
from progressions.web import choose, empty, guard, home
from progressions.web.wording import plain

principal = guard.signed_in()

heading = st.container()
partnership = choose.partnership(principal, everybody="The whole network", in_heading=True)
heading.title(plain(partnership.title if partnership else principal.network.title), anchor=False)
if partnership is not None:
    home.partnership(principal, partnership)
elif principal.is_staff:
    home.network(principal)
else:
    empty.no_partnerships(principal)
with st.container(horizontal=True):
    if partnership is not None and can_take_partnership(principal, partnership.code):
        home.take_along(partnership)
    if can_export_network(principal):
        st.link_button("All ratings (.xlsx)", "/download/ratings.xlsx", icon=":material/download:")
        st.link_button("The same, a row a convening", "/download/ratings.xlsx?layout=wide", icon=":material/download:")
        st.link_button("All ratings (.csv)", "/download/ratings.csv", icon=":material/download:")
