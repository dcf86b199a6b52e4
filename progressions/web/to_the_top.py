"""One line of script, the only one of ours: another domain begins at its top, also on a phone that had scrolled down.

Streamlit keeps a page where it was scrolled to, and offers nothing against it. The text of the script never varies, no
stored text is near it, and the security policy admits exactly this text by its hash (see ``headers``).
"""

import re

import streamlit as st

from progressions.web import session

SCRIPT = 'document.querySelector("[data-testid=stMain]").scrollTo(0, 0)'
PLACE = "place"
CODE = re.compile(r"[^A-Za-z0-9_-]")


def of(place: str) -> None:
    """Scrolls to the top when ``place`` is another than before; only its letters and digits are used."""
    if session.recall(PLACE) == place:
        return
    session.remember(PLACE, place)
    st.html(f'<i id="top-{CODE.sub("-", place)}"></i><script>{SCRIPT}</script>', unsafe_allow_javascript=True)
