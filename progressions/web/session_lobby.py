"""The projector while people join: QR code, short link, room code, and who is here."""

import ipaddress
from collections.abc import Iterable
from datetime import date
from html import escape
from urllib.parse import quote, urlencode, urlsplit

import streamlit as st

from progressions import codes
from progressions.people import Principal
from progressions.services import team_sessions
from progressions.services.team_sessions import Watch
from progressions.team_session import Naming, Seat, Side, TeamSession
from progressions.web import choose, guard, installation, push, qr, session_controls, session_words
from progressions.web.session_words import Words
from progressions.web.wording import SIDES, count, label

LEAST_SECONDS = 1.0  # between two drawings of who is here: a room of ten joins within seconds


def draw(principal: Principal, team: TeamSession) -> None:
    """What the room needs to come in, and what the facilitator needs to keep order, folded."""
    left, right = st.columns([5, 7], gap="large", vertical_alignment="top")
    with left:
        _way_in(team)
    with right:
        _here(team.partnership, team.held_on)
        _reachable(team)
    words = session_words.of(principal, team)
    _sheets(team, words)
    session_controls.draw(principal, team, words)


def address(team: TeamSession) -> str:
    """Where a phone joins: at the address that was set, else at the one that this browser shows."""
    base = installation.settings().public_url or _shown()
    return f"{base}/join/{codes.room_text(team.room_code)}"


def _shown() -> str:
    parts = urlsplit(st.context.url or "")
    return f"{parts.scheme}://{parts.netloc}"


def _way_in(team: TeamSession) -> None:
    if not team.is_open:
        st.info("This session is closed: nobody joins or votes any more.", icon=":material/lock:")
        return
    if not team.room_code:
        st.info("There is no room code: nobody else can join. Whoever has joined goes on.", icon=":material/key_off:")
        return
    st.html(_markup(address(team), team.room_code))


def _reachable(team: TeamSession) -> None:
    where = address(team)
    if team.is_open and team.room_code and is_only_here(where):
        st.warning(
            f"Phones cannot open this address: {urlsplit(where).hostname} is every machine's name for itself. "
            "Set `PROGRESSIONS_PUBLIC_URL` to an address that they reach, for example "
            "`http://192.168.1.20:8501` or your own `https://…`, and start Progressions again.",
            icon=":material/phonelink_off:",
        )


def is_only_here(where: str) -> bool:
    """Whether an address leads back to the machine that asks for it."""
    host = urlsplit(where).hostname or "localhost"
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def _markup(where: str, room_code: str) -> str:
    short = where.partition("://")[2]
    return (
        '<div class="session-join">'
        f'<img src="{escape(qr.lasting(where))}" alt="QR code that opens {escape(short)}">'
        f"<p>{escape(short)}</p>"
        f'<p>Room code <b class="room-code">{escape(codes.room_text(room_code))}</b></p></div>'
    )


@st.fragment(run_every=push.ON_WAKING)
def _here(partnership: str, held_on: date) -> None:
    """Who has joined by now; heard of as they come, at most once a second."""
    watch = team_sessions.watch(installation.store(), guard.signed_in(), partnership, held_on)
    if watch is None:
        return
    team = watch.session
    push.follow(f"progress-{team.id}", team.revision + team.progress, least_seconds=LEAST_SECONDS)
    st.html(_people(watch))


def _people(watch: Watch) -> str:
    here = [seat for seat in watch.seats if seat.is_here]
    sides = "".join(_side(side, [s for s in here if s.side is side], watch.session.naming) for side in Side)
    people = count(len(here), "person is here", "people are here") if here else "Nobody is here yet"
    return f'<div class="session-here"><h3>{people}</h3><div>{sides}</div></div>'


def _side(side: Side, seats: Iterable[Seat], naming: Naming) -> str:
    seats = tuple(seats)
    names = (
        ""
        if naming is Naming.ANONYMOUS
        else "".join(f"<li>{escape(s.name or session_words.NO_NAME)}</li>" for s in seats)
    )
    return f"<section><h4>{SIDES[side]} <b>{len(seats)}</b></h4>{f'<ul>{names}</ul>' if names else ''}</section>"


def _sheets(team: TeamSession, words: Words) -> None:
    """Sheets of paper with the domains and words of this session."""
    of = urlencode({choose.PARTNERSHIP: team.partnership, choose.CONVENING: team.held_on.isoformat()})
    rubrics = {each.rubric.code: each.rubric.title for each in words}
    with st.container(horizontal=True):
        for code, title in rubrics.items():
            st.link_button(
                f"{label(title)} on paper",
                f"/sheets/{quote(code)}?{of}",
                icon=":material/print:",
                type="tertiary",
                width="content",
            )
