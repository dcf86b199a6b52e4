"""Colour vision by Machado, Oliveira & Fernandes (2009), severity 1; distances in CIELAB (D65, CIE 1976)."""

from dataclasses import asdict
from itertools import combinations, pairwise

import numpy as np
import pytest

from progressions.charts.colours import BLACK, contrast, level_colours, text_on
from progressions.charts.coverage import STATE_WORDS
from progressions.charts.peer_bands import SHARE_COLOUR
from progressions.charts.theme import Mode, inks
from progressions.measures.kinds import Coverage
from progressions.web import chrome
from tests.charts.drawings import ALL

VISION = {
    "normal": np.eye(3),
    "protanopia": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deuteranopia": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "tritanopia": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
}
TO_XYZ = [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
FAR_ENOUGH = 15
FAR_ENOUGH_IN_GREY = 10
"""Less, because in grey only lightness is left, and each level's number is printed on it."""


def lab(colour, vision="normal"):
    channels = np.array([int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)])
    linear = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
    seen = np.clip(np.array(VISION[vision]) @ linear, 0, 1)
    x, y, z = (np.array(TO_XYZ) @ seen) / np.array([0.95047, 1.0, 1.08883])
    fx, fy, fz = (np.cbrt(v) if v > 216 / 24389 else (24389 / 27 * v + 16) / 116 for v in (x, y, z))
    return np.array([116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)])


@pytest.mark.parametrize("vision", list(VISION))
def test_any_two_of_four_levels_are_told_apart_in(vision):
    seen = [lab(colour, vision) for colour in level_colours(4)]
    assert min(np.linalg.norm(a - b) for a, b in combinations(seen, 2)) >= FAR_ENOUGH


@pytest.mark.parametrize(("vision", "smallest"), [("normal", 22), ("deuteranopia", 23), ("protanopia", 19)])
def test_the_smallest_distance_of_two_of_four_levels_is_the_one_that_is_told(vision, smallest):
    assert round(smallest_distance(4, vision)) == smallest


@pytest.mark.parametrize(("levels", "least"), [(2, 50), (3, 30), (4, 19), (5, 14), (6, 12)])
@pytest.mark.parametrize("vision", list(VISION))
def test_any_two_of_two_to_six_levels_are_told_apart_in(vision, levels, least):
    assert smallest_distance(levels, vision) >= least


@pytest.mark.parametrize(("levels", "least"), [(2, 50), (3, 20), (4, 12), (5, 9), (6, 7)])
def test_grey_print_keeps_the_order_of_two_to_six_levels(levels, least):
    lightness = [lab(colour)[0] for colour in level_colours(levels)]
    assert all(lower - upper >= least for lower, upper in pairwise(lightness))


def test_red_amber_and_green_would_be_found_to_be_alike():
    seen = [lab(colour, "deuteranopia") for colour in ("#d73027", "#fdae61", "#a6d96a", "#1a9850")]
    smallest = min(np.linalg.norm(a - b) for a, b in combinations(seen, 2))
    assert smallest < FAR_ENOUGH
    assert round(smallest) == 6


@pytest.mark.parametrize("vision", list(VISION))
def test_a_share_of_peers_is_taken_for_no_level_beside_which_it_stands(vision):
    levels = [lab(colour, vision) for count in (4, 5, 6) for colour in level_colours(count)]
    assert min(np.linalg.norm(level - lab(SHARE_COLOUR, vision)) for level in levels) >= 2 * FAR_ENOUGH
    assert min(contrast(SHARE_COLOUR, inks(mode).paper) for mode in Mode) >= 3


def smallest_distance(levels, vision):
    seen = [lab(colour, vision) for colour in level_colours(levels)]
    return min(np.linalg.norm(a - b) for a, b in combinations(seen, 2))


def test_neighbouring_levels_differ_in_grey_print():
    lightness = [lab(colour)[0] for colour in level_colours(4)]
    assert all(lower - upper >= FAR_ENOUGH_IN_GREY for lower, upper in pairwise(lightness))


def test_the_four_levels_have_the_colours_that_were_measured():
    assert level_colours(4) == ("#d0d7e2", "#8fb8de", "#3f7fc1", "#143d73")


@pytest.mark.parametrize("levels", range(2, 7))
def test_a_higher_level_is_always_darker(levels):
    lightness = [lab(colour)[0] for colour in level_colours(levels)]
    assert len(set(level_colours(levels))) == levels
    assert all(upper < lower - 5 for lower, upper in pairwise(lightness))


def test_a_rubric_of_one_level_has_no_palette():
    with pytest.raises(ValueError, match="two levels"):
        level_colours(1)


@pytest.mark.parametrize(
    "fill", [*sorted({c for n in range(2, 7) for c in level_colours(n)}), "#1f5f5b", "#a9d5cf", "#777777"]
)
def test_figures_can_be_read_on_every_fill(fill):
    assert contrast(text_on(fill), fill) >= 4.5


@pytest.mark.parametrize("mode", list(Mode))
def test_words_and_outlines_stand_out_from_the_page(mode):
    ink = inks(mode)
    assert contrast(ink.text, ink.paper) >= 7
    assert contrast(ink.quiet, ink.paper) >= 4.5
    assert contrast(ink.outline, ink.paper) >= 3


@pytest.mark.parametrize("mode", list(Mode))
def test_the_level_nearest_to_the_page_is_seen_by_its_outline(mode):
    ink = inks(mode)
    for colour in level_colours(4):
        assert max(contrast(colour, ink.paper), contrast(ink.outline, ink.paper)) >= 3


def test_contrast_is_that_of_the_published_formula():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)


def test_paper_turns_the_inks_of_a_dark_screen_into_those_of_print():
    style = chrome.STYLE.read_text(encoding="utf-8")
    dark, printed = (asdict(inks(mode)) for mode in (Mode.DARK, Mode.PRINT))
    for name in set(dark) - {"accent", "full", "some"}:  # these fill marks with numbers on them, and are seen on either
        drawn = "stroke" if name in ("grid", "outline") else "fill"
        assert f'[{drawn}="{dark[name]}"] {{ {drawn}: {printed[name]}; }}' in style
    assert contrast(dark["accent"], BLACK) > 4.5


def rows_of(name: str, mode: Mode) -> list[dict[str, object]]:
    return next(iter(ALL[name](mode).specification()["datasets"].values()))


@pytest.mark.parametrize("mode", list(Mode))
def test_of_who_moved_the_more_there_are_in_a_cell_the_further_it_is_from_the_page(mode):
    page = lab(inks(mode).paper)[0]
    by_count = {row["count"]: lab(row["fill"])[0] for row in rows_of("who moved", mode) if row["fill"]}
    apart = [abs(by_count[count] - page) for count in sorted(by_count)]
    assert len(apart) > 2
    assert all(fewer < more for fewer, more in pairwise(apart))
    assert all(contrast(row["ink"], row["fill"]) >= 4.5 for row in rows_of("who moved", mode) if row["fill"])


@pytest.mark.parametrize("mode", list(Mode))
@pytest.mark.parametrize("name", ["coverage", "coverage in counts"])
def test_all_domains_rated_is_further_from_the_page_than_some(name, mode):
    fill = ALL[name](mode).specification()["layer"][0]["encoding"]["fill"]["scale"]
    fills = dict(zip(fill["domain"], fill["range"], strict=True))
    every, some = (lab(fills[STATE_WORDS[state]])[0] for state in (Coverage.DONE, Coverage.STARTED))
    page = lab(inks(mode).paper)[0]
    assert abs(every - page) > abs(some - page) + FAR_ENOUGH_IN_GREY
