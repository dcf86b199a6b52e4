"""A partnership beside its peers, from the states that ``disclosure`` lets through. Never a rank, never an average.

Population of every count: the *other* partnerships that are counted in the snapshot of one domain at one convening.
Denominator: ``n_peers``, all of these. Not rated, and rated under an older wording, is not counted anywhere.
"""

from collections.abc import Collection, Sequence

import pandas as pd

from progressions.measures.columns import COUNT, DOMAIN, LEFT_OUT, LEVEL, LEVEL_OR_GAP, PARTNERSHIP, WORDING
from progressions.measures.disclosure import AS_OF, IS_COUNTED, band, upper_half

N_PEERS = "n_peers"
"""int64: other partnerships counted."""
LOWER, SAME, HIGHER = "lower", "same", "higher"
"""Int64: peers below, at and above the partnership's own level; NA where it has none on the same wording."""
UPPER_SHARE = "upper_share"
"""str: one of the values of ``Band``."""

_BESIDE = {LOWER: -1, SAME: 0, HIGHER: 1}


def on_wordings(states: pd.DataFrame, wordings: Collection[int]) -> pd.DataFrame:
    """The states on these wordings alone: those whose rubric has other levels find no place beside today's."""
    return states[states[WORDING].isin(list(wordings))]


def peers_shown(states: pd.DataFrame, own: str, domains: Sequence[str], least: int) -> pd.DataFrame:
    """The counted states of the others, in the domains where they are at least ``least``; columns as ``states``."""
    others = _others(states, own, domains)
    counted = others[others[IS_COUNTED]]
    enough = counted.groupby(DOMAIN)[PARTNERSHIP].transform("size") >= least
    return counted[enough].reset_index(drop=True)


def peer_domains(states: pd.DataFrame, shown: pd.DataFrame, own: str, domains: Sequence[str]) -> pd.DataFrame:
    """One row per domain shown, in the order of ``domains``: ``n_peers``, ``left_out``, ``as_of``.

    ``left_out`` counts the others whose rating is on an older wording. In: ``states`` whole, ``shown`` of
    ``peers_shown``.
    """
    others = _others(states, own, domains)
    sizes = shown.groupby(DOMAIN).agg(**{N_PEERS: (PARTNERSHIP, "size"), AS_OF: (AS_OF, "first")})
    older = others[~others[IS_COUNTED]].groupby(DOMAIN).size()
    told = sizes.assign(**{LEFT_OUT: older.reindex(sizes.index, fill_value=0).astype("int64")})
    return told.loc[[code for code in domains if code in told.index]].reset_index()


def peer_levels(shown: pd.DataFrame, levels: Sequence[int]) -> pd.DataFrame:
    """One row per domain shown × level, every level: ``domain``, ``level`` (int8), ``count`` of partnerships.

    In: ``peers_shown``. Levels that are not in ``levels`` are not counted.
    """
    counts = shown.groupby([DOMAIN, LEVEL]).size()
    every = pd.MultiIndex.from_product([list(shown[DOMAIN].unique()), list(levels)], names=[DOMAIN, LEVEL])
    told = counts.reindex(every, fill_value=0).rename(COUNT).reset_index()
    return told.astype({DOMAIN: "str", LEVEL: "int8", COUNT: "int64"})


def beside_own(shown: pd.DataFrame, now: pd.DataFrame, own: str) -> pd.DataFrame:
    """One row per domain shown: own ``level`` (Int8), and how many peers are ``lower``, ``same`` and ``higher``.

    All four are NA where the partnership has no rating on the snapshot's wording. In: ``peers_shown``, and ``now``, the
    current states: one's own rating is one's own, and never older than it is.
    """
    mine = now.loc[now[PARTNERSHIP] == own, [DOMAIN, WORDING, LEVEL]].rename(columns={LEVEL: "mine"})
    both = shown.merge(mine.astype({"mine": LEVEL_OR_GAP}), on=[DOMAIN, WORDING], how="left")
    step = (both[LEVEL].astype(LEVEL_OR_GAP) - both["mine"]).clip(-1, 1)
    told = both.groupby(DOMAIN)["mine"].first().rename(LEVEL).astype(LEVEL_OR_GAP).to_frame()
    for name, way in _BESIDE.items():
        count = (step == way).fillna(False).astype("int64").groupby(both[DOMAIN]).sum()
        told[name] = count.astype("Int64").where(told[LEVEL].notna())
    return told.reset_index()


def peer_bands(shown: pd.DataFrame, levels: int) -> pd.DataFrame:
    """One row per domain shown: ``domain`` and ``upper_share``, the third in which the share of the upper half lies.

    In: ``peers_shown``, and how many levels there are. Only whether a level lies in the upper half has any bearing on
    what comes out. So whatever a reader knows besides, each peer's levels could as well be others of the same halves:
    no level can be determined, even where a half can. ValueError for fewer than four levels.
    """
    start = upper_half(levels)
    if start is None:
        raise ValueError(f"a half of {levels} levels would give a level away")
    upper = (shown[LEVEL] >= start).groupby(shown[DOMAIN]).agg(["sum", "size"])
    shares = [band(int(part), int(whole)).value for part, whole in upper.itertuples(index=False)]
    return pd.DataFrame({DOMAIN: upper.index, UPPER_SHARE: shares}).astype("str")


def _others(states: pd.DataFrame, own: str, domains: Sequence[str]) -> pd.DataFrame:
    return states[(states[PARTNERSHIP] != own) & states[DOMAIN].isin(list(domains))]
