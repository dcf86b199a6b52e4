"""A page with one spread, which its address names."""

import streamlit as st

from progressions.web import chrome
from progressions.web.dots import dots
from tests.web.dotted.spreads import CASES

st.set_page_config(page_title="Dots", layout="wide")
chrome.style()
drawn, names, agreed = CASES[st.query_params["of"]]
dots(drawn, names, agreed=agreed)
