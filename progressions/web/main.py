"""The script that Streamlit runs for every visitor: page settings, style, frame, navigation."""

import streamlit as st

from progressions.web import chrome, guard, navigation, session

st.set_page_config(page_title="Progressions", page_icon=chrome.ICON, layout="wide", initial_sidebar_state="collapsed")
chrome.style()
principal = guard.present()
session.belongs_to(principal)
page = navigation.asked_for(principal)
if principal is not None:
    navigation.menu(principal)
    chrome.frame(principal)
if (told := session.lost()) and page.url_path != navigation.VOTE:  # a rater has a seat, and need not be signed in
    st.warning(told, icon=":material/sync_problem:")
page.run()
