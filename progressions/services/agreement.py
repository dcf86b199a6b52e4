"""How a team agrees, over its sessions: from the votes that were shown to the figures. Pure from ``Agreement`` on."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from progressions import permissions
from progressions.charts.agreement_first import first_and_agreed
from progressions.charts.agreement_gap import sides_apart
from progressions.charts.agreement_room import in_the_room
from progressions.charts.agreement_votes import team_votes
from progressions.charts.figure import Figure
from progressions.charts.theme import Mode
from progressions.measures.agreement import DomainVotes, agreement_frame
from progressions.measures.columns import APART, DOMAIN
from progressions.measures.votes import by_round, spread
from progressions.people import Partnership, Principal
from progressions.ratings import Convening
from progressions.rubric import Rubric, RubricVersion
from progressions.services.movement import titles
from progressions.store import Store
from progressions.team_session import DomainKey, TeamVotes, Voters

if TYPE_CHECKING:
    import pandas as pd

Versions = Mapping[tuple[str, int], RubricVersion]
Agreed = Mapping[tuple[date, DomainKey], tuple[int, int]]
"""The agreed level, and the wording on which it was agreed."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """Everything that the sessions of one partnership have shown, without anybody's name.

    ``convenings`` are those whose votes were shown, oldest first, ``voters`` how many took part, by day. ``words`` are
    the words that were voted on, by day and code of the rubric.
    """

    convenings: tuple[Convening, ...]
    domains: tuple[DomainVotes, ...]
    voters: Mapping[date, Voters]
    words: Mapping[tuple[date, str], Rubric]

    def voted_at(self, rubric: str) -> tuple[Convening, ...]:
        """The convenings with votes on a rubric, oldest first."""
        days = {each.held_on for each in self.domains if each.rubric == rubric}
        return tuple(c for c in self.convenings if c.held_on in days)

    def with_sides_at(self, rubric: Rubric) -> tuple[Convening, ...]:
        """The convenings with votes on domains that the rubric has, oldest first: those of ``sides_figure``."""
        codes = {domain.code for domain in rubric.domains}
        days = {each.held_on for each in self.domains if each.rubric == rubric.code and each.domain in codes}
        return tuple(c for c in self.convenings if c.held_on in days)

    @property
    def rubrics(self) -> tuple[str, ...]:
        """The titles of the rubrics with votes, as they were last voted on."""
        return tuple({code: words.title for (_, code), words in self.words.items()}.values())

    def has_sides(self, rubric: Rubric) -> bool:
        """Whether the two sides can be seen by themselves in any of its domains."""
        frame = _frame(self, rubric.code)
        known = frame[DOMAIN].isin([domain.code for domain in rubric.domains])
        return bool(frame.loc[known, APART].notna().any())


def agreement(store: Store, principal: Principal, partnership: str) -> Agreement:
    """What the team said and agreed; votes of a round that was not revealed are in none of it."""
    permissions.check_can_see_partnership(principal, partnership)
    with store.read(principal) as repository:
        shown = repository.team_votes(partnership)
        convenings = repository.convenings()
        wanted = {(each.key.rubric, each.version) for told in shown for each in told.session.domains}
        versions = repository.rubric_versions(wanted)
        facts = repository.facts(partnership=partnership)
    agreed = {(fact.held_on, DomainKey(fact.rubric, fact.domain)): (fact.level, fact.wording) for fact in facts}
    domains: list[DomainVotes] = []
    words: dict[tuple[date, str], Rubric] = {}
    for told in shown:
        found, day = _domains(told, versions, agreed), told.session.held_on
        keys = {DomainKey(each.rubric, each.domain) for each in found}
        words |= {(day, rubric): text for rubric, text in _words(told, versions, keys).items()}
        domains += found
    voters = {told.session.held_on: told.voters for told in shown}
    return Agreement(tuple(c for c in convenings if c.held_on in voters), tuple(domains), voters, words)


def revision(store: Store, principal: Principal, partnership: str) -> tuple[int, int]:
    """How far everything is that ``agreement`` tells: for keys of caches."""
    permissions.check_can_see_partnership(principal, partnership)
    with store.read(principal) as repository:
        return repository.revision(), repository.team_progress(partnership)


def votes_figure(told: Agreement, who: Partnership, rubric: str, at: Convening, mode: Mode) -> Figure:
    """How the team voted at one convening. ValueError where there are no votes on the rubric."""
    said = [each for each in told.domains if (each.held_on, each.rubric) == (at.held_on, rubric)]
    return team_votes(said, _rubric(told, rubric, at), who=who.title, at=_name(told, at), mode=mode)


def first_figure(told: Agreement, who: Partnership, rubric: str, at: Convening, mode: Mode) -> Figure:
    """The first votes beside the agreed levels at one convening. ValueError as in ``votes_figure``."""
    frame = _frame(told, rubric, at.held_on)
    return first_and_agreed(frame, _rubric(told, rubric, at), who=who.title, at=_name(told, at), mode=mode)


def sides_figure(told: Agreement, who: Partnership, version: RubricVersion, mode: Mode) -> Figure:
    """How far apart the two sides were, convening by convening. ValueError where they are never seen by themselves."""
    frame = _frame(told, version.rubric.code)
    return sides_apart(frame, version.rubric, titles(told.convenings), who=who.title, mode=mode)


def room_figure(told: Agreement, who: Partnership, mode: Mode) -> Figure:
    """Who was in the room. ValueError where nothing has been shown."""
    return in_the_room(told.voters, titles(told.convenings), who=who.title, mode=mode)


def _name(told: Agreement, at: Convening) -> str:
    return titles(told.convenings).get(at.held_on) or at.label


def _frame(told: Agreement, rubric: str, held_on: date | None = None) -> "pd.DataFrame":
    return agreement_frame(
        each for each in told.domains if each.rubric == rubric and held_on in (None, each.held_on) and each.rounds
    )


def _rubric(told: Agreement, rubric: str, at: Convening) -> Rubric:
    words = told.words.get((at.held_on, rubric))
    if words is None:
        raise ValueError("no votes on this rubric")
    return words


def _words(told: TeamVotes, versions: Versions, shown: Collection[DomainKey]) -> dict[str, Rubric]:
    """For each rubric the latest words of a vote that was shown: a session may have taken in domains of newer ones."""
    found = sorted({(each.key.rubric, each.version) for each in told.session.domains if each.key in shown})
    return {rubric: versions[rubric, number].rubric for rubric, number in found}


def _domains(told: TeamVotes, versions: Versions, agreed: Agreed) -> list[DomainVotes]:
    """Every domain of a session of which a vote was shown, in the session's order."""
    votes, papers = by_round(told.votes), by_round(told.papers)
    found = []
    for each in told.session.domains:
        version, key = versions[each.key.rubric, each.version], each.key
        levels, wording = len(version.rubric.levels), version.wordings[key.domain]
        rounds = [spread(votes[key, number], papers[key, number], levels) for number in each.revealed_rounds]
        level, agreed_on = agreed.get((told.session.held_on, key), (None, wording))
        if any(one.together.n for one in rounds):
            kept = level if agreed_on == wording else None
            found.append(DomainVotes(told.session.held_on, key.rubric, key.domain, wording, tuple(rounds), kept))
    return found
