"""Identities at an identity provider, and the people they belong to."""

from datetime import datetime

from sqlalchemy import Select, select

from progressions.store import tables as t
from progressions.store.people import People
from progressions.store.scope import insert_unless_there


class Identities(People):
    """The part of the directory for identities. One is known by its issuer and its subject, never by an e-mail."""

    def identity(self, issuer: str, subject: str) -> int | None:
        """Id of the person this identity is linked to; None where it is linked to nobody."""
        table = t.identities.c
        query = select(table.person_id).where(table.issuer == issuer, table.subject == subject)
        found: int | None = self._connection.execute(query).scalar_one_or_none()
        return found

    def awaiting(self, email: str) -> int | None:
        """Id of the one person who has this e-mail, is let into a network, and has no identity yet.

        Compared whatever the case; None where nobody is, or more than one.
        """
        wanted = email.casefold()
        rows = self._connection.execute(_awaiting())
        found = [row.id for row in rows if row.email.casefold() == wanted]  # databases fold the letters of ASCII only
        return found[0] if len(found) == 1 else None

    def link_identity(self, issuer: str, subject: str, person_id: int, now: datetime) -> bool:
        """Links an identity to a person who awaits one; False, and nothing changes, where one of the two is taken.

        The person's row is held first: of two identities that come at one moment, one links.
        """
        self._connection.execute(select(t.people.c.id).where(t.people.c.id == person_id).with_for_update())
        if self._connection.execute(_awaiting().where(t.people.c.id == person_id)).first() is None:
            return False
        values = {"issuer": issuer, "subject": subject, "person_id": person_id, "linked_at": now}
        insert = insert_unless_there(self._connection, t.identities).values(values)
        return self._connection.execute(insert.returning(t.identities.c.person_id)).first() is not None


def _awaiting() -> Select[tuple[int, str]]:
    """Everybody with an e-mail and an access, and without an identity."""
    person = t.people.c
    return select(person.id, person.email).where(
        person.email.is_not(None),
        person.id.in_(select(t.accesses.c.person_id)),
        person.id.not_in(select(t.identities.c.person_id)),
    )
