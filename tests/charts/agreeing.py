"""The figures of how a team agrees, drawn from the invented votes of one team over the days of ``facts``."""

import random
from collections.abc import Sequence
from datetime import date
from functools import cache

from progressions.charts.agreement_first import first_and_agreed
from progressions.charts.agreement_gap import sides_apart
from progressions.charts.agreement_room import in_the_room
from progressions.charts.agreement_votes import team_votes
from progressions.charts.figure import Figure
from progressions.charts.theme import Mode
from progressions.measures.agreement import DomainVotes, agreement_frame
from progressions.measures.votes import Spread, first_median, spread
from progressions.rubric import Domain, Level, Rubric
from progressions.team_session import DomainKey, Role, ShownVote, Side, Voters
from tests.measures.facts import DAYS

LEVELS = 4
VOTED_AGAIN, UNAGREED, REWORDED = 2, 5, 6
"""Domains, by number: one with a second vote, one without an agreed level, one with new words from the sixth day on."""
FEW = 2
"""The day on which the district had two voters."""


def said(chance: random.Random, district: int, university: int, levels: int = LEVELS) -> Spread:
    """Votes of so many people, the university's often a level higher."""
    own = chance.randint(1, levels - 1)
    key, votes = DomainKey("PART", "any"), []
    for side, people, near in ((Side.LEA, district, own), (Side.IHE, university, own + chance.choice((0, 0, 1)))):
        for _ in range(people):
            level = max(1, min(levels, near + chance.choice((-1, 0, 0, 0, 1))))
            judges = chance.random() < 0.93
            votes.append(ShownVote(key, 1, side, Role.OTHER, level if judges else None, not judges))
    return spread(votes, (), levels)


def at(number: int, rubric: Rubric, days: Sequence[date] = DAYS, levels: int = LEVELS) -> list[DomainVotes]:
    """What the team said at one convening of every domain but the last."""
    chance, found = random.Random(number), []
    for place, domain in enumerate(rubric.domains[:-1]):
        rounds = [said(chance, 2 if number == FEW else 5, 4, levels)]
        if place == VOTED_AGAIN:
            rounds.append(said(chance, 5, 4, levels))
        level = None if place == UNAGREED else min(levels, first_median(rounds[0])[-1] + chance.choice((0, 0, 1)))
        wording = 2 if place == REWORDED and number > 4 else 1
        found.append(DomainVotes(days[number], "PART", domain.code, wording, tuple(rounds), level))
    return found


def everybody(days: Sequence[date] = DAYS) -> dict[date, Voters]:
    """Who took part: the first time, then with names, once on paper."""
    voters = {}
    for number, day in enumerate(days):
        phones = {Side.LEA: 2 if number == FEW else 5 + number, Side.IHE: 4}
        paper = {Side.LEA: 0, Side.IHE: 3 if number == 5 else 0}
        voters[day] = Voters(phones, paper, None if number in (0, 5, 6) else 2)
    return voters


class Drawn:
    """The four figures of one rubric, as those that every other figure is drawn beside."""

    def __init__(self, rubric: Rubric, seasons: dict[date, str]) -> None:
        self.rubric, self.seasons = rubric, seasons
        self.all = [each for number in range(len(DAYS)) for each in at(number, rubric)]

    @cache  # noqa: B019 - one object, for the whole run
    def votes(self, mode: Mode = Mode.LIGHT) -> Figure:
        return team_votes(at(7, self.rubric), self.rubric, who="Alder Valley", at="Fall 2026", mode=mode)

    @cache  # noqa: B019
    def first(self, mode: Mode = Mode.LIGHT) -> Figure:
        frame = agreement_frame(at(7, self.rubric))
        return first_and_agreed(frame, self.rubric, who="Alder Valley", at="Fall 2026", mode=mode)

    @cache  # noqa: B019
    def sides(self, mode: Mode = Mode.LIGHT) -> Figure:
        return sides_apart(agreement_frame(self.all), self.rubric, self.seasons, who="Alder Valley", mode=mode)

    @cache  # noqa: B019
    def room(self, mode: Mode = Mode.LIGHT) -> Figure:
        return in_the_room(everybody(), self.seasons, who="Alder Valley", mode=mode)


def rubric_of(levels: int) -> Rubric:
    """A rubric of as many levels, with two domains of which one is voted on."""
    steps = tuple(Level(position, f"Step {position}") for position in range(1, levels + 1))
    domains = tuple(Domain(f"D{number}", f"Domain {number}", "", ("",) * levels) for number in (1, 2))
    return Rubric("PART", "Short", steps, domains)
