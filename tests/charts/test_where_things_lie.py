"""What lies where in the drawn figures: nothing over anything else, on a projector and on phones of 390 and 320."""

import re
from collections import Counter

import pandas as pd
import pytest

from progressions.charts.agreement_gap import sides_apart
from progressions.charts.colours import contrast, mixed
from progressions.charts.coverage import coverage_grid
from progressions.charts.export import svg
from progressions.charts.figure import Figure
from progressions.charts.line import domain_line
from progressions.charts.strip import level_strips
from progressions.charts.theme import Mode, inks
from progressions.measures.agreement import agreement_frame
from progressions.measures.frame import tidy
from progressions.measures.lines import line_of
from progressions.measures.movement import standing
from progressions.measures.network import coverage
from tests import many_sites
from tests.charts import agreeing, site_drawings
from tests.charts.drawings import AGREEING, ALL, RUBRIC, parts, peers, rows, spec_of
from tests.charts.measured import marks, over_each_other, texts
from tests.measures.facts import fact

PHONES = (280, 350)
WIDTHS = (*PHONES, 660, 1240)


@pytest.mark.parametrize("name", ALL)
def test_no_text_lies_over_another(name):
    figure = ALL[name](Mode.PRINT)
    assert [pair for width in WIDTHS for pair in over_each_other(texts(figure, width))] == []


@pytest.mark.parametrize("width", PHONES)
def test_where_not_all_convenings_are_named_the_newest_is(width):
    names = list(many_sites.names(20).values())
    told = {box.what for box in texts(ALL["one domain over time"](Mode.PRINT), width)}
    assert names[-1] in told
    assert len(told.intersection(names)) < len(names)


@pytest.mark.parametrize("width", WIDTHS)
def test_the_dots_of_voters_lie_within_their_cells(width):
    figure = AGREEING.votes(Mode.PRINT)
    cells, dots = marks(figure, width, "rect mark"), marks(figure, width, "point")
    assert len(dots) > 50
    for dot in dots:
        middle = ((dot.left + dot.right) / 2, (dot.top + dot.bottom) / 2)
        around = [c for c in cells if c.left < middle[0] < c.right and c.top < middle[1] < c.bottom]
        assert around, dot
        assert all(c.left <= dot.left and dot.right <= c.right for c in around)
        assert all(c.top <= dot.top and dot.bottom <= c.bottom for c in around)


@pytest.mark.parametrize("width", WIDTHS)
def test_the_titles_of_domains_that_were_voted_on_are_whole_and_lie_over_no_cell(width):
    figure = AGREEING.votes(Mode.PRINT)
    cells, written = marks(figure, width, "rect mark"), texts(figure, width)
    words = " ".join(box.what for box in written)
    assert all(domain.title in words for domain in RUBRIC.domains[:-1])
    heads = [box for box in written if any(box.what in f"{domain.title}, vote 2" for domain in RUBRIC.domains)]
    assert not [(head.what, cell.what) for head in heads for cell in cells if len(head.what) > 2 and head.meets(cell)]


@pytest.mark.parametrize("width", WIDTHS)
def test_what_moved_is_written_where_its_numbers_begin(width):
    written = texts(ALL["reasons"](Mode.PRINT), width)
    heads = [box.left for box in written if box.what in {"moved up", "moved down"}]
    numbers = {round(box.left) for box in written if box.what.isdigit()}
    assert len(heads) == 2
    assert all(any(abs(head - number) <= 20 for number in numbers) for head in heads)


@pytest.mark.parametrize("count", [11, 60, 1000])
def test_side_by_side_the_rest_of_the_latest_convening_is_told_in_figures_at_every_width(count):
    figure = site_drawings.side(Mode.PRINT, count, 20)
    last = [row for row in rows(figure) if row["kind"] == "bar" and row["when"] == "Fall 2026"]
    lines = [row["all"] for row in last if row["all"]]
    assert len(lines) == len(site_drawings.DOMAINS)
    for width in WIDTHS:
        written = texts(figure, width)
        assert over_each_other(written) == []
        told = Counter(box.what for box in written)
        inside = [line for line in lines if not told[line]]
        for line in inside:  # in the bar itself, where it has room for all of them
            assert width > 660
            assert all(told[number] for number in line.split("·") if number != "0")
        edges = marks(figure, width, "rect mark")
        assert max(box.right for box in written if "·" in box.what) <= max(edge.right for edge in edges) + 3


@pytest.mark.parametrize("count", [11, 60, 1000, 4000])
@pytest.mark.parametrize("width", WIDTHS)
def test_side_by_side_numbers_under_a_bar_cannot_be_taken_for_those_of_another(width, count):
    figure = site_drawings.side(Mode.PRINT, count, 20)
    bars = [box for box in marks(figure, width, "rect mark") if "Who: The rest" in box.what]
    edges = {box.left for box in bars}, {box.right for box in bars}
    first, last = min(edges[0]), max(edges[1])
    step = (last - first) / 20
    ticks = [box for box in marks(figure, width, "tick") if "At each level" in box.what]
    for line in (box for box in texts(figure, width) if "·" in box.what):
        if line.right - line.left <= step:
            continue
        at_first, at_last = abs(line.left - first) < 8, abs(line.right - last) < 12  # its font is taken to be wide
        assert at_first or at_last, line
        beside = [box for box in ticks if line.top - 4 < (box.top + box.bottom) / 2 < line.bottom + 4]
        near = [box for box in beside if abs(box.left - (first if at_first else last)) < 4]
        assert any(f"At each level: {line.what}" in box.what for box in near), line


@pytest.mark.parametrize("count", [11, 60, 1000])
@pytest.mark.parametrize("width", WIDTHS)
def test_twenty_bars_have_their_counts_on_a_phone_too(width, count):
    figure = site_drawings.one_domain_over_time(Mode.PRINT, count)
    told = Counter(box.what for box in texts(figure, width))
    thick = Counter(str(row["count"]) for row in rows(figure) if (row["high"] or 0) - (row["low"] or 0) >= 0.08)
    assert thick.total() > 40
    assert thick - told == Counter()


@pytest.mark.parametrize("width", WIDTHS)
def test_the_counts_of_bars_lie_within_them(width):
    figure = site_drawings.one_domain_over_time(Mode.PRINT, 1000)
    bars = marks(figure, width, "bar")
    numbers = [box for box in texts(figure, width) if box.what.isdigit() and 0 < box.left < width]
    within = [
        box
        for box in numbers
        if any(
            b.left - 2 <= box.left and box.right <= b.right + 2 and b.top <= box.top and box.bottom <= b.bottom
            for b in bars
        )
    ]
    assert len(within) >= 70


@pytest.mark.parametrize("width", WIDTHS)
def test_all_levels_are_named_on_the_axis_or_under_it_where_nothing_is_rated_or_shown(width):
    for figure in (level_strips(standing(tidy([]), "P1"), RUBRIC, mode=Mode.PRINT), peers(Mode.PRINT, sites=4)):
        written = texts(figure, width)
        words = " ".join(box.what for box in written)
        (words_in_rows,) = {box.what for box in written} & {"not rated", "fewer than 5 others"}
        boxes = marks(figure, width, "rect mark")
        assert all(
            sum(b.what == words_in_rows and b.meets(box) and b.left < box.left + 12 for b in written) == 1
            for box in boxes
        )
        for level in RUBRIC.levels:
            assert all(part in words for part in level.name.split())
        if width in PHONES:
            heads = {box.what: box.left for box in written if box.what in {"1", "2", "3", "4"}}
            assert sorted(heads, key=heads.__getitem__) == ["1", "2", "3", "4"]


@pytest.mark.parametrize("mode", list(Mode))
@pytest.mark.parametrize("name", ["heat", "sites", "side by side"])
def test_what_is_not_rated_has_an_edge_that_is_seen_and_a_name_under_the_chart(name, mode):
    figure = ALL[name](mode)
    assert "not rated" in {box.what for box in texts(figure, 350)}
    edges = [each for each in parts(spec_of(figure)) if "strokeDash" in each and "strokeOpacity" in each]
    paper, outline = inks(mode).paper, inks(mode).outline
    assert edges
    assert all(contrast(mixed(paper, outline, edge["strokeOpacity"]), paper) >= 3 for edge in edges)


@pytest.mark.parametrize("name", ["line", "told line", "peers over time"])
@pytest.mark.parametrize("width", PHONES)
def test_a_line_that_crosses_the_name_of_a_level_ends_at_its_halo(name, width):
    paper = inks(Mode.PRINT).paper
    drawn = svg(ALL[name](Mode.PRINT), width)
    assert max(drawn.find('aria-roledescription="line mark"'), drawn.find("mark-line")) > 0
    for level in RUBRIC.levels:
        words = f">{level.label[:14]}"
        halo, name_of = (at.start() for at in re.finditer(re.escape(words), drawn))
        assert f'stroke="{paper}"' in drawn[drawn.rindex("<text", 0, halo) : halo]
        assert "stroke=" not in drawn[drawn.rindex("<text", 0, name_of) : name_of]
        assert drawn.rindex("mark-line", 0, halo) < halo < name_of


def test_the_names_of_levels_stand_on_a_phone_where_nothing_was_ever_rated():
    nothing = domain_line(line_of(tidy([]), "P1", RUBRIC.code, "D1"), RUBRIC, "D1", {}, mode=Mode.PRINT)
    words = " ".join(box.what for box in texts(nothing, 350))
    assert all(part in words for level in RUBRIC.levels for part in level.label.split())


@pytest.mark.parametrize("sites", [11, 990])
@pytest.mark.parametrize("width", [*WIDTHS, 900])
def test_how_peers_stand_beside_each_own_level_is_told_at_every_width_and_lies_over_nothing(sites, width):
    figure = peers(Mode.PRINT, sites)
    written = texts(figure, width)
    lines = {
        way: [box for box in written if re.fullmatch(rf"\d+ {way}", box.what)] for way in ("lower", "same", "higher")
    }
    told = figure.table.loc[figure.table["Beside own level"].str.contains("the same"), "Beside own level"]
    beside = zip(*(sorted(some, key=lambda box: box.top) for some in lines.values()), strict=True)
    assert [", ".join(box.what for box in row).replace("same", "the same") for row in beside] == list(told)
    assert len(told) == 8
    assert over_each_other(written) == []
    assert all(box.right <= width for some in lines.values() for box in some)


def test_where_nothing_is_rated_here_the_column_says_so_and_not_how_peers_stand_beside_it():
    nothing, some = (
        [box.what for box in texts(figure, 660)] for figure in (peers(Mode.PRINT, own="nobody"), peers(Mode.PRINT))
    )
    assert not any("lower" in line for line in nothing)
    assert any("lower" in line for line in some)
    assert nothing.count("not rated") == len(RUBRIC.domains) - 1, "one has too few peers to be shown"


def test_no_line_ends_between_the_number_of_a_domain_and_its_title():
    for width in WIDTHS:
        told = " ".join(f"{box.what};" for box in texts(ALL["sites"](Mode.PRINT), width)).replace(
            "\N{NO-BREAK SPACE}", " "
        )
        for place, domain in enumerate(site_drawings.RUBRIC.domains, start=1):
            assert re.search(rf"{place} {domain.title.split()[0]}\b", told), (width, domain.title)


@pytest.mark.parametrize("width", [1240, 1400])
def test_over_its_column_the_number_of_a_domain_stands_in_one_line_with_its_title(width):
    written = [box.what for box in texts(ALL["sites"](Mode.PRINT), width)]
    assert any("Sustainability" in line for line in written)
    assert not {"5", "6", "7", "8"}.intersection(written)  # levels are 1 to 4


def test_where_the_sides_stand_apart_at_twenty_convenings_nothing_lies_over_anything():
    days = many_sites.days(20)
    said = [each for number in range(20) for each in agreeing.at(number, RUBRIC, days)]
    figure = sides_apart(agreement_frame(said), RUBRIC, many_sites.names(20), who="Alder Valley", mode=Mode.PRINT)
    for width in WIDTHS:
        assert over_each_other(texts(figure, width)) == []


@pytest.mark.parametrize("width", [280, 320, 350, 400, 440, 520, 660, 1240])
@pytest.mark.parametrize("convenings", [8, 20])
def test_how_far_the_sides_stand_apart_stays_within_its_cell(convenings, width):
    days = many_sites.days(convenings)
    said = [each for number in range(convenings) for each in agreeing.at(number, RUBRIC, days)]
    names = many_sites.names(convenings)
    figure = sides_apart(agreement_frame(said), RUBRIC, names, who="Alder Valley", mode=Mode.PRINT)
    cells, written = marks(figure, width, "rect mark"), texts(figure, width)
    inside = [(_holder(cells, box), box) for box in written if re.fullmatch(r"[DU½]|\d½?", box.what)]
    assert [box.what for cell, box in inside if not cell or not _holds(cell, box)] == []
    assert sum("½" in box.what for _, box in inside) == figure.table["Steps"].str.contains("½").sum() > 0
    assert figure.table["Steps"].eq("1½").any() or convenings < 20


def _holder(cells, box):
    """The cell in which the middle of a text lies."""
    x, y = (box.left + box.right) / 2, (box.top + box.bottom) / 2
    return next((cell for cell in cells if cell.left <= x <= cell.right and cell.top <= y <= cell.bottom), None)


def _holds(cell, box):
    return cell.left <= box.left and box.right <= cell.right and cell.top <= box.top and box.bottom <= cell.bottom


@pytest.mark.parametrize(("width", "is_told"), [(1240, True), (660, False), (350, False)])
def test_dots_of_twenty_convenings_bear_their_levels_where_each_has_room(width, is_told):
    frame, code, domain = many_sites.frame(11, 20, whole=True), many_sites.codes(11)[0], site_drawings.DOMAINS[2]
    levels = frame[(frame["partnership"] == code) & (frame["domain"] == domain)].sort_values("held_on")["level"]
    written = texts(_line_of(frame, code, domain), width)
    numbers = sorted((box for box in written if box.what.isdigit() and len(box.what) == 1), key=lambda box: box.left)
    assert [int(box.what) for box in numbers] == (list(levels) if is_told else [])
    assert over_each_other(written) == []


def test_two_convenings_of_one_week_among_twenty_leave_no_dot_room_for_a_number():
    frame, code, domain = many_sites.frame(11, 20, whole=True), many_sites.codes(11)[0], site_drawings.DOMAINS[2]
    last = frame["held_on"] == frame["held_on"].max()
    near = frame.assign(held_on=frame["held_on"].where(~last, frame.loc[~last, "held_on"].max() + pd.Timedelta(days=2)))
    assert not [box for box in texts(_line_of(near, code, domain), 1240) if box.what.isdigit() and len(box.what) == 1]


def _line_of(frame: pd.DataFrame, code: str, domain: str) -> Figure:
    line = line_of(frame, code, site_drawings.CODE, domain)
    return domain_line(line, site_drawings.RUBRIC, domain, many_sites.names(20), mode=Mode.PRINT)


@pytest.mark.parametrize("convenings", [1, 2, 8, 20])
@pytest.mark.parametrize("width", WIDTHS)
def test_the_bars_of_the_rest_are_as_wide_as_the_cells_under_them(convenings, width):
    drawn = marks(site_drawings.side(Mode.PRINT, 60, convenings), width, "rect mark")
    bars, cells = ([box for box in drawn if ("Who: The rest" in box.what) is is_rest] for is_rest in (True, False))
    when = {box.what.partition("Convening: ")[2].partition(";")[0] for box in drawn}
    assert len(when) == convenings
    for name in when:
        there = [[box for box in some if f"Convening: {name};" in box.what] for some in (bars, cells)]
        ends = [(min(box.left for box in some), max(box.right for box in some)) for some in there]
        assert ends[0] == pytest.approx(ends[1], abs=1), name


def test_eight_convenings_on_a_phone_have_their_counts_under_or_in_every_bar_of_the_rest():
    figure = site_drawings.side(Mode.PRINT, 11, 8)
    drawn = marks(figure, 350, "rect mark")
    bars = [box for box in drawn if "Who: The rest" in box.what]
    numbers = [box for box in texts(figure, 350) if re.fullmatch(r"\d+(·\d+)*", box.what)]
    for bar in bars:
        near = [each for each in numbers if each.top < bar.bottom + 14 and each.bottom > bar.top]
        assert any(each.left < bar.right and each.right > bar.left for each in near), bar


BARS_OF_MANY = {
    "over time": lambda: site_drawings.one_domain_over_time(Mode.PRINT, 4000, 2),
    "who moved": lambda: site_drawings.moved(Mode.PRINT, 3000),
    "all sites": lambda: site_drawings.spread(Mode.PRINT, 6000),
    "side by side": lambda: site_drawings.side(Mode.PRINT, 4000, 1),
    "coverage": lambda: site_drawings.states(Mode.PRINT, 3000),
}


@pytest.mark.parametrize("name", BARS_OF_MANY)
def test_counts_of_thousands_are_written_with_their_separator(name):
    figure = BARS_OF_MANY[name]()
    told = {int(n) for n in re.findall(r"\b\d{4}\b", figure.table.to_csv())} - {2025, 2026}  # years
    written = {box.what for box in texts(figure, 1240)}
    assert {f"{n:,}" for n in told} & written
    assert not {str(n) for n in told} & written


@pytest.mark.parametrize("lines", [1, 2, 3, 4])
def test_a_title_of_any_number_of_lines_stands_in_the_middle_of_its_row(lines):
    words = [f"Schools-of-many-letters-{number}" for number in range(lines)]
    titles = {"P1": " ".join(words), "P2": "Birch"}
    rated = coverage(tidy([fact(many_sites.days(1)[0], 2)]), list(titles), {many_sites.days(1)[0]: {"PART": ["D1"]}})
    figure = coverage_grid(rated, titles, many_sites.names(1), mode=Mode.PRINT)
    written = {box.what: box for box in texts(figure, 660)}
    first, last, number = (written[word] for word in (words[0], words[-1], "1"))
    assert abs((first.top + last.bottom) / 2 - (number.top + number.bottom) / 2) < 3
