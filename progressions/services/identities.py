"""Signing in by an identity provider (OIDC): which person an identity belongs to, and the session that follows.

An identity is the pair of issuer and subject, which a provider gives to one account for ever. An e-mail is only what an
invitation is addressed to: it links one identity, once. Addresses are handed on to the next holder of a post, and two
providers may each confirm the same one to different people; so whoever comes later under another identity is refused
until staff invite them anew.
"""

from dataclasses import dataclass
from datetime import datetime

from progressions.services.sign_in import Arrival, enter
from progressions.store import Store

LONGEST = 1_000  # characters of an issuer, a subject or an e-mail; real ones stay under 300
HOW = "by identity provider"


@dataclass(frozen=True, slots=True)
class Claims:
    """What a provider signed about an account. ``email_verified`` is true only where the provider said so."""

    issuer: str
    subject: str
    email: str = ""
    email_verified: bool = False
    name: str = ""


def person_for(store: Store, claims: Claims, now: datetime) -> int | None:
    """Id of the person behind an identity, linked now where a confirmed e-mail is an invited one's; None for nobody.

    A linked identity keeps its person, whatever became of the e-mail.
    """
    if not (_is_sound(claims.issuer) and _is_sound(claims.subject)):
        return None
    with store.read_directory() as directory:
        linked = directory.identity(claims.issuer, claims.subject)
    return linked if linked is not None else _link(store, claims, now)


def sign_in(store: Store, claims: Claims, arrival: Arrival) -> str | None:
    """Turns confirmed claims into a session token; None for whoever is not invited, or not any more."""
    person_id = person_for(store, claims, arrival.now)
    if person_id is None:
        return None
    with store.write_directory() as directory:
        return enter(directory, person_id, HOW, arrival)


def _link(store: Store, claims: Claims, now: datetime) -> int | None:
    email = claims.email.strip()
    if not claims.email_verified or not _is_sound(email):
        return None
    with store.write_directory() as directory:
        person_id = directory.awaiting(email)
        if person_id is None or not directory.link_identity(claims.issuer, claims.subject, person_id, now):
            return None
        return person_id


def _is_sound(text: str) -> bool:
    """Something to tell accounts apart by, which any database can hold."""
    return 0 < len(text) <= LONGEST and text.isprintable()
