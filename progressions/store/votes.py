"""Seats and votes of one network's sessions.

A vote of a round that has not been revealed is given to its own person alone: no method here, whoever asks, returns
another's. Of such rounds only counts of who has answered leave this module.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, bindparam, delete, func, insert, or_, select, true, update

from progressions.errors import NotAllowedError, UserError
from progressions.people import Access
from progressions.ratings import StoredRating
from progressions.store import session_tables as s
from progressions.store import tables as t
from progressions.store.ballots import Ballots, is_round_of, seat_of
from progressions.store.ratings import Ratings
from progressions.store.scope import AnyRow, AnySelect
from progressions.team_session import (
    DomainKey,
    Finished,
    Naming,
    PaperCount,
    Progress,
    Role,
    Seat,
    ShownVote,
    Side,
    TeamSession,
    TeamVotes,
    Voters,
)

CANNOT_JUDGE = "cannot judge"
SHOWN = ("id", "session_id", "seat_id", "round", "side", "role", "level", "cannot_judge")
"""The columns of a vote that others may see, or that count people: its note is not among them."""
AN_INSTANT = timedelta(microseconds=1)
REMOVED = "This person has been removed already."
HERE_AGAIN = "This person takes part again already."


def _is_given() -> ColumnElement[bool]:
    return or_(s.votes.c.level.is_not(None), s.votes.c.cannot_judge)


def _same_domain() -> ColumnElement[bool]:
    own, vote = s.session_domains.c, s.votes.c
    return and_(own.session_id == vote.session_id, own.domain_id == vote.domain_id)


# Eleven screens watch a hall that votes: these too are made once, because making them takes longer than the answer.
ANSWERED = (
    select(s.votes.c.seat_id, t.rubrics.c.code.label("rubric"), t.domains.c.code.label("domain"))
    .join(s.seats, s.seats.c.id == s.votes.c.seat_id)
    .join(s.session_domains, _same_domain())
    .join(t.domains, t.domains.c.id == s.votes.c.domain_id)
    .join(t.rubrics, t.rubrics.c.id == t.domains.c.rubric_id)
    .where(
        s.votes.c.session_id == bindparam("session"),
        s.votes.c.round == s.session_domains.c.round,
        s.seats.c.removed_at.is_(None),
        _is_given(),
    )
)
PEOPLE_HERE = select(func.count()).where(s.seats.c.session_id == bindparam("session"), s.seats.c.removed_at.is_(None))
HOW_FAR = (
    select(
        (s.team_sessions.c.revision + s.team_sessions.c.progress).label("at"),
        t.partnerships.c.code.label("partnership"),
        PEOPLE_HERE.scalar_subquery().label("people"),
    )
    .join(t.partnerships, t.partnerships.c.id == s.team_sessions.c.partnership_id)
    .where(s.team_sessions.c.id == bindparam("session"), s.team_sessions.c.network_id == bindparam("network"))
)


class Votes(Ratings, Ballots):
    """The part of the repository for who has joined and what they say."""

    def seats(self, session_id: int) -> tuple[Seat, ...]:
        """Everybody who has joined, the first first; those who were removed too."""
        self._check_sees_session(session_id)
        query = select(s.seats).where(s.seats.c.session_id == session_id).order_by(s.seats.c.id)
        return tuple(seat_of(row) for row in self._connection.execute(query))

    def remove_seat(self, session_id: int, seat_id: int, now: datetime) -> None:
        """Takes somebody out of the session. What they voted in rounds that are still open counts no more.

        UserError where they are out already: a second moment, after a reveal, would bring back what they had voted.
        """
        self._begin_change(session_id)
        query = select(func.max(s.revealed_rounds.c.revealed_at)).where(s.revealed_rounds.c.session_id == session_id)
        latest: datetime | None = self._connection.execute(query).scalar_one()
        removed_at = max(now, latest + AN_INSTANT) if latest else now  # after every reveal, whatever the clock says
        self._change_seat(session_id, seat_id, {"removed_at": removed_at}, s.seats.c.removed_at.is_(None), REMOVED)

    def bring_back_seat(self, session_id: int, seat_id: int) -> None:
        """Lets somebody who was removed take part again, with what they had voted.

        UserError where votes were revealed meanwhile: theirs would be added to what everybody has seen, and be known.
        """
        self._begin_change(session_id)
        shown = s.revealed_rounds.c
        since = select(shown.round).where(
            shown.session_id == session_id,
            shown.revealed_at >= select(s.seats.c.removed_at).where(s.seats.c.id == seat_id).scalar_subquery(),
        )
        if self._connection.execute(since).first() is not None:
            raise UserError("Votes have been revealed since. Let the person join anew, by the room code.")
        self._change_seat(session_id, seat_id, {"removed_at": None}, s.seats.c.removed_at.is_not(None), HERE_AGAIN)

    def remove_seat_name(self, session_id: int, seat_id: int, now: datetime) -> None:
        """Takes the name away and leaves the votes, so that every count stays."""
        self._begin_change(session_id)
        self._change_seat(session_id, seat_id, {"name": "", "name_removed_at": now}, true())

    def finished(self, session: TeamSession) -> Finished:
        """How far the people of a session are in the present rounds, without what anybody said."""
        self._check_sees_session(session.id)
        return self._finished(session, self._connection.execute(PEOPLE_HERE, {"session": session.id}).scalar_one())

    def progress(self, session: TeamSession) -> Progress:
        """The same with the revision that it is of, for those who run the session: their screens ask again and again.

        ``session`` may be as old as a screen is; its domains count.
        """
        row = self._connection.execute(HOW_FAR, {"session": session.id, "network": self._network_id}).first()
        if row is None or self._principal.access in (Access.RATER, Access.MEMBER):
            raise NotAllowedError
        self._check_own(row.partnership)
        return Progress(row.at, self._finished(session, row.people))

    def _finished(self, session: TeamSession, people: int) -> Finished:
        answered = self._connection.execute(ANSWERED, {"session": session.id})
        return _counted(people, answered, len(session.domains))

    def shown_votes(self, session: TeamSession) -> tuple[ShownVote, ...]:
        """The votes of every revealed round, in no order that would tell whose they are unless the session is named.

        People who were removed before the reveal are left out; those removed afterwards stay: the team saw them.
        """
        self._check_sees_session(session.id)
        with_names = session.naming is Naming.NAMED
        rows = self._connection.execute(_shown_rows().where(s.votes.c.session_id == session.id))
        return tuple(_shown_vote(row, row.name if with_names else "") for row in rows)

    def team_votes(self, partnership: str) -> tuple[TeamVotes, ...]:
        """What a partnership's sessions have shown, the first first, without anybody's name.

        Votes and paper sheets of rounds that have not been revealed are in none of it, whoever asks, and sessions that
        have shown nothing are left out. Not for raters: what the team said last time would lead the vote.
        """
        self._check_own(partnership)
        query = self._session_rows().where(t.partnerships.c.code == partnership).order_by(t.convenings.c.held_on)
        sessions = self._sessions(query)
        ids = [session.id for session in sessions]
        rows = self._by_session(_shown_rows().where(s.votes.c.session_id.in_(ids)))
        papers = self._by_session(_paper_rows().where(s.paper_counts.c.session_id.in_(ids), _is_revealed_paper()))
        shown = [(each, rows[each.id], papers[each.id]) for each in sessions if rows[each.id] or papers[each.id]]
        known = [_names(*each) for each in shown]
        return tuple(
            TeamVotes(
                session,
                tuple(_shown_vote(row, "") for row in voted),
                tuple(map(_paper_count, counted)),
                Voters(_by_phone(voted), _by_paper(counted), _again(before, names)),
            )
            for (session, voted, counted), before, names in zip(shown, [None, *known], known, strict=False)
        )

    def team_progress(self, partnership: str) -> int:
        """A number that grows with all that changes ``team_votes``, somebody's new name too, and with more."""
        self._check_own(partnership)
        table = s.team_sessions.c
        query = (
            select(func.coalesce(func.sum(table.revision + table.progress), 0))
            .join(t.partnerships, t.partnerships.c.id == table.partnership_id)
            .where(table.network_id == self._network_id, t.partnerships.c.code == partnership)
        )
        return int(self._connection.execute(query).scalar_one())

    def _by_session(self, query: AnySelect) -> dict[int, list[AnyRow]]:
        found: dict[int, list[AnyRow]] = defaultdict(list)
        for row in self._connection.execute(query):
            found[row.session_id].append(row)
        return found

    def ratings_of_revealed(self, session: TeamSession) -> tuple[StoredRating, ...]:
        """The partnership's ratings of the session's domains whose votes have been shown, of its convening and before.

        Before that a rater sees none of them: last time's level would lead the vote.
        """
        self._check_sees_session(session.id)
        shown = select(s.revealed_rounds.c.domain_id).where(s.revealed_rounds.c.session_id == session.id)
        query = self._rows().where(
            t.partnerships.c.code == session.partnership,
            t.convenings.c.held_on <= session.held_on,
            t.ratings.c.domain_id.in_(shown),
        )
        return tuple(self._stored(row) for row in self._connection.execute(query))

    def put_paper_counts(
        self, session: TeamSession, key: DomainKey, side: Side, counts: Mapping[int | None, int], now: datetime
    ) -> None:
        """What the paper sheets of one side say in the present round: by level, None for "cannot judge"."""
        self._check_runs(self.team_session_by_id(session.id))
        place = session.domain(key)
        if place is None:
            raise NotAllowedError
        where = {
            "session_id": session.id,
            "domain_id": self._session_domain_ids(session.id)[key],
            "round": place.round,
            "side": side.value,
        }
        table = s.paper_counts
        connection = self._to_write()
        connection.execute(delete(table).where(*(table.c[name] == value for name, value in where.items())))
        told = {"counted_by": self._principal.signature, "counted_at": now}
        rows = [
            {**where, **told, "answer": CANNOT_JUDGE if level is None else str(level), "sheets": count}
            for level, count in counts.items()
            if count
        ]
        if rows:
            connection.execute(insert(table), rows)

    def paper_counts(self, session: TeamSession) -> tuple[PaperCount, ...]:
        """The counts of paper sheets: to those who run the session all of them, to a rater those revealed."""
        self._check_sees_session(session.id)
        query = _paper_rows().where(s.paper_counts.c.session_id == session.id)
        if self._principal.access in (Access.RATER, Access.MEMBER):
            query = query.where(_is_revealed_paper())
        return tuple(_paper_count(row) for row in self._connection.execute(query))

    def _begin_change(self, session_id: int) -> None:
        """Tells everybody that the people change. Comes first: a reveal changes the same row, so that one waits for the
        other, and what is asked next is still true when the seat is changed."""
        self._check_runs(self.team_session_by_id(session_id))
        sessions = s.team_sessions
        grown = {"revision": sessions.c.revision + 1, "progress": sessions.c.progress + 1}
        self._to_write().execute(update(sessions).where(sessions.c.id == session_id).values(grown))

    def _change_seat(
        self, session_id: int, seat_id: int, values: dict[str, object], only: ColumnElement[bool], no: str = ""
    ) -> None:
        """Changes a seat that is as ``only`` wants it; UserError with the sentence ``no`` where it is not."""
        table = s.seats
        where = (table.c.id == seat_id, table.c.session_id == session_id, table.c.network_id == self._network_id)
        if self._to_write().execute(update(table).where(*where, only).values(values)).rowcount == 1:
            return
        is_there = self._connection.execute(select(table.c.id).where(*where)).first() is not None
        raise UserError(no) if is_there else NotAllowedError


def _shown_rows() -> AnySelect:
    """The votes of revealed rounds, with the name of each voter, in no order that would tell whose they are.

    Without those of people who were removed before the reveal. Those removed afterwards stay: the team saw them.
    """
    return (
        select(
            *(s.votes.c[name] for name in SHOWN),
            s.seats.c.name,
            t.rubrics.c.code.label("rubric"),
            t.domains.c.code.label("domain"),
        )
        .join(s.seats, s.seats.c.id == s.votes.c.seat_id)
        .join(s.revealed_rounds, is_round_of(s.votes))
        .join(t.domains, t.domains.c.id == s.votes.c.domain_id)
        .join(t.rubrics, t.rubrics.c.id == t.domains.c.rubric_id)
        .where(
            _is_given(),
            or_(s.seats.c.removed_at.is_(None), s.seats.c.removed_at > s.revealed_rounds.c.revealed_at),
        )
        .order_by(
            t.rubrics.c.id, t.domains.c.id, s.votes.c.round, s.votes.c.side, s.votes.c.level, s.votes.c.cannot_judge
        )
    )


def _shown_vote(row: AnyRow, name: str) -> ShownVote:
    key = DomainKey(row.rubric, row.domain)
    return ShownVote(key, row.round, Side(row.side), Role(row.role), row.level, row.cannot_judge, name)


def _paper_rows() -> AnySelect:
    table = s.paper_counts
    return (
        select(table, t.rubrics.c.code.label("rubric"), t.domains.c.code.label("domain"))
        .join(t.domains, t.domains.c.id == table.c.domain_id)
        .join(t.rubrics, t.rubrics.c.id == t.domains.c.rubric_id)
        .order_by(table.c.id)
    )


def _is_revealed_paper() -> ColumnElement[bool]:
    return select(s.revealed_rounds.c.session_id).where(is_round_of(s.paper_counts)).exists()


def _by_phone(rows: Iterable[AnyRow]) -> dict[Side, int]:
    """People by the side on which their latest vote was shown: somebody may have changed it meanwhile."""
    sides = {row.seat_id: row.side for row in sorted(rows, key=lambda row: row.id)}
    return {side: sum(own == side.value for own in sides.values()) for side in Side}


def _by_paper(rows: Iterable[AnyRow]) -> dict[Side, int]:
    sheets: Counter[tuple[str, int, int]] = Counter()
    for row in rows:
        sheets[row.side, row.domain_id, row.round] += row.sheets
    return {side: max((n for (own, *_), n in sheets.items() if own == side.value), default=0) for side in Side}


def _names(session: TeamSession, rows: Sequence[AnyRow], papers: Sequence[AnyRow]) -> Counter[str] | None:
    """Who voted in a session that was opened as a named one, as they typed it, small and capital letters alike.

    None where that is not everybody: an alias may be another one each time, a name was taken away, a sheet has none.
    """
    names = {row.seat_id: " ".join(row.name.split()).casefold() for row in rows}
    if session.naming is not Naming.NAMED or papers or not all(names.values()):
        return None
    return Counter(names.values())


def _again(before: Counter[str] | None, now: Counter[str] | None) -> int | None:
    """How many voted at both. Of two with one name as many come again as there were before."""
    return None if before is None or now is None else (before & now).total()


def _paper_count(row: AnyRow) -> PaperCount:
    level = None if row.answer == CANNOT_JUDGE else int(row.answer)
    return PaperCount(DomainKey(row.rubric, row.domain), row.round, Side(row.side), level, row.sheets)


def _counted(people: int, answered: Iterable[AnyRow], domains: int) -> Finished:
    by_domain: dict[DomainKey, int] = {}
    by_seat: dict[int, int] = {}
    for seat_id, rubric, domain in answered:
        key = DomainKey(rubric, domain)
        by_domain[key] = by_domain.get(key, 0) + 1
        by_seat[seat_id] = by_seat.get(seat_id, 0) + 1
    done = sum(count == domains for count in by_seat.values())
    return Finished(people, len(by_seat), done, by_domain)
