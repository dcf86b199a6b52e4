"""The record of one network: what was done, by whom, from where. Rows are only ever added."""

from collections.abc import Iterator
from datetime import datetime
from heapq import merge
from typing import Any

from sqlalchemy import ColumnElement, Connection, insert, select, union

from progressions.people import Principal
from progressions.record import EVERYTHING, Action, Entry, Wanted
from progressions.store import tables as t
from progressions.store.drafts import draft_from_text, draft_words
from progressions.store.scope import AnyRow, AnySelect, Scope

AT_ONCE = 1_000  # lines on their way from the database: a record of years must not fill the memory
OF_PEOPLE = {
    Action.INVITED,
    Action.ACCESS_CHANGED,
    Action.ACCESS_REVOKED,
    Action.CODE_MADE,
    Action.LINK_MADE,
    Action.NAME_REMOVED,
}
"""Actions whose ``about`` is the mark of a person, so that their name can be taken away there too."""


class Record(Scope):
    """The part of the repository for the record."""

    def note(self, action: Action, about: str, *, now: datetime, old: str = "", new: str = "") -> None:
        """Adds a line. No cache stands on the record, so the network's revision stays."""
        self._check_writes()
        add_entry(self._connection, self._principal, action, about, now=now, old=old, new=new)

    def entries(self, wanted: Wanted = EVERYTHING, most: int | None = None) -> Iterator[Entry]:
        """The newest lines first, the saves of ratings among them; ``most`` of each kind where that is enough.

        Read while it is iterated: only inside the block of the transaction.
        """
        self._check_staff()
        saved = iter(()) if wanted.action not in (None, Action.RATED) else self._saved(wanted, most)
        return _newest_first(self._noted(wanted, most), saved)

    def signers(self) -> dict[str, str]:
        """Everybody who did anything here: their names today by the marks of stored rows, sorted by name."""
        self._check_staff()
        noted = select(t.record.c.who).where(t.record.c.network_id == self._network_id)
        saved = select(t.rating_changes.c.changed_by).where(self._is_of_here())
        found = {mark: self._names.of(mark) for mark in self._connection.execute(union(noted, saved)).scalars()}
        return dict(sorted(found.items(), key=lambda pair: (pair[1].casefold(), pair[0])))

    def _noted(self, wanted: Wanted, most: int | None) -> Iterator[Entry]:
        table = t.record.c
        query = select(t.record).where(table.network_id == self._network_id, *_conditions(wanted, table.who, table.at))
        if wanted.action is not None:
            query = query.where(table.action == wanted.action.value)
        for row in self._connection.execute(_portioned(query.order_by(table.id.desc()), most)):
            action = Action(row.action)
            about = self._names.of(row.about) if action in OF_PEOPLE else row.about
            yield Entry(row.at, self._names.of(row.who), row.came_from, action, about, row.old, row.new)

    def _is_of_here(self) -> ColumnElement[bool]:
        """A save belongs to the network of its rating. Asked of each save, so that the newest are found first."""
        rating = t.ratings.c
        return select(rating.id).where(
            rating.id == t.rating_changes.c.rating_id, rating.network_id == self._network_id
        ).exists()  # fmt: skip

    def _saved(self, wanted: Wanted, most: int | None) -> Iterator[Entry]:
        changes = t.rating_changes.c
        query = select(t.rating_changes).where(
            self._is_of_here(), *_conditions(wanted, changes.changed_by, changes.changed_at)
        )
        if not wanted.imported_ratings:
            query = query.where(changes.batch_id.is_(None))
        newest = _portioned(query.order_by(changes.id.desc()), most).subquery("saves")
        told = (
            select(
                newest,
                t.partnerships.c.title.label("partnership"),
                t.convenings.c.held_on,
                t.domains.c.code.label("domain"),
            )
            .join(t.ratings, t.ratings.c.id == newest.c.rating_id)
            .join(t.partnerships, t.partnerships.c.id == t.ratings.c.partnership_id)
            .join(t.convenings, t.convenings.c.id == t.ratings.c.convening_id)
            .join(t.domains, t.domains.c.id == t.ratings.c.domain_id)
            .order_by(newest.c.id.desc())
            .execution_options(yield_per=AT_ONCE)
        )
        for row in self._connection.execute(told):
            yield self._save(row)

    def _save(self, row: AnyRow) -> Entry:
        about = f"{row.partnership}, {row.held_on.isoformat()}, {row.domain}"
        if row.batch_id is not None:
            about = f"{about} (import {row.batch_id})"
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


def _conditions(wanted: Wanted, who: ColumnElement[Any], at: ColumnElement[Any]) -> Iterator[ColumnElement[bool]]:
    if wanted.who:
        yield who == wanted.who
    if wanted.since is not None:
        yield at >= wanted.since
    if wanted.until is not None:
        yield at < wanted.until


def _portioned(query: AnySelect, most: int | None) -> AnySelect:
    return query.execution_options(yield_per=AT_ONCE) if most is None else query.limit(most)


def _newest_first(*streams: Iterator[Entry]) -> Iterator[Entry]:
    return merge(*streams, key=lambda entry: entry.at, reverse=True)
