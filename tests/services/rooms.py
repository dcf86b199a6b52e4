"""A team in a room, as the tests of its session need it: an open session, people who join and vote."""

from collections.abc import Iterable

from progressions.people import Access, Network, Principal
from progressions.ratings import RatingDraft, RatingKey, StoredRating
from progressions.services import ratings, team_sessions, voting
from progressions.services.ratings import Pen
from progressions.services.team_sessions import Wish
from progressions.services.voting import Newcomer
from progressions.store import Store
from progressions.team_session import Answer, DomainKey, Naming, Role, Side, TeamSession
from tests.factories import AUTUMN, NOW

KEYS = tuple(DomainKey("lea", f"lea-{number}") for number in (1, 2, 3))
FIRST, SECOND, THIRD = KEYS
PEN = Pen("pen", 0)
ROLES = {Side.LEA: Role.TEACHER, Side.IHE: Role.DEAN}


def opened(
    store: Store,
    who: Principal,
    *,
    naming: Naming = Naming.ALIAS,
    has_votes: bool = True,
    keys: tuple[DomainKey, ...] = KEYS,
) -> TeamSession:
    """A session of "ash" in autumn: there is a convening before it."""
    return team_sessions.open_session(store, who, Wish("ash", AUTUMN, naming, has_votes, keys), NOW)


def joined(store: Store, team: TeamSession, *sides: Side) -> list[str]:
    """The tokens of people who have joined, in this order."""
    found = []
    for number, side in enumerate(sides, start=1):
        token = voting.join(store, team.room_code, Newcomer(f"Person {number}", side, ROLES[side]), NOW, "")
        assert token is not None
        found.append(token)
    return found


def voted(store: Store, token: str, key: DomainKey, level: int | None) -> None:
    """A vote of whoever holds the token; None for "cannot judge"."""
    ballot = voting.ballot(store, token, NOW)
    assert ballot is not None
    answer = Answer(level, cannot_judge=level is None)
    base = ballot.vote(key).row_version
    voting.save_vote(store, ballot.principal, key, answer, base=base, pen=PEN, now=NOW)


def all_voted(store: Store, tokens: Iterable[str], key: DomainKey, levels: Iterable[int | None]) -> None:
    """One vote each, in the order of the tokens."""
    for token, level in zip(tokens, levels, strict=True):
        voted(store, token, key, level)


def rated(store: Store, who: Principal, key: RatingKey, draft: RatingDraft, base: int = 0) -> StoredRating:
    """A rating as a page saves it."""
    return ratings.save_rating(store, who, key, draft, base=base, pen=PEN, now=NOW)


def colleague(network: Network) -> Principal:
    """Another facilitator of "ash", the fourth person of the store."""
    return Principal(4, "Gus", network, Access.FACILITATOR, "ash")
