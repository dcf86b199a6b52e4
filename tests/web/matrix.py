"""Who may do what, written down by hand from what was agreed, not asked of the code: the matrix's expectations.

Scopes: "own" is the person's own partnership, "peer" another one of the same network, "foreign" another network. A row
gives for each scope who may; whoever is not named is refused. What is not listed fails the test that reads this.
"""

# ruff: noqa: ARG005 — every call has the same three arguments, whether it needs them or not

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from progressions.people import Access, PeerView, Principal
from progressions.ratings import NextStep, RatingDraft, RatingKey
from progressions.services import (
    exports,
    imports,
    mappings,
    movement,
    networks,
    peers,
    people,
    pictures,
    ratings,
    record,
    rubrics,
    settings_of_networks,
    sign_in,
    templates,
)
from progressions.settings import ReadLimits
from progressions.sheets.cells import Workbook
from progressions.store import Store
from tests.factories import NOW
from tests.web.worlds import World

ROLES = ("rater", "member", "facilitator", "staff", "admin")
SCOPES = ("own", "peer", "foreign")
ALL = frozenset(ROLES)
READERS = ALL - {"rater"}
WRITERS = READERS - {"member"}
STAFF = frozenset({"staff", "admin"})
ADMIN = frozenset({"admin"})
NOBODY: frozenset[str] = frozenset()
May = dict[str, frozenset[str]]


def everywhere(who: frozenset[str]) -> May:
    """What has no target: the network is that of whoever asks."""
    return dict.fromkeys(SCOPES, who)


def of(own: frozenset[str], peer: frozenset[str]) -> May:
    """What is done to one partnership or person. Nobody reaches another network."""
    return {"own": own, "peer": peer, "foreign": NOBODY}


@dataclass(frozen=True)
class Place:
    """What a call is aimed at. ``shown`` is a preview made in that network, ``upload`` the caller's own."""

    world: World
    partnership: str
    person: int
    workbook: Workbook
    shown: Any
    upload: Any
    session: str
    version: Any

    @property
    def key(self) -> RatingKey:
        return RatingKey(self.partnership, self.day, self.rubric, self.domain)

    @property
    def day(self) -> date:
        return self.world.days[-1]

    @property
    def rubric(self) -> str:
        return self.world.rubrics[0]

    @property
    def domain(self) -> str:
        return self.world.domains[self.rubric][0]


@dataclass(frozen=True)
class Row:
    """One public function of the services. ``silent``: it answers nothing where it did what was asked."""

    call: Callable[[Store, Principal, Place], Any]
    may: May
    silent: bool = False


DRAFT = RatingDraft(2, "seen", NextStep("do", "Ana", None))
PEN = ratings.Pen("pen", 0)
RATINGS = b"Partnership,Convening,%s\nAsh,2025-04-15,2\n"
RUBRIC = b"Domain,1 Low,2 High\nReading,little,much\nWriting,a few,many\n"


def _invitation(at: Place, access: Access = Access.MEMBER) -> people.Invitation:
    return people.Invitation("Somebody New", access, at.partnership)


def _figure(name: str) -> Callable[[Store, Principal, Place], Any]:
    def call(store: Store, who: Principal, at: Place) -> Any:
        days = {"then": at.world.days[0].isoformat(), "now": at.world.days[-1].isoformat()}
        of = {"partnership": at.partnership, "rubric": at.rubric, "domain": at.domain, "whose": "all", **days}
        of["convening"] = at.day.isoformat()
        return pictures.picture(store, who, pictures.Asked(name, of), "csv", NOW)

    return call


FIGURES: dict[str, May] = {
    "stands": of(READERS, STAFF),
    "line": of(READERS, STAFF),
    "heat": of(READERS, STAFF),
    "dumbbells": of(READERS, STAFF),
    "peers": of(READERS, STAFF),
    "levels": of(STAFF, STAFF),
    "who-rated": everywhere(STAFF),
}

SERVICES: dict[str, Row] = {
    "exports.partnership_workbook": Row(
        lambda s, p, at: exports.partnership_workbook(s, p, at.partnership, NOW), of(READERS, STAFF)
    ),
    "exports.ratings_file": Row(lambda s, p, at: exports.ratings_file(s, p, "xlsx", now=NOW), everywhere(STAFF)),
    "imports.confirm": Row(lambda s, p, at: imports.confirm(s, p, at.shown, NOW), of(STAFF, STAFF)),
    "imports.history": Row(lambda s, p, at: imports.history(s, p), everywhere(STAFF)),
    "imports.preview": Row(
        lambda s, p, at: imports.preview(s, p, RATINGS, "a.csv", None, ReadLimits()), everywhere(STAFF)
    ),
    "imports.preview_workbook": Row(
        lambda s, p, at: imports.preview_workbook(s, p, at.workbook, None), everywhere(STAFF)
    ),
    "imports.proposal": Row(lambda s, p, at: imports.proposal(s, p, at.workbook), everywhere(STAFF)),
    "imports.read_file": Row(
        lambda s, p, at: imports.read_file(s, p, RATINGS, "a.csv", ReadLimits()), everywhere(STAFF)
    ),
    "imports.rejected_workbook": Row(
        lambda s, p, at: imports.rejected_workbook(s, p, at.upload, NOW), everywhere(STAFF)
    ),
    "imports.undo": Row(lambda s, p, at: imports.undo(s, p, at.world.batch, NOW), of(STAFF, STAFF)),
    "mappings.forget_mapping": Row(
        lambda s, p, at: mappings.forget_mapping(s, p, mappings_title(at), NOW), of(STAFF, STAFF), silent=True
    ),
    "mappings.mappings": Row(lambda s, p, at: mappings.mappings(s, p), everywhere(STAFF)),
    "mappings.used_again": Row(lambda s, p, at: mappings.used_again(s, p, None), everywhere(STAFF)),
    "mappings.save_mapping": Row(
        lambda s, p, at: mappings.save_mapping(s, p, "A way", at.shown.mapping, NOW), everywhere(STAFF), silent=True
    ),
    "movement.expected_convenings": Row(
        lambda s, p, at: movement.expected_convenings(s, p, at.partnership), of(READERS, STAFF)
    ),
    "movement.frame_of": Row(lambda s, p, at: movement.frame_of(s, p), everywhere(READERS)),
    "networks.add_convening": Row(
        lambda s, p, at: networks.add_convening(s, p, date(2030, 1, 1), "New", NOW), everywhere(STAFF)
    ),
    "networks.add_partnership": Row(lambda s, p, at: networks.add_partnership(s, p, "New", NOW), everywhere(STAFF)),
    "networks.convenings": Row(lambda s, p, at: networks.convenings(s, p), everywhere(ALL)),
    "networks.partnerships": Row(lambda s, p, at: networks.partnerships(s, p), everywhere(READERS)),
    "networks.revision": Row(lambda s, p, at: networks.revision(s, p), everywhere(ALL)),
    "networks.start_network": Row(lambda s, p, at: networks.start_network(s, p, "A new one", NOW), everywhere(STAFF)),
    "people.change_access": Row(
        lambda s, p, at: people.change_access(s, p, at.person, Access.FACILITATOR, at.partnership, NOW),
        of(STAFF, STAFF),
        silent=True,
    ),
    "people.find": Row(lambda s, p, at: people.find(s, p, str(at.person)), of(STAFF, STAFF)),
    "people.invite": Row(lambda s, p, at: people.invite(s, p, _invitation(at), NOW), of(STAFF, STAFF)),
    "people.invite_all": Row(lambda s, p, at: people.invite_all(s, p, [_invitation(at)], NOW), of(STAFF, STAFF)),
    "people.new_code": Row(lambda s, p, at: people.new_code(s, p, at.person, NOW), of(STAFF, STAFF)),
    "people.new_link": Row(lambda s, p, at: people.new_link(s, p, at.person, NOW), of(STAFF, STAFF)),
    "people.people": Row(lambda s, p, at: people.people(s, p), everywhere(STAFF)),
    "people.people_gone": Row(lambda s, p, at: people.people_gone(s, p), everywhere(STAFF), silent=True),
    "people.remove_name": Row(lambda s, p, at: people.remove_name(s, p, at.person, NOW), of(STAFF, STAFF), silent=True),
    "people.revoke": Row(lambda s, p, at: people.revoke(s, p, at.person, NOW), of(STAFF, STAFF), silent=True),
    "peers.beside": Row(lambda s, p, at: peers.beside(s, p, at.partnership, at.rubric, at.day), of(READERS, STAFF)),
    # What the network has chosen for whoever asks: of no partnership, and from no store.
    "peers.least_of": Row(lambda s, p, at: peers.least_of(p), everywhere(ALL)),
    "peers.view_of": Row(lambda s, p, at: peers.view_of(p), everywhere(ALL)),
    "peers.why_nothing": Row(lambda s, p, at: peers.why_nothing(p, at.version), everywhere(ALL), silent=True),
    **{f"pictures.picture {name}": Row(_figure(name), may) for name, may in FIGURES.items()},
    "ratings.assessment": Row(
        lambda s, p, at: ratings.assessment(s, p, at.partnership, at.day, at.rubric), of(READERS, STAFF)
    ),
    "ratings.promises": Row(lambda s, p, at: ratings.promises(s, p, at.partnership), of(READERS, STAFF)),
    "ratings.rating": Row(lambda s, p, at: ratings.rating(s, p, at.key), of(READERS, STAFF)),
    "ratings.save_rating": Row(
        lambda s, p, at: ratings.save_rating(s, p, at.key, DRAFT, base=saves(at), pen=PEN, now=NOW), of(WRITERS, STAFF)
    ),
    "record.history_of": Row(lambda s, p, at: record.history_of(s, p, at.key), of(READERS, STAFF)),
    # What an export calls after it has asked for its own permission: it writes the caller's own line and shows nothing.
    "record.note_export": Row(lambda s, p, at: record.note_export(s, p, "x", NOW), everywhere(ALL), silent=True),
    "record.page": Row(lambda s, p, at: record.page(s, p).entries, everywhere(STAFF)),
    "record.record_file": Row(lambda s, p, at: record.record_file(s, p, "xlsx", NOW), everywhere(STAFF)),
    "record.signers": Row(lambda s, p, at: record.signers(s, p), everywhere(STAFF)),
    "rubrics.latest": Row(lambda s, p, at: rubrics.latest(s, p), everywhere(ALL)),
    "rubrics.planned": Row(
        lambda s, p, at: rubrics.planned(s, p, rubrics.check_file(RUBRIC, "new.csv", ReadLimits())), everywhere(STAFF)
    ),
    "rubrics.preview": Row(lambda s, p, at: rubrics.preview(s, p, RUBRIC, "new.csv", ReadLimits()), everywhere(STAFF)),
    "rubrics.preview_workbook": Row(lambda s, p, at: rubrics.preview_workbook(s, p, at.workbook), everywhere(STAFF)),
    "rubrics.publish": Row(
        lambda s, p, at: rubrics.publish(s, p, rubrics.check_file(RUBRIC, "new.csv", ReadLimits()), NOW),
        everywhere(STAFF),
    ),
    "rubrics.publish_shipped": Row(lambda s, p, at: rubrics.publish_shipped(s, p, NOW), everywhere(STAFF), silent=True),
    "rubrics.read_file": Row(lambda s, p, at: rubrics.read_file(p, RUBRIC, "new.csv", ReadLimits()), everywhere(STAFF)),
    "rubrics.version": Row(lambda s, p, at: rubrics.version(s, p, at.rubric), of(ALL, ALL)),
    "rubrics.versions": Row(lambda s, p, at: rubrics.versions(s, p, at.rubric), of(ALL, ALL)),
    "rubrics.workbook": Row(lambda s, p, at: rubrics.workbook(s, p, NOW), everywhere(ALL)),
    "settings_of_networks.change_peer_view": Row(
        lambda s, p, at: settings_of_networks.change_peer_view(s, p, PeerView.NAMES, 6, NOW), everywhere(STAFF)
    ),
    "settings_of_networks.rename": Row(
        lambda s, p, at: settings_of_networks.rename(s, p, "Renamed", NOW), everywhere(STAFF)
    ),
    "sign_in.look_at": Row(
        lambda s, p, at: sign_in.look_at(s, at.session, p, at.world.network),
        {"own": READERS, "peer": READERS, "foreign": ADMIN},
        silent=True,
    ),
    "sign_in.networks_of": Row(lambda s, p, at: sign_in.networks_of(s, p), everywhere(READERS)),
    "sign_in.sign_out": Row(lambda s, p, at: sign_in.sign_out(s, p, at.session, NOW), everywhere(ALL), silent=True),
    "sign_in.sign_out_everywhere": Row(
        lambda s, p, at: sign_in.sign_out_everywhere(s, p, NOW), everywhere(ALL), silent=True
    ),
    "templates.ratings_template": Row(lambda s, p, at: templates.ratings_template(s, p, NOW), everywhere(STAFF)),
}

ACROSS_NETWORKS = {"sign_in.networks_of", "sign_in.look_at"}
"""What shows an admin, who is the server's, the other networks too."""

BEFORE_ANYBODY_IS_KNOWN = {
    "identities.person_for",
    "identities.sign_in",
    "mappings.kept_mappings",  # a part of the services above, inside their transaction
    "rubrics.put_shipped",  # the same
    "record.past_saves",
    "sign_in.enter",
    "sign_in.link_is_for",
    "sign_in.make_link",  # called by those who may, and by the command line
    "sign_in.principal_of",
    "sign_in.use_link",
    "sign_in.with_code",
    "start.load_example",
    "start.network_of_link",
    "start.own_network",
    "start.staff_link",
}
"""Functions that reach the store without a principal: those that find out who it is, and those of the start."""


def mappings_title(at: Place) -> str:
    """The title under which the world keeps its mapping."""
    return f"{at.world.rubrics[0].partition('-')[0]} saved_mappings.title 0"


def saves(at: Place) -> int:
    """How often the rating that calls are aimed at was saved: the first partnership's twice, and by an import."""
    return 3 if at.partnership == at.world.partnerships[0] else 1


SCREENS: dict[str, frozenset[str]] = {
    "home": READERS,
    "self-assess": READERS,
    "movement": READERS,
    "rubrics": READERS,
    "import": STAFF,
    "people": STAFF,
    "network": STAFF,
}
"""Who finds what on a screen; a rater reads rubrics, and comes to the others only to read that there is nothing."""

PERMISSIONS: dict[str, May] = {
    "see_network": everywhere(STAFF),
    "see_partnership": {"own": READERS, "peer": STAFF, "foreign": STAFF},
    "rate": {"own": WRITERS, "peer": STAFF, "foreign": STAFF},
    "add_convening": everywhere(STAFF),
    "import_ratings": everywhere(STAFF),
    "export_network": everywhere(STAFF),
    "take_partnership": {"own": READERS, "peer": STAFF, "foreign": STAFF},
    "see_peers": everywhere(READERS),
    "manage_people": everywhere(STAFF),
    "read_record": everywhere(STAFF),
    "change_settings": everywhere(STAFF),
    "publish_rubric": everywhere(STAFF),
    "start_network": everywhere(STAFF),
    "read_rubrics": everywhere(ALL),
}
"""The rules alone. They know codes, not networks: that a foreign code is nobody's, the repository sees to."""

GRANTS: dict[str, frozenset[str]] = {
    "rater": NOBODY,
    "member": STAFF,
    "facilitator": STAFF,
    "staff": STAFF,
    "admin": ADMIN,
}
"""Who may give which access."""

OK, CLOSED, NOT_FOUND = 200, 403, 404
FIGURE = "partnership={partnership}&rubric={rubric}&domain={domain}&then={then}&now={now}&whose=all&convening={now}"

DOWNLOADS: dict[str, tuple[tuple[str, May], ...]] = {
    "/download/rubrics.xlsx": (("/download/rubrics.xlsx", everywhere(READERS)),),
    "/download/rubric-template.xlsx": (("/download/rubric-template.xlsx", everywhere(READERS)),),
    "/download/ratings-template.xlsx": (("/download/ratings-template.xlsx", everywhere(STAFF)),),
    "/download/ratings.{form:str}": (
        ("/download/ratings.csv", everywhere(STAFF)),
        ("/download/ratings.xlsx", everywhere(STAFF)),
        ("/download/ratings.xlsx?layout=wide", everywhere(STAFF)),
        ("/download/ratings.exe", everywhere(NOBODY)),
    ),
    "/download/partnership.xlsx": (("/download/partnership.xlsx?partnership={partnership}", of(READERS, STAFF)),),
    "/download/record.{form:str}": (
        ("/download/record.csv", everywhere(STAFF)),
        ("/download/record.xlsx", everywhere(STAFF)),
    ),
    "/download/figures/{name:str}.{form:str}": tuple(
        (f"/download/figures/{name}.csv?{FIGURE}", may) for name, may in FIGURES.items()
    ),
}
"""Every file, by the path of its route: each address of it, and who may have it."""

OPEN_ROUTES = {
    ("GET", "/healthz"): OK,
    ("GET", "/signin"): OK,
    ("POST", "/signin"): CLOSED,
    ("GET", "/account"): None,
    ("POST", "/signout"): None,
    ("POST", "/signout/everywhere"): None,
    ("GET", "/signin/with/{provider:str}"): 404,  # none is configured
    ("GET", "/oauth2callback"): None,
}
"""What answers without a session, and how: None where it leads on to the sign-in page."""
