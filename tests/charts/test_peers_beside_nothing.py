"""Peers beside a domain that one did not rate oneself: the column beside them says so, and is not blank."""

from tests.charts.drawings import peers, rows
from tests.charts.measured import texts


def test_where_the_own_domain_is_not_rated_the_column_beside_the_peers_says_so() -> None:
    figure = peers(own="nobody")
    told = {row["Domain"]: row for row in figure.table.to_dict("records")}
    unrated = {title for title, row in told.items() if row["Own level"] == "not rated"}
    drawn = {row["Domain"]: row["ways"] for row in rows(figure)}
    assert unrated
    assert {title for title, ways in drawn.items() if ways == "not rated\nhere"} == unrated
    assert [box.what for box in texts(figure, 1280)].count("not rated") == len(unrated)
