"""The people of a network: inviting, codes and links, changing and taking away access, removing a name."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from progressions import codes, permissions
from progressions.codes import Code
from progressions.errors import NotAllowedError, UserError
from progressions.people import Access, Network, Person, PersonRow, Principal, signature
from progressions.record import Action
from progressions.services import sign_in
from progressions.store import Directory, Store
from progressions.text import folded, is_readable, one_line

LONGEST_NAME = 120
LONGEST_EMAIL = 254  # what mail can be sent to
LONGEST_LINE = LONGEST_NAME + LONGEST_EMAIL + 20  # both, and what stands between; a longer one takes long to search
MOST_AT_ONCE = 100  # each secret is hashed slowly on purpose: a hundred take some five seconds
OF_A_PARTNERSHIP = (Access.MEMBER, Access.FACILITATOR)
EMAIL = re.compile(r"[^@\s<>,;]+@[^@\s<>,;]+\.[^@\s<>,;]+")

NEEDS_PARTNERSHIP = "Somebody who reads or records belongs to a partnership: say which."
ADMINS = "This is an admin of the whole installation. Only another admin, or the command line, can do that."
BY_THEMSELVES = (
    "A code or link might open more to this person than this network. "
    "They can make one for themselves when they are signed in, or an admin of this installation makes it."
)
NAME_STAYS = (
    "The name may be in use outside this network, so it cannot be removed here. "
    "Take the access away, and ask whoever runs Progressions."
)
DIGITS = "Digits always mean a person's number: whose name is digits is named by their own number or by e-mail."
STAFF_ELSEWHERE = "Staff of another network"
LAST_STAFF = "Nobody else is staff of {network}. Make somebody else network staff first."


@dataclass(frozen=True, slots=True)
class Invitation:
    """Somebody to invite. ``partnership`` is the code of theirs, of no meaning for staff; ``email`` may be ""."""

    name: str
    access: Access
    partnership: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class Invited:
    """What the new person needs to come in, shown once: only hashes are kept. Not in the text form, which logs hold."""

    person_id: int
    name: str
    link_token: str = field(repr=False)
    code_text: str = field(repr=False)


def people(store: Store, principal: Principal) -> tuple[PersonRow, ...]:
    """Everybody with access to the network, sorted by name."""
    permissions.check_can_manage_people(principal)
    with store.read_directory() as directory:
        here = directory.people_here(principal.network.id)
    return tuple(replace(row, is_you=row.id == principal.person_id) for row in here)


def people_gone(store: Store, principal: Principal) -> tuple[Person, ...]:
    """Those who had access and have none any more, here or elsewhere, while their name still stands here."""
    permissions.check_can_manage_people(principal)
    with store.read_directory() as directory:
        return directory.people_gone(principal.network.id)


def invite(store: Store, principal: Principal, invitation: Invitation, now: datetime) -> Invited:
    """Makes a person with access to the network, a code and a one-time link for them.

    Raises NotAllowedError where the principal may not grant this, or the partnership is unknown; UserError where the
    name or the address is none, or the address is somebody's. Two people may have one name.
    """
    (invited,) = _invite(store, principal, (invitation,), now, may_double=True)
    return invited


def invite_all(
    store: Store, principal: Principal, invitations: Sequence[Invitation], now: datetime
) -> tuple[Invited, ...]:
    """Invites several people, all or none. A list that is pasted twice would double everybody: UserError names them."""
    permissions.check_can_manage_people(principal)
    if not invitations:
        raise UserError("Write at least one name.")
    if len(invitations) > MOST_AT_ONCE:
        raise UserError(f"Invite at most {MOST_AT_ONCE} people at once.")
    return _invite(store, principal, invitations, now, may_double=False)


def _check_nobody_twice(here: Iterable[PersonRow], invitations: Sequence[Invitation]) -> None:
    known = Counter(_key(row.name, row.partnership) for row in here)
    known.update(_key(one.name, _own(one) or "") for one in invitations)
    doubled = [one.name for one in invitations if known[_key(one.name, _own(one) or "")] > 1]
    if doubled:
        names = ", ".join(dict.fromkeys(doubled))
        raise UserError(f"Here already, or twice in the list: {names}. Add an initial to tell two people apart.")


def _key(name: str, partnership: str) -> tuple[str, str]:
    return (folded(name), partnership)


def _invite(
    store: Store, principal: Principal, invitations: Sequence[Invitation], now: datetime, *, may_double: bool
) -> tuple[Invited, ...]:
    permissions.check_can_manage_people(principal)
    for one in invitations:
        permissions.check_can_grant(principal, one.access)
    cleaned = [_cleaned(one) for one in invitations]
    keys = [_new_key() for _ in cleaned]  # before the transaction: nobody waits for the hashing
    with store.write_directory() as directory:
        directory.hold([principal.network])
        if not may_double:  # once nobody else invites: of two who paste one list, the second is told
            _check_nobody_twice(directory.people_here(principal.network.id), cleaned)
        added = [_add(directory, principal, one, now) for one in cleaned]
        made = [_give(directory, person_id, key, now) for person_id, key in zip(added, keys, strict=True)]
        links = [_link(directory, principal, person_id, now) for person_id in added]
    return tuple(
        Invited(person_id, one.name, link, code.text)
        for person_id, one, link, code in zip(added, cleaned, links, made, strict=True)
    )


def _cleaned(invitation: Invitation) -> Invitation:
    name, email = one_line(invitation.name), invitation.email.strip().casefold()
    if not is_readable(name) or len(name) > LONGEST_NAME:
        raise UserError(f"Everybody needs a name, of at most {LONGEST_NAME} characters.")
    if len(email) > LONGEST_EMAIL:
        raise UserError(f"An e-mail address has at most {LONGEST_EMAIL} characters.")
    if email and not EMAIL.fullmatch(email):
        raise UserError(f"“{email}” is not an e-mail address.")
    return replace(invitation, name=name, email=email)


def _add(directory: Directory, principal: Principal, one: Invitation, now: datetime) -> int:
    _check_partnership(directory, principal.network, one.access, one.partnership)
    person_id = directory.add_person(one.name, now, one.email)
    directory.grant(person_id, principal.network.id, one.access, _own(one))
    for access in directory.accesses_of(person_id):
        _note(directory, principal, Action.INVITED, person_id, access.network, now, new=_words(access))
    return person_id


def new_code(store: Store, principal: Principal, person_id: int, now: datetime) -> str:
    """A code for somebody, in place of their older one. Shown once."""
    permissions.check_can_manage_people(principal)
    key = _new_key()
    with store.write_directory() as directory:
        _check_may_let_in(directory, principal, person_id)
        code = _give(directory, person_id, key, now)
        directory.note(principal, Action.CODE_MADE, signature(person_id), now=now)
    return code.text


def new_link(store: Store, principal: Principal, person_id: int, now: datetime) -> str:
    """The token of a one-time link for somebody, in place of an older one that is unused. Shown once."""
    permissions.check_can_manage_people(principal)
    with store.write_directory() as directory:
        _check_may_let_in(directory, principal, person_id)
        directory.note(principal, Action.LINK_MADE, signature(person_id), now=now)
        return _link(directory, principal, person_id, now)


def _link(directory: Directory, principal: Principal, person_id: int, now: datetime) -> str:
    return sign_in.make_link(directory, person_id, now, sign_in.INVITATION_HOURS, network=principal.network)


def change_access(
    store: Store, principal: Principal, person_id: int, access: Access, partnership: str, now: datetime
) -> None:
    """Gives somebody here another access or partnership; the same again changes and notes nothing.

    NotAllowedError where they are not here, where only an admin may, or where the network would be without staff.
    """
    permissions.check_can_manage_people(principal)
    permissions.check_can_grant(principal, access)
    with store.write_directory() as directory:
        target = _target(directory, principal, person_id)
        own = partnership if access in OF_A_PARTNERSHIP else ""
        if (target.access, target.partnership) == (access, own):
            return
        _check_partnership(directory, principal.network, access, own)
        before = directory.accesses_of(person_id)
        turned_to = directory.grant(person_id, principal.network.id, access, own or None)
        _changed(directory, principal, Action.ACCESS_CHANGED, before, now)
        _note_turned(directory, turned_to, now)


def revoke(store: Store, principal: Principal, person_id: int, now: datetime) -> None:
    """Takes somebody's access to the network away, at once; an admin's in every network. Another network stays open.

    NotAllowedError where they are not here, where only an admin may, or where the network would be without staff.
    """
    permissions.check_can_manage_people(principal)
    with store.write_directory() as directory:
        _target(directory, principal, person_id)
        before = directory.accesses_of(person_id)
        turned_to = directory.revoke(person_id, principal.network.id)
        _changed(directory, principal, Action.ACCESS_REVOKED, before, now)
        _note_turned(directory, turned_to, now)


def _note_turned(directory: Directory, turned_to: Principal | None, now: datetime) -> None:
    """A session that has lost its network looks at another one, which is told as of anybody who turns to it."""
    if turned_to is not None:
        directory.note(turned_to, Action.SIGNED_IN, "from another network", now=now)


def remove_name(store: Store, principal: Principal, person_id: int, now: datetime) -> None:
    """Takes a person's name out of everything that was stored about them; what they did keeps its rows and counts.

    Their access and every way in go too. For those who are here, and for those who have left and are nowhere else;
    NotAllowedError for anybody else, and for the last member of staff. Each network that knew them notes it.
    """
    permissions.check_can_manage_people(principal)
    with store.write_directory() as directory:
        directory.hold([principal.network])
        gone = {person.id for person in directory.people_gone(principal.network.id)}
        if person_id not in gone:
            _target(directory, principal, person_id)
            here = directory.accesses_of(person_id)
            if len(here) > 1:
                raise NotAllowedError(NAME_STAYS)
            _check_staff_stays(directory, here)
        concerned = {network.id: network for network in (principal.network, *directory.networks_naming(person_id))}
        directory.remove_name(person_id, now)
        for network in concerned.values():
            who = _seen_from(directory, principal, network)
            _note(directory, who, Action.NAME_REMOVED, person_id, network, now)
    store.tidy()  # the name stands in no file either


def _seen_from(directory: Directory, principal: Principal, network: Network) -> Principal:
    """Who a network is told it was: somebody who has nothing to do with it stays unnamed there."""
    known = {principal.network.id} | {p.network.id for p in directory.accesses_of(principal.person_id)}
    is_known = not principal.person_id or network.id in known
    return principal if is_known else Principal(0, STAFF_ELSEWHERE, network, Access.STAFF)


def find(store: Store, principal: Principal, asked: str) -> Person:
    """The person whom a command means: by number, e-mail address or whole name; those who have left too.

    UserError where it could be several, NotAllowedError where it is nobody here.
    """
    here = people(store, principal)
    everybody = [(Person(row.id, row.name), row.email) for row in here]
    everybody += [(person, "") for person in people_gone(store, principal)]
    return meant(everybody, asked, principal.network.title)


def meant(everybody: Iterable[tuple[Person, str]], asked: str, where: str) -> Person:
    """Which of these, given with their e-mail addresses, is asked for; errors as of ``find``. Digits are a number."""
    wanted = folded(asked)
    if wanted.isdecimal():
        found = [person for person, _ in everybody if str(person.id) == wanted]
    else:
        found = [person for person, email in everybody if wanted and wanted in (folded(person.name), email)]
    if not found:
        hint = f" {DIGITS}" if wanted.isdecimal() else ""
        raise NotAllowedError(f"There is nobody “{asked}” in {where}.{hint}")
    if len(found) > 1:
        raise UserError(f"Several people are meant by “{asked}”. Say which by number: see the command people.")
    return found[0]


def listed(text: str) -> tuple[tuple[str, str], ...]:
    """Names with e-mail addresses, "" for none, from a pasted list with a person a line: ``Ana Cruz, ana@ash.org``."""
    lines = [" ".join(line.split()) for line in text.splitlines() if line.strip()]
    return tuple(_name_and_email(line) for line in lines)


def _name_and_email(line: str) -> tuple[str, str]:
    found = EMAIL.search(line) if len(line) <= LONGEST_LINE else None
    return (line, "") if found is None else (line.replace(found[0], "").strip(" ,;<>()"), found[0])


def _target(directory: Directory, principal: Principal, person_id: int) -> Principal:
    """Somebody of the principal's network; one of another network and one who does not exist look the same."""
    networks = {p.network for p in directory.accesses_of(person_id)}
    if principal.network.id not in {network.id for network in networks}:
        raise NotAllowedError
    directory.hold(networks)
    found = next((p for p in directory.accesses_of(person_id) if p.network.id == principal.network.id), None)
    if found is None:
        raise NotAllowedError
    if found.access is Access.ADMIN and principal.access is not Access.ADMIN:
        raise NotAllowedError(ADMINS)
    return found


def _check_may_let_in(directory: Directory, principal: Principal, person_id: int) -> None:
    """A code or a link opens every network that its person is in, so it takes more than staff of one of them."""
    _target(directory, principal, person_id)
    is_self = person_id == principal.person_id
    if principal.access is not Access.ADMIN and not is_self and len(directory.accesses_of(person_id)) > 1:
        raise NotAllowedError(BY_THEMSELVES)


def _changed(
    directory: Directory, principal: Principal, action: Action, before: tuple[Principal, ...], now: datetime
) -> None:
    """Notes what is different from before in each network, and refuses all of it where one is left without staff.

    An admin's access changes in every network at once.
    """
    person_id = before[0].person_id
    was = {p.network: p for p in before}
    now_is = {p.network: p for p in directory.accesses_of(person_id)}
    _check_staff_stays(directory, [p for n, p in was.items() if not (n in now_is and now_is[n].is_staff)])
    for network in {**was, **now_is}:
        old, new = _words(was.get(network)), _words(now_is.get(network))
        if old != new:
            _note(directory, principal, action, person_id, network, now, old, new)


def _check_staff_stays(directory: Directory, lost: Iterable[Principal]) -> None:
    for access in lost:
        if access.is_staff and not directory.has_other_staff(access.network.id, access.person_id):
            raise NotAllowedError(LAST_STAFF.format(network=access.network.title))


def _check_partnership(directory: Directory, network: Network, access: Access, partnership: str) -> None:
    if access not in OF_A_PARTNERSHIP:
        return
    if not partnership:
        raise UserError(NEEDS_PARTNERSHIP)
    if not directory.has_partnership(network.id, partnership):
        raise NotAllowedError(f"There is no partnership with the code “{partnership}” in {network.title}.")


def _own(invitation: Invitation) -> str | None:
    return invitation.partnership if invitation.access in OF_A_PARTNERSHIP else None


def _new_key() -> tuple[Code, str]:
    code = codes.new_code()
    return code, codes.hashed(code.secret)


def _give(directory: Directory, person_id: int, key: tuple[Code, str], now: datetime) -> Code:
    """Stores a code, under another selector where somebody has this one."""
    code, secret_hash = key
    while not directory.set_code(person_id, code.selector, secret_hash, now):
        code = replace(code, selector=codes.new_code().selector)
    return code


def _words(access: Principal | None) -> str:
    """As the record says it; "" for none."""
    if access is None:
        return ""
    return f"{access.access.value} of {access.partnership}" if access.partnership else access.access.value


def _note(
    directory: Directory,
    principal: Principal,
    action: Action,
    person_id: int,
    network: Network,
    now: datetime,
    old: str = "",
    new: str = "",
) -> None:
    """A line about a person, by number, in the record of the network that it happened in."""
    directory.note(replace(principal, network=network), action, signature(person_id), now=now, old=old, new=new)
