"""Who is here: the first statement of every page, and of every fragment that acts."""

from dataclasses import replace
from html import escape

import streamlit as st

from progressions.clock import utc_now
from progressions.errors import NotAllowedError
from progressions.people import Principal
from progressions.permissions import can_see_network
from progressions.services import sign_in, voting
from progressions.services.voting import Ballot
from progressions.team_session import Vote
from progressions.web import installation, say, session, session_caches
from progressions.web.cookie import seat_token
from progressions.web.cookie import session_token as token_in
from progressions.web.oidc import ways
from progressions.web.visitor import came_from

BALLOT = "ballot"
OUT = (
    "You are not in this session any more: the facilitator has taken you out of it, or it ended long ago. If that was "
    "a mistake, tell them: they can bring you back, with all that you had voted."
)
JOIN_LINK = '<a href="/join" style="color: inherit">Type the room code</a>'
BACK_LINK = '<a href="/vote" style="color: inherit">I was brought back: go on</a>'
CODE_LINK = '<a href="/signin" style="color: inherit">Sign in with a code</a>'  # Streamlit's own links open another tab


def session_token() -> str:
    """The token of the sign-in cookie that this browser sent, "" where it sent none."""
    return token_in(st.context.cookies)


def present() -> Principal | None:
    """Who is signed in; asked of the database at each run, so that a session that was ended is out at once."""
    return sign_in.principal_of(installation.store(), session_token(), utc_now(), came_from(st.context.ip_address))


def signed_in() -> Principal:
    """The person who is here. Shows how to sign in, and stops the page, where nobody is.

    A part of a page that was drawn for another person, or for more than this one may do now, runs the whole page.
    """
    principal = present()
    if session.runs_a_fragment() and not session.is_drawn_for(principal):
        st.rerun()
    if principal is None:
        st.title("Progressions")
        st.info(
            "Open the sign-in link that you were given. Network staff find theirs in the terminal that runs "
            "Progressions; for a new one: `python -m progressions link`",
            icon=":material/key:",
        )
        for way in ways():
            st.html(f'<a href="{escape(way.address)}" style="color: inherit">{escape(way.words)}</a>')
        st.html(CODE_LINK)
        st.stop()
    return principal


def rater() -> Ballot:
    """Whoever holds a seat in a session, with what they may see of it; shows how to join, and stops, where nobody does.

    A seat is no sign-in, and a sign-in no seat: this screen alone asks for it. A part of a page that has lost its seat
    runs the whole page, so that one place says so.
    """
    ballot = voting.ballot(installation.store(), seat_token(st.context.cookies), utc_now(), session_caches.team_session)
    if ballot is None and session.runs_a_fragment():
        st.rerun()
    if ballot is None:
        st.title("Join your team’s session", anchor=False)
        if session.recall(BALLOT) is not None:  # this very page had a seat until now
            st.warning(OUT, icon=":material/person_off:")
            st.html(BACK_LINK)
        st.info("The room code stands on the screen in front. Nothing else is needed.", icon=":material/qr_code_2:")
        st.html(JOIN_LINK)
        st.stop()
    ballot = replace(ballot, principal=replace(ballot.principal, came_from=came_from(st.context.ip_address)))
    session.remember(BALLOT, ballot)
    return ballot


def tapping() -> Ballot:
    """The ballot as this page last drew it, for a tap on a level, which a hall makes 60 times a second.

    Nothing is asked first, because the save itself asks for everything in its one transaction: whether the seat is
    still held, the session open, the round not revealed, and the vote where this page believes it to be.
    """
    ballot: Ballot | None = session.recall(BALLOT)
    return ballot or rater()


def has_voted(ballot: Ballot, vote: Vote) -> Ballot:
    """The ballot with what the database holds of one domain now."""
    now = replace(ballot, votes={**ballot.votes, vote.key: vote})
    session.remember(BALLOT, now)
    return now


def staff() -> Principal:
    """A member of network staff; anybody else sees what they would see of a page that does not exist."""
    principal = signed_in()
    if not can_see_network(principal):
        say.unavailable(NotAllowedError())
        st.stop()
    return principal
