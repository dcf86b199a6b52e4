"""Peers over time and peers that started where we started: the table has what is drawn, and no more is told."""

import re
from dataclasses import replace

import pandas as pd
import pytest

from progressions.charts.peer_bands_over_time import peer_bands_over_time
from progressions.charts.peers import Setting
from progressions.charts.peers_over_time import MOST_COUNTED, peers_over_time
from progressions.charts.started import WAYS, Group, started_figure, started_sentence
from progressions.measures.lines import line_of
from progressions.measures.peers import over_time, own_over_time
from progressions.measures.started import Started
from tests.charts.drawings import FRAME, OF_PEERS, RUBRIC, SEASONS, rows
from tests.charts.reading import rounded
from tests.measures.facts import DAYS

LABELS = {level.position: level.label for level in RUBRIC.levels}


def plain(value):
    return None if pd.isna(value) else int(value)


@pytest.mark.parametrize("times", [1, 100])
def test_the_table_has_every_square_and_every_level_of_the_line(times):
    figure = OF_PEERS.over_time(times=times)
    twin = figure.table.set_index("Convening")
    squares = [row for row in rows(figure) if row["kind"] == "peers"]
    drawn = {(row["when"], LABELS[row["level"]]): row["count"] for row in squares}
    table = {(when, label): plain(twin.loc[when, label]) for when in twin.index for label in LABELS.values()}
    assert {at: count for at, count in table.items() if count} == drawn
    own = {row["when"]: row["name"] for row in rows(figure) if row["kind"] == "own"}
    assert {when: level for when, level in twin["Own level"].items() if level != "not rated"} == own
    assert {row["said"] for row in rows(figure) if row["kind"] == "all"} == {f"of {n}" for n in twin["Peers"].dropna()}
    assert sum(drawn.values()) == twin["Peers"].sum()


def test_a_square_is_as_large_as_its_share_and_says_it_after_its_count_where_peers_are_many():
    few, many = OF_PEERS.over_time(), OF_PEERS.over_time(times=100)
    for figure, percent in ((few, False), (many, True)):
        for row in (row for row in rows(figure) if row["kind"] == "peers"):
            part, whole = (int(number) for number in re.findall(r"\d+", row["of"]))
            assert (whole > MOST_COUNTED) is percent
            assert row["size"] == pytest.approx(part / whole)
            assert row["said"] == (f"{part} ({rounded(part, whole)})" if percent else str(part))


def test_the_three_counts_add_up_at_each_convening():
    told = OF_PEERS.over_time().table
    both = told[told["Beside own level"].str.contains("the same")]
    assert len(both) > 3
    for row in both.to_dict("records"):
        at = list(LABELS.values()).index(row["Own level"])
        counts = [row[label] for label in LABELS.values()]
        said = [int(number) for number in re.findall(r"\d+", row["Beside own level"])]
        assert said == [sum(counts[:at]), counts[at], sum(counts[at + 1 :])]


def test_without_peers_or_own_ratings_the_figure_says_so():
    setting = Setting("Alder Valley", "", 5)
    line = line_of(FRAME, "P1", "PART", "D4", DAYS)
    nothing = peers_over_time(over_time({}, "D4"), line, own_over_time({}, "D4"), RUBRIC, "D4", SEASONS, setting)
    assert "no convening: fewer than 5 others" in nothing.finding
    assert set(nothing.table["Beside own level"]) == {"fewer than 5 others"}
    nobody = line_of(FRAME, "nobody", "PART", "D4", DAYS)
    empty = peers_over_time(over_time({}, "D4"), nobody, own_over_time({}, "D4"), RUBRIC, "D4", SEASONS, setting)
    assert empty.table.empty
    assert empty.chart.to_dict()


def test_who_sees_a_snapshot_reads_so_and_who_sees_names_does_not():
    later = "; later ratings join when at least five have come"
    for figure in (OF_PEERS.over_time(), OF_PEERS.bands_over_time()):
        assert figure.n.count(later) == 1
    staff = Setting("Alder Valley", "", 1, is_live=True)
    line = line_of(FRAME, "P1", "PART", "D4", DAYS)
    one = pd.DataFrame({"held_on": DAYS[:1], "level": [2], "count": [7], "n_peers": [7]})
    spread = one.astype({"held_on": line["held_on"].dtype})
    figure = peers_over_time(spread, line, own_over_time({}, "D4"), RUBRIC, "D4", SEASONS, staff)
    assert figure.n.startswith("Squares: 7 peers, at 1 convening; line: ")
    assert later not in figure.n


def test_bands_over_time_say_thirds_alone():
    figure = OF_PEERS.bands_over_time()
    drawn = {row["when"]: row["said"] for row in rows(figure) if row["state"] == "peers"}
    twin = dict(zip(figure.table["Convening"], figure.table["Peers at level 3 or above"], strict=True))
    assert {when: said for when, said in twin.items() if "third" in said} == drawn
    assert len(drawn) > 3
    told = " ".join((figure.title, figure.finding, figure.n))
    assert not re.search(r"lower|higher|%", told)
    of_peers = {"held_on", "when", "upper_share", "said", "state"}
    told_of_peers = [row for row in rows(figure) if row["state"] == "peers"]
    assert {key for row in told_of_peers for key, value in row.items() if value is not None} == of_peers
    with pytest.raises(ValueError, match="four levels"):
        peer_bands_over_time(*[figure.table] * 3, list(DAYS), _of_three_levels(), "D4", SEASONS, Setting("A", "", 5))


@pytest.mark.parametrize("apart", [0, 2])
def test_over_the_bands_stands_the_own_level_of_every_convening_that_has_one(apart):
    figure = OF_PEERS.bands_over_time(domain="D2", apart=apart)
    line = line_of(FRAME, "P1", "PART", "D2", DAYS)
    own = {SEASONS[day.date()]: int(level) for day, level in zip(line["held_on"], line["level"], strict=True)}
    drawn = {row["when"]: row["level"] for row in rows(figure) if row["state"] != "peers"}
    assert drawn == own
    twin = dict(zip(figure.table["Convening"], figure.table["Own level"], strict=True))
    assert {when: told.partition(", ")[0] for when, told in twin.items()} == {w: LABELS[at] for w, at in own.items()}
    others = [when for when, told in twin.items() if told.endswith(", rated on other wording")]
    assert [row["when"] for row in rows(figure) if row["state"] == "apart"] == others
    assert len(others) == apart
    assert ("outlined: on other wording than the peers, at 2 convenings" in figure.n) is bool(apart)
    now = list(own)[-1]
    assert f"Alder Valley: {LABELS[own[now]]} in {now}; " in figure.finding
    assert figure.finding.endswith("; new wording since")
    assert "a bar at its left: new wording" in figure.n


def test_what_bands_over_time_say_of_peers_hangs_on_nothing_of_ones_own():
    """Whatever stands in the own row, the shares and their numbers are the same."""
    spread = OF_PEERS.bands_over_time()
    for other in (OF_PEERS.bands_over_time(apart=3), _of_nobody()):
        for head in ("Convening", "Peers at level 3 or above", "Peers"):
            assert other.table[head].equals(spread.table[head])
        assert [row for row in rows(other) if row["state"] == "peers"] == [
            row for row in rows(spread) if row["state"] == "peers"
        ]
    assert set(_of_nobody().table["Own level"]) == {"not rated"}


def _of_nobody():
    return replace(OF_PEERS, frame=FRAME[FRAME["partnership"] != "P1"]).bands_over_time()


def _of_three_levels():
    return replace(RUBRIC, levels=RUBRIC.levels[:3])


@pytest.mark.parametrize("named", [False, True])
def test_the_table_of_groups_has_every_cell(named):
    figure = OF_PEERS.started(named=named)
    twin = figure.table.set_index("Domain")
    heads = dict(zip(WAYS, ("Lower", "The same", "Higher"), strict=True))
    for row in rows(figure):
        part, whole = (int(number) for number in re.findall(r"\d+", row["said"]))
        assert (part, whole) == (
            twin.loc[row["Domain"], heads[row["way"]]],
            twin.loc[
                row["Domain"], "Of them rated later" if "Of them rated later" in twin else "Peers that stood there"
            ],
        )
        assert row["share"] == pytest.approx(part / whole)
        assert row["later"] == f"{WAYS[row['way']]}, {twin.loc[row['Domain'], 'Later']}"
    assert len(rows(figure)) == 3 * len(twin) > 9
    assert ("Site 3" in figure.table.to_csv()) is named
    assert ("Site 3" in str(rows(figure))) is named


def test_no_group_is_a_figure_that_says_so():
    figure = started_figure([], RUBRIC, SEASONS, Setting("Alder Valley", "", 5))
    assert "Nothing is shown" in figure.finding
    assert figure.table.empty
    assert figure.chart.to_dict()


@pytest.mark.parametrize(
    ("setting", "why"),
    [
        (
            Setting("Alder", "", 5),
            "the groups are too small, or the peers counted at the two convenings differ by a few",
        ),
        (Setting("Alder", "", 5, is_live=True), "the groups are too small"),
        (Setting("Alder", "", 1, is_live=True), "no peer that stood at the same level has rated again since"),
    ],
)
def test_why_there_is_no_group_depends_on_what_the_reader_may_see(setting, why):
    assert started_figure([], RUBRIC, SEASONS, setting).finding == f"Nothing is shown: {why}"


@pytest.mark.parametrize(
    ("groups", "told"),
    [
        (
            [(0, 0, 1), (0, 1, 0)],
            "In Fall 2026, the one peer of the group stood higher in 1 of 2 domains, still there in 1",
        ),
        ([(0, 1, 3)], "In Fall 2026, more than half of the group stood higher in 1 of 1 domain"),
        ([(0, 3, 1)], "In Fall 2026, more than half of the group still stood there in 1 of 1 domain"),
        ([(2, 0, 2)], "In Fall 2026, more than half of the group stood higher in 0 of 1 domain"),
        (
            [(0, 1, 3), (1, 0, 0)],
            "In Fall 2026, more than half of the group (or its one peer) stood higher in 1 of 2 domains",
        ),
    ],
)
def test_a_group_of_one_is_called_one_peer_and_not_more_than_half(groups, told):
    made = [Group(f"D{n}", DAYS[0], DAYS[-1], Started(2, *ways)) for n, ways in enumerate(groups, start=1)]
    assert started_figure(made, RUBRIC, SEASONS, Setting("Alder", "", 1, is_live=True)).finding == told


def test_groups_of_several_later_convenings_are_not_told_as_if_of_one():
    made = [Group(f"D{n}", DAYS[0], DAYS[n], Started(2, 0, 1, 4)) for n in (1, 2)]
    figure = started_figure(made, RUBRIC, SEASONS, Setting("Alder", "", 1, is_live=True))
    assert figure.finding.startswith("At the later convening of each, more than half of the group stood higher in 2 of")
    assert figure.table["Later"].to_list() == [SEASONS[DAYS[1]], SEASONS[DAYS[2]]]


@pytest.mark.parametrize(
    ("missing", "told"),
    [
        ((0, 0), ""),
        ((3, 3), "of those that stood there, 3 not rated at the later convening; "),
        ((0, 4), "of those that stood there, 0 to 4 not rated at the later convening, by domain; "),
    ],
)
def test_those_not_rated_now_are_never_summed_over_domains_because_one_peer_may_stand_in_several(missing, told):
    sizes = [Started(2, 0, 1, 4), Started(2, 0, 1, 5)]
    groups = [
        Group(f"D{n}", DAYS[0], DAYS[-1], of, missing=out)
        for n, (of, out) in enumerate(zip(sizes, missing, strict=True), start=1)
    ]
    figure = started_figure(groups, RUBRIC, SEASONS, Setting("Alder", "", 1, is_live=True))
    assert figure.n == f"Groups of 5 to 6 peers; {told}{len(RUBRIC.domains) - 2} domains not shown"


STOOD = "that stood at 2 Small change implementation in Winter 2025"


@pytest.mark.parametrize(
    ("ways", "told"),
    [
        ((0, 2, 4), f"Of 6 peers {STOOD}, 4 stood higher in Fall 2026, 2 the same"),
        ((1, 0, 0), f"Of 1 peer {STOOD}, 1 stood lower in Fall 2026"),
        ((0, 6, 0), f"Of 6 peers {STOOD}, 6 still stood there in Fall 2026"),
        ((1, 2, 3), f"Of 6 peers {STOOD}, 3 stood higher in Fall 2026, 2 the same, 1 lower"),
    ],
)
def test_the_sentence_of_a_group(ways, told):
    group = Group("D1", DAYS[0], DAYS[-1], Started(2, *ways))
    assert started_sentence(group, RUBRIC, SEASONS) == told
