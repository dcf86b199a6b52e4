"""Where the texts and marks of a drawn figure lie, in pixels of its picture."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from progressions.charts.export import svg
from progressions.charts.figure import Figure

_SVG = "{http://www.w3.org/2000/svg}"
_MOVED = re.compile(r"translate\(([-\d.e]+)[ ,]+([-\d.e]+)\)")
_TURNED = re.compile(r"rotate\((-?\d+)[^)]*\)(?: *translate\([-\d.e]+[ ,]+([-\d.e]+)\))?")
"""A turned text has the distance of its baseline in its own direction."""
_WIDTHS = {0.28: " ·.,;:'|ijlftI/\\!", 0.33: "r-()“”", 0.72: "ABCDEFGHKNOPQRSTUVXYZ&w", 0.834: "½", 0.86: "mMW%…"}
_LETTER = 0.556
"""Widths of letters as parts of the font size: of the fonts of pictures, which are wider than the screen's."""
_TALL, _DEEP = 0.68, 0.2
"""How far a line of letters reaches over and under its baseline, as parts of the font size."""


@dataclass(frozen=True, slots=True)
class Box:
    """What a text or a mark covers. ``what`` is the text, or the label that is read aloud."""

    what: str
    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: "Box") -> bool:
        """Whether the two share more than a pixel both ways."""
        across = min(self.right, other.right) - max(self.left, other.left)
        return across > 1 and min(self.bottom, other.bottom) - max(self.top, other.top) > 1


def texts(figure: Figure, width: int) -> list[Box]:
    """Each line of text that is seen in the figure as a picture of that width, halos once."""
    found = [box for element, x, y in _walked(_root(figure, width), 0, 0) for box in _lines(element, x, y)]
    return list(dict.fromkeys(found))


def marks(figure: Figure, width: int, kind: str) -> list[Box]:
    """The ends of the filled or outlined shapes of one kind ("rect mark", "point", …) that are seen."""
    return [
        Box(element.get("aria-label", ""), *_ends(element, x, y))
        for element, x, y in _walked(_root(figure, width), 0, 0)
        if element.get("aria-roledescription") == kind and element.tag == f"{_SVG}path" and element.get("d")
    ]


def over_each_other(boxes: list[Box]) -> list[tuple[str, str]]:
    """The pairs of texts that cover one another."""
    return [(one.what, other.what) for one, other in combinations(boxes, 2) if one.meets(other)]


def _root(figure: Figure, width: int) -> Element:
    return ElementTree.fromstring(svg(figure, width))


def _walked(element: Element, x: float, y: float) -> Iterator[tuple[Element, float, float]]:
    """Every element with the place of its own origin."""
    moved = _MOVED.search(element.get("transform", ""))
    if moved:
        x, y = x + float(moved[1]), y + float(moved[2])
    yield element, x, y
    for child in element:
        yield from _walked(child, x, y)


def _lines(element: Element, x: float, y: float) -> Iterator[Box]:
    if element.tag != f"{_SVG}text" or element.get("opacity") == "0":
        return
    size = float(element.get("font-size", "14px").removesuffix("px"))
    turned = _TURNED.search(element.get("transform", ""))
    spans = list(element) or [element]
    down = float(turned[2] or 0) if turned else 0.0
    for span in spans:
        down += float(span.get("dy", 0)) if span is not element else 0
        line = "".join(span.itertext()).strip("\u200b \n")
        if line:
            yield _box(line, size, element.get("text-anchor", "start"), x, y, down, int(turned[1]) if turned else 0)


def _box(line: str, size: float, anchor: str, x: float, y: float, down: float, turned: int) -> Box:
    long = sum(next((wide for wide, some in _WIDTHS.items() if each in some), _LETTER) for each in line) * size
    start = {"start": 0.0, "middle": -long / 2, "end": -long}[anchor]
    ends = (start, down - _TALL * size, start + long, down + _DEEP * size)
    if turned in (-90, 270):
        return Box(line, x + ends[1], y - ends[2], x + ends[3], y - ends[0])
    return Box(line, x + ends[0], y + ends[1], x + ends[2], y + ends[3])


def _ends(element: Element, x: float, y: float) -> tuple[float, float, float, float]:
    """Of a path of lines and arcs, whose points never lie outside of it but in an arc by a pixel or two."""
    points = list(_points(element.get("d", "")))
    across, along = [x + at for at, _ in points], [y + at for _, at in points]
    return min(across), min(along), max(across), max(along)


_STEP = re.compile(r"([A-DF-Za-df-z])([^A-DF-Za-df-z]*)")
"""A letter and its numbers, which may be as small as 1e-14."""
_NUMBER = re.compile(r"-?\d*\.?\d+(?:e-?\d+)?")


def _points(path: str) -> Iterator[tuple[float, float]]:
    x = y = 0.0
    for step, told in _STEP.findall(path):
        at = [float(number) for number in _NUMBER.findall(told)]
        is_own = step.islower()
        match step.lower():
            case "h":
                x = x * is_own + at[-1]
            case "v":
                y = y * is_own + at[-1]
            case "z":
                continue
            case _:
                x, y = x * is_own + at[-2], y * is_own + at[-1]
        yield x, y
