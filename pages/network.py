"""Network: what its staff decide for it, and the record of who did what."""

import streamlit as st

from progressions.web import guard, network_view, peer_sets_view, record_view

principal = guard.staff()

st.title("Network", anchor=False)
network_view.settings(principal)
peer_sets_view.sets(principal)
st.subheader("The record", anchor=False)
st.markdown("Who did what, when and from where. Lines are only ever added: nobody can change or remove one.")
record_view.lines(record_view.everybody(principal))
with st.container(horizontal=True):
    st.link_button("The whole record (.xlsx)", "/download/record.xlsx", icon=":material/download:")
    st.link_button("The whole record (.csv)", "/download/record.csv", icon=":material/download:")
