"""A team's session on the facilitator's screen: its four steps, of which the address says the open one."""

from datetime import date

import streamlit as st

from progressions.clock import utc_now
from progressions.errors import NotAllowedError, UserError
from progressions.people import Principal
from progressions.permissions import can_run_session
from progressions.services import team_sessions
from progressions.team_session import TeamSession
from progressions.web import (
    choose,
    domains,
    guard,
    installation,
    push,
    say,
    session_acts,
    session_finish,
    session_lobby,
    session_open,
    session_reveal,
    session_timer,
    session_watch,
    to_the_top,
)
from progressions.web.session_acts import AGREE, FINISH, JOIN, STEP, VOTE
from progressions.web.wording import plain

WITH_VOTES = {JOIN: "Join", VOTE: "Vote", AGREE: "Agree", FINISH: "Finish"}
WITHOUT_VOTES = {AGREE: "Agree", FINISH: "Finish"}
DRAWN = {
    JOIN: session_lobby.draw,
    VOTE: session_watch.draw,
    AGREE: session_reveal.draw,
    FINISH: session_finish.draw,
}


def only_who_may(principal: Principal) -> None:
    """Stops the page for everybody who runs no session: they see what they would see of a page that does not exist."""
    if not can_run_session(principal, principal.partnership):
        say.unavailable(NotAllowedError())
        st.stop()


@st.fragment(run_every=push.ON_WAKING)
def panel(partnership: str, held_on: date) -> None:
    """All of a session but the pickers above it. Drawn anew when anything changes that the whole room sees."""
    principal = guard.signed_in()
    try:
        team = team_sessions.session_of(installation.store(), principal, partnership, held_on)
    except UserError as problem:
        say.unavailable(problem)
        return
    session_acts.problem()
    if team is None:
        session_open.draw(principal, partnership, held_on)
        return
    push.follow(f"session-{team.id}", team.revision, is_large=True)
    step = _head(principal, team)
    DRAWN[step](principal, team)
    to_the_top.of(f"session-{team.id}-{step}-{st.query_params.get(domains.DOMAIN, '')}")  # last: it takes a line


def _head(principal: Principal, team: TeamSession) -> str:
    """The steps, the timer, and who leads; the open step."""
    with st.container(horizontal=True, vertical_alignment="center", key="session-head"):
        step = _step(team)
        session_timer.draw(team)
        session_timer.controls(principal, team)
        if not team.is_open:
            st.markdown(":material/lock: **Closed**", width="content")
        _leader(principal, team)
    return step


def _step(team: TeamSession) -> str:
    steps = WITH_VOTES if team.has_votes else WITHOUT_VOTES

    def draw(
        current: str, key: str, _note: choose.Note
    ) -> str | None:  # the whole page follows the step, not this part
        return st.segmented_control(
            "Step",
            list(steps),
            default=current,
            required=True,
            format_func=steps.__getitem__,
            key=key,
            label_visibility="collapsed",
            width="content",
        )

    return choose.by_address(STEP, list(steps), _start(team), draw)


def _start(team: TeamSession) -> str:
    """Where somebody comes in who has not chosen a step: where the session is."""
    if not team.is_open:
        return FINISH
    return AGREE if not team.has_votes or any(each.revealed_rounds for each in team.domains) else JOIN


def _leader(principal: Principal, team: TeamSession) -> None:
    if session_acts.leads(principal, team):
        return
    st.markdown(f"{plain(team.led_by)} leads this session.", width="content")
    if st.button("Take over", icon=":material/front_hand:", key="take-over"):
        session_acts.act(lambda: team_sessions.take_over(installation.store(), principal, team, utc_now()))
