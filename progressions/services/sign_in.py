"""Signing in: one-time links, codes, sessions, and who asks. Only hashes of tokens and secrets are stored."""

import base64
import hashlib
import hmac
import logging
import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from progressions import codes
from progressions.errors import NotAllowedError, StoreUnavailableError
from progressions.people import Network, Principal
from progressions.record import Action
from progressions.store import Directory, Store
from progressions.throttle import Door

TOKEN_BYTES = 32  # 256 random bits: nothing to guess, so no throttling of links is needed
PAGE_LENGTH = 43  # characters of a token
LINK_HOURS = 24  # long enough to walk from the terminal to the desk, short enough for a log that is read later
INVITATION_HOURS = 14 * 24  # invitations lie in a mailbox over a holiday
PRESSED_AGAIN = timedelta(minutes=10)  # a hall's wifi comes back, and somebody presses the button once more
SEEN_EACH = timedelta(hours=1)  # "last seen" need not be finer, and a write at each tap would cost all the others

DOOR = Door()
"""What codes are checked by in this process."""

log = logging.getLogger(__name__)


def hash_of(token: str) -> str:
    """What is stored of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def new_token() -> str:
    """A random token that nobody can guess."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def token_of_page(page: str, secret: str) -> str:
    """The token that pressing a page's button brings, the same however often it is pressed.

    ``page`` is a ``new_token`` that stands in that page alone. Whoever knows the secret of the form (a link that lies
    in a mailbox, a room code on a wall) and not the page finds no token by it. For what is no such page: a random one.
    """
    if len(page) != PAGE_LENGTH:
        return new_token()
    digest = hmac.digest(page.encode(), secret.encode(), "sha256")
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def make_link(
    directory: Directory,
    person_id: int,
    now: datetime,
    hours: int = LINK_HOURS,
    *,
    network: Network | None = None,
    spares_invitations: bool = False,
) -> str:
    """A fresh one-time token for a person, good for so many hours; the person's older unused links stop working.

    It leads into ``network``, where one is given. With ``spares_invitations`` those of an invitation go on working:
    they may be on their way to somebody. Inside the transaction that has looked whether it may be made.
    """
    token = new_token()
    directory.withdraw_links(person_id, spares_invitations=spares_invitations)
    directory.add_link(hash_of(token), person_id, now + timedelta(hours=hours), network.id if network else None)
    return token


@dataclass(frozen=True, slots=True)
class Arrival:
    """A browser that signs in. ``came_from`` goes to the record; ``older`` is the token of the session it held before,
    "" for none, which ends."""

    now: datetime
    session_days: int
    came_from: str = ""
    older: str = ""


def link_is_for(store: Store, token: str, now: datetime) -> Principal | None:
    """Whom a link would sign in, and where, without using it up; None where it would sign in nobody."""
    with store.read_directory() as directory:
        meant = directory.link_is_for(hash_of(token), now)
        return _entrance(directory, meant.person_id, meant.network_id) if meant is not None else None


def use_link(
    store: Store, token: str, session_days: int, now: datetime, came_from: str = "", *, older: str = "", page: str = ""
) -> str | None:
    """Turns a one-time token into a session token; None where the link is unknown, used or too old.

    Whoever presses twice, or again because the answer was lost on its way, would have used up the link and hold
    nothing: the same ``page`` is given the same session once more, while that is young and has not ended.
    """
    session = token_of_page(page, token)
    with store.write_directory() as directory:
        meant = directory.use_link(hash_of(token), now)
        if meant is None:
            begun = directory.session(hash_of(session), now)
            return session if begun is not None and now - begun.began_at <= PRESSED_AGAIN else None
        arrival = Arrival(now, session_days, came_from, older)
        return enter(directory, meant.person_id, "by link", arrival, network_id=meant.network_id, token=session)


def with_code(
    store: Store,
    text: str,
    session_days: int,
    now: datetime,
    came_from: str,
    *,
    older: str = "",
    door: Door | None = None,
) -> str | None:
    """Turns a typed code into a session token; None for anything wrong, whatever it is.

    TooManyTriesError where the code is not looked at now.
    """
    code = codes.parse(text)
    if code is None:
        return None
    with store.read_directory() as directory:
        held = directory.code(code.selector)
    if not (door or DOOR).opens(code, held[1] if held else None, came_from) or held is None:
        return None
    with store.write_directory() as directory:
        if directory.code(code.selector) != held:  # withdrawn or renewed while it was being checked
            return None
        directory.code_used(code.selector, now)
        return enter(directory, held[0], "by code", Arrival(now, session_days, came_from, older))


def enter(
    directory: Directory, person_id: int, how: str, arrival: Arrival, *, network_id: int | None = None, token: str = ""
) -> str | None:
    """A new session under a new token, or the one given.

    None for a person without access anywhere, or to the network that is named.
    """
    entrance = _entrance(directory, person_id, network_id)
    if entrance is None:
        return None
    token = token or new_token()
    principal = replace(entrance, came_from=arrival.came_from)
    expires = arrival.now + timedelta(days=arrival.session_days)
    directory.forget_expired(arrival.now)
    if arrival.older:
        directory.end_session(hash_of(arrival.older))
    directory.add_session(hash_of(token), person_id, principal.network.id, arrival.now, expires)
    directory.note(principal, Action.SIGNED_IN, how, now=arrival.now)
    return token


def _entrance(directory: Directory, person_id: int, network_id: int | None) -> Principal | None:
    """The person in the network that is named; else in the one they came into last, else in the first by title.

    A link into a network that is shut by now leads into no other: somebody has taken back what it invited to.
    """
    accesses = directory.accesses_of(person_id)
    if network_id is not None:
        return next((p for p in accesses if p.network.id == network_id), None)
    if len(accesses) < 2:
        return accesses[0] if accesses else None
    last = directory.last_entered(person_id)
    return next((p for p in accesses if p.network.id == last), accesses[0])


def principal_of(store: Store, session_token: str, now: datetime, came_from: str = "") -> Principal | None:
    """Who holds this session, in the network they are looking at; None where the session is over or unknown."""
    if not session_token:
        return None
    with store.read_directory() as directory:
        session = directory.session(hash_of(session_token), now)
        if session is None:
            return None
        accesses = directory.accesses_of(session.person_id)
    if now - session.last_seen_at >= SEEN_EACH:
        _note_seen(store, session_token, now)
    found = next((p for p in accesses if p.network.id == session.network_id), None)
    return replace(found, came_from=came_from) if found else None


def _note_seen(store: Store, session_token: str, now: datetime) -> None:
    """A database that cannot be written now may still be read: this note alone must stop nobody."""
    try:
        with store.write_directory() as directory:
            directory.session_seen(hash_of(session_token), now)
    except StoreUnavailableError as problem:
        log.warning("When a session was last seen could not be noted: %s", problem)


def networks_of(store: Store, principal: Principal) -> tuple[Network, ...]:
    """Every network that the person has access to."""
    with store.read_directory() as directory:
        return tuple(p.network for p in directory.accesses_of(principal.person_id))


def look_at(store: Store, session_token: str, principal: Principal, network: Network, now: datetime) -> None:
    """Turns the session to another network of the same person; NotAllowedError where they have no access.

    Both networks see it in their record, and neither which the other one is.
    """
    with store.write_directory() as directory:
        theirs = directory.accesses_of(principal.person_id)
        accesses = {p.network.id: replace(p, came_from=principal.came_from) for p in theirs}
        if network.id not in accesses:
            raise NotAllowedError
        before = directory.move_session(hash_of(session_token), network.id)
        if before.person_id != principal.person_id:
            raise NotAllowedError
        if before.network_id != network.id:
            directory.note(accesses[before.network_id], Action.SIGNED_OUT, "to another network", now=now)
            directory.note(accesses[network.id], Action.SIGNED_IN, "from another network", now=now)


def sign_out(store: Store, principal: Principal, session_token: str, now: datetime) -> None:
    """Ends this session in the database: the cookie that is left in the browser is worth nothing."""
    with store.write_directory() as directory:
        directory.end_session(hash_of(session_token))
        directory.note(principal, Action.SIGNED_OUT, "here", now=now)


def sign_out_everywhere(store: Store, principal: Principal, now: datetime) -> None:
    """Ends every session of the person, on every device; each network that one of them looked at notes it."""
    with store.write_directory() as directory:
        directory.forget_expired(now)
        ended = directory.end_sessions(principal.person_id) | {principal.network.id}
        for network in directory.networks():
            if network.id in ended:
                directory.note(replace(principal, network=network), Action.SIGNED_OUT, "everywhere", now=now)
