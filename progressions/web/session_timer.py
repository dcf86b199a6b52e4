"""The countdown of a discussion: everybody in the session sees it, and only a running one asks the server."""

from datetime import datetime
from math import ceil

import streamlit as st

from progressions.clock import utc_now
from progressions.people import Principal
from progressions.services import team_sessions
from progressions.team_session import TeamSession
from progressions.web import installation, session_acts

MINUTES = (1, 2, 3, 5, 10)


def draw(team: TeamSession) -> None:
    """What is left of the time, or that it is up; nothing where no timer was started."""
    if team.timer_ends_at is None:
        return
    if _seconds_left(team.timer_ends_at) > 0:
        _countdown(team.timer_ends_at)
    else:
        st.html('<p class="session-timer">Time is up</p>', width="content")


def controls(principal: Principal, team: TeamSession) -> None:
    """Minutes to start it with, and its end."""
    may = team.is_open and session_acts.leads(principal, team)
    with st.popover("Timer", icon=":material/timer:", disabled=not may):
        for minutes in MINUTES:
            title = "1 minute" if minutes == 1 else f"{minutes} minutes"
            if st.button(title, key=f"timer-{minutes}", width="stretch"):
                _set(principal, team, minutes)
        if team.timer_ends_at is not None and st.button("Stop the timer", key="timer-0", width="stretch"):
            _set(principal, team, 0)


def _set(principal: Principal, team: TeamSession, minutes: int) -> None:
    session_acts.act(lambda: team_sessions.set_timer(installation.store(), principal, team, minutes, utc_now()))


@st.fragment(run_every=1)
def _countdown(ends: datetime) -> None:
    left = _seconds_left(ends)
    if left <= 0:
        st.rerun()  # of the whole page, which is drawn without this countdown: nothing asks the server any more
    st.html(f'<p class="session-timer" role="timer">{left // 60}:{left % 60:02}</p>', width="content")


def _seconds_left(ends: datetime) -> int:
    return ceil((ends - utc_now()).total_seconds())
