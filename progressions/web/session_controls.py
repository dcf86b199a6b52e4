"""Keeping order in a session: room code, who leads, who takes part, more domains. Quiet, and only for whoever leads."""

from collections.abc import Mapping
from datetime import timedelta
from functools import partial

import streamlit as st

from progressions.clock import utc_now
from progressions.people import Principal
from progressions.services import team_sessions
from progressions.team_session import Naming, Seat, TeamSession
from progressions.web import caches, installation, session, session_acts, session_open, session_words
from progressions.web.session_acts import act
from progressions.web.session_words import Words
from progressions.web.wording import ROLES, SIDES, clock, count

NEW_FOR = (1, 2, 5, 10)  # minutes
SOMEBODY = "somebody"


def draw(principal: Principal, team: TeamSession, words: Words) -> None:
    """Folded; until somebody opens it, nothing is asked of the database."""
    folded = st.expander("Manage this session", icon=":material/tune:", key="manage", on_change="rerun")
    if not folded.open:
        return
    with folded:
        if not session_acts.leads(principal, team):
            st.caption("Only whoever leads the session can use these. Take over first.")
        left, right = st.columns(2, gap="large")
        with left:
            _room(principal, team)
            _leader(principal, team)
        with right:
            _people(principal, team)
            _more(principal, team, words)


def _room(principal: Principal, team: TeamSession) -> None:
    store, locked = installation.store(), not session_acts.leads(principal, team)
    with st.container(horizontal=True):
        if st.button("New room code", icon=":material/key:", key="new-code", disabled=locked):
            act(lambda: team_sessions.new_room_code(store, principal, team, utc_now()))
        no_code = locked or not team.room_code
        if st.button("Void the code", icon=":material/key_off:", key="void-code", disabled=no_code):
            act(lambda: team_sessions.void_room_code(store, principal, team, utc_now()))
        session_acts.close(principal, team)
    st.caption("A new or voided code keeps newcomers out; whoever has joined stays.")


def _leader(principal: Principal, team: TeamSession) -> None:
    may = team_sessions.may_lead(installation.store(), principal, team)
    if not may:
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        to = st.selectbox(
            "Hand over to", list(may), index=None, format_func=may.__getitem__, key=f"to-{team.leader}", width="stretch"
        )
        locked = to is None or not session_acts.leads(principal, team)
        if st.button("Hand over", key="hand-over", disabled=locked) and to is not None:
            act(lambda: team_sessions.hand_over(installation.store(), principal, team, to, utc_now()))


def _people(principal: Principal, team: TeamSession) -> None:
    watch = team_sessions.watch(installation.store(), principal, team.partnership, team.held_on)
    seats = {seat.id: seat for seat in watch.seats} if watch else {}
    if not seats:
        st.caption("Nobody has joined yet.")
        return
    _newcomers(principal, team)
    seat = _somebody(team, seats)
    if seat is not None:
        _person(principal, team, seat)


def _somebody(team: TeamSession, seats: Mapping[int, Seat]) -> Seat | None:
    """Whoever is chosen. The browser sends a choice in its words: where the words for somebody change, the list is a
    new one, or the next press would come with words that are nobody's any more, and do nothing.
    """
    numbers, before = list(seats), session.recall(SOMEBODY)
    changed = "-".join(f"{s.id}{s.is_here:d}{bool(s.name):d}" for s in seats.values() if not (s.is_here and s.name))
    chosen = st.selectbox(
        "Somebody in the session",
        numbers,
        index=numbers.index(before) if before in seats else None,
        format_func=lambda number: _called(seats[number], team) if number in seats else "",
        key=f"somebody-{team.id}-{changed}",
    )
    session.remember(SOMEBODY, chosen)
    return seats.get(chosen) if chosen is not None else None


def _newcomers(principal: Principal, team: TeamSession) -> None:
    """Several at once, where a room code went where it should not: whoever came lately."""
    store, locked = installation.store(), not session_acts.leads(principal, team)
    with st.popover("Remove newcomers", icon=":material/group_remove:", disabled=locked):
        for minutes in NEW_FOR:
            title = f"All who joined in the last {count(minutes, 'minute')}"
            if st.button(title, key=f"newcomers-{minutes}", width="stretch"):
                since = utc_now() - timedelta(minutes=minutes)
                act(partial(team_sessions.remove_newcomers, store, principal, team, since, utc_now()))


def _called(seat: Seat, team: TeamSession) -> str:
    """In an anonymous session people are told apart by when they joined."""
    name = seat.name or (
        f"Joined {clock(seat.joined_at)}" if team.naming is Naming.ANONYMOUS else session_words.NO_NAME
    )
    return f"{name}, {SIDES[seat.side]}, {ROLES[seat.role]}{'' if seat.is_here else ' (removed)'}"


def _person(principal: Principal, team: TeamSession, seat: Seat) -> None:
    store, locked = installation.store(), not session_acts.leads(principal, team)
    with st.container(horizontal=True):
        if seat.is_here and st.button("Remove", icon=":material/person_remove:", key="remove", disabled=locked):
            act(lambda: team_sessions.remove(store, principal, team, seat, utc_now()))
        if not seat.is_here and st.button(
            "Bring back", icon=":material/person_add:", key="bring-back", disabled=locked
        ):
            act(lambda: team_sessions.bring_back(store, principal, team, seat, utc_now()))
        if seat.name and st.button("Take the name away", icon=":material/ink_eraser:", key="no-name"):
            act(lambda: team_sessions.remove_name(store, principal, team, seat, utc_now()))


def _more(principal: Principal, team: TeamSession, words: Words) -> None:
    there = {each.key for each in words}
    titles = session_open.titles_by_key(caches.latest(principal))
    new = {key: title for key, title in titles.items() if key not in there}
    if not new:
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = st.multiselect(
            "More domains", list(new), format_func=titles.__getitem__, key=f"more-{len(there)}", width="stretch"
        )
        locked = not chosen or not session_acts.leads(principal, team)
        if st.button("Add", key="add-domains", disabled=locked):
            keys = tuple(chosen)
            act(lambda: team_sessions.add_domains(installation.store(), principal, team, keys, utc_now()))
