"""What a team says of one domain, as widgets, and its saving: for self-assessment and for a team's session alike.

Saving happens in the body of the script: after a restart of the server the first tap's callback does not run. A text
is saved in a callback before that, because it arrives with the press of whatever ended the typing (a step, another
domain, the menu), and that may lead away before the text's own widget is reached. How a page is told from one that is
out of date: see ``pens``.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace

import streamlit as st

from progressions.clock import utc_now
from progressions.errors import ChangedMeanwhileError, UserError
from progressions.people import Principal
from progressions.permissions import can_rate
from progressions.ratings import REASONS, NextStep, RatingDraft, RatingKey, Reason, StoredRating
from progressions.rubric import Domain, Rubric, RubricVersion
from progressions.services import ratings
from progressions.services.ratings import LONGEST_TEXT, is_link
from progressions.text import without_turns
from progressions.web import domains, guard, installation, pens, push, record_view, say, session
from progressions.web.pens import Keys
from progressions.web.wording import clock, label, plain

Put = Callable[[RatingDraft, str], RatingDraft]
"""What a draft becomes with what was typed in one of its texts."""
TYPED: Mapping[str, Put] = {
    "evidence": lambda draft, text: replace(draft, evidence=text),
    "links": lambda draft, text: replace(draft, links=links_in(text)),
    "convinced": lambda draft, text: replace(draft, convinced=text),
    "step": lambda draft, text: replace(draft, next_step=replace(draft.next_step, text=text)),
    "owner": lambda draft, text: replace(draft, next_step=replace(draft.next_step, owner=text)),
}


def place(key: RatingKey) -> str:
    """The name of a rating among all that a page may show.

    Two networks may have a partnership, a day and a domain of the same codes: nothing that was tapped or typed in one
    may reach the other, nor be saved as another person's.
    """
    return f"{session.whose()}|{key.partnership}|{key.held_on}|{key.rubric}|{key.domain}"


def fields(draft: RatingDraft) -> pens.Fields:
    """What stands in each of the widgets."""
    step = draft.next_step
    return {
        "level": draft.level,
        "reason": draft.reason,
        "back": draft.comes_back,
        "hindsight": draft.hindsight,
        "evidence": draft.evidence,
        "links": draft.links,
        "convinced": draft.convinced,
        "step": step.text,
        "owner": step.owner,
        "due": step.due,
        "state": step.state,
    }


def keys(stored: StoredRating) -> Keys:
    """The keys of a rating's widgets; ``status`` says so where somebody else has saved since this page showed it."""
    here = place(stored.key)
    return pens.keys(here, stored, fields(stored.draft), lambda: session.leave(_changed(here), True))


def _changed(here: str) -> str:
    return f"changed-{here}"


def links_in(text: str) -> tuple[str, ...]:
    """The addresses among the lines of a text."""
    return tuple(line for line in lines_of(text) if is_link(line))


def lines_of(text: str) -> list[str]:
    """Lines with something in them."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def say_old_words(version: RubricVersion) -> None:
    """Why a level cannot be chosen: the one that is stored was agreed on other words than today's."""
    st.info(
        f"Agreed on the words of {version.label}, which are shown here. They have changed since: to agree on "
        "today's words, go back to not rated first.",
        icon=":material/history:",
    )


def read_levels(rubric: Rubric, domain: Domain, agreed: int | None) -> None:
    """The descriptors to read, side by side; the agreed one says so."""
    for column, level, text in zip(st.columns(len(rubric.levels)), rubric.levels, domain.descriptors, strict=True):
        with column.container(border=True, height="stretch"):
            mark = ":material/check_circle: " if level.position == agreed else ""
            st.markdown(f"{mark}**{plain(level.label)}**" + (" :small[agreed]" if mark else ""))
            st.markdown(plain(text))


def choose_level(rubric: Rubric, domain: Domain, agreed: int | None, keys: Keys) -> int | None:
    """The level that is chosen now: its whole card is the target of a tap."""
    positions = [level.position for level in rubric.levels]
    names = {level.position: label(level.label) for level in rubric.levels}
    with st.container(key="levels"):
        chosen = st.radio(
            f"Level of {label(domain.title)}",
            positions,
            index=positions.index(agreed) if agreed in positions else None,
            format_func=names.__getitem__,
            captions=[plain(text) for text in domain.descriptors],
            key=keys.of("level"),
            horizontal=True,
            label_visibility="collapsed",
            width="stretch",
        )
    return chosen if chosen in positions else agreed  # no tap takes a level back: what is no option says nothing


def reason(question: str, stored: StoredRating, keys: Keys, *, locked: bool = False) -> Reason | None:
    """Why a rating moved."""
    return st.pills(
        question,
        list(REASONS),
        default=stored.draft.reason,
        format_func=REASONS.__getitem__,
        key=keys.of("reason"),
        disabled=locked,
    )


def long_text(
    title: str, text: str, field: str, stored: StoredRating, keys: Keys, *, locked: bool = False, height: int = 120
) -> str:
    """A text of several lines, without blanks at its ends; ``field`` is one of ``TYPED``."""
    key = keys.of(field)
    typed = st.text_area(
        title,
        text,
        max_chars=LONGEST_TEXT,
        key=key,
        disabled=locked,
        height=height,
        on_change=_keep,
        args=(stored, field, key),
    )
    return _bare(typed)


def _bare(typed: str | None) -> str:
    return without_turns(typed or "").strip()


def next_step(stored: StoredRating, keys: Keys, *, locked: bool = False) -> NextStep:
    """What the team promises, who owns it, by when. What has become of it stays as it is."""
    step = stored.draft.next_step
    text = long_text("Next step: what will you do?", step.text, "step", stored, keys, locked=locked, height=68)
    left, right = st.columns(2)
    key = keys.of("owner")
    owner = left.text_input(
        "Who owns it",
        step.owner,
        max_chars=120,
        key=key,
        disabled=locked,
        on_change=_keep,
        args=(stored, "owner", key),
        live=pens.PAUSE,
    )
    due = right.date_input("By when", step.due, key=keys.of("due"), disabled=locked)
    return NextStep(text, _bare(owner), due, step.state)


def _keep(drawn: StoredRating, field: str, widget: str) -> None:
    """Saves a text as soon as it arrives. Whatever is in its way is left to the body of the script, which says so."""
    key, principal = drawn.key, guard.present()
    known = session.shown(place(key))
    if principal is None or known is None or not session.is_drawn_for(principal):  # it was typed for somebody else
        return
    if not can_rate(principal, key.partnership):
        return
    try:
        stored = ratings.rating(installation.store(), principal, key) or replace(drawn, row_version=0)
        draft = TYPED[field](stored.draft, _bare(session.typed(widget, "")))
        if known.row_version == stored.row_version and draft != stored.draft:
            _store(principal, stored, draft, Keys(place(key), known.bases), drawn.rubric_version)
    except UserError:
        return


def save_if_changed(
    principal: Principal, stored: StoredRating, draft: RatingDraft, shown: Keys, words: int | None = None
) -> StoredRating:
    """Saves what the widgets say where it is not what is stored; ``shown`` holds the keys of the widgets.

    ``words`` is the number of the version whose words were shown, None for the latest.
    """
    if draft == stored.draft or not can_rate(principal, stored.key.partnership):
        return stored
    return save(principal, stored, draft, shown, words)


def save(
    principal: Principal, stored: StoredRating, draft: RatingDraft, shown: Keys, words: int | None = None
) -> StoredRating:
    """Saves a draft over what was read; the row as read back, or as it was where it is refused."""
    try:
        return _store(principal, stored, draft, shown, words)
    except ChangedMeanwhileError:
        domains.again()
    except UserError as problem:
        say.refused(problem, "Not saved. ")
    return stored


def _store(
    principal: Principal, stored: StoredRating, draft: RatingDraft, shown: Keys, words: int | None = None
) -> StoredRating:
    saved = ratings.save_rating(
        installation.store(),
        principal,
        stored.key,
        draft,
        base=stored.row_version,
        pen=pens.holding(shown),
        now=utc_now(),
        words=words,
    )
    pens.saved(shown, saved, fields(saved.draft))
    session.leave(_changed(shown.place), None)
    push.nudge()
    return saved


def save_anew(principal: Principal, stored: StoredRating, draft: RatingDraft, shown: Keys) -> None:
    """Saves what a button says in place of the widgets, which are new ones then and show it."""
    before = fields(stored.draft)
    row = save(principal, stored, draft, shown)
    pens.saved(shown, stored, before)
    pens.anew(shown.place, row, fields(row.draft))
    domains.again()


def status(principal: Principal, saved: StoredRating, shown: Keys) -> None:
    """What the database holds, as read back; never what the screen hopes."""
    with st.container(key="rating-saved"):  # stays in sight, wherever on the page somebody taps
        say_changed(saved, shown)
        _saved(principal, saved, shown)


def _saved(principal: Principal, saved: StoredRating, shown: Keys) -> None:
    if saved.row_version == 0:
        st.caption("Not rated yet. Nothing is saved until you tap a level or write something.")
        return
    rated = "" if saved.is_rated else " Not rated."
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(
            f":material/check_circle: **Saved {clock(saved.saved_at)}**{rated} · {plain(saved.saved_by)}",
            width="content",
        )
        record_view.history(principal, saved.key)
        can_clear = saved.is_rated and can_rate(principal, saved.key.partnership)
        if can_clear and st.button("Back to not rated", key="clear", type="tertiary"):
            save_anew(principal, saved, replace(saved.draft, level=None, reason=None), shown)


def say_changed(stored: StoredRating, shown: Keys) -> None:
    """Who has saved since this page showed the rating, until this page saves itself.

    Its place is always there: nothing else is drawn anew, and thrown out of a text that is being typed.
    """
    with st.container():
        if not session.peek(_changed(shown.place)):
            return
        who = plain(stored.saved_by) or "Somebody"
        st.warning(
            f"{who} changed this at {clock(stored.saved_at)} while you had it open. What they changed is shown; what "
            "you are typing elsewhere stays. If you had just tapped, look whether it was saved.",
            icon=":material/sync_problem:",
        )
