"""What a figure really draws: every mark of its compiled specification with its place among the titles of the axes.

A specification says which field a mark is bound to; only what comes of it can be compared with a table.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from progressions.charts.figure import Figure
from progressions.charts.theme import Mode, inks
from tests.charts.drawings import spec_of

WIDTH = 1240
_BLANK = "\N{ZERO WIDTH SPACE}"
_NOTHING = {None, "transparent"}
_ALOUD, _ROW, _VALUE = "\x1d", "\x1e", "\x1f"
"""What parts a mark's texts from one another: they occur in none."""
_SHAPES = {"triangle-up": "▲", "triangle-down": "▼", "stroke": "–"}
_SCENES: dict[tuple[int, int], tuple[Figure, "Scene"]] = {}
"""By identity and width, holding the figure too so that no other takes its place."""

Told = tuple[tuple[str, str], ...]
"""A tooltip: its titles with their values."""


@dataclass(frozen=True, slots=True)
class Mark:
    """One mark: ``column`` and ``row`` are the titles that it stands under and beside, ``place`` counts the rows.

    A rule goes from its column ``to`` another.
    """

    kind: str
    text: str
    fill: str
    stroke: str
    shape: str
    told: Told
    column: str
    row: str
    to: str
    place: int
    left: float
    top: float
    right: float
    bottom: float
    aloud: str

    @property
    def middle(self) -> tuple[float, float]:
        return (self.left + self.right) / 2, (self.top + self.bottom) / 2

    def holds(self, other: "Mark") -> bool:
        """Whether the middle of the other lies within this one."""
        x, y = other.middle
        return self.left <= x <= self.right and self.top <= y <= self.bottom


@dataclass(frozen=True, slots=True)
class Cell:
    """All that is drawn at one place: texts, the colours of what is filled, the outline of one's own, tooltips."""

    texts: tuple[str, ...] = ()
    fills: tuple[str, ...] = ()
    told: frozenset[Told] = frozenset()
    is_outlined: bool = False
    begins_anew: bool = False


@dataclass(frozen=True, slots=True)
class Bar:
    """A segment: the number in it, its part of the whole, its tooltips."""

    texts: tuple[str, ...]
    share: float
    told: frozenset[Told]


@dataclass(frozen=True, slots=True)
class Scene:
    """The marks of a figure, the titles of its columns and rows, and what its legends say of colours."""

    marks: tuple[Mark, ...]
    columns: tuple[str, ...]
    rows: tuple[str, ...]
    legend: Mapping[str, str]
    width: float
    height: float

    def only(self, which: Callable[[Mark], bool]) -> "Scene":
        """The same with some of its marks."""
        return replace(self, marks=tuple(filter(which, self.marks)))

    def cells(self, at: Callable[[Mark], Any] | None = None) -> dict[Any, Cell]:
        """By row and column, or another place of a mark."""
        found: dict[Any, list[Mark]] = {}
        for mark in self.marks:
            if mark.kind != "rule" and (mark.kind != "text" or mark.text):
                found.setdefault(at(mark) if at else (mark.row, mark.column), []).append(mark)
        return {place: _cell(marks) for place, marks in found.items()}

    def bars(self, at: Callable[[Mark], Any], *, across: float = 0, of: Sequence[Mark] | None = None) -> dict[Any, Bar]:
        """By ``at`` and what the legend says of the colour; the whole is as wide as ``across``, else the height."""
        bars = [mark for mark in of or self.marks if mark.kind == "rect" and mark.fill in self.legend]
        texts = [mark for mark in self.marks if mark.kind == "text" and mark.text]
        found = {}
        for bar in bars:
            inside = [text for text in texts if bar.holds(text)]
            long = (bar.right - bar.left) / across if across else (bar.bottom - bar.top) / self.height
            tips = frozenset(mark.told for mark in (bar, *inside))
            key = (at(bar), self.legend[bar.fill])
            assert key not in found, "one bar has one segment of a colour"
            found[key] = Bar(tuple(text.text for text in inside), long, tips)
        return found

    def texts_beside(self, bars: Sequence[Mark], at: Callable[[Mark], Any]) -> dict[Any, tuple[str, Told]]:
        """The texts that lie in none of the bars, with their tooltips."""
        alone = [mark for mark in self.marks if mark.kind == "text" and not any(bar.holds(mark) for bar in bars)]
        return {at(mark): (mark.text, mark.told) for mark in alone if mark.text}


def scene_of(figure: Figure, width: int = WIDTH) -> Scene:
    """Drawn once a figure."""
    key = (id(figure), width)
    if key not in _SCENES:
        _SCENES[key] = (figure, _drawn(figure, width))
    return _SCENES[key][1]


def _cell(marks: Sequence[Mark]) -> Cell:
    filled = [mark.fill for mark in marks if mark.kind in ("rect", "symbol") and mark.fill]
    signs = [mark.shape for mark in marks if mark.shape]
    texts = [mark.text for mark in marks if mark.kind == "text"]
    return Cell(
        tuple(sorted(texts + signs)),
        tuple(sorted(filled)),
        frozenset(mark.told for mark in marks if mark.told),
        is_outlined=any(mark.stroke == inks(Mode.LIGHT).text for mark in marks if mark.kind in ("rect", "symbol")),
        begins_anew=any(mark.kind == "tick" for mark in marks),
    )


def _drawn(figure: Figure, width: int) -> Scene:
    import vl_convert  # here, because it starts a JavaScript engine

    compiled = vl_convert.vegalite_to_scenegraph(_with_tooltips(figure, width))
    groups = list(_groups(compiled["scenegraph"]))
    across, down = _titles(groups, ("top", "bottom"), "x"), _titles(groups, ("left",), "y")
    marks = [
        _mark(group["marktype"], item, across, down)
        for _, group in groups
        if group.get("role") == "mark" and group["marktype"] != "group"
        for item in group["items"]
    ]
    frame = next(group for _, group in groups if group.get("role") == "frame")["items"][0]
    halos = {inks(mode).paper for mode in Mode}
    seen = [mark for mark in marks if mark.kind != "text" or mark.stroke not in halos]
    return Scene(
        tuple(seen),
        tuple(across.values()),
        tuple(down.values()),
        _legend(groups),
        frame["width"],
        frame["height"],
    )


def _groups(node: dict[str, Any], orient: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every group of marks with the side of the axis that it is part of."""
    if "marktype" in node:
        yield orient, node
    for item in node.get("items", []):
        yield from _groups(item, item.get("orient", orient) if node.get("role") == "axis" else orient)


def _with_tooltips(figure: Figure, width: int) -> dict[str, Any]:
    """The specification with the rows of each mark's tooltip after what is read aloud of it: scenes have none."""
    spec = figure.sized(width)
    pairs = zip(spec["layer"], spec_of(figure)["layer"], strict=True)
    return {**spec, "layer": [_saying(layer, asked["encoding"].get("tooltip")) for layer, asked in pairs]}


def _saying(layer: dict[str, Any], asked: Any) -> dict[str, Any]:
    if not isinstance(asked, list):
        return layer
    tooltip, aloud = (layer["encoding"][channel]["value"]["expr"] for channel in ("tooltip", "description"))
    at = [(json.dumps(each["title"]), f"({tooltip})[{json.dumps(each['title'])}]") for each in asked]
    rows = [
        f"(isDefined({value}) ? {json.dumps(_ROW)} + {head} + {json.dumps(_VALUE)} + {value} : '')"
        for head, value in at
    ]
    text = " + ".join([aloud, json.dumps(_ALOUD), *rows])
    return {**layer, "encoding": {**layer["encoding"], "description": {"value": {"expr": text}}}}


def _words(text: Any) -> str:
    """A text in one line; of a title over several lines as it was before it was broken."""
    lines = text if isinstance(text, list) else [text]
    told = " ".join(str(line) for line in lines if line not in (_BLANK, "", None))
    return told.replace("\N{NO-BREAK SPACE}", " ")


def _titles(groups: Sequence[tuple[str, dict[str, Any]]], sides: Sequence[str], along: str) -> dict[float, str]:
    """The titles of an axis by their places; there may be several layers that share it."""
    labels = [group for orient, group in groups if group.get("role") == "axis-label" and orient in sides]
    return {item[along]: _words(item["text"]) for group in labels for item in group["items"]}


def _mark(
    marktype: str,
    item: dict[str, Any],
    across: Mapping[float, str],
    down: Mapping[float, str],
) -> Mark:
    left, top = item.get("x", 0), item.get("y", 0)
    right, bottom = left + (item.get("width") or 0), top + (item.get("height") or 0)
    column, row = _nearest((left + right) / 2, right - left, across), _nearest((top + bottom) / 2, bottom - top, down)
    aloud, _, told = item.get("description", "").partition(_ALOUD)
    lined = item["text"] if isinstance(item.get("text"), str) else _words(item.get("text", ""))
    return Mark(
        "tick" if item.get("ariaRoleDescription") == "tick" else marktype,
        lined,
        "" if item.get("fill") in _NOTHING else item["fill"],
        "" if item.get("stroke") in _NOTHING else item["stroke"],
        _SHAPES.get(item.get("shape", ""), ""),
        _rows_of(told),
        across.get(column, ""),
        down.get(row, ""),
        across.get(_nearest(item["x2"], 0, across), "") if "x2" in item else "",
        sorted(down).index(row) if row in down else -1,
        left,
        top,
        right,
        bottom,
        aloud,
    )


def _nearest(middle: float, long: float, places: Mapping[float, str]) -> float:
    """The place of the title that is nearest, or none for what reaches over several of them."""
    apart = min((after - before for before, after in pairwise(sorted(places))), default=float("inf"))
    if not places or long > 1.5 * apart:
        return float("nan")
    return min(places, key=lambda place: abs(place - middle))


def _rows_of(told: str) -> Told:
    pairs = (row.split(_VALUE) for row in told.split(_ROW)[1:])
    return tuple((head, " ".join(value.split())) for head, value in pairs)


def _legend(groups: Sequence[tuple[str, dict[str, Any]]]) -> dict[str, str]:
    """What the legends say of each colour; an entry is a symbol and the label after it."""
    entries = [group for _, group in groups if group.get("role") in ("legend-symbol", "legend-label")]
    found = {}
    for symbols, labels in pairwise(entries):
        if (symbols["role"], labels["role"]) == ("legend-symbol", "legend-label"):
            for symbol, label in zip(symbols["items"], labels["items"], strict=True):
                if label.get("text"):
                    fill = symbol.get("fill")
                    found.setdefault("" if fill in _NOTHING else fill, _words(label["text"]))
    return found
