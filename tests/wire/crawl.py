"""A visitor who tries what a screen offers: the values of each picker, each part to open, each button.

Of a list of more than two, the first and the last value are tried; the others are drawn by the same lines.
"""

import re
from collections.abc import Container, Sequence

from tests.wire.client import Tab
from tests.wire.screen import OPENED, Screen, Widget

FILE = re.compile(r"/download/[A-Za-z0-9_.?&=%/:+-]+")
MOST = 2
PICKERS = ("selectbox", "button_group", "radio")


def crawl(tab: Tab, address: str, avoided: Container[str] = (), deep: str = "View") -> set[str]:
    """Walks through one screen and returns the addresses of all files that it offered on the way.

    For the picker with the label ``deep`` everything is tried again at each of its values. Buttons with a label in
    ``avoided`` are not pressed.
    """
    files: set[str] = set()
    shown = tab.go(address)
    views = [option for widget in shown.find("button_group", deep) for option in widget.options]
    for view in views or [""]:
        tab.go(address)
        if view:
            tab.choose(tab.screen.one("button_group", deep), [view])
        here = f"/{tab.screen.page}?{tab.screen.query}"
        _try(tab, here, avoided, deep)
        files |= set(FILE.findall(tab.screen.text))
    return files


def _try(tab: Tab, here: str, avoided: Container[str], deep: str) -> None:
    for kind, label in _pickers(tab.screen, deep):
        if tab.screen.query != here.partition("?")[2]:
            tab.go(here)
        first = tab.screen.find(kind, label)
        for option in _tried(first[0].options) if first else ():  # a choice of earlier may have led elsewhere
            again = tab.screen.find(kind, label)
            if again and option in again[0].options and not _is_chosen(again[0], option):
                tab.choose(again[0], [option] if kind == "button_group" else option)
    tab.go(here)
    for widget in [w for w in tab.screen.widgets.values() if w.kind in OPENED]:
        tab.choose(widget, True)
    for label in dict.fromkeys(w.label for w in tab.screen.find("button") if not w.disabled and w.label not in avoided):
        found = tab.screen.find("button", label)
        if found:
            tab.choose(found[0], True)


def _tried(options: Sequence[str]) -> Sequence[str]:
    """Of a longer list the first and the last."""
    return options if len(options) <= MOST else (options[0], options[-1])


def _is_chosen(widget: Widget, option: str) -> bool:
    """Whether the page shows this value already: it would come back as it is."""
    default = getattr(widget.element, "default", None)
    chosen = list(default) if isinstance(default, Sequence) else [default]
    return chosen == [widget.options.index(option)]


def _pickers(screen: Screen, deep: str) -> list[tuple[str, str]]:
    found = (w for kind in PICKERS for w in screen.find(kind) if not w.disabled and w.label != deep)
    return list(dict.fromkeys((w.kind, w.label) for w in found))
