"""Who may do what with a partnership’s movement, its agreement, its peers and what it shares: the matrix’s rows."""

# ruff: noqa: ARG005 — every call has the same three arguments, whether it needs them or not

from collections.abc import Callable
from typing import Any

from progressions.charts.theme import Mode
from progressions.measures.frame import tidied
from progressions.people import Principal
from progressions.services import (
    agreement,
    movement,
    peer_sets,
    peers,
    peers_over_time,
    pictures,
    shared_notes,
    stuck_and_moved,
)
from progressions.store import Store
from tests.factories import NOW
from tests.web.matrix_words import (
    ALL,
    NOBODY,
    READERS,
    STAFF,
    WRITERS,
    May,
    Place,
    Row,
    everywhere,
    of,
)


def _figure(name: str) -> Callable[[Store, Principal, Place], Any]:
    def call(store: Store, who: Principal, at: Place) -> Any:
        days = {"then": at.world.days[0].isoformat(), "now": at.world.days[-1].isoformat()}
        of = {"partnership": at.partnership, "rubric": at.rubric, "domain": at.domain, "whose": "all", **days}
        of["convening"] = at.day.isoformat()
        of["sites"] = "\n".join(at.world.partnerships[:2])
        return pictures.picture(store, who, pictures.Asked(name, of), "csv", NOW)

    return call


FIGURES: dict[str, May] = {
    "stands": of(READERS, STAFF),
    "line": of(READERS, STAFF),
    "heat": of(READERS, STAFF),
    "dumbbells": of(READERS, STAFF),
    "reasons": of(READERS, STAFF),
    "promises": of(READERS, STAFF),
    "team-votes": of(READERS, STAFF),
    "first-votes": of(READERS, STAFF),
    "sides-apart": of(READERS, STAFF),
    "in-the-room": of(READERS, STAFF),
    "peers": of(READERS, STAFF),
    "peers-over-time": of(READERS, STAFF),
    "peers-started": of(READERS, STAFF),
    "levels": of(STAFF, STAFF),
    "sites": of(STAFF, STAFF),
    "site": of(STAFF, STAFF),
    "side-by-side": of(STAFF, STAFF),
    "who-moved": of(STAFF, STAFF),
    "who-rated": everywhere(STAFF),
    "not-rated": everywhere(STAFF),
}


MOVEMENT: dict[str, Row] = {
    "agreement.agreement": Row(lambda s, p, at: agreement.agreement(s, p, at.partnership).domains, of(READERS, STAFF)),
    # Numbers of the caller's own network, 0 of a code that it does not have.
    "agreement.revision": Row(
        lambda s, p, at: agreement.revision(s, p, at.partnership), {"own": READERS, "peer": STAFF, "foreign": STAFF}
    ),
    "movement.expected_convenings": Row(
        lambda s, p, at: movement.expected_convenings(s, p, at.partnership), of(READERS, STAFF)
    ),
    "movement.frame_of": Row(lambda s, p, at: movement.frame_of(s, p), everywhere(READERS)),
    "movement.seen": Row(lambda s, p, at: movement.seen(s, p, movement.Seen(tidied([]), 0)), everywhere(READERS)),
    "movement.attendance_of": Row(lambda s, p, at: movement.attendance_of(s, p), everywhere(READERS)),
    "movement.told_of": Row(lambda s, p, at: movement.told_of(s, p, at.partnership), of(READERS, STAFF)),
    "peers.beside": Row(lambda s, p, at: peers.beside(s, p, at.partnership, at.rubric, at.day), of(READERS, STAFF)),
    "peers.sets_of": Row(lambda s, p, at: peers.sets_of(s, p), everywhere(READERS), silent=True),
    "peers.over_time": Row(
        lambda s, p, at: peers.over_time(s, p, at.partnership, at.rubric, [at.day], at.domain), of(READERS, STAFF)
    ),
    "peers.past": Row(lambda s, p, at: peers.past(s, p, at.rubric, at.day), everywhere(READERS)),
    "peers.marks": Row(lambda s, p, at: peers.marks(s, p), everywhere(READERS)),
    # What the network has chosen for whoever asks: of no partnership, and from no store.
    "peers.least_of": Row(lambda s, p, at: peers.least_of(p), everywhere(ALL)),
    "peers.view_of": Row(lambda s, p, at: peers.view_of(p), everywhere(ALL)),
    "peers.why_nothing": Row(lambda s, p, at: peers.why_nothing(p, at.version), everywhere(ALL), silent=True),
    "peer_sets.all_sets": Row(lambda s, p, at: peer_sets.all_sets(s, p), everywhere(STAFF)),
    "peer_sets.make": Row(
        lambda s, p, at: peer_sets.make(s, p, "Some", [at.partnership], NOW, is_shown=False), of(STAFF, STAFF)
    ),
    "peer_sets.remove": Row(lambda s, p, at: peer_sets.remove(s, p, at.world.peer_set, NOW), of(STAFF, STAFF)),
    "peers_over_time.may_choose_start": Row(
        lambda s, p, at: peers_over_time.may_choose_start(p), everywhere(ALL), silent=True
    ),
    "peers_over_time.started": Row(
        lambda s, p, at: peers_over_time.started(s, p, at.partnership, at.rubric), of(READERS, STAFF), silent=True
    ),
    "peers_over_time.started_chart": Row(
        lambda s, p, at: peers_over_time.started_chart((), p, at.whose, at.version, (), Mode.PRINT).title,
        everywhere(ALL),
    ),
    "peers_over_time.when_started_is_told": Row(
        lambda s, p, at: peers_over_time.when_started_is_told(p), everywhere(ALL)
    ),
    "peers_over_time.why_no_start": Row(lambda s, p, at: peers_over_time.why_no_start(p), everywhere(ALL), silent=True),
    **{f"pictures.picture {name}": Row(_figure(name), may) for name, may in FIGURES.items()},
    "shared_notes.moves": Row(
        lambda s, p, at: shared_notes.moves(s, p, at.partnership, at.rubric), of(READERS, STAFF), silent=True
    ),
    "shared_notes.note": Row(
        lambda s, p, at: shared_notes.note(s, p, at.partnership, at.rubric, at.domain), of(READERS, STAFF)
    ),
    "shared_notes.share": Row(
        lambda s, p, at: shared_notes.share(s, p, at.note, NOW, may_be_asked=False), of(WRITERS - STAFF, NOBODY)
    ),
    "stuck_and_moved.stuck_and_moved": Row(
        lambda s, p, at: stuck_and_moved.stuck_and_moved(s, p, at.partnership, at.rubric),
        of(READERS, STAFF),
        silent=True,
    ),
}
