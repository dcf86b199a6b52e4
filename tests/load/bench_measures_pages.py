"""How long a chart page's rerun takes, over the real websocket: each one a real change of a choice.

Three kinds: *new* is a choice that nobody made before, *again* one that was made before, *saved* one that was made
before, with a rating saved by somebody since, so that everything counted before is out of date. All in milliseconds;
*server* is the time of the server's processor for each.
"""

import os
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from progressions.people import Access
from tests import many_sites
from tests.load.bench_measures_network import MEMBERS, Furnished
from tests.load.hall.figures import Used, share
from tests.wire.client import Tab
from tests.wire.screen import Widget
from tests.wire.serving import PROJECT, Served, served

NEW, AGAIN, SAVED = 12, 12, 4
"""How many reruns of each kind a view is asked for, where it has as many choices."""
WANTED = 300.0
PATIENCE = 180.0
HEAD = (
    "| view | who | new p50 | p95 | server | again p50 | p95 | server | saved p50 | p95 | server | KB |",
    "|---|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|",
)
STAFF, MEMBER = "network staff", "a member"
RUBRIC, PARTNERSHIP, DOMAIN = ("button_group", "Rubric"), ("selectbox", "Partnership"), ("selectbox", "Domain")
CONVENING = ("selectbox", "Convening")


@dataclass(frozen=True, slots=True)
class View:
    """One view: whose, its address, and the picker (kind and label) with which it is changed."""

    name: str
    who: str
    page: str
    of: dict[str, str]
    picker: tuple[str, str]

    @property
    def address(self) -> str:
        """Where it is opened."""
        return f"/{self.page}?{urlencode(self.of)}"


def _movement() -> Iterator[View]:
    several = {
        "All domains": ({"view": "all"}, RUBRIC),
        "One domain": ({"view": "one"}, DOMAIN),
        "Then and now": ({"view": "two"}, ("button_group", "Compare")),
        "Promises": ({"view": "promises"}, RUBRIC),
        "Agreement: votes": ({"view": "agreement", "part": "votes"}, RUBRIC),
        "Agreement: first votes": ({"view": "agreement", "part": "first"}, RUBRIC),
        "Agreement: sides": ({"view": "agreement", "part": "sides"}, RUBRIC),
        "Agreement: room": ({"view": "agreement", "part": "room"}, RUBRIC),
        "Peers now": ({"view": "peers", "peers": "now"}, CONVENING),
        "Peers over time": ({"view": "peers", "peers": "time"}, DOMAIN),
        "Peers that started": ({"view": "peers", "peers": "started"}, RUBRIC),
        "Stuck and moved": ({"view": "stuck"}, RUBRIC),
    }
    for name, (of, picker) in several.items():
        yield View(f"Movement: {name}", MEMBER, "movement", of, picker)
        if "agreement" not in of.values():  # the members' partnerships alone have voted
            yield View(f"Movement: {name}", STAFF, "movement", of, PARTNERSHIP)


def _others() -> Iterator[View]:
    yield View("Home", MEMBER, "", {}, RUBRIC)
    yield View("Home", STAFF, "", {}, RUBRIC)
    yield View("Compare: Sites", STAFF, "compare", {"view": "sites"}, CONVENING)
    yield View("Compare: Side by side", STAFF, "compare", {"view": "side"}, ("multiselect", "Partnerships, two to six"))
    yield View("Compare: Over time", STAFF, "compare", {"view": "over"}, DOMAIN)
    yield View("Compare: Who moved", STAFF, "compare", {"view": "moved"}, ("selectbox", "Moved since"))
    yield View("Compare: Coverage", STAFF, "compare", {"view": "coverage"}, CONVENING)
    yield View("Network", STAFF, "network", {}, ("radio", ""))


VIEWS = (*_movement(), *_others())


@dataclass
class Seen:
    """Milliseconds of the reruns of one view, by kind, and the bytes of the largest.

    ``used`` are those of the server's processor: a busy machine makes everybody wait longer, and uses no more of it.
    """

    view: View
    pid: int
    new: list[float] = field(default_factory=list)
    again: list[float] = field(default_factory=list)
    saved: list[float] = field(default_factory=list)
    used: Counter[str] = field(default_factory=Counter)
    largest: int = 0
    errors: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        kinds = {"new": self.new, "again": self.again, "saved": self.saved}
        times = [
            f"{value:.0f}"
            for name, took in kinds.items()
            for value in (share(took, 0.5), share(took, 0.95), self.used[name] / max(1, len(took)))
        ]
        return f"| {self.view.name} | {self.view.who} | {' | '.join(times)} | {self.largest / 1024:.0f} |"

    def is_wanted(self) -> bool:
        """Whether the choices that were made before, and those that were not, come within what is wanted."""
        return all(share(kind, 0.95) <= WANTED for kind in (self.new, self.again) if kind)


def measured(network: Furnished, only: Sequence[str] = ()) -> list[Seen]:
    """Every view, or those whose name begins with one of ``only``, with the server as it is shipped."""
    staff = [network.session_of(Access.STAFF)]
    members = [network.session_of(Access.MEMBER, code) for code in many_sites.codes(network.sites)[:MEMBERS]]
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "PROGRESSIONS_DATABASE_URL": network.url}
        with served(PROJECT / "app.py", Path(folder) / "server.log", environment) as server:
            asked = [view for view in VIEWS if not only or view.name.startswith(tuple(only))]
            return [_seen(network, server, view, staff if view.who == STAFF else members) for view in asked]


def _seen(network: Furnished, server: Served, view: View, sessions: Sequence[str]) -> Seen:
    seen = Seen(view, server.pid)
    for session in sessions:
        with Tab(server.url, view.address, session) as tab:
            _run(tab)
            _look(network, seen, tab, len(sessions))
            seen.errors += tab.screen.errors
    print(seen, *dict.fromkeys(seen.errors), flush=True)
    return seen


def _look(network: Furnished, seen: Seen, tab: Tab, lookers: int) -> None:
    here, *others = _choices(tab, seen.view)
    made = [here]
    for value in others[: max(1, NEW // lookers)]:
        _time(seen, "new", tab, value)
        made.append(value)
    for number in range(AGAIN // lookers):
        _time(seen, "again", tab, made[(number - 2) % len(made)])
    for number in range(max(1, SAVED // lookers)):
        network.save_something()
        _time(seen, "saved", tab, made[number % len(made)])


def _run(tab: Tab, fragment: str = "") -> None:
    """A run that may take its time: what is slow is to be measured, not given up."""
    tab.send(tab.screen.rerun(fragment))
    tab.wait(PATIENCE)


def _choices(tab: Tab, view: View) -> list[Any]:
    """What can be chosen, what is chosen first."""
    widget = _picker(tab, view)
    options = list(widget.options)
    if widget.kind == "multiselect":
        return [[one, options[(place + 1) % len(options)]] for place, one in enumerate(options)]
    default = getattr(widget.element, "default", 0)
    chosen = default[0] if hasattr(default, "__len__") else default
    ordered = [options[chosen], *(o for o in options if o != options[chosen])]
    return [[o] for o in ordered] if widget.kind == "button_group" else ordered


def _picker(tab: Tab, view: View) -> Widget:
    return tab.screen.one(*view.picker)


def _time(seen: Seen, kind: str, tab: Tab, value: Any) -> None:
    """Takes the time from the tap to the end of all that it led to."""
    tab.screen.frames.clear()
    widget, before = _picker(tab, seen.view), Used.now(seen.pid)
    tab.screen.put(widget, value)
    _run(tab, widget.fragment)
    after = Used.now(seen.pid)
    getattr(seen, kind).append(1000 * (after.clock - before.clock))
    seen.used[kind] += round(1000 * (after.server - before.server))
    seen.largest = max(seen.largest, sum(map(len, tab.screen.frames)))


def table(found: Sequence[Seen]) -> str:
    """Markdown."""
    return "\n".join([*HEAD, *map(str, found)])
