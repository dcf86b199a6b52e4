"""From facts to the tidy frame that every measure takes."""

from collections.abc import Iterable
from datetime import date

import pandas as pd

from progressions.measures.columns import DOMAIN, HELD_ON, PARTNERSHIP, RATING_DTYPES, RUBRIC
from progressions.ratings import RatingFact

_KEY = [PARTNERSHIP, RUBRIC, DOMAIN, HELD_ON]


def tidy(facts: Iterable[RatingFact]) -> pd.DataFrame:
    """One row a rating, columns of ``RATING_DTYPES``, ordered by partnership, rubric, domain and day.

    *Not rated* has no row. No facts give an empty frame with the same dtypes. ValueError where two facts rate
    the same domain of the same partnership at the same convening: counting one of them twice would mislead
    silently.
    """
    frame = pd.DataFrame(list(facts), columns=list(RATING_DTYPES)).astype(RATING_DTYPES)
    twice = frame.duplicated(_KEY)
    if twice.any():
        raise ValueError(f"rated twice: {frame.loc[twice, _KEY].iloc[0].to_dict()}")
    return frame.sort_values(_KEY, ignore_index=True)


def attendance_frame(pairs: Iterable[tuple[str, date]]) -> pd.DataFrame:
    """Who rated when, one row a pair: ``partnership`` and ``held_on``, enough for ``convenings_of``."""
    frame = pd.DataFrame(list(pairs), columns=[PARTNERSHIP, HELD_ON])
    return frame.astype({name: RATING_DTYPES[name] for name in (PARTNERSHIP, HELD_ON)})
