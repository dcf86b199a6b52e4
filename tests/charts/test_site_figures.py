"""Sites beside one another: what is drawn is what the table says, at every size."""

import re
from itertools import pairwise

import pandas as pd
import pytest

from progressions.charts.export import svg
from progressions.charts.labels import table_heads
from progressions.charts.side_by_side import side_by_side
from progressions.charts.sites_heat import EVERY, HEADS, MOST_CELLS, sites_heat, with_heads
from progressions.charts.theme import Mode
from progressions.charts.transitions import cell_of
from progressions.measures.frame import tidy
from progressions.measures.sites import beside_rest, rest_over_time, site_levels, sites_over_time
from progressions.rubric import LONGEST_DRAWN, Domain
from tests import many_sites
from tests.charts import site_drawings
from tests.charts.drawings import parts, rows, spec_of
from tests.charts.measured import marks, texts
from tests.charts.scene import scene_of
from tests.charts.site_drawings import CODE, DOMAINS, LEVELS, RUBRIC, occasion
from tests.measures.facts import fact

TITLES = {domain.code: domain.title for domain in RUBRIC.domains}
MOVED = {"up": "up from", "down": "down from", "not_comparable": "new wording since"}


def plain(value):
    return None if pd.isna(value) else int(value)


def of_sites(figure):
    return [row for row in rows(figure) if row.get("site")]


def beside_one_another(frame, titles, days):
    """Partnerships side by side at all of these days, of which the last one is looked at."""
    return side_by_side(
        sites_over_time(frame, CODE, list(titles), days),
        rest_over_time(frame, CODE, list(titles), days, LEVELS),
        beside_rest(frame, CODE, list(titles), days[-1]),
        RUBRIC,
        titles,
        many_sites.names(len(days)),
        columns=days,
        on=days[-1],
    )


@pytest.mark.parametrize("is_reworded", [True, False])
def test_side_by_side_says_what_a_bar_at_a_cell_is_where_there_is_one(is_reworded):
    frame, days = many_sites.frame(11, 8, whole=not is_reworded), many_sites.days(8)
    titles = dict(list(many_sites.titles(11).items())[:2])
    figure = beside_one_another(frame, titles, days)
    of_sites = scene_of(figure).only(lambda mark: dict(mark.told).get("Who") in titles.values())
    assert any(cell.begins_anew for cell in of_sites.cells().values()) is is_reworded
    assert ("a bar at the left of a cell: new wording" in figure.n) is is_reworded


@pytest.mark.parametrize("count", [11, 60])
def test_the_table_of_sites_has_every_cell_and_everything_that_moved(count):
    figure = site_drawings.sites(count=count)
    drawn = {(row["site"], row["title"]): plain(row["level"]) for row in of_sites(figure)}
    twin = figure.table.set_index("Partnership")
    assert {(site, title): plain(twin.loc[site, title]) for site in twin.index for title in TITLES.values()} == drawn
    assert len(drawn) == count * len(DOMAINS)
    for site in twin.index:
        marks = [row for row in of_sites(figure) if row["site"] == site and row["movement"] in MOVED]
        told = twin.loc[site, "Moved since Summer 2026"].split("; ")
        assert len([each for each in told if each]) == len(marks)
        for row in marks:
            from_what = "Summer 2026" if row["movement"] == "not_comparable" else row["before"].split()[0]
            assert f"{row['title']} {MOVED[row['movement']]} {from_what}" in told


@pytest.mark.parametrize("count", [11, 60])
def test_where_each_site_stood_then_is_in_the_table_as_it_is_in_the_tip(count):
    figure = site_drawings.sites(count=count)
    twin = figure.table.set_index("Partnership")
    then = {(row["site"], row["title"]): row["before"] for row in of_sites(figure)}
    for (site, title), before in then.items():
        level = twin.loc[site, f"{title}, Summer 2026"]
        assert (None if before == "not rated" else int(before.split()[0])) == plain(level)
    stood = {row["before"] for row in of_sites(figure) if not row["movement"]}
    assert len(stood) > 1, "some that are not rated now were rated then"


def test_without_an_earlier_convening_the_table_has_the_levels_alone():
    assert list(site_drawings.sites(convenings=1).table) == ["Partnership", *TITLES.values()]


def test_the_cells_are_those_of_the_frame():
    frame, days = many_sites.frame(11, 8), many_sites.days(8)
    last = frame[(frame["rubric"] == CODE) & (frame["held_on"] == pd.Timestamp(days[-1]))]
    there = {(row["partnership"], row["domain"]): row["level"] for row in last.to_dict("records")}
    drawn = {(r["partnership"], r["domain"]): r["level"] for r in of_sites(site_drawings.sites())}
    assert {at: level for at, level in drawn.items() if level} == there


@pytest.mark.parametrize("domain", DOMAINS[:2])
def test_sites_sorted_by_a_domain_stand_from_its_highest_level_down_and_the_finding_is_about_it(domain):
    figure = site_drawings.sites(domain=domain)
    levels = [plain(level) or 0 for level in figure.table[TITLES[domain]]]
    assert levels == sorted(levels, reverse=True)
    assert len(set(levels)) > 1
    rated, upper = sum(level > 0 for level in levels), sum(level > 2 for level in levels)
    assert figure.finding.startswith(f"{TITLES[domain]}: {upper} of {rated} partnerships")
    assert "with so few partnerships, read this as a share between" in figure.finding


def test_the_numbers_of_the_domains_come_again_for_a_reader_who_has_scrolled():
    keys = with_heads(many_sites.codes(60))
    heads = [place for place, key in enumerate(keys) if key.startswith(HEADS)]
    assert len(heads) == (60 - 1) // EVERY
    assert all(after - before == EVERY + 1 for before, after in pairwise(heads))
    assert [key for key in keys if not key.startswith(HEADS)] == many_sites.codes(60)
    assert with_heads(many_sites.codes(EVERY)) == many_sites.codes(EVERY)
    drawn = [row for row in rows(site_drawings.sites(count=60)) if not row.get("site")]
    assert [row["number"] for row in drawn] == [*range(1, 9)] * len(heads)


def test_every_domain_is_explained_by_its_number_where_a_phone_shows_no_more():
    figure = site_drawings.sites()
    assert "1\N{NO-BREAK SPACE}Partnership relationships, 2\N{NO-BREAK SPACE}Joint development of leaders" in figure.n


def test_a_site_without_ratings_keeps_its_row_of_gaps():
    titles = {"P1": "Ash", "P2": "Birch"}
    facts = [fact(many_sites.days(1)[0], 3, rubric=CODE, domain=code) for code in DOMAINS]
    found = site_levels(tidy(facts), CODE, many_sites.days(1)[0])
    figure = sites_heat(found, RUBRIC, titles, occasion(1))
    assert figure.table.set_index("Partnership").loc["Birch"].isna().all()
    assert figure.n.startswith("1 of 2 partnerships rated")
    assert "triangle" not in figure.n


def test_two_domains_of_one_title_have_two_columns():
    twice = [Domain("a", "Aim", "", ("",)), Domain("b", "Aim", "", ("",)), Domain("c", "Partnership", "", ("",))]
    assert table_heads(twice, ["Partnership"]) == {"a": "Aim (a)", "b": "Aim (b)", "c": "Partnership (c)"}


@pytest.mark.parametrize("count", [60, 1000])
def test_the_counts_of_very_many_sites_are_those_of_the_frame_and_of_the_table(count):
    figure = site_drawings.spread(count=count)
    frame, day = many_sites.frame(count, 3), many_sites.days(3)[-1]
    last = frame[(frame["rubric"] == CODE) & (frame["held_on"] == pd.Timestamp(day))]
    twin = figure.table.set_index("Domain")
    for row in rows(figure):
        at = last[(last["domain"] == row["domain"]) & (last["level"] == row["level"])]
        assert row["count"] == len(at) == twin.loc[row["title"], row["name"]]
        assert abs(row["high"] - row["low"] - row["count"] / row["n_ratings"]) < 1e-9
        up, down = twin.loc[row["title"], ["Moved up", "Moved down"]]
        assert row["over"] == f"n {twin.loc[row['title'], 'Partnerships']:,}: {up:,} up, {down:,} down"
    assert len(rows(figure)) == len(DOMAINS) * len(LEVELS)


def test_the_sites_side_by_side_and_the_rest_are_told_by_the_table():
    figure = site_drawings.side(chosen=3)
    twin = figure.table.set_index(["Domain", "Partnership"])
    for row in rows(figure):
        told = twin.loc[(row["title"], row["who"]), row["when"]]
        if row["kind"] == "site":
            assert told == ("" if row["level"] is None else str(int(row["level"])))
        else:
            assert f"{row['count']} at {row['level']}" in told.split(", ")
    rated = sum(row["level"] is not None for row in rows(figure) if row["kind"] == "site")
    beside = twin.pop("Of the rest in Fall 2026")
    sites = twin.drop("The rest", level="Partnership")
    assert rated == int((sites != "").sum().sum())
    segments = sum(row["kind"] == "bar" for row in rows(figure))
    rest = twin.xs("The rest", level="Partnership")
    told = {(r["title"], r["who"]): r["of"] for r in rows(figure) if r["kind"] == "site" and r["when"] == "Fall 2026"}
    assert told == beside.drop("The rest", level="Partnership").to_dict()
    assert "lower" in "".join(told.values())
    assert segments == sum(len(cell.split(", ")) for cell in rest.to_numpy().ravel() if cell)


def test_side_by_side_each_partnership_has_a_cell_at_every_convening_rated_or_not():
    titles = {"P1": "Ash", "P2": "Birch"}
    days = many_sites.days(2)
    frame = tidy([fact(days[0], 3, rubric=CODE, domain=DOMAINS[0]), fact(days[1], 2, rubric=CODE, domain=DOMAINS[1])])
    figure = beside_one_another(frame, titles, days)
    cells = {(row["who"], row["domain"], row["held_on"]): row["name"] for row in rows(figure)}
    assert len(cells) == len(titles) * len(DOMAINS) * len(days)
    assert sum(name != "not rated" for name in cells.values()) == 2
    assert "not rated then: Birch" in figure.finding


@pytest.mark.parametrize("count", [11, 60, 1000])
def test_side_by_side_the_line_under_a_bar_has_every_number_of_it(count):
    figure = site_drawings.side(count=count, convenings=20)
    bars = [row for row in rows(figure) if row["kind"] == "bar"]
    of_bar = {}
    for row in bars:
        of_bar.setdefault((row["domain"], row["held_on"]), []).append(row)
    for segments in of_bar.values():
        (told,) = [row["all"] for row in segments if row["all"]]
        counts = {row["level"]: row["count"] for row in segments}
        assert told == "·".join(str(counts.get(level, 0)) for level in LEVELS)


SEGMENT = re.compile(r"Domain: (.*); Who: The rest; Convening: (.*); Level: .*; Of the rest: ([\d,]+) of")


@pytest.mark.parametrize(
    ("count", "convenings", "somewhere"),
    [
        (11, 3, {True}),
        (11, 8, {True, False}),
        (60, 8, {True, False}),
        (1000, 8, {True, False}),
        (1000, 20, {False}),
    ],
)
def test_side_by_side_numbers_stand_in_a_bar_where_each_of_them_fits_and_only_there(count, convenings, somewhere):
    figure = site_drawings.side(Mode.PRINT, count, convenings)
    inside = set()
    for width in (350, 660, 1240):
        written, bars = texts(figure, width), {}
        for segment in marks(figure, width, "rect mark"):
            if found := SEGMENT.search(segment.what):
                bars.setdefault(found.groups()[:2], []).append((segment, found[3]))
        for segments in bars.values():
            told = [within(segment, number, written) for segment, number in segments]
            inside.add(all(told))
            assert all(told) or not any(told), "all the numbers of a bar or none"
            assert all(box.right - box.left <= segment.right - segment.left for box, segment in pairs(told, segments))
            if not any(told):  # to a number belongs what keeps it apart from the next one
                room = [segment.right - segment.left - wide(number) for segment, number in segments]
                assert min(room) < 6
        assert len(bars) > len(DOMAINS)
    assert inside == somewhere


def pairs(told, segments):
    return [(box, segment) for box, (segment, _) in zip(told, segments, strict=True) if box]


def within(segment, number, written):
    """The number that is written in the middle of a segment."""
    middle = (segment.left + segment.right) / 2
    here = [b for b in written if b.what == number and segment.top < (b.top + b.bottom) / 2 < segment.bottom]
    return next((box for box in here if abs((box.left + box.right) / 2 - middle) < 1), None)


def wide(number):
    """The pixels of a number, of figures that are all as wide and of commas half as wide."""
    return sum(4 if sign == "," else 8 for sign in number)


def test_the_rest_holds_nobody_who_is_chosen():
    figure, frame = site_drawings.side(chosen=2), many_sites.frame(11, 8)
    chosen = list(many_sites.titles(11))[:2]
    others = frame[~frame["partnership"].isin(chosen) & (frame["rubric"] == CODE)]
    sizes = others.groupby(["domain", "held_on"]).size()
    found = pd.DataFrame([row for row in rows(figure) if row["kind"] == "bar"]).groupby(["domain", "held_on"])["count"]
    assert found.sum().to_list() == sizes.to_list()


def test_the_matrix_and_its_table_hold_the_same_counts_highest_level_on_top():
    figure = site_drawings.moved()
    names = {str(level.position): level.label for level in RUBRIC.levels}
    twin = figure.table.set_index("Now: Fall 2026")
    assert list(twin.index) == [names[key] for key in "4321"]
    for row in rows(figure):
        assert twin.loc[row["now"], f"{row['then']}, then"] == row["count"]
        assert row["cell"] == cell_of(int(row["level_then"]), int(row["level_now"]))
        steps = int(row["level_now"]) - int(row["level_then"])
        assert row["way"] == ("stayed" if steps == 0 else "up" if steps > 0 else "down")
    assert len(rows(figure)) == 16
    (across,) = {
        tuple(p["scale"]["domain"]) for p in parts(spec_of(figure)) if p.get("field") == "level_then" and p.get("scale")
    }
    (down,) = {
        tuple(p["scale"]["domain"]) for p in parts(spec_of(figure)) if p.get("field") == "level_now" and p.get("scale")
    }
    assert (across, down) == (tuple("1234"), tuple("4321")), "above the diagonal moved up"


def test_the_coverage_of_very_many_is_told_in_counts():
    figure = site_drawings.states()
    twin = figure.table.set_index("Convening")
    for row in rows(figure):
        assert twin.loc[row["when"], row["words"].capitalize()] == row["count"]
        assert abs(row["high"] - row["low"] - row["count"] / 60) < 1e-9
    assert (twin.sum(axis=1) == 60).all()


def test_of_one_domain_the_unit_is_the_partnership_and_chance_is_told():
    figure = site_drawings.one_domain_over_time()
    assert "ratings" not in figure.finding
    assert "with so few partnerships, read this as a share between" in figure.finding
    assert "Ratings" not in figure.table
    sums = figure.table[[level.label for level in RUBRIC.levels]].sum(axis=1)
    assert sums.to_list() == figure.table["Partnerships"].to_list()


@pytest.mark.parametrize("convenings", [1, 2, 20])
@pytest.mark.parametrize("draw", [site_drawings.sites, site_drawings.side, site_drawings.spread])
def test_one_two_and_twenty_convenings_are_drawn(draw, convenings):
    figure = draw(Mode.PRINT, convenings=convenings)
    assert svg(figure, 390).startswith("<svg")
    assert len(figure.title) < LONGEST_DRAWN


def test_as_many_sites_as_have_cells_make_no_picture_that_nobody_can_scroll():
    spec = spec_of(site_drawings.sites(count=MOST_CELLS))
    assert spec["height"] < 8_000
