import re
import struct
from dataclasses import replace
from datetime import date
from io import BytesIO
from xml.etree import ElementTree

import pytest
from PIL import Image

from progressions.charts.dumbbells import then_now
from progressions.charts.export import Footer, png, svg
from progressions.charts.heat import heat
from progressions.charts.line import domain_line
from progressions.charts.stacked import stacked_levels
from progressions.charts.strip import level_strips
from progressions.charts.theme import Mode
from progressions.measures.frame import tidy
from progressions.measures.lines import heat_table, line_of
from progressions.measures.movement import movement_between, standing
from progressions.measures.network import levels_over_time
from progressions.rubric import Domain, Level, Rubric
from tests.charts.drawings import ALL, RUBRIC, heat_of, strip
from tests.measures.facts import DAYS, LEVELS, fact

FOOTER = Footer("Oak & Elm <network>", date(2026, 10, 5), "all who rated", is_example=True)


def repr_of(text):
    return ascii(text)[:12]


def size_of(picture):
    assert picture.startswith(b"\x89PNG")
    return struct.unpack(">II", picture[16:24])


@pytest.mark.parametrize("draw", ALL.values(), ids=ALL)
@pytest.mark.parametrize("width", [350, 1200])
def test_every_figure_becomes_a_picture_of_the_width_asked_for(draw, width):
    drawn, _ = size_of(png(draw(Mode.PRINT), width, scale=1))
    assert abs(drawn - width) <= 12


def test_a_picture_says_title_finding_n_and_whose_data_it_is():
    figure = strip(Mode.PRINT)
    drawn = svg(figure, 4000, FOOTER)
    for words in (figure.title, figure.finding, figure.n):
        assert words in drawn
    assert "Oak &amp; Elm &lt;network&gt; · all who rated · downloaded 5 Oct 2026 · Invented example" in drawn


@pytest.mark.parametrize("mode", [Mode.PRINT, Mode.LIGHT])
def test_a_picture_with_a_footer_lies_on_paper_to_its_edges(mode):
    # Clear at its foot, it would be unreadable on a dark slide.
    picture = Image.open(BytesIO(png(heat_of(mode), 800, FOOTER, scale=1)))
    assert picture.getchannel("A").getextrema() == (255, 255)
    assert {picture.getpixel((x, y)) for x in (0, 799) for y in (0, picture.height - 1)} == {(255, 255, 255, 255)}


@pytest.mark.parametrize("footer", [FOOTER, None], ids=["footer", "bare"])
def test_a_vector_picture_is_one_image_with_a_name_and_its_alternative_text(footer):
    figure = replace(strip(Mode.PRINT), title="Oak & <Elm>", alt='Oak & <Elm>. "Of 9" \x01 domains.')
    root = ElementTree.fromstring(svg(figure, 800, footer))
    assert root.get("role") == "img"
    name, told, *_ = root
    assert [(each.tag.rpartition("}")[2], each.text) for each in (name, told)] == [
        ("title", "Oak & <Elm>"),
        ("desc", 'Oak & <Elm>. "Of 9" \N{REPLACEMENT CHARACTER} domains.'),
    ]


def test_the_alternative_text_of_a_file_is_that_of_the_screen():
    figure = heat_of(Mode.PRINT)
    _, told, *_ = ElementTree.fromstring(svg(figure, 800, FOOTER))
    assert told.text == figure.alt == figure.specification()["description"]


@pytest.mark.parametrize("draw", ALL.values(), ids=ALL)
def test_nothing_of_a_vector_picture_is_read_aloud_by_names_of_columns(draw):
    drawn = ElementTree.fromstring(svg(draw(Mode.PRINT), 800))
    read = {label for each in drawn.iter() if (label := each.get("aria-label"))}
    assert [label for label in read if re.search(r"\b\w+_\w+: |axis|legend", label)] == []


def test_the_footer_adds_a_line_and_covers_nothing():
    _, plain = size_of(png(heat_of(Mode.PRINT), 800, scale=1))
    _, footed = size_of(png(heat_of(Mode.PRINT), 800, FOOTER, scale=1))
    assert footed == plain + 28


def test_real_data_are_not_called_an_example():
    assert "example" not in Footer("iLEAD", date(2026, 10, 5)).text.lower()


@pytest.mark.parametrize("levels", [2, 3, 5, 6])
def test_rubrics_of_two_to_six_levels_are_drawn(levels):
    steps = tuple(Level(position, f"Step {position}") for position in range(1, levels + 1))
    rubric = Rubric("PART", "Short", steps, (Domain("D1", "One", "", ("",) * levels),))
    frame = tidy([fact(DAYS[0], 1), fact(DAYS[1], levels)])
    spread = levels_over_time(frame, "PART", None, DAYS[:2], range(1, levels + 1))
    for figure in (
        level_strips(standing(frame, "P1"), rubric),
        domain_line(line_of(frame, "P1", "PART", "D1"), rubric, "D1", {}),
        heat(heat_table(frame, "P1", "PART"), rubric, {}),
        stacked_levels(spread, steps, {}),
    ):
        size_of(png(figure, 600, scale=1))


def test_levels_that_a_new_version_no_longer_has_are_told_and_never_drawn_as_others():
    two = Rubric("PART", "Short", (Level(1, "Low"), Level(2, "High")), (Domain("D1", "One", "", ("", "")),))
    facts = [fact(DAYS[0], 4), fact(DAYS[1], 1, wording=2)]
    frame, all_days = tidy(facts), levels_over_time(tidy(facts), "PART", None, DAYS[:2], (1, 2))
    figures = [
        domain_line(line_of(frame, "P1", "PART", "D1"), two, "D1", {}),
        heat(heat_table(frame, "P1", "PART"), two, {}),
        stacked_levels(all_days, two.levels, {}),
        level_strips(standing(frame, "P1", DAYS[0]), two),
    ]
    told = [figure.n.partition("; not shown: ")[2] for figure in figures]
    earlier = "at levels of an earlier version"
    assert told == [f"1 rating {earlier}"] * 3 + [f"1 latest rating {earlier}"]
    table = then_now(movement_between(frame, *DAYS[:2]), two, "then", "now").table
    assert table.iloc[0].to_list() == ["One", "level 4 of an earlier version", "1 Low", "new wording"]


def test_figures_of_nothing_say_so_and_can_still_be_drawn():
    nothing = tidy([])
    empty = [
        level_strips(standing(nothing, "P1"), RUBRIC),
        domain_line(line_of(nothing, "P1", "PART", "D1"), RUBRIC, "D1", {}),
        heat(heat_table(nothing, "P1", "PART"), RUBRIC, {}),
        stacked_levels(levels_over_time(nothing, None, None, DAYS, LEVELS), RUBRIC.levels, {}),
    ]
    assert [figure.finding for figure in empty] == [
        "None of 9 domains is rated yet",
        "Joint development of leaders: not rated yet",
        "No domain can be compared since first rated",
        "No ratings at these convenings",
    ]
    for figure in empty:
        size_of(png(figure, 600, scale=1))


@pytest.mark.parametrize("hostile", ["one\x01two", "\x00", "\ufffe", "\x1b[31m", "y" * 64_000], ids=repr_of)
def test_no_title_of_a_file_stops_the_drawing(hostile):
    # A sign that no SVG can hold ends the whole process, and an endless title keeps everybody waiting.
    steps = tuple(Level(position, f"{hostile}{position}") for position in (1, 2))
    rubric = Rubric("PART", hostile, steps, (Domain("D1", hostile, hostile, ("", "")),))
    frame = tidy([fact(DAYS[0], 1), fact(DAYS[1], 2)])
    for figure in (
        level_strips(standing(frame, "P1"), rubric, who=hostile, mode=Mode.PRINT),
        domain_line(line_of(frame, "P1", "PART", "D1"), rubric, "D1", {DAYS[0]: hostile}, who=hostile),
        heat(heat_table(frame, "P1", "PART"), rubric, {DAYS[0]: hostile}, who=hostile),
        then_now(movement_between(frame, DAYS[0], DAYS[1]), rubric, hostile, hostile, who=hostile),
    ):
        drawn = svg(figure, 800, Footer(hostile, DAYS[0]))
        ElementTree.fromstring(drawn)
        assert len(drawn) < 200_000
