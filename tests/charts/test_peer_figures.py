"""A partnership beside its peers: as many squares as the table says, no name that was not given."""

import re
from dataclasses import replace

import pytest

from progressions.charts.export import svg
from progressions.charts.peers import beside_words
from progressions.charts.theme import Mode
from progressions.measures.findings import beside_sentence
from tests.charts import drawings
from tests.charts.drawings import RUBRIC, rows

LABELS = [level.label for level in RUBRIC.levels]


def drawn_counts(figure, kind):
    marks = [row for row in rows(figure) if row["kind"] == kind]
    return {
        (domain.title, level.label): sum(m["Domain"] == domain.title and m["Level"] == level.label for m in marks)
        for domain in RUBRIC.domains
        for level in RUBRIC.levels
    }


def table_counts(figure):
    twin = figure.table.set_index("Domain")[LABELS].astype("Int64").fillna(0)
    return {(domain, label): int(twin.loc[domain, label]) for domain in twin.index for label in LABELS}


@pytest.mark.parametrize("sites", [11, 22])
def test_there_is_a_square_a_peer(sites):
    figure = drawings.peers(sites=sites)
    assert drawn_counts(figure, "peer") == table_counts(figure)
    assert figure.table["Peers"].max() <= sites - 1


def test_more_than_thirty_peers_are_bars_as_long_as_their_share():
    figure = drawings.peers(sites=60)
    twin = figure.table.set_index("Domain")
    bars = [row for row in rows(figure) if row["kind"] == "bar"]
    assert not [row for row in rows(figure) if row["kind"] == "peer"]
    for bar in bars:
        assert bar["share"] == pytest.approx(twin.loc[bar["Domain"], bar["Level"]] / twin.loc[bar["Domain"], "Peers"])
    assert len(bars) == int((twin[LABELS] > 0).sum().sum())


def test_ones_own_level_is_outlined_and_the_sentence_adds_up():
    figure = drawings.peers()
    ours = {row["Domain"]: row["Level"] for row in rows(figure) if row["ours"] and row["kind"] == "cell"}
    told = figure.table[figure.table["Beside own level"].str.contains("the same")]
    assert dict(zip(told["Domain"], told["Own level"], strict=True)) == ours
    assert len(told) > 5
    for row in told.to_dict("records"):
        at = LABELS.index(row["Own level"])
        lower, same, higher = (int(number) for number in re.findall(r"\d+", row["Beside own level"]))
        counts = [row[label] for label in LABELS]
        assert (lower, same, higher) == (sum(counts[:at]), counts[at], sum(counts[at + 1 :]))


def test_beside_own_the_three_counts_are_told_in_this_order():
    told = {"level": 3, "lower": 3, "same": 5, "higher": 2, "other_wording": False}
    assert beside_words(told) == beside_sentence(3, 5, 2) == "3 lower, 5 the same, 2 higher"


def test_a_domain_that_few_have_rated_says_so_and_has_no_numbers():
    last = drawings.peers().table.iloc[-1]
    assert last["Beside own level"] == "fewer than 5 others"
    assert last[[*LABELS, "Peers"]].isna().all()


def test_one_domain_is_told_as_one():
    told = [drawings.peers(rubric=replace(RUBRIC, domains=(domain,))).finding for domain in RUBRIC.domains]
    rated = [finding for finding in told if "rated here and by peers" in finding]
    assert rated
    assert all(finding.startswith("Of 1 domain that is rated here and by peers: more peers") for finding in rated)


def test_names_stand_in_tooltips_and_in_the_table_where_they_are_given_and_only_there():
    named, plain = drawings.peers(named=True), drawings.peers()
    assert "Site P2" in named.table.to_csv()
    assert {row["name"] for row in rows(named) if row["kind"] == "peer"} >= {"Site P2", "Site P3"}
    assert "Site P" not in plain.table.to_csv() + svg(plain) + str(rows(plain))


def test_bands_draw_the_step_that_the_table_says_and_nothing_else_varies():
    figure = drawings.bands()
    here = {row["Domain"]: row["Share"] for row in rows(figure) if row["state"] == "here"}
    twin = dict(zip(figure.table["Domain"], figure.table["Peers at level 3 or above"], strict=True))
    assert {domain: share for domain, share in twin.items() if share != "fewer than 5 others"} == here
    assert set(figure.table) == {"Domain", "Peers at level 3 or above", "Peers", "Own level", "Peers as of"}
    of_peers = [row for row in rows(figure) if row["step"] != "own"]
    told = {key for row in of_peers for key, value in row.items() if value is not None}
    assert told == {"domain", "Domain", "Share", "step", "state"}


def test_beside_the_bands_stands_the_own_level_of_every_domain_that_is_shown():
    figure = drawings.bands()
    now = drawings.FRAME[drawings.FRAME["held_on"].dt.date == drawings.NOW]
    saved = drawings.history()
    mine = saved[saved["partnership"] == "P1"]
    own = {RUBRIC.domain(code).title: LABELS[at - 1] for code, at in zip(mine["domain"], mine["level"], strict=True)}
    assert len(now) > len(own) > 5
    drawn = {row["Domain"]: row["Own level"] for row in rows(figure) if row["state"] == "own"}
    shown = figure.table[figure.table["Peers"].notna()]
    assert dict(zip(shown["Domain"], shown["Own level"], strict=True)) == drawn
    assert drawn == {domain: level for domain, level in own.items() if domain in set(shown["Domain"])}
    upper = sum(level[0] in "34" for level in drawn.values())
    assert figure.finding.endswith(f"; Alder Valley in {upper} of {len(drawn)} rated here")
    assert figure.n.endswith(". Own level: Alder Valley")


def test_what_bands_say_of_peers_hangs_on_nothing_of_ones_own():
    """Nobody’s own level, or one on other wording: the shares and their numbers are the same."""
    figures = [drawings.bands(), drawings.bands(apart=3), drawings.bands(apart=99)]
    for head in ("Domain", "Peers at level 3 or above", "Peers", "Peers as of"):
        assert all(figure.table[head].equals(figures[0].table[head]) for figure in figures)
    of_peers = [[row for row in rows(figure) if row["step"] != "own"] for figure in figures]
    assert of_peers[0] == of_peers[1] == of_peers[2]
    assert figures[1].finding.endswith("rated here on the same wording, 3 on other wording")
    assert "none of these is rated here on the same wording" in figures[2].finding


def test_members_are_told_as_of_when_and_when_later_ratings_join():
    for figure in (drawings.peers(), drawings.bands(Mode.PRINT)):
        assert "as of 15 Oct 2026: later ratings join when at least five have come" in figure.n


@pytest.mark.parametrize("draw", [drawings.peers, drawings.bands])
def test_where_no_domain_has_enough_others_the_line_below_counts_none_and_outlines_nothing(draw):
    figure = draw(sites=5)
    assert figure.n == "No peers are shown in Fall 2026: fewer than 5 others"
    assert figure.table["Peers"].isna().all()


def test_an_outline_is_announced_only_where_there_is_one():
    assert drawings.peers().n.endswith("Outlined: Alder Valley")
    unrated = drawings.peers(own="P99")
    assert not any(row["ours"] for row in rows(unrated))
    assert "10" in unrated.n or "11" in unrated.n
    assert "Outlined" not in unrated.n
