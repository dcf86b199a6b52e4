"""The menu: one place that knows every screen, its file, its address, and who may open it."""

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from progressions.people import Principal
from progressions.permissions import can_import_ratings
from progressions.settings import PROJECT

PAGES = PROJECT / "pages"

HOME = "home"
ASSESS = "self-assess"
MOVEMENT = "movement"
IMPORT = "import"
RUBRICS = "rubrics"

SCREENS = {
    HOME: ("home.py", "Home", ":material/home:"),
    ASSESS: ("self_assess.py", "Self-assess", ":material/checklist:"),
    MOVEMENT: ("movement.py", "Movement", ":material/stairs_2:"),
    IMPORT: ("import_ratings.py", "Import", ":material/upload_file:"),
    RUBRICS: ("rubrics.py", "Rubrics", ":material/menu_book:"),
}


def page(name: str) -> StreamlitPage:
    """The page of this name, for the menu and for links."""
    file, title, icon = SCREENS[name]
    return st.Page(PAGES / file, title=title, icon=icon, url_path=name, default=name == HOME)


def menu(principal: Principal | None) -> StreamlitPage:
    """Draws the menu with the screens that this person may open, and returns the one that is asked for."""
    if principal is None:
        return st.navigation([page(HOME)], position="hidden")
    names = [HOME, ASSESS, MOVEMENT, RUBRICS]
    if can_import_ratings(principal):
        names.insert(3, IMPORT)
    return st.navigation([page(name) for name in names], position="top")
