"""A partnership beside its peers, from the states that ``disclosure`` lets through. Never a rank, never an average.

Population of every count: the *other* partnerships that are counted in the snapshot of one domain at one convening.
Denominator: ``n_peers``, all of these. Not rated, and rated under an older wording, is not counted anywhere.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import date

import numpy as np
import pandas as pd

from progressions.measures.columns import (
    COUNT,
    DAY_DTYPE,
    DOMAIN,
    HELD_ON,
    LEFT_OUT,
    LEVEL,
    LEVEL_OR_GAP,
    PARTNERSHIP,
    WORDING,
)
from progressions.measures.disclosure import AS_OF, IS_COUNTED, SETS, SETS_TOLD, band, upper_half
from progressions.measures.numbers import counted_at

N_PEERS = "n_peers"
"""int64: other partnerships counted."""
LOWER, SAME, HIGHER = "lower", "same", "higher"
"""Int64: peers below, at and above the partnership's own level; NA where it has none on the same wording."""
OTHER_WORDING = "other_wording"
"""bool: the partnership has a rating, but on another wording than the peers."""
UPPER_SHARE = "upper_share"
"""str: one of the values of ``Band``."""

Known = frozenset[tuple[str, str]]
"""Domain and partnership of those whose level at the convening can be read by name, because they agreed to it."""
_BESIDE = (LOWER, SAME, HIGHER)
_TOLD_BESIDE = {LEVEL: LEVEL_OR_GAP, **dict.fromkeys(_BESIDE, "Int64")}


def on_wordings(states: pd.DataFrame, wordings: Collection[int]) -> pd.DataFrame:
    """The states on these wordings alone: those whose rubric has other levels find no place beside today's."""
    return states[states[WORDING].isin(list(wordings))]


def peers_shown(
    states: pd.DataFrame, own: str, domains: Sequence[str], least: int, known: Known = frozenset()
) -> pd.DataFrame:
    """The counted states of the others, in the domains where they are at least ``least``; columns as ``states``.

    Those who are ``known`` do not count towards it: they could be subtracted.
    """
    counted = _counted(states, own, domains)
    enough = _unknown(counted, known).groupby(counted[DOMAIN]).transform("sum") >= least
    return counted[enough].reset_index(drop=True)


def of_set(
    states: pd.DataFrame, number: int, own: str, domains: Sequence[str], least: int, known: Known = frozenset()
) -> pd.DataFrame:
    """The states of one peer set, in the domains where it may be told; columns as ``released_in_sets``.

    In: ``released_in_sets``, and the number of the set in the order of making. Every cell of all sets that holds
    others counted holds at least ``least`` of them; those who are ``known`` do not count towards it.
    """
    counted = _counted(states, own, domains)
    others = _unknown(counted, known).groupby([counted[DOMAIN], counted[SETS]]).sum()
    fewest = others[others > 0].groupby(level=DOMAIN).min()  # a cell of those alone who are known hides nobody
    may = states[DOMAIN].map(fewest).fillna(0) >= least
    return states[may & _has(states[SETS_TOLD], number) & _has(states[SETS], number)].reset_index(drop=True)


def peer_domains(states: pd.DataFrame, shown: pd.DataFrame, own: str, domains: Sequence[str]) -> pd.DataFrame:
    """One row per domain shown, in the order of ``domains``: ``n_peers``, ``left_out``, ``as_of``.

    ``left_out`` counts the others whose rating is on an older wording. In: ``states`` whole, ``shown`` of
    ``peers_shown``.

    Measure: How many peers there are
    Tells: for each domain: how many peers are counted, how many are left out, and as of when
    Population: the other partnerships of the network or of a peer set, never one's own, in what may be shown of the
        convening, on its newest wording; members see them from five others on, or more where the network says so
    Denominator: none: this is the denominator of everything else that is told of peers
    Not rated: not counted; a rating on an older wording is told as left out
    Unit: one other partnership, in one domain at one convening
    Source: counting; what may be shown follows thresholds against differencing (Hundepool et al. 2012)
    """
    others = _others(states[~states[IS_COUNTED]], own, domains)
    of = shown.groupby(DOMAIN)
    sizes = pd.DataFrame({N_PEERS: of.size(), AS_OF: of[AS_OF].first()})
    older = others.groupby(DOMAIN).size()
    told = sizes.assign(**{LEFT_OUT: older.reindex(sizes.index, fill_value=0).astype("int64")})
    return told.loc[[code for code in domains if code in told.index]].reset_index()


def peer_levels(shown: pd.DataFrame, levels: Sequence[int]) -> pd.DataFrame:
    """One row per domain shown × level, every level: ``domain``, ``level`` (int8), ``count`` of partnerships.

    In: ``peers_shown``. Levels that are not in ``levels`` are not counted.

    Measure: At which levels the peers stand
    Tells: for each domain: how many peers stand at each level
    Population: the other partnerships of the network or of a peer set, never one's own, in what may be shown of the
        convening, on its newest wording; members see them from five others on, or more where the network says so
    Denominator: the peers counted in the domain
    Not rated: not counted, at no level
    Unit: one other partnership, in one domain at one convening
    Source: counting at each level, because levels are ordered steps and no amounts (Liddell & Kruschke 2018)
    """
    return counted_at(shown, {DOMAIN: pd.Index(shown[DOMAIN].unique()), LEVEL: pd.Index(levels, dtype="int8")})


def beside_own(shown: pd.DataFrame, now: pd.DataFrame, own: str) -> pd.DataFrame:
    """One row per domain shown: own ``level`` (Int8), and how many peers are ``lower``, ``same`` and ``higher``.

    All four are NA where the partnership has no rating on the snapshot's wording; ``other_wording`` says whether it has
    one on another. In: ``peers_shown``, and ``now``, the current states on all wordings: one's own rating is one's own,
    and never older than it is.

    Measure: Lower, the same, higher
    Tells: for each domain: how many peers stand lower than one's own partnership, how many at its level, how many
        higher
    Population: the other partnerships of the network or of a peer set, never one's own, in what may be shown of the
        convening, on its newest wording; members see them from five others on, or more where the network says so
    Denominator: the three counts together, which are all peers counted in the domain
    Not rated: a peer without a rating is not counted; without a rating of one's own on the same wording nothing is said
    Unit: one other partnership, in one domain at one convening
    Source: counting; side by side and never a rank (Goldstein & Spiegelhalter 1996)
    """
    is_own = now[PARTNERSHIP] == own
    rated = zip(*(now.loc[is_own, name] for name in (DOMAIN, WORDING, LEVEL)), strict=True)
    mine = {domain: (wording, level) for domain, wording, level in rated}
    counts = shown.groupby([DOMAIN, WORDING, LEVEL]).size()
    told: dict[str, dict[str, int | None]] = {}  # counted by hand: they are few, and each step of pandas takes its time
    for (domain, wording, level), count in counts.items():
        row = told.setdefault(domain, dict.fromkeys(_TOLD_BESIDE))
        if domain in mine and mine[domain][0] == wording:
            ours = mine[domain][1]
            way = LOWER if level < ours else HIGHER if level > ours else SAME
            row |= {LEVEL: ours} | {each: (row[each] or 0) + int(count) * (each == way) for each in _BESIDE}
    is_other = [row[LEVEL] is None and domain in mine for domain, row in told.items()]
    beside = {name: pd.array([row[name] for row in told.values()], dtype=dtype) for name, dtype in _TOLD_BESIDE.items()}
    return pd.DataFrame({DOMAIN: pd.array(list(told), "str"), **beside, OTHER_WORDING: np.array(is_other, dtype=bool)})


def own_on_bands(shown: pd.DataFrame, now: pd.DataFrame, own: str) -> pd.DataFrame:
    """One row per domain shown: own ``level``, and ``other_wording``, of ``beside_own``, and nothing of the others.

    How many are lower or higher would tell more than a third. Own levels are one's own; which wording the peers are
    told on hangs on wordings alone, and at least six partnerships are counted on it. So beside bands too, everybody
    but the reader could as well stand at other levels of the same halves.
    """
    return beside_own(shown, now, own)[[DOMAIN, LEVEL, OTHER_WORDING]]


def peer_bands(shown: pd.DataFrame, levels: int) -> pd.DataFrame:
    """One row per domain shown: ``domain`` and ``upper_share``, the third in which the share of the upper half lies.

    In: ``peers_shown``, and how many levels there are. Only whether a level lies in the upper half has any bearing on
    what comes out. So whatever a reader knows besides, each peer's levels could as well be others of the same halves:
    no level can be determined, even where a half can. ValueError for fewer than four levels.

    Measure: How many peers stand in the upper half, in thirds
    Tells: for each domain: whether few, some or most of the peers stand in the upper half of the levels
    Population: the other partnerships of the network or of a peer set, never one's own, in what may be shown of the
        convening, on its newest wording; members see them from five others on, or more where the network says so
    Denominator: the peers counted in the domain, of which only the third is told: fewer than a third, up to two thirds,
        more
    Not rated: not counted, in neither half
    Unit: one other partnership, in one domain at one convening
    Source: counting, told so coarsely that nobody's level can be worked out
    """
    start = upper_half(levels)
    if start is None:
        raise ValueError(f"a half of {levels} levels would give a level away")
    upper = (shown[LEVEL] >= start).groupby(shown[DOMAIN]).agg(["sum", "size"])
    shares = [band(int(part), int(whole)).value for part, whole in upper.itertuples(index=False)]
    return pd.DataFrame({DOMAIN: upper.index, UPPER_SHARE: shares}).astype("str")


def over_time(told: Mapping[date, pd.DataFrame], domain: str) -> pd.DataFrame:
    """One row per convening that shows the domain × level: ``held_on``, ``level``, ``count``, ``n_peers``.

    In: ``peer_levels`` of each convening, exactly as it is told there: nothing is told over time that is not told
    convening by convening. Oldest first.

    Measure: The peers' levels over time
    Tells: how many peers stood at each level of a domain, convening by convening
    Population: the peers of each convening, exactly as they are told there; they need not be the same ones
    Denominator: the peers counted at that convening
    Not rated: not counted, at no level; a convening that does not show the domain has no row
    Unit: one other partnership at one convening
    Source: counting at each level, because levels are ordered steps and no amounts (Liddell & Kruschke 2018)
    """
    whole = _by_day(told, domain, {LEVEL: "int8", COUNT: "int64"})
    return whole.assign(**{N_PEERS: whole.groupby(HELD_ON)[COUNT].transform("sum")})[[HELD_ON, LEVEL, COUNT, N_PEERS]]


def own_over_time(told: Mapping[date, pd.DataFrame], domain: str) -> pd.DataFrame:
    """One row per convening that shows the domain: ``held_on``, and what ``beside_own`` tells there. Oldest first."""
    counts = dict.fromkeys((LOWER, SAME, HIGHER), "Int64")
    columns = {LEVEL: LEVEL_OR_GAP, **counts, OTHER_WORDING: "bool"}
    return _by_day(told, domain, columns)


def own_on_bands_over_time(told: Mapping[date, pd.DataFrame], domain: str) -> pd.DataFrame:
    """One row per convening that shows the domain: ``held_on``, and what ``own_on_bands`` tells there. Oldest first."""
    return _by_day(told, domain, {LEVEL: LEVEL_OR_GAP, OTHER_WORDING: "bool"})


def _by_day(told: Mapping[date, pd.DataFrame], domain: str, dtypes: Mapping[str, str]) -> pd.DataFrame:
    by_day = sorted(told.items())
    nothing = pd.DataFrame({name: pd.Series(dtype=dtype) for name, dtype in {DOMAIN: "str", **dtypes}.items()})
    whole = pd.concat([nothing, *(rows for _, rows in by_day)], ignore_index=True)
    is_of = whole[DOMAIN] == domain
    days = pd.DatetimeIndex(list(told), dtype=DAY_DTYPE).sort_values().repeat([len(rows) for _, rows in by_day])
    return whole.loc[is_of, list(dtypes)].reset_index(drop=True).assign(**{HELD_ON: days[is_of]})[[HELD_ON, *dtypes]]


def bands_over_time(told: Mapping[date, tuple[pd.DataFrame, pd.DataFrame]], domain: str) -> pd.DataFrame:
    """One row per convening that shows the domain: ``held_on``, ``upper_share``, ``n_peers``. Oldest first.

    In: ``peer_bands`` and ``peer_domains`` of each convening, exactly as they are told there.

    Measure: The peers' upper half over time, in thirds
    Tells: whether few, some or most of the peers stood in the upper half of a domain's levels, convening by convening
    Population: the peers of each convening, exactly as they are told there; they need not be the same ones
    Denominator: the peers counted at that convening, of which only the third is told
    Not rated: not counted, in neither half; a convening that does not show the domain has no row
    Unit: one other partnership at one convening
    Source: counting, told so coarsely that nobody's level can be worked out
    """
    rows = [
        (pd.Timestamp(day), share, int(size))
        for day, (bands, domains) in sorted(told.items())
        for share, size in _of_domain(bands.merge(domains, on=DOMAIN), domain)
    ]
    columns = {HELD_ON: DAY_DTYPE, UPPER_SHARE: "str", N_PEERS: "int64"}
    return pd.DataFrame(rows, columns=list(columns)).astype(columns)


def _of_domain(both: pd.DataFrame, domain: str) -> list[tuple[str, int]]:
    own = both.loc[both[DOMAIN] == domain, [UPPER_SHARE, N_PEERS]]
    return list(own.itertuples(index=False, name=None))


def _counted(states: pd.DataFrame, own: str, domains: Sequence[str]) -> pd.DataFrame:
    others = _others(states, own, domains)
    return others[others[IS_COUNTED]]


def _unknown(counted: pd.DataFrame, known: Known) -> pd.Series:
    """1 for everybody whose level cannot be read by name, 0 for the others."""
    if not known:
        return pd.Series(1, index=counted.index, dtype="int64")
    pairs = zip(counted[DOMAIN], counted[PARTNERSHIP], strict=True)
    return pd.Series([int(pair not in known) for pair in pairs], index=counted.index, dtype="int64")


def _has(bits: pd.Series, number: int) -> pd.Series:
    return bits // (1 << number) % 2 == 1


def _others(states: pd.DataFrame, own: str, domains: Sequence[str]) -> pd.DataFrame:
    return states[(states[PARTNERSHIP] != own) & states[DOMAIN].isin(list(domains))]
