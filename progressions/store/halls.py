"""All sessions of one convening at once: how far they are, their countdown, and what one role said in them.

A vote of a round that has not been revealed leaves this module as part of a count of who has answered, no other way.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select, update

from progressions.ratings import RatingDraft
from progressions.record import Action
from progressions.store import session_tables as s
from progressions.store import tables as t
from progressions.store.ballots import is_round_of
from progressions.store.scope import AnyRow, AnySelect
from progressions.store.votes import Votes
from progressions.team_session import DomainKey, Finished, Outcomes, Role, ShownVote, Side, TeamSession


@dataclass(frozen=True, slots=True)
class RoleVote:
    """One first vote that has been revealed, without a name.

    ``wording`` numbers the wordings of the domain: two votes with the same one were given on the same words.
    """

    partnership: str
    wording: int
    revealed_at: datetime
    vote: ShownVote


class Halls(Votes):
    """The part of the repository for a whole hall. Opens for staff alone."""

    def finished_in(self, sessions: Iterable[TeamSession]) -> dict[int, Finished]:
        """How far the people of each session are, by the session's id; three questions for however many sessions."""
        self._check_staff()
        domains = {each.id: len(each.domains) for each in sessions}
        people = dict(self._people_in(domains))
        by_domain: dict[int, dict[DomainKey, int]] = {}
        for session_id, rubric, domain, count in self._connection.execute(self._answered_domains(domains)):
            by_domain.setdefault(session_id, {})[DomainKey(rubric, domain)] = count
        by_seat: dict[int, list[int]] = {}
        for session_id, _seat, count in self._connection.execute(self._answering_seats(domains)):
            by_seat.setdefault(session_id, []).append(count)
        return {
            each: Finished(
                people.get(each, 0),
                len(by_seat.get(each, ())),
                sum(count == domains[each] for count in by_seat.get(each, ())),
                by_domain.get(each, {}),
            )
            for each in domains
        }

    def outcomes_on(self, held_on: date) -> dict[str, Outcomes]:
        """What each partnership has said at a convening, by its code; absent where nothing was."""
        self._check_staff()
        domain = (t.rubrics.c.code.label("rubric"), t.domains.c.code.label("domain"))
        query = (
            select(t.partnerships.c.code, *domain, t.ratings.c.level, t.ratings.c.comes_back)
            .select_from(t.ratings)
            .join(t.partnerships, t.partnerships.c.id == t.ratings.c.partnership_id)
            .join(t.convenings, t.convenings.c.id == t.ratings.c.convening_id)
            .join(t.domains, t.domains.c.id == t.ratings.c.domain_id)
            .join(t.rubrics, t.rubrics.c.id == t.domains.c.rubric_id)
            .where(
                t.ratings.c.network_id == self._network_id,
                t.convenings.c.network_id == self._network_id,
                t.convenings.c.held_on == held_on,
                or_(t.ratings.c.level.is_not(None), t.ratings.c.comes_back),
            )
        )
        found: dict[str, dict[DomainKey, RatingDraft]] = {}
        for row in self._connection.execute(query):
            said = RatingDraft(row.level, comes_back=row.comes_back)
            found.setdefault(row.code, {})[DomainKey(row.rubric, row.domain)] = said
        return {partnership: Outcomes.of(said.items()) for partnership, said in found.items()}

    def set_timers(self, held_on: date, ends: datetime | None) -> int:
        """Gives all open sessions of a convening one end of their countdown, None for none; returns how many."""
        self._check_staff()
        table = s.team_sessions
        convening = select(t.convenings.c.id).where(
            t.convenings.c.network_id == self._network_id, t.convenings.c.held_on == held_on
        )
        where = (
            table.c.network_id == self._network_id,
            table.c.convening_id.in_(convening),
            table.c.closed_at.is_(None),
        )
        values = {"timer_ends_at": ends, "revision": table.c.revision + 1}
        return self._to_write().execute(update(table).where(*where).values(values)).rowcount

    def role_votes(self, held_on: date, role: Role) -> tuple[RoleVote, ...]:
        """The revealed first votes of everybody in this role, of all sessions of a convening; in no telling order.

        People who were removed before the reveal are left out, as their own team never saw what they said.
        """
        self._check_staff()
        votes = s.votes.c
        query = _of_hall(
            t.partnerships.c.code.label("partnership"),
            t.domain_texts.c.wording,
            s.revealed_rounds.c.revealed_at,
            *(votes.side, votes.level, votes.cannot_judge),
            *(t.rubrics.c.code.label("rubric"), t.domains.c.code.label("domain")),
        )
        query = (
            query.join(s.revealed_rounds, is_round_of(s.votes))
            .join(t.domain_texts, _text_of_vote())
            .join(t.partnerships, t.partnerships.c.id == s.team_sessions.c.partnership_id)
            .join(t.convenings, t.convenings.c.id == s.team_sessions.c.convening_id)
            .where(
                s.team_sessions.c.network_id == self._network_id,
                t.convenings.c.held_on == held_on,
                votes.role == role.value,
                votes.round == 1,
                or_(s.seats.c.removed_at.is_(None), s.seats.c.removed_at > s.revealed_rounds.c.revealed_at),
            )
            .order_by(votes.level, votes.cannot_judge, t.partnerships.c.code)
        )
        return tuple(_role_vote(row, role) for row in self._connection.execute(query))

    def first_noted(self, action: Action, about: Iterable[str]) -> dict[str, datetime]:
        """When something was done for the first time to each of ``about``, as the record says; others are absent."""
        self._check_staff()
        table = t.record.c
        query = (
            select(table.about, func.min(table.at))
            .where(table.network_id == self._network_id, table.action == action.value, table.about.in_(list(about)))
            .group_by(table.about)
        )
        return {row[0]: row[1] for row in self._connection.execute(query)}

    def _people_in(self, session_ids: Iterable[int]) -> Iterable[tuple[int, int]]:
        table = s.seats.c
        query = (
            select(table.session_id, func.count())
            .where(table.network_id == self._network_id, table.session_id.in_(session_ids), table.removed_at.is_(None))
            .group_by(table.session_id)
        )
        return ((row[0], row[1]) for row in self._connection.execute(query))

    def _answered_domains(self, session_ids: Iterable[int]) -> AnySelect:
        own = (s.votes.c.session_id, t.rubrics.c.code, t.domains.c.code)
        return _of_hall(*own, func.count()).where(*self._present_of(session_ids)).group_by(*own)

    def _answering_seats(self, session_ids: Iterable[int]) -> AnySelect:
        own = (s.votes.c.session_id, s.votes.c.seat_id)
        return _of_hall(*own, func.count()).where(*self._present_of(session_ids)).group_by(*own)

    def _present_of(self, session_ids: Iterable[int]) -> tuple[ColumnElement[bool], ...]:
        """Votes of present rounds by people who are here."""
        return (
            s.team_sessions.c.network_id == self._network_id,
            s.votes.c.session_id.in_(session_ids),
            s.votes.c.round == s.session_domains.c.round,
            s.seats.c.removed_at.is_(None),
        )


def _of_hall(*columns: ColumnElement[Any]) -> AnySelect:
    """Answers with their seat, session and domain."""
    own, vote = s.session_domains.c, s.votes.c
    return (
        select(*columns)
        .select_from(s.votes)
        .join(s.seats, s.seats.c.id == vote.seat_id)
        .join(s.team_sessions, s.team_sessions.c.id == vote.session_id)
        .join(s.session_domains, and_(own.session_id == vote.session_id, own.domain_id == vote.domain_id))
        .join(t.domains, t.domains.c.id == vote.domain_id)
        .join(t.rubrics, t.rubrics.c.id == t.domains.c.rubric_id)
        .where(or_(vote.level.is_not(None), vote.cannot_judge))
    )


def _text_of_vote() -> ColumnElement[bool]:
    text, vote = t.domain_texts.c, s.votes.c
    return and_(text.version_id == vote.version_id, text.domain_id == vote.domain_id)


def _role_vote(row: AnyRow, role: Role) -> RoleVote:
    key = DomainKey(row.rubric, row.domain)
    vote = ShownVote(key, 1, Side(row.side), role, row.level, row.cannot_judge)
    return RoleVote(row.partnership, row.wording, row.revealed_at, vote)
