"""The one look of every chart, light, dark and in print. Nothing is left to the defaults of what shows it."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from progressions.charts.colours import AMOUNT_DEEP, AMOUNT_PALE, level_colours

FONT = '"Source Sans", "Source Sans Pro", "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif'
TEXT_SIZE = 14
"""Pixels: the smallest text that is read on a projector from two metres at 1280 × 720."""
LINE_HEIGHT = TEXT_SIZE + 2
CELL_TEXT_SIZE = 16
TITLE_SIZE = 20
ROW_HEIGHT = 48
"""Pixels for one row with a title of up to three lines of ``TEXT_SIZE``."""
TITLE_OVER = LINE_HEIGHT + 3
"""Pixels that a row is taller on a phone, where its title stands over it and not beside it."""
ROOM = "room"
"""The parameter of a chart that says how many pixels there are from edge to edge. Not ``width``: that is what the
titles of the rows leave, and what hangs on it may not in turn decide where they stand."""
PLOT = "plot"
"""The parameter that says about how many pixels of the room the titles of the rows leave. What makes a chart taller or
lower hangs on it: when a phone is turned the page has a chart laid out once, at a ``width`` that has no titles yet."""
TITLES_BESIDE = 180
"""Pixels that the titles of rows usually take beside them, with what is left free."""
PHONE = 480
"""Pixels of room below which the titles of rows stand over them: beside them they would take half of it."""
ON_PHONE = f"({ROOM} < {PHONE})"
NOT_RATED = "not rated"
CUT_TOLD = "; a bar at the left of a cell: new wording"
"""To follow what is shown, where a cell has such a bar."""


class Mode(StrEnum):
    """Where a chart is seen."""

    LIGHT = "light"
    DARK = "dark"
    PRINT = "print"


@dataclass(frozen=True, slots=True)
class Inks:
    """The colours that are not levels. ``paper`` is what a chart lies on, and fills hollow marks.

    ``full`` is all there are and ``some`` a part of them: the more, the further from the paper.
    """

    paper: str
    text: str
    quiet: str
    grid: str
    outline: str
    accent: str
    full: str = AMOUNT_DEEP
    some: str = AMOUNT_PALE


_INKS = {
    Mode.LIGHT: Inks("#ffffff", "#1b2430", "#4a5568", "#e3e8ef", "#5b6b80", "#143d73"),
    Mode.DARK: Inks("#0e1621", "#f0f4f9", "#b6c2d1", "#2c3a4c", "#a9b8cb", "#8fb8de", AMOUNT_PALE, AMOUNT_DEEP),
    Mode.PRINT: Inks("#ffffff", "#000000", "#333333", "#d9d9d9", "#444444", "#143d73"),
}


def inks(mode: Mode) -> Inks:
    """The colours of a mode."""
    return _INKS[mode]


def colours_of(levels: int) -> list[str]:
    """The level palette as Altair takes it, level 1 first: the same in every mode.

    Marks filled with it carry an outline, because the darkest step nearly vanishes on a dark page.
    """
    return list(level_colours(levels))


def config(mode: Mode) -> dict[str, Any]:
    """The whole Vega-Lite configuration. On screens the background is the page's own."""
    ink = inks(mode)
    return {
        "background": ink.paper if mode is Mode.PRINT else "transparent",
        "font": FONT,
        "padding": {"left": 2, "right": 8, "top": 6, "bottom": 6},
        "view": {"stroke": None},
        "axis": _axis(ink),
        "legend": _legend(ink),
        "title": _title(ink),
        "text": {"color": ink.text, "fontSize": CELL_TEXT_SIZE},
    }


def _axis(ink: Inks) -> dict[str, Any]:
    return {
        "aria": False,  # would be read as codes of domains and days; marks are read in words (``tips``)
        "labelColor": ink.text,
        "labelFontSize": TEXT_SIZE,
        "labelLimit": 0,
        "labelPadding": 8,
        "labelLineHeight": LINE_HEIGHT,
        "titleColor": ink.quiet,
        "titleFontSize": TEXT_SIZE,
        "titleFontWeight": "normal",
        "domain": False,
        "ticks": False,
        "grid": False,
        "gridColor": ink.grid,
    }


def _legend(ink: Inks) -> dict[str, Any]:
    return {
        "aria": False,
        "orient": "bottom",
        "direction": "horizontal",  # by lines, as one reads
        "layout": {"expr": "{bottom: {direction: 'vertical'}}"},  # several legends under each other
        "columnPadding": 24,
        "labelColor": ink.text,
        "labelFontSize": TEXT_SIZE,
        "labelLimit": 0,
        "titleColor": ink.quiet,
        "titleFontSize": TEXT_SIZE,
        "titleFontWeight": "normal",
        "symbolType": "square",
        "symbolSize": 240,
        "symbolStrokeColor": ink.outline,
        "symbolStrokeWidth": 1,
        "rowPadding": 4,
        "offset": 12,
    }


def _title(ink: Inks) -> dict[str, Any]:
    return {
        "color": ink.text,
        "fontSize": TITLE_SIZE,
        "fontWeight": 600,
        "anchor": "start",
        "frame": "bounds",
        "offset": 14,
        "subtitleColor": ink.quiet,
        "subtitleFontSize": TEXT_SIZE + 1,
        "subtitlePadding": 6,
        "lineHeight": TITLE_SIZE + 5,
        "subtitleLineHeight": TEXT_SIZE + 6,
    }
