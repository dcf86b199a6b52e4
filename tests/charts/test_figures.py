import json
import re

import pytest
from altair.utils.schemapi import SchemaBase

from progressions.charts.export import svg
from progressions.charts.labels import day_label
from progressions.charts.strip import level_strips
from progressions.charts.theme import ROOM, TEXT_SIZE, Mode
from progressions.measures.frame import tidy
from progressions.measures.movement import standing
from tests.charts import drawings
from tests.charts.drawings import ALL, NAMES, OF_PEERS, RUBRIC, parts, rows, spec_of
from tests.measures.facts import DAYS, fact

every_figure = pytest.mark.parametrize("draw", ALL.values(), ids=ALL)
WITHOUT_LEVELS = (
    "coverage",
    "coverage in counts",
    "bands",
    "sides apart",
    "in the room",
    "reasons",
    "bands over time",
    "started",
)
of_levels = pytest.mark.parametrize(
    "draw", [ALL[name] for name in ALL if name not in WITHOUT_LEVELS], ids=[n for n in ALL if n not in WITHOUT_LEVELS]
)
LEVEL_FIELDS = {"level", "box", "then", "now", "level_then", "level_now"}


def encodings(spec):
    return [part for part in parts(spec) if part.get("field") in LEVEL_FIELDS and part.get("scale")]


@every_figure
def test_a_figure_says_what_is_shown_what_was_found_and_of_how_many(draw):
    figure = draw()
    assert figure.title
    assert figure.finding
    assert re.search(r"\d", figure.n)
    assert not figure.table.empty
    for words in (figure.title, figure.finding, figure.n):
        assert words in figure.alt
    assert spec_of(figure)["description"] == figure.alt


@of_levels
def test_every_level_is_on_every_axis_and_scale_in_one_order(draw):
    scales = [part["scale"]["domain"] for part in encodings(spec_of(draw()))]
    assert scales
    for domain in scales:
        positions = [int(value) for value in domain if str(value).isdigit()]
        assert positions in ([1, 2, 3, 4], [4, 3, 2, 1])


def test_the_highest_level_is_on_top_or_at_the_right():
    across = spec_of(drawings.strip())
    assert {tuple(p["scale"]["domain"]) for p in parts(across) if p.get("field") == "box" and "scale" in p} == {
        ("1", "2", "3", "4")
    }
    up = spec_of(drawings.line())
    (domain,) = {tuple(part["scale"]["domain"]) for part in encodings(up) if "axis" in part}
    assert domain == (4, 3, 2, 1)


@of_levels
@pytest.mark.parametrize("position", [1, 2, 3, 4])
def test_every_level_is_named_in_full_by_axis_or_legend(draw, position):
    labels = " ".join(part["labelExpr"] for part in parts(spec_of(draw())) if "labelExpr" in part)
    plain = re.sub(r'", "', " ", labels.replace("\\u200b", ""))
    assert f"{position} {NAMES[position - 1]}" in plain


@every_figure
def test_no_figure_averages_anything(draw):
    spec = json.dumps(spec_of(draw()))
    assert not re.search(r"\bmean\b|average|median|\"aggregate\"|regression|loess", spec, re.IGNORECASE)


@every_figure
def test_figures_are_as_wide_as_their_place_and_as_high_as_their_rows(draw):
    spec = spec_of(draw())
    assert spec["width"] == "container"
    assert isinstance(spec["height"], int)


@every_figure
def test_no_label_is_cut_off_and_none_is_too_small_to_read(draw):
    spec = spec_of(draw())
    assert spec["config"]["axis"]["labelLimit"] == spec["config"]["legend"]["labelLimit"] == 0
    sizes = [part["fontSize"] for part in parts(spec["layer"]) if isinstance(part.get("fontSize"), int)]
    sizes += [spec["config"]["axis"]["labelFontSize"], spec["config"]["legend"]["labelFontSize"]]
    assert min(sizes) >= TEXT_SIZE >= 14


def values(rows):
    """The rows with one word for each colour."""
    return [
        {
            name: re.sub("^#[0-9a-f]{6}$", "a colour", told) if isinstance(told, str) else told
            for name, told in row.items()
        }
        for row in rows
    ]


@every_figure
@pytest.mark.parametrize("mode", list(Mode))
def test_a_mode_changes_colours_and_never_a_value(draw, mode):
    assert values(drawings.rows(draw(mode))) == values(drawings.rows(draw()))
    assert draw(mode).table.equals(draw().table)


@pytest.mark.parametrize("name", ["strip", "heat", "peers", "bands"])
def test_domains_keep_the_order_of_the_rubric(name):
    codes = [domain.code for domain in RUBRIC.domains]
    orders = [p["scale"]["domain"] for p in parts(spec_of(ALL[name]())) if p.get("field") == "domain"]
    assert orders
    assert all(order == codes for order in orders)


def test_then_and_now_are_sorted_by_change_with_what_cannot_be_compared_last():
    words = ALL["dumbbells"]().table["Movement"].to_list()
    signed = [int(w.split()[1]) * (1 if w.startswith("up") else -1) if w[-1].isdigit() else 0 for w in words]
    comparable = [w == "same" or w[-1].isdigit() for w in words]
    assert comparable == sorted(comparable, reverse=True)
    told = [change for change, can in zip(signed, comparable, strict=True) if can]
    assert told == sorted(told, reverse=True)
    assert len(told) not in (0, len(words))


def test_then_and_now_refuses_to_mix_partnerships():
    own = drawings.movement_between(drawings.FRAME, drawings.THEN, drawings.NOW)
    with pytest.raises(ValueError, match="one partnership"):
        drawings.then_now(own, RUBRIC, "then", "now")


def test_a_day_is_drawn_as_local_midnight_so_that_no_reader_sees_the_day_before():
    many = drawings.domain_line(long_line(), RUBRIC, "D1", {})
    assert {row["held_on"][10:] for row in drawings.rows(many)} == {"T00:00:00"}


def long_line():
    days = [drawings.DAYS[0].replace(year=2000 + number) for number in range(20)]
    return drawings.line_of(drawings.tidy([fact(day, 2) for day in days]), "P1", "PART", "D1")


def test_twelve_convenings_are_named_and_the_thirteenth_makes_the_axis_a_calendar():
    kinds = {}
    for count in (12, 13):
        figure = drawings.domain_line(long_line().head(count), RUBRIC, "D1", {})
        (kinds[count],) = {p["type"] for p in parts(spec_of(figure)) if p.get("field") == "held_on"}
    assert kinds == {12: "ordinal", 13: "temporal"}


def test_where_one_stands_comes_with_its_days():
    def n(*days):
        facts = [fact(DAYS[day], 2, domain=f"D{place}") for place, day in enumerate(days)]
        return level_strips(standing(tidy(facts), "P1"), RUBRIC).n

    latest, before, oldest = (day_label(DAYS[at], {}) for at in (3, 1, 0))
    assert n(3) == f"1 of 9 domains rated, on {latest}"
    assert n(3, 3) == f"2 of 9 domains rated, all on {latest}"
    assert n(3, 1, 3) == f"3 of 9 domains rated: 2 on {latest}, 1 earlier, on {before}"
    assert n(3, 1, 0) == f"3 of 9 domains rated: 1 on {latest}, 2 earlier, the oldest on {oldest}"


@every_figure
def test_a_chart_knows_its_room_on_the_screen_and_as_a_picture(draw):
    (room,) = (each for each in spec_of(draw())["params"] if each["name"] == ROOM)
    assert "containerSize()[0]" in room["expr"]
    (room,) = (each for each in draw().sized(350)["params"] if each["name"] == ROOM)
    assert room == {"name": ROOM, "value": 350}


BESIDE_ON_PHONES = ("team votes", "bands over time")
"""Their rows have short names, or headings of their own."""


@pytest.mark.parametrize("name", [name for name in ALL if name not in BESIDE_ON_PHONES])
@pytest.mark.parametrize("width", [280, 350])
def test_on_a_phone_rows_stand_under_their_titles_and_take_the_whole_width(name, width):
    plot = re.search(r'class="background"[^>]* d="M0,0h([\d.]+)v', svg(ALL[name](Mode.PRINT), width))
    assert plot
    assert float(plot[1]) >= width - 60


def test_the_legend_of_two_columns_reads_on_by_lines():
    drawn = svg(ALL["strip"](Mode.PRINT), 1000)
    legend = drawn[drawn.index("role-legend") :]
    names = [level.label for level in reversed(RUBRIC.levels)]
    places = {name: legend.index(name) for name in names}
    assert sorted(places, key=places.__getitem__) == names
    assert spec_of(ALL["strip"]())["config"]["legend"]["direction"] == "horizontal"


@pytest.mark.parametrize("name", ["dumbbells", "promises"])
def test_columns_that_have_numbers_alone_on_a_phone_are_named_under_the_chart(name):
    narrow, wide = (re.sub(r"<[^>]+>", " ", svg(ALL[name](Mode.PRINT), width)) for width in (350, 1200))
    for level in RUBRIC.levels:
        for word in level.name.split():
            assert word in narrow
            assert word in wide
    assert wide.count("Exploring") == 1


def _numbers(figure, width):
    return set(re.findall(r">(\d+%?)<", svg(figure, width)))


def test_peers_over_time_say_how_many_on_a_phone_too():
    figure = OF_PEERS.over_time(Mode.PRINT)
    counts = {f"{row['count']:.0f}" for row in rows(figure) if row["kind"] == "peers"}
    assert counts <= _numbers(figure, 350)
    assert counts <= _numbers(figure, 280)


def test_twenty_bars_on_a_phone_have_their_n():
    for width, least in ((350, 10), (280, 10)):
        drawn = svg(ALL["one domain over time"](Mode.PRINT), width)
        assert len(re.findall(r">n \d+<|>n</tspan>", drawn)) >= least


@every_figure
def test_no_channel_is_looked_up_in_altairs_schema(draw, monkeypatch):
    """A short form costs as much as a hundred channels that are named by their class."""
    looked_up = []

    def from_dict(_cls, dct, **_kwds):
        looked_up.append(dct)
        return dct

    monkeypatch.setattr(SchemaBase, "from_dict", classmethod(from_dict))
    draw()
    assert looked_up == []
