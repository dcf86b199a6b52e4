"""Layers that are put together by us are the chart that Altair makes of them, and rows are as JSON has them."""

import json
import re
from datetime import date

import altair as alt
import pandas as pd

from progressions.charts.layers import inline, layered

ROWS = pd.DataFrame(
    {
        "domain": pd.array(["trust", "use of data", None], dtype="str"),
        "level": pd.array([2, None, 4], dtype="Int8"),
        "share": [0.25, None, 1.0],
        "count": [3, 0, 12],
        "is_own": [True, False, False],
        "held_on": pd.to_datetime(["2025-03-01", None, "2026-11-30"]),
        "day": [pd.Timestamp("2025-03-01"), None, pd.Timestamp("2026-11-30 09:05:07")],
        "reasons": [("people", "practice"), None, ()],
        "when": [date(2025, 3, 1), None, date(2026, 11, 30)],
        7: ["a", "b", "c"],
    }
)


def test_rows_are_plain_values_with_null_for_a_gap_and_days_at_local_midnight():
    rows = inline(ROWS)["values"]
    assert [list(row) for row in rows] == [[*(str(name) for name in ROWS)]] * 3
    assert {name: [row[name] for row in rows] for name in rows[0]} == {
        "domain": ["trust", "use of data", None],
        "level": [2, None, 4],
        "share": [0.25, None, 1.0],
        "count": [3, 0, 12],
        "is_own": [True, False, False],
        "held_on": ["2025-03-01T00:00:00", None, "2026-11-30T00:00:00"],
        "day": ["2025-03-01T00:00:00", None, "2026-11-30T09:05:07"],
        "reasons": [("people", "practice"), None, ()],
        "when": [date(2025, 3, 1), None, date(2026, 11, 30)],
        "7": ["a", "b", "c"],
    }
    assert {type(value) for row in rows for value in row.values()} <= {str, int, float, bool, tuple, date, type(None)}


def test_no_rows_are_an_empty_list():
    assert inline(ROWS.iloc[:0])["values"] == []


def several(data=inline) -> tuple[list[alt.Chart], list[alt.VariableParameter], dict[str, object]]:
    """Two layers over the same rows, of which one can be picked from, one over a sequence, one over other rows."""
    rows = data(ROWS[["domain", "level", "count"]])
    base = alt.Chart(rows).encode(x=alt.X("level:O"), y=alt.Y("domain:N"))
    pick = alt.selection_point("picked", fields=["domain"])
    layers = [
        base.mark_rect().add_params(pick).encode(color=alt.Color("count:Q")),
        base.transform_filter("datum.level != null").mark_text(color="red").encode(text=alt.Text("count:Q")),
        alt.Chart(alt.sequence(1, 5, as_="at")).mark_rule().encode(y=alt.Y("at:O")),
        alt.Chart(data(ROWS[["count"]])).mark_point().encode(x=alt.X("count:Q")),
    ]
    params = [alt.VariableParameter(name="room", expr="width > 0 ? width : 640")]
    return layers, params, {"width": "container", "height": 120, "description": "Some rows"}


def of_altair(frame):
    """The rows as data of Altair's own kind."""
    return alt.InlineData(values=inline(frame)["values"])


def by_value(spec: dict[str, object]) -> dict[str, object]:
    """The specification with its rows instead of their names, and its views named by their places."""
    rows = spec.pop("datasets")
    views = re.findall(r'"name": "(view[^"]*)"', json.dumps(spec["layer"]))
    text = json.dumps(spec)
    for place, view in enumerate(views):
        text = text.replace(f'"{view}"', f'"the view {place}"')
    whole = json.loads(text)
    inherited = whole.pop("data", None)
    for part in whole["layer"]:
        data = part.setdefault("data", inherited)
        part["data"] = {"values": rows[data["name"]]} if "name" in data else data
    return whole


def test_layers_become_the_chart_that_altair_makes_of_them():
    layers, params, properties = several()
    ours = layered(layers, params, **properties)
    theirs = alt.LayerChart(layer=several(of_altair)[0], params=params, **properties)
    spec = ours.to_dict()
    assert sorted(spec["datasets"]) == ["rows0", "rows1"]
    assert by_value(spec) == by_value(theirs.to_dict())


def test_layers_stay_what_they_were():
    layers, params, properties = several()
    before = [layer.to_dict() for layer in layers]
    layered(layers, params, **properties)
    assert [layer.to_dict() for layer in layers] == before
