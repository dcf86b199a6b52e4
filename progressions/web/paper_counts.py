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
BySide = dict[Side, Counts]


def draw(principal: Principal, team: TeamSession, words: Words, only: DomainKey | None = None) -> None:
    """Folded; a form for one domain at a time, with what was typed before.

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
        if key in by_key:
            _form(principal, team, by_key[key])


def _form(principal: Principal, team: TeamSession, domain: Worded) -> None:
    """Both sides in one form: no number is lost on the way from one to the other.

    The keys carry what is kept, and nothing else that moves in the room: numbers that are being typed stay.
    """
    before = _kept(principal, team, domain)
    place = f"{team.id}|{domain.key.rubric}|{domain.key.domain}|{domain.at.round}"
    _say_changed(place, before)
    key = f"{place}|{[sorted(counts.items(), key=str) for counts in before.values()]}"
    with st.form(f"paper|{key}", border=False):
        typed = {side: _row(domain, side, before[side], f"{key}|{side}") for side in Side}
        locked = not session_acts.leads(principal, team)
        if st.form_submit_button("Keep these counts", disabled=locked):
            _keep(principal, team, domain.key, before, typed, place)
    if locked:
        st.caption("Only whoever leads the session can type sheets. Take over first.")
    elif any(before.values()):
        each = ", ".join(f"{SIDES[side]} {sum(counts.values())}" for side, counts in before.items())
        sheets = sum(sum(counts.values()) for counts in before.values())
        st.caption(f":material/check_circle: {count(sheets, 'sheet')} counted: {each}.")


def _row(domain: Worded, side: Side, before: Counts, key: str) -> Counts:
    """A number for each level, and for those who cannot judge."""
    names: dict[int | None, str] = {level.position: level.label for level in domain.rubric.levels}
    names[None] = CANNOT_JUDGE
    columns = st.columns(len(names), vertical_alignment="bottom")
    typed: Counts = {}
    for column, (level, name) in zip(columns, names.items(), strict=True):
        with column:
            typed[level] = _number(f"{SIDES[side]} · {name}", before.get(level, 0), f"{key}|{level}")
    return typed


def _kept(principal: Principal, team: TeamSession, domain: Worded) -> BySide:
    """How many sheets of each side say each level; levels that none says are left out."""
    found = reveals.paper_counts(installation.store(), principal, team)
    own = [each for each in found if (each.key, each.round) == (domain.key, domain.at.round)]
    return {side: {each.level: each.count for each in own if each.side == side} for side in Side}


def _say_changed(place: str, kept: BySide) -> None:
    """Another screen has typed counts in the same place since this one showed them."""
    shown, name = session.recall(place), f"{CHANGED}-{place}"
    if shown is not None and shown != kept:
        session.leave(name, True)
    session.remember(place, kept)
    with st.container():  # is always there: nothing else is drawn anew
        if session.peek(name):
            st.warning("These counts were changed on another screen. This is what is kept now.", icon=CHANGED_ICON)


def _keep(principal: Principal, team: TeamSession, key: DomainKey, before: BySide, typed: BySide, place: str) -> None:
    """Keeps what was typed of each side of which something else is kept."""
    bare = {side: {level: sheets for level, sheets in counts.items() if sheets} for side, counts in typed.items()}

    def keep() -> None:
        changed = team
        for side in [side for side in Side if bare[side] != before[side]]:
            changed = reveals.count_paper(installation.store(), principal, changed, key, side, typed[side], utc_now())
        session.remember(place, bare)
        session.leave(f"{CHANGED}-{place}", None)

    session_acts.act(keep)


def _number(title: str, before: int, key: str) -> int:
    return st.number_input(label(title), min_value=0, max_value=MOST_SHEETS, value=before, step=1, key=f"sheets|{key}")
