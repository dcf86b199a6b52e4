"""How the ratings of one rubric at one convening came about, with what follows from it for whoever looks.

In all of it the columns are those of ``disclosure``, and each part is worked out once.
"""

from collections.abc import Mapping, Sequence
from functools import cached_property

import numpy as np
import pandas as pd

from progressions.measures.columns import DOMAIN
from progressions.measures.disclosure import Releases, current, released, released_in_sets, releases
from progressions.people import PeerSet


class Past:
    """One convening. In: ``history_frame``, whole."""

    def __init__(self, history: pd.DataFrame) -> None:
        self.history = history

    @cached_property
    def current(self) -> pd.DataFrame:
        """``disclosure.current``."""
        return current(self.history)

    @cached_property
    def released(self) -> pd.DataFrame:
        """``disclosure.released``."""
        return released(self.history)

    def in_sets(self, sets: Sequence[PeerSet]) -> pd.DataFrame:
        """``disclosure.released_in_sets``."""
        return released_in_sets(self.history, sets)

    def releases(self, domain: str) -> Releases:
        """``disclosure.releases`` of one domain."""
        return self._releases.get(domain, [])

    def history_of(self, domain: str) -> pd.DataFrame:
        """The history of one domain alone."""
        return self._histories.get(domain, self.history.iloc[:0])

    def current_of(self, domain: str) -> pd.DataFrame:
        """``current`` of one domain, for those who ask for one after the other: all are worked out at once."""
        return self._current.get(domain, self.current.iloc[:0])

    @cached_property
    def _current(self) -> dict[str, pd.DataFrame]:
        return {str(domain): rows.reset_index(drop=True) for domain, rows in self.current.groupby(DOMAIN)}

    @cached_property
    def _histories(self) -> dict[str, pd.DataFrame]:
        return {str(domain): rows for domain, rows in self.history.groupby(DOMAIN)}

    @cached_property
    def _releases(self) -> Mapping[str, Releases]:
        return releases(self.history)


def side_by_side(domain: str, pasts: Mapping[str, Past]) -> Past:
    """One domain at several convenings, each under its key in the place of the domain, as if they were domains.

    For each convening all of it says the same as its own ``Past`` says of the domain; worked out at once.
    """
    histories = [past.history_of(domain) for past in pasts.values()]
    whole = pd.concat(histories, ignore_index=True)
    keys = np.repeat(np.array(list(pasts), dtype=object), [len(history) for history in histories])
    return Past(whole.assign(**{DOMAIN: pd.Series(keys, index=whole.index, dtype="str")}))
