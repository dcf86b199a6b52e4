"""Stuck and moved: who agreed is named, who did not is not, and consent does not give the others away."""

import io
import random
from dataclasses import replace
from datetime import timedelta

import openpyxl
import pytest

from progressions.errors import ChangedMeanwhileError, NotAllowedError, UserError
from progressions.people import Access, PeerView, Principal
from progressions.record import Action, Wanted
from progressions.services import exports, peers, record, shared_notes
from progressions.services.stuck_and_moved import Helper, Stuck, stuck_and_moved
from progressions.sharing import SharedNote
from progressions.store import Store
from tests.factories import AUTUMN, NOW, SPRING, a_published_rubric, make_rubric
from tests.plain_sql import PlainSql
from tests.services.peer_networks import OTHERS, eleven, levels, seen_by

THEN, AT = levels([2, 2, 2, 2, 2, 2, 1, 1, 1, 1, 1]), levels([2, 3, 4, 3, 2, 2, 1, 1, 1, 1, 1])
VIEWS = [PeerView.NAMES, PeerView.COUNTS, PeerView.BANDS]


@pytest.fixture
def both(sqlite_store: Store, staff: Principal) -> Store:
    eleven(sqlite_store, staff, THEN, AT)
    return sqlite_store


def agree(store: Store, staff: Principal, code: str, *, agrees: bool = True, minute: int = 0, base: int = 0) -> None:
    note = SharedNote(code, "lea", "lea-1", f"Note of {code}", f"Head of {code}", row_version=base)
    speaker = replace(staff, access=Access.FACILITATOR, partnership=code) if staff.is_staff else staff
    shared_notes.share(store, speaker, note, NOW + timedelta(minutes=minute), may_be_asked=agrees)


def stuck_of(store: Store, who: Principal) -> Stuck:
    (found,) = stuck_and_moved(store, who, "ash", "lea")
    return found


def test_a_domain_that_the_rubric_no_longer_has_stands_still_no_more(both: Store, staff: Principal) -> None:
    assert stuck_of(both, staff).domain == "lea-1"
    whole = make_rubric()
    a_published_rubric(both, staff.network, replace(whole, domains=whole.domains[1:]))
    assert stuck_and_moved(both, staff, "ash", "lea") == ()


@pytest.mark.parametrize("view", [PeerView.NAMES, PeerView.COUNTS])
def test_members_read_who_agreed_and_of_nobody_else(
    both: Store, staff: Principal, member: Principal, view: PeerView
) -> None:
    agree(both, staff, "canary-0")
    agree(both, staff, "canary-1", agrees=False)
    found = stuck_of(both, seen_by(member, view))
    assert (found.domain, found.level, found.since, found.until, found.times) == ("lea-1", 2, SPRING, AUTUMN, 2)
    (mover,) = found.movers
    assert (mover.title, mover.note, mover.contact) == ("Canary 0", "Note of canary-0", "Head of canary-0")
    assert (mover.move.level_then, mover.move.held_then) == (2, SPRING)
    assert (mover.move.level_now, mover.move.held_now) == (4, AUTUMN)


def test_on_bands_members_read_who_agreed_and_not_where_they_stood(
    both: Store, staff: Principal, member: Principal
) -> None:
    agree(both, staff, "canary-0")
    agree(both, staff, "canary-1", agrees=False)
    found = stuck_of(both, seen_by(member, PeerView.BANDS))
    assert (found.movers, found.more) == ((), 0)
    assert found.helpers == (Helper("Canary 0", "Note of canary-0", "Head of canary-0"),)


def test_staff_read_everybody_and_every_note(both: Store, staff: Principal) -> None:
    agree(both, staff, "canary-1", agrees=False)
    movers = {each.title: each for each in stuck_of(both, staff).movers}
    assert set(movers) == {"Birch Valley", "Canary 0", "Canary 1"}
    assert (movers["Canary 1"].note, movers["Canary 1"].may_be_asked) == ("Note of canary-1", False)


def test_of_the_others_members_are_told_a_count_where_it_may_be_told(both: Store, member: Principal) -> None:
    counted = stuck_of(both, member).group
    assert counted is not None
    assert (counted.started.peers, counted.started.higher, counted.started.same) == (5, 3, 2)
    assert stuck_of(both, seen_by(member, PeerView.BANDS)).group is None
    assert stuck_of(both, seen_by(member, PeerView.COUNTS, least=7)).group is None


@pytest.mark.parametrize("view", VIEWS)
def test_consent_that_is_taken_back_is_gone_at_once(
    both: Store, staff: Principal, member: Principal, view: PeerView
) -> None:
    agree(both, staff, "canary-0")
    agree(both, staff, "canary-0", agrees=False, base=1)
    assert stuck_of(both, seen_by(member, view)).movers == ()


def test_where_the_network_shows_nothing_consent_shows_nothing(
    both: Store, staff: Principal, member: Principal
) -> None:
    agree(both, staff, "canary-0")
    with pytest.raises(NotAllowedError):
        stuck_and_moved(both, seen_by(member, PeerView.NOTHING), "ash", "lea")


def test_a_rater_and_another_partnership_find_nothing(both: Store, member: Principal) -> None:
    for who, whose in ((replace(member, access=Access.RATER), "ash"), (member, "birch")):
        with pytest.raises(NotAllowedError):
            stuck_and_moved(both, who, whose, "lea")


def test_beside_counts_consent_leaves_five_others_who_are_not_known_by_name(
    sqlite_store: Store, staff: Principal, member: Principal
) -> None:
    eleven(sqlite_store, staff, levels([2] * 11), levels([2, *[3] * 10]))
    for minute, code in enumerate(OTHERS):
        agree(sqlite_store, staff, code, minute=minute)
    assert [each.title for each in stuck_of(sqlite_store, member).movers] == [
        "Birch Valley", "Canary 0", "Canary 1", "Canary 2", "Canary 3"
    ]  # fmt: skip
    agree(sqlite_store, staff, "canary-0", agrees=False, base=1, minute=99)
    told = [each.title for each in stuck_of(sqlite_store, member).movers]
    assert told == ["Birch Valley", "Canary 1", "Canary 2", "Canary 3"], "what was read once is known for ever"
    on_bands = stuck_of(sqlite_store, seen_by(member, PeerView.BANDS))
    assert on_bands.movers == ()
    assert [each.title for each in on_bands.helpers] == [*told, *(f"Canary {number}" for number in range(4, 9))]


def test_nobody_is_stuck_at_the_highest_level(sqlite_store: Store, staff: Principal) -> None:
    eleven(sqlite_store, staff, levels([4] * 11), levels([4] * 11))
    assert stuck_and_moved(sqlite_store, staff, "ash", "lea") == ()
    with pytest.raises(NotAllowedError):
        stuck_and_moved(sqlite_store, staff, "ash", "no-such")


# The attacker: everything that a member can read, in two worlds in which those who did not agree stand elsewhere.


def everything_read(store: Store, who: Principal) -> str:
    return "\n".join([repr(stuck_and_moved(store, who, "ash", "lea")), *_peers(store, who)])


def _peers(store: Store, who: Principal) -> list[str]:
    told = [peers.beside(store, who, "ash", "lea", day) for day in (SPRING, AUTUMN)]
    frames = [
        frame for each in told for frame in (each.domains, each.levels, each.bands, each.own) if frame is not None
    ]
    return [frame.drop(columns="as_of", errors="ignore").to_csv() for frame in frames]


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("view", [PeerView.BANDS, PeerView.COUNTS])
def test_of_those_who_did_not_agree_nothing_can_be_read(
    sqlite_store: Store, staff: Principal, member: Principal, view: PeerView, seed: int
) -> None:
    chance = random.Random(seed)
    then = levels([2, *(chance.randint(1, seed % 3 + 2) for _ in OTHERS)])
    now = levels([2, *(chance.randint(1, 4) for _ in OTHERS)])
    agreed = chance.sample(OTHERS, chance.randint(1, 6) if view is PeerView.BANDS else 3)
    eleven(sqlite_store, staff, then, now)
    for code in agreed:
        agree(sqlite_store, staff, code)
    who = seen_by(member, view)
    before = everything_read(sqlite_store, who)
    _elsewhere(sqlite_store, [code for code in OTHERS if code not in agreed], view)
    assert everything_read(sqlite_store, who) == before


def _elsewhere(store: Store, whom: list[str], view: PeerView) -> None:
    """Another history: on bands with other levels of the same halves, on counts with one another's levels."""
    sql = PlainSql(str(store.url))
    ids = [sql.value(f"SELECT id FROM partnerships WHERE code = '{code}'") for code in whom]
    with sql.connection() as connection:
        connection.execute("PRAGMA foreign_keys = OFF")
        if view is PeerView.BANDS:
            connection.execute("DROP TRIGGER rating_changes_no_update")
            of = f"(SELECT id FROM ratings WHERE partnership_id IN ({', '.join(map(str, ids))}))"
            other = "({0} - 1) / 2 * 2 + 1 + {1} % 2"  # whatever it was: where others stood alike, they do no more
            connection.execute(f"UPDATE ratings SET level = {other.format('level', 'id')} WHERE id IN {of}")
            new = other.format("new_level", "rating_id")
            connection.execute(f"UPDATE rating_changes SET new_level = {new} WHERE rating_id IN {of}")
        else:
            connection.execute("UPDATE ratings SET partnership_id = -partnership_id")
            for old, new in zip(ids, [*ids[1:], ids[0]], strict=True):
                connection.execute(f"UPDATE ratings SET partnership_id = {new} WHERE partnership_id = -{old}")
            connection.execute("UPDATE ratings SET partnership_id = -partnership_id WHERE partnership_id < 0")
        connection.commit()


# Sharing.


def test_what_is_shared_is_the_partnerships_own_and_its_facilitator_alone_says_it(
    both: Store, staff: Principal, facilitator: Principal, member: Principal
) -> None:
    agree(both, facilitator, "ash")
    for who in (member, staff):
        assert shared_notes.note(both, who, "ash", "lea", "lea-1").may_be_asked
    for who in (staff, replace(staff, access=Access.ADMIN)):
        note = shared_notes.note(both, who, "ash", "lea", "lea-1")
        for agrees in (True, False):
            with pytest.raises(NotAllowedError, match="its own facilitator"):
                shared_notes.share(both, who, note, NOW, may_be_asked=agrees)
    with pytest.raises(NotAllowedError, match="Your facilitator"):
        agree(both, member, "ash", base=1)
    with pytest.raises(NotAllowedError):
        agree(both, facilitator, "birch")
    with pytest.raises(NotAllowedError):
        shared_notes.note(both, member, "birch", "lea", "lea-1")
    with pytest.raises(NotAllowedError):
        shared_notes.moves(both, member, "birch", "lea")


def test_the_form_says_the_very_moves_that_others_read(both: Store, staff: Principal, member: Principal) -> None:
    agree(both, staff, "canary-0")
    (mover,) = stuck_of(both, member).movers
    assert shared_notes.moves(both, staff, "canary-0", "lea") == {"lea-1": (mover.move,)}
    assert shared_notes.moves(both, staff, "ash", "lea") == {}


def test_whoever_agrees_says_how_to_be_asked(both: Store, facilitator: Principal) -> None:
    with pytest.raises(UserError, match="how others may ask"):
        shared_notes.share(both, facilitator, SharedNote("ash", "lea", "lea-1", "x", " "), NOW, may_be_asked=True)
    long = SharedNote("ash", "lea", "lea-1", "x" * 2001, "Ana")
    with pytest.raises(UserError, match="up to 2000"):
        shared_notes.share(both, facilitator, long, NOW, may_be_asked=True)


def test_two_who_share_at_one_moment_do_not_overwrite_each_other(both: Store, facilitator: Principal) -> None:
    agree(both, facilitator, "ash")
    with pytest.raises(ChangedMeanwhileError):
        agree(both, facilitator, "ash", agrees=False)


def test_the_record_says_that_consent_was_given_and_taken_back_and_not_what_was_written(
    both: Store, staff: Principal, facilitator: Principal
) -> None:
    agree(both, facilitator, "ash")
    agree(both, facilitator, "ash", agrees=False, base=1)
    lines = [line for line in record.page(both, staff, Wanted()).entries if line.action is Action.NOTE_SHARED]
    assert [(line.who, line.about, line.old, line.new) for line in lines] == [
        ("Fay", "Ash County, lea-1", "may be asked", "may not be asked"),
        ("Fay", "Ash County, lea-1", "", "may be asked"),
    ]
    assert "Head of ash" not in repr(record.page(both, staff, Wanted()).entries)


def test_a_partnership_takes_along_what_it_shared(both: Store, staff: Principal, facilitator: Principal) -> None:
    agree(both, facilitator, "ash")
    agree(both, staff, "birch")
    content = exports.partnership_workbook(both, facilitator, "ash", NOW)
    sheet = openpyxl.load_workbook(io.BytesIO(content))["Shared"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert len(rows) == 2
    assert rows[1][:5] == ["lea", "lea-1", "Domain 1", "Note of ash", "Head of ash"]
    assert rows[1][-1] == "Fay"
