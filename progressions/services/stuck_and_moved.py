"""Where a partnership is stuck, and who of its peers stood there and has moved on, as far as they may be named.

Those who agreed to be asked are named under every view of peers but *nothing*: their consent is their own. Of the
others staff see everybody, members at most a count, where ``measures.started`` lets it through.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from progressions import permissions
from progressions.charts.started import Group
from progressions.errors import NotAllowedError
from progressions.measures.columns import DOMAIN, HELD_NOW, LEVEL, PARTNERSHIP, WORDING
from progressions.measures.disclosure import IS_COUNTED
from progressions.measures.frame import tidy
from progressions.measures.stuck import SINCE, TIMES, moved_from, moved_on, stuck
from progressions.people import PeerView, Principal
from progressions.services import peers_over_time
from progressions.services.peers import Kept, least_of, past, view_of
from progressions.services.shared_notes import Move, move_of
from progressions.sharing import SharedNote, Sharer
from progressions.store import Repository, Store

if TYPE_CHECKING:
    import pandas as pd


MOST_NAMED = 12
"""Peers of one domain that are named: whoever looks for somebody to ask begins with the most recent."""


@dataclass(frozen=True, slots=True)
class Mover:
    """A peer that stood there and moved on; without its consent only staff read of it, and of its note."""

    title: str
    move: Move
    note: str = ""
    contact: str = ""
    may_be_asked: bool = False


@dataclass(frozen=True, slots=True)
class Stuck:
    """A domain whose latest two or more ratings are at one level; convenings without a rating may lie between.

    ``movers`` come most recent first, and no more than ``MOST_NAMED`` of them: ``more`` moved on before these.
    ``group`` is what may be told of peers that started at this level, None where nothing may.
    """

    domain: str
    level: int
    since: date
    until: date
    times: int
    movers: tuple[Mover, ...]
    more: int
    group: Group | None


def stuck_and_moved(
    store: Store,
    principal: Principal,
    partnership: str,
    rubric: str,
    *,
    pasts: Kept | None = None,
    frame: "pd.DataFrame | None" = None,
    moves: "pd.DataFrame | None" = None,
) -> tuple[Stuck, ...]:
    """The domains of a rubric in which a partnership is stuck below the highest level, longest first.

    ``frame`` holds the partnership's ratings, and ``moves`` is what ``moves_of`` gives to staff, where they are kept.
    NotAllowedError for somebody who sees no peers, or not this partnership.
    """
    permissions.check_can_see_peers(principal)
    permissions.check_can_see_partnership(principal, partnership)
    with store.read(principal) as repository:
        version = repository.rubric_version(rubric)
        if version is None:
            raise NotAllowedError
        seen = tidy(repository.facts(rubric=rubric, partnership=partnership)) if frame is None else frame
        own = stuck(seen, partnership, rubric)
        movers = _movers(repository, principal, partnership, rubric, moves)
        asking = _Asking(repository.peer_name(partnership), rubric, least_of(principal), repository.sharers(rubric))
    known = pasts or (lambda code, day: past(store, principal, code, day))
    if view_of(principal) is PeerView.COUNTS:
        movers = replace(movers, moves=_told(movers.moves, asking, known))
    groups = {} if peers_over_time.why_no_start(principal) else _groups(store, principal, partnership, rubric, known)
    below = own[(own[LEVEL] < len(version.rubric.levels)) & own[DOMAIN].isin(version.wordings)]
    return tuple(_stuck(row, movers, groups) for row in below.to_dict("records"))


def _groups(store: Store, principal: Principal, partnership: str, rubric: str, pasts: Kept) -> dict[str, Group]:
    found = peers_over_time.started(store, principal, partnership, rubric, pasts=pasts)
    return {each.domain: each for each in found}


@dataclass(frozen=True, slots=True)
class _Movers:
    """Every move that this person may read of, and what is known of those who made it."""

    moves: "pd.DataFrame"
    notes: Mapping[tuple[str, str], SharedNote]
    titles: Mapping[str, str]


def _stuck(row: Mapping[str, object], movers: _Movers, groups: Mapping[str, Group]) -> Stuck:
    domain, level = str(row[DOMAIN]), int(str(row[LEVEL]))
    moved = moved_from(movers.moves, domain, level, int(str(row[WORDING])))
    group = groups.get(domain)
    return Stuck(
        domain,
        level,
        date.fromisoformat(f"{row[SINCE]:%Y-%m-%d}"),
        date.fromisoformat(f"{row[HELD_NOW]:%Y-%m-%d}"),
        int(str(row[TIMES])),
        tuple(_mover(each, movers) for each in moved.head(MOST_NAMED).to_dict("records")),
        max(0, len(moved) - MOST_NAMED),
        group if group and group.started.level == level else None,
    )


def _mover(row: dict[str, object], movers: _Movers) -> Mover:
    code = str(row[PARTNERSHIP])
    note = movers.notes.get((code, str(row[DOMAIN])))
    if note is None:
        return Mover(movers.titles[code], move_of(row))
    return Mover(movers.titles[code], move_of(row), note.note, note.contact, note.may_be_asked)


def moves_of(frame: "pd.DataFrame") -> "pd.DataFrame":
    """Who moved on in a network, for its staff. In: the tidy frame of everybody's ratings of one rubric."""
    return moved_on(frame)


def _movers(
    repository: Repository, principal: Principal, own: str, rubric: str, moves: "pd.DataFrame | None"
) -> _Movers:
    """Of all whose moves this person may read, whatever the network shows beside them."""
    read = repository.notes_to_read(rubric)
    notes = {(note.partnership, note.domain): note for note, _ in read}
    if principal.is_staff:
        if moves is None:
            moves = moves_of(tidy(repository.facts(rubric=rubric)))
        return _Movers(moves[moves[PARTNERSHIP] != own], notes, repository.peer_titles())
    shared = moved_on(tidy(fact for fact in repository.facts_of_sharers(rubric) if fact.partnership != own))
    return _Movers(shared, notes, {note.partnership: title for note, title in read})


@dataclass(frozen=True, slots=True)
class _Asking:
    own: str
    rubric: str
    least: int
    sharers: tuple[Sharer, ...]


def _told(moves: "pd.DataFrame", asking: _Asking, pasts: Kept) -> "pd.DataFrame":
    """The moves that may be told beside counts: of who agrees too, the others must not be left to be subtracted.

    In the order in which partnerships agreed for the first time, each as long as at both of its convenings at least
    ``asking.least`` others counted there are not known by name. Who may not be asked any more may have been read.
    """
    days = sorted({day for row in moves.to_dict("records") for day in _days(row)})
    states = {day: pasts(asking.rubric, day).released for day in days}
    known: dict[str, set[str]] = {}
    told: list[int] = []
    for sharer in asking.sharers:
        rows = moves[(moves[PARTNERSHIP] == sharer.code) & (moves[DOMAIN] == sharer.domain)]
        already = known.setdefault(sharer.domain, set())
        touched = {day for row in rows.to_dict("records") for day in _days(row)} if sharer.code else set(days)
        left = [_left(states[day], sharer, asking.own, already) for day in touched]
        if not sharer.code or all(count >= asking.least for count in left if count is not None):
            already.add(sharer.name)
            told.extend(rows.index)
    return moves.loc[moves.index.isin(told)].reset_index(drop=True)


def _days(row: dict[str, object]) -> Iterator[date]:
    move = move_of(row)
    yield from (move.held_then, move.held_now)


def _left(states: "pd.DataFrame", sharer: Sharer, own: str, known: set[str]) -> int | None:
    """How many others would still not be known by name; None where no counts are shown anyway."""
    counted = states[(states[DOMAIN] == sharer.domain) & states[IS_COUNTED] & (states[PARTNERSHIP] != own)]
    if counted.empty:
        return None
    return int((~counted[PARTNERSHIP].isin([*known, sharer.name])).sum())
