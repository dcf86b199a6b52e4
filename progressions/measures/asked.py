"""Which version of a rubric a convening was asked in: domains come and go, and nobody is missing what was not there."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date

import pandas as pd

from progressions.measures.columns import COUNT, DOMAIN, HELD_ON, RUBRIC, WORDING
from progressions.measures.frame import on_days
from progressions.rubric import RubricVersion

Rated = Counter[tuple[str, int]]
"""How many ratings there are by domain and wording."""


def versions_at(
    frame: pd.DataFrame, convenings: Sequence[date], rubrics: Sequence[Sequence[RubricVersion]]
) -> dict[date, tuple[RubricVersion, ...]]:
    """For each convening the version of each rubric whose domains were to be rated there.

    ``rubrics`` holds all versions of each, the first first, none without one. The ratings decide: it is the version
    that has the words on which most of them stand. Where several have them, it is the last one published by that day;
    before any was published, the one of whose domains the fewest are rated by nobody, because past ratings are brought
    in later, on the words of the day on which that is done. A rubric that was published later and rated by nobody was
    not asked, unless nothing was.
    """
    if all(len(versions) == 1 for versions in rubrics) and not frame.empty:
        frame = frame.drop_duplicates([HELD_ON, RUBRIC])  # enough to know who asked: there is nothing to choose
    rated = _rated(on_days(frame, convenings))
    return {day: _asked(day, rubrics, rated.get(day, {})) for day in convenings}


def _asked(
    day: date, rubrics: Sequence[Sequence[RubricVersion]], rated: Mapping[str, Rated]
) -> tuple[RubricVersion, ...]:
    there = [versions for versions in rubrics if versions[0].rubric.code in rated or _published_by(day, versions)]
    return tuple(
        _fitting(day, versions, rated.get(versions[0].rubric.code, Counter())) for versions in there or rubrics
    )


def _fitting(day: date, versions: Sequence[RubricVersion], rated: Rated) -> RubricVersion:
    published = _published_by(day, versions)
    if not rated:
        return published or versions[0]
    domains = {domain for domain, _ in rated}

    def order(version: RubricVersion) -> tuple[int, bool, int, int]:
        fitting = sum(n for (domain, wording), n in rated.items() if version.wordings.get(domain) == wording)
        return -fitting, version is not published, len(set(version.wordings) - domains), version.number

    return min(versions, key=order)


def _published_by(day: date, versions: Sequence[RubricVersion]) -> RubricVersion | None:
    """The last version that was published on this day at the latest; None where there was none."""
    return next((version for version in reversed(versions) if version.published_at.date() <= day), None)


def _rated(frame: pd.DataFrame) -> dict[date, dict[str, Rated]]:
    counts = frame.groupby([HELD_ON, RUBRIC, DOMAIN, WORDING]).size().rename(COUNT).reset_index()
    found: dict[date, dict[str, Rated]] = {}
    for held_on, rubric, domain, wording, n in counts.itertuples(index=False, name=None):
        found.setdefault(held_on.date(), {}).setdefault(rubric, Counter())[domain, int(wording)] = int(n)
    return found
