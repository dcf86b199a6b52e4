"""A page as large as one domain on a phone. With `?follow=1` its fragment follows the topic."""

import streamlit as st

from progressions.web import push
from tests.load.hall.floor import LEVELS
from tests.load.hall.reveal import topics

DESCRIPTOR = "What is done at this level, in as many words as the rubric needs to say it to people who know the work. "


@st.fragment(run_every=push.ON_WAKING)
def domain(number: int, follows: bool) -> None:
    seen = topics.REVISIONS["hall"]
    if follows:
        push.follow("hall", seen)
    st.markdown(f"Domain {number}. {topics.text()}")
    st.markdown(DESCRIPTOR)
    st.radio(f"Level {number}", LEVELS, captions=[DESCRIPTOR] * 4, index=None)
    st.markdown("Saved")
    st.button("Back", key=f"back{number}")
    st.button("Next", key=f"next{number}")


domain(1, st.query_params.get("follow") == "1")
