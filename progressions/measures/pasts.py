"""How the ratings of one rubric at one convening came about, with what follows from it for whoever looks.

In all of it the columns are those of ``disclosure``, and each part is worked out once.
"""

from collections.abc import Mapping, Sequence
from functools import cached_property

import pandas as pd

from progressions.measures.disclosure import (
    Releases,
    Standing,
    Stories,
    states_in_sets,
    states_now,
    states_of,
    states_released,
    stories,
)
from progressions.people import PeerSet


class Past:
    """One convening, or one domain at several: then the convenings stand in the place of domains."""

    def __init__(self, of: Stories) -> None:
        self.stories = of

    @cached_property
    def current(self) -> pd.DataFrame:
        """``disclosure.current``."""
        return states_now(self.stories)

    @cached_property
    def released(self) -> pd.DataFrame:
        """``disclosure.released``."""
        return states_released(self.stories)

    def own(self, partnership: str) -> pd.DataFrame:
        """``current`` of one partnership alone."""
        return states_of(self.stories, partnership)

    def in_sets(self, sets: Sequence[PeerSet]) -> pd.DataFrame:
        """``disclosure.released_in_sets``."""
        return states_in_sets(self.stories, sets)

    def releases(self, domain: str) -> Releases:
        """``disclosure.releases`` of one domain."""
        return self.stories[domain].releases if domain in self.stories else []

    def standing(self, domain: str) -> Standing:
        """Where those stand who are counted in one domain now."""
        return self.stories[domain].standing if domain in self.stories else {}


def past_of(history: pd.DataFrame) -> Past:
    """In: ``history_frame``, whole."""
    return Past(stories(history))


def side_by_side(domain: str, pasts: Mapping[str, Past]) -> Past:
    """One domain at several convenings, each under its key in the place of the domain, as if they were domains.

    For each convening all of it says the same as its own ``Past`` says of the domain.
    """
    return Past({key: past.stories[domain] for key, past in pasts.items() if domain in past.stories})
