"""Team sessions of one network: opening and changing them, and what may be seen of their votes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, insert, select, update

from progressions.errors import ChangedMeanwhileError, NotAllowedError
from progressions.people import Access
from progressions.store import session_tables as s
from progressions.store import tables as t
from progressions.store.presence import CONVENINGS, PARTNERSHIPS
from progressions.store.scope import AnyRow, AnySelect, Scope, new_id
from progressions.team_session import DomainKey, Naming, SessionDomain, TeamSession

MOVED_ON = "Somebody else changed this session meanwhile. Nothing was overwritten. Look at it again, then decide."


@dataclass(frozen=True, slots=True)
class Opening:
    """What a session is opened with: whose, when, how people are called, and on which domains of which versions.

    ``domains`` are keys with the id of the version whose words are shown, in the order in which they are voted on.
    """

    partnership: str
    held_on: date
    naming: Naming
    has_votes: bool
    room_code: str
    domains: tuple[tuple[DomainKey, int], ...]


class TeamSessions(Scope):
    """The part of the repository for sessions."""

    def team_session(self, partnership: str, held_on: date) -> TeamSession | None:
        """A partnership's session at a convening; None where none has been opened."""
        self._check_own(partnership)
        wanted = (t.partnerships.c.code == partnership, t.convenings.c.held_on == held_on)
        return next(iter(self._sessions(self._session_rows().where(*wanted))), None)

    def team_session_by_id(self, session_id: int) -> TeamSession:
        """NotAllowedError where this person may not see it, or there is none. A rater sees their own."""
        found = next(iter(self._sessions(self._session_rows().where(s.team_sessions.c.id == session_id))), None)
        if found is None:
            raise NotAllowedError
        self._check_sees_session(found.id, found.partnership)
        return found

    def team_sessions_on(self, held_on: date) -> tuple[TeamSession, ...]:
        """Every session of a convening, by the partnership's title."""
        self._check_staff()
        found = self._sessions(self._session_rows().where(t.convenings.c.held_on == held_on))
        return tuple(sorted(found, key=lambda each: (each.partnership_title.casefold(), each.partnership)))

    def open_session(self, opening: Opening, now: datetime) -> TeamSession:
        """ChangedMeanwhileError where the partnership has a session at that convening, or the room code is taken."""
        self._check_own(opening.partnership)
        values: dict[str, object] = {
            **self._place_of_session(opening.partnership, opening.held_on),
            "network_id": self._network_id,
            "naming": opening.naming.value,
            "has_votes": opening.has_votes,
            "room_code": opening.room_code,
            "opened_at": now,
            "opened_by": self._principal.signature,
            "led_by": self._principal.signature,
            "revision": 1,
            "progress": 0,
        }
        found = new_id(self._to_write(), s.team_sessions, values)
        if found is None:
            raise ChangedMeanwhileError("A session of this partnership was opened meanwhile. Look at it, then decide.")
        self._put_domains(found, opening.domains, after=0)
        return self.team_session_by_id(found)

    def add_session_domains(self, session_id: int, base: int, domains: Iterable[tuple[DomainKey, int]]) -> TeamSession:
        """Adds domains at the end; those that are there already stay as they are."""
        session = self.team_session_by_id(session_id)
        there = {each.key for each in session.domains}
        self._move_on(session, base, {})
        new = [(key, version_id) for key, version_id in domains if key not in there]
        self._put_domains(session_id, new, after=len(there))
        return self.team_session_by_id(session_id)

    def change_session(self, session_id: int, base: int, values: Mapping[str, object]) -> TeamSession:
        """Sets columns of a session that is still at revision ``base``; ChangedMeanwhileError where it has moved on."""
        session = self.team_session_by_id(session_id)
        self._move_on(session, base, values)
        return self.team_session_by_id(session_id)

    def touch_session(self, partnership: str, held_on: date) -> None:
        """Tells everybody in the partnership's session, if there is one, that what is shown has changed."""
        place = self._place_of_session(partnership, held_on)
        table = s.team_sessions
        where = (table.c.convening_id == place["convening_id"], table.c.partnership_id == place["partnership_id"])
        self._to_write().execute(update(table).where(*where).values(revision=table.c.revision + 1))

    def reveal(self, session_id: int, base: int, keys: Iterable[DomainKey], now: datetime) -> TeamSession:
        """Shows the votes of the present round of these domains to everybody; those shown already stay as they are."""
        session = self.team_session_by_id(session_id)
        self._move_on(session, base, {})
        ids, revealed_at = self._session_domain_ids(session_id), self._no_earlier_than_removals(session_id, now)
        rows = [
            {
                "session_id": session_id,
                "domain_id": ids[each.key],
                "round": each.round,
                "revealed_at": revealed_at,
                "revealed_by": self._principal.signature,
            }
            for each in session.domains
            if each.key in set(keys) and not each.is_revealed
        ]
        if rows:
            self._to_write().execute(insert(s.revealed_rounds), rows)
        return self.team_session_by_id(session_id)

    def begin_round(self, session_id: int, base: int, key: DomainKey) -> TeamSession:
        """Opens another round on a domain whose present one has been revealed; both are kept."""
        session = self.team_session_by_id(session_id)
        present = session.domain(key)
        if present is None or not present.is_revealed:
            raise ChangedMeanwhileError(MOVED_ON)
        self._move_on(session, base, {})
        table = s.session_domains
        where = (table.c.session_id == session_id, table.c.domain_id == self._session_domain_ids(session_id)[key])
        self._to_write().execute(update(table).where(*where).values(round=present.round + 1))
        return self.team_session_by_id(session_id)

    def _no_earlier_than_removals(self, session_id: int, now: datetime) -> datetime:
        """The moment of a reveal: whoever was removed before it was, whatever the clock says. Asked in one's turn."""
        query = select(func.max(s.seats.c.removed_at)).where(s.seats.c.session_id == session_id)
        latest: datetime | None = self._connection.execute(query).scalar_one()
        return max(now, latest) if latest else now

    def _move_on(self, session: TeamSession, base: int, values: Mapping[str, object]) -> None:
        self._check_runs(session)
        table = s.team_sessions
        where = (table.c.id == session.id, table.c.network_id == self._network_id, table.c.revision == base)
        statement = update(table).where(*where).values(**values, revision=base + 1)
        if self._to_write().execute(statement).rowcount != 1:
            raise ChangedMeanwhileError(MOVED_ON)

    def _check_sees_session(self, session_id: int, partnership: str | None = None) -> None:
        """Whether this person may look at the session: a rater at their own, others at those of what they see.

        ``partnership`` is whose the session is, where that is known already.
        """
        if self._principal.access is Access.RATER:
            if self._seat_session() != session_id:
                raise NotAllowedError
        else:
            self._check_own(partnership or self._whose(session_id))

    def _whose(self, session_id: int) -> str:
        query = (
            select(t.partnerships.c.code)
            .join(s.team_sessions, s.team_sessions.c.partnership_id == t.partnerships.c.id)
            .where(s.team_sessions.c.id == session_id, s.team_sessions.c.network_id == self._network_id)
        )
        found: str | None = self._connection.execute(query).scalar_one_or_none()
        if found is None:
            raise NotAllowedError
        return found

    def _check_runs(self, session: TeamSession) -> None:
        if self._principal.access in (Access.RATER, Access.MEMBER):
            raise NotAllowedError
        self._check_own(session.partnership)

    def _seat_session(self) -> int | None:
        query = select(s.seats.c.session_id).where(
            s.seats.c.id == self._principal.seat,
            s.seats.c.network_id == self._network_id,
            s.seats.c.removed_at.is_(None),
        )
        found: int | None = self._connection.execute(query).scalar_one_or_none()
        return found

    def _place_of_session(self, partnership: str, held_on: date) -> dict[str, int]:
        query = select(t.partnerships.c.id, t.convenings.c.id.label("convening")).where(
            t.partnerships.c.network_id == self._network_id,
            t.convenings.c.network_id == t.partnerships.c.network_id,
            t.partnerships.c.code == partnership,
            t.convenings.c.held_on == held_on,
            PARTNERSHIPS.present,
            CONVENINGS.present,
        )
        row = self._connection.execute(query).first()
        if row is None:
            raise NotAllowedError
        return {"partnership_id": row.id, "convening_id": row.convening}

    def _put_domains(self, session_id: int, domains: Iterable[tuple[DomainKey, int]], after: int) -> None:
        ids = self._domain_ids_of_network()
        rows = [
            {
                "session_id": session_id,
                "domain_id": ids[key.rubric, key.domain],
                "version_id": version_id,
                "place": after + number,
                "round": 1,
            }
            for number, (key, version_id) in enumerate(domains, start=1)
        ]
        if rows:
            self._to_write().execute(insert(s.session_domains), rows)

    def _domain_ids_of_network(self) -> dict[tuple[str, str], int]:
        query = (
            select(t.rubrics.c.code, t.domains.c.code.label("domain"), t.domains.c.id)
            .join(t.rubrics, t.rubrics.c.id == t.domains.c.rubric_id)
            .where(t.rubrics.c.network_id == self._network_id)
        )
        return {(rubric, domain): row_id for rubric, domain, row_id in self._connection.execute(query)}

    def _session_domain_ids(self, session_id: int) -> dict[DomainKey, int]:
        query = (
            select(t.rubrics.c.code, t.domains.c.code.label("domain"), t.domains.c.id)
            .join(t.rubrics, t.rubrics.c.id == t.domains.c.rubric_id)
            .join(s.session_domains, s.session_domains.c.domain_id == t.domains.c.id)
            .where(s.session_domains.c.session_id == session_id)
        )
        return {DomainKey(rubric, domain): row_id for rubric, domain, row_id in self._connection.execute(query)}

    def _session_rows(self) -> AnySelect:
        return (
            select(
                s.team_sessions,
                t.partnerships.c.code.label("partnership"),
                t.partnerships.c.title.label("partnership_title"),
                t.convenings.c.held_on,
            )
            .join(t.partnerships, t.partnerships.c.id == s.team_sessions.c.partnership_id)
            .join(t.convenings, t.convenings.c.id == s.team_sessions.c.convening_id)
            .where(s.team_sessions.c.network_id == self._network_id)
        )

    def _sessions(self, query: AnySelect) -> list[TeamSession]:
        rows = self._connection.execute(query).all()
        domains = self._domains_of_sessions([row.id for row in rows])
        return [self._session(row, tuple(domains.get(row.id, ()))) for row in rows]

    def _session(self, row: AnyRow, domains: tuple[SessionDomain, ...]) -> TeamSession:
        return TeamSession(
            id=row.id,
            partnership=row.partnership,
            partnership_title=row.partnership_title,
            held_on=row.held_on,
            naming=Naming(row.naming),
            has_votes=row.has_votes,
            room_code=row.room_code or "",
            opened_at=row.opened_at,
            opened_by=self._names.of(row.opened_by),
            led_by=self._names.of(row.led_by),
            leader=row.led_by,
            revision=row.revision,
            progress=row.progress,
            domains=domains,
            closed_at=row.closed_at,
            timer_ends_at=row.timer_ends_at,
            convening_id=row.convening_id,
        )

    def _domains_of_sessions(self, session_ids: list[int]) -> dict[int, list[SessionDomain]]:
        if not session_ids:
            return {}
        rounds = self._revealed(session_ids)
        own, texts = s.session_domains.c, t.domains.c
        query = (
            select(
                s.session_domains,
                t.rubrics.c.code.label("rubric"),
                texts.code.label("domain"),
                t.rubric_versions.c.number,
            )
            .join(t.domains, texts.id == own.domain_id)
            .join(t.rubrics, t.rubrics.c.id == texts.rubric_id)
            .join(t.rubric_versions, t.rubric_versions.c.id == own.version_id)
            .where(own.session_id.in_(session_ids))
            .order_by(own.session_id, own.place)
        )
        found: dict[int, list[SessionDomain]] = {}
        for row in self._connection.execute(query):
            revealed = rounds.get((row.session_id, row.domain_id), {})
            found.setdefault(row.session_id, []).append(
                SessionDomain(
                    DomainKey(row.rubric, row.domain),
                    row.number,
                    row.round,
                    revealed.get(row.round),
                    tuple(sorted(revealed)),
                )
            )
        return found

    def _revealed(self, session_ids: list[int]) -> dict[tuple[int, int], dict[int, datetime]]:
        table = s.revealed_rounds.c
        query = select(table.session_id, table.domain_id, table.round, table.revealed_at)
        found: dict[tuple[int, int], dict[int, datetime]] = {}
        for session_id, domain_id, number, at in self._connection.execute(
            query.where(table.session_id.in_(session_ids))
        ):
            found.setdefault((session_id, domain_id), {})[number] = at
        return found
