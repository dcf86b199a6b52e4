"""A hall, as its tests need it: partnerships in sessions of one convening, and who said what in them."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import count

from progressions.people import Principal
from progressions.services import networks, reveals, team_sessions, voting
from progressions.services.team_sessions import Wish
from progressions.services.voting import Newcomer
from progressions.store import Store
from progressions.team_session import DomainKey, Naming, Role, Side, TeamSession
from tests.factories import AUTUMN, NOW
from tests.services.rooms import FIRST, KEYS, voted

NUMBERS = count(1)
"""Nobody is called like somebody else in the room."""


def met(
    store: Store, who: Principal, code: str, *, keys: tuple[DomainKey, ...] = KEYS, naming: Naming = Naming.NAMED
) -> TeamSession:
    """An open session of a partnership, which is added where there is none of this code."""
    if code not in {each.code for each in networks.partnerships(store, who)}:
        networks.add_partnership(store, who, code, NOW)
    return team_sessions.open_session(store, who, Wish(code, AUTUMN, naming, True, keys), NOW)


def said(
    store: Store, team: TeamSession, role: Role, levels: Iterable[int | None], key: DomainKey = FIRST
) -> list[str]:
    """New people of one role, each with one vote; their tokens."""
    tokens = []
    for level in levels:
        newcomer = Newcomer(f"Somebody {next(NUMBERS)} of {team.partnership}", Side.LEA, role)
        token = voting.join(store, team.room_code, newcomer, NOW, "")
        assert token is not None
        voted(store, token, key, level)
        tokens.append(token)
    return tokens


def now_is(store: Store, who: Principal, team: TeamSession) -> TeamSession:
    found = team_sessions.session_of(store, who, team.partnership, AUTUMN)
    assert found is not None
    return found


def revealed(store: Store, who: Principal, team: TeamSession, *keys: DomainKey, at: datetime = NOW) -> TeamSession:
    return reveals.reveal(store, who, now_is(store, who, team), keys or (FIRST,), at)


def hall_of(store: Store, who: Principal, role: Role, levels: dict[str, Sequence[int | None]]) -> list[TeamSession]:
    """A session for each partnership, with the votes of its people on the first domain, revealed."""
    found = []
    for code, each in levels.items():
        team = met(store, who, code)
        said(store, team, role, each)
        found.append(revealed(store, who, team))
    return found
