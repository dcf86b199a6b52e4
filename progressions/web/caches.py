"""What is kept of a network: its ratings, its figures, its rubrics. Only for speed: anybody may clear it at any time.

Of peers ``peer_caches`` has the same, of team sessions ``session_caches``; how anything is kept, ``keeping``.

Each is keyed by what the person may see and by the data's revision, so that nobody meets another's cut, and nothing
is older than the last save.
"""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from threading import Condition
from typing import TYPE_CHECKING, TypeAlias, TypeVar

from cachetools import LRUCache, cached

from progressions.charts.figure import Figure
from progressions.charts.theme import Mode
from progressions.measures.frame import Tidied, rows_of
from progressions.measures.frame import of_rubric as rows_of_rubric
from progressions.people import Partnership, PeerView, Principal
from progressions.permissions import (
    can_see_network,
    check_can_read_rubrics,
    check_can_see_network,
    check_can_see_partnership,
)
from progressions.ratings import Convening
from progressions.rubric import RubricVersion
from progressions.services import agreement, movement, networks, peers, rubrics, shared_notes
from progressions.services.pictures import Asked
from progressions.store import Store
from progressions.web import installation
from progressions.web.drawn import Drawn, drawn
from progressions.web.keeping import Held, of_what

if TYPE_CHECKING:
    import pandas as pd

MOST_AGREEMENTS = 200  # counts of some hundred domains and convenings each
MOST_ATTENDANCES = 60  # who rated when: some 4 MB of a thousand partnerships
MOST_CALENDARS = 2_000  # a partnership's convenings are a handful of dates
MOST_TOLD = 500  # a row a promise or reason: some hundreds a partnership
MOST_FRAMES = 24  # one a network: a frame of 480,000 ratings takes some 30 MB
MOST_OWN_FRAMES = 2_000  # one a partnership whose members look: some hundreds of ratings
MOST_FIGURES = 600  # a figure with its rows and its table: 20 to 300 KB

T = TypeVar("T")

Sight: TypeAlias = tuple[str, str, PeerView, int]
"""All of a person that decides what they see of their network: access, own partnership, view of peers, how many."""


@dataclass(frozen=True, slots=True)
class Moment:
    """How far everything is that figures are made of: the network, the votes of one partnership, the rubric's words."""

    revision: tuple[int, ...]
    version: int


def moment(principal: Principal, version: RubricVersion) -> Moment:
    """Now. To be asked before anything is read for a figure: what a save changes later is of another moment then."""
    return Moment((networks.revision(installation.store(), principal),), version.id)


def moment_of_votes(principal: Principal, version: RubricVersion, partnership: str) -> Moment:
    """The same for what votes decide too: each vote of the partnership makes another moment."""
    return Moment(agreement.revision(installation.store(), principal, partnership), version.id)


def figure(
    principal: Principal, asked: Asked, at: Moment, look: tuple[Mode, date], make: Callable[[], Figure]
) -> Drawn:
    """A finished figure as this person sees it; ``look`` is the mode and the day on which it is looked at.

    ``make`` may use what was read since the moment, and nothing that was read before.
    """
    if partnership := asked.of.get("partnership", ""):
        check_can_see_partnership(principal, partnership)
    else:
        check_can_see_network(principal)
    key = (sight(principal), asked.name, frozenset(asked.of.items()), look, at)
    return _figure(installation.store(), principal.network.id, key, _asked=asked, _make=make)


def of_network(principal: Principal, what: str, at: Moment, make: Callable[[], T]) -> T:
    """A number or a sentence of the whole network for its staff, by its name; ``make`` as in ``figure``."""
    check_can_see_network(principal)
    found: T = _of_network_at(installation.store(), principal.network.id, (what, at), _make=make)
    return found


def of_partnership(principal: Principal, partnership: str, what: Hashable, make: Callable[[], T]) -> T:
    """The same of one partnership, for whoever may see it; ``make`` of what was told until now."""
    check_can_see_partnership(principal, partnership)
    store = installation.store()
    key = (partnership, what, networks.revision(store, principal))
    found: T = _of_network_at(store, principal.network.id, key, _make=make)
    return found


def sight(principal: Principal) -> Sight:
    """The key of a person's sight."""
    return principal.access.value, principal.partnership or "", peers.view_of(principal), peers.least_of(principal)


def frame(principal: Principal) -> "pd.DataFrame":
    """The ratings that this person may see, as they are now. Shared between runs: measures return new frames."""
    return _seen(principal).frame


def of_rubric(principal: Principal, rubric: str) -> "pd.DataFrame":
    """The network's ratings of one rubric, for its staff, as they are now."""
    check_can_see_network(principal)
    store = installation.store()
    held = _of_rubric(store, principal.network.id, rubric)
    now = networks.revision(store, principal)
    return held.at(now, lambda _: rows_of_rubric(frame(principal), rubric).reset_index(drop=True))


def own(principal: Principal, partnership: str) -> "pd.DataFrame":
    """The ratings of one partnership, for somebody who may see it, as they are now."""
    check_can_see_partnership(principal, partnership)
    return rows_of(_seen(principal), partnership)


def _seen(principal: Principal) -> Tidied:
    scope = None if can_see_network(principal) else principal.partnership
    if scope is not None:
        check_can_see_partnership(principal, scope)  # a rater of the partnership sees none of it
    store = installation.store()
    held = _of_network(store, principal.network.id) if scope is None else _own(store, principal.network.id, scope)
    now = held.at(networks.revision(store, principal), lambda before: movement.seen(store, principal, before))
    return now.ratings


def partnerships(principal: Principal) -> tuple[Partnership, ...]:
    """The partnerships that this person may open, by title."""
    store = installation.store()
    key = ("partnerships", principal.access.value, principal.partnership or "", networks.revision(store, principal))
    found: tuple[Partnership, ...] = _of_network_at(
        store, principal.network.id, key, _make=lambda: networks.partnerships(store, principal)
    )
    return found


def latest(principal: Principal) -> tuple[RubricVersion, ...]:
    """The latest version of each of the network's rubrics, in the order of first publishing."""
    check_can_read_rubrics(principal)
    store = installation.store()
    return _latest(store, principal.network.id, networks.revision(store, principal), _principal=principal)


def moves_up(principal: Principal, partnership: str, rubric: str) -> Mapping[str, Sequence[shared_notes.Move]]:
    """By domain a partnership's moves upwards, for somebody who may see it: ``shared_notes.moves``."""
    check_can_see_partnership(principal, partnership)
    store = installation.store()
    of = (partnership, rubric)
    return _moves_up(store, principal.network.id, of, networks.revision(store, principal), _principal=principal)


def told(principal: Principal, partnership: str) -> "pd.DataFrame":
    """What a partnership told beside its levels, for somebody who may see it."""
    check_can_see_partnership(principal, partnership)
    store = installation.store()
    return _told(store, principal.network.id, partnership, networks.revision(store, principal), _principal=principal)


def agreement_of(principal: Principal, partnership: str) -> agreement.Agreement:
    """How a partnership's team agrees: the same for everybody who may see the partnership."""
    check_can_see_partnership(principal, partnership)
    store = installation.store()
    revision = agreement.revision(store, principal, partnership)
    return _agreement(store, principal.network.id, partnership, revision, _principal=principal)


def convenings(principal: Principal, partnership: str) -> tuple[Convening, ...]:
    """The convenings of a partnership's charts, for somebody who may see the partnership."""
    check_can_see_partnership(principal, partnership)
    store, scope = installation.store(), "" if can_see_network(principal) else partnership
    revision = networks.revision(store, principal)
    return _convenings(store, principal.network.id, scope, partnership, revision, _principal=principal)


@cached(LRUCache(MOST_FIGURES), key=of_what, condition=Condition())
def _of_network_at(store: Store, network_id: int, key: Hashable, *, _make: Callable[[], T]) -> T:  # noqa: ARG001
    return _make()


@cached(LRUCache(MOST_FIGURES), key=of_what, condition=Condition())
def _figure(
    store: Store,  # noqa: ARG001
    network_id: int,  # noqa: ARG001
    key: Hashable,  # noqa: ARG001
    *,
    _asked: Asked,
    _make: Callable[[], Figure],
) -> Drawn:
    return drawn(_make(), _asked)


@cached(LRUCache(MOST_FRAMES), key=of_what, condition=Condition())
def _latest(
    store: Store,
    network_id: int,  # noqa: ARG001
    revision: int,  # noqa: ARG001
    *,
    _principal: Principal,
) -> tuple[RubricVersion, ...]:
    return rubrics.latest(store, _principal)


@cached(LRUCache(MOST_TOLD), key=of_what, condition=Condition())
def _moves_up(
    store: Store,
    network_id: int,  # noqa: ARG001
    of: tuple[str, str],
    revision: int,  # noqa: ARG001
    *,
    _principal: Principal,
) -> Mapping[str, Sequence[shared_notes.Move]]:
    return shared_notes.moves(store, _principal, *of, frame=own(_principal, of[0]))


@cached(LRUCache(MOST_FRAMES), key=of_what, condition=Condition())
def _of_network(store: Store, network_id: int) -> Held[movement.Seen]:  # noqa: ARG001
    return Held()


@cached(LRUCache(MOST_FRAMES), key=of_what, condition=Condition())
def _of_rubric(store: Store, network_id: int, rubric: str) -> "Held[pd.DataFrame]":  # noqa: ARG001
    return Held()


@cached(LRUCache(MOST_OWN_FRAMES), key=of_what, condition=Condition())
def _own(store: Store, network_id: int, partnership: str) -> Held[movement.Seen]:  # noqa: ARG001
    return Held()


@cached(LRUCache(MOST_TOLD), key=of_what, condition=Condition())
def _told(
    store: Store,
    network_id: int,  # noqa: ARG001
    partnership: str,
    revision: int,  # noqa: ARG001
    *,
    _principal: Principal,
) -> "pd.DataFrame":
    return movement.told_of(store, _principal, partnership)


@cached(LRUCache(MOST_AGREEMENTS), key=of_what, condition=Condition())
def _agreement(
    store: Store,
    network_id: int,  # noqa: ARG001
    partnership: str,
    revision: tuple[int, int],  # noqa: ARG001
    *,
    _principal: Principal,
) -> agreement.Agreement:
    return agreement.agreement(store, _principal, partnership)


@cached(LRUCache(MOST_ATTENDANCES), key=of_what, condition=Condition())
def _attendance(store: Store, network_id: int, scope: str) -> Held[movement.Attended]:  # noqa: ARG001
    return Held()


@cached(LRUCache(MOST_CALENDARS), key=of_what, condition=Condition())
def _convenings(
    store: Store,
    network_id: int,
    scope: str,
    partnership: str,
    revision: int,
    *,
    _principal: Principal,
) -> tuple[Convening, ...]:
    held = _attendance(store, network_id, scope)
    attended = held.at(revision, lambda before: movement.attendance_of(store, _principal, before))
    return movement.expected_convenings(store, _principal, partnership, attended.frame)
