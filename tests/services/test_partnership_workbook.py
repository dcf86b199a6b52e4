"""Their data is theirs: everything that one partnership has said, and nothing of any other."""

import io
import zipfile
from dataclasses import replace
from datetime import date, datetime, time, timedelta

import openpyxl
import pytest

from progressions.errors import NotAllowedError
from progressions.people import EXAMPLE_NOTE, Access, Principal
from progressions.ratings import Hindsight, NextStep, RatingDraft, RatingKey, Reason, StepState
from progressions.services import exports, imports, ratings, reveals, start, team_sessions
from progressions.services.example_told import read_told
from progressions.services.imports import Preview
from progressions.services.ratings import Pen
from progressions.services.voting import Newcomer
from progressions.settings import ReadLimits
from progressions.store import Store
from progressions.team_session import Naming, Role, Side, TeamSession
from tests.factories import AUTUMN, NOW, SPRING, a_key, a_published_rubric, make_rubric, reworded
from tests.services.session_acts import KEYS, opened, seated, votes

MARK = "QXZMARKER"
LATER = NOW + timedelta(hours=1)


def rate(store: Store, who: Principal, key: RatingKey, draft: RatingDraft, base: int = 0) -> None:
    ratings.save_rating(store, who, key, draft, base=base, pen=Pen("tab", base), now=NOW)


def sheets(content: bytes) -> dict[str, list[list[object]]]:
    book = openpyxl.load_workbook(io.BytesIO(content))
    return {sheet.title: [[cell.value for cell in row] for row in sheet.iter_rows()] for sheet in book.worksheets}


def taken(store: Store, who: Principal, partnership: str = "ash") -> dict[str, list[list[object]]]:
    return sheets(exports.partnership_workbook(store, who, partnership, LATER))


@pytest.fixture
def said(sqlite_store: Store, staff: Principal) -> None:
    """Two saves of one rating, a second one on newer words; and a lot of another partnership."""
    first = RatingDraft(2, "seen", NextStep("visit", "Ann", AUTUMN))
    rate(sqlite_store, staff, a_key(), first)
    rate(sqlite_store, staff, a_key(), RatingDraft(3, "seen twice", reason=Reason.PEOPLE), 1)
    a_published_rubric(sqlite_store, staff.network, reworded(make_rubric(), "lea-1"))
    a_published_rubric(sqlite_store, staff.network, make_rubric(code="ihe"))
    rate(sqlite_store, staff, a_key("lea-2"), RatingDraft(None, "open"))
    with sqlite_store.write(staff) as repository:
        repository.add_partnership("other", f"{MARK} title")
        repository.add_convening(date(2026, 12, 1), f"{MARK} convening of their own")
    other = RatingDraft(4, f"{MARK} evidence", NextStep(f"{MARK} step", f"{MARK} owner"))
    rate(sqlite_store, staff, RatingKey("other", date(2026, 12, 1), "lea", "lea-3"), other)


@pytest.mark.usefixtures("said")
def test_a_member_takes_everything_of_their_partnership_along(sqlite_store: Store, member: Principal) -> None:
    book = taken(sqlite_store, member)
    assert list(book) == ["About", "Ratings", "Saves", "Votes", "Rubrics", "Shared", "Convenings"]
    about = {row[0]: row[1] for row in book["About"] if row[0]}
    assert (about["Network"], about["Partnership"], about["Written for"]) == ("Network North", "Ash County", "Max")
    assert about["Written on (UTC)"] == LATER.replace(tzinfo=None)
    assert set(book) - {"About"} <= set(about)

    header, *rows = book["Ratings"]
    now = [dict(zip(header, row, strict=True)) for row in rows]
    told = [(r["domain code"], r["level"], r["level name"], r["evidence"], r["rubric version"]) for r in now]
    assert told == [("lea-1", 3, "Integrating", "seen twice", 1), ("lea-2", None, None, "open", 2)]

    header, *rows = book["Saves"]
    saves = [dict(zip(header, row, strict=True)) for row in rows]
    assert [(s["domain code"], s["level before"], s["level"], s["saved by"]) for s in saves] == [
        ("lea-1", None, 2, "Sam"),
        ("lea-1", 2, 3, "Sam"),
        ("lea-2", None, None, "Sam"),
    ]
    assert (saves[0]["next step"], saves[0]["owner"], saves[0]["due"].date()) == ("visit", "Ann", AUTUMN)  # type: ignore[attr-defined]
    assert saves[1]["why it moved"] == "people"
    assert book["Convenings"][1:] == [[datetime.combine(SPRING, time()), "Spring", 1]]


@pytest.mark.usefixtures("said")
def test_the_words_of_each_version_that_a_rating_stands_on_are_in_it_and_no_others(
    sqlite_store: Store, member: Principal
) -> None:
    header, *rows = taken(sqlite_store, member)["Rubrics"]
    words = [dict(zip(header, row, strict=True)) for row in rows]
    assert {(w["rubric"], w["version"]) for w in words} == {("lea", 1), ("lea", 2)}
    one = {w["version"]: w["level 3"] for w in words if w["domain code"] == "lea-1"}
    assert one == {1: "what is seen in 1 at 3", 2: "what is seen in 1 at 3, said anew"}
    assert [w["level 4"] for w in words if w["domain"] == "names of the levels"] == ["Sustaining", "Sustaining"]


@pytest.mark.usefixtures("said")
def test_nothing_of_another_partnership_is_in_it(sqlite_store: Store, member: Principal, staff: Principal) -> None:
    for who in (member, staff):
        content = exports.partnership_workbook(sqlite_store, who, "ash", LATER)
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = {name: archive.read(name).decode("utf-8", "replace") for name in archive.namelist()}
        assert not [name for name, text in parts.items() if MARK in text or "Birch" in text]
    assert MARK in str(taken(sqlite_store, staff, "other")), "the marker would be found where it belongs"


@pytest.mark.usefixtures("said")
def test_only_those_who_see_the_partnership_may_take_it(
    sqlite_store: Store, staff: Principal, member: Principal
) -> None:
    rater = Principal(4, "Ros", staff.network, Access.RATER, "ash")
    for who, code in ((member, "birch"), (member, ""), (rater, "ash"), (staff, "nothing"), (staff, "")):
        with pytest.raises(NotAllowedError):
            exports.partnership_workbook(sqlite_store, who, code, LATER)
    assert taken(sqlite_store, staff, "birch")["Ratings"][1:] == []


def test_no_text_becomes_a_formula(sqlite_store: Store, staff: Principal) -> None:
    for at, text in enumerate(["=1+1", '=HYPERLINK("http://x")', "+1", "-1", "@SUM(A1)", "#N/A"]):
        draft = RatingDraft(at % 4 + 1, text, NextStep(text, text))
        rate(sqlite_store, staff, a_key(), draft, at)
    content = exports.partnership_workbook(sqlite_store, staff, "ash", LATER)
    book = openpyxl.load_workbook(io.BytesIO(content))
    kinds = {cell.data_type for sheet in book.worksheets for row in sheet.iter_rows() for cell in row}
    assert "f" not in kinds
    assert "e" not in kinds
    assert sheets(content)["Saves"][1][10] == "=1+1"


def test_its_sheet_of_ratings_can_be_imported_again(sqlite_store: Store, staff: Principal) -> None:
    rate(sqlite_store, staff, a_key(), RatingDraft(2, "seen"))
    content = exports.partnership_workbook(sqlite_store, staff, "ash", LATER)
    whole = imports.read_file(sqlite_store, staff, content, "ours.xlsx", ReadLimits())
    alone = replace(whole, sheets=tuple(sheet for sheet in whole.sheets if sheet.name == "Ratings"))
    shown = imports.preview_workbook(sqlite_store, staff, alone, None)
    assert isinstance(shown, Preview), shown.unsure
    assert shown.plan.nothing_to_do
    assert shown.plan.counts.unchanged == 1


def test_an_import_and_its_undo_are_told(sqlite_store: Store, staff: Principal, member: Principal) -> None:
    content = b"partnership code,partnership,convening date,Domain 1\nash,Ash County,2026-03-05,3\n"
    shown = imports.preview(sqlite_store, staff, content, "past.csv", None, ReadLimits())
    assert isinstance(shown, Preview), shown.unsure
    batch = imports.confirm(sqlite_store, staff, shown, NOW)
    assert batch is not None
    imports.undo(sqlite_store, staff, batch, LATER)
    book = taken(sqlite_store, member)
    assert [(row[8], row[-1]) for row in book["Saves"][1:]] == [
        (3, "import past.csv"),
        (None, "undo of import past.csv"),
    ]
    assert book["Ratings"][1:] == []


TOLD = RatingDraft(
    3,
    "seen",
    NextStep("visit", "Ann", AUTUMN, StepState.DONE),
    convinced="the walk-throughs",
    links=("https://ash.example/a", "https://ash.example/b"),
    comes_back=True,
    hindsight=Hindsight(date(2025, 10, 1), 2),
)


def test_all_that_is_said_of_a_rating_is_in_it_now_and_save_by_save(sqlite_store: Store, staff: Principal) -> None:
    with sqlite_store.write(staff) as repository:
        repository.add_convening(date(2025, 10, 1), "Earlier")
    rate(sqlite_store, staff, a_key(), TOLD)
    rate(sqlite_store, staff, a_key(), RatingDraft(3, "seen"), 1)
    book = taken(sqlite_store, staff)
    told = [dict(zip(book["Saves"][0], row, strict=True)) for row in book["Saves"][1:]]
    expected = {
        "what convinced us": "the walk-throughs",
        "links": "https://ash.example/a\nhttps://ash.example/b",
        "come back to it": "yes",
        "the promise is": "done",
        "knowing what we know now": "level 2 on 2025-10-01",
    }
    assert {name: told[0][name] for name in expected} == expected
    assert {told[1][name] for name in expected} == {None}
    assert [told[0][name] for name in ("level", "why it moved", "rubric version", "came with")] == [3, None, 1, None]
    rate(sqlite_store, staff, a_key(), TOLD, 2)
    book = taken(sqlite_store, staff)
    (now,) = [dict(zip(book["Ratings"][0], row, strict=True)) for row in book["Ratings"][1:]]
    assert {name: now[name] for name in expected} == expected
    assert (now["level"], now["evidence"], now["saved by"]) == (3, "seen", "Sam")


def test_with_all_that_is_said_it_can_be_imported_again(sqlite_store: Store, staff: Principal) -> None:
    with sqlite_store.write(staff) as repository:
        repository.add_convening(date(2025, 10, 1), "Earlier")
    rate(sqlite_store, staff, a_key(), TOLD)
    content = exports.partnership_workbook(sqlite_store, staff, "ash", LATER)
    whole = imports.read_file(sqlite_store, staff, content, "ours.xlsx", ReadLimits())
    alone = replace(whole, sheets=tuple(sheet for sheet in whole.sheets if sheet.name == "Ratings"))
    shown = imports.preview_workbook(sqlite_store, staff, alone, None)
    assert isinstance(shown, Preview), shown.unsure
    assert (shown.plan.nothing_to_do, shown.plan.counts.unchanged) == (True, 1)


def _voted(store: Store, who: Principal, sides: str, levels: tuple[int | None, ...]) -> TeamSession:
    """A named session in which these people have voted on the first domain; "l" is of the district, "i" not."""
    session = opened(store, who, Naming.NAMED)
    for number, (side, level) in enumerate(zip(sides, levels, strict=True)):
        newcomer = Newcomer(f"Voter {number}", Side.LEA if side == "l" else Side.IHE, Role.OTHER)
        votes(store, seated(store, session, newcomer), level)
    return session


def _votes_sheet(store: Store, who: Principal) -> list[tuple[object, ...]]:
    """Vote, side, the counts of levels 1 to 4, cannot judge, and all, of each row."""
    return [tuple(row[6:]) for row in taken(store, who)["Votes"][1:]]


def test_the_votes_are_in_it_as_counts_by_side(
    sqlite_store: Store, facilitator: Principal, member: Principal, staff: Principal
) -> None:
    session = _voted(sqlite_store, facilitator, "lllliii", (1, 2, 2, None, 3, 3, 4))
    assert _votes_sheet(sqlite_store, member) == [], "nothing of it has been revealed"
    reveals.count_paper(sqlite_store, facilitator, session, KEYS[0], Side.LEA, {2: 2, None: 1}, NOW)
    assert _votes_sheet(sqlite_store, staff) == [], "paper sheets neither"
    present = team_sessions.session_of(sqlite_store, facilitator, "ash", SPRING)
    assert present is not None
    shown = reveals.reveal(sqlite_store, facilitator, present, KEYS[:1], NOW)
    first = [(1, "district", 1, 4, 0, 0, 2, 7), (1, "university", 0, 0, 2, 1, 0, 3)]
    assert _votes_sheet(sqlite_store, member) == first
    again = reveals.second_vote(sqlite_store, facilitator, shown, KEYS[0], NOW)
    votes(sqlite_store, seated(sqlite_store, again, Newcomer("Late", Side.IHE, Role.DEAN)), 4)
    assert _votes_sheet(sqlite_store, member) == first, "the second vote goes on"
    reveals.reveal(sqlite_store, facilitator, again, KEYS[:1], NOW)
    assert _votes_sheet(sqlite_store, member) == [*first, (2, "both together", 0, 0, 0, 1, 0, 1)]
    assert taken(sqlite_store, member)["Votes"][1][:6] == [
        datetime.combine(SPRING, time()), "Spring", "lea", "lea-1", "Domain 1", 1
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("sides", "levels"), [("llliii", (1, 2, 2, 3, 3, 4)), ("llii", (1, 2, 2, 3)), ("lll", (1, 1, 2)), ("l", (3,))]
)
def test_a_side_stands_alone_only_where_both_have_three_and_nobody_by_name(
    sqlite_store: Store, facilitator: Principal, sides: str, levels: tuple[int, ...]
) -> None:
    session = _voted(sqlite_store, facilitator, sides, levels)
    reveals.reveal(sqlite_store, facilitator, session, KEYS, NOW)
    rows = [row for row in taken(sqlite_store, facilitator)["Votes"][1:] if row[3] == "lea-1"]
    apart = min(sides.count("l"), sides.count("i")) >= 3
    assert [row[7] for row in rows] == (["district", "university"] if apart else ["both together"])
    assert sum(int(str(row[-1])) for row in rows) == len(sides)
    content = exports.partnership_workbook(sqlite_store, facilitator, "ash", LATER)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert not [name for name in archive.namelist() if b"Voter" in archive.read(name)]


def test_the_words_that_votes_stand_on_are_in_it(
    sqlite_store: Store, facilitator: Principal, member: Principal
) -> None:
    session = _voted(sqlite_store, facilitator, "lll", (1, 1, 2))
    assert taken(sqlite_store, member)["Rubrics"][1:] == []
    reveals.reveal(sqlite_store, facilitator, session, KEYS[:1], NOW)
    assert {row[5] for row in taken(sqlite_store, member)["Rubrics"][1:]} >= {"lea-1"}


def test_invented_data_says_so(sqlite_store: Store) -> None:
    who = start.system_principal(start.load_example(sqlite_store, NOW))
    book = taken(sqlite_store, who, "alder-valley")
    assert book["About"][0][0] == EXAMPLE_NOTE
    told = [each for each in read_told() if each.key.partnership == "alder-valley"]
    assert len(book["Saves"]) == len(book["Ratings"]) + len(told) > 100
