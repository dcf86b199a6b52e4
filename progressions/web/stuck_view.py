"""Stuck and moved: where we stand still, who stood there and moved on, and what we share of our own way."""

from collections.abc import Sequence
from datetime import date

import streamlit as st

from progressions.people import Partnership, Principal
from progressions.permissions import can_see_peers, can_share
from progressions.rubric import Rubric, RubricVersion
from progressions.services import peers_over_time
from progressions.services.stuck_and_moved import Helper, Mover, Stuck
from progressions.web import caches, choose, peer_caches, shared_note_form
from progressions.web.shared_note_form import level_words, moved_words
from progressions.web.wording import count, day, plain

NOBODY_TO_ASK = "Nobody to name yet. Named is who agrees to be asked about this domain."
_NOT_AGREED = ":small[Has not agreed to be asked: only network staff read this.]"
CUT = "Most recent first:"  # who stands at the end may have moved on the same day as who is left out
NOBODY_AT_ALL = "Nobody who stood there has moved on."  # staff see everybody who has


def draw(principal: Principal, who: Partnership, version: RubricVersion) -> None:
    """Both halves: what others can tell us, and what we can tell others."""
    shared_note_form.say_saved()
    _others(principal, who, version)
    if can_share(principal, who.code) or principal.is_staff:
        _share(principal, who, version)


def _others(principal: Principal, who: Partnership, version: RubricVersion) -> None:
    st.subheader("Where we stand still", anchor=False)
    if not can_see_peers(principal):
        st.info("Your network shows nothing of other partnerships.", icon=":material/visibility_off:")
        return
    found = peer_caches.stuck_of(principal, who.code, version.rubric.code)
    if not found:
        st.info(
            f"No domain of {plain(version.rubric.title)} stands still below the highest level: at one level at two "
            "ratings or more.",
            icon=":material/directions_walk:",
        )
    for each in found:
        _stuck(principal, who, version, each)


def _stuck(principal: Principal, who: Partnership, version: RubricVersion, stuck: Stuck) -> None:
    rubric, convenings = version.rubric, caches.convenings(principal, who.code)
    with st.container(border=True):
        st.markdown(f"**{plain(rubric.domain(stuck.domain).title)}**")
        st.markdown(f"At {level_words(rubric, stuck.level)} {stood(stuck, [c.held_on for c in convenings])}.")
        if stuck.more:
            st.caption(CUT)
        for mover in stuck.movers:
            _mover(rubric, mover)
        if stuck.more:
            st.caption(f"And {stuck.more:,} more who moved on.")
        if stuck.group:
            st.markdown(plain(peers_over_time.sentence(stuck.group, version, convenings)))
        elif not stuck.movers and not stuck.helpers:
            st.caption(NOBODY_AT_ALL if principal.is_staff else NOBODY_TO_ASK)
        for helper in stuck.helpers:
            _helper(helper)


def stood(stuck: Stuck, held_on: Sequence[date]) -> str:
    """How long, in words: the convenings at which it was rated, and those of ``held_on`` at which it was not."""
    between = sum(stuck.since <= each <= stuck.until for each in held_on) - stuck.times
    since = sum(each > stuck.until for each in held_on)
    told = f"at {count(stuck.times, 'convening')}, from {day(stuck.since)} to {day(stuck.until)}"
    told += f"; not rated at {between} between" if between > 0 else ""
    return told + (f"; not rated at {count(since, 'convening')} since" if since else "")


def _mover(rubric: Rubric, mover: Mover) -> None:
    told = f":material/stairs_2: **{plain(mover.title)}** moved {moved_words(rubric, mover.move)}."
    asked = f"To ask them: {plain(mover.contact)}" if mover.may_be_asked else _NOT_AGREED
    _together(told, mover.note, asked)


def _helper(helper: Helper) -> None:
    told = f":material/forum: **{plain(helper.title)}** can be asked about this domain."
    _together(told, helper.note, f"To ask them: {plain(helper.contact)}")


def _together(told: str, note: str, asked: str) -> None:
    """What belongs to one partnership, in lines that stand close together."""
    st.markdown("  \n".join([told, *([f"“{plain(note)}”"] if note else []), asked]))


def _share(principal: Principal, who: Partnership, version: RubricVersion) -> None:
    """What this partnership shares: domain by domain, and only where it has moved up."""
    st.subheader(shared_note_form.HEADING, anchor=False)
    moves = caches.moves_up(principal, who.code, version.rubric.code)
    titles = {d.code: d.title for d in version.rubric.domains if d.code in moves}
    speaks = can_share(principal, who.code)
    if not titles:
        whose = "you can share here what helped you" if speaks else "its facilitator can share here what helped"
        st.info(f"Once a domain has moved up, {whose}.", icon=":material/stairs_2:")
        return
    domain = choose.one("A domain that moved up", titles, "moved")
    if speaks:
        shared_note_form.form(principal, who, version, domain, moves[domain])
    elif not shared_note_form.read(principal, who, version, domain):
        st.caption("Nothing shared of this domain yet. The partnership's facilitator says what it shares.")
