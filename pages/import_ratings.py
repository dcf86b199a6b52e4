"""Import: past ratings from a spreadsheet, seen before they are stored."""

import streamlit as st

from progressions.web import guard, import_history, import_view

principal = guard.staff()

st.title("Import past ratings", anchor=False)
st.markdown(
    "Upload the workbook you keep. You will see what would be new, changed and left out, cell by cell, before "
    "anything is stored. Blank cells never erase a rating."
)
import_view.upload(principal)
import_history.kept_mappings(principal)
import_history.draw(principal)
