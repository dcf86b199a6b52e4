"""What lies where in the drawn figures: nothing over anything else, on a projector and on phones of 390 and 320."""

import pytest

from progressions.charts.theme import Mode
from tests import many_sites
from tests.charts.drawings import AGREEING, ALL, RUBRIC
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
