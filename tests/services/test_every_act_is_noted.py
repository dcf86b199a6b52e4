"""Every act leaves its line in the record, and no line holds a secret."""

import ast
import secrets
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from progressions import codes, services
from progressions.errors import NotAllowedError, UserError
from progressions.people import Access, PeerView
from progressions.record import Action
from progressions.services import (
    example_told,
    example_votes,
    exports,
    identities,
    imports,
    mappings,
    networks,
    peer_sets,
    people,
    pictures,
    record,
    role_alike,
    rubrics,
    settings_of_networks,
    shared_notes,
    sign_in,
    start,
    templates,
    voting,
)
from progressions.services.identities import Claims
from progressions.services.people import Invitation
from progressions.services.pictures import Asked
from progressions.services.sign_in import Arrival
from progressions.sharing import SharedNote
from progressions.sheets.writing import rubric_workbook
from progressions.store import Store
from progressions.team_session import Role
from tests.factories import AUTUMN, NOW, SPRING, a_network, make_rubric, reworded
from tests.plain_sql import PlainSql
from tests.services.halls import hall_of
from tests.services.noted import LIMITS, WIDE, World, noted
from tests.services.session_acts import BO, KEYS, SESSION_ACTS, opened

Act = Callable[[World], Callable[[], object]]
"""Makes everything ready, and returns the act itself."""
ACTS: dict[str, tuple[Act, tuple[Action, ...]]] = {**SESSION_ACTS}


def act(name: str, *leaves: Action) -> Callable[[Act], Act]:
    def remember(made: Act) -> Act:
        ACTS[name] = (made, leaves)
        return made

    return remember


act("ratings.save_rating", Action.RATED)(lambda w: w.rate)
act("imports.confirm", Action.IMPORTED)(lambda w: w.imported)
act("mappings.save_mapping", Action.MAPPING_KEPT)(lambda w: w.keep)
act("exports.ratings_file", Action.EXPORTED)(lambda w: lambda: exports.ratings_file(w.store, w.staff, "csv", now=NOW))
act("exports.partnership_workbook", Action.EXPORTED)(
    lambda w: lambda: exports.partnership_workbook(w.store, w.member, "ash", NOW)
)
act("templates.ratings_template", Action.EXPORTED)(lambda w: lambda: templates.ratings_template(w.store, w.staff, NOW))
act("rubrics.workbook", Action.EXPORTED)(lambda w: lambda: rubrics.workbook(w.store, w.member, NOW))
act("record.record_file", Action.EXPORTED)(lambda w: lambda: record.record_file(w.store, w.staff, "csv", NOW))
act("record.note_export", Action.EXPORTED)(lambda w: lambda: record.note_export(w.store, w.staff, "a file", NOW))
act("networks.add_convening", Action.CONVENING_ADDED)(
    lambda w: lambda: networks.add_convening(w.store, w.staff, SPRING + timedelta(9), "May", NOW)
)
act("networks.add_partnership", Action.PARTNERSHIP_ADDED)(
    lambda w: lambda: networks.add_partnership(w.store, w.staff, "Elm Town", NOW)
)
act("networks.start_network", Action.NETWORK_STARTED, *[Action.RUBRIC_PUBLISHED] * 3)(
    lambda w: lambda: networks.start_network(w.store, w.staff, "Other", NOW)
)
act("rubrics.publish_shipped", *[Action.RUBRIC_PUBLISHED] * 3)(
    lambda w: lambda: rubrics.publish_shipped(w.store, w.staff, NOW)
)
act("settings_of_networks.change_peer_view", Action.SETTING_CHANGED)(
    lambda w: lambda: settings_of_networks.change_peer_view(w.store, w.staff, PeerView.BANDS, 6, NOW)
)
act("settings_of_networks.rename", Action.SETTING_CHANGED)(
    lambda w: lambda: settings_of_networks.rename(w.store, w.staff, "Far North", NOW)
)
act("people.invite", Action.INVITED)(lambda w: w.invited)
act("people.invite_all", Action.INVITED)(
    lambda w: lambda: people.invite_all(w.store, w.staff, [Invitation("Bea", Access.MEMBER, "ash")], NOW)
)
act("people.new_code", Action.CODE_MADE)(lambda w: lambda: people.new_code(w.store, w.staff, 3, NOW))
act("people.new_link", Action.LINK_MADE)(lambda w: lambda: people.new_link(w.store, w.staff, 3, NOW))
act("people.change_access", Action.ACCESS_CHANGED)(
    lambda w: lambda: people.change_access(w.store, w.staff, 3, Access.FACILITATOR, "ash", NOW)
)
act("people.revoke", Action.ACCESS_REVOKED)(lambda w: lambda: people.revoke(w.store, w.staff, 3, NOW))
act("people.remove_name", Action.NAME_REMOVED)(lambda w: lambda: people.remove_name(w.store, w.staff, 3, NOW))
act("start.link_again", Action.LINK_MADE)(lambda w: lambda: start.link_again(w.store, "1", None, NOW))
act("start.own_network", Action.NETWORK_STARTED, Action.ACCESS_CHANGED)(lambda w: lambda: _own_network(w))
EXAMPLE_SESSION = (Action.SESSION_OPENED, Action.REVEALED, Action.SESSION_CLOSED)
EXAMPLE_VOTES = sum(len(each) for told in example_votes.read_votes() for said in told.rounds for each in said.values())
act(
    "start.load_example",
    Action.NETWORK_STARTED,
    *[Action.RUBRIC_PUBLISHED] * 3,
    Action.IMPORTED,
    *[Action.RATED] * len(example_told.read_told()),
    *[Action.NOTE_SHARED] * len(example_told.read_shared()),
    *EXAMPLE_SESSION,
    *(*EXAMPLE_SESSION, Action.REVEALED),  # one with a second vote
    *[Action.VOTED] * EXAMPLE_VOTES,
)(lambda w: lambda: start.load_example(w.store, NOW))


def _own_network(world: World) -> object:
    """The furnished network passes for the example: there is none of one's own beside it."""
    PlainSql(str(world.store.url)).run("UPDATE networks SET is_example = 1")
    return start.own_network(world.store, None, NOW, create=True)


act("peer_sets.make", Action.PEER_SET_MADE)(
    lambda w: lambda: peer_sets.make(w.store, w.staff, "Large urban", ["ash"], NOW, is_shown=False)
)
act("shared_notes.share", Action.NOTE_SHARED)(
    lambda w: (
        lambda: shared_notes.share(
            w.store, w.facilitator, SharedNote("ash", "lea", "lea-1", "Walks", "Ana"), NOW, may_be_asked=True
        )
    )
)


@act("peer_sets.remove", Action.PEER_SET_REMOVED)
def taking_a_set_away(world: World) -> Callable[[], object]:
    made = peer_sets.make(world.store, world.staff, "Large urban", ["ash"], NOW, is_shown=False)
    return lambda: peer_sets.remove(world.store, world.staff, made.id, NOW)


@act("imports.undo", Action.IMPORT_UNDONE)
def undoing(world: World) -> Callable[[], object]:
    batch = world.imported()
    return lambda: imports.undo(world.store, world.staff, batch, NOW)


@act("imports.rejected_workbook", Action.EXPORTED)
def mending(world: World) -> Callable[[], object]:
    shown = world.preview(
        WIDE.format(3) + WIDE.format(9).splitlines()[1].replace("ash,Ash County", "birch,Birch Valley")
    )
    return lambda: imports.rejected_workbook(world.store, world.staff, shown, NOW)


@act("mappings.forget_mapping", Action.MAPPING_FORGOTTEN)
def forgetting(world: World) -> Callable[[], object]:
    world.keep()
    return lambda: mappings.forget_mapping(world.store, world.staff, "ours", NOW)


@act("pictures.picture", Action.EXPORTED)
def drawing(world: World) -> Callable[[], object]:
    world.rate()
    asked = Asked("stands", {"partnership": "ash", "rubric": "lea"})
    return lambda: pictures.picture(world.store, world.member, asked, "csv", NOW)


@act("role_alike.show", Action.ROLES_SHOWN)
def showing_a_role(world: World) -> Callable[[], object]:
    hall_of(world.store, world.staff, Role.DEAN, {"ash": [1, 2], "birch": [2], "cedar": [3, 4]})
    return lambda: role_alike.show(world.store, world.staff, AUTUMN, Role.DEAN, KEYS, NOW)


@act("rubrics.publish", Action.RUBRIC_PUBLISHED)
def publishing(world: World) -> Callable[[], object]:
    content = rubric_workbook([reworded(make_rubric(), "lea-1")], "")
    checked = rubrics.preview(world.store, world.staff, content, "ours.xlsx", LIMITS)
    return lambda: rubrics.publish(world.store, world.staff, checked, NOW)


@act("sign_in.use_link", Action.SIGNED_IN)
def arriving(world: World) -> Callable[[], object]:
    token = world.invited().link_token
    return lambda: sign_in.use_link(world.store, token, 1, NOW, "browser 10.0.0.1")


@act("sign_in.with_code", Action.SIGNED_IN)
def typing(world: World) -> Callable[[], object]:
    text = world.invited().code_text
    return lambda: sign_in.with_code(world.store, text, 1, NOW, "browser 10.0.0.1")


@act("sign_in.look_at", Action.SIGNED_OUT, Action.SIGNED_IN)
def turning(world: World) -> Callable[[], object]:
    token, principal = world.signed_in()
    other = a_network(world.store, "other", "Other")
    with world.store.write_directory() as directory:
        directory.grant(principal.person_id, other.id, Access.STAFF, None, ends_sessions=False)
    return lambda: sign_in.look_at(world.store, token, principal, other, NOW)


@act("sign_in.sign_out", Action.SIGNED_OUT)
def leaving(world: World) -> Callable[[], object]:
    token, principal = world.signed_in()
    return lambda: sign_in.sign_out(world.store, principal, token, NOW)


@act("sign_in.sign_out_everywhere", Action.SIGNED_OUT)
def leaving_everywhere(world: World) -> Callable[[], object]:
    _, principal = world.signed_in()
    return lambda: sign_in.sign_out_everywhere(world.store, principal, NOW)


@act("identities.sign_in", Action.SIGNED_IN)
def arriving_from_a_provider(world: World) -> Callable[[], object]:
    people.invite(world.store, world.staff, Invitation("Ana", Access.MEMBER, "ash", "ana@ash.org"), NOW)
    claims = Claims("https://provider.example", "17", "ana@ash.org", email_verified=True)
    return lambda: identities.sign_in(world.store, claims, Arrival(NOW, 1))


LEAVES_NONE = {
    "devices.offer": "what it makes is over in minutes; whoever goes on by it is noted",
    "example_told.load": "a part of start.load_example: its lines are told there",
    "example_votes.load": "a part of start.load_example: its lines are told there",
    "hall.set_countdown": "as team_sessions.set_timer, in all sessions at once",
    "identities.person_for": "an identity is linked while somebody signs in by it, and that is noted",
    "sign_in.principal_of": "that a session was seen, once an hour, is no act of a person",
    "start.network_of_link": "never makes a network: own_network does, where a rubric is published",
    "team_sessions.set_timer": "a countdown that everybody in the room sees is over in minutes",
    "start.prepare": "the application's own start: upgrades, forgets what has expired, and loads the example as above",
}
WRITES = {"write", "write_directory"}


def _modules() -> dict[str, ast.Module]:
    folder = Path(services.__file__).parent
    return {f.stem: ast.parse(f.read_text(encoding="utf-8")) for f in folder.glob("*.py") if f.stem != "__init__"}


def _functions() -> dict[str, ast.FunctionDef]:
    return {
        f"{module}.{node.name}": node
        for module, tree in _modules().items()
        for node in tree.body
        if isinstance(node, ast.FunctionDef)
    }


def _writes_itself(node: ast.FunctionDef) -> bool:
    calls = (n.func for n in ast.walk(node) if isinstance(n, ast.Call))
    return any(
        isinstance(f, ast.Attribute) and f.attr in WRITES and getattr(f.value, "id", "") == "store" for f in calls
    )


def _called(name: str, node: ast.FunctionDef, known: set[str]) -> set[str]:
    """The services' functions that this one calls: by name, or as ``module.name``."""
    module = name.split(".")[0]
    found = set()
    for call in (n.func for n in ast.walk(node) if isinstance(n, ast.Call)):
        if isinstance(call, ast.Name):
            ends = {k for k in known if k.split(".")[1] == call.id}
            found |= {f"{module}.{call.id}"} & known or ends
        elif isinstance(call, ast.Attribute) and isinstance(call.value, ast.Name):
            found |= {f"{call.value.id}.{call.attr}"} & known
    return found


def writing_functions() -> set[str]:
    """Public functions of the services that write, themselves or through another one, or that give out a file."""
    functions = _functions()
    known = set(functions)
    writes = {name for name, node in functions.items() if _writes_itself(node)}
    before: set[str] = set()
    while before != writes:
        before = set(writes)
        writes |= {name for name, node in functions.items() if _called(name, node, known) & writes}
    gives = {
        n for n, f in functions.items() if isinstance(f.returns, ast.Name) and f.returns.id == "bytes" and f.args.args
    }
    return {name for name in writes | gives if not name.split(".")[1].startswith("_")}


def test_every_function_that_writes_or_gives_out_a_file_is_tried_here() -> None:
    assert writing_functions() - set(LEAVES_NONE) == set(ACTS)
    assert set(LEAVES_NONE) <= writing_functions()


@pytest.fixture
def made_secrets(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """Every token, every secret of a code and every room code that is made while the test runs."""
    made: set[str] = set()
    token, code, room = secrets.token_urlsafe, codes.new_code, codes.new_room_code

    def a_token(nbytes: int | None = None) -> str:
        made.add(found := token(nbytes))
        return found

    def a_code() -> codes.Code:
        found = code()
        made.update({found.secret, found.text, found.text.replace("-", "")})
        return found

    monkeypatch.setattr(secrets, "token_urlsafe", a_token)

    def a_room_code() -> str:
        made.update({found := room(), codes.room_text(found)})
        return found

    monkeypatch.setattr(codes, "new_code", a_code)
    monkeypatch.setattr(codes, "new_room_code", a_room_code)
    return made


@pytest.mark.parametrize("name", ACTS)
def test_every_act_leaves_exactly_its_line_and_no_secret(world: World, made_secrets: set[str], name: str) -> None:
    make, leaves = ACTS[name]
    do = make(world)
    before = noted(world.store)
    do()
    after = noted(world.store)
    for action in before:
        after.remove(action)
    assert sorted(after) == sorted(action.value for action in leaves)
    assert secrets_in_the_record(world.store, made_secrets) == set()


TABLES = ("record", "rating_changes", "vote_changes")


def secrets_in_the_record(store: Store, made: set[str]) -> set[str]:
    """The tokens, codes and links, and the hashes of them, that stand anywhere in the record."""
    sql = PlainSql(str(store.url))
    texts = [str(row) for table in TABLES for row in sql.rows(f"SELECT * FROM {table}")]
    hashed = ["SELECT secret_hash FROM person_codes"]
    hashed += [f"SELECT token_hash FROM {table}" for table in ("sign_in_sessions", "sign_in_links", "seats")]
    devices = "SELECT {0} FROM seat_devices WHERE {0} IS NOT NULL"
    hashed += [devices.format(column) for column in ("link_hash", "code_hash", "token_hash")]
    hashes = {row[0] for query in hashed for row in sql.rows(query)}
    return {secret for secret in (*made, *hashes, "/signin") if any(secret in text for text in texts)}


def test_a_secret_in_the_record_would_be_found(world: World, made_secrets: set[str]) -> None:
    invited = world.invited()
    assert {invited.link_token, invited.code_text} < made_secrets
    record.note_export(world.store, world.staff, f"/signin?link={invited.link_token}", NOW)
    assert secrets_in_the_record(world.store, made_secrets) == {invited.link_token, "/signin"}


def test_a_room_code_in_the_record_would_be_found(world: World, made_secrets: set[str]) -> None:
    session = opened(world.store, world.facilitator)
    record.note_export(world.store, world.staff, f"the sheet of {session.room_code}", NOW)
    assert secrets_in_the_record(world.store, made_secrets) == {session.room_code}


def test_somebody_who_joins_anew_is_noted_as_such(world: World) -> None:
    session = opened(world.store, world.facilitator)
    token = voting.join(world.store, session.room_code, BO, NOW, "")
    before = noted(world.store)
    voting.join(world.store, session.room_code, BO, NOW, "", token=token or "")
    assert noted(world.store)[len(before) :] == [Action.SEAT_CHANGED.value]


def test_what_changes_nothing_notes_nothing(world: World) -> None:
    network = world.staff.network
    before = noted(world.store)
    settings_of_networks.change_peer_view(world.store, world.staff, network.peer_view, network.least_others, NOW)
    settings_of_networks.rename(world.store, world.staff, f"  {network.title} ", NOW)
    with pytest.raises(UserError, match="nothing to mend"):
        imports.rejected_workbook(world.store, world.staff, world.preview(WIDE.format(3)), NOW)
    with pytest.raises(UserError):
        settings_of_networks.rename(world.store, world.staff, "  ", NOW)
    for number in (4, settings_of_networks.MOST_OTHERS + 1):
        with pytest.raises(UserError):
            settings_of_networks.change_peer_view(world.store, world.staff, PeerView.COUNTS, number, NOW)
    with pytest.raises(NotAllowedError):
        record.record_file(world.store, world.staff, "pdf", NOW)
    assert noted(world.store) == before
