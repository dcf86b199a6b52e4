"""Sets of partnerships that the staff of a network define. Whom one holds never changes."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import insert, select, update

from progressions.errors import NotAllowedError
from progressions.people import PeerSet
from progressions.store import peer_tables as p
from progressions.store import tables as t
from progressions.store.peers import Peers
from progressions.store.presence import PARTNERSHIPS


class PeerSets(Peers):
    """The part of the repository for peer sets."""

    def peer_sets(self) -> tuple[PeerSet, ...]:
        """Every set, those that were taken away too, in the order of making; members get those that are shown to them.

        Partnerships are named as in ``peer_changes``. NotAllowedError for a person who sees no peers.
        """
        names, table, member = self._peer_names(), p.peer_sets.c, p.peer_set_members.c
        query = select(table.id, table.title, table.made_at, table.is_shown, table.removed_at).where(
            table.network_id == self._network_id
        )
        if not self._principal.is_staff:
            query = query.where(table.is_shown)
        held: dict[int, set[str]] = {}
        of_here = select(member.set_id, member.partnership_id).where(member.network_id == self._network_id)
        for set_id, partnership_id in self._connection.execute(of_here):
            held.setdefault(set_id, set()).add(names[partnership_id])
        return tuple(
            PeerSet(row.id, row.title, frozenset(held.get(row.id, ())), row.made_at, row.is_shown, row.removed_at)
            for row in self._connection.execute(query.order_by(table.id))
        )

    def add_peer_set(
        self, title: str, partnerships: Collection[str], *, is_shown: bool, by: str, now: datetime
    ) -> PeerSet:
        """NotAllowedError where one of the codes is of no partnership that is there."""
        self._check_staff()
        connection, table = self._to_write(), t.partnerships.c
        query = select(table.id).where(
            table.network_id == self._network_id, table.code.in_(list(partnerships)), PARTNERSHIPS.present
        )
        held = connection.execute(query).scalars().all()
        if len(held) != len(set(partnerships)):
            raise NotAllowedError
        values = {
            "network_id": self._network_id,
            "title": title,
            "is_shown": is_shown,
            "made_at": now,
            "made_by": by,
            "removed_by": "",
        }
        made = connection.execute(insert(p.peer_sets).values(values).returning(p.peer_sets.c.id)).scalar_one()
        rows = [{"set_id": made, "partnership_id": one, "network_id": self._network_id} for one in held]
        connection.execute(insert(p.peer_set_members), rows)
        return PeerSet(made, title, frozenset(partnerships), now, is_shown)

    def remove_peer_set(self, set_id: int, *, by: str, now: datetime) -> None:
        """Takes a set away; its row stays. NotAllowedError where there is none that stands."""
        self._check_staff()
        table = p.peer_sets.c
        statement = update(p.peer_sets).where(
            table.id == set_id, table.network_id == self._network_id, table.removed_at.is_(None)
        )
        if self._to_write().execute(statement.values(removed_at=now, removed_by=by)).rowcount != 1:
            raise NotAllowedError
