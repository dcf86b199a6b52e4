"""Many levels at once, as an import writes them: all or none, each against its planned row version."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeAlias

from sqlalchemy import bindparam, insert, select, update

from progressions.errors import ChangedMeanwhileError, NotAllowedError
from progressions.ratings import LevelWrite, RatingDraft
from progressions.rubric import RubricVersion
from progressions.store import tables as t
from progressions.store.codes import read_codes
from progressions.store.drafts import draft_of, draft_text, draft_values
from progressions.store.rubrics import Rubrics
from progressions.store.scope import AnyRow, insert_many, insert_unless_there

MEANWHILE = (
    "Ratings have been saved since this import was prepared. Nothing was imported. Look at the new preview first."
)

Place: TypeAlias = tuple[int, int, int]
"""Ids of partnership, convening and domain."""


@dataclass(frozen=True, slots=True)
class _Write:
    """One level on its way: where it goes, under which version, and the row it replaces (None: a new one)."""

    place: Place
    level: int | None
    version: RubricVersion
    stored: AnyRow | None


@dataclass(frozen=True, slots=True)
class _Stamp:
    """What all rows of one import share."""

    batch_id: int
    by: str
    now: datetime


class Levels(Rubrics):
    """The part of the repository for imports."""

    def save_levels(self, rows: Sequence[LevelWrite], *, batch_id: int, by: str, now: datetime) -> None:
        """Writes levels under the latest version of each rubric; evidence and next steps stay as they are.

        A level that is stored already is left alone. Raises ChangedMeanwhileError where any row is not at its
        base, NotAllowedError where a part of a key or the batch does not exist, KeyError where a rubric lacks
        the level; nothing is written then, and the transaction can go on.
        """
        self._check_batch(batch_id)
        writes = self._prepared(rows)
        stamp = _Stamp(batch_id, by, now)
        with self._to_write().begin_nested():
            ids = self._insert_new([w for w in writes if w.stored is None], stamp)
            self._update_old([w for w in writes if w.stored is not None], stamp)
            self._remember_all(writes, ids, stamp)

    def _check_batch(self, batch_id: int) -> None:
        query = select(t.batches.c.id).where(t.batches.c.id == batch_id, t.batches.c.network_id == self._network_id)
        if self._connection.execute(query).first() is None:
            raise NotAllowedError

    def _prepared(self, rows: Sequence[LevelWrite]) -> list[_Write]:
        """The rows that change something, each with what is stored now."""
        versions = {version.rubric.code: version for version in self.latest_rubrics()}
        places = self._places(rows, versions)
        stored = self._stored_at(places)
        writes = []
        for row, place in zip(rows, places, strict=True):
            now_there = stored.get(place)
            if (now_there.row_version if now_there else 0) != row.base:
                raise ChangedMeanwhileError(MEANWHILE)
            if now_there is None or now_there.level != row.level:
                writes.append(_Write(place, row.level, versions[row.key.rubric], now_there))
        return writes

    def _places(self, rows: Sequence[LevelWrite], versions: Mapping[str, RubricVersion]) -> list[Place]:
        codes = read_codes(self._connection, self._network_id)
        partnerships = {code: row_id for row_id, code in codes.partnerships.items()}
        convenings = {held_on: row_id for row_id, held_on in codes.convenings.items()}
        domains = {code: row_id for row_id, code in codes.domains.items()}
        levels = {code: {step.position for step in v.rubric.levels} for code, v in versions.items()}
        places = []
        for row in rows:
            key = row.key
            known = key.rubric in versions and key.domain in versions[key.rubric].wordings
            if not known or key.partnership not in partnerships or key.held_on not in convenings:
                raise NotAllowedError
            if row.level is not None and row.level not in levels[key.rubric]:
                raise KeyError(row.level)
            places.append((partnerships[key.partnership], convenings[key.held_on], domains[key.rubric, key.domain]))
        return places

    def _stored_at(self, places: Sequence[Place]) -> dict[Place, AnyRow]:
        """The rows that there are, for all partnerships and convenings of the places."""
        table = t.ratings
        query = (
            select(table, t.rubric_versions.c.number)
            .join(t.rubric_versions, t.rubric_versions.c.id == table.c.version_id)
            .where(
                table.c.network_id == self._network_id,
                table.c.partnership_id.in_({place[0] for place in places}),
                table.c.convening_id.in_({place[1] for place in places}),
            )
        )
        found = self._connection.execute(query)
        return {(row.partnership_id, row.convening_id, row.domain_id): row for row in found}

    def _insert_new(self, writes: Sequence[_Write], stamp: _Stamp) -> dict[Place, int]:
        """Ids of the new rows. ChangedMeanwhileError where a row has appeared at one of the places."""
        if not writes:
            return {}
        connection = self._to_write()
        rows = (_new_row(write) for write in writes)
        insert_many(connection, insert_unless_there(connection, t.ratings), self._common(stamp), rows)
        table = t.ratings.c
        query = select(table.id, table.partnership_id, table.convening_id, table.domain_id).where(
            table.network_id == self._network_id, table.batch_id == stamp.batch_id, table.row_version == 1
        )
        ids = {(p, c, d): row_id for row_id, p, c, d in connection.execute(query)}
        if any(write.place not in ids for write in writes):
            raise ChangedMeanwhileError(MEANWHILE)
        return ids

    def _common(self, stamp: _Stamp) -> dict[str, object]:
        """What all new rows of an import have alike."""
        return {
            **draft_values(RatingDraft()),
            "network_id": self._network_id,
            "row_version": 1,
            "pen": "",
            "pen_base": 0,
            "saved_at": stamp.now,
            "saved_by": stamp.by,
            "batch_id": stamp.batch_id,
        }

    def _update_old(self, writes: Sequence[_Write], stamp: _Stamp) -> None:
        if not writes:
            return
        table = t.ratings
        statement = (
            update(table)
            .where(table.c.id == bindparam("row_id"), table.c.row_version == bindparam("base"))
            .values(
                level=bindparam("new_level"),
                version_id=bindparam("new_version_id"),
                row_version=table.c.row_version + 1,
                pen="",
                pen_base=0,
                saved_at=stamp.now,
                saved_by=stamp.by,
                batch_id=stamp.batch_id,
            )
        )
        rows = [
            {
                "row_id": write.stored.id,
                "base": write.stored.row_version,
                "new_level": write.level,
                "new_version_id": write.version.id,
            }
            for write in writes
            if write.stored is not None
        ]
        if self._to_write().execute(statement, rows).rowcount != len(rows):
            raise ChangedMeanwhileError(MEANWHILE)

    def _remember_all(self, writes: Sequence[_Write], ids: Mapping[Place, int], stamp: _Stamp) -> None:
        common = {"changed_at": stamp.now, "changed_by": stamp.by, "batch_id": stamp.batch_id}
        changes = (_change(write, ids.get(write.place)) for write in writes)
        insert_many(self._to_write(), insert(t.rating_changes), common, changes)


def _new_row(write: _Write) -> dict[str, int | None]:
    partnership_id, convening_id, domain_id = write.place
    return {
        "partnership_id": partnership_id,
        "convening_id": convening_id,
        "domain_id": domain_id,
        "version_id": write.version.id,
        "level": write.level,
    }


def _change(write: _Write, new_id: int | None) -> dict[str, int | str | None]:
    stored = write.stored
    before = draft_of(stored) if stored else None
    after = replace(before, level=write.level) if before else RatingDraft(write.level)
    return {
        "rating_id": stored.id if stored else new_id,
        "row_version": stored.row_version + 1 if stored else 1,
        "old_level": before.level if before else None,
        "new_level": write.level,
        "old_json": draft_text(before, stored.number) if before and stored else None,
        "new_json": draft_text(after, write.version.number),
    }
