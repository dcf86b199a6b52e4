"""What all layers of a chart write is in its specification once, and draws what it drew before."""

import json
import re

import altair as alt
import pytest
import vl_convert

from progressions.charts.shared_labels import NAME, shared
from progressions.charts.tips import naming_only_what_is_there
from tests.charts import site_drawings
from tests.charts.drawings import ALL, spec_of

every_figure = pytest.mark.parametrize("draw", ALL.values(), ids=ALL)


def without_rows(spec):
    return {name: part for name, part in spec.items() if name != "datasets"}


def put_back(spec):
    """Every name replaced by what it stands for, in the specification's own text."""
    named = {each["name"]: each["expr"] for each in spec["params"] if each["name"].startswith(NAME)}
    layers = json.dumps(spec["layer"])
    for name, literal in named.items():
        layers = re.sub(rf"\b{name}\b", lambda _, text=literal: json.dumps(text)[1:-1], layers)
    params = [each for each in spec["params"] if each["name"] not in named]
    return {**spec, "layer": json.loads(layers), "params": params}


@every_figure
def test_a_figure_is_sent_with_the_very_labels_that_it_was_put_together_with(draw):
    put_together = naming_only_what_is_there(spec_of(draw()))
    sent = without_rows(shared(put_together))
    assert put_back(sent) == without_rows(put_together)
    assert sent == without_rows(draw().specification())
    alt.LayerChart.validate({name: part for name, part in sent.items() if name != "$schema"})


@every_figure
def test_no_lookup_of_titles_is_sent_twice(draw):
    guides = [
        json.dumps(at[guide])
        for layer in draw().specification()["layer"]
        for at in layer["encoding"].values()
        if isinstance(at, dict)
        for guide in ("axis", "legend")
        if guide in at
    ]
    lookups = [labels for text in guides for labels in re.findall(r"\{[^{}]*\}\[datum", text)]
    assert len(lookups) == len(set(lookups))


@pytest.mark.parametrize(
    ("draw", "most"),
    [(lambda: site_drawings.sites(count=60), 40_000), (lambda: site_drawings.side(count=60, chosen=6), 60_000)],
    ids=["60 sites", "side by side"],
)
def test_beside_its_rows_a_chart_of_many_sites_stays_small(draw, most):
    assert len(json.dumps(without_rows(draw().specification()))) < most


@pytest.mark.parametrize("width", [340, 1200], ids=["phone", "desk"])
@pytest.mark.parametrize("draw", [site_drawings.sites, site_drawings.side], ids=["sites", "side by side"])
def test_the_picture_is_the_same(draw, width):
    sent = draw().sized(width)
    assert any(each["name"].startswith(NAME) for each in sent["params"])
    assert vl_convert.vegalite_to_svg(sent) == vl_convert.vegalite_to_svg(put_back(sent))


def test_titles_with_brackets_and_quotes_stay_whole():
    titles = json.dumps({"a": ["The {first}[\"x\"] of 'them'", "x"], "b": ["labels0 : []"]})
    axis = {"labelExpr": f"(room < 480) ? {titles}[datum.value] : {titles}[datum.value]", "labelPadding": 8}
    layer = {"encoding": {"y": {"axis": axis}, "x": {"axis": None}, "tooltip": [{"field": "a"}]}}
    sent = shared({"params": [], "layer": [layer, layer]})
    assert sent["params"] == [{"name": "labels0", "expr": titles}]
    short = {"labelExpr": "(room < 480) ? labels0[datum.value] : labels0[datum.value]", "labelPadding": 8}
    told = {"encoding": {"y": {"axis": short}, "x": {"axis": None}, "tooltip": [{"field": "a"}]}}
    assert sent["layer"] == [told, told]
