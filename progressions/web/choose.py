"""The pickers that screens share. Each is bound to the address, so a reload, a link or the back button keeps it."""

from collections.abc import Mapping, Sequence
from typing import TypeVar

import streamlit as st

from progressions.people import Partnership, Principal
from progressions.ratings import Convening
from progressions.rubric import RubricVersion
from progressions.services import networks, rubrics
from progressions.web import installation, session
from progressions.web.wording import label as as_label

T = TypeVar("T")


def one(label: str, options: Sequence[T], labels: Mapping[T, str], key: str, *, start: int | None = 0) -> T | None:
    """A select box over options whose labels are made unique, because the address carries the label."""
    shown = _unique(options, labels)
    return st.selectbox(label, list(options), index=start, format_func=shown.__getitem__, key=key, bind="query-params")


def _unique(options: Sequence[T], labels: Mapping[T, str]) -> dict[T, str]:
    seen: dict[str, int] = {}
    shown: dict[T, str] = {}
    for option in options:
        title = labels[option]
        seen[title] = seen.get(title, 0) + 1
        shown[option] = title if seen[title] == 1 else f"{title} ({option})"
    return shown


def partnership(principal: Principal, *, everybody: str = "") -> Partnership | None:
    """One of the partnerships this person may open; None for ``everybody``, the label of "all of them" for staff."""
    mine = {p.code: p for p in networks.partnerships(installation.store(), principal)}
    if not mine:
        return None
    codes = list(mine)
    labels = {code: p.title for code, p in mine.items()}
    if everybody and principal.is_staff:
        codes, labels = ["", *codes], {"": everybody, **labels}
    if len(codes) == 1:
        return mine[codes[0]]
    chosen = one("Partnership", codes, labels, "partnership")
    return mine.get(chosen or "")


def rubric(principal: Principal) -> RubricVersion | None:
    """One of the network's rubrics; None where there is none yet."""
    versions = {v.rubric.code: v for v in rubrics.latest(installation.store(), principal)}
    if not versions:
        return None
    titles = {code: as_label(v.rubric.title) for code, v in versions.items()}
    codes = list(versions)
    chosen = st.segmented_control(
        "Rubric",
        codes,
        default=codes[0],
        required=True,
        format_func=titles.__getitem__,
        key="rubric",
        bind="query-params",
    )
    return versions[chosen or codes[0]]


def convening(principal: Principal, *, label: str = "Convening") -> Convening | None:
    """One of the network's convenings, the latest first; None where there is none yet."""
    found = {c.held_on: c for c in reversed(networks.convenings(installation.store(), principal))}
    if not found:
        return None
    added = session.take(session.ADDED_CONVENING)
    if added in found:
        session.set_widget("convening", added)
    chosen = one(label, list(found), {held_on: c.label for held_on, c in found.items()}, "convening")
    return found.get(chosen) if chosen else None
