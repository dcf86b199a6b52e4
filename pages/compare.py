"""Compare: the network's sites beside one another, for its staff."""

import streamlit as st

from progressions.web import choose, compare_desk, compare_view, empty, guard

principal = guard.staff()
compare_desk.come_back()

st.title("Compare", anchor=False)
with st.container(horizontal=True, vertical_alignment="bottom"):
    rubric = choose.rubric(principal)
    view = compare_view.view()
if rubric is None:
    empty.no_rubrics(principal)
else:
    compare_view.draw(principal, rubric, view)
