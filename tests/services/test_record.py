"""What the record tells, to whom, and a rating's whole history."""

import csv
import io
from datetime import timedelta

import openpyxl
import pytest

from progressions.errors import NotAllowedError
from progressions.people import Access, PeerView, Principal
from progressions.ratings import NextStep, RatingDraft, Reason
from progressions.record import Action, Wanted
from progressions.services import (
    exports,
    imports,
    networks,
    ratings,
    record,
    reveals,
    rubrics,
    settings_of_networks,
    start,
    team_sessions,
    voting,
)
from progressions.services.ratings import Pen
from progressions.services.voting import Newcomer
from progressions.sheets.writing import rubric_workbook
from progressions.team_session import Answer, Naming, Role, Side
from tests.factories import NOW, SPRING, a_key, a_network, make_rubric, staff_of
from tests.plain_sql import PlainSql
from tests.services.noted import LATER, LIMITS, World, noted
from tests.services.session_acts import KEYS, opened, seated, votes


def test_each_line_says_who_from_where_and_when(world: World) -> None:
    who = Principal(1, "Sam", world.staff.network, Access.STAFF, came_from="browser 10.0.0.7")
    settings_of_networks.change_peer_view(world.store, who, PeerView.BANDS, 7, LATER)
    (entry,) = record.page(world.store, world.staff, Wanted(action=Action.SETTING_CHANGED)).entries
    assert (entry.who, entry.came_from, entry.at) == ("Sam", "browser 10.0.0.7", LATER)
    assert (entry.about, entry.old, entry.new) == (
        "what members see of peers", "counts, from 5 others on", "bands, from 7 others on"
    )  # fmt: skip


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


def test_a_vote_tells_who_when_and_on_what(world: World) -> None:
    session = opened(world.store, world.facilitator)
    bo = seated(world.store, session)
    votes(world.store, bo, 3)
    votes(world.store, bo, 1, base=1)
    shown = reveals.reveal(world.store, world.facilitator, session, KEYS[:1], NOW)
    reveals.second_vote(world.store, world.facilitator, shown, KEYS[0], NOW)
    votes(world.store, bo, 2)
    told = record.page(world.store, world.staff, Wanted(action=Action.VOTED)).entries
    assert {(entry.who, entry.came_from, entry.old, entry.new) for entry in told} == {
        ("Bo", "browser 192.0.2.7", "", "")
    }
    assert sorted((entry.at - NOW, entry.about) for entry in told) == [
        (timedelta(0), "Ash County, 2026-03-05, lea-1, vote 1"),
        (timedelta(0), "Ash County, 2026-03-05, lea-1, vote 2"),
        (timedelta(minutes=1), "Ash County, 2026-03-05, lea-1, vote 1"),
    ]


@pytest.mark.parametrize("form", record.FORMS)
@pytest.mark.parametrize("levels", [(1, 4), (4, 1), (2, None), (None, None)])
def test_nobody_learns_from_the_record_what_anybody_voted(
    world: World, form: str, levels: tuple[int | None, int | None]
) -> None:
    """Whatever was voted, and whatever paper sheets say: the record is the same to the letter."""
    session = opened(world.store, world.facilitator, Naming.NAMED)
    bo, ann = seated(world.store, session), seated(world.store, session, Newcomer("Ann", Side.IHE, Role.DEAN))
    votes(world.store, bo, levels[0])
    votes(world.store, ann, levels[1])
    votes(world.store, bo, 3, base=1)
    reveals.count_paper(world.store, world.facilitator, session, KEYS[0], Side.LEA, {levels[0]: 2}, NOW)
    present = team_sessions.session_of(world.store, world.facilitator, "ash", SPRING)
    assert present is not None
    reveals.reveal(world.store, world.facilitator, present, KEYS, NOW)
    content = record.record_file(world.store, world.staff, form, LATER)
    assert _lines(content, form) == EXPECTED


def _lines(content: bytes, form: str) -> list[tuple[str, ...]]:
    if form == "csv":
        rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    else:
        cells = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0].iter_rows()
        rows = [["" if cell.value is None else str(cell.value) for cell in row] for row in cells]
    return sorted(tuple(row[1:]) for row in rows[1:])


ASH = "Ash County, 2026-03-05"
PHONE = "browser 192.0.2.7"
EXPECTED = sorted(
    [
        ("Fay", "", "session opened", ASH, "", "2 domains, named, with votes"),
        ("Bo", PHONE, "joined", "Ash County", "", "lea, teacher"),
        ("Ann", PHONE, "joined", "Ash County", "", "ihe, dean"),
        *[(who, PHONE, "voted", f"{ASH}, lea-1, vote 1", "", "") for who in ("Bo", "Bo", "Ann")],
        ("Fay", "", "paper sheets counted", f"{ASH}, lea-1, lea", "", "2 sheets"),
        ("Fay", "", "votes revealed", ASH, "", "lea-1, lea-2"),
    ]
)


def test_votes_can_be_narrowed_as_everything_else(world: World) -> None:
    session = opened(world.store, world.facilitator)
    bo, ann = seated(world.store, session), seated(world.store, session, Newcomer("Ann", Side.IHE, Role.DEAN))
    votes(world.store, bo, 3)
    votes(world.store, ann, 2)
    votes(world.store, bo, 1, base=1)
    world.rate()
    hers, his = ann.principal.signature, bo.principal.signature

    def told(**wanted: object) -> list[tuple[str, str]]:
        page = record.page(world.store, world.staff, Wanted(**wanted))  # type: ignore[arg-type]
        return [(entry.who, entry.action.value) for entry in page.entries]

    assert told(who=hers) == [("Ann", "joined"), ("Ann", "voted")]
    assert told(who=his) == [("Bo", "voted"), ("Bo", "joined"), ("Bo", "voted")]
    assert told(who=his, action=Action.VOTED, since=NOW + timedelta(seconds=1)) == [("Bo", "voted")]
    assert told(action=Action.VOTED, until=NOW + timedelta(seconds=1)) == [("Ann", "voted"), ("Bo", "voted")]
    assert told(who=his, action=Action.RATED) == []
    assert {action for _, action in told(who=world.facilitator.signature)} == {"session opened", "rated"}
    assert ("Bo", "voted") in told()


def test_votes_come_a_page_at_a_time_too(world: World) -> None:
    bo = seated(world.store, opened(world.store, world.facilitator))
    many = record.ON_A_PAGE + 5
    for base in range(many):
        votes(world.store, bo, 1 + base % 2, base=base)
    wanted = Wanted(action=Action.VOTED)
    first, second = (record.page(world.store, world.staff, wanted, number) for number in (0, 1))
    assert (len(first.entries), first.has_older, second.has_older) == (record.ON_A_PAGE, True, False)
    at = [entry.at for entry in (*first.entries, *second.entries)]
    assert at == [NOW + timedelta(minutes=base) for base in reversed(range(many))]


def test_whoever_has_joined_is_among_those_who_did_something(world: World) -> None:
    session = opened(world.store, world.facilitator)
    bo, ann = seated(world.store, session), seated(world.store, session, Newcomer("Ann", Side.IHE, Role.DEAN))
    team_sessions.remove_name(world.store, world.facilitator, session, ann.seat, NOW)
    marks = {bo.principal.signature: "Bo", ann.principal.signature: f"Rater {ann.seat.id}"}
    assert record.signers(world.store, world.staff) == {**marks, "#2": "Fay"}
    votes(world.store, ann, 2)
    assert "Ann" not in str(record.page(world.store, world.staff))


def test_votes_of_another_network_are_in_another_record(world: World) -> None:
    votes(world.store, seated(world.store, opened(world.store, world.facilitator)), 3)
    south = staff_of(a_network(world.store, "south", "South"))
    assert record.page(world.store, south).entries == ()
    assert record.signers(world.store, south) == {}


def test_a_private_note_is_in_no_record(world: World) -> None:
    bo = seated(world.store, opened(world.store, world.facilitator))
    voting.save_vote(world.store, bo.principal, KEYS[0], Answer(2, note="zqnote"), base=0, pen=Pen("phone", 0), now=NOW)
    for form in record.FORMS:
        assert "zqnote" not in str(_lines(record.record_file(world.store, world.staff, form, NOW), form))
