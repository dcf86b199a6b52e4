"""Networks, people, and who has which access to which network."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, delete, insert, select, update

from progressions.errors import ChangedMeanwhileError, NotAllowedError
from progressions.people import Access, Network, PeerView, Person, Principal
from progressions.record import Action
from progressions.store import tables as t
from progressions.store.presence import PARTNERSHIPS
from progressions.store.record import add_entry
from progressions.store.scope import AnyRow, new_id

STAFF = (Access.STAFF.value, Access.ADMIN.value)


class People:
    """The part of the directory for networks and people."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def is_empty(self) -> bool:
        """Whether there is no network yet: the first start."""
        return self._connection.execute(select(t.networks.c.id).limit(1)).first() is None

    def networks(self) -> tuple[Network, ...]:
        """Every network, sorted by title whatever the case."""
        found = [network_of(row) for row in self._connection.execute(select(*network_columns()))]
        return tuple(sorted(found, key=lambda network: (network.title.casefold(), network.code)))

    def network(self, code: str) -> Network | None:
        """The network with this code; None where there is none."""
        return next((network for network in self.networks() if network.code == code), None)

    def add_network(self, code: str, title: str, *, is_example: bool, now: datetime) -> Network:
        """ChangedMeanwhileError where there is a network with this code."""
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
        return Network(found, code, title, is_example)

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

    def add_person(self, name: str, now: datetime) -> int:
        """The new person's id. Names need not differ."""
        statement = insert(t.people).values(name=name, created_at=now).returning(t.people.c.id)
        found: int = self._connection.execute(statement).scalar_one()
        return found

    def grant(self, person_id: int, network_id: int, access: Access, partnership: str | None) -> None:
        """Gives access to a network, in place of the one that the person has there.

        ``partnership`` is the code of the person's own one, None for staff and admin. NotAllowedError where
        the network has no such partnership.
        """
        own = None if partnership is None else self._partnership_id(network_id, partnership)
        if partnership is not None and own is None:
            raise NotAllowedError
        table = t.accesses
        values: dict[str, object] = {"access": access.value, "partnership_id": own}
        key = {"person_id": person_id, "network_id": network_id}
        if new_id(self._connection, table, {**key, **values}) is None:
            here = (table.c.person_id == person_id) & (table.c.network_id == network_id)
            self._connection.execute(update(table).where(here).values(values))

    def revoke(self, person_id: int, network_id: int) -> None:
        """Takes the access away, and ends the person's sessions that look at this network."""
        for table in (t.sign_in_sessions, t.accesses):
            here = (table.c.person_id == person_id) & (table.c.network_id == network_id)
            self._connection.execute(delete(table).where(here))

    def accesses_of(self, person_id: int) -> tuple[Principal, ...]:
        """The person in each network that is open to them, sorted by the network's title."""
        return self._principals(t.people.c.id == person_id)

    def people_of(self, network_id: int) -> tuple[Principal, ...]:
        """Everybody with access to a network, sorted by name."""
        found = self._principals(t.networks.c.id == network_id)
        return tuple(sorted(found, key=lambda principal: (principal.name.casefold(), principal.person_id)))

    def staff_person(self) -> int | None:
        """Id of the first person who is staff of any network; None where nobody is."""
        table = t.accesses.c
        query = select(table.person_id).where(table.access.in_(STAFF)).order_by(table.id).limit(1)
        return self._connection.execute(query).scalar_one_or_none()

    def _partnership_id(self, network_id: int, code: str) -> int | None:
        table = t.partnerships.c
        query = select(table.id).where(table.network_id == network_id, table.code == code, PARTNERSHIPS.present)
        return self._connection.execute(query).scalar_one_or_none()

    def _principals(self, condition: ColumnElement[bool]) -> tuple[Principal, ...]:
        query = (
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
            .where(condition)
        )
        found = [_principal(row) for row in self._connection.execute(query)]
        return tuple(sorted(found, key=lambda p: (p.network.title.casefold(), p.network.code)))


def _principal(row: AnyRow) -> Principal:
    return Principal(row.person_id, row.name, network_of(row), Access(row.access), row.partnership or "")


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


def network_of(row: AnyRow) -> Network:
    """The network from a row with ``network_columns``."""
    said = (row.network_id, row.network_code, row.network_title, row.is_example)
    return Network(*said, PeerView(row.peer_view), row.least_others)
