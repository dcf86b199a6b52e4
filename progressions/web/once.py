"""A button for what takes a while: while it is being done it cannot be pressed again."""

import streamlit as st

from progressions.web import session


def button(title: str, key: str) -> bool:
    """Draws the button; True in the one run that is to do what it says, in which it is drawn as pressed."""
    note = f"pressed-{key}"
    pressed = bool(session.take(note))
    st.button(title, type="primary", key=key, disabled=pressed, on_click=session.leave, args=(note, True))
    return pressed
