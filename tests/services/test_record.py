"""Every act leaves its line in the record, no line holds a secret, and a rating tells its whole history."""

import ast
import csv
import io
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import openpyxl
import pytest

from progressions import codes, services
from progressions.errors import NotAllowedError, UserError
from progressions.people import Access, PeerView, Principal
from progressions.ratings import NextStep, RatingDraft, Reason
from progressions.record import Action, Wanted
from progressions.services import (
    exports,
    identities,
    imports,
    mappings,
    networks,
    people,
    pictures,
    ratings,
    record,
    rubrics,
    settings_of_networks,
    sign_in,
    start,
    templates,
)
from progressions.services.identities import Claims
from progressions.services.imports import Preview
from progressions.services.people import Invitation
from progressions.services.pictures import Asked
from progressions.services.ratings import Pen
from progressions.services.sign_in import Arrival
from progressions.settings import ReadLimits
from progressions.sheets.writing import rubric_workbook
from progressions.store import Store
from tests.factories import NOW, SPRING, a_key, make_rubric, reworded
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


@pytest.fixture
def world(sqlite_store: Store, staff: Principal, facilitator: Principal, member: Principal) -> World:
    with sqlite_store.write_directory() as directory:
        directory.grant(1, staff.network.id, Access.STAFF, None)
        directory.grant(2, staff.network.id, Access.FACILITATOR, "ash")
        directory.grant(3, staff.network.id, Access.MEMBER, "ash")
    return World(sqlite_store, staff, facilitator, member)


Act = Callable[[World], Callable[[], object]]
"""Makes everything ready, and returns the act itself."""
ACTS: dict[str, tuple[Act, tuple[Action, ...]]] = {}


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
act("start.staff_link", Action.LINK_MADE)(lambda w: lambda: start.staff_link(w.store, NOW))
act("start.own_network", Action.NETWORK_STARTED, Action.ACCESS_CHANGED)(lambda w: lambda: _own_network(w))
act("start.load_example", Action.NETWORK_STARTED, *[Action.RUBRIC_PUBLISHED] * 3, Action.IMPORTED)(
    lambda w: lambda: start.load_example(w.store, NOW)
)


def _own_network(world: World) -> object:
    """The furnished network passes for the example: there is none of one's own beside it."""
    PlainSql(str(world.store.url)).run("UPDATE networks SET is_example = 1")
    return start.own_network(world.store, None, NOW, create=True)


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
    "identities.person_for": "an identity is linked while somebody signs in by it, and that is noted",
    "sign_in.principal_of": "that a session was seen, once an hour, is no act of a person",
    "sign_in.look_at": "which of one's own networks one looks at changes nothing for anybody",
    "start.network_of_link": "never makes a network: own_network does, where a rubric is published",
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


def noted(store: Store) -> list[str]:
    """Every line by plain SQL: the record itself, and each save by hand."""
    sql = PlainSql(str(store.url))
    saved = sql.value("SELECT count(*) FROM rating_changes WHERE batch_id IS NULL")
    return [action for (action,) in sql.rows("SELECT action FROM record ORDER BY id")] + ["rated"] * saved


def test_each_line_says_who_from_where_and_when(world: World) -> None:
    who = Principal(1, "Sam", world.staff.network, Access.STAFF, came_from="browser 10.0.0.7")
    settings_of_networks.change_peer_view(world.store, who, PeerView.BANDS, 7, LATER)
    (entry,) = record.page(world.store, world.staff, Wanted(action=Action.SETTING_CHANGED)).entries
    assert (entry.who, entry.came_from, entry.at) == ("Sam", "browser 10.0.0.7", LATER)
    assert (entry.about, entry.old, entry.new) == (
        "what members see of peers", "counts, from 5 others on", "bands, from 7 others on"
    )  # fmt: skip


@pytest.fixture
def made_secrets(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """Every token and every secret of a code that is made while the test runs."""
    made: set[str] = set()
    token, code = secrets.token_urlsafe, codes.new_code

    def a_token(nbytes: int | None = None) -> str:
        made.add(found := token(nbytes))
        return found

    def a_code() -> codes.Code:
        found = code()
        made.update({found.secret, found.text, found.text.replace("-", "")})
        return found

    monkeypatch.setattr(secrets, "token_urlsafe", a_token)
    monkeypatch.setattr(codes, "new_code", a_code)
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


def secrets_in_the_record(store: Store, made: set[str]) -> set[str]:
    """The tokens, codes and links, and the hashes of them, that stand anywhere in the record."""
    sql = PlainSql(str(store.url))
    texts = [str(row) for table in ("record", "rating_changes") for row in sql.rows(f"SELECT * FROM {table}")]
    hashed = ("SELECT token_hash FROM sign_in_sessions", "SELECT token_hash FROM sign_in_links")
    hashes = {row[0] for query in (*hashed, "SELECT secret_hash FROM person_codes") for row in sql.rows(query)}
    return {secret for secret in (*made, *hashes, "/signin") if any(secret in text for text in texts)}


def test_a_secret_in_the_record_would_be_found(world: World, made_secrets: set[str]) -> None:
    invited = world.invited()
    assert {invited.link_token, invited.code_text} < made_secrets
    record.note_export(world.store, world.staff, f"/signin?link={invited.link_token}", NOW)
    assert secrets_in_the_record(world.store, made_secrets) == {invited.link_token, "/signin"}


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


def test_settings_come_back_as_they_are_stored(world: World) -> None:
    sql = PlainSql(str(world.store.url))
    for number in (5, settings_of_networks.MOST_OTHERS):
        after = settings_of_networks.change_peer_view(world.store, world.staff, PeerView.NAMES, number, NOW)
        assert (after.peer_view, after.least_others) == (PeerView.NAMES, number)
        assert sql.rows("SELECT peer_view, least_others FROM networks") == [("names", number)]
    assert settings_of_networks.rename(world.store, world.staff, "Far  North", NOW).title == "Far North"
    assert sql.rows("SELECT title, code FROM networks") == [("Far North", "north")]


def test_only_staff_decide_for_the_network_and_read_its_record(world: World) -> None:
    for who in (world.member, world.facilitator):
        for ask in (
            lambda who=who: settings_of_networks.rename(world.store, who, "Mine", NOW),
            lambda who=who: settings_of_networks.change_peer_view(world.store, who, PeerView.NAMES, 5, NOW),
            lambda who=who: record.page(world.store, who),
            lambda who=who: record.signers(world.store, who),
            lambda who=who: record.record_file(world.store, who, "csv", NOW),
        ):
            with pytest.raises(NotAllowedError):
                ask()
    assert PlainSql(str(world.store.url)).rows("SELECT title, peer_view FROM networks") == [("Network North", "counts")]


def test_the_record_comes_a_page_at_a_time(world: World) -> None:
    many = record.ON_A_PAGE + 5
    for number in range(many):
        record.note_export(world.store, world.staff, f"file {number}", NOW + timedelta(seconds=number))
    first = record.page(world.store, world.staff)
    second = record.page(world.store, world.staff, number=1)
    assert (len(first.entries), first.has_older, second.has_older) == (record.ON_A_PAGE, True, False)
    assert [e.about for e in (*first.entries, *second.entries)] == [f"file {n}" for n in reversed(range(many))]


@pytest.mark.parametrize("form", record.FORMS)
def test_the_record_as_a_file_has_every_line_and_is_noted_itself(world: World, form: str) -> None:
    world.rate()
    networks.add_partnership(world.store, world.staff, "=1+1", NOW)
    content = record.record_file(world.store, world.staff, form, LATER)
    if form == "csv":
        rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
        title = "'=1+1"
    else:
        cells = list(openpyxl.load_workbook(io.BytesIO(content)).worksheets[0].iter_rows())
        assert all(cell.data_type != "f" for row in cells for cell in row)
        rows, title = [["" if cell.value is None else str(cell.value) for cell in row] for row in cells], "=1+1"
    assert rows[0] == list(record.HEADER)
    assert len(rows) == 1 + len(noted(world.store)) - 1
    assert ["partnership added", title] in [row[3:5] for row in rows]
    assert rows[-1][1] in ("Sam", "Fay")
    assert record.page(world.store, world.staff).entries[0].about == f"the record ({form})"


def test_a_rating_tells_every_save_in_the_words_of_its_level(world: World) -> None:
    world.rate(2)
    batch = world.imported()
    draft = RatingDraft(3, "*seen*", NextStep("visit", "Ann", SPRING), Reason.PEOPLE)
    ratings.save_rating(world.store, world.staff, a_key(), draft, base=2, pen=Pen("tab", 2), now=LATER)
    first, second, third = record.history_of(world.store, world.member, a_key())
    assert (first.change.changed_by, first.level, first.came_with) == ("Sam", "3 Integrating", "")
    assert first.change.new == draft
    assert (second.level, second.came_with) == ("3 Integrating", "import past.csv")
    assert (third.change.changed_by, third.level, third.change.old) == ("Fay", "2 Trying", None)
    assert record.history_of(world.store, world.member, a_key("lea-2")) == ()
    assert batch == 1


def test_an_undo_stands_in_the_history_as_one(world: World) -> None:
    imports.undo(world.store, world.staff, world.imported(), LATER)
    assert [(save.level, save.came_with) for save in record.history_of(world.store, world.member, a_key())] == [
        ("", "undo of import past.csv"),
        ("3 Integrating", "import past.csv"),
    ]


def test_a_level_keeps_the_name_of_the_version_it_was_agreed_on(world: World) -> None:
    world.rate(2)
    renamed = make_rubric(wording="other")
    renamed = type(renamed)(renamed.code, renamed.title, tuple(
        type(level)(level.position, f"New {level.name}") for level in renamed.levels
    ), renamed.domains)  # fmt: skip
    checked = rubrics.preview(world.store, world.staff, rubric_workbook([renamed], ""), "ours.xlsx", LIMITS)
    rubrics.publish(world.store, world.staff, checked, NOW, confirmed=True)
    world.rate(3)
    levels = [save.level for save in record.history_of(world.store, world.member, a_key())]
    assert levels == ["3 New Integrating", "2 Trying"]


def test_whoever_sees_the_partnership_sees_the_history_and_nobody_else(world: World) -> None:
    for who in (world.staff, world.facilitator, world.member):
        assert record.history_of(world.store, who, a_key()) == ()
    rater = Principal(4, "Ros", world.staff.network, Access.RATER, "ash")
    for who, key in ((world.member, a_key(partnership="birch")), (rater, a_key())):
        with pytest.raises(NotAllowedError):
            record.history_of(world.store, who, key)


def test_the_command_line_notes_as_the_screen_does(world: World) -> None:
    who = start.system_principal(world.staff.network)
    exports.ratings_file(world.store, who, "csv", now=NOW)
    (entry,) = record.page(world.store, world.staff).entries
    assert (entry.who, entry.came_from, entry.about) == ("Command line", "command line", "all ratings (csv, long)")
