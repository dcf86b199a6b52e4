"""A visitor who tries what a screen offers: the values of each picker, each part to open, each button.

A row of buttons that leads to another address is a way of looking: each of its values is walked as a screen of its
own, with the rows that it brings. What the menu takes along from screen to screen (which partnership, rubric,
convening) is no way of looking, and is tried like a list. Of a list the first and the last value are tried: the others
are drawn by the same lines.
"""

import re
from collections.abc import Container, Sequence
from dataclasses import dataclass, field
from urllib.parse import parse_qs

from progressions.web.navigation import CARRIED
from tests.wire.client import Tab
from tests.wire.screen import OPENED, Screen, Widget

FILE = re.compile(r"/download/[a-z/-]+\.(?:csv|xlsx|png|svg)(?:\?[A-Za-z0-9_.&=%:+-]+)?")
MOST = 2
ROWS = "button_group"
MANY = ("button_group", "multiselect")
PICKERS = ("selectbox", "radio", *MANY)


@dataclass
class Walk:
    """What a visitor came past: the addresses of files that were offered, and the addresses of screens."""

    files: set[str] = field(default_factory=set)
    screens: set[str] = field(default_factory=set)

    @property
    def parameters(self) -> set[str]:
        """The names that stood in the addresses of screens."""
        return {name for screen in self.screens for name in parse_qs(screen.partition("?")[2])}


def crawl(tab: Tab, address: str, avoided: Container[str] = ()) -> Walk:
    """Walks through one screen, whatever its address can say. Buttons with a label in ``avoided`` are not pressed."""
    walk = Walk()
    _look(tab, address, (), avoided, walk)
    walk.files |= set(FILE.findall(tab.screen.text))
    return walk


def _look(tab: Tab, here: str, within: tuple[str, ...], avoided: Container[str], walk: Walk) -> None:
    """One address; ``within`` are the labels of the rows of buttons that have led to it."""
    here = _go(tab, here, walk)
    ways = [way for kind, label in _pickers(tab.screen, within) for way in _tried(tab, here, kind, label, walk)]
    _go(tab, here, walk)
    for widget in [w for w in tab.screen.widgets.values() if w.kind in OPENED]:
        tab.choose(widget, True)
    _press(tab, avoided)
    walk.screens.add(_address(tab))
    for label, way in ways:
        _look(tab, way, (*within, label), avoided, walk)


def _go(tab: Tab, address: str, walk: Walk) -> str:
    tab.go(address)
    walk.screens.add(_address(tab))
    return _address(tab)


def _address(tab: Tab) -> str:
    return f"/{tab.screen.page}?{tab.screen.query}"


def _tried(tab: Tab, here: str, kind: str, label: str, walk: Walk) -> list[tuple[str, str]]:
    """Tries the values of one picker; the new addresses that a row of buttons led to, with its label."""
    if _address(tab) != here:
        _go(tab, here, walk)
    first = tab.screen.find(kind, label)
    ways = []
    for value in _values(first[0]) if first else ():  # a choice of earlier may have led elsewhere
        again = tab.screen.find(kind, label)
        if again and _offers(again[0], value) and not _is_chosen(again[0], value):
            tab.choose(again[0], value if kind in MANY else value[0])
            walk.screens.add(_address(tab))
            if kind == ROWS and _is_way(here, _address(tab)):
                ways.append((label, _address(tab)))
                _go(tab, here, walk)
    return ways


def _is_way(here: str, there: str) -> bool:
    """Whether the second address says more that is new than what the menu takes along."""
    before, after = (parse_qs(address.partition("?")[2]) for address in (here, there))
    return any(before.get(name) != after.get(name) for name in {*before, *after} - set(CARRIED))


def _press(tab: Tab, avoided: Container[str]) -> None:
    for label in dict.fromkeys(w.label for w in tab.screen.find("button") if not w.disabled and w.label not in avoided):
        found = tab.screen.find("button", label)
        if found:
            tab.choose(found[0], True)


def _values(widget: Widget) -> Sequence[list[str]]:
    """Of a row of buttons each, of a list the first and the last, of a list of several the last ones together."""
    options = list(widget.options)
    if widget.kind == "multiselect":
        return [options[-MOST:]]
    return [
        [option]
        for option in (options if widget.kind == ROWS or len(options) <= MOST else options[:: len(options) - 1])
    ]


def _offers(widget: Widget, value: Sequence[str]) -> bool:
    return set(value) <= set(widget.options)


def _is_chosen(widget: Widget, value: Sequence[str]) -> bool:
    """Whether the page shows this already: it would come back as it is."""
    default = getattr(widget.element, "default", None)
    chosen = list(default) if isinstance(default, Sequence) else [default]
    return chosen == [widget.options.index(option) for option in value]


def _pickers(screen: Screen, within: tuple[str, ...]) -> list[tuple[str, str]]:
    found = (w for kind in PICKERS for w in screen.find(kind) if not w.disabled and w.label not in within)
    return list(dict.fromkeys((w.kind, w.label) for w in found))
