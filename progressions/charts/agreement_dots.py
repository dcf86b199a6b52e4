"""Cells that hold people: the number, and beside it a dot for each as long as anybody counts dots."""

from collections.abc import Mapping
from typing import Any

import altair as alt

from progressions.charts.theme import TEXT_SIZE, Inks
from progressions.measures.columns import COUNT

MOST_DOTS = 12
"""In one cell; of more nobody counts dots: the number says it."""
KIND = "kind"
"""str: ``CELL`` or ``DOT``, or what else a figure draws."""
CELL, DOT = "cell", "dot"
PLACE = "place"
"""int: a dot's place among those of its cell, from 0."""
LIT = "lit"
"""bool: the cell is filled, so that its dots and number take the colour in ``INK``."""
INK = "ink"
_EDGE, _EDGE_NARROW = 7, 4
_FIGURES, _FIGURES_NARROW = 18, 13
"""Pixels: the edge of a cell, and the room for the number."""
_FIGURE = 8
"""Pixels of one figure more."""
_PITCH, _PITCH_NARROW = 12, 8
"""Pixels from dot to dot."""
_NARROW = 90
"""Pixels of a cell below which everything in it is smaller."""
_MOST_ACROSS = 6
_FILLED = 0.84
"""The part of a row that is its cells."""


def with_dots(cell: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The rows of a cell: its own, and one for each of its dots, of which there are none where there are too many."""
    dots = cell[COUNT] if cell[COUNT] <= MOST_DOTS else 0
    return [{**cell, KIND: CELL, PLACE: 0}, *({**cell, KIND: DOT, PLACE: place} for place in range(dots))]


def dots_in(base: alt.Chart, columns: int, row: int, ink: Inks, shape: alt.Shape) -> list[alt.Chart]:
    """Number and dots of the cells of a chart with ``columns`` equal columns, from the left edge of each.

    ``row`` is the pixels of a row. Where a cell has no room for all of its dots, its number says it alone.
    """
    told, dots = (base.transform_filter(f"datum.{KIND} == '{kind}' && datum.{COUNT} > 0") for kind in (CELL, DOT))
    room = f"(width / {columns} * 0.96)"
    is_narrow = f"({room} < {_NARROW})"
    pitch = f"({is_narrow} ? {_PITCH_NARROW} : {_PITCH})"
    figures = f"(({is_narrow} ? {_FIGURES_NARROW} : {_FIGURES}) + (datum.{COUNT} > 9 ? {_FIGURE} : 0))"
    edge = f"({is_narrow} ? {_EDGE_NARROW} : {_EDGE})"
    across = f"max(1, min({_MOST_ACROSS}, floor(({room} - {edge} - {figures}) / {pitch})))"
    lines = f"ceil(datum.{COUNT} / {across})"
    is_full = f"{lines} * {pitch} > {row * _FILLED}"
    lit = {"test": f"datum.{LIT}", "field": INK, "type": "nominal", "scale": None}
    colour = alt.ColorValue(ink.text, condition=lit)
    number = told.mark_text(
        fontSize=TEXT_SIZE, fontWeight=600, align="left", xOffset=alt.ExprRef(f"{edge} - {room} / 2")
    )
    points = dots.mark_point(
        filled=True,
        opacity=1,
        size=alt.ExprRef(f"{is_full} ? 0 : pow({pitch} - 2.5, 2)"),
        xOffset=alt.ExprRef(f"{edge} + {figures} - {room} / 2 + (datum.{PLACE} % {across} + 0.5) * {pitch}"),
        yOffset=alt.ExprRef(f"(floor(datum.{PLACE} / {across}) - ({lines} - 1) / 2) * {pitch}"),
    )
    return [points.encode(color=colour, shape=shape), number.encode(text=alt.Text(f"{COUNT}:Q"), color=colour)]
