"""The floor: the least that a Streamlit page with one question can be. No storage, no guard, no fragment."""

import streamlit as st

LEVELS = (
    "Exploring change ideas",
    "Small change implementation",
    "Integrating improvement science / NICs into core work",
    "Institutionalizing and sustaining the work",
)

if __name__ == "__main__":
    st.radio("Level", LEVELS, index=None)
