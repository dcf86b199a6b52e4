"""The upper half of the levels is one thing, wherever a chart speaks of it."""

import pytest

from progressions.charts.labels import in_upper_half
from progressions.measures.disclosure import upper_half
from progressions.rubric import Level, upper_half_from


@pytest.mark.parametrize(
    ("levels", "words"),
    [
        (2, "level 2"),
        (3, "level 2 or above"),
        (4, "level 3 or above"),
        (5, "level 3 or above"),
        (6, "level 4 or above"),
    ],
)
def test_the_upper_half_begins_at_one_level_in_words_and_in_what_members_are_told(levels: int, words: str) -> None:
    assert in_upper_half([Level(position, "") for position in range(1, levels + 1)]) == words
    assert f"level {upper_half_from(levels)}" in words
    assert upper_half(levels) in (None, upper_half_from(levels))
    assert 2 * (levels - upper_half_from(levels) + 1) >= levels
