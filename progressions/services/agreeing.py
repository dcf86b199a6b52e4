"""What a team agrees on in its session: every domain in the words of today, with last time's rating and today's.

Agreeing itself is saving a rating (``ratings.save_rating``), which tells everybody in the session.
"""

from collections.abc import Mapping

from progressions import permissions
from progressions.people import Principal
from progressions.ratings import StoredRating
from progressions.rubric import RubricVersion
from progressions.services import reveals
from progressions.services.reveals import Revealed
from progressions.store import Repository, Store
from progressions.team_session import DomainKey, SessionDomain, TeamSession

Ratings = Mapping[DomainKey, StoredRating]


def agreed(store: Store, principal: Principal, session: TeamSession) -> Ratings:
    """What the partnership has said at this convening of the session's domains, absent where nothing was."""
    permissions.check_can_run_session(principal, session.partnership)
    with store.read(principal) as repository:
        said = repository.ratings_of(session.partnership, session.held_on)
    return _of(session, said)


def to_agree(store: Store, principal: Principal, session: TeamSession) -> tuple[Revealed, ...]:
    """What is to be talked about now: what has been revealed, the most mixed first; without votes every domain."""
    permissions.check_can_run_session(principal, session.partnership)
    if session.has_votes:
        return reveals.revealed(store, principal, session)
    with store.read(principal) as repository:
        versions = repository.rubric_versions(map(_version_of, session.domains))
        now = _of(session, repository.ratings_of(session.partnership, session.held_on))
        last = _last_times(repository, session)
        said = [*last.items(), *now.items()]
        spoken = repository.rubric_versions({(key.rubric, r.rubric_version) for key, r in said})
    return tuple(
        Revealed(
            each,
            versions[_version_of(each)].rubric.domain(each.key.domain),
            versions[_version_of(each)].rubric,
            (),
            last.get(each.key),
            _words_of(last.get(each.key), spoken),
            now.get(each.key),
            _words_of(now.get(each.key), spoken),
        )
        for each in session.domains
    )


def _last_times(repository: Repository, session: TeamSession) -> Ratings:
    """For each domain the rating of the latest earlier convening with one."""
    found: dict[DomainKey, StoredRating] = {}
    for convening in repository.convenings():
        if convening.held_on < session.held_on:
            found.update(_of(session, repository.ratings_of(session.partnership, convening.held_on)))
    return found


def _of(session: TeamSession, said: tuple[StoredRating, ...]) -> Ratings:
    keys = {each.key for each in session.domains}
    found = {DomainKey(r.key.rubric, r.key.domain): r for r in said}
    return {key: rating for key, rating in found.items() if key in keys}


def _words_of(rating: StoredRating | None, versions: Mapping[tuple[str, int], RubricVersion]) -> RubricVersion | None:
    return versions.get((rating.key.rubric, rating.rubric_version)) if rating else None


def _version_of(each: SessionDomain) -> tuple[str, int]:
    return each.key.rubric, each.version
