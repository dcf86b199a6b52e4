"""What partnerships share of their way: a note for each domain, and whether they may be asked.

What others read of it here, they read because the partnership agreed to it.
"""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select, update

from progressions.errors import ChangedMeanwhileError, NotAllowedError
from progressions.ratings import RatingFact
from progressions.sharing import SharedNote, Sharer
from progressions.store import peer_tables as p
from progressions.store import tables as t
from progressions.store.codes import read_codes
from progressions.store.peers import Peers
from progressions.store.scope import AnyRow, AnySelect, insert_unless_there

MEANWHILE = "Somebody else changed what is shared first. Nothing was overwritten. Look at it, then decide."


class Sharing(Peers):
    """The part of the repository for shared notes."""

    def shared_note(self, partnership: str, rubric: str, domain: str) -> SharedNote:
        """What a partnership shares of one of its domains; an empty one where it has said nothing.

        NotAllowedError where there is no such partnership or domain.
        """
        self._check_own(partnership)
        row = self._connection.execute(self._notes_of(partnership, rubric, domain)).first()
        if row is None:
            self._place_of(SharedNote(partnership, rubric, domain))
        return self._note(row) if row else SharedNote(partnership, rubric, domain)

    def shared_notes_of(self, partnership: str) -> tuple[SharedNote, ...]:
        """Everything that one partnership has ever shared, by rubric and domain."""
        self._check_own(partnership)
        query = self._notes().where(t.partnerships.c.code == partnership)
        ordered = query.order_by(t.rubrics.c.code, t.domains.c.code)
        return tuple(self._note(row) for row in self._connection.execute(ordered))

    def notes_to_read(self, rubric: str) -> tuple[tuple[SharedNote, str], ...]:
        """What others share in a rubric, with their titles: staff read every note, members of who may be asked.

        NotAllowedError for a person who sees no peers.
        """
        self._check_sees_peers()
        query = self._notes().where(t.rubrics.c.code == rubric)
        if not self._principal.is_staff:
            query = query.where(p.shared_notes.c.asked_at.is_not(None), t.partnerships.c.code != self._own)
        rows = self._connection.execute(query.order_by(t.partnerships.c.title, t.domains.c.code))
        return tuple((self._note(row), row.partnership_title) for row in rows)

    def sharers(self, rubric: str) -> tuple[Sharer, ...]:
        """All who may be asked about a domain of a rubric, and who might be once; the first to agree first.

        NotAllowedError for a person who sees no peers.
        """
        names, note = self._peer_names(), p.shared_notes.c
        query = self._notes().where(t.rubrics.c.code == rubric, note.first_asked_at.is_not(None))
        ordered = query.order_by(note.first_asked_at, note.partnership_id, note.domain_id)
        return tuple(
            Sharer(names[row.partnership_id], row.partnership if row.asked_at else "", row.domain, row.first_asked_at)
            for row in self._connection.execute(ordered)
        )

    def facts_of_sharers(self, rubric: str) -> list[RatingFact]:
        """The ratings of those who may be asked, in the domains of a rubric about which they may."""
        self._check_sees_peers()
        codes, rating, note = read_codes(self._connection, self._network_id), t.ratings.c, p.shared_notes.c
        agreed = select(note.partnership_id, note.domain_id).where(
            note.network_id == self._network_id, note.asked_at.is_not(None)
        )
        shared = {(who, of) for who, of in self._connection.execute(agreed) if codes.domains[of][0] == rubric}
        columns = (rating.partnership_id, rating.convening_id, rating.domain_id, rating.version_id, rating.level)
        query = select(*columns).where(
            rating.network_id == self._network_id,
            rating.partnership_id.in_({who for who, _ in shared}),
            rating.domain_id.in_({of for _, of in shared}),
            rating.level.is_not(None),
        )
        return [
            RatingFact(codes.partnerships[who], codes.convenings[at], *codes.domains[of], level, codes.wordings[v, of])
            for who, at, of, v, level in self._connection.execute(query)
            if (who, of) in shared
        ]

    def save_shared_note(self, note: SharedNote, *, by: str, now: datetime) -> SharedNote:
        """Saves what a partnership shares, if the row is still at the note's ``row_version``; returns it as read back.

        ``asked_at`` says whether the partnership agrees, and since when. ChangedMeanwhileError where somebody saved
        first; NotAllowedError where there is no such domain.
        """
        self._check_own(note.partnership)
        before = self.shared_note(note.partnership, note.rubric, note.domain)
        if before.row_version != note.row_version:
            raise ChangedMeanwhileError(MEANWHILE)
        place = self._place_of(note)
        values = {
            "note": note.note,
            "contact": note.contact,
            "asked_at": note.asked_at,
            "first_asked_at": before.first_asked_at or note.asked_at,
            "row_version": note.row_version + 1,
            "saved_at": now,
            "saved_by": by,
        }
        self._put_note(place, values, is_new=note.row_version == 0, base=note.row_version)
        return self.shared_note(note.partnership, note.rubric, note.domain)

    def _put_note(self, place: Mapping[str, int], values: Mapping[str, object], *, is_new: bool, base: int) -> None:
        connection, table = self._to_write(), p.shared_notes
        here = [table.c[name] == value for name, value in place.items()]
        added = insert_unless_there(connection, table).values({**place, **values})
        changed = update(table).where(*here, table.c.row_version == base).values(values)
        statement = added.returning(table.c.row_version) if is_new else changed.returning(table.c.row_version)
        if connection.execute(statement).first() is None:
            raise ChangedMeanwhileError(MEANWHILE)

    def _place_of(self, note: SharedNote) -> dict[str, int]:
        codes = read_codes(self._connection, self._network_id)
        who = [row_id for row_id, code in codes.partnerships.items() if code == note.partnership]
        of = [row_id for row_id, code in codes.domains.items() if code == (note.rubric, note.domain)]
        if not who or not of:
            raise NotAllowedError
        return {"network_id": self._network_id, "partnership_id": who[0], "domain_id": of[0]}

    def _notes_of(self, partnership: str, rubric: str, domain: str) -> AnySelect:
        return self._notes().where(
            t.partnerships.c.code == partnership, t.rubrics.c.code == rubric, t.domains.c.code == domain
        )

    def _notes(self) -> AnySelect:
        return (
            select(
                p.shared_notes,
                t.partnerships.c.code.label("partnership"),
                t.partnerships.c.title.label("partnership_title"),
                t.rubrics.c.code.label("rubric"),
                t.domains.c.code.label("domain"),
            )
            .join(t.partnerships, t.partnerships.c.id == p.shared_notes.c.partnership_id)
            .join(t.domains, t.domains.c.id == p.shared_notes.c.domain_id)
            .join(t.rubrics, t.rubrics.c.id == t.domains.c.rubric_id)
            .where(p.shared_notes.c.network_id == self._network_id)
        )

    def _note(self, row: AnyRow) -> SharedNote:
        return SharedNote(
            row.partnership,
            row.rubric,
            row.domain,
            row.note,
            row.contact,
            row.asked_at,
            row.first_asked_at,
            row.row_version,
            row.saved_at,
            self._names.of(row.saved_by),
        )
