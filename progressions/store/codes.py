"""The ids of one network against its codes, read once, so that large queries need no joins."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, select

from progressions.store import tables as t


@dataclass(frozen=True, slots=True)
class Codes:
    """By id: partnership code, day of the convening, (rubric code, domain code).

    ``wordings`` is by ids of version and domain.
    """

    partnerships: Mapping[int, str]
    convenings: Mapping[int, date]
    domains: Mapping[int, tuple[str, str]]
    wordings: Mapping[tuple[int, int], int]


def read_codes(connection: Connection, network_id: int) -> Codes:
    """Everything that ratings of this network can refer to."""
    partnerships = select(t.partnerships.c.id, t.partnerships.c.code).where(t.partnerships.c.network_id == network_id)
    convenings = select(t.convenings.c.id, t.convenings.c.held_on).where(t.convenings.c.network_id == network_id)
    domains = (
        select(t.domains.c.id, t.rubrics.c.code, t.domains.c.code.label("domain"))
        .join(t.rubrics, t.rubrics.c.id == t.domains.c.rubric_id)
        .where(t.rubrics.c.network_id == network_id)
    )
    texts = t.domain_texts.c
    wordings = (
        select(texts.version_id, texts.domain_id, texts.wording)
        .join(t.domains, t.domains.c.id == texts.domain_id)
        .join(t.rubrics, t.rubrics.c.id == t.domains.c.rubric_id)
        .where(t.rubrics.c.network_id == network_id)
    )
    return Codes(
        partnerships={row[0]: row[1] for row in connection.execute(partnerships).fetchall()},
        convenings={row.id: row.held_on for row in connection.execute(convenings)},
        domains={row_id: (rubric, domain) for row_id, rubric, domain in connection.execute(domains)},
        wordings={(version, domain): began for version, domain, began in connection.execute(wordings)},
    )
