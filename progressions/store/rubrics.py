"""Published rubrics of one network. A version is written once and only read from then on."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import ColumnElement, func, insert, select

from progressions.rubric import Domain, Level, Origin, Rubric, RubricVersion
from progressions.store import tables as t
from progressions.store.scope import AnyRow, Scope, insert_unless_there


class Rubrics(Scope):
    """The part of the repository for the framework."""

    def rubric_codes(self) -> tuple[str, ...]:
        """Codes in the order of first publishing."""
        query = select(t.rubrics.c.code).where(t.rubrics.c.network_id == self._network_id)
        return tuple(self._connection.execute(query.order_by(t.rubrics.c.id)).scalars())

    def latest_rubrics(self) -> tuple[RubricVersion, ...]:
        """The latest version of each rubric, in the order of first publishing."""
        latest = (
            select(func.max(t.rubric_versions.c.id))
            .join(t.rubrics)
            .where(t.rubrics.c.network_id == self._network_id)
            .group_by(t.rubrics.c.id)
        )
        return self._versions(t.rubric_versions.c.id.in_(latest))

    def rubric_version(self, code: str, number: int | None = None) -> RubricVersion | None:
        """One version of a rubric, the latest where no number is given; None where there is none."""
        wanted = number if number is not None else self._latest_number(code)
        found = self._versions(t.rubrics.c.code == code, t.rubric_versions.c.number == wanted)
        return found[0] if found else None

    def rubric_versions(self, wanted: Iterable[tuple[str, int]]) -> dict[tuple[str, int], RubricVersion]:
        """Published versions by code of the rubric and number, each read once; those that do not exist are left out."""
        found = {key: self.rubric_version(*key) for key in set(wanted)}
        return {key: version for key, version in found.items() if version is not None}

    def versions(self, code: str) -> tuple[RubricVersion, ...]:
        """Every version of a rubric, the first first."""
        return self._versions(t.rubrics.c.code == code)

    def add_version(
        self,
        rubric: Rubric,
        *,
        origins: Mapping[str, Origin],
        wordings: Mapping[str, int],
        published_by: str,
        source_file: str,
        now: datetime,
        file_fingerprint: str = "",
    ) -> RubricVersion:
        """Publishes a rubric under the next number. ``origins`` and ``wordings`` are by domain code.

        ``file_fingerprint`` is that of the text as its file has it; "" where that is the rubric as it is published.
        """
        self._check_staff()
        rubric_id = self._rubric_id(rubric.code)
        number = (self._latest_number(rubric.code) or 0) + 1
        values = {
            "rubric_id": rubric_id,
            "number": number,
            "title": rubric.title,
            "about": rubric.about,
            "fingerprint": file_fingerprint or rubric.fingerprint,
            "published_at": now,
            "published_by": published_by,
            "source_file": source_file,
        }
        statement = insert(t.rubric_versions).values(values).returning(t.rubric_versions.c.id)
        version_id = self._to_write().execute(statement).scalar_one()
        domain_ids = self._domain_ids(rubric, rubric_id)
        self._add_texts(rubric, version_id, domain_ids, origins, wordings)
        self._add_aliases(rubric, rubric_id, domain_ids)
        return self._versions(t.rubric_versions.c.id == version_id)[0]

    def _latest_number(self, code: str) -> int | None:
        query = (
            select(func.max(t.rubric_versions.c.number))
            .join(t.rubrics)
            .where(t.rubrics.c.network_id == self._network_id, t.rubrics.c.code == code)
        )
        found: int | None = self._connection.execute(query).scalar_one()
        return found

    def _rubric_id(self, code: str) -> int:
        connection = self._to_write()
        statement = insert_unless_there(connection, t.rubrics)
        connection.execute(statement.values(network_id=self._network_id, code=code))
        query = select(t.rubrics.c.id).where(t.rubrics.c.network_id == self._network_id, t.rubrics.c.code == code)
        found: int = connection.execute(query).scalar_one()
        return found

    def _domain_ids(self, rubric: Rubric, rubric_id: int) -> dict[str, int]:
        """Ids of the rubric's domains by code; a domain keeps its id over all versions."""
        connection = self._to_write()
        rows = [{"rubric_id": rubric_id, "code": domain.code} for domain in rubric.domains]
        connection.execute(insert_unless_there(connection, t.domains), rows)
        query = select(t.domains.c.code, t.domains.c.id).where(t.domains.c.rubric_id == rubric_id)
        return {row.code: row.id for row in connection.execute(query)}

    def _add_texts(
        self,
        rubric: Rubric,
        version_id: int,
        domain_ids: Mapping[str, int],
        origins: Mapping[str, Origin],
        wordings: Mapping[str, int],
    ) -> None:
        connection = self._to_write()
        steps = [{"version_id": version_id, "position": s.position, "name": s.name} for s in rubric.levels]
        texts = [
            {
                "version_id": version_id,
                "domain_id": domain_ids[domain.code],
                "place": place,
                "area": domain.area,
                "title": domain.title,
                "origin": origins[domain.code].value,
                "wording": wordings[domain.code],
            }
            for place, domain in enumerate(rubric.domains, start=1)
        ]
        connection.execute(insert(t.levels), steps)
        connection.execute(insert(t.domain_texts), texts)
        connection.execute(insert(t.descriptors), _descriptor_rows(rubric, version_id, domain_ids))

    def _add_aliases(self, rubric: Rubric, rubric_id: int, domain_ids: Mapping[str, int]) -> None:
        """A code belongs to the domain that it was said of first."""
        connection = self._to_write()
        rows = [
            {"rubric_id": rubric_id, "code": code, "domain_id": domain_ids[domain.code]}
            for domain in rubric.domains
            for code in domain.also
        ]
        if rows:
            connection.execute(insert_unless_there(connection, t.domain_aliases), rows)

    def _versions(self, *conditions: ColumnElement[bool]) -> tuple[RubricVersion, ...]:
        """Whole versions, by rubric in the order of first publishing, then by number."""
        query = (
            select(t.rubric_versions, t.rubrics.c.code)
            .join(t.rubrics)
            .where(t.rubrics.c.network_id == self._network_id, *conditions)
            .order_by(t.rubrics.c.id, t.rubric_versions.c.number)
        )
        heads = self._connection.execute(query).all()
        ids = [head.id for head in heads]
        levels, texts, descriptors = self._levels(ids), self._texts(ids), self._descriptors(ids)
        also = self._aliases()
        return tuple(
            _version(head, self._names.of(head.published_by), levels[head.id], texts[head.id], descriptors, also)
            for head in heads
        )

    def _aliases(self) -> dict[int, tuple[str, ...]]:
        """Other codes of domains, by the domain's id."""
        table = t.domain_aliases.c
        query = select(table.domain_id, table.code).join(t.rubrics, t.rubrics.c.id == table.rubric_id)
        query = query.where(t.rubrics.c.network_id == self._network_id).order_by(table.code)
        found: dict[int, tuple[str, ...]] = {}
        for domain_id, code in self._connection.execute(query):
            found[domain_id] = (*found.get(domain_id, ()), code)
        return found

    def _levels(self, version_ids: Iterable[int]) -> dict[int, list[Level]]:
        table = t.levels
        query = select(table.c.version_id, table.c.position, table.c.name).where(table.c.version_id.in_(version_ids))
        found: dict[int, list[Level]] = {}
        for version_id, position, name in self._connection.execute(query.order_by(table.c.position)):
            found.setdefault(version_id, []).append(Level(position, name))
        return found

    def _texts(self, version_ids: Iterable[int]) -> dict[int, list[AnyRow]]:
        query = (
            select(t.domain_texts, t.domains.c.code)
            .join(t.domains)
            .where(t.domain_texts.c.version_id.in_(version_ids))
            .order_by(t.domain_texts.c.place)
        )
        found: dict[int, list[AnyRow]] = {}
        for row in self._connection.execute(query):
            found.setdefault(row.version_id, []).append(row)
        return found

    def _descriptors(self, version_ids: Iterable[int]) -> dict[tuple[int, int], list[str]]:
        table = t.descriptors
        query = select(table.c.version_id, table.c.domain_id, table.c.text).where(table.c.version_id.in_(version_ids))
        found: dict[tuple[int, int], list[str]] = {}
        for version_id, domain_id, text in self._connection.execute(query.order_by(table.c.position)):
            found.setdefault((version_id, domain_id), []).append(text)
        return found


def _descriptor_rows(rubric: Rubric, version_id: int, domain_ids: Mapping[str, int]) -> list[dict[str, int | str]]:
    return [
        {"version_id": version_id, "domain_id": domain_ids[domain.code], "position": position, "text": text}
        for domain in rubric.domains
        for position, text in enumerate(domain.descriptors, start=1)
    ]


def _version(
    head: AnyRow,
    published_by: str,
    levels: list[Level],
    texts: list[AnyRow],
    descriptors: Mapping[tuple[int, int], list[str]],
    also: Mapping[int, tuple[str, ...]],
) -> RubricVersion:
    domains = tuple(
        Domain(
            text.code,
            text.title,
            text.area,
            tuple(descriptors.get((head.id, text.domain_id), ())),
            also.get(text.domain_id, ()),
        )
        for text in texts
    )
    return RubricVersion(
        id=head.id,
        number=head.number,
        published_at=head.published_at,
        published_by=published_by,
        source_file=head.source_file,
        rubric=Rubric(head.code, head.title, tuple(levels), domains, head.about),
        origins={text.code: Origin(text.origin) for text in texts},
        wordings={text.code: text.wording for text in texts},
        file_fingerprint=head.fingerprint,
    )
