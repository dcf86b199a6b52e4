"""Invented histories of ratings, and all that somebody can read of peers while they are saved."""

import random
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pandas as pd

from progressions.measures.columns import COUNT, DOMAIN, LEFT_OUT, LEVEL
from progressions.measures.disclosure import AS_OF, Change, current, history_frame, released
from progressions.measures.peers import (
    N_PEERS,
    UPPER_SHARE,
    own_on_bands,
    peer_bands,
    peer_domains,
    peer_levels,
    peers_shown,
)
from progressions.people import LEAST_OTHERS

START = datetime(2026, 3, 5, 9, tzinfo=UTC)
ME, MY_PAIR = "me", "my-pair"
Told = Mapping[str, tuple[object, ...]]
"""What one screen says, by domain: nothing of a domain that is not shown."""
Tell = Callable[[pd.DataFrame, str], Told]
Transcript = list[Told]
"""What is told after each save."""


def save(step: int, who: str, level: int | None, *, domain: str = "D1", wording: int = 1) -> Change:
    return step, START + timedelta(minutes=step), who, domain, level, wording


def saves(*levels: tuple[str, int | None], first: int = 1, wording: int = 1) -> list[Change]:
    """One save after another, each a step."""
    return [save(first + place, who, level, wording=wording) for place, (who, level) in enumerate(levels)]


def on_bands(history: pd.DataFrame, own: str, levels: int = 4) -> Told:
    """Everything that a member of a network on bands is told, with what stands beside it of their own."""
    shown, told = _released(history, own)
    bands = peer_bands(shown, levels).set_index(DOMAIN)[UPPER_SHARE]
    mine = beside_bands(shown, history, own)
    return {domain: (*said, mine[domain], bands[domain]) for domain, said in told.items()}


def beside_bands(shown: pd.DataFrame, history: pd.DataFrame, own: str) -> dict[str, tuple[object, ...]]:
    """By domain the own level beside the bands (0 for none), and whether there is one on other wording."""
    mine = own_on_bands(shown, current(history), own).fillna({LEVEL: 0})
    return {domain: tuple(row) for domain, *row in mine.itertuples(index=False)}


def on_counts(history: pd.DataFrame, own: str, levels: Sequence[int] = (1, 2, 3, 4)) -> Told:
    """Everything that a member of a network on counts is told of the others."""
    shown, told = _released(history, own)
    counts = peer_levels(shown, levels).sort_values(LEVEL).groupby(DOMAIN)[COUNT].agg(tuple)
    return {domain: (*said, *counts[domain]) for domain, said in told.items()}


def _released(history: pd.DataFrame, own: str) -> tuple[pd.DataFrame, dict[str, tuple[object, ...]]]:
    domains = list(history[DOMAIN].unique())
    states = released(history)
    shown = peers_shown(states, own, domains, LEAST_OTHERS)
    rows = peer_domains(states, shown, own, domains)
    return shown, {row[DOMAIN]: (row[N_PEERS], row[LEFT_OUT], row[AS_OF]) for row in rows.to_dict("records")}


def transcript(changes: Sequence[Change], tell: Tell, own: str = ME) -> Transcript:
    """What is told after each step, from the first on. Histories under different domains go side by side."""
    whole = history_frame(changes)
    return [tell(whole[whole["step"] <= step], own) for step in range(1, int(whole["step"].max()) + 1)]


def networks(
    count: int, seed: int, levels: int = 4, convenings: int = 3, sizes: tuple[int, int] = (5, 12)
) -> list[Change]:
    """Networks of 5 to 12 partnerships, two of which are ``ME`` and ``MY_PAIR``, at some convenings each.

    A network's convening is a domain of its own, "N17-2", because no two have anything to do with one another: all
    networks go through a measure at once. With late joiners, ratings again, withdrawn ones, new wordings, imports and
    their undoing.
    """
    chance = random.Random(seed)
    return [
        change
        for network in range(count)
        for joined in [_joining(chance.randint(*sizes), convenings, chance)]
        for convening in range(convenings)
        for change in _convening(
            f"N{network}-{convening}", [who for who, at in joined.items() if at <= convening], levels, chance
        )
    ]


def _joining(size: int, convenings: int, chance: random.Random) -> dict[str, int]:
    """Each partnership with the convening from which on it is there."""
    names = [ME, MY_PAIR, *(f"P{number}" for number in range(size - 2))]
    return {who: chance.choice((0, 0, 0, *range(convenings))) for who in names}


def _convening(domain: str, who: list[str], levels: int, chance: random.Random) -> list[Change]:
    """Everybody rates once, some again, and now and then a file does it for several."""
    changes: list[Change] = []
    acts = chance.sample(who, len(who)) + chance.choices(who or [ME], k=chance.randint(0, 10))
    step, wording = 0, 1
    standing: dict[str, int | None] = {}
    for one in acts:
        step += 1
        wording = 2 if wording == 2 or chance.random() < 0.02 else 1
        together = chance.sample(who, chance.randint(1, len(who))) if who and chance.random() < 0.1 else [one]
        before = {each: standing.get(each) for each in together}
        for each in together:
            standing[each] = None if chance.random() < 0.05 else chance.randint(1, levels)
            changes.append(save(step, each, standing[each], domain=domain, wording=wording))
        if len(together) > 1 and chance.random() < 0.4:
            step += 1
            standing |= before
            changes += [save(step, each, level, domain=domain, wording=wording) for each, level in before.items()]
    return changes


def changed(changes: Sequence[Change], new: Mapping[int, int], keep: Sequence[str]) -> list[Change]:
    """The same saves with other levels for everybody but those kept."""
    return [
        (step, at, who, domain, level if level is None or who in keep else new[level], wording)
        for step, at, who, domain, level, wording in changes
    ]


def snapshots(changes: Sequence[Change]) -> dict[str, list[dict[str, tuple[int, int]]]]:
    """By domain, each different snapshot in the order of its release: level and wording of those counted."""
    whole, found = history_frame(changes), dict[str, list[dict[str, tuple[int, int]]]]()
    for step in range(1, int(whole["step"].max()) + 1):
        now: dict[str, dict[str, tuple[int, int]]] = {}
        for row in released(whole[whole["step"] <= step]).to_dict("records"):
            if row["is_counted"]:
                now.setdefault(row["domain"], {})[row["partnership"]] = (row["level"], row["wording"])
        for domain, snapshot in now.items():
            if snapshot not in found.setdefault(domain, []):
                found[domain].append(snapshot)
    return found


def differences(found: Sequence[Mapping[str, object]]) -> list[int]:
    """In how many partnerships each two of the snapshots differ."""
    return [
        sum(one.get(who) != other.get(who) for who in {*one, *other})
        for place, one in enumerate(found)
        for other in found[place + 1 :]
    ]


def moves(told: Transcript, domain: str) -> int:
    """How often what is told of a domain becomes something else."""
    return sum(before.get(domain) != after.get(domain) for before, after in pairwise(told))
