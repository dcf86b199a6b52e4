"""The menu: one place that knows every screen, its file, its address, and who may open it."""

from collections.abc import Callable, Mapping

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from progressions.people import Principal
from progressions.permissions import can_change_settings, can_import_ratings, can_manage_people
from progressions.settings import PROJECT

PAGES = PROJECT / "pages"

HOME = "home"
ASSESS = "self-assess"
MOVEMENT = "movement"
IMPORT = "import"
RUBRICS = "rubrics"
PEOPLE = "people"
NETWORK = "network"

CARRIED = ("partnership", "rubric", "convening")
"""What a choice on one screen means on the others too: the names in the address."""

SCREENS = {
    HOME: ("home.py", "Home", ":material/home:"),
    ASSESS: ("self_assess.py", "Self-assess", ":material/checklist:"),
    MOVEMENT: ("movement.py", "Movement", ":material/stairs_2:"),
    IMPORT: ("import_ratings.py", "Import", ":material/upload_file:"),
    RUBRICS: ("rubrics.py", "Rubrics", ":material/menu_book:"),
    PEOPLE: ("people.py", "People", ":material/group:"),
    NETWORK: ("network.py", "Network", ":material/hub:"),
}

OPEN_TO: Mapping[str, Callable[[Principal], bool]] = {
    IMPORT: can_import_ratings,
    PEOPLE: can_manage_people,
    NETWORK: can_change_settings,
}
"""Whom a screen is for, where it is not for everybody."""


def page(name: str) -> StreamlitPage:
    """The page of this name, for navigation and for links."""
    file, title, icon = SCREENS[name]
    return st.Page(PAGES / file, title=title, icon=icon, url_path=name, default=name == HOME)


def asked_for() -> StreamlitPage:
    """The page that the address asks for. Every screen has its address for everybody: its guard says who may see it."""
    return st.navigation([page(name) for name in SCREENS], position="hidden")


def menu(principal: Principal) -> None:
    """The screens that this person may open. Each link takes along what is chosen: whose, which rubric, when."""
    chosen = {name: st.query_params[name] for name in CARRIED if name in st.query_params}
    with st.container(horizontal=True, key="menu", gap="small"):
        for name in SCREENS:
            if name not in OPEN_TO or OPEN_TO[name](principal):
                st.page_link(page(name), query_params=chosen)
