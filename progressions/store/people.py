"""Networks, people, and who has which access to which network."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, bindparam, delete, func, select, union, update

from progressions.errors import ChangedMeanwhileError, NotAllowedError
from progressions.people import Access, Network, PeerView, Person, PersonRow, Principal, former_name, signature
from progressions.record import Action
from progressions.store import tables as t
from progressions.store.presence import PARTNERSHIPS
from progressions.store.record import OF_PEOPLE, add_entry
from progressions.store.scope import AnyRow, lock_network, new_id

STAFF = (Access.STAFF.value, Access.ADMIN.value)
KEYS = (t.person_codes, t.sign_in_links)
"""What lets a person in by itself, and is known to whoever made it."""

ADDRESS_TAKEN = (
    "The address {email} cannot be used for another invitation here. "
    "Invite without it, or ask whoever runs Progressions."
)
"""The same sentence whoever has the address: whether that is somebody of another network is nobody's business."""


def network_columns() -> tuple[ColumnElement[Any], ...]:
    """What ``network_of`` reads."""
    table = t.networks.c
    return (
        table.id.label("network_id"),
        table.code.label("network_code"),
        table.title.label("network_title"),
        table.is_example,
        table.peer_view,
        table.least_others,
    )


# Who is here is asked at each run of every page: made once, because making it takes longer than the answer.
ACCESSES_OF = (
    select(
        *network_columns(),
        t.accesses.c.person_id,
        t.accesses.c.access,
        t.people.c.name,
        t.partnerships.c.code.label("partnership"),
    )
    .join(t.people, t.people.c.id == t.accesses.c.person_id)
    .join(t.networks, t.networks.c.id == t.accesses.c.network_id)
    .outerjoin(t.partnerships, t.partnerships.c.id == t.accesses.c.partnership_id)
    .where(t.people.c.id == bindparam("person"))
)


class People:
    """The part of the directory for networks and people."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def networks(self) -> tuple[Network, ...]:
        """Every network, sorted by title whatever the case."""
        found = [network_of(row) for row in self._connection.execute(select(*network_columns()))]
        return tuple(sorted(found, key=lambda network: (network.title.casefold(), network.code)))

    def network(self, code: str) -> Network | None:
        """The network with this code; None where there is none."""
        return next((network for network in self.networks() if network.code == code), None)

    def add_network(self, code: str, title: str, *, is_example: bool, now: datetime) -> Network:
        """ChangedMeanwhileError where there is a network with this code. Whoever is admin elsewhere is admin here."""
        values: dict[str, object] = {
            "code": code,
            "title": title,
            "is_example": is_example,
            "created_at": now,
            "revision": 1,
        }
        found = new_id(self._connection, t.networks, values)
        if found is None:
            raise ChangedMeanwhileError(f"There is a network with the code “{code}” already.")
        for admin in self._admins():
            self._put(admin, found, Access.ADMIN, None)
        return Network(found, code, title, is_example)

    def rename_network(self, network: Network, title: str) -> None:
        """What the network is called from now on; its code stays."""
        table = t.networks
        values = {"title": title, "revision": table.c.revision + 1}
        self._connection.execute(update(table).where(table.c.id == network.id).values(values))

    def choose_peer_view(self, network: Network, peer_view: PeerView, least_others: int) -> None:
        """What members of the network see of peers from now on."""
        table = t.networks
        values = {"peer_view": peer_view.value, "least_others": least_others, "revision": table.c.revision + 1}
        self._connection.execute(update(table).where(table.c.id == network.id).values(values))

    def note(
        self, principal: Principal, action: Action, about: str, *, now: datetime, old: str = "", new: str = ""
    ) -> None:
        """Adds a line to the record of the principal's network."""
        add_entry(self._connection, principal, action, about, now=now, old=old, new=new)

    def has_partnership(self, network_id: int, code: str) -> bool:
        """Whether the network has a partnership with this code."""
        return self._partnership_id(network_id, code) is not None

    def person(self, person_id: int) -> Person | None:
        """The person with this id; None where there is none."""
        row = self._connection.execute(select(t.people.c.name).where(t.people.c.id == person_id)).first()
        return Person(person_id, row.name) if row else None

    def add_person(self, name: str, now: datetime, email: str = "") -> int:
        """The new person's id. Names need not differ; ChangedMeanwhileError where somebody has the e-mail address."""
        found = new_id(self._connection, t.people, {"name": name, "created_at": now, "email": email or None})
        if found is None:
            raise ChangedMeanwhileError(ADDRESS_TAKEN.format(email=email))
        return found

    def grant(
        self,
        person_id: int,
        network_id: int,
        access: Access,
        partnership: str | None,
        *,
        spared_session: str = "",
        ends_sessions: bool = True,
    ) -> Principal | None:
        """Gives access to a network, in place of the one that the person has there.

        ``partnership`` is the code of the person's own one, None for staff and admin. NotAllowedError where
        the network has no such partnership. An admin is one of the whole installation: the access comes in every
        network, and goes in all of them where it is lowered in one. A person whose access opens more than before
        loses what was made for less: codes and links, whose maker may not see the rest; the linked account and the
        e-mail address, which whoever invited the person has typed, and which would link again; and the sessions that
        came by them. ``spared_session`` is the token hash of the session that asks for it; the command line ends none,
        ``ends_sessions`` False. Returned is, as by ``revoke``, the person where sessions have turned to.
        """
        own, turned_to = None if partnership is None else self._partnership_id(network_id, partnership), None
        if partnership is not None and own is None:
            raise NotAllowedError
        before = self._access_by_network(person_id)
        if access is Access.ADMIN:
            opened = {network.id for network in self.networks()}
        else:
            opened = {network_id}
            lost = [n for n, had in before.items() if had is Access.ADMIN and n != network_id]
            turned_to = self._take(lost, person_id)
        for each in sorted(opened):
            self._put(person_id, each, access, own)
        raised = access is Access.ADMIN and Access.ADMIN not in before.values()
        if before and (raised or not opened <= set(before)):
            self._forget_ways_in(person_id)
            if ends_sessions:
                sessions = t.sign_in_sessions.c
                others = (sessions.person_id == person_id) & (sessions.token_hash != spared_session)
                self._connection.execute(delete(t.sign_in_sessions).where(others))
        return turned_to

    def revoke(self, person_id: int, network_id: int) -> Principal | None:
        """Takes the access away, an admin's in every network, and the links that lead there.

        Sessions there turn to a network that is left to the person, so that one shuts nobody out of another: returned
        is the person as they are seen there, None where no session turned. Where no access is left, the sessions and
        every way in go, and the e-mail address is free for a new invitation.
        """
        before = self._access_by_network(person_id)
        is_admin = before.get(network_id) is Access.ADMIN
        lost = [n for n, had in before.items() if n == network_id or (is_admin and had is Access.ADMIN)]
        turned_to = self._take(lost, person_id)
        if len(lost) == len(before):
            self._forget_ways_in(person_id)
        return turned_to

    def remove_name(self, person_id: int, now: datetime) -> None:
        """Takes the name, every way in and every access away; the rows that the person signed stay as they are."""
        self._forget(person_id, *KEYS, t.identities, t.sign_in_sessions, t.accesses)
        values = {"name": former_name(person_id), "email": None, "name_removed_at": now}
        self._connection.execute(update(t.people).where(t.people.c.id == person_id).values(values))

    def hold(self, networks: Iterable[Network]) -> None:
        """Keeps other writers of these networks waiting, so that what is read of them stays true."""
        for network in sorted(set(networks), key=lambda network: network.id):  # one order: nobody waits in a ring
            lock_network(self._connection, network)

    def has_staff(self, network_id: int) -> bool:
        """Whether anybody is staff of the network."""
        return self.has_other_staff(network_id, 0)

    def has_other_staff(self, network_id: int, person_id: int) -> bool:
        """Whether anybody but this person is staff of the network."""
        table = t.accesses.c
        others = (table.network_id == network_id, table.access.in_(STAFF), table.person_id != person_id)
        return self._connection.execute(select(table.id).where(*others).limit(1)).first() is not None

    def _put(self, person_id: int, network_id: int, access: Access, own: int | None) -> None:
        table = t.accesses
        values: dict[str, object] = {"access": access.value, "partnership_id": own}
        key = {"person_id": person_id, "network_id": network_id}
        if new_id(self._connection, table, {**key, **values}) is None:
            here = (table.c.person_id == person_id) & (table.c.network_id == network_id)
            self._connection.execute(update(table).where(here).values(values))

    def _take(self, network_ids: Collection[int], person_id: int) -> Principal | None:
        left = [p for p in self.accesses_of(person_id) if p.network.id not in network_ids]
        sessions = t.sign_in_sessions.c
        there = (sessions.person_id == person_id) & sessions.network_id.in_(network_ids)
        has_turned = False
        if left:
            turned = update(t.sign_in_sessions).where(there).values(network_id=left[0].network.id)
            has_turned = self._connection.execute(turned).rowcount > 0
        for table in (t.sign_in_sessions, t.sign_in_links, t.accesses):
            there = (table.c.person_id == person_id) & table.c.network_id.in_(network_ids)
            self._connection.execute(delete(table).where(there))
        return left[0] if has_turned else None

    def _forget(self, person_id: int, *tables: Table) -> None:
        for table in tables:
            self._connection.execute(delete(table).where(table.c.person_id == person_id))

    def _forget_ways_in(self, person_id: int) -> None:
        self._forget(person_id, *KEYS, t.identities)
        self._connection.execute(update(t.people).where(t.people.c.id == person_id).values(email=None))

    def _access_by_network(self, person_id: int) -> dict[int, Access]:
        table = t.accesses.c
        query = select(table.network_id, table.access).where(table.person_id == person_id)
        return {row.network_id: Access(row.access) for row in self._connection.execute(query)}

    def _admins(self) -> tuple[int, ...]:
        table = t.accesses.c
        query = select(table.person_id).where(table.access == Access.ADMIN.value).distinct()
        return tuple(self._connection.execute(query).scalars())

    def accesses_of(self, person_id: int) -> tuple[Principal, ...]:
        """The person in each network that is open to them, sorted by the network's title."""
        found = [_principal(row) for row in self._connection.execute(ACCESSES_OF, {"person": person_id})]
        return tuple(sorted(found, key=lambda p: (p.network.title.casefold(), p.network.code)))

    def people_here(self, network_id: int) -> tuple[PersonRow, ...]:
        """Everybody with access to a network as a list shows them, sorted by name whatever the case."""
        query = (
            select(
                t.accesses.c.person_id,
                t.accesses.c.access,
                t.people.c.name,
                t.people.c.email,
                t.partnerships.c.code,
                t.partnerships.c.title,
                t.person_codes.c.selector,
            )
            .join(t.people, t.people.c.id == t.accesses.c.person_id)
            .outerjoin(t.partnerships, t.partnerships.c.id == t.accesses.c.partnership_id)
            .outerjoin(t.person_codes, t.person_codes.c.person_id == t.accesses.c.person_id)
            .where(t.accesses.c.network_id == network_id)
        )
        links, seen = self._links_until(network_id), self._last_seen(network_id)
        found = [_person_row(row, links, seen) for row in self._connection.execute(query)]
        return tuple(sorted(found, key=lambda row: (row.name.casefold(), row.id)))

    def people_gone(self, network_id: int) -> tuple[Person, ...]:
        """Those who were in the network by its record, have no access to any now, and still have their name."""
        record = t.record.c
        signed = select(record.who).where(record.network_id == network_id)
        about = select(record.about).where(
            record.network_id == network_id, record.action.in_([action.value for action in OF_PEOPLE])
        )
        marks = set(self._connection.execute(union(signed, about)).scalars())
        table = t.people.c
        left = table.id.not_in(select(t.accesses.c.person_id)) & table.name_removed_at.is_(None)
        people = [
            Person(row.id, row.name) for row in self._connection.execute(select(table.id, table.name).where(left))
        ]
        found = [person for person in people if signature(person.id) in marks]
        return tuple(sorted(found, key=lambda person: (person.name.casefold(), person.id)))

    def networks_naming(self, person_id: int) -> tuple[Network, ...]:
        """Every network that the person is in, or whose record knows of them."""
        record, mark = t.record.c, signature(person_id)
        of_people = (record.about == mark) & record.action.in_([action.value for action in OF_PEOPLE])
        known = select(record.network_id).where((record.who == mark) | of_people)
        inside = select(t.accesses.c.network_id).where(t.accesses.c.person_id == person_id)
        found = set(self._connection.execute(union(known, inside)).scalars())
        return tuple(network for network in self.networks() if network.id in found)

    def _links_until(self, network_id: int) -> dict[int, datetime]:
        link, access = t.sign_in_links.c, t.accesses.c
        query = (
            select(link.person_id, func.max(link.expires_at).label("until"))
            .join(t.accesses, access.person_id == link.person_id)
            .where(access.network_id == network_id, link.used_at.is_(None))
            .where(link.network_id.is_(None) | (link.network_id == network_id))
            .group_by(link.person_id)
        )
        return {row.person_id: row.until for row in self._connection.execute(query)}

    def _last_seen(self, network_id: int) -> dict[str, datetime]:
        """By mark: a session that is still there knows best, the record remembers when it has ended."""
        session, record = t.sign_in_sessions.c, t.record.c
        sessions = (
            select(session.person_id, func.max(session.last_seen_at).label("seen"))
            .where(session.network_id == network_id)
            .group_by(session.person_id)
        )
        lines = (
            select(record.who, func.max(record.at).label("seen"))
            .where(record.network_id == network_id)
            .group_by(record.who)
        )
        found: dict[str, datetime] = {row.who: row.seen for row in self._connection.execute(lines)}
        for row in self._connection.execute(sessions):
            mark = signature(row.person_id)
            found[mark] = max(row.seen, found.get(mark, row.seen))
        return found

    def staff_person(self) -> int | None:
        """Id of the first person who is staff of any network; None where nobody is."""
        table = t.accesses.c
        query = select(table.person_id).where(table.access.in_(STAFF)).order_by(table.id).limit(1)
        return self._connection.execute(query).scalar_one_or_none()

    def _partnership_id(self, network_id: int, code: str) -> int | None:
        table = t.partnerships.c
        query = select(table.id).where(table.network_id == network_id, table.code == code, PARTNERSHIPS.present)
        return self._connection.execute(query).scalar_one_or_none()


def _principal(row: AnyRow) -> Principal:
    return Principal(row.person_id, row.name, network_of(row), Access(row.access), row.partnership or "")


def _person_row(row: AnyRow, links: dict[int, datetime], seen: dict[str, datetime]) -> PersonRow:
    return PersonRow(
        row.person_id,
        row.name,
        Access(row.access),
        row.code or "",
        row.title or "",
        row.email or "",
        row.selector or "",
        links.get(row.person_id),
        seen.get(signature(row.person_id)),
    )


def network_of(row: AnyRow) -> Network:
    """The network from a row with ``network_columns``."""
    said = (row.network_id, row.network_code, row.network_title, row.is_example)
    return Network(*said, PeerView(row.peer_view), row.least_others)
