"""The one level palette: sequential, told apart by lightness, with figures that can be read on it."""

from itertools import pairwise

LEVEL_ANCHORS = ("#d0d7e2", "#8fb8de", "#3f7fc1", "#143d73")
"""Level 1 to 4. Smallest CIELAB distance of two steps: 22 in normal vision, 19 under protanopia."""
AMOUNT_DEEP, AMOUNT_PALE = "#1f5f5b", "#a9d5cf"
"""Of how many there are, which is no level. On a dark page the pale one is the more."""
WHITE, BLACK = "#ffffff", "#000000"


def level_colours(levels: int) -> tuple[str, ...]:
    """One colour a level, level 1 (lightest) first; steps other than four lie evenly along the four anchors.

    ValueError for fewer than two levels.
    """
    if levels < 2:
        raise ValueError(f"a rubric has at least two levels, not {levels}")
    span = len(LEVEL_ANCHORS) - 1
    return tuple(_along(step * span / (levels - 1)) for step in range(levels))


def text_on(fill: str) -> str:
    """Black or white, whichever contrasts more with the fill: at least 4.5 to 1 on every colour there is."""
    return max((BLACK, WHITE), key=lambda ink: contrast(ink, fill))


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours, from 1 to 21 (WCAG 2.2, relative luminance)."""
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def mixed(one: str, other: str, part: float) -> str:
    """The colour that lies ``part`` of the way (0 to 1) from one to the other."""
    channels = (round(a + (b - a) * part) for a, b in zip(_rgb(one), _rgb(other), strict=True))
    return "#" + "".join(f"{channel:02x}" for channel in channels)


def _along(place: float) -> str:
    """The colour at a place along the anchors, 0 for the first."""
    left, right = list(pairwise(LEVEL_ANCHORS))[min(int(place), len(LEVEL_ANCHORS) - 2)]
    return mixed(left, right, place - min(int(place), len(LEVEL_ANCHORS) - 2))


def _rgb(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(channel / 255) for channel in _rgb(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else float(((channel + 0.055) / 1.055) ** 2.4)
