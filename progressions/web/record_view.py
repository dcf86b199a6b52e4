"""The record of the network as a table, and the history of one rating as a button beside it."""

from collections import Counter
from collections.abc import Mapping
from datetime import timedelta

import streamlit as st

from progressions.people import Principal
from progressions.ratings import REASONS, NextStep, RatingKey
from progressions.record import Action, Entry, Wanted
from progressions.services import record
from progressions.services.record import PastSave
from progressions.web import guard, installation, session
from progressions.web.wording import day, midnight, moment, plain

PAGE = "record-page"
ONE_LINE, EACH = "one line", "each"
SCOPES = {ONE_LINE: "Everything, an import as one line", EACH: "Everything, with each rating of an import"}
LONGEST = 240  # characters of a cell: the file has the whole text


def everybody(principal: Principal) -> dict[str, str]:
    """Who is in the record: names by mark. Looked up once a page, because it reads the whole history."""
    return record.signers(installation.store(), principal)


@st.fragment
def lines(people: Mapping[str, str]) -> None:
    """The newest lines that the filters leave, a page at a time."""
    principal = guard.staff()
    wanted = _wanted(people)
    number = _number(wanted)
    page = record.page(installation.store(), principal, wanted, number)
    if not page.entries:
        st.info("Nothing of this kind is in the record.", icon=":material/history:")
        return
    with st.container(key="record-table"):
        st.table([_row(entry) for entry in page.entries], hide_index=True, border="horizontal")
    first = number * record.ON_A_PAGE + 1
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"{first:,} to {first + len(page.entries) - 1:,}, the newest first", width="content")
        if st.button("Newer", icon=":material/arrow_back:", disabled=number == 0, key="record-newer"):
            _go_to(wanted, number - 1)
        if st.button("Older", icon=":material/arrow_forward:", disabled=not page.has_older, key="record-older"):
            _go_to(wanted, number + 1)


def _wanted(people: Mapping[str, str]) -> Wanted:
    kinds = {**SCOPES, **{action.value: f"Only: {action.value}" for action in Action}}
    named = {"": "Everybody", **_told_apart(people)}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        kind = st.selectbox("What", list(kinds), format_func=kinds.__getitem__, key="record-what") or ONE_LINE
        who = st.selectbox("Who", list(named), format_func=named.__getitem__, key="who")
        since = st.date_input("From", None, key="record-from", width=150)
        until = st.date_input("To", None, key="record-to", width=150)
    return Wanted(
        action=Action(kind) if kind not in SCOPES else None,
        who=who or "",
        since=midnight(since) if since else None,
        until=midnight(until + timedelta(days=1)) if until else None,
        imported_ratings=kind == EACH,
    )


def _told_apart(people: Mapping[str, str]) -> dict[str, str]:
    """Names by mark, as they stand, for options are no Markdown; with the mark's number where several share one."""
    often = Counter(people.values())
    return {mark: name if often[name] == 1 else f"{name} · {mark[1:]}" for mark, name in people.items()}


def _number(wanted: Wanted) -> int:
    """Which page is open; another filter begins at the newest line again."""
    note: tuple[Wanted, int] | None = session.peek(PAGE)
    return note[1] if note is not None and note[0] == wanted else 0


def _go_to(wanted: Wanted, number: int) -> None:
    session.leave(PAGE, (wanted, number))
    st.rerun()  # of the whole page: after a restart of the server the first click comes without its fragment


def _row(entry: Entry) -> dict[str, str]:
    return {
        "When": moment(entry.at),
        "Who, from where": _who(entry),
        "What": f"**{plain(entry.action.value)}** {_short(entry.about)}",
        "Before": _short(entry.old),
        "After": _short(entry.new),
    }


def _who(entry: Entry) -> str:
    if entry.who.casefold() == entry.came_from.casefold():  # the command line is both
        return plain(entry.who)
    return ", ".join(plain(part) for part in (entry.who, entry.came_from) if part)


def _short(text: str) -> str:
    return plain(text if len(text) <= LONGEST else f"{text[:LONGEST]}…")


def history(principal: Principal, key: RatingKey) -> None:
    """A button that opens every save of one rating. Until somebody opens it, nothing is asked of the database."""
    place = f"{key.partnership}|{key.held_on}|{key.rubric}|{key.domain}"
    button = st.popover(
        "History", icon=":material/history:", type="tertiary", key=f"history|{place}", on_change="rerun"
    )
    if button.open:
        with button:
            for save in record.history_of(installation.store(), principal, key):
                st.markdown(_told(save))


def _told(save: PastSave) -> str:
    """One save: level, when, who, how it came; then what was written."""
    change, draft = save.change, save.change.new
    came = f" · {plain(save.came_with)}" if save.came_with else ""
    said = {
        "Evidence": draft.evidence,
        "Next step": _step(draft.next_step),
        "Why it moved": REASONS[draft.reason] if draft.reason else "",
    }
    return "  \n".join(
        [
            f"**{plain(save.level) or 'Not rated'}**",
            f":small[{moment(change.changed_at)} · {plain(change.changed_by)}{came}]",
            *(f"{name}: {plain(text)}" for name, text in said.items() if text),
        ]
    )


def _step(step: NextStep) -> str:
    by = f"by {day(step.due)}" if step.due else ""
    more = ", ".join(part for part in (step.owner, by) if part)
    return f"{step.text} ({more})" if more else step.text
