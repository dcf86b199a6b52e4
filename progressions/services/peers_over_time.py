"""Peers over time, and peers that started where a partnership started: of what is told convening by convening."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache, partial
from typing import TYPE_CHECKING

from progressions import permissions
from progressions.charts.figure import Figure
from progressions.charts.peer_bands_over_time import peer_bands_over_time
from progressions.charts.peers import Setting
from progressions.charts.peers_over_time import peers_over_time
from progressions.charts.started import WAYS, Group, started_figure, started_sentence
from progressions.charts.theme import Mode
from progressions.errors import NotAllowedError
from progressions.measures.disclosure import NOTHING, Standing, wording_at
from progressions.measures.lines import line_of
from progressions.measures.peers import bands_over_time, over_time, own_on_bands_over_time, own_over_time
from progressions.measures.started import Joint, Together, ToldTogether, joined, started_at
from progressions.people import Partnership, PeerView, Principal
from progressions.ratings import Convening, RatingFact
from progressions.rubric import RubricVersion
from progressions.services.movement import titles
from progressions.services.peers import (
    Kept,
    Peers,
    beside_of,
    days_of,
    least_of,
    past,
    setting_of,
    together_of,
    view_of,
    wordings_of_as_many_levels,
)
from progressions.store import Store

if TYPE_CHECKING:
    import pandas as pd

NOT_ON_BANDS = (
    "Your network shows peers in bands, so that nobody’s level can be told. A group that is chosen by a level would "
    "tell it, so nothing is shown."
)


@dataclass(frozen=True, slots=True)
class Own:
    """A partnership, its ratings (the tidy frame that the reader sees) and its convenings, oldest first."""

    partnership: Partnership
    frame: "pd.DataFrame"
    convenings: Sequence[Convening]


def figure(told: Mapping[date, Peers], own: Own, version: RubricVersion, domain: str, mode: Mode) -> Figure:
    """One domain over time. ``told`` is what ``peers.beside`` tells of each convening, all of one person and one set.

    NotAllowedError where it tells of no convening at all.
    """
    if not told:
        raise NotAllowedError
    some, days = next(iter(told.values())), [c.held_on for c in own.convenings]
    setting, labels = setting_of(some, own.partnership, ""), titles(own.convenings)
    line = line_of(own.frame, own.partnership.code, version.rubric.code, domain, days)
    mine = {day: each.own for day, each in told.items() if each.own is not None}
    if some.view is PeerView.BANDS:
        bands = {day: (each.bands, each.domains) for day, each in told.items() if each.bands is not None}
        thirds, beside = bands_over_time(bands, domain), own_on_bands_over_time(mine, domain)
        return peer_bands_over_time(thirds, line, beside, days, version.rubric, domain, labels, setting, mode)
    spread = over_time({day: each.levels for day, each in told.items() if each.levels is not None}, domain)
    beside = own_over_time(mine, domain)
    return peers_over_time(spread, line, beside, version.rubric, domain, labels, setting, mode)


def why_no_start(principal: Principal) -> str:
    """Why this person is not told who started where they did; "" where they may be."""
    return NOT_ON_BANDS if view_of(principal) is PeerView.BANDS else ""


def may_choose_start(principal: Principal) -> bool:
    """Whether this person may ask for another start than the first rating: a choice of days could be differenced."""
    return view_of(principal) is PeerView.NAMES


def when_started_is_told(principal: Principal) -> str:
    """What it takes for anything to be shown."""
    least = least_of(principal)
    if least < 2:
        return "Nothing to show yet: no other partnership that stood at the same level has rated again since."
    if may_choose_start(principal):
        return (
            "Nothing can be shown. What became of peers that started where you started is shown for domains in which, "
            f"of those who have rated again since, at least {least} others stood at your level and at least {least} "
            "others elsewhere."
        )
    return (
        "Nothing can be shown. What became of peers that started where you started is shown "
        f"for domains that you rated when the network first did, where at least {least} others stood at your "
        f"level and at least {least} others elsewhere, and where those who rated then and those who rated now are the "
        f"same, or differ by at least {least}."
    )


def sentence(group: Group, version: RubricVersion, convenings: Sequence[Convening]) -> str:
    """What became of one group."""
    return f"{started_sentence(group, version.rubric, titles(convenings))}."


def sentences(groups: Sequence[Group], version: RubricVersion, convenings: Sequence[Convening]) -> list[str]:
    """One for each group, after the title of its domain."""
    told = ((version.rubric.domain(each.domain).title, sentence(each, version, convenings)) for each in groups)
    return [f"{title}: {words[0].lower()}{words[1:]}" for title, words in told]


def started(
    store: Store,
    principal: Principal,
    partnership: str,
    rubric: str,
    then: date | None = None,
    *,
    pasts: Kept | None = None,
    together: Callable[[str], ToldTogether] | None = None,
) -> tuple[Group, ...]:
    """Per domain the peers that stood at the partnership's own level when it started, and where they stand now.

    For those who see names it started at its first rating, or at the day that they choose as ``then``, and now is as
    ``joined`` has it; for others it started at the convening that was told first of the domain, whoever was not rated
    there yet is told nothing, and now is the latest convening at which there is something to tell. ``together`` is what
    ``together_of`` gives of each domain, where it is at hand. NotAllowedError as ``peers.beside``, and on bands.
    """
    permissions.check_can_see_peers(principal)
    permissions.check_can_see_partnership(principal, partnership)
    is_named = view_of(principal) is PeerView.NAMES
    if why_no_start(principal) or (then is not None and not is_named):
        raise NotAllowedError(why_no_start(principal) or NotAllowedError().args[0])
    with store.read(principal) as repository:
        version = repository.rubric_version(rubric)
        if version is None:
            raise NotAllowedError
        own = _own(repository.facts(rubric=rubric, partnership=partnership))
        days = days_of(repository)
        name = repository.peer_name(partnership)
        wordings = wordings_of_as_many_levels(repository, version.rubric)
        names = repository.peer_titles() if is_named else {}
        beside = NOTHING if is_named or together else beside_of(repository, rubric)
    kept = cache(pasts or partial(past, store, principal))
    told = together or (lambda domain: together_of(kept, rubric, days, domain, beside))
    asked = _Asked(name, least_of(principal), rubric, days.ever, kept, wordings, names, then, told)
    order = [domain.code for domain in version.rubric.domains]
    groups = (_group(domain, own[domain], asked, is_named=is_named) for domain in order if domain in own)
    return tuple(group for group in groups if group is not None)


def started_chart(
    groups: Sequence[Group],
    principal: Principal,
    partnership: Partnership,
    version: RubricVersion,
    convenings: Sequence[Convening],
    mode: Mode,
) -> Figure:
    """The groups as a chart with its table twin."""
    setting = Setting(partnership.title, "", least_of(principal), view_of(principal) is PeerView.NAMES)
    return started_figure(groups, version.rubric, titles(convenings), setting, mode)


_OwnLevels = Mapping[date, tuple[int, int]]
"""Own level and wording by day, the oldest first."""


@dataclass(frozen=True, slots=True)
class _Asked:
    own: str
    least: int
    rubric: str
    days: Sequence[date]
    pasts: Kept  # read when they are asked for: those who see names need few
    wordings: Sequence[int]
    titles: Mapping[str, str]
    then: date | None
    together: Callable[[str], ToldTogether]


def _own(facts: Sequence[RatingFact]) -> Mapping[str, _OwnLevels]:
    found: dict[str, dict[date, tuple[int, int]]] = {}
    for fact in sorted(facts, key=lambda each: each.held_on):
        found.setdefault(fact.domain, {})[fact.held_on] = (fact.level, fact.wording)
    return found


def _group(domain: str, own: _OwnLevels, asked: _Asked, *, is_named: bool) -> Group | None:
    known: frozenset[str] = frozenset()
    if is_named:
        found = _named(domain, own, asked)
    else:
        together = asked.together(domain)
        found, known = together.latest, together.named
    if found is None:
        return None
    then = asked.days[found.then]
    level, wording = own.get(then, (0, 0))
    if wording != found.wording or wording not in asked.wordings:
        return None
    if found.levels is not None and level not in found.levels:
        return None
    told = started_at(found.joint, asked.own, level, asked.least, known)
    names = _names(found.joint, level, asked) if is_named else {}
    if told is None:
        return None
    return Group(domain, then, asked.days[found.now], told, names, found.missing, wording)


def _named(domain: str, own: _OwnLevels, asked: _Asked) -> Together | None:
    """As ``told_together``, of what is rated now, from one's own first rating or the chosen day on."""
    first = asked.days.index(asked.then if asked.then in asked.days else next(iter(own)))
    level, _ = own.get(asked.days[first], (0, 0))

    def standing_at(place: int) -> Standing:
        standing = asked.pasts(asked.rubric, asked.days[first + place]).standing(domain)
        return {name: at for name, at in standing.items() if wording_at(at) in asked.wordings}

    found = joined(standing_at, len(asked.days) - first, asked.own, level, asked.least)
    return replace(found, then=first, now=first + found.now) if found else None


def _names(joint: Joint, level: int, asked: _Asked) -> dict[str, list[str]]:
    """Titles by the way they went; sorted."""
    found: dict[str, list[str]] = {way: [] for way in WAYS}
    for code, (then, now) in joint.items():
        if then == level and code != asked.own:
            found["lower" if now < then else "higher" if now > then else "same"].append(asked.titles[code])
    return {way: sorted(names, key=str.casefold) for way, names in found.items()}
