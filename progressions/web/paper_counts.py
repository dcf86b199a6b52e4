"""What paper sheets say, typed in by the facilitator: numbers by side and level."""

import streamlit as st

from progressions.clock import utc_now
from progressions.people import Principal
from progressions.services import reveals
from progressions.services.reveals import MOST_SHEETS
from progressions.team_session import DomainKey, Side, TeamSession
from progressions.web import installation, session, session_acts, session_words
from progressions.web.session_words import Worded, Words
from progressions.web.wording import SIDES, count, label

CANNOT_JUDGE = "Cannot judge"
CHANGED = "paper-changed"
CHANGED_ICON = ":material/sync_problem:"
Counts = dict[int | None, int]


def draw(principal: Principal, team: TeamSession, words: Words, only: DomainKey | None = None) -> None:
    """Folded; a form for one side of one domain at a time, with what was typed before.

    Only for what is still voted on: sheets that come after a reveal would part the votes that everybody sees.
    """
    by_key = {each.key: each for each in words if not each.at.is_revealed and only in (None, each.key)}
    if not by_key or not team.is_open:
        return
    folded = st.expander("Paper sheets", icon=":material/description:", key="paper", on_change="rerun")
    if not folded.open:
        return
    with folded:
        st.caption("Sheets count with the votes of this round. Type them where the room does not see the screen.")
        titles = session_words.titles(words)
        key = only or st.selectbox("Domain", list(by_key), format_func=lambda k: titles.get(k, ""), key="paper-domain")
        side = st.segmented_control(
            "Side", list(SIDES), default=Side.LEA, required=True, format_func=SIDES.__getitem__, key="paper-side"
        )
        if key in by_key and side is not None:
            _form(principal, team, by_key[key], side)


def _form(principal: Principal, team: TeamSession, domain: Worded, side: Side) -> None:
    """The keys carry what is kept, and nothing else that moves in the room: numbers that are being typed stay."""
    before = _kept(principal, team, domain, side)
    place = f"{team.id}|{domain.key.rubric}|{domain.key.domain}|{domain.at.round}|{side}"
    _say_changed(place, before)
    key = f"{place}|{sorted(before.items(), key=str)}"
    with st.form(f"paper|{key}", border=False):
        names: dict[int | None, str] = {level.position: level.label for level in domain.rubric.levels}
        names[None] = CANNOT_JUDGE
        columns = st.columns(len(names), vertical_alignment="bottom")
        typed: Counts = {}
        for column, (level, name) in zip(columns, names.items(), strict=True):
            with column:
                typed[level] = _number(name, before.get(level, 0), f"{key}|{level}")
        locked = not session_acts.leads(principal, team)
        if st.form_submit_button("Keep these counts", disabled=locked):
            _keep(principal, team, domain.key, side, typed, place)
    if locked:
        st.caption("Only whoever leads the session can type sheets. Take over first.")
    elif before:
        st.caption(f":material/check_circle: {count(sum(before.values()), 'sheet')} of this side counted.")


def _kept(principal: Principal, team: TeamSession, domain: Worded, side: Side) -> Counts:
    """How many sheets of this side say each level; levels that none says are left out."""
    place = (domain.key, domain.at.round, side)
    found = reveals.paper_counts(installation.store(), principal, team)
    return {each.level: each.count for each in found if (each.key, each.round, each.side) == place}


def _say_changed(place: str, kept: Counts) -> None:
    """Another screen has typed counts in the same place since this one showed them."""
    shown, name = session.recall(place), f"{CHANGED}-{place}"
    if shown is not None and shown != kept:
        session.leave(name, True)
    session.remember(place, kept)
    with st.container():  # is always there: nothing else is drawn anew
        if session.peek(name):
            st.warning("These counts were changed on another screen. This is what is kept now.", icon=CHANGED_ICON)


def _keep(principal: Principal, team: TeamSession, key: DomainKey, side: Side, typed: Counts, place: str) -> None:
    def keep() -> None:
        reveals.count_paper(installation.store(), principal, team, key, side, typed, utc_now())
        session.remember(place, {level: sheets for level, sheets in typed.items() if sheets})
        session.leave(f"{CHANGED}-{place}", None)

    session_acts.act(keep)


def _number(title: str, before: int, key: str) -> int:
    return st.number_input(label(title), min_value=0, max_value=MOST_SHEETS, value=before, step=1, key=f"sheets|{key}")
