"""Inviting people, and what they come in with: links and codes, shown once and ready to print."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

import streamlit as st

from progressions.clock import utc_now
from progressions.errors import UserError
from progressions.people import Access, Principal
from progressions.services import networks, people, sign_in
from progressions.services.people import Invitation
from progressions.web import installation, say, session
from progressions.web.wording import count, day_of, exact, plain

MAY = {
    Access.MEMBER: "Reads",
    Access.FACILITATOR: "Records",
    Access.STAFF: "Network staff",
    Access.ADMIN: "Admin",
}
"""What a person may do, in plain words."""

GIVEN_HERE = {
    Access.MEMBER: "Reads: sees the partnership's ratings",
    Access.FACILITATOR: "Records: rates for the partnership",
    Access.STAFF: "Network staff: everything in this network",
}
"""What staff can give on the screen; an admin is made on the command line."""

KEYS, TURN = "new-keys", "invitations"
ONE_A_LINE = "Ana Cruz\nBen Okoye, ben@district.org"


@dataclass(frozen=True, slots=True)
class Key:
    """What one person comes in with; ``link`` or ``code`` may be ""."""

    name: str
    link: str = ""
    code: str = ""


def form(principal: Principal) -> None:
    """One person, or a pasted list of them for one partnership."""
    turn = session.peek(TURN) or 0
    titles = {p.code: p.title for p in networks.partnerships(installation.store(), principal)}
    with st.expander("Invite people", icon=":material/person_add:"), st.form(f"invite-{turn}", border=False):
        names = st.text_area(
            "Names, one a line. An e-mail address may follow.", placeholder=ONE_A_LINE, height=120, key=f"names-{turn}"
        )
        left, right = st.columns(2)
        access, own = left.container(), right.container()
        with access:
            given = pick_access(f"invite-access-{turn}")
        with own:
            partnership = pick_partnership(titles, f"invite-partnership-{turn}")
        if st.form_submit_button("Invite", type="primary", icon=":material/person_add:"):
            _invite(principal, names or "", given, partnership)


def pick_access(key: str, now: Access | None = None) -> Access | None:
    """What somebody may do; None while nothing is chosen."""
    options = list(GIVEN_HERE)
    at = options.index(now) if now in GIVEN_HERE else None
    return st.selectbox("May do", options, index=at, format_func=GIVEN_HERE.__getitem__, placeholder="Choose", key=key)


def pick_partnership(titles: dict[str, str], key: str, now: str = "") -> str:
    """Whose member or facilitator; "" while nothing is chosen."""
    codes = list(titles)
    at = codes.index(now) if now in titles else None
    chosen = st.selectbox(
        "Partnership (not for network staff)",
        codes,
        index=at,
        format_func=titles.__getitem__,
        placeholder="Choose",
        key=key,
    )
    return chosen or ""


def _invite(principal: Principal, names: str, access: Access | None, partnership: str) -> None:
    try:
        if access is None:
            raise UserError("Say what they may do.")
        asked = [Invitation(name, access, partnership, email) for name, email in people.listed(names)]
        invited = people.invite_all(installation.store(), principal, asked, utc_now())
    except UserError as problem:
        say.refused(problem, "Nobody was invited. ")
        return
    session.leave(TURN, (session.peek(TURN) or 0) + 1)  # an empty form for the next ones
    show_once(principal, [Key(one.name, link(one.link_token), one.code_text) for one in invited])


def show_once(principal: Principal, keys: Iterable[Key]) -> None:
    """Shows new links and codes on the next run of this page, to this person alone."""
    session.leave(KEYS, (_owner(principal), tuple(keys)))
    st.rerun()


def keys_once(principal: Principal) -> None:
    """The links and codes that were just made, until the person says that they have them."""
    noted: tuple[tuple[int, int], tuple[Key, ...]] | None = session.peek(KEYS)
    if noted is None or noted[0] != _owner(principal):
        return
    keys = noted[1]
    with st.container(border=True, key="new-keys"):
        st.subheader(f"For {count(len(keys), 'person', 'people')}: shown now, and never again", anchor=False)
        st.markdown(
            "Give everybody their own slip. Only a hash is kept here: what is lost is replaced by a new code or link. "
            "Printing this page prints the slips alone."
        )
        with st.container(key="slips"):
            for number, key in enumerate(keys):
                with st.container(border=True, key=f"slip-{number}"):
                    _slip(principal, key)
        with st.expander("As text, to copy", icon=":material/content_copy:"):
            st.code("\n\n".join(_text(principal, key) for key in keys), language=None, wrap_lines=True)
        if st.button("I have them", type="primary", icon=":material/check:"):
            session.take(KEYS)
            st.rerun()


def _slip(principal: Principal, key: Key) -> None:
    st.markdown(f"**{plain(key.name)}** · {plain(principal.network.title)}")
    if key.code:
        st.markdown(f"Code, typed at {exact(f'{_address()}/signin')}")
        st.code(key.code, language=None)
    if key.link:
        st.markdown(f"{'Or open this' if key.code else 'Open this'} link, once, until {_until()}")
        st.code(key.link, language=None, wrap_lines=True)


def _text(principal: Principal, key: Key) -> str:
    lines = [f"{key.name}, {principal.network.title}"]
    if key.code:
        lines.append(f"Code, typed at {_address()}/signin: {key.code}")
    if key.link:
        lines.append(f"Link, works once, until {_until()}: {key.link}")
    return "\n".join(lines)


def link(token: str) -> str:
    """The address that a one-time token makes."""
    return f"{_address()}/signin?link={token}"


def _address() -> str:
    """Where this installation is found: as it was set, else as this browser found it."""
    here = urlsplit(st.context.url or "")
    return installation.settings().public_url or f"{here.scheme}://{here.netloc}"


def _until() -> str:
    return day_of(utc_now() + timedelta(hours=sign_in.INVITATION_HOURS))


def _owner(principal: Principal) -> tuple[int, int]:
    return (principal.person_id, principal.network.id)
