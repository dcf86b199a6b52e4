"""Who of a network has rated what, and what is missing at a convening, for its staff. Pure throughout.

As in ``compare``, whoever calls has asked whether the person may see the network.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from progressions.charts.coverage import MOST_DRAWN, coverage_grid, not_asked
from progressions.charts.coverage_bars import coverage_bars
from progressions.charts.figure import Figure
from progressions.charts.listing import Listing, missing_ratings
from progressions.charts.theme import Mode
from progressions.measures import columns
from progressions.measures.asked import versions_at
from progressions.measures.network import coverage, coverage_counts, missing
from progressions.people import Partnership
from progressions.ratings import Convening
from progressions.rubric import RubricVersion
from progressions.services.latest_convenings import earlier_than_latest, latest_days
from progressions.services.movement import titles

if TYPE_CHECKING:
    import pandas as pd


def who_has_rated(
    frame: "pd.DataFrame",
    partnerships: Sequence[Partnership],
    rubrics: Sequence[Sequence[RubricVersion]],
    convenings: Sequence[Convening],
    mode: Mode,
) -> Figure:
    """Which partnership has rated how many domains at each of the latest convenings; very many of them in counts.

    Each convening asks for the domains of its time: ``rubrics`` holds all versions of each rubric, the first first.
    """
    at = versions_at(frame, latest_days(convenings), rubrics)
    asked = {day: _domains(versions) for day, versions in at.items()}
    rated = coverage(frame, [p.code for p in partnerships], asked)
    named, left_out, earlier = (
        titles(convenings),
        _not_asked(rubrics, list(at.values())),
        earlier_than_latest(convenings),
    )
    if len(partnerships) > MOST_DRAWN:
        sizes = {day: sum(len(codes) for codes in domains.values()) for day, domains in asked.items()}
        return coverage_bars(coverage_counts(rated), named, sizes, earlier=earlier, left_out=left_out, mode=mode)
    sites_named = {p.code: p.title for p in partnerships}
    return coverage_grid(rated, sites_named, named, earlier=earlier, left_out=left_out, mode=mode)


def asked_at(
    frame: "pd.DataFrame", rubrics: Sequence[Sequence[RubricVersion]], convening: Convening
) -> tuple[RubricVersion, ...]:
    """The versions whose domains were to be rated at a convening; ``rubrics`` as in ``who_has_rated``."""
    return versions_at(frame, [convening.held_on], rubrics)[convening.held_on]


def not_asked_at(rubrics: Sequence[Sequence[RubricVersion]], asked: Sequence[RubricVersion]) -> str:
    """Which rubrics were not to be rated at a convening, and why, to follow what was: "" where all of them were.

    ``rubrics`` as in ``who_has_rated``, ``asked`` is what ``asked_at`` gives.
    """
    return _not_asked(rubrics, [asked])


def _not_asked(rubrics: Sequence[Sequence[RubricVersion]], at: Sequence[Sequence[RubricVersion]]) -> str:
    asked = [{version.rubric.code for version in versions} for versions in at]
    latest = [versions[-1].rubric for versions in rubrics]
    return not_asked({rubric.title: sum(rubric.code not in codes for codes in asked) for rubric in latest}, len(at))


def not_rated(
    frame: "pd.DataFrame",
    partnerships: Sequence[Partnership],
    asked: Sequence[RubricVersion],
    convening: Convening,
) -> dict[Partnership, tuple[str, ...]]:
    """What each partnership has not rated at a convening: titles of domains, as the rubrics go.

    Those with nothing missing are left out. ``asked`` is what ``asked_at`` gives.
    """
    gaps = _gaps(frame, partnerships, asked, convening)
    named = {(v.rubric.code, d.code): d.title for v in asked for d in v.rubric.domains}
    pairs = zip(gaps[columns.PARTNERSHIP], gaps[columns.RUBRIC], gaps[columns.DOMAIN], strict=True)
    found: dict[str, list[str]] = {}
    for partnership, rubric, domain in pairs:
        found.setdefault(partnership, []).append(named[rubric, domain])
    return {p: tuple(found[p.code]) for p in partnerships if p.code in found}


def not_rated_list(
    frame: "pd.DataFrame",
    partnerships: Sequence[Partnership],
    asked: Sequence[RubricVersion],
    convening: Convening,
    left_out: str,
) -> Listing:
    """The same to take along: a row for each domain that is missing. ``left_out`` is what ``not_asked_at`` says."""
    gaps = _gaps(frame, partnerships, asked, convening)
    named = {p.code: p.title for p in partnerships}
    return missing_ratings(gaps, [v.rubric for v in asked], named, convening.label, left_out)


def _gaps(
    frame: "pd.DataFrame",
    partnerships: Sequence[Partnership],
    asked: Sequence[RubricVersion],
    convening: Convening,
) -> "pd.DataFrame":
    return missing(frame, [p.code for p in partnerships], convening.held_on, _domains(asked))


def _domains(versions: Sequence[RubricVersion]) -> dict[str, list[str]]:
    return {v.rubric.code: [d.code for d in v.rubric.domains] for v in versions}
