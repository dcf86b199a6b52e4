"""Two pages. The first holds a fragment that follows a topic, beside what must stay as it is when a push comes."""

import json
import os
import time
from pathlib import Path

import streamlit as st

from progressions.web import push

TOPICS = Path(os.environ["TOPICS_FILE"])
PRESSES = Path(os.environ["PRESSES_FILE"])
SLOW = 2.0  # seconds, in which even a busy machine gets to know that a run has begun


def revision(topic: str) -> int:
    found: int = json.loads(TOPICS.read_text(encoding="utf-8"))[topic]
    return found


def note(what: str) -> None:
    with PRESSES.open("a", encoding="utf-8") as presses:
        presses.write(f"{what}\n")


@st.fragment(run_every=push.ON_WAKING)
def followed() -> None:
    seen = revision("hall")
    if seen < 100:
        push.follow("hall", seen)
    runs = st.session_state.setdefault("runs", {"fragment": 0})
    runs["fragment"] += 1
    st.text_area("Note", key="note")
    inside = st.radio("Inside", ["a", "b", "c", "d"], index=None, key="inside")
    st.markdown(
        f"hall is at {seen}; inside {inside}; outside {st.session_state.get('outside')}; "
        f"at {st.query_params.get('at')}; run {runs['fragment']} of the fragment"
    )
    if st.button("Vote"):
        note("vote")
        st.stop()  # as guards do: a run that ends so leaves the press in place


@st.fragment
def seldom() -> None:
    runs = st.session_state.setdefault("watched", {"runs": 0})
    runs["runs"] += 1
    push.follow("votes", revision("votes"), least_seconds=1.0)
    st.markdown(f"votes are at {revision('votes')}; watched {runs['runs']} times")


@st.fragment
def slow() -> None:
    if st.button("Slow vote"):
        note("slow vote begun")
        time.sleep(SLOW)
        note("slow vote")
    st.markdown("slow fragment")


def first() -> None:
    st.text_input("Outside", key="outside")
    if st.button("Slow page"):
        note("slow page begun")
        time.sleep(SLOW)
        st.markdown("the slow page was drawn to its end")
        note("slow page")
    if st.button("Elsewhere"):
        st.query_params["at"] = "elsewhere"
    followed()
    seldom()
    slow()


def second() -> None:
    push.follow("hall", revision("hall"))
    st.markdown(f"the second page saw {revision('hall')}")


def third() -> None:
    st.markdown("the third page follows nothing")


st.navigation(
    [
        st.Page(first, title="First", url_path="first", default=True),
        st.Page(second, title="Second", url_path="second"),
        st.Page(third, title="Third", url_path="third"),
    ]
).run()
