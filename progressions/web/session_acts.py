"""What the buttons of a session's screens do: one step of a service, then everybody is told."""

from collections.abc import Callable

import streamlit as st

from progressions.clock import utc_now
from progressions.errors import UserError
from progressions.people import Principal
from progressions.services import team_sessions
from progressions.team_session import TeamSession
from progressions.web import domains, installation, push, say, session

STEP = "step"  # the parameter in the address that says which step is open
JOIN, VOTE, AGREE, FINISH = "join", "vote", "agree", "finish"
PROBLEM = "session-problem"
Step = Callable[[], object]


def act(step: Step) -> None:
    """Does what a button says, tells everybody, and draws the screen anew.

    What was refused stays on the screen until the next button: the change of somebody else that refused it draws the
    screen anew by itself.
    """
    session.leave(PROBLEM, None)
    try:
        step()
    except UserError as problem:
        session.leave(PROBLEM, problem)
    push.nudge()
    domains.again()


def problem() -> None:
    """Says what was refused last, where it stays in sight."""
    refused: UserError | None = session.peek(PROBLEM)
    if refused is not None:
        with st.container(key="refused"):
            say.refused(refused)


def leads(principal: Principal, team: TeamSession) -> bool:
    """Whether this person leads the session; the services say so once more."""
    return team.leader == principal.signature


def close(principal: Principal, team: TeamSession) -> None:
    """The button that closes an open session, or opens a closed one."""
    store, locked = installation.store(), not leads(principal, team)
    if team.is_open and st.button("Close the session", icon=":material/lock:", key="close", disabled=locked):
        act(lambda: team_sessions.close(store, principal, team, utc_now()))
    if not team.is_open and st.button("Open it again", icon=":material/lock_open:", key="reopen", disabled=locked):
        act(lambda: team_sessions.reopen(store, principal, team, utc_now()))
