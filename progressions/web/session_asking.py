"""The question before a reveal: who has not finished, and whose vote would be known. Every reveal goes this way."""

from collections.abc import Iterator, Mapping

import streamlit as st

from progressions.clock import utc_now
from progressions.people import Principal
from progressions.services import reveals
from progressions.services.reveals import Outlook
from progressions.team_session import DomainKey, TeamSession
from progressions.web import domains, installation, session, session_acts, session_words
from progressions.web.wording import count, plain

ASKED = "session-asked-reveal"
Titles = Mapping[DomainKey, str]


def ask(principal: Principal, team: TeamSession, keys: tuple[DomainKey, ...]) -> None:
    """Reveals at once where everybody has finished and nobody can be told; else leaves the question to ``draw``."""
    found = reveals.outlook(installation.store(), principal, team, keys)
    if found.asks_nothing:
        _reveal(principal, team, found)
    session.leave(ASKED, found)


def draw(principal: Principal, team: TeamSession, titles: Titles, only: DomainKey | None = None) -> None:
    """The question that stands, where one does; ``only`` says that it is looked for on one domain alone.

    A press answers what was on the screen, and the service looks whether that is still so; what is drawn is what is
    true now. A question about a round that is over is none any more.
    """
    asked: Outlook | None = session.peek(ASKED)
    if asked is None or asked.session_id != team.id or not session_acts.leads(principal, team):
        return
    keys = tuple(asked.rounds)
    if only is not None and keys != (only,):
        return
    now = reveals.outlook(installation.store(), principal, team, keys)
    if now.rounds != asked.rounds:
        session.leave(ASKED, None)
        return
    told = st.empty()
    with st.container(horizontal=True):
        if st.button("Reveal anyway", type="primary", key="reveal-anyway"):
            _reveal(principal, team, asked)
        if st.button("Wait", key="reveal-wait"):
            session.leave(ASKED, None)
            domains.again()
    session.leave(ASKED, now)
    told.warning("  \n".join(_sentences(now, titles)), icon=":material/hourglass_top:")


def _sentences(found: Outlook, titles: Titles) -> Iterator[str]:
    for number in sorted(set(found.few.values())):
        keys = {key for key, voters in found.few.items() if voters == number}
        people = f"Only {count(number, 'person', 'people')} voted on"
        alone, beside = _listed(keys - found.beside_sheets, titles), _listed(keys & found.beside_sheets, titles)
        if alone:
            yield f"{people} {alone}: everybody will see what they said."
        if beside:
            yield f"{people} {beside} by phone: whoever has read the paper sheets will know what they said."
    if found.empty:
        yield f"Nobody has voted on {_listed(found.empty, titles)}."
    if found.waiting:
        yield _waiting(found.waiting, titles)
    if found.asks_nothing:
        yield "Everybody has finished by now."


def _waiting(waiting: Mapping[DomainKey, int], titles: Titles) -> str:
    most = max(waiting, key=waiting.__getitem__)
    people = count(waiting[most], "person has", "people have")
    others = count(len(waiting) - 1, "more domain is", "more domains are") if len(waiting) > 1 else ""
    more = f"; {others} not finished by everybody" if others else ""
    told = f"{people} not finished {plain(titles.get(most, ''))}{more}."
    return f"{told} What they have not voted by now is not counted."


def _listed(keys: set[DomainKey] | frozenset[DomainKey], titles: Titles) -> str:
    return plain(session_words.first_few([title for key, title in titles.items() if key in keys]))


def _reveal(principal: Principal, team: TeamSession, agreed: Outlook) -> None:
    """Shows the votes to everybody, and goes where they are talked about."""
    keys = tuple(agreed.rounds)

    def show() -> None:
        reveals.reveal(installation.store(), principal, team, keys, utc_now(), agreed=agreed)
        session.leave(ASKED, None)
        st.query_params[session_acts.STEP] = session_acts.AGREE
        if len(keys) == 1:
            st.query_params[domains.DOMAIN] = session_words.code_of(keys[0])
        else:  # the most mixed first, whatever was talked about before
            domains.leave(session_words.place_of(team))

    session_acts.act(show)
