"""While the team votes: how many have finished each domain, never what anybody said; and the reveal."""

from collections.abc import Mapping
from html import escape

import streamlit as st

from progressions.people import Principal
from progressions.services import team_sessions
from progressions.team_session import DomainKey, Finished, TeamSession
from progressions.web import guard, installation, paper_counts, push, session_acts, session_asking, session_words
from progressions.web.session_words import Words
from progressions.web.wording import count

LEAST_SECONDS = 3.0  # between two drawings of the counts: nobody taps by them, and eleven screens draw at once
Groups = Mapping[str, Mapping[DomainKey, str]]


def draw(principal: Principal, team: TeamSession) -> None:
    """The counts, live, and the buttons that end the voting."""
    words = session_words.of(principal, team)
    titles = session_words.titles(words)
    groups = _groups(words)
    if len(groups) == 1:
        left, right = st.columns([7, 5], gap="large")
    else:  # a table beside another, so that three rubrics are seen at one glance
        left, right = st.container(), st.container()
    with left:
        _progress(team, groups)
    with right:
        _reveal(principal, team, titles)
    paper_counts.draw(principal, team, words)


def _groups(words: Words) -> Groups:
    """Titles of domains by key, rubric by rubric."""
    found: dict[str, dict[DomainKey, str]] = {}
    for each in words:
        found.setdefault(each.rubric.title, {})[each.key] = each.domain.title
    return found


@st.fragment(run_every=push.ON_WAKING)
def _progress(team: TeamSession, groups: Groups) -> None:
    """Runs while people vote. Where the session itself changes, the panel around it is drawn, and this with it."""
    now = team_sessions.progress(installation.store(), guard.signed_in(), team)
    push.follow(f"progress-{team.id}", now.at, least_seconds=LEAST_SECONDS)
    st.html(_tables(team, now.finished, groups))


def _tables(team: TeamSession, finished: Finished, groups: Groups) -> str:
    people = count(finished.people, "person has", "people have")
    told = f"{finished.done} of {people} finished every domain" if finished.people else "Nobody is here yet"
    several = len(groups) > 1
    tables = "".join(_table(team, finished, rubric if several else "", titles) for rubric, titles in groups.items())
    return f'<div class="session-progress"><h3>{told}</h3><div>{tables}</div></div>'


def _table(team: TeamSession, finished: Finished, caption: str, titles: Mapping[DomainKey, str]) -> str:
    rows = "".join(
        _row(title, finished.by_domain.get(key, 0), finished.people, _state(team, key)) for key, title in titles.items()
    )
    return (
        f"<table>{f'<caption>{escape(caption)}</caption>' if caption else ''}"
        f'<thead><tr><th scope="col">Domain</th><th scope="col">Finished</th></tr></thead><tbody>{rows}</tbody></table>'
    )


def _state(team: TeamSession, key: DomainKey) -> str:
    at = team.domain(key)
    if at is None or not at.revealed_rounds:
        return ""
    return "revealed" if at.is_revealed else "second vote"


def _row(title: str, finished: int, people: int, state: str) -> str:
    share = 100 * finished // people if people else 0
    told = f" <em>{state}</em>" if state else ""
    return (
        f'<tr><th scope="row">{escape(title)}{told}</th>'
        f'<td><span class="bar" style="--share:{share}%" aria-hidden="true"></span> {finished} of {people}</td></tr>'
    )


def _reveal(principal: Principal, team: TeamSession, titles: Mapping[DomainKey, str]) -> None:
    """The domains that are still open, to be revealed one by one or all at once."""
    still = [each.key for each in team.domains if not each.is_revealed]
    if not still:
        st.success("Every domain has been revealed.", icon=":material/visibility:")
        return
    locked = not session_acts.leads(principal, team)
    chosen = st.multiselect(
        "Reveal these domains",
        still,
        format_func=lambda key: titles.get(key, ""),
        key=f"reveal-{_rounds(team)}-{team.id}",  # what was chosen in an earlier round is chosen no more
        disabled=locked,
        placeholder="Choose one or more",
    )
    with st.container(horizontal=True):
        some = st.button("Reveal", icon=":material/visibility:", key="reveal-some", disabled=locked or not chosen)
        whole = st.button("Reveal all", type="primary", key="reveal-all", disabled=locked)
    if some or whole:
        session_asking.ask(principal, team, tuple(chosen) if some else tuple(still))
    session_asking.draw(principal, team, titles)


def _rounds(team: TeamSession) -> str:
    return "-".join(f"{each.round}{'r' if each.is_revealed else ''}" for each in team.domains)
