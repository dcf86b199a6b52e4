"""One rater's own votes: reading them, and saving one without ever overwriting what was said on another screen.

These statements are made once, because making one takes longer than the database takes to answer it, and a whole hall
asks for them at every tap.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Table, and_, bindparam, exists, insert, select, update

from progressions.errors import ChangedMeanwhileError, NotAllowedError, UserError
from progressions.people import Access
from progressions.store import session_tables as s
from progressions.store import tables as t
from progressions.store.scope import AnyRow, insert_unless_there
from progressions.store.team_sessions import TeamSessions
from progressions.team_session import Answer, DomainKey, Role, Seat, Side, Vote

REVEALED = "The votes on this domain have been revealed: what you had chosen before stands."
CLOSED = "This session is closed. What you voted before stands."
MEANWHILE = "You voted on this domain on another screen meanwhile. Nothing was overwritten."


def is_round_of(table: Table) -> ColumnElement[bool]:
    """Whether a row of ``revealed_rounds`` is of the session, domain and round of a row of ``table``."""
    own = s.revealed_rounds.c
    return and_(own.session_id == table.c.session_id, own.domain_id == table.c.domain_id, own.round == table.c.round)


def _in_its_seat(column: ColumnElement[Any]) -> tuple[ColumnElement[bool], ...]:
    return (
        column == bindparam("seat"),
        s.seats.c.network_id == bindparam("network"),
        s.seats.c.removed_at.is_(None),
    )


# Comes first in a save: a reveal and a close change the same row, so that one waits for the other, and what is asked
# below is still true when the vote is written.
TURN = (
    update(s.team_sessions)
    .where(
        s.team_sessions.c.id == select(s.seats.c.session_id).where(*_in_its_seat(s.seats.c.id)).scalar_subquery(),
        s.team_sessions.c.network_id == bindparam("network"),
    )
    .values(progress=s.team_sessions.c.progress + 1)
)
PLACE = (
    select(
        s.seats.c.session_id,
        s.seats.c.side,
        s.seats.c.role,
        s.session_domains.c.domain_id,
        s.session_domains.c.version_id,
        s.session_domains.c.round,
        s.team_sessions.c.closed_at,
        s.team_sessions.c.has_votes,
        exists(select(s.revealed_rounds.c.session_id).where(is_round_of(s.session_domains))).label("revealed"),
        exists(
            select(t.levels.c.position).where(
                t.levels.c.version_id == s.session_domains.c.version_id, t.levels.c.position == bindparam("level")
            )
        ).label("is_level"),
        s.votes.c.id.label("vote_id"),
        s.votes.c.level,
        s.votes.c.cannot_judge,
        s.votes.c.note,
        s.votes.c.row_version,
        s.votes.c.pen,
        s.votes.c.pen_base,
        s.votes.c.saved_at,
    )
    .join(s.team_sessions, s.team_sessions.c.id == s.seats.c.session_id)
    .join(s.session_domains, s.session_domains.c.session_id == s.seats.c.session_id)
    .join(t.domains, t.domains.c.id == s.session_domains.c.domain_id)
    .join(t.rubrics, t.rubrics.c.id == t.domains.c.rubric_id)
    .outerjoin(
        s.votes,
        and_(
            s.votes.c.seat_id == s.seats.c.id,
            s.votes.c.domain_id == s.session_domains.c.domain_id,
            s.votes.c.round == s.session_domains.c.round,
        ),
    )
    .where(
        *_in_its_seat(s.seats.c.id),
        t.rubrics.c.code == bindparam("rubric"),
        t.domains.c.code == bindparam("domain"),
    )
)
SAID = ("level", "cannot_judge", "note", "version_id", "side", "role", "pen", "pen_base", "saved_at")
AGAIN = (
    update(s.votes)
    .where(s.votes.c.id == bindparam("vote_id"), s.votes.c.row_version == bindparam("base"))
    .values(**{name: bindparam(f"new_{name}") for name in SAID}, row_version=bindparam("base") + 1)
    .returning(s.votes)
)

REMEMBER = insert(s.vote_changes)


class Ballots(TeamSessions):
    """The part of the repository for the person in a seat."""

    def save_vote(
        self, key: DomainKey, answer: Answer, *, base: int, pen: str = "", pen_base: int = 0, now: datetime
    ) -> Vote:
        """Saves this rater's answer to the present round, if it is still at row version ``base`` (0: nothing yet).

        Returns what the database holds then; what stands already is returned as it is. ChangedMeanwhileError where the
        row has moved on, the round has been revealed, or the session is closed. UserError for a level that is none.
        """
        if self._principal.access is not Access.RATER:
            raise NotAllowedError
        self._check_writes()  # the network's revision stays: no chart stands on what is still private
        asked = {"seat": self._principal.seat, "network": self._network_id}
        self._connection.execute(TURN, asked)
        place = self._vote_place(asked | {"rubric": key.rubric, "domain": key.domain, "level": answer.level}, answer)
        if place.vote_id is not None and vote_of(place, key).answer == answer:
            return vote_of(place, key)
        said = {
            "level": answer.level,
            "cannot_judge": answer.cannot_judge,
            "note": answer.note,
            "version_id": place.version_id,
            "side": place.side,
            "role": place.role,
            "pen": pen,
            "pen_base": pen_base,
            "saved_at": now,
        }
        row = self._first_vote(place, said) if base == 0 else self._next_vote(place, base, said)
        if row is None:
            raise ChangedMeanwhileError(MEANWHILE)
        self._remember_vote(row, place.level, now)
        return vote_of(row, key)

    def _vote_place(self, asked: dict[str, object], answer: Answer) -> AnyRow:
        """Where this rater's vote on a domain goes now, and what stands there."""
        row = self._connection.execute(PLACE, asked).first()
        if row is None or not row.has_votes:
            raise NotAllowedError
        if row.closed_at is not None:
            raise ChangedMeanwhileError(CLOSED)
        if row.revealed:
            raise ChangedMeanwhileError(REVEALED)
        if answer.level is not None and not row.is_level:
            raise UserError(f"{answer.level} is not a level of this rubric.")
        return row

    def _first_vote(self, place: AnyRow, said: dict[str, object]) -> AnyRow | None:
        where = {"seat_id": self._principal.seat, "domain_id": place.domain_id, "round": place.round}
        statement = insert_unless_there(self._connection, s.votes).returning(s.votes)
        values = {**where, **said, "session_id": place.session_id, "row_version": 1}
        return self._connection.execute(statement, values).first()

    def _next_vote(self, place: AnyRow, base: int, said: dict[str, object]) -> AnyRow | None:
        new = {f"new_{name}": value for name, value in said.items()}
        return self._connection.execute(AGAIN, {"vote_id": place.vote_id, "base": base, **new}).first()

    def _remember_vote(self, row: AnyRow, old_level: int | None, now: datetime) -> None:
        values = {
            "vote_id": row.id,
            "row_version": row.row_version,
            "changed_at": now,
            "came_from": self._principal.came_from,
            "old_level": old_level,
            "new_level": row.level,
            "cannot_judge": row.cannot_judge,
        }
        self._connection.execute(REMEMBER, values)


def seat_of(row: AnyRow) -> Seat:
    """A seat from a row of its table."""
    return Seat(row.id, row.name, Side(row.side), Role(row.role), row.joined_at, row.removed_at)


def vote_of(row: AnyRow, key: DomainKey) -> Vote:
    """A vote from a row with the columns of its table."""
    answer = Answer(row.level, row.cannot_judge, row.note)
    return Vote(key, row.round, answer, row.row_version, row.saved_at, row.pen, row.pen_base)
