"""What every chart comes with: title, finding, alternative text, n, and a table with the same numbers."""

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt
import pandas as pd
from altair import LayerChart
from altair.utils import schemapi

from progressions.charts.labels import cut
from progressions.charts.layers import layered
from progressions.charts.shared_labels import shared
from progressions.charts.theme import ON_PHONE, PLOT, ROOM, TEXT_SIZE, TITLE_SIZE, TITLES_BESIDE, Mode, config
from progressions.charts.tips import naming_only_what_is_there

# Altair holds every part of a chart against its schema while it is put together, and the whole again at its end: that
# takes longer than all the rest. The tests of the charts hold every finished specification against it.
schemapi.disable_debug_mode()

PROJECTOR = 1280
"""Pixels of room where nothing says how many there are."""
_EDGES = 10
"""Pixels that are left free at the left and the right of a chart."""
CHARACTER_WIDTH = 0.54
"""Width of a usual letter as a part of the font size, for breaking lines before anything is drawn."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A finished chart.

    ``chart`` is as wide as its container and carries no title: the page prints ``title`` and ``finding``
    above it as text, which wraps on a phone and is read aloud. Exports print them into the picture. ``table``
    is the table twin with column names for people; ``n`` says how many, and of whom.
    """

    title: str
    finding: str
    alt: str
    n: str
    chart: LayerChart
    table: pd.DataFrame

    def specification(self) -> dict[str, Any]:
        """For Vega-Lite, as wide as its container; the rows stand under ``datasets``, each list of them once, and so
        do the titles that all layers share, under ``params``. Tooltips name only what is there.
        """
        return shared(naming_only_what_is_there(self.chart.to_dict(validate=False)))

    def sized(self, width: int) -> dict[str, Any]:
        """The same at a width in pixels, with title, finding and n on it."""
        spec = self.specification()
        spec["width"] = width
        spec["params"] = [_room(width) if each["name"] == ROOM else each for each in spec["params"]]
        spec["title"] = {
            "text": _lines(self.title, width, TITLE_SIZE),
            "subtitle": _lines(self.finding, width, TEXT_SIZE + 1) + _lines(self.n, width, TEXT_SIZE + 1),
        }
        return spec


@dataclass(frozen=True, slots=True)
class Words:
    """The sentences of a figure: what is shown, what was found, how many."""

    title: str
    finding: str
    n: str


def finished(
    layers: Sequence[alt.Chart],
    words: Words,
    table: pd.DataFrame,
    height: int,
    mode: Mode,
    on_phone: int = 0,
    *,
    has_rows: bool = False,
) -> Figure:
    """A figure from its bare layers: size, look and alternative text are the same for all of them.

    ``height`` in pixels, ``on_phone`` where that is another one, because there titles stand over their rows;
    ``has_rows`` where they stand beside them on a phone too.
    """
    told = f"{words.title}. {words.finding}. {words.n}."
    tall: list[dict[str, Any]] = [{"name": "height", "expr": f"{ON_PHONE} ? {on_phone} : {height}"}] if on_phone else []
    titles = f"({ON_PHONE} ? 0 : {TITLES_BESIDE})" if on_phone else f"{TITLES_BESIDE if has_rows else 0}"
    plot: dict[str, Any] = {"name": PLOT, "expr": f"{ROOM} - {_EDGES} - {titles}"}
    chart = layered(
        layers,
        params=[alt.VariableParameter(**each) for each in (_ROOM, plot, *tall)],
        width="container",
        height=height,
        description=told,
        autosize=alt.AutoSizeParams(type="fit-x", contains="padding", resize=True),
        config=alt.Config(**config(mode)),
    )
    return Figure(words.title, words.finding, told, words.n, chart, table)


_ROOM: dict[str, Any] = {"name": ROOM, "expr": f"width > 0 ? containerSize()[0] || {PROJECTOR} : {PROJECTOR}"}
"""Looked up anew whenever the width changes, as when a phone is turned; where nothing contains the chart, as a picture
has it, ``sized`` says it."""


def _room(width: int) -> dict[str, Any]:
    return {"name": ROOM, "value": width}


def _lines(text: str, width: int, size: int) -> list[str]:
    return textwrap.wrap(cut(text), max(20, int(width / (size * CHARACTER_WIDTH)))) if text else []
