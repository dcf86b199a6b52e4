"""How everybody's ratings came about, for views of peers: levels alone, without names unless the network shows them."""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import TypeAlias

from sqlalchemy import DateTime, select, type_coerce

from progressions.errors import NotAllowedError
from progressions.people import Access, PeerView
from progressions.store import tables as t
from progressions.store.codes import Codes, read_codes
from progressions.store.column_types import in_utc
from progressions.store.scope import AnyRow, Scope

PeerChange: TypeAlias = tuple[int, datetime, str, str, int | None, int]
"""Step, moment, partnership, domain, level (None: not rated from then on), wording."""


class Peers(Scope):
    """The part of the repository for partnerships beside one another."""

    def peer_changes(self, rubric: str, held_on: date) -> list[PeerChange]:
        """Every save of a level of one rubric at one convening, in the order of saving.

        What was written at once (an import; an undo) is one step. Partnerships are told by code to staff, and to
        members of a network that shows names; to others all are numbered, so that it is the same for all of them, and
        ``peer_name`` tells which is their own. NotAllowedError for a person who sees no peers. A save that leaves a
        level and its wording as they were changes nothing, and is here all the same.
        """
        self._check_sees_peers()
        codes = read_codes(self._connection, self._network_id)
        names = self._named(codes.partnerships)
        wordings, versions, moments = self._wordings_by_number(rubric), _Versions(), _Moments()
        return [
            (step, moments[at], names[who], codes.domains[of][1], level, wordings[versions[said], of])
            for step, (_, at, level, said, _, who, of) in _in_steps(self._level_changes(rubric, held_on, codes))
        ]

    def days_ever(self) -> tuple[date, ...]:
        """The day of every convening that there is or was, an import that was undone too, the earliest first."""
        self._check_sees_peers()
        table = t.convenings.c
        query = select(table.held_on).where(table.network_id == self._network_id).order_by(table.held_on)
        return tuple(self._connection.execute(query).scalars())

    def peer_name(self, partnership: str) -> str:
        """How ``peer_changes`` calls a partnership that this person may see; NotAllowedError for others."""
        self._check_own(partnership)
        self._check_sees_peers()
        table = t.partnerships.c
        query = select(table.id).where(table.network_id == self._network_id, table.code == partnership)
        row_id: int | None = self._connection.execute(query).scalar_one_or_none()
        if row_id is None:
            raise NotAllowedError
        return partnership if self._sees_names else _number(row_id)

    def peer_titles(self) -> dict[str, str]:
        """Titles of all partnerships by code, for those who see names; NotAllowedError for others."""
        if not self._sees_names:
            raise NotAllowedError
        table = t.partnerships.c
        query = select(table.code, table.title).where(table.network_id == self._network_id)
        return {row.code: row.title for row in self._connection.execute(query)}

    @property
    def _sees_names(self) -> bool:
        who = self._principal
        is_open = who.network.peer_view is PeerView.NAMES and who.access is not Access.RATER
        return who.is_staff or is_open

    def _check_sees_peers(self) -> None:
        who = self._principal
        if not who.is_staff and (who.access is Access.RATER or who.network.peer_view is PeerView.NOTHING):
            raise NotAllowedError

    def _peer_names(self) -> Mapping[int, str]:
        self._check_sees_peers()
        return self._named(read_codes(self._connection, self._network_id).partnerships)

    def _named(self, codes: Mapping[int, str]) -> Mapping[int, str]:
        return codes if self._sees_names else {row_id: _number(row_id) for row_id in codes}

    def _level_changes(self, rubric: str, held_on: date, codes: Codes) -> Sequence[AnyRow]:
        """Rows of the history by id: SQLite finds them by the key of ratings, which begins with the partnership.

        All at once, and their moments as the database has them: each of very many would take its time.
        """
        row, change = t.ratings.c, t.rating_changes.c
        convenings = [row_id for row_id, day in codes.convenings.items() if day == held_on]
        domains = [row_id for row_id, (code, _) in codes.domains.items() if code == rubric]
        everybody = select(t.partnerships.c.id).where(t.partnerships.c.network_id == self._network_id)
        query = (
            select(
                change.rating_id,
                type_coerce(change.changed_at, DateTime(timezone=True)),
                change.new_level,
                change.new_json,
                change.batch_id,
                row.partnership_id,
                row.domain_id,
            )
            .join(t.ratings, row.id == change.rating_id)
            .where(
                row.network_id == self._network_id,
                row.partnership_id.in_(everybody),
                row.convening_id.in_(convenings),
                row.domain_id.in_(domains),
            )
        )
        return self._connection.execute(query.order_by(change.id)).fetchall()

    def _wordings_by_number(self, rubric: str) -> dict[tuple[int, int], int]:
        """The version in which a domain's wording began, by number of the version and id of the domain."""
        texts, version = t.domain_texts.c, t.rubric_versions.c
        query = (
            select(version.number, texts.domain_id, texts.wording)
            .join(t.rubric_versions, version.id == texts.version_id)
            .join(t.rubrics, t.rubrics.c.id == version.rubric_id)
            .where(t.rubrics.c.network_id == self._network_id, t.rubrics.c.code == rubric)
        )
        return {(number, domain_id): wording for number, domain_id, wording in self._connection.execute(query)}


def _number(row_id: int) -> str:
    return f"#{row_id}"


class _Versions(dict[str, int]):
    """The number of the version under which a change was said, by the text of what was said: most texts are alike."""

    def __missing__(self, said: str) -> int:
        number: int = json.loads(said)["rubric_version"]
        self[said] = number
        return number


class _Moments(dict[datetime, datetime]):
    """Moments in UTC by what the database keeps: those of one import are one."""

    def __missing__(self, kept: datetime) -> datetime:
        moment = self[kept] = in_utc(kept)
        return moment


def _in_steps(rows: Sequence[AnyRow]) -> Iterator[tuple[int, AnyRow]]:
    """Each row with the number of its step.

    A batch changes a rating once: where one comes a second time, its undo has begun.
    """
    step, batch, seen = 0, None, set[int]()
    for row in rows:
        rating_id, _, _, _, batch_id, _, _ = row
        if batch_id is None or batch_id != batch or rating_id in seen:
            step, batch, seen = step + 1, batch_id, set()
        seen.add(rating_id)
        yield step, row
