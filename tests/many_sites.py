"""Networks of any size, the same ones each time: as a frame at once, or as a store with everything in it."""

from collections.abc import Iterator, Sequence
from datetime import date

import numpy as np
import pandas as pd

from progressions.measures.columns import DOMAIN, HELD_ON, LEVEL, PARTNERSHIP, RATING_DTYPES, RUBRIC, WORDING
from progressions.people import Network, Principal
from progressions.ratings import LevelWrite, RatingKey
from progressions.rubric import Domain, Level, Rubric
from progressions.services.rubrics import publish_shipped
from progressions.store import Store
from tests.factories import NOW, staff_of

LEVEL_NAMES = (
    "Exploring change ideas",
    "Small change implementation",
    "Integrating improvement science / NICs into core work",
    "Institutionalizing and sustaining the work",
)
TITLES = (
    "Partnership relationships",
    "Joint development of leaders",
    "Shared aim and theory of improvement",
    "Agreements and governance",
    "Coordination and communication",
    "Focus on equity",
    "Shared data and evidence",
    "Sustainability and network participation",
)
RUBRICS = ("ihe", "lea", "partnership")
"""The codes of the shipped framework; the domains of each are "<code>-1" to "<code>-8"."""
FIRST = ("Alder", "Brindle", "Cinder", "Dunmore", "Elkhorn", "Foxglove", "Garnet", "Hollow", "Iron", "Juniper", "Kern")
SECOND = ("Valley Schools", "Bay Public Schools", "County Schools", "Ridge Schools", "Plains Unified School District")
THIRD = ("Northmoor University", "Quillfield State University", "Saltwick College", "Wintermarsh College")


def rubric(code: str = "partnership") -> Rubric:
    """Eight domains and four levels, with titles as long as real ones."""
    levels = tuple(Level(place, name) for place, name in enumerate(LEVEL_NAMES, start=1))
    domains = tuple(
        Domain(f"{code}-{place}", title, ("Together", "Together", "Aims")[place % 3], ("",) * 4)
        for place, title in enumerate(TITLES, start=1)
    )
    return Rubric(code, f"The {code} rubric", levels, domains)


def days(convenings: int) -> list[date]:
    """Quarterly convenings up to the fall of 2026, oldest first."""
    quarters = range(4 * 2026 + 3 - convenings + 1, 4 * 2026 + 4)
    return [date(quarter // 4, (1, 4, 7, 10)[quarter % 4], 15) for quarter in quarters]


def names(convenings: int) -> dict[date, str]:
    """What the convenings are called."""
    return {day: f"{('Winter', 'Spring', 'Summer', 'Fall')[day.month // 3]} {day.year}" for day in days(convenings)}


def codes(sites: int) -> list[str]:
    """The codes of the partnerships."""
    return [f"site-{number:04}" for number in range(1, sites + 1)]


def titles(sites: int) -> dict[str, str]:
    """Their titles by code, in the order of the titles; no two are the same."""
    made = {code: _title(number) for number, code in enumerate(codes(sites))}
    return dict(sorted(made.items(), key=lambda pair: (pair[1].casefold(), pair[0])))


def _title(number: int) -> str:
    place, others = f"{FIRST[number % 11]} {SECOND[number // 11 % 5]}", THIRD[number // 55 % 4]
    again = f" {number // 220 + 1}" if number >= 220 else ""
    return f"{place}{again} & {others}"


def frame(sites: int, convenings: int, *, seed: int = 7, whole: bool = False) -> pd.DataFrame:
    """The tidy frame of all rubrics: with late joiners, missed convenings and domains, and one that was reworded.

    ``whole``: everybody rated everything at each convening.
    """
    chance = np.random.default_rng(seed)
    domains = [(code, f"{code}-{place}") for code in RUBRICS for place in range(1, 9)]
    shape = (sites, len(domains), convenings)
    levels = _walked(shape, chance)
    keep = np.full(shape, True) if whole else _rated(shape, chance)
    at = np.nonzero(keep)
    wording = np.where((at[1] == 18) & (at[2] >= convenings // 2), 2, 1)
    columns = {
        PARTNERSHIP: np.array(codes(sites))[at[0]],
        HELD_ON: np.array(days(convenings), dtype="datetime64[D]")[at[2]],
        RUBRIC: np.array([code for code, _ in domains])[at[1]],
        DOMAIN: np.array([domain for _, domain in domains])[at[1]],
        LEVEL: levels[at],
        WORDING: wording if not whole else np.ones(len(at[0])),
    }
    made = pd.DataFrame(columns).astype(RATING_DTYPES)[list(RATING_DTYPES)]
    return made.sort_values([PARTNERSHIP, RUBRIC, DOMAIN, HELD_ON], ignore_index=True)


def _walked(shape: tuple[int, int, int], chance: np.random.Generator) -> np.ndarray:
    """Levels that begin low, and now and then move by one."""
    levels = np.empty(shape, dtype="int64")
    levels[:, :, :1] = chance.choice([1, 1, 2, 2, 3], shape[:2])[:, :, None]
    for place in range(1, shape[2]):
        step = chance.choice([0, 0, 0, 0, 0, 1, 1, -1], shape[:2])
        levels[:, :, place] = np.clip(levels[:, :, place - 1] + step, 1, 4)
    return levels


def _rated(shape: tuple[int, int, int], chance: np.random.Generator) -> np.ndarray:
    """A fifth joined later, a tenth of the convenings were missed, and one domain in twenty."""
    sites, _, convenings = shape
    joined = np.where(chance.random(sites) < 0.2, chance.integers(0, max(1, convenings), sites), 0)
    there = (np.arange(convenings) >= joined[:, None]) & (chance.random((sites, convenings)) >= 0.1)
    kept: np.ndarray = there[:, None, :] & (chance.random(shape) >= 0.05)
    return kept


def furnish(
    store: Store,
    network: Network,
    sites: int,
    convenings: int,
    *,
    seed: int = 7,
    whole: bool = False,
    of: Sequence[str] = RUBRICS,
) -> Principal:
    """Puts such a network into a store, under the shipped rubrics; who comes back is of its staff.

    One batch a convening, by the repository's bulk insert: what an import costs besides is no part of it. ``whole`` as
    in ``frame``; ``of`` are the rubrics that were rated.
    """
    staff = staff_of(network)
    publish_shipped(store, staff, NOW)
    ratings = frame(sites, convenings, seed=seed, whole=whole)
    ratings = ratings[ratings[RUBRIC].isin(list(of))]
    with store.write(staff) as repository:
        for code, title in titles(sites).items():
            repository.add_partnership(code, title)
        for day, name in names(convenings).items():
            repository.add_convening(day, name)
            batch = repository.add_batch(file_name="", sha256="0" * 64, mapping="{}", counts="{}", by="Sam", now=NOW)
            there = ratings[ratings[HELD_ON] == pd.Timestamp(day)]
            repository.save_levels(_writes(there), batch_id=batch, by="Sam", now=NOW)
    return staff


def _writes(ratings: pd.DataFrame) -> Iterator[LevelWrite]:
    columns = (ratings[name] for name in (PARTNERSHIP, HELD_ON, RUBRIC, DOMAIN, LEVEL))
    for partnership, held_on, code, domain, level in zip(*columns, strict=True):
        yield LevelWrite(RatingKey(partnership, held_on.date(), code, domain), int(level), 0)
