"""A problem says where it is, in a line that can be read."""

import pytest

from progressions.issues import Issue, Severity


@pytest.mark.parametrize(
    ("sheet", "cells", "place"),
    [
        ("", 0, ""),
        ("LEA", 0, "LEA"),
        ("", 1, "A1"),
        ("LEA", 3, "LEA A1, A2, A3"),
        ("LEA", 4, "LEA A1, A2, A3 and 1 more"),
        ("LEA", 1234, "LEA A1, A2, A3 and 1,231 more"),
    ],
)
def test_a_place_names_the_sheet_and_the_first_cells(sheet: str, cells: int, place: str) -> None:
    addresses = tuple(f"A{row}" for row in range(1, cells + 1))
    assert Issue("x", Severity.NOTE, "Look.", sheet, addresses).place(3) == place
