"""What is drawn of partnerships side by side, row by row: their levels, and the rest of each convening as a bar."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import pandas as pd

from progressions.charts.colours import text_on
from progressions.charts.labels import day_key, day_label, level_name
from progressions.charts.theme import colours_of
from progressions.measures.columns import COUNT, DOMAIN, HELD_ON, LEVEL, N_RATINGS, PARTNERSHIP
from progressions.measures.findings import beside_sentence, share
from progressions.measures.peers import HIGHER, LOWER, SAME
from progressions.rubric import Domain, Rubric

REST = "The rest"
KIND, SITE, BAR = "kind", "site", "bar"
"""A row is the cell of a partnership, or a segment of the bar of the rest."""
KEY, INK, NAME, TITLE, WHO, WHEN, OF = "key", "ink", "name", "title", "who", "when", "of"
LOW, HIGH, NEEDS, ALL, BACK = "low", "high", "needs", "all", "back"
"""Of segments alone: their ends; of their bar its width, its numbers, and how many convenings come after it."""
_FIGURE, EDGES = 8, 3
"""Pixels of a figure, and what a number needs beside its figures."""


def every_cell(sites: pd.DataFrame, days: pd.DatetimeIndex, rubric: Rubric, titles: Mapping[str, str]) -> pd.DataFrame:
    """A row for each partnership × domain of the rubric × convening, so that what is not rated is seen not to be."""
    cell = [PARTNERSHIP, DOMAIN, HELD_ON]
    domains = pd.array([domain.code for domain in rubric.domains], dtype="str")
    every = pd.MultiIndex.from_product([pd.array(list(titles), dtype="str"), domains, days], names=cell)
    return sites.set_index(cell).reindex(every).reset_index()


def row_titles(domains: Sequence[Domain], titles: Mapping[str, str]) -> dict[str, str]:
    """The rows by key, from top to bottom: a heading for each domain, which has the bar of the rest, and the sites."""
    keys: dict[str, str] = {}
    for domain in domains:
        keys[key_of(domain.code)] = domain.title
        keys.update({key_of(domain.code, code): title for code, title in titles.items()})
    return keys


def key_of(domain: str, partnership: str = "") -> str:
    """No code begins or ends with a space, so that no two rows have one key."""
    return f"{domain} | {partnership}"


def site_rows(
    sites: pd.DataFrame,
    beside: pd.DataFrame,
    rubric: Rubric,
    titles: Mapping[str, str],
    labels: Mapping[date, str],
    then: pd.Timestamp,
) -> pd.DataFrame:
    """One row per partnership × domain × convening; ``then`` with how the rest stand beside it."""
    beside_at = {
        (row[PARTNERSHIP], row[DOMAIN], then): _beside(row[LOWER], row[SAME], row[HIGHER])
        for row in beside.to_dict("records")
    }
    inked = [text_on(fill) for fill in colours_of(len(rubric.levels))]
    levels = [None if pd.isna(at) else int(at) for at in sites[LEVEL]]
    cells = list(zip(sites[PARTNERSHIP], sites[DOMAIN], sites[HELD_ON], strict=True))
    days = _Days.of(sites[HELD_ON], labels)
    told = {
        KIND: SITE,
        KEY: [key_of(domain, code) for code, domain, _ in cells],
        TITLE: [rubric.domain(domain).title for _, domain, _ in cells],
        WHO: [titles[code] for code, _, _ in cells],
        WHEN: sites[HELD_ON].map(days.labels),
        NAME: [level_name(rubric, at) for at in levels],
        INK: [inked[at - 1] if at else None for at in levels],
        OF: [beside_at.get(cell, "") if at else "" for at, cell in zip(levels, cells, strict=True)],
        HELD_ON: sites[HELD_ON].map(days.keys),
    }
    return sites.assign(**told)


def _beside(lower: int, same: int, higher: int) -> str:
    """As ``beside_sentence``, where there is anybody of whom to say it."""
    return beside_sentence(lower, same, higher) if lower + same + higher else "nobody on the same words"


@dataclass(frozen=True, slots=True)
class _Days:
    """The days of a column in words and as places on the axis, each made once."""

    labels: Mapping[pd.Timestamp, str]
    keys: Mapping[pd.Timestamp, str]

    @classmethod
    def of(cls, column: pd.Series, labels: Mapping[date, str]) -> "_Days":
        days = list(column.unique())
        return cls({day: day_label(day, labels) for day in days}, {day: day_key(day) for day in days})


def bar_rows(rest: pd.DataFrame, columns: pd.DatetimeIndex, rubric: Rubric, labels: Mapping[date, str]) -> pd.DataFrame:
    """One row per domain × convening × level that any of the rest holds, with the ends of its segment.

    ``needs`` is how wide the whole bar must be for all its numbers; ``all`` are these numbers, on the first segment.
    Places are rounded far below a pixel: long fractions were a tenth of all that a phone is sent.
    """
    known = rest[rest[DOMAIN].isin([domain.code for domain in rubric.domains])]
    rows = known.sort_values([DOMAIN, HELD_ON, LEVEL], ignore_index=True)
    of = list(zip(rows[DOMAIN], rows[HELD_ON], strict=True))
    counts: dict[tuple[str, pd.Timestamp], dict[int, int]] = {}
    for bar, level, count in zip(of, rows[LEVEL], rows[COUNT], strict=True):
        counts.setdefault(bar, {})[level] = count
    numbers = {bar: "·".join(f"{n.get(step.position, 0):,}" for step in rubric.levels) for bar, n in counts.items()}
    needs = {
        bar: round(max(_needs(n, sum(levels.values())) for n in levels.values()), 1) for bar, levels in counts.items()
    }
    back = {day: place for place, day in enumerate(columns[::-1])}
    high = rows.groupby([DOMAIN, HELD_ON])[COUNT].cumsum()
    days, inked = _Days.of(rows[HELD_ON], labels), [text_on(fill) for fill in colours_of(len(rubric.levels))]
    told = {
        KIND: BAR,
        KEY: [key_of(code) for code in rows[DOMAIN]],
        TITLE: [rubric.domain(code).title for code in rows[DOMAIN]],
        WHO: REST,
        WHEN: rows[HELD_ON].map(days.labels),
        NAME: [rubric.level(at).label for at in rows[LEVEL]],
        INK: [inked[at - 1] for at in rows[LEVEL]],
        LOW: ((high - rows[COUNT]) / rows[N_RATINGS]).round(4),
        HIGH: (high / rows[N_RATINGS]).round(4),
        OF: [share(*pair) for pair in zip(rows[COUNT], rows[N_RATINGS], strict=True)],
        BACK: rows[HELD_ON].map(back),
        NEEDS: [needs[bar] for bar in of],
        ALL: [numbers.pop(bar, None) for bar in of],  # on the first segment alone
        HELD_ON: rows[HELD_ON].map(days.keys),
    }
    return rows.assign(**told)


def _needs(count: int, whole: int) -> float:
    """How wide a bar must be for this count to fit into its segment."""
    return (len(f"{count:,}") * _FIGURE + EDGES) * whole / count
