"""How the ratings of one rubric at one convening came about, with what follows from it for whoever looks.

In all of it the columns are those of ``disclosure``, and each part is worked out once.
"""

from collections.abc import Mapping
from functools import cached_property

import pandas as pd

from progressions.measures.disclosure import (
    NOTHING,
    Beside,
    Releases,
    Standing,
    Stories,
    Told,
    states_in_sets,
    states_now,
    states_of,
    states_released,
    stories,
)


class Past:
    """One convening, or one domain at several: then the convenings stand in the place of domains.

    ``beside`` is what else members could ever read: what they are told hangs on it.
    """

    def __init__(self, of: Stories, beside: Beside = NOTHING) -> None:
        self.stories, self.beside = of, beside

    def with_beside(self, beside: Beside) -> "Past":
        """The same past, beside what else members could ever read."""
        return Past(self.stories, beside)

    @cached_property
    def current(self) -> pd.DataFrame:
        """``disclosure.current``."""
        return states_now(self.stories)

    @cached_property
    def released(self) -> pd.DataFrame:
        """``disclosure.released``."""
        return states_released(self.stories, self.beside)

    @cached_property
    def in_sets(self) -> pd.DataFrame:
        """``disclosure.released_in_sets``."""
        return states_in_sets(self.stories, self.beside)

    def own(self, partnership: str) -> pd.DataFrame:
        """``current`` of one partnership alone."""
        return states_of(self.stories, partnership)

    def releases(self, domain: str) -> Releases:
        """``disclosure.releases`` of one domain."""
        return self._told(domain).releases if domain in self.stories else []

    def named(self, domain: str) -> frozenset[str]:
        """Who agreed to be named in one domain, and may be, as far as this convening goes."""
        return self._told(domain).named if domain in self.stories else frozenset()

    def standing(self, domain: str) -> Standing:
        """Where those stand who are counted in one domain now."""
        return self.stories[domain].standing if domain in self.stories else {}

    def _told(self, domain: str) -> Told:
        return self.stories[domain].told(*self.beside.of(domain))


def past_of(history: pd.DataFrame) -> Past:
    """In: ``history_frame``, whole."""
    return Past(stories(history))


def side_by_side(domain: str, pasts: Mapping[str, Past], beside: Beside = NOTHING) -> Past:
    """One domain at several convenings, each under its key in the place of the domain, as if they were domains.

    For each convening all of it says the same as its own ``Past`` says of the domain, beside the same.
    """
    found = {key: past.stories[domain] for key, past in pasts.items() if domain in past.stories}
    return Past(found, Beside(beside.sets, dict.fromkeys(found, beside.of(domain)[1])))
