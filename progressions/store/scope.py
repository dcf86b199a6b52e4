"""What every part of the repository stands on: one connection, whoever asks, and whether it may write."""

from functools import cached_property
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, Connection, Row, Select, Table, select, update
from sqlalchemy.dialects import postgresql, sqlite

from progressions.errors import NotAllowedError
from progressions.people import Access, Network, Principal
from progressions.store import session_tables as s
from progressions.store import tables as t

AnyRow: TypeAlias = Row[*tuple[Any, ...]]
AnySelect: TypeAlias = Select[*tuple[Any, ...]]


class Names:
    """The names behind the marks with which stored rows name people, looked up once each."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._found: dict[str, str] = {}

    def of(self, mark: str) -> str:
        """The name as it is today; a text that is no mark (the command line, an old row) is a name already."""
        if mark not in self._found:
            self._found[mark] = self._look_up(mark)
        return self._found[mark]

    def _look_up(self, mark: str) -> str:
        seat = seat_number(mark)
        if seat is not None:
            return self._of_seat(seat)
        if not (mark.startswith("#") and mark[1:].isdecimal()):
            return mark
        query = select(t.people.c.name).where(t.people.c.id == int(mark[1:]))
        found: str | None = self._connection.execute(query).scalar_one_or_none()
        return found if found is not None else mark

    def _of_seat(self, seat: int) -> str:
        query = select(s.seats.c.name).where(s.seats.c.id == seat)
        return seat_name(seat, self._connection.execute(query).scalar_one_or_none())


def seat_number(mark: str) -> int | None:
    """The number of the seat whose mark this is; None for every other text."""
    return int(mark[1:]) if mark.startswith("@") and mark[1:].isdecimal() else None


def seat_name(seat: int, name: str | None) -> str:
    """What somebody with a seat is called who gave no name, or whose name was taken away."""
    return name or f"Rater {seat}"


class Scope:
    """Bound to one person in one network: every query of the parts below filters by ``self._network_id``.

    What belongs to one partnership opens for that partnership and for staff; what belongs to all of them for staff.
    The services have asked ``permissions`` before: this is the second lock, for the case that one of them forgot.
    """

    def __init__(self, connection: Connection, principal: Principal, *, writes: bool) -> None:
        self._principal = principal
        self._network_id = principal.network.id
        self._connection = connection
        self._writes = writes
        self._counted = False

    @property
    def _own(self) -> str | None:
        """The code of the only partnership that this person sees; None for staff, who see all."""
        return None if self._principal.is_staff else self._principal.partnership

    def _is_change_of_ours(self) -> ColumnElement[bool]:
        """A save belongs to the network of its rating. Asked of each save, so that the newest are found first: joined,
        SQLite would begin with every rating of the network.
        """
        rating = t.ratings.c
        ours = select(rating.id).where(rating.id == t.rating_changes.c.rating_id, rating.network_id == self._network_id)
        return ours.exists()

    def _check_staff(self) -> None:
        if not self._principal.is_staff:
            raise NotAllowedError

    def _check_own(self, partnership: str) -> None:
        """A rater sees no ratings at all: those of last time would lead the vote."""
        if self._own not in (None, partnership) or self._principal.access is Access.RATER:
            raise NotAllowedError

    def revision(self) -> int:
        """A number that grows with every transaction that changed this network's data: for keys of caches."""
        query = select(t.networks.c.revision).where(t.networks.c.id == self._network_id)
        found: int = self._connection.execute(query).scalar_one()
        return found

    def _to_write(self) -> Connection:
        """The connection, to change the network's data; a transaction's first change grows the revision."""
        self._check_writes()
        if not self._counted:
            table = t.networks
            grown = update(table).where(table.c.id == self._network_id).values(revision=table.c.revision + 1)
            self._connection.execute(grown)
            self._counted = True
        return self._connection

    def _check_writes(self) -> None:
        if not self._writes:
            raise RuntimeError("This repository was opened for reading.")

    @cached_property
    def _names(self) -> Names:
        return Names(self._connection)


def lock_network(connection: Connection, network: Network) -> None:
    """Keeps other writers of this network waiting until the transaction ends; SQLite has one anyway.

    NotAllowedError where the network does not exist. Others may still check foreign keys to it meanwhile.
    """
    query = select(t.networks.c.id).where(t.networks.c.id == network.id).with_for_update(key_share=True)
    if connection.execute(query).first() is None:
        raise NotAllowedError


def insert_unless_there(connection: Connection, table: Table) -> sqlite.Insert | postgresql.Insert:
    """An INSERT that leaves a row with the same key alone, so that the transaction stays usable."""
    if connection.dialect.name == "postgresql":
        return postgresql.insert(table).on_conflict_do_nothing()
    return sqlite.insert(table).on_conflict_do_nothing()


def new_id(connection: Connection, table: Table, values: dict[str, object]) -> int | None:
    """The id of the inserted row; None, and nothing is inserted, where a row with the same key is there."""
    statement = insert_unless_there(connection, table).values(values).returning(table.c.id)
    found: int | None = connection.execute(statement).scalar_one_or_none()
    return found
