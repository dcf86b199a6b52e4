"""The network that the measures and the chart pages are measured in, and who looks at it."""

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from progressions.clock import utc_now
from progressions.people import Access, Principal
from progressions.ratings import RatingDraft, RatingKey
from progressions.services import people, reveals, rubrics, sign_in, team_sessions
from progressions.services.people import Invitation
from progressions.services.team_sessions import Wish
from progressions.store import Store, open_store
from progressions.team_session import DomainKey, Naming, Side
from tests import factories, many_sites
from tests.factories import NOW
from tests.services.rooms import all_voted, joined

MEETINGS = 2
"""Convenings, the last ones, at which the members' teams voted."""
MEMBERS = 4
"""Partnerships whose members look."""
TEAM = (Side.LEA, Side.IHE) * 3


@dataclass(frozen=True, slots=True)
class Furnished:
    """A network with all its ratings in a database of its own."""

    store: Store
    staff: Principal
    sites: int
    convenings: int

    @property
    def url(self) -> str:
        """The database."""
        return self.store.url.render_as_string(hide_password=False)

    @property
    def days(self) -> list[date]:
        """Its convenings, oldest first."""
        return many_sites.days(self.convenings)

    def session_of(self, access: Access, partnership: str = "") -> str:
        """The cookie of somebody new who has come in."""
        who = Invitation(f"{access.value} {partnership}".strip(), access, partnership)
        invited = people.invite(self.store, self.staff, who, utc_now())
        token = sign_in.use_link(self.store, invited.link_token, 1, utc_now())
        assert token is not None
        return token

    def save_something(self) -> None:
        """Somebody saves another level: the last partnership, at the latest convening."""
        version = rubrics.latest(self.store, self.staff)[0]
        domain = version.rubric.domains[0].code
        key = RatingKey(many_sites.codes(self.sites)[-1], self.days[-1], version.rubric.code, domain)
        with self.store.write(self.staff) as repository:
            before = repository.rating(key)
            base = before.row_version if before else 0
            draft = RatingDraft(base % 4 + 1, evidence=f"Looked at {base} times")
            repository.save_rating(key, draft, base=base, version=version, by="Sam", now=utc_now())


@contextmanager
def furnished(sites: int, convenings: int, of: Sequence[str] = many_sites.RUBRICS) -> Iterator[Furnished]:
    """Such a network in a file of its own: everybody rated every domain at each convening, a few teams voted too."""
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(f"sqlite:///{Path(folder) / 'network.sqlite3'}")
        staff = many_sites.furnish(store, factories.a_network(store), sites, convenings, whole=True, of=of)
        made = Furnished(store, staff, sites, convenings)
        for code in many_sites.codes(sites)[:MEMBERS]:
            for day in made.days[-MEETINGS:]:
                _meet(made, code, day)
        yield made
        store.close()


def _meet(made: Furnished, partnership: str, day: date) -> None:
    """The team votes on every domain and sees what it said."""
    store, staff = made.store, made.staff
    versions = rubrics.latest(store, staff)
    keys = tuple(DomainKey(v.rubric.code, domain.code) for v in versions for domain in v.rubric.domains)
    team = team_sessions.open_session(store, staff, Wish(partnership, day, Naming.ALIAS, True, keys), NOW)
    tokens = joined(store, team, *TEAM)
    for place, key in enumerate(keys):
        all_voted(store, tokens, key, [(place + person) % 3 + 1 for person in range(len(TEAM))])
    now = team_sessions.session_of(store, staff, partnership, day)
    assert now is not None
    reveals.reveal(store, staff, now, keys, NOW)
