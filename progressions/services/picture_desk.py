"""What the figures that are downloaded are made of: looked up by what the address says."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

from progressions.errors import NotAllowedError
from progressions.measures.kinds import Population
from progressions.people import Partnership, Principal
from progressions.ratings import Convening
from progressions.rubric import RubricVersion
from progressions.services import agreement, movement, networks, rubrics
from progressions.services.agreement import Agreement
from progressions.store import Store

if TYPE_CHECKING:
    import pandas as pd

T = TypeVar("T")


@dataclass(frozen=True)
class Desk:
    """Whose figure, and of what: codes, titles and days. Each look asks for permission, once.

    NotAllowedError for whatever does not exist for this person. Without slots, for what is looked up is kept: a
    figure and its source ask for the same.
    """

    store: Store
    principal: Principal
    of: Mapping[str, str]
    today: date

    @cached_property
    def partnership(self) -> Partnership:
        """The one that the address names."""
        return one(p for p in networks.partnerships(self.store, self.principal) if p.code == self.of.get("partnership"))

    @cached_property
    def version(self) -> RubricVersion:
        """The latest version of the rubric that the address names."""
        return one(v for v in rubrics.latest(self.store, self.principal) if v.rubric.code == self.of.get("rubric"))

    @property
    def domain(self) -> str:
        """A code of that rubric."""
        return one(d.code for d in self.version.rubric.domains if d.code == self.of.get("domain"))

    @cached_property
    def convenings(self) -> tuple[Convening, ...]:
        """Those at which the partnership was expected."""
        return movement.expected_convenings(self.store, self.principal, self.partnership.code)

    def convening(self, name: str) -> Convening:
        """One of the partnership's convenings, by its day."""
        return one(c for c in self.convenings if c.held_on.isoformat() == self.of.get(name))

    @cached_property
    def agreement(self) -> Agreement:
        """How the team of the partnership agrees."""
        return agreement.agreement(self.store, self.principal, self.partnership.code)

    @property
    def peer_set(self) -> int:
        """The number of the peer set that the address names, 0 for all peers."""
        chosen = self.of.get("set") or "0"
        if not (chosen.isascii() and chosen.isdecimal() and len(chosen) < 10):
            raise NotAllowedError
        return int(chosen)

    @property
    def sites(self) -> list[str]:
        """The codes of partnerships that the address names, in its order."""
        return list(dict.fromkeys(self.of.get("sites", "").split("\n")))

    @property
    def population(self) -> Population:
        """Whose ratings."""
        return one(p for p in Population if p.value == self.of.get("whose"))

    @cached_property
    def frame(self) -> "pd.DataFrame":
        """Every rating that this person may see."""
        return movement.frame_of(self.store, self.principal)


def one(found: Iterable[T]) -> T:
    """The first; NotAllowedError where there is none."""
    for each in found:
        return each
    raise NotAllowedError
