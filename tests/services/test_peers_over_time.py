"""Peers over time and peers that started where we started: nothing but what each convening tells."""

import json
import re
from dataclasses import replace
from datetime import date

import pytest

from progressions.charts.export import svg
from progressions.charts.figure import Figure
from progressions.charts.theme import Mode
from progressions.errors import NotAllowedError
from progressions.measures.pasts import Past
from progressions.people import Access, Partnership, PeerView, Principal
from progressions.services import movement, networks, peers, peers_over_time, pictures, rubrics
from progressions.services.peers_over_time import Own
from progressions.services.pictures import FORMS, Asked
from progressions.store import Store
from tests import factories
from tests.charts.measured import texts
from tests.factories import AUTUMN, NOW, SPRING, make_rubric, reworded
from tests.services.peer_networks import OTHERS, eleven, levels, rated, seen_by

THEN, AT = levels([2, 2, 2, 2, 2, 2, 1, 1, 1, 1, 1]), levels([2, 3, 3, 4, 2, 1, 1, 1, 4, 4, 3])
ASH = Partnership(1, "ash", "Ash County")
OF = {"partnership": "ash", "rubric": "lea", "domain": "lea-1"}


@pytest.fixture
def both(sqlite_store: Store, staff: Principal) -> Store:
    eleven(sqlite_store, staff, THEN, AT)
    return sqlite_store


def over_time(store: Store, who: Principal) -> Figure:
    convenings = networks.convenings(store, who)
    told = {c.held_on: peers.beside(store, who, "ash", "lea", c.held_on) for c in convenings}
    own = Own(ASH, movement.frame_of(store, who), convenings)
    (version,) = rubrics.latest(store, who)
    return peers_over_time.figure(told, own, version, "lea-1", Mode.LIGHT)


def everything(figure: Figure) -> str:
    words = (figure.title, figure.finding, figure.n, figure.alt, figure.table.to_csv(), svg(figure))
    return "\n".join([*words, json.dumps(figure.chart.to_dict())])


def test_over_time_says_what_each_convening_says_and_names_nobody(both: Store, member: Principal) -> None:
    figure = over_time(both, member)
    shown = figure.table.set_index("Convening").drop(columns="Beside own level")
    for day, name in ((SPRING, "Spring"), (AUTUMN, "Autumn")):
        told = peers.beside(both, member, "ash", "lea", day)
        assert told.levels is not None
        assert [int(n) for n in shown.loc[name].tolist()[1:-1]] == told.levels["count"].tolist()
    assert figure.finding == "Autumn: 3 lower, 1 the same, 6 higher; Spring: 5 lower, 5 the same, 0 higher"
    assert "Canary" not in everything(figure)


def test_over_time_on_bands_has_thirds_and_neither_counts_nor_levels(both: Store, member: Principal) -> None:
    figure = over_time(both, seen_by(member, PeerView.BANDS))
    assert figure.table["Peers at level 3 or above"].tolist() == ["fewer than a third", "a third to two thirds"]
    by_name = over_time(both, seen_by(member, PeerView.NAMES)).table  # the same own line beside another view of peers
    assert figure.table["Own level"].tolist() == by_name["Own level"].tolist()
    assert "not rated" not in figure.table["Own level"].tolist()
    assert "lower" not in everything(figure)


def test_a_convening_that_is_not_told_stays_empty(both: Store, member: Principal) -> None:
    shown = over_time(both, seen_by(member, PeerView.COUNTS, least=11))
    assert shown.table["Peers"].isna().all()
    assert "no convening" in shown.finding


@pytest.fixture
def apart(sqlite_store: Store, staff: Principal) -> Store:
    """In autumn Ash rated 2 on the first words, and its ten peers 3 on the second."""
    for number in range(9):
        networks.add_partnership(sqlite_store, staff, f"Canary {number}", NOW)
    rated(sqlite_store, staff, {"ash": 2}, AUTUMN, minute=1)
    factories.a_published_rubric(sqlite_store, staff.network, reworded(make_rubric(), "lea-1"))
    rated(sqlite_store, staff, dict.fromkeys(OTHERS, 3), AUTUMN, minute=2)
    return sqlite_store


def ringed(figure: Figure) -> list[str]:
    data = figure.chart.to_dict()["datasets"].values()
    return [row["when"] for rows in data for row in rows if row["mark"] == "ring"]


def test_peers_who_rated_on_other_words_are_not_compared_with_ones_own_level(apart: Store, staff: Principal) -> None:
    figure = over_time(apart, staff)
    assert figure.finding == "At no convening are both peers and an own level on the same wording shown"
    (row,) = figure.table.to_dict("records")
    assert (row["Own level"], row["Peers"], row["Beside own level"]) == ("2 Trying", 10, "rated on other wording")
    assert figure.n == (
        "Squares: 10 peers, at 1 convening; line: Ash County, rated at 1 of 1 convening; "
        "a dot: on other wording than the peers, at 1 convening"
    )
    assert ringed(figure) == []
    now = now_of(apart, staff)
    assert (
        now.finding
        == "Peers are shown in 1 domain; none of these is rated here on the same wording, 1 on other wording"
    )
    assert now.table["Own level"].tolist()[0] == "rated on other wording"
    assert {"other", "wording"} <= {box.what for box in texts(now, 660)}
    assert "not rated" not in everything(now)
    rated(apart, staff, {"ash": 3}, AUTUMN, minute=3)
    figure = over_time(apart, staff)
    assert figure.finding == "Autumn: 0 lower, 10 the same, 0 higher"
    assert ringed(figure) == ["Autumn"]


def now_of(store: Store, who: Principal) -> Figure:
    (version,), convening = rubrics.latest(store, who), networks.convenings(store, who)[-1]
    return peers.figure(peers.beside(store, who, "ash", "lea", AUTUMN), ASH, version, convening, Mode.LIGHT)


def test_a_domain_that_is_not_rated_here_is_not_said_to_be_rated_on_other_wording(
    sqlite_store: Store, staff: Principal
) -> None:
    eleven(sqlite_store, staff, {}, dict.fromkeys(OTHERS, 3))
    figure = now_of(sqlite_store, staff)
    assert figure.finding == "Peers are shown in 1 domain; none of these is rated here"
    assert figure.table["Own level"].tolist()[0] == "not rated"


def test_between_two_wordings_of_ones_own_line_the_finding_and_the_picture_say_so(
    both: Store, staff: Principal
) -> None:
    assert "new wording" not in everything(over_time(both, staff))
    factories.a_published_rubric(both, staff.network, reworded(make_rubric(), "lea-1"))
    winter = networks.add_convening(both, staff, AUTUMN.replace(month=12), "Winter", NOW)
    rated(both, staff, levels([3, *[4] * 10]), winter.held_on, minute=5)
    figure = over_time(both, staff)
    assert figure.finding == (
        "Winter: 0 lower, 0 the same, 10 higher; Spring: 5 lower, 5 the same, 0 higher; new wording since"
    )
    assert figure.table.set_index("Convening")["Wording"].to_dict() == {
        "Spring": "", "Autumn": "", "Winter": "new wording",
    }  # fmt: skip
    assert "new wording" in svg(figure)


def test_of_six_that_stood_at_our_level_some_moved_on(both: Store, member: Principal, staff: Principal) -> None:
    (group,) = peers_over_time.started(both, member, "ash", "lea")
    assert (group.then, group.now, group.started.level) == (SPRING, AUTUMN, 2)
    assert (group.started.lower, group.started.same, group.started.higher) == (1, 1, 3)
    assert not group.names
    (version,) = rubrics.latest(both, member)
    (sentence,) = peers_over_time.sentences([group], version, networks.convenings(both, member))
    assert sentence == (
        "Domain 1: of 5 peers that stood at 2 Trying in Spring, 3 stood higher in Autumn, 1 the same, 1 lower."
    )
    (named,) = peers_over_time.started(both, staff, "ash", "lea")
    assert named.started == group.started
    assert named.names["higher"] == ["Birch Valley", "Canary 0", "Canary 1"]


def test_for_those_who_see_names_a_convening_that_has_only_begun_does_not_shrink_the_group(
    sqlite_store: Store, staff: Principal
) -> None:
    eleven(sqlite_store, staff, levels([2] * 11), levels([2, *[3] * 10]))
    winter = networks.add_convening(sqlite_store, staff, AUTUMN.replace(month=12), "Winter", NOW)
    (version,) = rubrics.latest(sqlite_store, staff)

    def said() -> str:
        groups = peers_over_time.started(sqlite_store, staff, "ash", "lea")
        (sentence,) = peers_over_time.sentences(groups, version, networks.convenings(sqlite_store, staff))
        return sentence

    ten = "Domain 1: of 10 peers that stood at 2 Trying in Spring, 10 stood higher in Autumn."
    assert said() == ten
    rated(sqlite_store, staff, {"ash": 2}, winter.held_on, minute=5)
    assert said() == ten
    rated(sqlite_store, staff, {"birch": 4}, winter.held_on, minute=6)
    assert said() == ten
    rated(sqlite_store, staff, dict.fromkeys(OTHERS[1:6], 2), winter.held_on, minute=7)
    assert said() == (
        "Domain 1: 6 of 10 peers that stood at 2 Trying in Spring rated in Winter: 1 stood higher, 5 the same."
    )
    groups = peers_over_time.started(sqlite_store, staff, "ash", "lea")
    convenings = networks.convenings(sqlite_store, staff)
    figure = peers_over_time.started_chart(groups, staff, ASH, version, convenings, Mode.LIGHT)
    (row,) = figure.table.to_dict("records")
    assert (row["Peers that stood there"], row["Of them rated later"], row["The same"], row["Higher"]) == (
        10,
        6,
        5,
        1,
    )
    assert (
        figure.n
        == "Groups of 6 peers; of those that stood there, 4 not rated at the later convening; 2 domains not shown"
    )


def test_after_new_words_the_group_is_told_of_the_convening_on_the_old_ones(
    both: Store, member: Principal, staff: Principal
) -> None:
    factories.a_published_rubric(both, staff.network, reworded(make_rubric(), "lea-1"))
    winter = networks.add_convening(both, staff, AUTUMN.replace(month=12), "Winter", NOW)
    rated(both, staff, levels([1] * 11), winter.held_on, minute=5)
    (version,), convenings = rubrics.latest(both, staff), networks.convenings(both, staff)
    for who in (member, staff):
        groups = peers_over_time.started(both, who, "ash", "lea")
        told = peers_over_time.sentences(groups, version, convenings)
        assert told == [
            "Domain 1: of 5 peers that stood at 2 Trying in Spring, 3 stood higher in Autumn, 1 the same, 1 lower."
        ]
        figure = peers_over_time.started_chart(groups, who, ASH, version, convenings, Mode.LIGHT)
        assert figure.finding == ("In Autumn, more than half of the group stood higher in 1 of 1 domain")
        assert "now" not in re.findall(r"\w+", everything(figure).lower())


def test_who_sees_names_waits_for_two_convenings_alone(both: Store, staff: Principal) -> None:
    networks.add_convening(both, staff, date(2026, 5, 5), "Between", NOW)
    read: list[date] = []

    def past(rubric: str, day: date) -> Past:
        read.append(day)
        return peers.past(both, staff, rubric, day)

    assert peers_over_time.started(both, staff, "ash", "lea", pasts=past) == peers_over_time.started(
        both, staff, "ash", "lea"
    )
    assert sorted(read) == [SPRING, AUTUMN]


def test_on_bands_and_where_nothing_is_shown_there_is_no_group(both: Store, member: Principal) -> None:
    for view in (PeerView.BANDS, PeerView.NOTHING):
        who = seen_by(member, view)
        with pytest.raises(NotAllowedError):
            peers_over_time.started(both, who, "ash", "lea")
        for form in FORMS:
            with pytest.raises(NotAllowedError):
                pictures.picture(both, who, Asked("peers-started", OF), form, NOW)
    assert peers_over_time.why_no_start(seen_by(member, PeerView.BANDS)) == peers_over_time.NOT_ON_BANDS
    assert peers_over_time.why_no_start(member) == ""


def test_where_names_are_shown_small_groups_are_called_small_and_nobody_is_denied(
    sqlite_store: Store, staff: Principal, member: Principal
) -> None:
    eleven(sqlite_store, staff, levels([2, 2, 2, 2, 2, 1, 1, 1, 1, 1, 1]), AT)
    reader = seen_by(member, PeerView.NAMES)
    assert peers_over_time.started(sqlite_store, reader, "ash", "lea") == (), "four others stood there"
    told = peers_over_time.when_started_is_told(reader)
    assert "no other" not in told
    assert "at least 5 others stood at your level and at least 5 others elsewhere" in told
    assert peers_over_time.started(sqlite_store, staff, "ash", "lea")
    assert "no other partnership" in peers_over_time.when_started_is_told(staff)


def test_another_start_is_for_those_who_see_names(both: Store, staff: Principal, member: Principal) -> None:
    summer = replace(networks.add_convening(both, staff, SPRING.replace(month=6), "Summer", NOW))
    rated(both, staff, levels([3, 3, 3, 1, 1, 1, 1, 1, 1, 1, 1]), summer.held_on, minute=9)
    (group,) = peers_over_time.started(both, staff, "ash", "lea", summer.held_on)
    assert (group.then, group.started.level, group.started.peers) == (summer.held_on, 3, 2)
    open_network = seen_by(member, PeerView.NAMES)
    assert peers_over_time.started(both, open_network, "ash", "lea", SPRING)
    with pytest.raises(NotAllowedError):
        peers_over_time.started(both, member, "ash", "lea", summer.held_on)


def test_whoever_was_not_rated_when_the_network_began_is_told_nothing(
    both: Store, staff: Principal, member: Principal
) -> None:
    with both.write(staff) as repository:
        assert repository.rubric_version("lea") is not None
    without = replace(member, partnership="birch")
    batch = rated(both, staff, {"birch": 4}, SPRING, minute=20)
    assert batch
    assert peers_over_time.started(both, without, "birch", "lea") == ()


def test_a_rater_and_another_partnership_find_nothing(both: Store, member: Principal) -> None:
    for who, whose in ((replace(member, access=Access.RATER), "ash"), (member, "birch")):
        with pytest.raises(NotAllowedError):
            peers_over_time.started(both, who, whose, "lea")


@pytest.mark.parametrize("name", ["peers-over-time", "peers-started"])
@pytest.mark.parametrize("form", FORMS)
def test_files_say_what_the_screen_says(both: Store, member: Principal, staff: Principal, name: str, form: str) -> None:
    content = pictures.picture(both, member, Asked(name, OF), form, NOW)
    assert content
    if form == "csv":
        assert b"Canary" not in content
        named = pictures.picture(both, staff, Asked(name, OF), form, NOW)
        assert (b"Canary" in named) is (name == "peers-started")
