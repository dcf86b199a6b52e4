from itertools import pairwise

import pandas as pd
import pyarrow
import pytest

from progressions.charts.coverage import MOST_DRAWN, coverage_grid
from progressions.charts.coverage_bars import coverage_bars
from progressions.measures.network import coverage, coverage_counts
from tests.charts import drawings
from tests.charts.drawings import DAYS, FRAME, RUBRIC, SEASONS, SITES, rows


def number(label):
    """The level at the head of a label such as "3 Integrating …"; None for "not rated"."""
    return None if label == "not rated" else int(label.split()[0])


def plain(value):
    return None if pd.isna(value) else int(value)


@pytest.mark.parametrize("kind", [*drawings.ALL, "peers with names"])
def test_each_column_of_a_table_is_of_one_kind(kind):
    figure = drawings.peers(named=True) if kind == "peers with names" else drawings.ALL[kind]()
    assert pyarrow.Table.from_pandas(figure.table).num_rows == len(figure.table)


def test_the_strips_table_has_the_level_that_is_filled():
    figure = drawings.strip()
    assert sum(row["state"] == "ours" for row in rows(figure)) == figure.table["Level"].notna().sum()
    filled = {row["Domain"]: int(row["box"]) for row in rows(figure) if row["state"] == "ours"}
    table = {row["Domain"]: plain(row["Level"]) for row in figure.table.to_dict("records")}
    assert {title: level for title, level in table.items() if level} == filled
    assert list(table) == [domain.title for domain in RUBRIC.domains]
    unrated = {row["Domain"] for row in rows(figure) if row["state"] == "unrated"}
    assert unrated == {title for title, level in table.items() if level is None} == {RUBRIC.domains[8].title}


def test_the_lines_table_has_every_dot_and_every_gap():
    for domain in RUBRIC.domains:
        figure = drawings.line(domain=domain.code)
        dots = [(row["when"], row["level"], row["wording_begins"]) for row in rows(figure)]
        table = [
            (row["Convening"], plain(row["Level"]), row["Wording"] == "new wording")
            for row in figure.table.to_dict("records")
        ]
        assert table == dots
        assert len(dots) == len(SEASONS)


def test_the_heat_tables_table_has_every_cell():
    figure = drawings.heat_of()
    cells = {(row["title"], row["when"]): row["level"] for row in rows(figure)}
    twin = figure.table.set_index("Domain")
    assert {(title, when): plain(twin.loc[title, when]) for title in twin.index for when in twin} == cells
    own = FRAME[FRAME["partnership"] == "P1"]
    assert sum(level is not None for level in cells.values()) == len(own)


def test_the_dumbbells_table_has_both_levels_of_every_domain():
    figure = drawings.dumbbells()
    drawn = {row["title"]: (row["then"], row["now"]) for row in rows(figure)}
    then, now = SEASONS[drawings.THEN], SEASONS[drawings.NOW]
    table = {row["Domain"]: (number(row[then]), number(row[now])) for row in figure.table.to_dict("records")}
    assert {title: tuple(at and int(at) for at in both) for title, both in drawn.items()} == table


def test_the_stacked_bars_table_has_every_count_and_the_segments_its_share():
    figure = drawings.stacked()
    twin = figure.table.set_index("Convening")
    labels = {level.position: level.label for level in RUBRIC.levels}
    for row in rows(figure):
        assert twin.loc[row["when"], labels[row["level"]]] == row["count"]
        assert twin.loc[row["when"], "Ratings"] == row["n_ratings"]
        assert abs(row["high"] - row["low"] - row["count"] / row["n_ratings"]) < 1e-9
    assert len(rows(figure)) == len(SEASONS) * len(labels)


def test_the_segments_of_a_bar_lie_on_each_other_from_level_one_at_the_bottom_to_a_whole():
    figure = drawings.stacked()
    for when in SEASONS.values():
        bar = sorted((row for row in rows(figure) if row["when"] == when), key=lambda row: row["level"])
        assert bar[0]["low"] == 0
        assert abs(bar[-1]["high"] - 1) < 1e-9
        assert all(abs(low["high"] - up["low"]) < 1e-9 for low, up in pairwise(bar))


def test_the_coverage_table_has_every_cell():
    figure = drawings.grid()
    cells = {(row["title"], row["when"]): f"{row['rated']} of {row['total']}" for row in rows(figure)}
    twin = figure.table.set_index("Partnership")
    assert {(site, when): twin.loc[site, when] for site in twin.index for when in twin} == cells
    assert list(twin.index) == list(SITES.values())


def test_the_same_sites_finding_says_how_many_were_left_out():
    assert "same" in drawings.stacked().n
    assert "left out" in drawings.stacked().n


def test_a_coverage_of_very_many_draws_the_first_and_its_table_has_all():
    codes = [f"P{number:04}" for number in range(MOST_DRAWN + 30)]
    days = list(DAYS[:2])
    figure = coverage_grid(coverage(FRAME, codes, {day: {"PART": ["D1"]} for day in days}), {c: c for c in codes}, {})
    assert {row["partnership"] for row in rows(figure)} == set(codes[:MOST_DRAWN])
    assert list(figure.table["Partnership"]) == codes
    assert f"drawn are the first {MOST_DRAWN}" in figure.n


def test_where_the_domains_changed_the_coverage_says_of_how_many_at_each_convening():
    asked = {DAYS[0]: {"PART": ["D1"]}, DAYS[1]: {"PART": ["D1", "D2", "D3"]}}
    rated = coverage(FRAME, list(SITES), asked)
    figure = coverage_grid(rated, SITES, SEASONS)
    assert "of 1 to 3, as the rubrics were at each" in figure.n
    assert f"{SEASONS[DAYS[1]]}: " in figure.finding
    assert "rated all 3 domains" in figure.finding
    for day, total in zip(asked, (1, 3), strict=True):
        assert {told.partition(" of ")[2] for told in figure.table[SEASONS[day]]} == {str(total)}
    bars = coverage_bars(coverage_counts(rated), SEASONS, {DAYS[0]: 1, DAYS[1]: 3})
    assert bars.finding == figure.finding
    assert "domains to be rated: 1 to 3" in bars.n
    assert bars.table["Domains to be rated"].to_list() == [1, 3]
