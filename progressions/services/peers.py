"""A partnership beside its peers: what the network has chosen that its members see, and no more.

There is one cut: per domain of a rubric, at one convening, all peers or those of a set that staff defined. What is not
told is left out here, so that no chart, table or file made from it can tell it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache, partial
from typing import TYPE_CHECKING, TypeAlias

from progressions import permissions
from progressions.charts.figure import Figure
from progressions.charts.peer_bands import peer_band_marks
from progressions.charts.peers import Setting, peer_strips
from progressions.charts.theme import Mode
from progressions.errors import NotAllowedError
from progressions.measures.columns import DOMAIN, LEVEL, PARTNERSHIP
from progressions.measures.disclosure import NOTHING, Beside, Consent, history_frame, upper_half
from progressions.measures.pasts import Past, past_of, side_by_side
from progressions.measures.peers import (
    Known,
    beside_own,
    of_set,
    on_wordings,
    own_on_bands,
    peer_bands,
    peer_domains,
    peer_levels,
    peers_shown,
)
from progressions.measures.started import ToldTogether, told_together
from progressions.people import Partnership, PeerSet, PeerView, Principal
from progressions.ratings import Convening
from progressions.rubric import Rubric, RubricVersion
from progressions.services.movement import MOST_SINCE
from progressions.store import Repository, Store

if TYPE_CHECKING:
    import pandas as pd

NO_HALVES = (
    "Your network shows peers in bands, by the upper half of the levels. This rubric has so few levels that a half "
    "would give a partnership’s level away, so nothing is shown."
)


@dataclass(frozen=True, slots=True)
class Peers:
    """What may be told, as frames of ``measures.peers``. ``levels`` is None on bands, ``bands`` otherwise.

    ``own`` is of ``beside_own``, on bands of ``own_on_bands``, without counts. ``names`` holds titles by domain and
    level where they may be read. ``least`` is how many others it takes, ``whose`` the title of the set, "" for all
    peers.
    """

    view: PeerView
    least: int
    domains: "pd.DataFrame"
    whose: str = ""
    levels: "pd.DataFrame | None" = None
    own: "pd.DataFrame | None" = None
    bands: "pd.DataFrame | None" = None
    names: Mapping[tuple[str, int], tuple[str, ...]] | None = field(default=None)


def view_of(principal: Principal) -> PeerView:
    """What this person sees of peers: staff names, members what the network has chosen."""
    return PeerView.NAMES if principal.is_staff else principal.network.peer_view


def least_of(principal: Principal) -> int:
    """How many others it takes before this person is shown any."""
    return 1 if principal.is_staff else principal.network.least_others


def why_nothing(principal: Principal, version: RubricVersion) -> str:
    """Why this rubric shows no peers to this person whatever is rated; "" where it does."""
    on_bands = view_of(principal) is PeerView.BANDS
    return NO_HALVES if on_bands and upper_half(len(version.rubric.levels)) is None else ""


def sets_of(store: Store, principal: Principal) -> tuple[PeerSet, ...]:
    """The peer sets that this person may look at, by title: staff every one that stands, members those shown to them.

    NotAllowedError for somebody who sees no peers.
    """
    permissions.check_can_see_peers(principal)
    with store.read(principal) as repository:
        standing = [each for each in repository.peer_sets() if each.removed_at is None]
    return tuple(sorted(standing, key=lambda each: (each.title.casefold(), each.id)))


Kept: TypeAlias = Callable[[str, date], Past]
"""By rubric and day what ``past`` gives the same person, where it is kept."""


def past(store: Store, principal: Principal, rubric: str, held_on: date) -> Past:
    """How everybody's ratings of a rubric at one convening came about: the same for all who see peers in the same way.

    To be told nobody as it is; ``beside`` tells what may be told of it. NotAllowedError for somebody who sees no peers.
    """
    permissions.check_can_see_peers(principal)
    with store.read(principal) as repository:
        return past_of(history_frame(repository.peer_changes(rubric, held_on)))


@dataclass(frozen=True, slots=True)
class Marks:
    """When each past became another one: the number of its latest change, 0 where only ``all`` of them together is
    known. ``change`` is the latest one that this knows of.
    """

    change: int
    all: int
    known: Mapping[tuple[str, date], int]

    def of(self, rubric: str, held_on: date) -> int:
        """Another number whenever the past is another one."""
        return self.known.get((rubric, held_on), self.all)


def marks(store: Store, principal: Principal, before: Marks | None = None) -> Marks:
    """The marks of now, brought on from earlier ones. NotAllowedError for somebody who sees no peers."""
    permissions.check_can_see_peers(principal)
    with store.read(principal) as repository:
        since = repository.places_since(before.change, MOST_SINCE) if before else None
        if before and since:
            latest, places = since
            return Marks(latest, before.all, {**before.known, **dict.fromkeys(places, latest)})
        change = repository.latest_change()
        return Marks(change, change, {})


def beside(
    store: Store,
    principal: Principal,
    partnership: str,
    rubric: str,
    held_on: date,
    peer_set: int = 0,
    pasts: Kept | None = None,
) -> Peers:
    """The peers of a partnership at one convening, under the latest version of a rubric: all (0), or those of a set.

    NotAllowedError for somebody who sees no peers, or not this partnership; where the rubric or the set does not exist;
    and, with the reason, where ``why_nothing`` has one.
    """
    asking = _asking(store, principal, partnership, rubric, peer_set, pasts)
    found = asking.pasts(rubric, held_on).with_beside(asking.beside)
    return _told(found, asking, [domain.code for domain in asking.rubric.domains])


def over_time(
    store: Store,
    principal: Principal,
    partnership: str,
    rubric: str,
    held_on: Sequence[date],
    domain: str,
    peer_set: int = 0,
    pasts: Kept | None = None,
) -> dict[date, Peers]:
    """One domain at several convenings, each exactly as ``beside`` tells it there, but for names."""
    asking = _asking(store, principal, partnership, rubric, peer_set, pasts, domain, held_on)
    if not held_on:
        return {}
    whole = side_by_side(domain, {_key(day): asking.pasts(rubric, day) for day in held_on}, asking.beside)
    return _by_day(_told(whole, asking, [_key(day) for day in held_on]), held_on, domain)


def _key(day: date) -> str:
    return day.isoformat()


def _by_day(told: Peers, held_on: Sequence[date], domain: str) -> dict[date, Peers]:
    """What is told of each of the days, which stand in the place of domains."""

    def apart(frame: "pd.DataFrame | None") -> "dict[str, pd.DataFrame]":
        if frame is None:
            return {}
        days = frame[DOMAIN]
        every = frame.assign(**{DOMAIN: domain})
        told_at = {str(day): rows for day, rows in every.groupby(days)}
        return {_key(day): every.iloc[:0] for day in held_on} | told_at

    domains, levels, own, bands = (apart(each) for each in (told.domains, told.levels, told.own, told.bands))
    return {
        day: replace(told, domains=domains[at], levels=levels.get(at), own=own.get(at), bands=bands.get(at))
        for day in held_on
        for at in (_key(day),)
    }


def beside_of(repository: Repository, rubric: str) -> Beside:
    """What else members could ever read of a rubric: the same for all who see peers in the same way."""
    agreed: dict[str, list[Consent]] = {}
    for each in repository.sharers(rubric):
        agreed.setdefault(each.domain, []).append((each.first_asked_at, each.name))
    ever_shown = tuple(each for each in repository.peer_sets() if each.is_shown)
    return Beside(ever_shown, {domain: tuple(consents) for domain, consents in agreed.items()})


@dataclass(frozen=True, slots=True)
class Days:
    """The days of all convenings that there ever were, as they follow, and the places of those that are ``gone``: an
    import that brought them was undone. What was told of them was read.
    """

    ever: tuple[date, ...] = ()
    gone: frozenset[int] = frozenset()


def days_of(repository: Repository) -> Days:
    """NotAllowedError for somebody who sees no peers."""
    ever, present = repository.days_ever(), {each.held_on for each in repository.convenings()}
    return Days(ever, frozenset(place for place, day in enumerate(ever) if day not in present))


def together_of(pasts: Kept, rubric: str, days: Days, domain: str, beside: Beside) -> ToldTogether:
    """What may be told of a domain of two convenings together, to members who see counts; their places in ``days``."""
    found = [pasts(rubric, day).with_beside(beside).releases(domain) for day in days.ever]
    return told_together(found, *beside.of(domain), gone=days.gone)


def _asking(
    store: Store,
    principal: Principal,
    partnership: str,
    rubric: str,
    peer_set: int,
    pasts: Kept | None,
    domain: str = "",
    days: Sequence[date] = (),
) -> "_Asking":
    permissions.check_can_see_peers(principal)
    permissions.check_can_see_partnership(principal, partnership)
    by_name = view_of(principal) is PeerView.NAMES
    with store.read(principal) as repository:
        version = repository.rubric_version(rubric)
        if version is None:
            raise NotAllowedError
        if reason := why_nothing(principal, version):
            raise NotAllowedError(reason)
        name = repository.peer_name(partnership)
        wordings = wordings_of_as_many_levels(repository, version.rubric)
        titles = repository.peer_titles() if by_name and not days else {}
        beside = NOTHING if by_name else beside_of(repository, rubric)
        chosen = _chosen(repository, peer_set) if peer_set else None
        ever = days_of(repository) if peer_set else Days()
    kept = cache(pasts or partial(past, store, principal))
    asking = _Asking(principal, name, version.rubric, wordings, titles, kept, beside)
    if chosen is None or by_name:
        return replace(asking, cut=_Cut(chosen) if chosen else None)
    number = beside.sets.index(chosen)
    codes = [domain] if domain else [each.code for each in version.rubric.domains]
    if view_of(principal) is PeerView.BANDS:
        # No group that started at one level is ever told there: what hung on groups would tell of their levels.
        told = frozenset(codes)
    else:
        told = frozenset(of for of in codes if number in together_of(kept, rubric, ever, of, beside).sets)
    days_told = frozenset(map(_key, days if told else ()))
    return replace(asking, cut=_Cut(chosen, number, days_told if days else told))


def figure(peers: Peers, partnership: Partnership, version: RubricVersion, convening: Convening, mode: Mode) -> Figure:
    """The peers as a chart with its table twin; what is drawn is what ``peers`` holds."""
    setting = setting_of(peers, partnership, convening.label)
    if peers.own is not None and peers.bands is not None:
        return peer_band_marks(peers.domains, peers.bands, peers.own, version.rubric, setting, mode)
    if peers.levels is None or peers.own is None:
        raise NotAllowedError
    return peer_strips(peers.domains, peers.levels, peers.own, version.rubric, setting, peers.names, mode)


def setting_of(peers: Peers, partnership: Partnership, at: str) -> Setting:
    """What a figure of these peers is of, in words."""
    return Setting(partnership.title, at, peers.least, peers.view is PeerView.NAMES, peers.whose)


@dataclass(frozen=True, slots=True)
class _Cut:
    """A set that is looked at, its number among all that were ever shown, and in which domains (or of one domain at
    which convenings) it may be told beside the groups of ``started``.
    """

    chosen: PeerSet
    number: int = 0
    domains: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class _Asking:
    principal: Principal
    own: str
    rubric: Rubric
    wordings: list[int]
    titles: Mapping[str, str]
    pasts: Kept
    beside: Beside
    cut: _Cut | None = None


def _chosen(repository: Repository, peer_set: int) -> PeerSet:
    """NotAllowedError where this person may not look at the set."""
    standing = (each for each in repository.peer_sets() if each.id == peer_set and each.removed_at is None)
    chosen = next(standing, None)
    if chosen is None:
        raise NotAllowedError
    return chosen


def wordings_of_as_many_levels(repository: Repository, rubric: Rubric) -> list[int]:
    """The versions whose levels are as many as today's: of others, no half is a half."""
    return [v.number for v in repository.versions(rubric.code) if len(v.rubric.levels) == len(rubric.levels)]


def _told(past: Past, asking: _Asking, domains: list[str]) -> Peers:
    """The frames of one view. Those who see names see what is rated now: there is nothing to find out by waiting."""
    view, least, own, rubric = view_of(asking.principal), least_of(asking.principal), asking.own, asking.rubric
    whose = asking.cut.chosen.title if asking.cut else ""
    states, known = _states(past, asking, domains), _known(past, asking, domains)
    shown = peers_shown(states, own, domains, least, known)
    of = peer_domains(states, shown, own, domains)
    if view is PeerView.BANDS:
        mine = own_on_bands(shown, past.own(own), own)
        return Peers(view, least, of, whose, own=mine, bands=peer_bands(shown, len(rubric.levels)))
    levels = peer_levels(shown, [level.position for level in rubric.levels])
    names = _names(shown, asking.titles) if asking.titles else None
    return Peers(view, least, of, whose, levels, beside_own(shown, past.own(own), own), names=names)


def _states(past: Past, asking: _Asking, domains: list[str]) -> "pd.DataFrame":
    """How everybody stands whom this person may be told of, before it is asked whether they are enough."""
    cut, least = asking.cut, least_of(asking.principal)
    if view_of(asking.principal) is PeerView.NAMES:
        now = on_wordings(past.current, asking.wordings)
        return now if cut is None else now[now[PARTNERSHIP].isin(list(cut.chosen.partnerships))]
    if cut is None:
        return on_wordings(past.released, asking.wordings)
    in_sets = on_wordings(past.in_sets, asking.wordings)
    told = [domain for domain in domains if domain in cut.domains]
    return of_set(in_sets, cut.number, asking.own, told, least, _known(past, asking, told))


def _known(past: Past, asking: _Asking, domains: Sequence[str]) -> Known:
    """Whose levels may be read by name beside what is told without names."""
    if view_of(asking.principal) is PeerView.NAMES:
        return frozenset()
    return frozenset((domain, who) for domain in domains for who in past.named(domain))


def _names(shown: "pd.DataFrame", titles: Mapping[str, str]) -> dict[tuple[str, int], tuple[str, ...]]:
    told: dict[tuple[str, int], list[str]] = {}
    columns = (shown[name].tolist() for name in (DOMAIN, LEVEL, PARTNERSHIP))
    for domain, level, partnership in zip(*columns, strict=True):
        told.setdefault((domain, level), []).append(titles[partnership])
    return {at: tuple(sorted(found, key=str.casefold)) for at, found in told.items()}
