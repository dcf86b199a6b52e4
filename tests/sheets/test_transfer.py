"""Cells on their way from the reading child to its parent."""

from datetime import date, datetime, time, timedelta

import pytest

from progressions.sheets.transfer import SharedTexts, from_line, to_line


def sent(*rows: list[object]) -> list[tuple[object, ...]]:
    return list(SharedTexts().to_values(from_line(to_line({"rows": rows}))["rows"]))


def test_every_kind_of_cell_arrives_as_the_kind_that_it_was():
    row = [1, True, 1.0, 0, False, "1", None, date(2024, 1, 1), datetime(2024, 1, 1), time(9, 30), timedelta(hours=25)]
    (arrived,) = sent(row)
    assert [(type(value), value) for value in arrived] == [(type(value), value) for value in row]


def test_equal_texts_and_days_become_one_object():
    first, second = sent(["Alder Valley", date(2024, 1, 1)], ["Alder Valley", date(2024, 1, 1)])
    assert first[0] is second[0]
    assert first[1] is second[1]


def test_texts_that_never_come_again_are_not_remembered_for_ever():
    texts = SharedTexts()
    for portion in range(200):
        texts.to_values([[f"{portion}-{row}"] for row in range(500)])
    assert len(texts._known) < 51_000
    assert texts.to_values([["new"]]) == [("new",)]


@pytest.mark.parametrize("cell", ['["a"]', '{"x": 1}', '{"rows": []}', '{"date": "1", "time": "2"}', '{"date": "x"}'])
def test_what_is_no_cell_is_nonsense(cell: str):
    with pytest.raises(ValueError, match=r"not a cell|Invalid isoformat"):
        SharedTexts().to_values(from_line(f'{{"rows": [[{cell}]]}}'.encode())["rows"])


@pytest.mark.parametrize("line", [b"[1]", b'{"date": "2024-01-01"}', b"3"])
def test_what_is_no_message_is_nonsense(line: bytes):
    with pytest.raises(ValueError, match="not a message"):
        from_line(line)
