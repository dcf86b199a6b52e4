"""Partnerships and convenings of one network."""

from datetime import date

from sqlalchemy import select

from progressions.errors import ChangedMeanwhileError
from progressions.people import Partnership
from progressions.ratings import Convening
from progressions.store import tables as t
from progressions.store.presence import CONVENINGS, PARTNERSHIPS, Presence
from progressions.store.scope import AnySelect


class Partnerships(Presence):
    """The part of the repository for what a network consists of."""

    def partnerships(self) -> tuple[Partnership, ...]:
        """Every partnership that this person sees, sorted by title whatever the case."""
        found = [Partnership(*row) for row in self._connection.execute(self._present_partnerships())]
        return tuple(sorted(found, key=lambda p: (p.title.casefold(), p.code)))

    def partnership(self, code: str) -> Partnership | None:
        """The partnership with this code; None where this person sees none."""
        row = self._connection.execute(self._present_partnerships().where(t.partnerships.c.code == code)).first()
        return Partnership(*row) if row else None

    def add_partnership(self, code: str, title: str, batch_id: int | None = None) -> Partnership:
        """``batch_id`` is of the import that brings it, if one does.

        ChangedMeanwhileError where the network has a partnership with this code.
        """
        found = self._add(PARTNERSHIPS, {"code": code}, title, batch_id)
        if found is None:
            raise ChangedMeanwhileError(f"There is a partnership with the code “{code}” already.")
        return Partnership(found, code, title)

    def convenings(self) -> tuple[Convening, ...]:
        """Every convening, the earliest first."""
        query = self._present_convenings().order_by(t.convenings.c.held_on)
        return tuple(Convening(*row) for row in self._connection.execute(query))

    def convening_on(self, held_on: date) -> Convening | None:
        """The convening on this day; None where there is none."""
        row = self._connection.execute(self._present_convenings().where(t.convenings.c.held_on == held_on)).first()
        return Convening(*row) if row else None

    def add_convening(self, held_on: date, title: str, batch_id: int | None = None) -> Convening:
        """``batch_id`` is of the import that brings it, if one does.

        ChangedMeanwhileError where the network has a convening on this day.
        """
        found = self._add(CONVENINGS, {"held_on": held_on}, title, batch_id)
        if found is None:
            raise ChangedMeanwhileError(f"There is a convening on {held_on.isoformat()} already.")
        return Convening(found, held_on, title)

    def _present_partnerships(self) -> AnySelect:
        table = t.partnerships.c
        query = select(table.id, table.code, table.title).where(
            table.network_id == self._network_id, PARTNERSHIPS.present
        )
        return query if self._own is None else query.where(table.code == self._own)

    def _present_convenings(self) -> AnySelect:
        table = t.convenings.c
        return select(table.id, table.held_on, table.title).where(
            table.network_id == self._network_id, CONVENINGS.present
        )
