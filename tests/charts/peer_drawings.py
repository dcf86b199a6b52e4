"""Peers over time and peers that started where a partnership started, drawn from an invented network."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property

import pandas as pd

from progressions.charts.figure import Figure
from progressions.charts.peer_bands_over_time import peer_bands_over_time
from progressions.charts.peers import Setting
from progressions.charts.peers_over_time import peers_over_time
from progressions.charts.started import Group, started_figure
from progressions.charts.theme import Mode
from progressions.measures.disclosure import current, history_frame, level_at, released
from progressions.measures.lines import line_of
from progressions.measures.pasts import past_of
from progressions.measures.peers import (
    bands_over_time,
    beside_own,
    over_time,
    own_on_bands,
    own_on_bands_over_time,
    own_over_time,
    peer_bands,
    peer_domains,
    peer_levels,
    peers_shown,
)
from progressions.measures.started import joined, started_at
from progressions.ratings import RatingFact
from progressions.rubric import Rubric

AT = datetime(2026, 10, 15, 12, tzinfo=UTC)
OWN = "P1"


def on_other_wording(own: pd.DataFrame, first: int) -> pd.DataFrame:
    """The same frame of ``own_on_bands`` with the first own levels on other wording than the peers."""
    is_rated = own["level"].notna()
    is_apart = is_rated & (is_rated.cumsum() <= first)
    return own.assign(level=own["level"].mask(is_apart), other_wording=own["other_wording"] | is_apart)


@dataclass(frozen=True)
class PeersDrawn:
    """All figures of one partnership, P1, from facts that were saved at once at each convening."""

    rubric: Rubric
    seasons: Mapping[date, str]
    frame: pd.DataFrame
    facts: tuple[RatingFact, ...]

    @cached_property
    def saved(self) -> dict[date, pd.DataFrame]:
        return {
            day: history_frame(
                (1, AT, f.partnership, f.domain, f.level, f.wording) for f in self.facts if f.held_on == day
            )
            for day in self.seasons
        }

    def shown(self, day: date) -> tuple[pd.DataFrame, pd.DataFrame]:
        domains = [domain.code for domain in self.rubric.domains]
        states = released(self.saved[day])
        shown = peers_shown(states, OWN, domains, 5)
        return shown, peer_domains(states, shown, OWN, domains)

    def over_time(self, mode: Mode = Mode.LIGHT, domain: str = "D4", times: int = 1) -> Figure:
        """``times`` the network, so many peers at each level."""
        levels = [level.position for level in self.rubric.levels]
        told = {day: peer_levels(self.shown(day)[0], levels) for day in self.seasons}
        spread = over_time(told, domain)
        spread = spread.assign(count=spread["count"] * times, n_peers=spread["n_peers"] * times)
        of = {day: beside_own(self.shown(day)[0], current(saved), OWN) for day, saved in self.saved.items()}
        beside = own_over_time(of, domain)
        beside = beside.assign(**{way: beside[way] * times for way in ("lower", "same", "higher")})
        line = line_of(self.frame, OWN, self.rubric.code, domain, list(self.seasons))
        setting = Setting("Alder Valley", "", 5, whose="Large urban")
        return peers_over_time(spread, line, beside, self.rubric, domain, self.seasons, setting, mode)

    def bands_over_time(self, mode: Mode = Mode.LIGHT, domain: str = "D4", apart: int = 0) -> Figure:
        """At ``apart`` of the convenings the own rating is on other wording than those of the peers."""
        told = {day: (peer_bands(shown, 4), of) for day in self.seasons for shown, of in (self.shown(day),)}
        own = {day: own_on_bands(self.shown(day)[0], current(saved), OWN) for day, saved in self.saved.items()}
        setting, days = Setting("Alder Valley", "", 5), list(self.seasons)
        line = line_of(self.frame, OWN, self.rubric.code, domain, days)
        bands, beside = bands_over_time(told, domain), on_other_wording(own_on_bands_over_time(own, domain), apart)
        return peer_bands_over_time(bands, line, beside, days, self.rubric, domain, self.seasons, setting, mode)

    def groups(self, *, named: bool = False) -> list[Group]:
        days, found = list(self.seasons), []
        for domain in self.rubric.domains:
            standings = [past_of(history).standing(domain.code) for history in self.saved.values()]
            own = level_at(standings[0].get(OWN, 0))
            joint = joined(standings.__getitem__, len(standings), OWN, own, 1) if own else None
            told = started_at(joint.joint, OWN, own, 1) if joint else None
            if joint and told:
                names = {"higher": ["Site 3"], "same": [], "lower": []} if named else {}
                found.append(Group(domain.code, days[joint.then], days[joint.now], told, names, joint.missing))
        return found

    def started(self, mode: Mode = Mode.LIGHT, *, named: bool = False) -> Figure:
        setting = Setting("Alder Valley", "", 5)
        return started_figure(self.groups(named=named), self.rubric, self.seasons, setting, mode)
