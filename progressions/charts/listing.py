"""Lists to take along: what stands on a screen in words and is no chart, as a table with its sentences."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from progressions.measures.columns import DOMAIN, PARTNERSHIP, RUBRIC
from progressions.measures.findings import PARTNERSHIPS, RATINGS, counted, share_of
from progressions.rubric import Rubric


@dataclass(frozen=True, slots=True)
class Listing:
    """As a ``Figure`` without a picture: what it lists, what was found, how many, and the table for people."""

    title: str
    finding: str
    n: str
    table: pd.DataFrame


def missing_ratings(
    gaps: pd.DataFrame, rubrics: Sequence[Rubric], titles: Mapping[str, str], at: str, left_out: str = ""
) -> Listing:
    """One row a domain that a partnership has not rated, in the order of ``gaps``.

    In: ``missing`` of the partnerships in ``titles`` (code to title) and of all domains of ``rubrics``; ``at`` names
    the convening, ``left_out`` says which rubrics are not counted there. KeyError for what is in neither.
    """
    named = {(rubric.code, domain.code): domain.title for rubric in rubrics for domain in rubric.domains}
    headings = {rubric.code: rubric.title for rubric in rubrics}
    table = pd.DataFrame(
        {
            "Partnership": [titles[code] for code in gaps[PARTNERSHIP]],
            "Rubric": [headings[code] for code in gaps[RUBRIC]],
            "Domain": [named[pair] for pair in zip(gaps[RUBRIC], gaps[DOMAIN], strict=True)],
        },
        dtype="str",
    )
    done = len(titles) - gaps[PARTNERSHIP].nunique()
    finding = f"{share_of(done, len(titles), PARTNERSHIPS)} rated every domain"
    n = f"{len(gaps):,} of {counted(len(titles) * len(named), RATINGS)} missing; one row for each{left_out}"
    return Listing(f"What is not rated: {at}", finding, n, table)
