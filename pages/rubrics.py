"""Rubrics: read them, take the workbook home, publish the network's own wording."""

import streamlit as st

from progressions.permissions import can_publish_rubric
from progressions.web import choose, empty, guard, rubric_view

principal = guard.signed_in()

st.title("Rubrics", anchor=False)
version = choose.rubric(principal)
if version is None:
    empty.no_rubrics(principal)
else:
    rubric_view.whose_words(version)
    st.link_button("Download the workbook", "/download/rubrics.xlsx", icon=":material/download:")
if can_publish_rubric(principal):
    with st.expander("Publish your network's own wording", icon=":material/upload_file:", expanded=version is None):
        rubric_view.publish(principal)
if version is not None:
    rubric_view.read(version)
