"""The record of one network: what was done, by whom, from where. Rows are only ever added."""

from collections.abc import Iterator
from datetime import datetime
from heapq import merge

from sqlalchemy import Connection, insert, select

from progressions.people import Principal
from progressions.record import Action, Entry
from progressions.store import tables as t
from progressions.store.drafts import draft_from_text, draft_words
from progressions.store.scope import AnyRow, Scope

AT_ONCE = 1_000  # lines on their way from the database: a record of years must not fill the memory


class Record(Scope):
    """The part of the repository for the record."""

    def note(self, action: Action, about: str, *, now: datetime, old: str = "", new: str = "") -> None:
        """Adds a line. No cache stands on the record, so the network's revision stays."""
        self._check_writes()
        add_entry(self._connection, self._principal, action, about, now=now, old=old, new=new)

    def entries(self) -> Iterator[Entry]:
        """Everything, the newest first, the saves of ratings among it. Read while it is iterated."""
        self._check_staff()
        return _newest_first(self._noted(), self._saved())

    def _noted(self) -> Iterator[Entry]:
        table = t.record.c
        query = (
            select(t.record)
            .where(table.network_id == self._network_id)
            .order_by(table.id.desc())
            .execution_options(yield_per=AT_ONCE)
        )
        for row in self._connection.execute(query):
            action = Action(row.action)
            yield Entry(row.at, self._names.of(row.who), row.came_from, action, row.about, row.old, row.new)

    def _saved(self) -> Iterator[Entry]:
        changes = t.rating_changes.c
        query = (
            select(
                t.rating_changes,
                t.partnerships.c.title.label("partnership"),
                t.convenings.c.held_on,
                t.domains.c.code.label("domain"),
            )
            .join(t.ratings, t.ratings.c.id == changes.rating_id)
            .join(t.partnerships, t.partnerships.c.id == t.ratings.c.partnership_id)
            .join(t.convenings, t.convenings.c.id == t.ratings.c.convening_id)
            .join(t.domains, t.domains.c.id == t.ratings.c.domain_id)
            .where(t.ratings.c.network_id == self._network_id)
            .order_by(changes.id.desc())
            .execution_options(yield_per=AT_ONCE)
        )
        for row in self._connection.execute(query):
            yield self._save(row)

    def _save(self, row: AnyRow) -> Entry:
        about = f"{row.partnership}, {row.held_on.isoformat()}, {row.domain}"
        who = self._names.of(row.changed_by)
        old = draft_words(draft_from_text(row.old_json)[0]) if row.old_json is not None else ""
        new = draft_words(draft_from_text(row.new_json)[0])
        return Entry(row.changed_at, who, row.came_from, Action.RATED, about, old, new)


def add_entry(
    connection: Connection,
    principal: Principal,
    action: Action,
    about: str,
    *,
    now: datetime,
    old: str = "",
    new: str = "",
) -> None:
    """Adds a line to the record of the principal's network."""
    values = {
        "network_id": principal.network.id,
        "at": now,
        "who": principal.signature,
        "came_from": principal.came_from,
        "action": action.value,
        "about": about,
        "old": old,
        "new": new,
    }
    connection.execute(insert(t.record).values(values))


def _newest_first(*streams: Iterator[Entry]) -> Iterator[Entry]:
    return merge(*streams, key=lambda entry: entry.at, reverse=True)
