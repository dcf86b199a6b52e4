"""Networks in which every stored text is chosen by a test: markers to look for, or texts that want to do harm."""

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Protocol

from progressions.clock import utc_now
from progressions.people import Access, Network, Principal
from progressions.ratings import LevelWrite, NextStep, RatingDraft, RatingKey, Reason
from progressions.record import Action
from progressions.rubric import Domain, Level, Origin, Rubric, RubricVersion
from progressions.services import sign_in
from progressions.sharing import SharedNote
from progressions.store import Repository, Store, open_store
from progressions.store.column_types import Words
from progressions.store.tables import metadata
from tests.browser.server import RunningApp
from tests.web.team_worlds import Team, meet

PEN = "pen"
FIRST_DAY = date(2025, 1, 15)
ACCESSES = (Access.MEMBER, Access.FACILITATOR, Access.STAFF, Access.ADMIN)


class Texts(Protocol):
    """What stands in a field ("partnership.title"), for the row of that number; ``owner`` numbers partnerships."""

    def text(self, field: str, number: int = 0, owner: int = -1) -> str: ...

    def code(self, field: str, number: int = 0, owner: int = -1) -> str: ...


@dataclass(frozen=True)
class Size:
    """How much of everything."""

    partnerships: int = 7
    convenings: int = 2
    rubrics: int = 1
    domains: int = 2
    levels: int = 4
    seats: int = 6


@dataclass(frozen=True)
class World:
    """A furnished network and who is in it: persons by access for the first partnership, and one of the second.

    ``teams`` are the sessions of these two partnerships.
    """

    network: Network
    partnerships: tuple[str, ...]
    days: tuple[date, ...]
    rubrics: tuple[str, ...]
    domains: Mapping[str, tuple[str, ...]]
    people: Mapping[str, int]
    batch: int
    mapping: str
    batch_headings: tuple[str, str, str]
    teams: tuple[Team, ...]
    peer_set: int

    def session(self, store: Store, who: str) -> str:
        """A session token of one of the people, through a one-time link as everybody's; "" for nobody."""
        if not who:
            return ""
        now = utc_now()
        with store.write_directory() as directory:
            link = sign_in.make_link(directory, self.people[who], now)
        token = sign_in.use_link(store, link, 1, now)
        assert token is not None
        sign_in.look_at(store, token, self.principal(who) if who in ACCESSES else self._other(who), self.network, now)
        return token

    def _other(self, who: str) -> Principal:
        return Principal(self.people[who], "", self.network, Access.STAFF)

    def principal(self, who: Access | str, partnership: int = 0) -> Principal:
        """Somebody with this access, to call services as: a rater sits in a session of the first partnership.

        A "guest" sits in one of the second's, as a member of another partnership may whom it has let in.
        """
        if who in ("rater", "guest"):
            return self.teams[who == "guest"].rater
        access = Access(who)
        own = "" if access in (Access.STAFF, Access.ADMIN) else self.partnerships[partnership]
        return Principal(self.people.get(access.value, 0), f"A {access}", self.network, access, own, "browser test")


def build(store: Store, code: str, texts: Texts, size: Size | None = None) -> World:
    """A network with something in every field that a person may fill."""
    made, now = size or Size(), utc_now()
    with store.write_directory() as directory:
        network = directory.add_network(code, texts.text("networks.title"), is_example=False, now=now)
        head = directory.add_person(texts.text("people.name"), now)
        directory.grant(head, network.id, Access.STAFF, None)
    staff = Principal(head, "", network, Access.STAFF, came_from=texts.text("record.came_from"))
    with store.write(staff) as repository:
        versions = tuple(_rubrics(repository, texts, made, now))
        partnerships = tuple(texts.code("partnerships.code", i, i) for i in range(made.partnerships))
        for number, partnership in enumerate(partnerships):
            repository.add_partnership(partnership, texts.text("partnerships.title", number, number))
        days = tuple(FIRST_DAY + timedelta(days=90 * i) for i in range(made.convenings))
        for number, day in enumerate(days):
            repository.add_convening(day, texts.text("convenings.title", number))
        _rate(repository, texts, versions, partnerships, days, now)
        batch = _import(repository, texts, versions, partnerships, days, now)
        peer_set = _share(repository, texts, versions[0].rubric, partnerships, now)
    domains = {v.rubric.code: tuple(d.code for d in v.rubric.domains) for v in versions}
    people = {"head": head, **_people(store, network, texts, partnerships, now)}
    codes = tuple(v.rubric.code for v in versions)
    mapping, headings = _mapping(texts, versions[0].rubric), _headings(texts)
    leads = Principal(people["facilitator"], "", network, Access.FACILITATOR, partnerships[0])
    teams = tuple(
        meet(store, leader, texts, versions[0], (partnerships[owner], days[-1], owner), made.seats)
        for owner, leader in enumerate((leads, staff))
    )
    return World(network, partnerships, days, codes, domains, people, batch, mapping, headings, teams, peer_set)


def _rubrics(repository: Repository, texts: Texts, size: Size, now: datetime) -> Iterator[RubricVersion]:
    for number in range(size.rubrics):
        rubric = _rubric(texts, size, number)
        yield repository.add_version(
            rubric,
            origins={domain.code: Origin.NEW for domain in rubric.domains},
            wordings={domain.code: 1 for domain in rubric.domains},
            published_by=texts.text("rubric_versions.published_by", number),
            source_file=texts.text("rubric_versions.source_file", number),
            now=now,
        )


def _rubric(texts: Texts, size: Size, number: int) -> Rubric:
    code = texts.code("rubrics.code", number)
    steps = range(1, size.levels + 1)
    levels = tuple(Level(at, texts.text("levels.name", number * size.levels + at)) for at in steps)
    rows = range(number * size.domains, (number + 1) * size.domains)
    domains = tuple(
        Domain(
            texts.code("domains.code", row),
            texts.text("domain_texts.title", row),
            texts.text("domain_texts.area", row),
            tuple(texts.text("descriptors.text", row + at) for at in steps),
            (texts.code("domain_aliases.code", row),),
        )
        for row in rows
    )
    title, about = texts.text("rubric_versions.title", number), texts.text("rubric_versions.about", number)
    return Rubric(code, title, levels, domains, about)


def _rate(
    repository: Repository,
    texts: Texts,
    versions: Sequence[RubricVersion],
    partnerships: Sequence[str],
    days: Sequence[date],
    now: datetime,
) -> None:
    """The first partnership says everything everywhere, and twice; the others what peers can be compared by."""
    for owner, partnership in enumerate(partnerships):
        for version in versions:
            for place, domain in enumerate(version.rubric.domains):
                for at, day in enumerate(days):
                    if owner and at < len(days) - 2:
                        continue
                    key, number = RatingKey(partnership, day, version.rubric.code, domain.code), place + at + owner
                    for base in range(1 if owner else 2):
                        level = 1 + (number + base) % len(version.rubric.levels)
                        draft, by = _draft(texts, level, number, owner), texts.text("ratings.saved_by", number, owner)
                        repository.save_rating(key, draft, base=base, version=version, by=by, now=now, pen=PEN)


def _draft(texts: Texts, level: int, number: int, owner: int) -> RatingDraft:
    step = NextStep(
        texts.text("ratings.next_step", number, owner),
        texts.text("ratings.next_step_owner", number, owner),
        FIRST_DAY,
    )
    said = {name: texts.text(f"ratings.{name}", number, owner) for name in ("evidence", "convinced", "links")}
    return RatingDraft(level, next_step=step, reason=Reason.PRACTICE, **{**said, "links": (said["links"],)})


def _import(
    repository: Repository,
    texts: Texts,
    versions: Sequence[RubricVersion],
    partnerships: Sequence[str],
    days: Sequence[date],
    now: datetime,
) -> int:
    """One import that stands, one that was undone, a kept mapping, and lines of the record."""
    by, mapping = texts.text("batches.imported_by"), _mapping(texts, versions[0].rubric)
    counts = json.dumps({"read": 1, "changed": 1})
    batches = [
        repository.add_batch(file_name=name, sha256="0" * 64, mapping=mapping, counts=counts, by=by, now=now)
        for name in (texts.text("batches.file_name", number) for number in range(2))
    ]
    for batch, domain in zip(batches, versions[0].rubric.domains, strict=False):
        key = RatingKey(partnerships[0], days[-1], versions[0].rubric.code, domain.code)
        stored = repository.rating(key)
        assert stored is not None
        another = 1 if stored.draft.level != 1 else 2
        repository.save_levels([LevelWrite(key, another, stored.row_version)], batch_id=batch, by=by, now=now)
    repository.undo_batch(batches[1], by=by, now=now)
    headings = json.dumps([texts.text("saved_mappings.headings")])
    repository.save_mapping(texts.text("saved_mappings.title"), mapping, headings, by=by, now=now)
    for number, action in enumerate(Action):
        about, old, new = (texts.text(f"record.{name}", number) for name in ("about", "old", "new"))
        repository.note(action, about, now=now, old=old, new=new)
    return batches[0]


def _share(repository: Repository, texts: Texts, rubric: Rubric, partnerships: Sequence[str], now: datetime) -> int:
    """A set, and notes of the first two partnerships: the first one may be asked, the second may not."""
    made, by = texts.text("peer_sets.title"), texts.text("peer_sets.made_by")
    first = repository.add_peer_set(made, partnerships[:1], is_shown=False, by=by, now=now)
    gone = repository.add_peer_set(made, partnerships[:1], is_shown=False, by=by, now=now)
    repository.remove_peer_set(gone.id, by=texts.text("peer_sets.removed_by"), now=now)
    for owner, partnership in enumerate(partnerships[:2]):
        said = [texts.text(f"shared_notes.{name}", owner, owner) for name in ("note", "contact")]
        asked = None if owner else now
        note = SharedNote(partnership, rubric.code, rubric.domains[0].code, *said, asked_at=asked)
        repository.save_shared_note(note, by=texts.text("shared_notes.saved_by", owner, owner), now=now)
    return first.id


def _headings(texts: Texts) -> tuple[str, str, str]:
    return texts.text("batches.mapping", 0), texts.text("batches.mapping", 1), texts.text("batches.mapping", 2)


def _mapping(texts: Texts, rubric: Rubric) -> str:
    column, day, domain = _headings(texts)
    reference = f"{rubric.code}/{rubric.domains[0].code}"
    content = {"layout": "wide", "partnership": column, "convening": {"column": day}, "day_first": False}
    return json.dumps({**content, "domains": {domain: reference}})


def _people(store: Store, network: Network, texts: Texts, partnerships: Sequence[str], now: datetime) -> dict[str, int]:
    """One person of each access (those of partnerships in the first), and a member of the second partnership."""
    made: dict[str, int] = {}
    with store.write_directory() as directory:
        for number, access in enumerate(ACCESSES):
            # An admin is the server's, and belongs to every network under one name.
            is_admin = access is Access.ADMIN
            name = "Ada" if is_admin else texts.text("people.name", number, 0)
            person = directory.add_person(name, now, "" if is_admin else texts.text("people.email", number, 0))
            own = None if access in (Access.STAFF, Access.ADMIN) else partnerships[0]
            directory.grant(person, network.id, access, own)
            issuer, subject = texts.text("identities.issuer", number), texts.text("identities.subject", number)
            directory.link_identity(issuer, subject, person, now)
            made[access.value] = person
        neighbour = directory.add_person(texts.text("people.name", 9, 1), now, texts.text("people.email", 9, 1))
        directory.grant(neighbour, network.id, Access.MEMBER, partnerships[1])
        made["neighbour"] = neighbour
    return made


@contextmanager
def running(folder: Path) -> Iterator[tuple[RunningApp, Store]]:
    """A server on an empty database of its own, with the store beside it to furnish it."""
    app = RunningApp(folder)
    store = open_store(app.database_url)
    try:
        yield app, store
    finally:
        app.stop()
        store.close()


@dataclass(frozen=True)
class Marked:
    """Texts that say where they come from: every one begins with a marker, that of its owner where it has one."""

    marker: str
    neighbours: str = ""

    def text(self, field: str, number: int = 0, owner: int = -1) -> str:
        if field == "ratings.links":  # of anything else no rating is saved again
            return f"https://{self._marker(owner)}.example/{number}"
        return f"{self._marker(owner)} {field} {number}"

    def code(self, field: str, number: int = 0, owner: int = -1) -> str:
        return f"{self._marker(owner)}-{field.partition('.')[0]}-{number}"

    def _marker(self, owner: int) -> str:
        return self.neighbours if owner > 0 and self.neighbours else self.marker


NO_TEXT_OF_ANYBODY = {
    "networks.code",  # made by slug() of the title
    "networks.peer_view",
    "rubric_versions.fingerprint",
    "domain_texts.origin",
    "batches.sha256",
    "batches.counts",
    "ratings.reason",
    "ratings.pen",
    "accesses.access",
    "sign_in_links.token_hash",
    "sign_in_sessions.token_hash",
    "person_codes.selector",
    "person_codes.secret_hash",
    "record.who",  # a person's mark, or the command line
    "record.action",
    "ratings.next_step_state",
    "team_sessions.naming",
    "team_sessions.room_code",
    "team_sessions.opened_by",  # a person's mark, as the next ones
    "team_sessions.led_by",
    "revealed_rounds.revealed_by",
    "paper_counts.counted_by",
    "paper_counts.side",
    "paper_counts.answer",
    "seats.token_hash",
    "seats.side",
    "seats.role",
    "seat_devices.link_hash",
    "seat_devices.code_hash",
    "seat_devices.token_hash",
    "votes.side",
    "votes.role",
    "votes.pen",
}
"""Text columns that hold only what the application makes itself."""


def columns_without(database: Path, marks: Sequence[str]) -> set[str]:
    """Text columns of the store, those of ``NO_TEXT_OF_ANYBODY`` aside, where one of the marks stands in no row.

    Asked of the database itself, so that a column that comes later is asked for too.
    """
    wanted = {
        (table.name, column.name)
        for table in metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, Words) and f"{table.name}.{column.name}" not in NO_TEXT_OF_ANYBODY
    }
    missing = set()
    with closing(sqlite3.connect(database)) as connection:
        for table, column in wanted:
            stored = "\n".join(str(row[0]) for row in connection.execute(f'SELECT "{column}" FROM "{table}"'))
            if not all(mark in stored or json.dumps(mark)[1:-1] in stored or _raw(mark) in stored for mark in marks):
                missing.add(f"{table}.{column}")
    return missing


def _raw(text: str) -> str:
    """A text as a JSON text holds it that leaves other letters than ASCII as they are."""
    return json.dumps(text, ensure_ascii=False)[1:-1]
