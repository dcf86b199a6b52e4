"""A partnership beside its peers: what the network has chosen that its members see, and no more.

There is one cut only: all peers, per domain of a rubric, at one convening. What is not told is left out here, so that
no chart, table or file made from it can tell it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from progressions import permissions
from progressions.charts.figure import Figure
from progressions.charts.peer_bands import peer_band_marks
from progressions.charts.peers import Setting, peer_strips
from progressions.charts.theme import Mode
from progressions.errors import NotAllowedError
from progressions.measures.columns import DOMAIN, LEVEL, PARTNERSHIP
from progressions.measures.disclosure import current, history_frame, released, upper_half
from progressions.measures.peers import beside_own, on_wordings, peer_bands, peer_domains, peer_levels, peers_shown
from progressions.people import Partnership, PeerView, Principal
from progressions.ratings import Convening
from progressions.rubric import Rubric, RubricVersion
from progressions.store import Repository, Store

if TYPE_CHECKING:
    import pandas as pd

NO_HALVES = (
    "Your network shows peers in bands, by the upper half of the levels. This rubric has so few levels that a half "
    "would give a partnership’s level away, so nothing is shown."
)


@dataclass(frozen=True, slots=True)
class Peers:
    """What may be told, as frames of ``measures.peers``. ``levels`` and ``own`` are None on bands, ``bands`` otherwise.

    ``names`` holds titles by domain and level where they may be read. ``least`` is how many others it takes.
    """

    view: PeerView
    least: int
    domains: "pd.DataFrame"
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


def beside(store: Store, principal: Principal, partnership: str, rubric: str, held_on: date) -> Peers:
    """The peers of a partnership at one convening, under the latest version of a rubric.

    NotAllowedError for somebody who sees no peers, or not this partnership; where the rubric does not exist; and, with
    the reason, where ``why_nothing`` has one.
    """
    permissions.check_can_see_peers(principal)
    permissions.check_can_see_partnership(principal, partnership)
    with store.read(principal) as repository:
        version = repository.rubric_version(rubric)
        if version is None:
            raise NotAllowedError
        if reason := why_nothing(principal, version):
            raise NotAllowedError(reason)
        history = history_frame(repository.peer_changes(rubric, held_on))
        wordings = _wordings_of_as_many_levels(repository, version.rubric)
        titles = repository.peer_titles() if view_of(principal) is PeerView.NAMES else {}
    return _told(history, wordings, titles, version.rubric, partnership, principal)


def figure(peers: Peers, partnership: Partnership, version: RubricVersion, convening: Convening, mode: Mode) -> Figure:
    """The peers as a chart with its table twin; what is drawn is what ``peers`` holds."""
    is_live = peers.view is PeerView.NAMES
    setting = Setting(partnership.title, convening.label, peers.least, is_live)
    if peers.bands is not None:
        return peer_band_marks(peers.domains, peers.bands, version.rubric, setting, mode)
    if peers.levels is None or peers.own is None:
        raise NotAllowedError
    return peer_strips(peers.domains, peers.levels, peers.own, version.rubric, setting, peers.names, mode)


def _wordings_of_as_many_levels(repository: Repository, rubric: Rubric) -> list[int]:
    """The versions whose levels are as many as today's: of others, no half is a half."""
    return [v.number for v in repository.versions(rubric.code) if len(v.rubric.levels) == len(rubric.levels)]


def _told(
    history: "pd.DataFrame",
    wordings: list[int],
    titles: Mapping[str, str],
    rubric: Rubric,
    own: str,
    principal: Principal,
) -> Peers:
    """The frames of one view. Those who see names see what is rated now: there is nothing to find out by waiting."""
    view, least = view_of(principal), least_of(principal)
    domains = [domain.code for domain in rubric.domains]
    now = on_wordings(current(history), wordings)
    states = now if view is PeerView.NAMES else on_wordings(released(history), wordings)
    shown = peers_shown(states, own, domains, least)
    of = peer_domains(states, shown, own, domains)
    if view is PeerView.BANDS:
        return Peers(view, least, of, bands=peer_bands(shown, len(rubric.levels)))
    levels = peer_levels(shown, [level.position for level in rubric.levels])
    names = _names(shown, titles) if view is PeerView.NAMES else None
    return Peers(view, least, of, levels, beside_own(shown, now, own), names=names)


def _names(shown: "pd.DataFrame", titles: Mapping[str, str]) -> dict[tuple[str, int], tuple[str, ...]]:
    told: dict[tuple[str, int], list[str]] = {}
    for row in shown.to_dict("records"):
        told.setdefault((row[DOMAIN], row[LEVEL]), []).append(titles[str(row[PARTNERSHIP])])
    return {at: tuple(sorted(found, key=str.casefold)) for at, found in told.items()}
