"""The named kinds that measures tell apart. Standard library only, so that sentences need no frames."""

from dataclasses import dataclass
from enum import StrEnum


class Movement(StrEnum):
    """The change of one partnership's rating of one domain between two convenings."""

    UP = "up"
    SAME = "same"
    DOWN = "down"
    FIRST = "first"
    """Rated now and never before."""
    NOT_COMPARABLE = "not_comparable"
    """Rated at both, under different wordings: the two levels do not mean the same."""
    NOT_RATED = "not_rated"
    """Rated at one of the two only, and not for the first time: there is no movement to tell."""


class Population(StrEnum):
    """Whose ratings a change in the network is told of."""

    ALL = "all"
    """All who rated, at each convening."""
    SAME = "same"
    """Only pairs of partnership and domain that are rated at the first and at the last date."""


class Coverage(StrEnum):
    """How far a partnership came with its ratings at one convening."""

    DONE = "done"
    STARTED = "started"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class MovementCounts:
    """How many ratings moved in which way; every field counts pairs of partnership and domain."""

    up: int = 0
    same: int = 0
    down: int = 0
    first: int = 0
    not_comparable: int = 0
    not_rated: int = 0

    @property
    def compared(self) -> int:
        """The denominator of a movement: those rated at both dates under one wording."""
        return self.up + self.same + self.down


NO_REASON = ""
"""No reason was given for a movement."""
SEVERAL_REASONS = "several"
"""Different reasons were given for the steps of one movement."""
