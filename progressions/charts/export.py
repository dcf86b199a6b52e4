"""Figures as pictures, with their title, finding and n on them, and a footer that says whose data it is."""

import re
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from xml.sax.saxutils import escape

from progressions.charts.figure import CHARACTER_WIDTH, Figure
from progressions.charts.labels import cut
from progressions.charts.theme import FONT, TEXT_SIZE, Mode, inks

EXAMPLE = "Invented example"
_UNBROKEN = EXAMPLE.replace(" ", "\N{NO-BREAK SPACE}")
_SIZE = re.compile(r'(<svg[^>]*?) width="([\d.]+)" height="([\d.]+)" viewBox="0 0 ([\d.]+) ([\d.]+)"')
_NO_XML = re.compile("[^\\t\\n\\r\\x20-\\ud7ff\\ue000-\\ufffd\\U00010000-\\U0010ffff]")
_ESCAPED = re.compile(r"(?<!\\)((?:\\\\)*)\\(?:u00(?:0[0-8bcef]|1[0-9a-f])|uff(?:fe|ff)|b|f)")
_EXPRESSIONS = ("labelExpr", "test", "expr", "calculate", "filter")
"""Parts of a specification that hold texts as JSON escapes them."""
_FOOTER_HEIGHT = 2 * TEXT_SIZE
_FOOTER_LINE = TEXT_SIZE + 4
_PAPER = inks(Mode.PRINT)
"""What a picture with a footer lies on, all of it: on a dark slide a footer on nothing cannot be read."""
_UNDER = "</desc>"
"""After this, and before everything else, stands what a picture lies on."""
_LONGEST_ALT = 4_000
"""Characters of alternative text in a file: a title of a file may be endless, and this is read aloud."""


@dataclass(frozen=True, slots=True)
class Footer:
    """What a picture must still say when it is passed on alone."""

    network: str
    day: date
    population: str = ""
    is_example: bool = False
    at: str = ""
    """The convenings."""

    @property
    def text(self) -> str:
        """For example "iLEAD · all who rated · Fall 2026 · downloaded 14 Oct 2026 · Invented example"."""
        shown = "downloaded " + f"{self.day:%d %b %Y}".lstrip("0")
        parts = [self.network, self.population, self.at, shown, EXAMPLE if self.is_example else ""]
        return " · ".join(cut(part) for part in parts if part)


def svg(figure: Figure, width: int = 1200, footer: Footer | None = None) -> str:
    """The figure as SVG text, ``width`` pixels wide. Draw the figure in the print mode for paper."""
    import vl_convert  # here, because it starts a JavaScript engine that a page without exports never needs

    drawn: str = vl_convert.vegalite_to_svg(_drawable(figure.sized(width)))
    told = _told_aloud(drawn, figure)
    return told if footer is None else _with_footer(told, _footer_lines(footer, width))


def _told_aloud(drawn: str, figure: Figure) -> str:
    """The picture as one image with a name and its alternative text, which it keeps wherever it is passed on to."""
    head, end, rest = drawn.partition(">")
    name, told = cut(figure.title), figure.alt[:_LONGEST_ALT]
    title, description = (escape(_NO_XML.sub("\N{REPLACEMENT CHARACTER}", text)) for text in (name, told))
    return f'{head} role="img"{end}<title>{title}</title><desc>{description}</desc>{rest}'


def _footer_lines(footer: Footer, width: int) -> list[str]:
    """In lines that fit the picture: the last of them says that an example is invented."""
    told = _NO_XML.sub("\N{REPLACEMENT CHARACTER}", footer.text).replace(EXAMPLE, _UNBROKEN)
    lines = textwrap.wrap(told, max(20, int(width / (TEXT_SIZE * CHARACTER_WIDTH)))) or [""]
    return [line.replace(_UNBROKEN, EXAMPLE) for line in lines]


def _drawable(part: Any) -> Any:
    """A part of a specification without characters that no SVG can hold: one of them ends the whole process.

    Endless texts are cut: drawing one of 64,000 characters takes half a minute, and everybody else's waits behind it.
    """
    if isinstance(part, str):
        return _NO_XML.sub("\N{REPLACEMENT CHARACTER}", cut(part))
    if isinstance(part, dict):
        return {
            _drawable(name): _unescaped(value) if name in _EXPRESSIONS and isinstance(value, str) else _drawable(value)
            for name, value in part.items()
        }
    return [_drawable(each) for each in part] if isinstance(part, list) else part


def _unescaped(expression: str) -> str:
    told = _ESCAPED.sub(r"\1" + "\N{REPLACEMENT CHARACTER}", expression)
    return _NO_XML.sub("\N{REPLACEMENT CHARACTER}", told)


def png(figure: Figure, width: int = 1200, footer: Footer | None = None, scale: float = 2.0) -> bytes:
    """The figure as PNG bytes, ``width`` × ``scale`` pixels wide."""
    import vl_convert  # here, because it starts a JavaScript engine that a page without exports never needs

    picture: bytes = vl_convert.svg_to_png(svg(figure, width, footer), scale=scale)
    return picture


def _with_footer(drawn: str, lines: Sequence[str]) -> str:
    """The picture made taller by lines at its foot; ValueError where it is not what vl-convert draws."""
    found = _SIZE.search(drawn)
    if found is None:
        raise ValueError("a picture without width, height and viewBox has no place for a footer")
    head, width, height = found[1], found[2], float(found[3])
    taller = height + _FOOTER_HEIGHT + (len(lines) - 1) * _FOOTER_LINE
    size = f'{head} width="{width}" height="{taller:g}" viewBox="0 0 {width} {taller:g}"'
    first = taller - TEXT_SIZE / 2 - (len(lines) - 1) * _FOOTER_LINE
    foot = "".join(_foot(line, first + below * _FOOTER_LINE) for below, line in enumerate(lines))
    paper = f'<rect width="{width}" height="{taller:g}" fill="{_PAPER.paper}"/>'
    picture = drawn.replace(found[0], size, 1).replace(_UNDER, f"{_UNDER}{paper}", 1)
    return picture.removesuffix("</svg>") + foot + "</svg>"


def _foot(text: str, bottom: float) -> str:
    return (
        f'<text x="4" y="{bottom:g}" font-family="{escape(FONT, {chr(34): "&apos;"})}" '
        f'font-size="{TEXT_SIZE}px" fill="{_PAPER.quiet}">{escape(text)}</text>'
    )
