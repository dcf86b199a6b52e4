"""Every problem of a file as a table: where it stands, what was found, what to do."""

import re

import streamlit as st

from progressions.issues import Issue, Severity
from progressions.web.wording import count, plain

MOST_ROWS = 200  # more rows than anybody reads on a screen
MOST_CELLS = 6
MOST_TEXTS = 12
SIGNS = {Severity.ERROR: "Problem", Severity.WARNING: "Look at this", Severity.NOTE: "Note"}
_ABOUT_A_TEXT = re.compile(r"(“[^”]+”)( is .+)", re.DOTALL)


def draw(issues: tuple[Issue, ...]) -> None:
    """Every issue with its place, errors first; what differs only in the text of the cell stands in one row."""
    rows = [_row(group) for group in grouped(issues)]
    with st.container(key="issues"):
        st.table(rows[:MOST_ROWS], hide_index=True, border="horizontal", width="stretch")
    if len(rows) > MOST_ROWS:
        st.caption(f"{count(len(rows) - MOST_ROWS, 'more kind')} of problems not shown.")


def grouped(issues: tuple[Issue, ...]) -> list[list[Issue]]:
    """Issues that say the same of different texts together, each group where its first issue stands."""
    groups: dict[tuple[object, ...], list[Issue]] = {}
    for number, issue in enumerate(issues):
        found = _ABOUT_A_TEXT.fullmatch(issue.message)
        key = (issue.code, issue.severity, found[2]) if found else (number,)
        groups.setdefault(key, []).append(issue)
    return list(groups.values())


def _row(group: list[Issue]) -> dict[str, str]:
    first = group[0]
    where, what = plain(first.place(MOST_CELLS)), first.message
    found = _ABOUT_A_TEXT.fullmatch(first.message)
    if len(group) > 1 and found:
        places = [f"{plain(_text(issue))} in {plain(issue.place(MOST_CELLS))}" for issue in group[:MOST_TEXTS]]
        more = len(group) - len(places)
        where = "  \n".join([*places, *([f"and {count(more, 'more text')}"] if more else [])])
        what = f"Each of these texts{found[2]}"
    return {"Kind": SIGNS[first.severity], "Where": where, "What was found, and what to do": plain(what)}


def _text(issue: Issue) -> str:
    found = _ABOUT_A_TEXT.fullmatch(issue.message)
    return found[1] if found else ""
