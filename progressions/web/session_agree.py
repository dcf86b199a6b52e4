"""Agreeing on one domain: level, evidence, what convinced the team, the next step, and why a level moved.

How a tap is saved, and how two facilitators meet at one rating: see ``rating_form`` and ``pens``.
"""

from dataclasses import replace

import streamlit as st

from progressions.people import Principal
from progressions.ratings import Hindsight, RatingDraft, Reason, StoredRating
from progressions.rubric import Rubric
from progressions.services.ratings import is_link
from progressions.services.reveals import Revealed, rating_key
from progressions.team_session import TeamSession
from progressions.web import rating_form, session_caches
from progressions.web.pens import Keys
from progressions.web.wording import day, label, plain


def draw(principal: Principal, team: TeamSession, current: Revealed) -> StoredRating:
    """The form of one domain, with what was saved of it: the rating as the database holds it now."""
    stored = current.now or StoredRating(rating_key(team, current.key), RatingDraft(), current.at.version, 0)
    keys = rating_form.keys(stored)
    st.subheader("What do we agree on?", anchor=False)
    level = _level(principal, current, stored, keys)
    draft = _texts(stored, keys)
    comes_back = _comes_back(stored, level, keys)
    draft = replace(
        draft,
        level=level,
        comes_back=comes_back,
        reason=_reason(current, stored, level, keys),
        hindsight=_hindsight(current, stored, keys),
    )
    saved = rating_form.save_if_changed(principal, stored, draft, keys, current.at.version)
    rating_form.status(principal, saved, keys)
    return saved


def _level(principal: Principal, current: Revealed, stored: StoredRating, keys: Keys) -> int | None:
    """The level that is chosen now. A level agreed on other words is shown in those, and stays until it is cleared."""
    if stored.is_rated and stored.rubric_version != current.at.version:
        version = session_caches.words(principal, current.key.rubric, stored.rubric_version)
        old = version.rubric.domain(current.key.domain)
        if (old.descriptors, version.rubric.levels) != (current.domain.descriptors, current.rubric.levels):
            rating_form.say_old_words(version)
            rating_form.read_levels(version.rubric, old, stored.draft.level)
            return stored.draft.level
    return rating_form.choose_level(current.rubric, current.domain, stored.draft.level, keys)


def _comes_back(stored: StoredRating, level: int | None, keys: Keys) -> bool:
    """An outcome too, where no level is agreed."""
    if level is not None:
        return stored.draft.comes_back and level == stored.draft.level  # to look at it changes nothing
    return st.checkbox("We agree to come back to it", stored.draft.comes_back, key=keys.of("back"))


def _texts(stored: StoredRating, keys: Keys) -> RatingDraft:
    said = stored.draft
    left, right = st.columns(2, gap="large")
    with left:
        asked = "Evidence: what did you see that says so?"
        evidence = rating_form.long_text(asked, said.evidence, "evidence", stored, keys)
        links = _links(stored, keys)
    with right:
        convinced = rating_form.long_text("What convinced us?", said.convinced, "convinced", stored, keys, height=68)
        step = rating_form.next_step(stored, keys)
    return replace(said, evidence=evidence, links=links, convinced=convinced, next_step=step)


def _links(stored: StoredRating, keys: Keys) -> tuple[str, ...]:
    """What is no address is said and left out, so that it holds nothing else back."""
    before = "\n".join(stored.draft.links)
    typed = rating_form.long_text("Links, one a line", before, "links", stored, keys, height=68)
    for line in rating_form.lines_of(typed):
        if not is_link(line):
            st.error(f"“{plain(line[:80])}” is not kept: a link begins with https:// or http://.")
    return rating_form.links_in(typed)


def _reason(current: Revealed, stored: StoredRating, level: int | None, keys: Keys) -> Reason | None:
    """A move asks for its reason."""
    last = current.last_time
    if level is None or last is None or last.draft.level in (None, level) or not current.is_comparable:
        return stored.draft.reason if level == stored.draft.level else None  # to look at it changes nothing
    name = plain(current.rubric.level(last.draft.level).label)
    return rating_form.reason(f"Last time ({day(last.key.held_on)}): {name}. Why did it move?", stored, keys)


def _hindsight(current: Revealed, stored: StoredRating, keys: Keys) -> Hindsight | None:
    """Last time re-rated; it stands beside last time's rating, never in its place."""
    last = current.last_time
    if last is None or last.draft.level is None:
        return stored.draft.hindsight
    before = stored.draft.hindsight
    with st.expander("Last time, knowing what we know now", icon=":material/history:", expanded=before is not None):
        level = st.pills(
            f"On {day(last.key.held_on)} we would now say",
            [each.position for each in current.rubric.levels],
            default=before.level if before else None,
            format_func=lambda position: _name(current.rubric, position),
            key=keys.of("hindsight"),
        )
    return Hindsight(last.key.held_on, level) if level is not None else None


def _name(rubric: Rubric, position: int) -> str:
    return label(rubric.level(position).label)
