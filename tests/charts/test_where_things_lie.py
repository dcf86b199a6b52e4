"""What lies where in the drawn figures: nothing over anything else, on a projector and on phones of 390 and 320."""

from collections import Counter

import pytest

from progressions.charts.theme import Mode
from tests import many_sites
from tests.charts import site_drawings
from tests.charts.drawings import AGREEING, ALL, RUBRIC, rows
from tests.charts.measured import marks, over_each_other, texts

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
