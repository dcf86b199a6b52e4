"""Many levels at once, as an import writes them: all or none, each against its planned row version."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import islice
from typing import TypeAlias

from sqlalchemy import Case, Update, and_, case, func, insert, literal, null, select, update

from progressions.errors import ChangedMeanwhileError, NotAllowedError
from progressions.ratings import LevelWrite, RatingDraft
from progressions.rubric import RubricVersion
from progressions.store import tables as t
from progressions.store.bulk import AT_ONCE, BulkRow, Given, Stamp, insert_many, update_many
from progressions.store.codes import read_codes
from progressions.store.drafts import draft_of, draft_text, draft_values
from progressions.store.presence import CONVENINGS, PARTNERSHIPS, Presence
from progressions.store.rubrics import Rubrics
from progressions.store.scope import AnyRow

MEANWHILE = (
    "Ratings have been saved since this import was prepared. Nothing was imported. Look at the new preview first."
)

Place: TypeAlias = tuple[int, int, int]
"""Ids of partnership, convening and domain."""


@dataclass(frozen=True, slots=True)
class _Known:
    """Ids by code or day, and the latest version of each rubric by the rubric's code."""

    partnerships: Mapping[str, int]
    convenings: Mapping[date, int]
    domains: Mapping[tuple[str, str], int]
    versions: Mapping[str, RubricVersion]
    levels: Mapping[str, frozenset[int]]

    def place(self, row: LevelWrite) -> Place:
        """NotAllowedError where a part of the key does not exist, KeyError where the rubric lacks the level."""
        key = row.key
        version = self.versions.get(key.rubric)
        if version is None or key.domain not in version.wordings:
            raise NotAllowedError
        if row.level is not None and row.level not in self.levels[key.rubric]:
            raise KeyError(row.level)
        try:
            return (
                self.partnerships[key.partnership],
                self.convenings[key.held_on],
                self.domains[key.rubric, key.domain],
            )
        except KeyError:
            raise NotAllowedError from None


@dataclass(frozen=True, slots=True)
class _Update:
    """One level that takes the place of another: the row as it is, and what it will say under which version."""

    stored: AnyRow
    level: int | None
    version: RubricVersion


class Levels(Rubrics, Presence):
    """The part of the repository for imports."""

    def save_levels(self, rows: Iterable[LevelWrite], *, batch_id: int, by: str, now: datetime) -> None:
        """Writes levels under the latest version of each rubric; evidence and next steps stay as they are.

        A level that is stored already is left alone. Raises ChangedMeanwhileError where any row is not at its
        base, NotAllowedError where a part of a key or the batch does not exist, KeyError where a rubric lacks
        the level; nothing is written then, and the transaction can go on. ``rows`` are taken portion by portion.
        """
        self._check_staff()
        self._check_batch(batch_id)
        known, stamp = self._known(), Stamp(batch_id, by, self._principal.came_from, now)
        remaining = iter(rows)
        with self._to_write().begin_nested():
            last = self._connection.execute(select(func.max(t.ratings.c.id))).scalar_one() or 0
            while portion := list(islice(remaining, AT_ONCE)):
                self._insert_new([row for row in portion if row.base == 0], known, stamp)
                self._update_old([row for row in portion if row.base != 0], known, stamp)
            if known.versions:
                self._remember_new(last, known, stamp)

    def _check_batch(self, batch_id: int) -> None:
        query = select(t.batches.c.id).where(t.batches.c.id == batch_id, t.batches.c.network_id == self._network_id)
        if self._connection.execute(query).first() is None:
            raise NotAllowedError

    def _known(self) -> _Known:
        versions = {version.rubric.code: version for version in self.latest_rubrics()}
        codes = read_codes(self._connection, self._network_id)
        return _Known(
            {codes.partnerships[row_id]: row_id for row_id in self._present(PARTNERSHIPS)},
            {codes.convenings[row_id]: row_id for row_id in self._present(CONVENINGS)},
            {code: row_id for row_id, code in codes.domains.items()},
            versions,
            {code: frozenset(step.position for step in v.rubric.levels) for code, v in versions.items()},
        )

    def _insert_new(self, rows: Sequence[LevelWrite], known: _Known, stamp: Stamp) -> None:
        """ChangedMeanwhileError where there is a row at one of the places."""
        common = {
            **draft_values(RatingDraft()),
            **stamp.of_ratings(stamp.batch_id),
            "network_id": self._network_id,
            "row_version": 1,
        }
        del common["level"]
        names = ("level", "version_id", "partnership_id", "convening_id", "domain_id")
        values = ((row.level, known.versions[row.key.rubric].id, *place) for row, place in _placed(rows, known))
        if insert_many(self._to_write(), t.ratings, common, names, values) != len(rows):
            raise ChangedMeanwhileError(MEANWHILE)

    def _remember_new(self, last: int, known: _Known, stamp: Stamp) -> None:
        """The first change of each row that came after the row ``last``; there is little that they can say."""
        row = t.ratings.c
        said = {
            "rating_id": row.id,
            "row_version": row.row_version,
            "new_level": row.level,
            "new_json": _said(known.versions.values()),
            "old_level": null(),
            "old_json": null(),
        } | {name: literal(value, t.rating_changes.c[name].type) for name, value in stamp.of_changes.items()}
        query = select(*said.values()).where(
            row.id > last, row.network_id == self._network_id, row.batch_id == stamp.batch_id, row.row_version == 1
        )
        self._to_write().execute(insert(t.rating_changes).from_select(list(said), query))

    def _update_old(self, rows: Sequence[LevelWrite], known: _Known, stamp: Stamp) -> None:
        """ChangedMeanwhileError where a row is not at its base."""
        updates = list(self._updates(rows, known))
        if not updates:
            return
        connection, row = self._to_write(), t.ratings.c
        columns = {"row_id": row.id, "base": row.row_version, "new_level": row.level, "new_version_id": row.version_id}

        def statement(given: Given) -> Update:
            new = {
                "level": given("new_level"),
                "version_id": given("new_version_id"),
                "row_version": row.row_version + 1,
            }
            at_base = (row.id == given("row_id"), row.row_version == given("base"))
            return update(t.ratings).where(*at_base).values(new | stamp.of_ratings(stamp.batch_id))

        values = ((u.stored.id, u.stored.row_version, u.level, u.version.id) for u in updates)
        if update_many(connection, statement, columns, values) != len(updates):
            raise ChangedMeanwhileError(MEANWHILE)
        names = ("rating_id", "row_version", "old_level", "new_level", "old_json", "new_json")
        insert_many(connection, t.rating_changes, stamp.of_changes, names, map(_change, updates))

    def _updates(self, rows: Sequence[LevelWrite], known: _Known) -> Iterator[_Update]:
        """Those of the rows that change something."""
        placed = _placed(rows, known)
        stored = self._stored_at([place for _, place in placed])
        for row, place in placed:
            there = stored.get(place)
            if there is None or there.row_version != row.base:
                raise ChangedMeanwhileError(MEANWHILE)
            if there.level != row.level:
                yield _Update(there, row.level, known.versions[row.key.rubric])

    def _stored_at(self, places: Sequence[Place]) -> dict[Place, AnyRow]:
        """The rows that there are, for all partnerships and convenings of the places."""
        if not places:
            return {}
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


def _placed(rows: Sequence[LevelWrite], known: _Known) -> list[tuple[LevelWrite, Place]]:
    return [(row, known.place(row)) for row in rows]


def _said(versions: Iterable[RubricVersion]) -> Case[str]:
    """The text of a draft that is a level and nothing else, for each level that there can be."""
    row = t.ratings.c
    return case(
        *(
            (and_(row.version_id == version.id, row.level.is_not_distinct_from(level)), literal(text))
            for version in versions
            for level in (None, *(step.position for step in version.rubric.levels))
            for text in (draft_text(RatingDraft(level), version.number),)
        )
    )


def _change(change: _Update) -> BulkRow:
    before, stored = draft_of(change.stored), change.stored
    after = replace(before, level=change.level)
    return (
        stored.id,
        stored.row_version + 1,
        before.level,
        change.level,
        draft_text(before, stored.number),
        draft_text(after, change.version.number),
    )
