"""Over the squares of peers stand counts at every width; their part of the whole comes second, where there is room."""

import re

import pytest

from tests.charts.drawings import OF_PEERS, SEASONS, rows
from tests.charts.measured import texts


@pytest.mark.parametrize("width", [1280, 660, 350])
def test_many_peers_are_told_in_counts_at_every_width(width: int) -> None:
    figure = OF_PEERS.over_time(times=100)
    counts = {str(int(row["count"])) for row in rows(figure) if row["kind"] == "peers"}
    years = {name.split()[-1] for name in SEASONS.values()}  # on lines of their own under the columns
    told = [box.what for box in texts(figure, width) if box.what not in years]
    assert not [text for text in told if re.match(r"\d+%", text)]
    shown = {text.partition(" ")[0] for text in told if re.fullmatch(r"\d+( \(\d+%\))?", text)}
    assert shown
    assert shown <= counts


def test_a_wide_column_has_the_part_of_the_whole_after_the_count() -> None:
    figure = OF_PEERS.over_time(times=100)
    said = {row["said"] for row in rows(figure) if row["kind"] == "peers"}
    assert said <= {box.what for box in texts(figure, 1280)}
    assert all(re.fullmatch(r"\d+ \(\d+%\)", text) for text in said)
    assert not any("%" in box.what for box in texts(OF_PEERS.over_time(), 1280))
