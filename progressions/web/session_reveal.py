"""The reveal: one domain at a time, the most mixed first; what the room said, what stood last time, what to talk about.

Agreeing stands below on the same screen.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from html import escape

import streamlit as st

from progressions.clock import utc_now
from progressions.people import Principal
from progressions.services import agreeing, reveals, team_sessions
from progressions.services.reveals import Revealed
from progressions.team_session import DomainKey, Outcomes, TeamSession
from progressions.web import (
    domains,
    guard,
    installation,
    paper_counts,
    push,
    revealed_view,
    session_acts,
    session_agree,
    session_asking,
    session_lobby,
    session_words,
)
from progressions.web.session_words import code_of
from progressions.web.wording import plain

PROMPTS = (
    "What did you see that I did not?",
    "Which words of the level fit what we do, and which do not yet?",
    "What would somebody on the other side of our partnership say?",
    "What would we see if we were one level further?",
)


def draw(principal: Principal, team: TeamSession) -> None:
    """The open domain, from what the room said to what it agrees."""
    found = agreeing.to_agree(installation.store(), principal, team)
    if not found:
        st.info("Nothing has been revealed yet: reveal a domain on the step before.", icon=":material/visibility_off:")
        return
    current = _open(team, found)
    above = st.container()
    saved = session_agree.draw(principal, team, current)
    current = replace(current, now=saved)
    with above:  # drawn last, so that what was agreed just now is marked
        _picker(team, found, current)
        _domain(principal, team, current)
    domains.steps([code_of(each.key) for each in found], code_of(current.key), leads_on=_is_settled(current))


def _open(team: TeamSession, found: Sequence[Revealed]) -> Revealed:
    """The domain in the address; at first sight the first on which nothing is agreed."""
    by_code = {code_of(each.key): each for each in found}
    start = next((each for each in found if not _is_settled(each)), found[0])
    return by_code[domains.opened(session_words.place_of(team), list(by_code), code_of(start.key))]


def _is_settled(each: Revealed) -> bool:
    return bool(_outcomes([each]).settled)


def _outcomes(found: Iterable[Revealed]) -> Outcomes:
    return Outcomes.of((each.key, each.now.draft) for each in found if each.now is not None)


def _picker(team: TeamSession, found: Sequence[Revealed], current: Revealed) -> None:
    here = [current if each.key == current.key else each for each in found]
    said = _outcomes(here)
    settled = {code_of(key): domains.DONE for key in said.settled}
    numbers = {code_of(each.key): number for number, each in enumerate(team.domains, start=1)}  # as on the phones
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        codes = [code_of(each.key) for each in found]
        domains.picker(session_words.place_of(team), codes, code_of(current.key), settled, numbers)
        order = "; the most mixed first" if len(found) > 1 and current.rounds else ""
        st.caption(f"{session_words.told_agreed(said, len(found))}{order}", width="content")


def _domain(principal: Principal, team: TeamSession, current: Revealed) -> None:
    st.subheader(f"{plain(current.domain.title)} :gray[:small[{plain(current.rubric.title)}]]", anchor=False)
    revealed_view.on_projector(current)
    left, right = st.columns([7, 5], gap="large")
    with left:
        if team.has_votes or _is_settled(current):
            st.html(f'<div class="revealed">{revealed_view.last_time(current)}</div>')
        else:
            st.caption("Last time’s rating appears once you have chosen: it would lead you.")
    with right:
        if team.has_votes:
            _again(principal, team, current)  # first: what it asks has to be in sight
        _talk()
    if team.has_votes:
        paper_counts.draw(principal, team, session_words.of(principal, team), only=current.key)


def _talk() -> None:
    shown = "".join(f"<li>{escape(prompt)}</li>" for prompt in PROMPTS)
    st.html(f'<ul class="session-prompts">{shown}</ul>')


def _again(principal: Principal, team: TeamSession, current: Revealed) -> None:
    """A second vote: the button that opens it, or how far it is and the button that ends it."""
    locked = not session_acts.leads(principal, team)
    store, key = installation.store(), current.key
    with st.container(horizontal=True, vertical_alignment="center"):
        if not current.at.is_revealed:
            _far(team, key)
            if st.button("Reveal this vote", type="primary", key="reveal-again", disabled=locked):
                session_asking.ask(principal, team, (key,))
        elif team.is_open and st.button("Second vote", icon=":material/how_to_vote:", key="again", disabled=locked):
            session_acts.act(lambda: reveals.second_vote(store, principal, team, key, utc_now()))
    session_asking.draw(principal, team, {key: current.domain.title}, only=key)


@st.fragment(run_every=push.ON_WAKING)
def _far(team: TeamSession, key: DomainKey) -> None:
    now = team_sessions.progress(installation.store(), guard.signed_in(), team)
    push.follow(f"progress-{team.id}", now.at, least_seconds=session_lobby.LEAST_SECONDS)
    finished = now.finished
    st.markdown(
        f"Another vote is under way: **{finished.by_domain.get(key, 0)} of {finished.people}** have voted.",
        width="content",
    )
