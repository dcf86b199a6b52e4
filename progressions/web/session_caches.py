"""What a hall asks for at every run: sessions, the words of their rubrics, and what was revealed."""

from threading import Condition

from cachetools import LRUCache, cached

from progressions.people import Principal
from progressions.permissions import check_can_vote
from progressions.rubric import RubricVersion
from progressions.services import reveals, rubrics, voting
from progressions.store import Store
from progressions.team_session import Room, TeamSession
from progressions.web import installation
from progressions.web.keeping import of_what

MOST_SESSIONS = 200  # the sessions of a few halls; each reveal makes another revision, and the oldest go
MOST_VERSIONS = 60  # three rubrics a network, a version or two of each


def team_session(principal: Principal, room: Room) -> TeamSession:
    """The session that the holder of a seat takes part in, as it is at the room's revision."""
    return _team_session(installation.store(), room.session_id, room.revision, _principal=principal, _room=room)


def words(principal: Principal, rubric: str, version: int) -> RubricVersion:
    """A published version of one of the network's rubrics: it never changes."""
    return _words(installation.store(), principal.network.id, rubric, version, _principal=principal)


def revealed(principal: Principal, session: TeamSession) -> tuple[reveals.Revealed, ...]:
    """What everybody in the session may see of its votes: the same for each seat of it."""
    check_can_vote(principal)
    return _revealed(installation.store(), session.id, session.revision, _principal=principal, _session=session)


@cached(LRUCache(MOST_SESSIONS), key=of_what, condition=Condition())
def _team_session(
    store: Store,
    session_id: int,  # noqa: ARG001
    revision: int,  # noqa: ARG001
    *,
    _principal: Principal,
    _room: Room,
) -> TeamSession:
    return voting.team_session(store, _principal, _room)


@cached(LRUCache(MOST_VERSIONS), key=of_what, condition=Condition())
def _words(
    store: Store,
    network_id: int,  # noqa: ARG001
    rubric: str,
    version: int,
    *,
    _principal: Principal,
) -> RubricVersion:
    found = rubrics.version(store, _principal, rubric, version)
    assert found is not None  # a session names only versions that were published
    return found


@cached(LRUCache(MOST_SESSIONS), key=of_what, condition=Condition())
def _revealed(
    store: Store,
    session_id: int,  # noqa: ARG001
    revision: int,  # noqa: ARG001
    *,
    _principal: Principal,
    _session: TeamSession,
) -> tuple[reveals.Revealed, ...]:
    return reveals.revealed(store, _principal, _session)
