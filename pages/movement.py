"""Movement: how a partnership has moved across the levels."""

import streamlit as st

from progressions.web import choose, empty, guard, movement_view

principal = guard.signed_in()

st.title("Movement", anchor=False)
with st.container(horizontal=True, vertical_alignment="bottom"):
    partnership = choose.partnership(principal)
    rubric = choose.rubric(principal)
view = movement_view.view(principal)
if partnership is None:
    empty.no_partnerships(principal)
elif rubric is None:
    empty.no_rubrics(principal)
elif not movement_view.has_begun(principal, partnership):
    empty.no_ratings(principal)
else:
    movement_view.draw(principal, partnership, rubric, view)
