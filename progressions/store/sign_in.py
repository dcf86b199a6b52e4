"""One-time links, codes and sessions, by the hash of their secret: a copy of the database opens nothing."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, delete, insert, select, update

from progressions.errors import NotAllowedError
from progressions.people import signature
from progressions.record import Action
from progressions.store import tables as t
from progressions.store.people import STAFF, People
from progressions.store.scope import insert_unless_there


@dataclass(frozen=True, slots=True)
class Session:
    """Whose session it is, which network it looks at, when it began, and when it was last used, to about an hour."""

    person_id: int
    network_id: int
    began_at: datetime
    last_seen_at: datetime


@dataclass(frozen=True, slots=True)
class Meant:
    """Whom a link lets in, and the network that it invites to; None where it names none."""

    person_id: int
    network_id: int | None = None


_sessions = t.sign_in_sessions.c
SESSION = select(_sessions.person_id, _sessions.network_id, _sessions.created_at, _sessions.last_seen_at).where(
    _sessions.token_hash == bindparam("token"), _sessions.expires_at > bindparam("now")
)


class SignIn(People):
    """The part of the directory for links, codes and sessions."""

    def add_link(self, token_hash: str, person_id: int, expires_at: datetime, network_id: int | None = None) -> None:
        """A link that lets this person in once, until it expires, into the network that it names."""
        values = {
            "token_hash": token_hash,
            "person_id": person_id,
            "expires_at": expires_at,
            "network_id": network_id,
        }
        self._connection.execute(insert(t.sign_in_links).values(values))

    def use_link(self, token_hash: str, now: datetime) -> Meant | None:
        """Whom the link lets in, once; None where it is unknown, used before, or expired at ``now``."""
        table = t.sign_in_links
        statement = (
            update(table)
            .where(table.c.token_hash == token_hash, table.c.used_at.is_(None), table.c.expires_at > now)
            .values(used_at=now)
            .returning(table.c.person_id, table.c.network_id)
        )
        row = self._connection.execute(statement).one_or_none()
        return Meant(row.person_id, row.network_id) if row else None

    def link_is_for(self, token_hash: str, now: datetime) -> Meant | None:
        """Whom the link would let in at ``now``; the link stays unused."""
        table = t.sign_in_links.c
        query = select(table.person_id, table.network_id).where(
            table.token_hash == token_hash, table.used_at.is_(None), table.expires_at > now
        )
        row = self._connection.execute(query).one_or_none()
        return Meant(row.person_id, row.network_id) if row else None

    def withdraw_links(self, person_id: int, *, spares_invitations: bool = False) -> None:
        """Removes the person's links that nobody has used; or only those that name no network, as invitations do."""
        table = t.sign_in_links
        unused = (table.c.person_id == person_id) & table.c.used_at.is_(None)
        if spares_invitations:
            unused &= table.c.network_id.is_(None)
        self._connection.execute(delete(table).where(unused))

    def set_code(self, person_id: int, selector: str, secret_hash: str, now: datetime) -> bool:
        """Gives the person this code in place of an older one; False, and nothing changes, where the selector is taken.

        The person's own older code does not take its selector from them.
        """
        table = t.person_codes
        holder = self._connection.execute(select(table.c.person_id).where(table.c.selector == selector)).scalar()
        if holder not in (None, person_id):
            return False
        values = {"selector": selector, "person_id": person_id, "secret_hash": secret_hash, "made_at": now}
        self.drop_code(person_id)
        statement = insert_unless_there(self._connection, table).values(values).returning(table.c.selector)
        return self._connection.execute(statement).first() is not None

    def code(self, selector: str) -> tuple[int, str] | None:
        """Id of the person with this selector, and the hash of the secret; None where nobody has it."""
        table = t.person_codes.c
        query = select(table.person_id, table.secret_hash).where(table.selector == selector)
        row = self._connection.execute(query).first()
        return (row.person_id, row.secret_hash) if row else None

    def code_used(self, selector: str, now: datetime) -> None:
        """Notes when the code was last used."""
        table = t.person_codes
        self._connection.execute(update(table).where(table.c.selector == selector).values(used_at=now))

    def drop_code(self, person_id: int) -> None:
        """Removes the person's code; having none is no error."""
        table = t.person_codes
        self._connection.execute(delete(table).where(table.c.person_id == person_id))

    def add_session(
        self, token_hash: str, person_id: int, network_id: int, now: datetime, expires_at: datetime
    ) -> None:
        """A session that looks at one network; NotAllowedError where the person has no access to it."""
        self._check_access(person_id, network_id)
        values = {
            "token_hash": token_hash,
            "person_id": person_id,
            "network_id": network_id,
            "created_at": now,
            "expires_at": expires_at,
            "last_seen_at": now,
        }
        self._connection.execute(insert(t.sign_in_sessions).values(values))

    def session(self, token_hash: str, now: datetime) -> Session | None:
        """The session with this token; None where it is unknown or expired at ``now``."""
        row = self._connection.execute(SESSION, {"token": token_hash, "now": now}).first()
        return Session(row.person_id, row.network_id, row.created_at, row.last_seen_at) if row else None

    def session_seen(self, token_hash: str, now: datetime) -> None:
        """Notes that the session is in use."""
        table = t.sign_in_sessions
        self._connection.execute(update(table).where(table.c.token_hash == token_hash).values(last_seen_at=now))

    def move_session(self, token_hash: str, network_id: int) -> Session:
        """Turns a session to another network, and says what it was before.

        NotAllowedError where the session is over, or its person has no access to that network.
        """
        table = t.sign_in_sessions
        row = self._connection.execute(select(table).where(table.c.token_hash == token_hash)).one_or_none()
        if row is None:
            raise NotAllowedError
        self._check_access(row.person_id, network_id)
        self._connection.execute(update(table).where(table.c.token_hash == token_hash).values(network_id=network_id))
        return Session(row.person_id, row.network_id, row.created_at, row.last_seen_at)

    def end_session(self, token_hash: str) -> None:
        """Removes the session; an unknown one is no error."""
        table = t.sign_in_sessions
        self._connection.execute(delete(table).where(table.c.token_hash == token_hash))

    def end_sessions(self, person_id: int) -> frozenset[int]:
        """Ends every session of the person; the ids of the networks that they looked at."""
        table = t.sign_in_sessions
        ended = delete(table).where(table.c.person_id == person_id).returning(table.c.network_id)
        return frozenset(self._connection.execute(ended).scalars())

    def last_entered(self, person_id: int) -> int | None:
        """Id of the network that the person came into last, by what the record knows; None where it knows nothing."""
        table = t.record.c
        theirs = (table.who == signature(person_id), table.action == Action.SIGNED_IN.value)
        query = select(table.network_id).where(*theirs).order_by(table.id.desc()).limit(1)
        return self._connection.execute(query).scalar_one_or_none()

    def has_live_session(self, person_ids: Collection[int], now: datetime) -> bool:
        """Whether any of these people is signed in at ``now``."""
        table = t.sign_in_sessions.c
        query = select(table.token_hash).where(table.person_id.in_(person_ids), table.expires_at > now)
        return self._connection.execute(query.limit(1)).first() is not None

    def has_live_staff_session(self, now: datetime) -> bool:
        """Whether anybody who is staff of any network is signed in at ``now``."""
        query = select(t.accesses.c.person_id).where(t.accesses.c.access.in_(STAFF))
        return self.has_live_session(tuple(self._connection.execute(query).scalars()), now)

    def forget_expired(self, now: datetime) -> None:
        """Removes links and sessions that have expired at ``now``: what is not kept cannot leak."""
        for table in (t.sign_in_links, t.sign_in_sessions):
            self._connection.execute(delete(table).where(table.c.expires_at <= now))

    def _check_access(self, person_id: int, network_id: int) -> None:
        table = t.accesses.c
        query = select(table.id).where(table.person_id == person_id, table.network_id == network_id)
        if self._connection.execute(query).first() is None:
            raise NotAllowedError
