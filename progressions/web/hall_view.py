"""All sessions of a convening at once: a card for each partnership on the desk, a tile for each on the stage."""

from collections.abc import Iterable, Mapping
from datetime import date
from html import escape
from math import ceil, sqrt

import streamlit as st

from progressions.clock import utc_now
from progressions.people import Principal
from progressions.ratings import Convening
from progressions.services import hall
from progressions.services.hall import LONGEST_COUNTDOWN, Hall, Place
from progressions.team_session import DomainKey, SessionDomain
from progressions.web import (
    choose,
    guard,
    installation,
    push,
    session_acts,
    session_caches,
    session_timer,
    session_words,
)
from progressions.web.wording import count

VIEW, DESK, STAGE, ROLES = "view", "desk", "stage", "roles"
VIEWS = {DESK: "Desk", STAGE: "Stage", ROLES: "By role"}
LEAST_SECONDS = 2.0  # between two drawings: three hundred people tap, and one screen tells of it
MINUTES = 10
MANY = 20  # sessions, from which the stage's tiles are small, and as high as the screen has room for
LONGEST_TITLE, LONGEST_OF_MANY = 72, 54  # characters of a title on a tile: three lines, and four small ones


def view() -> str:
    """Which of the three views is open; the address says it, so that the stage's own computer can be sent there."""
    return choose.one_of_few("View", VIEWS, VIEW)


def draw(convening: Convening, shown: str) -> None:
    """The hall, and on the stage its tiles large enough for the last row."""
    with st.container(key="hall-stage" if shown == STAGE else "hall-desk"):
        panel(convening.id, convening.held_on, is_stage=shown == STAGE)


@st.fragment(run_every=push.ON_WAKING)
def panel(convening_id: int, held_on: date, *, is_stage: bool) -> None:
    """Everything that moves. Drawn anew when anybody joins, finishes, reveals or agrees, and nobody has to ask."""
    principal = guard.staff()
    found = hall.watch(installation.store(), principal, held_on, utc_now())
    push.follow(f"hall-{convening_id}", found.revision, least_seconds=LEAST_SECONDS)
    session_acts.problem()
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center", key="hall-head"):
        st.html(_together(found), width="content")
        if found.timed is not None:
            session_timer.draw(found.timed)
        _countdown(principal, held_on, found)
    st.html(_tiles(found) if is_stage else _waited_for(found) + _cards(principal, found))


def _countdown(principal: Principal, held_on: date, found: Hall) -> None:
    """Minutes for everybody: the countdown of each open session is set, so that all screens show one."""
    store = installation.store()
    with st.popover("Countdown", icon=":material/timer:"):
        minutes = st.number_input("Minutes, for all sessions", 1, LONGEST_COUNTDOWN, MINUTES, key="hall-minutes")
        if st.button("Start for all", type="primary", key="hall-start", width="stretch"):
            session_acts.act(lambda: hall.set_countdown(store, principal, held_on, minutes, utc_now()))
        if found.timed is not None and st.button("Stop for all", key="hall-stop", width="stretch"):
            session_acts.act(lambda: hall.set_countdown(store, principal, held_on, 0, utc_now()))


def _together(found: Hall) -> str:
    """Who is here in all."""
    people = sum(place.finished.people for place in found.places)
    done = sum(place.finished.done for place in found.places)
    opened = sum(place.session is not None for place in found.places)
    told = (
        f"<b>{opened} of {count(len(found.places), 'session')}</b> opened · <b>{count(people, 'person', 'people')}</b>"
    )
    return f'<p class="hall-together">{told} here · <b>{done}</b> finished all</p>'


def _waited_for(found: Hall) -> str:
    """Who has not begun, by name, on the desk alone: on the stage their tiles say so, and no list hangs there."""
    waited = ", ".join(each.title for each in found.not_begun)
    told = f"Not begun: {escape(waited)}" if waited else "Every partnership has begun."
    return f'<p class="hall-together">{told}</p>'


def _cards(principal: Principal, found: Hall) -> str:
    numbered = _numbered(principal, found)
    cards = "".join(_card(place, numbered) for place in found.places)
    legend = "".join(f"<li>{escape(title)}</li>" for title in numbered.values())
    named = f"<h3>The domains by number</h3><ol>{legend}</ol>" if legend else ""
    return f'<div class="hall-cards">{cards}</div><div class="hall-legend">{named}</div>'


def _numbered(principal: Principal, found: Hall) -> dict[DomainKey, str]:
    """Titles of all domains that any session is about, in the order of their rubrics."""
    versions: dict[str, int] = {}
    there: set[DomainKey] = set()
    for each in _domains(found.places):
        versions[each.key.rubric] = max(each.version, versions.get(each.key.rubric, 0))
        there.add(each.key)
    several = len(versions) > 1
    titles: dict[DomainKey, str] = {}
    for code in sorted(versions):
        rubric = session_caches.words(principal, code, versions[code]).rubric
        for domain in rubric.domains:
            titles[DomainKey(code, domain.code)] = f"{rubric.title}: {domain.title}" if several else domain.title
    known = {key: title for key, title in titles.items() if key in there}
    return known | {key: key.domain for key in sorted(there - set(known), key=lambda key: (key.rubric, key.domain))}


def _domains(places: Iterable[Place]) -> Iterable[SessionDomain]:
    return (each for place in places if place.session is not None for each in place.session.domains)


def _card(place: Place, numbered: Mapping[DomainKey, str]) -> str:
    numbers = {key: number for number, key in enumerate(numbered, start=1)}
    domains = sorted(place.session.domains, key=lambda each: numbers[each.key]) if place.session else []
    chips = "".join(_chip(place, each, numbers[each.key], numbered[each.key]) for each in domains)
    return (
        f"<section><div><h3>{escape(place.partnership.title)}</h3><p>{escape(_state(place))}</p>"
        f"<p>{escape(_people(place))}</p></div>{f'<ul>{chips}</ul>' if chips else ''}</section>"
    )


def _state(place: Place) -> str:
    session = place.session
    if session is None:
        number = len(place.said.agreed)
        rated = f" · {count(number, 'domain')} rated without one" if number else ""
        return f"Not opened yet{rated}"
    state = "Open" if session.is_open else "Closed"
    return f"{state} · {session.led_by} leads"


def _people(place: Place) -> str:
    if place.session is None:
        return ""
    if not place.session.has_votes:
        return f"Without votes · {session_words.told_agreed(place.said, len(place.session.domains))}"
    finished = place.finished
    if not finished.people:
        return "Nobody here yet" if place.session.is_open else "Nobody here"
    return f"{finished.people} here · {finished.begun} begun · {finished.done} finished all"


def _chip(place: Place, at: SessionDomain, number: int, title: str) -> str:
    """One domain of one session: how many have finished it, and whether it is revealed, agreed or come back to."""
    state = _domain_state(place, at)
    done = f"{place.finished.by_domain.get(at.key, 0)} of {place.finished.people}"
    votes = place.session is not None and place.session.has_votes and place.finished.people
    answered = done if votes else ""  # of nobody there is nothing to count
    kind = f' class="{state.split()[0]}"' if state else ""
    return (
        f'<li{kind}><b>{number}</b><span class="hall-title">{escape(title)}:</span> '
        f"<span>{answered}</span> <em>{state}</em></li>"
    )


def _domain_state(place: Place, at: SessionDomain) -> str:
    if at.key in place.said.agreed:
        return "agreed"
    if at.key in place.said.back:
        return "come back to it"
    if not at.revealed_rounds:
        return ""
    return "revealed" if at.is_revealed else "second vote"


def _tiles(found: Hall) -> str:
    number = len(found.places)
    columns = _columns(number)
    rows = ceil(number / columns)
    longest = LONGEST_OF_MANY if number >= MANY else LONGEST_TITLE
    tiles = "".join(_tile(place, longest) for place in found.places)
    kind = "hall-tiles many" if number >= MANY else "hall-tiles"
    return f'<ul class="{kind}" style="--columns:{columns};--rows:{rows}">{tiles}</ul>'


def _columns(tiles: int) -> int:
    """As many as make tiles of about two to one on a screen of sixteen to nine; of many, tiles that are less wide:
    titles break into lines, and each row of tiles costs the height of its state and its bar."""
    wide = 1.6 if tiles >= MANY else 1.0
    return max(1, min(tiles, ceil(sqrt(wide * tiles))))


def _shortened(title: str, longest: int) -> str:
    """A title of at most so many characters, cut in its middle: names that begin alike often differ at their ends."""
    if len(title) <= longest:
        return title
    end = longest // 2
    return f"{title[: longest - end - 1].rstrip()}…{title[-end:].lstrip()}"


def _tile(place: Place, longest: int) -> str:
    told, share = _progress(place)
    kind = "open" if place.session and place.session.is_open else "rests"
    return (
        f'<li class="{kind}"><h3>{escape(_shortened(place.partnership.title, longest))}</h3>'
        f'<p>{escape(told)}</p><span class="bar" style="--share:{share}%" aria-hidden="true"></span></li>'
    )


def _progress(place: Place) -> tuple[str, int]:
    """Where a session is, in words for the whole hall, and its share of the way in percent.

    While people vote, how many have finished; afterwards, how many domains are agreed.
    """
    session, finished = place.session, place.finished
    if session is None:
        return "Not begun", 0
    domains = len(session.domains)
    if place.said.settled or place.revealed or not session.has_votes:
        agreed = len(place.said.agreed)
        told = f"{agreed} of {domains} agreed"
        return (told if session.is_open else f"{told}, closed"), _share(agreed, domains)
    if not session.is_open:
        return "Closed", 0
    if not finished.begun:
        return (f"{finished.people} here" if finished.people else "Open"), 0
    return f"{finished.done} of {finished.people} finished", _share(_answers(place), finished.people * domains)


def _answers(place: Place) -> int:
    return sum(place.finished.by_domain.values())


def _share(part: int, whole: int) -> int:
    return 100 * part // whole if whole else 0
