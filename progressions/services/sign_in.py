"""Signing in: one-time links, sessions, and who asks. Only hashes of tokens are stored."""

import hashlib
import secrets
from datetime import datetime, timedelta

from progressions.errors import NotAllowedError
from progressions.people import Access, Network, Principal
from progressions.store import Store

TOKEN_BYTES = 32  # 256 random bits: nothing to guess, so no throttling of links is needed
LINK_HOURS = 24  # long enough to walk from the terminal to the desk, short enough for a log that is read later


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def make_link(store: Store, person_id: int, now: datetime) -> str:
    """A fresh one-time token for a person; the person's older unused links stop working."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    with store.write_directory() as directory:
        directory.withdraw_links(person_id)
        directory.add_link(_hash(token), person_id, now + timedelta(hours=LINK_HOURS))
    return token


def invite(store: Store, network: Network, name: str, access: Access, partnership: str, now: datetime) -> str:
    """Makes a person with access to a network, and a one-time token for them.

    Raises NotAllowedError where the partnership is unknown, or missing for an access that needs one.
    """
    needs_partnership = access in (Access.MEMBER, Access.FACILITATOR)
    with store.write_directory() as directory:
        if needs_partnership and not directory.has_partnership(network.id, partnership):
            raise NotAllowedError(f"There is no partnership with the code “{partnership}” in {network.title}.")
        person_id = directory.add_person(name, now)
        directory.grant(person_id, network.id, access, partnership if needs_partnership else None)
    return make_link(store, person_id, now)


def use_link(store: Store, token: str, session_days: int, now: datetime) -> str | None:
    """Turns a one-time token into a session token; None where the link is unknown, used or too old."""
    session_token = secrets.token_urlsafe(TOKEN_BYTES)
    with store.write_directory() as directory:
        person_id = directory.use_link(_hash(token), now)
        if person_id is None:
            return None
        accesses = directory.accesses_of(person_id)
        if not accesses:
            return None
        expires = now + timedelta(days=session_days)
        directory.add_session(_hash(session_token), person_id, accesses[0].network.id, now, expires)
    return session_token


def principal_of(store: Store, session_token: str, now: datetime) -> Principal | None:
    """Who holds this session, in the network they are looking at; None where the session is over or unknown."""
    if not session_token:
        return None
    with store.read_directory() as directory:
        session = directory.session(_hash(session_token), now)
        if session is None:
            return None
        person_id, network_id = session
        accesses = directory.accesses_of(person_id)
    return next((p for p in accesses if p.network.id == network_id), None)


def networks_of(store: Store, principal: Principal) -> tuple[Network, ...]:
    """Every network that the person has access to."""
    with store.read_directory() as directory:
        return tuple(p.network for p in directory.accesses_of(principal.person_id))


def look_at(store: Store, session_token: str, principal: Principal, network: Network) -> None:
    """Turns the session to another network of the same person; NotAllowedError where they have no access."""
    if network.id not in {n.id for n in networks_of(store, principal)}:
        raise NotAllowedError
    with store.write_directory() as directory:
        directory.move_session(_hash(session_token), network.id)


def sign_out(store: Store, session_token: str) -> None:
    """Ends the session in the database: the cookie that is left in the browser is worth nothing."""
    with store.write_directory() as directory:
        directory.end_session(_hash(session_token))
