"""The pickers that screens share. The address says what is chosen, by code: a reload, a link, the back button and a
restarted server keep it, and the menu takes it along from screen to screen."""

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence

import streamlit as st

from progressions.people import Partnership, Principal
from progressions.ratings import Convening
from progressions.rubric import RubricVersion
from progressions.services import networks
from progressions.web import caches, installation, navigation, session
from progressions.web.wording import label as as_label
from progressions.web.wording import plain

PARTNERSHIP, RUBRIC, CONVENING = navigation.CARRIED
Note = Callable[[], None]
Draw = Callable[[str, str, Note], str | None]
"""Draws a picker that stands on a code, under a key, and returns the code that is chosen. With the note as its
``on_change`` it spares the page a run."""


def by_address(name: str, codes: Sequence[str], start: str, draw: Draw) -> str:
    """The chosen one of ``codes``: what the address says, else ``start``.

    The address is written only when somebody chooses: each write is a step of the back button, and one that wrote
    itself would be a trap. The picker's key carries what the address says, so that it never holds out against it.
    """
    asked = st.query_params.get(name, "")
    current = asked if asked in codes else start
    key = f"{name}-{current}"
    chosen = draw(current, key, _note(name, codes, key)) or current
    if chosen != current:
        st.query_params[name] = chosen
        st.rerun()  # lets the old picker go: it would still hold this choice when the back button brings it again
    return chosen


def _note(name: str, codes: Collection[str], key: str) -> Note:
    """Writes a choice into the address before the page runs, which then need not run again for it.

    The first choice after a restart comes without: then the page sees it only when it draws the picker.
    """

    def note() -> None:
        chosen = session.picked(key)
        if chosen and set(chosen) <= set(codes):
            st.query_params[name] = chosen

    return note


def one(title: str, labels: Mapping[str, str], name: str, start: str = "") -> str:
    """A select box over codes with their labels, in the mapping's order."""
    codes = list(labels)
    shown = unique(labels)

    def draw(current: str, key: str, note: Note) -> str | None:
        place = codes.index(current)
        return st.selectbox(title, codes, place, format_func=shown.__getitem__, key=key, on_change=note)

    return by_address(name, codes, start if start in codes else codes[0], draw)


def one_of_few(title: str, labels: Mapping[str, str], name: str) -> str:
    """A row of buttons over codes with their labels, in the mapping's order."""
    codes = list(labels)

    def draw(current: str, key: str, note: Note) -> str | None:
        return st.segmented_control(
            title,
            codes,
            default=current,
            required=True,
            format_func=lambda code: as_label(labels[code]),
            key=key,
            on_change=note,
        )

    return by_address(name, codes, codes[0], draw)


def one_or_none(title: str, labels: Mapping[str, str], name: str, hint: str) -> str:
    """A select box that nothing need be chosen in: a code, "" for none. ``hint`` stands in the empty box."""
    codes = list(labels)

    def draw(current: str, key: str, note: Note) -> str | None:
        place = codes.index(current) if current else None
        shown = labels.__getitem__
        return st.selectbox(title, codes, place, format_func=shown, key=key, placeholder=hint, on_change=note)

    return by_address(name, codes, "", draw)


def several(title: str, labels: Mapping[str, str], name: str, start: Sequence[str], most: int) -> list[str]:
    """Up to ``most`` of the codes, in the order in which they were chosen. The address repeats its name for each."""
    asked = [code for code in dict.fromkeys(st.query_params.get_all(name)) if code in labels][:most]
    current = asked or list(start)
    key = f"{name}-{'|'.join(current)}"
    chosen = st.multiselect(
        title,
        list(labels),
        current,
        format_func=labels.__getitem__,
        max_selections=most,
        key=key,
        on_change=_note(name, labels, key),
    )
    if chosen != current and chosen:
        st.query_params[name] = chosen
        st.rerun()  # as in ``by_address``
    return chosen


def unique(labels: Mapping[str, str]) -> dict[str, str]:
    """Where two have one label, the code tells them apart."""
    titles = Counter(labels.values())
    return {code: title if titles[title] == 1 else f"{title} ({code})" for code, title in labels.items()}


def partnership(principal: Principal, *, everybody: str = "", in_heading: bool = False) -> Partnership | None:
    """One of the partnerships this person may open; None for ``everybody``, the label of "all of them" for staff.

    Where there is no choice its title stands in the picker's place, unless it is the screen's heading: a screen always
    says whose it is, once.
    """
    mine = {p.code: p for p in caches.partnerships(principal)}
    labels = {code: p.title for code, p in mine.items()}
    if everybody and principal.is_staff and mine:
        labels = {EVERYBODY: everybody, **labels}
    if len(labels) > 1:
        return mine.get(one("Partnership", labels, PARTNERSHIP))
    for only in mine.values():
        if not in_heading:
            st.markdown(f"**{plain(only.title)}**")
        return only
    return None


EVERYBODY = " "  # no code: those of files come without spaces at their ends


def rubric(principal: Principal) -> RubricVersion | None:
    """One of the network's rubrics; None where there is none yet."""
    versions = {v.rubric.code: v for v in caches.latest(principal)}
    if not versions:
        return None
    return versions[one_of_few("Rubric", {code: v.rubric.title for code, v in versions.items()}, RUBRIC)]


def convening(principal: Principal) -> Convening | None:
    """One of the network's convenings, the latest first; None where there is none yet."""
    found = {c.held_on.isoformat(): c for c in reversed(networks.convenings(installation.store(), principal))}
    if not found:
        return None
    return found[one("Convening", {code: c.label for code, c in found.items()}, CONVENING)]
