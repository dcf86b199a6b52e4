"""What everybody sees of a domain once its votes are revealed, small enough for a phone.

All of it is one element, whatever it says: a reveal is drawn on every phone of the hall at one moment.
"""

from collections.abc import Sequence
from html import escape

import streamlit as st

from progressions.clock import utc_now
from progressions.ratings import StoredRating
from progressions.rubric import RubricVersion
from progressions.services.ratings import is_link
from progressions.services.reveals import Revealed
from progressions.team_session import TeamSession, Vote
from progressions.web import session_open
from progressions.web.dots import markup as dots
from progressions.web.wording import clock, day


def on_phone(shown: Revealed, mine: Vote, session: TeamSession) -> None:
    """The dots, the sentence, one's own vote, what stood last time, and what was agreed."""
    parts = [
        f"<h3>{escape(shown.domain.title)}</h3>",
        spreads(shown),
        f"<p>Your own vote: {escape(_own(shown, mine))}.</p>",
        _note(mine),
        last_time(shown),
        _agreed(shown),
        _discussion(session),
    ]
    st.html(f'<div class="revealed">{"".join(parts)}</div>')


def on_projector(shown: Revealed) -> None:
    """The dots and the sentence alone, under the page's own title."""
    st.html(f'<div class="revealed">{spreads(shown)}</div>')


def spreads(shown: Revealed) -> str:
    """The dots of every vote that was taken, the latest first, each with the sentence of where the sides differ."""
    names = [level.name for level in shown.rubric.levels]
    agreed_level = shown.now.draft.level if shown.now and shown.is_now_comparable else None
    several = len(shown.rounds) > 1
    return "".join(
        (f"<h4>Vote {number}</h4>" if several else "") + dots(each, names, agreed=agreed_level)
        for number, each in reversed(list(enumerate(shown.rounds, start=1)))
    )


def last_time(current: Revealed) -> str:
    """The rating of the convening before, with its evidence and its promise; shown only now, so that it led nobody."""
    last = current.last_time
    if last is None:
        return "<p>This domain has not been rated before.</p>"
    said = last.draft
    parts = [f"<p><strong>Last time</strong> ({day(last.key.held_on)}): {escape(_last_level(current, last))}</p>"]
    if said.evidence:
        parts.append(f'<p class="lines"><small>Evidence:</small> {escape(said.evidence)}</p>')
    if said.links:
        parts.append(links(said.links))
    if said.next_step.text:
        state = session_open.STATES[said.next_step.state].lower()
        promise = f"<strong>{escape(said.next_step.text)}</strong>{session_open.owed(said.next_step, escape)}"
        parts.append(f'<p class="lines"><small>Promised ({state}):</small> {promise}</p>')
    return "".join(parts)


def _last_level(current: Revealed, last: StoredRating) -> str:
    if last.draft.level is None:
        return "we said that we come back to it" if last.draft.comes_back else "not rated"
    name = _level(last, current.last_version)
    return name if current.is_comparable else f"{name}, of an earlier wording; not comparable"


def _level(rating: StoredRating, version: RubricVersion | None) -> str:
    """The level in the words that it was given on; its number where those are not at hand."""
    level = rating.draft.level
    return version.rubric.level(level).label if version and level is not None else str(level)


def links(addresses: Sequence[str]) -> str:
    """Addresses of evidence as links, escaped. What else may stand in the database leads nowhere."""
    shown = "".join(f"<li>{_link(each) if is_link(each) else escape(each)}</li>" for each in addresses)
    return f'<ul class="session-links">{shown}</ul>'


def _link(address: str) -> str:
    return f'<a href="{escape(address)}" target="_blank" rel="noopener noreferrer nofollow">{escape(address)}</a>'


def _agreed(shown: Revealed) -> str:
    """What the team has agreed on by now."""
    now = shown.now
    if now is None:
        return ""
    if now.draft.level is not None:
        level = _level(now, shown.now_version)
        other = "" if shown.is_now_comparable else ", on another wording"
        return f'<p class="agreed">Agreed at {clock(now.saved_at)}: <strong>{escape(level)}</strong>{other}</p>'
    return '<p class="agreed">Agreed to come back to it.</p>' if now.draft.comes_back else ""


def _own(shown: Revealed, mine: Vote) -> str:
    if mine.answer.level is not None:
        return shown.rubric.level(mine.answer.level).label
    return "cannot judge" if mine.answer.cannot_judge else "none"


def _note(mine: Vote) -> str:
    """One's own private note, which is wanted now that people talk; nobody else's page has it."""
    note = mine.answer.note
    return f'<p class="lines"><small>Your private note:</small> {escape(note)}</p>' if note else ""


def _discussion(session: TeamSession) -> str:
    """Until when people talk; nothing once that is over."""
    ends = session.timer_ends_at
    return f"<p>Discussion until {clock(ends)}.</p>" if ends is not None and ends > utc_now() else ""
