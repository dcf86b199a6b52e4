"""For each figure that can be downloaded there is a test that holds its table beside what is drawn, value by value."""

import inspect
import re
from collections.abc import Callable
from typing import Any

import pytest

from progressions.services import pictures
from tests.charts import test_agreement_figures as agreement
from tests.charts import test_peer_figures as peers
from tests.charts import test_peers_over_time as peers_over_time
from tests.charts import test_site_figures as sites
from tests.charts import test_table_twins as twins
from tests.charts import test_told_figures as told

TWINS: dict[str, tuple[Callable[..., Any], ...]] = {
    "stands": (twins.test_the_strips_table_has_the_level_that_is_filled,),
    "line": (
        twins.test_the_lines_table_has_every_dot_and_every_gap,
        told.test_the_lines_table_has_every_hollow_dot_and_every_flag_and_the_stored_levels_are_as_without,
    ),
    "heat": (twins.test_the_heat_tables_table_has_every_cell,),
    "dumbbells": (twins.test_the_dumbbells_table_has_both_levels_of_every_domain,),
    "reasons": (told.test_the_table_of_reasons_has_every_square_and_each_cell_its_count,),
    "promises": (told.test_the_promises_table_has_every_promise_and_the_drawing_the_same_levels,),
    "team-votes": (agreement.test_the_votes_table_has_every_count_and_every_dot_is_one_vote,),
    "first-votes": (agreement.test_the_first_votes_table_has_every_outline_and_every_filled_box,),
    "sides-apart": (agreement.test_the_table_of_the_sides_has_every_cell,),
    "in-the-room": (agreement.test_the_table_of_the_room_has_every_count,),
    "peers": (
        peers.test_there_is_a_square_a_peer,
        peers.test_bands_draw_the_step_that_the_table_says_and_nothing_else_varies,
    ),
    "peers-over-time": (
        peers_over_time.test_the_table_has_every_square_and_every_level_of_the_line,
        peers_over_time.test_bands_over_time_say_thirds_alone,
    ),
    "peers-started": (peers_over_time.test_the_table_of_groups_has_every_cell,),
    "levels": (twins.test_the_stacked_bars_table_has_every_count_and_the_segments_its_share,),
    "sites": (
        sites.test_the_table_of_sites_has_every_cell_and_everything_that_moved,
        sites.test_the_counts_of_very_many_sites_are_those_of_the_frame_and_of_the_table,
    ),
    "site": (sites.test_the_table_of_sites_has_every_cell_and_everything_that_moved,),
    "side-by-side": (sites.test_the_sites_side_by_side_and_the_rest_are_told_by_the_table,),
    "who-moved": (sites.test_the_matrix_and_its_table_hold_the_same_counts_highest_level_on_top,),
    "who-rated": (
        twins.test_the_coverage_table_has_every_cell,
        sites.test_the_coverage_of_very_many_is_told_in_counts,
    ),
}
HELPERS = re.compile(r"\b(\w+)\(")
READS_THE_DRAWING = re.compile(r"\b(rows|spec_of)\(")
READS_THE_TABLE = re.compile(r"\.table\b")


def whole_source(test: Callable[..., Any]) -> str:
    """The test's source with that of the helpers in its file that it calls."""
    source = inspect.getsource(test)
    there = vars(inspect.getmodule(test))
    called = [there.get(name) for name in HELPERS.findall(source)]
    own = [f for f in called if inspect.isfunction(f) and f.__module__ == test.__module__]
    return source + "".join(inspect.getsource(f) for f in own)


def test_every_figure_is_listed() -> None:
    assert set(TWINS) == set(pictures._FIGURES)


@pytest.mark.parametrize("name", TWINS)
def test_its_twin_test_reads_the_drawing_and_the_table(name: str) -> None:
    for test in TWINS[name]:
        source = whole_source(test)
        assert READS_THE_DRAWING.search(source), test.__name__
        assert READS_THE_TABLE.search(source), test.__name__
        assert "assert " in source


def test_a_test_that_never_looks_at_the_drawing_would_be_found() -> None:
    assert not READS_THE_DRAWING.search(
        whole_source(agreement.test_the_finding_of_the_first_votes_counts_the_rows_of_its_table)
    )
