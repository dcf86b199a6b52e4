"""Where a partnership is stuck, and who of its peers stood there and has moved on, as far as they may be named.

Those who agreed to be asked are named under every view of peers but *nothing*: their consent is their own. Where they
stood is told where no others are left to be subtracted (``measures.telling``, ``measures.started``); otherwise members
read who may be asked, and no more. *On bands* that is all: whether a name would leave enough others of a group that
started at one level hangs on the levels of these others, so that a name that is told, or is not, would tell of them. Of
the others staff see everybody, members at most a count, where ``measures.started`` lets it through.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache, partial
from typing import TYPE_CHECKING

from progressions import permissions
from progressions.charts.started import Group
from progressions.errors import NotAllowedError
from progressions.measures.columns import DOMAIN, HELD_NOW, LEVEL, PARTNERSHIP, WORDING
from progressions.measures.disclosure import Beside
from progressions.measures.frame import tidy
from progressions.measures.started import ToldTogether
from progressions.measures.stuck import SINCE, TIMES, moved_from, moved_on, stuck
from progressions.people import PeerView, Principal
from progressions.services.peers import (
    Kept,
    beside_of,
    days_of,
    past,
    together_of,
    view_of,
    wordings_of_as_many_levels,
)
from progressions.services.peers_over_time import started, why_no_start
from progressions.services.shared_notes import Move, move_of
from progressions.sharing import SharedNote
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
class Helper:
    """A peer that may be asked about a domain, wherever it stands: nothing is told of that."""

    title: str
    note: str
    contact: str


@dataclass(frozen=True, slots=True)
class Stuck:
    """A domain whose latest two or more ratings are at one level; convenings without a rating may lie between.

    ``movers`` come most recent first, and no more than ``MOST_NAMED`` of them: ``more`` is how many are left out.
    ``group`` is what may be told of peers that started at this level, None where nothing may. ``helpers`` are all
    others who may be asked about the domain, by title.
    """

    domain: str
    level: int
    since: date
    until: date
    times: int
    movers: tuple[Mover, ...]
    more: int
    group: Group | None
    helpers: tuple[Helper, ...] = ()


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

    ``frame`` holds the partnership's ratings, and ``moves``, for staff, what ``moved_on`` tells of everybody's, where
    they are kept. NotAllowedError for somebody who sees no peers, or not this partnership.
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
        wordings = wordings_of_as_many_levels(repository, version.rubric)
        known = cache(pasts or partial(past, store, principal))
        view = view_of(principal)
        named = _named(repository, rubric, known) if view is PeerView.COUNTS else None
    if view is not PeerView.NAMES:
        movers = replace(movers, moves=_told(movers, named) if named else movers.moves.iloc[:0])
    groups = _groups(store, principal, (partnership, rubric), known, named)
    below = own[(own[LEVEL] < len(version.rubric.levels)) & own[DOMAIN].isin(version.wordings)]
    today = below[below[WORDING].isin(wordings)]  # an earlier version of more or fewer levels had another highest one
    return tuple(_stuck(row, movers, groups) for row in today.to_dict("records"))


@dataclass(frozen=True, slots=True)
class _Movers:
    """Every move that this person may read of, and what is known of those who made it.

    ``rated`` is when each of those who may be asked rated the domain, for members alone.
    """

    moves: "pd.DataFrame"
    notes: Mapping[tuple[str, str], SharedNote]
    titles: Mapping[str, str]
    rated: Mapping[tuple[str, str], Sequence[date]] = field(default_factory=dict)


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
        group if group and (group.started.level, group.wording) == (level, row[WORDING]) else None,
        _helpers(domain, movers, {str(code) for code in moved.head(MOST_NAMED)[PARTNERSHIP]}),
    )


def _helpers(domain: str, movers: _Movers, named: set[str]) -> tuple[Helper, ...]:
    asked = [(who, note) for (who, of), note in movers.notes.items() if of == domain and note.may_be_asked]
    found = (Helper(movers.titles[who], note.note, note.contact) for who, note in asked if who not in named)
    return tuple(sorted(found, key=lambda each: each.title.casefold()))


def _mover(row: dict[str, object], movers: _Movers) -> Mover:
    code = str(row[PARTNERSHIP])
    note = movers.notes.get((code, str(row[DOMAIN])))
    if note is None:
        return Mover(movers.titles[code], move_of(row))
    return Mover(movers.titles[code], move_of(row), note.note, note.contact, note.may_be_asked)


def _movers(
    repository: Repository, principal: Principal, own: str, rubric: str, moves: "pd.DataFrame | None"
) -> _Movers:
    """Of all whose moves this person may read, whatever the network shows beside them."""
    read = repository.notes_to_read(rubric)
    notes = {(note.partnership, note.domain): note for note, _ in read}
    if principal.is_staff:
        if moves is None:
            moves = moved_on(tidy(repository.facts(rubric=rubric)))
        return _Movers(moves[moves[PARTNERSHIP] != own], notes, repository.peer_titles())
    facts = [fact for fact in repository.facts_of_sharers(rubric) if fact.partnership != own]
    rated: dict[tuple[str, str], list[date]] = {}
    for fact in facts:
        rated.setdefault((fact.partnership, fact.domain), []).append(fact.held_on)
    return _Movers(moved_on(tidy(facts)), notes, {note.partnership: title for note, title in read}, rated)


@dataclass(frozen=True, slots=True)
class _Named:
    """Who may be named in a rubric: by what members were told, convening by convening and of two together.

    ``names`` are those that ``pasts`` have for partnerships that may be asked, by code and domain.
    """

    pasts: Kept
    rubric: str
    together: Callable[[str], ToldTogether]
    beside: Beside
    names: Mapping[tuple[str, str], str]

    def named_at(self, domain: str, day: date) -> frozenset[str]:
        """Who may be named in a domain, as far as one convening goes."""
        return self.pasts(self.rubric, day).with_beside(self.beside).named(domain)


def _named(repository: Repository, rubric: str, pasts: Kept) -> _Named:
    names = {(each.code, each.domain): each.name for each in repository.sharers(rubric) if each.code}
    days, beside = days_of(repository), beside_of(repository, rubric)
    together = cache(lambda domain: together_of(pasts, rubric, days, domain, beside))
    return _Named(pasts, rubric, together, beside, names)


def _groups(
    store: Store, principal: Principal, of: tuple[str, str], pasts: Kept, named: _Named | None
) -> dict[str, Group]:
    """The peers that started alike, by domain; nobody on bands."""
    if why_no_start(principal):
        return {}
    found = started(store, principal, *of, pasts=pasts, together=named.together if named else None)
    return {each.domain: each for each in found}


def _told(movers: _Movers, named: _Named) -> "pd.DataFrame":
    """The moves of those who may be named in their domain, as far as what is told of two convenings together goes, and
    of each from the move's first on: who has moved on stands above since.
    """
    may = [
        place
        for place, row in enumerate(movers.moves.to_dict("records"))
        for domain, who in ((row[DOMAIN], (row[PARTNERSHIP], row[DOMAIN])),)
        for name in (named.names[who],)
        if name in named.together(domain).named
        and all(name in named.named_at(domain, day) for day in movers.rated[who] if day >= move_of(row).held_then)
    ]
    return movers.moves.iloc[may].reset_index(drop=True)
