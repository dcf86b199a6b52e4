"""Who may do what, written down by hand from what was agreed, not asked of the code: the matrix's expectations.

Scopes: "own" is the person's own partnership, "peer" another one of the same network, "foreign" another network. A row
gives for each scope who may; whoever is not named is refused. What is not listed fails the test that reads this.

A rater holds a seat in the session of the first partnership; a guest, who is a member of the first, one in that of the
second.
"""

from tests.web.matrix_of_files import FILES
from tests.web.matrix_of_movement import FIGURES, MOVEMENT
from tests.web.matrix_of_people import PEOPLE
from tests.web.matrix_of_sessions import SESSIONS
from tests.web.matrix_words import ADMIN, ALL, NOBODY, READERS, SEATED, STAFF, WRITERS, May, Row, everywhere, of

SERVICES: dict[str, Row] = {**FILES, **MOVEMENT, **PEOPLE, **SESSIONS}

ACROSS_NETWORKS = {"sign_in.networks_of", "sign_in.look_at"}
"""What shows an admin, who is the server's, the other networks too."""

BEFORE_ANYBODY_IS_KNOWN = {
    "devices.offer",  # asks for the token of a seat
    "devices.offered",  # the two for that of a link, or for a code
    "devices.take",
    "example_told.load",  # a part of the start, in the example network
    "example_votes.load",  # the same
    "identities.person_for",
    "identities.sign_in",
    "mappings.kept_mappings",  # a part of the services above, inside their transaction
    "peers.beside_of",  # the same
    "peers.days_of",
    "peers.wordings_of_as_many_levels",
    "rubrics.put_shipped",  # the same
    "record.past_saves",
    "sign_in.enter",
    "sign_in.link_is_for",
    "sign_in.make_link",  # called by those who may, and by the command line
    "sign_in.principal_of",
    "sign_in.use_link",
    "sign_in.with_code",
    "start.link_again",
    "start.load_example",
    "start.network_of_link",
    "start.own_network",
    "voting.ballot",
    "voting.join",
    "voting.revisions",  # numbers alone
    "voting.room",
    "voting.seated",
}
"""Functions that reach the store without a principal: those that find out who it is, and those of the start."""


SCREENS: dict[str, frozenset[str]] = {
    "home": READERS,
    "self-assess": READERS,
    "movement": READERS,
    "compare": STAFF,
    "rubrics": READERS,
    "import": STAFF,
    "people": STAFF,
    "network": STAFF,
    "session": WRITERS,
    "hall": STAFF,
    "vote": SEATED,
}
"""Who finds what on a screen. A seat opens the vote and nothing else; a guest comes as a member to the others."""

PERMISSIONS: dict[str, May] = {
    "see_network": everywhere(STAFF),
    "see_partnership": {"own": READERS, "peer": STAFF, "foreign": STAFF},
    "rate": {"own": WRITERS, "peer": STAFF, "foreign": STAFF},
    "share": {"own": WRITERS - STAFF, "peer": NOBODY, "foreign": NOBODY},
    "run_session": {"own": WRITERS, "peer": STAFF, "foreign": STAFF},
    "vote": everywhere(SEATED),
    "see_hall": everywhere(STAFF),
    "see_roles": everywhere(STAFF),
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
    "rater": NOBODY,  # a room code gives it
    "member": STAFF,
    "facilitator": STAFF,
    "staff": STAFF,
    "admin": ADMIN,
}
"""Who may give which access."""

OK, CLOSED, NOT_FOUND = 200, 403, 404
FIGURE = "partnership={partnership}&rubric={rubric}&domain={domain}&then={then}&now={now}&whose=all&convening={now}"
FIGURE += "&sites={partnership}%0A{other}"

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
    "/sheets/{rubric:str}": (
        ("/sheets/{rubric}", of(READERS, READERS)),
        ("/sheets/{rubric}?partnership={partnership}&convening={now}", of(WRITERS, STAFF)),
    ),
}
"""Every file, by the path of its route: each address of it, and who may have it."""

OPEN_ROUTES = {
    ("GET", "/healthz"): OK,
    ("GET", "/home"): None,
    ("GET", "/signin"): OK,
    ("POST", "/signin"): CLOSED,
    ("GET", "/account"): None,
    ("POST", "/signout"): None,
    ("POST", "/signout/everywhere"): None,
    ("GET", "/signin/with/{provider:str}"): 404,  # none is configured
    ("GET", "/oauth2callback"): None,
    ("GET", "/join"): OK,
    ("GET", "/join/{code:str}"): CLOSED,  # no code of an open session
    ("POST", "/join"): CLOSED,
    ("GET", "/device"): CLOSED,  # no seat is held
    ("POST", "/device"): CLOSED,
    ("GET", "/device/{link:str}"): CLOSED,  # no link of anybody's
    ("POST", "/device/take"): CLOSED,
}
"""What answers without a session, and how: None where it leads on to the sign-in page."""
