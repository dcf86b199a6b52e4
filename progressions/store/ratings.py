"""Ratings of one network: reading them, and saving one of them without ever overwriting somebody else's."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, insert, or_, select, update

from progressions.errors import ChangedMeanwhileError, NotAllowedError
from progressions.ratings import RatingDraft, RatingFact, RatingKey, StoredRating, Told
from progressions.rubric import RubricVersion
from progressions.store import tables as t
from progressions.store.codes import Codes, read_codes
from progressions.store.drafts import draft_of, draft_text, draft_values
from progressions.store.presence import CONVENINGS, PARTNERSHIPS
from progressions.store.scope import AnyRow, AnySelect, Scope, new_id

MEANWHILE = "Somebody else saved this rating first. Nothing was overwritten. Look at what they saved, then decide."


@dataclass(frozen=True, slots=True)
class Since:
    """What became of ratings after one change in the history: how they are now, and which are not rated any more.

    ``change`` is the number of the latest change that this knows of.
    """

    change: int
    facts: list[RatingFact]
    gone: list[RatingKey]


@dataclass(frozen=True, slots=True)
class _Place:
    """A rating's key as ids."""

    partnership_id: int
    convening_id: int
    domain_id: int


class Ratings(Scope):
    """The part of the repository for ratings."""

    def facts(self, rubric: str | None = None, partnership: str | None = None) -> list[RatingFact]:
        """Every agreed level that this person sees, or those of one rubric or one partnership of these.

        What is not rated has no row.
        """
        partnership = self._own if partnership is None else partnership
        if partnership is not None:
            self._check_own(partnership)
        codes = read_codes(self._connection, self._network_id)
        table = t.ratings.c
        query = self._rows_of_levels().where(table.level.is_not(None))
        if rubric is not None:
            wanted = [domain_id for domain_id, (code, _) in codes.domains.items() if code == rubric]
            query = query.where(table.domain_id.in_(wanted))
        if partnership is not None:
            chosen = [row_id for row_id, code in codes.partnerships.items() if code == partnership]
            query = query.where(table.partnership_id.in_(chosen))
        return _facts(codes, self._connection.execute(query))

    def latest_change(self) -> int:
        """The number of the latest change of any rating of the network, 0 where there is none.

        One network's changes are numbered in the order in which they are saved, for its writers wait for one another.
        """
        change = t.rating_changes.c
        query = select(change.id).where(self._is_change_of_ours()).order_by(change.id.desc()).limit(1)
        found: int | None = self._connection.execute(query).scalar()
        return found or 0

    def facts_since(self, change: int, most: int) -> Since | None:
        """What this person sees of the ratings that changed after a change; None where more than ``most`` did."""
        if self._own is not None:
            self._check_own(self._own)
        found = self._changed_since(change, most)
        if found is None:
            return None
        codes, (latest, rows) = read_codes(self._connection, self._network_id), found
        seen = [row for row in rows if self._own in (None, codes.partnerships[row[0]])]
        facts = _facts(codes, (row for row in seen if row[-1] is not None))
        gone = _facts(codes, (row for row in seen if row[-1] is None))
        return Since(latest, facts, [RatingKey(*each[:4]) for each in gone])

    def places_since(self, change: int, most: int) -> tuple[int, frozenset[tuple[str, date]]] | None:
        """In which rubrics, on which days, anything changed after a change, with the latest one of all; else as
        ``facts_since``. Of whom, and what, is not told.
        """
        found = self._changed_since(change, most)
        if found is None:
            return None
        codes, (latest, rows) = read_codes(self._connection, self._network_id), found
        return latest, frozenset((codes.domains[row[2]][0], codes.convenings[row[1]]) for row in rows)

    def _changed_since(self, change: int, most: int) -> tuple[int, list[Sequence[Any]]] | None:
        """The latest change, and rows as ``_rows_of_levels`` has them."""
        changes, row = t.rating_changes.c, t.ratings.c
        later = (
            select(changes.id, changes.rating_id)
            .where(changes.id > change, self._is_change_of_ours())
            .order_by(changes.id)
            .limit(most + 1)
        )
        numbers = {rating_id: number for number, rating_id in self._connection.execute(later)}
        if len(numbers) > most:
            return None
        if not numbers:
            return change, []
        query = self._rows_of_levels().add_columns(row.id).where(row.id.in_(list(numbers)))
        found = self._connection.execute(query).all()
        return max((numbers[each.id] for each in found), default=change), [each[:-1] for each in found]

    def _rows_of_levels(self) -> AnySelect:
        row = t.ratings.c
        query = select(row.partnership_id, row.convening_id, row.domain_id, row.version_id, row.level)
        return query.where(row.network_id == self._network_id)

    def attendance(self) -> tuple[tuple[str, date], ...]:
        """Which partnership (its code) rated anything on which day: each pair once, in no order.

        Whoever sees one partnership alone learns how many others rated, and not which: their codes are numbered.
        """
        codes = read_codes(self._connection, self._network_id)
        names = self._attending(codes.partnerships)
        who, at, row = t.partnerships.c, t.convenings.c, t.ratings.c
        # Looking up each pair reads one rating of it; the different pairs of all ratings would read every one.
        rated = select(row.id).where(
            row.network_id == self._network_id,
            row.partnership_id == who.id,
            row.convening_id == at.id,
            row.level.is_not(None),
        )
        query = (
            select(who.id, at.id)
            .join(t.convenings, at.network_id == who.network_id)
            .where(who.network_id == self._network_id, rated.exists())
        )
        return tuple((names[p], codes.convenings[c]) for p, c in self._connection.execute(query))

    def attendance_since(self, change: int, most: int) -> tuple[int, frozenset[tuple[str, date]]] | None:
        """The pairs of ``attendance`` that were rated after a change, with the latest change; None where more than
        ``most`` ratings changed, or one was taken back: then a pair may be gone.
        """
        found = self._changed_since(change, most)
        if found is None or any(row[-1] is None for row in found[1]):
            return None
        codes, (latest, rows) = read_codes(self._connection, self._network_id), found
        names = self._attending(codes.partnerships)
        return latest, frozenset((names[row[0]], codes.convenings[row[1]]) for row in rows)

    def _attending(self, codes: Mapping[int, str]) -> Mapping[int, str]:
        if self._own is None:
            return codes
        return {row_id: code if code == self._own else f"#{row_id}" for row_id, code in codes.items()}

    def stored_levels(self) -> dict[RatingKey, tuple[int | None, int]]:
        """Level and row version of every row, rated or not: what an import is planned against."""
        self._check_staff()
        codes = read_codes(self._connection, self._network_id)
        table = t.ratings.c
        query = select(table.partnership_id, table.convening_id, table.domain_id, table.level, table.row_version).where(
            table.network_id == self._network_id
        )
        return {
            RatingKey(codes.partnerships[p], codes.convenings[c], *codes.domains[d]): (level, row_version)
            for p, c, d, level, row_version in self._connection.execute(query)
        }

    def rating(self, key: RatingKey) -> StoredRating | None:
        """What is stored of one domain; None where nothing has been said."""
        self._check_own(key.partnership)
        row = self._connection.execute(self._rows().where(*_is(key))).first()
        return self._stored(row) if row else None

    def ratings_of(self, partnership: str, held_on: date) -> tuple[StoredRating, ...]:
        """Everything that one partnership has said at one convening, in the order of the rubrics."""
        self._check_own(partnership)
        query = self._rows().where(t.partnerships.c.code == partnership, t.convenings.c.held_on == held_on)
        return tuple(self._stored(row) for row in self._connection.execute(_in_order(query)))

    def told_of(self, partnership: str) -> tuple[Told, ...]:
        """What a partnership told beside its levels at all convenings, oldest first, then as the rubrics go."""
        self._check_own(partnership)
        row = t.ratings.c
        tells = (row.reason.is_not(None), row.hindsight_level.is_not(None), row.next_step != "")
        query = self._rows().add_columns(t.domain_texts.c.wording)
        query = query.where(t.partnerships.c.code == partnership, or_(*tells))
        return tuple(_told(row) for row in self._connection.execute(_in_order(query)))

    def all_ratings(self) -> Iterator[StoredRating]:
        """Every row that this person sees, rated or not: by partnership title, then date, then as the rubrics go.

        Read while it is iterated: only inside the block of the transaction.
        """
        table = t.partnerships
        query = select(table.c.id, table.c.title, table.c.code).where(table.c.network_id == self._network_id)
        if self._own is not None:
            self._check_own(self._own)
            query = query.where(table.c.code == self._own)
        found = self._connection.execute(query).all()
        for partnership in sorted(found, key=lambda row: (row.title.casefold(), row.code)):
            rows = self._rows().where(t.ratings.c.partnership_id == partnership.id)
            yield from map(self._stored, self._connection.execute(_in_order(rows)))

    def save_rating(
        self,
        key: RatingKey,
        draft: RatingDraft,
        *,
        base: int,
        version: RubricVersion,
        by: str,
        now: datetime,
        pen: str = "",
        pen_base: int = 0,
        batch_id: int | None = None,
    ) -> StoredRating:
        """Saves one rating if its row is still at version ``base`` (0: there is none); returns it read back.

        What is stored already, word for word, is returned as it is. Raises ChangedMeanwhileError where the
        row has moved on, NotAllowedError where a part of the key does not exist, KeyError where the version
        lacks the level.
        """
        stored = self.rating(key)
        if stored is not None and (stored.draft, stored.rubric_version) == (draft, version.number):
            return stored
        if draft.level is not None:
            version.rubric.level(draft.level)
        values = {
            **draft_values(draft),
            "version_id": version.id,
            "pen": pen,
            "pen_base": pen_base,
            "saved_at": now,
            "saved_by": by,
            "batch_id": batch_id,
        }
        rating_id = self._put(self._place(key, version), base, values)
        if rating_id is None:
            raise ChangedMeanwhileError(MEANWHILE)
        self._remember(rating_id, base + 1, stored, draft, version, values)
        return self._read_back(key)

    def _put(self, place: _Place, base: int, values: dict[str, object]) -> int | None:
        """The id of the row that was written; None where the row is not at version ``base``."""
        table = t.ratings
        where = {
            "partnership_id": place.partnership_id,
            "convening_id": place.convening_id,
            "domain_id": place.domain_id,
        }
        if base == 0:
            new = {**where, **values, "network_id": self._network_id, "row_version": 1}
            return new_id(self._to_write(), table, new)
        statement = (
            update(table)
            .where(
                table.c.network_id == self._network_id,
                *(table.c[name] == value for name, value in where.items()),
                table.c.row_version == base,
            )
            .values(**values, row_version=base + 1)
            .returning(table.c.id)
        )
        found: int | None = self._to_write().execute(statement).scalar_one_or_none()
        return found

    def _place(self, key: RatingKey, version: RubricVersion) -> _Place:
        """The key as ids, and the check that each of its parts and the version belong to this network."""
        query = (
            select(t.partnerships.c.id, t.convenings.c.id.label("convening"), t.domains.c.id.label("domain"))
            .join(t.convenings, t.convenings.c.network_id == t.partnerships.c.network_id)
            .join(t.rubrics, t.rubrics.c.network_id == t.partnerships.c.network_id)
            .join(t.domains, t.domains.c.rubric_id == t.rubrics.c.id)
            .join(t.domain_texts, t.domain_texts.c.domain_id == t.domains.c.id)
            .where(
                t.partnerships.c.network_id == self._network_id,
                t.domain_texts.c.version_id == version.id,
                PARTNERSHIPS.present,
                CONVENINGS.present,
                *_is(key),
            )
        )
        row = self._connection.execute(query).first()
        if row is None:
            raise NotAllowedError
        return _Place(*row)

    def _remember(
        self,
        rating_id: int,
        row_version: int,
        before: StoredRating | None,
        draft: RatingDraft,
        version: RubricVersion,
        values: dict[str, object],
    ) -> None:
        change = {
            "rating_id": rating_id,
            "row_version": row_version,
            "changed_at": values["saved_at"],
            "changed_by": values["saved_by"],
            "batch_id": values["batch_id"],
            "came_from": self._principal.came_from,
            "old_level": before.draft.level if before else None,
            "new_level": draft.level,
            "old_json": draft_text(before.draft, before.rubric_version) if before else None,
            "new_json": draft_text(draft, version.number),
        }
        self._to_write().execute(insert(t.rating_changes).values(change))

    def _read_back(self, key: RatingKey) -> StoredRating:
        row = self._connection.execute(self._rows().where(*_is(key))).one()
        return self._stored(row)

    def _rows(self) -> AnySelect:
        return (
            select(
                t.ratings,
                t.partnerships.c.code.label("partnership"),
                t.convenings.c.held_on,
                t.rubrics.c.code.label("rubric"),
                t.domains.c.code.label("domain"),
                t.rubric_versions.c.number,
            )
            .join(t.partnerships, t.partnerships.c.id == t.ratings.c.partnership_id)
            .join(t.convenings, t.convenings.c.id == t.ratings.c.convening_id)
            .join(t.domains, t.domains.c.id == t.ratings.c.domain_id)
            .join(t.rubrics, t.rubrics.c.id == t.domains.c.rubric_id)
            .join(t.rubric_versions, t.rubric_versions.c.id == t.ratings.c.version_id)
            .where(
                # The last three follow from the first; they lead both databases to the right index.
                t.ratings.c.network_id == self._network_id,
                t.partnerships.c.network_id == self._network_id,
                t.convenings.c.network_id == self._network_id,
                t.rubrics.c.network_id == self._network_id,
            )
        )

    def _stored(self, row: AnyRow) -> StoredRating:
        return StoredRating(
            key=RatingKey(row.partnership, row.held_on, row.rubric, row.domain),
            draft=draft_of(row),
            rubric_version=row.number,
            row_version=row.row_version,
            saved_at=row.saved_at,
            saved_by=self._names.of(row.saved_by),
            pen=row.pen,
            pen_base=row.pen_base,
        )


def _facts(codes: Codes, rows: Iterable[Sequence[Any]]) -> list[RatingFact]:
    """Of rows as ``_rows_of_levels`` has them."""
    partnerships, convenings, domains, wordings = (
        codes.partnerships, codes.convenings, codes.domains, codes.wordings
    )  # fmt: skip
    return [
        RatingFact(partnerships[p], convenings[c], *domains[d], level, wordings[v, d]) for p, c, d, v, level in rows
    ]


def _told(row: AnyRow) -> Told:
    said = draft_of(row)
    key = (row.partnership, row.held_on, row.rubric, row.domain)
    return Told(*key, row.wording, said.reason, said.next_step, said.hindsight)


def _is(key: RatingKey) -> tuple[ColumnElement[bool], ...]:
    return (
        t.partnerships.c.code == key.partnership,
        t.convenings.c.held_on == key.held_on,
        t.rubrics.c.code == key.rubric,
        t.domains.c.code == key.domain,
    )


def _in_order(query: AnySelect) -> AnySelect:
    """By date, then rubrics as they were first published, then domains as the rubric lists them."""
    texts = t.domain_texts.c
    same_row = (texts.version_id == t.ratings.c.version_id) & (texts.domain_id == t.ratings.c.domain_id)
    return query.join(t.domain_texts, same_row).order_by(t.convenings.c.held_on, t.rubrics.c.id, texts.place)
