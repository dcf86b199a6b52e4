"""Every mark that is drawn says what the table says: its text, its colour, its tooltip, its place."""

import pytest

from progressions.charts.figure import Figure
from tests.charts import site_drawings
from tests.charts.drawings import ALL, OF_PEERS, RUBRIC, bands, line, peers
from tests.charts.reading import FILLS, LABELS
from tests.charts.readings import READINGS
from tests.charts.scene import scene_of


def differing(name: str, figure: Figure) -> dict[object, tuple[object, object]]:
    """The places where what is drawn is not what the table says: drawn, told."""
    drawn, told = READINGS[name].drawn(figure), READINGS[name].told(figure.table)
    assert told
    return {at: (drawn.get(at), told.get(at)) for at in {*drawn, *told} if drawn.get(at) != told.get(at)}


def test_every_figure_is_read():
    assert set(READINGS) == set(ALL)


@pytest.mark.parametrize("name", READINGS)
def test_every_mark_is_drawn_as_the_table_says(name):
    assert differing(name, ALL[name]()) == {}


OTHERS = {
    "peers of many": ("peers", lambda: peers(sites=990)),
    "peers of whom one's own is not rated": ("peers", lambda: peers(own="nobody")),
    "peers over time of another domain": ("peers over time", lambda: OF_PEERS.over_time(domain="D2")),
    "bands of whom one's own is not rated": ("bands", lambda: bands(own="nobody")),
    "bands beside which some of one's own is on other wording": ("bands", lambda: bands(apart=3)),
    "bands over time of another domain": ("bands over time", lambda: OF_PEERS.bands_over_time(domain="D2")),
    "bands over time with one's own on other wording": ("bands over time", lambda: OF_PEERS.bands_over_time(apart=3)),
    "sites by a domain": ("sites", lambda: site_drawings.sites(domain=site_drawings.DOMAINS[1])),
    "one convening of many sites": ("many sites", lambda: site_drawings.spread(count=60, convenings=1)),
    "one domain of a thousand": ("one domain over time", lambda: site_drawings.one_domain_over_time(count=1000)),
    "three of a thousand": ("side by side", lambda: site_drawings.side(count=1000, chosen=3)),
    "twenty convenings": ("side by side", lambda: site_drawings.side(convenings=20)),
    "a thousand who moved": ("who moved", lambda: site_drawings.moved(count=1000)),
    "states of a thousand": ("coverage in counts", lambda: site_drawings.states(count=1000)),
}
"""Of more, of fewer and of none."""


@pytest.mark.parametrize("other", OTHERS)
def test_every_mark_is_drawn_as_the_table_says_of_other_networks_too(other):
    name, draw = OTHERS[other]
    assert differing(name, draw()) == {}


@pytest.mark.parametrize("name", ALL)
def test_no_tooltip_tells_a_value_that_is_none(name):
    values = {value for mark in scene_of(ALL[name]()).marks for _, value in mark.told}
    assert values
    assert not values & {"null", "undefined", "NaN", "nan", "None", "<NA>", "true", "false"}


EVERYTHING = {**ALL, **{name: draw for name, (_, draw) in OTHERS.items()}}


@pytest.mark.parametrize("name", EVERYTHING)
def test_no_row_of_a_tooltip_is_empty_and_what_is_read_aloud_is_the_same(name):
    marks = [mark for mark in scene_of(EVERYTHING[name]()).marks if mark.told]
    assert marks
    assert [mark for mark in marks for title, value in mark.told if not title or not value] == []
    for mark in marks:
        assert " ".join(mark.aloud.split()) == "; ".join(f"{title}: {value}" for title, value in mark.told)


def test_a_tooltip_leaves_out_what_is_not_there_and_only_that():
    """An unrated domain has no day of its rating; a level at an earlier convening has nothing of the rest."""
    strips = {mark.told for mark in scene_of(ALL["strip"]()).marks if mark.told}
    assert {len(told) for told in strips} == {3, 4}
    assert all((len(told) == 4) is (dict(told)["Level name"] != "not rated") for told in strips)
    sides = {mark.told for mark in scene_of(ALL["side by side"]()).marks if dict(mark.told).get("Who") != "The rest"}
    assert {"Of the rest" in dict(told) for told in sides if told} == {True, False}


@pytest.mark.parametrize("name", ALL)
def test_a_legend_of_levels_gives_each_its_own_colour_and_the_highest_comes_first(name):
    legend = {label: fill for fill, label in scene_of(ALL[name]()).legend.items() if label in LABELS}
    assert legend == (FILLS if legend else {})
    assert list(legend) == (LABELS[::-1] if legend else [])


def test_a_cell_of_the_heat_table_has_a_bar_where_the_line_of_its_domain_has_new_wording():
    cells = scene_of(ALL["heat"]()).cells()
    told = {
        (domain.title, row["Convening"])
        for domain in RUBRIC.domains
        for row in line(domain=domain.code).table.to_dict("records")
        if row.get("Wording")
    }
    assert {at for at, cell in cells.items() if cell.begins_anew} == told
    assert told
