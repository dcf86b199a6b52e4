"""A furnished network in which everything can be done that the record notes, and what stands in it afterwards."""

from dataclasses import dataclass
from datetime import timedelta

from progressions.people import Access, Principal
from progressions.ratings import RatingDraft
from progressions.services import imports, mappings, people, ratings, sign_in
from progressions.services.imports import Preview
from progressions.services.people import Invitation
from progressions.services.ratings import Pen
from progressions.settings import ReadLimits
from progressions.store import Store
from tests.factories import NOW, a_key
from tests.plain_sql import PlainSql

LIMITS = ReadLimits()
LATER = NOW + timedelta(hours=1)
WIDE = "partnership code,partnership,convening date,Domain 1\nash,Ash County,2026-03-05,{}\n"


@dataclass(frozen=True)
class World:
    """A furnished network with people, and what a test may do in it."""

    store: Store
    staff: Principal
    facilitator: Principal
    member: Principal

    def preview(self, content: str) -> Preview:
        shown = imports.preview(self.store, self.staff, content.encode(), "past.csv", None, LIMITS)
        assert isinstance(shown, Preview), shown.unsure
        return shown

    def rate(self, level: int = 2) -> None:
        stored = ratings.rating(self.store, self.facilitator, a_key())
        base = stored.row_version if stored else 0
        draft = RatingDraft(level, "seen")
        ratings.save_rating(self.store, self.facilitator, a_key(), draft, base=base, pen=Pen("tab", base), now=NOW)

    def imported(self) -> int:
        batch = imports.confirm(self.store, self.staff, self.preview(WIDE.format(3)), NOW)
        assert batch is not None
        return batch

    def keep(self) -> None:
        mappings.save_mapping(self.store, self.staff, "ours", self.preview(WIDE.format(3)).mapping, NOW)

    def invited(self) -> people.Invited:
        return people.invite(self.store, self.staff, Invitation("Ana", Access.MEMBER, "ash"), NOW)

    def session(self) -> str:
        token = sign_in.use_link(self.store, self.invited().link_token, 1, NOW)
        assert token is not None
        return token

    def signed_in(self) -> tuple[str, Principal]:
        token = self.session()
        principal = sign_in.principal_of(self.store, token, NOW)
        assert principal is not None
        return token, principal


def noted(store: Store) -> list[str]:
    """Every line by plain SQL: each save of a vote and each of a rating by hand, then the record itself."""
    sql = PlainSql(str(store.url))
    rated = sql.value("SELECT count(*) FROM rating_changes WHERE batch_id IS NULL")
    voted = sql.value("SELECT count(*) FROM vote_changes")
    told = [action for (action,) in sql.rows("SELECT action FROM record ORDER BY id")]
    return ["voted"] * voted + ["rated"] * rated + told
