"""Networks, partnerships and convenings: what a network is made of."""

import secrets
from dataclasses import replace
from datetime import date, datetime

from progressions import permissions
from progressions.errors import UserError
from progressions.people import Network, Partnership, Principal
from progressions.ratings import Convening
from progressions.record import Action
from progressions.services import sign_in
from progressions.services.rubrics import put_shipped, read_shipped
from progressions.sheets.naming import code_of
from progressions.store import Store
from progressions.text import folded, one_line, slug

LONGEST_TITLE = 120  # a title is read on a projector, in one line


def partnerships(store: Store, principal: Principal) -> tuple[Partnership, ...]:
    """The partnerships that this person may open: all for staff, otherwise their own. Sorted by title."""
    with store.read(principal) as repository:
        found = repository.partnerships()
    return tuple(p for p in found if permissions.can_see_partnership(principal, p.code))


def convenings(store: Store, principal: Principal) -> tuple[Convening, ...]:
    """The network's convenings by date."""
    with store.read(principal) as repository:
        return repository.convenings()


def revision(store: Store, principal: Principal) -> int:
    """A number that is another one after every write to the network: what a cache is keyed by."""
    with store.read(principal) as repository:
        return repository.revision()


def add_convening(store: Store, principal: Principal, held_on: date, title: str, now: datetime) -> Convening:
    """Puts a convening in the calendar; one that is there on that day already is a UserError that says so."""
    permissions.check_can_add_convening(principal)
    with store.write(principal) as repository:
        there = repository.convening_on(held_on)
        if there is not None:
            raise UserError(f"There is a convening on that day already: {there.label}.")
        added = repository.add_convening(held_on, clean_title(title))
        repository.note(Action.CONVENING_ADDED, added.label, now=now)
        return added


def add_partnership(store: Store, principal: Principal, title: str, now: datetime) -> Partnership:
    """A partnership with a code made from its title; UserError where the network has one of that code."""
    permissions.check_can_add_convening(principal)
    clean = clean_title(title)
    if not clean:
        raise UserError("A partnership needs a title.")
    code = code_of(clean)
    with store.write(principal) as repository:
        if repository.partnership(code) is not None:
            raise UserError(f"There is a partnership “{clean}” already.")
        repository.note(Action.PARTNERSHIP_ADDED, clean, now=now)
        return repository.add_partnership(code, clean)


def start_network(store: Store, principal: Principal, title: str, now: datetime, session_token: str = "") -> Network:
    """A new, empty network with the shipped rubrics, open to the person who starts it as its staff.

    UserError without a name, and with one that a network of theirs has already; of others' networks nothing is told.

    The person's other sessions, codes and links end: they were made for less. ``session_token`` is the one that stays.
    """
    permissions.check_can_start_network(principal)
    clean = clean_title(title)
    if not clean:
        raise UserError("Give your network a name.")
    shipped = read_shipped()  # before the transaction: nobody waits for the reading
    with store.write_directory() as directory:
        here = directory.accesses_of(principal.person_id)
        if folded(clean) in {folded(mine.network.title) for mine in here}:
            raise UserError(f"A network of yours is called “{clean}” already. Give this one another name.")
        taken = {network.code for network in directory.networks()}
        network = directory.add_network(_free_code(clean, taken), clean, is_example=False, now=now)
        spared = sign_in.hash_of(session_token)
        directory.grant(principal.person_id, network.id, principal.access, None, spared_session=spared)
        repository = directory.repository(replace(principal, network=network))
        repository.note(Action.NETWORK_STARTED, clean, now=now)
        put_shipped(repository, shipped, now)
    return network


def clean_title(text: str) -> str:
    """A title on one line, no longer than can be read."""
    return one_line(text)[:LONGEST_TITLE]


def _free_code(title: str, taken: set[str]) -> str:
    code = slug(title) or "network"
    return code if code not in taken else f"{code}-{secrets.token_hex(3)}"
