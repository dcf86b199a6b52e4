"""A network of eleven sites, as what its staff see and as what its database holds."""

from datetime import date

import pandas as pd

from progressions.people import Partnership
from progressions.ratings import Convening
from progressions.rubric import RubricVersion
from progressions.services import movement, networks, rubrics
from progressions.services.compare import Between
from progressions.store import open_store
from tests import factories, many_sites
from tests.plain_sql import PlainSql

RATED = """
SELECT p.title, d.code, r.level, c.held_on FROM ratings r
JOIN partnerships p ON p.id = r.partnership_id JOIN convenings c ON c.id = r.convening_id
JOIN domains d ON d.id = r.domain_id JOIN rubrics u ON u.id = d.rubric_id
WHERE u.code = 'partnership' AND r.level IS NOT NULL
"""


class Eleven:
    """A network of eleven sites and eight convenings, as its staff see it."""

    def __init__(self, url: str) -> None:
        self.store = open_store(url)
        self.network = factories.a_network(self.store)
        self.staff = many_sites.furnish(self.store, self.network, 11, 8)
        self.sql = PlainSql(url)
        self.frame: pd.DataFrame = movement.frame_of(self.store, self.staff)
        self.partnerships: tuple[Partnership, ...] = networks.partnerships(self.store, self.staff)
        self.convenings: tuple[Convening, ...] = networks.convenings(self.store, self.staff)
        self.version: RubricVersion = next(
            v for v in rubrics.latest(self.store, self.staff) if v.rubric.code == "partnership"
        )

    @property
    def last(self) -> Between:
        return Between(self.convenings[-1], self.convenings[-2])

    def levels(self, day: date) -> dict[tuple[str, str], int]:
        """By title and code of the domain, asked of the database itself."""
        rows = self.sql.rows(RATED)
        return {(title, code): level for title, code, level, held_on in rows if str(held_on)[:10] == day.isoformat()}
