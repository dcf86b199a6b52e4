"""Who is here: the first statement of every page, and of every fragment that acts."""

from html import escape

import streamlit as st

from progressions.clock import utc_now
from progressions.errors import NotAllowedError
from progressions.people import Principal
from progressions.permissions import can_see_network
from progressions.services import sign_in
from progressions.web import installation, say
from progressions.web.cookie import session_token as token_in
from progressions.web.oidc import ways
from progressions.web.visitor import came_from

CODE_LINK = '<a href="/signin" style="color: inherit">Sign in with a code</a>'  # Streamlit's own links open another tab


def session_token() -> str:
    """The token of the sign-in cookie that this browser sent, "" where it sent none."""
    return token_in(st.context.cookies)


def present() -> Principal | None:
    """Who is signed in; asked of the database at each run, so that a session that was ended is out at once."""
    return sign_in.principal_of(installation.store(), session_token(), utc_now(), came_from(st.context.ip_address))


def signed_in() -> Principal:
    """The person who is here. Shows how to sign in, and stops the page, where nobody is."""
    principal = present()
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


def staff() -> Principal:
    """A member of network staff; anybody else sees what they would see of a page that does not exist."""
    principal = signed_in()
    if not can_see_network(principal):
        say.unavailable(NotAllowedError())
        st.stop()
    return principal
