"""Showing the votes: what the team said, what stood last time, and what was agreed; second votes and paper sheets."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from progressions import permissions
from progressions.errors import ChangedMeanwhileError, NotAllowedError, UserError
from progressions.measures.votes import LEAST_OF_A_SIDE, Spread, by_round, how_split, spread
from progressions.people import Principal
from progressions.ratings import RatingKey, StoredRating
from progressions.record import Action
from progressions.rubric import Domain, Rubric, RubricVersion
from progressions.services.team_sessions import about, check_leads, check_open
from progressions.store import Repository, Store
from progressions.team_session import DomainKey, PaperCount, SessionDomain, ShownVote, Side, TeamSession

MOST_SHEETS = 500  # of one side and level: more people than sit in one hall
NOTHING_TO_REVEAL = "Choose at least one domain whose votes are not shown yet."
NO_VOTES = "This session is held without votes."
OTHERWISE = "It has changed meanwhile who has voted. Nothing was revealed. Look at the question again."
NO_SHEETS = "These votes have been revealed. Sheets that are typed in now would tell who said what in them."


@dataclass(frozen=True, slots=True)
class Revealed:
    """One domain whose votes everybody may see.

    ``rounds`` are the spreads of its votes, the first first. ``last_time`` is the rating of the latest earlier
    convening with a level or a promise, ``now`` that of this one; None where there is none. ``last_version`` and
    ``now_version`` hold the words that they were given on.
    """

    at: SessionDomain
    domain: Domain
    rubric: Rubric
    rounds: tuple[Spread, ...]
    last_time: StoredRating | None
    last_version: RubricVersion | None
    now: StoredRating | None
    now_version: RubricVersion | None = None

    @property
    def key(self) -> DomainKey:
        """Codes of rubric and domain."""
        return self.at.key

    @property
    def is_comparable(self) -> bool:
        """Whether last time's level was given on the words of today."""
        return self._has_words_of(self.last_version)

    @property
    def is_now_comparable(self) -> bool:
        """Whether what stands now was agreed on the words of the session; Self-assess takes the latest ones."""
        return self._has_words_of(self.now_version)

    def _has_words_of(self, version: RubricVersion | None) -> bool:
        return version is not None and version.rubric.domain(self.domain.code).descriptors == self.domain.descriptors


@dataclass(frozen=True, slots=True)
class Outlook:
    """What a reveal of some domains would do, as it was at one moment.

    ``rounds`` are the rounds that would be shown. ``waiting`` counts who is here and has not finished, where anybody
    has not. ``few`` counts the voters on a domain where they are one or two: everybody would see what they said. Where
    there are sheets of paper too, ``beside_sheets``, these are the voters on phones: whoever typed in the sheets knows
    the rest. On ``empty`` nobody has voted.
    """

    session_id: int
    rounds: Mapping[DomainKey, int]
    waiting: Mapping[DomainKey, int]
    few: Mapping[DomainKey, int]
    beside_sheets: frozenset[DomainKey]
    empty: frozenset[DomainKey]

    @property
    def asks_nothing(self) -> bool:
        """Whether everybody has finished and nobody can be told from the counts."""
        return not (self.waiting or self.few or self.empty)

    def covers(self, later: "Outlook") -> bool:
        """Whether whoever has agreed to this one has agreed to a later one of the same rounds too."""
        return (
            self.rounds == later.rounds
            and all(left <= self.waiting.get(key, 0) for key, left in later.waiting.items())
            and all(number >= self.few.get(key, LEAST_OF_A_SIDE) for key, number in later.few.items())
            and later.empty <= self.empty
        )


def outlook(store: Store, principal: Principal, session: TeamSession, keys: Iterable[DomainKey]) -> Outlook:
    """What a reveal of these domains would do now; of those that are still open. Every button of a reveal asks this."""
    permissions.check_can_run_session(principal, session.partnership)
    with store.read(principal) as repository:
        return _outlook(repository, session, keys)


def reveal(
    store: Store,
    principal: Principal,
    session: TeamSession,
    keys: Iterable[DomainKey],
    now: datetime,
    *,
    agreed: Outlook | None = None,
) -> TeamSession:
    """Shows the votes on these domains to everybody in the session.

    ``agreed`` is what a person was told that it would do: where it would do something else by now nothing is shown.
    """
    wanted = tuple(keys)
    with store.write(principal) as repository:
        check_leads(principal, session)
        _check_can_be_revealed(session, wanted)
        changed = repository.reveal(session.id, session.revision, wanted, now)
        if agreed is not None and not agreed.covers(_outlook(repository, session, wanted)):
            raise ChangedMeanwhileError(OTHERWISE)  # which takes the reveal back: nobody has seen it
        told = ", ".join(key.domain for key in wanted)
        repository.note(Action.REVEALED, about(session), now=now, new=told)
        return changed


def _check_can_be_revealed(session: TeamSession, keys: Iterable[DomainKey]) -> None:
    places = [session.domain(key) for key in keys]
    if None in places:
        raise NotAllowedError
    if not session.has_votes:
        raise UserError(NO_VOTES)
    if all(at is None or at.is_revealed for at in places):
        raise UserError(NOTHING_TO_REVEAL)


def _outlook(repository: Repository, session: TeamSession, keys: Iterable[DomainKey]) -> Outlook:
    """Of the rounds that are open in ``session``."""
    wanted = set(keys)
    rounds = {each.key: each.round for each in session.domains if each.key in wanted and not each.is_revealed}
    finished = repository.finished(session)
    phones = {key: finished.by_domain.get(key, 0) for key in rounds}
    sheets = Counter[DomainKey]()
    for paper in repository.paper_counts(session):
        if rounds.get(paper.key) == paper.round:
            sheets[paper.key] += paper.count
    voters = {key: number or sheets[key] for key, number in phones.items()}
    return Outlook(
        session.id,
        rounds,
        {key: finished.people - number for key, number in phones.items() if number < finished.people},
        {key: number for key, number in voters.items() if 0 < number < LEAST_OF_A_SIDE},
        frozenset(key for key, number in phones.items() if number and sheets[key]),
        frozenset(key for key, number in voters.items() if not number),
    )


def second_vote(store: Store, principal: Principal, session: TeamSession, key: DomainKey, now: datetime) -> TeamSession:
    """Opens another vote on a domain whose votes have been shown; all votes are kept."""
    with store.write(principal) as repository:
        check_leads(principal, session)
        check_open(session)
        changed = repository.begin_round(session.id, session.revision, key)
        repository.note(Action.ROUND_BEGUN, about(session), now=now, new=key.domain)
        return changed


def count_paper(
    store: Store,
    principal: Principal,
    session: TeamSession,
    key: DomainKey,
    side: Side,
    counts: Mapping[int | None, int],
    now: datetime,
) -> TeamSession:
    """Keeps what the paper sheets of one side say of a domain, by level (None: cannot judge); in place of what was.

    UserError unless the session is open, and the round not revealed: sheets that are invented afterwards would part the
    votes that everybody sees.
    """
    if any(not 0 <= count <= MOST_SHEETS for count in counts.values()):
        raise UserError(f"A count of paper sheets is a whole number from 0 to {MOST_SHEETS}.")
    with store.write(principal) as repository:
        check_leads(principal, session)
        changed = repository.change_session(session.id, session.revision, {})  # from here it stays as it is checked
        _check_counts_paper(repository, session, key, counts)
        repository.put_paper_counts(session, key, side, counts, now)
        told = f"{sum(counts.values())} sheets"  # what they say may be one person's vote, and nobody sees whose
        repository.note(Action.PAPER_COUNTED, f"{about(session)}, {key.domain}, {side.value}", now=now, new=told)
        return changed


def _check_counts_paper(
    repository: Repository, session: TeamSession, key: DomainKey, levels: Iterable[int | None]
) -> None:
    at = session.domain(key)
    if at is None:
        raise NotAllowedError
    check_open(session)
    if not session.has_votes:
        raise UserError(NO_VOTES)
    if at.is_revealed:
        raise UserError(NO_SHEETS)
    found = repository.rubric_version(key.rubric, at.version)
    assert found is not None  # a session names only versions that were published
    for level in levels:
        if level is not None and not 1 <= level <= len(found.rubric.levels):
            raise UserError(f"{level} is not a level of this rubric.")


def paper_counts(store: Store, principal: Principal, session: TeamSession) -> tuple[PaperCount, ...]:
    """What was typed in from paper sheets."""
    permissions.check_can_run_session(principal, session.partnership)
    with store.read(principal) as repository:
        return repository.paper_counts(session)


def revealed(store: Store, principal: Principal, session: TeamSession) -> tuple[Revealed, ...]:
    """Every domain of which a round has been shown, the most mixed first; for raters and those who run the session."""
    if not (principal.seat or permissions.can_run_session(principal, session.partnership)):
        raise NotAllowedError
    with store.read(principal) as repository:
        votes, papers = by_round(repository.shown_votes(session)), by_round(repository.paper_counts(session))
        said = _said(repository, session)
        shown = [each for each in session.domains if each.revealed_rounds]
        wanted = {(each.key.rubric, each.version) for each in shown}
        versions = repository.rubric_versions(wanted | {(k.rubric, r.rubric_version) for (k, _), r in said.items()})
        found = [_revealed(session, each, versions, votes, papers, said) for each in shown]
    return tuple(sorted(found, key=lambda each: how_split(each.rounds[-1]), reverse=True))


Said = Mapping[tuple[DomainKey, date], StoredRating]
Versions = Mapping[tuple[str, int], RubricVersion]


def _said(repository: Repository, session: TeamSession) -> Said:
    """Ratings of the session's domains at this convening and before, as far as this person may see them now."""
    return {(DomainKey(r.key.rubric, r.key.domain), r.key.held_on): r for r in repository.ratings_of_revealed(session)}


def _revealed(
    session: TeamSession,
    at: SessionDomain,
    versions: Versions,
    votes: Mapping[tuple[DomainKey, int], list[ShownVote]],
    papers: Mapping[tuple[DomainKey, int], list[PaperCount]],
    said: Said,
) -> Revealed:
    rubric = versions[at.key.rubric, at.version].rubric
    earlier = [r for (key, on), r in said.items() if key == at.key and on < session.held_on]
    last = max(earlier, key=lambda r: r.key.held_on, default=None)
    rounds = tuple(
        spread(votes[at.key, number], papers[at.key, number], len(rubric.levels)) for number in at.revealed_rounds
    )
    last_version = versions[at.key.rubric, last.rubric_version] if last else None
    domain, now = rubric.domain(at.key.domain), said.get((at.key, session.held_on))
    now_version = versions[at.key.rubric, now.rubric_version] if now else None
    return Revealed(at, domain, rubric, rounds, last, last_version, now, now_version)


def rating_key(session: TeamSession, key: DomainKey) -> RatingKey:
    """What the team agrees on a domain of its session is a rating like any other."""
    return RatingKey(session.partnership, session.held_on, key.rubric, key.domain)
