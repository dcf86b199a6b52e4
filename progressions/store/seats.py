"""Joining a session: what somebody without an account may ask, by a room code or by the token of a seat."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, delete, func, insert, or_, select, update

from progressions.people import Access, Person, Principal
from progressions.store import session_tables as s
from progressions.store import tables as t
from progressions.store.ballots import is_round_of, seat_of
from progressions.store.people import STAFF, People, network_columns, network_of
from progressions.store.scope import AnyRow, AnySelect
from progressions.team_session import Answer, DomainKey, Naming, Role, Room, Seat, Side, Vote


class Seats(People):
    """The part of the directory for people who come by a room code."""

    def room(self, room_code: str) -> Room | None:
        """The open session with this room code; None where there is none."""
        table = s.team_sessions.c
        query = _rooms().where(table.room_code == room_code, table.closed_at.is_(None))
        row = self._connection.execute(query).first()
        return _room(row) if row else None

    def people_in(self, room: Room) -> tuple[Seat, ...]:
        """Who is in a session now. Nobody else joins it until this transaction ends."""
        table = s.team_sessions.c
        self._connection.execute(select(table.id).where(table.id == room.session_id).with_for_update())
        query = select(s.seats).where(s.seats.c.session_id == room.session_id, s.seats.c.removed_at.is_(None))
        return tuple(seat_of(row) for row in self._connection.execute(query.order_by(s.seats.c.id)))

    def was_taken(self, token_hash: str) -> bool:
        """Whether a seat was ever known by the hash of this token; one that was taken away too."""
        return self._connection.execute(select(OF_TOKEN), {"token": token_hash}).scalar() is not None

    def take_seat(self, room: Room, token_hash: str, name: str, side: Side, role: Role, now: datetime) -> Seat:
        """A new seat in an open session, known by the hash of its token."""
        values = {
            "network_id": room.network.id,
            "session_id": room.session_id,
            "token_hash": token_hash,
            "name": name,
            "side": side.value,
            "role": role.value,
            "joined_at": now,
        }
        row = self._connection.execute(insert(s.seats).values(values).returning(s.seats)).one()
        self._progress(room.session_id)
        return seat_of(row)

    def change_seat(self, seat: Seat, session_id: int, name: str, side: Side, role: Role) -> None:
        """The same person under another name, side or role. Votes that everybody has seen stay as they were shown."""
        table = s.seats
        values = {"name": name, "side": side.value, "role": role.value}
        self._connection.execute(update(table).where(table.c.id == seat.id).values(values))
        votes = s.votes
        seen = select(s.revealed_rounds.c.session_id).where(is_round_of(votes))
        unseen = update(votes).where(votes.c.seat_id == seat.id, ~seen.exists())
        self._connection.execute(unseen.values(side=side.value, role=role.value))
        self._progress(session_id)

    def seated(self, token_hash: str, closed_since: datetime) -> tuple[Principal, Seat, Room] | None:
        """Who holds a seat, in a session that is open or was closed after ``closed_since``.

        None where the seat is unknown, was taken away, or its session is long over.
        """
        row = self._connection.execute(SEATED, {"token": token_hash, "since": closed_since}).first()
        return _seated(row) if row else None

    def ballot(self, token_hash: str, closed_since: datetime) -> tuple[Principal, Seat, Room, tuple[Vote, ...]] | None:
        """The same, with what this rater has said in every round: their own votes, and nobody else's."""
        rows = self._connection.execute(BALLOT, {"token": token_hash, "since": closed_since}).all()
        if not rows:
            return None
        return (*_seated(rows[0]), tuple(_vote(row) for row in rows if row.vote_round is not None))

    def offer_device(self, seat_id: int, link_hash: str, code_hash: str, now: datetime, expires_at: datetime) -> None:
        """A way to hold the seat on one device more, by a link or a code. Older ones that nobody took stop working."""
        table = s.seat_devices
        over = or_(table.c.seat_id == seat_id, table.c.expires_at <= now)
        self._connection.execute(delete(table).where(table.c.token_hash.is_(None), over))
        values = {"link_hash": link_hash, "seat_id": seat_id, "code_hash": code_hash, "expires_at": expires_at}
        self._connection.execute(insert(table).values(values))

    def offered(self, way_hash: str, now: datetime) -> tuple[Principal, Seat, Room] | None:
        """Whose seat, in an open session, the link or code with this hash gives at ``now``; it stays untaken."""
        device = s.seat_devices.c
        query = _seats().join(s.seat_devices, device.seat_id == s.seats.c.id)
        query = query.where(*_is_offered(way_hash, now), s.team_sessions.c.closed_at.is_(None))
        row = self._connection.execute(query).first()
        return _seated(row) if row else None

    def take_device(self, way_hash: str, token_hash: str, now: datetime) -> bool:
        """Makes the seat known by this token too, once; False where somebody else was first, or it was too late."""
        taken = update(s.seat_devices).where(*_is_offered(way_hash, now)).values(token_hash=token_hash)
        return self._connection.execute(taken.returning(s.seat_devices.c.seat_id)).first() is not None

    def devices(self, seat_id: int) -> int:
        """On how many devices the seat is held beside its first."""
        table = s.seat_devices.c
        query = select(func.count()).where(table.seat_id == seat_id, table.token_hash.is_not(None))
        return int(self._connection.execute(query).scalar_one())

    def leaders(self, network_id: int, partnership: str) -> tuple[Person, ...]:
        """Who may lead a session of the partnership, by name: its facilitators and the network's staff."""
        table = t.accesses.c
        own = and_(table.access == Access.FACILITATOR.value, t.partnerships.c.code == partnership)
        query = (
            select(t.people.c.id, t.people.c.name)
            .join(t.accesses, table.person_id == t.people.c.id)
            .outerjoin(t.partnerships, t.partnerships.c.id == table.partnership_id)
            .where(table.network_id == network_id, or_(table.access.in_(STAFF), own))
        )
        found = (Person(row.id, row.name) for row in self._connection.execute(query))
        return tuple(sorted(found, key=lambda person: (person.name.casefold(), person.id)))

    def session_revisions(self, closed_since: datetime) -> Mapping[int, tuple[int, int, int]]:
        """Revision, progress and convening of every session that somebody may be looking at, by the session's id."""
        table = s.team_sessions.c
        query = select(table.id, table.revision, table.progress, table.convening_id).where(
            or_(table.closed_at.is_(None), table.closed_at > closed_since)
        )
        return {row[0]: (row[1], row[2], row[3]) for row in self._connection.execute(query)}

    def _progress(self, session_id: int) -> None:
        table = s.team_sessions
        self._connection.execute(update(table).where(table.c.id == session_id).values(progress=table.c.progress + 1))


def _rooms(*more: ColumnElement[Any]) -> AnySelect:
    table = s.team_sessions.c
    return (
        select(
            table.id.label("session_id"),
            table.naming,
            table.has_votes,
            table.revision,
            t.partnerships.c.code.label("partnership"),
            t.partnerships.c.title.label("partnership_title"),
            *network_columns(),
            *more,
        )
        .join(t.partnerships, t.partnerships.c.id == table.partnership_id)
        .join(t.networks, t.networks.c.id == table.network_id)
    )


def _seats() -> AnySelect:
    """Who is in a session now, with what ``_seated`` reads."""
    return (
        _rooms(*(column.label(f"seat_{column.name}") for column in s.seats.c))
        .join(s.seats, s.seats.c.session_id == s.team_sessions.c.id)
        .where(s.seats.c.removed_at.is_(None))
    )


def _is_offered(way_hash: str, now: datetime) -> tuple[ColumnElement[bool], ...]:
    table = s.seat_devices.c
    way = or_(table.link_hash == way_hash, table.code_hash == way_hash)
    return way, table.token_hash.is_(None), table.expires_at > now


# The seat with a token, of its first device or of another one: a look into one index, and where that finds nothing into
# another, whatever a database's planner would make of an OR across two tables.
OF_TOKEN = func.coalesce(
    select(s.seats.c.id).where(s.seats.c.token_hash == bindparam("token")).scalar_subquery(),
    select(s.seat_devices.c.seat_id).where(s.seat_devices.c.token_hash == bindparam("token")).scalar_subquery(),
)

# Asked at every tap of every phone in a hall: made once, because making it takes longer than answering it.
SEATED = _seats().where(
    s.seats.c.id == OF_TOKEN,
    or_(s.team_sessions.c.closed_at.is_(None), s.team_sessions.c.closed_at > bindparam("since")),
)

_SAID = (s.votes.c.round, s.votes.c.level, s.votes.c.cannot_judge, s.votes.c.note, s.votes.c.row_version)
_BY = (s.votes.c.saved_at, s.votes.c.pen, s.votes.c.pen_base)
BALLOT = (
    SEATED.add_columns(
        *(column.label(f"vote_{column.name}") for column in (*_SAID, *_BY)),
        t.rubrics.c.code.label("vote_rubric"),
        t.domains.c.code.label("vote_domain"),
    )
    .outerjoin(s.votes, s.votes.c.seat_id == s.seats.c.id)
    .outerjoin(t.domains, t.domains.c.id == s.votes.c.domain_id)
    .outerjoin(t.rubrics, t.rubrics.c.id == t.domains.c.rubric_id)
)


def _vote(row: AnyRow) -> Vote:
    answer = Answer(row.vote_level, row.vote_cannot_judge, row.vote_note)
    key = DomainKey(row.vote_rubric, row.vote_domain)
    return Vote(key, row.vote_round, answer, row.vote_row_version, row.vote_saved_at, row.vote_pen, row.vote_pen_base)


def _room(row: AnyRow) -> Room:
    return Room(
        row.session_id,
        network_of(row),
        row.partnership,
        row.partnership_title,
        Naming(row.naming),
        row.has_votes,
        row.revision,
    )


def _seated(row: AnyRow) -> tuple[Principal, Seat, Room]:
    room = _room(row)
    seat = Seat(row.seat_id, row.seat_name, Side(row.seat_side), Role(row.seat_role), row.seat_joined_at)
    principal = Principal(0, seat.name, room.network, Access.RATER, room.partnership, seat=seat.id)
    return principal, seat, room
