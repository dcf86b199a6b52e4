"""Self-assess: one partnership, one convening, one rubric."""

import streamlit as st

from progressions.web import assess, choose, empty, guard, rubric_view

principal = guard.signed_in()

st.title("Self-assess", anchor=False)
with st.container(horizontal=True, vertical_alignment="bottom"):
    partnership = choose.partnership(principal)
    convening = choose.convening(principal)
    rubric = choose.rubric(principal)

if partnership is None:
    empty.no_partnerships(principal)
elif rubric is None:
    empty.no_rubrics(principal)
elif convening is None:
    empty.no_convenings(principal)
else:
    assess.panel(partnership.code, convening.held_on, rubric.rubric.code)
    rubric_view.whose_words(rubric)
if partnership is not None:
    empty.additions(principal, expanded=convening is None)
