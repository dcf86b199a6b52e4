"""The record of one network: what was done, by whom, from where. Rows are only ever added."""

from collections.abc import Iterator
from datetime import datetime
from heapq import merge
from typing import Any

from sqlalchemy import ColumnElement, Connection, insert, select, union

from progressions.people import Principal, seat_signature
from progressions.record import EVERYTHING, Action, Entry, Wanted
from progressions.store import session_tables as s
from progressions.store import tables as t
from progressions.store.drafts import draft_from_text, draft_words
from progressions.store.scope import AnyRow, AnySelect, Scope, seat_name, seat_number

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
        """The newest lines first, saves of ratings and votes among them; ``most`` of each kind where that is enough.

        A vote's line tells who voted on what, when and from where, and never the level: nobody may see who said it.
        Read while it is iterated: only inside the block of the transaction.
        """
        self._check_staff()
        seat = seat_number(wanted.who)
        streams = [self._noted(wanted, most)]
        if wanted.action in (None, Action.RATED) and seat is None:
            streams.append(self._saved(wanted, most))
        if wanted.action in (None, Action.VOTED) and (seat is not None or not wanted.who):
            streams.append(self._voted(wanted, seat, most))
        return _newest_first(*streams)

    def signers(self) -> dict[str, str]:
        """Everybody who did anything here: their names today by the marks of stored rows, sorted by name.

        Whoever has joined a session is among them, under what they called themselves there. Saves that came with an
        import were made by whoever imported or, as the record says, undid it: they are most of a large history, and
        are not looked at one by one.
        """
        self._check_staff()
        noted = select(t.record.c.who).where(t.record.c.network_id == self._network_id)
        imported = select(t.batches.c.imported_by).where(t.batches.c.network_id == self._network_id)
        saved = select(t.rating_changes.c.changed_by).where(
            t.rating_changes.c.batch_id.is_(None), self._is_change_of_ours()
        )
        found = self._seats_of_here()
        for mark in self._connection.execute(union(noted, imported, saved)).scalars():
            found[mark] = found.get(mark) or self._names.of(mark)
        return dict(sorted(found.items(), key=lambda pair: (pair[1].casefold(), pair[0])))

    def _seats_of_here(self) -> dict[str, str]:
        query = select(s.seats.c.id, s.seats.c.name).where(s.seats.c.network_id == self._network_id)
        return {seat_signature(row.id): seat_name(row.id, row.name) for row in self._connection.execute(query)}

    def _noted(self, wanted: Wanted, most: int | None) -> Iterator[Entry]:
        table = t.record.c
        query = select(t.record).where(table.network_id == self._network_id, *_conditions(wanted, table.at, table.who))
        if wanted.action is not None:
            query = query.where(table.action == wanted.action.value)
        for row in self._connection.execute(_portioned(query.order_by(table.id.desc()), most)):
            action = Action(row.action)
            about = self._names.of(row.about) if action in OF_PEOPLE else row.about
            yield Entry(row.at, self._names.of(row.who), row.came_from, action, about, row.old, row.new)

    def _saved(self, wanted: Wanted, most: int | None) -> Iterator[Entry]:
        changes = t.rating_changes.c
        query = select(t.rating_changes).where(
            self._is_change_of_ours(), *_conditions(wanted, changes.changed_at, changes.changed_by)
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

    def _voted(self, wanted: Wanted, seat: int | None, most: int | None) -> Iterator[Entry]:
        """Levels are not even asked of the database."""
        changes = s.vote_changes.c
        query = select(changes.id, changes.vote_id, changes.changed_at, changes.came_from).where(
            _is_vote_of(self._network_id), *_conditions(wanted, changes.changed_at)
        )
        if seat is not None:
            query = query.where(changes.vote_id.in_(select(s.votes.c.id).where(s.votes.c.seat_id == seat)))
        newest = _portioned(query.order_by(changes.id.desc()), most).subquery("newest_votes")
        told = (
            select(
                newest,
                s.votes.c.seat_id,
                s.votes.c.round,
                s.seats.c.name,
                t.partnerships.c.title.label("partnership"),
                t.convenings.c.held_on,
                t.domains.c.code.label("domain"),
            )
            .join(s.votes, s.votes.c.id == newest.c.vote_id)
            .join(s.seats, s.seats.c.id == s.votes.c.seat_id)
            .join(s.team_sessions, s.team_sessions.c.id == s.votes.c.session_id)
            .join(t.partnerships, t.partnerships.c.id == s.team_sessions.c.partnership_id)
            .join(t.convenings, t.convenings.c.id == s.team_sessions.c.convening_id)
            .join(t.domains, t.domains.c.id == s.votes.c.domain_id)
            .order_by(newest.c.id.desc())
            .execution_options(yield_per=AT_ONCE)
        )
        for row in self._connection.execute(told):
            about = f"{row.partnership}, {row.held_on.isoformat()}, {row.domain}, vote {row.round}"
            yield Entry(row.changed_at, seat_name(row.seat_id, row.name), row.came_from, Action.VOTED, about)


def _is_vote_of(network_id: int) -> ColumnElement[bool]:
    """As a save of a rating, each save of a vote is asked where it belongs, so that the newest are found first."""
    vote, session = s.votes.c, s.team_sessions.c
    return (
        select(vote.id)
        .join(s.team_sessions, session.id == vote.session_id)
        .where(vote.id == s.vote_changes.c.vote_id, session.network_id == network_id)
        .exists()
    )


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


def _conditions(
    wanted: Wanted, at: ColumnElement[Any], who: ColumnElement[Any] | None = None
) -> Iterator[ColumnElement[bool]]:
    if wanted.who and who is not None:
        yield who == wanted.who
    if wanted.since is not None:
        yield at >= wanted.since
    if wanted.until is not None:
        yield at < wanted.until


def _portioned(query: AnySelect, most: int | None) -> AnySelect:
    return query.execution_options(yield_per=AT_ONCE) if most is None else query.limit(most)


def _newest_first(*streams: Iterator[Entry]) -> Iterator[Entry]:
    return merge(*streams, key=lambda entry: entry.at, reverse=True)
