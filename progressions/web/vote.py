"""A rater's screen: one domain at a time, its descriptors in full, one tap, saved at once; then what the team said.

Saving happens in the body of the script, never in a callback: after a restart of the server the first tap's callback
does not run. How a page is told from one that is out of date: see ``pens``. A tap redraws as little as can be, because
a hall of phones taps at one moment; and nothing here asks the server by itself: it is told of a reveal (``push``).
"""

from dataclasses import replace
from html import escape
from textwrap import shorten

import streamlit as st

from progressions.clock import utc_now
from progressions.errors import ChangedMeanwhileError, NotAllowedError, UserError
from progressions.rubric import Domain, Rubric
from progressions.services import voting
from progressions.services.ratings import LONGEST_TEXT
from progressions.services.voting import Ballot
from progressions.team_session import Answer, DomainKey, SessionDomain, Vote
from progressions.text import without_turns
from progressions.web import (
    device_routes,
    domains,
    guard,
    installation,
    join_routes,
    pens,
    push,
    revealed_view,
    say,
    session,
    session_caches,
    to_the_top,
)
from progressions.web.pens import Keys
from progressions.web.session_words import code_of
from progressions.web.wording import SIDES, clock, count, label, plain

CANNOT_JUDGE = "Cannot judge"
WHY_CANNOT = "I have not seen enough of this to say. That is an answer too."
TOLD = "vote-told"  # the note that an earlier run leaves about a tap that came too late
ELSEWHERE = "You voted on another screen. This is what stands now."
LONGEST_CALLED = 30  # characters of a name in a link beside others
LONGEST_LED_TO = 45  # characters of a title in a button of two lines
LOOK = "look"
AGAIN = "again"
REVEALED = "●"


def head(ballot: Ballot) -> None:
    """Whose session this is, and who somebody is in it: stays as it is while the page is open."""
    st.markdown(f"**{plain(ballot.session.partnership_title)}** · :small[{_who(ballot)}]")


@st.fragment(run_every=push.ON_WAKING)
def panel() -> None:
    """The open domain and the way to the others. A tap on a level redraws ``_choice`` within it, and nothing else.

    Whatever leads elsewhere is drawn, or at least asked, after the card: a note that came with its press is saved then.
    """
    ballot = guard.rater()
    push.follow(place_of(ballot), ballot.session.revision)
    codes = {code_of(each.key): each for each in ballot.session.domains}
    open_code = domains.opened(place_of(ballot), list(codes), _first_unanswered(ballot))
    above = st.container(key="vote-above")
    if codes[open_code].is_revealed or not ballot.session.is_open:
        _revealed(ballot, codes[open_code])
    else:
        _card(ballot, codes[open_code])
    with above:
        domains.picker(place_of(ballot), list(codes), open_code, _marks(guard.tapping()))  # with what was just saved
        _told()  # comes and goes, as what scrolls does: last here, so that nothing moves by it
        to_the_top.of(f"{place_of(ballot)}-{open_code}")
    with st.container(key="vote-foot"):  # stays in sight on a phone, and the line above it that says what is saved
        _elsewhere(ballot, open_code)
        domains.steps(list(codes), open_code)


def place_of(ballot: Ballot) -> str:
    """The session as a page names it, for what it follows and for what it has open."""
    return f"session-{ballot.session.id}"


def _who(ballot: Ballot) -> str:
    name = plain(ballot.seat.name)
    side = SIDES[ballot.seat.side]
    return f"{name}, {side}" if name else side


def _first_unanswered(ballot: Ballot) -> str:
    open_ones = [each.key for each in ballot.session.domains if not each.is_revealed]
    left = [key for key in open_ones if not ballot.vote(key).answer.is_given]
    return code_of((left or open_ones or [ballot.session.domains[0].key])[0])


def _marks(ballot: Ballot) -> dict[str, str]:
    marks = {code_of(v.key): domains.DONE for v in ballot.votes.values() if v.answer.is_given}
    return marks | {code_of(each.key): REVEALED for each in ballot.session.domains if each.is_revealed}


def _told() -> None:
    """What became of a tap that came too late."""
    told = session.take(TOLD)
    if told:
        st.warning(told, icon=":material/sync_problem:")


def _card(ballot: Ballot, at: SessionDomain) -> None:
    """The domain to vote on."""
    rubric = session_caches.words(ballot.principal, at.key.rubric, at.version).rubric
    domain = rubric.domain(at.key.domain)
    area = f" :gray[:small[{plain(domain.area)}]]" if domain.area else ""
    st.subheader(f"{plain(domain.title)}{area}", anchor=False)
    if at.round > 1:
        st.caption(f"Vote {at.round}: after what you have heard, what do you say now?")
    with st.container(key="levels"):
        _choice(at.key, rubric)
    _note(ballot, at)
    _other_self(ballot)


def _other_self(ballot: Ballot) -> None:
    """Back to the form of joining, for a wrong side or somebody else's phone; and on to another device of one's own."""
    name = without_turns(ballot.seat.name)[:LONGEST_CALLED]
    asked = f"Not {name}? Change name, side or role" if name else "Change side or role"
    links = {f"/join/{ballot.session.room_code}?{join_routes.ANEW}": asked} if ballot.session.room_code else {}
    links[device_routes.DEVICE] = device_routes.TITLE
    st.html(
        " · ".join(f'<a href="{escape(at)}" style="color: inherit">{escape(words)}</a>' for at, words in links.items())
    )


@st.fragment
def _choice(key: DomainKey, rubric: Rubric) -> None:
    """The levels, and all that a tap on one redraws: themselves, and the line of what the database holds then."""
    ballot = guard.tapping()
    at = _still_open(ballot, key)
    vote = ballot.vote(key)
    keys = _keys(ballot, at, vote)
    chosen = _choose(rubric, rubric.domain(key.domain), vote.answer, keys.of("level"))
    # A tap that ends the typing of the note comes in one message with it, and runs this part of the page alone.
    answer = replace(chosen, note=_bare(session.typed(keys.of("note"), vote.answer.note)))
    if answer != vote.answer:
        vote = _save(ballot, vote, answer, keys)
    st.markdown(_status(ballot, vote))


def _note(drawn: Ballot, at: SessionDomain) -> None:
    """A private note. A tap on a level does not redraw it."""
    ballot = guard.tapping()  # with what the levels have just saved
    vote = ballot.vote(at.key)
    keys = _keys(ballot, at, vote)
    typed = st.text_input(
        "A private note, for yourself",
        vote.answer.note,
        max_chars=LONGEST_TEXT,
        key=keys.of("note"),
        placeholder="Nobody else sees it",
        live=pens.PAUSE,
    )
    answer = replace(vote.answer, note=_bare(typed))
    if answer != vote.answer:
        vote = _save(ballot, vote, answer, keys)
    with st.container():
        if vote.answer.note != drawn.vote(at.key).answer.note:
            st.caption(f":material/check_circle: Note saved {clock(vote.saved_at)}")


def _bare(typed: str | None) -> str:
    return without_turns(typed or "").strip()


def _still_open(ballot: Ballot, key: DomainKey) -> SessionDomain:
    """The domain, as long as it can be voted on; otherwise the page is drawn anew, with what the team said."""
    at = ballot.session.domain(key)
    if at is None or at.is_revealed or not ballot.session.is_open:
        st.rerun()
    return at


def _keys(ballot: Ballot, at: SessionDomain, vote: Vote) -> Keys:
    place = f"vote|{ballot.seat.id}|{code_of(at.key)}|{at.round}"
    return pens.keys(place, vote, _fields(vote.answer), lambda: session.leave(TOLD, ELSEWHERE))


def _fields(answer: Answer) -> pens.Fields:
    return {"level": (answer.level, answer.cannot_judge), "note": answer.note}


def _choose(rubric: Rubric, domain: Domain, stored: Answer, key: str) -> Answer:
    names = {str(level.position): level.label for level in rubric.levels}
    options = [*names, CANNOT_JUDGE]
    stands = CANNOT_JUDGE if stored.cannot_judge else str(stored.level)
    chosen = st.radio(
        f"Level of {label(domain.title)}",
        options,
        index=options.index(stands) if stands in options else None,
        format_func=lambda option: label(names.get(option, CANNOT_JUDGE)),
        captions=[*map(plain, domain.descriptors), WHY_CANNOT],
        key=key,
        horizontal=True,
        label_visibility="collapsed",
        width="stretch",
    )
    if chosen not in options:  # no tap takes an answer back: what is none of the options says nothing
        return stored
    return Answer(int(chosen) if chosen in names else None, chosen == CANNOT_JUDGE)


def _save(ballot: Ballot, vote: Vote, answer: Answer, keys: Keys) -> Vote:
    try:
        saved = voting.save_vote(
            installation.store(),
            ballot.principal,
            vote.key,
            answer,
            base=vote.row_version,
            pen=pens.holding(keys),
            now=utc_now(),
        )
    except ChangedMeanwhileError as problem:
        session.leave(TOLD, str(problem))
        st.rerun()
    except NotAllowedError:  # the seat was taken away, or the session is long over: the page says so
        st.rerun()
    except UserError as problem:
        say.refused(problem, "Not saved. ")
        return vote
    pens.saved(keys, saved, _fields(saved.answer))
    guard.has_voted(ballot, saved)
    return saved


def _status(ballot: Ballot, vote: Vote) -> str:
    """What the database holds, as read back; never what the screen hopes."""
    answered = replace(ballot, votes={**ballot.votes, vote.key: vote}).finished
    progress = f"{answered} of {count(len(ballot.session.domains), 'domain')} answered"
    if vote.row_version == 0:
        return f"One tap saves; change your mind until the reveal. {progress}"
    if not vote.answer.is_given:
        return f"Not answered yet. {progress}"
    said = CANNOT_JUDGE if vote.answer.cannot_judge else f"level {vote.answer.level}"
    return f":material/check_circle: **Saved {clock(vote.saved_at)}: {said}** · {progress}"


def _elsewhere(ballot: Ballot, open_code: str) -> None:
    """Leads to where the team is, while this rater is at another domain: a second vote, or what was said last."""
    others = [each for each in ballot.session.domains if code_of(each.key) != open_code]
    again = [each for each in others if _is_asked_again(ballot, each)]
    if again:
        _leads(ballot, again[0], "Vote again", ":material/how_to_vote:", AGAIN)
        return
    here = next(each for each in ballot.session.domains if code_of(each.key) == open_code)
    told = [each for each in others if each.is_revealed]
    if told and not here.is_revealed:
        latest = max(told, key=lambda each: each.revealed_at or utc_now())
        _leads(ballot, latest, "See what your team said", ":material/visibility:", LOOK)


def _is_asked_again(ballot: Ballot, at: SessionDomain) -> bool:
    return at.round > 1 and not at.is_revealed and ballot.session.is_open and not ballot.vote(at.key).answer.is_given


def _leads(ballot: Ballot, at: SessionDomain, words: str, icon: str, key: str) -> None:
    title = session_caches.words(ballot.principal, at.key.rubric, at.version).rubric.domain(at.key.domain).title
    if st.button(
        f"{words}: {label(shorten(title, LONGEST_LED_TO, placeholder=' …'))}", icon=icon, key=key, width="stretch"
    ):
        domains.go_to(code_of(at.key))


def _revealed(ballot: Ballot, at: SessionDomain) -> None:
    """What the team said of a domain, or that the session is over."""
    if not ballot.session.is_open:
        st.info("The session is closed. Thank you for taking part.", icon=":material/flag:")
    shown = {each.key: each for each in session_caches.revealed(ballot.principal, ballot.session)}
    if at.key in shown:
        revealed_view.on_phone(shown[at.key], ballot.vote(at.key), ballot.session)
        return
    rubric = session_caches.words(ballot.principal, at.key.rubric, at.version).rubric
    st.subheader(plain(rubric.domain(at.key.domain).title), anchor=False)
    st.caption("The votes on this domain were not revealed.")
