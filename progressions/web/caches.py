"""The caches, in one module. Only for speed: anybody may clear them at any time.

Each is keyed by what the person may see and by the data's revision, so that nobody meets another's cut, and nothing
is older than the last save.
"""

from datetime import date
from typing import TYPE_CHECKING

import streamlit as st

from progressions.people import PeerView, Principal
from progressions.permissions import can_see_network, check_can_see_partnership, check_can_see_peers
from progressions.ratings import Convening
from progressions.services import movement, networks, peers
from progressions.web import installation

if TYPE_CHECKING:
    import pandas as pd

MOST_CALENDARS = 2_000  # a partnership's convenings are a handful of dates
MOST_PEERS = 500  # a cut is a row a domain and level; a thousand partnerships with their names take 100 KB
MOST_FRAMES = 24  # a network and its partnerships; a frame of 480,000 ratings takes some 20 MB


def frame(principal: Principal) -> "pd.DataFrame":
    """The ratings that this person may see, as they are now. Shared between runs: measures return new frames."""
    scope = None if can_see_network(principal) else principal.partnership
    if scope is not None:
        check_can_see_partnership(principal, scope)  # a rater of the partnership sees none of it
    return _frame(principal.network.id, scope, networks.revision(installation.store(), principal), _principal=principal)


def convenings(principal: Principal, partnership: str) -> tuple[Convening, ...]:
    """The convenings of a partnership's charts, for somebody who may see the partnership."""
    check_can_see_partnership(principal, partnership)
    return _convenings(
        principal.network.id, partnership, networks.revision(installation.store(), principal), _principal=principal
    )


def peers_of(principal: Principal, partnership: str, rubric: str, held_on: date) -> peers.Peers:
    """The peers of a partnership at one convening, as this person sees them: keyed by all that decides what that is."""
    check_can_see_peers(principal)
    check_can_see_partnership(principal, partnership)
    return _peers(
        principal.network.id,
        (peers.view_of(principal), peers.least_of(principal)),
        (partnership, rubric, held_on),
        networks.revision(installation.store(), principal),
        _principal=principal,
    )


@st.cache_resource(max_entries=MOST_FRAMES, show_spinner=False)
def _frame(network_id: int, scope: str | None, revision: int, *, _principal: Principal) -> "pd.DataFrame":  # noqa: ARG001
    return movement.frame_of(installation.store(), _principal)


@st.cache_resource(max_entries=MOST_CALENDARS, show_spinner=False)
def _convenings(
    network_id: int,  # noqa: ARG001
    partnership: str,
    revision: int,  # noqa: ARG001
    *,
    _principal: Principal,
) -> tuple[Convening, ...]:
    return movement.expected_convenings(installation.store(), _principal, partnership)


@st.cache_resource(max_entries=MOST_PEERS, show_spinner=False)
def _peers(
    network_id: int,  # noqa: ARG001
    view: tuple[PeerView, int],  # noqa: ARG001
    of: tuple[str, str, date],
    revision: int,  # noqa: ARG001
    *,
    _principal: Principal,
) -> peers.Peers:
    return peers.beside(installation.store(), _principal, *of)
