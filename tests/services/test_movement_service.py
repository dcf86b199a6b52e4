"""From the store to figures: whose ratings, and where a gap is a gap."""

from dataclasses import replace
from datetime import date, timedelta

import pandas as pd
import pytest

from progressions.charts.figure import Figure
from progressions.charts.theme import Mode
from progressions.errors import NotAllowedError
from progressions.measures.frame import tidy, told_frame
from progressions.people import Partnership, Principal
from progressions.ratings import REASONS, Convening, Hindsight, NextStep, RatingDraft, Reason, Told
from progressions.rubric import RubricVersion
from progressions.services import movement, networks, ratings, rubrics
from progressions.services.ratings import Pen
from progressions.store import Store
from tests import factories
from tests.factories import AUTUMN, NOW, SPRING, a_key, make_rubric, reworded
from tests.measures.facts import fact

WINTER = date(2026, 12, 3)


@pytest.fixture
def rated(sqlite_store: Store, staff: Principal) -> Store:
    """Ash rated in spring and winter, Birch and Cedar at all three convenings."""
    networks.add_convening(sqlite_store, staff, WINTER, "Winter", NOW)
    networks.add_partnership(sqlite_store, staff, "Cedar", NOW)
    for partnership, days in {"ash": (SPRING, WINTER), "birch": (SPRING, AUTUMN, WINTER), "cedar": (AUTUMN,)}.items():
        for day in days:
            level = 3 if day == WINTER else 2
            _rate(sqlite_store, staff, RatingDraft(level), a_key("lea-1", partnership, day))
    return sqlite_store


def _rate(store: Store, who: Principal, draft: RatingDraft, key: object) -> None:
    ratings.save_rating(store, who, key, draft, base=0, pen=Pen("", 0), now=NOW)  # type: ignore[arg-type]


def test_a_members_frame_holds_their_own_partnership_only(rated: Store, member: Principal, staff: Principal) -> None:
    assert set(movement.frame_of(rated, member)["partnership"]) == {"ash"}
    assert set(movement.frame_of(rated, staff)["partnership"]) == {"ash", "birch", "cedar"}


def test_a_missed_convening_is_a_gap_for_members_and_staff_alike(
    rated: Store, member: Principal, staff: Principal
) -> None:
    for who in (member, staff):
        assert [c.held_on for c in movement.expected_convenings(rated, who, "ash")] == [SPRING, AUTUMN, WINTER]


@pytest.mark.parametrize("title", ["Winter", "Domain"])
def test_two_convenings_of_one_name_and_one_that_is_called_like_a_column_are_told_apart(
    rated: Store, staff: Principal, title: str
) -> None:
    networks.add_convening(rated, staff, date(2027, 12, 2), title, NOW)
    _rate(rated, staff, RatingDraft(4), a_key("lea-1", "ash", date(2027, 12, 2)))
    (version,) = rubrics.latest(rated, staff)
    (ash,) = (p for p in networks.partnerships(rated, staff) if p.code == "ash")
    convenings = networks.convenings(rated, staff)
    figure = movement.all_domains(movement.frame_of(rated, staff), ash, version, convenings, Mode.LIGHT)
    assert figure.table.columns.is_unique
    assert f"{title} · 2 Dec 2027" in figure.table.columns


def test_the_convenings_of_another_partnership_are_not_told(rated: Store, member: Principal) -> None:
    with pytest.raises(NotAllowedError):
        movement.expected_convenings(rated, member, "birch")


def test_what_moved_last_names_the_levels(rated: Store, member: Principal) -> None:
    versions = rubrics.latest(rated, member)
    last = movement.last_moves(movement.frame_of(rated, member), "ash", versions)
    assert (last.held_on, last.gone, last.left_out) == (WINTER, 0, "")
    assert [(m.domain, m.then, m.now, m.held_then, m.up) for m in last.moves] == [
        ("Domain 1", "2 Trying", "3 Integrating", SPRING, True)
    ]


def test_a_rating_on_other_words_has_not_moved(rated: Store, staff: Principal) -> None:
    factories.a_published_rubric(rated, staff.network, reworded(make_rubric(), "lea-1"))
    networks.add_convening(rated, staff, date(2027, 3, 4), "Spring 2027", NOW)
    _rate(rated, staff, RatingDraft(4), a_key("lea-1", "ash", date(2027, 3, 4)))
    assert movement.last_moves(movement.frame_of(rated, staff), "ash", rubrics.latest(rated, staff)).moves == ()


def test_what_moved_last_bears_a_level_that_the_rubric_has_no_more(rated: Store, staff: Principal) -> None:
    shorter = make_rubric(levels=2)
    factories.a_published_rubric(rated, staff.network, shorter)
    last = movement.last_moves(movement.frame_of(rated, staff), "ash", rubrics.latest(rated, staff))
    assert [m.now for m in last.moves] == ["level 3 of an earlier version"]


def test_a_domain_that_is_gone_leaves_the_screen_and_stays_in_the_store(rated: Store, staff: Principal) -> None:
    rubric = make_rubric()
    factories.a_published_rubric(rated, staff.network, replace(rubric, domains=rubric.domains[1:]))
    frame = movement.frame_of(rated, staff)
    last = movement.last_moves(frame, "ash", rubrics.latest(rated, staff))
    assert (last.held_on, last.moves) == (WINTER, ())
    assert last.left_out == "Not shown: 1 movement of domains that the rubric no longer has"
    assert set(frame["domain"]) == {"lea-1"}


def test_the_step_line_of_a_partnership_breaks_where_it_missed_a_convening(rated: Store, member: Principal) -> None:
    figure = _line(rated, member)
    assert figure.table.iloc[:, 0].tolist() == ["Spring", "Autumn", "Winter"]
    assert "not rated" in figure.table.to_string()


def _line(store: Store, who: Principal, today: date = WINTER) -> Figure:
    own, version, convenings, ratings = _of(store, who)
    return movement.one_domain(ratings, own, version, "lea-1", convenings, Mode.LIGHT, today=today)


def _of(store: Store, who: Principal) -> tuple[Partnership, RubricVersion, tuple[Convening, ...], movement.Ratings]:
    (own,) = (p for p in networks.partnerships(store, who) if p.code == "ash")
    (version,) = rubrics.latest(store, who)
    ratings = movement.frame_of(store, who), movement.told_of(store, who, own.code)
    return own, version, movement.expected_convenings(store, who, own.code), ratings


@pytest.fixture
def told(rated: Store, staff: Principal) -> Store:
    """Ash moved up in winter because practice changed, promised a walk in spring, and would now call spring lower."""
    promise = RatingDraft(2, next_step=NextStep("Walk the schools", "Ana", WINTER))
    moved = RatingDraft(3, reason=Reason.PRACTICE, hindsight=Hindsight(SPRING, 1))
    for day, draft in ((SPRING, promise), (WINTER, moved)):
        ratings.save_rating(rated, staff, a_key("lea-1", "ash", day), draft, base=1, pen=Pen("", 0), now=NOW)
    _rate(rated, staff, RatingDraft(None, next_step=NextStep("Look again")), a_key("lea-2", "ash", SPRING))
    _rate(rated, staff, RatingDraft(2, next_step=NextStep("Theirs")), a_key("lea-2", "birch", SPRING))
    return rated


def test_what_another_partnership_told_is_not_read(told: Store, member: Principal) -> None:
    with pytest.raises(NotAllowedError):
        movement.told_of(told, member, "birch")
    assert set(movement.told_of(told, member, "ash")["partnership"]) == {"ash"}


def test_a_line_has_the_promise_where_it_was_made_and_the_hindsight_where_it_looks_at(
    told: Store, member: Principal, staff: Principal
) -> None:
    for who in (member, staff):
        spring, autumn, winter = _line(told, who).table.to_dict("records")
        assert (spring["Level"], spring["Knowing what we know now"]) == (2, "1 Exploring (told Winter)")
        assert (spring["Next step"], spring["Owner"], spring["By"]) == ("Walk the schools", "Ana", "3 Dec 2026")
        assert (spring["State"], spring["Overdue"], spring["Afterwards"]) == ("open", "", "moved up")
        assert {autumn["Next step"], winter["Next step"], winter["Knowing what we know now"]} == {""}


def test_every_promise_of_the_partnership_is_told_and_none_of_another(
    told: Store, member: Principal, staff: Principal
) -> None:
    for who in (member, staff):
        own, version, convenings, ratings_ = _of(told, who)
        figure = movement.promised(ratings_, own, version, convenings, Mode.LIGHT, today=WINTER)
        assert figure.table[["Convening", "Next step", "Afterwards"]].to_numpy().tolist() == [
            ["Spring", "Walk the schools", "moved up"],
            ["Spring", "Look again", "not rated since"],
        ]


def test_promises_of_domains_that_are_no_more_are_counted_and_those_of_another_area_are_not(
    told: Store, member: Principal
) -> None:
    own, version, _, both = _of(told, member)
    lea_1 = replace(version.rubric, domains=tuple(d for d in version.rubric.domains if d.code == "lea-1"))
    gone = {code: wording for code, wording in version.wordings.items() if code != "lea-2"}
    assert movement.promised_of_none(both, own, version) == 0
    assert movement.promised_of_none(both, own, replace(version, rubric=lea_1)) == 0
    assert movement.promised_of_none(both, own, replace(version, rubric=lea_1, wordings=gone)) == 1


def test_a_promise_is_marked_as_overdue_from_the_day_after_it_was_due(
    told: Store, member: Principal, staff: Principal
) -> None:
    later, winter = RatingDraft(3, next_step=NextStep("Later", "Ana", AUTUMN)), a_key("lea-1", "ash", WINTER)
    ratings.save_rating(told, staff, winter, later, base=2, pen=Pen("", 0), now=NOW)
    own, version, convenings, both = _of(told, member)
    for today, words in (
        (AUTUMN, ""),
        (AUTUMN + timedelta(days=1), "due 8 Oct 2026, still open; the domain has not been rated since"),
    ):
        table = movement.promised(both, own, version, convenings, Mode.LIGHT, today=today).table
        assert table.set_index("Next step")["Overdue"]["Later"] == words
        line = movement.one_domain(both, own, version, "lea-1", convenings, Mode.LIGHT, today=today).table
        assert line["Overdue"].tolist()[-1] == words


def test_home_has_the_latest_promises_and_earlier_ones_that_are_overdue(
    told: Store, member: Principal, staff: Principal
) -> None:
    later, winter = RatingDraft(3, next_step=NextStep("Later", "Ana")), a_key("lea-1", "ash", WINTER)
    ratings.save_rating(told, staff, winter, later, base=2, pen=Pen("", 0), now=NOW)
    late = RatingDraft(None, next_step=NextStep("Look again", "", AUTUMN))
    ratings.save_rating(told, staff, a_key("lea-2", "ash", SPRING), late, base=1, pen=Pen("", 0), now=NOW)
    *_, both = _of(told, member)
    for today, texts in ((AUTUMN, ["Later"]), (AUTUMN + timedelta(days=1), ["Later", "Look again"])):
        assert [each.text for each in movement.promised_last(both, "ash", today)] == texts
    latest, earlier = movement.promised_last(both, "ash", WINTER)
    assert (latest.owner, latest.due, latest.late) == ("Ana", None, "")
    assert (earlier.due, earlier.late) == (
        AUTUMN,
        "due 8 Oct 2026, still open; the domain has not been rated since",
    )
    assert movement.promised_last((both[0], both[1][:0]), "ash", WINTER) == ()


def test_what_moved_is_told_with_the_reason_that_was_given(told: Store, member: Principal) -> None:
    own, version, convenings, ratings_ = _of(told, member)
    figure = movement.why_moved(ratings_, own, version, (convenings[0], convenings[-1]), Mode.LIGHT)
    assert figure.table.to_numpy().tolist() == [
        ["Our practice changed", 1, 0, "Domain 1 (2 Trying to 3 Integrating)", ""],
        *([why, 0, 0, "", ""] for why in (*list(REASONS.values())[1:], "No reason given")),
    ]
    assert movement.what_moved(ratings_, own, version, (convenings[0], convenings[-1])).to_numpy().tolist() == [
        ["Domain 1", "moved up", "2 Trying", "3 Integrating", "Our practice changed"]
    ]
    assert figure.finding == "Of 1 that moved up: our practice changed 1"


def test_one_area_shows_its_domains_alone_and_says_so(told: Store, member: Principal) -> None:
    own, version, convenings, (frame, _) = _of(told, member)
    shown = movement.of_area(version, "Learning")
    figure = movement.all_domains(frame, own, shown, convenings, Mode.LIGHT)
    assert figure.table["Domain"].tolist() == ["Domain 2", "Domain 3"]
    assert "Rubric lea, Learning" in figure.title
    assert movement.of_area(version, "no such area") is version


def test_what_the_rubric_no_longer_has_is_counted_before_one_area_is_shown(told: Store, member: Principal) -> None:
    own, version, convenings, (frame, _) = _of(told, member)
    gone = [fact(day, 2, partnership="ash", rubric="lea", domain="lea-9") for day in (SPRING, AUTUMN, WINTER)]
    frame, between = pd.concat([frame, tidy(gone)], ignore_index=True), (convenings[0], convenings[-1])
    is_last = (frame["domain"] == "lea-9") & (frame["held_on"] == str(WINTER))
    fell = frame.assign(level=frame["level"].mask(is_last, 1))
    said = told_frame([Told("ash", SPRING, "lea", "lea-9", 1, None, NextStep("Walk"), None)])
    for shown in (version, movement.of_area(version, "Learning")):
        heat = movement.all_domains(frame, own, shown, convenings, Mode.LIGHT)
        moved = movement.then_and_now(frame, own, shown, between, Mode.LIGHT)
        assert heat.n.endswith("; not shown: 3 ratings of domains that the rubric no longer has")
        assert moved.n.endswith(
            " can be compared; not shown: 2 ratings at these two convenings of domains that the rubric no longer has"
        )
        why = movement.why_moved((fell, said), own, shown, between, Mode.LIGHT)
        assert why.n.endswith(" a square is a domain; not shown: 1 movement of domains that the rubric no longer has")
        made = movement.promised((frame, said), own, shown, convenings, Mode.LIGHT, today=WINTER)
        assert made.n.endswith("; not shown: 1 promise of domains that the rubric no longer has")
        assert made.table.empty
    stands = movement.stands(frame, own, version, Mode.LIGHT)
    assert stands.n.endswith("; not shown: 1 latest rating of domains that the rubric no longer has")
