"""What the domains of a session are called, for its screens."""

from collections.abc import Sequence
from dataclasses import dataclass

from progressions.people import Principal
from progressions.rubric import Domain, Rubric
from progressions.team_session import DomainKey, Outcomes, SessionDomain, TeamSession
from progressions.web import session_caches
from progressions.web.wording import count

NO_NAME = "Name removed"


@dataclass(frozen=True, slots=True)
class Worded:
    """One domain of a session in the words that the session was opened with."""

    at: SessionDomain
    domain: Domain
    rubric: Rubric

    @property
    def key(self) -> DomainKey:
        """Codes of rubric and domain."""
        return self.at.key


Words = tuple[Worded, ...]


def of(principal: Principal, team: TeamSession) -> Words:
    """The domains with their words, in the session's order."""
    return tuple(_worded(principal, each) for each in team.domains)


def _worded(principal: Principal, at: SessionDomain) -> Worded:
    rubric = session_caches.words(principal, at.key.rubric, at.version).rubric
    return Worded(at, rubric.domain(at.key.domain), rubric)


def titles(words: Words) -> dict[DomainKey, str]:
    """Titles by domain, as stored; with the rubric's before them where the session is about several."""
    several = len({each.key.rubric for each in words}) > 1
    return {each.key: f"{each.rubric.title}: {each.domain.title}" if several else each.domain.title for each in words}


MOST_TITLES = 3


def first_few(titles: Sequence[str]) -> str:
    """Titles one after the other; of many the first ones, and how many more there are."""
    rest = len(titles) - MOST_TITLES
    return ", ".join(titles) if rest <= 0 else f"{', '.join(titles[:MOST_TITLES])} and {rest} more"


def place_of(team: TeamSession) -> str:
    """A session as a page names it, for the domain that it has open."""
    return f"session-{team.id}"


def told_agreed(said: Outcomes, domains: int) -> str:
    """How far the team is: in how many of so many domains a level is agreed, and to how many it comes back."""
    told = f"{len(said.agreed)} of {count(domains, 'domain')} agreed"
    return f"{told}, {len(said.back)} to come back to" if said.back else told


def code_of(key: DomainKey) -> str:
    """A domain of a session in the address: codes of domains are unique within their rubric only."""
    return f"{key.rubric}.{key.domain}"
