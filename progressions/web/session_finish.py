"""The end of a session: what was agreed, what the team comes back to, and the way to the movement."""

from collections.abc import Mapping
from html import escape

import streamlit as st

from progressions.people import Principal
from progressions.ratings import StoredRating
from progressions.services import agreeing
from progressions.services.agreeing import Ratings
from progressions.team_session import DomainKey, Outcomes, TeamSession
from progressions.web import choose, installation, navigation, session_acts, session_caches, session_words
from progressions.web.session_words import Words
from progressions.web.wording import clock, day


def draw(principal: Principal, team: TeamSession) -> None:
    """Every domain with what was agreed on it."""
    words = session_words.of(principal, team)
    said = agreeing.agreed(installation.store(), principal, team)
    st.html(_table(words, said, _agreed_by_domain(principal, said), session_words.titles(words)))
    with st.container(horizontal=True, vertical_alignment="center"):
        st.page_link(
            navigation.page(navigation.MOVEMENT),
            label="See how you have moved",
            icon=":material/arrow_forward:",
            query_params={
                choose.PARTNERSHIP: team.partnership,
                choose.CONVENING: team.held_on.isoformat(),
                choose.RUBRIC: words[0].key.rubric,
            },
        )
        session_acts.close(principal, team)
        if team.closed_at is not None:
            st.caption(f"Closed {clock(team.closed_at)}. What was said stays.")


def _table(words: Words, said: Ratings, agreed: Mapping[DomainKey, str], titles: Mapping[DomainKey, str]) -> str:
    rows = "".join(_row(titles[each.key], agreed.get(each.key, "Not rated"), said.get(each.key)) for each in words)
    heads = "".join(f'<th scope="col">{name}</th>' for name in ("Domain", "Agreed", "Next step"))
    return (
        f'<table class="session-agreed"><caption>{_told(words, said)}</caption>'
        f"<thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>"
    )


def _told(words: Words, said: Ratings) -> str:
    here = Outcomes.of((each.key, said[each.key].draft) for each in words if each.key in said)
    return session_words.told_agreed(here, len(words))


def _row(title: str, agreed: str, rating: StoredRating | None) -> str:
    return f'<tr><th scope="row">{escape(title)}</th><td>{escape(agreed)}</td><td>{_step(rating)}</td></tr>'


def _agreed_by_domain(principal: Principal, said: Ratings) -> dict[DomainKey, str]:
    """What was agreed, in the words that it was agreed on: Self-assess may have used later ones than the session."""
    found = {key: "We come back to it" for key, rating in said.items() if rating.draft.comes_back}
    for key, rating in said.items():
        if rating.draft.level is not None:
            rubric = session_caches.words(principal, key.rubric, rating.rubric_version).rubric
            found[key] = rubric.level(rating.draft.level).label
    return found


def _step(rating: StoredRating | None) -> str:
    if rating is None or not rating.draft.next_step.text:
        return ""
    step = rating.draft.next_step
    by = ", ".join(part for part in (step.owner, f"by {day(step.due)}" if step.due else "") if part)
    return escape(step.text) + (f" <small>{escape(by)}</small>" if by else "")
