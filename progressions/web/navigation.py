"""The menu: one place that knows every screen, its file, its address, and who may open it."""

from collections.abc import Callable, Mapping
from urllib.parse import urlsplit

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from progressions.people import Principal
from progressions.permissions import (
    can_change_settings,
    can_import_ratings,
    can_manage_people,
    can_run_session,
    can_see_hall,
    can_see_network,
    can_vote,
)
from progressions.settings import PROJECT

PAGES = PROJECT / "pages"

HOME = "home"
ASSESS = "self-assess"
SESSION = "session"
HALL = "hall"
MOVEMENT = "movement"
COMPARE = "compare"
IMPORT = "import"
RUBRICS = "rubrics"
PEOPLE = "people"
NETWORK = "network"
VOTE = "vote"

CARRIED = ("partnership", "rubric", "convening")
"""What a choice on one screen means on the others too: the names in the address."""

SCREENS = {
    HOME: ("home.py", "Home", ":material/home:"),
    ASSESS: ("self_assess.py", "Self-assess", ":material/checklist:"),
    SESSION: ("session.py", "Session", ":material/groups:"),
    HALL: ("hall.py", "Hall", ":material/stadium:"),
    MOVEMENT: ("movement.py", "Movement", ":material/stairs_2:"),
    COMPARE: ("compare.py", "Compare", ":material/table_view:"),
    IMPORT: ("import_ratings.py", "Import", ":material/upload_file:"),
    RUBRICS: ("rubrics.py", "Rubrics", ":material/menu_book:"),
    PEOPLE: ("people.py", "People", ":material/group:"),
    NETWORK: ("network.py", "Network", ":material/hub:"),
    VOTE: ("vote.py", "Vote", ":material/how_to_vote:"),
}

OPEN_TO: Mapping[str, Callable[[Principal], bool]] = {
    SESSION: lambda principal: can_run_session(principal, principal.partnership),
    HALL: can_see_hall,
    VOTE: can_vote,
    COMPARE: can_see_network,
    IMPORT: can_import_ratings,
    PEOPLE: can_manage_people,
    NETWORK: can_change_settings,
}
"""Whom a screen is for, where it is not for everybody."""


def page(name: str) -> StreamlitPage:
    """The page of this name, for navigation and for links."""
    file, title, icon = SCREENS[name]
    return st.Page(PAGES / file, title=title, icon=icon, url_path=name, default=name == HOME)


def asked_for(principal: Principal | None) -> StreamlitPage:
    """The page that the address asks for. Every screen has its address for everybody: its guard says who may see it.

    But the phone of somebody who votes is not told of the others: every message of a run would name them again.
    """
    votes_only = principal is None and urlsplit(st.context.url or "").path.rstrip("/").endswith(f"/{VOTE}")
    names = (HOME, VOTE) if votes_only else SCREENS
    return st.navigation([page(name) for name in names], position="hidden")


def menu(principal: Principal) -> None:
    """The screens that this person may open. Each link takes along what is chosen: whose, which rubric, when."""
    chosen = {name: st.query_params[name] for name in CARRIED if name in st.query_params}
    with st.container(horizontal=True, key="menu", gap="small"):
        for name in SCREENS:
            if name not in OPEN_TO or OPEN_TO[name](principal):
                st.page_link(page(name), query_params=chosen)
